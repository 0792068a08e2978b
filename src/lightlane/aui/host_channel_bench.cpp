#include <benchmark/benchmark.h>

#include "lightlane/aui/host_channel.hpp"

namespace lightlane::aui {
namespace {

void evaluate(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(HostChannel(HostChannelConfig{}).report().ber);
  state.counters["lane/s"] =
      benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

void simulate(benchmark::State& state) {
  constexpr std::uint64_t symbols = 1u << 16;
  const HostChannel lane(HostChannelConfig{});
  std::int64_t first = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(lane.simulate(symbols, 1, 0, first).symbol_errors);
    first += symbols;
  }
  state.counters["Msym/s"] = benchmark::Counter(symbols * static_cast<double>(state.iterations()) / 1e6,
                                                benchmark::Counter::kIsRate);
}

const bool registered = [] {
  benchmark::RegisterBenchmark("host_channel_evaluate/portable", evaluate);
  benchmark::RegisterBenchmark("host_channel_simulate/portable", simulate);
  return true;
}();

}  // namespace
}  // namespace lightlane::aui
