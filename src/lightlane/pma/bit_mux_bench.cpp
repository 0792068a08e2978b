#include <benchmark/benchmark.h>

#include <string>

#include "lightlane/base/random.hpp"
#include "lightlane/base/variant.hpp"
#include "lightlane/pma/bit_mux.hpp"
#include "lightlane/pma/gray.hpp"

namespace lightlane::pma {
namespace {

constexpr std::size_t lane_bits = 1u << 16;

signal::BitLanes lanes(std::size_t count, std::size_t bits) {
  signal::BitLanes result(count);
  for (std::size_t l = 0; l < count; ++l) {
    const RandomStream random(1, "bench", static_cast<std::uint32_t>(l));
    for (std::size_t b = 0; b < bits; b += 64) result[l].bits.append(random.bits(b), 64);
  }
  return result;
}

void count(benchmark::State& state, std::size_t bits) {
  state.counters["Gb/s"] = benchmark::Counter(
      static_cast<double>(bits) * static_cast<double>(state.iterations()) / 1e9, benchmark::Counter::kIsRate);
}

void mux(benchmark::State& state, Variant variant, std::size_t n, std::size_t m) {
  force_variant(variant);
  BitMux stage({n, m, {}, {}, {}, {}});
  signal::BitLanes in = lanes(n, lane_bits), out;
  for (auto _ : state) {
    for (auto& lane : out.lanes) lane.bits.clear();
    stage.process(in, out);
    benchmark::DoNotOptimize(out.lanes.data());
    for (auto& lane : in.lanes) lane.first_index += lane_bits;
  }
  count(state, n * lane_bits);
  force_variant(supported_variant());
}

void demux(benchmark::State& state, Variant variant, std::size_t m, std::size_t n) {
  force_variant(variant);
  BitDemux stage({m, n, {}, {}, {}});
  signal::BitLanes in = lanes(m, lane_bits * n / m), out;
  for (auto _ : state) {
    for (auto& lane : out.lanes) lane.bits.clear();
    stage.process(in, out);
    benchmark::DoNotOptimize(out.lanes.data());
    for (auto& lane : in.lanes) lane.first_index += lane_bits * n / m;
  }
  count(state, n * lane_bits);
  force_variant(supported_variant());
}

void gray(benchmark::State& state, bool precoding) {
  GrayEncoder encoder({4, signal::Modulation::pam4, std::vector<bool>(4, precoding), {}});
  signal::BitLanes in = lanes(4, 4 * lane_bits);
  signal::SymbolLanes out;
  for (auto _ : state) {
    for (auto& lane : out.lanes) lane.levels.clear();
    encoder.process(in, out);
    benchmark::DoNotOptimize(out.lanes.data());
    for (auto& lane : in.lanes) lane.first_index += 4 * lane_bits;
  }
  count(state, 16 * lane_bits);
}

const bool registered = [] {
  for (const Variant variant : {Variant::ref, Variant::portable, Variant::avx2, Variant::avx512}) {
    if (variant > supported_variant()) continue;
    const std::string suffix = std::string("/").append(name(variant));
    benchmark::RegisterBenchmark(("mux16to8" + suffix).c_str(), mux, variant, std::size_t{16},
                                 std::size_t{8});
    benchmark::RegisterBenchmark(("mux16to4" + suffix).c_str(), mux, variant, std::size_t{16},
                                 std::size_t{4});
    benchmark::RegisterBenchmark(("mux20to4" + suffix).c_str(), mux, variant, std::size_t{20},
                                 std::size_t{4});
    benchmark::RegisterBenchmark(("demux4to16" + suffix).c_str(), demux, variant, std::size_t{4},
                                 std::size_t{16});
    benchmark::RegisterBenchmark(("demux4to20" + suffix).c_str(), demux, variant, std::size_t{4},
                                 std::size_t{20});
  }
  benchmark::RegisterBenchmark("gray/portable", gray, false);
  benchmark::RegisterBenchmark("gray_precoded/portable", gray, true);
  return true;
}();

}  // namespace
}  // namespace lightlane::pma
