// Line rate of the Reed-Solomon codec, per core: bits of whole codewords per second.
#include <benchmark/benchmark.h>

#include <string>

#include "lightlane/base/random.hpp"
#include "lightlane/fec/reed_solomon.hpp"

namespace lightlane::fec {
namespace {

constexpr std::size_t codewords = 1024;

signal::Codewords make_codewords(const signal::FecCode& code) {
  const RandomStream draws(1, "bench.reed_solomon", 0);
  signal::Codewords words;
  words.code = code;
  words.resize(codewords);
  for (std::size_t c = 0; c < codewords; ++c) {
    for (int s = 0; s < code.k; ++s) signal::xor_symbol(words.at(c), s, draws.bits(600 * c + s) & 1023);
  }
  ReedSolomon(code).encode(words);
  return words;
}

/// Bit errors at this ratio, or exactly `symbols` symbol errors in every codeword.
void add_errors(signal::Codewords& words, double ratio, int symbols) {
  const RandomStream draws(2, "bench.reed_solomon", 0);
  std::uint64_t draw = 0;
  for (std::size_t c = 0; c < words.count; ++c) {
    if (ratio > 0) {
      for (int bit = 0; bit < words.code.bits(); ++bit) {
        if (draws.uniform(draw++) < ratio) signal::xor_symbol(words.at(c), bit / 10, 1u << bit % 10);
      }
    }
    const int stride = words.code.n / std::max(symbols, 1);
    for (int i = 0; i < symbols; ++i) {
      const auto where = static_cast<std::size_t>(stride * i + static_cast<int>(draws.bits(draw++) % stride));
      signal::xor_symbol(words.at(c), where, 1 + draws.bits(draw++) % 1023);
    }
  }
}

void set_rate(benchmark::State& state, const signal::FecCode& code) {
  const double bits = static_cast<double>(code.bits()) * codewords * static_cast<double>(state.iterations());
  state.counters["Gb/s"] = benchmark::Counter(bits / 1e9, benchmark::Counter::kIsRate);
}

void encode(benchmark::State& state, const signal::FecCode& code, Variant variant) {
  const ReedSolomon codec(code, variant);
  auto words = make_codewords(code);
  for (auto _ : state) {
    codec.encode(words);
    benchmark::ClobberMemory();
  }
  set_rate(state, code);
}

/// Decoding corrects in place: the errors are put back between rounds, 2 % of the time of a clean round.
void decode(benchmark::State& state, const signal::FecCode& code, Variant variant, double ratio,
            int symbols) {
  const ReedSolomon codec(code, variant);
  auto words = make_codewords(code);
  add_errors(words, ratio, symbols);
  std::vector<signal::DecodeOutcome> outcomes(codewords);
  std::vector<signal::Correction> corrections;
  for (auto _ : state) {
    corrections.clear();
    codec.decode(words, outcomes, &corrections);
    for (const auto& c : corrections) signal::xor_symbol(words.at(c.codeword), c.symbol, c.value);
    benchmark::ClobberMemory();
  }
  set_rate(state, code);
}

const bool registered = [] {
  for (const Variant variant : ReedSolomon::variants()) {
    for (const signal::FecCode& code : {signal::kp4, signal::kr4}) {
      const std::string base(code.name), suffix = "/" + std::string(name(variant));
      const auto add = [&](const std::string& what, auto function) {
        benchmark::RegisterBenchmark((base + "_" + what + suffix).c_str(), function);
      };
      add("encode", [=](benchmark::State& state) { encode(state, code, variant); });
      add("decode_clean", [=](benchmark::State& state) { decode(state, code, variant, 0, 0); });
      add("decode_ber2.4e-4", [=](benchmark::State& state) { decode(state, code, variant, 2.4e-4, 0); });
      add("decode_" + std::to_string(code.t) + "errors",
          [=](benchmark::State& state) { decode(state, code, variant, 0, code.t); });
    }
  }
  return true;
}();

}  // namespace
}  // namespace lightlane::fec
