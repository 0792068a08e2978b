#include "lightlane/plan/fabric/layout.hpp"

#include <algorithm>
#include <cmath>

namespace lightlane::plan {

double cable_length_m(const RackLayout& layout, std::int64_t rack_a, std::int64_t rack_b) {
  if (rack_a == rack_b) return layout.in_rack_m;
  const std::int64_t row_a = rack_a / layout.racks_per_row, row_b = rack_b / layout.racks_per_row;
  const auto x_a = static_cast<double>(rack_a % layout.racks_per_row);
  const auto x_b = static_cast<double>(rack_b % layout.racks_per_row);
  const bool straight = row_a == row_b || layout.trays_across;
  const double along = (straight ? std::abs(x_a - x_b) : x_a + x_b) * layout.rack_pitch_m;
  const double route = along + static_cast<double>(std::abs(row_a - row_b)) * layout.row_pitch_m;
  const double length = route + 2 * layout.drop_m;
  return length + std::max(length * layout.slack_percent / 100, layout.slack_m);
}

double stock_length_m(const RackLayout& layout, double length_m) {
  const auto fits = std::lower_bound(layout.stock_m.begin(), layout.stock_m.end(), length_m - 1e-9);
  return fits != layout.stock_m.end() ? *fits : 100 * std::ceil(length_m / 100 - 1e-9);
}

}  // namespace lightlane::plan
