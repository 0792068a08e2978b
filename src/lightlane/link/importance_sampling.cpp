#include "lightlane/link/importance_sampling.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <vector>

#include "lightlane/base/error.hpp"
#include "lightlane/base/parallel.hpp"
#include "lightlane/base/random.hpp"
#include "lightlane/link/lane_model_pattern.hpp"
#include "lightlane/link/statistical_engine_kernels.hpp"
#include "lightlane/link/statistical_engine_parts.hpp"
#include "lightlane/link/symbol_engine_plan.hpp"
#include "lightlane/math/elementary.hpp"
#include "lightlane/math/gaussian.hpp"

namespace lightlane::link {
namespace {

using namespace detail;

constexpr double two_pi = 6.28318530717958647692;
constexpr double unshifted_share = 0.1;   ///< of the trials
constexpr double uniform_share = 0.2;     ///< of the choice of symbols
constexpr std::size_t longest_event = 4;  ///< whose shift is drawn, for a Viterbi
constexpr std::size_t gap = 8, tail = 32;
constexpr std::size_t draws_per_trial = 1u << 14;

/// One process of noise by its draws: sample i gets rms[i] times sum over k of colour[k] draw[i - k].
struct Process {
  const Cyclic* rms = nullptr;
  std::vector<double> colour{1.0};
};

/// A shift of the noise: what the decision would hear of it, and the way to go, in units of that.
struct Shift {
  std::vector<std::vector<double>>
      direction;  ///< by process, over the draws of the window; of length 1 all together
  double distance = 0;
  double share = 0;
};

struct Sums {
  double symbols = 0, symbols_square = 0, bits = 0, bits_square = 0, followed = 0, hit = 0, hit_square = 0;
  void add(const Sums& o) {
    symbols += o.symbols;
    symbols_square += o.symbols_square;
    bits += o.bits;
    bits_square += o.bits_square;
    followed += o.followed;
    hit += o.hit;
    hit_square += o.hit_square;
  }
};

class Sampler {
 public:
  Sampler(const LaneModel& model, const rxdsp::FrozenEqualizer& equalizer, double scale,
          const RareErrorConfig& config)
      : model_(model),
        pattern_(model),
        point_(pattern_.at(scale)),
        scale_(scale),
        random_(config.seed, "link.importance", config.lane),
        noise_(config.seed, "link.importance.noise", config.lane),
        equalizer_(equalizer),
        decider_(without_noise(equalizer), config.seed, config.lane) {
    // Checks the equaliser, and tells where the lane is weak.
    static_cast<void>(Evaluation(pattern_, equalizer, scale));
    memory_ = equalizer.mlse || equalizer.dfe != 0;
    const Taps taps = taps_of(equalizer);
    const std::size_t after = taps.c.size() - 1 - static_cast<std::size_t>(taps.before);
    // Samples [target - back_, target + ahead_].
    back_ = static_cast<std::size_t>(taps.before) + (memory_ ? gap + rxdsp::run_up : 0);
    ahead_ = after + (memory_ ? tail : 0) + (equalizer.mlse ? rxdsp::run_up : 0);
    set_processes();
    set_choice(taps);
  }

  Sums trial(std::uint64_t index) const {
    Draws u{random_, index * draws_per_trial};
    const std::size_t target = choose(u.next());
    const std::size_t length = back_ + 1 + ahead_;
    std::vector<double> samples = quiet_samples(target, length, u);
    const std::vector<Shift> shifts = shifts_of(target, samples);
    // Draws, moved along the chosen shift.
    const std::size_t count = length + most_colour_taps;
    std::vector<std::vector<double>> draws(processes_.size());
    std::vector<float> raw(count);
    for (std::size_t p = 0; p < processes_.size(); ++p) {
      noise_.fill(static_cast<std::int64_t>((index * 4 + p) * draws_per_trial), raw);
      draws[p].assign(raw.begin(), raw.end());
    }
    double pick = u.next();
    for (const Shift& s : shifts) {
      pick -= s.share;
      if (pick >= 0) continue;
      for (std::size_t p = 0; p < draws.size(); ++p) {
        for (std::size_t i = 0; i < count; ++i) draws[p][i] += s.distance * s.direction[p][i];
      }
      break;
    }
    double mixture = unshifted_share;
    for (const Shift& s : shifts) {
      double along = 0;
      for (std::size_t p = 0; p < draws.size(); ++p) {
        along = std::inner_product(draws[p].begin(), draws[p].end(), s.direction[p].begin(), along);
      }
      mixture += s.share * math::exp(std::min(s.distance * along - 0.5 * s.distance * s.distance, 600.0));
    }
    const double weight = 1 / (mixture * static_cast<double>(pattern_.period()) * probability_[target]);
    add_noise(target, draws, samples);
    return weigh(target, samples, weight);
  }

