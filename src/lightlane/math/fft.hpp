#pragma once
/// Discrete Fourier transforms of any length, double precision, deterministic.

#include <complex>
#include <cstddef>
#include <memory>
#include <span>

namespace lightlane::math {

/// A transform of one length n >= 1 (65535 and other awkward lengths too: O(n log n)). Plans are built in the
/// constructor; transforms are const and may run concurrently.
class Fft {
 public:
  explicit Fft(std::size_t n);
  ~Fft();
  Fft(Fft&&) noexcept;
  Fft& operator=(Fft&&) noexcept;

  std::size_t size() const noexcept;
  /// X[k] = sum x[i] exp(-2 pi j i k / n), in place. Both spans have n elements.
  void forward(std::span<std::complex<double>> x) const;
  /// x[i] = 1/n sum X[k] exp(+2 pi j i k / n), in place.
  void inverse(std::span<std::complex<double>> x) const;

 private:
  struct Plan;
  std::unique_ptr<Plan> plan_;
};

/// Frequency of bin k of n at a sample rate: negative above n / 2 (bin n / 2 of an even n counts as
/// negative).
double bin_frequency(std::size_t k, std::size_t n, double sample_rate_hz) noexcept;

}  // namespace lightlane::math
