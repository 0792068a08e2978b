#include "lightlane/io/capture_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cctype>
#include <cstring>
#include <string_view>
#include <vector>

#include "lightlane/base/error.hpp"
#include "lightlane/io/capture_format.hpp"

namespace lightlane::io {
namespace {

static_assert(std::endian::native == std::endian::little, "headers are written as they lie in memory");

CaptureFormat format_of(const std::string& path) {
  const std::size_t dot = path.find_last_of("./");
  std::string suffix = dot == std::string::npos || path[dot] == '/' ? "" : path.substr(dot + 1);
  std::transform(suffix.begin(), suffix.end(), suffix.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  return suffix == "pcap" || suffix == "cap" || suffix == "dmp" ? CaptureFormat::pcap : CaptureFormat::pcapng;
}

class Block {
 public:
  template <class Integer>
  void put(Integer value) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(&value);
    bytes_.insert(bytes_.end(), bytes, bytes + sizeof value);
  }
  void option(std::uint16_t code, std::string_view value) {
    put(code);
    put(static_cast<std::uint16_t>(value.size()));
    bytes_.insert(bytes_.end(), value.begin(), value.end());
    bytes_.resize((bytes_.size() + 3) & ~std::size_t{3});
  }
  /// Ends the options, writes the length at both ends.
  std::span<const std::uint8_t> close() {
    put(std::uint32_t{0});
    const auto length = static_cast<std::uint32_t>(bytes_.size() + 4);
    put(length);
    std::memcpy(bytes_.data() + 4, &length, 4);
    return bytes_;
  }

 private:
  std::vector<std::uint8_t> bytes_;
};

constexpr std::size_t longest_option = 1000;

}  // namespace

CaptureWriter::CaptureWriter(const std::string& path, const CaptureWriterOptions& options)
    : options_(options), format_(options.format.value_or(format_of(path))), file_(path) {
  options_.interface_name.resize(std::min(options_.interface_name.size(), longest_option));
  options_.application.resize(std::min(options_.application.size(), longest_option));
  write_headers();
}

void CaptureWriter::write_headers() {
  const bool nanoseconds = options_.resolution == TimeResolution::nanoseconds;
  if (format_ == CaptureFormat::pcap) {
    const std::array<std::uint32_t, 6> header{
        nanoseconds ? pcap::magic_nanoseconds : pcap::magic_microseconds,
        pcap::version_major | pcap::version_minor << 16,
        0,
        0,
        options_.snap_length,
        link_type_ethernet};
    file_.write(std::span(reinterpret_cast<const std::uint8_t*>(header.data()), sizeof header));
    return;
  }
  Block section;
  section.put(pcapng::section_header);
  section.put(std::uint32_t{0});
  section.put(pcapng::byte_order_magic);
  section.put(std::uint16_t{1});
  section.put(std::uint16_t{0});
  section.put(~std::uint64_t{0});  // length of the section not stated
  section.option(pcapng::option_application, options_.application);
  file_.write(section.close());

  Block interface;
  interface.put(pcapng::interface_description);
  interface.put(std::uint32_t{0});
  interface.put(static_cast<std::uint16_t>(link_type_ethernet));
  interface.put(std::uint16_t{0});
  interface.put(options_.snap_length);
  interface.option(pcapng::option_interface_name, options_.interface_name);
  interface.option(pcapng::option_time_resolution, std::string_view(nanoseconds ? "\x09" : "\x06", 1));
  file_.write(interface.close());
}

void CaptureWriter::write(std::span<const std::uint8_t> octets, std::int64_t time_ns, const CaptureMark& mark,
                          std::uint32_t original_octets) {
  const std::string place = fmt::format("{}: frame {}", file_.path(), frames_);
  if (octets.empty() || octets.size() > options_.snap_length) {
    throw InputError({place, fmt::format("has {} octets", octets.size()),
                      fmt::format("1 to {} octets", options_.snap_length), "the snap length of the file"});
  }
  const bool nanoseconds = options_.resolution == TimeResolution::nanoseconds;
  const std::int64_t units_per_s = nanoseconds ? 1'000'000'000 : 1'000'000;
  const std::int64_t units = nanoseconds ? time_ns : time_ns / 1000;
  if (time_ns < 0 || (format_ == CaptureFormat::pcap && units / units_per_s > 0xffffffff)) {
    throw InputError({place, fmt::format("has the time {} ns", time_ns),
                      format_ == CaptureFormat::pcap ? "1970 to 2106" : "1970 or later", ""});
  }
  const auto captured = static_cast<std::uint32_t>(octets.size());
  const std::uint32_t original = original_octets == 0 ? captured : original_octets;
  if (format_ == CaptureFormat::pcap) {
    const std::array<std::uint32_t, 4> header{static_cast<std::uint32_t>(units / units_per_s),
                                              static_cast<std::uint32_t>(units % units_per_s), captured,
                                              original};
    file_.write(std::span(reinterpret_cast<const std::uint8_t*>(header.data()), sizeof header));
    file_.write(octets);
  } else {
    const std::uint32_t flags = pcapng::flags_inbound |
                                static_cast<std::uint32_t>(mark.fcs_octets)
                                    << pcapng::flags_fcs_octets_shift |
                                (mark.fcs_error ? pcapng::flags_crc_error : 0);
    const bool marked = mark.fcs_octets != 0 || mark.fcs_error;
    const std::uint32_t padding = -captured & 3u;
    const std::uint32_t length = 28 + captured + padding + (marked ? 12 : 0) + 4;
    const auto time = static_cast<std::uint64_t>(units);
    const std::array<std::uint32_t, 7> header{
        pcapng::enhanced_packet,          length,   0,       static_cast<std::uint32_t>(time >> 32),
        static_cast<std::uint32_t>(time), captured, original};
    file_.write(std::span(reinterpret_cast<const std::uint8_t*>(header.data()), sizeof header));
    file_.write(octets);
    std::array<std::uint8_t, 19> tail{};
    std::size_t size = padding;
    const auto put = [&](std::uint32_t value) {
      std::memcpy(tail.data() + size, &value, 4);
      size += 4;
    };
    if (marked) {
      put(pcapng::option_packet_flags | 4u << 16);
      put(flags);
      put(0);
    }
    put(length);
    file_.write(std::span(tail.data(), size));
  }
  ++frames_;
}

}  // namespace lightlane::io
