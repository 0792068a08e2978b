// The chain as a whole: PCS transmit (64-bit words to PAM4 symbols, RS included), PCS receive, frames to frames.

#include <benchmark/benchmark.h>

#include <string>

#include "lightlane/base/parallel.hpp"
#include "lightlane/base/variant.hpp"
#include "lightlane/link/phy.hpp"
#include "lightlane/link/scenario_keys.hpp"
#include "lightlane/link/street.hpp"

namespace lightlane::link {
namespace {

/// The process runs one variant at a time: forced for the length of a benchmark.
class Forced {
 public:
  explicit Forced(Variant variant) : before_(active_variant()) { force_variant(variant); }
  ~Forced() { force_variant(before_); }

 private:
  Variant before_;
};

Scenario scenario_of(const char* structure) {
  Scenario scenario;
  scenario.link.structure = structure;
  return scenario;
}

/// Words of 1518-octet frames, as the MAC sends them.
signal::MiiWords frame_words(std::size_t count) {
  Scenario::Traffic traffic;
  traffic.frames = 1'000'000;
  TrafficSource source(traffic, 1);
  ethernet::MacTransmit mac;
  signal::MiiWords words;
  while (words.size() < count) {
    signal::Frames frames;
    source.read(frames, 1 << 17);
    mac.process(frames, words);
  }
  words.data.resize(count);
  words.control.resize(count);
  return words;
}

double line_bits(const signal::SymbolLanes& symbols) {
  double bits = 0;
  for (const auto& lane : symbols.lanes) bits += static_cast<double>(lane.levels.size());
  return bits;
}

void pcs_transmit(benchmark::State& state, Variant variant, const char* structure) {
  const Forced forced(variant);
  const Scenario scenario = scenario_of(structure);
  const auto transmit = make_transmit(scenario, structure_of(scenario));
  const signal::MiiWords words = frame_words(step_words);
  double bits = 0;
  for (auto _ : state) {
    signal::SymbolLanes symbols;
    transmit->process(words, symbols);
    bits += line_bits(symbols);
  }
  state.counters["Gb/s"] = benchmark::Counter(bits * 1e-9, benchmark::Counter::kIsRate);
}

/// Clean symbols behind the search for alignment: the steady state.
void pcs_receive(benchmark::State& state, Variant variant, const char* structure) {
  const Forced forced(variant);
  const Scenario scenario = scenario_of(structure);
  const auto transmit = make_transmit(scenario, structure_of(scenario));
  const auto receive = make_receive(scenario, structure_of(scenario));
  const signal::MiiWords words = frame_words(step_words);
  signal::MiiWords out;
  for (int step = 0; step < 200 && !receive->align_status(); ++step) {
    signal::SymbolLanes symbols;
    transmit->process(words, symbols);
    out.clear();
    receive->process(symbols, out);
  }
  double bits = 0;
  for (auto _ : state) {
    state.PauseTiming();
    signal::SymbolLanes symbols;
    transmit->process(words, symbols);
    bits += line_bits(symbols);
    out.clear();
    state.ResumeTiming();
    receive->process(symbols, out);
  }
  if (!receive->align_status()) state.SkipWithError("no alignment");
  state.counters["Gb/s"] = benchmark::Counter(bits * 1e-9, benchmark::Counter::kIsRate);
}

void frames_to_frames(benchmark::State& state, Variant variant, unsigned threads) {
  const Forced forced(variant);
  set_threads(threads);
  Scenario scenario;
  scenario.errors.model = "symbols";
  scenario.errors.ber = 2.4e-4;
  scenario.traffic.frames = 1'000'000'000;
  Street street(scenario, nullptr);
  while (street.traffic_start_word() == 0) street.step();
  for (int step = 0; step < 8; ++step) street.step();
  const std::uint64_t before = street.symbols_sent();
  for (auto _ : state) street.step();
  const double bits = static_cast<double>(street.symbols_sent() - before) * 2 * street.structure().line_lanes;
  if (street.ledger().counts().lost > 0) state.SkipWithError("frames were lost");
  state.counters["Gb/s"] = benchmark::Counter(bits * 1e-9, benchmark::Counter::kIsRate);
  set_threads(0);
}

const bool registered = [] {
  for (const Variant variant : {Variant::portable, Variant::avx2, Variant::avx512}) {
    if (variant > supported_variant()) continue;
    const auto named = [&](const char* what) { return std::string(what) + "/" + std::string(name(variant)); };
    benchmark::RegisterBenchmark(named("pcs_transmit_400g").c_str(), pcs_transmit, variant, "400g-4lane");
    benchmark::RegisterBenchmark(named("pcs_receive_400g").c_str(), pcs_receive, variant, "400g-4lane");
    benchmark::RegisterBenchmark(named("pcs_transmit_100g").c_str(), pcs_transmit, variant, "100g-1lane");
    benchmark::RegisterBenchmark(named("pcs_receive_100g").c_str(), pcs_receive, variant, "100g-1lane");
    for (const unsigned threads : {1u, 2u}) {
      benchmark::RegisterBenchmark((named("frames_to_frames_2.4e-4") + "/" + std::to_string(threads)).c_str(),
                                   frames_to_frames, variant, threads)
          ->UseRealTime();
    }
  }
  return true;
}();

}  // namespace
}  // namespace lightlane::link
