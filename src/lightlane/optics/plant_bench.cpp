#include <benchmark/benchmark.h>

#include <string>

#include "lightlane/base/random.hpp"
#include "lightlane/base/variant.hpp"
#include "lightlane/optics/plant.hpp"

namespace lightlane::optics {
namespace {

constexpr int samples_per_ui = 8;
constexpr std::size_t symbols = 1u << 15;

/// Four reflectors that are all worth simulating: six pairs.
PlantConfig dr4(double dispersion_ps_nm) {
  PlantConfig config;
  config.joints = {{0.25, -35}, {0.25, -35}};
  config.tx_reflectance_db = config.rx_reflectance_db = -30;
  config.override_dispersion = true;
  config.total_dispersion_ps_nm = dispersion_ps_nm;
  return config;
}

void plant(benchmark::State& state, Variant variant, PlantConfig config, bool interference, bool chirp) {
  force_variant(variant);
  const Plant stage(config, signal::Modulation::pam4, {5e-4, 9e-4, 1.3e-3, 1.7e-3}, Rational(425, 8),
                    samples_per_ui, 1, 0);
  signal::Field in;
  in.axis.samples_per_ui = samples_per_ui;
  in.re.resize(symbols * samples_per_ui + stage.halo().before + stage.halo().after);
  const RandomStream random(1, "bench", 0);
  for (std::size_t i = 0; i < in.re.size(); ++i)
    in.re[i] = static_cast<float>(0.02 + 0.02 * random.uniform(i));
  if (chirp) in.im = in.re;
  signal::Power out;
  for (auto _ : state) {
    stage.process(in, interference, out);
    benchmark::DoNotOptimize(out.w.data());
  }
  state.counters["Msym/s"] =
      benchmark::Counter(static_cast<double>(symbols) * static_cast<double>(state.iterations()) / 1e6,
                         benchmark::Counter::kIsRate);
  force_variant(supported_variant());
}

const bool registered = [] {
  for (const Variant variant : {Variant::ref, Variant::avx2, Variant::avx512}) {
    if (variant > supported_variant()) continue;
    const std::string suffix = std::string("/").append(name(variant));
    const auto add = [&](const char* what, double dispersion, bool interference, bool chirp) {
      benchmark::RegisterBenchmark((what + suffix).c_str(), plant, variant, dr4(dispersion), interference,
                                   chirp);
    };
    add("plant_500m_mpi", 0.8, true, false);
    add("plant_500m_mpi_chirp", 0.8, true, true);
    add("plant_500m", 0.8, false, false);
    add("plant_mpi", 0, true, false);
    add("plant_10km_chirp", 15.8, true, true);
  }
  return true;
}();

}  // namespace
}  // namespace lightlane::optics