 private:
  struct Draws {
    const RandomStream& stream;
    std::uint64_t at;
    double next() { return stream.uniform(at++); }
    std::size_t below(std::size_t n) {
      return std::min(static_cast<std::size_t>(next() * static_cast<double>(n)), n - 1);
    }
  };

  /// The noise of the converter is drawn with the rest.
  static rxdsp::FrozenEqualizer without_noise(rxdsp::FrozenEqualizer e) {
    e.adc_noise_a = 0;
    return e;
  }
  std::size_t wrapped(std::ptrdiff_t n) const noexcept {
    const auto period = static_cast<std::ptrdiff_t>(pattern_.period());
    return static_cast<std::size_t>((n % period + period) % period);
  }
  std::size_t symbol_of(std::size_t target, std::size_t i) const noexcept {
    return wrapped(static_cast<std::ptrdiff_t>(target + i) - static_cast<std::ptrdiff_t>(back_));
  }
  double level(std::size_t n) const noexcept {
    return static_cast<double>(equalizer_.levels[level_slot(model_.modulation, model_.levels[n])]);
  }

  void set_processes() {
    std::vector<double> white(pattern_.period(), equalizer_.adc_noise_a * equalizer_.adc_noise_a);
    for (std::size_t n = 0; n < white.size(); ++n) {
      if (!point_.jitter_variance.empty())
        white[n] += *point_.jitter_variance.at(static_cast<std::ptrdiff_t>(n));
      white[n] = std::sqrt(white[n]);
    }
    white_ = Cyclic(std::move(white));
    processes_.push_back({&point_.receiver_rms, colour_of(model_.noise_correlation)});
    processes_.push_back({&white_, {1.0}});
    if (!point_.transmitter_rms.empty()) {
      processes_.push_back({&point_.transmitter_rms, colour_of(model_.transmitter_noise_correlation)});
    }
  }

  /// How often each symbol is taken: by its own share of the errors, made less extreme, and some at random.
  void set_choice(const Taps& taps) {
    const double quantum = equalizer_.adc_step_a * equalizer_.adc_step_a / 12;
    const std::vector<double> variance =
        pattern_.noise_variance(point_, taps, equalizer_.adc_noise_a * equalizer_.adc_noise_a + quantum);
    std::vector<double> y = filtered(point_.current, taps);
    const double gain = std::accumulate(taps.c.begin(), taps.c.end(), 0.0);
    const double feedback = static_cast<double>(equalizer_.mlse ? equalizer_.mlse_alpha : equalizer_.dfe);
    double total = 0;
    for (std::size_t n = 0; n < y.size(); ++n) {
      y[n] -= equalizer_.offset_a * gain + feedback * level(wrapped(static_cast<std::ptrdiff_t>(n) - 1));
      const double sigma = std::sqrt(variance[n]);
      double nearest = 40;
      for (const int step : {1, -1}) {
        if (possible(n, step)) nearest = std::min(nearest, step * (threshold(n, step) - y[n]) / sigma);
      }
      probability_.push_back(quick_tail(0.9 * std::max(nearest, 0.0)));
      total += probability_.back();
    }
    const double uniform = uniform_share / static_cast<double>(y.size());
    double sum = 0;
    for (double& p : probability_) {
      p = uniform + (1 - uniform_share) * p / total;
      sum += p;
      cumulated_.push_back(sum);
    }
  }
  std::size_t choose(double u) const noexcept {
    const auto at = std::upper_bound(cumulated_.begin(), cumulated_.end(), u * cumulated_.back());
    return std::min(static_cast<std::size_t>(at - cumulated_.begin()), cumulated_.size() - 1);
  }
  bool possible(std::size_t n, int step) const noexcept {
    const int to = model_.levels[n] + step;
    return to >= 0 && to < pattern_.levels();
  }
  double threshold(std::size_t n, int step) const noexcept {
    const std::size_t t = step > 0 ? model_.levels[n] : model_.levels[n] - std::size_t{1};
    return static_cast<double>(model_.modulation == signal::Modulation::pam4 ? equalizer_.thresholds[t]
                                                                             : equalizer_.thresholds[1]);
  }

