#include "lightlane/base/similar_names.hpp"

#include <algorithm>
#include <utility>

#include "lightlane/base/edit_distance.hpp"

namespace lightlane {

std::string folded_name(std::string_view name) {
  std::string out(name);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == ' ' || c == '_') c = '-';
  }
  return out;
}

std::size_t name_distance(std::string_view wanted, std::string_view candidate) {
  const std::string text = folded_name(candidate);
  return text.find(wanted) != std::string::npos ? 0 : edit_distance(wanted, text);
}

std::string similar_names(std::string_view wrong, const std::vector<std::string_view>& names) {
  const std::string wanted = folded_name(wrong.substr(0, 64));
  if (wanted.empty()) return "";
  std::vector<std::pair<std::size_t, std::string_view>> found;
  for (const std::string_view name : names) {
    const std::size_t letters = name_distance(wanted, name);
    if (letters <= 1 + wanted.size() / 4) found.emplace_back(letters, name);
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::string out;
  for (std::size_t i = 0; i < std::min<std::size_t>(found.size(), 5); ++i) {
    out += i > 0 ? ", " : "";
    out += found[i].second;
  }
  return out;
}

}  // namespace lightlane
