#include <benchmark/benchmark.h>

#include "lightlane/base/random.hpp"
#include "lightlane/base/variant.hpp"
#include "lightlane/optics/transmitter.hpp"

namespace lightlane::optics {
namespace {

constexpr std::size_t symbols = 1u << 13;

void transmit(benchmark::State& state, const TransmitterConfig& config, Variant variant) {
  if (variant > supported_variant()) {
    state.SkipWithError("this processor has no such variant");
    return;
  }
  const Variant before = active_variant();
  force_variant(variant);
  const Transmitter tx(config, 8, 1, 0);
  const signal::Halo halo = tx.halo();
  signal::Levels levels;
  const RandomStream random(1, "bench", 0);
  for (std::size_t n = 0; n < symbols + halo.before + halo.after; ++n) {
    levels.level.push_back(static_cast<std::uint8_t>(random.bits(n) & 3));
  }
  signal::Field field;
  for (auto _ : state) {
    tx.process(levels, true, field);
    benchmark::DoNotOptimize(field.re.data());
    levels.first_index += symbols;
  }
  force_variant(before);
  state.counters["Msym/s"] = benchmark::Counter(symbols * static_cast<double>(state.iterations()) / 1e6,
                                                benchmark::Counter::kIsRate);
}

TransmitterConfig of(ModulatorKind kind) {
  TransmitterConfig config;
  config.modulator.kind = kind;
  return config;
}

const bool registered = [] {
  TransmitterConfig mzm = of(ModulatorKind::mzm), ffe = mzm, jitter = mzm, eml = of(ModulatorKind::eml),
                    dml = of(ModulatorKind::dml);
  ffe.dac.ffe = {0.02, -0.1, 0.8, -0.07, 0.01};
  ffe.dac.ffe_main = 2;
  jitter.jitter.random_fs = 200;
  eml.modulator.chirp_alpha = 0.5;
  dml.modulator.chirp_alpha = 3;
  dml.modulator.chirp_adiabatic_per_ws = 1e13;
  for (const Variant variant : {Variant::ref, Variant::avx2, Variant::avx512}) {
    const std::string ending = "_8_samples/" + std::string(name(variant));
    benchmark::RegisterBenchmark(("transmitter_mzm" + ending).c_str(), transmit, mzm, variant);
    benchmark::RegisterBenchmark(("transmitter_mzm_ffe" + ending).c_str(), transmit, ffe, variant);
    benchmark::RegisterBenchmark(("transmitter_mzm_jitter" + ending).c_str(), transmit, jitter, variant);
    benchmark::RegisterBenchmark(("transmitter_eml_chirp" + ending).c_str(), transmit, eml, variant);
    benchmark::RegisterBenchmark(("transmitter_dml_chirp" + ending).c_str(), transmit, dml, variant);
  }
  return true;
}();

}  // namespace
}  // namespace lightlane::optics
