// NumPy .npy: magic, version, length of the header, a Python dictionary literal, then the array.
#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cctype>
#include <cmath>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "lightlane/base/error.hpp"
#include "lightlane/io/waveform_parsers.hpp"

namespace lightlane::io {
namespace {

constexpr std::size_t max_header = 16384;  // three keys; NumPy itself writes 118 octets

struct Header {
  std::string descr;
  bool fortran_order = false;
  std::vector<std::uint64_t> shape;
};

/// The one dictionary that a header is: {'descr': '<f8', 'fortran_order': False, 'shape': (65535, 4), }.
class HeaderParser {
 public:
  HeaderParser(const std::string& place, std::uint64_t offset, std::string_view text)
      : place_(place), offset_(offset), text_(text) {}

  Header parse() {
    Header header;
    unsigned seen = 0;
    expect('{');
    while (!take('}')) {
      const std::string key = string();
      expect(':');
      unsigned bit = 0;
      if (key == "descr") {
        bit = 1;
        if (look() == '[') fail("is a structured array", "one number per element");
        header.descr = string();
      } else if (key == "fortran_order") {
        bit = 2;
        header.fortran_order = boolean();
      } else if (key == "shape") {
        bit = 4;
        header.shape = shape();
      } else {
        fail(fmt::format("has the key '{}'", key), "descr, fortran_order, shape");
      }
      if ((seen & bit) != 0) fail(fmt::format("has the key '{}' twice", key), "once");
      seen |= bit;
      if (!take(',') && look() != '}') fail("is no dictionary", "',' or '}'");
    }
    if (seen != 7) fail("lacks a key", "descr, fortran_order, shape");
    skip_space();
    if (at_ != text_.size()) fail("goes on behind the dictionary", "");
    return header;
  }

 private:
  [[noreturn]] void fail(const std::string& problem, const std::string& allowed) const {
    fail_at_offset(place_, offset_ + at_, "the header " + problem, allowed);
  }
  void skip_space() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t')) ++at_;
  }
  char look() {
    skip_space();
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool take(char c) {
    if (look() != c) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (!take(c)) fail("is no dictionary", fmt::format("'{}'", c));
  }
  std::string string() {
    const char quote = look();
    if (quote != '\'' && quote != '"') fail("is no dictionary", "a quoted word");
    const std::size_t end = text_.find(quote, at_ + 1);
    if (end == std::string_view::npos) fail("has a word without end", "");
    std::string word(text_.substr(at_ + 1, end - at_ - 1));
    for (const char c : word) {
      if (c < 0x20 || c >= 0x7f) fail("has an unprintable word", "ASCII");
    }
    at_ = end + 1;
    return word;
  }
  bool boolean() {
    skip_space();
    for (const bool value : {false, true}) {
      const std::string_view word = value ? "True" : "False";
      if (text_.substr(at_).starts_with(word)) {
        at_ += word.size();
        return value;
      }
    }
    fail("has no truth value for fortran_order", "False, True");
  }
  std::vector<std::uint64_t> shape() {
    std::vector<std::uint64_t> list;
    expect('(');
    while (!take(')')) {
      if (!std::isdigit(static_cast<unsigned char>(look())))
        fail("has a shape that is none", "whole numbers, not negative");
      std::uint64_t value = 0;
      for (; at_ < text_.size() && std::isdigit(static_cast<unsigned char>(text_[at_])); ++at_) {
        if (__builtin_mul_overflow(value, std::uint64_t{10}, &value) ||
            __builtin_add_overflow(value, static_cast<std::uint64_t>(text_[at_] - '0'), &value)) {
          fail("has a dimension beyond 64 bits", fmt::format("up to {} values", max_waveform_values));
        }
      }
      if (at_ < text_.size() && text_[at_] == 'L') ++at_;  // Python 2 wrote long integers so
      list.push_back(value);
      if (list.size() > 32) fail("has more than 32 dimensions", "1 or 2");
      if (!take(',') && look() != ')') fail("has a shape that is none", "',' or ')'");
    }
    return list;
  }

  const std::string& place_;
  std::uint64_t offset_;
  std::string_view text_;
  std::size_t at_ = 0;
};

Header read_header(OctetStream& in) {
  const auto head = in.peek(10);
  if (head.size() < 10) fail_at_offset(in.place(), head.size(), "ends in the header of a .npy file");
  if (std::string_view(reinterpret_cast<const char*>(head.data()), 6) != "\x93NUMPY") {
    fail_at_offset(in.place(), 0, "is no .npy file", "\\x93NUMPY");
  }
  const unsigned major = head[6], minor = head[7];
  if (major < 1 || major > 3 || minor != 0) {
    fail_at_offset(in.place(), 6, fmt::format("is version {}.{} of .npy", major, minor), "1.0, 2.0, 3.0");
  }
  const std::size_t prefix = major == 1 ? 10 : 12;
  const auto sized = in.peek(prefix);
  if (sized.size() < prefix) fail_at_offset(in.place(), sized.size(), "ends in the header of a .npy file");
  std::size_t length = sized[8] | static_cast<std::size_t>(sized[9]) << 8;
  if (major > 1)
    length |= static_cast<std::size_t>(sized[10]) << 16 | static_cast<std::size_t>(sized[11]) << 24;
  if (length > max_header)
    fail_at_offset(in.place(), 8, fmt::format("has a header of {} octets", length),
                   fmt::format("up to {}", max_header));
  in.skip(prefix);
  const auto text = in.peek(length);
  if (text.size() < length)
    fail_at_offset(in.place(), in.offset() + text.size(), "ends in the header of a .npy file");
  Header header =
      HeaderParser(in.place(), in.offset(), {reinterpret_cast<const char*>(text.data()), length}).parse();
  in.skip(length);
  return header;
}

struct Element {
  char kind;      ///< f, i, u
  unsigned size;  ///< octets
  bool big_endian;
};

Element element_of(const std::string& place, const std::string& descr) {
  const bool order = descr.size() == 3 && (descr[0] == '<' || descr[0] == '>' || descr[0] == '|');
  const char kind = order ? descr[1] : '\0';
  const unsigned size =
      order && std::isdigit(static_cast<unsigned char>(descr[2])) ? static_cast<unsigned>(descr[2] - '0') : 0;
  const bool integer = (kind == 'i' || kind == 'u') && (size == 1 || size == 2 || size == 4);
  if (!(integer || (kind == 'f' && (size == 4 || size == 8))) || (descr[0] == '|' && size != 1)) {
    throw InputError({place, fmt::format("holds elements of type '{}'", descr),
                      "f4, f8, i1, i2, i4, u1, u2, u4, '<' or '>' before them", ""});
  }
  return {kind, size, descr[0] == '>'};
}

double value_of(const Element& element, const std::uint8_t* o) {
  std::uint64_t bits = 0;
  for (unsigned i = 0; i < element.size; ++i) {
    bits |= static_cast<std::uint64_t>(o[element.big_endian ? element.size - 1 - i : i]) << (8 * i);
  }
  if (element.kind == 'f') {
    return element.size == 8 ? std::bit_cast<double>(bits)
                             : static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits)));
  }
  if (element.kind == 'u') return static_cast<double>(bits);
  const unsigned shift = 64 - 8 * element.size;
  return static_cast<double>(static_cast<std::int64_t>(bits << shift) >> shift);
}

