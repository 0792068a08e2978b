#include "lightlane/catalog/reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

namespace lightlane::catalog {

std::string_view Memory::keep(std::string_view text) {
  return text.empty() ? std::string_view() : std::string_view(*texts.emplace(text).first);
}

void Reader::refuse(const Node& node, std::string text) {
  harvest_.problems.push_back({file_, node.line, std::move(text)});
}

void Reader::refer(const Node& node, Reference::Kind kind, std::string_view name, DeviceKind device) {
  if (!name.empty()) harvest_.references.push_back({{file_, node.line, ""}, kind, std::string(name), device});
}

void Reader::take(const Node& node, std::string kind, std::string_view name) {
  harvest_.taken.push_back({std::move(kind), std::string(name), {file_, node.line, ""}});
}

Reader::Keys Reader::with_provenance(std::initializer_list<std::string_view> keys) {
  Keys out(keys);
  out.insert(out.end(), {"source", "confidence", "note"});
  return out;
}

void Reader::allow(const Node& table, const std::string& path, const Keys& keys) {
  for (const auto& [key, node] : table.members) {
    if (std::find(keys.begin(), keys.end(), key) != keys.end()) continue;
    refuse(node, fmt::format("{}.{}: unknown key; there are {}", path, key, fmt::join(keys, ", ")));
  }
}

std::string_view Reader::text(const Node& table, const std::string& path, std::string_view key, bool needed) {
  const Node* node = table.get(key);
  if (node == nullptr) {
    if (needed) refuse(table, fmt::format("{}.{}: is missing", path, key));
    return {};
  }
  if (!node->is_text() || node->text.empty()) {
    refuse(*node, fmt::format("{}.{}: is not a text", path, key));
    return {};
  }
  return memory_.keep(node->text);
}

std::span<const std::string_view> Reader::texts(const Node& table, const std::string& path,
                                                std::string_view key) {
  const Node* node = table.get(key);
  if (node == nullptr) return {};
  std::vector<std::string_view> out;
  for (const Node& item : node->items)
    if (item.is_text() && !item.text.empty()) out.push_back(memory_.keep(item.text));
  if (!node->is_array() || out.size() != node->items.size()) {
    refuse(*node, fmt::format("{}.{}: is not a list of texts", path, key));
  }
  return Memory::keep(memory_.text_lists, std::move(out));
}

std::size_t Reader::word_index(const Node& table, const std::string& path, std::string_view key, Words words,
                               std::size_t other) {
  const Node* node = table.get(key);
  if (node == nullptr) return other;
  const auto found =
      std::find(words.begin(), words.end(), node->is_text() ? std::string_view(node->text) : "");
  if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
  refuse(*node, fmt::format("{}.{}: is none of {}", path, key, fmt::join(words, ", ")));
  return other;
}

std::optional<double> Reader::number(const Node& node, const std::string& path, double lo, double hi,
                                     std::string_view unit) {
  if (node.is_number() && node.number >= lo && node.number <= hi) return node.number;
  refuse(node, fmt::format("{}: is {}, not a number from {} to {}{}{}", path,
                           node.is_number() ? fmt::format("{}", node.number) : "something else", lo, hi,
                           unit.empty() ? "" : " ", unit));
  return std::nullopt;
}

std::optional<double> Reader::number(const Node& table, const std::string& path, std::string_view key,
                                     double lo, double hi) {
  const Node* node = table.get(key);
  return node != nullptr ? number(*node, fmt::format("{}.{}", path, key), lo, hi, "") : std::nullopt;
}

int Reader::whole(const Node& table, const std::string& path, std::string_view key, int lo, int hi,
                  int other) {
  const auto value = number(table, path, key, lo, hi);
  if (!value) return other;
  if (*value == std::floor(*value)) return static_cast<int>(*value);
  refuse(*table.get(key), fmt::format("{}.{}: is {}, not a whole number", path, key, *value));
  return other;
}

bool Reader::flag(const Node& table, const std::string& path, std::string_view key) {
  const Node* node = table.get(key);
  if (node == nullptr) return false;
  if (node->kind != Node::Kind::boolean) refuse(*node, fmt::format("{}.{}: is not true or false", path, key));
  return node->flag;
}

const Node* Reader::child(const Node& table, const std::string& path, std::string_view key) {
  const Node* node = table.get(key);
  if (node == nullptr || node->is_table()) return node;
  refuse(*node, fmt::format("{}.{}: is not a table", path, key));
  return nullptr;
}

std::string_view Reader::source_of(const Node& node, const std::string& path) {
  std::vector<std::string_view> keys;
  if (node.is_text() && !node.text.empty()) keys.push_back(node.text);
  for (const Node& item : node.items)
    if (item.is_text() && !item.text.empty()) keys.push_back(item.text);
  if (keys.empty() || (node.is_array() && keys.size() != node.items.size())) {
    refuse(node, fmt::format("{}.source: is not a source's key, or a list of some", path));
    return {};
  }
  for (const std::string_view key : keys) refer(node, Reference::Kind::source, key);
  return memory_.keep(fmt::format("{}", fmt::join(keys, ", ")));
}

Scope Reader::scope(const Node& table, const std::string& path, const Scope& outer) {
  Scope out = outer;
  if (const Node* node = table.get("source")) out.provenance.source = source_of(*node, path);
  out.provenance.confidence = word(table, path, "confidence", confidence_words(), out.provenance.confidence);
  out.has_confidence = out.has_confidence || table.contains("confidence");
  out.provenance.note = text(table, path, "note");
  return out;
}

void Reader::need(const Node& node, const std::string& path, const Scope& scope) {
  if (scope.provenance.source.empty()) refuse(node, path + ": has no source");
  if (!scope.has_confidence) refuse(node, path + ": has no confidence");
}

Provenance Reader::provenance(const Node& table, const std::string& path, const Scope& outer) {
  const Scope own = scope(table, path, outer);
  need(table, path, own);
  return own.provenance;
}

Limit Reader::limit(const Node& node, const std::string& path, const Scope& group, double lo, double hi,
                    std::string_view unit) {
  Scope own = group;
  own.provenance.note = {};
  const Node* value = &node;
  if (node.is_table()) {
    allow(node, path, with_provenance({"value"}));
    own = scope(node, path, group);
    value = node.get("value");
    if (value == nullptr) {
      refuse(node, path + ": has no value");
      return std::nullopt;
    }
  }
  need(node, path, own);
  const auto x = number(*value, path, lo, hi, unit);
  if (!x) return std::nullopt;
  return Value{*x, own.provenance.confidence, own.provenance.source, own.provenance.note};
}

void Reader::read(const Node& root) {
  struct Kind {
    std::string_view name;
    void (Reader::*entry)(const Node&);
  };
  constexpr Kind kinds[] = {{"source", &Reader::source},
                            {"pmd", &Reader::pmd},
                            {"device", &Reader::device},
                            {"profile", &Reader::profile},
                            {"fibre", &Reader::fibre},
                            {"connector", &Reader::connector},
                            {"name", &Reader::name_entry},
                            {"form_factor", &Reader::form_factor},
                            {"power_class", &Reader::power_class},
                            {"cage", &Reader::cage},
                            {"module", &Reader::module},
                            {"cable", &Reader::cable},
                            {"switch", &Reader::switch_entry},
                            {"copper", &Reader::copper},
                            {"direct_attach", &Reader::direct_attach}};
  for (const Member& member : root.members) {
    const std::string& key = member.key;
    const Node& node = member.node;
    const auto kind =
        std::find_if(std::begin(kinds), std::end(kinds), [&](const Kind& k) { return k.name == key; });
    if (kind == std::end(kinds) || !node.is_array()) {
      std::vector<std::string> known;
      for (const Kind& k : kinds) known.push_back(fmt::format("[[{}]]", k.name));
      refuse(node, fmt::format("{}: unknown; there are {}", key, fmt::join(known, ", ")));
      continue;
    }
    for (const Node& item : node.items) {
      if (item.is_table()) {
        (this->*kind->entry)(item);
      } else {
        refuse(item, key + ": is not a table");
      }
    }
  }
}

}  // namespace lightlane::catalog
