#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "lightlane/base/error.hpp"
#include "lightlane/math/gaussian.hpp"
#include "lightlane/rxdsp/adc.hpp"
#include "lightlane/rxdsp/decider_tables.hpp"
#include "lightlane/rxdsp/rxdsp_test_tools.hpp"

namespace lightlane::rxdsp {
namespace {

using testing::gaussian_tail;
using testing::Link;
using testing::nominal;
using testing::random_levels;

/// Forces a variant while it lives.
struct Forced {
  explicit Forced(Variant variant) { force_variant(variant); }
  ~Forced() { force_variant(supported_variant()); }
};

FrozenEqualizer trained(EqualizerConfig config = {}) {
  const auto levels = random_levels(1 << 14);
  return train(config, Link{{0.1, 1, 0.3}, 1e-4, 3e-4, 0.05}.samples(levels), levels).equalizer;
}

struct Expected {
  std::vector<double> equalized;
  std::vector<int> level;
  std::vector<double> margin;  ///< distance to the nearest threshold
};

/// ADC noise, ADC, FFE, DFE and slicer in double precision, as the header says.
Expected reference(const FrozenEqualizer& e, const std::vector<float>& samples, std::int64_t first,
                   std::uint64_t seed, std::uint32_t lane) {
  std::vector<float> noise(samples.size());
  math::GaussianStream(seed, "rxdsp.adc", lane).fill(first, noise);
  std::vector<double> digital(samples.size());
  for (std::size_t i = 0; i < samples.size(); ++i) {
    digital[i] = convert(e, static_cast<double>(samples[i]) + e.adc_noise_a * static_cast<double>(noise[i]));
  }
  const bool nrz = e.modulation == signal::Modulation::nrz;
  const std::vector<float> thresholds = nrz ? std::vector<float>{e.thresholds[1]}
                                            : std::vector<float>(e.thresholds.begin(), e.thresholds.end());
  Expected result;
  double feedback = 0;
  for (std::size_t i = 0; i + e.ffe.size() <= samples.size(); ++i) {
    double y = 0;
    for (std::size_t k = 0; k < e.ffe.size(); ++k) y += static_cast<double>(e.ffe[k]) * digital[i + k];
    result.equalized.push_back(y);
    y -= feedback;
    int level = 0;
    double margin = 1e9;
    for (const float t : thresholds) {
      level += y > static_cast<double>(t) ? 1 : 0;
      margin = std::min(margin, std::fabs(y - static_cast<double>(t)));
    }
    result.level.push_back(level);
    result.margin.push_back(margin);
    feedback = static_cast<double>(e.dfe) *
               static_cast<double>(e.levels[static_cast<std::size_t>(nrz ? 3 * level : level)]);
  }
  return result;
}

void expect_as_reference(const FrozenEqualizer& e, const std::vector<float>& x) {
  const Expected expected = reference(e, x, -100, 5, 3);
  Decisions out;
  Decider(e, 5, 3).process(x, -100, true, out);
  ASSERT_EQ(out.level.size(), expected.level.size());
  ASSERT_EQ(out.equalized.size(), expected.level.size());
  // A sample within rounding of an ADC step lands on either side of it: as few as the resolution of a float
  // makes.
  std::size_t moved = 0, other = 0;
  for (std::size_t i = 0; i < out.level.size(); ++i) {
    moved += std::fabs(static_cast<double>(out.equalized[i]) - expected.equalized[i]) > 2e-5 ? 1 : 0;
    other += out.level[i] != expected.level[i] && expected.margin[i] > 0.1 ? 1 : 0;
  }
  EXPECT_LT(moved, out.level.size() / 200 + 1);
  EXPECT_EQ(other, 0u);
}

TEST(Decider, IsTheChainInDoublePrecision) {
  const auto levels = random_levels(20000, 4, 1);
  const std::vector<float> x =
      Link{{0.1, 1, 0.3}, 1e-4, 3e-4, 0.05, {-1, -1.0 / 3, 1.0 / 3, 1}, 2}.samples(levels);
  for (const int dfe : {0, 1}) {
    EqualizerConfig config;
    config.dfe_taps = dfe;
    expect_as_reference(trained(config), x);
    config.adc_bits = 0;
    config.adc_enob = 0;
    expect_as_reference(trained(config), x);
    config.adc_clip_ratio = 0.1;  // clips hard
    expect_as_reference(trained(config), x);
    config.adc_bits = 5;
    expect_as_reference(trained(config), x);
  }
}

TEST(Decider, NrzIsTheChainInDoublePrecision) {
  const auto levels = random_levels(10000, 2, 1);
  const std::vector<float> x = Link{{1, 0.4}, 1e-4, 3e-4, 0.2, {-1, 1}, 2}.samples(levels);
  for (const int dfe : {0, 1}) {
    EqualizerConfig config;
    config.modulation = signal::Modulation::nrz;
    config.ffe_taps = 5;
    config.ffe_main = 2;
    config.dfe_taps = dfe;
    const FrozenEqualizer e = train(config, x, levels).equalizer;
    expect_as_reference(e, x);
    Decisions out;
    Decider(e, 1, 0).process(x, 0, false, out);
    EXPECT_LE(*std::max_element(out.level.begin(), out.level.end()), 1);
    EXPECT_TRUE(out.equalized.empty());
  }
}

TEST(Decider, DecidesWhatWasSent) {
  const auto levels = random_levels(30000, 4, 2);
  const std::vector<float> x = Link{{0.1, 1, 0.3}, 1e-4, 3e-4, 0.02}.samples(levels);
  for (const int feedback : {0, 1, 2}) {
    EqualizerConfig config;
    config.dfe_taps = feedback == 1 ? 1 : 0;
    config.mlse = feedback == 2;
    const FrozenEqualizer e = trained(config);
    Decisions out;
    Decider(e, 1, 0).process(x, 0, false, out);
    std::size_t wrong = 0;
    for (std::size_t i = run_up; i + run_up < out.level.size(); ++i) {
      wrong += out.level[i] != levels[i + static_cast<std::size_t>(e.ffe_before)] ? 1 : 0;
    }
    EXPECT_EQ(wrong, 0u) << feedback;
  }
}

TEST(Decider, NeverDependsOnTheCutOfTheWindow) {
  const auto levels = random_levels(9000, 4, 3);
  const std::vector<float> x = Link{{0.1, 1, 0.4}, 1e-4, 3e-4, 0.08}.samples(levels);
  for (const int feedback : {0, 1, 2}) {
    EqualizerConfig config;
    config.dfe_taps = feedback == 1 ? 1 : 0;
    config.mlse = feedback == 2;
    const Decider decider(trained(config), 9, 1);
    Decisions whole, part;
    decider.process(x, 1000, true, whole);
    const std::size_t lead = feedback > 0 ? run_up : 0, tail = feedback == 2 ? run_up : 0;
    for (const std::size_t from : {1u, 17u, 2047u, 2048u, 4001u}) {
      for (const std::size_t size : {300u, 2062u, 2063u, 4500u}) {
        decider.process(std::span(x).subspan(from, size), 1000 + static_cast<std::int64_t>(from), true, part);
        ASSERT_EQ(part.level.size(), size - 14);
        EXPECT_TRUE(std::equal(part.equalized.begin(), part.equalized.end(),
                               whole.equalized.begin() + static_cast<std::ptrdiff_t>(from)));
        EXPECT_TRUE(std::equal(part.level.begin() + static_cast<std::ptrdiff_t>(lead),
                               part.level.end() - static_cast<std::ptrdiff_t>(tail),
                               whole.level.begin() + static_cast<std::ptrdiff_t>(from + lead)))
            << feedback << " " << from << " " << size;
      }
    }
  }
}

TEST(Decider, VariantsAgree) {
  const auto levels = random_levels(5000, 4, 4);
  const std::vector<float> x = Link{{0.1, 1, 0.4}, 1e-4, 3e-4, 0.08}.samples(levels);
  for (const int feedback : {0, 1, 2}) {
    EqualizerConfig config;
    config.dfe_taps = feedback == 1 ? 1 : 0;
    config.mlse = feedback == 2;
    const FrozenEqualizer e = trained(config);
    Decisions expected;
    {
      const Forced forced(Variant::ref);
      Decider(e, 9, 1).process(x, 0, true, expected);
    }
    for (const Variant variant : {Variant::portable, Variant::avx2, Variant::avx512}) {
      if (variant > supported_variant()) continue;
      const Forced forced(variant);
      Decisions out;
      Decider(e, 9, 1).process(x, 0, true, out);
      std::size_t other = 0;
      for (std::size_t i = 0; i < out.level.size(); ++i) {
        EXPECT_NEAR(out.equalized[i], expected.equalized[i], 5e-6);
        other += out.level[i] != expected.level[i] ? 1 : 0;
      }
      EXPECT_EQ(other, 0u) << name(variant) << " " << feedback;
    }
  }
}

TEST(Decider, ShortWindowsAndBrokenSamplesAreNoError) {
  const Decider decider(trained(), 1, 0);
  Decisions out;
  for (std::size_t size = 0; size < 15; ++size) {
    decider.process(std::vector<float>(size, 1e-4f), 0, true, out);
    EXPECT_TRUE(out.level.empty());
  }
  const float broken[] = {NAN, INFINITY, -INFINITY, 3e38f, -3e38f};
  std::vector<float> x(100);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = broken[i % 5];
  for (const bool mlse : {false, true}) {
    EqualizerConfig config;
    config.mlse = mlse;
    Decider(trained(config), 1, 0).process(x, 0, false, out);
    for (const std::uint8_t level : out.level) EXPECT_LE(level, 3);
  }
}

TEST(Decider, RefusesAnEqualizerThatCannotRun) {
  FrozenEqualizer e;
  EXPECT_THROW(Decider(e, 1, 0), ConfigError);
  e.ffe = {1, NAN};
  EXPECT_THROW(Decider(e, 1, 0), ConfigError);
  e.ffe = {1, 0};
  e.ffe_before = 2;
  EXPECT_THROW(Decider(e, 1, 0), ConfigError);
  e.ffe_before = 1;
  e.mlse = true;
  e.dfe = 0.3f;
  EXPECT_THROW(Decider(e, 1, 0), ConfigError);
  e.dfe = 0;
  EXPECT_NO_THROW(Decider(e, 1, 0));
}

TEST(DeciderKernels, AllVariantsGiveTheSameBits) {
  FrozenEqualizer e = trained();
  e.dfe = 0.4f;
  const auto q = detail::quantizer_constants(e);
  const auto s = detail::slicer_constants(e);
  std::mt19937_64 engine(4);
  std::normal_distribution<double> normal;
  const auto table = detail::decider_kernels();
  ASSERT_EQ(table.front().variant, Variant::ref);
  for (std::size_t size = 0; size < 300; ++size) {
    std::vector<float> x(size + 1), y(size + 1);
    for (float& v : x) v = static_cast<float>(3e-4 + 1e-4 * normal(engine));
    for (float& v : y) v = static_cast<float>(normal(engine));
    if (size > 20) {
      x[3] = NAN, x[7] = INFINITY, x[8] = -INFINITY, x[11] = 1e30f;
      y[3] = NAN, y[7] = INFINITY, y[8] = -INFINITY, y[11] = s.thresholds[1];
    }
    std::vector<float> digital(size);
    std::vector<std::uint8_t> level(size), fed(size);
    const std::uint8_t start = static_cast<std::uint8_t>(size % 4);
    table.front().function.quantize(q, x.data() + 1, digital.data(), size);
    table.front().function.slice(s, y.data() + 1, level.data(), size);
    const std::uint8_t last = table.front().function.feed_back(s, start, y.data() + 1, fed.data(), size);
    for (const auto& kernel : table) {
      if (kernel.variant > supported_variant()) continue;
      std::vector<float> in_place(x.begin() + 1, x.end());
      std::vector<std::uint8_t> sliced(size, 9), fed_back(size, 9);
      kernel.function.quantize(q, in_place.data(), in_place.data(), size);
      kernel.function.slice(s, y.data() + 1, sliced.data(), size);
      EXPECT_EQ(in_place, digital) << name(kernel.variant) << size;
      EXPECT_EQ(sliced, level) << name(kernel.variant) << size;
      EXPECT_EQ(kernel.function.feed_back(s, start, y.data() + 1, fed_back.data(), size), last);
      EXPECT_EQ(fed_back, fed) << name(kernel.variant) << size;
    }
  }
}

TEST(DeciderKernels, NotANumberIsTheLowestCode) {
  const FrozenEqualizer e = trained();
  const auto q = detail::quantizer_constants(e);
  const float in[] = {NAN, -1};
  float out[2];
  detail::quantize_ref(q, in, out, 2);
  EXPECT_EQ(out[0], out[1]);
  EXPECT_NEAR(out[0], -e.adc_full_scale_a + e.adc_step_a / 2, 1e-9);
}

/// Probability of wrong decisions of a DFE from the chain of (sent, decided), in closed form: y = t[n] + tap
/// (sent - decided) + noise against midway thresholds.
struct Propagation {
  double ser = 0, after_wrong = 0;
  Propagation(double tap, double sigma) {
    double chance[4][4][4][4];  // [sent before][decided before][sent][decided]
    for (unsigned a = 0; a < 4; ++a) {
      for (unsigned d = 0; d < 4; ++d) {
        for (unsigned b = 0; b < 4; ++b) {
          const double mean = nominal(b) + tap * (nominal(a) - nominal(d));
          double below = 0;
          for (unsigned e = 0; e < 4; ++e) {
            const double upper = e < 3 ? 1 - gaussian_tail((nominal(e) + 1.0 / 3 - mean) / sigma) : 1;
            chance[a][d][b][e] = 0.25 * (upper - below);
            below = upper;
          }
        }
      }
    }
    std::vector<double> state(16, 1.0 / 16);
    for (int round = 0; round < 300; ++round) {
      std::vector<double> next(16, 0.0);
      for (unsigned i = 0; i < 256; ++i)
        next[i % 16] += state[i / 16] * chance[i / 64][i / 16 % 4][i / 4 % 4][i % 4];
      state = next;
    }
    double wrong = 0, both = 0;
    for (unsigned i = 0; i < 256; ++i) {
      const bool before = i / 64 != i / 16 % 4, now = i / 4 % 4 != i % 4;
      const double p = state[i / 16] * chance[i / 64][i / 16 % 4][i / 4 % 4][i % 4];
      wrong += before ? p : 0;
      both += before && now ? p : 0;
    }
    ser = wrong;
    after_wrong = both / wrong;
  }
};

TEST(Decider, ErrorsOfTheDfePropagateAsEnumerated) {
  for (const double tap : {0.3, 0.6, 1.0}) {
    const double sigma = 0.14;
    const auto levels = random_levels(1 << 20, 4, 5);
    const std::vector<float> x = Link{{1, tap}, 1, 0, sigma}.samples(levels);
    FrozenEqualizer e;
    e.ffe = {1};
    e.dfe = static_cast<float>(tap);
    Decisions out;
    Decider(e, 1, 0).process(x, 0, false, out);
    double wrong = 0, both = 0;
    for (std::size_t i = 1; i < levels.size(); ++i) {
      const bool before = out.level[i - 1] != levels[i - 1];
      wrong += before ? 1 : 0;
      both += before && out.level[i] != levels[i] ? 1 : 0;
    }
    const Propagation theory(tap, sigma);
    EXPECT_NEAR(wrong / static_cast<double>(levels.size()) / theory.ser, 1, 0.03) << tap;
    EXPECT_NEAR(both / wrong, theory.after_wrong, 0.012) << tap;
  }
}

}  // namespace
}  // namespace lightlane::rxdsp
