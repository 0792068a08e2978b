// Any octets as a power plan: answered or refused, never a crash.
#include <cstddef>
#include <cstdint>
#include <string>

#include "lightlane/base/error.hpp"
#include "lightlane/plan/power/power_plan.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lightlane;
  try {
    (void)plan::power_answer(
        plan::read_power_plan(std::string(reinterpret_cast<const char*>(data), size), "fuzz.toml"));
  } catch (const Error&) {
  }
  return 0;
}
