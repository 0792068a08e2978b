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
         std::span<const double> correlation, std::span<const double> thresholds,
         std::span<const double> feedback)
      : levels_(levels),
        y_(y),
        sigma_(sigma),
        correlation_(correlation),
        thresholds_(thresholds),
        feedback_(feedback) {}

  ErrorMemory find() const {
    const std::vector<std::size_t> starts = dominant();
    double one = 0, one_weight = 0, more = 0, more_weight = 0;
    const std::size_t stride = std::max<std::size_t>(starts.size() / 256, 1);
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
            n, step, z, sigma_[n],
            [&](double w, std::size_t m, int next_step, double next_z, double next_sigma, double noise) {
              const double q = w * quick_tail(next_z);
              next_wrong += q;
              if (!further || !(q > 1e-4)) return;
              more_weight += p * q;
              const double offset = noise;
              double third = 0;
              each_next(
                  m, next_step, next_z, next_sigma,
                  [&](double v, std::size_t, int, double z3, double, double) { third += v * quick_tail(z3); },
                  offset);
              more += p * q * third;
            });
        one += p * next_wrong;
      }
    }
    ErrorMemory result;
    if (one_weight > 0) result.after_one = std::min(one / one_weight, 0.999);
    result.after_more = more_weight > 0 ? std::min(more / more_weight, 0.999) : result.after_one;
    return result;
  }

 private:
  bool possible(std::size_t n, int step) const noexcept {
    const int to = levels_[n] + step;
    return to >= 0 && to <= static_cast<int>(thresholds_.size());
  }
  /// From y + shift to the threshold in the direction of `step`, in units of sigma.
  double distance(std::size_t n, int step, double shift, double sigma) const noexcept {
    const double t = thresholds_[static_cast<std::size_t>(step > 0 ? levels_[n] : levels_[n] - 1)];
    return step * (t - y_[n] - shift) / sigma;
  }

  /// Calls use(weight, m, step, z, sigma, shift) for both directions that symbol m = n + 1 can go wrong,
  /// where n went wrong by `step` with noise beyond z sigma, on top of a mean `offset` of that noise.
  template <class Use>
  void each_next(std::size_t n, int step, double z, double sigma, Use use, double offset = 0) const {
    const std::size_t m = n + 1 < y_.size() ? n + 1 : 0;
    const Excess excess = excess_beyond(z);
    const double r = correlation_[n], slope = r * sigma_[m] / sigma_[n];
    const double rest = sigma_[m] * std::sqrt(std::max(1 - r * r, 1e-6));
    const double fed_back = feedback_[static_cast<std::size_t>(levels_[n] + step)] - feedback_[levels_[n]];
    for (std::size_t j = 0; j < 3; ++j) {
      const double shift = slope * (offset + step * excess.z[j] * sigma) - fed_back;
      for (const int next : {1, -1}) {
        if (possible(m, next))
          use(excess.weight[j], m, next, distance(m, next, shift, rest), rest, shift + fed_back);
      }
    }
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
    constexpr std::size_t most = 1024;
    if (result.size() > most) {  // every so many of them, at a distance that has no pattern
      const std::size_t stride = (result.size() + most - 1) / most | 1;
      std::vector<std::size_t> fewer;
      for (std::size_t i = 0; i < result.size(); i += stride) fewer.push_back(result[i]);
      return fewer;
    }
    return result;
  }

  std::span<const std::uint8_t> levels_;
  std::span<const double> y_, sigma_, correlation_, thresholds_, feedback_;
};

}  // namespace

ErrorMemory error_memory(std::span<const std::uint8_t> levels, std::span<const double> y,
                         std::span<const double> sigma, std::span<const double> next_correlation,
                         std::span<const double> thresholds, std::span<const double> feedback) {
  return Memory(levels, y, sigma, next_correlation, thresholds, feedback).find();
}

}  // namespace lightlane::link::detail
