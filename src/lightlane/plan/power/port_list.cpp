#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "lightlane/base/error.hpp"
#include "lightlane/plan/power/power.hpp"

namespace lightlane::plan {
namespace {

constexpr int last_port = 1024;

/// A number at the beginning of `text`, taken off it; -1: none.
int take_number(std::string_view& text) {
  int value = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || value < 0) return -1;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

}  // namespace

std::vector<int> port_list(std::string_view text, const std::string& place) {
  const auto refuse = [&](const std::string& what) {
    throw ConfigError({place, fmt::format("'{}' {}", text, what),
                       fmt::format("ports 0 to {}: 1-32, 1,3,5-9 or 1-61/4 (every fourth)", last_port), ""});
  };
  std::vector<int> out;
  std::string_view rest = text;
  while (true) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    std::string_view item = trimmed(rest.substr(0, comma));
    const int first = take_number(item);
    int last = first, step = 1;
    if (item.starts_with('-')) {
      item.remove_prefix(1);
      last = take_number(item);
    }
    if (item.starts_with('/')) {
      item.remove_prefix(1);
      step = take_number(item);
    }
    if (first < 0 || last < first || step < 1 || last > last_port || !item.empty())
      refuse("is no list of ports");
    for (int port = first; port <= last; port += step) out.push_back(port);
    if (comma == rest.size()) break;
    rest.remove_prefix(comma + 1);
  }
  std::sort(out.begin(), out.end());
  if (std::adjacent_find(out.begin(), out.end()) != out.end()) refuse("names a port twice");
  return out;
}

std::string port_text(const std::vector<int>& ports) {
  std::string out;
  for (std::size_t i = 0; i < ports.size();) {
    std::size_t end = i + 1;
    const int step = end < ports.size() ? ports[end] - ports[i] : 1;
    while (end < ports.size() && ports[end] - ports[end - 1] == step) ++end;
    if (end - i < 3 && step != 1) end = i + 1;
    if (!out.empty()) out += ',';
    out += end - i == 1 ? fmt::format("{}", ports[i]) : fmt::format("{}-{}", ports[i], ports[end - 1]);
    if (end - i > 1 && step != 1) out += fmt::format("/{}", step);
    i = end;
  }
  return out;
}

}  // namespace lightlane::plan
