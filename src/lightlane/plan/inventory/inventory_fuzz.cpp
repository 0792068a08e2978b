// Any octets as an inventory: read and judged, or refused with a reason; what was read survives being
// written.
#include <cstddef>
#include <cstdint>
#include <string>

#include "lightlane/base/error.hpp"
#include "lightlane/plan/inventory/inventory_check.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lightlane;
  try {
    plan::Inventory inventory =
        plan::read_inventory(std::string_view(reinterpret_cast<const char*>(data), size), "fuzz");
    if (inventory.links.size() > 20) inventory.links.resize(20);
    (void)plan::check_inventory(inventory, {});
    (void)plan::read_inventory(plan::inventory_csv(inventory), "again");
  } catch (const Error&) {
  }
  return 0;
}
