#include <benchmark/benchmark.h>

#include <complex>
#include <string>
#include <vector>

#include "lightlane/math/fft.hpp"

namespace lightlane::math {
namespace {

void transform(benchmark::State& state, std::size_t n) {
  const Fft fft(n);
  std::vector<std::complex<double>> x(n, 1.0);
  for (auto _ : state) {
    fft.forward(x);
    fft.inverse(x);
    benchmark::ClobberMemory();
  }
  state.counters["Msample/s"] =
      benchmark::Counter(2.0 * static_cast<double>(n) * static_cast<double>(state.iterations()) / 1e6,
                         benchmark::Counter::kIsRate);
}

const bool registered = [] {
  for (const std::size_t n :
       {std::size_t{4096}, std::size_t{65536}, std::size_t{65535}, std::size_t{1048560}}) {
    benchmark::RegisterBenchmark(("FFT of " + std::to_string(n) + "/portable").c_str(), transform, n);
  }
  return true;
}();

}  // namespace
}  // namespace lightlane::math