  /// The window without noise: light, jitter that is no noise, reflections and crosstalk.
  std::vector<double> quiet_samples(std::size_t target, std::size_t length, Draws& u) const {
    std::vector<double> x(length);
    const double parity = u.next() < 0.5 ? 1 : -1, sine = math::cos(two_pi * u.next());
    for (std::size_t i = 0; i < length; ++i) {
      const auto n = static_cast<std::ptrdiff_t>(symbol_of(target, i));
      x[i] = *point_.current.at(n) - point_.crosstalk_mean_a;
      if (!point_.even_odd.empty()) x[i] += (i % 2 == 0 ? parity : -parity) * *point_.even_odd.at(n);
      if (!point_.sine.empty()) x[i] += sine * *point_.sine.at(n);
      if (!point_.bend.empty()) x[i] += (sine * sine - 0.5) * *point_.bend.at(n);
    }
    const auto levels = static_cast<std::size_t>(pattern_.levels());
    const auto steady = [&](std::size_t l) {
      return std::max(model_.level_current_a[level_slot(model_.modulation, l)], 0.0);
    };
    for (const Interferer& r : model_.reflections) {
      const double beat = r.amplitude * scale_ * math::cos(two_pi * u.next());
      for (std::size_t i = 0; i < length; ++i) {
        x[i] += beat * std::sqrt(steady(model_.levels[symbol_of(target, i)]) * steady(u.below(levels)));
      }
    }
    for (const Interferer& other : model_.crosstalk) {
      const double amplitude = crosstalk_amplitude(other, scale_);
      const std::span<const double> pulse = pulse_of(other);
      std::vector<double> symbols(length + pulse.size() - 1);
      for (double& s : symbols) s = amplitude * steady(u.below(levels));
      for (std::size_t i = 0; i < length; ++i) x[i] += std::inner_product(pulse.begin(), pulse.end(), symbols.begin() + static_cast<std::ptrdiff_t>(i), 0.0);
    }
    return x;
  }

  /// Shifts that bring the noise of this window to an error at its target.
  std::vector<Shift> shifts_of(std::size_t target, const std::vector<double>& quiet) const {
    std::vector<Shift> shifts;
    const Taps taps = taps_of(equalizer_);
    const double gain = std::accumulate(taps.c.begin(), taps.c.end(), 0.0);
    const std::size_t at =
        back_ - static_cast<std::size_t>(taps.before);  // first sample of the target's taps
    const std::size_t longest = equalizer_.mlse ? longest_event : 1;
    const double alpha = static_cast<double>(equalizer_.mlse_alpha);
    std::vector<double> y;
    for (std::size_t j = 0; j <= longest; ++j) {
      if (at + j + taps.c.size() > quiet.size()) break;
      double sum = -equalizer_.offset_a * gain;
      for (std::size_t k = 0; k < taps.c.size(); ++k) sum += taps.c[k] * quiet[at + j + k];
      y.push_back(sum);
    }
    for (std::size_t length = 1; length <= longest; ++length) {
      for (const int sign : {1, -1}) {
        std::vector<double> d{1.0};
        double distance = 0;
        if (equalizer_.mlse) {
          if (!event(target, length, sign, alpha, y, d, distance)) break;
        } else {
          if (!possible(target, sign)) continue;
          const double fed_back =
              static_cast<double>(equalizer_.dfe) * level(wrapped(static_cast<std::ptrdiff_t>(target) - 1));
          d[0] = sign;
          distance = sign * (threshold(target, sign) - y[0] + fed_back);
        }
        if (std::isnan(distance)) continue;
        Shift s = heard(target, at, combined(taps, d));
        const double norm = normalise(s);
        if (!(norm > 0)) continue;
        s.distance = std::clamp(distance / norm, 0.0, 40.0);
        s.share = quick_tail(std::min(s.distance, 36.0));
        shifts.push_back(std::move(s));
      }
    }
    double total = 0;
    for (const Shift& s : shifts) total += s.share;
    for (Shift& s : shifts) s.share *= (1 - unshifted_share) / total;
    return shifts;
  }

