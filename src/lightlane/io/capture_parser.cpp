#include "lightlane/io/capture_parser.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "lightlane/base/error.hpp"
#include "lightlane/io/capture_format.hpp"

namespace lightlane::io {
namespace {

constexpr std::size_t window_bytes = 256 * 1024;
/// A frame that says it is longer is no frame but a broken record, also where long ones are skipped.
constexpr std::uint32_t absurd_octets = 1u << 26;

template <class Integer>
Integer load(const std::uint8_t* p) noexcept {
  Integer value;
  std::memcpy(&value, p, sizeof value);
  if constexpr (std::endian::native == std::endian::big) {
    auto* bytes = reinterpret_cast<std::uint8_t*>(&value);
    std::reverse(bytes, bytes + sizeof value);
  }
  return value;
}

std::string link_type_name(std::uint32_t link_type) {
  switch (link_type) {
    case 0:
      return "0 (BSD loopback)";
    case 9:
      return "9 (PPP)";
    case 12:
    case 14:
    case 101:
      return fmt::format("{} (raw IP)", link_type);
    case 105:
      return "105 (802.11)";
    case 113:
      return "113 (Linux cooked capture)";
    case 127:
      return "127 (802.11 with radiotap header)";
    case 276:
      return "276 (Linux cooked capture v2)";
    default:
      return fmt::format("{}", link_type);
  }
}

}  // namespace

CaptureParser::CaptureParser(std::string name, Read read, const CaptureReaderOptions& options)
    : name_(std::move(name)), read_(std::move(read)), options_(options), buffer_(window_bytes) {
  open();
}

bool CaptureParser::next(CapturedFrame& frame) {
  take(std::exchange(pending_, 0));
  while (!finished_) {
    const Result result = report_.format == CaptureFormat::pcap ? next_pcap(frame) : next_block(frame);
    if (result == Result::frame) return true;
    if (result == Result::end) finished_ = true;
  }
  return false;
}

// --- bytes

bool CaptureParser::fill(std::size_t count) {
  if (end_ - begin_ >= count) return true;
  std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  base_ += begin_;
  end_ -= begin_;
  begin_ = 0;
  if (count > buffer_.size()) buffer_.resize(std::bit_ceil(count));
  while (end_ < count && !source_ended_) {
    const std::size_t got = read_(buffer_.data() + end_, buffer_.size() - end_);
    source_ended_ = got == 0;
    end_ += got;
    report_.bytes += got;
  }
  return end_ >= count;
}

const std::uint8_t* CaptureParser::need(std::size_t count, const char* what) {
  if (!fill(count)) {
    fail(offset(), fmt::format("ends inside {}: {} of its {} bytes are there", what, end_ - begin_, count),
         "whole records", "the file is truncated");
  }
  return buffer_.data() + begin_;
}

void CaptureParser::skip(std::uint64_t count, const char* what) {
  const std::uint64_t at = offset();
  std::uint64_t left = count;
  while (left > 0) {
    if (!fill(1)) {
      fail(at, fmt::format("ends inside {}: {} of its {} bytes are there", what, count - left, count),
           "whole records", "the file is truncated");
    }
    const std::size_t step = std::min<std::uint64_t>(left, end_ - begin_);
    take(step);
    left -= step;
  }
}

std::uint16_t CaptureParser::u16(const std::uint8_t* p) const noexcept {
  const auto value = load<std::uint16_t>(p);
  return swapped_ ? static_cast<std::uint16_t>(value << 8 | value >> 8) : value;
}

std::uint32_t CaptureParser::u32(const std::uint8_t* p) const noexcept {
  const auto value = load<std::uint32_t>(p);
  return swapped_ ? __builtin_bswap32(value) : value;
}

std::uint64_t CaptureParser::u64(const std::uint8_t* p) const noexcept {
  const auto value = load<std::uint64_t>(p);
  return swapped_ ? __builtin_bswap64(value) : value;
}

void CaptureParser::fail(std::uint64_t at, std::string problem, std::string allowed, std::string hint) {
  finished_ = true;
  throw InputError(
      {fmt::format("{}: offset {}", name_, at), std::move(problem), std::move(allowed), std::move(hint)});
}

// --- the two formats' common rules

void CaptureParser::open() {
  constexpr const char* allowed = "pcap (a1b2c3d4, a1b23c4d) or pcapng (0a0d0d0a), either byte order";
  if (!fill(1)) fail(0, "is empty", "a pcap or pcapng capture");
  if (!fill(4)) fail(0, fmt::format("has only {} bytes", end_), allowed, "the file is truncated");
  const auto magic = load<std::uint32_t>(buffer_.data());
  const std::uint32_t other = __builtin_bswap32(magic);
  if (magic == pcapng::section_header) {
    report_.format = CaptureFormat::pcapng;
    section_header();
    return;
  }
  for (const std::uint32_t known : {pcap::magic_microseconds, pcap::magic_nanoseconds}) {
    if (magic != known && other != known) continue;
    swapped_ = magic != known;
    report_.nanoseconds = known == pcap::magic_nanoseconds;
    open_pcap();
    return;
  }
  std::string hint;
  if (magic == pcap::magic_kuznetzov || other == pcap::magic_kuznetzov) {
    hint = "a modified pcap; editcap -F pcapng makes it readable";
  } else if ((magic & 0xffff) == 0x8b1f) {
    hint = "compressed with gzip; unpack it first, e.g. zcat file | ... -";
  } else if (magic == 0xfd2fb528) {
    hint = "compressed with zstd; unpack it first";
  }
  fail(0, fmt::format("begins with {:08x}", other), allowed, hint);
}

void CaptureParser::check_link_type(std::uint32_t link_type, std::uint64_t at) {
  if (link_type == link_type_ethernet) return;
  fail(at, fmt::format("has link type {}", link_type_name(link_type)), "1 (Ethernet)",
       link_type == 113 || link_type == 276 ? "capture on one interface instead of 'any'" : "");
}

void CaptureParser::set_fcs_octets(Interface& interface, std::uint32_t octets, std::uint64_t at) {
  if (octets != 0 && octets != 4) {
    fail(at, fmt::format("says that frames end in an FCS of {} octets", octets), "0 or 4", "802.3 3.2.9");
  }
  interface.fcs_octets = octets;
}

/// Whether the frame can be given out; if not it has been counted. Contradictions throw.
bool CaptureParser::usable(const Packet& packet) {
  const std::uint32_t captured = packet.captured, original = packet.original;
  if (captured > original) {
    fail(offset(), fmt::format("{} holds {} octets of a frame of {}", packet.what, captured, original),
         "no more than the frame had");
  }
  if (original <= packet.fcs_octets) {
    fail(offset(),
         fmt::format("{} holds a frame of {} octets", packet.what,
                     original - packet.fcs_octets * (original != 0)),
         "1 octet or more");
  }
  const std::uint32_t limit = options_.max_frame_octets;
  if (original > absurd_octets) {
    fail(offset(),
         fmt::format("{} says that it holds {} octets of a frame of {}", packet.what, captured, original),
         fmt::format("1 to {} octets", limit), "the file is damaged");
  }
  if (original - packet.fcs_octets > limit) {
    if (!options_.skip_long) {
      fail(offset(), fmt::format("{} holds a frame of {} octets", packet.what, original - packet.fcs_octets),
           fmt::format("1 to {} octets", limit),
           "captures taken with segmentation offload hold frames that were never on a wire: "
           "ethtool -K <interface> tso off gso off gro off lro off");
    }
    ++report_.long_frames;
    return false;
  }
  if (captured < original) {
    if (options_.refuse_cut) {
      fail(offset(), fmt::format("{} holds {} octets of a frame of {}", packet.what, captured, original),
           "whole frames", "record with snap length 0");
    }
    ++report_.cut_frames;
    return false;
  }
  return true;
}

void CaptureParser::give(const Packet& packet, const std::uint8_t* octets, CapturedFrame& frame) {
  frame.octets = {octets, packet.captured - packet.fcs_octets};
  frame.time_ns = last_time_ns_;
  frame.original_octets = packet.original;
  frame.file_offset = offset();
  ++report_.frames;
  report_.octets += frame.octets.size();
  report_.fcs_removed += packet.fcs_octets != 0;
  pending_ = packet.length;
}

// --- pcap

void CaptureParser::open_pcap() {
  const std::uint8_t* header = need(24, "the file header");
  const std::uint16_t major = u16(header + 4), minor = u16(header + 6);
  if (major != pcap::version_major || minor < 3) {
    fail(4, fmt::format("has version {}.{}", major, minor), "2.3, 2.4");
  }
  const std::uint32_t link = u32(header + 20);
  check_link_type(link & pcap::link_type_mask, 20);
  interfaces_.assign(1, Interface{});
  if ((link & pcap::fcs_stated) != 0)
    set_fcs_octets(interfaces_[0], 2 * (link >> pcap::fcs_length_shift), 20);
  report_.sections = report_.interfaces = 1;
  take(24);
}

CaptureParser::Result CaptureParser::next_pcap(CapturedFrame& frame) {
  if (!fill(1)) return Result::end;
  const std::uint8_t* header = need(16, "a record header");
  const std::int64_t seconds = u32(header), fraction = u32(header + 4);
  const std::int64_t time_ns = seconds * 1'000'000'000 + fraction * (report_.nanoseconds ? 1 : 1000);
  Packet packet{.what = "a record",
                .header = 16,
                .length = 16 + static_cast<std::uint64_t>(u32(header + 8)),
                .captured = u32(header + 8),
                .original = u32(header + 12),
                .fcs_octets = interfaces_[0].fcs_octets};
  if (!usable(packet)) {
    skip(packet.length, packet.what);
    return Result::skipped;
  }
  const std::uint8_t* record = need(packet.length, packet.what);
  last_time_ns_ = time_ns;
  frame.interface_index = 0;
  frame.link_error = false;
  give(packet, record + packet.header, frame);
  return Result::frame;
}

}  // namespace lightlane::io
