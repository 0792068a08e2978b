#include "lightlane/plan/breakout/breakout_lint.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace lightlane::plan {

std::string_view name(LintSeverity severity) noexcept {
  constexpr std::string_view words[] = {"error", "warning", "note"};
  return words[static_cast<int>(severity)];
}

std::vector<BreakoutLint> gathered(std::vector<BreakoutLint> lints) {
  std::stable_sort(lints.begin(), lints.end(), [](const BreakoutLint& a, const BreakoutLint& b) {
    return a.severity != b.severity ? a.severity < b.severity : a.code < b.code;
  });
  std::unordered_map<std::string, std::size_t> known;  // by all that makes two lints the same
  std::unordered_set<std::string> said;
  std::vector<BreakoutLint> out;
  for (BreakoutLint& lint : lints) {
    std::string key = lint.place.substr(0, lint.place.find(": "));
    for (const std::string_view part :
         {name(lint.severity), lint.code, std::string_view(lint.text), std::string_view(lint.cure)})
      (key += '\0') += part;
    const auto [same, fresh] = known.emplace(std::move(key), out.size());
    const std::size_t index = same->second;
    const auto first_time = [&](const std::string& port) {
      return said.insert(std::to_string(index) + ' ' + port).second;
    };
    if (fresh) {
      for (const std::string& port : lint.ports) first_time(port);
      out.push_back(std::move(lint));
    } else {
      for (std::string& port : lint.ports)
        if (first_time(port)) out[index].ports.push_back(std::move(port));
    }
  }
  return out;
}

}  // namespace lightlane::plan
