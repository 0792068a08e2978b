#pragma once
/// The inner loops of TDECQ over T-spaced samples, in float. Exact sums over all samples: nothing is binned.
///
/// Scaled units: power less its mean, over OMAouter; the equaliser's taps are divided by the noise at its
/// output, so that distances from a threshold are in standard deviations.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "lightlane/base/variant.hpp"

namespace lightlane::measure {

inline constexpr int most_taps = 31;
inline constexpr int most_variables = most_taps + 3;  ///< taps, then three thresholds
inline constexpr std::size_t sample_padding = 64;  ///< cyclic samples and levels kept before and behind a row
inline constexpr std::uint8_t no_level = 255;      ///< a sample that does not count

/// y[n] = sum_j taps[j] x[n + lead - j], n in [0, count). x may be read from -sample_padding to count +
/// sample_padding; level[n] to count + 15, of which those behind count - 1 are not counted.
struct SampleRow {
  const float* x = nullptr;
  const std::uint8_t* level = nullptr;
  std::size_t count = 0;
};
struct ScaledReceiver {
  int taps = 1, lead = 0;
  std::array<float, most_taps> tap{};
  std::array<float, 3> threshold{};
};

/// Sums over n; thresholds are variables taps .. taps + 2.
struct ErrorDerivatives {
  double errors = 0;
  std::array<double, most_variables> gradient{};
  std::array<double, most_variables * most_variables>
      hessian{};  ///< lower triangle, row-major; curvature below 0 left out
};
struct ErrorCount {
  double errors = 0;  ///< sum over n of P(the noise takes y[n] across a threshold next to its level)
  double wrong = 0;   ///< samples that lie beyond one without noise
};

struct TdecqKernels {
  ErrorCount (*decision_errors)(const SampleRow&, const ScaledReceiver&) noexcept;
  /// Adds to `out`.
  void (*decision_derivatives)(const SampleRow&, const ScaledReceiver&, ErrorDerivatives& out) noexcept;
  /// The clause's sum: Q(|y - threshold|) over all three thresholds, whatever the level.
  double (*clause_errors)(const SampleRow&, const ScaledReceiver&) noexcept;
  /// out[i] = sum over k of weight[k] row[k][i].
  void (*interpolate)(const float* const* row, const float* weight, int rows, float* out,
                      std::size_t count) noexcept;
  /// sum of a[i] b[i], summed in double every few hundred.
  double (*dot)(const float* a, const float* b, std::size_t count) noexcept;
};

/// Variants differ by less than 3e-4 of an error sum and of the largest gradient and Hessian entry: 1e-4 dB
/// of TDECQ.
std::span<const Kernel<const TdecqKernels*>> tdecq_kernels() noexcept;

}  // namespace lightlane::measure
