#include "lightlane/plan/csv.hpp"

#include <csv.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>

#include "lightlane/base/error.hpp"

namespace lightlane::plan {
namespace {

constexpr std::size_t longest_record_lines = 100;

void append_utf8(std::string& out, char32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0 | (c >> 6));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0 | (c >> 12));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | (c >> 18));
    out += static_cast<char>(0x80 | ((c >> 12) & 0x3F));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  }
}

std::string from_utf16(std::string_view bytes, bool big_endian) {
  const auto unit = [&](std::size_t i) {
    const auto a = static_cast<unsigned char>(bytes[i]), b = static_cast<unsigned char>(bytes[i + 1]);
    return static_cast<char32_t>(big_endian ? a << 8 | b : b << 8 | a);
  };
  std::string out;
  out.reserve(bytes.size() / 2);
  for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
    char32_t c = unit(i);
    if (c >= 0xD800 && c < 0xDC00 && i + 3 < bytes.size() && unit(i + 2) >= 0xDC00 && unit(i + 2) < 0xE000) {
      c = 0x10000 + ((c - 0xD800) << 10) + (unit(i + 2) - 0xDC00);
      i += 2;
    } else if (c >= 0xD800 && c < 0xE000) {
      c = 0xFFFD;
    }
    append_utf8(out, c);
  }
  return out;
}

/// Octets of the well-formed character at `at` (Unicode 15, table 3-7); 0: there is none.
std::size_t utf8_length(std::string_view s, std::size_t at) {
  const auto byte = [&](std::size_t i) -> unsigned {
    return at + i < s.size() ? static_cast<unsigned char>(s[at + i]) : 0;
  };
  const auto tail = [&](std::size_t i) { return byte(i) >= 0x80 && byte(i) < 0xC0; };
  const unsigned first = byte(0), second = byte(1);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first < 0xE0) return tail(1) ? 2 : 0;
  if (first >= 0xE0 && first < 0xF0) {
    const bool short_form = first == 0xE0 && second < 0xA0, surrogate = first == 0xED && second >= 0xA0;
    return tail(1) && tail(2) && !short_form && !surrogate ? 3 : 0;
  }
  if (first >= 0xF0 && first < 0xF5) {
    const bool short_form = first == 0xF0 && second < 0x90, too_large = first == 0xF4 && second >= 0x90;
    return tail(1) && tail(2) && tail(3) && !short_form && !too_large ? 4 : 0;
  }
  return 0;
}

bool is_utf8(std::string_view s) {
  for (std::size_t i = 0; i < s.size();) {
    const std::size_t length = utf8_length(s, i);
    if (length == 0) return false;
    i += length;
  }
  return true;
}

std::string from_windows_1252(std::string_view bytes) {
  constexpr std::array<char16_t, 32> high = {0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                             0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD,
                                             0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                             0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178};
  std::string out;
  for (const char c : bytes) {
    const auto octet = static_cast<unsigned char>(c);
    append_utf8(out, octet >= 0x80 && octet < 0xA0 ? high[octet - 0x80] : octet);
  }
  return out;
}

char separator_of(std::string_view record) {
  std::array<std::size_t, 3> counts{};
  bool quoted = false;
  for (const char c : record) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    counts[0] += c == ',';
    counts[1] += c == ';';
    counts[2] += c == '\t';
  }
  const auto most = std::max_element(counts.begin(), counts.end());
  return ",;\t"[most - counts.begin()];
}

/// libcsv for one record, in strict mode.
class RecordParser {
 public:
  explicit RecordParser(char separator) {
    if (csv_init(&parser_, CSV_STRICT | CSV_STRICT_FINI) != 0) throw std::bad_alloc();
    csv_set_delim(&parser_, static_cast<unsigned char>(separator));
  }
  ~RecordParser() { csv_free(&parser_); }
  RecordParser(const RecordParser&) = delete;
  RecordParser& operator=(const RecordParser&) = delete;

