#pragma once
/// Pieces of a self-contained HTML page: everything inline, no script, nothing fetched, light and dark, fit
/// for paper. All texts that go in are plain and are escaped here; what comes out is HTML.

#include <string>
#include <string_view>
#include <vector>

namespace lightlane::cli::html {

/// &, <, >, " and ' as entities; other control characters than line feed and tab as U+FFFD.
std::string escape(std::string_view text);

struct Column {
  std::string name;
  bool number = true;    ///< numbers stand right
  bool command = false;  ///< something to type: set like a terminal's line, broken between words
};

/// A table that scrolls sideways where it is wider than the screen.
class Table {
 public:
  Table(std::string caption, std::vector<Column> columns);
  /// As many cells as columns. An `alarm` row is set off in colour.
  void row(const std::vector<std::string>& cells, bool alarm = false);
  std::string html() const;

 private:
  std::string caption_;
  std::vector<Column> columns_;
  std::string rows_;
};

struct Fact {
  std::string name, value;
  bool alarm = false;
};
/// A few headline figures, large, side by side.
std::string tiles(const std::vector<Fact>& facts);
/// Two columns: name and value.
std::string facts(std::string caption, const std::vector<Fact>& facts);

/// `extra` is HTML that goes before the text: a badge.
std::string heading(int level, std::string_view text, std::string_view extra = {});
std::string paragraph(std::string_view text, std::string_view style = {});
/// Text as it stands, folded away under `summary`.
std::string details(std::string_view summary, std::string_view text);
/// "PASS" or "FAIL".
std::string badge(bool pass);
/// Parts side by side where there is room, one below the other where not.
std::string side_by_side(const std::vector<std::string>& parts);

/// The whole page around `body`.
std::string page(std::string_view title, std::string_view body);

}  // namespace lightlane::cli::html
