#include "lightlane/link/lane_extraction.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "lightlane/link/interference.hpp"
#include "lightlane/link/optical_test_tools.hpp"
#include "lightlane/link/scenario_keys.hpp"
#include "lightlane/link/statistical_engine.hpp"

namespace lightlane::link {
namespace {

using Assignments = std::vector<std::string>;

LaneSetup setup_of(const Assignments& assignments) {
  const Scenario scenario = test::lit(assignments);
  return lane_setup(scenario, structure_of(scenario), 0);
}

LaneModel extracted(const LaneChain& chain) { return extract(chain, recovered_phase(chain, 1), {}, 0, 0); }

/// dB of light between two error ratios of a lane, by the slope of its own curve.
double distance_db(const LaneModel& model, const rxdsp::EqualizerConfig& dsp, double at_db, double ber,
                   double other) {
  const double steep =
      std::log(evaluate(model, dsp, at_db + 0.05).ber / evaluate(model, dsp, at_db - 0.05).ber) / 0.1;
  return std::log(ber / other) / steep;
}

/// An attenuator in the plant, and the same attenuation behind the model: noise scales as it should.
TEST(LaneExtraction, AttenuationInThePlantIsAttenuationOfTheModel) {
  const std::vector<Assignments> links{
      {"link.pmd=400GBASE-DR4"},
      {"link.pmd=400GBASE-DR4", "tx.rin_db_per_hz=-135", "rx.tia_noise_pa_sqrt_hz=5"},
      {"link.pmd=400GBASE-DR4", "plant.connector_reflectance_db=-30", "tx.jitter_sinusoidal_ui=0.1",
       "tx.jitter_even_odd_ui=0.1"},
      {"link.pmd=100G-ER1-40"},     // APD
      {"link.pmd=100G-ZR4"},        // SOA, NRZ
      {"link.pmd=400GBASE-SR4.2"},  // light of the own transmitter, which the attenuator does not see
      {"link.pmd=400GBASE-SR4"},
  };
  for (const Assignments& assignments : links) {
    for (const double attenuation_db : {1.0, 4.0}) {
      LaneSetup setup = setup_of(assignments);
      setup.plant.rx_reflectance_db = -200;  // stands behind the attenuator
      const LaneModel near = extracted(LaneChain(setup, 1));
      const double base_db = attenuation_for_ber(near, setup.dsp, 1e-3) - attenuation_db;
      setup.plant.added_attenuation_db += attenuation_db;
      const LaneModel far = extracted(LaneChain(setup, 1));
      const double a = evaluate(near, setup.dsp, base_db + attenuation_db).ber,
                   b = evaluate(far, setup.dsp, base_db).ber;
      EXPECT_NEAR(distance_db(near, setup.dsp, base_db + attenuation_db, a, b), 0, 0.005)
          << assignments.back() << attenuation_db;
    }
  }
}

TEST(LaneExtraction, ThePatternHoldsEveryNeighbourhoodOnce) {
  for (const char* pmd : {"link.pmd=400GBASE-DR4", "link.pmd=100GBASE-LR4"}) {
    const LaneModel model = extracted(LaneChain(setup_of({pmd}), 1));
    const bool pam4 = model.modulation == signal::Modulation::pam4;
    const std::size_t length = pam4 ? 7 : 11, base = pam4 ? 4 : 2;
    std::size_t count = 1;
    for (std::size_t i = 0; i < length; ++i) count *= base;
    ASSERT_EQ(model.levels.size(), count);
    std::vector<bool> seen(count, false);
    for (std::size_t i = 0; i < count; ++i) {
      std::size_t index = 0;
      for (std::size_t k = 0; k < length; ++k) index = index * base + model.levels[(i + k) % count];
      EXPECT_FALSE(seen[index]);
      seen[index] = true;
    }
    for (const auto* v : {&model.current_a, &model.slope_a_per_ui, &model.linear_noise_a2,
                          &model.quadratic_noise_a2, &model.transmitter_noise_a2}) {
      EXPECT_EQ(v->size(), count);
    }
  }
}

/// Every symbol is used alike: the mean of the currents is that of the light.
TEST(LaneExtraction, CurrentsAreThoseOfTheLight) {
  const LaneChain chain(setup_of({"link.pmd=400GBASE-DR4", "plant.added_attenuation_db=3"}), 1);
  const LaneModel model = extracted(chain);
  const double gain = chain.receiver().gain_a_per_w(),
               loss = std::pow(10, -chain.plant().report().loss_db / 10);
  const double mean = std::accumulate(model.current_a.begin(), model.current_a.end(), 0.0) / 16384;
  double levels = 0;
  for (const double w : chain.transmitter().report().level_w) levels += w / 4;
  EXPECT_NEAR(mean / (gain * loss * levels), 1,
              0.01);  // transitions through a curved modulator are not midway
  for (std::size_t l = 0; l < 4; ++l) {
    EXPECT_NEAR(model.level_current_a[l], gain * loss * chain.transmitter().report().level_w[l],
                1e-6 * model.level_current_a[3]);
    // The longest runs that the pattern has stand at the steady level.
    for (std::size_t i = 4; i + 2 < model.levels.size(); ++i) {
      if (!std::all_of(model.levels.begin() + static_cast<std::ptrdiff_t>(i) - 4,
                       model.levels.begin() + static_cast<std::ptrdiff_t>(i) + 3,
                       [&](std::uint8_t v) { return v == l; })) {
        continue;
      }
      EXPECT_NEAR(model.current_a[i], model.level_current_a[l],
                  0.03 * (model.level_current_a[3] - model.level_current_a[0]));
    }
  }
}

/// Counted over many periods: variance by level, correlation from symbol to symbol.
TEST(LaneExtraction, ReceiverNoiseIsWhatTheWaveformShows) {
  for (const Assignments& assignments :
       {Assignments{"link.pmd=400GBASE-DR4", "tx.rin_db_per_hz=-138"}, Assignments{"link.pmd=100G-ER1-40"}}) {
    const LaneChain chain(setup_of(assignments), 1);
    const LaneModel model = extracted(chain);
    const double phase = recovered_phase(chain, 1);
    const std::size_t n = model.levels.size();
    const signal::Halo halo = chain.halo();
    std::array<double, 4> counted{}, said{};
    double at_one = 0, product = 0;
    constexpr int periods = 24;
    for (int run = 0; run < periods; ++run) {
      signal::Levels window{run * static_cast<std::int64_t>(n) - static_cast<std::int64_t>(halo.before), {}};
      for (std::size_t i = 0; i < halo.before + n + halo.after; ++i)
        window.level.push_back(model.levels[(i + n - halo.before) % n]);
      signal::Power power;
      signal::Current current;
      chain.power(window, false, false, power);
      chain.sample(power, phase, true, run * static_cast<std::int64_t>(n), n, current);
      double before = 0;
      for (std::size_t i = 0; i < n; ++i) {
        const double noise = static_cast<double>(current.a[i]) - static_cast<double>(model.current_a[i]);
        const double variance = model.constant_noise_a2 + static_cast<double>(model.linear_noise_a2[i]) +
                                static_cast<double>(model.quadratic_noise_a2[i]);
        counted[model.levels[i]] += noise * noise;
        said[model.levels[i]] += variance;
        if (i > 0) {
          at_one += noise * before;
          product += variance;
        }
        before = noise;
      }
    }
    for (std::size_t l = 0; l < 4; ++l)
      EXPECT_NEAR(counted[l] / said[l], 1, 0.015) << l;  // 98304 draws: 0.45 % each
    EXPECT_NEAR(at_one / product, model.noise_correlation[1], 0.01);
    EXPECT_GT(said[3] / said[0], 1.15);  // or there was nothing to tell apart
  }
}

/// A DAC alone, everything behind it straight: FS / (2^ENOB sqrt 12), full scale being the steady swing.
TEST(LaneExtraction, NoiseOfTheDacArrives) {
  LaneSetup setup = setup_of({"link.pmd=400GBASE-DR4", "tx.dac_bandwidth_ghz=0", "tx.driver_bandwidth_ghz=0",
                              "tx.modulator_bandwidth_ghz=0", "tx.extinction_ratio_db=1", "tx.dac_bits=0",
                              "tx.dac_enob=5", "tx.jitter_random_fs=0", "tx.level_error=[]", "tx.dac_ffe=[1]",
                              "tx.dac_ffe_main=0", "tx.driver_compression=0", "tx.modulator_bias_error=0",
                              "rx.bandwidth_ghz=60", "plant.length_m=0"});
  const LaneModel model = extracted(LaneChain(setup, 1));
  // White noise of the DAC passes the same pulse as the symbols do: its power is that of the pulse's samples.
  const std::size_t n = model.levels.size();
  const double swing = model.level_current_a[3] - model.level_current_a[0];
  double pulse_square = 0, pulse_product = 0, before = 0, mean = 0;
  for (std::size_t k = 0; k < 6; ++k) {
    double p = 0;
    for (std::size_t i = 0; i < n; ++i) {
      p += static_cast<double>(model.current_a[i]) * (model.levels[(i + n + 2 - k) % n] - 1.5) /
           (1.25 * static_cast<double>(n));
    }
    p *= 3 / swing;
    pulse_square += p * p;
    pulse_product += p * before;
    before = p;
  }
  for (const float v : model.transmitter_noise_a2) mean += static_cast<double>(v) / static_cast<double>(n);
  EXPECT_NEAR(std::sqrt(mean / pulse_square) / swing * 32 * std::sqrt(12.0), 1, 0.02);
  EXPECT_NEAR(model.transmitter_noise_correlation[1], pulse_product / pulse_square, 0.01);
}

std::size_t index_at(const std::vector<std::uint8_t>& levels, std::size_t i) {
  std::size_t index = 0;
  for (std::size_t k = i - 4; k <= i + 2; ++k) index = index * 4 + levels[k];
  return index;
}

/// What jitter does to random symbols of the waveform against what the model says of their neighbourhoods:
/// the error's power over the effect's.
double unexplained(const Assignments& jitter, bool sine) {
  Assignments assignments{"link.pmd=400GBASE-DR4", "tx.dac_enob=0", "tx.jitter_random_fs=0"};
  const LaneSetup still = setup_of([&] {
    Assignments a = assignments;
    a.push_back("tx.jitter_sinusoidal_ui=0");
    return a;
  }());
  assignments.insert(assignments.end(), jitter.begin(), jitter.end());
  const LaneChain quiet(still, 1), chain(setup_of(assignments), 1);
  const double phase = recovered_phase(chain, 1);
  const LaneModel model = extract(chain, phase, {}, 0, 0), without = extract(quiet, phase, {}, 0, 0);
  std::vector<std::size_t> place(16384);
  for (std::size_t i = 0; i < 16384; ++i) {
    std::vector<std::uint8_t> around;
    for (std::size_t k = 0; k < 7; ++k) around.push_back(model.levels[(i + 16384 + k - 4) % 16384]);
    place[index_at(around, 4)] = i;
  }
  constexpr std::size_t count = 20000;
  const signal::Halo halo = chain.halo();
  const signal::Levels levels =
      random_levels(9, 0, signal::Modulation::pam4, -static_cast<std::int64_t>(halo.before),
                    halo.before + count + halo.after);
  signal::Power a, b;
  signal::Current with_jitter, still_current;
  chain.power(levels, true, false, a);
  quiet.power(levels, true, false, b);
  chain.sample(a, phase, false, 0, count, with_jitter);
  quiet.sample(b, phase, false, 0, count, still_current);
  double effect = 0, error = 0;
  const double turns = 1e6 * chain.setup().tx.jitter.sinusoidal_mhz / 53.125e9;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t at = place[index_at(levels.level, i + halo.before)];
    const double found = static_cast<double>(with_jitter.a[i]) - static_cast<double>(still_current.a[i]);
    double said = static_cast<double>(model.current_a[at]) - static_cast<double>(without.current_a[at]);
    if (sine) {  // late edges: an earlier instant of the waveform
      const double ui =
          -0.5 * model.sinusoidal_jitter_ui * std::sin(2 * M_PI * turns * (static_cast<double>(i) + 0.5));
      said += static_cast<double>(model.slope_a_per_ui[at]) * ui +
              0.5 * static_cast<double>(model.curvature_a_per_ui2[at]) * ui * ui;
    } else {
      said += (i % 2 == 0 ? 1 : -1) * static_cast<double>(model.even_odd_a[at]);
    }
    effect += found * found;
    error += (found - said) * (found - said);
  }
  return error / effect;
}

TEST(LaneExtraction, SlowJitterIsWhatTheWaveformShows) {
  EXPECT_LT(unexplained({"tx.jitter_even_odd_ui=0.1"}, false), 0.02);
  EXPECT_LT(unexplained({"tx.jitter_sinusoidal_ui=0.2", "tx.jitter_sinusoidal_mhz=10"}, true), 0.02);
}

TEST(LaneExtraction, OtherWavelengthsAndTheOwnTransmitterAreCrosstalk) {
  const Scenario scenario =
      test::lit({"link.pmd=400GBASE-FR4", "plant.mux_isolation_db=25", "plant.bidi_isolation_db=40"});
  std::vector<LaneChain> chains;
  for (std::size_t l = 0; l < 4; ++l) chains.emplace_back(lane_setup(scenario, structure_of(scenario), l), 1);
  std::vector<const LaneChain*> others;
  for (const LaneChain& c : chains) others.push_back(&c);
  for (std::size_t l = 0; l < 4; ++l) {
    const LaneModel model = extract(chains[l], 0, others, 25, l);
    std::vector<double> expected{std::pow(10, -4.0) * std::pow(10, chains[l].plant().report().loss_db / 10)};
    for (std::size_t k = 0; k < 4; ++k) {
      const std::size_t apart = k > l ? k - l : l - k;
      if (apart != 1 && apart != 2) continue;
      const auto arrives = [&](std::size_t i) {
        return chains[i].transmitter().report().level_w[3] *
               std::pow(10, -chains[i].plant().report().loss_db / 10);
      };
      expected.push_back(std::pow(10, -2.5 * static_cast<double>(apart)) * arrives(k) / arrives(l));
    }
    ASSERT_EQ(model.crosstalk.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      EXPECT_NEAR(model.crosstalk[i].amplitude / expected[i], 1, 1e-6);
      EXPECT_EQ(model.crosstalk[i].local, i == 0);
    }
  }
}

/// The near transmitter's symbols lie anywhere against the lane's: what arrives of them, against a window of the chain.
TEST(LaneExtraction, ThePulseOfTheOwnTransmitterIsWhatTheWaveformShows) {
  for (const char* seed : {"1", "2", "3", "4"}) {
    const LaneSetup setup = setup_of({"link.pmd=100G-BiDi-80km", std::string("run.seed=") + seed});
    const LaneChain chain(setup, static_cast<std::uint64_t>(*seed - '0'));
    const double phase = 0.01;
    const LaneModel model = extract(chain, phase, {}, 0, 0);
    ASSERT_EQ(model.crosstalk.size(), 1u);
    const Interferer& near = model.crosstalk[0];
    EXPECT_NEAR(std::accumulate(near.pulse.begin(), near.pulse.end(), 0.0), 1, 1e-12);
    EXPECT_GT(near.pulse.size(), 1u);

    LaneModel alone = model;
    alone.reflections.clear();
    const std::vector<double> said = interference_autocovariance(alone, 4, 1);
    constexpr std::size_t count = 200000;
    const signal::Halo halo = chain.halo();
    const signal::Levels levels{-static_cast<std::int64_t>(halo.before),
                                std::vector<std::uint8_t>(halo.before + count + halo.after, 0)};
    signal::Power with, without;
    signal::Current more, less;
    chain.power(levels, false, true, with);
    chain.power(levels, false, false, without);
    chain.sample(with, phase, false, 0, count, more);
    chain.sample(without, phase, false, 0, count, less);
    std::vector<double> x(count);
    double mean = 0;
    for (std::size_t i = 0; i < count; ++i) mean += x[i] = static_cast<double>(more.a[i]) - static_cast<double>(less.a[i]);
    mean /= count;
    EXPECT_NEAR(mean / crosstalk_mean_a(alone, 1), 1, 0.01);
    for (std::size_t lag = 0; lag < said.size(); ++lag) {
      double sum = 0;
      for (std::size_t i = lag; i < count; ++i) sum += (x[i] - mean) * (x[i - lag] - mean);
      EXPECT_NEAR(sum / count / said[0], said[lag] / said[0], 0.015) << "lag " << lag << " seed " << seed;
    }
  }
}

TEST(LaneExtraction, ReflectionsAreThoseOfThePlant) {
  const LaneChain chain(
      setup_of({"link.pmd=400GBASE-DR4", "plant.connector_reflectance_db=-35", "plant.connectors=3"}), 1);
  const LaneModel model = extracted(chain);
  // Transmitter, three connectors, receiver: ten pairs.
  ASSERT_EQ(model.reflections.size(), 10u);
  for (std::size_t i = 0; i < 10; ++i) {
    EXPECT_DOUBLE_EQ(model.reflections[i].amplitude, 2 * chain.plant().report().reflections[i].amplitude);
  }
}

/// The clock settles where the pulse is as high a symbol early as a symbol late.
TEST(LaneExtraction, TheRecoveredPhaseBalancesThePulse) {
  for (const Assignments& assignments :
       {Assignments{"link.pmd=400GBASE-DR4"}, Assignments{"link.pmd=400GBASE-SR4"},
        Assignments{"link.pmd=100G-4WDM-10"}}) {
    const LaneChain chain(setup_of(assignments), 1);
    const double phase = recovered_phase(chain, 1);
    const LaneModel model = extract(chain, phase, {}, 0, 0);
    const std::size_t n = model.levels.size();
    double early = 0, late = 0, main = 0, mean = 0;
    for (const std::uint8_t l : model.levels) mean += static_cast<double>(l) / static_cast<double>(n);
    for (std::size_t i = 0; i < n; ++i) {
      const auto x = static_cast<double>(model.current_a[i]);
      late += x * (model.levels[(i + n - 1) % n] - mean);  // of the symbol before: its pulse one symbol late
      early += x * (model.levels[(i + 1) % n] - mean);
      main += x * (model.levels[i] - mean);
    }
    EXPECT_NEAR(early / main, late / main, 0.005) << assignments[0] << " " << phase;
    EXPECT_EQ(phase, recovered_phase(chain, 1));
  }
}

}  // namespace
}  // namespace lightlane::link
