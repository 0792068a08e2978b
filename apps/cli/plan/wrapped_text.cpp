#include "cli/plan/wrapped_text.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>

namespace lightlane::cli {

int text_columns() {
  winsize size = {};
  if (isatty(STDOUT_FILENO) == 0 || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
    return 100;
  return std::clamp<int>(size.ws_col, 40, 200);
}

std::string wrapped(std::string_view text, int indent, int begun, int columns) {
  std::string out;
  int at = begun;
  bool first = true;
  while (!text.empty()) {
    const std::size_t blank = text.find_first_not_of(" \n");
    if (blank == std::string_view::npos) break;
    text.remove_prefix(blank);
    const std::string_view word = text.substr(0, std::min(text.find_first_of(" \n"), text.size()));
    text.remove_prefix(word.size());
    // Columns, not bytes: continuation bytes of UTF-8 take none.
    const auto width = static_cast<int>(std::count_if(
        word.begin(), word.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
    if (!first && at + 1 + width > columns) {
      out += '\n';
      out.append(static_cast<std::size_t>(indent), ' ');
      at = indent;
    } else if (!first) {
      out += ' ';
      ++at;
    }
    out += word;
    at += width;
    first = false;
  }
  return out;
}

}  // namespace lightlane::cli
