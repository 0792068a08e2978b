#pragma once
/// Reading a planning file in TOML: typed values with ranges, and errors that say file, line, key, value and
/// range. Keys are written with the names of their tables ("fabric.leaf.downlinks").

#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lightlane/base/error.hpp"
#include "lightlane/catalog/toml_tree.hpp"

namespace lightlane::plan {

/// One table of a file. Cheap to copy; points into the tree that it was made from.
class TomlTable {
 public:
  /// `prefix`: names of the tables around it, with a dot behind each; "" for the document.
  TomlTable(const catalog::Node& node, const std::string& file, std::string prefix = "")
      : node_(&node), file_(&file), prefix_(std::move(prefix)) {}

  /// Throws InputError at the first key that is none of `keys`, with what may be meant.
  void only(const std::vector<std::string_view>& keys) const;

  bool contains(std::string_view key) const noexcept { return node_->contains(key); }
  unsigned line() const noexcept { return node_->line; }
  /// The table of that key; none where it is missing.
  std::optional<TomlTable> table(std::string_view key) const;
  /// The tables of [[key]]; none where it is missing.
  std::vector<TomlTable> tables(std::string_view key) const;

  std::optional<std::string> text(std::string_view key) const;
  std::optional<bool> flag(std::string_view key) const;
  std::optional<double> number(std::string_view key, double low, double high) const;
  std::optional<long> integer(std::string_view key, long low, long high) const;
  std::optional<std::vector<std::string>> texts(std::string_view key) const;
  std::optional<std::vector<double>> numbers(std::string_view key, double low, double high) const;

  /// The same, and missing is an error.
  std::string need_text(std::string_view key) const;
  double need_number(std::string_view key, double low, double high) const;
  long need_integer(std::string_view key, long low, long high) const;

  /// Runs `find` on the text of `key`, and gives its ConfigError the place in the file.
  template <class Find>
  auto named(std::string_view key, Find find) const {
    const std::string name = need_text(key);
    try {
      return find(name);
    } catch (const ConfigError& error) {
      fail(key, error.detail().problem, error.detail().allowed, error.detail().hint);
    }
  }

  /// Throws InputError at the key, or at the table where it is missing.
  [[noreturn]] void fail(std::string_view key, std::string problem, std::string allowed = "",
                         std::string hint = "") const;

 private:
  const catalog::Node* node_;
  const std::string* file_;
  std::string prefix_;
};

/// Throws InputError where the text is no TOML.
catalog::Node read_toml(std::string_view text, const std::string& file);

}  // namespace lightlane::plan
