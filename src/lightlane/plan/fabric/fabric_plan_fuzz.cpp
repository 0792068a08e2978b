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
    // The large ones take their time, as they should.
    if (question.hosts > 2000 || question.planes > 8 || question.leaf.cages > 128 ||
        question.uplinks.value_or(1) > 128)
      return 0;
    (void)plan::fabric(question);
  } catch (const Error&) {
  }
  return 0;
}
