#include "lightlane/link/symbol_engine_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "lightlane/base/error.hpp"
#include "lightlane/link/lane_model_pattern.hpp"

namespace lightlane::link::detail {
namespace {

constexpr FitTolerance mean_tolerance{2e-4, 1.5e-3, 8};  ///< of OMA
constexpr FitTolerance rms_tolerance{5e-3, 4e-2, 5};     ///< of the noise's rms
constexpr double far_tolerance = 1e-4;                   ///< of OMA, between the outer levels
constexpr double variance_tolerance = 2e-2, mean_variance_tolerance = 3e-3;
constexpr double unheard_share = 1e-4;                  ///< of the noise's variance
constexpr std::size_t far_before = 32, far_after = 16;  ///< symbols that are searched for linear tails

/// values[n] of the pattern's symbols by neighbourhood.
std::vector<double> by_neighbourhood(const Pattern& pattern, const std::vector<double>& values) {
  const LaneModel& model = pattern.model();
  const Neighbourhood n = neighbourhood(model.modulation);
  const int bits = static_cast<int>(model.modulation);
  const std::size_t period = pattern.period();
  std::vector<double> result(period, 0.0);
  std::vector<bool> seen(period, false);
  bool once = period == std::size_t{1} << (bits * n.symbols());
  for (std::size_t i = 0; once && i < period; ++i) {
    std::size_t index = 0;
    for (int k = -n.before; k <= n.after; ++k) {
      const auto at = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(i + period) + k) % period;
      index = index << bits | model.levels[at];
    }
    once = !seen[index];
    seen[index] = true;
    result[index] = values[i];
  }
  if (!once) {
    throw ConfigError(
        {"lane_model.levels", fmt::format("of {} symbols do not hold every neighbourhood once", period),
         fmt::format("a de Bruijn sequence of {} symbols", std::size_t{1} << (bits * n.symbols())), ""});
  }
  return result;
}

std::vector<double> period_of(const Cyclic& x) { return {x.at(0), x.at(0) + x.period()}; }

class Planner {
 public:
  Planner(const LaneModel& model, const rxdsp::FrozenEqualizer& equalizer, double scale, bool raw)
      : pattern_(model), model_(model), e_(equalizer), scale_(scale), raw_(raw), point_(pattern_.at(scale)) {
    plan_.modulation = model.modulation;
    oma_ = scale * (model.level_current_a[3] - model.level_current_a[0]);
    take_crosstalk_noise_out();
    if (!(oma_ > 0)) {
      const auto [low, high] = std::minmax_element(model.current_a.begin(), model.current_a.end());
      oma_ = std::max(scale * static_cast<double>(*high - *low), 1e-30);
    }
  }

  SymbolPlan make() {
    set_units();
    set_mean();
    set_interference();
    set_noise();
    set_jitter();
    set_reach();
    return std::move(plan_);
  }

 private:
  void set_units() {
    if (raw_) {
      plan_.low = -std::numeric_limits<float>::max();
      plan_.high = std::numeric_limits<float>::max();
      return;
    }
    if (e_.modulation != model_.modulation) {
      throw ConfigError({"equalizer.modulation", "is not that of the lane model", "", ""});
    }
    plan_.quantised = e_.adc_step_a > 0;
    unit_a_ = plan_.quantised ? e_.adc_step_a : oma_ / 2;
    const double half = plan_.quantised ? std::nearbyint(e_.adc_full_scale_a / e_.adc_step_a) : 0;
    offset_ = half - e_.offset_a / unit_a_;
    plan_.low = 0;
    plan_.high = static_cast<float>(2 * half - 0.5);
    if (!plan_.quantised) {
      const double limit = e_.adc_full_scale_a > 0 ? e_.adc_full_scale_a / unit_a_ : 1e30;
      plan_.low = static_cast<float>(-limit);
      plan_.high = static_cast<float>(limit);
    }
    double sum = 0;
    for (const float c : e_.ffe) {
      plan_.ffe.push_back(static_cast<float>(static_cast<double>(c) * unit_a_));
      sum += static_cast<double>(c);
    }
    plan_.bias = static_cast<float>(plan_.quantised ? (0.5 - half) * unit_a_ * sum : 0);
    plan_.ffe_before = static_cast<std::size_t>(e_.ffe_before);
    plan_.thresholds = e_.thresholds;
    if (model_.modulation == signal::Modulation::nrz) {
      constexpr float never = std::numeric_limits<float>::infinity();
      plan_.thresholds = {e_.thresholds[1], never, never};
    }
  }

