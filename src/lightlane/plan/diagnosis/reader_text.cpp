#include "lightlane/plan/diagnosis/reader_text.hpp"

#include <algorithm>

#include "lightlane/math/elementary.hpp"

namespace lightlane::plan::reading {

std::string_view trim(std::string_view text) noexcept {
  const auto space = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (!text.empty() && space(text.front())) text.remove_prefix(1);
  while (!text.empty() && space(text.back())) text.remove_suffix(1);
  return text;
}

bool starts_with(std::string_view text, std::string_view with) noexcept {
  return text.substr(0, with.size()) == with;
}

bool contains(std::string_view text, std::string_view what) noexcept {
  return text.find(what) != std::string_view::npos;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> out;
  std::size_t at = 0;
  while (true) {
    at = text.find_first_not_of(" \t\r", at);
    if (at == std::string_view::npos) return out;
    const std::size_t end = std::min(text.find_first_of(" \t\r", at), text.size());
    out.push_back(text.substr(at, end - at));
    at = end;
  }
}

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> out;
  for (std::size_t begin = 0;;) {
    const std::size_t end = text.find(at, begin);
    out.push_back(text.substr(begin, end - begin));
    if (end == std::string_view::npos) return out;
    begin = end + 1;
  }
}

bool next_line(std::string_view& text, std::string_view& line) noexcept {
  if (text.empty()) return false;
  const std::size_t end = text.find('\n');
  line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return true;
}

std::optional<double> leading_number(std::string_view text) noexcept {
  text = trim(text);
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  if (starts_with(text, "-inf") || starts_with(text, "-Inf")) return -INFINITY;
  if (text.empty() || text.front() == 'n' || text.front() == 'N' || text.front() == 'i' ||
      text.front() == 'I')
    return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || !std::isfinite(value)) return std::nullopt;
  return value;
}

bool no_value(std::string_view text) noexcept {
  text = trim(text);
  return text.empty() || text == "N/A" || text == "NA" || text == "n/a" || text == "--" || text == "-" ||
         text == "Unknown" || text == "unknown" || text == "None" || text == "null" || text == "nan" ||
         text == "NaN";
}

std::optional<bool> truth_of(std::string_view text) {
  const std::string word = lower(trim(text));
  for (const std::string_view yes : {"true", "yes", "on", "up", "1", "enabled"})
    if (word == yes) return true;
  for (const std::string_view no : {"false", "no", "off", "down", "0", "disabled"})
    if (word == no) return false;
  return std::nullopt;
}

double dbm_of_mw(double mw) noexcept { return mw > 0 ? math::to_db(mw) : -INFINITY; }

NumberedKey numbered(std::string_view key) {
  NumberedKey out;
  bool seen = false;
  for (std::size_t i = 0; i < key.size(); ++i) {
    const char c = key[i];
    if (c == ' ' || c == '\t') continue;
    if (c < '0' || c > '9' || seen) {
      out.key += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
      continue;
    }
    std::size_t value = 0;
    for (; i < key.size() && key[i] >= '0' && key[i] <= '9'; ++i)
      value = std::min<std::size_t>(value * 10 + static_cast<std::size_t>(key[i] - '0'), 100000);
    --i;
    out.lane = value;
    out.key += '#';
    seen = true;
  }
  return out;
}

std::string_view form_factor_of(std::string_view text) noexcept {
  for (const std::string_view known : {"QSFP-DD", "QSFP56-DD", "OSFP", "QSFP112", "QSFP56", "QSFP28", "QSFP+",
                                       "SFP-DD", "SFP112", "SFP56", "SFP28", "DSFP", "CFP2", "CFP4", "CFP"}) {
    if (contains(text, known)) return known == "QSFP56-DD" ? std::string_view("QSFP-DD") : known;
  }
  return {};
}

std::optional<double> watts_of(std::string_view text) noexcept {
  for (std::size_t at = text.find('W'); at != std::string_view::npos; at = text.find('W', at + 1)) {
    std::size_t end = at;
    while (end > 0 && text[end - 1] == ' ') --end;
    std::size_t begin = end;
    while (begin > 0 && ((text[begin - 1] >= '0' && text[begin - 1] <= '9') || text[begin - 1] == '.'))
      --begin;
    if (begin < end) return leading_number(text.substr(begin, end - begin));
  }
  return std::nullopt;
}

void offer_type(Readings& r, std::string_view text) {
  text = trim(text);
  if (no_value(text)) return;
  if (r.get(ReadingFact::module).empty()) r.set(ReadingFact::module, text);
  if (r.pmd != nullptr) return;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(" or "), rest.size());
    if (const catalog::Pmd* pmd = pmd_of_text(rest.substr(0, end))) {
      r.pmd = pmd;
      return;
    }
    rest.remove_prefix(end == rest.size() ? end : end + 4);
  }
}

bool set_threshold(Readings& r, Monitor monitor, std::string_view which, double value) noexcept {
  MonitorThresholds& t = r.thresholds[static_cast<std::size_t>(monitor)];
  if (!std::isfinite(value)) return false;
  if (which == "highalarm") {
    t.high_alarm = value;
  } else if (which == "highwarning" || which == "highwarn") {
    t.high_warning = value;
  } else if (which == "lowwarning" || which == "lowwarn") {
    t.low_warning = value;
  } else if (which == "lowalarm") {
    t.low_alarm = value;
  } else {
    return false;
  }
  return true;
}

}  // namespace lightlane::plan::reading
