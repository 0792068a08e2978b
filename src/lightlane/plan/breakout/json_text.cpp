#include "lightlane/plan/breakout/json_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <unordered_set>

#include "lightlane/base/error.hpp"

namespace lightlane::plan {
namespace {

constexpr std::size_t deepest = 100;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blank = " \t\r\n";
  const std::size_t first = text.find_first_not_of(blank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

/// What a checkout without symbolic links, or the raw download of one, leaves: a path and nothing else.
bool link_text(std::string_view text) {
  if (text.empty() || text.size() > 1024) return false;
  const bool one_word = std::none_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == '{' || c == '[' || c == '"' || c == '<';
  });
  return one_word && (text.find('/') != std::string_view::npos || text.ends_with(".json"));
}

/// The target of a link as seen from where we are.
std::string target_of(std::string_view link, const std::string& file) {
  const std::size_t slash = file.rfind('/');
  return link.starts_with('/') || slash == std::string::npos ? std::string(link)
                                                             : file.substr(0, slash + 1) + std::string(link);
}

void refuse_stand_ins(std::string_view text, const std::string& file) {
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff"))
    throw InputError({file, "is UTF-16", "JSON in UTF-8", "save it as UTF-8"});
  const std::string_view body = trimmed(text);
  if (body.empty()) throw InputError({file, "is empty", "JSON", ""});
  if (link_text(body)) {
    throw InputError({file, fmt::format("is the text of a symbolic link to '{}', not the file", body), "JSON",
                      fmt::format("give {}, or check out with symbolic links (git config core.symlinks true)",
                                  target_of(body, file))});
  }
  if (body.starts_with("<!") || body.starts_with("<html")) {
    throw InputError({file, "is a web page", "JSON", "download the file itself, not the page that shows it"});
  }
  if (body.starts_with("version https://git-lfs"))
    throw InputError({file, "is a Git LFS pointer", "JSON", "git lfs pull fetches the file"});
}

class TreeBuilder {
 public:
  TreeBuilder(JsonDocument& out, const std::string& file, std::string_view text)
      : out_(out), file_(file), source_(text) {}

  bool null() { return add(other("null")); }
  bool boolean(bool value) { return add(other(value ? "true" : "false")); }
  bool number_integer(std::int64_t value) { return add(other(fmt::format("{}", value))); }
  bool number_unsigned(std::uint64_t value) { return add(other(fmt::format("{}", value))); }
  bool number_float(double, const std::string& text) { return add(other(text)); }
  bool string(std::string& value) { return add(JsonValue::of(value)); }
  bool binary(nlohmann::json::binary_t&) { return false; }
  bool start_object(std::size_t) { return open(JsonValue::Kind::object); }
  bool start_array(std::size_t) { return open(JsonValue::Kind::array); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }
  bool key(std::string& name) {
    key_ = name;
    if (!names_.back().insert(name).second) {
      std::string path;
      for (const std::string& step : path_)
        if (!step.empty()) path += step + " / ";
      if (out_.twice.size() < 100) out_.twice.push_back(path + name);
    }
    return true;
  }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::json::exception& error) {
    const std::size_t end = std::min(position == 0 ? 0 : position - 1, source_.size());
    const auto line =
        1 + std::count(source_.begin(), source_.begin() + static_cast<std::ptrdiff_t>(end), '\n');
    // "[json.exception.parse_error.101] parse error at line 1, column 3: ...": the place is said once.
    std::string_view what = error.what();
    if (const std::size_t colon = what.find(": "); colon != std::string_view::npos)
      what.remove_prefix(colon + 2);
    // What was read last may be long, or no text at all.
    const std::size_t last = what.find("; last read");
    const bool plain = std::all_of(what.begin(), what.end(), [](char c) { return c >= ' ' && c < 0x7f; });
    if (last != std::string_view::npos && (!plain || what.size() > last + 60)) what = what.substr(0, last);
    throw InputError({fmt::format("{}:{}", file_, line), fmt::format("is no JSON: {}", what), "", ""});
  }

 private:
  static JsonValue other(std::string text) {
    JsonValue out;
    out.kind = JsonValue::Kind::other;
    out.text = std::move(text);
    return out;
  }
  JsonValue* place(JsonValue value) {
    if (open_.empty()) {
      out_.value = std::move(value);
      return &out_.value;
    }
    JsonValue& parent = *open_.back();
    if (parent.is_array()) return &parent.items.emplace_back(std::move(value));
    if (names_.back().size() == parent.members.size()) {  // twice: the last one stands, as in Python
      const auto known = std::find_if(parent.members.begin(), parent.members.end(),
                                      [&](const auto& member) { return member.first == key_; });
      if (known != parent.members.end()) return &(known->second = std::move(value));
    }
    return &parent.members.emplace_back(key_, std::move(value)).second;
  }
  bool add(JsonValue value) { return place(std::move(value)) != nullptr; }
  bool open(JsonValue::Kind kind) {
    if (open_.size() == deepest)
      throw InputError({file_, fmt::format("is nested more than {} deep", deepest), "", ""});
    JsonValue value;
    value.kind = kind;
    path_.push_back(open_.empty() || open_.back()->is_array() ? std::string() : key_);
    open_.push_back(place(std::move(value)));
    names_.emplace_back();
    return true;
  }
  bool close() {
    open_.pop_back();
    names_.pop_back();
    path_.pop_back();
    return true;
  }

  JsonDocument& out_;
  const std::string& file_;
  std::string_view source_;
  std::vector<JsonValue*> open_;
  std::vector<std::unordered_set<std::string>> names_;
  std::vector<std::string> path_;
  std::string key_;
};

std::string quoted(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

void write(const JsonValue& value, std::size_t depth, std::string& out) {
  const auto indent = [&](std::size_t n) { out.append("\n").append(4 * n, ' '); };
  const auto list = [&](const auto& entries, std::string_view ends, auto entry) {
    if (entries.empty()) {
      out += ends;
      return;
    }
    out += ends[0];
    for (std::size_t i = 0; i < entries.size(); ++i) {
      if (i != 0) out += ',';
      indent(depth + 1);
      entry(entries[i]);
    }
    indent(depth);
    out += ends[1];
  };
  switch (value.kind) {
    case JsonValue::Kind::object:
      return list(value.members, "{}", [&](const auto& member) {
        out += quoted(member.first) + ": ";
        write(member.second, depth + 1, out);
      });
    case JsonValue::Kind::array:
      return list(value.items, "[]", [&](const JsonValue& item) { write(item, depth + 1, out); });
    case JsonValue::Kind::text:
      out += quoted(value.text);
      return;
    case JsonValue::Kind::other:
      out += value.text;
  }
}

}  // namespace

const JsonValue* JsonValue::get(std::string_view key) const noexcept {
  for (const auto& [name, value] : members)
    if (name == key) return &value;
  return nullptr;
}

JsonValue& JsonValue::at(std::string_view key) {
  for (auto& [name, value] : members)
    if (name == key) return value;
  return members.emplace_back(std::string(key), JsonValue()).second;
}

JsonValue JsonValue::of(std::string_view text) {
  JsonValue out;
  out.kind = Kind::text;
  out.text = text;
  return out;
}

JsonDocument read_json(std::string_view text, const std::string& file) {
  refuse_stand_ins(text, file);
  JsonDocument out;
  TreeBuilder builder(out, file, text);
  nlohmann::json::sax_parse(text, &builder);
  return out;
}

std::string write_json(const JsonValue& value) {
  std::string out;
  write(value, 0, out);
  return out + '\n';
}

}  // namespace lightlane::plan
