#include "lightlane/link/limit_corner.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "lightlane/base/error.hpp"
#include "lightlane/base/parallel.hpp"
#include "lightlane/link/lane_setup.hpp"
#include "lightlane/link/nrz_measurement.hpp"
#include "lightlane/link/scenario_keys.hpp"
#include "lightlane/link/structure.hpp"
#include "lightlane/link/transmitter_measurement.hpp"
#include "lightlane/math/elementary.hpp"
#include "lightlane/math/response.hpp"
#include "lightlane/measure/oma.hpp"
#include "lightlane/measure/waveform_filter.hpp"

namespace lightlane::link {
namespace {

constexpr double pam4_q = 3.414;           ///< Q of the symbol error ratio 4.8e-4 (802.3 121.8.5.3)
constexpr int limit_connectors = 4;        ///< a default: two patch panels
constexpr double noise_responsivity = 2;   ///< high, so that shot noise is a small part of the limit's noise
constexpr double elementary_charge_c = 1.602176634e-19;
constexpr double none_db = -200;
/// What is set stays on the allowed side of its limit by this much, so that rounding does not break it.
constexpr double hair_db = 2e-4;

bool is_pam4(const catalog::Pmd& pmd) { return pmd.modulation == catalog::LineCode::pam4; }

/// Sensitivity of a receiver for a signal without penalty.
const catalog::Limit& clean_sensitivity(const catalog::Pmd& pmd) {
  return is_pam4(pmd) ? pmd.rx.sensitivity_oma_secq_offset_dbm : pmd.rx.sensitivity_oma_fixed_dbm;
}

/// Where less extinction asks for more power, the worst transmitter is the one that just need not have it.
double worst_extinction_db(const catalog::Pmd& pmd) {
  const bool dearer = pmd.tx.oma_minus_tdecq_min_low_er_dbm && pmd.tx.er_threshold_db;
  return dearer ? std::max(pmd.tx.er_threshold_db->value, pmd.tx.er_min_db->value) : pmd.tx.er_min_db->value;
}

double reference_bandwidth_ghz(const catalog::Pmd& pmd, double rate_gbd) {
  const catalog::Limit& ratio = pmd.measurement.reference_bandwidth_ratio;
  return rate_gbd * (ratio ? ratio->value : is_pam4(pmd) ? 0.5 : 0.75);
}

void set_transmitter(const catalog::Pmd& pmd, Scenario::Tx& tx) {
  optics::TransmitterConfig c;
  c.oma_outer_dbm = pmd.tx.oma_minus_tdecq_min_dbm->value + pmd.tx.tdecq_max_db->value;
  c.extinction_ratio_db = worst_extinction_db(pmd);
  c.rin_db_per_hz = none_db;
  c.dac.bits = 0;
  c.dac.enob = 0;
  c.driver.bandwidth_ghz = 0;
  c.modulator.bandwidth_ghz = 0;
  c.modulator.static_extinction_db = 60;
  c.modulator.predistort = true;
  tx.config = c;
  tx.level_error.clear();
  tx.lane_oma_offset_db.clear();
  tx.laser_rms_width_nm = pmd.tx.rms_spectral_width_max_nm ? pmd.tx.rms_spectral_width_max_nm->value : 0;
  tx.spread = 0;
}

void set_plant(const Devices& devices, Scenario::Plant& plant) {
  const catalog::Pmd& channel = ruling_channel(devices);
  const std::string fibre = plant.fibre;
  plant = Scenario::Plant();
  plant.fibre = fibre;
  plant.length_m = 0;
  for (const catalog::Reach& reach : channel.reach) {
    if (reach.fibre == "SMF" || fibre.starts_with(reach.fibre)) plant.length_m = std::max(plant.length_m, reach.length_m.value);
  }
  plant.attenuation_db_per_km = 0;  // all of the loss stands in the connectors, the same for every wavelength
  plant.connectors = limit_connectors;
  plant.connector_loss_db = insertion_loss_limit(channel, fibre)->value / limit_connectors;
  const auto or_none = [](const catalog::Limit& limit) { return limit ? limit->value : none_db; };
  plant.connector_reflectance_db = or_none(channel.channel.discrete_reflectance_max(limit_connectors));
  plant.tx_reflectance_db = or_none(devices.pmd->tx.reflectance_max_db);
  plant.rx_reflectance_db = or_none(devices.far_pmd->rx.reflectance_max_db);
  plant.dgd_ps = {channel.channel.dgd_max_ps ? channel.channel.dgd_max_ps->value : 0.0};
  if (devices.pmd->fibre == catalog::FibreKind::multimode) {
    plant.interference = false;
    // The clause's reference filter stands for the fibre, modes and spectral width together: TDECQ has them already. There
    // is no dispersion at the limits (dispersion_extremes) for that reason.
    plant.modal_bandwidth_mhz_km = 1e6;
  }
}

void set_receiver(const catalog::Pmd& pmd, Scenario& scenario) {
  const double rate = structure_of(scenario).symbol_rate_gbd().value();
  optics::PhotoreceiverConfig c;
  c.responsivity_a_per_w = noise_responsivity;
  c.bandwidth_ghz = reference_bandwidth_ghz(pmd, rate);
  const double q = is_pam4(pmd) ? pam4_q : nrz_penalty_config(pmd).q;
  const double noise_w = 1e-3 * math::from_db(clean_sensitivity(pmd)->value) / ((is_pam4(pmd) ? 6 : 2) * q);
  const double bandwidth_hz = c.bandwidth_ghz * 1e9 * math::bessel_thomson4_noise_bandwidth;
  // The limit's noise is all there is: what shot noise of the mean power brings along is taken off the amplifier's.
  const double ratio = math::from_db(scenario.tx.config.extinction_ratio_db);
  const double loss_db = scenario.plant.connector_loss_db * static_cast<double>(scenario.plant.connectors);
  const double mean_w = 1e-3 * math::from_db(scenario.tx.config.oma_outer_dbm - loss_db) * (ratio + 1) / (2 * (ratio - 1));
  const double shot_a2_per_hz = 2 * elementary_charge_c * noise_responsivity * mean_w;
  const double noise_a = noise_w * noise_responsivity;
  c.tia_noise_pa_sqrt_hz = std::sqrt(std::max(noise_a * noise_a / bandwidth_hz - shot_a2_per_hz, 0.0)) * 1e12;
  c.overload_dbm = 20;
  c.los_dbm = -60;
  scenario.rx.config = c;
  rxdsp::EqualizerConfig dsp;
  dsp.adc_bits = 0;
  dsp.adc_enob = 0;
  dsp.ffe_taps = is_pam4(pmd) ? tdecq_config(pmd, rate, measurement_samples_per_ui).taps : 1;
  dsp.ffe_main = dsp.ffe_taps > 1 ? 1 : 0;
  scenario.dsp.config = dsp;
}

/// Penalty of the lane over a dispersion, without noise of its own; large where the eye is closed.
double penalty_db(const LaneSetup& setup, const catalog::Pmd& pmd, double dispersion_ps_nm) {
  constexpr double closed_db = 15;
  if (!is_pam4(pmd)) return std::min(nrz_penalty(setup, pmd, dispersion_ps_nm).penalty_db, closed_db);
  const std::vector<std::uint8_t> levels = pattern_levels("ssprq");
  const measure::TdecqConfig config = tdecq_config(pmd, setup.tx.symbol_rate_gbd.value(), measurement_samples_per_ui);
  const measure::TdecqResult result = measure::tdecq(measured_waveform(setup, levels, dispersion_ps_nm), levels, config);
  return result.closed ? closed_db : std::min(result.tdecq_db, closed_db);
}

struct Extreme {
  std::size_t lane = 0;
  double dispersion_ps_nm = 0, penalty_db = 0;
};

/// The worse extreme of each lane, with a transmitter that is about as slow as it will be.
std::vector<Extreme> worse_extremes(const catalog::Pmd& pmd, const Scenario& scenario, const Structure& structure) {
  std::vector<Extreme> all;
  for (std::size_t lane = 0; lane < static_cast<std::size_t>(structure.line_lanes); ++lane) {
    for (const double d : dispersion_extremes(pmd, static_cast<int>(scenario.place.first_lane + lane))) all.push_back({lane, d, 0});
  }
  // Lanes of one colour are alike.
  const auto first_alike = [&](const Extreme& e) {
    return std::find_if(all.begin(), all.end(), [&](const Extreme& o) { return o.dispersion_ps_nm == e.dispersion_ps_nm; });
  };
  parallel_for(all.size(), [&](std::size_t i) {
    if (&*first_alike(all[i]) == &all[i]) all[i].penalty_db = penalty_db(lane_setup(scenario, structure, all[i].lane), pmd, all[i].dispersion_ps_nm);
  });
  std::vector<Extreme> worse;
  for (Extreme& e : all) {
    e.penalty_db = first_alike(e)->penalty_db;
    if (worse.empty() || worse.back().lane != e.lane) {
      worse.push_back(e);
    } else if (e.penalty_db > worse.back().penalty_db) {
      worse.back() = e;
    }
  }
  return worse;
}

/// OMA and extinction ratio as they are measured at TP2.
struct Launch {
  double oma_dbm = 0, extinction_db = 0;
};
Launch measured_launch(const LaneSetup& setup, const catalog::Pmd& pmd) {
  if (!is_pam4(pmd)) {
    const NrzPenalty p = nrz_penalty(setup, pmd, 0);
    return {math::to_db(p.oma_w / 1e-3), p.er_db};
  }
  const double rate = setup.tx.symbol_rate_gbd.value();
  const std::vector<std::uint8_t> levels = pattern_levels("ssprq");
  const std::vector<float> power = measure::bessel_thomson_filtered(measured_waveform(setup, levels, 0), measurement_samples_per_ui,
                                                                    rate, reference_bandwidth_ghz(pmd, rate));
  const measure::OmaOuter oma = measure::measure_oma_outer(power, levels, measurement_samples_per_ui);
  return {math::to_db(oma.oma_w / 1e-3), oma.er_db};
}

/// x between a, where the falling `value` is above `target`, and b, where it is not: there it is the target or a hair less.
/// Regula falsi (Illinois). b where the value is above even there.
double meet(double a, double b, double target, const auto& value) {
  constexpr double tolerance = 2e-3;
  double fa = value(a) - target, fb = value(b) - target;
  if (!(fa > 0 && fb <= 0)) return fa > 0 ? b : a;
  for (int i = 0, side = 0; i < 40 && fb <= -tolerance; ++i) {
    const double c = i % 8 == 7 ? (a + b) / 2 : (a * fb - b * fa) / (fb - fa);
    const double f = value(c) - target;
    const int here = f > 0 ? 1 : -1;
    (f > 0 ? a : b) = c;
    (f > 0 ? fa : fb) = f;
    if (here == side) (f > 0 ? fb : fa) /= 2;
    side = here;
    if (f <= 0 && f > -tolerance) break;
  }
  return b;
}

/// The worst transmitter while it is made: its worst lane over the worse extreme.
class Degrading {
 public:
  Degrading(const catalog::Pmd& pmd, Scenario& scenario, const Structure& structure, const Extreme& worst)
      : pmd_(pmd), scenario_(scenario), structure_(structure), worst_(worst), target_db_(pmd.tx.tdecq_max_db->value - hair_db) {}

