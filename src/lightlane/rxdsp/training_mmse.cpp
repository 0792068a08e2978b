#include <algorithm>
#include <cmath>
#include <numeric>

#include "lightlane/rxdsp/training_problem.hpp"

namespace lightlane::rxdsp::detail {
namespace {

/// First and second moments of the samples in the taps and of the levels, over the problem's symbols.
struct Moments {
  std::size_t taps = 0;
  double count = 0;
  std::vector<double> mean;       ///< of the sample in each tap
  math::SquareMatrix covariance;  ///< of the taps, noise included
  std::array<std::vector<double>, 4> at,
      behind;  ///< sums of the taps' samples where the symbol, the one before is l
  std::array<std::array<double, 4>, 4> pairs{};  ///< how often [the one before][the symbol]
  std::array<double, 4> symbols{}, previous{};
};

/// Sums of x[i] x[i + lag] over the first tap's samples, lag = 0 .. taps - 1; a fixed order, vectors run over
/// the lags.
std::vector<double> first_row(const TrainingProblem& p) {
  std::vector<double> row(p.taps, 0.0);
  for (std::size_t n = p.begin; n < p.end; ++n) {
    const double* x = p.x.data() + (n - p.before);
    for (std::size_t lag = 0; lag < p.taps; ++lag) row[lag] += x[0] * x[lag];
  }
  return row;
}

void add_covariance(const TrainingProblem& p, Moments& m) {
  const std::vector<double> row = first_row(p);
  m.covariance = math::SquareMatrix(p.taps);
  const double* x = p.x.data() + (p.begin - p.before);
  const std::size_t count = p.end - p.begin;
  for (std::size_t j = 0; j < p.taps; ++j) m.covariance(0, j) = row[j];
  // One tap on, the sums lose their first product and gain one behind the last.
  for (std::size_t i = 1; i < p.taps; ++i) {
    for (std::size_t j = i; j < p.taps; ++j) {
      m.covariance(i, j) =
          m.covariance(i - 1, j - 1) - x[i - 1] * x[j - 1] + x[i - 1 + count] * x[j - 1 + count];
    }
  }
  for (std::size_t i = 0; i < p.taps; ++i) {
    for (std::size_t j = i; j < p.taps; ++j) {
      m.covariance(i, j) = m.covariance(i, j) / m.count - m.mean[i] * m.mean[j] + p.noise[j - i];
      m.covariance(j, i) = m.covariance(i, j);
    }
  }
}

Moments moments_of(const TrainingProblem& p, bool feedback) {
  Moments m;
  m.taps = p.taps;
  m.count = p.count();
  for (auto& sums : m.at) sums.assign(p.taps, 0.0);
  for (auto& sums : m.behind) sums.assign(p.taps, 0.0);
  const auto add = [&p](std::vector<double>& sums, const double* x) {
    double* s = sums.data();
    for (std::size_t k = 0; k < p.taps; ++k) s[k] += x[k];
  };
  for (std::size_t n = p.begin; n < p.end; ++n) {
    const double* x = p.x.data() + (n - p.before);
    add(m.at[p.levels[n]], x);
    if (feedback) add(m.behind[p.levels[n - 1]], x);
    m.pairs[p.levels[n - 1]][p.levels[n]] += 1;
  }
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = 0; j < 4; ++j) {
      m.previous[i] += m.pairs[i][j];
      m.symbols[j] += m.pairs[i][j];
    }
  }
  m.mean.assign(p.taps, 0.0);
  for (std::size_t k = 0; k < p.taps; ++k) {
    for (const auto& sums : m.at) m.mean[k] += sums[k];
    m.mean[k] /= m.count;
  }
  add_covariance(p, m);
  return m;
}

double average(const std::array<double, 4>& counts, const LevelValues& t, double count) noexcept {
  return std::inner_product(counts.begin(), counts.end(), t.begin(), 0.0) / count;
}

/// Covariance of the taps' samples with t of the symbol whose sums these are.
std::vector<double> cross(const Moments& m, const std::array<std::vector<double>, 4>& sums,
                          const LevelValues& t, double t_mean) {
  std::vector<double> result(m.taps);
  for (std::size_t k = 0; k < m.taps; ++k) {
    double sum = 0;
    for (std::size_t l = 0; l < 4; ++l) sum += t[l] * sums[l][k];
    result[k] = sum / m.count - m.mean[k] * t_mean;
  }
  return result;
}