  bool parse(std::string_view record, std::vector<std::string>& cells) {
    cells.clear();
    const auto cell = [](void* data, std::size_t size, void* out) {
      static_cast<std::vector<std::string>*>(out)->emplace_back(static_cast<const char*>(data), size);
    };
    const auto end = [](int, void*) {};
    const bool read = csv_parse(&parser_, record.data(), record.size(), cell, end, &cells) == record.size();
    const bool closed = csv_fini(&parser_, cell, end, &cells) == 0;
    return read && closed;
  }

 private:
  csv_parser parser_{};
};

/// The next record from `at`, without its end of line. `lines`: how many lines it takes; a quote that stays
/// open takes one.
struct Record {
  std::string_view text;
  std::size_t next = 0, lines = 1;
  bool open = false;
};

Record record_at(std::string_view text, std::size_t at) {
  Record first;
  bool quoted = false;
  std::size_t position = at;
  for (std::size_t lines = 1; lines <= longest_record_lines; ++lines) {
    const std::size_t end = std::min(text.find('\n', position), text.size());
    const std::string_view line = text.substr(position, end - position);
    quoted ^= std::count(line.begin(), line.end(), '"') % 2 == 1;
    const std::size_t next = std::min(end + 1, text.size());
    std::string_view record = text.substr(at, end - at);
    if (record.ends_with('\r')) record.remove_suffix(1);
    if (lines == 1) first = {record, next, 1, true};
    if (!quoted) return {record, next, lines, false};
    if (end == text.size()) break;
    position = next;
  }
  return first;
}

bool blank(std::string_view record) {
  const std::size_t first = record.find_first_not_of(" \t,;");
  return first == std::string_view::npos || record[first] == '#';
}

void trim(std::string& cell) {
  const std::size_t first = cell.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) {
    cell.clear();
    return;
  }
  cell = cell.substr(first, cell.find_last_not_of(" \t\r\n") - first + 1);
}

std::string folded(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c == ' ' || c == '_' || c == '-' || c == '.') continue;
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

}  // namespace

void read_csv(std::string_view text, const std::string& file, const std::function<void(const CsvRow&)>& row) {
  std::string decoded;
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    decoded = from_utf16(text.substr(2), text.starts_with("\xFE\xFF"));
    text = decoded;
  } else if (text.starts_with("\xEF\xBB\xBF")) {
    text.remove_prefix(3);
  }
  if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos)
    throw InputError({file, fmt::format("is no text: a zero octet at offset {}", nul), "a CSV table", ""});
  std::unique_ptr<RecordParser> parser;
  char separator = ',';
  std::size_t line = 1;
  for (std::size_t at = 0; at < text.size();) {
    const Record record = record_at(text, at);
    at = record.next;
    CsvRow out;
    out.line = line;
    line += record.lines;
    if (blank(record.text)) continue;
    if (parser == nullptr) {
      separator = separator_of(record.text);
      parser = std::make_unique<RecordParser>(separator);
    }
    std::string utf8;
    out.converted = !is_utf8(record.text);
    if (out.converted) utf8 = from_windows_1252(record.text);
    if (record.open) {
      out.problem = "a quote is not closed";
    } else if (!parser->parse(out.converted ? std::string_view(utf8) : record.text, out.cells)) {
      out.problem = "quotes stand where none may be";
      parser = std::make_unique<RecordParser>(separator);
    }
    if (!out.problem.empty()) out.cells.clear();
    for (std::string& cell : out.cells) trim(cell);
    row(out);
  }
}

int CsvHeader::column(std::span<const std::string_view> names) const {
  for (const std::string_view name : names) {
    const std::string wanted = folded(name);
    for (std::size_t i = 0; i < cells_.size(); ++i)
      if (folded(cells_[i]) == wanted) return static_cast<int>(i);
  }
  return -1;
}

std::string csv_cell(std::string_view text) {
  if (text.find_first_of(",;\t\"\r\n") == std::string_view::npos && !text.starts_with(' ') &&
      !text.ends_with(' ') && !text.starts_with('#'))
    return std::string(text);
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

std::string csv_line(std::span<const std::string> cells) {
  std::string out;
  for (std::size_t i = 0; i < cells.size(); ++i) out += (i == 0 ? "" : ",") + csv_cell(cells[i]);
  return out + "\n";
}

}  // namespace lightlane::plan
