#include "lightlane/catalog/module.hpp"

#include "lightlane/catalog/cable.hpp"
#include "lightlane/catalog/catalog.hpp"

namespace lightlane::catalog {

const CageFit* Cage::fit(std::string_view wanted) const noexcept {
  for (const CageFit& f : fits)
    if (same_name(f.form_factor, wanted)) return &f;
  return nullptr;
}

int positions(PmdConnector connector) noexcept {
  switch (connector) {
    case PmdConnector::lc_simplex:
      return 1;
    case PmdConnector::lc_duplex:
      return 2;
    case PmdConnector::mpo12:
      return 12;
    case PmdConnector::mpo16:
      return 16;
    case PmdConnector::mpo24:
      return 24;
    case PmdConnector::unknown:
      break;
  }
  return 0;
}

int Cable::position_at_a(int leg, int position) const noexcept {
  const int width = positions(b.connector);
  if (leg < 0 || leg >= legs || position < 1 || position > width) return 0;
  return map[static_cast<std::size_t>(leg * width + position - 1)];
}

Cable::Far Cable::position_at_b(int position) const noexcept {
  const int width = positions(b.connector);
  for (int i = 0; position > 0 && i < legs * width; ++i)
    if (map[static_cast<std::size_t>(i)] == position) return {i / width, i % width + 1};
  return {};
}

}  // namespace lightlane::catalog
