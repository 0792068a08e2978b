#include "lightlane/measure/tdecq_search.hpp"

#include <algorithm>
#include <cmath>

namespace lightlane::measure {
namespace {

constexpr int coarse_phases = 20;
constexpr double coarse_step = 1.0 / coarse_phases;
constexpr std::size_t coarse_symbols = 8192;  ///< about so many are looked at in the coarse search
constexpr double mmse_noise = 0.03;           ///< over OMAouter: TDECQ of about 2 dB
constexpr double worst_error = 2.0;    ///< mean square errors above so many times the least are left out
constexpr double worst_noise = 0.955;  ///< coarse maxima below so much of the best (0.2 dB) are left out,
constexpr double nearly_best = 0.995;  ///< and such below so much (0.02 dB) once their phase is found

struct Candidate {
  double phase_ui = 0;
  int lag = 0, main = 0;
  ScaledPoint start;
  double error = 0;        ///< mean square
  double noise = 0;        ///< that it bears, on what was looked at last
  std::size_t stride = 0;  ///< of that; 0: the coarse look
};

class Search {
 public:
  explicit Search(const TdecqSearch& task)
      : task_(task), stride_(std::max<std::size_t>(1, task.grid.symbols() / coarse_symbols)) {}

  TdecqFound run() {
    std::vector<Candidate> candidates = survey();
    bool open = false;
    for (const bool insist : {false, true}) {  // starts that are closed are worth the trouble where all are
      for (Candidate& candidate : candidates) {
        if (!open || !insist) open = glance(candidate, insist) || open;
      }
    }
    std::vector<Candidate> best = maxima(candidates);
    if (!task_.fixed_phase_ui) {
      for (Candidate& candidate : best)
        climb(candidate, 0.5 * coarse_step, stride_ > 1 ? 0.004 : 0.0004, stride_);
      best = maxima(best, nearly_best);
      if (stride_ > 1) {
        for (Candidate& candidate : best) climb(candidate, 0.006, 0.0004, 1);
      }
    }
    for (Candidate& candidate : best) {
      if (task_.fixed_phase_ui) look(candidate, candidate.phase_ui, 1);
    }
    return finish(*std::max_element(
        best.begin(), best.end(), [](const Candidate& a, const Candidate& b) { return a.noise < b.noise; }));
  }

 private:
  EqualizerRules rules(int main) const {
    EqualizerRules out = task_.rules;
    out.main = main;
    return out;
  }
  TdecqHistogram coarse(double phase_ui, int lag) {
    return {task_.grid, task_.levels, phase_ui,      centre_nodes(task_.spacing_ui),
            lag,        stride_,      task_.kernels, storage_};
  }

  /// The noise that a candidate bears, about; whether it bears any.
  bool glance(Candidate& candidate, bool insist) {
    const TdecqHistogram histogram = coarse(candidate.phase_ui, candidate.lag);
    const EqualizerOptimum optimum =
        optimise(histogram, rules(candidate.main), candidate.start, 5e-3, insist);
    candidate.noise = optimum.noise;
    if (optimum.open) candidate.start = optimum.point;
    return optimum.open;
  }

  /// The symbol that a phase's samples follow most.
  int best_lag(TdecqHistogram& histogram) {
    histogram.set_lag(0);
    int lag = 0;
    double most = -1.0;
    const double power = histogram.autocorrelation(1).front();
    for (int k = -2; k <= 2; ++k) {
      const double c = histogram.correlation(k);
      if (c > most) {
        most = c;
        lag = k;
      }
    }
    constexpr double level_power = 5.0 / 36.0;
    correlation_ = std::max(correlation_, power > 0 ? most / std::sqrt(power * level_power) : 0.0);
    histogram.set_lag(lag);
    return lag;
  }

  /// Starting points worth a look.
  std::vector<Candidate> survey() {
    std::vector<Candidate> out;
    double least = 1e300;
    const int phases = task_.fixed_phase_ui ? 1 : coarse_phases;
    for (int p = 0; p < phases; ++p) {
      const double phase = task_.fixed_phase_ui ? *task_.fixed_phase_ui : -0.5 + p * coarse_step;
      TdecqHistogram histogram = coarse(phase, 0);
      const int lag = best_lag(histogram);
      const auto add = [&](int main, const ScaledPoint& start) {
        const double error = mean_square_error(histogram, rules(main), start, mmse_noise);
        out.push_back({phase, lag, main, start, error, 0});
        least = std::min(least, error);
      };
      if (task_.fixed_taps) {
        const auto& taps = *task_.fixed_taps;
        const auto main = std::max_element(taps.begin(), taps.end(),
                                           [](double a, double b) { return std::fabs(a) < std::fabs(b); });
        add(static_cast<int>(main - taps.begin()), start_of(taps, task_.rules));
        continue;
      }
      for (int main = 0; main < std::min(task_.main_positions, task_.rules.taps); ++main) {
        const auto start = mmse_start(histogram, rules(main), mmse_noise);
        if (start) add(main, *start);
      }
    }
    // The error is known but for a constant (patterns use their levels unevenly): it may come out below 0.
    const double floor = std::max(least, mmse_noise * mmse_noise);
    std::erase_if(out, [&](const Candidate& c) { return c.error > worst_error * floor; });
    return out;
  }

