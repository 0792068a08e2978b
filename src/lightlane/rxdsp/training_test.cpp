#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "lightlane/base/error.hpp"
#include "lightlane/rxdsp/equalizer.hpp"
#include "lightlane/rxdsp/rxdsp_test_tools.hpp"

namespace lightlane::rxdsp {
namespace {

using testing::ideal_adc;
using testing::Link;
using testing::Matrix;
using testing::nominal;
using testing::random_levels;
using testing::Theory;

TEST(TrainMmse, InvertsAKnownChannel) {
  // 1 + 0.3 D: the inverse is sum (-0.3)^k D^k, on earlier samples.
  const auto levels = random_levels(4096);
  const Trained t = train(ideal_adc(13, 2), Link{{1, 0.3}}.samples(levels), levels);
  ASSERT_EQ(t.equalizer.ffe_before, 10);
  EXPECT_TRUE(t.report.converged);
  for (int k = 0; k <= 8; ++k) {
    const double tap = static_cast<double>(t.equalizer.ffe[static_cast<std::size_t>(10 - k)]) * 1e-4;
    EXPECT_NEAR(tap, std::pow(-0.3, k), 1e-4) << k;
  }
  EXPECT_NEAR(static_cast<double>(t.equalizer.ffe[11]) * 1e-4, 0, 1e-4);
  EXPECT_LT(t.report.mse, 1e-9);
  EXPECT_EQ(t.report.symbols, 4096u - 12);
}

TEST(TrainMmse, MeetsTheClosedFormUnderWhiteNoise) {
  const auto levels = random_levels(1 << 18);
  const std::vector<double> channel{0.15, 1, 0.3,
                                    -0.1};  // the main cursor is the second: a delay of one symbol
  const double sigma = 0.12;
  const Trained t = train(ideal_adc(9, 4), Link{channel, 1e-4, 3e-4, sigma}.samples(levels), levels);
  const Theory theory(channel, sigma, 9, 4);
  for (std::size_t k = 0; k < 9; ++k) {
    EXPECT_NEAR(static_cast<double>(t.equalizer.ffe[k]) * 1e-4, theory.taps[k], 4e-3) << k;
  }
  EXPECT_NEAR(t.report.snr_db, 10 * std::log10(theory.snr), 0.03);
}

/// The best taps by another road: the leading canonical correlation between the samples in the taps and the
/// symbol as one of four classes, by power iteration on dense sums.
std::vector<double> canonical_taps(const std::vector<float>& x, const std::vector<std::uint8_t>& levels,
                                   std::size_t taps, std::size_t before) {
  const std::size_t begin = std::max<std::size_t>(before, 1), end = x.size() - (taps - 1 - before);
  const double n = static_cast<double>(end - begin);
  std::vector<double> mean(taps, 0.0);
  Matrix sums(4, std::vector<double>(taps, 0.0)), covariance(taps, std::vector<double>(taps, 0.0));
  std::vector<double> count(4, 0.0);
  for (std::size_t i = begin; i < end; ++i) {
    for (std::size_t k = 0; k < taps; ++k) mean[k] += static_cast<double>(x[i - before + k]) / n;
  }
  for (std::size_t i = begin; i < end; ++i) {
    std::vector<double> v(taps);
    for (std::size_t k = 0; k < taps; ++k) v[k] = (static_cast<double>(x[i - before + k]) - mean[k]) * 1e4;
    for (std::size_t k = 0; k < taps; ++k) {
      sums[levels[i]][k] += v[k];
      for (std::size_t m = 0; m < taps; ++m) covariance[k][m] += v[k] * v[m];
    }
    count[levels[i]] += 1;
  }
  std::vector<double> t{-1, -0.3, 0.3, 1}, w;
  for (int round = 0; round < 40; ++round) {
    std::vector<double> b(taps, 0.0);
    for (std::size_t l = 0; l < 4; ++l) {
      for (std::size_t k = 0; k < taps; ++k) b[k] += t[l] * sums[l][k];
    }
    w = testing::eliminate(covariance, b);
    for (std::size_t l = 0; l < 4; ++l)
      t[l] = std::inner_product(w.begin(), w.end(), sums[l].begin(), 0.0) / count[l];
  }
  for (double& v : w) v *= 2 / (t[3] - t[0]) * 1e4;
  return w;
}

TEST(TrainMmse, IsTheLeadingCanonicalCorrelationOfTheSamples) {
  const auto levels = random_levels(3000);
  Link link{{-0.08, 1, 0.35, 0.1}, 1e-4, 3e-4, 0.1};
  link.values = {-1, -0.45, 0.3, 1};  // a transmitter with unequal levels
  const std::vector<float> x = link.samples(levels);
  const Trained t = train(ideal_adc(7, 3), x, levels);
  const std::vector<double> w = canonical_taps(x, levels, 7, 3);
  for (std::size_t k = 0; k < 7; ++k)
    EXPECT_NEAR(static_cast<double>(t.equalizer.ffe[k]) / w[3], w[k] / w[3], 2e-6) << k;
}

TEST(TrainMmse, LevelsStandWhereTheyArrive) {
  const auto levels = random_levels(5000);
  Link link{{1, -0.2}};
  link.values = {-1, -0.5, 0.25, 1};
  const Trained t = train(ideal_adc(15, 3), link.samples(levels), levels);
  EXPECT_LT(t.report.mse, 1e-9);  // unequal levels are no error
  const auto& l = t.equalizer.levels;
  EXPECT_NEAR(l[3] - l[0], 2, 1e-6);
  EXPECT_NEAR((l[1] - l[0]) / 2, 0.25, 1e-5);
  EXPECT_NEAR((l[2] - l[0]) / 2, 0.625, 1e-5);
}

TEST(TrainMmse, ThresholdsAreMidwayOrAtTheLeastErrors) {
  const auto levels = random_levels(1 << 16);
  std::mt19937_64 engine(2);
  std::normal_distribution<double> normal;
  const double sigma[] = {0.02, 0.04, 0.08, 0.12};
  std::vector<float> x(levels.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    x[i] = static_cast<float>(1e-4 * (nominal(levels[i]) + sigma[levels[i]] * normal(engine)));
  }
  EqualizerConfig config = ideal_adc(1, 0);
  const auto adaptive = train(config, x, levels).equalizer;
  config.adaptive_thresholds = false;
  const auto midway = train(config, x, levels).equalizer;
  for (std::size_t k = 0; k < 3; ++k) {
    EXPECT_NEAR(midway.thresholds[k], (midway.levels[k] + midway.levels[k + 1]) / 2, 1e-6);
    const double m1 = nominal(static_cast<unsigned>(k)), m2 = nominal(static_cast<unsigned>(k) + 1);
    double best = m1, least = 2;
    for (double t = m1; t < m2; t += 1e-4) {
      const double errors =
          testing::gaussian_tail((t - m1) / sigma[k]) + testing::gaussian_tail((m2 - t) / sigma[k + 1]);
      if (errors < least) {
        least = errors;
        best = t;
      }
    }
    EXPECT_NEAR(adaptive.thresholds[k], best, 4e-3) << k;
  }
}

TEST(TrainMmse, DfeTakesTheSymbolBeforeWithoutNoise) {
  const auto levels = random_levels(2000);
  EqualizerConfig config = ideal_adc(1, 0);
  config.dfe_taps = 1;
  const Trained t = train(config, Link{{1, 0.55}}.samples(levels), levels);
  EXPECT_NEAR(t.equalizer.dfe, 0.55, 1e-5);
  EXPECT_NEAR(static_cast<double>(t.equalizer.ffe[0]) * 1e-4, 1, 1e-5);
  EXPECT_LT(t.report.mse, 1e-9);
}

TEST(TrainMmse, JointDfeMeetsTheClosedForm) {
  // FFE of 3 taps and one DFE tap over 1 + 0.6 D + 0.2 D^2 with white noise: the normal equations with the
  // symbol before as one more regressor.
  const double sigma = 0.15, power = 5.0 / 9, h[] = {1, 0.6, 0.2};
  const auto at = [&](int k) { return k >= 0 && k < 3 ? h[k] : 0.0; };
  const int before = 1;
  Matrix a(4, std::vector<double>(4));
  std::vector<double> b(4);
  for (int i = 0; i < 3; ++i) {
    for (int j = 0; j < 3; ++j) {
      double sum = i == j ? sigma * sigma : 0;
      for (int k = 0; k < 3; ++k) sum += power * at(k) * at(k + j - i);
      a[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)] = sum;
    }
    a[static_cast<std::size_t>(i)][3] = a[3][static_cast<std::size_t>(i)] = -power * at(i - before + 1);
    b[static_cast<std::size_t>(i)] = power * at(i - before);
  }
  a[3][3] = power;
  b[3] = 0;
  const auto solution = testing::eliminate(a, b);
  const double gain = (solution[0] * b[0] + solution[1] * b[1] + solution[2] * b[2]) / power;

