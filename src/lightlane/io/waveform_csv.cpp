// Waveforms as text: a line for each sample.
#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "lightlane/base/error.hpp"
#include "lightlane/io/waveform_parsers.hpp"

namespace lightlane::io {
namespace {

constexpr std::size_t max_line = 4096;
constexpr std::size_t max_header_lines = 64;
constexpr std::size_t max_columns = 65;  // time and 64 lanes

[[noreturn]] void fail_at_line(const std::string& place, std::uint64_t line, std::string problem,
                               std::string allowed) {
  throw InputError({fmt::format("{}: line {}", place, line), std::move(problem), std::move(allowed), ""});
}

/// What a line looks like in an error: short, printable.
std::string quoted(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, 40)) out += c >= 0x20 && c < 0x7f ? c : '?';
  return fmt::format("'{}{}'", out, text.size() > 40 ? "..." : "");
}

/// Lines ended by LF, CR LF or CR.
class LineReader {
 public:
  explicit LineReader(OctetStream& in) : in_(in) {
    const auto head = in.peek(3);
    if (head.size() == 3 && head[0] == 0xEF && head[1] == 0xBB && head[2] == 0xBF) in.skip(3);
  }
  std::uint64_t number() const { return number_; }
  /// False at the end.
  bool next(std::string& line) {
    line.clear();
    ++number_;
    for (bool any = false;; any = true) {
      const auto octets = in_.peek_some();
      if (octets.empty()) return any;
      for (std::size_t i = 0; i < octets.size(); ++i) {
        const std::uint8_t c = octets[i];
        if (c == '\n' || c == '\r') {
          in_.skip(i + 1);
          if (c == '\r') {
            const auto more = in_.peek(1);
            if (!more.empty() && more[0] == '\n') in_.skip(1);
          }
          return true;
        }
        if (c == 0)
          fail_at_line(in_.place(), number_, fmt::format("has a zero octet at offset {}", in_.offset() + i),
                       "text");
        if (line.size() == max_line)
          fail_at_line(in_.place(), number_, fmt::format("is longer than {} octets", max_line),
                       "a few numbers");
        line += static_cast<char>(c);
      }
      in_.skip(octets.size());
    }
  }

 private:
  OctetStream& in_;
  std::uint64_t number_ = 0;
};

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\v' || c == '\f'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

/// Fields between commas or semicolons (with spaces about them), else between spaces.
void split(std::string_view line, std::vector<std::string_view>& fields) {
  fields.clear();
  const bool marks = line.find_first_of(",;") != std::string_view::npos;
  while (true) {
    line = trimmed(line);
    std::size_t end = marks ? line.find_first_of(",;") : line.find_first_of(" \t\v\f");
    fields.push_back(trimmed(line.substr(0, end)));
    if (end == std::string_view::npos) return;
    line.remove_prefix(end + 1);
  }
}

bool parse_number(std::string_view text, double& value) {
  if (text.starts_with('+')) text.remove_prefix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::result_out_of_range) value = std::numeric_limits<double>::infinity();
  return error != std::errc::invalid_argument && end == text.data() + text.size() && !text.empty();
}

/// A header says what the columns are: it begins with a letter or a quote, and its first word is no number
/// (nan, inf).
bool is_header(std::string_view line, std::string_view first_field) {
  double value;
  const char c = line.front();
  return ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '"' || c == '\'' || c == '_') &&
         !parse_number(first_field, value);
}

class CsvParser {
 public:
  CsvParser(OctetStream& in, const WaveformOptions& options)
      : place_(in.place()), options_(options), lines_(in) {}

  CapturedWaveform parse() {
    out_.format = WaveformFormat::csv;
    std::string line;
    while (lines_.next(line)) {
      const std::string_view text = trimmed(line);
      if (text.empty() || text.front() == '#' || text.front() == '%' || text.front() == '!') continue;
      take(text);
    }
    if (out_.samples.empty())
      throw InputError({place_, "holds no sample", "lines of power, or of time and power", ""});
    if (columns_ > 1) out_.sample_interval = interval();
    out_.description =
        fmt::format("csv, {} column{}, {} lines", columns_, columns_ > 1 ? "s" : "", out_.samples.size());
    return std::move(out_);
  }

 private:
  void take(std::string_view text) {
    split(text, fields_);
    if (columns_ == 0) {
      if (is_header(text, fields_.front())) {
        if (++headers_ > max_header_lines)
          fail_at_line(place_, lines_.number(), "is still no number", "numbers");
        return;
      }
      if (fields_.size() > max_columns)
        fail_at_line(place_, lines_.number(), fmt::format("has {} fields", fields_.size()), "1 to 65");
      columns_ = fields_.size();
      out_.lanes = columns_ > 2 ? columns_ - 1 : 1;
      out_.lane = chosen_lane(place_, out_.lanes, options_);
    }
    if (fields_.size() != columns_) {
      fail_at_line(place_, lines_.number(),
                   fmt::format("has {} field{}", fields_.size(), fields_.size() > 1 ? "s" : ""),
                   fmt::format("{}, as the lines before", columns_));
    }
    if (out_.samples.size() == max_waveform_lines)
      fail_at_line(place_, lines_.number(), "is one too many", fmt::format("{} samples", max_waveform_lines));
    if (columns_ > 1) time_.push_back(number(0, "time"));
    const double power = number(columns_ > 1 ? 1 + out_.lane : 0, "power");
    out_.samples.push_back(checked_sample(place_, power, fmt::format("line {}", lines_.number())));
  }

  double number(std::size_t field, std::string_view what) {
    double value = 0;
    if (!parse_number(fields_[field], value)) {
      fail_at_line(place_, lines_.number(), fmt::format("{} is {}", what, quoted(fields_[field])),
                   "a number, 1.5e-3");
    }
    if (!std::isfinite(value))
      fail_at_line(place_, lines_.number(), fmt::format("{} is {}", what, quoted(fields_[field])),
                   "a finite number");
    return value;
  }

  /// Times are printed with few digits: a step may be a quarter to 1.75 of the mean one (a lost sample makes
  /// it 2), and none may run away.
  double interval() const {
    const std::size_t n = time_.size();
    if (n < 2) throw InputError({place_, "has a time and one sample", "two or more", ""});
    const double step = (time_.back() - time_.front()) / static_cast<double>(n - 1);
    if (!(step > 0) || !std::isfinite(step)) {
      throw InputError(
          {place_, fmt::format("has times from {} to {}", time_.front(), time_.back()), "ascending", ""});
    }
    const auto require = [&](std::size_t i, bool even) {
      if (even) return;
      throw InputError({fmt::format("{}: sample {}", place_, i),
                        fmt::format("has the time {} after {}", time_[i], time_[i - 1]),
                        fmt::format("equal steps, {} on average", step), ""});
    };
    for (std::size_t i = 1; i < n; ++i) {
      const double since = time_[i] - time_[i - 1];
      require(i, since >= 0.25 * step && since <= 1.75 * step);
    }
    for (std::size_t i = 1; i < n; ++i) {
      require(i, std::abs(time_[i] - (time_.front() + static_cast<double>(i) * step)) <= step);
    }
    return step;
  }

  std::string place_;
  const WaveformOptions& options_;
  LineReader lines_;
  CapturedWaveform out_;
  std::vector<double> time_;
  std::vector<std::string_view> fields_;
  std::size_t columns_ = 0, headers_ = 0;
};

}  // namespace

CapturedWaveform parse_csv(OctetStream& in, const WaveformOptions& options) {
  return CsvParser(in, options).parse();
}

}  // namespace lightlane::io
