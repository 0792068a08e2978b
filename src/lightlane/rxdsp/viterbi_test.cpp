#include "lightlane/rxdsp/viterbi.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "lightlane/rxdsp/equalizer.hpp"
#include "lightlane/rxdsp/rxdsp_test_tools.hpp"

namespace lightlane::rxdsp {
namespace {

using detail::ViterbiState;
using testing::gaussian_tail;
using testing::nominal;
using testing::random_levels;

std::vector<std::uint8_t> search(detail::ViterbiForward forward, std::span<const float> levels, float alpha,
                                 std::span<const float> y) {
  const auto constants = detail::viterbi_constants(levels, alpha);
  ViterbiState state;
  std::vector<std::uint8_t> result(y.size());
  // In two parts, as the Decider does.
  const std::size_t cut = y.size() / 3;
  forward(constants, state, y.data(), result.data(), cut);
  forward(constants, state, y.data() + cut, result.data() + cut, y.size() - cut);
  detail::viterbi_trace_back(state, result);
  return result;
}

double distance(const std::vector<unsigned>& sequence, std::span<const float> levels, double alpha,
                std::span<const float> y) {
  double sum = 0;  // sequence[0] is the symbol before the first
  for (std::size_t n = 0; n < y.size(); ++n) {
    const double error = static_cast<double>(y[n]) - static_cast<double>(levels[sequence[n + 1]]) -
                         alpha * static_cast<double>(levels[sequence[n]]);
    sum += error * error;
  }
  return sum;
}

void expect_exhaustive(const std::vector<float>& levels, float alpha, std::size_t length) {
  const unsigned states = static_cast<unsigned>(levels.size());
  std::mt19937_64 engine(8);
  std::normal_distribution<double> normal(0, 0.5);
  for (int trial = 0; trial < 12; ++trial) {
    std::vector<float> y(length);
    for (float& v : y)
      v = static_cast<float>(static_cast<double>(levels[engine() % states]) + normal(engine));
    std::vector<unsigned> sequence(length + 1, 0), best;
    double least = 1e9;
    while (true) {
      const double d = distance(sequence, levels, static_cast<double>(alpha), y);
      if (d < least) {
        least = d;
        best = sequence;
      }
      std::size_t digit = 0;
      while (digit <= length && ++sequence[digit] == states) sequence[digit++] = 0;
      if (digit > length) break;
    }
    for (const auto& kernel : detail::viterbi_kernels()) {
      const auto found = search(kernel.function, levels, alpha, y);
      EXPECT_TRUE(std::equal(found.begin(), found.end(), best.begin() + 1)) << name(kernel.variant) << trial;
    }
  }
}

TEST(Viterbi, FindsWhatAnExhaustiveSearchFinds) {
  expect_exhaustive({-1, -0.35f, 0.3f, 1}, 0.5f, 7);
  expect_exhaustive({-1, -0.35f, 0.3f, 1}, -0.9f, 7);
  expect_exhaustive({-1, 1}, 0.7f, 14);
}

TEST(Viterbi, AlphaOfZeroIsASlicer) {
  std::mt19937_64 engine(8);
  std::normal_distribution<double> normal(0, 0.8);
  std::vector<float> y(1000);
  for (float& v : y) v = static_cast<float>(normal(engine));
  const std::vector<float> levels{-1, -1.f / 3, 1.f / 3, 1};
  for (const auto& kernel : detail::viterbi_kernels()) {
    const auto found = search(kernel.function, levels, 0, y);
    for (std::size_t i = 0; i < y.size(); ++i) {
      const int expected = (y[i] > -2.f / 3 ? 1 : 0) + (y[i] > 0 ? 1 : 0) + (y[i] > 2.f / 3 ? 1 : 0);
      EXPECT_EQ(found[i], expected);
    }
  }
}

TEST(Viterbi, VariantsAgreeOnLongRuns) {
  const auto sent = random_levels(200000);
  const std::vector<float> y = testing::Link{{1, 0.6}, 1, 0, 0.2}.samples(sent);
  const std::vector<float> levels{-1, -1.f / 3, 1.f / 3, 1};
  const auto table = detail::viterbi_kernels();
  const auto expected = search(table.front().function, levels, 0.6f, y);
  for (const auto& kernel : table)
    EXPECT_EQ(search(kernel.function, levels, 0.6f, y), expected) << name(kernel.variant);
}

TEST(Viterbi, ErrorsAreThoseOfTheNearestSequences) {
  // Between a single error alone (a lower bound) and the union of error events of up to six symbols: an event
  // e[0..m-1] of level steps lies at d^2 = sum (e[k] + alpha e[k-1])^2, comes with probability 3/4 per unit
  // step, and makes m errors.
  const double alpha = 0.6, sigma = 0.13, step = 2.0 / 3;
  double upper = 0;
  for (int length = 1; length <= 6; ++length) {
    for (int code = 0; code < 1 << length; ++code) {
      double square = 0, chance = 1, last = 0;
      for (int k = 0; k <= length; ++k) {
        const double e = k < length ? (code >> k & 1 ? step : -step) : 0;
        square += (e + alpha * last) * (e + alpha * last);
        if (k < length) chance *= 0.75;
        last = e;
      }
      upper += length * chance * gaussian_tail(std::sqrt(square) / (2 * sigma));
    }
  }
  const double single = 1.5 * gaussian_tail(step * std::sqrt(1 + alpha * alpha) / (2 * sigma));

  const auto sent = random_levels(1 << 20, 4, 6);
  const std::vector<float> y = testing::Link{{1, alpha}, 1, 0, sigma}.samples(sent);
  FrozenEqualizer e;
  e.ffe = {1};
  e.mlse = true;
  e.mlse_alpha = static_cast<float>(alpha);
  const auto ser = [&](const FrozenEqualizer& equalizer) {
    Decisions out;
    Decider(equalizer, 1, 0).process(y, 0, false, out);
    double wrong = 0;
    for (std::size_t i = 0; i < sent.size(); ++i) wrong += out.level[i] != sent[i] ? 1 : 0;
    return wrong / static_cast<double>(sent.size());
  };
  const double found = ser(e);
  EXPECT_GT(found, 0.97 * single);
  EXPECT_LT(found, 1.03 * upper);
  // And its gain over a DFE, which decides on the first sample of a step alone: at least the energy of the
  // second.
  FrozenEqualizer dfe = e;
  dfe.mlse = false;
  dfe.dfe = static_cast<float>(alpha);
  EXPECT_GT(ser(dfe), 1.5 * gaussian_tail(step / (2 * sigma)));
  EXPECT_LT(found, 0.5 * ser(dfe));
}

}  // namespace
}  // namespace lightlane::rxdsp
