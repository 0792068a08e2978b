#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include "lightlane/link/statistical_engine_parts.hpp"

namespace lightlane::link::detail {
namespace {

constexpr double most_sequence_ser = 0.05;  ///< beyond, the union bound says nothing
constexpr std::size_t longest_event = 10;
constexpr double farthest_tail = 12;

/// A wrong path through the trellis: steps of the levels, and what they do to the samples.
struct Event {
  std::vector<int> step;
  std::vector<double> d;
  double square = 0;
};

/// Steps alternate (negative alpha: do not), so that the tail of each cancels part of the next.
Event event_of(std::size_t length, double alpha, double spacing) {
  Event e{std::vector<int>(length), std::vector<double>(length + 1, 0.0), 0};
  for (std::size_t j = 0; j < length; ++j) {
    e.step[j] = j == 0 ? 1 : (alpha >= 0 ? -e.step[j - 1] : e.step[j - 1]);
    e.d[j] += e.step[j] * spacing;
    e.d[j + 1] += alpha * e.step[j] * spacing;
  }
  e.square = std::inner_product(e.d.begin(), e.d.end(), e.d.begin(), 0.0);
  return e;
}

/// Symbols of this level at which the event, times sign, stays among the levels.
std::vector<std::size_t> possible_starts(const std::vector<std::uint8_t>& sent, const Event& e, int sign,
                                         int levels, std::size_t level) {
  std::vector<std::size_t> result;
  for (std::size_t n = 0; n < sent.size(); ++n) {
    bool possible = sent[n] == level;
    for (std::size_t j = 0; possible && j < e.step.size(); ++j) {
      const int to = sent[(n + j) % sent.size()] + sign * e.step[j];
      possible = to >= 0 && to < levels;
    }
    if (possible) result.push_back(n);
  }
  return result;
}

double mean_of(const std::vector<double>& v) {
  return std::accumulate(v.begin(), v.end(), 0.0) / static_cast<double>(v.size());
}

}  // namespace

/// Union bound over the dominant error events, with the coloured noise, residual interference and the
/// channel's mismatch to the target as they are.
void Evaluation::decide_sequences(StatisticalResult& r) const {
  const LaneModel& model = pattern_.model();
  const std::size_t period = pattern_.period();
  const double alpha = static_cast<double>(equalizer_.mlse_alpha);
  const double spacing = (level(levels() - 1) - level(0)) / static_cast<double>(levels() - 1);
  std::vector<double> target(period);
  for (std::size_t n = 0; n < period; ++n) {
    target[n] = level(model.levels[n]) + alpha * level(model.levels[n == 0 ? period - 1 : n - 1]);
  }
  // Halfway to the wrong path: of an event of one step exactly, of longer ones to first order in how unequal the
  // levels' distances are.
  const auto boundary = [&](const Event& e, std::size_t n, int sign) {
    double half = 0, before = 0;
    for (std::size_t j = 0; j <= e.step.size(); ++j) {
      double distance = 0;
      if (j < e.step.size()) {
        const std::size_t sent = model.levels[(n + j) % period];
        distance = sign * (level(static_cast<std::size_t>(static_cast<int>(sent) + sign * e.step[j])) - level(sent));
      }
      half += 0.5 * e.d[j] * (distance + alpha * before);
      before = distance;
    }
    return half;
  };
  // Errors that begin an event, by the threshold that they cross; and those that follow in it.
  std::array<double, 3> crossed{};
  double later = 0;
  r.closest_margin = std::numeric_limits<double>::infinity();
  for (std::size_t length = 1; length <= longest_event; ++length) {
    const Event event = event_of(length, alpha, spacing);
    const Behind b = behind(combined(taps_of(equalizer_), event.d));
    std::vector<double> residual = b.y;
    for (std::size_t n = 0; n < period; ++n) {
      for (std::size_t j = 0; j <= length; ++j) residual[n] -= event.d[j] * target[(n + j) % period];
    }
    const double sigma = std::sqrt(mean_of(b.variance));
    const double exponent = std::min(0.5 * event.square / sigma, farthest_tail) / sigma;
    BoundedRule all = multipath_rule(model, b.taps.c, b.taps.c.size(), 0, point_.scale, exponent);
    NoisyRule noisy;
    split_crosstalk(b, exponent, all, noisy);
    double p = 0;
    for (const int sign : {1, -1}) {
      for (std::size_t l = 0; l < levels(); ++l) {
        const std::vector<std::size_t> starts =
            possible_starts(model.levels, event, sign, pattern_.levels(), l);
        if (starts.empty()) continue;
        std::vector<double> moved = residual;
        for (const std::size_t n : starts) {
          moved[n] -= sign * (boundary(event, n, sign) - 0.5 * event.square);
          r.closest_margin = std::min(r.closest_margin, 1 - sign * moved[n] / (0.5 * event.square));
        }
        const LevelDistribution wrong = distribution(b, moved, starts, all, noisy);
        const double here = static_cast<double>(starts.size()) / static_cast<double>(period) *
                            (sign > 0 ? wrong.above(0.5 * event.square) : wrong.below(-0.5 * event.square));
        p += here;
        crossed[sign > 0 ? l : l - 1] += here;
      }
    }
    later += static_cast<double>(length - 1) * p;
    r.ser += static_cast<double>(length) * p;
    if (static_cast<double>(length) * p < 1e-6 * r.ser) break;
  }
  r.ber = levels() == 4 ? r.ser / 2 : r.ser;
  r.burst_continuation = r.ser > 0 ? later / r.ser : 0;
  // A threshold has two of the levels at its sides. Which one a later error of an event crosses is taken as
  // even.
  for (std::size_t t = 0; t + 1 < levels(); ++t) {
    r.crossing[t] =
        (crossed[t] + later / static_cast<double>(levels() - 1)) * static_cast<double>(levels()) / 2;
  }
  if (r.ser > most_sequence_ser) {
    r.valid = false;
    r.why_not = "so many errors that the union bound of the MLSE says nothing: use the symbol engine";
  }
}

}  // namespace lightlane::link::detail
