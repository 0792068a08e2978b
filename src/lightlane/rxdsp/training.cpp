#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "lightlane/base/error.hpp"
#include "lightlane/math/elementary.hpp"
#include "lightlane/rxdsp/adc.hpp"
#include "lightlane/rxdsp/thresholds.hpp"
#include "lightlane/rxdsp/training_problem.hpp"

namespace lightlane::rxdsp {
namespace detail {
namespace {

/// Equalised samples by the symbol before and the symbol: [before][symbol].
struct Cells {
  std::array<std::array<double, 4>, 4> count{}, sum{}, square{};
  void scale(double gain) noexcept {
    for (std::size_t i = 0; i < 4; ++i) {
      for (std::size_t j = 0; j < 4; ++j) {
        sum[i][j] *= gain;
        square[i][j] *= gain * gain;
      }
    }
  }
};

/// Levels and feedback that explain the cells best, and the gain that brought the outer levels 2 apart.
struct Fit {
  LevelValues levels{};
  double feedback = 0, gain = 1;
};

class Freezer {
 public:
  Freezer(const TrainingProblem& problem, const Solution& solution, FrozenEqualizer& equalizer,
          TrainingReport& report)
      : p_(problem),
        count_(static_cast<std::size_t>(problem.level_count)),
        taps_(solution.taps),
        e_(equalizer),
        report_(report) {
    y_.resize(p_.end - p_.begin);
    for (std::size_t n = p_.begin; n < p_.end; ++n) {
      const double y = p_.output(taps_, n);
      const std::size_t i = p_.levels[n - 1], j = p_.levels[n];
      y_[n - p_.begin] = y;
      cells_.count[i][j] += 1;
      cells_.sum[i][j] += y;
      cells_.square[i][j] += y * y;
    }
    fit_.feedback = solution.feedback;
  }

  /// False where the levels do not come out in order.
  bool fit(bool with_feedback) {
    for (int round = 0; round < (with_feedback ? 8 : 1); ++round) {
      fit_levels();
      const double span = fit_.levels[count_ - 1] - fit_.levels[0];
      if (!(span > 0)) return false;
      const double gain = 2 / span;
      fit_.gain *= gain;
      cells_.scale(gain);
      for (double& level : fit_.levels) level *= gain;
      if (with_feedback) fit_feedback();
    }
    if (with_feedback) fit_levels();
    for (std::size_t l = 1; l < count_; ++l) {
      if (!(fit_.levels[l] > fit_.levels[l - 1])) return false;
    }
    return true;
  }

  void write(bool by_mixture) {
    e_.ffe.resize(p_.taps);
    for (std::size_t k = 0; k < p_.taps; ++k) {
      taps_[k] *= fit_.gain;
      e_.ffe[k] = static_cast<float>(taps_[k] / p_.rms_a);
    }
    for (double& y : y_) y *= fit_.gain;
    noise_ = p_.noise_power(taps_);
    write_levels();
    write_figures();
    write_thresholds(by_mixture);
  }

 private:
  void fit_levels() noexcept {
    for (std::size_t j = 0; j < count_; ++j) {
      double sum = 0, count = 0;
      for (std::size_t i = 0; i < count_; ++i) {
        sum += cells_.sum[i][j] - fit_.feedback * fit_.levels[i] * cells_.count[i][j];
        count += cells_.count[i][j];
      }
      fit_.levels[j] = sum / count;
    }
  }

  void fit_feedback() noexcept {
    double product = 0, square = 0;
    for (std::size_t i = 0; i < count_; ++i) {
      const double t = fit_.levels[i];
      for (std::size_t j = 0; j < count_; ++j) {
        product += t * (cells_.sum[i][j] - fit_.levels[j] * cells_.count[i][j]);
        square += t * t * cells_.count[i][j];
      }
    }
    if (square > 0) fit_.feedback = product / square;
    if (p_.config.mlse) fit_.feedback = std::clamp(fit_.feedback, -most_alpha, most_alpha);
  }

  void write_levels() noexcept {
    const auto value = [&](std::size_t l) { return static_cast<float>(fit_.levels[l]); };
    if (count_ == 2) {
      const float low = value(0), high = value(1);
      e_.levels = {low, low + (high - low) / 3, high - (high - low) / 3, high};
    } else {
      e_.levels = {value(0), value(1), value(2), value(3)};
    }
    e_.mlse = p_.config.mlse;
    (p_.config.mlse ? e_.mlse_alpha : e_.dfe) = static_cast<float>(fit_.feedback);
  }

