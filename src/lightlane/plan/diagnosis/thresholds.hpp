#pragma once
/// Which limits readings are held against: the module's own where it gives them, else those that its PMD
/// implies, else typical ones; and which they are.

#include <array>
#include <string>

#include "lightlane/plan/answer.hpp"
#include "lightlane/plan/diagnosis/readings.hpp"

namespace lightlane::plan {

struct UsedThresholds {
  MonitorThresholds values;
  std::string_view from;  ///< "module", "pmd", "typical", or empty: none
};

enum class ReadingMark : std::uint8_t { unknown, ok, low_warning, high_warning, low_alarm, high_alarm };
std::string_view name(ReadingMark mark) noexcept;  ///< "?", "ok", "low-", "high+", "low--", "high++"
inline bool alarm(ReadingMark mark) noexcept {
  return mark == ReadingMark::low_alarm || mark == ReadingMark::high_alarm;
}
inline bool warning(ReadingMark mark) noexcept {
  return mark == ReadingMark::low_warning || mark == ReadingMark::high_warning;
}

/// Where a value stands. At a threshold it is still within. Registers hold a tenth of a microwatt and
/// printouts two decimals: `slack` dB, degrees ... beyond count as at it.
ReadingMark mark(double value, const MonitorThresholds& thresholds, double slack = 0.005) noexcept;

/// From a PMD's limits of average power (warnings at the limits, alarms 3 dB above and 4 dB below, which is
/// how a real 400GBASE-DR4 module has them). Of temperature and voltage typical ones; of the bias none: it
/// hangs on the laser.
struct ThresholdSet {
  std::array<UsedThresholds, monitor_count> of;
  /// Bit error ratio before FEC: the PMD's limit (NaN: unknown), and where it is worth a look (ours).
  double ber_limit = NAN, ber_alarm = 1e-5, ber_warning = 1e-6;
  std::string_view ber_from;  ///< "pmd", "kp4" (assumed), or empty

  const UsedThresholds& operator[](Monitor m) const noexcept { return of[static_cast<std::size_t>(m)]; }
};
ThresholdSet thresholds_of(const Readings& readings);

/// What the set assumes and rests on.
void explain(const ThresholdSet& set, const Readings& readings, Ledger& ledger);

}  // namespace lightlane::plan
