#include <algorithm>
#include <array>
#include <cmath>

#include "lightlane/link/statistical_engine_kernels.hpp"
#include "lightlane/link/statistical_engine_parts.hpp"
#include "lightlane/math/elementary.hpp"

namespace lightlane::link::detail {
namespace {

/// A wrong decision at symbol n: probability, where it went, and its noise in units of sigma at three points.
struct Excess {
  std::array<double, 3> z{}, weight{};
};

/// Noise beyond z: density e^{-u} e^{-g^2 / 2 + (s - z) g}, g = u / s, at the points of Gauss-Laguerre.
Excess excess_beyond(double z) noexcept {
  constexpr std::array<double, 3> node{0.41577455678347908, 2.2942803602790417, 6.2899450829374792};
  constexpr std::array<double, 3> weight{0.71109300992917302, 0.27851773356924085, 0.010389256501586136};
  const double base = std::max(z, 1.0), slope = base + 1 / base;
  Excess result;
  double total = 0;
  for (std::size_t j = 0; j < 3; ++j) {
    const double g = node[j] / slope;
    result.z[j] = z + g;
    result.weight[j] = weight[j] * math::exp(std::min((slope - z) * g - 0.5 * g * g, 50.0));
    total += result.weight[j];
  }
  for (double& w : result.weight) w /= total;
  return result;
}

class Memory {
 public:
  Memory(std::span<const std::uint8_t> levels, std::span<const double> y, std::span<const double> sigma,
         std::span<const double> correlation, std::span<const double> second_correlation,
         std::span<const double> thresholds, std::span<const double> feedback)
      : levels_(levels),
        y_(y),
        sigma_(sigma),
        correlation_(correlation),
        second_correlation_(second_correlation),
        thresholds_(thresholds),
        feedback_(feedback),
        fed_back_(feedback.back() != feedback.front()) {}

  ErrorMemory find() const {
    const std::vector<std::size_t> starts = dominant();
    double one = 0, one_weight = 0, more = 0, more_weight = 0;
    const std::size_t stride = std::max<std::size_t>(starts.size() / (fed_back_ ? 1024 : 256), 1);
    for (std::size_t i = 0; i < starts.size(); ++i) {
      for (const int step : {1, -1}) {
        const std::size_t n = starts[i];
        if (!possible(n, step)) continue;
        const double z = distance(n, step, 0, sigma_[n]);
        const double p = quick_tail(z);
        if (!(p > 0)) continue;
        one_weight += p;
        const bool further = i % stride == 0;
        double next_wrong = 0;
        each_next(
            {n, step, z, sigma_[n], 0, 0},
            [&](double w, const Wrong& next, double cause) {
              const double q = w * quick_tail(next.z);
              next_wrong += q;
              if (!further || !(q > 1e-4)) return;
              more_weight += p * q;
              Wrong from = next;
              const std::size_t third = after(next.n);
              from.carried = second_correlation_[n] * sigma_[third] / sigma_[n] * cause;
              each_next(from, [&](double v, const Wrong& last, double) { more += p * q * v * quick_tail(last.z); });
            });
        one += p * next_wrong;
      }
    }
    ErrorMemory result;
    if (one_weight > 0) result.after_one = std::min(one / one_weight, 0.999);
    result.after_two = more_weight > 0 ? std::min(more / more_weight, 0.999) : result.after_one;
    result.after_many = fed_back_ ? std::min(after_any(), 0.999) : result.after_two;
    return result;
  }

 private:
  /// A symbol that went wrong by `step`, its noise beyond z sigma on top of a mean `offset`; `carried`: what noise
  /// before it does to the symbol behind it.
  struct Wrong {
    std::size_t n;
    int step;
    double z, sigma, offset, carried;
  };

