#pragma once
/// JSON as a plain tree that keeps what a file says: the order of its members, its numbers as written, and
/// names that occur twice. Written as Python's json.dumps(indent=4) writes it.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lightlane::plan {

struct JsonValue {
  enum class Kind { object, array, text, other };  ///< other: number, true, false, null
  Kind kind = Kind::object;
  std::string text;  ///< of a text, in UTF-8; of `other` as it is written
  std::vector<std::pair<std::string, JsonValue>> members;
  std::vector<JsonValue> items;

  bool is_object() const noexcept { return kind == Kind::object; }
  bool is_array() const noexcept { return kind == Kind::array; }
  bool is_text() const noexcept { return kind == Kind::text; }
  /// Null where there is none.
  const JsonValue* get(std::string_view key) const noexcept;
  /// The member of that name, made where there is none.
  JsonValue& at(std::string_view key);
  static JsonValue of(std::string_view text);

  bool operator==(const JsonValue&) const = default;
};

struct JsonDocument {
  JsonValue value;
  std::vector<std::string>
      twice;  ///< "PORT / Ethernet0": names that an object has twice; the last one stands
};

/// Throws InputError that names `file`: no JSON (with the line), nested deeper than 100, or what stands in
/// for a file that is not there: the text of a symbolic link, a web page, nothing.
JsonDocument read_json(std::string_view text, const std::string& file);

/// Four spaces, everything beyond ASCII escaped, a newline at the end.
std::string write_json(const JsonValue& value);

}  // namespace lightlane::plan
