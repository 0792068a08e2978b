#include "lightlane/link/lane_model_pattern.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "lightlane/link/statistical_engine_kernels.hpp"
#include "lightlane/math/linear_solve.hpp"

namespace lightlane::link::detail {
namespace {

constexpr double unheard_correlation = 1e-4;  // neighbouring taps turn it into less than that of the variance
constexpr std::size_t most_lags = 140;        // between symbols whose responses are fitted together

/// out[n] += sum over k of c[k] x[n + k].
void accumulate(const double* x, std::span<const double> c, std::span<double> out) noexcept {
  statistical_kernels().accumulate(x, c.data(), c.size(), out.data(), out.size());
}

template <class Value>
Cyclic scaled_cyclic(const std::vector<Value>& values, double factor, double shift = 0) {
  std::vector<double> result(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) result[i] = factor * static_cast<double>(values[i]) + shift;
  return Cyclic(std::move(result));
}

bool any_positive(const std::vector<float>& values) noexcept {
  return std::any_of(values.begin(), values.end(), [](float v) { return v > 0; });
}

constexpr double white[] = {1.0};
std::span<const double> correlation_of(const std::vector<double>& correlation) noexcept {
  return correlation.empty() ? std::span<const double>(white) : std::span<const double>(correlation);
}

double mean_product(const Cyclic& x, std::size_t lag) noexcept {
  const double* const a = x.at(0);
  double sum = 0;
  for (std::size_t n = 0; n < x.period(); ++n) sum += a[n] * a[n + lag];
  return sum / static_cast<double>(x.period());
}

bool holds_every_neighbourhood_once(const LaneModel& model) noexcept {
  std::size_t count = 1;
  const auto levels = static_cast<std::size_t>(level_count(model.modulation));
  for (int i = 0; i < neighbourhood(model.modulation).symbols(); ++i) count *= levels;
  return model.levels.size() == count;
}

}  // namespace

Cyclic::Cyclic(std::vector<double> period) : values_(period.size() + 2 * margin), period_(period.size()) {
  std::copy(period.begin(), period.end(), values_.begin() + std::ptrdiff_t{margin});
  for (std::size_t i = 0; i < margin; ++i) {
    values_[margin + period_ + i] = period[i % period_];
    values_[margin - 1 - i] = period[(period_ - 1 - i % period_)];
  }
}

std::vector<double> filtered(const Cyclic& x, const Taps& taps) {
  std::vector<double> y(x.period(), 0.0);
  accumulate(x.at(-taps.before), taps.c, y);
  return y;
}

void add_coloured(const Cyclic& rms, std::span<const double> correlation, const Taps& taps,
                  std::vector<double>& variance) {
  if (correlation.empty()) correlation = white;
  const std::size_t period = rms.period(), count = taps.c.size();
  std::vector<double> products(period), coefficients;
  for (std::size_t lag = 0; lag < std::min(correlation.size(), count); ++lag) {
    if (std::fabs(correlation[lag]) < unheard_correlation) continue;
    const double* const s = rms.at(0);
    for (std::size_t n = 0; n < period; ++n) products[n] = s[n] * s[n + lag];
    coefficients.assign(count - lag, 0.0);
    const double factor = (lag == 0 ? 1 : 2) * correlation[lag];
    for (std::size_t k = 0; k + lag < count; ++k) coefficients[k] = factor * taps.c[k] * taps.c[k + lag];
    const Cyclic cyclic(products);
    accumulate(cyclic.at(-taps.before), coefficients, variance);
  }
}

Taps taps_of(const rxdsp::FrozenEqualizer& equalizer) {
  return {{equalizer.ffe.begin(), equalizer.ffe.end()}, equalizer.ffe_before};
}

Pattern::Pattern(const LaneModel& model) : model_(model) {
  require_valid(model);
  std::vector<double> symbols(model.levels.size());
  std::vector<std::int16_t> small(symbols.size() + most_lags);
  const int step = model.modulation == signal::Modulation::pam4 ? 2 : 6;
  for (std::size_t i = 0; i < small.size(); ++i) {
    small[i] = static_cast<std::int16_t>(step * model.levels[i % symbols.size()] - 3);
  }
  std::copy_n(small.begin(), symbols.size(), symbols.begin());
  symbols_ = Cyclic(std::move(symbols));
  if (!holds_every_neighbourhood_once(model)) return;
  for (std::size_t lag = 0; lag < most_lags; ++lag) {
    std::int32_t sum = 0;
    for (std::size_t i = 0; i < model.levels.size(); ++i) sum += small[i] * small[i + lag];
    symbol_autocorrelation_.push_back(sum / static_cast<double>(model.levels.size()));
  }
}

/// Even-odd and sinusoidal jitter of `point`, whose current takes the mean of the latter's bend.
void Pattern::set_slow_jitter(OperatingPoint& point) const {
  const double scale = point.scale, amplitude = 0.5 * model_.sinusoidal_jitter_ui;
  if (!model_.even_odd_a.empty()) {
    point.even_odd = scaled_cyclic(model_.even_odd_a, scale);
  } else if (model_.even_odd_jitter_ui > 0) {
    point.even_odd = scaled_cyclic(model_.slope_a_per_ui, scale * 0.5 * model_.even_odd_jitter_ui);
  }
  if (!(amplitude > 0)) return;
  point.sine = scaled_cyclic(model_.slope_a_per_ui, scale * amplitude);
  if (model_.curvature_a_per_ui2.empty()) return;
  point.bend = scaled_cyclic(model_.curvature_a_per_ui2, scale * 0.5 * amplitude * amplitude);
  std::vector<double> current(point.current.at(0), point.current.at(0) + period());
  for (std::size_t i = 0; i < current.size(); ++i) current[i] += 0.5 * point.bend.at(0)[i];
  point.current = Cyclic(std::move(current));
}

OperatingPoint Pattern::at(double scale) const {
  OperatingPoint point;
  point.scale = scale;
  point.crosstalk_mean_a = crosstalk_mean_a(model_, scale);
  point.current = scaled_cyclic(model_.current_a, scale, point.crosstalk_mean_a);
  set_slow_jitter(point);
  point.crosstalk_noise_a2 = crosstalk_noise_a2(model_, scale);
  const double constant = model_.constant_noise_a2 + point.crosstalk_noise_a2;
  std::vector<double> values(period());
  for (std::size_t i = 0; i < period(); ++i) {
    values[i] = std::sqrt(constant + scale * static_cast<double>(model_.linear_noise_a2[i]) +
                          scale * scale * static_cast<double>(model_.quadratic_noise_a2[i]));
  }
  point.receiver_rms = Cyclic(values);
  if (any_positive(model_.transmitter_noise_a2)) {
    for (std::size_t i = 0; i < period(); ++i) {
      values[i] = scale * std::sqrt(static_cast<double>(model_.transmitter_noise_a2[i]));
    }
    point.transmitter_rms = Cyclic(values);
  }
  if (model_.jitter_rms_ui > 0) {
    for (std::size_t i = 0; i < period(); ++i) {
      const double rms = scale * static_cast<double>(model_.slope_a_per_ui[i]) * model_.jitter_rms_ui;
      values[i] = rms * rms;
    }
    point.jitter_variance = Cyclic(values);
  }
  return point;
}

std::vector<double> Pattern::noise_variance(const OperatingPoint& point, const Taps& taps,
                                            double white_variance_a2) const {
  const double energy = std::inner_product(taps.c.begin(), taps.c.end(), taps.c.begin(), 0.0);
  std::vector<double> variance(period(), white_variance_a2 * energy);
  add_coloured(point.receiver_rms, model_.noise_correlation, taps, variance);
  if (!point.transmitter_rms.empty()) {
    add_coloured(point.transmitter_rms, model_.transmitter_noise_correlation, taps, variance);
  }
  if (!point.jitter_variance.empty()) {
    std::vector<double> squares(taps.c.size());
    std::transform(taps.c.begin(), taps.c.end(), squares.begin(), [](double c) { return c * c; });
    accumulate(point.jitter_variance.at(-taps.before), squares, variance);
  }
  // Truncated correlations may dip below zero where the taps nearly cancel the noise.
  for (double& v : variance) v = std::max(v, smallest_variance);
  return variance;
}

std::vector<double> Pattern::mean_autocovariance(const OperatingPoint& point, std::size_t lags) const {
  std::vector<double> result = interference_autocovariance(model_, lags, point.scale);
  const auto add = [&](const Cyclic& rms, std::span<const double> correlation) {
    for (std::size_t k = 0; k < std::min(lags, correlation.size()); ++k) {
      if (std::fabs(correlation[k]) >= unheard_correlation)
        result[k] += correlation[k] * mean_product(rms, k);
    }
  };
  add(point.receiver_rms, correlation_of(model_.noise_correlation));
  if (!point.transmitter_rms.empty())
    add(point.transmitter_rms, correlation_of(model_.transmitter_noise_correlation));
  if (!point.jitter_variance.empty() && lags > 0) {
    const double* const variance = point.jitter_variance.at(0);
    result[0] += std::accumulate(variance, variance + period(), 0.0) / static_cast<double>(period());
  }
  for (std::size_t k = 0; k < lags; ++k) {
    if (!point.even_odd.empty()) result[k] += (k % 2 == 0 ? 1 : -1) * mean_product(point.even_odd, k);
    if (!point.sine.empty()) result[k] += 0.5 * mean_product(point.sine, k);
    if (!point.bend.empty()) result[k] += 0.125 * mean_product(point.bend, k);
  }
  return result;
}

std::vector<double> Pattern::linear_response(const std::vector<double>& y, std::size_t before,
                                             std::size_t after) const {
  const std::size_t count = before + 1 + after;
  if (symbol_autocorrelation_.size() < count) return {};
  std::vector<double> product(count, 0.0);
  const double mean = std::accumulate(y.begin(), y.end(), 0.0) / static_cast<double>(y.size());
  for (std::size_t n = 0; n < y.size(); ++n) {
    const double* const a = symbols_.at(static_cast<std::ptrdiff_t>(n) - static_cast<std::ptrdiff_t>(before));
    const double value = y[n] - mean;
    for (std::size_t k = 0; k < count; ++k) product[k] += value * a[k];
  }
  math::SquareMatrix matrix(count);
  for (std::size_t i = 0; i < count; ++i) {
    product[i] /= static_cast<double>(y.size());
    for (std::size_t j = 0; j < count; ++j) matrix(i, j) = symbol_autocorrelation_[i < j ? j - i : i - j];
  }
  return math::solve_spd(matrix, product).value_or(std::vector<double>{});
}

void Pattern::take_out(std::vector<double>& y, std::vector<double> response, std::size_t before) const {
  for (double& r : response) r = -r;
  accumulate(symbols_.at(-static_cast<std::ptrdiff_t>(before)), response, y);
}

std::vector<double> Pattern::take_out_far_symbols(std::vector<double>& y, const Taps& taps,
                                                  double exponent) const {
  const auto order = static_cast<std::size_t>(neighbourhood(model_.modulation).symbols());
  // What the taps see, and as much tail of each sample.
  constexpr std::size_t tail_before = 20, tail_after = 10;
  const std::size_t before = static_cast<std::size_t>(taps.before) + tail_before;
  const std::size_t after = taps.c.size() - 1 - static_cast<std::size_t>(taps.before) + tail_after;
  std::vector<double> response = linear_response(y, before, after);
  if (response.empty()) return {};
  // The window of the neighbourhood's length, the symbol in it, that holds most of the response stays in y.
  const std::size_t count = response.size();
  std::size_t best = before;
  double most = -1;
  for (std::size_t from = before + 1 > order ? before + 1 - order : 0;
       from <= before && from + order <= count; ++from) {
    double energy = 0;
    for (std::size_t k = from; k < from + order; ++k) energy += response[k] * response[k];
    if (energy > most) {
      most = energy;
      best = from;
    }
  }
  std::vector<double> found;
  for (std::size_t k = 0; k < count; ++k) {
    if ((k >= best && k < best + order) || std::fabs(response[k]) * 3 * exponent < 1e-3) {
      response[k] = 0;
    } else {
      found.push_back(response[k]);
    }
  }
  if (!found.empty()) take_out(y, std::move(response), before);
  return found;
}

}  // namespace lightlane::link::detail
