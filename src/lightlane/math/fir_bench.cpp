#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "lightlane/base/random.hpp"
#include "lightlane/math/fir_kernels.hpp"

namespace lightlane::math {
namespace {

constexpr std::size_t window = 4096;  // samples of a stage: inputs and outputs stay in the second cache

std::vector<float> noise(std::size_t n) {
  const RandomStream random(1, "bench", 0);
  std::vector<float> x(n);
  for (std::size_t i = 0; i < n; ++i) x[i] = static_cast<float>(random.uniform(i) - 0.5);
  return x;
}

void count(benchmark::State& state, std::size_t outputs) {
  state.counters["Msample/s"] =
      benchmark::Counter(static_cast<double>(outputs) * static_cast<double>(state.iterations()) / 1e6,
                         benchmark::Counter::kIsRate);
}

void real(benchmark::State& state, const detail::FirKernels& kernels, std::size_t taps) {
  const auto fir = noise(taps), in = noise(window + taps);
  std::vector<float> out(window);
  for (auto _ : state) {
    kernels.filter(fir.data(), taps, in.data(), out.data(), window);
    benchmark::ClobberMemory();
  }
  count(state, window);
}

void decimate(benchmark::State& state, const detail::FirKernels& kernels, std::size_t taps,
              std::size_t stride) {
  const auto fir = noise(taps), in = noise(window * stride + taps);
  std::vector<float> out(window);
  for (auto _ : state) {
    kernels.decimate(fir.data(), taps, in.data(), stride, out.data(), window);
    benchmark::ClobberMemory();
  }
  count(state, window);
}

void complex(benchmark::State& state, const detail::FirKernels& kernels, std::size_t taps,
             bool complex_input) {
  const auto fir = noise(2 * taps), in = noise(2 * (window + taps));
  std::vector<float> out(2 * window);
  for (auto _ : state) {
    kernels.complex_filter(fir.data(), fir.data() + taps, taps, in.data(),
                           complex_input ? in.data() + window + taps : nullptr, out.data(),
                           out.data() + window, window);
    benchmark::ClobberMemory();
  }
  count(state, window);
}

void interpolate(benchmark::State& state, const detail::FirKernels& kernels, std::size_t phases,
                 std::size_t taps) {
  const std::size_t symbols = window / phases;
  const auto table = noise(phases * taps), in = noise(symbols + taps);
  std::vector<float> out(symbols * phases);
  for (auto _ : state) {
    kernels.interpolate(table.data(), phases, taps, in.data(), out.data(), symbols);
    benchmark::ClobberMemory();
  }
  count(state, symbols * phases);
}

const bool registered = [] {
  for (const auto& kernel : detail::fir_kernels()) {
    if (kernel.variant > supported_variant()) continue;
    const std::string variant = "/" + std::string(name(kernel.variant));
    const auto& k = kernel.function;
    const auto add = [&](const std::string& what, auto function, auto... arguments) {
      benchmark::RegisterBenchmark((what + variant).c_str(), function, k, arguments...);
    };
    for (const std::size_t taps : {15, 32}) add("filter " + std::to_string(taps) + " taps", real, taps);
    add("filter 48 taps to one of 8", decimate, std::size_t{48}, std::size_t{8});
    for (const bool complex_input : {false, true}) {
      add(complex_input ? "complex filter 32 taps" : "complex filter 32 taps, real input", complex,
          std::size_t{32}, complex_input);
    }
    add("pulse shaping 8 phases of 8 taps", interpolate, std::size_t{8}, std::size_t{8});
  }
  return true;
}();

}  // namespace
}  // namespace lightlane::math
