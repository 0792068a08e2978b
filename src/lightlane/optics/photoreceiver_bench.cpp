#include <benchmark/benchmark.h>

#include <string>

#include "lightlane/base/random.hpp"
#include "lightlane/base/variant.hpp"
#include "lightlane/optics/photoreceiver.hpp"

namespace lightlane::optics {
namespace {

constexpr int samples_per_ui = 8;
constexpr std::size_t symbols = 1u << 15;

void receive(benchmark::State& state, Variant variant, bool noise) {
  force_variant(variant);
  const Photoreceiver stage({}, Rational(425, 8), samples_per_ui, 1311, 1, 0);
  signal::Power in;
  in.axis.samples_per_ui = samples_per_ui;
  in.w.resize(symbols * samples_per_ui + stage.halo().before + stage.halo().after);
  const RandomStream random(1, "bench", 0);
  for (std::size_t i = 0; i < in.w.size(); ++i) in.w[i] = static_cast<float>(1e-4 + 4e-4 * random.uniform(i));
  signal::Current out;
  std::size_t made = 0;
  for (auto _ : state) {
    stage.sample(in, 0.03, noise, out);
    benchmark::DoNotOptimize(out.a.data());
    made += out.a.size();
  }
  state.counters["Msym/s"] = benchmark::Counter(static_cast<double>(made) / 1e6, benchmark::Counter::kIsRate);
  force_variant(supported_variant());
}

const bool registered = [] {
  for (const Variant variant : {Variant::ref, Variant::avx2, Variant::avx512}) {
    if (variant > supported_variant()) continue;
    const std::string suffix = std::string("/").append(name(variant));
    benchmark::RegisterBenchmark(("receive" + suffix).c_str(), receive, variant, true);
    benchmark::RegisterBenchmark(("receive_no_noise" + suffix).c_str(), receive, variant, false);
  }
  return true;
}();

}  // namespace
}  // namespace lightlane::optics