  /// Steps d of the samples of an error event, and how far its noise has to go; distance NaN where the levels
  /// forbid it. False where the window ends before it.
  bool event(std::size_t target, std::size_t length, int sign, double alpha, const std::vector<double>& y,
             std::vector<double>& d, double& distance) const {
    if (y.size() < length + 1) return false;
    d.assign(length + 1, 0.0);
    int step = sign;
    for (std::size_t j = 0; j < length; ++j, step = alpha >= 0 ? -step : step) {
      const std::size_t n = wrapped(static_cast<std::ptrdiff_t>(target + j));
      if (!possible(n, step)) {
        distance = std::nan("");
        return true;
      }
      const auto to = static_cast<std::size_t>(model_.levels[n] + step);
      const double jump =
          static_cast<double>(equalizer_.levels[level_slot(model_.modulation, to)]) - level(n);
      d[j] += jump;
      d[j + 1] += alpha * jump;
    }
    distance = 0;
    for (std::size_t j = 0; j <= length; ++j) {
      const std::size_t n = wrapped(static_cast<std::ptrdiff_t>(target + j));
      const double wanted = level(n) + alpha * level(wrapped(static_cast<std::ptrdiff_t>(n) - 1));
      distance += d[j] * (0.5 * d[j] - (y[j] - wanted));
    }
    return true;
  }

  /// What each draw adds behind these taps, the first of which sees sample `at` of the window.
  Shift heard(std::size_t target, std::size_t at, const Taps& taps) const {
    Shift s;
    for (const Process& p : processes_) {
      std::vector<double> direction(back_ + 1 + ahead_ + most_colour_taps, 0.0);
      for (std::size_t k = 0; k < taps.c.size(); ++k) {
        const std::size_t i = at + k;
        if (i >= back_ + 1 + ahead_) break;
        const double rms = *p.rms->at(static_cast<std::ptrdiff_t>(symbol_of(target, i)));
        for (std::size_t m = 0; m < p.colour.size(); ++m) {
          direction[i + most_colour_taps - m] += taps.c[k] * rms * p.colour[m];
        }
      }
      s.direction.push_back(std::move(direction));
    }
    return s;
  }
  static double normalise(Shift& s) {
    double square = 0;
    for (const auto& d : s.direction) square = std::inner_product(d.begin(), d.end(), d.begin(), square);
    const double norm = std::sqrt(square);
    if (norm > 0) {
      for (auto& direction : s.direction) {
        for (double& d : direction) d /= norm;
      }
    }
    return norm;
  }

  void add_noise(std::size_t target, const std::vector<std::vector<double>>& draws,
                 std::vector<double>& x) const {
    for (std::size_t p = 0; p < processes_.size(); ++p) {
      for (std::size_t i = 0; i < x.size(); ++i) {
        double w = 0;
        for (std::size_t m = 0; m < processes_[p].colour.size(); ++m) {
          w += processes_[p].colour[m] * draws[p][i + most_colour_taps - m];
        }
        x[i] += w * *processes_[p].rms->at(static_cast<std::ptrdiff_t>(symbol_of(target, i)));
      }
    }
  }

