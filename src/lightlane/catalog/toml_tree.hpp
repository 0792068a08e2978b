#pragma once
/// A TOML document as a plain tree that knows its lines.

#include <string>
#include <string_view>
#include <vector>

namespace lightlane::catalog {

struct Member;

struct Node {
  enum class Kind { table, array, text, number, boolean, other };  ///< other: dates and times
  Kind kind = Kind::other;
  unsigned line = 0, column = 0;
  std::string text;
  double number = 0;
  bool flag = false;
  std::vector<Node> items;
  std::vector<Member> members;  ///< in the order of the document

  bool is_table() const noexcept { return kind == Kind::table; }
  bool is_array() const noexcept { return kind == Kind::array; }
  bool is_text() const noexcept { return kind == Kind::text; }
  bool is_number() const noexcept { return kind == Kind::number; }
  /// Null where the key is missing.
  const Node* get(std::string_view key) const noexcept;
  bool contains(std::string_view key) const noexcept { return get(key) != nullptr; }
};

struct Member {
  std::string key;
  Node node;
};

struct TomlError {
  unsigned line = 0;
  std::string text;
};

/// Throws TomlError where the text is no TOML.
Node parse_toml(std::string_view text);

}  // namespace lightlane::catalog
