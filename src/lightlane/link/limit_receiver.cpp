#include "lightlane/link/limit_receiver.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "lightlane/link/interference.hpp"
#include "lightlane/link/nrz_measurement.hpp"
#include "lightlane/link/statistical_engine.hpp"
#include "lightlane/link/transmitter_measurement.hpp"
#include "lightlane/math/elementary.hpp"

namespace lightlane::link {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// Taps, thresholds and levels of TDECQ for currents: outer levels at -1 and +1.
rxdsp::FrozenEqualizer to_equalizer(const measure::TdecqResult& r, double gain_a_per_w) {
  rxdsp::FrozenEqualizer e;
  const double half = r.oma_outer_w / 2;
  e.offset_a = r.pave_w * gain_a_per_w;
  e.ffe_before = static_cast<int>(r.taps.size()) - 1 - r.main_tap;
  for (auto tap = r.taps.rbegin(); tap != r.taps.rend(); ++tap) {
    e.ffe.push_back(static_cast<float>(*tap / (half * gain_a_per_w)));
  }
  for (std::size_t k = 0; k < 3; ++k) e.thresholds[k] = static_cast<float>((r.thresholds_w[k] - r.pave_w) / half);
  return e;
}

void pam4_receiver(const LaneChain& chain, const catalog::Pmd& pmd, double gain_a_per_w, LimitReceiver& receiver) {
  const LaneSetup& setup = chain.setup();
  const optics::PlantReport& plant = chain.plant().report();
  const std::vector<std::uint8_t> levels = pattern_levels("ssprq");
  const measure::TdecqConfig config = tdecq_config(pmd, setup.tx.symbol_rate_gbd.value(), measurement_samples_per_ui);
  const auto at = [&](double dgd_ps) {
    return measure::tdecq(measured_waveform(setup, levels, plant.dispersion_ps_nm, dgd_ps), levels, config);
  };
  const measure::TdecqResult result = at(plant.dgd_ps);
  receiver.equalizer = to_equalizer(result, gain_a_per_w);
  receiver.target_ser = config.target_ser;
  receiver.early_middle_ui = result.phase_ui - config.histogram_spacing_ui / 2;
  receiver.late_middle_ui = result.phase_ui + config.histogram_spacing_ui / 2;
  if (result.closed) return;
  receiver.largest_noise_w = result.noise_w;
  if (plant.dgd_ps > 0) receiver.dgd_db = math::to_db(at(0).noise_w / result.noise_w);
}

/// Mean over the pattern.
double mean(const std::vector<float>& values) {
  if (values.empty()) return 0;
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// Attenuation at which the noise of the receiver and of the light is the largest that is allowed. Amplitudes fall by s,
/// parts of the noise power by 1, s and s^2.
double attenuation_for_noise(const LaneModel& model, double largest_noise_a) {
  const double constant = model.constant_noise_a2 + crosstalk_noise_a2(model, 1), linear = mean(model.linear_noise_a2);
  const double rest = largest_noise_a * largest_noise_a - mean(model.quadratic_noise_a2) - mean(model.transmitter_noise_a2);
  if (!(rest > 0)) return -infinity;
  const double scale = (linear + std::sqrt(linear * linear + 4 * rest * constant)) / (2 * rest);
  return -math::to_db(scale);
}

/// Attenuation at which random data have the symbol error ratio, by secants on the scale of Q.
double attenuation_for_ser(const LaneModel& model, const rxdsp::FrozenEqualizer& equalizer, double ser) {
  constexpr double reach_db = 30, tolerance_db = 1e-4;
  const auto excess = [&](double attenuation_db) {
    const double here = evaluate(model, behind_attenuation(equalizer, attenuation_db), attenuation_db).ser;
    return math::normal_tail_inverse(std::clamp(here, 1e-300, 0.49)) - math::normal_tail_inverse(ser);
  };
  double low = -reach_db, high = reach_db, at = 0, here = excess(at), slope = -0.5;
  for (int i = 0; i < 40; ++i) {
    (here > 0 ? low : high) = at;
    double next = at - here / slope;
    if (!(next > low && next < high)) next = (low + high) / 2;
    if (std::fabs(next - at) < tolerance_db) break;
    const double there = excess(next);
    if ((there - here) / (next - at) < -1e-6) slope = (there - here) / (next - at);
    at = next;
    here = there;
  }
  return at < -0.99 * reach_db ? -infinity : at;
}

}  // namespace

LimitReceiver limit_receiver(const LaneChain& chain, const catalog::Pmd& pmd) {
  const double gain = math::from_db(-chain.plant().report().loss_db) * chain.receiver().gain_a_per_w();
  LimitReceiver receiver;
  if (pmd.modulation == catalog::LineCode::pam4) {
    pam4_receiver(chain, pmd, gain, receiver);
  } else {
    nrz_limit_receiver(chain, pmd, gain, receiver);
  }
  return receiver;
}

LimitMargin limit_margin(const LaneChain& chain, const LaneModel& model, const LimitReceiver& receiver) {
  LimitMargin margin;
  margin.dgd_db = receiver.dgd_db;
  margin.margin_db = -infinity;
  if (!(receiver.largest_noise_w > 0)) return margin;
  const double gain = math::from_db(-chain.plant().report().loss_db) * chain.receiver().gain_a_per_w();
  margin.margin_db = attenuation_for_noise(model, receiver.largest_noise_w * gain);
  if (model.reflections.empty() && model.crosstalk.empty()) return margin;
  LaneModel undisturbed = model;
  undisturbed.reflections.clear();
  undisturbed.crosstalk.clear();
  margin.interference_db = attenuation_for_ser(undisturbed, receiver.equalizer, receiver.target_ser) -
                           attenuation_for_ser(model, receiver.equalizer, receiver.target_ser);
  margin.margin_db -= margin.interference_db;
  return margin;
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

}  // namespace lightlane::link
