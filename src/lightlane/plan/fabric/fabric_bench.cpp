#include <benchmark/benchmark.h>

#include "lightlane/plan/fabric/fabric.hpp"

namespace lightlane::plan {
namespace {

/// The whole answer: sizes, every cable's length, budgets, bill, power.
void fabric_of_gpus(benchmark::State& state, std::int64_t gpus) {
  FabricQuestion q;
  q.kind = FabricKind::rail;
  q.hosts = gpus;
  q.host_gbps = 400;
  q.leaf = fabric_switch_named("nvidia-sn5600", "leaf");
  for (auto _ : state) {
    Fabric f = fabric(q);
    benchmark::DoNotOptimize(f);
  }
  state.counters["GPUs/s"] = benchmark::Counter(
      static_cast<double>(state.iterations()) * static_cast<double>(gpus), benchmark::Counter::kIsRate);
}

BENCHMARK_CAPTURE(fabric_of_gpus, 1k, 1024)->Name("fabric/1024_gpus");
BENCHMARK_CAPTURE(fabric_of_gpus, 100k, 100000)->Name("fabric/100000_gpus");

}  // namespace
}  // namespace lightlane::plan
