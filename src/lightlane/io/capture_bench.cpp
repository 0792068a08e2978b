#include <benchmark/benchmark.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <vector>

#include "lightlane/io/capture_reader.hpp"
#include "lightlane/io/capture_writer.hpp"

namespace {

using namespace lightlane;

/// A capture of 64 MB of frames of one length, from the page cache.
void read_capture(benchmark::State& state, const char* suffix, std::size_t frame_octets) {
  const std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("lightlane-bench-" + std::to_string(::getpid()) + suffix);
  {
    const std::vector<std::uint8_t> frame(frame_octets, 0x5a);
    io::CaptureWriter writer(path.string());
    for (std::size_t octets = 0; octets < 64'000'000; octets += frame_octets) writer.write(frame, 1);
    writer.commit();
  }
  std::uint64_t bytes = 0, sum = 0;
  for (auto _ : state) {
    io::CaptureReader reader(path.string());
    io::CapturedFrame frame;
    while (reader.next(frame)) sum += frame.octets.size();
    bytes += reader.report().bytes;
  }
  std::filesystem::remove(path);
  benchmark::DoNotOptimize(sum);
  state.counters["GB/s"] = benchmark::Counter(static_cast<double>(bytes) / 1e9, benchmark::Counter::kIsRate);
}

[[maybe_unused]] const bool registered = [] {
  for (const std::size_t octets : {60, 1514, 9014}) {
    for (const char* suffix : {".pcap", ".pcapng"}) {
      benchmark::RegisterBenchmark(
          ("capture_read_" + std::string(suffix + 1) + "_" + std::to_string(octets) + "/portable").c_str(),
          [=](benchmark::State& state) { read_capture(state, suffix, octets); });
    }
  }
  return true;
}();

}  // namespace