  const auto levels = random_levels(1 << 18);
  EqualizerConfig config = ideal_adc(3, 1);
  config.dfe_taps = 1;
  const Trained t = train(config, Link{{h[0], h[1], h[2]}, 1e-4, 0, sigma}.samples(levels), levels);
  for (std::size_t k = 0; k < 3; ++k)
    EXPECT_NEAR(static_cast<double>(t.equalizer.ffe[k]) * 1e-4, solution[k] / gain, 5e-3);
  EXPECT_NEAR(t.equalizer.dfe, solution[3] / gain, 5e-3);
  EXPECT_NEAR(t.report.snr_db, 10 * std::log10(gain / (1 - gain)), 0.03);

  config.dfe_taps = 0;
  config.mlse = true;  // the same least squares: 1 + alpha D is what is left
  const Trained m = train(config, Link{{h[0], h[1], h[2]}, 1e-4, 0, sigma}.samples(levels), levels);
  EXPECT_TRUE(m.equalizer.mlse);
  EXPECT_EQ(m.equalizer.dfe, 0);
  EXPECT_FLOAT_EQ(m.equalizer.mlse_alpha, t.equalizer.dfe);
}

TEST(TrainMmse, AlphaOfTheMlseStaysWhereAViterbiForgets) {
  const auto levels = random_levels(20000);
  EqualizerConfig config = ideal_adc(3, 1);
  config.mlse = true;
  for (const double echo : {1.5, -1.5}) {
    config.ffe_taps = 1;
    config.ffe_main = 0;
    EXPECT_FLOAT_EQ(train(config, Link{{1, echo}, 1e-4, 0, 0.2}.samples(levels), levels).equalizer.mlse_alpha,
                    static_cast<float>(std::copysign(0.95, echo)));
    config.ffe_taps =
        7;  // and with taps enough they make up for it: a better equaliser for 0.95 than for nothing
    config.ffe_main = 3;
    const Trained t = train(config, Link{{1, echo}, 1e-4, 0, 0.05}.samples(levels), levels);
    EXPECT_LE(std::fabs(t.equalizer.mlse_alpha), 0.95f);
    EXPECT_GT(t.report.snr_db, 15);
  }
}

TEST(TrainMmse, TheAdcCountsAsNoise) {
  const auto levels = random_levels(1 << 15);
  EqualizerConfig config = ideal_adc(1, 0);
  config.adc_bits = 6;
  config.adc_enob = 4.5;
  const Trained t = train(config, Link{}.samples(levels), levels);
  const double full_scale = t.equalizer.adc_full_scale_a / 1e-4;  // in units of the levels
  const double variance = std::pow(2 * full_scale / std::exp2(4.5), 2) / 12;
  EXPECT_NEAR(t.report.mse / variance, 1, 1e-3);
  double mean = 0, power = 0;
  for (const std::uint8_t l : levels) {
    mean += nominal(l) / static_cast<double>(levels.size());
    power += nominal(l) * nominal(l) / static_cast<double>(levels.size());
  }
  EXPECT_NEAR(t.report.snr_db, 10 * std::log10((power - mean * mean) / variance), 0.005);
}

TEST(TrainAnalytic, ForeseesWhatNoisySamplesShow) {
  // Coloured noise: white noise through (1, 0.5).
  const auto levels = random_levels(1 << 18);
  const double sigma = 0.08;
  Link link{{0.1, 1, 0.4}};
  const std::vector<float> clean = link.samples(levels);
  std::vector<float> noisy = clean;
  std::mt19937_64 engine(11);
  std::normal_distribution<double> normal;
  double last = 0;
  for (float& v : noisy) {
    const double now = normal(engine);
    v += static_cast<float>(1e-4 * sigma * (now + 0.5 * last));
    last = now;
  }
  const double unit = 1e-8 * sigma * sigma, covariance[] = {1.25 * unit, 0.5 * unit};
  for (const int feedback : {0, 1}) {
    EqualizerConfig config = ideal_adc(9, 4);
    config.dfe_taps = feedback;
    const Trained a = train_analytic(config, clean, levels, covariance), s = train(config, noisy, levels);
    for (std::size_t k = 0; k < 9; ++k)
      EXPECT_NEAR(a.equalizer.ffe[k] * 1e-4f, s.equalizer.ffe[k] * 1e-4f, 4e-3f) << k;
    EXPECT_NEAR(a.equalizer.dfe, s.equalizer.dfe, 4e-3);
    EXPECT_NEAR(a.report.snr_db, s.report.snr_db, 0.03);
    for (std::size_t k = 0; k < 3; ++k)
      EXPECT_NEAR(a.equalizer.thresholds[k], s.equalizer.thresholds[k], 5e-3);
  }
}

TEST(TrainAnalytic, ThresholdsAreAtTheLeastErrorsOfInterferenceAndNoise) {
  const auto levels = random_levels(1 << 15);
  Link link{{1, 0.25}, 1e-4, 0, 0};
  link.values = {-1, -0.9, 0.2, 1};  // so that the interference of the symbol before is skewed
  const double sigma = 0.05, variance[] = {1e-8 * sigma * sigma};
  EqualizerConfig config = ideal_adc(1, 0);
  const auto e = train_analytic(config, link.samples(levels), levels, variance).equalizer;
  const double gain = static_cast<double>(e.ffe[0]) * 1e-4, mean = e.offset_a * 1e4;
  std::array<double, 4> share{};
  for (const std::uint8_t l : levels) share[l] += 1.0 / static_cast<double>(levels.size());
  for (std::size_t k = 0; k < 3; ++k) {
    double best = 0, least = 9;
    for (double t = -1.2; t < 1.2; t += 1e-4) {
      double errors = 0;
      for (std::size_t before = 0; before < 4; ++before) {
        const double echo = 0.25 * link.values[before] - mean;
        errors +=
            share[before] * testing::gaussian_tail((t - gain * (link.values[k] + echo)) / (gain * sigma));
        errors +=
            share[before] * testing::gaussian_tail((gain * (link.values[k + 1] + echo) - t) / (gain * sigma));
      }
      if (errors < least) {
        least = errors;
        best = t;
      }
    }
    if (k > 0) {
      EXPECT_NEAR(e.thresholds[k], best, 4e-3) << k;
      EXPECT_GT(std::fabs(best - (e.levels[k] + e.levels[k + 1]) / 2), 0.01) << k;  // not midway
    }
  }
  config.dfe_taps = 1;  // nothing is left but noise: midway
  const auto d = train_analytic(config, link.samples(levels), levels, variance).equalizer;
  for (std::size_t k = 0; k < 3; ++k)
    EXPECT_NEAR(d.thresholds[k], (d.levels[k] + d.levels[k + 1]) / 2, 1e-4) << k;
}

TEST(Train, Nrz) {
  const auto levels = random_levels(1 << 16, 2);
  Link link{{0.1, 1, 0.3}, 1e-4, 1e-4, 0.2};
  link.values = {-1, 1};
  const std::vector<float> x = link.samples(levels);
  for (const Training training : {Training::mmse, Training::lms}) {
    EqualizerConfig config = ideal_adc(7, 3);
    config.modulation = signal::Modulation::nrz;
    config.training = training;
    config.lms_step = 5e-3;
    const Trained t = train(config, x, levels);
    EXPECT_TRUE(t.report.converged);
    EXPECT_NEAR(t.equalizer.levels[3] - t.equalizer.levels[0], 2, 1e-6);
    EXPECT_NEAR(t.equalizer.thresholds[1], 0, 0.01);
    // The closed form is for PAM4: the same channel in units of its rms level.
    const Theory theory({0.1, 1, 0.3}, 0.2 * std::sqrt(5.0) / 3, 7, 3);
    EXPECT_NEAR(t.report.snr_db, 10 * std::log10(theory.snr), 0.06);
  }
}

TEST(Train, ALaneWithoutSignalIsAResult) {
  const auto levels = random_levels(1000);
  for (const Training training : {Training::mmse, Training::lms}) {
    EqualizerConfig config;
    config.training = training;
    const Trained t = train(config, std::vector<float>(1000, 1e-6f), levels);
    EXPECT_FALSE(t.report.converged);
    EXPECT_EQ(t.report.snr_db, 0);
    EXPECT_EQ(t.equalizer.ffe, std::vector<float>(15, 0.f));
    Decisions out;
    Decider(t.equalizer, 1, 0).process(std::vector<float>(100, 1e-6f), 0, false, out);
    EXPECT_EQ(out.level.size(), 86u);
  }
}

TEST(Train, IsDeterministic) {
  const auto levels = random_levels(5000);
  const std::vector<float> x = Link{{1, 0.3}, 1e-4, 0, 0.1}.samples(levels);
  for (const Training training : {Training::mmse, Training::lms}) {
    EqualizerConfig config;
    config.training = training;
    EXPECT_EQ(train(config, x, levels).equalizer.ffe, train(config, x, levels).equalizer.ffe);
  }
}

template <class Change>
std::string refused(const Change& change) {
  EqualizerConfig config;
  change(config);
  try {
    validate(config);
  } catch (const ConfigError& error) {
    return error.detail().place;
  }
  return "";
}

TEST(EqualizerConfig, RefusesWhatCannotBe) {
  using C = EqualizerConfig;
  EXPECT_EQ(refused([](C&) {}), "");
  EXPECT_EQ(refused([](C& c) { c.adc_bits = 1; }), "dsp.adc_bits");
  EXPECT_EQ(refused([](C& c) { c.adc_bits = 13; }), "dsp.adc_bits");
  EXPECT_EQ(refused([](C& c) { c.adc_enob = 7.1; }), "dsp.adc_enob");
  EXPECT_EQ(refused([](C& c) { c.adc_enob = -1; }), "dsp.adc_enob");
  EXPECT_EQ(refused([](C& c) { c.adc_enob = std::nan(""); }), "dsp.adc_enob");
  EXPECT_EQ(refused([](C& c) { c.adc_clip_ratio = 0; }), "dsp.adc_clip_ratio");
  EXPECT_EQ(refused([](C& c) { c.adc_clip_ratio = 0.3; }), "dsp.adc_clip_ratio");
  EXPECT_EQ(refused([](C& c) { c.ffe_taps = 0; }), "dsp.ffe_taps");
  EXPECT_EQ(refused([](C& c) { c.ffe_taps = 102; }), "dsp.ffe_taps");
  EXPECT_EQ(refused([](C& c) { c.ffe_main = -1; }), "dsp.ffe_main");
  EXPECT_EQ(refused([](C& c) { c.ffe_main = 15; }), "dsp.ffe_main");
  EXPECT_EQ(refused([](C& c) { c.dfe_taps = 2; }), "dsp.dfe_taps");
  EXPECT_EQ(refused([](C& c) {
              c.dfe_taps = 1;
              c.mlse = true;
            }),
            "dsp.dfe_taps");
  EXPECT_EQ(refused([](C& c) { c.mlse_alpha = 1; }), "dsp.mlse_alpha");
  EXPECT_EQ(refused([](C& c) { c.lms_step = 0; }), "dsp.lms_step");
  EXPECT_EQ(refused([](C& c) { c.lms_step = 1.5; }), "dsp.lms_step");
}

TEST(Train, RefusesSamplesThatCannotTrain) {
  const auto levels = random_levels(1000);
  std::vector<float> x = Link{}.samples(levels);
  const auto problem = [&](const std::vector<float>& samples, const std::vector<std::uint8_t>& symbols,
                           EqualizerConfig config = {}) -> std::string {
    try {
      train(config, samples, symbols);
    } catch (const ConfigError& error) {
      return error.detail().place + " " + error.detail().problem;
    }
    return "";
  };
  EXPECT_EQ(problem(x, levels), "");
  EXPECT_EQ(problem({x.begin(), x.end() - 1}, levels), "dsp.training has 999 samples for 1000 symbols");
  EXPECT_EQ(problem({x.begin(), x.begin() + 123}, {levels.begin(), levels.begin() + 123}),
            "dsp.training has 123 symbols");
  auto bad_levels = levels;
  bad_levels[17] = 4;
  EXPECT_EQ(problem(x, bad_levels), "dsp.training symbol 17 has level 4");
  std::replace(bad_levels.begin(), bad_levels.end(), std::uint8_t{2}, std::uint8_t{1});
  bad_levels[17] = 0;
  EXPECT_EQ(problem(x, bad_levels), "dsp.training level 2 is never sent");
  EqualizerConfig nrz;
  nrz.modulation = signal::Modulation::nrz;
  EXPECT_NE(problem(x, levels, nrz).find("has level"), std::string::npos);
  x[5] = NAN;
  EXPECT_EQ(problem(x, levels), "dsp.training sample 5 is nan");
  x[5] = 0;
  const double negative[] = {-1e-9};
  EXPECT_THROW(train_analytic({}, x, levels, negative), ConfigError);
}

}  // namespace
}  // namespace lightlane::rxdsp
