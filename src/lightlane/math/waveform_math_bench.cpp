#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "lightlane/math/waveform_math_kernels.hpp"

namespace lightlane::math {
namespace {

using Kernels = detail::WaveformKernels;
constexpr std::size_t window = 4096;

template <class Run>
void measure(benchmark::State& state, Run run) {
  std::vector<float> x(window), out(window);
  for (std::size_t i = 0; i < window; ++i) x[i] = 0.5f + static_cast<float>(i) / window;
  for (auto _ : state) {
    run(x.data(), out.data());
    benchmark::ClobberMemory();
  }
  state.counters["Msample/s"] =
      benchmark::Counter(static_cast<double>(window) * static_cast<double>(state.iterations()) / 1e6,
                         benchmark::Counter::kIsRate);
}

void elementwise(benchmark::State& state, Kernels::Function function) {
  measure(state, [=](const float* x, float* out) { function(x, out, window); });
}

void square_sum(benchmark::State& state, Kernels kernels) {
  measure(state, [=](const float* x, float* out) { kernels.square_sum(x, x, out, window); });
}

const bool registered = [] {
  for (const auto& kernel : detail::waveform_kernels()) {
    if (kernel.variant > supported_variant()) continue;
    const std::string variant = "/" + std::string(name(kernel.variant));
    const Kernels& k = kernel.function;
    const std::pair<const char*, Kernels::Function> functions[] = {
        {"exp", k.exp}, {"log", k.log}, {"sin", k.sin}, {"sqrt", k.sqrt}};
    for (const auto& [what, function] : functions) {
      benchmark::RegisterBenchmark((what + (" of a waveform" + variant)).c_str(), elementwise, function);
    }
    benchmark::RegisterBenchmark(("square sum of a waveform" + variant).c_str(), square_sum, k);
  }
  return true;
}();

}  // namespace
}  // namespace lightlane::math
