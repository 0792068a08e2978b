#pragma once
/// Captures to files: pcap or pcapng, written aside and renamed when complete.

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "lightlane/io/atomic_file.hpp"
#include "lightlane/io/capture_parser.hpp"

namespace lightlane::io {

enum class TimeResolution { microseconds, nanoseconds };

struct CaptureWriterOptions {
  /// By name where not given: `.pcap`, `.cap` and `.dmp` are pcap; everything else pcapng.
  std::optional<CaptureFormat> format = std::nullopt;
  TimeResolution resolution = TimeResolution::nanoseconds;
  std::uint32_t snap_length = 262144;        ///< as stated in the file; nothing is cut
  std::string interface_name = "lightlane";  ///< pcapng only
  std::string application = "lightlane";     ///< pcapng only
};

/// How a frame is to be marked.
struct CaptureMark {
  std::uint8_t fcs_octets = 0;  ///< the last octets are an FCS (0 or 4): pcapng epb_flags says so
  bool fcs_error = false;       ///< pcapng epb_flags: link-layer CRC error; pcap has no place for it
};

/// Little-endian files of link type Ethernet.
class CaptureWriter {
 public:
  /// Throws InputError as AtomicFile does.
  explicit CaptureWriter(const std::string& path, const CaptureWriterOptions& options = {});

  /// Appends a frame. time_ns since 1970; finer digits than the resolution are cut. `original_octets` 0 = as
  /// many as there are. Throws InputError if a time is negative or, in pcap, behind 2106 (32-bit seconds),
  /// the frame is empty or longer than the snap length, or the disk is full.
  void write(std::span<const std::uint8_t> octets, std::int64_t time_ns, const CaptureMark& mark = {},
             std::uint32_t original_octets = 0);

  /// Makes the file appear under its name. Without it nothing appears.
  void commit() { file_.commit(); }

  std::uint64_t frames() const noexcept { return frames_; }
  CaptureFormat format() const noexcept { return format_; }

 private:
  void write_headers();

  CaptureWriterOptions options_;
  CaptureFormat format_;
  AtomicFile file_;
  std::uint64_t frames_ = 0;
};

}  // namespace lightlane::io