/// Which elements of the array belong to the lane: first, first + stride, ... (count of them).
struct Selection {
  std::uint64_t total = 1, first = 0, stride = 1, count = 0;
};

Selection select(const std::string& place, const Header& header, const WaveformOptions& options,
                 CapturedWaveform& out) {
  std::string dimensions;
  Selection s;
  for (const std::uint64_t d : header.shape) {
    dimensions += fmt::format("{}{}", dimensions.empty() ? "" : " x ", d);
    if (__builtin_mul_overflow(s.total, d, &s.total)) s.total = ~std::uint64_t{0};
  }
  if (header.shape.empty() || header.shape.size() > 2) {
    throw InputError(
        {place, fmt::format("has {} dimensions", header.shape.size()), "1, or 2 with one lane chosen", ""});
  }
  if (s.total == 0)
    throw InputError(
        {place, fmt::format("is empty: its shape is {}", dimensions), "at least one sample", ""});
  if (s.total > max_waveform_values) {
    throw InputError({place, fmt::format("has the shape {}", dimensions),
                      fmt::format("up to {} values", max_waveform_values), ""});
  }
  if (header.fortran_order) {
    throw InputError({place, "is in Fortran order", "C order", "numpy.ascontiguousarray before numpy.save"});
  }
  s.count = header.shape[0];
  if (header.shape.size() == 2) {
    const std::uint64_t rows = header.shape[0], columns = header.shape[1];
    const bool lanes_are_rows = rows < columns;
    out.lanes = static_cast<std::size_t>(lanes_are_rows ? rows : columns);
    out.lane = chosen_lane(place, out.lanes, options);
    s.count = lanes_are_rows ? columns : rows;
    s.first = lanes_are_rows ? out.lane * columns : out.lane;
    s.stride = lanes_are_rows ? 1 : columns;
  } else {
    out.lane = chosen_lane(place, 1, options);
  }
  if (s.count > max_waveform_samples) {
    throw InputError({place, fmt::format("has {} samples in a lane", s.count),
                      fmt::format("up to {}", max_waveform_samples), ""});
  }
  out.description = fmt::format("npy, {}, {}", header.descr, dimensions);
  return s;
}

}  // namespace

CapturedWaveform parse_npy(OctetStream& in, const WaveformOptions& options) {
  CapturedWaveform out;
  out.format = WaveformFormat::npy;
  const Header header = read_header(in);
  const Element element = element_of(in.place(), header.descr);
  const Selection s = select(in.place(), header, options, out);
  const std::uint64_t start = in.offset();
  std::uint64_t index = 0, wanted = s.first;  // element at the head of the stream, next element of the lane
  while (index < s.total) {
    const auto octets = in.peek(OctetStream::buffer_size);
    const std::uint64_t here = std::min<std::uint64_t>(octets.size() / element.size, s.total - index);
    if (here == 0) {
      throw InputError(
          {in.place(), fmt::format("ends behind {} octets", in.offset() + octets.size()),
           fmt::format("{} octets: {} elements of {}", start + s.total * element.size, s.total, element.size),
           "the file is cut short"});
    }
    for (; wanted < index + here && out.samples.size() < s.count; wanted += s.stride) {
      const double value = value_of(element, octets.data() + (wanted - index) * element.size);
      if (!(std::abs(value) <= std::numeric_limits<float>::max())) {
        checked_sample(
            in.place(), value,
            fmt::format("sample {}, offset {}", out.samples.size(), start + wanted * element.size));
      }
      out.samples.push_back(static_cast<float>(value));
    }
    in.skip(static_cast<std::size_t>(here) * element.size);
    index += here;
  }
  if (!in.peek(1).empty()) {
    fail_at_offset(in.place(), in.offset(), "goes on behind the array",
                   fmt::format("{} octets", in.offset()));
  }
  return out;
}

}  // namespace lightlane::io
