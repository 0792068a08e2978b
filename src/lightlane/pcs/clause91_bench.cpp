// The 100GBASE-R PCS, in Gb/s of line: 66 bits a block without FEC, 5440 bits a codeword with KP4.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "lightlane/base/random.hpp"
#include "lightlane/pcs/clause82_align.hpp"
#include "lightlane/pcs/clause82_distribute.hpp"
#include "lightlane/pcs/clause82_receive.hpp"
#include "lightlane/pcs/clause82_transmit.hpp"
#include "lightlane/pcs/clause91_align.hpp"
#include "lightlane/pcs/clause91_distribute.hpp"
#include "lightlane/pcs/clause91_receive.hpp"
#include "lightlane/pcs/clause91_transmit.hpp"

namespace lightlane::pcs {
namespace {

constexpr std::size_t batch_codewords = 64, batch_blocks = 80 * batch_codewords;

/// Frames of 64 to 1518 octets at minimum gap.
signal::MiiWords traffic(std::size_t words) {
  signal::MiiWords out;
  const RandomStream random(1, "bench.pcs100", 0);
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
  out.data.resize(words);
  out.control.resize(words);
  return out;
}

struct Forced {
  Variant before = active_variant();
  explicit Forced(Variant variant) { force_variant(variant); }
  ~Forced() { force_variant(before); }
};

void rate(benchmark::State& state, double bits) {
  state.counters["Gb/s"] =
      benchmark::Counter(bits * static_cast<double>(state.iterations()) / 1e9, benchmark::Counter::kIsRate);
}

signal::Blocks66 marked(std::size_t words) {
  Clause82Transmit transmit;
  signal::Blocks66 blocks;
  transmit.process(traffic(words), blocks);
  return blocks;
}

void clear(signal::BitLanes& lanes) {
  for (auto& lane : lanes.lanes) lane.bits.clear();
}

/// MII words -> 20 PCS lanes.
void pcs82_transmit(benchmark::State& state, Variant variant) {
  const Forced forced(variant);
  const signal::MiiWords words = traffic(batch_blocks);
  Clause82Transmit transmit;
  Clause82Distribute distribute;
  signal::Blocks66 blocks;
  signal::BitLanes lanes(20);
  for (auto _ : state) {
    blocks.clear();
    clear(lanes);
    transmit.process(words, blocks);
    distribute.process(blocks, lanes);
    benchmark::DoNotOptimize(lanes[0].bits.words());
  }
  rate(state, 66.0 * batch_blocks);
}

/// Lanes of a stream that goes on without end: whole marker periods one behind the other, cut into batches.
std::vector<signal::BitLanes> cut(const signal::BitLanes& all, std::size_t pieces) {
  std::vector<signal::BitLanes> out;
  const std::size_t bits = all[0].bits.size() / pieces;
  for (std::size_t p = 0; p < pieces; ++p) {
    out.emplace_back(all.size());
    for (std::size_t l = 0; l < all.size(); ++l) out.back()[l].bits.append(all[l].bits, p * bits, bits);
  }
  return out;
}

/// 20 PCS lanes -> MII words, in lock.
void pcs82_receive(benchmark::State& state, Variant variant) {
  const Forced forced(variant);
  const signal::Blocks66 blocks = marked(clause82::blocks_per_period);
  signal::BitLanes all;
  Clause82Distribute().process(blocks, all);
  for (auto& lane : all.lanes) lane.bits.resize(66 * clause82::marker_period);
  const auto batches = cut(all, 64);
  Clause82Align align;
  Clause82Receive receive;
  signal::Blocks66 got;
  signal::MiiWords words;
  std::size_t i = 0;
  const auto step = [&] {
    got.clear();
    words.clear();
    align.process(batches[i++ % 64], got);
    receive.process(got, words);
    benchmark::DoNotOptimize(words.data.data());
  };
  while (i < 3 * 64) step();
  for (auto _ : state) step();
  if (!align.report().align_status) state.SkipWithError("not aligned");
  rate(state, 66.0 * clause82::blocks_per_period / 64);
}

/// Marked stream -> 4 FEC lanes, parity left out.
void clause91_transmit(benchmark::State& state, Variant variant) {
  const Forced forced(variant);
  const signal::Blocks66 blocks = marked(batch_blocks);
  Clause91Transmit transmit;
  Clause91Distribute distribute(signal::kp4);
  signal::Codewords messages;
  signal::BitLanes lanes(4);
  for (auto _ : state) {
    messages.resize(0);
    clear(lanes);
    transmit.process(blocks, messages);
    distribute.process(messages, lanes);
    benchmark::DoNotOptimize(lanes[0].bits.words());
  }
  rate(state, 68.0 * static_cast<double>(blocks.size()));
}

/// 4 FEC lanes -> marked stream, or on to MII words; in lock, codewords taken as they come.
void receive91(benchmark::State& state, Variant variant, bool to_words) {
  const Forced forced(variant);
  signal::Codewords messages;
  signal::BitLanes all;
  signal::Blocks66 blocks = marked(clause82::blocks_per_period + 100);
  blocks.payload.resize(clause82::blocks_per_period);
  blocks.header.resize(clause82::blocks_per_period);
  Clause91Transmit().process(blocks, messages);
  Clause91Distribute(signal::kp4).process(messages, all);
  const auto batches = cut(all, 64);
  Clause91Align align;
  Clause91Receive receive;
  Clause82Receive upper;
  Clause91Batch batch;
  signal::Blocks66 got;
  signal::MiiWords words;
  const std::vector<signal::DecodeOutcome> outcomes(128);
  std::size_t i = 0;
  const auto step = [&] {
    got.clear();
    words.clear();
    align.process(batches[i++ % 64], batch);
    receive.process(batch, std::span(outcomes).first(batch.codewords.count), got);
    if (to_words) upper.process(got, words);
    benchmark::DoNotOptimize(got.payload.data());
  };
  while (i < 3 * 64) step();
  for (auto _ : state) step();
  if (!align.report().align_status) state.SkipWithError("not aligned");
  rate(state, 5440.0 * 64);
}

/// MII words -> 4 FEC lanes, parity left out.
void pcs100_transmit(benchmark::State& state, Variant variant) {
  const Forced forced(variant);
  const signal::MiiWords words = traffic(batch_blocks);
  Clause82Transmit upper;
  Clause91Transmit transmit;
  Clause91Distribute distribute(signal::kp4);
  signal::Blocks66 blocks;
  signal::Codewords messages;
  signal::BitLanes lanes(4);
  for (auto _ : state) {
    blocks.clear();
    messages.resize(0);
    clear(lanes);
    upper.process(words, blocks);
    transmit.process(blocks, messages);
    distribute.process(messages, lanes);
    benchmark::DoNotOptimize(lanes[0].bits.words());
  }
  rate(state, 68.0 * batch_blocks);
}

[[maybe_unused]] const bool registered = [] {
  for (const Variant variant : {Variant::ref, Variant::portable, Variant::avx2, Variant::avx512}) {
    bool have = false;
    for (const auto& kernel : clause91::kernels()) have = have || kernel.variant == variant;
    if (!have || variant > supported_variant()) continue;
    const auto add = [&](const char* what, auto function) {
      benchmark::RegisterBenchmark((std::string(what) + "/" + std::string(name(variant))).c_str(), function);
    };
    add("pcs82_transmit", [=](benchmark::State& s) { pcs82_transmit(s, variant); });
    add("pcs82_receive", [=](benchmark::State& s) { pcs82_receive(s, variant); });
    add("clause91_transmit", [=](benchmark::State& s) { clause91_transmit(s, variant); });
    add("clause91_receive", [=](benchmark::State& s) { receive91(s, variant, false); });
    add("pcs100_transmit", [=](benchmark::State& s) { pcs100_transmit(s, variant); });
    add("pcs100_receive", [=](benchmark::State& s) { receive91(s, variant, true); });
  }
  return true;
}();

}  // namespace
}  // namespace lightlane::pcs
