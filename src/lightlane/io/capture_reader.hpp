#pragma once
/// Captures from files: pcap and pcapng by content, whatever the name says.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "lightlane/io/capture_parser.hpp"
#include "lightlane/signal/frames.hpp"

namespace lightlane::io {

class CaptureReader {
 public:
  /// "-" is standard input. Throws InputError: no such file, a folder, and what CaptureParser throws.
  explicit CaptureReader(const std::string& path, const CaptureReaderOptions& options = {});
  ~CaptureReader();
  CaptureReader(const CaptureReader&) = delete;
  CaptureReader& operator=(const CaptureReader&) = delete;

  /// The next frame; false at the end. Throws InputError (CaptureParser::next).
  bool next(CapturedFrame& frame);

  /// Appends frames to `out` until it holds `max_octets` or more (or `max_frames`); false if the capture
  /// ended before. sequence counts from 0 over the whole capture; time_ps is relative to the first frame
  /// (negative where the capture goes back), saturated at +-106 days.
  bool read(signal::Frames& out, std::size_t max_octets, std::size_t max_frames = ~std::size_t{0});

  /// Time of the first frame given out [ns since 1970]; 0 before.
  std::int64_t first_time_ns() const noexcept { return first_time_ns_; }
  const CaptureReport& report() const noexcept { return parser_->report(); }

 private:
  int descriptor_ = -1;
  bool owned_ = false;
  bool started_ = false;
  std::int64_t first_time_ns_ = 0;
  std::uint64_t sequence_ = 0;
  std::unique_ptr<CaptureParser> parser_;
};

}  // namespace lightlane::io