  LaneSetup setup() const { return lane_setup(scenario_, structure_, worst_.lane); }
  double penalty() {
    const optics::TransmitterConfig& tx = scenario_.tx.config;
    const std::vector<double>& error = scenario_.tx.level_error;
    const std::array<double, 3> at{tx.dac.bandwidth_ghz, tx.extinction_ratio_db, error.empty() ? 0 : error[0]};
    const auto [known, is_new] = measured_.try_emplace(at);
    if (is_new) known->second = penalty_db(setup(), pmd_, worst_.dispersion_ps_nm);
    return known->second;
  }

  /// The low-pass that alone costs all of the penalty, sought from the present bandwidth on.
  void slow_down(double step) {
    const auto at = [&](double log_ghz) {
      bandwidth_ghz() = math::exp(log_ghz);
      return penalty();
    };
    double slow = math::log(bandwidth_ghz()), fast = slow;
    const bool too_slow = at(slow) > target_db_;
    for (int i = 0; i < 8; ++i) {  // closed eyes take longest: towards them in small steps
      (too_slow ? fast : slow) += too_slow ? step : -step;
      if ((at(too_slow ? fast : slow) > target_db_) != too_slow) break;
      (too_slow ? slow : fast) = too_slow ? fast : slow;
    }
    bandwidth_ghz() = math::exp(meet(slow, fast, target_db_, at));
  }

