#include "lightlane/plan/explain/explain.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "lightlane/base/embedded_file.hpp"
#include "lightlane/base/error.hpp"
#include "lightlane/plan/names.hpp"

LIGHTLANE_EMBED(lightlane_explain_light, LIGHTLANE_DATA "/explain/light.toml")
LIGHTLANE_EMBED(lightlane_explain_coding, LIGHTLANE_DATA "/explain/coding.toml")
LIGHTLANE_EMBED(lightlane_explain_types, LIGHTLANE_DATA "/explain/types.toml")
LIGHTLANE_EMBED(lightlane_explain_plant, LIGHTLANE_DATA "/explain/plant.toml")
LIGHTLANE_EMBED(lightlane_explain_modules, LIGHTLANE_DATA "/explain/modules.toml")
LIGHTLANE_EMBED(lightlane_explain_planning, LIGHTLANE_DATA "/explain/planning.toml")
LIGHTLANE_EMBED(lightlane_explain_reasons, LIGHTLANE_DATA "/explain/reasons.toml")

namespace lightlane::plan {
namespace {

std::string folded_name(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (std::string_view(" \t-_/.,()").find(c) == std::string_view::npos) out += c;
  }
  return out;
}

/// As it is written first: POLARITY is a reason code, polarity a term.
const ExplainTopic* find_topic(std::string_view name) {
  for (const ExplainTopic& topic : explain_topics()) {
    if (topic.id == name) return &topic;
    for (const std::string& alias : topic.aliases)
      if (alias == name) return &topic;
  }
  const std::string asked = folded_name(name);
  if (asked.empty()) return nullptr;
  for (const ExplainTopic& topic : explain_topics()) {
    if (folded_name(topic.id) == asked) return &topic;
    for (const std::string& alias : topic.aliases)
      if (folded_name(alias) == asked) return &topic;
  }
  return nullptr;
}

/// Topics whose words have it, at most five.
std::string topics_about(std::string_view name) {
  const std::string asked = folded_name(name);
  std::vector<std::string_view> out;
  if (asked.size() < 3) return "";
  for (const ExplainTopic& topic : explain_topics()) {
    std::string all = topic.title + topic.text;
    for (const ExplainClaim& claim : topic.claims) all += claim.said + claim.right;
    if (folded_name(all).find(asked) != std::string::npos && out.size() < 5) out.push_back(topic.id);
  }
  return fmt::format("{}", fmt::join(out, ", "));
}

}  // namespace

const std::vector<ExplainTopic>& explain_topics() {
  static const std::vector<ExplainTopic> all = [] {
    std::vector<ExplainTopic> out;
    for (const auto& [text, file] : {std::pair(lightlane_explain_light(), "light.toml"),
                                     std::pair(lightlane_explain_coding(), "coding.toml"),
                                     std::pair(lightlane_explain_types(), "types.toml"),
                                     std::pair(lightlane_explain_plant(), "plant.toml"),
                                     std::pair(lightlane_explain_modules(), "modules.toml"),
                                     std::pair(lightlane_explain_planning(), "planning.toml"),
                                     std::pair(lightlane_explain_reasons(), "reasons.toml")}) {
      for (ExplainTopic& topic : read_topics(text, std::string("data/explain/") + file))
        out.push_back(std::move(topic));
    }
    return out;
  }();
  return all;
}

ExplainAnswer explain(std::string_view name) {
  ExplainAnswer out;
  out.topic = find_topic(name);
  out.name = catalog::resolve_name(name);
  if (out.name.status == catalog::NameStatus::unknown) out.name = {};
  // A key of the list of sources beside a topic of that name says nothing.
  const auto& matches = out.name.matches;
  if (out.topic != nullptr && !matches.empty() &&
      std::all_of(matches.begin(), matches.end(), [](const auto& match) { return match.kind == "source"; }))
    out.name = {};
  if (out.topic != nullptr || !out.name.matches.empty() || !out.name.explanation.empty()) return out;
  std::vector<std::string_view> names;
  for (const ExplainTopic& topic : explain_topics()) {
    names.emplace_back(topic.id);
    names.insert(names.end(), topic.aliases.begin(), topic.aliases.end());
  }
  std::string hint = similar_names(name, names);
  const std::string about = topics_about(name);
  if (!hint.empty()) hint = fmt::format("did you mean {}?", hint);
  if (!about.empty()) hint += fmt::format("{}{} speak of it", hint.empty() ? "" : "; ", about);
  throw ConfigError({"topic", fmt::format("'{}' is no topic, and no name of the catalogue", name), "",
                     hint.empty() ? "lightlane explain lists the topics" : hint});
}

}  // namespace lightlane::plan
