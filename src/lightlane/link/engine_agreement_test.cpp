// Three engines on whole links, stressed to a pre-FEC bit error ratio at which all can be seen: waveform and symbol
// engine count, the statistical engine predicts. Limit: 0.05 dB of OMA, and three times the error of counting.

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <optional>

#include "lightlane/base/error.hpp"
#include "lightlane/link/optical_test_tools.hpp"
#include "lightlane/link/phy_run.hpp"
#include "lightlane/link/scenario_keys.hpp"
#include "lightlane/link/structure.hpp"
#include "lightlane/math/statistics.hpp"

namespace lightlane::link {
namespace {

using Assignments = std::vector<std::string>;

constexpr double limit_db = 0.05;

/// A link's mean bit error ratio as counted.
struct Count {
  double ber = 0;
  double error = 0;  ///< one sigma, relative; errors that follow each other are one
};

Count counted(Scenario scenario, const OpticalLink& link, const char* engine, std::size_t symbols) {
  scenario.link.engine = engine;
  const test::Passed passed = test::pass(scenario, link, symbols, 1u << 16, false);
  Count count;
  double bits = 0, bit_errors = 0, variance = 0;
  for (std::size_t l = 0; l < link.lanes().size(); ++l) {
    const pma::LaneErrorCounts& lane = passed.report.lanes[l];
    const double follow = link.lanes()[l].statistical.burst_continuation;
    bits += static_cast<double>(lane.symbols) * static_cast<double>(structure_of(scenario).modulation);
    bit_errors += static_cast<double>(lane.bit_errors);
    variance += static_cast<double>(lane.symbol_errors) * (1 + follow) / (1 - follow);
  }
  count.ber = bit_errors / bits;
  count.error = std::sqrt(variance) / bit_errors;
  return count;
}

/// What the statistical engine says of the frozen receivers, and how fast that rises with attenuation.
struct Prediction {
  double ber = 0, slope_per_db = 0;
};
Prediction predicted(const OpticalLink& link) {
  Prediction p;
  double more = 0, less = 0;
  for (const OpticalLane& lane : link.lanes()) {
    const double share = 1 / static_cast<double>(link.lanes().size());
    p.ber += share * lane.statistical.ber;
    more += evaluate(lane.model, lane.setup.dsp, 0.05).ber;
    less += evaluate(lane.model, lane.setup.dsp, -0.05).ber;
  }
  p.slope_per_db = std::log(more / less) / 0.1;
  return p;
}

/// `at_least` errors in each engine that counts, or so.
void expect_agreement(Assignments assignments, double ber, double at_least, double slack_db = 0) {
  SCOPED_TRACE(testing::PrintToString(assignments));
  // Fast phases of reflections, or a run of some microseconds meets them at rest.
  assignments.insert(assignments.begin(), {"plant.mpi_phase_rate_mhz=200", "rx.los_dbm=-60", "plant.stress_ber=" + std::to_string(ber)});
  std::optional<OpticalLink> link;
  Scenario scenario = test::lit(assignments);
  try {
    link.emplace(scenario, structure_of(scenario));
  } catch (const ConfigError&) {  // it has more errors as it is
    scenario.plant.stress_ber = 0;
    link.emplace(scenario, structure_of(scenario));
  }
  const Prediction p = predicted(*link);
  ASSERT_GT(p.ber, 0.8 * ber);
  ASSERT_LT(p.ber, 2e-2);
  const double lanes = static_cast<double>(link->lanes().size());
  const auto symbols = static_cast<std::size_t>(at_least / (p.ber * lanes)) + 4096;
  const Count waveform = counted(scenario, *link, "waveform", symbols), symbol = counted(scenario, *link, "symbol", 4 * symbols);
  const auto db = [&](double a, double b) { return std::log(a / b) / p.slope_per_db; };
  const auto bound = [&](double error) { return limit_db + slack_db + 3 * error / p.slope_per_db; };
  EXPECT_NEAR(db(waveform.ber, p.ber), 0, bound(waveform.error)) << "waveform " << waveform.ber << " statistical " << p.ber;
  EXPECT_NEAR(db(symbol.ber, p.ber), 0, bound(symbol.error)) << "symbol " << symbol.ber << " statistical " << p.ber;
  EXPECT_NEAR(db(waveform.ber, symbol.ber), 0, bound(std::hypot(waveform.error, symbol.error)))
      << "waveform " << waveform.ber << " symbol " << symbol.ber;
  if (std::getenv("LIGHTLANE_SHOW") != nullptr) {
    std::printf("%-60s waveform %+.4f +- %.4f dB, symbol %+.4f +- %.4f dB\n", assignments.back().c_str(), db(waveform.ber, p.ber),
                waveform.error / p.slope_per_db, db(symbol.ber, p.ber), symbol.error / p.slope_per_db);
  }
}

TEST(EngineAgreement, OfAStressedDr4) { expect_agreement({"link.pmd=400GBASE-DR4"}, 1e-3, 4000); }

bool runs(const catalog::Profile& profile) {
  try {
    return structure_of_pmd(profile.pmd, "link.pmd").line_lanes > 0 && profile.pmd != eight_lane_800g_pmd;
  } catch (const ConfigError&) {
    return false;
  }
}

TEST(EngineAgreementSlow, OfEveryTypicalLink) {
  for (const catalog::Profile& profile : catalog::profiles()) {
    if (runs(profile)) expect_agreement({"link.pmd=" + std::string(profile.pmd)}, 1e-3, 10000);
  }
}

TEST(EngineAgreementSlow, AtOneInTenThousand) {
  expect_agreement({"link.pmd=400GBASE-DR4"}, 1e-4, 5000);
  expect_agreement({"link.pmd=400GBASE-FR4"}, 1e-4, 5000);
  expect_agreement({"link.pmd=100GBASE-LR4"}, 1e-4, 5000);
}

TEST(EngineAgreementSlow, OfLinksAtTheLimits) {
  for (const char* pmd : {"400GBASE-DR4", "400GBASE-FR4", "100GBASE-LR1", "400GBASE-SR8"}) {
    expect_agreement({"link.corner=limits", std::string("link.pmd=") + pmd}, 1e-3, 20000);
  }
}

TEST(EngineAgreementSlow, OfDecisionFeedback) {
  expect_agreement({"dsp.dfe_taps=1"}, 1e-3, 20000);
  expect_agreement({"dsp.dfe_taps=1", "tx.dac_bandwidth_ghz=18"}, 1e-3, 20000);
  expect_agreement({"dsp.dfe_taps=1", "tx.dac_bandwidth_ghz=12"}, 1e-3, 20000);
}

/// The statistical engine's bound is above the truth, by some 10 % at 1e-3.
TEST(EngineAgreementSlow, OfSequences) {
  expect_agreement({"dsp.mlse=true"}, 1e-3, 20000);
  expect_agreement({"dsp.mlse=true", "tx.dac_bandwidth_ghz=18"}, 1e-3, 20000, 0.02);
  expect_agreement({"dsp.mlse=true", "dsp.training=lms", "dsp.mlse_alpha=0.3"}, 1e-3, 20000, 0.02);
}

TEST(EngineAgreementSlow, OfInterference) {
  expect_agreement({"plant.connector_reflectance_db=-35", "plant.tx_reflectance_db=-26", "plant.rx_reflectance_db=-26"}, 1e-3, 20000);
  expect_agreement({"plant.connectors=8", "plant.connector_reflectance_db=-35"}, 1e-3, 20000);
  expect_agreement({"link.pmd=400GBASE-FR4", "plant.connectors=4", "plant.connector_reflectance_db=-30"}, 1e-3, 20000);
  expect_agreement({"link.pmd=100GBASE-LR4", "plant.connector_reflectance_db=-20"}, 1e-3, 20000);
}

TEST(EngineAgreementSlow, OfCrosstalk) {
  expect_agreement({"link.pmd=400GBASE-FR4", "plant.mux_isolation_db=25"}, 1e-3, 20000);
  expect_agreement({"link.pmd=400GBASE-FR4", "plant.mux_isolation_db=18"}, 1e-3, 20000);
  expect_agreement({"link.pmd=100GBASE-LR4", "plant.mux_isolation_db=18"}, 1e-3, 20000);
  expect_agreement({"link.pmd=400GBASE-SR4.2", "plant.bidi_isolation_db=28"}, 1e-3, 20000);
}

TEST(EngineAgreementSlow, OfJitter) {
  expect_agreement({"tx.jitter_random_fs=300"}, 1e-3, 20000);
  expect_agreement({"tx.jitter_random_fs=500"}, 1e-3, 20000);
  expect_agreement({"tx.jitter_even_odd_ui=0.05"}, 1e-3, 20000);
  expect_agreement({"tx.jitter_even_odd_ui=0.15"}, 1e-3, 20000);
  expect_agreement({"tx.jitter_sinusoidal_ui=0.05"}, 1e-3, 20000);
  expect_agreement({"tx.jitter_sinusoidal_ui=0.2", "tx.jitter_sinusoidal_mhz=40"}, 1e-3, 20000);
  expect_agreement({"link.pmd=100GBASE-LR4", "tx.jitter_random_fs=600", "tx.jitter_even_odd_ui=0.1", "tx.jitter_sinusoidal_ui=0.1"}, 1e-3, 20000);
}

TEST(EngineAgreementSlow, OfChirpAndDispersion) {
  for (const char* alpha : {"1", "-0.7"}) {
    for (const char* dispersion : {"-28", "16"}) {  // 10 km: LAN-WDM's and 1310 nm's extremes
      expect_agreement({"link.pmd=100GBASE-LR1", "tx.modulator_kind=eml", std::string("tx.modulator_chirp_alpha=") + alpha,
                        std::string("plant.dispersion_ps_nm=[") + dispersion + "]"},
                       1e-3, 20000);
    }
  }
  expect_agreement({"link.pmd=100GBASE-DR", "plant.dgd_ps=[8]"}, 1e-3, 20000);
}

TEST(EngineAgreementSlow, OfConvertersAndEqualisers) {
  expect_agreement({"tx.dac_enob=4.2"}, 1e-3, 20000);
  expect_agreement({"tx.dac_bits=4"}, 1e-3, 20000);
  expect_agreement({"dsp.adc_bits=5", "dsp.adc_enob=4.5"}, 1e-3, 20000);
  expect_agreement({"dsp.adc_clip_ratio=0.003"}, 1e-3, 20000);
  expect_agreement({"dsp.ffe_taps=5", "dsp.ffe_main=2"}, 1e-3, 20000);
  expect_agreement({"dsp.training=lms"}, 1e-3, 20000);
  expect_agreement({"dsp.adaptive_thresholds=false", "tx.level_error=[0.05, -0.05]"}, 1e-3, 20000);
  expect_agreement({"tx.rin_db_per_hz=-135"}, 1e-3, 20000);
}

/// Codewords and frames of a whole run with light, against the exact model of FEC failures behind the statistical
/// engine's bursts. Intervals at 1 - 1e-6.
void expect_predicted(const Assignments& assignments, std::uint64_t at_least) {
  SCOPED_TRACE(testing::PrintToString(assignments));
  const Scenario scenario = test::lit(assignments);
  PhyRun run(scenario, true);
  while (run.step()) {
  }
  run.finish();
  const PhyReport report = run.report(1, false).ports.at(0);
  const fec::FecCounters& fec = report.fec->counters;
  const auto within = [](std::uint64_t count, std::uint64_t trials, double probability, double slack, const std::string& what) {
    const math::RateInterval interval = math::clopper_pearson(count, trials, 1 - 1e-6);
    EXPECT_LE(interval.lower, probability * (1 + slack)) << what << ": " << count << " of " << trials;
    EXPECT_GE(interval.upper, probability * (1 - slack)) << what << ": " << count << " of " << trials;
  };
  // 0.01 dB of OMA between the engines is 2 % of the errors, and bins go with their power: (i / mean) times that.
  double mean = 0;
  for (std::size_t i = 0; i < 16; ++i) mean += static_cast<double>(i) * report.fec->bins_predicted[i];
  for (std::size_t i = 0; i <= 15; ++i) {
    within(fec.bins[i], fec.codewords, report.fec->bins_predicted[i], 0.02 * (1 + std::fabs(static_cast<double>(i) - mean)),
           "bin " + std::to_string(i));
  }
  EXPECT_GE(fec.uncorrectable_codewords, at_least) << "too few to say anything";
  within(fec.uncorrectable_codewords, fec.codewords, *report.fec->codeword_error_ratio_predicted, 0.02 * (16 - mean), "codewords");
  EXPECT_EQ(report.frames.wrong, 0u);
  EXPECT_NEAR(report.frames.loss_ratio / *report.frames.loss_ratio_predicted, 1,
              0.02 * (16 - mean) + 5 / std::sqrt(static_cast<double>(fec.uncorrectable_codewords)));
  if (std::getenv("LIGHTLANE_SHOW") == nullptr) return;
  std::printf("continuation %.4f codewords %.3e predicted %.3e (%llu), frames %.3e predicted %.3e\n",
              report.light->lanes.empty() ? 0.0 : 0.0, report.fec->codeword_error_ratio, *report.fec->codeword_error_ratio_predicted,
              static_cast<unsigned long long>(fec.uncorrectable_codewords), report.frames.loss_ratio,
              *report.frames.loss_ratio_predicted);
}

TEST(LitPredictionSlow, FecFailuresOfTheSymbolEngine) {
  const std::string frames = "traffic.frames=300000";
  expect_predicted({"link.engine=symbol", "plant.stress_ber=1.2e-3", frames}, 300);
  expect_predicted({"link.engine=symbol", "plant.stress_ber=1.2e-3", "dsp.dfe_taps=1", "tx.dac_bandwidth_ghz=18", frames}, 300);
  expect_predicted({"link.engine=symbol", "plant.stress_ber=1.2e-3", "dsp.dfe_taps=1", "tx.dac_bandwidth_ghz=14", frames}, 300);
}

TEST(LitPredictionSlow, FecFailuresOfTheWaveformEngine) {
  expect_predicted({"link.engine=waveform", "plant.stress_ber=1.4e-3", "dsp.dfe_taps=1", "tx.dac_bandwidth_ghz=18", "traffic.frames=60000"}, 100);
}

}  // namespace
}  // namespace lightlane::link
