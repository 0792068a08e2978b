#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "lightlane/math/gaussian.hpp"
#include "lightlane/math/gaussian_kernels.hpp"

namespace lightlane::math {
namespace {

constexpr std::size_t window = 4096;

void count(benchmark::State& state) {
  state.counters["Msample/s"] =
      benchmark::Counter(static_cast<double>(window) * static_cast<double>(state.iterations()) / 1e6,
                         benchmark::Counter::kIsRate);
}

void draws(benchmark::State& state, detail::GaussianBlocks function) {
  std::vector<float> out(window);
  std::uint64_t block = 0;
  for (auto _ : state) {
    function({{1, 2}, {3, 4}}, block += window / 4, window / 4, out.data());
    benchmark::ClobberMemory();
  }
  count(state);
}

void add(benchmark::State& state, Variant variant) {
  force_variant(variant);
  const GaussianStream stream(1, "bench", 0);
  std::vector<float> out(window);
  std::int64_t first = 1;
  for (auto _ : state) {
    stream.add(first += window, 1e-3f, out);
    benchmark::ClobberMemory();
  }
  count(state);
  force_variant(supported_variant());
}

const bool registered = [] {
  for (const auto& kernel : detail::gaussian_kernels()) {
    if (kernel.variant > supported_variant()) continue;
    const std::string variant = "/" + std::string(name(kernel.variant));
    benchmark::RegisterBenchmark(("Gaussian draws" + variant).c_str(), draws, kernel.function);
    benchmark::RegisterBenchmark(("Gaussian noise added" + variant).c_str(), add, kernel.variant);
  }
  return true;
}();

}  // namespace
}  // namespace lightlane::math
