#include <benchmark/benchmark.h>

#include "lightlane/base/random.hpp"
#include "lightlane/pma/symbol_errors.hpp"

namespace lightlane::pma {
namespace {

void inject(benchmark::State& state, ErrorModel model) {
  constexpr std::size_t symbols = 1u << 17;
  SymbolErrorsConfig config;
  config.lanes.assign(4, {model});
  SymbolErrors errors(config);
  signal::SymbolLanes lanes(4);
  for (std::size_t l = 0; l < 4; ++l) {
    const RandomStream random(1, "bench", static_cast<std::uint32_t>(l));
    for (std::size_t w = 0; w < symbols / 32; ++w) lanes[l].levels.append(random.bits(w), 64);
  }
  for (auto _ : state) {
    errors.process(lanes);
    benchmark::DoNotOptimize(lanes.lanes.data());
    for (auto& lane : lanes.lanes) lane.first_index += symbols;
  }
  state.counters["Gb/s"] = benchmark::Counter(8.0 * symbols * static_cast<double>(state.iterations()) / 1e9,
                                              benchmark::Counter::kIsRate);
}

const bool registered = [] {
  benchmark::RegisterBenchmark("symbol_errors_2.4e-4/portable", inject,
                               ErrorModel{IndependentErrors{0, 2.4e-4}});
  benchmark::RegisterBenchmark("symbol_errors_awgn_17dB/portable", inject, ErrorModel{AwgnErrors{17}});
  benchmark::RegisterBenchmark("symbol_errors_burst_0.5/portable", inject,
                               ErrorModel{BurstErrors{0, 2.4e-4, 0.5}});
  benchmark::RegisterBenchmark("symbol_errors_gilbert_elliott/portable", inject,
                               ErrorModel{GilbertElliottErrors{1e-5, 1e-3, 1e-5, 0.05}});
  return true;
}();

}  // namespace
}  // namespace lightlane::pma
