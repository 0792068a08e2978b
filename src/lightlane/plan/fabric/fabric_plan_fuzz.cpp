// Any octets as a fabric plan: answered or refused, never a crash.
#include <cstddef>
#include <cstdint>
#include <string>

#include "lightlane/base/error.hpp"
#include "lightlane/plan/fabric/fabric_plan.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lightlane;
  try {
    plan::FabricQuestion question =
        plan::read_fabric_plan(std::string(reinterpret_cast<const char*>(data), size), "fuzz.toml");
    if (question.hosts * question.planes > 20000) return 0;  // the rest takes its time, as it should
    (void)plan::fabric(question);
  } catch (const Error&) {
  }
  return 0;
}
