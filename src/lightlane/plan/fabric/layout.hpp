#pragma once
/// Where racks stand, and how long a cable between two of them has to be.
///
/// Racks stand in rows; a cable climbs to the tray, follows its row to the head of the rows, the cross tray,
/// the other row, and comes down:
///
///     route  = |x1 - x2| pitch in one row, else (x1 + x2) pitch + |rows| row pitch     (tray at the head)
///            = |x1 - x2| pitch + |rows| row pitch                                      (trays across)
///     length = route + 2 drop + max(slack % of that, least slack), up to a stock length
///     in one rack: the in-rack length

#include <cstdint>
#include <vector>

namespace lightlane::plan {

struct RackLayout {
  double rack_pitch_m = 0.6, row_pitch_m = 3;
  int racks_per_row = 20;
  double drop_m = 2;                       ///< from tray to port, at either end
  double slack_percent = 10, slack_m = 2;  ///< the larger of both
  double in_rack_m = 2;
  bool trays_across = false;  ///< a tray across the rows at every rack, instead of one at their head
  int hosts_per_rack = 0;     ///< servers; 0: 4 where rails are, 16 else
  int switches_per_rack = 8;  ///< of racks that have switches alone
  std::vector<double> stock_m = {0.5, 1,  1.5, 2,  2.5, 3,   5,   7,   10,  15,   20,  25,
                                 30,  40, 50,  75, 100, 150, 200, 300, 500, 1000, 2000};
};

/// Without rounding; racks by number, from 0.
double cable_length_m(const RackLayout& layout, std::int64_t rack_a, std::int64_t rack_b);
/// The smallest stock length that is enough; beyond the longest, the next 100 m.
double stock_length_m(const RackLayout& layout, double length_m);

}  // namespace lightlane::plan
