// Rate of exact predictions: codeword histogram, frame loss and post-FEC BER of one operating point.
#include <benchmark/benchmark.h>

#include <vector>

#include "lightlane/fec/loss_model.hpp"

namespace {

using namespace lightlane::fec;

void run(benchmark::State& state, const LossModelConfig& config) {
  const LossModel model(config);
  double ber = 2.4e-4;
  for (auto _ : state) {
    const LossPoint point = model.at(ber);
    benchmark::DoNotOptimize(model.frame_loss_ratio(point, 64));
    ber = ber < 3e-4 ? ber * 1.0001 : 2e-4;
  }
  state.counters["points/s"] =
      benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

[[maybe_unused]] const bool registered = [] {
  LossModelConfig bursts;
  bursts.burst_continuation = 0.5;
  benchmark::RegisterBenchmark("burst_model/portable", run, bursts);
  LossModelConfig skewed = bursts;
  for (int lane = 0; lane < 16; ++lane) skewed.skew_bits.push_back(37 * lane % 101);
  benchmark::RegisterBenchmark("burst_model_skewed/portable", run, skewed);
  LossModelConfig bits;
  bits.errors = LossErrors::bits;
  benchmark::RegisterBenchmark("bit_error_model/portable", run, bits);
  return true;
}();

}  // namespace
