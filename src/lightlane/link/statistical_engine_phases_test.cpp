// Error ratios over the phases of reflections: against sets of phases that are drawn, and what FEC leaves of
// a lane whose phases rest within a codeword against codewords that are counted symbol by symbol.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "lightlane/link/lane_model_test_tools.hpp"
#include "lightlane/link/optical_test_tools.hpp"
#include "lightlane/link/phy_run.hpp"
#include "lightlane/link/scenario_keys.hpp"
#include "lightlane/link/statistical_engine.hpp"

namespace lightlane::link {
namespace {

/// PAM4 of 80 uA with an error ratio of some 1e-5 without reflections.
test::SyntheticLane noisy_lane() {
  test::SyntheticLane s;
  s.oma_a = 80e-6;
  s.constant_noise_a2 = 8e-12;
  return s;
}

LaneModel model_with(const std::vector<double>& amplitudes) {
  LaneModel m = test::lane_model(noisy_lane());
  for (const double a : amplitudes) m.reflections.push_back({a, 1e5, 1000});
  return m;
}

struct Case {
  const char* name;
  std::vector<double> amplitudes;
};
const Case cases[] = {{"one", {0.03}},
                      {"two unlike", {0.03, 0.008}},
                      {"six alike", {0.012, 0.012, 0.012, 0.012, 0.012, 0.012}},
                      {"many", {0.02, 0.01, 0.01, 0.005, 0.003, 0.002, 0.002, 0.001, 0.001, 0.001}}};

double moment(const PhaseSpread& spread, int power) {
  double sum = 0;
  for (std::size_t k = 0; k < spread.ser.size(); ++k)
    sum += spread.weight[k] * std::pow(spread.ser[k], power);
  return sum;
}

TEST(OverPhases, IsWhatDrawnPhasesGive) {
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const LaneModel m = model_with(c.amplitudes);
    const rxdsp::FrozenEqualizer e = test::plain_equalizer(noisy_lane());
    const StatisticalResult moving = evaluate(m, e, 0);
    const PhaseSpread spread = *over_phases(m, e, 0, moving);
    ASSERT_TRUE(spread.audible);
    EXPECT_NEAR(moment(spread, 0), 1, 1e-9);
    EXPECT_NEAR(moment(spread, 1) / moving.ser, 1, 1e-9);
    constexpr std::size_t sets = 800;
    std::vector<double> drawn = ber_over_phases(m, e, 0, sets, 1);
    std::sort(drawn.begin(), drawn.end());
    // What FEC makes of a ratio (bits are symbols times a constant here): it fails above some point, rather
    // suddenly.
    for (const double point : {0.5, 1.0, 3.0, 10.0}) {
      const auto fails = [&](double over_mean) { return 1 / (1 + std::pow(point / over_mean, 8)); };
      double sum = 0, square = 0, expected = 0;
      for (const double b : drawn) {
        sum += fails(b / moving.ber) / sets;
        square += fails(b / moving.ber) * fails(b / moving.ber) / sets;
      }
      for (std::size_t k = 0; k < spread.ser.size(); ++k)
        expected += spread.weight[k] * fails(spread.ser[k] / moving.ser);
      EXPECT_NEAR(expected, sum, 4 * std::sqrt(std::max(square - sum * sum, 0.0) / sets) + 1e-3) << point;
    }
    const auto share_above = [&](double ber) {
      return static_cast<double>(drawn.end() - std::upper_bound(drawn.begin(), drawn.end(), ber)) / sets;
    };
    EXPECT_NEAR(share_above(spread.ber_median), 0.5, 4 * 0.5 / std::sqrt(1.0 * sets));
    EXPECT_NEAR(share_above(spread.ber_p99), 0.01, 4 * 0.1 / std::sqrt(1.0 * sets));
    EXPECT_GT(spread.ber_worst, 0.98 * drawn.back());
  }
}

TEST(OverPhases, WhereThereIsNothingToHear) {
  const rxdsp::FrozenEqualizer e = test::plain_equalizer(noisy_lane());
  for (const LaneModel& m : {model_with({}), model_with({1e-6})}) {
    const StatisticalResult moving = evaluate(m, e, 0);
    const PhaseSpread spread = *over_phases(m, e, 0, moving);
    EXPECT_FALSE(spread.audible);
    EXPECT_EQ(spread.ser, std::vector<double>{moving.ser});
    EXPECT_EQ(spread.ber_worst, moving.ber);
  }
  rxdsp::FrozenEqualizer mlse = e;
  mlse.mlse = true;
  EXPECT_FALSE(over_phases(model_with({0.02}), mlse, 0, StatisticalResult()));
}

/// 100GBASE-DR with strong reflections: one lane, one codeword after the other.
Scenario reflecting(std::int64_t seed, const char* rate) {
  Scenario scenario =
      test::lit({"link.pmd=100GBASE-DR", "plant.stress_ber=8e-4", "plant.connector_reflectance_db=-22",
                 "plant.tx_reflectance_db=-24", "plant.rx_reflectance_db=-24", "traffic.frames=50",
                 std::string("plant.mpi_phase_rate_mhz=") + rate});
  scenario.run.seed = seed;
  return scenario;
}

FecResult predicted(Scenario scenario) {
  scenario.link.engine = "statistical";
  PhyRun run(scenario, true);
  while (run.step()) {
  }
  run.finish();
  return *run.report(1, false).ports.at(0).fec;
}

/// FEC symbols wrong in each codeword: shares of 0, 1 .. 15, and more. A row of the four FEC lanes is 40 bits
/// of the line, bit b of it belongs to symbol b mod 4 (802.3 91.5.2.8, 140.3).
std::array<double, 17> counted(Scenario scenario, std::size_t codewords) {
  constexpr std::size_t codeword_symbols = 2720, at_once = 64 * codeword_symbols;
  scenario.link.engine = "symbol";
  const OpticalLink link(scenario, structure_of(scenario));
  OpticalChannel channel(link, scenario);
  std::array<double, 17> share{};
  signal::SymbolLanes out(1, signal::Modulation::pam4);
  std::vector<std::uint8_t> wrong;
  const auto bits_of = [](const signal::SymbolLanes& lanes, std::size_t i) {
    const std::uint64_t level = lanes[0].levels.read(2 * i, 2);
    return level ^ level >> 1;
  };
  std::uint64_t done = 0;
  for (std::size_t sent = 0; done < codewords; sent += at_once) {
    channel.process(test::random_symbols(1, signal::Modulation::pam4, sent, at_once), out);
    const std::size_t whole = out[0].levels.size() / 2 / codeword_symbols;
    const signal::SymbolLanes truth =
        test::random_symbols(1, signal::Modulation::pam4, done * codeword_symbols, whole * codeword_symbols);
    for (std::size_t c = 0; c < whole; ++c) {
      wrong.assign(544, 0);
      for (std::size_t i = 0; i < codeword_symbols; ++i) {
        const std::uint64_t bits =
            bits_of(truth, c * codeword_symbols + i) ^ bits_of(out, c * codeword_symbols + i);
        const std::size_t row = 2 * i / 40 * 4;
        if ((bits & 2) != 0) wrong[row + 2 * i % 4] = 1;
        if ((bits & 1) != 0) wrong[row + (2 * i + 1) % 4] = 1;
      }
      const auto count = static_cast<std::size_t>(std::count(wrong.begin(), wrong.end(), 1));
      share[std::min<std::size_t>(count, 16)] += 1;
    }
    done += whole;
    signal::SymbolLanes rest(1, signal::Modulation::pam4);
    rest[0].first_index = done * codeword_symbols;
    for (std::size_t i = whole * codeword_symbols * 2; i < out[0].levels.size(); i += 2) {
      rest[0].levels.append(out[0].levels.read(i, 2), 2);
    }
    out = rest;
  }
  for (double& s : share) s /= static_cast<double>(done);
  return share;
}

/// Failures come in spells of bad phases: the spread between seeds says how far a mean of them may be off.
TEST(OverPhasesSlow, FecFailsInTheBadPhases) {
  constexpr int seeds = 8;
  constexpr std::size_t codewords = 12000;
  std::array<double, 17> difference{}, square{};
  double failed = 0;
  for (int seed = 1; seed <= seeds; ++seed) {
    const FecResult slow = predicted(reflecting(seed, "1"));
    const std::array<double, 17> share = counted(reflecting(seed, "1"), codewords);
    for (std::size_t i = 0; i < 17; ++i) {
      const double d = share[i] - (i < 16 ? slow.bins_predicted[i] : *slow.codeword_error_ratio_predicted);
      difference[i] += d / seeds;
      square[i] += d * d / seeds;
    }
    failed += share[16] / seeds;
    if (std::getenv("LIGHTLANE_SHOW") != nullptr) {
      std::printf("seed %d: %.4f of codewords failed, predicted %.4f\n", seed, share[16],
                  *slow.codeword_error_ratio_predicted);
    }
  }
  for (std::size_t i = 0; i < 17; ++i) {
    const double error = std::sqrt(square[i] / (seeds - 1));
    if (std::getenv("LIGHTLANE_SHOW") != nullptr)
      std::printf("bin %zu: %+.5f +- %.5f\n", i, difference[i], error);
    EXPECT_NEAR(difference[i], 0, 4 * error) << "symbols wrong: " << i;
  }
  EXPECT_GT(failed, 0.005);
  // Phases too fast for a codeword leave it the mean bit error ratio, with which FEC hardly ever fails.
  EXPECT_LT(*predicted(reflecting(1, "1000")).codeword_error_ratio_predicted, 1e-5);
}

}  // namespace
}  // namespace lightlane::link
