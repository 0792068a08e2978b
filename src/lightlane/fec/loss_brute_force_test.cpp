// The exact model against the sum over every error pattern of a tiny interface.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include "lightlane/fec/loss_model.hpp"

namespace lightlane::fec {
namespace {

/// One way in which the lines can go wrong: its probability and the wrong bits, as (FEC lane, bit of the
/// lane).
struct Pattern {
  double probability;
  std::vector<std::pair<int, std::int64_t>> wrong;
};

/// P(these decisions, in this order) of a stationary process: the forward algorithm.
double probability_of(const ErrorProcess& process, unsigned decisions, int count) {
  const std::size_t n = process.states();
  std::vector<double> alpha = stationary(process);
  for (int j = 0; j < count; ++j) {
    std::vector<double> next(n, 0.0);
    for (std::size_t r = 0; r < n; ++r) {
      for (std::size_t s = 0; s < n; ++s) {
        next[s] += alpha[r] * process.transition[r * n + s] *
                   (decisions >> j & 1 ? process.error[s] : 1 - process.error[s]);
      }
    }
    alpha = next;
  }
  double sum = 0;
  for (const double a : alpha) sum += a;
  return sum;
}

/// Every pattern of one PMD lane over `symbols` line symbols from its bit 0 on.
std::vector<Pattern> patterns(const LossModelConfig& config, const std::vector<int>& mux,
                              const ErrorProcess& process, int symbols, double first_bit_share) {
  const int line_bits = static_cast<int>(config.structure.modulation), width = static_cast<int>(mux.size());
  std::vector<Pattern> all;
  // Decision 0 is that of the symbol before the first one; only precoding looks at it.
  for (unsigned decisions = 0; decisions < 2u << symbols; ++decisions) {
    const double probability = probability_of(process, decisions, symbols + 1);
    std::vector<int> wrong_symbols;
    for (int j = 0; j < symbols; ++j) {
      const bool now = decisions >> (j + 1) & 1, before = decisions >> j & 1;
      if (now != (config.precoding && before)) wrong_symbols.push_back(j);
    }
    const unsigned choices = line_bits == 2 ? 1u << wrong_symbols.size() : 1u;
    for (unsigned choice = 0; choice < choices; ++choice) {
      Pattern pattern{probability, {}};
      for (std::size_t w = 0; w < wrong_symbols.size(); ++w) {
        const int second = choice >> w & 1;
        if (line_bits == 2) pattern.probability *= second ? 1 - first_bit_share : first_bit_share;
        const int bit = wrong_symbols[w] * line_bits + second;
        const int lane = mux[static_cast<std::size_t>(bit % width)];
        const std::int64_t skew =
            config.skew_bits.empty() ? 0 : config.skew_bits[static_cast<std::size_t>(lane)];
        pattern.wrong.emplace_back(lane, bit / width - skew);
      }
      if (pattern.probability > 0) all.push_back(std::move(pattern));
    }
  }
  return all;
}

/// Sums of very many small terms.
struct Sums {
  long double codeword_error_ratio = 0, group_loss_ratio = 0, post_fec_ber = 0;
  std::vector<long double> bins;
};

/// What a pattern does to the window of one codeword (pair).
void count(Sums& point, const LossModelConfig& config, double probability, const Pattern* parts[],
           std::size_t part_count) {
  const LossStructure& structure = config.structure;
  const int rows = config.code.n * structure.codewords / structure.fec_lanes;
  std::set<std::pair<std::int64_t, int>> wrong[2];  // (row, lane) of wrong symbols, per codeword
  int bits[2] = {};
  for (std::size_t p = 0; p < part_count; ++p) {
    for (const auto& [lane, bit] : parts[p]->wrong) {
      if (bit < 0 || bit >= rows * structure.fec_symbol_bits) continue;
      const std::int64_t row = bit / structure.fec_symbol_bits;
      int codeword = 0;
      if (structure.codewords == 2) {
        codeword = lane % 2;                        // even row: lane 2j holds A, lane 2j + 1 holds B
        if (row % 2 == 1) codeword = 1 - codeword;  // odd row: swapped
      }
      wrong[codeword].emplace(row, lane);
      ++bits[codeword];
    }
  }
  bool lost = false;
  for (int c = 0; c < structure.codewords; ++c) {
    const long double share = static_cast<long double>(probability) / structure.codewords;
    point.bins[wrong[c].size()] += share;
    if (static_cast<int>(wrong[c].size()) <= config.code.t) continue;
    lost = true;
    point.codeword_error_ratio += share;
    point.post_fec_ber += share * bits[c] / (config.code.n * structure.fec_symbol_bits);
  }
  if (lost) point.group_loss_ratio += probability;
}

Sums brute_force(const LossModelConfig& config, const std::vector<ErrorProcess>& processes) {
  const LossStructure& structure = config.structure;
  const int line_bits = static_cast<int>(structure.modulation);
  const int lane_bits = config.code.n * structure.codewords / structure.fec_lanes * structure.fec_symbol_bits;
  std::int64_t most_skew = 0;
  for (const std::int64_t skew : config.skew_bits) most_skew = std::max(most_skew, skew);
  const int line =
      static_cast<int>((lane_bits + most_skew) * static_cast<std::int64_t>(structure.mux[0].size()));
  const int symbols = (line + line_bits - 1) / line_bits;
  const double share = config.first_bit_share.value_or(config.precoding ? 1.0 / 2 : 1.0 / 3);
  Sums point;
  point.bins.assign(static_cast<std::size_t>(config.code.n) + 1, 0);
  const auto first = patterns(config, structure.mux[0], processes[0], symbols, share);
  if (structure.mux.size() == 1) {
    for (const Pattern& p : first) {
      const Pattern* parts[] = {&p};
      count(point, config, p.probability, parts, 1);
    }
    return point;
  }
  const auto second = patterns(config, structure.mux[1], processes[1], symbols, share);
  for (const Pattern& p : first) {
    for (const Pattern& q : second) {
      const Pattern* parts[] = {&p, &q};
      count(point, config, p.probability * q.probability, parts, 2);
    }
  }
  return point;
}

LossModelConfig tiny(int codewords, std::vector<std::vector<int>> mux, signal::Modulation modulation, int n,
                     int t, int symbol_bits) {
  LossModelConfig config;
  int lanes = 0;
  for (const auto& lane : mux) lanes += static_cast<int>(lane.size());
  config.structure = {"tiny", codewords, lanes, symbol_bits, modulation, std::move(mux)};
  config.code = signal::FecCode{n, n - 2 * t, t, 1, "tiny"};
  return config;
}

void expect_equal(double exact, long double sum, const char* what, const char* where) {
  const double value = static_cast<double>(sum);
  EXPECT_NEAR(exact, value, 1e-12 * value) << what << " " << where;
}

void compare(const LossModelConfig& config, const std::vector<ErrorProcess>& processes, const char* what) {
  const LossPoint exact = LossModel(config).at(processes);
  const Sums sum = brute_force(config, processes);
  expect_equal(exact.codeword_error_ratio, sum.codeword_error_ratio, what, "codeword_error_ratio");
  expect_equal(exact.group_loss_ratio, sum.group_loss_ratio, what, "group_loss_ratio");
  expect_equal(exact.post_fec_ber, sum.post_fec_ber, what, "post_fec_ber");
  ASSERT_EQ(exact.bins.size(), sum.bins.size());
  for (std::size_t i = 0; i < sum.bins.size(); ++i) expect_equal(exact.bins[i], sum.bins[i], what, "bins");
}

/// The processes to try: independent, bursts, and a chain with two error ratios.
std::vector<ErrorProcess> some_processes() {
  return {independent_errors(0.07), burst_errors(0.02, 0.5), burst_errors(0.1, 0.85),
          gilbert_elliott(0.05, 0.3, 0.01, 0.4)};
}

constexpr auto pam4 = signal::Modulation::pam4, nrz = signal::Modulation::nrz;

TEST(LossBruteForce, PairOnFourMultiplexedLanes) {
  for (const bool precoding : {false, true}) {
    for (const ErrorProcess& process : some_processes()) {
      for (const std::vector<int>& order : {std::vector<int>{0, 1, 2, 3}, {0, 2, 1, 3}, {3, 0, 1, 2}}) {
        LossModelConfig config = tiny(2, {order}, pam4, 4, 1, 2);
        config.precoding = precoding;
        compare(config, {process}, "4 lanes");
      }
    }
  }
}

TEST(LossBruteForce, PairWithSkew) {
  for (const bool precoding : {false, true}) {
    for (const ErrorProcess& process : some_processes()) {
      for (const std::vector<std::int64_t>& skew :
           {std::vector<std::int64_t>{0, 1}, {3, 0}, {2, 4}, {0, 5}, {1, 1}}) {
        LossModelConfig config = tiny(2, {{0, 1}}, pam4, 3, 1, 2);
        config.precoding = precoding;
        config.skew_bits = skew;
        compare(config, {process}, "skew");
      }
    }
  }
}

TEST(LossBruteForce, FourLanesWithSkew) {
  LossModelConfig config = tiny(2, {{0, 2, 1, 3}}, pam4, 2, 0, 2);
  config.skew_bits = {0, 1, 3, 2};
  for (const ErrorProcess& process : some_processes()) compare(config, {process}, "4 lanes, skew");
  config.code.t = 1;
  config.structure.codewords = 1;
  config.code.n = 4;
  for (const ErrorProcess& process : some_processes()) compare(config, {process}, "one codeword, skew");
}

// One FEC lane per PMD lane: with odd skew a PAM4 symbol straddles two FEC symbols.
TEST(LossBruteForce, LinesOfOneLane) {
  for (const std::vector<std::int64_t>& skew : {std::vector<std::int64_t>{0, 0}, {1, 0}, {0, 3}, {1, 3}}) {
    for (const bool precoding : {false, true}) {
      LossModelConfig config = tiny(2, {{0}, {1}}, pam4, 3, 1, 2);
      config.skew_bits = skew;
      config.precoding = precoding;
      compare(config, {burst_errors(0.05, 0.5), gilbert_elliott(0.05, 0.3, 0.01, 0.4)}, "one lane per line");
    }
  }
}

TEST(LossBruteForce, NrzLinesAndOneCodeword) {
  for (const bool precoding : {false, true}) {
    for (const ErrorProcess& process : some_processes()) {
      LossModelConfig config = tiny(1, {{0}, {1}}, nrz, 6, 2, 2);
      config.precoding = precoding;
      compare(config, {process, independent_errors(0.03)}, "nrz");
      config = tiny(1, {{1, 0, 2}}, nrz, 6, 1, 2);
      config.precoding = precoding;
      compare(config, {process}, "nrz, three lanes");
      config.skew_bits = {1, 0, 1};
      compare(config, {process}, "nrz, three lanes, skew");
    }
  }
}

TEST(LossBruteForce, OneCodewordOnOnePam4Line) {
  for (const double share : {0.0, 0.25, 1.0}) {
    for (const ErrorProcess& process : some_processes()) {
      LossModelConfig config = tiny(1, {{0, 2, 1, 3}}, pam4, 8, 2, 2);
      config.first_bit_share = share;
      compare(config, {process}, "one codeword");
    }
  }
}

}  // namespace
}  // namespace lightlane::fec
