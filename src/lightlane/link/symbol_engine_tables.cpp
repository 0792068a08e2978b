#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numeric>

#include "lightlane/link/symbol_engine_plan.hpp"

namespace lightlane::link::detail {
namespace {

using signal::Modulation;

/// Orthonormal functions of one symbol, all levels equally likely: constant, linear, quadratic, cubic.
constexpr double r = 0.44721359549995793928;  // 1 / sqrt(5)
constexpr double pam4_basis[4][4] = {
    {1, 1, 1, 1}, {-3 * r, -r, r, 3 * r}, {1, -1, -1, 1}, {-r, 3 * r, -3 * r, r}};
constexpr double nrz_basis[2][2] = {{1, 1}, {-1, 1}};

/// A function of the neighbourhood in products of those functions: what a group of symbols does together, and
/// no part of it does, is the coefficients that are not constant in exactly these symbols.
class Interactions {
 public:
  Interactions(Modulation modulation, std::span<const double> values)
      : levels_(level_count(modulation) == 4 ? 4 : 2),
        symbols_(static_cast<std::size_t>(neighbourhood(modulation).symbols())),
        values_(values),
        coefficients_(values.begin(), values.end()) {
    std::array<double, 4> in{};
    for (std::size_t step = 1; step < values.size(); step *= levels_) {
      for (std::size_t i = 0; i < values.size(); ++i) {
        if (i / step % levels_ != 0) continue;
        for (std::size_t l = 0; l < levels_; ++l) in[l] = coefficients_[i + l * step];
        for (std::size_t b = 0; b < levels_; ++b) {
          double sum = 0;
          for (std::size_t l = 0; l < levels_; ++l) sum += basis(b, l) * in[l];
          coefficients_[i + b * step] = sum / static_cast<double>(levels_);
        }
      }
    }
    power_.assign(std::size_t{1} << symbols_, 0.0);
    for (std::size_t i = 0; i < coefficients_.size(); ++i)
      power_[support(i)] += coefficients_[i] * coefficients_[i];
  }

  std::size_t symbols() const noexcept { return symbols_; }
  /// Mean square of what the symbols of a mask do together; bit 0 is the latest symbol.
  const std::vector<double>& power() const noexcept { return power_; }

  /// Sum of the parts of these groups of symbols, all inside of `window`, over the window's symbols, the
  /// earliest highest.
  std::vector<double> table(std::size_t window, const std::vector<bool>& groups) const {
    const auto width = static_cast<std::size_t>(std::popcount(window));
    std::size_t size = 1;
    for (std::size_t s = 0; s < width; ++s) size *= levels_;
    std::vector<double> result(size, 0.0);
    for (std::size_t i = 0; i < coefficients_.size(); ++i) {
      const std::size_t group = support(i);
      if (!groups[group] || coefficients_[i] == 0) continue;
      for (std::size_t at = 0; at < size; ++at) result[at] += coefficients_[i] * product(i, window, at);
    }
    return result;
  }
  std::size_t index_in(std::size_t window, std::size_t index) const noexcept {
    std::size_t result = 0;
    for (std::size_t s = symbols_; s-- > 0;) {
      if (window >> s & 1) result = result * levels_ + digit(index, s);
    }
    return result;
  }
  std::span<const double> values() const noexcept { return values_; }

 private:
  double basis(std::size_t b, std::size_t l) const noexcept {
    return levels_ == 4 ? pam4_basis[b][l] : nrz_basis[b][l];
  }
  std::size_t digit(std::size_t index, std::size_t s) const noexcept {
    return levels_ == 4 ? index >> (2 * s) & 3 : index >> s & 1;
  }
  std::size_t support(std::size_t index) const noexcept {
    std::size_t mask = 0;
    for (std::size_t s = 0; s < symbols_; ++s) mask |= std::size_t{digit(index, s) != 0} << s;
    return mask;
  }
  double product(std::size_t coefficient, std::size_t window, std::size_t at) const noexcept {
    double p = 1;
    for (std::size_t s = 0; s < symbols_; ++s) {
      if ((window >> s & 1) == 0) continue;
      p *= basis(digit(coefficient, s), at % levels_);
      at /= levels_;
    }
    return p;
  }

