// Topics as data.

#include <fmt/format.h>

#include "lightlane/plan/explain/explain.hpp"
#include "lightlane/plan/toml_reader.hpp"

namespace lightlane::plan {
namespace {

using catalog::Confidence;

Confidence confidence_of(const TomlTable& table) {
  const std::string text = table.need_text("confidence");
  for (const Confidence c : {Confidence::sure, Confidence::likely, Confidence::unverified})
    if (text == catalog::name(c)) return c;
  table.fail("confidence", fmt::format("is '{}'", text), "sure, likely, unverified");
}

/// One text, or a list of them; at least one.
std::vector<std::string> need_texts(const TomlTable& table, std::string_view key) {
  std::vector<std::string> out = table.texts(key).value_or(std::vector<std::string>());
  if (out.empty()) table.fail(key, "is missing", "a list of keys of sources");
  return out;
}

std::string need_words(const TomlTable& table, std::string_view key) {
  std::string out = table.need_text(key);
  if (out.find_first_not_of(" \n") == std::string::npos) table.fail(key, "is empty");
  return out;
}

ExplainClaim read_claim(const TomlTable& table) {
  table.only({"numbers", "said", "right", "said_by", "source", "confidence"});
  ExplainClaim out;
  for (const double number : table.numbers("numbers", 1, 1000).value_or(std::vector<double>()))
    out.numbers.push_back(static_cast<int>(number));
  out.said = need_words(table, "said");
  out.right = need_words(table, "right");
  out.said_by = table.texts("said_by").value_or(std::vector<std::string>());
  out.source = need_texts(table, "source");
  out.confidence = confidence_of(table);
  return out;
}

}  // namespace

std::vector<ExplainTopic> read_topics(std::string_view text, const std::string& file) {
  const catalog::Node root = read_toml(text, file);
  const TomlTable document(root, file);
  document.only({"group", "topic"});
  const std::string group = need_words(document, "group");
  std::vector<ExplainTopic> out;
  for (const TomlTable& table : document.tables("topic")) {
    table.only({"id", "title", "text", "aliases", "source", "confidence", "claim", "see_also", "try"});
    ExplainTopic topic;
    topic.group = group;
    topic.id = need_words(table, "id");
    topic.title = need_words(table, "title");
    topic.text = need_words(table, "text");
    topic.aliases = table.texts("aliases").value_or(std::vector<std::string>());
    topic.source = need_texts(table, "source");
    topic.confidence = confidence_of(table);
    for (const TomlTable& claim : table.tables("claim")) topic.claims.push_back(read_claim(claim));
    topic.see_also = table.texts("see_also").value_or(std::vector<std::string>());
    topic.commands = table.texts("try").value_or(std::vector<std::string>());
    out.push_back(std::move(topic));
  }
  return out;
}

}  // namespace lightlane::plan
