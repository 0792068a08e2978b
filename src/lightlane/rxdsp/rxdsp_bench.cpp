#include <benchmark/benchmark.h>

#include <string>

#include "lightlane/base/random.hpp"
#include "lightlane/base/variant.hpp"
#include "lightlane/math/elementary.hpp"
#include "lightlane/rxdsp/clock_recovery.hpp"
#include "lightlane/rxdsp/equalizer.hpp"

namespace lightlane::rxdsp {
namespace {

constexpr std::size_t symbols = 1 << 16;

struct Lane {
  std::vector<std::uint8_t> levels;
  std::vector<float> samples;  ///< `per_ui` per symbol
};

/// Gaussian pulses that reach into both neighbours, with uniform noise.
Lane lane(std::size_t count, int per_ui) {
  const RandomStream random(1, "bench", 0);
  Lane result{std::vector<std::uint8_t>(count), std::vector<float>(count * static_cast<std::size_t>(per_ui))};
  for (std::size_t i = 0; i < count; ++i) result.levels[i] = static_cast<std::uint8_t>(random.bits(i) & 3);
  std::vector<double> pulse(static_cast<std::size_t>(5 * per_ui));
  for (std::size_t t = 0; t < pulse.size(); ++t) {
    const double z = ((static_cast<double>(t) - per_ui / 2) / per_ui - 2) / 0.6;
    pulse[t] = math::exp(-z * z);
  }
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t t = 0; t < pulse.size(); ++t) {
      const std::size_t at = i * static_cast<std::size_t>(per_ui) + t;
      const std::size_t centre = 2 * static_cast<std::size_t>(per_ui);
      if (at < centre || at - centre >= result.samples.size()) continue;
      result.samples[at - centre] += static_cast<float>(1e-4 * (2.0 / 3 * result.levels[i] - 1) * pulse[t]);
    }
  }
  for (std::size_t i = 0; i < result.samples.size(); ++i) {
    result.samples[i] += static_cast<float>(4e-4 + 2e-5 * (random.uniform(i) - 0.5));
  }
  return result;
}

void rate(benchmark::State& state, std::size_t count) {
  state.counters["Msym/s"] =
      benchmark::Counter(static_cast<double>(count) * static_cast<double>(state.iterations()) / 1e6,
                         benchmark::Counter::kIsRate);
}

void decide(benchmark::State& state, Variant variant, EqualizerConfig config) {
  force_variant(variant);
  const Lane l = lane(symbols, 1);
  const Decider decider(train(config, l.samples, l.levels).equalizer, 1, 0);
  Decisions out;
  for (auto _ : state) {
    decider.process(l.samples, 0, false, out);
    benchmark::DoNotOptimize(out.level.data());
  }
  rate(state, symbols);
  force_variant(supported_variant());
}

void train_on(benchmark::State& state, EqualizerConfig config, bool analytic) {
  const Lane l = lane(1 << 14, 1);
  const double noise[] = {1e-11, 1e-12};
  for (auto _ : state) {
    const Trained t =
        analytic ? train_analytic(config, l.samples, l.levels, noise) : train(config, l.samples, l.levels);
    benchmark::DoNotOptimize(t.report.mse);
  }
  rate(state, l.levels.size());
}

void recover(benchmark::State& state) {
  const Lane l = lane(symbols, 8);
  for (auto _ : state) benchmark::DoNotOptimize(recover_clock({}, l.samples, 8, 53.125e9).phase_ui);
  rate(state, symbols);
}

void mueller_muller(benchmark::State& state) {
  const Lane l = lane(1 << 14, 8);
  for (auto _ : state) benchmark::DoNotOptimize(mueller_muller_phase(l.samples, 8, l.levels));
  rate(state, l.levels.size());
}

const bool registered = [] {
  EqualizerConfig quiet;  // bits without the noise of ENOB
  quiet.adc_enob = 0;
  EqualizerConfig dfe = quiet, mlse = quiet, lms;
  dfe.dfe_taps = 1;
  mlse.mlse = true;
  lms.training = Training::lms;
  for (const Variant variant : {Variant::ref, Variant::portable, Variant::avx2, Variant::avx512}) {
    if (variant > supported_variant()) continue;
    const std::string suffix = std::string("/").append(name(variant));
    benchmark::RegisterBenchmark(("decide_ffe15" + suffix).c_str(), decide, variant, quiet);
    benchmark::RegisterBenchmark(("decide_ffe15_enob" + suffix).c_str(), decide, variant, EqualizerConfig{});
    benchmark::RegisterBenchmark(("decide_ffe15_dfe1" + suffix).c_str(), decide, variant, dfe);
    if (variant > Variant::portable) continue;
    benchmark::RegisterBenchmark(("decide_ffe15_mlse" + suffix).c_str(), decide, variant, mlse);
  }
  benchmark::RegisterBenchmark("train_mmse_ffe15/portable", train_on, EqualizerConfig{}, false);
  benchmark::RegisterBenchmark("train_analytic_ffe15/portable", train_on, EqualizerConfig{}, true);
  benchmark::RegisterBenchmark("train_lms_ffe15/portable", train_on, lms, false);
  benchmark::RegisterBenchmark("recover_clock/portable", recover);
  benchmark::RegisterBenchmark("mueller_muller_phase/portable", mueller_muller);
  return true;
}();

}  // namespace
}  // namespace lightlane::rxdsp
