#include "lightlane/plan/diagnosis/thresholds.hpp"

#include <fmt/format.h>

namespace lightlane::plan {
namespace {

/// The module of source XR-DR4, a 400GBASE-DR4 (802.3's case temperature: 0 to 70 C).
constexpr MonitorThresholds typical_temperature = {80, 75, 0, -5};
constexpr MonitorThresholds typical_voltage = {3.63, 3.46, 3.13, 2.97};

constexpr double alarm_above_db = 3, alarm_below_db = 4;

MonitorThresholds around(const catalog::Limit& high, const catalog::Limit& low) {
  MonitorThresholds t;
  if (high) t.high_warning = high->value, t.high_alarm = high->value + alarm_above_db;
  if (low) t.low_warning = low->value, t.low_alarm = low->value - alarm_below_db;
  return t;
}

}  // namespace

std::string_view name(ReadingMark mark) noexcept {
  constexpr std::string_view names[] = {"?", "ok", "low -", "high +", "low --", "high ++"};
  return names[static_cast<std::size_t>(mark)];
}

ReadingMark mark(double value, const MonitorThresholds& t, double slack) noexcept {
  if (std::isnan(value) || !t.any()) return ReadingMark::unknown;
  if (value < t.low_alarm - slack) return ReadingMark::low_alarm;
  if (value > t.high_alarm + slack) return ReadingMark::high_alarm;
  if (value < t.low_warning - slack) return ReadingMark::low_warning;
  if (value > t.high_warning + slack) return ReadingMark::high_warning;
  return ReadingMark::ok;
}

ThresholdSet thresholds_of(const Readings& r) {
  ThresholdSet set;
  const catalog::Pmd* pmd = r.pmd;
  for (std::size_t i = 0; i < monitor_count; ++i) {
    UsedThresholds& used = set.of[i];
    used.values = r.thresholds[i];
    if (used.values.any()) {
      used.from = "module";
      continue;
    }
    switch (static_cast<Monitor>(i)) {
      case Monitor::temperature:
        used = {typical_temperature, "typical"};
        break;
      case Monitor::voltage:
        used = {typical_voltage, "typical"};
        break;
      case Monitor::tx_power:
        if (pmd != nullptr) used.values = around(pmd->tx.avg_power_max_dbm, pmd->tx.avg_power_min_dbm);
        break;
      case Monitor::rx_power:
        if (pmd != nullptr) used.values = around(pmd->rx.avg_power_max_dbm, pmd->rx.avg_power_min_dbm);
        break;
      case Monitor::tx_bias:
      case Monitor::laser_temperature:
        break;
    }
    if (used.from.empty() && used.values.any()) used.from = "pmd";
  }
  if (pmd != nullptr && pmd->fec.pre_fec_ber) {
    set.ber_limit = pmd->fec.pre_fec_ber->value;
    set.ber_from = "pmd";
    if (set.ber_limit < set.ber_alarm) set.ber_alarm = set.ber_limit, set.ber_warning = set.ber_limit / 10;
  } else if (pmd == nullptr) {
    set.ber_limit = 2.4e-4;
    set.ber_from = "kp4";
  }
  return set;
}

void explain(const ThresholdSet& set, const Readings& r, Ledger& ledger) {
  const auto read = [&](Reading reading) {
    for (std::size_t i = 0; i < std::max<std::size_t>(r.lanes(), 1); ++i)
      if (r.known(reading, i)) return true;
    return false;
  };
  for (const Monitor m : {Monitor::temperature, Monitor::voltage}) {
    const UsedThresholds& used = set[m];
    const ReadingInfo& about = info(reading_of(m));
    if (used.from != "typical" || !read(reading_of(m))) continue;
    ledger.assume(fmt::format("thresholds of {}: {:g} to {:g} warn, {:g} to {:g} alarm", about.name,
                              used.values.low_warning, used.values.high_warning, used.values.low_alarm,
                              used.values.high_alarm),
                  std::nullopt, about.unit, "XR-DR4, a real module");
  }
  const catalog::Pmd* pmd = r.pmd;
  const bool rx = set[Monitor::rx_power].from == "pmd" && read(Reading::rx_power_dbm),
             tx = set[Monitor::tx_power].from == "pmd" && read(Reading::tx_power_dbm),
             ber = read(Reading::ber) || r.known(Reading::port_ber);
  if (rx) {
    ledger.use(*pmd, "rx.avg_power_max_dbm", pmd->rx.avg_power_max_dbm);
    ledger.use(*pmd, "rx.avg_power_min_dbm", pmd->rx.avg_power_min_dbm);
  }
  if (tx) {
    ledger.use(*pmd, "tx.avg_power_max_dbm", pmd->tx.avg_power_max_dbm);
    ledger.use(*pmd, "tx.avg_power_min_dbm", pmd->tx.avg_power_min_dbm);
  }
  if (rx || tx)
    ledger.assume("power alarms: 3 dB above, 4 dB below the PMD's limits", std::nullopt, "", "XR-DR4");
  if (ber && pmd != nullptr) ledger.use(*pmd, "fec.pre_fec_ber", pmd->fec.pre_fec_ber);
  if (ber && set.ber_from == "kp4")
    ledger.assume("limit of the bit error ratio: KP4's, since the type is not known", set.ber_limit, "");
  if (ber) ledger.assume("bit error ratio worth a look from", set.ber_warning, "", "ours");
}

}  // namespace lightlane::plan