/// Solves A x = b; where A is singular (no noise at all, fewer degrees of freedom than taps) with as little
/// ridge as it takes.
std::optional<std::vector<double>> solve_with_ridge(math::SquareMatrix a, std::span<const double> b) {
  double ridge = 0;
  for (int attempt = 0; attempt < 6; ++attempt) {
    if (auto x = math::solve_spd(a, b)) return x;
    const double more = ridge == 0 ? 1e-13 : 99 * ridge;
    for (std::size_t i = 0; i < a.n; ++i) a(i, i) += more * a(0, 0);
    ridge += more;
  }
  return std::nullopt;
}

/// Taps and feedback that bring sum w x - feedback t[n - 1] nearest to t[n]; `fixed` feedback is not fitted.
Solution least_squares(const Moments& m, const LevelValues& t, bool fit_feedback, double fixed) {
  const double t_mean = average(m.symbols, t, m.count), before_mean = average(m.previous, t, m.count);
  const std::vector<double> target = cross(m, m.at, t, t_mean);
  if (!fit_feedback && fixed == 0) {
    auto taps = solve_with_ridge(m.covariance, target);
    return taps ? Solution{std::move(*taps), 0, true} : Solution{};
  }
  const std::vector<double> previous = cross(m, m.behind, t, before_mean);
  if (!fit_feedback) {
    std::vector<double> b(m.taps);
    for (std::size_t k = 0; k < m.taps; ++k) b[k] = target[k] + fixed * previous[k];
    auto taps = solve_with_ridge(m.covariance, b);
    return taps ? Solution{std::move(*taps), fixed, true} : Solution{};
  }
  double square = 0, product = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    square += m.previous[i] * t[i] * t[i];
    for (std::size_t j = 0; j < 4; ++j) product += m.pairs[i][j] * t[i] * t[j];
  }
  math::SquareMatrix a(m.taps + 1);
  std::vector<double> b(m.taps + 1);
  for (std::size_t i = 0; i < m.taps; ++i) {
    for (std::size_t j = 0; j < m.taps; ++j) a(i, j) = m.covariance(i, j);
    a(i, m.taps) = a(m.taps, i) = -previous[i];
    b[i] = target[i];
  }
  a(m.taps, m.taps) = square / m.count - before_mean * before_mean;
  b[m.taps] = -(product / m.count - before_mean * t_mean);
  auto joint = solve_with_ridge(a, b);
  if (!joint) return {};
  Solution solution{std::move(*joint), 0, true};
  solution.feedback = solution.taps.back();
  solution.taps.pop_back();
  return solution;
}

/// Means of each level behind the solution, scaled so that the outer ones are -1 and +1; none where they are
/// not in order.
std::optional<LevelValues> levels_behind(const Moments& m, const Solution& s, const LevelValues& t,
                                         int level_count) {
  LevelValues means{};
  for (std::size_t l = 0; l < static_cast<std::size_t>(level_count); ++l) {
    double y = 0, before = 0;
    for (std::size_t k = 0; k < m.taps; ++k) y += s.taps[k] * m.at[l][k];
    for (std::size_t i = 0; i < 4; ++i) before += m.pairs[i][l] * t[i];
    means[l] = (y - s.feedback * before) / m.symbols[l];
  }
  const double low = means[0], high = means[static_cast<std::size_t>(level_count - 1)];
  for (std::size_t l = 1; l < static_cast<std::size_t>(level_count); ++l) {
    if (!(means[l] > means[l - 1])) return std::nullopt;
  }
  for (std::size_t l = 0; l < static_cast<std::size_t>(level_count); ++l) {
    means[l] = (2 * means[l] - low - high) / (high - low);
  }
  return means;
}

}  // namespace

Solution solve_mmse(const TrainingProblem& p, bool fit_alpha) {
  if (p.rms_a == 0) return {};
  const bool feedback = p.config.mlse || p.config.dfe_taps > 0;
  const Moments m = moments_of(p, feedback);
  LevelValues t = nominal_levels(p.level_count);
  bool fit = feedback && (fit_alpha || !p.config.mlse);
  double fixed = p.config.mlse ? p.config.mlse_alpha : 0;
  Solution solution;
  // Targets move to where the levels arrive: each round leaves a few per cent of the difference.
  for (int round = 0; round < 6; ++round) {
    solution = least_squares(m, t, fit, fixed);
    if (!solution.solved) return solution;
    if (p.config.mlse && fit && std::fabs(solution.feedback) > most_alpha) {
      fit = false;
      fixed = std::clamp(solution.feedback, -most_alpha, most_alpha);
      continue;
    }
    const auto next = levels_behind(m, solution, t, p.level_count);
    if (!next) return solution;
    double change = 0;
    for (std::size_t l = 0; l < 4; ++l) change = std::max(change, std::fabs((*next)[l] - t[l]));
    t = *next;
    if (change < 1e-7) break;
  }
  return solution;
}

}  // namespace lightlane::rxdsp::detail
