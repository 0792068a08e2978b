#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "lightlane/base/random.hpp"
#include "lightlane/pcs/block66.hpp"
#include "lightlane/pcs/clause119_align.hpp"
#include "lightlane/pcs/clause119_distribute.hpp"
#include "lightlane/pcs/clause119_receive.hpp"
#include "lightlane/pcs/clause119_transmit.hpp"

namespace lightlane::pcs {
namespace {

constexpr std::size_t batch_pairs = 32;
constexpr double line_bits = 10880;  // of a pair, on the lanes

/// Frames of 64 to 1518 octets, as real traffic mixes them, at minimum gap.
signal::MiiWords traffic(std::size_t words) {
  signal::MiiWords out;
  const RandomStream random(1, "bench.pcs119", 0);
  std::uint64_t k = 0;
  while (out.size() < words) {
    const std::uint64_t r = random.bits(k++);
    out.push(0xd5555555555555fb, 1);
    const std::size_t length = r % 3 == 0 ? 8 : 60 + r % 130;
    for (std::size_t i = 0; i < length; ++i) out.push(random.bits(k++), 0);
    const unsigned lane = r >> 60 & 7;
    out.push((random.bits(k++) & ((std::uint64_t{1} << (8 * lane)) - 1)) | (signal::mii::idle_word - 7 + 0xfd)
                                                                               << (8 * lane),
             static_cast<std::uint8_t>(0xff << lane));
    out.push_idle(lane % 2);
  }
  return out;
}

void rate(benchmark::State& state, double pairs) {
  state.counters["Gb/s"] = benchmark::Counter(
      pairs * line_bits * static_cast<double>(state.iterations()) / 1e9, benchmark::Counter::kIsRate);
}

/// What a variant cannot do faster it leaves to the next lower one, as everywhere.
struct Forced {
  Variant before = active_variant();
  explicit Forced(Variant variant) { force_variant(variant); }
  ~Forced() { force_variant(before); }
};

void encode_scramble(benchmark::State& state, Variant variant) {
  const Forced forced(variant);
  const signal::MiiWords words = traffic(batch_pairs * pair_words);
  Clause119Transmit transmit({});
  signal::Codewords messages;
  for (auto _ : state) {
    messages.resize(0);
    transmit.process(words, messages);
    benchmark::DoNotOptimize(messages.words.data());
  }
  rate(state, static_cast<double>(words.size()) / pair_words);
}

void distribute(benchmark::State& state, Variant variant) {
  const Forced forced(variant);
  signal::Codewords codewords;
  codewords.resize(2 * batch_pairs);
  const RandomStream random(1, "bench.pcs119", 1);
  for (std::size_t i = 0; i < codewords.words.size(); ++i) codewords.words[i] = random.bits(i);
  Clause119Distribute stage(400);
  signal::BitLanes lanes(16);
  for (auto _ : state) {
    for (auto& lane : lanes.lanes) lane.bits.clear();
    stage.process(codewords, lanes);
    benchmark::DoNotOptimize(lanes[0].bits.words());
  }
  rate(state, batch_pairs);
}

/// One marker period of lanes, each behind its own number of bits, and the messages they carry.
struct Line {
  signal::BitLanes lanes{16};
  signal::Codewords messages;
  Line() {
    Clause119Transmit transmit({});
    transmit.process(traffic(clause119_400g.period_pairs * pair_words * 21 / 20), messages);
    messages.resize(2 * clause119_400g.period_pairs);
    Clause119Distribute stage(400);
    stage.process(messages, lanes);
  }
};
const Line& line() {
  static const Line value;
  return value;
}

void align(benchmark::State& state, Variant variant) {
  const Forced forced(variant);
  Clause119Align stage({});
  Clause119Aligned out;
  // Skew, then the same period again and again: locked after the second.
  signal::BitLanes in(16);
  for (unsigned l = 0; l < 16; ++l) in[l].bits.resize(17 * l);
  stage.process(in, out);
  std::vector<signal::BitLanes> chunks;
  for (std::size_t p = 0; p < clause119_400g.period_pairs; p += batch_pairs) {
    chunks.emplace_back(16);
    for (unsigned l = 0; l < 16; ++l)
      chunks.back()[l].bits.append(line().lanes[l].bits, 680 * p, 680 * batch_pairs);
  }
  for (const auto& chunk : chunks) stage.process(chunk, out);
  std::size_t next = 0;
  for (auto _ : state) {
    out.clear();
    stage.process(chunks[next], out);
    next = (next + 1) % chunks.size();
    benchmark::DoNotOptimize(out.codewords.words.data());
  }
  if (!stage.report().align_status && state.iterations() > 10) state.SkipWithError("no lock");
  rate(state, batch_pairs);
}

void receive(benchmark::State& state, Variant variant) {
  const Forced forced(variant);
  Clause119Receive stage({});
  const std::vector<signal::DecodeOutcome> outcomes(2 * batch_pairs);
  std::vector<signal::Codewords> chunks;
  // As many as a cache holds, as behind a decoder; behind the first pair, which has the markers.
  for (std::size_t p = 1; chunks.size() < 8; p += batch_pairs) {
    chunks.emplace_back();
    chunks.back().resize(2 * batch_pairs);
    std::copy_n(line().messages.at(2 * p), 170 * batch_pairs, chunks.back().words.begin());
  }
  signal::MiiWords words;
  std::size_t next = 0;
  for (auto _ : state) {
    words.clear();
    stage.process(chunks[next], outcomes, words);
    next = (next + 1) % chunks.size();
    benchmark::DoNotOptimize(words.data.data());
  }
  rate(state, batch_pairs);
}

[[maybe_unused]] const bool registered = [] {
  for (const Variant variant : {Variant::ref, Variant::portable, Variant::avx2, Variant::avx512}) {
    if (variant > supported_variant()) continue;
    const auto add = [&](const char* what, void (*body)(benchmark::State&, Variant)) {
      benchmark::RegisterBenchmark((std::string(what) + "/" + std::string(name(variant))).c_str(), body,
                                   variant);
    };
    add("pcs119_encode_scramble", encode_scramble);
    add("pcs119_distribute", distribute);
    add("pcs119_align", align);
    add("pcs119_receive", receive);
  }
  return true;
}();

}  // namespace
}  // namespace lightlane::pcs
