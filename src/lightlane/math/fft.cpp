#include "lightlane/math/fft.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

#include "lightlane/base/error.hpp"
#include "lightlane/math/elementary.hpp"

namespace lightlane::math {
namespace {

/// exp(-2 pi j k / n), folded to a quarter turn in integers.
std::complex<double> unit_root(std::uint64_t k, std::uint64_t n) {
  constexpr double pi = 3.14159265358979323846;
  const bool lower = 2 * k > n;
  if (lower) k = n - k;
  const bool left = 4 * k > n;
  const double angle = pi * static_cast<double>(left ? n - 2 * k : 2 * k) / static_cast<double>(n);
  const double c = math::cos(angle), s = math::sin(angle);
  return {left ? -c : c, lower ? s : -s};
}

/// All of the n-th roots from two short tables: one product each, 2e-16 off at most.
class UnitRoots {
 public:
  explicit UnitRoots(std::uint64_t n) : bits_((std::bit_width(n) + 1) / 2) {
    const std::uint64_t step = std::uint64_t{1} << bits_;
    for (std::uint64_t k = 0; k < std::min(step, n); ++k) fine_.push_back(unit_root(k, n));
    for (std::uint64_t k = 0; k < n; k += step) coarse_.push_back(unit_root(k, n));
  }
  std::complex<double> operator()(std::uint64_t k) const noexcept {
    const auto a = coarse_[k >> bits_], b = fine_[k & ((std::uint64_t{1} << bits_) - 1)];
    return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
  }

 private:
  int bits_;
  std::vector<std::complex<double>> fine_, coarse_;
};

/// Working space of one size, given out again: fresh pages would cost as much as a transform.
class Scratch {
 public:
  explicit Scratch(std::size_t size) : size_(size) {}
  std::unique_ptr<double[]> take() {
    {
      const std::lock_guard lock(mutex_);
      if (!free_.empty()) {
        auto space = std::move(free_.back());
        free_.pop_back();
        return space;
      }
    }
    return std::make_unique_for_overwrite<double[]>(size_);
  }
  void give_back(std::unique_ptr<double[]> space) {
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(space));
  }

 private:
  std::size_t size_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<double[]>> free_;
};

/// Transform of n = 2^m points, real and imaginary parts apart: Stockham's self-sorting passes of radix 4,
/// one of radix 2 where m is odd. Plain loops in a fixed order: the same bits on every machine.
class PowerOfTwo {
 public:
  explicit PowerOfTwo(std::size_t n) : n_(n), root_re_(n), root_im_(n) {
    const UnitRoots roots(n);
    for (std::size_t k = 0; k < n; ++k) {
      const auto root = roots(k);
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
      double* const __restrict yr = to.re + 4 * k, * const __restrict yi = to.im + 4 * k;
#if !defined(__clang__)
#pragma GCC ivdep
#endif
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

}  // namespace

/// Lengths that are no power of two by Bluestein's convolution: with i k = (i^2 + k^2 - (k - i)^2) / 2,
/// X[k] = c[k] sum (x[i] c[i]) conj(c[k - i]), c[i] = exp(-pi j i^2 / n).
struct Fft::Plan {
  std::size_t n;
  PowerOfTwo inner;
  std::vector<double> chirp_re, chirp_im;    // n of them; empty for powers of two
  std::vector<double> kernel_re, kernel_im;  // spectrum of conj(chirp), over the inner length
  mutable Scratch scratch;

  static std::size_t inner_length(std::size_t n) {
    return std::has_single_bit(n) ? n : std::bit_ceil(2 * n - 1);
  }

  explicit Plan(std::size_t length)
      : n(length), inner(inner_length(length)), scratch(4 * inner_length(length)) {
    if (std::has_single_bit(n)) return;
    const std::size_t m = inner_length(n);
    const UnitRoots roots(2 * n);
    chirp_re.resize(n);
    chirp_im.resize(n);
    kernel_re.assign(m, 0.0);
    kernel_im.assign(m, 0.0);
    for (std::uint64_t i = 0; i < n; ++i) {
      const auto c = roots(i * i % (2 * n));
      chirp_re[i] = c.real();
      chirp_im[i] = c.imag();
      kernel_re[i] = kernel_re[(m - i) % m] = c.real();
      kernel_im[i] = kernel_im[(m - i) % m] = -c.imag();
    }
    auto work = scratch.take();
    inner.forward(kernel_re.data(), kernel_im.data(), work.get());
    scratch.give_back(std::move(work));
    const double scale = 1.0 / static_cast<double>(m);
    for (std::size_t i = 0; i < m; ++i) {
      kernel_re[i] *= scale;
      kernel_im[i] *= scale;
    }
  }

  /// The parts of x are read and written through these, so that the inverse can exchange them.
  template <class Load, class Store>
  void transform(Load load, Store store) const {
    const std::size_t m = inner_length(n);
    auto space = scratch.take();
    double *const re = space.get(), *const im = re + m, *const work = im + m;
    if (chirp_re.empty()) {
      for (std::size_t i = 0; i < n; ++i) load(i, re[i], im[i]);
      inner.forward(re, im, work);
      for (std::size_t i = 0; i < n; ++i) store(i, re[i], im[i]);
    } else {
      convolve(load, store, re, im, work);
    }
    scratch.give_back(std::move(space));
  }

  template <class Load, class Store>
  void convolve(Load load, Store store, double* re, double* im, double* work) const {
    const std::size_t m = kernel_re.size();
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
