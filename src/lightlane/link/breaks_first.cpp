#include "lightlane/link/breaks_first.hpp"

#include <algorithm>
#include <cmath>

#include "lightlane/base/error.hpp"
#include "lightlane/base/parallel.hpp"
#include "lightlane/link/lane_extraction.hpp"
#include "lightlane/link/profile.hpp"
#include "lightlane/link/scenario_keys.hpp"
#include "lightlane/math/elementary.hpp"

namespace lightlane::link {
namespace {

constexpr double slope_step_db = 0.1, noticeable_db = 0.001;

/// What a key is moved by where it is 0 and no device tells.
double step_from_zero(std::string_view unit) {
  if (unit == "dB") return 0.5;
  if (unit == "UI") return 0.02;
  if (unit == "fs") return 100;
  if (unit == "ps") return 1;
  if (unit == "dBm") return 0.5;
  if (unit.empty()) return 0.02;
  return 0;
}

bool concerns_light(std::string_view path) {
  for (const std::string_view left_out : {"plant.added_attenuation_db", "plant.stress_ber", "tx.spread", "dsp.lms_step",
                                          "dsp.adc_clip_ratio", "rx.los_dbm", "rx.overload_dbm", "plant.mpi_phase_rate_mhz"}) {
    if (path == left_out) return false;
  }
  return path.starts_with("tx.") || path.starts_with("plant.") || path.starts_with("rx.") || path.starts_with("dsp.");
}

/// BER of a lane as the scenario has it, `attenuation_db` behind its plant.
double ber_of(const Scenario& scenario, const Structure& structure, std::size_t lane, double attenuation_db) {
  const LaneSetup setup = lane_setup(scenario, structure, lane);
  const auto seed = static_cast<std::uint64_t>(scenario.run.seed);
  const LaneChain chain(setup, seed);
  LaneModel model = extract(chain, recovered_phase(chain, seed), {}, 0, 0);
  if (scenario.plant.mux_isolation_db > 0 && structure.line_lanes > 1) {  // neighbours of its own kind
    const double coupling = math::from_db(-scenario.plant.mux_isolation_db);
    model.crosstalk.insert(model.crosstalk.end(), std::min(structure.line_lanes - 1, 2), {coupling, 0, 0, false});
  }
  return evaluate(model, setup.dsp, attenuation_db).ber;
}

/// Distance to the target on a scale that is nearly straight in dB.
double scale(double ber) { return math::normal_tail_inverse(std::clamp(ber, 1e-300, 0.49)); }

struct Trial {
  std::size_t key;
  double value, step;
};

/// Both directions of every number; counts by one.
std::vector<Trial> trials_of(const std::vector<Key>& keys, const Devices& devices) {
  std::vector<Trial> trials;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (!concerns_light(keys[i].path)) continue;
    // 0 stands for "none" there, not for the smallest value.
    const bool none_at_zero = keys[i].path == "plant.mux_isolation_db" || keys[i].path == "plant.bidi_isolation_db" ||
                              keys[i].path == "plant.modal_bandwidth_mhz_km" || keys[i].path == "plant.mux_loss_db";
    double value = 0, step = 0, low = 0, high = 0;
    if (const auto* number = std::get_if<NumberKey>(&keys[i].slot)) {
      const auto typical = typical_value(devices, keys[i].path);
      value = *number->value;
      low = number->minimum;
      high = number->maximum;
      step = typical && typical->spread > 0 ? typical->spread : std::abs(value) * (keys[i].unit == "dB/Hz" ? 0.01 : 0.1);
      if (keys[i].path == "plant.zero_dispersion_nm") step = 4;  // a third of the standard's range
      if (value == 0) step = step_from_zero(keys[i].unit);
    } else if (const auto* count = std::get_if<CountKey>(&keys[i].slot)) {
      value = *count->value;
      low = count->minimum;
      high = count->maximum;
      step = value > 0 ? 1 : 0;
    }
    if (!(step > 0) || (none_at_zero && value == 0)) continue;
    for (const double signed_step : {step, -step}) {
      if (value + signed_step >= low && value + signed_step <= high) trials.push_back({i, value, signed_step});
    }
  }
  return trials;
}

void move(Key& key, double value) {
  if (auto* number = std::get_if<NumberKey>(&key.slot)) *number->value = value;
  if (auto* count = std::get_if<CountKey>(&key.slot)) *count->value = static_cast<int>(std::lround(value));
}

}  // namespace

std::vector<Sensitivity> what_breaks_first(const Scenario& scenario, const Structure& structure, std::size_t lane, double stress_db,
                                           double margin_db) {
  if (!std::isfinite(margin_db)) return {};
  Scenario base = scenario;
  base.plant.added_attenuation_db += stress_db;
  const std::vector<Key> keys = optical_keys_of(base);
  const std::vector<Trial> trials = trials_of(keys, devices_of(base));
  // At the edge the curve of BER over attenuation gives the slope by which a changed BER is a changed margin.
  const double at_edge = scale(ber_of(base, structure, lane, margin_db));
  const double slope = (scale(ber_of(base, structure, lane, margin_db + slope_step_db)) - at_edge) / slope_step_db;
  if (!(slope < 0)) return {};
  std::vector<double> change(trials.size(), 0.0);
  parallel_for(trials.size(), [&](std::size_t i) {
    Scenario moved = base;
    std::vector<Key> moved_keys = optical_keys_of(moved);
    move(moved_keys[trials[i].key], trials[i].value + trials[i].step);
    try {
      change[i] = (at_edge - scale(ber_of(moved, structure, lane, margin_db))) / slope;
    } catch (const ConfigError&) {
      change[i] = 0;  // the neighbouring value is none: no derivative on this side
    }
  });
  std::vector<Sensitivity> result;
  for (std::size_t i = 0; i < trials.size(); ++i) {
    const Key& key = keys[trials[i].key];
    const Sensitivity one{std::string(key.path), std::string(key.unit), trials[i].value, trials[i].step, change[i],
                          change[i] / trials[i].step};
    const bool second = !result.empty() && result.back().key == one.key;
    if (!second) result.push_back(one);
    if (second && one.margin_change_db < result.back().margin_change_db) result.back() = one;
  }
  std::erase_if(result, [](const Sensitivity& s) { return s.margin_change_db > -noticeable_db; });
  std::stable_sort(result.begin(), result.end(),
                   [](const Sensitivity& a, const Sensitivity& b) { return a.margin_change_db < b.margin_change_db; });
  return result;
}

}  // namespace lightlane::link
