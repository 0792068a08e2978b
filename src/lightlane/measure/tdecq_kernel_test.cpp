#include "lightlane/measure/tdecq_kernel.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "lightlane/measure/tdecq_grid.hpp"
#include "lightlane/measure/tdecq_test_tools.hpp"

namespace lightlane::measure {
namespace {

struct Case {
  std::vector<float> x;
  std::vector<std::uint8_t> level;
  ScaledReceiver receiver;
  SampleRow row() const { return {x.data() + sample_padding, level.data(), level.size() - 16}; }
};

/// Random levels behind random taps, with a little noise; `spread`: distance of a level from its threshold,
/// in sigma.
Case random_case(std::size_t count, int taps, double spread, unsigned seed) {
  std::mt19937 engine(seed);
  std::normal_distribution<double> normal;
  Case out;
  out.x.resize(count + 2 * sample_padding);
  out.level.assign(count + 16, no_level);
  for (std::size_t i = 0; i < out.x.size(); ++i) {
    const unsigned level = engine() % 4;
    out.x[i] = static_cast<float>((2.0 * level - 3.0) / 6 + 0.02 * normal(engine));
    if (i >= sample_padding && i < sample_padding + count)
      out.level[i - sample_padding] = static_cast<std::uint8_t>(level);
  }
  out.receiver.taps = taps;
  out.receiver.lead = taps / 2;
  for (int j = 0; j < taps; ++j) {
    out.receiver.tap[static_cast<std::size_t>(j)] = static_cast<float>(
        6 * spread * (j == taps / 2 ? 1.0 : 0.03 * normal(engine) / std::abs(j - taps / 2)));
  }
  for (int k = 0; k < 3; ++k)
    out.receiver.threshold[static_cast<std::size_t>(k)] = static_cast<float>(2 * spread * (k - 1) + 0.05);
  return out;
}

double q(double x) { return 0.5 * std::erfc(x / std::sqrt(2.0)); }

/// The sums from their definition.
struct Sums {
  double errors = 0, wrong = 0, clause = 0;
};
Sums plain(const Case& c) {
  Sums out;
  for (std::size_t n = 0; n + 16 < c.level.size(); ++n) {
    double y = 0;
    for (int j = 0; j < c.receiver.taps; ++j) {
      y += static_cast<double>(c.receiver.tap[static_cast<std::size_t>(j)]) *
           c.x[n + sample_padding + static_cast<std::size_t>(c.receiver.lead) - static_cast<std::size_t>(j)];
    }
    for (int k = 0; k < 3; ++k) {
      const double t = c.receiver.threshold[static_cast<std::size_t>(k)];
      out.clause += q(std::fabs(y - t));
      if (k == c.level[n] - 1) {
        out.errors += q(y - t);
        out.wrong += y < t ? 1 : 0;
      }
      if (k == c.level[n]) {
        out.errors += q(t - y);
        out.wrong += t < y ? 1 : 0;
      }
    }
  }
  return out;
}

TEST(TdecqKernel, EveryVariantSumsTheDefinition) {
  for (const auto& kernel : tdecq_kernels()) {
    if (kernel.variant > supported_variant()) continue;
    for (const std::size_t count : {1u, 2u, 15u, 16u, 17u, 63u, 1000u, 1024u, 3001u}) {
      for (const double spread : {0.5, 2.0, 3.4}) {
        const Case c = random_case(count, 5, spread, static_cast<unsigned>(count));
        const Sums wanted = plain(c);
        const double fine = kernel.variant == Variant::ref ? 1e-9 : 3e-4;
        const ErrorCount found = kernel.function->decision_errors(c.row(), c.receiver);
        EXPECT_NEAR(found.errors, wanted.errors, fine * wanted.errors + 1e-9)
            << name(kernel.variant) << ' ' << count;
        EXPECT_EQ(found.wrong, wanted.wrong) << name(kernel.variant) << ' ' << count;
        EXPECT_NEAR(kernel.function->clause_errors(c.row(), c.receiver), wanted.clause,
                    fine * wanted.clause + 1e-9);
      }
    }
  }
}

/// Gradient and Hessian of the reference against differences; of the others against the reference.
TEST(TdecqKernel, Derivatives) {
  const TdecqKernels& ref = *tdecq_kernels().front().function;
  for (const int taps : {1, 2, 3, 4, 5, 6, 9, 15, 31}) {
    const Case c = random_case(2500, taps, 3.0, static_cast<unsigned>(taps));
    ErrorDerivatives wanted;
    ref.decision_derivatives(c.row(), c.receiver, wanted);
    const auto moved = [&](int variable, double by) {
      Case other = c;
      float& value = variable < taps ? other.receiver.tap[static_cast<std::size_t>(variable)]
                                     : other.receiver.threshold[static_cast<std::size_t>(variable - taps)];
      value += static_cast<float>(by);
      ErrorDerivatives d;
      ref.decision_derivatives(other.row(), other.receiver, d);
      return d;
    };
    double steepest = 0, most_bent = 0;
    for (const double g : wanted.gradient) steepest = std::max(steepest, std::fabs(g));
    for (const double h : wanted.hessian) most_bent = std::max(most_bent, std::fabs(h));
    for (const int v : {0, taps - 1, taps, taps + 1, taps + 2}) {
      const double step = 1.0 / 512;
      const ErrorDerivatives high = moved(v, step), low = moved(v, -step);
      EXPECT_NEAR((high.errors - low.errors) / (2 * step), wanted.gradient[static_cast<std::size_t>(v)],
                  1e-3 * steepest);
      for (int u = v; u < taps + 3; ++u) {
        const double bend =
            (high.gradient[static_cast<std::size_t>(u)] - low.gradient[static_cast<std::size_t>(u)]) /
            (2 * step);
        EXPECT_NEAR(bend, wanted.hessian[static_cast<std::size_t>(u * most_variables + v)], 3e-3 * most_bent)
            << taps << ' ' << u << ' ' << v;
      }
    }
    for (const auto& kernel : tdecq_kernels().subspan(1)) {
      if (kernel.variant > supported_variant()) continue;
      ErrorDerivatives found;
      kernel.function->decision_derivatives(c.row(), c.receiver, found);
      EXPECT_NEAR(found.errors, wanted.errors, 3e-4 * wanted.errors) << name(kernel.variant);
      for (std::size_t i = 0; i < found.gradient.size(); ++i)
        EXPECT_NEAR(found.gradient[i], wanted.gradient[i], 3e-4 * steepest)
            << name(kernel.variant) << ' ' << i;
      for (std::size_t i = 0; i < found.hessian.size(); ++i) {
        EXPECT_NEAR(found.hessian[i], wanted.hessian[i], 3e-4 * most_bent)
            << name(kernel.variant) << ' ' << taps << ' ' << i;
      }
    }
  }
}

TEST(TdecqKernel, InterpolateAndDot) {
  std::mt19937 engine(5);
  std::uniform_real_distribution<float> uniform(-1, 1);
  std::vector<float> a(3000), b(3000);
  for (auto* v : {&a, &b}) {
    for (float& x : *v) x = uniform(engine);
  }
  for (const auto& kernel : tdecq_kernels()) {
    if (kernel.variant > supported_variant()) continue;
    for (const std::size_t count : {1u, 7u, 16u, 33u, 2500u}) {
      const float* rows[3] = {a.data() + 1, b.data(), a.data() + 9};
      const float weights[3] = {0.5f, -1.25f, 3.0f};
      std::vector<float> out(count + 1, 77.0f);
      kernel.function->interpolate(rows, weights, 3, out.data(), count);
      double product = 0;
      for (std::size_t i = 0; i < count; ++i) {
        EXPECT_NEAR(out[i], 0.5 * a[i + 1] - 1.25 * b[i] + 3.0 * a[i + 9], 1e-5);
        product += static_cast<double>(a[i]) * b[i];
      }
      EXPECT_EQ(out[count], 77.0f);
      EXPECT_NEAR(kernel.function->dot(a.data(), b.data(), count), product, 1e-4);
    }
  }
}

TEST(TdecqGrid, ConvolutionIsTheTransform) {
  const auto levels = test::prbs13q();
  for (const int samples : {8, 12, 16, 24}) {
    test::Transmitter tx;
    tx.bandwidth = 0.8;
    const auto wave = test::transmit(levels, samples, tx);
    const auto wanted = test::through(wave, samples, [](double f) { return test::undelayed_bt4(f, 0.5); });
    const FilteredWaveform found = filter_waveform(wave, samples, 53.125e9, 26.5625e9, true);
    ASSERT_EQ(found.samples_per_ui, samples);
    double worst = 0;
    for (std::size_t i = 0; i < wanted.size(); ++i)
      worst = std::max(worst, std::fabs(static_cast<double>(found.power_w[i]) - wanted[i]));
    EXPECT_LT(worst, (samples == 8 ? 3e-5 : 1e-5) * 1e-3) << samples;  // of OMAouter
  }
}

/// A band-limited wave between its samples: few samples per UI are raised by transform, many interpolated.
TEST(TdecqGrid, SamplesBetweenSamples) {
  const TdecqKernels& kernels = *select(tdecq_kernels()).function;
  for (const int samples : {4, 5, 8, 11, 12, 16, 17, 32}) {
    constexpr std::size_t symbols = 100;
    const auto value = [&](double ui) {
      double sum = 0;  // up to 0.75 of the symbol rate, as the reference filter leaves it
      for (const double k : {3.0, 17.0, 41.0, 60.0, 75.0})
        sum += std::cos(2 * test::pi * k * ui / symbols + k);
      return sum;
    };
    std::vector<float> wave;
    for (std::size_t i = 0; i < symbols * static_cast<std::size_t>(samples); ++i)
      wave.push_back(static_cast<float>(5 + 0.5 * value(static_cast<double>(i) / samples)));
    const TdecqGrid grid(filter_waveform(wave, samples, 1e9, 5e8, false), 5.0, 0.5, kernels);
    EXPECT_EQ(grid.symbols(), symbols);
    for (const double phase : {-1.0, -0.61, -0.05, 0.0, 0.003, 0.31, 0.97}) {
      std::vector<float> out(symbols + 2 * sample_padding);
      grid.sample(phase, -static_cast<std::ptrdiff_t>(sample_padding), out);
      for (std::size_t i = 0; i < out.size(); i += 7) {
        const double wanted = value(static_cast<double>(i) - sample_padding + 0.5 + phase);
        EXPECT_NEAR(out[i], wanted, samples == 8 ? 5e-4 : 1e-4) << samples << ' ' << phase << ' ' << i;
      }
    }
  }
}

}  // namespace
}  // namespace lightlane::measure
