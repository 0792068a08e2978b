#pragma once
/// Paragraphs as wide as the terminal.

#include <string>
#include <string_view>

namespace lightlane::cli {

/// Columns of the terminal of stdout, 40 to 200; 100 where stdout is none.
int text_columns();

/// `text` broken at spaces, every line but the first behind `indent` spaces; the first begins at column
/// `begun`. A word that is longer than a line stands alone. Without an end of line.
std::string wrapped(std::string_view text, int indent, int begun, int columns);

}  // namespace lightlane::cli
