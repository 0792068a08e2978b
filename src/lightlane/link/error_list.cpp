#include "lightlane/link/error_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <sstream>
#include <utility>

#include "lightlane/base/error.hpp"

namespace lightlane::link {
namespace {

struct Line {
  std::string_view rest;
  std::string at;

  std::string_view word() {
    const std::size_t begin = rest.find_first_not_of(" \t\r");
    if (begin == std::string_view::npos) return rest = {};
    const std::size_t end = std::min(rest.find_first_of(" \t\r", begin), rest.size());
    const std::string_view text = rest.substr(begin, end - begin);
    rest.remove_prefix(end);
    return text;
  }

  std::int64_t number(std::string_view text, std::int64_t lo, std::int64_t hi, const char* what) const {
    std::int64_t value = 0;
    const char* first = text.data() + (text.starts_with('+') ? 1 : 0);
    const char* last = text.data() + text.size();
    const auto [end, error] = std::from_chars(first, last, value);
    if (error != std::errc() || end != last || value < lo || value > hi) {
      throw InputError({at, fmt::format("{} is '{}'", what, text), fmt::format("{} to {}", lo, hi), ""});
    }
    return value;
  }
};

/// `symbols` with their lines: a symbol of a lane has one error.
void refuse_twice(std::vector<std::pair<std::uint64_t, std::size_t>>& symbols, std::size_t lane,
                  std::string_view place) {
  std::sort(symbols.begin(), symbols.end());
  const auto twice = std::adjacent_find(symbols.begin(), symbols.end(),
                                        [](const auto& a, const auto& b) { return a.first == b.first; });
  if (twice == symbols.end()) return;
  throw InputError({fmt::format("{}: line {}", place, std::next(twice)->second),
                    fmt::format("names lane {} symbol {} as line {} does", lane, twice->first, twice->second),
                    "each symbol once", ""});
}

}  // namespace

std::vector<std::vector<pma::ListedError>> parse_error_list(std::string_view text, std::string_view place, int lanes,
                                                            int levels) {
  std::vector<std::vector<pma::ListedError>> lists(static_cast<std::size_t>(lanes));
  std::vector<std::vector<std::pair<std::uint64_t, std::size_t>>> lines(lists.size());  // of each symbol
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view body = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    body = body.substr(0, body.find('#'));
    Line line{body, fmt::format("{}: line {}", place, number)};
    const std::string_view lane = line.word();
    if (lane.empty()) continue;
    const auto l = line.number(lane, 0, lanes - 1, "the lane");
    pma::ListedError error;
    error.symbol = static_cast<std::uint64_t>(line.number(line.word(), 0, INT64_MAX, "the symbol index"));
    const std::string_view what = line.word();
    if (what.starts_with('=')) {
      error.kind = pma::ListedError::Kind::level;
      error.value = static_cast<int>(line.number(what.substr(1), 0, levels - 1, "the level"));
    } else if (!what.empty()) {
      error.value = static_cast<int>(line.number(what, 1 - levels, levels - 1, "the step"));
      if (error.value == 0) throw InputError({line.at, "the step is 0", "a step that is an error", ""});
    }
    if (!line.word().empty()) throw InputError({line.at, "has more than three words", "lane symbol [step or =level]", ""});
    lines[static_cast<std::size_t>(l)].emplace_back(error.symbol, number);
    lists[static_cast<std::size_t>(l)].push_back(error);
  }
  for (std::size_t l = 0; l < lines.size(); ++l) refuse_twice(lines[l], l, place);
  return lists;
}

std::vector<std::vector<pma::ListedError>> read_error_list(const std::string& path, int lanes, int levels) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  // An empty file is readable, but leaves nothing to copy.
  if (!file || (file.peek() != EOF && !(text << file.rdbuf())) || file.bad()) {
    throw InputError({path, "cannot be read", "a readable list of errors", ""});
  }
  return parse_error_list(text.str(), path, lanes, levels);
}

}  // namespace lightlane::link
