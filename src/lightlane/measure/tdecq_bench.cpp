#include <benchmark/benchmark.h>

#include <string>

#include "lightlane/base/variant.hpp"
#include "lightlane/measure/tdecq.hpp"
#include "lightlane/measure/tdecq_test_tools.hpp"

namespace lightlane::measure {
namespace {

/// One full period at 16 samples per UI, from the waveform to the result: filter, search, causes.
void measure_tdecq(benchmark::State& state, const test::LevelVector& levels) {
  test::Transmitter tx;
  tx.bandwidth = 0.45;
  const auto wave = test::transmit(levels, 16, tx);
  for (auto _ : state) benchmark::DoNotOptimize(tdecq(wave, levels, {}).tdecq_db);
  state.counters["Msym/s"] =
      benchmark::Counter(static_cast<double>(levels.size()) * static_cast<double>(state.iterations()) / 1e6,
                         benchmark::Counter::kIsRate);
}

void tdecq_ssprq(benchmark::State& state) { measure_tdecq(state, test::ssprq()); }
void tdecq_prbs13q(benchmark::State& state) { measure_tdecq(state, test::prbs13q()); }

const bool registered = [] {
  const std::string variant(name(supported_variant()));
  benchmark::RegisterBenchmark(("tdecq_ssprq/" + variant).c_str(), tdecq_ssprq)
      ->Unit(benchmark::kMillisecond);
  benchmark::RegisterBenchmark(("tdecq_prbs13q/" + variant).c_str(), tdecq_prbs13q)
      ->Unit(benchmark::kMillisecond);
  return true;
}();

}  // namespace
}  // namespace lightlane::measure
