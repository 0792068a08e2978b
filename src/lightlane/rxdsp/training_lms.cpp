#include <algorithm>
#include <cmath>

#include "lightlane/math/gaussian.hpp"
#include "lightlane/rxdsp/adc.hpp"
#include "lightlane/rxdsp/training_problem.hpp"

namespace lightlane::rxdsp::detail {
namespace {

double sign(double x) noexcept { return x > 0 ? 1 : x < 0 ? -1 : 0; }

/// Samples as the converter delivers them, its noise drawn from a stream of training's own.
std::vector<double> converted(const TrainingProblem& p, const FrozenEqualizer& adc) {
  std::vector<float> noise(p.x.size(), 0.f);
  math::GaussianStream(0, "rxdsp.training", 0).add(0, static_cast<float>(adc.adc_noise_a), noise);
  std::vector<double> x(p.x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    x[i] = convert(adc, p.x[i] * p.rms_a + adc.offset_a + static_cast<double>(noise[i])) / p.rms_a;
  }
  return x;
}

/// An equaliser that follows its error.
class Lms {
 public:
  Lms(const TrainingProblem& problem, std::vector<double> x)
      : p_(problem), x_(std::move(x)), t_(nominal_levels(problem.level_count)), taps_(problem.taps, 0.0) {
    taps_[p_.before] = 1;
    feedback_ = p_.config.mlse ? p_.config.mlse_alpha : 0;
    for (const double x_n : x_) power_ += x_n * x_n;
    power_ *= static_cast<double>(p_.taps) / static_cast<double>(x_.size());
  }

  struct Step {
    double error = 0;
    std::size_t decided = 0;
  };
  /// One symbol. `step` is relative to the power in the taps. Wrong decisions are fed back as a receiver
  /// would.
  Step advance(std::size_t n, double step, bool by_decision) noexcept {
    const double* in = x_.data() + (n - p_.before);
    double y = 0;
    for (std::size_t k = 0; k < p_.taps; ++k) y += taps_[k] * in[k];
    y -= feedback_ * t_[previous_];
    Step result;
    result.decided = decide(y);
    const std::size_t symbol = by_decision ? result.decided : p_.levels[n];
    result.error = y - t_[symbol];
    adapt(in, result.error, step, symbol);
    previous_ = symbol;
    return result;
  }
  void start_behind(std::size_t symbol) noexcept { previous_ = symbol; }
  Solution solution() const { return {taps_, feedback_, true}; }

 private:
  std::size_t decide(double y) const noexcept {
    std::size_t level = 0;
    for (std::size_t l = 1; l < static_cast<std::size_t>(p_.level_count); ++l) {
      level += y > 0.5 * (t_[l - 1] + t_[l]) ? 1 : 0;
    }
    return level;
  }

  void adapt(const double* in, double error, double step, std::size_t symbol) noexcept {
    const bool fit_feedback = p_.config.dfe_taps > 0;
    const std::size_t top = static_cast<std::size_t>(p_.level_count - 1);
    if (p_.config.sign_sign) {
      // Samples have an rms of 1: a sign moves a tap by its share of the step.
      const double move = step / static_cast<double>(p_.taps) * sign(error);
      for (std::size_t k = 0; k < p_.taps; ++k) taps_[k] -= move * sign(in[k]);
      if (fit_feedback) feedback_ += move * sign(t_[previous_]);
      if (symbol != 0 && symbol != top) t_[symbol] += move;
      return;
    }
    const double move = step / power_ * error;
    for (std::size_t k = 0; k < p_.taps; ++k) taps_[k] -= move * in[k];
    if (fit_feedback) feedback_ += move * t_[previous_];
    if (symbol != 0 && symbol != top) t_[symbol] += move;  // the outer levels hold the gain
  }

  const TrainingProblem& p_;
  std::vector<double> x_;
  LevelValues t_;
  std::vector<double> taps_;
  double feedback_ = 0, power_ = 0;
  std::size_t previous_ = 0;
};

/// The step falls from 64 times (at most 0.2) to once the configured one over the first three eighths, by
/// halves.
double geared(double step, double progress) noexcept {
  const int gear = std::max(0, 6 - static_cast<int>(progress * 16));
  return std::max(step, std::min(std::ldexp(step, gear), 0.2));
}

}  // namespace

Solution adapt_lms(const TrainingProblem& p, const FrozenEqualizer& adc, TrainingReport& report) {
  if (p.rms_a == 0) return {};
  Lms lms(p, converted(p, adc));
  lms.start_behind(p.levels[p.begin - 1]);
  const std::size_t count = p.end - p.begin, block = std::max<std::size_t>(256, count / 256);
  double sum = 0;
  std::size_t in_block = 0;
  std::size_t wrong = 0, seen = 0;  // in the last quarter
  double last = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const double progress = static_cast<double>(i) / static_cast<double>(count);
    const Lms::Step step = lms.advance(p.begin + i, geared(p.config.lms_step, progress), progress >= 0.5);
    const double square = step.error * step.error;
    if (progress >= 0.75) {
      last += square;
      wrong += step.decided != p.levels[p.begin + i] ? 1 : 0;
      ++seen;
    }
    sum += square;
    if (++in_block == block) {
      report.mse_history.push_back(sum / static_cast<double>(block));
      sum = 0;
      in_block = 0;
    }
  }
  report.converged = std::isfinite(last) && 10 * wrong < seen;
  if (!std::isfinite(last)) return {};
  return lms.solution();
}

}  // namespace lightlane::rxdsp::detail
