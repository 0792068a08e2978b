#include "lightlane/fec/loss_model.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <string>

#include "lightlane/base/error.hpp"

namespace lightlane::fec {
namespace {

LossModelConfig textbook(const char* structure, const signal::FecCode& code = signal::kp4) {
  LossModelConfig config;
  config.structure = loss_structure(structure);
  config.code = code;
  config.errors = LossErrors::bits;
  return config;
}

LossModelConfig bursts(const char* structure, double continuation, bool precoding = false) {
  LossModelConfig config;
  config.structure = loss_structure(structure);
  config.burst_continuation = continuation;
  config.precoding = precoding;
  return config;
}

// The figures of the standard, and figures computed from the binomial distribution elsewhere, to their
// printed digits.
TEST(LossModel, TextbookCodewordAndPostFecRatios) {
  struct Row {
    double ber;
    const char *kp4, *kp4_post, *kr4, *kr4_post;
  };
  const Row rows[] = {{1e-5, "2.140e-34", "6.295e-37", "1.356e-15", "2.056e-18"},
                      {2e-5, "1.333e-29", "3.923e-32", "3.313e-13", "5.027e-16"},
                      {5e-5, "2.669e-23", "7.859e-26", "4.397e-10", "6.688e-13"},
                      {1e-4, "1.360e-18", "4.009e-21", "8.927e-08", "1.363e-10"},
                      {2e-4, "5.390e-14", "1.593e-16", "1.440e-05", "2.219e-08"},
                      {2.4e-4, "8.152e-13", "2.412e-15", "5.154e-05", "7.969e-08"},
                      {3e-4, "2.143e-11", "6.352e-14", "2.334e-04", "3.630e-07"},
                      {5e-4, "2.793e-08", "8.325e-11", "5.613e-03", "8.918e-06"},
                      {1e-3, "1.530e-04", "4.641e-07", "1.605e-01", "2.741e-04"},
                      {2e-3, "7.939e-02", "2.541e-04", "8.215e-01", "1.796e-03"}};
  const LossModel kp4(textbook("400g-4lane")), kr4(textbook("100g-4lane", signal::kr4));
  for (const Row& row : rows) {
    const LossPoint a = kp4.at(row.ber), b = kr4.at(row.ber);
    EXPECT_EQ(fmt::format("{:.3e}", a.codeword_error_ratio), row.kp4) << row.ber;
    EXPECT_EQ(fmt::format("{:.3e}", a.post_fec_ber), row.kp4_post) << row.ber;
    EXPECT_EQ(fmt::format("{:.3e}", b.codeword_error_ratio), row.kr4) << row.ber;
    EXPECT_EQ(fmt::format("{:.3e}", b.post_fec_ber), row.kr4_post) << row.ber;
  }
}

TEST(LossModel, TextbookHistogram) {
  const int columns[] = {0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 15};
  struct Row {
    double ber;
    const char* bins[11];
  };
  const Row rows[] = {{1e-4,
                       {"5.804e-01", "3.159e-01", "8.582e-02", "1.551e-02", "2.099e-03", "2.268e-04",
                        "2.039e-05", "1.053e-07", "3.359e-10", "7.251e-13", "3.983e-17"}},
                      {2.4e-4,
                       {"2.710e-01", "3.542e-01", "2.311e-01", "1.004e-01", "3.262e-02", "8.465e-03",
                        "1.828e-03", "5.445e-05", "1.002e-06", "1.248e-08", "9.497e-12"}},
                      {1e-3,
                       {"4.328e-03", "2.367e-02", "6.463e-02", "1.174e-01", "1.597e-01", "1.734e-01",
                        "1.566e-01", "8.170e-02", "2.632e-02", "5.738e-03", "3.199e-04"}}};
  const LossModel model(textbook("400g-8lane"));
  for (const Row& row : rows) {
    const LossPoint point = model.at(row.ber);
    for (int i = 0; i < 11; ++i) {
      EXPECT_EQ(fmt::format("{:.3e}", point.bins[static_cast<std::size_t>(columns[i])]), row.bins[i])
          << row.ber << " bin " << columns[i];
    }
  }
}

TEST(LossModel, TextbookFrameLoss) {
  const LossModel pair(textbook("400g-4lane")), single(textbook("100g-1lane"));
  const LossModel kr4(textbook("100g-4lane", signal::kr4));
  EXPECT_EQ(fmt::format("{:.3e}", pair.frame_loss_ratio(pair.at(2.4e-4), 64)), "1.737e-12");
  EXPECT_EQ(fmt::format("{:.3e}", single.frame_loss_ratio(single.at(2.4e-4), 64)), "9.221e-13");
  EXPECT_EQ(fmt::format("{:.2e}", kr4.frame_loss_ratio(kr4.at(5e-5), 64)), "4.97e-10");
}

TEST(LossModel, TheStandardsFiguresMeetTheStandard) {
  const LossModel pair(textbook("400g-4lane")), single(textbook("100g-1lane"));
  EXPECT_TRUE(pair.meets_standard(pair.at(2.4e-4)));
  EXPECT_FALSE(pair.meets_standard(pair.at(2.5e-4)));
  EXPECT_TRUE(single.meets_standard(single.at(2.4e-4)));
  EXPECT_FALSE(single.meets_standard(single.at(2.5e-4)));
  const LossModel kr4(textbook("100g-4lane", signal::kr4));
  EXPECT_TRUE(kr4.meets_standard(kr4.at(5e-5)));
  EXPECT_FALSE(kr4.meets_standard(kr4.at(5.3e-5)));
}

TEST(LossModel, TextbookThresholds) {
  const auto solve = [](const LossModel& model, LossQuantity quantity, double value) {
    return fmt::format("{:.3e}", model.solve_pre_fec_ber({quantity, value, 64}));
  };
  const LossModel pair(textbook("400g-4lane")), single(textbook("100g-1lane"));
  const LossModel kr4(textbook("100g-4lane", signal::kr4));
  constexpr auto post = LossQuantity::post_fec_ber, loss = LossQuantity::frame_loss_ratio;
  EXPECT_EQ(solve(pair, post, 1e-12), "3.635e-04");
  EXPECT_EQ(solve(pair, post, 1e-13), "3.096e-04");
  EXPECT_EQ(solve(pair, post, 1e-15), "2.262e-04");
  EXPECT_EQ(solve(kr4, post, 1e-12), "5.266e-05");
  EXPECT_EQ(solve(kr4, post, 1e-13), "3.919e-05");
  EXPECT_EQ(solve(kr4, post, 1e-15), "2.182e-05");
  EXPECT_EQ(solve(pair, loss, 6.2e-11), "3.064e-04");
  EXPECT_EQ(solve(single, loss, 6.2e-10), "3.763e-04");
  EXPECT_EQ(solve(kr4, loss, 6.2e-10), "5.144e-05");
}

// Figures of an earlier model of the same channel, kept to two digits.
TEST(LossModel, BurstAnchors) {
  const auto ratio = [](const char* structure) {
    return fmt::format("{:.1e}", LossModel(bursts(structure, 0.5)).at(2.4e-4).codeword_error_ratio);
  };
  EXPECT_EQ(ratio("400g-4lane"), "1.2e-08");
  EXPECT_EQ(ratio("400g-8lane"), "1.6e-12");
  EXPECT_EQ(ratio("100g-1lane"), "3.4e-06");
}

// NRZ lanes with independent errors are the textbook case, whatever the skew: two ways to the same number.
TEST(LossModel, IndependentNrzErrorsAreBinomial) {
  for (const signal::FecCode& code : {signal::kp4, signal::kr4}) {
    LossModelConfig config = bursts("100g-4lane", 0);
    config.code = code;
    config.skew_bits = {0, 7, 23, 10};
    const LossModel chain(config), closed(textbook("100g-4lane", code));
    for (const double ber : {1e-5, 2.4e-4, 5e-3, 0.1}) {
      const LossPoint a = chain.at(ber), b = closed.at(ber);
      EXPECT_NEAR(a.codeword_error_ratio / b.codeword_error_ratio, 1, 2e-12) << ber;
      EXPECT_NEAR(a.post_fec_ber / b.post_fec_ber, 1, 2e-12) << ber;
      for (int i = 0; i <= 40; ++i) {
        const auto bin = static_cast<std::size_t>(i);
        EXPECT_NEAR(a.bins[bin], b.bins[bin], 2e-12 * b.bins[bin] + 1e-280) << ber << " bin " << i;
      }
    }
  }
}

// Independent PAM4 symbol errors: with A on first and on second bits of different symbols, a pair of FEC
// symbols that shares 10 line symbols is (hit or not) by 10 draws of none / first / second. Closed form of
// the 400g-8lane case: a PCS lane pair's row holds one symbol of A and one of B, so A alone is a product of
// binomials of 1/3 and 2/3.
TEST(LossModel, IndependentPam4ErrorsAreProductsOfBinomials) {
  const double ber = 1e-3, ser = 2 * ber;
  const double first = 1 - std::pow(1 - ser / 3, 10), second = 1 - std::pow(1 - 2 * ser / 3, 10);
  // A has 272 symbols on first bits and 272 on second bits.
  std::vector<double> bins = {1.0};
  for (int i = 0; i < 544; ++i) {
    const double p = i < 272 ? first : second;
    bins.push_back(0.0);
    for (std::size_t k = bins.size() - 1; k > 0; --k) bins[k] = bins[k] * (1 - p) + bins[k - 1] * p;
    bins[0] *= 1 - p;
  }
  const LossPoint point = LossModel(bursts("400g-8lane", 0)).at(ber);
  for (std::size_t i = 0; i < 60; ++i) EXPECT_NEAR(point.bins[i] / bins[i], 1, 1e-11) << i;
  EXPECT_NEAR(point.codeword_error_ratio / std::accumulate(bins.begin() + 16, bins.end(), 0.0), 1, 1e-11);
}

TEST(LossModel, HistogramSumsToOneAndCarriesTheBer) {
  for (const auto structure : loss_structure_names()) {
    for (const bool precoding : {false, true}) {
      const LossModel model(bursts(std::string(structure).c_str(), 0.6, precoding));
      const LossPoint point = model.at(3e-3);
      EXPECT_NEAR(std::accumulate(point.bins.begin(), point.bins.end(), 0.0), 1, 1e-11) << structure;
      EXPECT_NEAR(point.ber, 3e-3, 1e-15) << structure;
      EXPECT_GE(point.group_loss_ratio, point.codeword_error_ratio);
      EXPECT_LE(point.group_loss_ratio, 2 * point.codeword_error_ratio);
    }
  }
}

// At a BER where every word fails, every wrong bit stays.
TEST(LossModel, HopelessWordsKeepTheirErrors) {
  for (const char* structure : {"400g-4lane", "100g-1lane", "100g-4lane"}) {
    const LossPoint point = LossModel(bursts(structure, 0.3)).at(0.1);
    EXPECT_NEAR(point.codeword_error_ratio, 1, 1e-11);
    EXPECT_NEAR(point.post_fec_ber / 0.1, 1, 1e-11);
  }
}

TEST(LossModel, PrecodingReportsTheSlicersErrorRatio) {
  // BER at the FEC = slicer error ratio x 2 (1 - a) / 2 bits.
  EXPECT_NEAR(LossModel(bursts("400g-4lane", 0.75, true)).at(1e-4).symbol_error_ratio, 4e-4, 1e-15);
  EXPECT_NEAR(LossModel(bursts("400g-4lane", 0.75)).at(1e-4).symbol_error_ratio, 2e-4, 1e-15);
  EXPECT_NEAR(LossModel(bursts("100g-4lane", 0.75, true)).at(1e-4).symbol_error_ratio, 2e-4, 1e-15);
  // Independent: 2 s (1 - s) = 2 ber.
  const double s = LossModel(bursts("400g-4lane", 0, true)).at(0.01).symbol_error_ratio;
  EXPECT_NEAR(s * (1 - s), 0.01, 1e-15);
}

TEST(LossModel, CommonSkewChangesNothing) {
  LossModelConfig config = bursts("400g-4lane", 0.5);
  const double aligned = LossModel(config).at(1e-3).codeword_error_ratio;
  for (const std::int64_t skew : {1, 7, 4000}) {
    config.skew_bits.assign(16, skew);
    EXPECT_DOUBLE_EQ(LossModel(config).at(1e-3).codeword_error_ratio, aligned) << skew;
  }
  config.skew_bits[2] += 5;
  EXPECT_NE(LossModel(config).at(1e-3).codeword_error_ratio, aligned);
}

// A burst that hits both words of a pair makes their failures one; with skews of more than a window the lanes
// of one window are on the line at different times, and only a burst over the edge of a row still touches
// both.
TEST(LossModel, FarSkewSeparatesTheWordsOfAPair) {
  const auto together = [](const LossModelConfig& config) {
    const LossPoint point = LossModel(config).at(1e-3);
    const double c = point.codeword_error_ratio;
    return 1 - point.group_loss_ratio / (c * (2 - c));
  };
  LossModelConfig config = bursts("400g-4lane", 0.9);
  EXPECT_GT(together(config), 0.1);
  for (int lane = 0; lane < 16; ++lane) config.skew_bits.push_back(1000 * (lane % 4));
  EXPECT_GT(together(config), 0);
  EXPECT_LT(together(config), 0.005);
}

TEST(LossModel, LaneBerOfEqualLanesIsTheSame) {
  for (const LossModelConfig& config : {textbook("400g-4lane"), bursts("400g-4lane", 0.5)}) {
    const LossModel model(config);
    const double equal[] = {1e-3, 1e-3, 1e-3, 1e-3}, one_bad[] = {0.0, 0.0, 0.0, 4e-3};
    EXPECT_DOUBLE_EQ(model.at(equal).codeword_error_ratio, model.at(1e-3).codeword_error_ratio);
    EXPECT_NEAR(model.at(one_bad).ber, 1e-3, 1e-18);
    EXPECT_NE(model.at(one_bad).codeword_error_ratio, model.at(1e-3).codeword_error_ratio);
    const double three[] = {1e-3, 1e-3, 1e-3};
    EXPECT_THROW(model.at(three), ConfigError);
  }
  // One lane of four: 136 symbols of either word, and no others.
  const double one_bad[] = {0.0, 0.0, 0.0, 4e-3};
  const double p = 1 - std::pow(1 - 4e-3, 10);
  EXPECT_NEAR(LossModel(textbook("400g-4lane")).at(one_bad).bins[0] / std::pow(1 - p, 136), 1, 1e-12);
}

// 1 + 2 rows of symbols lie unevenly: one mean for A and B would be wrong.
TEST(LossModel, UnevenRowsNeedEqualLanes) {
  LossModelConfig config = textbook("400g-4lane");
  config.structure = {"tiny", 2, 2, 10, signal::Modulation::pam4, {{0}, {1}}};
  config.code = signal::FecCode{3, 1, 1, 1, "tiny"};
  const double unequal[] = {1e-3, 2e-3}, equal[] = {1e-3, 1e-3};
  EXPECT_THROW(LossModel(config).at(unequal), ConfigError);
  const double p = 1 - std::pow(1 - 1e-3, 10);
  EXPECT_NEAR(LossModel(config).at(equal).bins[3] / (p * p * p), 1, 1e-12);
}

// A Gilbert-Elliott chain whose states are "right" and "wrong" is the burst model.
TEST(LossModel, GilbertElliottContainsTheBurstModel) {
  const double ser = 2e-3, a = 0.6;
  const std::vector<ErrorProcess> lanes(4, gilbert_elliott(ser * (1 - a) / (1 - ser), 1 - a, 0, 1));
  const LossModel model(bursts("400g-4lane", a));
  EXPECT_NEAR(model.at(lanes).codeword_error_ratio / model.at(1e-3).codeword_error_ratio, 1, 1e-11);
  EXPECT_NEAR(model.at(lanes).ber, 1e-3, 1e-16);
}

/// Lanes are independent, so that a point of mixtures is the mean over all combinations of their processes.
TEST(LossModel, MixturesAreMeansOverWhatLanesMayBe) {
  const LossModel model(bursts("200g-2lane", 0));
  const std::vector<ErrorProcess> a{independent_errors(1e-3), burst_errors(8e-3, 0.3)},
      b{independent_errors(2e-3), independent_errors(9e-3)};
  const std::vector<double> wa{0.8, 0.2}, wb{0.4, 0.6};
  const std::vector<ProcessMixture> mixtures{{a, wa}, {b, wb}};
  const LossPoint point = model.at(mixtures);
  double codewords = 0, groups = 0, post = 0, ber = 0, five = 0;
  for (std::size_t i = 0; i < 2; ++i) {
    for (std::size_t j = 0; j < 2; ++j) {
      const double w = wa[i] * wb[j];
      const LossPoint one = model.at(std::vector<ErrorProcess>{a[i], b[j]});
      codewords += w * one.codeword_error_ratio;
      groups += w * one.group_loss_ratio;
      post += w * one.post_fec_ber;
      ber += w * one.ber;
      five += w * one.bins[5];
    }
  }
  EXPECT_NEAR(point.codeword_error_ratio / codewords, 1, 1e-10);
  EXPECT_NEAR(point.group_loss_ratio / groups, 1, 1e-10);
  EXPECT_NEAR(point.post_fec_ber / post, 1, 1e-10);
  EXPECT_NEAR(point.bins[5] / five, 1, 1e-10);
  EXPECT_NEAR(point.ber / ber, 1, 1e-12);
  // Both words of a pair meet the same lanes: they fail together more often than by themselves.
  EXPECT_LT(point.group_loss_ratio, 0.99 * codewords * (2 - codewords));
  EXPECT_THROW(model.at(std::vector<ProcessMixture>{{a, {0.8, 0.3}}, {b, wb}}), ConfigError);
  EXPECT_THROW(model.at(std::vector<ProcessMixture>{{a, {1.0}}, {b, wb}}), ConfigError);
  EXPECT_THROW(model.at(std::vector<ProcessMixture>{{a, {1.0, 0.0}}, {b, wb}}), ConfigError);
  EXPECT_THROW(model.at(std::vector<ProcessMixture>{{a, wa}}), ConfigError);
}

TEST(LossModel, FrameLossAveragesOverAlignment) {
  const LossModel model(textbook("100g-1lane"));
  LossPoint point;
  point.group_loss_ratio = 0.3;
  // 1000 octets: 8191.875 coded bits in codewords of 5140: touches 2 or 3.
  const double share = 1020 * 8 * 257 / 256.0 / 5140 - 1;
  EXPECT_NEAR(model.frame_loss_ratio(point, 1000), (1 - share) * (1 - 0.49) + share * (1 - 0.343), 1e-15);
  const LengthCount mix[] = {{64, 3}, {1000, 1}, {1518, 0}};
  EXPECT_NEAR(model.frame_loss_ratio(point, mix),
              0.75 * model.frame_loss_ratio(point, 64) + 0.25 * model.frame_loss_ratio(point, 1000), 1e-15);
  point.group_loss_ratio = 1;
  EXPECT_EQ(model.frame_loss_ratio(point, 64), 1.0);
  EXPECT_THROW(model.frame_loss_ratio(point, 0), ConfigError);
  EXPECT_THROW(model.frame_loss_ratio(point, std::span<const LengthCount>{}), ConfigError);
}

TEST(LossModel, SolveUndoesTheModel) {
  for (const double a : {0.0, 0.5, 0.95, 0.9998}) {
    const LossModel model(bursts("400g-4lane", a));
    for (const LossTarget& target : {LossTarget{LossQuantity::codeword_error_ratio, 1e-30, 64},
                                     LossTarget{LossQuantity::frame_loss_ratio, 1.7e-12, 1518},
                                     LossTarget{LossQuantity::post_fec_ber, 1e-4, 64}}) {
      if (a >= 0.95 && target.value < 1e-20) continue;  // needs a pre-FEC BER below 1e-15
      const LossPoint point = model.at(model.solve_pre_fec_ber(target));
      const double met = target.quantity == LossQuantity::codeword_error_ratio ? point.codeword_error_ratio
                         : target.quantity == LossQuantity::post_fec_ber
                             ? point.post_fec_ber
                             : model.frame_loss_ratio(point, target.frame_octets);
      EXPECT_NEAR(met / target.value, 1, 1e-7) << a << " " << target.value;
    }
    for (const LossThreshold& threshold : model.thresholds()) EXPECT_GT(threshold.ber, 0);
  }
  EXPECT_THROW(LossModel(bursts("400g-4lane", 0.95))
                   .solve_pre_fec_ber({LossQuantity::codeword_error_ratio, 1e-30, 64}),
               ConfigError);
  EXPECT_THROW(LossModel(textbook("400g-4lane")).solve_pre_fec_ber({LossQuantity::post_fec_ber, 0, 64}),
               ConfigError);
}

void expect_refused(const LossModelConfig& config, const char* place) {
  try {
    LossModel model(config);
    ADD_FAILURE() << place << " was taken";
  } catch (const ConfigError& error) {
    EXPECT_EQ(error.detail().place, place);
    EXPECT_FALSE(error.detail().allowed.empty());
  }
}

TEST(LossModel, RefusesWhatItCannotModel) {
  EXPECT_THROW(loss_structure("800g-8lane"), ConfigError);
  expect_refused(bursts("400g-4lane", 1.0), "burst_continuation");
  expect_refused(bursts("400g-4lane", -0.1), "burst_continuation");
  expect_refused(bursts("400g-4lane", std::nan("")), "burst_continuation");
  LossModelConfig config = bursts("400g-4lane", 0.5);
  config.skew_bits = {1, 2, 3};
  expect_refused(config, "skew_bits");
  config.skew_bits.assign(16, -1);
  expect_refused(config, "skew_bits");
  config.skew_bits.assign(16, 100001);
  expect_refused(config, "skew_bits");
  config = bursts("400g-4lane", 0.5);
  config.code = signal::kr4;
  expect_refused(config, "code");
  config = bursts("400g-4lane", 0.5);
  config.first_bit_share = 1.5;
  expect_refused(config, "first_bit_share");
  config = textbook("400g-4lane");
  config.precoding = true;
  expect_refused(config, "model");
  config = bursts("400g-4lane", 0.5);
  config.structure.mux[0][0] = 1;
  expect_refused(config, "structure");
  config.structure.mux.pop_back();
  expect_refused(config, "structure");
  config = bursts("400g-4lane", 0.5);
  config.code = signal::FecCode{543, 514, 14, 85, "odd"};
  expect_refused(config, "structure");
}

TEST(LossModel, RefusesImpossibleBer) {
  for (const double ber : {0.0, -1e-3, 0.5, 1.0, std::nan("")}) {
    for (const LossModelConfig& config : {textbook("400g-4lane"), bursts("400g-4lane", 0.5)}) {
      EXPECT_THROW(LossModel(config).at(ber), ConfigError) << ber;
    }
  }
  const LossModel precoded(bursts("400g-4lane", 0.9, true));
  EXPECT_NEAR(precoded.max_ber(), 0.09, 1e-15);
  EXPECT_NO_THROW(precoded.at(0.0899));
  EXPECT_THROW(precoded.at(0.0901), ConfigError);
}

}  // namespace
}  // namespace lightlane::fec
