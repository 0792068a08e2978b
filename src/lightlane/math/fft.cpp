#include "lightlane/math/fft.hpp"

#include <bit>
#include <utility>
#include <vector>

#include "lightlane/base/error.hpp"
#include "lightlane/math/elementary.hpp"

namespace lightlane::math {
namespace {

/// exp(-2 pi j k / n), k < n: folded to a quarter turn in integers, so that symmetric points have the same
/// bits.
std::complex<double> unit_root(std::uint64_t k, std::uint64_t n) {
  constexpr double pi = 3.14159265358979323846;
  const bool lower = 2 * k > n;
  if (lower) k = n - k;
  const bool left = 4 * k > n;
  const double angle = pi * static_cast<double>(left ? n - 2 * k : 2 * k) / static_cast<double>(n);
  const double c = math::cos(angle), s = math::sin(angle);
  return {left ? -c : c, lower ? s : -s};
}

/// Transform of n = 2^m points, real and imaginary parts apart: Stockham's self-sorting passes of radix 4,
/// one of radix 2 where m is odd. Plain loops in a fixed order: the same bits on every machine.
class PowerOfTwo {
 public:
  explicit PowerOfTwo(std::size_t n) : n_(n), root_re_(n), root_im_(n) {
    for (std::size_t k = 0; k < n; ++k) {
      const auto root = unit_root(k, n);
      root_re_[k] = root.real();
      root_im_[k] = root.imag();
    }
  }

  /// In place; work has 2 n values. The inverse transform, times n, is that with re and im exchanged.
  void forward(double* re, double* im, double* work) const {
    Parts x{re, im}, y{work, work + n_};
    std::size_t n = n_, stride = 1;
    for (; n >= 4; n /= 4, stride *= 4) {
      radix4(n / 4, stride, x, y);
      std::swap(x, y);
    }
    if (n == 2) {
      for (std::size_t q = 0; q < stride; ++q) {
        y.re[q] = x.re[q] + x.re[q + stride];
        y.im[q] = x.im[q] + x.im[q + stride];
        y.re[q + stride] = x.re[q] - x.re[q + stride];
        y.im[q + stride] = x.im[q] - x.im[q + stride];
      }
      std::swap(x, y);
    }
    if (x.re == re) return;
    for (std::size_t i = 0; i < n_; ++i) {
      re[i] = x.re[i];
      im[i] = x.im[i];
    }
  }

 private:
  struct Parts {
    double *re, *im;
  };

  void radix4(std::size_t quarter, std::size_t stride, Parts from, Parts to) const {
    const std::size_t apart = quarter * stride;
    for (std::size_t p = 0; p < quarter; ++p) {
      const std::size_t k = p * stride;
      const double w1r = root_re_[k], w1i = root_im_[k], w2r = root_re_[2 * k], w2i = root_im_[2 * k],
                   w3r = root_re_[3 * k], w3i = root_im_[3 * k];
      const double *const xr = from.re + k, *const xi = from.im + k;
      double *const yr = to.re + 4 * k, *const yi = to.im + 4 * k;
#pragma GCC ivdep
      for (std::size_t q = 0; q < stride; ++q) {
        const double ar = xr[q], br = xr[q + apart], cr = xr[q + 2 * apart], dr = xr[q + 3 * apart];
        const double ai = xi[q], bi = xi[q + apart], ci = xi[q + 2 * apart], di = xi[q + 3 * apart];
        const double sum_r = ar + cr, sum_i = ai + ci, difference_r = ar - cr, difference_i = ai - ci;
        const double even_r = br + dr, even_i = bi + di, odd_r = di - bi, odd_i = br - dr;  // odd = j (b - d)
        const double t1r = difference_r - odd_r, t1i = difference_i - odd_i, t2r = sum_r - even_r,
                     t2i = sum_i - even_i, t3r = difference_r + odd_r, t3i = difference_i + odd_i;
        yr[q] = sum_r + even_r;
        yi[q] = sum_i + even_i;
        yr[q + stride] = w1r * t1r - w1i * t1i;
        yi[q + stride] = w1r * t1i + w1i * t1r;
        yr[q + 2 * stride] = w2r * t2r - w2i * t2i;
        yi[q + 2 * stride] = w2r * t2i + w2i * t2r;
        yr[q + 3 * stride] = w3r * t3r - w3i * t3i;
        yi[q + 3 * stride] = w3r * t3i + w3i * t3r;
      }
    }
  }

