// The blocks of pcapng (draft-ietf-opsawg-pcapng).

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "lightlane/base/error.hpp"
#include "lightlane/io/capture_format.hpp"
#include "lightlane/io/capture_parser.hpp"

namespace lightlane::io {
namespace {

constexpr std::size_t max_interfaces = 65536;        // bounds the memory of a hostile file
constexpr std::uint32_t max_option_bytes = 1 << 20;  // of one block that must be held whole

constexpr std::uint32_t padded(std::uint32_t octets) { return (octets + 3) & ~3u; }

}  // namespace

void CaptureParser::section_header() {
  const std::uint8_t* block = need(12, "a section header");
  swapped_ = false;
  if (u32(block + 8) != pcapng::byte_order_magic) {
    swapped_ = true;
    if (u32(block + 8) != pcapng::byte_order_magic) {
      swapped_ = false;
      fail(offset() + 8, fmt::format("a section has the byte-order magic {:08x}", u32(block + 8)),
           "1a2b3c4d, either byte order");
    }
  }
  const std::uint32_t length = u32(block + 4);
  if (length < 28 || length % 4 != 0) {
    fail(offset() + 4, fmt::format("a section header has {} bytes", length), "a multiple of 4, 28 or more");
  }
  block = need(16, "a section header");
  const std::uint16_t major = u16(block + 12);
  if (major != 1) fail(offset() + 12, fmt::format("has pcapng version {}.{}", major, u16(block + 14)), "1.x");
  skip(length - 4, "a section header");
  const std::uint8_t* trailer = need(4, "a section header");
  if (u32(trailer) != length) {
    fail(offset(), fmt::format("a section header of {} bytes ends with the length {}", length, u32(trailer)),
         "the same length at both ends");
  }
  take(4);
  interfaces_.clear();
  ++report_.sections;
}

CaptureParser::Result CaptureParser::next_block(CapturedFrame& frame) {
  if (!fill(1)) return Result::end;
  const std::uint8_t* block = need(8, "a block header");
  const std::uint32_t type = u32(block);
  if (type == pcapng::section_header) {  // the same in either byte order
    section_header();
    return Result::skipped;
  }
  const std::uint32_t length = u32(block + 4);
  if (length < 12 || length % 4 != 0) {
    fail(offset() + 4, fmt::format("a block of type {:#x} has {} bytes", type, length),
         "a multiple of 4, 12 or more");
  }
  switch (type) {
    case pcapng::interface_description:
      interface_description(length);
      return Result::skipped;
    case pcapng::packet:
    case pcapng::enhanced_packet:
      return packet_block(type, length, frame);
    case pcapng::simple_packet:
      return simple_packet_block(length, frame);
    default:
      break;
  }
  const std::uint64_t at = offset();
  skip(length - 4, "a block");
  const std::uint8_t* trailer = need(4, "a block");
  if (u32(trailer) != length) {
    fail(at, fmt::format("a block of {} bytes ends with the length {}", length, u32(trailer)),
         "the same length at both ends");
  }
  take(4);
  ++report_.skipped_blocks;
  return Result::skipped;
}

void CaptureParser::check_trailer(const std::uint8_t* block, std::uint32_t length) {
  const std::uint32_t trailer = u32(block + length - 4);
  if (trailer == length) return;
  fail(offset(), fmt::format("a block of {} bytes ends with the length {}", length, trailer),
       "the same length at both ends");
}

template <class Visit>
void CaptureParser::for_each_option(const std::uint8_t* block, std::size_t from, std::size_t to,
                                    Visit visit) {
  while (to - from >= 4) {
    const std::uint16_t code = u16(block + from), length = u16(block + from + 2);
    if (code == pcapng::option_end) return;
    if (padded(length) > to - from - 4) {
      fail(offset() + from, fmt::format("option {} has {} bytes", code, length),
           fmt::format("{} bytes, to the end of its block", to - from - 4));
    }
    visit(code, length, block + from + 4, offset() + from);
    from += 4 + padded(length);
  }
}

void CaptureParser::interface_description(std::uint32_t length) {
  if (length < 20 || length > max_option_bytes) {
    fail(offset() + 4, fmt::format("an interface description has {} bytes", length),
         fmt::format("20 to {} bytes", max_option_bytes));
  }
  if (interfaces_.size() == max_interfaces) {
    fail(offset(), fmt::format("describes more than {} interfaces", max_interfaces),
         fmt::format("{}", max_interfaces));
  }
  const std::uint8_t* block = need(length, "an interface description");
  check_trailer(block, length);
  Interface interface;
  interface.link_type = u16(block + 8);
  interface.snap_length = u32(block + 12);
  for_each_option(block, 16, length - 4,
                  [&](std::uint16_t code, std::uint16_t size, const std::uint8_t* value, std::uint64_t at) {
                    const auto expect = [&](unsigned bytes) {
                      if (size != bytes)
                        fail(at, fmt::format("option {} has {} bytes", code, size),
                             fmt::format("{} bytes", bytes));
                    };
                    switch (code) {
                      case pcapng::option_time_resolution:
                        expect(1);
                        interface.resolution = *value;
                        break;
                      case pcapng::option_time_offset:
                        expect(8);
                        interface.offset_s = static_cast<std::int64_t>(u64(value));
                        break;
                      case pcapng::option_fcs_octets:
                        // The draft says bits and gives 4 as the example; writers put octets.
                        expect(1);
                        set_fcs_octets(interface, *value == 32 ? 4 : *value, at);
                        break;
                      default:
                        break;
                    }
                  });
  const unsigned exponent = interface.resolution & 0x7f;
  report_.nanoseconds |= (interface.resolution & 0x80) != 0 ? exponent > 20 : exponent > 6;
  interfaces_.push_back(interface);
  ++report_.interfaces;
  take(length);
}

const CaptureParser::Interface& CaptureParser::interface_of(std::uint32_t index) {
  if (index >= interfaces_.size()) {
    fail(offset(), fmt::format("a packet block names interface {}", index),
         interfaces_.empty() ? "none described yet" : fmt::format("0 to {}", interfaces_.size() - 1));
  }
  check_link_type(interfaces_[index].link_type, offset());
  return interfaces_[index];
}

CaptureParser::Result CaptureParser::packet_block(std::uint32_t type, std::uint32_t length,
                                                  CapturedFrame& frame) {
  constexpr std::uint32_t header = 28, fixed = header + 4;
  if (length < fixed) {
    fail(offset() + 4, fmt::format("a packet block has {} bytes", length), fmt::format("{} or more", fixed));
  }
  const std::uint8_t* block = need(header, "a packet block");
  const std::uint32_t index = type == pcapng::packet ? u16(block + 8) : u32(block + 8);
  const Interface& interface = interface_of(index);
  Packet packet{.what = "a packet block",
                .header = header,
                .length = length,
                .captured = u32(block + 20),
                .original = u32(block + 24),
                .fcs_octets = interface.fcs_octets};
  if (packet.captured > length - fixed || padded(packet.captured) > length - fixed) {
    fail(offset() + 20,
         fmt::format("a packet block of {} bytes says that it holds {} octets", length, packet.captured),
         fmt::format("0 to {}", length - fixed));
  }
  if (length - fixed - packet.captured > max_option_bytes) {
    fail(offset() + 4, fmt::format("a packet block of {} octets has {} bytes", packet.captured, length),
         fmt::format("at most {} bytes of options", max_option_bytes));
  }
  const std::uint64_t units = static_cast<std::uint64_t>(u32(block + 12)) << 32 | u32(block + 16);
  // A frame that is skipped may be long: it is not held, so its own options cannot speak.
  if (packet.captured > options_.max_frame_octets + 4 || packet.captured < packet.original) {
    if (!usable(packet)) {
      skip(length, packet.what);
      return Result::skipped;
    }
  }
  block = need(length, packet.what);
  check_trailer(block, length);
  frame.link_error = false;
  for_each_option(block, header + padded(packet.captured), length - 4,
                  [&](std::uint16_t code, std::uint16_t size, const std::uint8_t* value, std::uint64_t at) {
                    if (code != pcapng::option_packet_flags) return;
                    if (size != 4) fail(at, fmt::format("option {} has {} bytes", code, size), "4 bytes");
                    const std::uint32_t flags = u32(value);
                    const std::uint32_t fcs_octets = flags >> pcapng::flags_fcs_octets_shift & 15;
                    Interface stated;
                    if (fcs_octets != 0) {
                      set_fcs_octets(stated, fcs_octets, at);
                      packet.fcs_octets = stated.fcs_octets;
                    }
                    frame.link_error = flags >> 24 != 0;
                  });
  if (!usable(packet)) {
    take(length);
    return Result::skipped;
  }
  last_time_ns_ = to_ns(units, interface);
  frame.interface_index = index;
  report_.error_frames += frame.link_error;
  give(packet, block + header, frame);
  return Result::frame;
}

CaptureParser::Result CaptureParser::simple_packet_block(std::uint32_t length, CapturedFrame& frame) {
  constexpr std::uint32_t header = 12, fixed = header + 4;
  if (length < fixed) {
    fail(offset() + 4, fmt::format("a simple packet block has {} bytes", length),
         fmt::format("{} or more", fixed));
  }
  const std::uint8_t* block = need(header, "a simple packet block");
  const Interface& interface = interface_of(0);
  const std::uint32_t original = u32(block + 8);
  const std::uint32_t snapped =
      interface.snap_length == 0 ? original : std::min(original, interface.snap_length);
  if (snapped > length - fixed || padded(snapped) != length - fixed) {
    fail(offset() + 8,
         fmt::format("a simple packet block of {} bytes says that it holds {} octets", length, snapped),
         fmt::format("{} to {}", length - fixed - std::min(3u, length - fixed), length - fixed));
  }
  const Packet packet{.what = "a simple packet block",
                      .header = header,
                      .length = length,
                      .captured = snapped,
                      .original = original,
                      .fcs_octets = interface.fcs_octets};
  if (!usable(packet)) {
    skip(length, packet.what);
    return Result::skipped;
  }
  block = need(length, packet.what);
  check_trailer(block, length);
  frame.interface_index = 0;
  frame.link_error = false;
  give(packet, block + header, frame);
  return Result::frame;
}

std::int64_t CaptureParser::to_ns(std::uint64_t units, const Interface& interface) {
  __extension__ typedef __int128 Wide;  // NOLINT: only so does -Wpedantic allow it
  const unsigned exponent = interface.resolution & 0x7f;
  Wide time = 0;
  if ((interface.resolution & 0x80) != 0) {
    time = static_cast<Wide>(units) * 1'000'000'000 >> exponent;
  } else if (exponent <= 9) {
    time = units;
    for (unsigned i = exponent; i < 9; ++i) time *= 10;
  } else {
    std::uint64_t rest = units;
    for (unsigned i = 9; i < exponent && rest != 0; ++i) rest /= 10;
    time = rest;
  }
  time += static_cast<Wide>(interface.offset_s) * 1'000'000'000;
  constexpr Wide limit = std::numeric_limits<std::int64_t>::max();
  if (time > limit || time < -limit) {
    fail(offset() + 12,
         fmt::format("a packet block has the time {} in units of {} {}", units,
                     (interface.resolution & 0x80) != 0 ? "2 to the -" : "10 to the -", exponent),
         "292 years around 1970");
  }
  return static_cast<std::int64_t>(time);
}

}  // namespace lightlane::io
