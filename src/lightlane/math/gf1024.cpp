#include "lightlane/math/gf1024.hpp"

namespace lightlane::math {
namespace {

constexpr Gf1024Tables make_tables() {
  Gf1024Tables tables{};
  unsigned value = 1;
  for (unsigned i = 0; i < gf1024_order; ++i) {
    tables.exp[i] = tables.exp[i + gf1024_order] = static_cast<std::uint16_t>(value);
    tables.log[value] = static_cast<std::uint16_t>(i);
    value = gf_multiply_by_shifts(value, 2);
  }
  tables.log[0] = 2 * gf1024_order;
  return tables;
}

}  // namespace

constinit const Gf1024Tables gf1024 = make_tables();

}  // namespace lightlane::math
