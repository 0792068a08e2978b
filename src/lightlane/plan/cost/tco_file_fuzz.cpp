// Any octets as a cost plan: answered or refused, never a crash.
#include <cstddef>
#include <cstdint>
#include <string>

#include "lightlane/base/error.hpp"
#include "lightlane/plan/cost/tco_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lightlane;
  try {
    plan::TcoFile file =
        plan::read_tco_plan(std::string(reinterpret_cast<const char*>(data), size), "fuzz.toml");
    for (const plan::TcoBillFile& bill : file.bills)
      plan::add_bill({}, file.question.alternatives[bill.alternative]);
    (void)plan::tco(file.question);
  } catch (const Error&) {
  }
  return 0;
}
