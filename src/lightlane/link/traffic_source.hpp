#pragma once
/// Where frames come from: a capture (sent once or over and over), the capture shipped inside the program, or a
/// generator.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lightlane/link/scenario.hpp"
#include "lightlane/signal/frames.hpp"

namespace lightlane::io {
struct CapturedFrame;
}

namespace lightlane::link {

/// Stands for the shipped capture wherever a file name may stand: two hosts, recorded between network namespaces
/// (data/captures/README.md).
inline constexpr const char* shipped_capture = "builtin:two-hosts";

struct TrafficReport {
  std::uint64_t frames = 0;
  std::uint64_t octets = 0;      ///< without FCS
  std::uint64_t cut_frames = 0;  ///< in the capture, but cut by its snap length: not sent
  std::string source;            ///< file name, shipped capture, or what the generator makes
};

class TrafficSource {
 public:
  /// Throws InputError if the capture cannot be read.
  /// `stream` sets the generator's payload apart from that of other ports and directions.
  TrafficSource(const Scenario::Traffic& config, std::uint64_t seed, std::uint32_t stream = 0);
  ~TrafficSource();

  /// Appends about `max_octets` octets of frames; false when all has been given out. sequence counts from 0 over
  /// all repetitions; time_ps goes on from repetition to repetition (one mean gap between them).
  bool read(signal::Frames& out, std::size_t max_octets);

  /// Lengths of all frames given out so far, FCS included, as (octets, count), ascending.
  std::vector<std::pair<std::uint32_t, std::uint64_t>> lengths() const;
  const TrafficReport& report() const noexcept { return report_; }

 private:
  class Capture;
  bool read_capture(signal::Frames& out, std::size_t max_octets);
  /// [ps] since the first frame of the run. Throws InputError where pacing needs a time that is too far away.
  std::int64_t time_of(const io::CapturedFrame& frame) const;
  bool generate(signal::Frames& out, std::size_t max_octets);
  void count(const signal::Frames& frames, std::size_t from);

  Scenario::Traffic config_;
  std::uint64_t seed_;
  std::uint32_t stream_;
  std::unique_ptr<Capture> capture_;
  std::int64_t pass_ = 0;
  std::int64_t pass_start_ps_ = 0, last_ps_ = 0;
  std::optional<std::int64_t> pass_first_ns_;
  std::uint64_t sequence_ = 0;
  std::vector<std::uint8_t> payload_;  ///< of the generator
  std::vector<std::uint64_t> lengths_;
  TrafficReport report_;
};

}  // namespace lightlane::link