  /// Faster where its edges are slower than the clause allows; true: they were.
  bool keep_transition_time() {
    if (!pmd_.tx.transition_time_max_ps) return false;
    const double most_ps = 0.9999 * pmd_.tx.transition_time_max_ps->value;
    const double reference_ghz = reference_bandwidth_ghz(pmd_, structure_.symbol_rate_gbd().value());
    if (transition_time_ps(setup(), reference_ghz) <= most_ps) return false;
    for (int i = 0; i < 6; ++i) bandwidth_ghz() *= transition_time_ps(setup(), reference_ghz) / most_ps;
    return true;
  }

  /// A smaller eye in the middle for the rest of the penalty.
  void close_middle_eye() {
    const double error = -meet(-0.4, 0, target_db_, [&](double x) {
      scenario_.tx.level_error = {-x, x};
      return penalty();
    });
    scenario_.tx.level_error = {error, -error};
  }

 private:
  double& bandwidth_ghz() { return scenario_.tx.config.dac.bandwidth_ghz; }

  const catalog::Pmd& pmd_;
  Scenario& scenario_;
  const Structure& structure_;
  const Extreme worst_;
  double target_db_;
  std::map<std::array<double, 3>, double> measured_;  ///< penalty by bandwidth, extinction ratio and error of the levels
};

/// Brings the worst lane to the largest penalty, the smallest power and the smallest extinction ratio.
void degrade_transmitter(const Devices& devices, Scenario& scenario) {
  const catalog::Pmd& pmd = *devices.pmd;
  const Structure& structure = structure_of(scenario);
  const double rate = structure.symbol_rate_gbd().value();
  optics::TransmitterConfig& tx = scenario.tx.config;
  tx.dac.bandwidth_ghz = 0.4 * rate;
  scenario.plant.dispersion_ps_nm = {0};
  const std::vector<Extreme> extremes = worse_extremes(pmd, scenario, structure);
  Degrading worst(pmd, scenario, structure,
                  *std::max_element(extremes.begin(), extremes.end(),
                                    [](const Extreme& a, const Extreme& b) { return a.penalty_db < b.penalty_db; }));
  tx.dac.bandwidth_ghz = 0.35 * rate;
  worst.slow_down(0.2);
  const bool slow_edges = worst.keep_transition_time();
  for (int i = 0; i < 2; ++i) {
    tx.extinction_ratio_db += worst_extinction_db(pmd) + hair_db - measured_launch(worst.setup(), pmd).extinction_db;
  }
  if (slow_edges) {
    worst.close_middle_eye();
  } else {
    worst.slow_down(0.005);
  }
  double oma_dbm = pmd.tx.oma_minus_tdecq_min_dbm->value + worst.penalty() + hair_db;
  if (pmd.tx.oma_outer_min_dbm) oma_dbm = std::max(oma_dbm, pmd.tx.oma_outer_min_dbm->value + hair_db);
  tx.oma_outer_dbm += oma_dbm - measured_launch(worst.setup(), pmd).oma_dbm;

  scenario.plant.dispersion_ps_nm.clear();
  const catalog::Pmd& channel = ruling_channel(devices);
  for (const Extreme& e : extremes) {
    double there = e.dispersion_ps_nm;
    if (&channel != &pmd) {  // as far as the shorter channel goes, on the same side
      const std::vector<double> limits = dispersion_extremes(channel, static_cast<int>(scenario.place.first_lane + e.lane));
      there = there < 0 ? limits.front() : limits.back();
    }
    scenario.plant.dispersion_ps_nm.push_back(there);
  }
}

}  // namespace

const catalog::Pmd& ruling_channel(const Devices& devices) {
  const auto loss = [&](const catalog::Pmd& pmd) {
    const catalog::Limit limit = insertion_loss_limit(pmd, devices.fibre->id);
    return limit ? limit->value : INFINITY;
  };
  return loss(*devices.far_pmd) < loss(*devices.pmd) ? *devices.far_pmd : *devices.pmd;
}

catalog::Limit insertion_loss_limit(const catalog::Pmd& pmd, std::string_view fibre) {
  const catalog::ChannelLimits& c = pmd.channel;
  if (fibre.starts_with("OM3") && c.insertion_loss_om3_max_db) return c.insertion_loss_om3_max_db;
  if (fibre.starts_with("OM4") && c.insertion_loss_om4_max_db) return c.insertion_loss_om4_max_db;
  if (fibre.starts_with("OM5") && c.insertion_loss_om5_max_db) return c.insertion_loss_om5_max_db;
  return c.insertion_loss_max_db;
}

std::string_view limit_fibre(const catalog::Pmd& pmd, std::string_view otherwise) {
  std::string_view longest = otherwise;
  double length_m = 0;
  for (const catalog::Reach& reach : pmd.reach) {
    if (pmd.fibre != catalog::FibreKind::multimode || reach.length_m.value <= length_m) continue;
    if (catalog::find_fibre(reach.fibre) == nullptr) continue;
    longest = reach.fibre;
    length_m = reach.length_m.value;
  }
  return longest;
}

std::vector<std::string> missing_for_limits(const Devices& devices) {
  const catalog::Pmd &pmd = *devices.pmd, &far_pmd = *devices.far_pmd, &channel = ruling_channel(devices);
  std::vector<std::string> missing;
  const auto need = [&](const catalog::Pmd& of, bool known, const char* name) {
    if (!known) missing.push_back(fmt::format("{} of {}", name, of.id));
  };
  need(pmd, pmd.tx.oma_minus_tdecq_min_dbm.has_value(), "tx.oma_minus_tdecq_min_dbm");
  need(pmd, pmd.tx.tdecq_max_db.has_value(), "tx.tdecq_max_db");
  need(pmd, pmd.tx.er_min_db.has_value(), "tx.er_min_db");
  need(pmd, !pmd.wavelengths.empty(), "wavelengths");
  need(channel, insertion_loss_limit(channel, devices.fibre->id).has_value(), "channel.insertion_loss_max_db");
  need(far_pmd, clean_sensitivity(far_pmd).has_value(),
       is_pam4(far_pmd) ? "rx.sensitivity_oma_secq_offset_dbm" : "rx.sensitivity_oma_fixed_dbm");
  return missing;
}

double limit_allocation_db(const Devices& devices) {
  const catalog::Limit loss = insertion_loss_limit(ruling_channel(devices), devices.fibre->id);
  return devices.pmd->tx.oma_minus_tdecq_min_dbm->value - loss->value - clean_sensitivity(*devices.far_pmd)->value;
}

void apply_limits(const Devices& devices, Scenario& scenario) {
  const std::vector<std::string> missing = missing_for_limits(devices);
  if (!missing.empty()) {
    throw ConfigError({"link.corner", fmt::format("is \"limits\", but {} {} not known", fmt::join(missing, ", "), missing.size() == 1 ? "is" : "are"),
                       "typical", "a limit that nobody knows is not invented"});
  }
  set_transmitter(*devices.pmd, scenario.tx);
  set_plant(devices, scenario.plant);
  degrade_transmitter(devices, scenario);
  set_receiver(*devices.far_pmd, scenario);
}

}  // namespace lightlane::link
