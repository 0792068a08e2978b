#include "lightlane/math/waveform_math.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "lightlane/base/random.hpp"
#include "lightlane/math/elementary.hpp"
#include "lightlane/math/waveform_math_kernels.hpp"

namespace lightlane::math {
namespace {

using Kernels = detail::WaveformKernels;

std::vector<float> between(double low, double high, std::size_t n = 100000) {
  const RandomStream random(3, "waveform_math_test", 0);
  std::vector<float> x(n);
  for (std::size_t i = 0; i < n; ++i) x[i] = static_cast<float>(low + (high - low) * random.uniform(i));
  return x;
}

enum class Error { relative, absolute };

/// Against double precision, for every variant; returns nothing, fails at the largest error.
void expect_error_below(Kernels::Function Kernels::*which, double (*exact)(double),
                        const std::vector<float>& x, Error kind, double limit, const char* what) {
  for (const auto& kernel : detail::waveform_kernels()) {
    if (kernel.variant > supported_variant()) continue;
    std::vector<float> out(x.size());
    (kernel.function.*which)(x.data(), out.data(), x.size());
    double worst = 0.0;
    float at = 0.0f;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double wanted = exact(x[i]);
      const double error =
          std::fabs(out[i] - wanted) / (kind == Error::relative && wanted != 0.0 ? std::fabs(wanted) : 1.0);
      if (!(error <= worst)) {
        worst = error;
        at = x[i];
      }
    }
    EXPECT_LE(worst, limit) << what << "(" << at << "), " << name(kernel.variant);
  }
}

TEST(WaveformMath, ErrorsAreBelowThoseOfTheHeader) {
  expect_error_below(&Kernels::exp, math::exp, between(-87.0, 87.0), Error::relative, 1e-7, "exp");
  expect_error_below(&Kernels::exp, math::exp, between(-1.0, 1.0), Error::relative, 1e-7, "exp");
  expect_error_below(&Kernels::log, math::log, between(0.0, 4.0), Error::relative, 1.5e-7, "log");
  expect_error_below(&Kernels::log, math::log, between(0.999, 1.001), Error::relative, 1.5e-7, "log");
  expect_error_below(&Kernels::log, math::log, between(1e-6, 1e-2), Error::relative, 1.5e-7, "log");
  expect_error_below(&Kernels::log, math::log, between(1.0, 3e38), Error::relative, 1.5e-7, "log");
  expect_error_below(&Kernels::log, math::log, between(1.2e-38, 1e-36), Error::relative, 1.5e-7, "log");
  for (const double range : {0.1, 1.0, 10.0, 300.0, 8000.0}) {
    expect_error_below(&Kernels::sin, math::sin, between(-range, range), Error::absolute, 1.2e-7, "sin");
    expect_error_below(&Kernels::cos, math::cos, between(-range, range), Error::absolute, 1.2e-7, "cos");
  }
  const auto root = [](double x) { return std::sqrt(x); };
  expect_error_below(&Kernels::sqrt, root, between(0.0, 10.0), Error::relative, 6e-8, "sqrt");
}

TEST(WaveformMath, LimitsAreThoseOfTheHeader) {
  const float infinity = std::numeric_limits<float>::infinity();
  const std::vector<float> x{-1e30f, -infinity, -87.5f, 88.5f, 1e30f, infinity, 0.0f, std::nanf("")};
  for (const auto& kernel : detail::waveform_kernels()) {
    if (kernel.variant > supported_variant()) continue;
    // Three times over, so that both vectors and what is left of them are seen.
    std::vector<float> in, out(24);
    for (int i = 0; i < 3; ++i) in.insert(in.end(), x.begin(), x.end());
    kernel.function.exp(in.data(), out.data(), in.size());
    for (std::size_t i = 0; i < 24; i += 8) {
      for (std::size_t k = 0; k < 3; ++k) EXPECT_NEAR(out[i + k] / std::exp(-87.0), 1.0, 1e-6);
      for (std::size_t k = 3; k < 6; ++k) EXPECT_NEAR(out[i + k] / std::exp(88.0), 1.0, 1e-6);
      EXPECT_EQ(out[i + 6], 1.0f);
      EXPECT_TRUE(std::isnan(out[i + 7]));
    }
    for (const auto function : {kernel.function.sin, kernel.function.cos}) {
      function(in.data(), out.data(), in.size());
      EXPECT_TRUE(std::isnan(out[7]));
    }
    const float one = 1.0f;
    float zero = 5.0f;
    kernel.function.log(&one, &zero, 1);
    EXPECT_EQ(zero, 0.0f);
  }
}

TEST(WaveformMath, VariantsAgreeBitForBitAtEveryLength) {
  const auto x = between(0.01, 50.0, 200), y = between(-3.0, 3.0, 200);
  const Kernels& reference = detail::waveform_kernels().front().function;
  for (const auto& kernel : detail::waveform_kernels()) {
    if (kernel.variant > supported_variant()) continue;
    const Kernels& k = kernel.function;
    for (std::size_t n = 0; n <= 130; ++n) {
      for (const auto which : {&Kernels::exp, &Kernels::log, &Kernels::sin, &Kernels::cos, &Kernels::sqrt}) {
        std::vector<float> wanted(n + 1, 9.0f), got(n + 1, 9.0f),
            in_place(x.begin() + 3, x.begin() + 3 + static_cast<std::ptrdiff_t>(n));
        (reference.*which)(x.data() + 3, wanted.data(), n);
        (k.*which)(x.data() + 3, got.data(), n);
        ASSERT_EQ(wanted, got) << name(kernel.variant) << " length " << n;
        (k.*which)(in_place.data(), in_place.data(), n);
        in_place.push_back(9.0f);
        ASSERT_EQ(wanted, in_place) << name(kernel.variant) << " in place, length " << n;
      }
      std::vector<float> got(n + 1, 9.0f), real(n + 1, 9.0f);
      k.square_sum(x.data() + 1, y.data() + 2, got.data(), n);
      k.square_sum(x.data() + 1, nullptr, real.data(), n);
      for (std::size_t i = 0; i < n; ++i) {
        const float re = x[i + 1], im = y[i + 2];
        ASSERT_EQ(got[i], re * re + im * im);
        ASSERT_EQ(real[i], re * re);
      }
      ASSERT_EQ(got[n], 9.0f);
      ASSERT_EQ(real[n], 9.0f);
    }
  }
}

TEST(WaveformMath, SpansGoToTheKernels) {
  const std::vector<float> x{0.5f, 2.0f}, y{3.0f, 4.0f};
  std::vector<float> out(2);
  exp(x, out);
  EXPECT_NEAR(out[1], 7.389056, 1e-6);
  log(x, out);
  EXPECT_NEAR(out[1], 0.6931472, 1e-7);
  sin(x, out);
  EXPECT_NEAR(out[1], 0.9092974, 1e-7);
  cos(x, out);
  EXPECT_NEAR(out[1], -0.4161468, 1e-7);
  sqrt(x, out);
  EXPECT_NEAR(out[1], 1.4142136, 1e-7);
  square_sum(x, y, out);
  EXPECT_EQ(out, (std::vector<float>{9.25f, 20.0f}));
  square_sum(x, {}, out);
  EXPECT_EQ(out, (std::vector<float>{0.25f, 4.0f}));
}

}  // namespace
}  // namespace lightlane::math
