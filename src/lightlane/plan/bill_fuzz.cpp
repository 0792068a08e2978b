// Any octets as a bill: read, and written as it was read, or refused; never a crash.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "lightlane/base/error.hpp"
#include "lightlane/plan/bill.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lightlane;
  try {
    const plan::BillRead read =
        plan::read_bill(std::string_view(reinterpret_cast<const char*>(data), size), "fuzz.csv");
    const plan::BillRead again = plan::read_bill(plan::bill_csv(read.bill), "again.csv");
    LIGHTLANE_ASSERT(again.problems.empty() && again.bill.lines == read.bill.lines);
  } catch (const InputError&) {
  }
  return 0;
}
