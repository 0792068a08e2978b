#include <benchmark/benchmark.h>

#include <string>

#include "lightlane/base/random.hpp"
#include "lightlane/base/variant.hpp"
#include "lightlane/link/lane_model_test_tools.hpp"
#include "lightlane/link/statistical_engine.hpp"
#include "lightlane/link/symbol_engine.hpp"

namespace lightlane::link {
namespace {

/// A lane with everything: interference of neighbours, coloured and level-dependent noise, jitter,
/// reflections.
LaneModel full_model() {
  test::SyntheticLane s;
  s.oma_a = 130e-6;
  s.pulse = {-0.004, 0.012, 0.09, 0.78, 0.11, -0.02, 0.025, 0.007};
  s.cursor = 3;
  s.slope = {0.05, -0.4, -0.9, 0.05, 0.95, 0.3, -0.05};
  s.compression = 0.05;
  s.constant_noise_a2 = 7e-12;
  s.linear_noise_a = 9e-9;
  s.quadratic_noise = 9e-5;
  s.transmitter_noise_a2 = 1e-12;
  s.noise_correlation = {1.0, 0.08, -0.01, 0.002};
  LaneModel m = test::lane_model(s);
  m.jitter_rms_ui = 0.01;
  for (const double a : {2e-4, 4e-4, 1e-4, 3e-4, 2e-4, 5e-4}) m.reflections.push_back({a, 1e5, 1e4});
  return m;
}

rxdsp::EqualizerConfig fifteen_taps() { return {}; }

void statistical_link(benchmark::State& state) {
  const LaneModel model = full_model();
  for (auto _ : state) benchmark::DoNotOptimize(evaluate(model, fifteen_taps(), 2.0).ber);
  state.counters["links/s"] =
      benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

void sensitivity_search(benchmark::State& state) {
  const LaneModel model = full_model();
  for (auto _ : state) benchmark::DoNotOptimize(attenuation_for_ber(model, fifteen_taps(), 2.4e-4));
  state.counters["searches/s"] =
      benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

/// The usual lane: 7 taps, noise in one process, no interference.
void symbol_engine(benchmark::State& state, Variant variant, bool interference, bool dfe) {
  if (supported_variant() < variant) return state.SkipWithError("not on this processor");
  const Variant before = active_variant();
  force_variant(variant);
  LaneModel model = full_model();
  if (!interference) model.reflections.clear();
  rxdsp::EqualizerConfig config;
  config.ffe_taps = 7;
  config.ffe_main = 3;
  config.dfe_taps = dfe ? 1 : 0;
  const SymbolEngine engine(model, evaluate(model, config, 2.0).equalizer, 2.0, 1, 0);
  constexpr std::size_t symbols = 1u << 16;
  signal::Levels in;
  const RandomStream random(1, "bench", 0);
  for (std::size_t i = 0; i < symbols; ++i) in.level.push_back(random.bits(i) & 3);
  std::vector<std::uint8_t> decided;
  for (auto _ : state) {
    engine.process(in, decided);
    benchmark::DoNotOptimize(decided.data());
    in.first_index += symbols;
  }
  state.counters["Msym/s"] =
      benchmark::Counter(static_cast<double>(symbols) * static_cast<double>(state.iterations()) / 1e6,
                         benchmark::Counter::kIsRate);
  force_variant(before);
}

const bool registered = [] {
  for (const Variant v : {Variant::ref, Variant::avx2, Variant::avx512}) {
    const std::string suffix = "/" + std::string(name(v));
    benchmark::RegisterBenchmark(("symbol_engine" + suffix).c_str(), symbol_engine, v, false, false);
    benchmark::RegisterBenchmark(("symbol_engine_6_reflections" + suffix).c_str(), symbol_engine, v, true,
                                 false);
    benchmark::RegisterBenchmark(("symbol_engine_dfe" + suffix).c_str(), symbol_engine, v, false, true);
  }
  benchmark::RegisterBenchmark("statistical_link/portable", statistical_link)->Unit(benchmark::kMillisecond);
  benchmark::RegisterBenchmark("sensitivity_search/portable", sensitivity_search)
      ->Unit(benchmark::kMillisecond);
  return true;
}();

}  // namespace
}  // namespace lightlane::link