  std::size_t n_;
  std::vector<double> root_re_, root_im_;
};

/// Uninitialised: every element is written before it is read.
std::unique_ptr<double[]> scratch(std::size_t n) { return std::make_unique_for_overwrite<double[]>(n); }

}  // namespace

/// Lengths that are no power of two by Bluestein's convolution: with i k = (i^2 + k^2 - (k - i)^2) / 2,
/// X[k] = c[k] sum (x[i] c[i]) conj(c[k - i]), c[i] = exp(-pi j i^2 / n).
struct Fft::Plan {
  std::size_t n;
  PowerOfTwo inner;
  std::vector<double> chirp_re, chirp_im;    // n of them; empty for powers of two
  std::vector<double> kernel_re, kernel_im;  // spectrum of conj(chirp), over the inner length

  explicit Plan(std::size_t length)
      : n(length), inner(std::has_single_bit(length) ? length : std::bit_ceil(2 * length - 1)) {
    if (std::has_single_bit(n)) return;
    const std::size_t m = std::bit_ceil(2 * n - 1);
    chirp_re.resize(n);
    chirp_im.resize(n);
    kernel_re.assign(m, 0.0);
    kernel_im.assign(m, 0.0);
    for (std::uint64_t i = 0; i < n; ++i) {
      const auto c = unit_root(i * i % (2 * n), 2 * n);
      chirp_re[i] = c.real();
      chirp_im[i] = c.imag();
      kernel_re[i] = kernel_re[(m - i) % m] = c.real();
      kernel_im[i] = kernel_im[(m - i) % m] = -c.imag();
    }
    const auto work = scratch(2 * m);
    inner.forward(kernel_re.data(), kernel_im.data(), work.get());
    const double scale = 1.0 / static_cast<double>(m);
    for (std::size_t i = 0; i < m; ++i) {
      kernel_re[i] *= scale;
      kernel_im[i] *= scale;
    }
  }

  /// The parts of x are read and written through these, so that the inverse can exchange them.
  template <class Load, class Store>
  void transform(Load load, Store store) const {
    const std::size_t m = chirp_re.empty() ? n : kernel_re.size();
    const auto space = scratch(4 * m);
    double *const re = space.get(), *const im = re + m, *const work = im + m;
    if (chirp_re.empty()) {
      for (std::size_t i = 0; i < n; ++i) load(i, re[i], im[i]);
      inner.forward(re, im, work);
      for (std::size_t i = 0; i < n; ++i) store(i, re[i], im[i]);
      return;
    }
    for (std::size_t i = 0; i < n; ++i) {
      double xr, xi;
      load(i, xr, xi);
      re[i] = xr * chirp_re[i] - xi * chirp_im[i];
      im[i] = xr * chirp_im[i] + xi * chirp_re[i];
    }
    for (std::size_t i = n; i < m; ++i) re[i] = im[i] = 0.0;
    inner.forward(re, im, work);
    for (std::size_t i = 0; i < m; ++i) {
      const double xr = re[i], xi = im[i];
      re[i] = xr * kernel_re[i] - xi * kernel_im[i];
      im[i] = xr * kernel_im[i] + xi * kernel_re[i];
    }
    inner.forward(im, re, work);
    for (std::size_t i = 0; i < n; ++i) {
      store(i, re[i] * chirp_re[i] - im[i] * chirp_im[i], re[i] * chirp_im[i] + im[i] * chirp_re[i]);
    }
  }
};

Fft::Fft(std::size_t n) {
  LIGHTLANE_ASSERT(n >= 1);
  plan_ = std::make_unique<Plan>(n);
}
Fft::~Fft() = default;
Fft::Fft(Fft&&) noexcept = default;
Fft& Fft::operator=(Fft&&) noexcept = default;

std::size_t Fft::size() const noexcept { return plan_->n; }

void Fft::forward(std::span<std::complex<double>> x) const {
  LIGHTLANE_ASSERT(x.size() == plan_->n);
  plan_->transform(
      [&](std::size_t i, double& re, double& im) {
        re = x[i].real();
        im = x[i].imag();
      },
      [&](std::size_t i, double re, double im) {
        x[i] = {re, im};
      });
}

void Fft::inverse(std::span<std::complex<double>> x) const {
  LIGHTLANE_ASSERT(x.size() == plan_->n);
  const double scale = 1.0 / static_cast<double>(plan_->n);
  plan_->transform(
      [&](std::size_t i, double& re, double& im) {
        re = x[i].imag();
        im = x[i].real();
      },
      [&](std::size_t i, double re, double im) {
        x[i] = {im * scale, re * scale};
      });
}

double bin_frequency(std::size_t k, std::size_t n, double sample_rate_hz) noexcept {
  const double bin = 2 * k < n ? static_cast<double>(k) : -static_cast<double>(n - k);
  return bin / static_cast<double>(n) * sample_rate_hz;
}

}  // namespace lightlane::math