  /// Sum of squares about the level and the feedback, of one symbol's cells.
  double squares(std::size_t j) const noexcept {
    double result = 0;
    for (std::size_t i = 0; i < count_; ++i) {
      const double mean = fit_.levels[j] + fit_.feedback * fit_.levels[i];
      result += cells_.square[i][j] - 2 * mean * cells_.sum[i][j] + mean * mean * cells_.count[i][j];
    }
    return std::max(result, 0.0);
  }
  double symbols(std::size_t j) const noexcept {
    double count = 0;
    for (std::size_t i = 0; i < count_; ++i) count += cells_.count[i][j];
    return count;
  }

  void write_figures() noexcept {
    double mean = 0, square = 0, error = 0;
    for (std::size_t j = 0; j < count_; ++j) {
      mean += symbols(j) * fit_.levels[j] / p_.count();
      square += symbols(j) * fit_.levels[j] * fit_.levels[j] / p_.count();
      error += squares(j) / p_.count();
    }
    report_.mse = error + noise_;
    report_.snr_db = math::to_db((square - mean * mean) / report_.mse);
  }

  /// Each level's samples behind the feedback of the known symbol before, gathered into points that are
  /// close.
  void gather_points() {
    constexpr std::size_t bins = 256;
    std::array<double, 4> low{}, high{}, scale{};
    low.fill(std::numeric_limits<double>::infinity());
    high.fill(-std::numeric_limits<double>::infinity());
    for (std::size_t n = p_.begin; n < p_.end; ++n) {
      double& y = y_[n - p_.begin];
      y -= fit_.feedback * fit_.levels[p_.levels[n - 1]];
      low[p_.levels[n]] = std::min(low[p_.levels[n]], y);
      high[p_.levels[n]] = std::max(high[p_.levels[n]], y);
    }
    for (std::size_t l = 0; l < count_; ++l) {
      scale[l] = high[l] > low[l] ? bins / (high[l] - low[l]) : 0;
      points_[l].assign(bins, {0, std::sqrt(noise_), 0});
    }
    for (std::size_t n = p_.begin; n < p_.end; ++n) {
      const std::size_t l = p_.levels[n];
      const double y = y_[n - p_.begin];
      NoisySample& point = points_[l][std::min(static_cast<std::size_t>((y - low[l]) * scale[l]), bins - 1)];
      point.value += y;
      point.weight += 1;
    }
    for (auto& points : points_) {
      std::erase_if(points, [](const NoisySample& s) { return s.weight == 0; });
      for (NoisySample& point : points) point.value /= point.weight;
    }
  }

  double threshold(std::size_t l, bool by_mixture) const {
    if (!p_.config.adaptive_thresholds) return 0.5 * (fit_.levels[l] + fit_.levels[l + 1]);
    if (by_mixture && noise_ > 0) return least_error_threshold(points_[l], points_[l + 1]);
    const auto cluster = [&](std::size_t j) {
      return Cluster{fit_.levels[j], std::sqrt(squares(j) / symbols(j) + noise_)};
    };
    return least_error_threshold(cluster(l), cluster(l + 1));
  }

  void write_thresholds(bool by_mixture) {
    if (by_mixture) gather_points();
    if (count_ == 2) {
      const float t = static_cast<float>(threshold(0, by_mixture));
      e_.thresholds = {0.5f * (e_.levels[0] + t), t, 0.5f * (t + e_.levels[3])};
      return;
    }
    for (std::size_t l = 0; l < 3; ++l) e_.thresholds[l] = static_cast<float>(threshold(l, by_mixture));
  }

