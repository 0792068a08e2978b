#include "lightlane/optics/reflections.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "lightlane/base/variant.hpp"
#include "lightlane/optics/reflections_streams.hpp"

namespace lightlane::optics {
namespace {

// Anchor: four connectors of -25 dB, both ends -35 dB, extinction ratio 6 dB: 2.5 dB published, 2.497 by the
// formula.
TEST(Reflections, PenaltyBoundOfThePublishedCase) {
  const double all[] = {-35, -25, -25, -25, -25, -35};
  EXPECT_NEAR(mpi_penalty_bound_db(all, 6, true), 2.497, 5e-4);
  const double one_pair[] = {-20, -20};  // S = 0.01
  const double r = std::pow(10, 0.45);
  EXPECT_NEAR(mpi_penalty_bound_db(one_pair, 4.5, false), -10 * std::log10(1 - 0.04 * r / (r - 1)), 1e-9);
  EXPECT_NEAR(mpi_penalty_bound_db(one_pair, 4.5, true), -10 * std::log10(1 - 0.12 * r / (r - 1)), 1e-9);
  const double bad[] = {-10, -10};
  EXPECT_TRUE(std::isinf(mpi_penalty_bound_db(bad, 6, true)));
  EXPECT_EQ(mpi_penalty_bound_db({}, 6, true), 0);
}

TEST(Reflections, PairsSeeTheRoundTripBetweenThem) {
  const Reflector reflectors[] = {
      {0, -26, 0, 0, 0}, {1, -40, 0.0, 0.5, 0}, {2, -50, 1.0, 1.25, 1e-6}, {3, -30, 2.0, 2.0, 1e-6}};
  const auto pairs = reflection_pairs(reflectors, 50e9);
  ASSERT_EQ(pairs.size(), 6u);
  EXPECT_EQ(pairs[4].first, 1u);
  EXPECT_EQ(pairs[4].second, 3u);
  // 1 and 3: -70 dB, and 2 x (2.0 - 0.5) dB between.
  EXPECT_NEAR(20 * std::log10(pairs[4].amplitude), -73, 1e-9);
  EXPECT_NEAR(pairs[4].delay_ui, 2e-6 * 50e9, 1e-6);
  EXPECT_NEAR(20 * std::log10(pairs[0].amplitude), -66, 1e-9);
  EXPECT_EQ(pairs[0].delay_ui, 0);
  // Return loss: -40, -52, -34 dB, the transmitter itself not counted.
  EXPECT_NEAR(return_loss_db(reflectors), -10 * std::log10(1e-4 + std::pow(10, -5.2) + std::pow(10, -3.4)),
              1e-9);
  EXPECT_EQ(return_loss_db({}), 120);
}

std::vector<InterfererConfig> three_sources() {
  return {{{0.1, 0.2, 0.3, 0.4}, 17.37, 0.3, 1.7e-5, RandomStream(5, "a", 0)},
          {{0.05, 0.07, 0.11, 0.13}, 3.0, 0.9, -2.9e-5, RandomStream(5, "b", 0)},
          {{1, 2, 3, 5}, 0.95, 0, 0, RandomStream(5, "c", 0)},
          {{0.5, 0.25, 0.125, 0.0625}, 0.5, 0.5, 1e-3, RandomStream(5, "d", 0)}};
}

/// The definition, sample by sample, in double precision.
double expected(const std::vector<InterfererConfig>& sources, int samples_per_ui, std::int64_t sample) {
  double sum = 0;
  for (const auto& s : sources) {
    const double t = static_cast<double>(sample) / samples_per_ui - (s.delay_ui - std::floor(s.delay_ui));
    const auto before = static_cast<std::int64_t>(std::floor(t - 0.5));
    const double share = 0.5 - 0.5 * std::cos(std::numbers::pi * (t - 0.5 - static_cast<double>(before)));
    for (const std::int64_t n : {before, before + 1}) {
      const std::int64_t block = static_cast<std::int64_t>(std::floor(static_cast<double>(n) / 64));
      const auto i = static_cast<unsigned>(n - block * 64);
      const unsigned symbol = s.symbols.block(static_cast<std::uint64_t>(block))[i / 16] >> (i % 16 * 2) & 3;
      const double turns = s.start_turns + s.turns_per_symbol * static_cast<double>(n);
      sum += (n == before ? 1 - share : share) * s.value[symbol] * std::cos(2 * std::numbers::pi * turns);
    }
  }
  return sum;
}

class Variants : public testing::TestWithParam<Variant> {
 protected:
  void SetUp() override {
    if (GetParam() > supported_variant()) GTEST_SKIP() << "not on this processor";
    force_variant(GetParam());
  }
  void TearDown() override { force_variant(supported_variant()); }
};
INSTANTIATE_TEST_SUITE_P(Reflections, Variants, testing::Values(Variant::ref, Variant::avx2, Variant::avx512),
                         [](const auto& p) { return std::string(name(p.param)); });

TEST_P(Variants, StreamsFollowTheirDefinition) {
  for (const int samples_per_ui : {2, 4, 6, 8, 10, 16, 24, 32}) {
    const InterfererStreams streams(three_sources(), samples_per_ui);
    for (const std::int64_t first : {std::int64_t{-1000}, std::int64_t{0}, std::int64_t{123456789}}) {
      std::vector<float> out(3000);
      streams.fill(first, out);
      for (std::size_t i = 0; i < out.size(); ++i) {
        ASSERT_NEAR(out[i], expected(three_sources(), samples_per_ui, first + static_cast<std::int64_t>(i)),
                    3e-6)
            << samples_per_ui << " samples, at " << i << " from " << first;
      }
    }
  }
}

TEST_P(Variants, StreamsAreTheSameBitsHoweverTheyAreCut) {
  for (const int samples_per_ui : {2, 6, 8, 32}) {
    const InterfererStreams streams(three_sources(), samples_per_ui);
    force_variant(Variant::ref);
    const InterfererStreams reference(three_sources(), samples_per_ui);
    force_variant(GetParam());
    std::vector<float> whole(4001), cut(4001);
    reference.fill(-77, whole);
    for (std::size_t at = 0, n = 1; at < cut.size(); at += n, n = n * 7 % 509 + 1) {
      n = std::min(n, cut.size() - at);
      streams.fill(-77 + static_cast<std::int64_t>(at), std::span(cut).subspan(at, n));
    }
    EXPECT_EQ(whole, cut) << samples_per_ui;
  }
}

TEST(Reflections, PhasesStayExactFarFromTheStart) {
  // A whole number of turns per 2^40 symbols: the phase comes back.
  std::vector<InterfererConfig> sources{{{1, 1, 1, 1}, 0, 0.125, 3.0 / 1048576, RandomStream(1, "x", 0)}};
  const InterfererStreams streams(sources, 8);
  std::vector<float> near(800), far(800);
  streams.fill(80, near);
  streams.fill(80 + (std::int64_t{1} << 40) * 8, far);
  for (std::size_t i = 0; i < near.size(); ++i) ASSERT_NEAR(near[i], far[i], 1e-6);
}

TEST(Reflections, KernelsAgreeBitForBit) {
  const RandomStream random(1, "kernels", 0);
  std::vector<float> s(61), start(61), re(61), im(61);
  for (std::size_t i = 0; i < s.size(); ++i) {
    s[i] = static_cast<float>(random.uniform(4 * i) - 0.5);
    start[i] = static_cast<float>(random.uniform(4 * i + 1) - 0.1);
    re[i] = static_cast<float>(random.uniform(4 * i + 2) - 0.5);
    im[i] = static_cast<float>(random.uniform(4 * i + 3) - 0.5);
  }
  const auto& reference = detail::interferers_ref;
  for (const auto& kernel : detail::interferer_kernels()) {
    if (kernel.variant > supported_variant()) continue;
    for (std::size_t n = 0; n <= s.size(); ++n) {
      std::vector<float> a = start, b = start;
      reference.beat(s.data(), n, a.data());
      kernel.function->beat(s.data(), n, b.data());
      ASSERT_EQ(a, b) << name(kernel.variant) << " beat, " << n;
      for (std::size_t i = 0; i < n; ++i) ASSERT_GE(b[i], 0);
      reference.detect(re.data(), im.data(), 0.7f, n, a.data());
      kernel.function->detect(re.data(), im.data(), 0.7f, n, b.data());
      ASSERT_EQ(a, b) << name(kernel.variant) << " detect, " << n;
      reference.detect(re.data(), nullptr, 0.7f, n, a.data());
      kernel.function->detect(re.data(), nullptr, 0.7f, n, b.data());
      ASSERT_EQ(a, b) << name(kernel.variant) << " detect of a real field, " << n;
    }
  }
}

}  // namespace
}  // namespace lightlane::optics
