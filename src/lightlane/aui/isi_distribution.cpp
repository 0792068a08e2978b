#include "lightlane/aui/isi_distribution.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "lightlane/math/elementary.hpp"

namespace lightlane::aui {
namespace {

constexpr std::size_t most_points = 1u << 15;
constexpr double negligible = 1e-40;  ///< probability of a point that no tail will miss

std::vector<double> levels_of(signal::Modulation modulation) {
  if (modulation == signal::Modulation::nrz) return {-1, 1};
  return {-1, -1.0 / 3, 1.0 / 3, 1};
}

}  // namespace

IsiDistribution::IsiDistribution(std::span<const double> cursors, double sigma,
                                 signal::Modulation modulation) {
  const std::vector<double> levels = levels_of(modulation);
  double level_square = 0;
  for (const double a : levels) level_square += a * a / static_cast<double>(levels.size());
  double variance = sigma * sigma, span = 0;
  std::vector<double> large;
  for (const double h : cursors) {
    if (std::fabs(h) < sigma / 100) {
      variance += level_square * h * h;
    } else if (h != 0) {
      large.push_back(std::fabs(h));
      span += std::fabs(h);
    }
  }
  sigma_ = std::sqrt(variance);
  step_ = std::max(sigma / 100, 2 * span / most_points);
  if (!(step_ > 0)) step_ = 1;  // neither interference nor noise
  // Small ones first: the distribution stays narrow for as long as it can.
  std::sort(large.begin(), large.end());
  std::size_t reach = 0;
  probability_ = {1.0};
  for (const double h : large) {
    const std::size_t more = static_cast<std::size_t>(h / step_) + 1;
    std::vector<double> next(probability_.size() + 2 * more + 1, 0.0);
    for (const double a : levels) {
      const double shift = a * h / step_ + static_cast<double>(more), whole = std::floor(shift);
      const double part = shift - whole, share = 1.0 / static_cast<double>(levels.size());
      double* const at = next.data() + static_cast<std::size_t>(whole);
      for (std::size_t i = 0; i < probability_.size(); ++i) {
        at[i] += share * (1 - part) * probability_[i];
        at[i + 1] += share * part * probability_[i];
      }
    }
    next.pop_back();
    reach += more;
    probability_ = std::move(next);
  }
  middle_ = reach;
}

double IsiDistribution::tail(double x) const {
  double sum = 0;
  for (std::size_t i = 0; i < probability_.size(); ++i) {
    const double p = probability_[i];
    if (p < negligible) continue;
    const double rest = x - (static_cast<double>(i) - static_cast<double>(middle_)) * step_;
    sum += sigma_ > 0 ? p * math::normal_tail(rest / sigma_) : (rest < 0 ? p : 0.0);
  }
  return sum;
}

double IsiDistribution::quantile(double p) const {
  double low = 0, high = (static_cast<double>(middle_) + 1) * step_ + 40 * sigma_;
  for (int i = 0; i < 60 && high - low > 1e-6 * high; ++i) {
    const double x = (low + high) / 2;
    (tail(x) > p ? low : high) = x;
  }
  return (low + high) / 2;
}

}  // namespace lightlane::aui
