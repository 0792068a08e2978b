#include "lightlane/link/transmitter_measurement.hpp"

#include <algorithm>
#include <cmath>

#include "lightlane/base/error.hpp"
#include "lightlane/link/lane_chain.hpp"
#include "lightlane/link/nrz_measurement.hpp"
#include "lightlane/math/elementary.hpp"
#include "lightlane/math/response.hpp"
#include "lightlane/measure/oma.hpp"
#include "lightlane/measure/waveform_filter.hpp"
#include "lightlane/pma/patterns.hpp"

namespace lightlane::link {
namespace {

constexpr std::size_t noise_symbols = 8192;  ///< over which DAC noise and jitter are averaged
constexpr int histogram_bins = 160;
constexpr double dbm_w = 1e-3;

double limit_or(const catalog::Limit& limit, double otherwise) { return limit ? limit->value : otherwise; }

/// The lane's transmitter and nothing but dispersion and differential group delay behind it.
LaneSetup bare(const LaneSetup& setup, double dispersion_ps_nm, double dgd_ps) {
  LaneSetup out = setup;
  optics::PlantConfig plant;
  plant.wavelength_nm = setup.wavelength_nm;
  plant.segments = {setup.plant.segments.front()};
  plant.segments[0].length_m = 0;
  plant.joints = {optics::JointConfig{0, -200}, optics::JointConfig{0, -200}};
  plant.tx_reflectance_db = plant.rx_reflectance_db = -200;
  plant.override_dispersion = true;
  plant.total_dispersion_ps_nm = dispersion_ps_nm;
  plant.dgd_ps = dgd_ps;
  out.plant = plant;
  return out;
}

/// 20 % to 80 % of one edge of a cyclic waveform, in samples: linear between samples.
double edge_samples(const std::vector<float>& w, std::size_t from, double low_w, double high_w) {
  const auto crossing = [&](double level_w) {
    for (std::size_t i = from; i < from + w.size(); ++i) {
      const double a = static_cast<double>(w[i % w.size()]), b = static_cast<double>(w[(i + 1) % w.size()]);
      if ((a - level_w) * (b - level_w) <= 0 && a != b) return static_cast<double>(i) + (level_w - a) / (b - a);
    }
    return 0.0;
  };
  const double swing = high_w - low_w;
  return std::abs(crossing(low_w + 0.8 * swing) - crossing(low_w + 0.2 * swing));
}

signal::Levels around(const std::vector<std::uint8_t>& pattern, signal::Halo halo, std::size_t count) {
  signal::Levels window;
  window.first_index = -static_cast<std::int64_t>(halo.before);
  window.level.reserve(halo.before + count + halo.after);
  const std::size_t n = pattern.size();
  for (std::size_t i = 0; i < halo.before + count + halo.after; ++i) {
    window.level.push_back(pattern[(i + n - halo.before % n) % n]);
  }
  return window;
}

/// Mean square of what DAC noise and jitter do behind the reference filter [W^2].
double transmitter_noise(const LaneSetup& setup, const std::vector<std::uint8_t>& pattern, double bandwidth_ghz) {
  if (setup.tx.dac.enob <= 0 && setup.tx.jitter.random_fs <= 0) return 0;
  const LaneChain chain(setup, 1, measurement_samples_per_ui);
  const signal::Levels window = around(pattern, chain.power_halo(), std::min(noise_symbols, pattern.size()));
  signal::Power clean, noisy;
  chain.power(window, false, false, clean);
  chain.power(window, true, false, noisy);
  std::vector<float> difference(clean.w.size());
  for (std::size_t i = 0; i < difference.size(); ++i) difference[i] = noisy.w[i] - clean.w[i];
  const std::vector<float> filtered = measure::bessel_thomson_filtered(difference, measurement_samples_per_ui,
                                                                       setup.tx.symbol_rate_gbd.value(), bandwidth_ghz);
  double sum = 0;
  std::size_t count = 0;
  for (std::size_t i = measurement_samples_per_ui / 2; i < filtered.size(); i += measurement_samples_per_ui, ++count) {
    sum += static_cast<double>(filtered[i]) * static_cast<double>(filtered[i]);
  }
  return sum / static_cast<double>(count);
}

/// RIN of the four levels behind the reference filter: mean square [W^2].
double rin_noise(const LaneSetup& setup, const std::array<double, 4>& level_w, double bandwidth_ghz) {
  const double density = math::from_db(setup.tx.rin_db_per_hz);
  const bool pam4 = setup.tx.modulation == signal::Modulation::pam4;
  double square = 0;
  for (std::size_t k = 0; k < 4; ++k) {
    if (!pam4 && (k == 1 || k == 2)) continue;
    square += level_w[k] * level_w[k] / (pam4 ? 4 : 2);
  }
  return square * density * bandwidth_ghz * 1e9 * math::bessel_thomson4_noise_bandwidth;
}

/// Takes the transmitter's own noise off the noise that may be added.
void take_noise(double noise_w2, measure::TdecqResult& result) {
  if (result.closed) return;
  const double left = result.noise_w * result.noise_w - noise_w2;
  const double without = result.tdecq_db;
  if (!(left > 0)) {
    result.closed = true;
    return;
  }
  result.noise_w = std::sqrt(left);
  result.tdecq_db = math::to_db(result.oma_outer_w / (6 * 3.414 * result.noise_w));
  result.causes.noise_db += result.tdecq_db - without;
}

void measure_pam4(const LaneSetup& setup, const catalog::Pmd& pmd, int lane, const std::vector<std::uint8_t>& levels,
                  TransmitterMeasurement& m, std::vector<float>& worst_waveform) {
  const measure::TdecqConfig config = tdecq_config(pmd, setup.tx.symbol_rate_gbd.value(), measurement_samples_per_ui);
  const double bandwidth = config.reference_bandwidth_ghz > 0 ? config.reference_bandwidth_ghz : config.symbol_rate_gbd / 2;
  const std::array<double, 4> level_w = optics::Transmitter(setup.tx, measurement_samples_per_ui, 1, 0).report().level_w;
  const double noise = transmitter_noise(bare(setup, 0, 0), levels, bandwidth) + rin_noise(setup, level_w, bandwidth);
  const auto at = [&](double dispersion, std::vector<float>& waveform) {
    waveform = measured_waveform(setup, levels, dispersion);
    measure::TdecqResult result = measure::tdecq(waveform, levels, config);
    take_noise(noise, result);
    return result;
  };
  const auto value = [](const measure::TdecqResult& r) { return r.closed ? INFINITY : r.tdecq_db; };
  std::vector<float> waveform;
  for (const double dispersion : dispersion_extremes(pmd, lane)) {
    measure::TdecqResult result = at(dispersion, waveform);
    if (m.tdecq && value(result) <= value(*m.tdecq)) continue;
    m.tdecq = std::move(result);
    m.dispersion_ps_nm = dispersion;
    worst_waveform = std::move(waveform);
  }
  m.tecq = m.dispersion_ps_nm == 0 ? m.tdecq : at(0, waveform);
  const measure::TdecqResult& at_tp2 = *m.tecq;  // powers are those of the transmitter itself
  m.oma_outer_dbm = math::to_db(at_tp2.oma_outer_w / dbm_w);
  m.average_power_dbm = math::to_db(at_tp2.pave_w / dbm_w);
  m.extinction_ratio_db = at_tp2.er_db;
  m.rlm = measure::level_mismatch_120d(level_w);
  m.overshoot_pct = std::max(at_tp2.overshoot_pct, m.tdecq->overshoot_pct);
  m.undershoot_pct = std::max(at_tp2.undershoot_pct, m.tdecq->undershoot_pct);
  m.power_excursion_dbm = math::to_db(at_tp2.transmitter_power_excursion_w / dbm_w);
  m.transition_time_ps = transition_time_ps(setup, bandwidth);
}

/// y(t) = sum_j taps[j] x(t + (main - j) UI), cyclic.
std::vector<float> equalized(const std::vector<float>& x, const measure::TdecqResult& receiver) {
  const auto n = static_cast<std::int64_t>(x.size());
  std::vector<float> y(x.size(), 0.f);
  for (std::size_t j = 0; j < receiver.taps.size(); ++j) {
    const std::int64_t shift = (receiver.main_tap - static_cast<std::int64_t>(j)) * measurement_samples_per_ui;
    const auto tap = static_cast<float>(receiver.taps[j]);
    for (std::int64_t i = 0; i < n; ++i) y[static_cast<std::size_t>(i)] += tap * x[static_cast<std::size_t>(((i + shift) % n + n) % n)];
  }
  return y;
}

std::vector<double> histogram(const measure::PhaseSampler& sampler, double phase_ui, const measure::TdecqConfig& config,
                              double low_w, double high_w) {
  constexpr int phases = 5;
  std::vector<double> bins(histogram_bins, 0.0);
  std::vector<float> samples;
  std::size_t count = 0;
  for (int p = 0; p < phases; ++p) {
    const double within = (static_cast<double>(p) / (phases - 1) - 0.5) * config.histogram_width_ui;
    sampler.sample(phase_ui + within, samples);
    for (const float s : samples) {
      const double position = (static_cast<double>(s) - low_w) / (high_w - low_w) * histogram_bins;
      if (position >= 0 && position < histogram_bins) bins[static_cast<std::size_t>(position)] += 1;
    }
    count += samples.size();
  }
  for (double& bin : bins) bin /= static_cast<double>(count);
  return bins;
}

void draw_pam4(const LaneSetup& setup, const measure::TdecqConfig& config, const std::vector<std::uint8_t>& levels,
               const std::vector<float>& waveform, TransmitterMeasurement& m) {
  const double rate = setup.tx.symbol_rate_gbd.value();
  const double bandwidth = config.reference_bandwidth_ghz > 0 ? config.reference_bandwidth_ghz : rate / 2;
  const std::vector<float> filtered = measure::bessel_thomson_filtered(waveform, measurement_samples_per_ui, rate, bandwidth);
  measure::EyeConfig eye;
  eye.samples_per_ui = measurement_samples_per_ui;
  eye.rows = 96;
  eye.columns_per_ui = 48;
  m.eye = measure::measure_eye(filtered, levels, eye);
  if (m.tdecq->closed) return;
  const std::vector<float> behind = equalized(filtered, *m.tdecq);
  m.equalized_eye = measure::measure_eye(behind, levels, eye);
  const auto [low, high] = std::minmax_element(behind.begin(), behind.end());
  m.histograms.low_w = static_cast<double>(*low);
  m.histograms.high_w = static_cast<double>(*high);
  const measure::PhaseSampler sampler(behind, measurement_samples_per_ui, true);
  const double half = config.histogram_spacing_ui / 2;
  m.histograms.left = histogram(sampler, m.tdecq->phase_ui - half, config, m.histograms.low_w, m.histograms.high_w);
  m.histograms.right = histogram(sampler, m.tdecq->phase_ui + half, config, m.histograms.low_w, m.histograms.high_w);
}

}  // namespace

double transition_time_ps(const LaneSetup& setup, double bandwidth_ghz) {
  const std::vector<std::uint8_t> levels = pattern_levels("square");
  const double rate = setup.tx.symbol_rate_gbd.value();
  const std::vector<float> w = measure::bessel_thomson_filtered(measured_waveform(setup, levels, 0), measurement_samples_per_ui, rate,
                                                                bandwidth_ghz);
  // From the middle of one level to the middle of the other; levels are those of the steady ends.
  const std::size_t half = w.size() / 2, quarter = w.size() / 4;
  const bool high_first = w[quarter] > w[half + quarter];
  const std::size_t high = high_first ? quarter : half + quarter, low = high_first ? half + quarter : quarter;
  const double low_w = static_cast<double>(w[low]), high_w = static_cast<double>(w[high]);
  const double rise = edge_samples(w, low, low_w, high_w), fall = edge_samples(w, high, low_w, high_w);
  return std::max(rise, fall) / (measurement_samples_per_ui * rate) * 1e3;
}

measure::TdecqConfig tdecq_config(const catalog::Pmd& pmd, double symbol_rate_gbd, int samples_per_ui) {
  measure::TdecqConfig config;
  config.samples_per_ui = samples_per_ui;
  config.symbol_rate_gbd = symbol_rate_gbd;
  const catalog::MeasurementRules& rules = pmd.measurement;
  config.taps = static_cast<int>(limit_or(rules.reference_taps, config.taps));
  if (rules.reference_bandwidth_ratio) config.reference_bandwidth_ghz = rules.reference_bandwidth_ratio->value * symbol_rate_gbd;
  config.threshold_range = limit_or(rules.threshold_range, config.threshold_range);
  config.thresholds = config.threshold_range > 0 ? measure::ThresholdMode::adjusted : measure::ThresholdMode::nominal;
  config.target_ser = limit_or(rules.target_ser, config.target_ser);
  return config;
}

std::vector<double> dispersion_extremes(const catalog::Pmd& pmd, int lane) {
  if (pmd.fibre != catalog::FibreKind::single_mode) return {0};
  // Limits of the clause are those of all lanes; one lane's own wavelengths are a part of them.
  const double low = limit_or(pmd.channel.dispersion_min_ps_nm, -INFINITY), high = limit_or(pmd.channel.dispersion_max_ps_nm, INFINITY);
  double reach_km = 0;
  for (const catalog::Reach& reach : pmd.reach) reach_km = std::max(reach_km, reach.length_m.value / 1000);
  for (const catalog::Wavelength& w : pmd.wavelengths) {
    if (w.lane != lane || !w.min_nm || !w.max_nm || reach_km <= 0) continue;
    const auto total = [&](double nm, double zero_nm) { return optics::dispersion_ps_nm_km(nm, zero_nm, 0.093) * reach_km; };
    return {std::clamp(total(*w.min_nm, 1324), low, 0.0), std::clamp(total(*w.max_nm, 1300), 0.0, high)};
  }
  if (std::isfinite(low) && std::isfinite(high)) return {low, high};
  return {0};
}

LaneSetup back_to_back(const LaneSetup& setup, double attenuation_db) {
  LaneSetup out = bare(setup, 0, 0);
  out.plant.added_attenuation_db = attenuation_db;
  return out;
}

std::vector<std::uint8_t> pattern_levels(std::string_view name) {
  const pma::Pattern pattern = *pma::pattern_from_name(name);
  const pma::PatternInfo& info = pma::info(pattern);
  BitVector packed;
  pma::PatternGenerator(pma::PatternConfig{pattern, {}, 0, false}).generate(info.period, packed);
  const auto bits = static_cast<unsigned>(info.modulation);
  std::vector<std::uint8_t> levels(info.period);
  for (std::size_t i = 0; i < levels.size(); ++i) levels[i] = static_cast<std::uint8_t>(packed.read(i * bits, bits));
  return levels;
}

std::vector<float> measured_waveform(const LaneSetup& setup, const std::vector<std::uint8_t>& levels, double dispersion_ps_nm,
                                     double dgd_ps) {
  const LaneChain chain(bare(setup, dispersion_ps_nm, dgd_ps), 1, measurement_samples_per_ui);
  signal::Power power;
  chain.power(around(levels, chain.power_halo(), levels.size()), false, false, power);
  return std::move(power.w);
}

TransmitterMeasurement measure_transmitter(const LaneSetup& setup, const catalog::Pmd& pmd, int lane, bool pictures) {
  TransmitterMeasurement m;
  m.pam4 = setup.tx.modulation == signal::Modulation::pam4;
  const double half_oma = dbm_w * math::from_db(setup.tx.oma_outer_dbm) / 2;
  const std::array<double, 4> level_w = optics::Transmitter(setup.tx, measurement_samples_per_ui, 1, 0).report().level_w;
  // Noise of the outer levels over the electrical power of their square wave, per hertz.
  const double mean_square = (level_w[0] * level_w[0] + level_w[3] * level_w[3]) / 2;
  m.rin_oma_db_per_hz = setup.tx.rin_db_per_hz + math::to_db(mean_square / (half_oma * half_oma));
  if (!m.pam4) {
    measure_nrz(setup, pmd, lane, pictures, m);
    return m;
  }
  m.pattern = "ssprq";
  const std::vector<std::uint8_t> levels = pattern_levels(m.pattern);
  std::vector<float> waveform;
  measure_pam4(setup, pmd, lane, levels, m, waveform);
  if (pictures) {
    draw_pam4(setup, tdecq_config(pmd, setup.tx.symbol_rate_gbd.value(), measurement_samples_per_ui), levels, waveform, m);
  }
  return m;
}

}  // namespace lightlane::link
