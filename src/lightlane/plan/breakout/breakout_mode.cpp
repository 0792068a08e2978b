#include "lightlane/plan/breakout/breakout_mode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <functional>

#include "lightlane/base/error.hpp"

namespace lightlane::plan {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }

/// One to six digits at the beginning of `text`; taken off.
std::optional<int> take_number(std::string_view& text) {
  std::size_t n = 0;
  int value = 0;
  while (n < text.size() && n < 6 && digit(text[n])) value = value * 10 + (text[n++] - '0');
  if (n == 0) return std::nullopt;
  text.remove_prefix(n);
  return value;
}

/// Length of "[...]" at the beginning: speeds with or without G, each with or without a comma; 0 = none.
std::size_t bracket_length(std::string_view text) {
  if (text.empty() || text[0] != '[') return 0;
  for (std::size_t i = 1; i < text.size(); ++i) {
    const char c = text[i], before = text[i - 1];
    if (c == ']') return i + 1;
    const bool fits =
        digit(c) || (c == 'G' && digit(before)) || (c == ',' && (digit(before) || before == 'G'));
    if (!fits) return 0;
  }
  return 0;
}

class PartReader {
 public:
  PartReader(std::string_view mode, std::string_view part, std::string_view place)
      : mode_(mode), part_(part), place_(place) {}

  BreakoutPart read() {
    std::string_view rest = part_;
    BreakoutPart out;
    const auto ports = take_number(rest);
    if (!ports || !rest.starts_with('x')) refuse("is no number of ports and 'x'");
    rest.remove_prefix(1);
    const std::string_view speed = rest;
    if (!take_number(rest)) refuse("has no speed behind the 'x'");
    if (rest.starts_with('G')) rest.remove_prefix(1);
    out.ports = *ports;
    out.speed_mbps = speed_of(speed.substr(0, speed.size() - rest.size()));
    out.speeds = {out.speed_mbps};
    if (const std::size_t n = bracket_length(rest)) {
      alternatives(rest.substr(1, n - 2), out.speeds);
      rest.remove_prefix(n);
    }
    std::string_view behind = rest;
    if (behind.starts_with('(')) {
      behind.remove_prefix(1);
      const auto lanes = take_number(behind);
      if (lanes && behind.starts_with(')')) {
        out.lanes = lanes;
        rest = behind.substr(1);
      }
    }
    out.dropped = rest;
    return out;
  }

 private:
  void alternatives(std::string_view list, std::vector<long>& out) const {
    for (;;) {
      const std::size_t comma = list.find(',');
      out.push_back(speed_of(list.substr(0, comma)));
      if (comma == std::string_view::npos) break;
      list.remove_prefix(comma + 1);
    }
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
  }

  /// "50G" or "50000". SONiC leaves out every G of a text that ends with one: "2G5G" is 25 Gb/s to it.
  long speed_of(std::string_view text) const {
    const bool giga = text.ends_with('G');
    long value = 0;
    bool any = false;
    for (const char c : text) {
      if (giga && c == 'G') continue;
      if (!digit(c)) refuse(fmt::format("has '{}', which is no speed", text));
      if (value > 1'000'000'000'000) refuse(fmt::format("has '{}', more than any speed", text));
      value = value * 10 + (c - '0');
      any = true;
    }
    if (!any) refuse("has an empty alternative speed");
    return giga ? value * 1000 : value;
  }

  [[noreturn]] void refuse(std::string what) const {
    throw ConfigError(
        {std::string(place_), fmt::format("breakout mode '{}': '{}' {}", mode_, part_, what),
         "N x SPEED [speeds] (lanes), such as 4x100G, 4x100G[50G,25G] or 1x100G(4)",
         part_.starts_with("None") ? "'None(4)' stands in SONiC's design, its code refuses it" : ""});
  }

  std::string_view mode_, part_, place_;
};

}  // namespace

int BreakoutMode::ports() const noexcept {
  int n = 0;
  for (const BreakoutPart& p : parts) n += p.ports;
  return n;
}

int BreakoutMode::lanes(int parent_lanes) const noexcept {
  int n = 0;
  for (const BreakoutPart& p : parts) n += p.lanes.value_or(parent_lanes);
  return n;
}

bool BreakoutMode::drops() const noexcept {
  return std::any_of(parts.begin(), parts.end(), [](const BreakoutPart& p) { return !p.dropped.empty(); });
}

BreakoutMode parse_breakout_mode(std::string_view text, std::string_view place) {
  constexpr std::size_t longest = 512, most = 64;
  if (text.size() > longest) {
    throw ConfigError({std::string(place), fmt::format("is a breakout mode of {} characters", text.size()),
                       fmt::format("{}", longest), ""});
  }
  BreakoutMode out{std::string(text), {}};
  for (std::string_view rest = text;;) {
    const std::size_t plus = rest.find('+');
    out.parts.push_back(PartReader(text, rest.substr(0, plus), place).read());
    if (plus == std::string_view::npos) break;
    if (out.parts.size() == most) {
      throw ConfigError({std::string(place), "has too many parts", fmt::format("{} at most", most), ""});
    }
    rest.remove_prefix(plus + 1);
  }
  return out;
}

bool sonic_same_mode(const BreakoutMode& a, const BreakoutMode& b, int parent_lanes) noexcept {
  return std::equal(a.parts.begin(), a.parts.end(), b.parts.begin(), b.parts.end(),
                    [&](const BreakoutPart& p, const BreakoutPart& q) {
                      return p.ports == q.ports && p.speeds == q.speeds &&
                             p.lanes.value_or(parent_lanes) == q.lanes.value_or(parent_lanes);
                    });
}

std::string speed_text(long mbps) {
  return mbps % 1000 == 0 ? fmt::format("{}G", mbps / 1000) : fmt::format("{}", mbps);
}

std::string to_string(const BreakoutMode& mode) {
  std::string out;
  for (const BreakoutPart& part : mode.parts) {
    if (!out.empty()) out += '+';
    out += fmt::format("{}x{}", part.ports, speed_text(part.speed_mbps));
    std::vector<long> others = part.speeds;
    std::erase(others, part.speed_mbps);
    std::sort(others.begin(), others.end(), std::greater<>());
    for (std::size_t i = 0; i < others.size(); ++i)
      out += fmt::format("{}{}", i == 0 ? "[" : ",", speed_text(others[i]));
    if (!others.empty()) out += ']';
    if (part.lanes) out += fmt::format("({})", *part.lanes);
  }
  return out;
}

}  // namespace lightlane::plan