  /// A current of the pattern with its far symbols, as a lookup in units of the plan.
  FittedLookup fit_current(std::vector<double> values, double shift, double tolerance_a) {
    const Neighbourhood n = neighbourhood(model_.modulation);
    std::vector<double> response = pattern_.linear_response(values, far_before, far_after);
    std::vector<FarResponse> far;
    for (std::size_t k = 0; k < response.size(); ++k) {
      const auto offset = static_cast<std::ptrdiff_t>(k) - static_cast<std::ptrdiff_t>(far_before);
      const bool outside = offset < -n.before || offset > n.after;
      if (outside && 6 * std::fabs(response[k]) > tolerance_a) {
        far.push_back({offset, response[k] / unit_a_});
      } else {
        response[k] = 0;
      }
    }
    if (!far.empty()) pattern_.take_out(values, std::move(response), far_before);
    for (double& v : values) v = v / unit_a_ + shift;
    const std::vector<double> table = by_neighbourhood(pattern_, values);
    const double scale = tolerance_a / far_tolerance / unit_a_;
    return fit_lookup(
        model_.modulation, table, far,
        {mean_tolerance.rms * scale, mean_tolerance.largest * scale, mean_tolerance.most_windows});
  }

  /// The noise of crosstalk's light comes with its symbols.
  void take_crosstalk_noise_out() {
    if (!(point_.crosstalk_noise_a2 > 0)) return;
    std::vector<double> rms = period_of(point_.receiver_rms);
    for (double& v : rms) v = std::sqrt(std::max(v * v - point_.crosstalk_noise_a2, 0.0));
    point_.receiver_rms = Cyclic(std::move(rms));
  }

  void set_mean() {
    // The mean of crosstalk comes with its symbols.
    std::vector<double> current = period_of(point_.current);
    for (double& v : current) v -= point_.crosstalk_mean_a;
    FittedLookup fitted = fit_current(std::move(current), offset_, far_tolerance * oma_);
    plan_.mean_error = fitted.rms_error * unit_a_ / oma_;
    plan_.mean = std::move(fitted.lookup);
  }

  NoisePlan noise(const Cyclic& rms, const std::vector<double>& correlation) {
    std::vector<double> values = period_of(rms);
    double mean = 0;
    for (double& v : values) {
      v /= unit_a_;
      mean += v / static_cast<double>(values.size());
    }
    NoisePlan noise;
    FittedLookup fitted =
        fit_lookup(model_.modulation, by_neighbourhood(pattern_, values), {},
                   {rms_tolerance.rms * mean, rms_tolerance.largest * mean, rms_tolerance.most_windows});
    noise.rms = std::move(fitted.lookup);
    if (mean > 0) plan_.rms_error = std::max(plan_.rms_error, fitted.rms_error / mean);
    const std::vector<double> colour = colour_of(correlation);
    noise.colour.assign(colour.begin(), colour.end());
    return noise;
  }

