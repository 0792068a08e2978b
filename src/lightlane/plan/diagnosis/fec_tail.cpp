#include "lightlane/plan/diagnosis/fec_tail.hpp"

#include <algorithm>
#include <cmath>

#include "lightlane/math/elementary.hpp"
#include "lightlane/plan/budget/gamma.hpp"

namespace lightlane::plan {
namespace {

double power10(double x) { return math::exp(x * 2.302585092994045684); }
double log10_of(double x) { return math::log(x) / 2.302585092994045684; }

/// Least squares through the filled bins 1 to t.
void fit(std::span<const double> bins, const FecCode& code, int interleaved, FecTail& out) {
  double n = 0, sx = 0, sy = 0, sxx = 0, sxy = 0, syy = 0;
  const std::size_t last = std::min(bins.size(), static_cast<std::size_t>(code.corrects) + 1);
  for (std::size_t i = 1; i < last; ++i) {
    if (!(bins[i] > 0)) continue;
    const double x = static_cast<double>(i), y = log10_of(bins[i] / out.codewords);
    n += 1, sx += x, sy += y, sxx += x * x, sxy += x * y, syy += y * y;
  }
  if (n < 2) return;
  const double spread = n * sxx - sx * sx;
  const double slope = (n * sxy - sx * sy) / spread, intercept = (sy - slope * sx) / n;
  out.slope = slope;
  out.intercept = intercept;
  const double vertical = n * syy - sy * sy;
  out.r_squared = vertical <= 0 ? 1 : std::min(1.0, slope * slope * spread / vertical);
  double cer = 0;
  for (int i = 1; i <= 5; ++i) cer += power10(slope * (code.corrects + i) + intercept);
  out.predicted_cer = std::min(cer, 1.0);
  out.predicted_flr = std::min(frame_loss_ratio(*out.predicted_cer, interleaved), 1.0);
}

}  // namespace

double binomial_at_least(int n, double p, int k) noexcept {
  if (k <= 0) return 1;
  if (k > n || !(p > 0)) return 0;
  if (p >= 1) return 1;
  const double ratio = p / (1 - p);
  const bool above = k > n * p;  // the smaller side is summed
  const int first = above ? k : k - 1;
  double term = math::exp(log_gamma(n + 1.0) - log_gamma(first + 1.0) - log_gamma(n - first + 1.0) +
                          first * math::log(p) + (n - first) * math::log1p(-p));
  double sum = 0;
  if (above) {
    for (int i = first; i <= n && term > sum * 1e-18; ++i) {
      sum += term;
      term *= ratio * (n - i) / (i + 1);
    }
    return std::min(sum, 1.0);
  }
  for (int i = first; i >= 0 && term > sum * 1e-18; --i) {
    sum += term;
    term *= i / (ratio * (n - i + 1));
  }
  return std::max(0.0, 1 - sum);
}

double poisson_at_least(double mean, double k) noexcept {
  if (k <= 0) return 1;
  if (!(mean > 0)) return 0;
  return gamma_below(k, mean);
}

double frame_loss_ratio(double cer, int interleaved) noexcept { return cer * (1 + 8.0 * interleaved) / 8; }

std::optional<FecTail> fec_tail(std::span<const double> bins, double uncorrectable, const FecCode& code,
                                int interleaved) {
  FecTail out;
  const std::size_t t = static_cast<std::size_t>(code.corrects);
  double behind = 0;
  for (std::size_t i = 0; i < bins.size(); ++i) {
    if (i > t) {
      behind += bins[i];
      continue;
    }
    out.codewords += bins[i];
    out.symbol_errors += static_cast<double>(i) * bins[i];
  }
  out.uncorrectable = std::isnan(uncorrectable) ? behind : uncorrectable;
  out.codewords += out.uncorrectable;
  if (!(out.codewords > 0)) return std::nullopt;
  out.symbol_error_ratio =
      (out.symbol_errors + out.uncorrectable * (code.corrects + 1)) / (out.codewords * code.symbols);
  out.ber = out.symbol_error_ratio / 10;
  out.observed_cer = out.uncorrectable / out.codewords;
  out.observed_flr = std::min(frame_loss_ratio(out.observed_cer, interleaved), 1.0);
  fit(bins, code, interleaved, out);

  out.tail_from = (2 * code.corrects + 2) / 3;  // 10 of 15, 5 of 7
  for (std::size_t i = static_cast<std::size_t>(out.tail_from); i < bins.size() && i <= t; ++i)
    out.tail_codewords += bins[i];
  out.tail_codewords += out.uncorrectable;
  out.expected_tail = out.codewords * binomial_at_least(code.symbols, out.symbol_error_ratio, out.tail_from);
  out.random_cer = binomial_at_least(code.symbols, out.symbol_error_ratio, code.corrects + 1);
  out.chance = poisson_at_least(out.expected_tail, out.tail_codewords);
  out.thick = out.tail_codewords >= 3 && out.chance < 1e-3 && out.tail_codewords > 2 * out.expected_tail;
  return out;
}

}  // namespace lightlane::plan
