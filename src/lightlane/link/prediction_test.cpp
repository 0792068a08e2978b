// The exact loss model against whole runs: real codewords, real decoder, real frames. Fixed seeds; each interval is
// Clopper-Pearson at 1 - 1e-6, so that a right model fails one run in a million.

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "lightlane/link/phy_report.hpp"
#include "lightlane/link/scenario_keys.hpp"
#include "lightlane/link/street.hpp"

namespace lightlane::link {
namespace {

constexpr double confidence = 1 - 1e-6;

PhyReport run(const std::vector<const char*>& assignments) {
  Scenario scenario;
  for (const char* text : assignments) assign(text, scenario);
  validate(scenario);
  Street street(scenario, nullptr);
  while (street.step()) {
  }
  street.finish();
  return collect(scenario, nullptr, street, 1, false);
}

void expect_within(std::uint64_t count, std::uint64_t trials, double predicted, const char* what) {
  const math::RateInterval interval = math::clopper_pearson(count, trials, confidence);
  EXPECT_LE(interval.lower, predicted) << what << ": " << count << " of " << trials;
  EXPECT_GE(interval.upper, predicted) << what << ": " << count << " of " << trials;
}

/// `frames`: false where hi_ber or a restart makes the receiver deaf besides.
void expect_predicted(const PhyReport& report, std::uint64_t at_least, bool frames) {
  const fec::FecCounters& fec = report.fec->counters;
  EXPECT_GE(fec.uncorrectable_codewords, at_least) << "too few to say anything";
  expect_within(fec.uncorrectable_codewords, fec.codewords, *report.fec->codeword_error_ratio_predicted, "codewords");
  for (std::size_t i = 0; i <= static_cast<std::size_t>(report.structure == "100g-4lane" ? 7 : 15); ++i) {
    expect_within(fec.bins[i], fec.codewords, report.fec->bins_predicted[i], "bin");
  }
  EXPECT_EQ(report.frames.wrong, 0u);
  if (!frames) return;
  // Frames of one bad pair are lost together: pairs are the independent trials, three frames or so in each.
  const double lost = report.frames.loss_ratio;
  EXPECT_NEAR(lost / *report.frames.loss_ratio_predicted, 1, 5 / std::sqrt(static_cast<double>(fec.uncorrectable_codewords)));
}

TEST(PredictionSlow, IndependentErrors) {
  expect_predicted(run({"errors.model=symbols", "errors.ber=1.2e-3", "traffic.frames=300000"}), 500, true);
  expect_predicted(run({"link.structure=400g-8lane", "errors.model=symbols", "errors.ber=1.2e-3", "traffic.frames=200000"}), 300, true);
  expect_predicted(run({"link.structure=200g-2lane", "errors.model=symbols", "errors.ber=1.2e-3", "traffic.frames=200000"}), 300, true);
  expect_predicted(run({"link.structure=100g-2lane", "errors.model=symbols", "errors.ber=1.2e-3", "traffic.frames=200000"}), 300, false);
  expect_predicted(run({"link.structure=100g-4lane", "errors.model=symbols", "errors.ber=2.5e-4", "traffic.frames=300000"}), 50, true);
}

TEST(PredictionSlow, Bursts) {
  expect_predicted(run({"errors.model=bursts", "errors.ber=1.2e-3", "errors.burst_continuation=0.5", "traffic.frames=200000"}), 500, true);
  expect_predicted(run({"link.structure=400g-8lane", "errors.model=bursts", "errors.ber=2e-3", "errors.burst_continuation=0.7",
                        "traffic.frames=200000"}), 300, true);
  expect_predicted(run({"link.structure=100g-1lane", "errors.model=bursts", "errors.ber=6e-4", "errors.burst_continuation=0.5",
                        "traffic.frames=200000"}), 100, false);
}

TEST(PredictionSlow, PrecodedBursts) {
  expect_predicted(run({"errors.model=bursts", "errors.ber=1.5e-3", "errors.burst_continuation=0.7", "phy.precoding=true",
                        "traffic.frames=300000"}), 50, true);
  expect_predicted(run({"link.structure=100g-1lane", "errors.model=bursts", "errors.ber=8e-4", "errors.burst_continuation=0.5",
                        "phy.precoding=true", "traffic.frames=200000"}), 100, false);
}

TEST(PredictionSlow, SkewedAndShuffledLanes) {
  expect_predicted(run({"errors.model=bursts", "errors.ber=1.2e-3", "errors.burst_continuation=0.6", "traffic.frames=200000",
                        "phy.skew_bits=[0,13,27,101,55,3,7,900,1,2,3,4,5,6,7,8]",
                        "phy.lane_order=[3,1,14,0,2,7,9,12,4,5,6,8,10,11,13,15]"}), 300, true);
}

TEST(PredictionSlow, GilbertElliott) {
  expect_predicted(run({"errors.model=gilbert_elliott", "errors.good_ser=1e-4", "errors.bad_ser=0.05",
                        "errors.good_to_bad=1e-4", "errors.bad_to_good=1e-2", "traffic.frames=200000"}), 500, true);
}

TEST(PredictionSlow, Awgn) {
  expect_predicted(run({"errors.model=awgn", "errors.snr_db=16.4", "traffic.frames=200000"}), 20, true);
}

}  // namespace
}  // namespace lightlane::link