  std::size_t levels_, symbols_;
  std::span<const double> values_;
  std::vector<double> coefficients_, power_;
};

struct Window {
  std::size_t mask = 0;
  std::vector<double> table;
};

/// The window with the most power that is not yet covered; covers it.
Window next_window(const Interactions& f, std::size_t width, std::vector<bool>& covered) {
  std::size_t best = 0;
  double most = -1;
  for (std::size_t mask = 0; mask < covered.size(); ++mask) {
    if (static_cast<std::size_t>(std::popcount(mask)) != width) continue;
    double gain = 0;
    for (std::size_t group = mask;; group = (group - 1) & mask) {
      if (!covered[group]) gain += f.power()[group];
      if (group == 0) break;
    }
    if (gain > most) {
      most = gain;
      best = mask;
    }
  }
  std::vector<bool> fresh(covered.size(), false);
  for (std::size_t group = best;; group = (group - 1) & best) {
    fresh[group] = !covered[group];
    covered[group] = true;
    if (group == 0) break;
  }
  return {best, f.table(best, fresh)};
}

double largest_error(const Interactions& f, const std::vector<Window>& windows) {
  double largest = 0;
  for (std::size_t i = 0; i < f.values().size(); ++i) {
    double sum = 0;
    for (const Window& w : windows) sum += w.table[f.index_in(w.mask, i)];
    largest = std::max(largest, std::fabs(sum - f.values()[i]));
  }
  return largest;
}

/// A window of a lookup in the making.
struct Placed {
  std::vector<std::ptrdiff_t> offset;
  std::vector<double> table;
};

std::vector<Placed> place_far(Modulation modulation, std::span<const FarResponse> far) {
  const int bits = static_cast<int>(modulation);
  const std::size_t width = 6 / static_cast<std::size_t>(bits);
  std::vector<Placed> result;
  for (std::size_t i = 0; i < far.size(); i += width) {
    Placed p{std::vector<std::ptrdiff_t>(width, 0), std::vector<double>(64, 0.0)};
    for (std::size_t s = 0; s < width && i + s < far.size(); ++s) {
      p.offset[s] = far[i + s].offset;
      for (std::size_t at = 0; at < 64; ++at) {
        const int level =
            static_cast<int>(at >> (static_cast<std::size_t>(bits) * (width - 1 - s)) & ((1u << bits) - 1));
        p.table[at] += far[i + s].response * (bits == 2 ? 2 * level - 3 : 6 * level - 3);
      }
    }
    result.push_back(std::move(p));
  }
  return result;
}

void quantise(const std::vector<Placed>& windows, Lookup& lookup) {
  double most = 0;
  for (const Placed& w : windows) {
    const auto [low, high] = std::minmax_element(w.table.begin(), w.table.end());
    most += std::max(std::fabs(*low), std::fabs(*high));
  }
  lookup.unit = static_cast<float>(most > 0 ? most / 32000 : 1);
  for (const Placed& w : windows) {
    WindowTable& table = lookup.windows.emplace_back();
    std::copy(w.offset.begin(), w.offset.end(), table.offset);
    for (std::size_t i = 0; i < 64; ++i) {
      table.value[i] =
          static_cast<std::int16_t>(std::nearbyint(w.table[i] / static_cast<double>(lookup.unit)));
    }
  }
}

}  // namespace

FittedLookup fit_lookup(Modulation modulation, std::span<const double> values,
                        std::span<const FarResponse> far, const FitTolerance& tolerance) {
  const Interactions f(modulation, values);
  const std::size_t width = 6 / static_cast<std::size_t>(modulation);
  FittedLookup result;
  std::vector<bool> covered(f.power().size(), false);
  std::vector<Window> windows;
  bool good = false;
  while (!good && windows.size() < tolerance.most_windows) {
    windows.push_back(next_window(f, width, covered));
    double rest = 0;
    for (std::size_t group = 0; group < covered.size(); ++group)
      rest += covered[group] ? 0 : f.power()[group];
    result.rms_error = std::sqrt(rest);
    if (result.rms_error > tolerance.rms) continue;
    result.largest_error = largest_error(f, windows);
    good = result.largest_error <= tolerance.largest;
  }
  std::vector<Placed> placed = place_far(modulation, far);
  if (good) {
    for (const Window& w : windows) {
      Placed p{{}, w.table};
      for (std::size_t s = f.symbols(); s-- > 0;) {
        if (w.mask >> s & 1)
          p.offset.push_back(neighbourhood(modulation).after - static_cast<std::ptrdiff_t>(s));
      }
      placed.push_back(std::move(p));
    }
  } else {
    result.rms_error = result.largest_error = 0;
    for (const double v : values) result.lookup.full.push_back(static_cast<float>(v));
  }
  quantise(placed, result.lookup);
  return result;
}

std::vector<double> colour_of(std::vector<double> correlation) {
  if (correlation.size() > most_colour_taps) correlation.resize(most_colour_taps);
  while (correlation.size() > 1 && std::fabs(correlation.back()) < 1e-4) correlation.pop_back();
  const std::size_t lags = correlation.size();
  if (lags <= 1) return {1.0};
  constexpr std::size_t rows = 600;
  for (double shrink = 1;; shrink *= 0.98) {
    // Rows of the banded factor, band[k] of row i belongs to column i - k.
    std::vector<std::vector<double>> factor(rows, std::vector<double>(lags, 0.0));
    bool positive = true;
    for (std::size_t i = 0; i < rows && positive; ++i) {
      for (std::size_t k = std::min(i, lags - 1) + 1; k-- > 0;) {
        const std::size_t j = i - k;
        double sum = k == 0 ? 1 : shrink * correlation[k];
        for (std::size_t m = 1; m + k < lags && m <= j; ++m) sum -= factor[i][k + m] * factor[j][m];
        if (k > 0) {
          factor[i][k] = sum / factor[j][0];
        } else {
          positive = sum > 1e-6;
          factor[i][0] = positive ? std::sqrt(sum) : 0;
        }
      }
    }
    if (!positive) continue;
    std::vector<double> taps = factor.back();
    const double norm = std::sqrt(std::inner_product(taps.begin(), taps.end(), taps.begin(), 0.0));
    for (double& t : taps) t /= norm;
    return taps;
  }
}

}  // namespace lightlane::link::detail
