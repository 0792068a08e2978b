// Rates of MII words, 64 bits each, idle included.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "lightlane/ethernet/mac_receive.hpp"
#include "lightlane/ethernet/mac_transmit.hpp"

namespace {

using namespace lightlane;

/// About 256 kB of frames of one length; 0: 64, 576 and 1518 octets as 7 : 4 : 1.
signal::Frames traffic(std::size_t octets) {
  constexpr std::size_t mix[] = {60, 572, 60, 60, 572, 60, 1514, 60, 572, 60, 572, 60};
  signal::Frames frames;
  for (std::size_t i = 0; frames.octets.size() < 256 * 1024; ++i) {
    const std::size_t length = octets == 0 ? mix[i % 12] : octets - 4;
    signal::FrameRecord record;
    record.offset = frames.octets.size();
    record.length = static_cast<std::uint32_t>(length);
    record.sequence = i;
    frames.records.push_back(record);
    for (std::size_t k = 0; k < length; ++k) frames.octets.push_back(static_cast<std::uint8_t>(k * 31 + i));
  }
  return frames;
}

void count(benchmark::State& state, std::uint64_t words) {
  state.counters["Gb/s"] =
      benchmark::Counter(64e-9 * static_cast<double>(words), benchmark::Counter::kIsRate);
}

void transmit(benchmark::State& state, std::size_t octets) {
  const signal::Frames frames = traffic(octets);
  ethernet::MacTransmit mac;
  signal::MiiWords words;
  std::vector<ethernet::SentFrame> sent;
  for (auto _ : state) {
    words.clear();
    sent.clear();
    mac.process(frames, words, &sent);
    benchmark::DoNotOptimize(words.data.data());
  }
  count(state, mac.report().words);
}

void receive(benchmark::State& state, std::size_t octets) {
  ethernet::MacTransmit source;
  signal::MiiWords words;
  source.process(traffic(octets), words);
  source.finish(words);
  ethernet::MacReceive mac;
  signal::Frames frames;
  for (auto _ : state) {
    frames.clear();
    mac.process(words, frames);
    benchmark::DoNotOptimize(frames.octets.data());
  }
  if (mac.report().frames_lost_here() != 0) state.SkipWithError("frames were lost");
  count(state, mac.report().words);
}

[[maybe_unused]] const bool registered = [] {
  for (const std::size_t octets : {64, 0, 1518, 9018}) {
    const std::string name = octets == 0 ? "mix" : std::to_string(octets);
    benchmark::RegisterBenchmark(("mac_transmit_" + name + "/portable").c_str(),
                                 [=](benchmark::State& state) { transmit(state, octets); });
    benchmark::RegisterBenchmark(("mac_receive_" + name + "/portable").c_str(),
                                 [=](benchmark::State& state) { receive(state, octets); });
  }
  return true;
}();

}  // namespace
