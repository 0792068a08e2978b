#include "cli/plan/explain_command.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>

#include "cli/exit_code.hpp"
#include "cli/plan/wrapped_text.hpp"
#include "cli/terminal.hpp"
#include "lightlane/plan/explain/explain.hpp"

namespace lightlane::cli {
namespace {

using namespace plan;
using Json = nlohmann::ordered_json;

Json sources_json(const std::vector<std::string>& keys) {
  Json out = Json::array();
  for (const std::string& key : keys) {
    const catalog::Source* source = catalog::find_source(key);
    out.push_back({{"key", key}, {"title", source == nullptr ? "a word of this program" : source->title}});
  }
  return out;
}

Json topic_json(const ExplainTopic& topic) {
  Json claims = Json::array();
  for (const ExplainClaim& claim : topic.claims) {
    claims.push_back({{"numbers", claim.numbers},
                      {"said", claim.said},
                      {"said_by", sources_json(claim.said_by)},
                      {"right", claim.right},
                      {"confidence", catalog::name(claim.confidence)},
                      {"source", sources_json(claim.source)}});
  }
  return {{"id", topic.id},
          {"group", topic.group},
          {"title", topic.title},
          {"aliases", topic.aliases},
          {"text", topic.text},
          {"confidence", catalog::name(topic.confidence)},
          {"source", sources_json(topic.source)},
          {"claims", claims},
          {"see_also", topic.see_also},
          {"try", topic.commands}};
}

Json name_json(const catalog::NameAnswer& name) {
  if (name.matches.empty() && name.explanation.empty()) return nullptr;
  Json matches = Json::array();
  for (const catalog::NameMatch& match : name.matches)
    matches.push_back({{"kind", match.kind}, {"id", match.id}});
  return {{"status", catalog::name(name.status)}, {"explanation", name.explanation}, {"matches", matches}};
}

void paragraph(int indent, const std::string& head, const std::string& text) {
  const int begun = indent + static_cast<int>(head.size());
  fmt::print("{:{}}{}{}\n", "", indent, head, wrapped(text, begun, begun, text_columns()));
}

std::string trust(catalog::Confidence confidence, const std::vector<std::string>& source) {
  return fmt::format("({}: {})", catalog::name(confidence), fmt::join(source, ", "));
}

void print_topic(const ExplainTopic& topic) {
  fmt::print("{}\n", bold(topic.id == topic.title ? topic.id : fmt::format("{}  {}", topic.id, topic.title)));
  paragraph(2, "", fmt::format("{} {}", topic.text, trust(topic.confidence, topic.source)));
  for (const ExplainClaim& claim : topic.claims) {
    fmt::print("\n");
    const std::string by = claim.said_by.empty() ? "" : fmt::format(" ({})", fmt::join(claim.said_by, ", "));
    paragraph(2, "often said  ", claim.said + by);
    paragraph(2, "right       ", fmt::format("{} {}", claim.right, trust(claim.confidence, claim.source)));
  }
  if (!topic.see_also.empty() || !topic.commands.empty()) fmt::print("\n");
  if (!topic.see_also.empty())
    paragraph(2, "see also    ", fmt::format("{}", fmt::join(topic.see_also, ", ")));
  for (const std::string& command : topic.commands) fmt::print("  try         {}\n", command);
}

void print_name(const catalog::NameAnswer& name, const std::string& asked, bool behind_topic) {
  if (name.matches.empty() && name.explanation.empty()) return;
  if (behind_topic) fmt::print("\n");
  fmt::print("{}\n", bold(fmt::format("{} in the catalogue: {}", asked, catalog::name(name.status))));
  if (!name.explanation.empty()) paragraph(2, "", name.explanation);
  for (const catalog::NameMatch& match : name.matches) fmt::print("  {:<12}{}\n", match.kind, match.id);
  if (!name.matches.empty())
    fmt::print("  try         lightlane catalog show \"{}\"\n", name.matches.front().id);
}

int list(const std::string& format) {
  if (format == "json") {
    Json out = {{"topics", Json::array()}};
    for (const ExplainTopic& topic : explain_topics()) out["topics"].push_back(topic_json(topic));
    fmt::print("{}\n", out.dump(2));
    return ok;
  }
  std::size_t claims = 0;
  for (const ExplainTopic& topic : explain_topics()) claims += topic.claims.size();
  paragraph(
      0, "",
      fmt::format("{} topics, {} things often said that are not so. lightlane explain TOPIC; any name of the "
                  "catalogue is answered too.",
                  explain_topics().size(), claims));
  for (std::size_t i = 0; i < explain_topics().size();) {
    const std::string& group = explain_topics()[i].group;
    std::string names;
    for (; i < explain_topics().size() && explain_topics()[i].group == group; ++i) {
      std::string id = explain_topics()[i].id;
      for (char& c : id)
        if (c == ' ') c = '\x01';  // an id stays on one line
      names += id + ",  ";
    }
    names.resize(names.size() - 3);
    fmt::print("\n{}\n", bold(group));
    std::string text = wrapped(names, 2, 2, text_columns());
    for (char& c : text)
      if (c == '\x01') c = ' ';
    fmt::print("  {}\n", text);
  }
  return ok;
}

}  // namespace

int run_explain(const ExplainOptions& o) {
  const std::string asked = fmt::format("{}", fmt::join(o.topic, " "));
  if (asked.find_first_not_of(' ') == std::string::npos) return list(o.format);
  const ExplainAnswer answer = explain(asked);
  if (o.format == "json") {
    const Json out = {{"asked", asked},
                      {"topic", answer.topic == nullptr ? Json() : topic_json(*answer.topic)},
                      {"catalogue", name_json(answer.name)}};
    fmt::print("{}\n", out.dump(2));
    return ok;
  }
  if (answer.topic != nullptr) print_topic(*answer.topic);
  print_name(answer.name, asked, answer.topic != nullptr);
  return ok;
}

}  // namespace lightlane::cli
