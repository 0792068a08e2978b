#include "lightlane/link/limit_corner.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "lightlane/base/error.hpp"
#include "lightlane/base/parallel.hpp"
#include "lightlane/link/lane_extraction.hpp"
#include "lightlane/link/nrz_measurement.hpp"
#include "lightlane/link/scenario_keys.hpp"
#include "lightlane/link/statistical_engine.hpp"
#include "lightlane/link/transmitter_measurement.hpp"
#include "lightlane/math/elementary.hpp"
#include "lightlane/math/response.hpp"

namespace lightlane::link {
namespace {

constexpr double pam4_q = 3.414;           ///< Q of the symbol error ratio 4.8e-4 (802.3 121.8.5.3)
constexpr int limit_connectors = 4;        ///< a default: two patch panels
constexpr double noise_responsivity = 2;   ///< high, so that shot noise is a small part of the limit's noise
constexpr double elementary_charge_c = 1.602176634e-19;
constexpr int phases_in_window = 5;

bool is_pam4(const catalog::Pmd& pmd) { return pmd.modulation == catalog::LineCode::pam4; }

/// Sensitivity of a receiver for a signal without penalty.
const catalog::Limit& clean_sensitivity(const catalog::Pmd& pmd) {
  return pmd.rx.sensitivity_oma_secq_offset_dbm ? pmd.rx.sensitivity_oma_secq_offset_dbm : pmd.rx.sensitivity_oma_fixed_dbm;
}

double bandwidth_ratio(const catalog::Pmd& pmd) {
  if (pmd.measurement.reference_bandwidth_ratio) return pmd.measurement.reference_bandwidth_ratio->value;
  return is_pam4(pmd) ? 0.5 : 0.75;
}

void set_transmitter(const catalog::Pmd& pmd, Scenario::Tx& tx) {
  optics::TransmitterConfig c;
  c.oma_outer_dbm = pmd.tx.oma_minus_tdecq_min_dbm->value + pmd.tx.tdecq_max_db->value;
  if (pmd.tx.oma_outer_min_dbm) c.oma_outer_dbm = std::max(c.oma_outer_dbm, pmd.tx.oma_outer_min_dbm->value);
  c.extinction_ratio_db = pmd.tx.er_min_db->value;
  c.rin_db_per_hz = -200;
  c.dac.bits = 0;
  c.dac.enob = 0;
  c.driver.bandwidth_ghz = 0;
  c.modulator.bandwidth_ghz = 0;
  c.modulator.static_extinction_db = 60;
  c.modulator.predistort = true;
  tx.config = c;
  tx.level_error.clear();
  tx.lane_oma_offset_db.clear();
  tx.spread = 0;
}

void set_plant(const catalog::Pmd& pmd, Scenario::Plant& plant) {
  const std::string fibre = plant.fibre;
  plant = Scenario::Plant();
  plant.fibre = fibre;
  plant.length_m = 0;
  for (const catalog::Reach& reach : pmd.reach) plant.length_m = std::max(plant.length_m, reach.length_m.value);
  plant.attenuation_db_per_km = 0;  // all of the loss stands in the connectors, the same for every wavelength
  plant.connectors = limit_connectors;
  plant.connector_loss_db = pmd.channel.insertion_loss_max_db->value / limit_connectors;
  const catalog::Limit& reflectance = pmd.channel.discrete_reflectance_max(limit_connectors);
  plant.connector_reflectance_db = reflectance ? reflectance->value : -200;
  plant.tx_reflectance_db = pmd.tx.reflectance_max_db ? pmd.tx.reflectance_max_db->value : -200;
  plant.rx_reflectance_db = pmd.rx.reflectance_max_db ? pmd.rx.reflectance_max_db->value : -200;
  plant.dgd_ps = {pmd.channel.dgd_max_ps ? pmd.channel.dgd_max_ps->value : 0.0};
  if (pmd.fibre == catalog::FibreKind::multimode) {
    plant.interference = false;
    plant.modal_bandwidth_mhz_km = 1e6;  // the clause's reference filter stands for the fibre
  }
}

void set_receiver(const catalog::Pmd& pmd, double far_loss_db, Scenario& scenario) {
  const double rate = structure_of(scenario).symbol_rate_gbd().value();
  optics::PhotoreceiverConfig c;
  c.responsivity_a_per_w = noise_responsivity;
  c.bandwidth_ghz = bandwidth_ratio(pmd) * rate;
  const double ber = pmd.rx.sensitivity_ber ? pmd.rx.sensitivity_ber->value : 1e-12;
  const double q = is_pam4(pmd) ? pam4_q : math::normal_tail_inverse(ber);
  const double noise_w = 1e-3 * math::from_db(clean_sensitivity(pmd)->value) / ((is_pam4(pmd) ? 6 : 2) * q);
  const double bandwidth_hz = c.bandwidth_ghz * 1e9 * math::bessel_thomson4_noise_bandwidth;
  // The limit's noise is all there is: what shot noise of the mean power brings along is taken off the amplifier's.
  const double ratio = math::from_db(scenario.tx.config.extinction_ratio_db);
  const double mean_w = 1e-3 * math::from_db(scenario.tx.config.oma_outer_dbm - far_loss_db) * (ratio + 1) / (2 * (ratio - 1));
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

/// Penalty of the lane over a dispersion, without noise of its own; infinite where the eye is closed.
double penalty_db(const LaneSetup& setup, const catalog::Pmd& pmd, double dispersion_ps_nm) {
  if (!is_pam4(pmd)) return nrz_penalty(setup, pmd, dispersion_ps_nm).penalty_db;
  const std::vector<std::uint8_t> levels = pattern_levels("ssprq");
  const measure::TdecqConfig config = tdecq_config(pmd, setup.tx.symbol_rate_gbd.value(), measurement_samples_per_ui);
  const measure::TdecqResult result = measure::tdecq(measured_waveform(setup, levels, dispersion_ps_nm), levels, config);
  return result.closed ? INFINITY : result.tdecq_db;
}

/// The worse extreme of each lane, and the penalty there.
struct Extreme {
  double dispersion_ps_nm = 0, penalty_db = 0;
};
Extreme worse_extreme(const LaneSetup& setup, const catalog::Pmd& pmd, int lane) {
  Extreme worst{0, -1};
  for (const double dispersion : dispersion_extremes(pmd, lane)) {
    const double penalty = penalty_db(setup, pmd, dispersion);
    if (penalty > worst.penalty_db) worst = {dispersion, penalty};
  }
  return worst;
}

/// Bandwidth of the low-pass at which the worst lane has the largest penalty that is allowed.
void degrade_transmitter(const catalog::Pmd& pmd, Scenario& scenario) {
  const Structure& structure = structure_of(scenario);
  const double rate = structure.symbol_rate_gbd().value(), target = pmd.tx.tdecq_max_db->value;
  double& bandwidth = scenario.tx.config.dac.bandwidth_ghz;
  bandwidth = 0.4 * rate;
  // Which lane and extreme is worst does not depend on how much the low-pass adds to them.
  std::vector<Extreme> extremes(static_cast<std::size_t>(structure.line_lanes));
  scenario.plant.dispersion_ps_nm = {0};
  parallel_for(extremes.size(), [&](std::size_t l) {
    extremes[l] = worse_extreme(lane_setup(scenario, structure, l), pmd, static_cast<int>(scenario.place.first_lane + l));
  });
  scenario.plant.dispersion_ps_nm.clear();
  for (const Extreme& e : extremes) scenario.plant.dispersion_ps_nm.push_back(e.dispersion_ps_nm);
  const auto worst = std::max_element(extremes.begin(), extremes.end(),
                                      [](const Extreme& a, const Extreme& b) { return a.penalty_db < b.penalty_db; });
  const auto lane = static_cast<std::size_t>(worst - extremes.begin());
  double low = 0.12 * rate, high = 1.5 * rate;
  for (int i = 0; i < 12 && high / low > 1.0005; ++i) {
    bandwidth = std::sqrt(low * high);
    (penalty_db(lane_setup(scenario, structure, lane), pmd, worst->dispersion_ps_nm) > target ? low : high) = bandwidth;
  }
  bandwidth = high;
}

rxdsp::FrozenEqualizer to_equalizer(const measure::TdecqResult& r, double gain_a_per_w) {
  rxdsp::FrozenEqualizer e;
  const double half = r.oma_outer_w / 2;  // equalised samples: outer levels at -1 and +1
  e.offset_a = r.pave_w * gain_a_per_w;
  e.ffe_before = static_cast<int>(r.taps.size()) - 1 - r.main_tap;
  for (auto tap = r.taps.rbegin(); tap != r.taps.rend(); ++tap) e.ffe.push_back(static_cast<float>(*tap / (half * gain_a_per_w)));
  for (std::size_t k = 0; k < 3; ++k) e.thresholds[k] = static_cast<float>((r.thresholds_w[k] - r.pave_w) / half);
  return e;
}

std::vector<double> window(double middle_ui, double width_ui) {
  std::vector<double> phases;
  for (int p = 0; p < phases_in_window; ++p) {
    phases.push_back(middle_ui + width_ui * ((p + 0.5) / phases_in_window - 0.5));
  }
  return phases;
}

/// Mean symbol error ratio over a window.
double window_ser(std::span<const LaneModel> models, const rxdsp::FrozenEqualizer& equalizer, double attenuation_db) {
  double sum = 0;
  for (const LaneModel& model : models) sum += evaluate(model, equalizer, attenuation_db).ser;
  return sum / static_cast<double>(models.size());
}

}  // namespace

std::vector<std::string> missing_for_limits(const catalog::Pmd& pmd, const catalog::Pmd& far_pmd) {
  std::vector<std::string> missing;
  const auto need = [&](const catalog::Limit& limit, const char* name) {
    if (!limit) missing.push_back(name);
  };
  need(pmd.tx.oma_minus_tdecq_min_dbm, "tx.oma_minus_tdecq_min_dbm");
  need(pmd.tx.tdecq_max_db, "tx.tdecq_max_db");
  need(pmd.tx.er_min_db, "tx.er_min_db");
  need(pmd.channel.insertion_loss_max_db, "channel.insertion_loss_max_db");
  need(clean_sensitivity(far_pmd), "rx.sensitivity_oma_secq_offset_dbm");
  if (pmd.wavelengths.empty()) missing.push_back("wavelengths");
  return missing;
}

void apply_limits(const Devices& devices, Scenario& scenario) {
  const std::vector<std::string> missing = missing_for_limits(*devices.pmd, *devices.far_pmd);
  if (!missing.empty()) {
    throw ConfigError({"link.corner", fmt::format("is \"limits\", but {} of {} {} not known", fmt::join(missing, ", "),
                                                  devices.pmd->id, missing.size() == 1 ? "is" : "are"),
                       "typical", "a limit that nobody knows is not invented"});
  }
  set_transmitter(*devices.pmd, scenario.tx);
  set_plant(*devices.pmd, scenario.plant);
  set_receiver(*devices.far_pmd, devices.pmd->channel.insertion_loss_max_db->value, scenario);
  degrade_transmitter(*devices.pmd, scenario);
}

LimitReceiver limit_receiver(const LaneChain& chain, const catalog::Pmd& pmd) {
  const LaneSetup& setup = chain.setup();
  const double gain = math::from_db(-chain.plant().report().loss_db) * chain.receiver().gain_a_per_w();
  LimitReceiver receiver;
  if (!is_pam4(pmd)) {
    nrz_limit_receiver(setup, pmd, gain, receiver);
    return receiver;
  }
  const std::vector<std::uint8_t> levels = pattern_levels("ssprq");
  const measure::TdecqConfig config = tdecq_config(pmd, setup.tx.symbol_rate_gbd.value(), measurement_samples_per_ui);
  const measure::TdecqResult result =
      measure::tdecq(measured_waveform(setup, levels, setup.plant.total_dispersion_ps_nm, setup.plant.dgd_ps), levels, config);
  receiver.equalizer = to_equalizer(result, gain);
  receiver.target_ser = config.target_ser;
  const double half = config.histogram_spacing_ui / 2;
  receiver.early_middle_ui = result.phase_ui - half;
  receiver.late_middle_ui = result.phase_ui + half;
  receiver.early_ui = window(receiver.early_middle_ui, config.histogram_width_ui);
  receiver.late_ui = window(receiver.late_middle_ui, config.histogram_width_ui);
  return receiver;
}

rxdsp::FrozenEqualizer behind_attenuation(const rxdsp::FrozenEqualizer& equalizer, double attenuation_db) {
  rxdsp::FrozenEqualizer scaled = equalizer;
  const double factor = math::from_db(attenuation_db);
  for (float& tap : scaled.ffe) tap = static_cast<float>(static_cast<double>(tap) * factor);
  scaled.offset_a /= factor;
  scaled.adc_full_scale_a /= factor;
  scaled.adc_step_a /= factor;
  return scaled;
}

double limit_margin_db(const LaneChain& chain, const LimitReceiver& receiver) {
  std::vector<LaneModel> early, late;
  for (const double phase : receiver.early_ui) early.push_back(extract(chain, phase, {}, 0, 0));
  for (const double phase : receiver.late_ui) late.push_back(extract(chain, phase, {}, 0, 0));
  double low = -10, high = 10;
  for (int i = 0; i < 30; ++i) {
    const double attenuation = (low + high) / 2;
    const rxdsp::FrozenEqualizer equalizer = behind_attenuation(receiver.equalizer, attenuation);
    const double ser = std::max(window_ser(early, equalizer, attenuation), window_ser(late, equalizer, attenuation));
    (ser <= receiver.target_ser ? low : high) = attenuation;
  }
  return (low + high) / 2;
}

}  // namespace lightlane::link
