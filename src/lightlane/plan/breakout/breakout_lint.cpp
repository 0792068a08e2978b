#include "lightlane/plan/breakout/breakout_lint.hpp"

#include <algorithm>

namespace lightlane::plan {

std::string_view name(LintSeverity severity) noexcept {
  constexpr std::string_view words[] = {"error", "warning", "note"};
  return words[static_cast<int>(severity)];
}

std::vector<BreakoutLint> gathered(std::vector<BreakoutLint> lints) {
  std::stable_sort(lints.begin(), lints.end(), [](const BreakoutLint& a, const BreakoutLint& b) {
    return a.severity != b.severity ? a.severity < b.severity : a.code < b.code;
  });
  // Within one severity and code: those of equal words stand together, in the order of the first of them.
  std::vector<BreakoutLint> out;
  std::size_t group = 0;
  for (BreakoutLint& lint : lints) {
    if (!out.empty() && (out[group].severity != lint.severity || out[group].code != lint.code))
      group = out.size();
    const auto same = std::find_if(
        out.begin() + static_cast<std::ptrdiff_t>(std::min(group, out.size())), out.end(),
        [&](const BreakoutLint& known) {
          const auto file = [](const std::string& place) { return place.substr(0, place.find(": ")); };
          return known.text == lint.text && known.cure == lint.cure && file(known.place) == file(lint.place);
        });
    if (same == out.end()) {
      out.push_back(std::move(lint));
    } else {
      for (std::string& port : lint.ports)
        if (std::find(same->ports.begin(), same->ports.end(), port) == same->ports.end())
          same->ports.push_back(std::move(port));
    }
  }
  return out;
}

}  // namespace lightlane::plan
