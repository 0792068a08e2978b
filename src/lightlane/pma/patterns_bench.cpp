#include <benchmark/benchmark.h>

#include <string>

#include "lightlane/pma/patterns.hpp"

namespace lightlane::pma {
namespace {

void generate(benchmark::State& state, Pattern pattern) {
  PatternGenerator generator({pattern, {}, 0, false});
  const std::size_t width = static_cast<std::size_t>(info(pattern).modulation);
  constexpr std::size_t bits = 1u << 18;
  BitVector line;
  for (auto _ : state) {
    line.clear();
    generator.generate(bits / width, line);
    benchmark::DoNotOptimize(line.words());
  }
  state.counters["Gb/s"] = benchmark::Counter(
      static_cast<double>(bits) * static_cast<double>(state.iterations()) / 1e9, benchmark::Counter::kIsRate);
}

const bool registered = [] {
  for (const Pattern pattern :
       {Pattern::prbs13, Pattern::prbs31, Pattern::prbs13q, Pattern::prbs31q, Pattern::ssprq}) {
    benchmark::RegisterBenchmark((std::string(info(pattern).name) + "/portable").c_str(), generate, pattern);
  }
  return true;
}();

}  // namespace
}  // namespace lightlane::pma