  std::size_t after(std::size_t n) const noexcept { return n + 1 < y_.size() ? n + 1 : 0; }
  bool possible(std::size_t n, int step) const noexcept {
    const int to = levels_[n] + step;
    return to >= 0 && to <= static_cast<int>(thresholds_.size());
  }
  /// From y + shift to the threshold in the direction of `step`, in units of sigma.
  double distance(std::size_t n, int step, double shift, double sigma) const noexcept {
    const double t = thresholds_[static_cast<std::size_t>(step > 0 ? levels_[n] : levels_[n] - 1)];
    return step * (t - y_[n] - shift) / sigma;
  }

  double fed_back(std::size_t n, int step) const noexcept {
    return feedback_[static_cast<std::size_t>(levels_[n] + step)] - feedback_[levels_[n]];
  }

  /// Calls use(weight, next, noise) for both directions that the symbol behind `wrong` can go wrong; noise: that of
  /// `wrong` itself.
  template <class Use>
  void each_next(const Wrong& wrong, Use use) const {
    const std::size_t n = wrong.n, m = after(n);
    const Excess excess = excess_beyond(wrong.z);
    const double r = correlation_[n], slope = r * sigma_[m] / sigma_[n];
    const double rest = sigma_[m] * std::sqrt(std::max(1 - r * r, 1e-6)), taken = fed_back(n, wrong.step);
    for (std::size_t j = 0; j < 3; ++j) {
      const double noise = wrong.offset + wrong.step * excess.z[j] * wrong.sigma;
      const double mean = slope * noise + wrong.carried;
      for (const int next : {1, -1}) {
        if (possible(m, next)) use(excess.weight[j], Wrong{m, next, distance(m, next, mean - taken, rest), rest, mean, 0}, noise);
      }
    }
  }

  /// Far into a burst nothing is left of its beginning: any symbol, behind a decision that is wrong in either
  /// direction.
  double after_any() const noexcept {
    double wrong = 0, count = 0;
    for (std::size_t n = 0; n < y_.size(); n += 7) {  // of all neighbourhoods every so many
      const std::size_t m = after(n);
      for (const int step : {1, -1}) {
        if (!possible(n, step)) continue;
        count += 1;
        const double taken = fed_back(n, step);
        for (const int next : {1, -1}) {
          if (possible(m, next)) wrong += quick_tail(distance(m, next, -taken, sigma_[m]));
        }
      }
    }
    return count > 0 ? wrong / count : 0;
  }

  /// Symbols that are wrong most often.
  std::vector<std::size_t> dominant() const {
    std::vector<double> nearest(y_.size());
    double least = 1e300;
    for (std::size_t n = 0; n < y_.size(); ++n) {
      nearest[n] = 1e300;
      for (const int step : {1, -1}) {
        if (possible(n, step)) nearest[n] = std::min(nearest[n], distance(n, step, 0, sigma_[n]));
      }
      least = std::min(least, nearest[n]);
    }
    const double closest = std::max(least, 0.0), farthest = std::sqrt(closest * closest + 12);
    std::vector<std::size_t> result;
    for (std::size_t n = 0; n < y_.size(); ++n) {
      if (nearest[n] < farthest) result.push_back(n);
    }
    const std::size_t most = fed_back_ ? 4096 : 1024;
    if (result.size() > most) {  // every so many of them, at a distance that has no pattern
      const std::size_t stride = (result.size() + most - 1) / most | 1;
      std::vector<std::size_t> fewer;
      for (std::size_t i = 0; i < result.size(); i += stride) fewer.push_back(result[i]);
      return fewer;
    }
    return result;
  }

  std::span<const std::uint8_t> levels_;
  std::span<const double> y_, sigma_, correlation_, second_correlation_, thresholds_, feedback_;
  bool fed_back_;
};

}  // namespace

ErrorMemory error_memory(std::span<const std::uint8_t> levels, std::span<const double> y,
                         std::span<const double> sigma, std::span<const double> next_correlation,
                         std::span<const double> second_correlation, std::span<const double> thresholds,
                         std::span<const double> feedback) {
  return Memory(levels, y, sigma, next_correlation, second_correlation, thresholds, feedback).find();
}

}  // namespace lightlane::link::detail