  const TrainingProblem& p_;
  const std::size_t count_;
  std::vector<double> taps_;
  FrozenEqualizer& e_;
  TrainingReport& report_;
  std::vector<double> y_;
  std::array<std::vector<NoisySample>, 4> points_;
  Cells cells_;
  Fit fit_;
  double noise_ = 0;
};

void freeze_without_signal(const TrainingProblem& p, FrozenEqualizer& e, TrainingReport& report) {
  e.ffe.assign(p.taps, 0.f);
  e.mlse = p.config.mlse;
  report.converged = false;
  report.snr_db = report.mse = 0;
}

}  // namespace

void freeze(const TrainingProblem& problem, const Solution& solution, bool by_mixture,
            FrozenEqualizer& equalizer, TrainingReport& report) {
  report.symbols = problem.end - problem.begin;
  if (!solution.solved) return freeze_without_signal(problem, equalizer, report);
  Freezer freezer(problem, solution, equalizer, report);
  if (!freezer.fit(problem.config.mlse || problem.config.dfe_taps > 0)) {
    return freeze_without_signal(problem, equalizer, report);
  }
  freezer.write(by_mixture);
}

}  // namespace detail

void validate(const EqualizerConfig& c) {
  const auto range = [](bool good, const char* key, std::string is, const char* allowed,
                        const char* hint = "") {
    if (!good) throw ConfigError({key, "is " + std::move(is), allowed, hint});
  };
  range(c.adc_bits == 0 || (c.adc_bits >= 2 && c.adc_bits <= 12), "dsp.adc_bits",
        fmt::format("{}", c.adc_bits), "2 to 12, or 0 for no quantisation");
  range(c.adc_enob == 0 || (c.adc_enob >= 2 && c.adc_enob <= (c.adc_bits > 0 ? c.adc_bits : 12)),
        "dsp.adc_enob", fmt::format("{}", c.adc_enob),
        "2 to dsp.adc_bits, or 0 for no more than quantisation",
        "a converter has no more effective bits than bits");
  range(c.adc_clip_ratio >= 1e-9 && c.adc_clip_ratio <= 0.2, "dsp.adc_clip_ratio",
        fmt::format("{}", c.adc_clip_ratio), "1e-9 to 0.2");
  range(c.ffe_taps >= 1 && c.ffe_taps <= 101, "dsp.ffe_taps", fmt::format("{}", c.ffe_taps), "1 to 101");
  range(c.ffe_main >= 0 && c.ffe_main < c.ffe_taps, "dsp.ffe_main", fmt::format("{}", c.ffe_main),
        "0 to dsp.ffe_taps - 1");
  range(c.dfe_taps == 0 || c.dfe_taps == 1, "dsp.dfe_taps", fmt::format("{}", c.dfe_taps), "0 or 1");
  range(!(c.mlse && c.dfe_taps > 0), "dsp.dfe_taps", fmt::format("{} beside dsp.mlse", c.dfe_taps),
        "a DFE or an MLSE, not both", "both take the interference of the symbol before");
  range(c.mlse_alpha >= -0.95 && c.mlse_alpha <= 0.95, "dsp.mlse_alpha", fmt::format("{}", c.mlse_alpha),
        "-0.95 to 0.95", "a Viterbi for more than that forgets too slowly");
  range(c.lms_step > 0 && c.lms_step <= 1, "dsp.lms_step", fmt::format("{}", c.lms_step), "above 0, up to 1",
        "LMS is unstable from 2 on");
}

Trained train(const EqualizerConfig& config, std::span<const float> samples_a,
              std::span<const std::uint8_t> levels) {
  Trained result;
  const detail::TrainingProblem problem =
      detail::state_problem(config, samples_a, levels, {}, result.equalizer);
  if (config.training == Training::lms) {
    const detail::Solution solution = detail::adapt_lms(problem, result.equalizer, result.report);
    Trained best = result;
    detail::freeze(problem, detail::solve_mmse(problem, false), false, best.equalizer, best.report);
    detail::freeze(problem, solution, false, result.equalizer, result.report);
    if (result.report.snr_db < best.report.snr_db - 1) result.report.converged = false;
    return result;
  }
  result.report.converged = true;
  detail::freeze(problem, detail::solve_mmse(problem, true), false, result.equalizer, result.report);
  return result;
}

Trained train_analytic(const EqualizerConfig& config, std::span<const float> samples_a,
                       std::span<const std::uint8_t> levels,
                       std::span<const double> noise_autocovariance_a2) {
  Trained result;
  const detail::TrainingProblem problem =
      detail::state_problem(config, samples_a, levels, noise_autocovariance_a2, result.equalizer);
  result.report.converged = true;
  detail::freeze(problem, detail::solve_mmse(problem, true), true, result.equalizer, result.report);
  return result;
}

}  // namespace lightlane::rxdsp