  /// One process with the whole variance of each sample, coloured as all are on average, where that gives the
  /// variance behind the FFE; else the receiver's, the transmitter's and white noise one by one.
  void set_noise() {
    const double adc = raw_ ? 0 : e_.adc_noise_a * e_.adc_noise_a;
    std::vector<double> whole = period_of(point_.receiver_rms), white(pattern_.period(), adc);
    for (std::size_t n = 0; n < whole.size(); ++n) {
      const auto at = static_cast<std::ptrdiff_t>(n);
      if (!point_.jitter_variance.empty()) white[n] += *point_.jitter_variance.at(at);
      white[n] += unheard_a2_;
      whole[n] = whole[n] * whole[n] + white[n];
      if (!point_.transmitter_rms.empty())
        whole[n] += *point_.transmitter_rms.at(at) * *point_.transmitter_rms.at(at);
    }
    for (double& v : whole) v = std::sqrt(v);
    const Cyclic rms(whole);
    std::vector<double> correlation = mean_correlation(rms);
    const Taps taps = raw_ || e_.ffe.empty() ? Taps{{1.0}, 0} : taps_of(e_);
    std::vector<double> exact = pattern_.noise_variance(point_, taps, adc + unheard_a2_),
                        one(pattern_.period(), 0.0);
    add_coloured(rms, correlation, taps, one);
    double square = 0, mean = 0;
    for (std::size_t n = 0; n < one.size(); ++n) {
      const double error = one[n] / exact[n] - 1;
      square += error * error / static_cast<double>(one.size());
      mean += error / static_cast<double>(one.size());
    }
    plan_.variance_error = std::sqrt(square);
    if (plan_.variance_error <= variance_tolerance && std::fabs(mean) <= mean_variance_tolerance) {
      plan_.noises.push_back(noise(rms, correlation));
      return;
    }
    plan_.variance_error = 0;
    plan_.noises.push_back(noise(point_.receiver_rms, model_.noise_correlation));
    if (!point_.transmitter_rms.empty()) {
      plan_.noises.push_back(noise(point_.transmitter_rms, model_.transmitter_noise_correlation));
    }
    if (std::any_of(white.begin(), white.end(), [](double v) { return v > 0; })) {
      for (double& v : white) v = std::sqrt(v);
      plan_.noises.push_back(noise(Cyclic(white), {}));
    }
  }

  /// Autocovariance of all noise at each lag over the mean product of the whole rms there.
  std::vector<double> mean_correlation(const Cyclic& rms) const {
    const auto product = [](const Cyclic& x, std::size_t lag) {
      return std::inner_product(x.at(0), x.at(0) + x.period(), x.at(static_cast<std::ptrdiff_t>(lag)), 0.0);
    };
    std::vector<double> result{1.0};
    const std::size_t lags =
        std::max(model_.noise_correlation.size(), model_.transmitter_noise_correlation.size());
    for (std::size_t k = 1; k < lags; ++k) {
      double covariance = 0;
      if (k < model_.noise_correlation.size())
        covariance += model_.noise_correlation[k] * product(point_.receiver_rms, k);
      if (k < model_.transmitter_noise_correlation.size() && !point_.transmitter_rms.empty()) {
        covariance += model_.transmitter_noise_correlation[k] * product(point_.transmitter_rms, k);
      }
      const double whole = product(rms, k);
      result.push_back(whole > 0 ? covariance / whole : 0);
    }
    return result;
  }

  void set_jitter() {
    const auto fit = [&](const Cyclic& values, std::optional<Lookup>& lookup) {
      if (!values.empty()) lookup = fit_current(period_of(values), 0, far_tolerance * oma_).lookup;
    };
    fit(point_.even_odd, plan_.even_odd);
    fit(point_.sine, plan_.sine);
    fit(point_.bend, plan_.bend);
    plan_.sine_turns_per_symbol = model_.sinusoidal_jitter_hz / (model_.symbol_rate_gbd.value() * 1e9);
  }

  /// Reflections from the weakest on whose variance all together is nothing beside the noise's: they count as
  /// noise.
  void leave_out_unheard(std::vector<Interferer>& interferers, double variance_per_square) {
    std::stable_sort(interferers.begin(), interferers.end(), [](const Interferer& a, const Interferer& b) {
      return std::fabs(a.amplitude) > std::fabs(b.amplitude);
    });
    const std::vector<double> rms = period_of(point_.receiver_rms);
    const double noise =
        std::inner_product(rms.begin(), rms.end(), rms.begin(), 0.0) / static_cast<double>(rms.size());
    while (!interferers.empty()) {
      const double more = interferers.back().amplitude * interferers.back().amplitude * variance_per_square;
      if (unheard_a2_ + more > unheard_share * noise) break;
      unheard_a2_ += more;
      interferers.pop_back();
    }
  }

