// mac_loop IN OUT [--us] [--keep-fcs] [--damage N]...: a capture through the MAC and back, for tests.
//   Sends the frames of IN, flips one bit inside each frame N, and writes what the receiver delivers (frames
//   with a wrong FCS too, marked). Prints a JSON object of counters.
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "lightlane/base/error.hpp"
#include "lightlane/ethernet/mac_receive.hpp"
#include "lightlane/ethernet/mac_transmit.hpp"
#include "lightlane/io/capture_reader.hpp"
#include "lightlane/io/capture_writer.hpp"

namespace {

using namespace lightlane;

int loop(const std::string& from, const std::string& to, io::TimeResolution resolution, bool keep_fcs,
         const std::vector<std::size_t>& damage) {
  io::CaptureReader reader(from);
  io::CaptureWriter writer(to, {.resolution = resolution});
  ethernet::MacTransmit transmit;
  ethernet::MacReceive receive({.keep_fcs = keep_fcs, .keep_fcs_errors = true});
  signal::Frames frames, delivered;
  bool more = true;
  while (more) {
    frames.clear();
    delivered.clear();
    more = reader.read(frames, 65536);
    signal::MiiWords words;
    std::vector<ethernet::SentFrame> sent;
    transmit.process(frames, words, &sent);
    transmit.finish(words);
    for (const ethernet::SentFrame& frame : sent) {
      for (const std::size_t number : damage) {
        if (number == frame.sequence) words.data[frame.word_index - words.first_index + 4] ^= 1u << 17;
      }
    }
    receive.process(words, delivered);
    if (delivered.size() != frames.size()) return EXIT_FAILURE;
    for (std::size_t i = 0; i < delivered.size(); ++i) {
      const signal::FrameRecord& record = delivered.records[i];
      writer.write(
          delivered[i], reader.first_time_ns() + frames.records[i].time_ps / 1000,
          {.fcs_octets = static_cast<std::uint8_t>(record.fcs_kept ? 4 : 0), .fcs_error = record.fcs_error});
    }
  }
  writer.commit();
  const io::CaptureReport& capture = reader.report();
  const ethernet::MacReceiveReport report = receive.report();
  fmt::print("{{\"frames\":{},\"cut_frames\":{},\"error_frames\":{},\"delivered\":{},\"fcs_errors\":{}}}\n",
             capture.frames, capture.cut_frames, capture.error_frames, report.frames, report.fcs_errors);
  return EXIT_SUCCESS;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> names;
  std::vector<std::size_t> damage;
  lightlane::io::TimeResolution resolution = lightlane::io::TimeResolution::nanoseconds;
  bool keep_fcs = false;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == "--us") {
      resolution = lightlane::io::TimeResolution::microseconds;
    } else if (argument == "--keep-fcs") {
      keep_fcs = true;
    } else if (argument == "--damage" && i + 1 < argc) {
      damage.push_back(std::strtoul(argv[++i], nullptr, 10));
    } else {
      names.emplace_back(argument);
    }
  }
  if (names.size() != 2) return 2;
  try {
    return loop(names[0], names[1], resolution, keep_fcs, damage);
  } catch (const lightlane::InputError& error) {
    std::fprintf(stderr, "mac_loop: %s\n", error.what());
    return 3;
  }
}
