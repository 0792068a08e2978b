#pragma once
/// What is known of an interface: readings of its module and port, and the facts of its situation. One table
/// names every quantity: the same names are keys of files, columns of histories, features of rules and keys
/// of JSON. What was not read is missing, never zero.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lightlane/catalog/pmd.hpp"

namespace lightlane::plan {

enum class ReadingScope : std::uint8_t { lane, host_lane, module };

/// Flags are 0 or 1.
enum class Reading : std::uint8_t {
  // of a media lane
  rx_power_dbm,
  tx_power_dbm,
  tx_bias_ma,
  ber,
  ber_min,
  ber_max,
  ber_before,
  snr_db,
  rx_los,
  rx_lol,
  tx_fault,
  // of a host lane
  host_ber,
  host_snr_db,
  tx_los,
  tx_lol,
  // of the module, or of the port
  temperature_c,
  laser_temperature_c,
  voltage_v,
  corrected_codewords,
  uncorrectable_codewords,
  port_ber,
  flap_count,
  present,
  admin_up,
  oper_up,
  low_power_mode,
  flat_memory,
  qualified,
  speed_gbps,
  subport,
  module_power_w,
  port_limit_w,
  measured_loss_db,
  reflectance_db,
  cable_length_m,
  age_s,
};
inline constexpr std::size_t reading_count = static_cast<std::size_t>(Reading::age_s) + 1;

struct ReadingInfo {
  std::string_view name, unit;  ///< unit "": a number; "flag": 0 or 1
  ReadingScope scope;
  double low, high;  ///< what can be true; readings beyond are refused, or counted as not understood
  std::string_view meaning;
};
const ReadingInfo& info(Reading quantity) noexcept;
std::optional<Reading> reading_named(std::string_view name) noexcept;

/// Facts in words.
enum class ReadingFact : std::uint8_t {
  module,
  pmd,
  vendor,
  part,
  serial,
  form_factor,
  fec,
  module_state,
  data_path_state,
  config_status,
  port_mode,
  fibre,
  polish,
  far_polish,
  polarity,
  harness,
  last_change,
  updated,
};
inline constexpr std::size_t fact_count = static_cast<std::size_t>(ReadingFact::updated) + 1;
std::string_view name(ReadingFact fact) noexcept;
std::string_view meaning(ReadingFact fact) noexcept;
/// The words that a fact may be; empty: any.
std::span<const std::string_view> words(ReadingFact fact) noexcept;
std::optional<ReadingFact> fact_named(std::string_view name) noexcept;

/// A power register of 0 says no light: 0.1 uW is the least it can hold.
inline constexpr double no_light_dbm = -40;
/// A lane at or below is dark: what a transmitter that is off may send.
inline constexpr double dark_dbm = -30;

inline constexpr std::size_t most_lanes = 16;

/// Of one quantity: alarms and warnings, high and low. NaN: unknown.
struct MonitorThresholds {
  double high_alarm = NAN, high_warning = NAN, low_warning = NAN, low_alarm = NAN;
  bool any() const noexcept {
    return !std::isnan(high_alarm) || !std::isnan(high_warning) || !std::isnan(low_warning) ||
           !std::isnan(low_alarm);
  }
};

/// The quantities that modules have thresholds for.
enum class Monitor : std::uint8_t { temperature, voltage, tx_bias, tx_power, rx_power, laser_temperature };
inline constexpr std::size_t monitor_count = 6;
Reading reading_of(Monitor monitor) noexcept;

/// Codewords by their number of corrected symbols; the last bin of a full histogram holds the uncorrectable.
struct FecBins {
  std::vector<double> codewords;  ///< S0, S1, ...; empty: not read
};

struct Readings {
  std::string interface;  ///< may be empty
  const catalog::Pmd* pmd = nullptr;
  FecBins bins;
  std::vector<int> sibling_subports;  ///< of all ports that share the module, this one's among them
  std::array<MonitorThresholds, monitor_count> thresholds;  ///< as the module has them
  std::unique_ptr<Readings> far;                            ///< the other end; null: not known

  /// NaN: missing. Lanes from 0.
  double get(Reading quantity, std::size_t lane = 0) const noexcept;
  bool known(Reading quantity, std::size_t lane = 0) const noexcept {
    return !std::isnan(get(quantity, lane));
  }
  /// False where the value is out of its range, or the lane beyond most_lanes. Powers below no_light_dbm
  /// (-inf among them) are no_light_dbm.
  bool set(Reading quantity, std::size_t lane, double value);
  void forget(Reading quantity, std::size_t lane) noexcept;
  std::string_view get(ReadingFact fact) const noexcept;  ///< empty: missing
  void set(ReadingFact fact, std::string_view text);
  /// Lanes with at least one reading of the quantity's scope.
  std::size_t lanes() const noexcept { return media_.size(); }
  std::size_t host_lanes() const noexcept { return host_.size(); }
  void drop_lanes_from(std::size_t lane) { media_.resize(std::min(media_.size(), lane)); }

 private:
  static constexpr std::size_t lane_quantities = 11, host_quantities = 4,
                               module_quantities = reading_count - lane_quantities - host_quantities;
  template <std::size_t n>
  struct Values {
    std::array<double, n> value;
    Values() { value.fill(NAN); }
  };
  std::vector<Values<lane_quantities>> media_;
  std::vector<Values<host_quantities>> host_;
  Values<module_quantities> module_;
  std::vector<std::pair<ReadingFact, std::string>> facts_;
};

/// One reading of a history. `time_s`: seconds since 1970, or since any beginning.
struct ReadingSample {
  double time_s = 0, value = 0;
};
struct ReadingSeries {
  std::string interface;
  Reading reading = Reading::rx_power_dbm;
  std::size_t lane = 0;
  std::vector<ReadingSample> samples;  ///< in the order of the file
};

/// What could not be understood.
struct NotUnderstood {
  std::string place;  ///< "file:line", "file: key"
  std::string text;
};

/// Everything of one or more files.
struct DiagnosisInput {
  std::vector<Readings> interfaces;  ///< in the order they came
  std::vector<ReadingSeries> history;
  std::size_t understood = 0, not_understood = 0;  ///< lines, keys, metrics or cells
  std::vector<NotUnderstood> problems;             ///< the first hundred of them
  std::vector<std::string> formats;                ///< of each file

  /// The interface of that name, made where there is none. The empty name is that of the only interface.
  Readings& at(std::string_view interface);
  Readings* find(std::string_view interface) noexcept;
  void count(bool ok, std::string_view file, std::size_t line, std::string_view text);
  /// The series, made where there is none.
  ReadingSeries& series(std::string_view interface, Reading quantity, std::size_t lane);

 private:
  std::map<std::string, std::size_t, std::less<>> index_, series_index_;
};

/// The PMD of a text as modules and switches write it ("400GBASE-DR4 (Cl 124)", "QSFP-DD-400G-DR4"); null
/// where it means none, or more than one.
const catalog::Pmd* pmd_of_text(std::string_view text);

/// Lanes that a module has and does not use: dark both ways, without bias, behind those of its PMD, or, where
/// that is unknown, behind four lanes with light. Dropped; true where there were any.
bool drop_unused_lanes(Readings& readings);

}  // namespace lightlane::plan
