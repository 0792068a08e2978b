#include "lightlane/link/nrz_measurement.hpp"

#include <algorithm>
#include <cmath>

#include "lightlane/math/elementary.hpp"
#include "lightlane/measure/waveform_filter.hpp"

namespace lightlane::link {
namespace {

constexpr const char* pattern = "prbs15";

double bandwidth_ghz(const LaneSetup& setup, const catalog::Pmd& pmd) {
  const double ratio = pmd.measurement.reference_bandwidth_ratio ? pmd.measurement.reference_bandwidth_ratio->value : 0.75;
  return ratio * setup.tx.symbol_rate_gbd.value();
}

std::vector<float> filtered_waveform(const LaneSetup& setup, const catalog::Pmd& pmd, const std::vector<std::uint8_t>& levels,
                                     double dispersion_ps_nm, double dgd_ps = 0) {
  return measure::bessel_thomson_filtered(measured_waveform(setup, levels, dispersion_ps_nm, dgd_ps), measurement_samples_per_ui,
                                          setup.tx.symbol_rate_gbd.value(), bandwidth_ghz(setup, pmd));
}

double rin_noise_w(const LaneSetup& setup, double zero_w, double one_w, double bandwidth) {
  const double square = (zero_w * zero_w + one_w * one_w) / 2;
  return std::sqrt(square * math::from_db(setup.tx.rin_db_per_hz) * bandwidth * 1e9 * math::bessel_thomson4_noise_bandwidth);
}

measure::EyeMask mask_of(const catalog::EyeMask& from) {
  measure::EyeMask mask;
  const auto take = [](const catalog::Limit& limit, double& to) {
    if (limit) to = limit->value;
  };
  take(from.x1_ui, mask.x1);
  take(from.x2_ui, mask.x2);
  take(from.x3_ui, mask.x3);
  take(from.y1, mask.y1);
  take(from.y2, mask.y2);
  take(from.y3, mask.y3);
  take(from.hit_ratio, mask.hit_ratio);
  return mask;
}

}  // namespace

measure::NoiseLoadingConfig nrz_penalty_config(const catalog::Pmd& pmd) {
  const bool tdec = pmd.tx.penalty_metric == catalog::PenaltyMetric::tdec;
  measure::NoiseLoadingConfig config = tdec ? measure::tdec_config : measure::tdp_config;
  const catalog::Limit& ber = pmd.measurement.target_ber ? pmd.measurement.target_ber : pmd.rx.sensitivity_ber;
  if (ber) {
    config.ber = ber->value;
    config.q = math::normal_tail_inverse(ber->value);
  }
  return config;
}

NrzPenalty nrz_penalty(const LaneSetup& setup, const catalog::Pmd& pmd, double dispersion_ps_nm, double dgd_ps) {
  const std::vector<std::uint8_t> levels = pattern_levels(pattern);
  const std::vector<float> power = filtered_waveform(setup, pmd, levels, dispersion_ps_nm, dgd_ps);
  NrzPenalty out;
  out.config = nrz_penalty_config(pmd);
  const measure::NoiseLoadingResult result = measure::measure_noise_loading(power, levels, measurement_samples_per_ui, out.config);
  out.penalty_db = result.closed ? INFINITY : result.penalty_db;
  out.noise_w = result.closed ? 0 : result.noise_w;
  const measure::NrzPower launch = measure::measure_nrz_power(power, levels, measurement_samples_per_ui);
  out.oma_w = launch.oma_w;
  out.pave_w = launch.pave_w;
  out.er_db = launch.er_db;
  out.phase_ui = measure::measure_eye_mask(power, levels, measurement_samples_per_ui).crossing_ui;
  return out;
}

void measure_nrz(const LaneSetup& setup, const catalog::Pmd& pmd, int lane, bool pictures, TransmitterMeasurement& m) {
  m.pattern = pattern;
  const std::vector<std::uint8_t> levels = pattern_levels(pattern);
  const double bandwidth = bandwidth_ghz(setup, pmd);
  const std::vector<float> at_tp2 = filtered_waveform(setup, pmd, levels, 0);
  const measure::NrzPower power = measure::measure_nrz_power(at_tp2, levels, measurement_samples_per_ui);
  m.oma_outer_dbm = math::to_db(power.oma_w / 1e-3);
  m.average_power_dbm = math::to_db(power.pave_w / 1e-3);
  m.extinction_ratio_db = power.er_db;
  m.rlm = 1;
  measure::NoiseLoadingConfig config = nrz_penalty_config(pmd);
  config.noise_w = rin_noise_w(setup, power.zero_w, power.one_w, bandwidth);
  for (const double dispersion : dispersion_extremes(pmd, lane)) {
    const std::vector<float> waveform = dispersion == 0 ? at_tp2 : filtered_waveform(setup, pmd, levels, dispersion);
    const measure::NoiseLoadingResult result = measure::measure_noise_loading(waveform, levels, measurement_samples_per_ui, config);
    const double penalty = result.closed ? INFINITY : result.penalty_db;
    if (m.penalty_db && penalty <= *m.penalty_db) continue;
    m.penalty_db = penalty;
    m.dispersion_ps_nm = dispersion;
  }
  m.mask_margin = measure::measure_eye_mask(at_tp2, levels, measurement_samples_per_ui, mask_of(pmd.eye_mask), config.noise_w).margin;
  if (!pictures) return;
  measure::EyeConfig eye;
  eye.samples_per_ui = measurement_samples_per_ui;
  eye.modulation = signal::Modulation::nrz;
  eye.rows = 96;
  eye.columns_per_ui = 48;
  eye.noise_w = config.noise_w;
  m.eye = measure::measure_eye(at_tp2, levels, eye);
}

void nrz_limit_receiver(const LaneChain& chain, const catalog::Pmd& pmd, double gain_a_per_w, LimitReceiver& receiver) {
  const optics::PlantReport& plant = chain.plant().report();
  const NrzPenalty penalty = nrz_penalty(chain.setup(), pmd, plant.dispersion_ps_nm, plant.dgd_ps);
  rxdsp::FrozenEqualizer& e = receiver.equalizer;
  e.modulation = signal::Modulation::nrz;
  e.offset_a = penalty.pave_w * gain_a_per_w;
  e.ffe = {static_cast<float>(1 / (penalty.oma_w / 2 * gain_a_per_w))};
  e.ffe_before = 0;
  e.thresholds = {0, 0, 0};
  e.levels = {-1, 0, 0, 1};
  receiver.target_ser = penalty.config.ber;
  receiver.early_middle_ui = penalty.phase_ui - penalty.config.offset_ui;
  receiver.late_middle_ui = penalty.phase_ui + penalty.config.offset_ui;
  receiver.largest_noise_w = penalty.noise_w;
  if (plant.dgd_ps > 0 && penalty.noise_w > 0) {
    receiver.dgd_db = math::to_db(nrz_penalty(chain.setup(), pmd, plant.dispersion_ps_nm).noise_w / penalty.noise_w);
  }
}

}  // namespace lightlane::link
