#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "lightlane/base/error.hpp"
#include "lightlane/link/statistical_engine_parts.hpp"
#include "lightlane/math/elementary.hpp"

namespace lightlane::link {
namespace detail {
namespace {

/// Tails beyond so many sigma need no more points than those at it.
constexpr double farthest_tail = 12;
/// Share of the noise below which it does not matter that crosstalk's own noise comes and goes with its symbols.
constexpr double unheard_noise_share = 0.01;
constexpr double most_clipped = 0.02;  ///< share of noise-free samples: beyond, linear noise is not the truth

void require_fitting(const Pattern& pattern, const rxdsp::FrozenEqualizer& e) {
  if (e.modulation != pattern.model().modulation) {
    throw ConfigError({"equalizer.modulation", "is not that of the lane model", "", ""});
  }
  if (e.ffe.empty() || e.ffe.size() > 101 || e.ffe_before < 0 ||
      e.ffe_before >= static_cast<int>(e.ffe.size())) {
    throw ConfigError({"equalizer.ffe",
                       fmt::format("has {} taps, {} before the main one", e.ffe.size(), e.ffe_before),
                       "1 to 101, the main one among them", ""});
  }
}

/// Bits that differ between the Gray codes of two levels.
int gray_distance(std::size_t a, std::size_t b) noexcept {
  const auto gray = [](std::size_t l) { return l ^ (l >> 1); };
  const std::size_t x = gray(a) ^ gray(b);
  return static_cast<int>((x & 1) + (x >> 1 & 1));
}

double mean_of(const std::vector<double>& v) {
  return std::accumulate(v.begin(), v.end(), 0.0) / static_cast<double>(v.size());
}

std::vector<double> roots_of(std::vector<double> v) {
  for (double& x : v) x = std::sqrt(x);
  return v;
}

}  // namespace

/// sum over j of d[j] y[n + j] as one filter.
Taps combined(const Taps& taps, std::span<const double> d) {
  Taps result{std::vector<double>(taps.c.size() + d.size() - 1, 0.0), taps.before};
  for (std::size_t k = 0; k < taps.c.size(); ++k) {
    for (std::size_t j = 0; j < d.size(); ++j) result.c[k + j] += taps.c[k] * d[j];
  }
  return result;
}

Evaluation::Evaluation(const Pattern& pattern, rxdsp::FrozenEqualizer equalizer, double scale)
    : pattern_(pattern), equalizer_(std::move(equalizer)), point_(pattern.at(scale)) {
  require_fitting(pattern, equalizer_);
  adc_variance_a2_ =
      equalizer_.adc_noise_a * equalizer_.adc_noise_a + equalizer_.adc_step_a * equalizer_.adc_step_a / 12;
  if (levels() == 4) {
    for (const float t : equalizer_.thresholds) thresholds_.push_back(static_cast<double>(t));
  } else {
    thresholds_.push_back(static_cast<double>(equalizer_.thresholds[1]));
  }
  behind_ = behind(taps_of(equalizer_));
  y_ = behind_.y;
  if (const double feedback = static_cast<double>(equalizer_.mlse ? equalizer_.mlse_alpha : equalizer_.dfe);
      feedback != 0) {
    for (std::size_t n = 0; n < y_.size(); ++n) {
      y_[n] -= feedback * level(pattern_.model().levels[n == 0 ? y_.size() - 1 : n - 1]);
    }
  }
  const double half_spacing =
      0.5 * std::fabs(level(levels() - 1) - level(0)) / static_cast<double>(levels() - 1);
  const double variance = mean_of(behind_.variance);
  exponent_ = std::min(half_spacing / std::sqrt(variance), farthest_tail) / std::sqrt(variance);
  build_levels();
}

/// Of the noise-free samples.
double Evaluation::clipped_share() const noexcept {
  if (!(equalizer_.adc_full_scale_a > 0)) return 0;
  std::size_t count = 0;
  for (std::size_t n = 0; n < pattern_.period(); ++n) {
    const double x = *point_.current.at(static_cast<std::ptrdiff_t>(n)) - equalizer_.offset_a;
    count += std::fabs(x) > equalizer_.adc_full_scale_a ? 1 : 0;
  }
  return static_cast<double>(count) / static_cast<double>(pattern_.period());
}

Behind Evaluation::behind(Taps taps) const {
  Behind b;
  Cyclic clipped;
  const Cyclic* current = &point_.current;
  if (equalizer_.adc_full_scale_a > 0) {
    const double low = equalizer_.offset_a - equalizer_.adc_full_scale_a;
    const double high = equalizer_.offset_a + equalizer_.adc_full_scale_a;
    std::vector<double> values(point_.current.at(0), point_.current.at(0) + pattern_.period());
    for (double& v : values) v = std::clamp(v, low, high);
    clipped = Cyclic(std::move(values));
    current = &clipped;
  }
  b.y = filtered(*current, taps);
  const double gain = std::accumulate(taps.c.begin(), taps.c.end(), 0.0);
  for (double& y : b.y) y -= equalizer_.offset_a * gain;
  b.variance = pattern_.noise_variance(point_, taps, adc_variance_a2_);
  if (!point_.even_odd.empty()) {
    Taps alternating = taps;
    for (std::size_t k = 1; k < alternating.c.size(); k += 2) alternating.c[k] = -alternating.c[k];
    b.even_odd = filtered(point_.even_odd, alternating);
  }
  if (!point_.sine.empty()) b.sine = filtered(point_.sine, taps);
  if (!point_.bend.empty()) b.bend = filtered(point_.bend, taps);
  b.taps = std::move(taps);
  return b;
}

LevelDistribution Evaluation::distribution(const Behind& b, const std::vector<double>& values,
                                           const std::vector<std::size_t>& chosen,
                                           const BoundedRule& disturbance, const NoisyRule& noisy) const {
  std::vector<double> value, inverse_sigma;
  double most = 0;
  for (const double s : b.sine) most = std::max(most, std::fabs(s));
  const BoundedRule phase = b.sine.empty() ? BoundedRule{} : cosine(points_for(exponent_ * most));
  const std::vector<double> parities =
      b.even_odd.empty() ? std::vector<double>{0.0} : std::vector<double>{-1.0, 1.0};
  for (const double parity : parities) {
    for (const double sine : phase.value) {
      for (const std::size_t n : chosen) {
        value.push_back(values[n] + (b.even_odd.empty() ? 0 : parity * b.even_odd[n]) +
                        (b.sine.empty() ? 0 : sine * b.sine[n]) +
                        (b.bend.empty() ? 0 : (sine * sine - 0.5) * b.bend[n]));
        inverse_sigma.push_back(1 / std::sqrt(b.variance[n]));
      }
    }
  }
  return {std::move(value), std::move(inverse_sigma), disturbance, noisy};
}

void Evaluation::split_crosstalk(const Behind& b, double exponent, BoundedRule& quiet, NoisyRule& noisy) const {
  const LaneModel& model = pattern_.model();
  BoundedRule rule = crosstalk_rule(model, b.taps.c, point_.scale, exponent);
  noisy = {};
  const double slope = crosstalk_noise_slope(model, b.taps.c, point_.scale);
  if (slope * rule.radius() > unheard_noise_share * mean_of(b.variance)) {
    noisy = {std::move(rule), slope};
  } else {
    quiet = sum(quiet, rule, points_for(exponent * (quiet.radius() + rule.radius())));
  }
}

void Evaluation::build_levels() {
  const LaneModel& model = pattern_.model();
  std::vector<double> near = y_;
  const std::vector<double> response = pattern_.take_out_far_symbols(near, behind_.taps, exponent_);
  std::vector<double> symbols{-3, -1, 1, 3};
  if (levels() == 2) symbols = {-3, 3};
  shared_ = far_symbols_rule(response, symbols, exponent_);
  split_crosstalk(behind_, exponent_, shared_, noisy_);
  for (std::size_t l = 0; l < levels(); ++l) {
    const BoundedRule all = disturbance_of(l, {});
    disturbance_variance_.push_back(all.variance() + noisy_.rule.variance());
    std::vector<std::size_t> chosen;
    for (std::size_t n = 0; n < near.size(); ++n) {
      if (model.levels[n] == l) chosen.push_back(n);
    }
    level_.push_back(distribution(behind_, near, chosen, all, noisy_));
  }
}

BoundedRule Evaluation::disturbance_of(std::size_t level, std::span<const double> cosines) const {
  const BoundedRule beats =
      multipath_rule(pattern_.model(), behind_.taps.c, static_cast<std::size_t>(behind_.taps.before),
                     pattern_.model().level_current_a[slot(level)], point_.scale, exponent_, cosines);
  return sum(shared_, beats, points_for(exponent_ * (shared_.radius() + beats.radius())));
}

double Evaluation::ber_at_phases(std::span<const double> cosines) {
  for (std::size_t l = 0; l < levels(); ++l) level_[l].set_disturbance(disturbance_of(l, cosines));
  StatisticalResult r;
  slice(r);
  return r.ber;
}

void Evaluation::optimise_thresholds() {
  if (equalizer_.mlse) return;
  for (std::size_t t = 0; t + 1 < levels(); ++t) {
    thresholds_[t] = least_error_threshold(level_[t], level_[t + 1], thresholds_[t]);
  }
  if (levels() == 2) {
    const float t = static_cast<float>(thresholds_[0]);
    equalizer_.thresholds = {0.5f * (equalizer_.levels[0] + t), t, 0.5f * (t + equalizer_.levels[3])};
  } else {
    for (std::size_t t = 0; t < 3; ++t) equalizer_.thresholds[t] = static_cast<float>(thresholds_[t]);
  }
}

/// Errors of each level over each threshold, decisions before being right.
void Evaluation::slice(StatisticalResult& r) const {
  const double bits = levels() == 4 ? 2 : 1, share = 1 / static_cast<double>(levels());
  for (std::size_t l = 0; l < levels(); ++l) {
    // beyond[t]: P(on the other side of threshold t than level l is).
    std::array<double, 5> beyond{};
    for (std::size_t t = 0; t + 1 < levels(); ++t) {
      beyond[t] = t >= l ? level_[l].above(thresholds_[t]) : level_[l].below(thresholds_[t]);
    }
    for (std::size_t to = 0; to < levels(); ++to) {
      if (to == l) continue;
      const double p = to > l ? beyond[to - 1] - (to + 1 < levels() ? beyond[to] : 0)
                              : beyond[to] - (to > 0 ? beyond[to - 1] : 0);
      r.ser += share * std::max(p, 0.0);
      r.ber += share * std::max(p, 0.0) * gray_distance(l, to) / bits;
    }
    if (l + 1 < levels()) r.crossing[l] += 0.5 * beyond[l];
    if (l > 0) r.crossing[l - 1] += 0.5 * beyond[l - 1];
  }
}

double Evaluation::whole_variance(std::size_t n) const noexcept {
  double variance = behind_.variance[n] + disturbance_variance_[pattern_.model().levels[n]];
  if (!behind_.even_odd.empty()) variance += behind_.even_odd[n] * behind_.even_odd[n];
  if (!behind_.sine.empty()) variance += 0.5 * behind_.sine[n] * behind_.sine[n];
  if (!behind_.bend.empty()) variance += 0.125 * behind_.bend[n] * behind_.bend[n];
  return variance;
}

std::vector<double> Evaluation::noise_correlation(const std::vector<double>& variance, std::size_t lag) const {
  std::vector<double> both(lag + 1, 0.0), result(variance.size());
  both.front() = both.back() = 1;
  const std::vector<double> pair =
      pattern_.noise_variance(point_, combined(behind_.taps, both), adc_variance_a2_);
  for (std::size_t n = 0; n < result.size(); ++n) {
    const std::size_t m = (n + lag) % result.size();
    const double covariance = 0.5 * (pair[n] - behind_.variance[n] - behind_.variance[m]);
    result[n] = std::clamp(covariance / std::sqrt(variance[n] * variance[m]), -0.999, 0.999);
  }
  return result;
}

/// Wrong decisions that the feedback, or noise that reaches over two symbols, makes follow each other.
void Evaluation::feed_errors_back(StatisticalResult& r) const {
  std::vector<double> variance(pattern_.period());
  for (std::size_t n = 0; n < variance.size(); ++n) variance[n] = whole_variance(n);
  const std::vector<double> next = noise_correlation(variance, 1);
  const std::vector<double> second =
      equalizer_.dfe != 0 ? noise_correlation(variance, 2) : std::vector<double>(variance.size(), 0.0);
  std::vector<double> feedback(levels(), 0.0);
  for (std::size_t l = 0; l < levels(); ++l) feedback[l] = static_cast<double>(equalizer_.dfe) * level(l);
  const ErrorMemory memory =
      error_memory(pattern_.model().levels, y_, roots_of(variance), next, second, thresholds_, feedback);
  // Wrong symbols behind a first one: the second, the third, and what follows.
  const double more = memory.after_one * (1 + memory.after_two / (1 - memory.after_many));
  r.burst_continuation = more / (1 + more);
  if (equalizer_.dfe == 0) return;  // the ratio of a slicer without memory is exact as it is
  const double first = r.ser;
  const double factor = (1 + more) / (1 + first * (1 + more));
  r.ser *= factor;
  r.ber *= factor;
  for (double& c : r.crossing) c *= factor;
}

void Evaluation::describe(StatisticalResult& r) const {
  std::vector<double> sum(levels(), 0.0), count(levels(), 0.0), mean(levels(), 0.0);
  const std::vector<std::uint8_t>& sent = pattern_.model().levels;
  for (std::size_t n = 0; n < y_.size(); ++n) {
    sum[sent[n]] += y_[n];
    count[sent[n]] += 1;
  }
  double grand = 0, square = 0, error = 0;
  for (std::size_t l = 0; l < levels(); ++l) {
    mean[l] = sum[l] / count[l];
    grand += mean[l] / static_cast<double>(levels());
    square += mean[l] * mean[l] / static_cast<double>(levels());
  }
  double closest = std::numeric_limits<double>::infinity();
  for (std::size_t n = 0; n < y_.size(); ++n) {
    const std::size_t l = sent[n];
    error += (y_[n] - mean[l]) * (y_[n] - mean[l]) + whole_variance(n);
    if (l + 1 < levels()) closest = std::min(closest, thresholds_[l] - y_[n]);
    if (l > 0) closest = std::min(closest, y_[n] - thresholds_[l - 1]);
  }
  r.snr_db = math::to_db((square - grand * grand) * static_cast<double>(y_.size()) / error);
  r.closest_margin = closest * 2 * static_cast<double>(levels() - 1) / (level(levels() - 1) - level(0));
}

StatisticalResult Evaluation::result(bool details) {
  StatisticalResult r;
  r.equalizer = equalizer_;
  const bool closed = !(level(levels() - 1) > level(0));
  if (closed) {
    r.valid = false;
    r.why_not = "the equaliser's levels are not in order: there is no signal";
    r.ser = 1 - 1 / static_cast<double>(levels());
    r.ber = 0.5;
    return r;
  }
  if (details) describe(r);
  if (equalizer_.mlse) {
    decide_sequences(r);
  } else {
    slice(r);
    if (details || equalizer_.dfe != 0) feed_errors_back(r);
  }
  if (r.valid && clipped_share() > most_clipped) {
    r.valid = false;
    r.why_not =
        fmt::format("{:.1f} % of the samples clip in the ADC: use the symbol engine", 100 * clipped_share());
  }
  return r;
}

}  // namespace detail
}  // namespace lightlane::link