  /// Decides, and counts the errors that begin at the target.
  Sums weigh(std::size_t target, const std::vector<double>& samples, double weight) const {
    const std::vector<float> x(samples.begin(), samples.end());
    rxdsp::Decisions decisions;
    decider_.process(x, 0, false, decisions);
    const std::size_t at =
        back_ - static_cast<std::size_t>(equalizer_.ffe_before);  // of the target among the decisions
    const auto bits_wrong = [&](std::size_t i) {
      const unsigned sent =
          model_.levels[wrapped(static_cast<std::ptrdiff_t>(target + i) - static_cast<std::ptrdiff_t>(at))];
      const unsigned difference =
          (sent ^ sent >> 1) ^ (decisions.level[i] ^ static_cast<unsigned>(decisions.level[i]) >> 1);
      return (difference & 1) + (difference >> 1 & 1);
    };
    Sums sums;
    if (bits_wrong(at) == 0) return sums;
    for (std::size_t i = 1; memory_ && i <= gap; ++i) {
      if (bits_wrong(at - i) != 0) return sums;
    }
    double errors = 0, bits = 0;
    std::size_t right = 0;
    for (std::size_t i = 0; i <= (memory_ ? tail : 0) && right < gap; ++i) {
      const unsigned wrong = bits_wrong(at + i);
      if (wrong != 0 && i > 0 && right == 0) sums.followed += weight;
      right = wrong != 0 ? 0 : right + 1;
      errors += wrong != 0 ? 1 : 0;
      bits += wrong;
    }
    sums.symbols = weight * errors;
    sums.symbols_square = sums.symbols * sums.symbols;
    sums.bits = weight * bits;
    sums.bits_square = sums.bits * sums.bits;
    sums.hit = weight;
    sums.hit_square = weight * weight;
    return sums;
  }

  const LaneModel& model_;
  Pattern pattern_;
  OperatingPoint point_;
  double scale_;
  RandomStream random_;
  math::GaussianStream noise_;
  rxdsp::FrozenEqualizer equalizer_;
  rxdsp::Decider decider_;
  Cyclic white_;
  std::vector<Process> processes_;
  std::vector<double> probability_, cumulated_;
  std::size_t back_ = 0, ahead_ = 0;
  bool memory_ = false;
};

/// Standard error of a mean of `count` values from their sum and sum of squares.
double standard_error(double sum, double square, double count) {
  const double mean = sum / count;
  return std::sqrt(std::max(square / count - mean * mean, 0.0) / count);
}

}  // namespace

RareErrors estimate_rare_errors(const LaneModel& model, const rxdsp::FrozenEqualizer& equalizer,
                                double attenuation_db, const RareErrorConfig& config) {
  if (config.trials == 0) throw ConfigError({"trials", "is 0", "at least 1", ""});
  const Sampler sampler(model, equalizer, light_behind(attenuation_db), config);
  constexpr std::uint64_t batch = 256;
  std::vector<Sums> parts((config.trials + batch - 1) / batch);
  parallel_for(parts.size(), [&](std::size_t b) {
    const std::uint64_t end = std::min((b + 1) * batch, config.trials);
    for (std::uint64_t i = b * batch; i < end; ++i) parts[b].add(sampler.trial(i));
  });
  Sums all;
  for (const Sums& part : parts) all.add(part);
  const double count = static_cast<double>(config.trials), bits = static_cast<double>(model.modulation);
  RareErrors r;
  r.trials = config.trials;
  r.ser = all.symbols / count;
  r.ser_standard_error = standard_error(all.symbols, all.symbols_square, count);
  r.ber = all.bits / count / bits;
  r.ber_standard_error = standard_error(all.bits, all.bits_square, count) / bits;
  r.burst_continuation = all.symbols > 0 ? all.followed / all.symbols : 0;
  r.effective_samples = all.hit_square > 0 ? all.hit * all.hit / all.hit_square : 0;
  return r;
}

}  // namespace lightlane::link
