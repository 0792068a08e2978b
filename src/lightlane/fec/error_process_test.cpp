#include "lightlane/fec/error_process.hpp"

#include <gtest/gtest.h>

#include "lightlane/base/error.hpp"

namespace lightlane::fec {
namespace {

TEST(ErrorProcess, BurstsHaveTheirRatioAndContinuation) {
  const ErrorProcess process = burst_errors(1e-3, 0.5);
  EXPECT_EQ(process.transition[3], 0.5);
  EXPECT_NEAR(slicer_error_ratio(process), 1e-3, 1e-17);
  EXPECT_NEAR(stationary(process)[1], 1e-3, 1e-17);
  EXPECT_NEAR(fec_input_symbol_error_ratio(process, true), 2 * 1e-3 * 0.5, 1e-17);
  EXPECT_EQ(burst_errors(0.3, 0.3), independent_errors(0.3));
  EXPECT_EQ(burst_errors(0.3, 0.0), independent_errors(0.3));
}

TEST(ErrorProcess, GilbertElliottMixesItsStates) {
  const ErrorProcess process = gilbert_elliott(1e-4, 1e-2, 1e-5, 0.1);
  const double bad = 1e-4 / (1e-4 + 1e-2);
  EXPECT_NEAR(stationary(process)[1], bad, 1e-16);
  EXPECT_NEAR(slicer_error_ratio(process), bad * 0.1 + (1 - bad) * 1e-5, 1e-17);
}

TEST(ErrorProcess, StationaryOfALargerChain) {
  // 0 <-> 1 <-> 2, birth and death: detailed balance gives 1 : 2 : 8. State 3 is left at once and never
  // entered.
  const ErrorProcess process = {
      {0.8, 0.2, 0.0, 0.0, 0.1, 0.5, 0.4, 0.0, 0.0, 0.1, 0.9, 0.0, 0.0, 0.0, 1.0, 0.0}, {0, 0, 0, 1}};
  const std::vector<double> share = stationary(process);
  EXPECT_NEAR(share[0], 1.0 / 11, 1e-15);
  EXPECT_NEAR(share[1], 2.0 / 11, 1e-15);
  EXPECT_NEAR(share[2], 8.0 / 11, 1e-15);
  EXPECT_EQ(share[3], 0.0);
}

TEST(ErrorProcess, RefusesWhatIsNoChain) {
  EXPECT_THROW(burst_errors(-0.1, 0.5), ConfigError);
  EXPECT_THROW(burst_errors(0.1, 1.0), ConfigError);
  EXPECT_THROW(gilbert_elliott(0.1, 1.1, 0, 1), ConfigError);
  EXPECT_THROW(validate({{}, {}}), ConfigError);
  EXPECT_THROW(validate({{1.0}, {0.1, 0.2}}), ConfigError);
  EXPECT_THROW(validate({{0.5, 0.4, 0.5, 0.5}, {0.1, 0.2}}), ConfigError);
  EXPECT_THROW(validate({{1.0}, {1.5}}), ConfigError);
  EXPECT_THROW(validate({{1, 0, 0, 1}, {0, 1}}), ConfigError) << "two states that are never left";
}

}  // namespace
}  // namespace lightlane::fec
