// Any octets as a link plan: answered or refused, never a crash.
#include <cstddef>
#include <cstdint>
#include <string>

#include "lightlane/base/error.hpp"
#include "lightlane/plan/budget/plan_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lightlane;
  try {
    (void)plan::budget(plan::read_plan(std::string(reinterpret_cast<const char*>(data), size), "fuzz.toml"));
  } catch (const Error&) {
  }
  return 0;
}
