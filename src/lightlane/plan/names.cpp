#include "lightlane/plan/names.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "lightlane/base/edit_distance.hpp"
#include "lightlane/base/error.hpp"
#include "lightlane/catalog/catalog.hpp"

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

std::string_view shown(catalog::PmdConnector connector) noexcept {
  constexpr std::string_view words[] = {
      "an unknown connector", "duplex LC", "simplex LC", "MPO-12", "MPO-16", "MPO-24"};
  return words[static_cast<int>(connector)];
}

std::string_view shown(catalog::Polish polish) noexcept {
  constexpr std::string_view words[] = {"an unknown polish", "UPC", "APC", "flat"};
  return words[static_cast<int>(polish)];
}

std::string_view shown(catalog::LineCode code) noexcept {
  constexpr std::string_view words[] = {"an unknown line code", "NRZ", "PAM4", "DP-DQPSK", "DP-16QAM"};
  return words[static_cast<int>(code)];
}

std::string_view shown(catalog::FibreKind kind) noexcept {
  constexpr std::string_view words[] = {"single-mode fibre", "multimode fibre"};
  return words[static_cast<int>(kind)];
}

std::string similar_names(std::string_view wrong, const std::vector<std::string_view>& names) {
  const std::string asked = folded(wrong).substr(0, 64);
  if (asked.empty()) return "";
  std::vector<std::pair<std::size_t, std::string_view>> found;
  for (const std::string_view name : names) {
    const std::string other = folded(name);
    if (other.find(asked) != std::string::npos) {
      found.emplace_back(0, name);
    } else if (const std::size_t letters = edit_distance(asked, other); letters <= 1 + asked.size() / 4) {
      found.emplace_back(letters, name);
    }
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string_view> out;
  for (std::size_t i = 0; i < std::min<std::size_t>(found.size(), 5); ++i) out.push_back(found[i].second);
  return fmt::format("{}", fmt::join(out, ", "));
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