  void set_interference() {
    const double per_symbol = 1 / (model_.symbol_rate_gbd.value() * 1e9);
    const auto levels = static_cast<std::size_t>(pattern_.levels());
    const auto level_a = [&](std::size_t l) {
      return std::max(model_.level_current_a[level_slot(model_.modulation, l)], 0.0);
    };
    double mean = 0;
    for (std::size_t l = 0; l < levels; ++l) mean += level_a(l) * scale_ / static_cast<double>(levels);
    std::vector<Interferer> reflections = model_.reflections;
    leave_out_unheard(reflections, 0.5 * mean * mean);
    for (std::size_t l = 0; l < 4; ++l)
      plan_.level_root[l] = static_cast<float>(std::sqrt(level_a(l % levels) / oma_));
    for (const Interferer& r : reflections) {
      InterfererPlan p;
      for (std::size_t i = 0; i < 4; ++i) {
        p.value[i] =
            static_cast<float>(r.amplitude * scale_ * std::sqrt(level_a(i % levels) * oma_) / unit_a_);
      }
      p.turns_per_symbol = r.phase_rate_hz * per_symbol;
      plan_.reflections.push_back(p);
    }
    for (const Interferer& x : model_.crosstalk) {
      CrosstalkPlan p;
      for (const double share : pulse_of(x)) {
        std::array<float, 4>& value = p.value.emplace_back();
        for (std::size_t i = 0; i < 4; ++i) {
          value[i] = static_cast<float>(crosstalk_amplitude(x, scale_) * share * level_a(i % levels) / unit_a_);
        }
      }
      p.noise = static_cast<float>(x.noise_a2_per_a / unit_a_);
      plan_.crosstalk.push_back(std::move(p));
    }
    if (point_.crosstalk_noise_a2 > 0) {
      const std::vector<double> colour = colour_of(model_.noise_correlation);
      plan_.crosstalk_colour.assign(colour.begin(), colour.end());
    }
  }

  void set_reach() {
    std::ptrdiff_t first = 0, last = 0;
    const auto reach = [&](const Lookup& lookup) {
      for (const WindowTable& w : lookup.windows) {
        for (const std::ptrdiff_t offset : w.offset) {
          first = std::min(first, offset);
          last = std::max(last, offset);
        }
      }
      if (lookup.full.empty()) return;
      first = std::min<std::ptrdiff_t>(first, -neighbourhood(model_.modulation).before);
      last = std::max<std::ptrdiff_t>(last, neighbourhood(model_.modulation).after);
    };
    reach(plan_.mean);
    for (const NoisePlan& n : plan_.noises) reach(n.rms);
    for (const auto* jitter : {&plan_.even_odd, &plan_.sine, &plan_.bend}) {
      if (*jitter) reach(**jitter);
    }
    LIGHTLANE_ASSERT(first >= -symbol_reach && last <= symbol_reach);
    plan_.before = static_cast<std::size_t>(-first);
    plan_.after = static_cast<std::size_t>(last);
  }

  Pattern pattern_;
  const LaneModel& model_;
  const rxdsp::FrozenEqualizer& e_;
  double scale_, oma_ = 0, unit_a_ = 1, offset_ = 0;
  double unheard_a2_ = 0;  // variance of interference that counts as noise
  bool raw_;
  OperatingPoint point_;
  SymbolPlan plan_;
};

}  // namespace

SymbolPlan make_plan(const LaneModel& model, const rxdsp::FrozenEqualizer& equalizer, double scale,
                     bool raw) {
  return Planner(model, equalizer, scale, raw).make();
}

}  // namespace lightlane::link::detail
