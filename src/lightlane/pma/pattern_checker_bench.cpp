#include <benchmark/benchmark.h>

#include <string>

#include "lightlane/pma/pattern_checker.hpp"

namespace lightlane::pma {
namespace {

void check(benchmark::State& state, Pattern pattern) {
  const std::size_t width = static_cast<std::size_t>(info(pattern).modulation);
  constexpr std::size_t bits = 1u << 20;
  BitVector line;
  PatternGenerator generator({pattern, {}, 0, false});
  generator.generate(bits / width, line);
  PatternChecker checker({pattern, 128, 4096});
  for (auto _ : state) {
    checker.reset();
    checker.process(line);
    checker.finish();
    benchmark::DoNotOptimize(checker.report().bit_errors);
  }
  state.counters["Gb/s"] = benchmark::Counter(
      static_cast<double>(bits) * static_cast<double>(state.iterations()) / 1e9, benchmark::Counter::kIsRate);
}

const bool registered = [] {
  for (const Pattern pattern : {Pattern::prbs31, Pattern::prbs31q, Pattern::prbs13q}) {
    benchmark::RegisterBenchmark(("check_" + std::string(info(pattern).name) + "/portable").c_str(), check,
                                 pattern);
  }
  return true;
}();

}  // namespace
}  // namespace lightlane::pma
