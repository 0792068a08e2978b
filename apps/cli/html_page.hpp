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
  bool verdict = false;  ///< PASS and FAIL in colour
  bool basis = false;    ///< where the row comes from: smaller
  bool loose = false;    ///< numbers that may break into lines
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

/// A part of a whole, drawn as a bar between its value and the words on it.
struct Share {
  std::string name, value;
  double part = 0;  ///< of the longest bar, 0 to 1
  std::string basis;
};
std::string shares(std::string_view value_name, const std::vector<Share>& list);

/// `extra` is HTML that goes before the text: a badge.
std::string heading(int level, std::string_view text, std::string_view extra = {});
std::string paragraph(std::string_view text, std::string_view style = {});
/// Text as it stands, folded away under `summary`.
std::string details(std::string_view summary, std::string_view text);
/// HTML, folded away under `summary` unless `open`; on paper it always stands there.
std::string fold(std::string_view summary, const std::string& content, bool open = false);
/// A part of the page with a verdict of its own, folded unless `open`.
std::string part(std::string_view name, bool pass, const std::string& content, bool open);
/// "PASS" or "FAIL".
std::string badge(bool pass);
/// Parts side by side where there is room, one below the other where not.
std::string side_by_side(const std::vector<std::string>& parts);
/// Kept on one sheet of paper.
std::string together(const std::string& content);
/// Many small ones, as many beside each other as there is room for.
std::string gallery(const std::vector<std::string>& parts);

/// The whole page around `body`.
std::string page(std::string_view title, std::string_view body);

}  // namespace lightlane::cli::html
