#include "lightlane/io/waveform_reader.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <limits>
#include <memory>

#include "lightlane/base/error.hpp"
#include "lightlane/io/waveform_parsers.hpp"

namespace lightlane::io {
namespace {

constexpr std::string_view npy_magic = "\x93NUMPY";

struct FormatName {
  std::string_view name;
  WaveformFormat format;
};
constexpr FormatName format_names[] = {{"auto", WaveformFormat::automatic},
                                       {"npy", WaveformFormat::npy},
                                       {"f32", WaveformFormat::float32},
                                       {"csv", WaveformFormat::csv}};
constexpr FormatName endings[] = {{".npy", WaveformFormat::npy},     {".f32", WaveformFormat::float32},
                                  {".raw", WaveformFormat::float32}, {".bin", WaveformFormat::float32},
                                  {".csv", WaveformFormat::csv},     {".txt", WaveformFormat::csv}};

bool is_text(std::span<const std::uint8_t> octets) {
  return std::all_of(octets.begin(), octets.end(),
                     [](std::uint8_t c) { return (c >= 0x20 && c != 0x7f) || (c >= 9 && c <= 13); });
}

WaveformFormat format_of(OctetStream& in, const WaveformOptions& options) {
  if (options.format != WaveformFormat::automatic) return options.format;
  const auto head = in.peek(512);
  if (head.size() >= npy_magic.size() &&
      std::equal(npy_magic.begin(), npy_magic.end(), head.begin(),
                 [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; })) {
    return WaveformFormat::npy;
  }
  std::string lower = in.place();
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  for (const FormatName& ending : endings) {
    if (lower.ends_with(ending.name)) return ending.format;
  }
  return is_text(head) ? WaveformFormat::csv : WaveformFormat::float32;
}

/// Closes what it opened.
class Descriptor {
 public:
  explicit Descriptor(const std::string& path) : owned_(path != "-") {
    number_ = owned_ ? ::open(path.c_str(), O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
    if (number_ < 0)
      throw InputError({path, fmt::format("cannot open it: {}", std::strerror(errno)), "", ""});
  }
  ~Descriptor() {
    if (owned_) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  std::size_t read(const std::string& place, std::uint8_t* to, std::size_t count) const {
    for (;;) {
      const ssize_t got = ::read(number_, to, count);
      if (got >= 0) return static_cast<std::size_t>(got);
      if (errno != EINTR)
        throw InputError({place, fmt::format("cannot read it: {}", std::strerror(errno)), "", ""});
    }
  }

 private:
  bool owned_;
  int number_ = -1;
};

}  // namespace

std::optional<WaveformFormat> waveform_format_from_name(std::string_view name) noexcept {
  for (const FormatName& entry : format_names) {
    if (entry.name == name) return entry.format;
  }
  return std::nullopt;
}

std::string_view name(WaveformFormat format) noexcept {
  for (const FormatName& entry : format_names) {
    if (entry.format == format) return entry.name;
  }
  return "";
}

void OctetStream::refill(std::size_t count) {
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  while (!ended_ && end_ < count) {
    const std::size_t got = source_(buffer_.data() + end_, buffer_size - end_);
    ended_ = got == 0;
    end_ += got;
  }
}

std::span<const std::uint8_t> OctetStream::peek(std::size_t count) {
  if (end_ - begin_ < count) refill(count);
  return {buffer_.data() + begin_, std::min(count, end_ - begin_)};
}

std::span<const std::uint8_t> OctetStream::peek_some() {
  if (begin_ == end_) refill(1);
  return {buffer_.data() + begin_, end_ - begin_};
}

void OctetStream::skip(std::size_t count) noexcept {
  begin_ += count;
  offset_ += count;
}

void fail_at_offset(const std::string& place, std::uint64_t offset, std::string problem, std::string allowed,
                    std::string hint) {
  throw InputError(
      {fmt::format("{}: offset {}", place, offset), std::move(problem), std::move(allowed), std::move(hint)});
}

std::size_t chosen_lane(const std::string& place, std::size_t lanes, const WaveformOptions& options) {
  const std::string allowed = lanes > 1 ? fmt::format("0 to {}", lanes - 1) : "0";
  if (!options.lane) {
    if (lanes > 1)
      throw InputError({place, fmt::format("has {} lanes and none is chosen", lanes), "lane " + allowed, ""});
    return 0;
  }
  if (*options.lane >= lanes) {
    throw InputError(
        {place,
         fmt::format("has {} lane{}, lane {} is asked for", lanes, lanes > 1 ? "s" : "", *options.lane),
         allowed, ""});
  }
  return *options.lane;
}

float checked_sample(const std::string& place, double value, const std::string& where) {
  if (!(std::abs(value) <= std::numeric_limits<float>::max())) {  // false for NaN too
    throw InputError({fmt::format("{}: {}", place, where), fmt::format("is {}", value),
                      "finite power that a 32-bit float can hold", ""});
  }
  return static_cast<float>(value);
}

CapturedWaveform parse_float32(OctetStream& in, const WaveformOptions& options) {
  CapturedWaveform out;
  out.format = WaveformFormat::float32;
  out.lane = chosen_lane(in.place(), 1, options);
  for (;;) {
    const auto octets = in.peek(OctetStream::buffer_size);
    if (octets.size() < 4) break;
    const std::size_t count = octets.size() / 4;
    if (out.samples.size() + count > max_waveform_samples) {
      fail_at_offset(in.place(), in.offset(), "goes on", fmt::format("{} samples", max_waveform_samples));
    }
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint8_t* o = octets.data() + 4 * i;
      const float value = std::bit_cast<float>(
          static_cast<std::uint32_t>(o[0]) | static_cast<std::uint32_t>(o[1]) << 8 |
          static_cast<std::uint32_t>(o[2]) << 16 | static_cast<std::uint32_t>(o[3]) << 24);
      if (!std::isfinite(value)) {
        checked_sample(in.place(), static_cast<double>(value),
                       fmt::format("sample {}, offset {}", out.samples.size(), in.offset() + 4 * i));
      }
      out.samples.push_back(value);
    }
    in.skip(4 * count);
  }
  const std::size_t rest = in.peek(4).size();
  if (rest != 0) {
    throw InputError({in.place(), fmt::format("has {} octets", in.offset() + rest),
                      "a multiple of 4: little-endian float32", "other formats: .npy, .csv"});
  }
  if (out.samples.empty()) throw InputError({in.place(), "is empty", "at least one sample", ""});
  out.description = fmt::format("float32, {} samples", out.samples.size());
  return out;
}

CapturedWaveform parse_waveform(const std::string& place, const OctetSource& source,
                                const WaveformOptions& options) {
  const auto in = std::make_unique<OctetStream>(place, source);
  if (in->peek(1).empty()) throw InputError({place, "is empty", "at least one sample", ""});
  switch (format_of(*in, options)) {
    case WaveformFormat::npy:
      return parse_npy(*in, options);
    case WaveformFormat::csv:
      return parse_csv(*in, options);
    default:
      return parse_float32(*in, options);
  }
}

CapturedWaveform read_waveform(const std::string& path, const WaveformOptions& options) {
  const Descriptor file(path);
  const std::string place = path == "-" ? "standard input" : path;
  return parse_waveform(
      place, [&](std::uint8_t* to, std::size_t count) { return file.read(place, to, count); }, options);
}

}  // namespace lightlane::io
