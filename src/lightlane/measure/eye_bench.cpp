#include "lightlane/measure/eye.hpp"

#include <benchmark/benchmark.h>

#include "lightlane/measure/measure_test_tools.hpp"
#include "lightlane/measure/waveform_filter.hpp"

namespace lightlane::measure {
namespace {

/// 65535 symbols at 16 samples per UI, as many as a period of SSPRQ: everything that an eye has, 128 phases.
void eye(benchmark::State& state, double noise_w) {
  const auto levels = test::random_levels(65535, 4);
  const auto wave = bessel_thomson_filtered(test::staircase(levels, 16), 16, 53.125, 26.5625);
  EyeConfig config;
  config.noise_w = noise_w;
  for (auto _ : state) benchmark::DoNotOptimize(measure_eye(wave, levels, config).ser);
  state.counters["Msym/s"] = benchmark::Counter(
      static_cast<double>(levels.size()) * static_cast<double>(state.iterations()) / 1e6, benchmark::Counter::kIsRate);
}

const bool registered = [] {
  benchmark::RegisterBenchmark("eye/portable", eye, 0.0);
  benchmark::RegisterBenchmark("eye_with_noise/portable", eye, 1e-5);
  return true;
}();

}  // namespace
}  // namespace lightlane::measure
