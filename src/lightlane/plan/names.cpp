#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "lightlane/base/error.hpp"
#include "lightlane/plan/budget.hpp"

namespace lightlane::plan {
namespace {

std::string folded(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == ' ' || c == '_') c = '-';
  }
  return out;
}

/// Letters to insert, delete or change.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0]++;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t change = diagonal + (a[i] != b[j] ? 1 : 0);
      diagonal = row[j + 1];
      row[j + 1] = std::min({change, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

template <class Entry>
std::vector<std::string_view> names_of(std::span<const Entry> entries) {
  std::vector<std::string_view> out;
  for (const Entry& entry : entries) {
    out.push_back(entry.id);
    out.insert(out.end(), entry.aliases.begin(), entry.aliases.end());
  }
  return out;
}

[[noreturn]] void unknown_name(std::string_view wrong, const std::string& place, std::string_view kind,
                               const std::vector<std::string_view>& names) {
  const std::string similar = similar_names(wrong, names);
  throw ConfigError({place, fmt::format("is '{}', which is no {} of the catalogue", wrong, kind), "",
                     similar.empty() ? fmt::format("see lightlane catalog list --kind {}", kind)
                                     : fmt::format("did you mean {}?", similar)});
}

}  // namespace

std::string similar_names(std::string_view wrong, const std::vector<std::string_view>& names) {
  const std::string asked = folded(wrong).substr(0, 64);
  if (asked.empty()) return "";
  std::vector<std::pair<std::size_t, std::string_view>> found;
  for (const std::string_view name : names) {
    const std::string other = folded(name);
    if (other.find(asked) != std::string::npos) {
      found.emplace_back(0, name);
    } else if (const std::size_t letters = distance(asked, other); letters <= 1 + asked.size() / 4) {
      found.emplace_back(letters, name);
    }
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string_view> out;
  for (std::size_t i = 0; i < std::min<std::size_t>(found.size(), 5); ++i) out.push_back(found[i].second);
  return fmt::format("{}", fmt::join(out, ", "));
}

const catalog::Pmd& pmd_named(std::string_view name, const std::string& place) {
  if (const catalog::Pmd* pmd = catalog::find_pmd(name)) return *pmd;
  unknown_name(name, place, "pmd", names_of(catalog::pmds()));
}

const catalog::Fibre& fibre_named(std::string_view name, const std::string& place) {
  if (const catalog::Fibre* fibre = catalog::find_fibre(name)) return *fibre;
  unknown_name(name, place, "fibre", names_of(catalog::fibres()));
}

const catalog::Connector& joint_named(std::string_view name, const std::string& place,
                                      catalog::JointKind kind) {
  const catalog::Connector* joint = catalog::find_connector(name);
  if (joint == nullptr) unknown_name(name, place, "connector", names_of(catalog::connectors()));
  if (joint->kind != kind) {
    throw ConfigError({place, fmt::format("is '{}', a {}", joint->id, catalog::name(joint->kind)),
                       fmt::format("a {}", catalog::name(kind)), ""});
  }
  return *joint;
}

}  // namespace lightlane::plan
