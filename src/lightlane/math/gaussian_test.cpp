#include "lightlane/math/gaussian.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <string>
#include <vector>

#include "lightlane/base/random.hpp"
#include "lightlane/math/elementary.hpp"
#include "lightlane/math/gaussian_kernels.hpp"

namespace lightlane::math {
namespace {

std::vector<float> draws(const GaussianStream& stream, std::int64_t first, std::size_t n) {
  std::vector<float> x(n);
  stream.fill(first, x);
  return x;
}

/// The forced variant is given back even where a test fails.
struct Forced {
  explicit Forced(Variant variant) { force_variant(variant); }
  ~Forced() { force_variant(supported_variant()); }
};

/// Against the counter of base/random.hpp (Random123) and the exact inverse distribution.
TEST(Gaussian, DrawsAreTheInverseDistributionOfPhilox) {
  const RandomStream words(42, "gaussian_test", 3);
  const GaussianStream stream(42, "gaussian_test", 3);
  double worst = 0.0;
  for (const std::int64_t first :
       {std::int64_t{0}, std::int64_t{-400}, std::int64_t{1} << 34, -(std::int64_t{1} << 40)}) {
    const auto x = draws(stream, first, 2000);
    for (std::int64_t i = 0; i < 2000; ++i) {
      const auto index = static_cast<std::uint64_t>((first + i) >> 2);
      const std::uint32_t u = words.block(index)[static_cast<std::size_t>((first + i) & 3)];
      const double p = (u + 0.5) * 0x1p-32;
      const double error = x[static_cast<std::size_t>(i)] + normal_tail_inverse(p);
      ASSERT_NEAR(error, 0.0, 6e-6) << first + i;
      worst = std::max(worst, std::fabs(error));
    }
  }
  RecordProperty("worst", std::to_string(worst));
}

/// Draws with the rarest words: next to one half, where f rounds up to 2^31, and at the end of the tail.
/// Their indices were found with base/random.hpp.
TEST(Gaussian, EdgesOfTheDistribution) {
  struct Edge {
    std::int64_t index;
    std::uint32_t word;
  };
  constexpr Edge edges[] = {{13764570, 0x7fffffe9},  {44803776, 0x7fffffc7},  {40516386, 0x80000015},
                            {134216688, 0x80000007}, {932963629, 0x00000000}, {835770568, 0x00000001},
                            {1273377494, 0x00000002}};
  const RandomStream words(1, "gaussian_test.edges", 0);
  const GaussianStream stream(1, "gaussian_test.edges", 0);
  for (const auto& kernel : detail::gaussian_kernels()) {
    if (kernel.variant > supported_variant()) continue;
    const Forced forced(kernel.variant);
    for (const auto& [index, word] : edges) {
      const auto block = words.block(static_cast<std::uint64_t>(index >> 2));
      ASSERT_EQ(block[static_cast<std::size_t>(index & 3)], word);
      EXPECT_NEAR(draws(stream, index, 1)[0], -normal_tail_inverse((word + 0.5) * 0x1p-32), 6e-6) << word;
    }
  }
}

/// The curve itself, at chosen words: they go in where Philox's come out, which only a copy of the last steps
/// can do; so the curve is read through the tail that it makes, for every segment and up to the last word.
TEST(Gaussian, TailIsExactToSixSigma) {
  // x of word m: in segment e of f = m + 1/2; the table is what every variant evaluates.
  const auto value = [](std::uint32_t m) {
    const float f = std::min(static_cast<float>(static_cast<std::int32_t>(m)) + 0.5f, detail::largest_f);
    const auto bits = std::bit_cast<std::uint32_t>(f);
    const float s = std::bit_cast<float>((bits & 0x7fffffu) | 0x3f800000u) - 1.5f;
    float x = 0.0f;
    for (int d = detail::inverse_normal_degree; d >= 0; --d)
      x = x * s + detail::inverse_normal[d][(bits >> 23) - 126];
    return x;
  };
  const RandomStream random(1, "gaussian_test.words", 0);
  double worst = 0.0, last = 7.0;
  std::vector<std::uint32_t> words{0, 1, 2, 3, 4, 5, 7, 8, 15, 16, 0x7fffff80, 0x7fffffff};
  for (int segment = 1; segment < 31; ++segment) {
    for (std::uint64_t k = 0; k < 300; ++k) {
      const auto low = std::uint32_t{1} << segment;
      words.push_back(low + static_cast<std::uint32_t>(
                                random.bits(k + 1000 * static_cast<std::uint64_t>(segment)) % low));
    }
  }
  std::sort(words.begin(), words.end());
  for (const std::uint32_t m : words) {
    const double p = (m + 0.5) * 0x1p-32, x = value(m);
    worst = std::max(worst, std::fabs(normal_tail(x) / p - 1.0));
    EXPECT_LE(x, last + 1e-5) << m;
    last = x;
  }
  EXPECT_LT(worst, 2e-5);
  EXPECT_NEAR(value(0), 6.337958, 5e-6);  // Q^-1(2^-33)
  EXPECT_NEAR(value(0x7fffffff), 0.0, 5e-6);
}

TEST(Gaussian, VariantsAgreeBitForBitAtEveryOffset) {
  const GaussianStream stream(99, "gaussian_test.variants", 7);
  std::vector<float> reference;
  {
    const Forced forced(Variant::ref);
    reference = draws(stream, -3000, 6000);
  }
  for (const auto& kernel : detail::gaussian_kernels()) {
    if (kernel.variant > supported_variant()) continue;
    const Forced forced(kernel.variant);
    const std::string variant(name(kernel.variant));
    EXPECT_EQ(draws(stream, -3000, 6000), reference) << variant;
    for (std::size_t offset = 0; offset < 70; ++offset) {
      for (const std::size_t n : {0, 1, 2, 3, 4, 5, 31, 32, 63, 64, 65, 127, 1023, 1024, 1025, 2500}) {
        std::vector<float> x(n + 2, 5.0f);
        stream.fill(-3000 + static_cast<std::int64_t>(offset), std::span(x).subspan(1, n));
        ASSERT_TRUE(
            std::equal(x.begin() + 1, x.end() - 1, reference.begin() + static_cast<std::ptrdiff_t>(offset)))
            << variant << " at " << offset << " length " << n;
        ASSERT_EQ(x.front(), 5.0f);
        ASSERT_EQ(x.back(), 5.0f);
      }
    }
  }
}

TEST(Gaussian, AddsScaledDraws) {
  const GaussianStream stream(5, "gaussian_test.add", 0);
  const auto x = draws(stream, 17, 1500);
  std::vector<float> plain(1500, 1.0f), each(1500, 1.0f), scale(1500);
  for (std::size_t i = 0; i < 1500; ++i) scale[i] = 0.001f * static_cast<float>(i);
  stream.add(17, 0.25f, plain);
  stream.add(17, scale, each);
  for (std::size_t i = 0; i < 1500; ++i) {
    EXPECT_EQ(plain[i], 1.0f + 0.25f * x[i]);
    EXPECT_EQ(each[i], 1.0f + scale[i] * x[i]);
  }
}

/// Smallest interval [low, high] of counts with less than `p` of a binomial (or its Poisson limit) outside on
/// each side.
struct Interval {
  double low, high;
};
Interval binomial_interval(double n, double probability, double p) {
  // Exact sums of the probability mass around the mean.
  const double mean = n * probability;
  const double ratio = log(probability) - log1p(-probability);
  const auto start = static_cast<double>(std::floor(mean));
  double log_mass = std::lgamma(n + 1) - std::lgamma(start + 1) - std::lgamma(n - start + 1) +
                    start * log(probability) + (n - start) * log1p(-probability);
  double below = 0.0, above = 0.0, mass = log_mass;
  std::vector<double> down, up;  // masses at start, start - 1 .. and start + 1 ..
  for (double k = start; k >= 0 && mass > -60.0; --k) {
    down.push_back(exp(mass));
    mass += log(k) - log(n - k + 1) - ratio;
    if (k == 0) break;
  }
  mass = log_mass;
  for (double k = start; mass > -60.0 && k < n; ++k) {
    mass += log(n - k) - log(k + 1) + ratio;
    up.push_back(exp(mass));
  }
  Interval result{start, start};
  for (std::size_t i = down.size(); i-- > 0;) {
    below += down[i];
    if (below > p) {
      result.low = start - static_cast<double>(i);
      break;
    }
  }
  for (std::size_t i = up.size(); i-- > 0;) {
    above += up[i];
    if (above > p) {
      result.high = start + 1 + static_cast<double>(i);
      break;
    }
  }
  return result;
}

TEST(Gaussian, MomentsAndTailsAreThoseOfTheNormalDistribution) {
  constexpr std::size_t n = 1u << 24;
  const GaussianStream stream(2024, "gaussian_test.moments", 1);
  double sum[5] = {};
  double beyond[6] = {};
  constexpr double sigmas[6] = {0.0, 1.0, 2.0, 3.0, 4.0, 5.0};
  for (std::size_t at = 0; at < n; at += 4096) {
    for (const float v : draws(stream, static_cast<std::int64_t>(at), 4096)) {
      const double x = v;
      sum[1] += x;
      sum[2] += x * x;
      sum[3] += x * x * x;
      sum[4] += x * x * x * x;
      for (int s = 0; s < 6; ++s) beyond[s] += std::fabs(x) > sigmas[s] ? 1.0 : 0.0;
    }
  }
  // Standard errors of the k-th moment: sqrt((E x^2k - (E x^k)^2) / n). Five of them: wrong once in a
  // million.
  const double root = std::sqrt(static_cast<double>(n));
  EXPECT_NEAR(sum[1] / n, 0.0, 5.0 / root);
  EXPECT_NEAR(sum[2] / n, 1.0, 5.0 * std::sqrt(2.0) / root);
  EXPECT_NEAR(sum[3] / n, 0.0, 5.0 * std::sqrt(15.0) / root);
  EXPECT_NEAR(sum[4] / n, 3.0, 5.0 * std::sqrt(96.0) / root);
  for (int s = 1; s < 6; ++s) {
    const Interval interval = binomial_interval(n, 2.0 * normal_tail(sigmas[s]), 1e-6);
    EXPECT_GE(beyond[s], interval.low) << sigmas[s] << " sigma";
    EXPECT_LE(beyond[s], interval.high) << sigmas[s] << " sigma";
  }
}

TEST(Gaussian, DrawsAndStreamsAreUncorrelated) {
  constexpr std::size_t n = 1u << 20;
  const auto a = draws(GaussianStream(1, "gaussian_test.a", 0), 0, n + 100);
  const std::vector<float> others[] = {
      draws(GaussianStream(1, "gaussian_test.a", 1), 0, n + 100),
      draws(GaussianStream(1, "gaussian_test.b", 0), 0, n + 100),
      draws(GaussianStream(2, "gaussian_test.a", 0), 0, n + 100),
      draws(GaussianStream(1ull << 32 | 1, "gaussian_test.a", 0), 0, n + 100)};
  const auto correlation = [&](const std::vector<float>& x, const std::vector<float>& y, std::size_t lag) {
    double sum = 0.0;
    for (std::size_t i = 0; i < n; ++i) sum += static_cast<double>(x[i]) * y[i + lag];
    return sum / n;
  };
  const double limit = 5.0 / std::sqrt(static_cast<double>(n));
  for (const std::size_t lag : {1, 2, 3, 4, 5, 8, 16, 32, 64})
    EXPECT_NEAR(correlation(a, a, lag), 0.0, limit) << lag;
  for (const auto& b : others) {
    for (const std::size_t lag : {0, 1, 4}) EXPECT_NEAR(correlation(a, b, lag), 0.0, limit);
  }
}

}  // namespace
}  // namespace lightlane::math