  /// Per main tap, the phases that beat their neighbours; those near the best, best first. At least one.
  std::vector<Candidate> maxima(const std::vector<Candidate>& all, double least = worst_noise) const {
    std::vector<Candidate> out;
    double most = 0;
    for (const Candidate& c : all) most = std::max(most, c.noise);
    for (const Candidate& c : all) {
      bool top = c.noise >= least * most;
      for (const Candidate& other : all) {
        const double apart = std::fabs(other.phase_ui - c.phase_ui);
        const bool neighbour =
            other.main == c.main && std::min(apart, 1.0 - apart) < 1.5 * coarse_step && &other != &c;
        if (neighbour && (other.noise > c.noise || (other.noise == c.noise && &other < &c))) top = false;
      }
      if (top) out.push_back(c);
    }
    if (out.empty()) out.push_back(all.front());
    std::stable_sort(out.begin(), out.end(),
                     [](const Candidate& a, const Candidate& b) { return a.noise > b.noise; });
    return out;
  }

  struct Trial {
    double phase = 0, noise = 0;
  };

  /// Noise at a phase, from the candidate's point, which moves on to the best found.
  Trial look(Candidate& candidate, double phase, std::size_t stride) {
    const TdecqHistogram histogram(task_.grid, task_.levels, phase,
                                   gauss_nodes(task_.spacing_ui, task_.width_ui), candidate.lag, stride,
                                   task_.kernels, storage_);
    const EqualizerOptimum optimum = optimise(histogram, rules(candidate.main), candidate.start, 5e-5);
    if (optimum.noise > candidate.noise || candidate.stride != stride) {
      candidate.stride = stride;
      candidate.noise = optimum.noise;
      candidate.phase_ui = phase;
      candidate.start = optimum.point;
    }
    return {phase, optimum.noise};
  }

  /// Brackets the maximum from steps of `step`, then closes in by parabolas to `tolerance`.
  void climb(Candidate& candidate, double step, double tolerance, std::size_t stride) {
    Trial middle = look(candidate, candidate.phase_ui, stride);
    Trial low = look(candidate, middle.phase - step, stride),
          high = look(candidate, middle.phase + step, stride);
    for (int i = 0; i < 6 && (low.noise > middle.noise || high.noise > middle.noise); ++i) {
      if (low.noise > high.noise) {
        high = middle;
        middle = low;
        low = look(candidate, middle.phase - step, stride);
      } else {
        low = middle;
        middle = high;
        high = look(candidate, middle.phase + step, stride);
      }
    }
    double misfit = 1.0;  // of the last parabola, where the trial fell
    for (int i = 0; i < 30 && high.phase - low.phase > tolerance; ++i) {
      const double below = middle.phase - low.phase, above = high.phase - middle.phase;
      const double fall_low = (middle.noise - low.noise) / below,
                   fall_high = (middle.noise - high.noise) / above;
      const double bend = (fall_low + fall_high) / (below + above), slope = fall_low - bend * below;
      double move = bend > 0 ? 0.5 * slope / bend : 0.0;
      const double small = 1e-5 * middle.noise;  // 4e-5 dB
      if (misfit < small && bend * move * move < small) return;
      const double near = 0.25 * tolerance;
      if (std::fabs(move) < near || move < near - below || move > above - near) {
        move = below > above ? -0.382 * below : 0.382 * above;
      }
      const Trial trial = look(candidate, middle.phase + move, stride);
      misfit = std::fabs(middle.noise + slope * move - bend * move * move - trial.noise);
      if (trial.noise > middle.noise) {
        (trial.phase > middle.phase ? low : high) = middle;
        middle = trial;
      } else {
        (trial.phase > middle.phase ? high : low) = trial;
      }
    }
  }

  TdecqFound finish(const Candidate& top) {
    TdecqFound out;
    out.rules = rules(top.main);
    out.correlation = correlation_;
    out.phase_ui = top.phase_ui;
    out.lag = top.lag;
    const TdecqHistogram histogram(task_.grid, task_.levels, top.phase_ui,
                                   gauss_nodes(task_.spacing_ui, task_.width_ui), top.lag, 1, task_.kernels,
                                   storage_);
    out.optimum = optimise(histogram, out.rules, top.start, 1e-5);
    return out;
  }

  const TdecqSearch& task_;
  std::size_t stride_;
  std::vector<float> storage_;
  double correlation_ = 0;
};

}  // namespace

TdecqFound search(const TdecqSearch& task) { return Search(task).run(); }

}  // namespace lightlane::measure
