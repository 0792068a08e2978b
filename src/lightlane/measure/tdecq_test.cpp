#include "lightlane/measure/tdecq.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "lightlane/base/error.hpp"
#include "lightlane/measure/oma.hpp"
#include "lightlane/measure/tdecq_test_tools.hpp"

namespace lightlane::measure {
namespace {

using namespace test;

constexpr int m = 16;
constexpr std::array<double, 4> ideal{1.0, 2.0, 3.0, 4.0};

/// No filter, no equaliser, the middle of the symbol.
TdecqConfig bare() {
  TdecqConfig config;
  config.filter = false;
  config.fixed_taps = std::vector<double>{1.0};
  config.fixed_phase_ui = 0.0;
  config.thresholds = ThresholdMode::nominal;
  return config;
}

/// Gaussian values of rms 1 with exactly that distribution, in random order.
std::vector<double> gaussian_values(std::size_t count, unsigned seed) {
  std::vector<double> out;
  for (std::size_t i = 0; i < count; ++i) {
    out.push_back(math::normal_tail_inverse((static_cast<double>(i) + 0.5) / static_cast<double>(count)));
  }
  std::mt19937_64 engine(seed);
  for (std::size_t i = count; i-- > 1;) std::swap(out[i], out[engine() % (i + 1)]);
  return out;
}

/// A noise value per symbol, none on the runs from which OMAouter is taken.
std::vector<float> with_symbol_noise(const LevelVector& levels, int periods, double rms, unsigned seed) {
  LevelVector all;
  for (int p = 0; p < periods; ++p) all.insert(all.end(), levels.begin(), levels.end());
  std::vector<float> wave = stairs(all, m, ideal);
  const auto noise = gaussian_values(all.size(), seed);
  for (std::size_t n = 0; n < all.size(); ++n) {
    std::size_t run = 0;
    for (int side : {-1, 1}) {
      for (std::size_t k = 1; k < 8; ++k) {
        const std::size_t at = (n + all.size() + static_cast<std::size_t>(side + 1) * k - k) % all.size();
        if (all[at] != all[n]) break;
        ++run;
      }
    }
    if (run >= 5 && (all[n] == 0 || all[n] == 3)) continue;
    for (std::size_t i = 0; i < m; ++i) wave[n * m + i] += static_cast<float>(rms * noise[n]);
  }
  return wave;
}

TEST(Tdecq, PatternsOfTheTests) {
  const LevelVector p = prbs13q(), s = ssprq();
  std::string head;
  for (std::size_t i = 0; i < 46; ++i) head += static_cast<char>('0' + p[i]);
  EXPECT_EQ(head, "1031320220111130103121231210012102121023131112");
  EXPECT_EQ(std::count(s.begin(), s.end(), 0), 15215);
  EXPECT_EQ(std::count(s.begin(), s.end(), 1), 17553);
}

// C1 to C8: closed-form checks of the method.

TEST(Tdecq, C1IdealStaircase) {
  const LevelVector p = prbs13q();
  const auto wave = stairs(p, m, ideal);
  const TdecqResult r = tdecq(wave, p, bare());
  EXPECT_FALSE(r.closed);
  EXPECT_NEAR(r.tdecq_db, 0.0, 0.001);
  EXPECT_NEAR(r.ser_left, 4.8e-4, 1e-8);
  EXPECT_NEAR(r.ser_right, 4.8e-4, 1e-8);
  EXPECT_NEAR(r.oma_outer_w, 3.0, 1e-6);
  EXPECT_NEAR(r.er_db, 10 * std::log10(4.0), 1e-6);
  EXPECT_NEAR(r.noise_w, 3.0 / (6 * 3.414), 3e-5);
  EXPECT_NEAR(r.ceq, 1.0, 1e-12);
  EXPECT_NEAR(r.overshoot_pct, 0.0, 1e-6);
  EXPECT_NEAR(r.undershoot_pct, 0.0, 1e-6);
  for (const double cause : {r.causes.isi_db, r.causes.noise_db, r.causes.nonlinearity_db,
                             r.causes.noise_enhancement_db, r.causes.interaction_db}) {
    EXPECT_NEAR(cause, 0.0, 0.002);
  }
  TdecqConfig free = bare();
  free.fixed_taps.reset();
  free.fixed_phase_ui.reset();
  free.thresholds = ThresholdMode::adjusted;
  EXPECT_NEAR(tdecq(wave, p, free).tdecq_db, 0.0, 0.002);
}

TEST(Tdecq, C2NoiseInTheWaveform) {
  const LevelVector p = prbs13q();
  for (const double n : {0.3, 0.6}) {
    TdecqConfig config = bare();
    config.overlay_periods = 8;
    const auto wave = with_symbol_noise(p, 8, n * 3.0 / (6 * 3.414), 11);
    const TdecqResult r = tdecq(wave, p, config);
    const double known = -5 * std::log10(1 - n * n);  // also the penalty of RIN that is alike on all levels
    EXPECT_NEAR(r.tdecq_db, known, 0.01) << n;
    EXPECT_NEAR(r.causes.noise_db, known, 0.01 + 0.1 * known)
        << n;  // an eighth of its power looks like interference
    EXPECT_NEAR(r.causes.isi_db, 0.0, 0.01 + 0.2 * known) << n;
    EXPECT_NEAR(r.causes.interaction_db, 0.0, 0.01 + 0.2 * known) << n;
    const auto single = with_symbol_noise(p, 1, n * 3.0 / (6 * 3.414), 12);  // told by the fit to the levels
    const TdecqResult one = tdecq(single, p, bare());
    EXPECT_NEAR(one.tdecq_db, known, 0.03) << n;
    EXPECT_NEAR(one.causes.noise_db, known, 0.03) << n;
  }
}

TEST(Tdecq, C3UnequalLevels) {
  const LevelVector p = prbs13q();
  const TdecqResult r = tdecq(stairs(p, m, {1.0, 1.95, 3.05, 4.0}), p, bare());
  EXPECT_NEAR(r.tdecq_db, 0.1615, 0.005);
  EXPECT_NEAR(r.causes.nonlinearity_db, 0.1615, 0.005);
  EXPECT_NEAR(r.causes.interaction_db, 0.0, 0.001);
  EXPECT_NEAR(r.level_w[1], 1.95, 1e-5);
  EXPECT_NEAR(r.level_w[2], 3.05, 1e-5);
}

std::vector<float> with_postcursor(const LevelVector& levels, double h) {
  std::vector<float> wave = stairs(levels, m, ideal);
  const std::vector<float> clean = wave;
  for (std::size_t i = 0; i < wave.size(); ++i) {
    wave[i] = static_cast<float>((1 - h) * clean[i] + h * clean[(i + wave.size() - m) % wave.size()]);
  }
  return wave;
}

TEST(Tdecq, C4OnePostcursor) {
  const LevelVector p = prbs13q();
  const TdecqResult r = tdecq(with_postcursor(p, 0.03), p, bare());
  EXPECT_NEAR(r.tdecq_db, 0.317, 0.005);
  EXPECT_NEAR(r.causes.isi_db, 0.317, 0.005);
  TdecqConfig two = bare();  // one tap more removes it: c = (1, -h / (1 - h) ..), but for noise
  two.fixed_taps.reset();
  two.fixed_phase_ui = 0.0;
  const TdecqResult equalised = tdecq(with_postcursor(p, 0.03), p, two);
  EXPECT_LT(equalised.tdecq_db, 0.15);
  const double pre = equalised.taps[static_cast<std::size_t>(equalised.main_tap) + 1];
  EXPECT_NEAR(pre / equalised.taps[static_cast<std::size_t>(equalised.main_tap)], -0.03 / 0.97, 0.01);
}

TEST(Tdecq, C5NoiseEnhancement) {
  const LevelVector p = prbs13q();
  TdecqConfig config = bare();
  config.fixed_taps = std::vector<double>{-0.05, -0.12, 1.30, -0.18, 0.05};
  EXPECT_NEAR(tdecq(stairs(p, m, ideal), p, config).ceq, 1.31366, 1e-5);
  config.reference_bandwidth_ghz = 0.5 * 53.125;
  EXPECT_NEAR(tdecq(stairs(p, m, ideal), p, config).ceq, 1.31366, 1e-5);
  config.reference_bandwidth_ghz = 1.4 * 53.125;  // wide: samples of noise are independent
  EXPECT_NEAR(tdecq(stairs(p, m, ideal), p, config).ceq, std::sqrt(0.0025 + 0.0144 + 1.69 + 0.0324 + 0.0025),
              2e-3);
}

TEST(Tdecq, C6SymbolRateScalesOut) {
  const LevelVector p = prbs13q();
  const auto wave = transmit(p, m, {});
  TdecqConfig config;
  const double fast = tdecq(wave, p, config).tdecq_db;
  config.symbol_rate_gbd = 26.5625;
  EXPECT_NEAR(tdecq(wave, p, config).tdecq_db, fast, 1e-4);
}

TEST(Tdecq, C7PowerOffsetAndDelayScaleOut) {
  const LevelVector p = prbs13q();
  const auto wave = transmit(p, m, {});
  const TdecqResult r = tdecq(wave, p, {});
  auto other = wave;
  for (float& x : other) x *= 3.7e5f;
  TdecqResult changed = tdecq(other, p, {});
  EXPECT_NEAR(changed.tdecq_db, r.tdecq_db, 1e-4);
  EXPECT_NEAR(changed.oma_outer_w / r.oma_outer_w, 3.7e5, 1);
  other = wave;
  for (float& x : other) x += 2e-3f;
  changed = tdecq(other, p, {});
  EXPECT_NEAR(changed.tdecq_db, r.tdecq_db, 1e-3);
  EXPECT_LT(changed.er_db, r.er_db - 1);
  for (const double ui : {0.01, 0.13, -0.31, 0.5}) {
    changed = tdecq(through(wave, m, [&](double f) { return delay(f, ui); }), p, {});
    EXPECT_NEAR(changed.tdecq_db, r.tdecq_db, 1e-3) << ui;
    const double moved = changed.phase_ui - r.phase_ui - ui;
    EXPECT_NEAR(moved - std::round(moved), 0.0, 0.006) << ui;
  }
}

/// Steps by samples, in place of the filter's phase: the same symbols from 8 to 40 samples per UI, and few by
/// transform.
TEST(Tdecq, SamplesPerUiScaleOut) {
  const LevelVector p = prbs13q();
  Transmitter tx;
  tx.bandwidth = 0.45;
  const double wanted = tdecq(transmit(p, 32, tx), p,
                              [] {
                                TdecqConfig config;
                                config.samples_per_ui = 32;
                                return config;
                              }())
                            .tdecq_db;
  const auto dense = transmit(p, 64, tx);
  for (const int samples : {4, 8, 16}) {
    std::vector<float>
        thin;  // the same light, sampled less often: 64 / samples apart, the symbol's centre among them
    for (std::size_t i = 0; i < dense.size(); i += static_cast<std::size_t>(64 / samples))
      thin.push_back(dense[i]);
    TdecqConfig config;
    config.samples_per_ui = samples;
    EXPECT_NEAR(tdecq(thin, p, config).tdecq_db, wanted, samples < 8 ? 0.01 : 0.003) << samples;
  }
}

/// BT-shaped noise of rms s in the waveform passes the equaliser as added noise does: R^2 = R0^2 - s^2.
TEST(Tdecq, NoiseInTheWaveformAddsToTheReceivers) {
  const LevelVector p = prbs13q();
  TdecqConfig config;
  const TdecqResult clean = tdecq(transmit(p, m, {}), p, config);
  config.overlay_periods = 8;
  config.fixed_taps = clean.taps;
  config.fixed_phase_ui = clean.phase_ui;
  config.thresholds = ThresholdMode::nominal;
  const TdecqResult still = tdecq(transmit(p, m, {}, 8), p, config);
  Transmitter noisy;
  noisy.noise = 0.015;
  const TdecqResult r = tdecq(transmit(p, m, noisy, 8), p, config);
  const double s = 0.015 * 1e-3;  // OMAouter is 1 mW
  // In watts: the noise moves OMAouter too, which is read from a few symbols of each period.
  EXPECT_NEAR(r.noise_w, std::sqrt(still.noise_w * still.noise_w - s * s), 0.005 * still.noise_w);
  EXPECT_GT(r.causes.noise_db, 0.1);
}

TEST(Tdecq, ScopeNoiseIsPutBack) {
  const LevelVector p = prbs13q();
  const auto wave = transmit(p, m, {});
  TdecqConfig config;
  const TdecqResult r = tdecq(wave, p, config);
  config.scope_noise_w = 0.4 * r.noise_w;
  const TdecqResult more = tdecq(wave, p, config);
  EXPECT_NEAR(more.noise_w, r.noise_w * std::sqrt(1.16), 1e-4 * r.noise_w);
  EXPECT_NEAR(more.tdecq_db, r.tdecq_db - 5 * std::log10(1.16), 1e-3);
}

/// The result against the plain procedure in double: same taps, phase and thresholds.
TEST(Tdecq, PlainProcedureFindsTheSameFigure) {
  const LevelVector p = prbs13q();
  for (const double bandwidth : {0.8, 0.4}) {
    Transmitter tx;
    tx.bandwidth = bandwidth;
    tx.level = {0.4, 0.74, 1.04, 1.4};
    const auto wave = transmit(p, m, tx);
    const TdecqResult r = tdecq(wave, p, {});
    const PlainTdecq plain(wave, m, true, p, r.level_w[0], r.level_w[3]);
    std::array<double, 3> thresholds{};
    for (std::size_t k = 0; k < 3; ++k) thresholds[k] = (r.thresholds_w[k] - r.pave_w) / r.oma_outer_w;
    EXPECT_NEAR(plain.tdecq(r.taps, r.phase_ui, thresholds), r.tdecq_db, 0.002);
    EXPECT_NEAR(plain.noise_gain(r.taps), r.ceq, 1e-4);
    EXPECT_NEAR(std::accumulate(r.taps.begin(), r.taps.end(), 0.0), 1.0, 1e-9);
    EXPECT_NEAR(reference_receiver_ser(wave, p, {}, r, r.noise_w), 4.8e-4, 1e-6);
    EXPECT_GT(reference_receiver_ser(wave, p, {}, r, 1.1 * r.noise_w), 6e-4);
    EXPECT_NEAR(r.tdecq_db, 10 * std::log10(r.oma_outer_w / (6 * 3.414 * r.noise_w)), 1e-9);
    const double sum = r.causes.isi_db + r.causes.noise_db + r.causes.nonlinearity_db +
                       r.causes.noise_enhancement_db + r.causes.interaction_db;
    EXPECT_NEAR(sum, r.tdecq_db, 1e-9);
  }
}

TEST(Tdecq, FixedTapsAndPhaseRepeatTheOptimum) {
  const LevelVector p = prbs13q();
  const auto wave = transmit(p, m, {});
  TdecqConfig config;
  const TdecqResult r = tdecq(wave, p, config);
  config.fixed_taps = r.taps;
  EXPECT_NEAR(tdecq(wave, p, config).tdecq_db, r.tdecq_db, 5e-4);
  config.fixed_phase_ui = r.phase_ui;
  const TdecqResult again = tdecq(wave, p, config);
  EXPECT_NEAR(again.tdecq_db, r.tdecq_db, 5e-4);
  EXPECT_EQ(again.main_tap, r.main_tap);
  config.fixed_taps->at(0) += 0.002;  // to a sum of 1
  EXPECT_NEAR(tdecq(wave, p, config).taps[0], (r.taps[0] + 0.002) / 1.002, 1e-6);
  config.fixed_taps.reset();
  EXPECT_NEAR(tdecq(wave, p, config).tdecq_db, r.tdecq_db, 5e-4);
}

TEST(Tdecq, AdjustedThresholdsAndMoreTapsNeverHurt) {
  const LevelVector p = prbs13q();
  Transmitter tx;
  tx.level = {0.4, 0.70, 1.02, 1.4};
  tx.bandwidth = 0.4;
  tx.echo = 0.05;
  tx.echo_ui = 3;
  const auto wave = transmit(p, m, tx);
  TdecqConfig config;
  double last = 1e9;
  for (const int taps : {3, 5, 9, 15}) {
    config.taps = taps;
    config.main_positions = taps;
    config.thresholds = ThresholdMode::nominal;
    const TdecqResult nominal = tdecq(wave, p, config);
    config.thresholds = ThresholdMode::adjusted;
    const TdecqResult adjusted = tdecq(wave, p, config);
    EXPECT_EQ(adjusted.taps.size(), static_cast<std::size_t>(taps));
    EXPECT_LT(adjusted.tdecq_db, nominal.tdecq_db);
    EXPECT_LT(adjusted.tdecq_db, last + 1e-4);
    last = adjusted.tdecq_db;
    for (std::size_t k = 0; k < 3; ++k) {
      const double at = (static_cast<double>(k) - 1.0) / 3;
      EXPECT_NEAR((nominal.thresholds_w[k] - nominal.pave_w) / nominal.oma_outer_w, at, 1e-9);
      EXPECT_NEAR((adjusted.thresholds_w[k] - adjusted.pave_w) / adjusted.oma_outer_w, at, 0.01 + 1e-6);
    }
    EXPECT_EQ(static_cast<std::size_t>(adjusted.main_tap),
              static_cast<std::size_t>(std::max_element(adjusted.taps.begin(), adjusted.taps.end()) -
                                       adjusted.taps.begin()));
  }
}

TEST(Tdecq, TapLimitsAreKept) {
  const LevelVector p = prbs13q();
  Transmitter tx;
  tx.bandwidth = 0.35;
  tx.peaking = -0.2;
  const auto wave = transmit(p, m, tx);
  TdecqConfig config;
  config.taps = 15;
  config.main_positions = 4;
  const TdecqResult free = tdecq(wave, p, config);
  config.limits.main_max = 1.35;
  config.limits.before = {{-0.4, 0.05}, {-0.1, 0.2}, {-0.1, 0.1}};
  config.limits.after = {{-0.2, 0.05}, {-0.1, 0.02}, {-0.1, 0.1}};
  config.limits.asymmetry_max = 0.02;
  const TdecqResult r = tdecq(wave, p, config);
  EXPECT_GT(r.tdecq_db, free.tdecq_db + 0.01);
  const auto main = static_cast<std::size_t>(r.main_tap);
  const double c = r.taps[main];
  EXPECT_LE(c, 1.35 + 1e-6);
  EXPECT_GE(c, 0.8 - 1e-6);
  for (std::size_t j = 0; j < r.taps.size(); ++j) {
    const auto& side = j < main ? config.limits.before : config.limits.after;
    const std::size_t away = j < main ? main - j : j - main;
    if (away == 0 || away > side.size()) continue;
    EXPECT_GE(r.taps[j], side[away - 1].first * c - 1e-6) << j;
    EXPECT_LE(r.taps[j], side[away - 1].second * c + 1e-6) << j;
  }
  if (main > 0) {
    EXPECT_LE(std::fabs(r.taps[main + 1] - r.taps[main - 1]), 0.02 * c + 1e-6);
  }
}

TEST(Tdecq, AsymmetryIsLimitedBothWays) {
  const LevelVector p = prbs13q();
  for (const double ui : {-1.0, 1.0}) {
    Transmitter tx;
    tx.echo = 0.1;
    tx.echo_ui = ui;
    TdecqConfig config;
    const auto skew = [&](const TdecqResult& r) {
      const auto main = static_cast<std::size_t>(r.main_tap);
      return (r.taps[main + 1] - (main > 0 ? r.taps[main - 1] : 0.0)) / r.taps[main];
    };
    const auto wave = transmit(p, m, tx);
    EXPECT_GT(std::fabs(skew(tdecq(wave, p, config))), 0.05);
    config.limits.asymmetry_max = 0.03;
    EXPECT_NEAR(std::fabs(skew(tdecq(wave, p, config))), 0.03, 1e-5);
  }
}

TEST(Tdecq, PeriodsOnTopOfEachOther) {
  const LevelVector p = prbs13q();
  const auto wave = transmit(p, m, {});
  auto twice = wave;
  twice.insert(twice.end(), wave.begin(), wave.end());
  TdecqConfig config;
  const double once = tdecq(wave, p, config).tdecq_db;
  config.overlay_periods = 2;
  EXPECT_NEAR(tdecq(twice, p, config).tdecq_db, once, 1e-3);
}

TEST(Tdecq, Ssprq) {
  const LevelVector s = ssprq();
  Transmitter tx;
  tx.bandwidth = 0.5;
  const auto wave = transmit(s, m, tx);
  const TdecqResult r = tdecq(wave, s, {});
  const PlainTdecq plain(wave, m, true, s, r.level_w[0], r.level_w[3]);
  std::array<double, 3> thresholds{};
  for (std::size_t k = 0; k < 3; ++k) thresholds[k] = (r.thresholds_w[k] - r.pave_w) / r.oma_outer_w;
  EXPECT_NEAR(plain.tdecq(r.taps, r.phase_ui, thresholds), r.tdecq_db, 0.003);
}

TEST(Tdecq, ClosedEyes) {
  const LevelVector p = prbs13q();
  TdecqConfig config;
  Transmitter tx;
  tx.bandwidth = 0.1;
  TdecqResult r = tdecq(transmit(p, m, tx), p, config);
  EXPECT_TRUE(r.closed);
  EXPECT_TRUE(std::isinf(r.tdecq_db));
  EXPECT_EQ(r.noise_w, 0.0);
  r = tdecq(with_postcursor(p, 0.4), p, bare());  // interference alone crosses thresholds
  EXPECT_TRUE(r.closed);
  r = tdecq(with_postcursor(p, 0.14), p, bare());  // worst case 0.14 of a step short of one sixth
  EXPECT_FALSE(r.closed);
  EXPECT_GT(r.tdecq_db, 2);
  tx.bandwidth = 0.6;
  tx.noise = 0.08;
  r = tdecq(transmit(p, m, tx), p, config);
  EXPECT_TRUE(r.closed);
}

template <class E>
std::string refusal(const std::vector<float>& power, const LevelVector& levels, const TdecqConfig& config) {
  try {
    tdecq(power, levels, config);
  } catch (const E& error) {
    return error.what();
  }
  return "(none)";
}

TEST(Tdecq, RefusesWaveformsThatCannotBeMeasured) {
  const LevelVector p = prbs13q();
  const auto good = transmit(p, m, {});
  const auto says = [&](const std::vector<float>& power, const LevelVector& levels, const TdecqConfig& config,
                        const char* part) {
    const std::string text = refusal<InputError>(power, levels, config);
    EXPECT_NE(text.find(part), std::string::npos) << text;
  };
  auto wave = good;
  wave[777] = std::numeric_limits<float>::quiet_NaN();
  says(wave, p, {}, "nan at sample 777");
  wave[777] = -std::numeric_limits<float>::infinity();
  says(wave, p, {}, "-inf at sample 777");
  says(std::vector<float>(good.size(), 1e-3f), p, {}, "constant");
  wave = good;
  wave.resize(wave.size() - 16);
  says(wave, p, {}, "131040 samples");
  says({}, p, {}, "0 samples");
  TdecqConfig twice;
  twice.overlay_periods = 2;
  says(good, p, twice, "2 periods");
  says(good, {}, {}, "pattern");
  LevelVector broken = p;
  broken[5] = 7;
  says(good, broken, {}, "level 7 at symbol 5");
  LevelVector no_runs;
  for (int i = 0; i < 400; ++i) no_runs.push_back(static_cast<std::uint8_t>(i % 4));
  says(stairs(no_runs, m, ideal), no_runs, {}, "level 3");
  wave = good;
  wave[5000] = 1e20f;
  says(wave, p, {}, "OMAouter of the mean");
  wave = good;
  for (float& x : wave) x = 2e-3f - x;
  says(wave, p, {}, "inverted");
  wave = good;
  std::rotate(wave.begin(), wave.begin() + 1000 * m, wave.end());
  const std::string text = refusal<InputError>(wave, p, {});  // either the runs or the correlation tells
  EXPECT_NE(text.find("pattern not aligned"), std::string::npos) << text;
}

TEST(Tdecq, RefusesConfigurations) {
  const LevelVector p = prbs13q();
  const auto good = stairs(p, m, ideal);
  const auto says = [&](auto change, const char* part) {
    TdecqConfig config;
    change(config);
    const std::string text = refusal<ConfigError>(good, p, config);
    EXPECT_NE(text.find(part), std::string::npos) << text;
  };
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  says([](TdecqConfig& c) { c.samples_per_ui = 3; }, "samples_per_ui");
  says([](TdecqConfig& c) { c.symbol_rate_gbd = 0; }, "symbol_rate_gbd");
  says([](TdecqConfig& c) { c.symbol_rate_gbd = nan; }, "symbol_rate_gbd");
  says([](TdecqConfig& c) { c.reference_bandwidth_ghz = 1; }, "reference_bandwidth_ghz");
  says([](TdecqConfig& c) { c.reference_bandwidth_ghz = -1; }, "reference_bandwidth_ghz");
  says([](TdecqConfig& c) { c.taps = 0; }, "taps");
  says([](TdecqConfig& c) { c.taps = 32; }, "taps");
  says([](TdecqConfig& c) { c.main_positions = 0; }, "main_positions");
  says([](TdecqConfig& c) { c.threshold_range = -0.01; }, "threshold_range");
  says([](TdecqConfig& c) { c.histogram_width_ui = 1; }, "histogram_width_ui");
  says([](TdecqConfig& c) { c.histogram_spacing_ui = nan; }, "histogram_spacing_ui");
  says([](TdecqConfig& c) { c.target_ser = 0; }, "target_ser");
  says([](TdecqConfig& c) { c.scope_noise_w = -1; }, "scope_noise_w");
  says([](TdecqConfig& c) { c.overlay_periods = 0; }, "overlay_periods");
  says([](TdecqConfig& c) { c.fixed_phase_ui = 0.7; }, "fixed_phase_ui");
  says([](TdecqConfig& c) { c.fixed_taps = std::vector<double>{}; }, "fixed_taps");
  says([](TdecqConfig& c) { c.fixed_taps = std::vector<double>{0.5, 0.2}; }, "fixed_taps");
  says([](TdecqConfig& c) { c.fixed_taps = std::vector<double>{nan}; }, "fixed_taps");
  says([](TdecqConfig& c) { c.limits.main_max = 0.5; }, "main_max");
  says([](TdecqConfig& c) { c.limits.before = {{0.2, 0.1}}; }, "limits.before");
}

}  // namespace
}  // namespace lightlane::measure
