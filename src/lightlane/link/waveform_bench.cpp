// The waveform engine as a run has it: segments of a lane from levels to decisions, one thread.

#include <benchmark/benchmark.h>

#include <string>

#include "lightlane/base/parallel.hpp"
#include "lightlane/base/variant.hpp"
#include "lightlane/link/lane_extraction.hpp"
#include "lightlane/link/optical_channel.hpp"
#include "lightlane/link/optical_test_tools.hpp"
#include "lightlane/link/scenario_keys.hpp"

namespace lightlane::link {
namespace {

constexpr std::size_t symbols = 1u << 16;

/// What this thread does while the benchmark of one variant runs.
class Alone {
 public:
  explicit Alone(Variant variant) : variant_(active_variant()), threads_(threads()) {
    force_variant(variant);
    set_threads(1);
  }
  ~Alone() {
    force_variant(variant_);
    set_threads(threads_);
  }
  Alone(const Alone&) = delete;

 private:
  Variant variant_;
  unsigned threads_;
};

void rate(benchmark::State& state, double count, const char* unit) {
  state.counters[unit] = benchmark::Counter(count * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

/// 100GBASE-DR, one lane of the typical DR4: MZM at 8 samples per UI, receiver, 15-tap FFE, slicer.
const std::vector<std::string> typical{"link.pmd=100GBASE-DR", "plant.added_attenuation_db=10"};

void waveform_engine(benchmark::State& state, Variant variant, bool interference) {
  if (supported_variant() < variant) return state.SkipWithError("not on this processor");
  const Alone alone(variant);
  std::vector<std::string> assignments = typical;
  if (!interference) assignments.push_back("plant.interference=false");
  const Scenario scenario = test::lit(assignments);
  const OpticalLink link(scenario, structure_of(scenario));
  const OpticalLane& lane = link.lanes()[0];
  const rxdsp::Decider decider(lane.equalizer, 1, 0);
  const signal::Halo halo = lane.chain->halo();
  const std::size_t taps = lane.equalizer.ffe.size() - 1, count = static_cast<std::size_t>(waveform_segment);
  signal::Levels window = random_levels(1, 0, signal::Modulation::pam4, 0, halo.before + taps + count + halo.after);
  signal::Power power;
  signal::Current current;
  rxdsp::Decisions decisions;
  for (auto _ : state) {
    for (std::size_t done = 0; done < symbols; done += count) {
      lane.chain->power(window, true, interference, power);
      lane.chain->receiver().sample(power, lane.phase_ui, true, current);
      decider.process(current.a, current.axis.first_index, false, decisions);
      benchmark::DoNotOptimize(decisions.level.data());
      window.first_index += waveform_segment;
    }
  }
  rate(state, symbols / 1e6, "Msym/s");
}

void optical_channel(benchmark::State& state, Variant variant, const char* engine) {
  if (supported_variant() < variant) return state.SkipWithError("not on this processor");
  const Alone alone(variant);
  Scenario scenario = test::lit(typical);
  const OpticalLink link(scenario, structure_of(scenario));
  scenario.link.engine = engine;
  OpticalChannel channel(link, scenario);
  signal::SymbolLanes in = test::random_symbols(1, signal::Modulation::pam4, 0, symbols), out(1);
  for (auto _ : state) {
    channel.process(in, out);
    in[0].first_index += symbols;
    out.clear();
  }
  rate(state, symbols / 1e6, "Msym/s");
}

/// A lane from its setup to its error ratio, training included.
void statistical_whole_link(benchmark::State& state, Variant variant) {
  if (supported_variant() < variant) return state.SkipWithError("not on this processor");
  const Alone alone(variant);
  const Scenario scenario = test::lit(typical);
  const LaneSetup setup = lane_setup(scenario, structure_of(scenario), 0);
  for (auto _ : state) {
    const LaneChain chain(setup, 1);
    const LaneModel model = extract(chain, recovered_phase(chain, 1), {}, 0, 0);
    benchmark::DoNotOptimize(evaluate(model, setup.dsp, 0).ber);
  }
  rate(state, 1, "links/s");
}

const bool registered = [] {
  for (const Variant v : {Variant::ref, Variant::portable, Variant::avx2, Variant::avx512}) {
    const std::string suffix = "/" + std::string(name(v));
    benchmark::RegisterBenchmark(("waveform_engine" + suffix).c_str(), waveform_engine, v, true);
    benchmark::RegisterBenchmark(("waveform_engine_no_reflections" + suffix).c_str(), waveform_engine, v, false);
    benchmark::RegisterBenchmark(("optical_channel_waveform" + suffix).c_str(), optical_channel, v, "waveform");
    benchmark::RegisterBenchmark(("optical_channel_symbol" + suffix).c_str(), optical_channel, v, "symbol");
    benchmark::RegisterBenchmark(("statistical_whole_link" + suffix).c_str(), statistical_whole_link, v)
        ->Unit(benchmark::kMillisecond);
  }
  return true;
}();

}  // namespace
}  // namespace lightlane::link
