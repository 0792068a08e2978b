#include "lightlane/plan/toml_reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "lightlane/plan/names.hpp"

namespace lightlane::plan {

using catalog::Node;

void TomlTable::fail(std::string_view key, std::string problem, std::string allowed, std::string hint) const {
  const Node* node = node_->get(key);
  const unsigned line = node == nullptr ? node_->line : node->line;
  throw InputError({fmt::format("{}:{}: {}{}", *file_, line, prefix_, key), std::move(problem),
                    std::move(allowed), std::move(hint)});
}

void TomlTable::only(const std::vector<std::string_view>& keys) const {
  for (const catalog::Member& member : node_->members) {
    if (std::find(keys.begin(), keys.end(), member.key) != keys.end()) continue;
    const std::string similar = similar_names(member.key, keys);
    fail(member.key, "is not known here",
         similar.empty() ? fmt::format("{}", fmt::join(keys, ", ")) : similar);
  }
}

std::optional<TomlTable> TomlTable::table(std::string_view key) const {
  const Node* node = node_->get(key);
  if (node == nullptr) return std::nullopt;
  if (!node->is_table()) fail(key, fmt::format("is no table: [{}{}]", prefix_, key));
  return TomlTable(*node, *file_, fmt::format("{}{}.", prefix_, key));
}

std::vector<TomlTable> TomlTable::tables(std::string_view key) const {
  std::vector<TomlTable> out;
  const Node* list = node_->get(key);
  if (list == nullptr) return out;
  const auto refuse = [&] { fail(key, fmt::format("is no list of tables: [[{}{}]]", prefix_, key)); };
  if (!list->is_array()) refuse();
  for (const Node& node : list->items) {
    if (!node.is_table()) refuse();
    out.emplace_back(node, *file_, fmt::format("{}{}.", prefix_, key));
  }
  return out;
}

std::optional<std::string> TomlTable::text(std::string_view key) const {
  const Node* node = node_->get(key);
  if (node == nullptr) return std::nullopt;
  if (!node->is_text()) fail(key, "is no text");
  return node->text;
}

std::optional<bool> TomlTable::flag(std::string_view key) const {
  const Node* node = node_->get(key);
  if (node == nullptr) return std::nullopt;
  if (node->kind != Node::Kind::boolean) fail(key, "is neither true nor false");
  return node->flag;
}

std::optional<double> TomlTable::number(std::string_view key, double low, double high) const {
  const Node* node = node_->get(key);
  if (node == nullptr) return std::nullopt;
  if (!node->is_number()) fail(key, "is no number", fmt::format("{:g} to {:g}", low, high));
  if (!(node->number >= low && node->number <= high))
    fail(key, fmt::format("is {:g}", node->number), fmt::format("{:g} to {:g}", low, high));
  return node->number;
}

std::optional<long> TomlTable::integer(std::string_view key, long low, long high) const {
  const auto value = number(key, static_cast<double>(low), static_cast<double>(high));
  if (!value) return std::nullopt;
  if (*value != std::floor(*value))
    fail(key, fmt::format("is {:g}", *value), fmt::format("a whole number, {} to {}", low, high));
  return static_cast<long>(*value);
}

std::optional<std::vector<std::string>> TomlTable::texts(std::string_view key) const {
  const Node* node = node_->get(key);
  if (node == nullptr) return std::nullopt;
  if (!node->is_array()) fail(key, "is no list of texts");
  std::vector<std::string> out;
  for (const Node& item : node->items) {
    if (!item.is_text()) fail(key, "is no list of texts");
    out.push_back(item.text);
  }
  return out;
}

std::optional<std::vector<double>> TomlTable::numbers(std::string_view key, double low, double high) const {
  const Node* node = node_->get(key);
  if (node == nullptr) return std::nullopt;
  if (!node->is_array()) fail(key, "is no list of numbers");
  std::vector<double> out;
  for (const Node& item : node->items) {
    if (!item.is_number() || !(item.number >= low && item.number <= high)) {
      fail(key, item.is_number() ? fmt::format("has {:g}", item.number) : "is no list of numbers",
           fmt::format("{:g} to {:g}", low, high));
    }
    out.push_back(item.number);
  }
  return out;
}

std::string TomlTable::need_text(std::string_view key) const {
  const auto value = text(key);
  if (!value) fail(key, "is missing");
  return *value;
}

double TomlTable::need_number(std::string_view key, double low, double high) const {
  const auto value = number(key, low, high);
  if (!value) fail(key, "is missing", fmt::format("{:g} to {:g}", low, high));
  return *value;
}

long TomlTable::need_integer(std::string_view key, long low, long high) const {
  const auto value = integer(key, low, high);
  if (!value) fail(key, "is missing", fmt::format("{} to {}", low, high));
  return *value;
}

Node read_toml(std::string_view text, const std::string& file) {
  try {
    return catalog::parse_toml(text);
  } catch (const catalog::TomlError& error) {
    throw InputError({fmt::format("{}:{}", file, error.line), error.text, "", ""});
  }
}

}  // namespace lightlane::plan
