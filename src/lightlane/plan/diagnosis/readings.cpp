#include "lightlane/plan/diagnosis/readings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <mutex>

#include "lightlane/base/error.hpp"
#include "lightlane/catalog/resolver.hpp"

namespace lightlane::plan {
namespace {

constexpr double ever = 1e18;
using enum ReadingScope;

constexpr std::array<ReadingInfo, reading_count> table = {{
    {"rx_power_dbm", "dBm", lane, -100, 30, "received power, average"},
    {"tx_power_dbm", "dBm", lane, -100, 30, "transmitted power, average"},
    {"tx_bias_ma", "mA", lane, 0, 2000, "laser bias current"},
    {"ber", "", lane, 0, 0.5, "bit error ratio before FEC of what comes from the fibre"},
    {"ber_min", "", lane, 0, 0.5, "least of these since the module's last reset of statistics"},
    {"ber_max", "", lane, 0, 0.5, "largest of these"},
    {"ber_before", "", lane, 0, 0.5, "bit error ratio before the last flap"},
    {"snr_db", "dB", lane, -50, 100, "signal to noise ratio of what comes from the fibre"},
    {"rx_los", "flag", lane, 0, 1, "loss of signal from the fibre"},
    {"rx_lol", "flag", lane, 0, 1, "loss of lock to the signal from the fibre"},
    {"tx_fault", "flag", lane, 0, 1, "fault of the transmitter"},
    {"host_ber", "", host_lane, 0, 0.5, "bit error ratio before FEC of what comes from the host"},
    {"host_snr_db", "dB", host_lane, -50, 100, "signal to noise ratio of what comes from the host"},
    {"tx_los", "flag", host_lane, 0, 1, "loss of signal from the host"},
    {"tx_lol", "flag", host_lane, 0, 1, "loss of lock to the signal from the host"},
    {"temperature_c", "C", module, -60, 200, "temperature of the module"},
    {"laser_temperature_c", "C", module, -60, 200, "temperature of the laser"},
    {"voltage_v", "V", module, 0, 10, "supply voltage"},
    {"corrected_codewords", "", module, 0, ever, "codewords that FEC corrected"},
    {"uncorrectable_codewords", "", module, 0, ever, "codewords that FEC could not correct"},
    {"port_ber", "", module, 0, 0.5, "bit error ratio before FEC of the whole port"},
    {"flap_count", "", module, 0, ever, "times that the link went down within the period looked at"},
    {"present", "flag", module, 0, 1, "there is a module"},
    {"admin_up", "flag", module, 0, 1, "the port is enabled"},
    {"oper_up", "flag", module, 0, 1, "the link is up"},
    {"low_power_mode", "flag", module, 0, 1, "the module is held in low power"},
    {"flat_memory", "flag", module, 0, 1, "the module has no pages: no monitors"},
    {"qualified", "flag", module, 0, 1, "the switch accepts the module"},
    {"speed_gbps", "Gb/s", module, 0, 10000, "rate that the port is set to"},
    {"subport", "", module, 0, 64, "number of the port among those that share the module"},
    {"module_power_w", "W", module, 0, 200, "most that the module takes"},
    {"port_limit_w", "W", module, 0, 200, "most that the port gives"},
    {"measured_loss_db", "dB", module, 0, 100, "insertion loss of the fibre, measured"},
    {"reflectance_db", "dB", module, -100, 0, "largest discrete reflectance, measured"},
    {"cable_length_m", "m", module, 0, 1e6, "length of the fibre"},
    {"age_s", "s", module, 0, ever, "age of the readings"},
}};

constexpr std::string_view fecs[] = {"none", "rs", "rs544", "rs528", "fc", "auto"};
constexpr std::string_view polishes[] = {"apc", "upc", "flat"};
constexpr std::string_view polarities[] = {"A", "B", "C"};
constexpr std::string_view harnesses[] = {"right", "permuted"};
constexpr std::string_view changes[] = {"none", "move", "clean", "replace", "flap", "upgrade", "install"};

struct ReadingFactInfo {
  std::string_view name, meaning;
  std::span<const std::string_view> words;
};
constexpr std::array<ReadingFactInfo, fact_count> facts = {{
    {"module", "type as the switch says it", {}},
    {"pmd", "type, by any name", {}},
    {"vendor", "maker", {}},
    {"part", "part number", {}},
    {"serial", "serial number", {}},
    {"form_factor", "QSFP28, QSFP-DD ...", {}},
    {"fec", "what the port is set to", fecs},
    {"module_state", "ModuleReady, ModuleLowPwr ... (CMIS)", {}},
    {"data_path_state", "DataPathActivated, DataPathDeactivated ... (CMIS)", {}},
    {"config_status", "ConfigSuccess, ConfigRejected ... (CMIS)", {}},
    {"port_mode", "breakout mode of the port: 1x400G, 1x100G(4) ...", {}},
    {"fibre", "kind of fibre that is there", {}},
    {"polish", "of the connector at this end", polishes},
    {"far_polish", "of the connector at the other end", polishes},
    {"polarity", "type of the whole MPO path", polarities},
    {"harness", "order of the legs of a breakout cable", harnesses},
    {"last_change", "what was done last", changes},
    {"updated", "when it was read, as the source says it", {}},
}};

std::size_t slot(Reading q) { return static_cast<std::size_t>(q); }

}  // namespace

const ReadingInfo& info(Reading quantity) noexcept { return table[slot(quantity)]; }

std::optional<Reading> reading_named(std::string_view text) noexcept {
  for (std::size_t i = 0; i < reading_count; ++i)
    if (table[i].name == text) return static_cast<Reading>(i);
  return std::nullopt;
}

std::string_view name(ReadingFact fact) noexcept { return facts[static_cast<std::size_t>(fact)].name; }
std::string_view meaning(ReadingFact fact) noexcept { return facts[static_cast<std::size_t>(fact)].meaning; }
std::span<const std::string_view> words(ReadingFact fact) noexcept {
  return facts[static_cast<std::size_t>(fact)].words;
}

std::optional<ReadingFact> fact_named(std::string_view text) noexcept {
  for (std::size_t i = 0; i < fact_count; ++i)
    if (facts[i].name == text) return static_cast<ReadingFact>(i);
  return std::nullopt;
}

Reading reading_of(Monitor monitor) noexcept {
  switch (monitor) {
    case Monitor::temperature:
      return Reading::temperature_c;
    case Monitor::voltage:
      return Reading::voltage_v;
    case Monitor::tx_bias:
      return Reading::tx_bias_ma;
    case Monitor::tx_power:
      return Reading::tx_power_dbm;
    case Monitor::rx_power:
      return Reading::rx_power_dbm;
    case Monitor::laser_temperature:
      break;
  }
  return Reading::laser_temperature_c;
}

double Readings::get(Reading q, std::size_t at) const noexcept {
  const std::size_t i = slot(q);
  switch (info(q).scope) {
    case lane:
      return at < media_.size() ? media_[at].value[i] : NAN;
    case host_lane:
      return at < host_.size() ? host_[at].value[i - lane_quantities] : NAN;
    case module:
      break;
  }
  return module_.value[i - lane_quantities - host_quantities];
}

bool Readings::set(Reading q, std::size_t at, double value) {
  const ReadingInfo& about = info(q);
  const bool power = q == Reading::rx_power_dbm || q == Reading::tx_power_dbm;
  if (power && value < no_light_dbm && (value >= about.low || std::isinf(value))) value = no_light_dbm;
  if (!(value >= about.low && value <= about.high) || (about.scope != module && at >= most_lanes))
    return false;
  if (about.unit == "flag" && value != 0 && value != 1) return false;
  const std::size_t i = slot(q);
  if (about.scope == lane) {
    if (media_.size() <= at) media_.resize(at + 1);
    media_[at].value[i] = value;
  } else if (about.scope == host_lane) {
    if (host_.size() <= at) host_.resize(at + 1);
    host_[at].value[i - lane_quantities] = value;
  } else {
    module_.value[i - lane_quantities - host_quantities] = value;
  }
  return true;
}

void Readings::forget(Reading q, std::size_t at) noexcept {
  const std::size_t i = slot(q);
  if (info(q).scope == lane && at < media_.size()) media_[at].value[i] = NAN;
  if (info(q).scope == host_lane && at < host_.size()) host_[at].value[i - lane_quantities] = NAN;
  if (info(q).scope == module) module_.value[i - lane_quantities - host_quantities] = NAN;
}

std::string_view Readings::get(ReadingFact fact) const noexcept {
  for (const auto& [key, text] : facts_)
    if (key == fact) return text;
  return {};
}

void Readings::set(ReadingFact fact, std::string_view text) {
  for (auto& [key, old] : facts_) {
    if (key == fact) {
      old = text;
      return;
    }
  }
  if (!text.empty()) facts_.emplace_back(fact, text);
}

Readings* DiagnosisInput::find(std::string_view interface) noexcept {
  if (interface.empty() && interfaces.size() == 1) return &interfaces.front();
  const auto at = index_.find(interface);
  return at != index_.end() ? &interfaces[at->second] : nullptr;
}

Readings& DiagnosisInput::at(std::string_view interface) {
  if (!interfaces.empty() && interfaces.back().interface == interface) return interfaces.back();
  if (Readings* known = find(interface)) return *known;
  index_.emplace(interface, interfaces.size());
  interfaces.emplace_back();
  interfaces.back().interface = interface;
  return interfaces.back();
}

void DiagnosisInput::count(bool ok, std::string_view file, std::size_t line, std::string_view text) {
  if (ok) {
    ++understood;
    return;
  }
  ++not_understood;
  if (problems.size() >= 100) return;
  problems.push_back(
      {line == 0 ? std::string(file) : fmt::format("{}:{}", file, line), std::string(text.substr(0, 120))});
}

ReadingSeries& DiagnosisInput::series(std::string_view interface, Reading quantity, std::size_t lane) {
  const std::string key = fmt::format("{}\n{:03}{:02}", interface, static_cast<int>(quantity), lane);
  if (const auto at = series_index_.find(key); at != series_index_.end()) return history[at->second];
  series_index_.emplace(key, history.size());
  history.push_back({std::string(interface), quantity, lane, {}});
  return history.back();
}

const catalog::Pmd* pmd_of_text(std::string_view text) {
  text = text.substr(0, text.find(" (Cl"));
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  if (text.empty() || text.size() > 80) return nullptr;
  static std::mutex mutex;
  static std::map<std::string, const catalog::Pmd*, std::less<>> known;  // an unknown name takes 0.1 ms
  const std::lock_guard lock(mutex);
  if (const auto at = known.find(text); at != known.end()) return at->second;
  const catalog::Pmd* pmd = nullptr;
  try {
    pmd = &catalog::pmd_named(text, "");
  } catch (const ConfigError&) {
  }
  if (known.size() < 1000) known.emplace(text, pmd);
  return pmd;
}

bool drop_unused_lanes(Readings& r) {
  const auto empty = [&](std::size_t i) {
    const double rx = r.get(Reading::rx_power_dbm, i), tx = r.get(Reading::tx_power_dbm, i),
                 bias = r.get(Reading::tx_bias_ma, i);
    return !(rx > dark_dbm) && !(tx > dark_dbm) && !(bias > 0) &&
           (!std::isnan(rx) || !std::isnan(tx) || !std::isnan(bias));
  };
  std::size_t used = r.lanes();
  while (used > 0 && empty(used - 1)) --used;
  std::size_t needed = 0;
  if (r.pmd != nullptr && r.pmd->lanes > 0) {
    needed = static_cast<std::size_t>(r.pmd->lanes);
  } else {
    if (used == 0) return false;  // all dark: they may be meant
    needed = std::max<std::size_t>(4, used);
  }
  const std::size_t kept = std::max(used, needed);
  if (kept >= r.lanes()) return false;
  r.drop_lanes_from(kept);
  return true;
}

}  // namespace lightlane::plan
