#pragma once
/// Comma-separated tables as they come out of spreadsheets and databases: RFC 4180 quoting, comma, semicolon
/// or tab, UTF-8 or UTF-16, and rows in Windows-1252 among those in UTF-8. A row that cannot be read is named
/// and the rest goes on.

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lightlane::plan {

struct CsvRow {
  std::size_t line = 0;            ///< of its beginning, from 1
  std::vector<std::string> cells;  ///< UTF-8, without the spaces around them; empty where there is a problem
  bool converted = false;          ///< was no UTF-8, and has been read as Windows-1252
  std::string problem;             ///< why it cannot be read; empty: it can
};

/// Calls `row` for each row, empty lines and those that begin with # left out. The separator is whichever of
/// , ; and tab the first row has most of, outside quotes. A quote that is not closed within 100 lines spoils
/// its own line only. Throws InputError, naming `file`, where the text is binary. About 100 MB/s.
void read_csv(std::string_view text, const std::string& file, const std::function<void(const CsvRow&)>& row);

/// Which column has which name. Names are compared without regard to case, spaces, '_', '-' and '.'.
class CsvHeader {
 public:
  CsvHeader() = default;
  explicit CsvHeader(std::vector<std::string> cells) : cells_(std::move(cells)) {}
  /// Of the first of `names` that there is; -1: of none.
  int column(std::span<const std::string_view> names) const;
  int column(std::initializer_list<std::string_view> names) const {
    return column(std::span(names.begin(), names.size()));
  }
  const std::vector<std::string>& cells() const noexcept { return cells_; }

 private:
  std::vector<std::string> cells_;
};

/// A cell as it is written: in quotes where it has to be.
std::string csv_cell(std::string_view text);
/// A row with its end of line.
std::string csv_line(std::span<const std::string> cells);

}  // namespace lightlane::plan
