#include "lightlane/plan/diagnosis/rules.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "lightlane/base/embedded_file.hpp"
#include "lightlane/base/error.hpp"
#include "lightlane/plan/names.hpp"
#include "lightlane/plan/toml_reader.hpp"

LIGHTLANE_EMBED(lightlane_diagnosis_rules, LIGHTLANE_DATA "/diagnosis/rules.toml")

namespace lightlane::plan {
namespace {

/// Odds of something that no rule knows, on the scale of the priors.
constexpr double other_prior = 0.02;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

[[noreturn]] void refuse(std::string_view text, std::string problem, std::string allowed = "") {
  throw ConfigError({fmt::format("'{}'", text), std::move(problem), std::move(allowed), ""});
}

std::string similar_features(std::string_view wrong) {
  std::vector<std::string_view> names;
  for (const FeatureInfo& f : features()) names.push_back(f.name);
  const std::string similar = similar_names(wrong, names);
  return similar.empty() ? "lightlane diagnose --list-features" : similar;
}

bool is_number(std::string_view text, double& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && std::isfinite(value);
}

/// Where the operator is, and how long; npos: there is none.
std::pair<std::size_t, std::size_t> operator_in(std::string_view text) {
  const std::size_t at = text.find_first_of("=!<>");
  if (at == std::string_view::npos) return {at, 0};
  return {at, at + 1 < text.size() && text[at + 1] == '=' ? 2u : 1u};
}

std::string shown(double value) {
  return value != 0 && std::abs(value) < 1e-3 ? fmt::format("{:.2e}", value) : fmt::format("{:.4g}", value);
}

RuleSeverity severity_of(const TomlTable& t, std::string_view key) {
  const std::string word = t.text(key).value_or("degraded");
  constexpr std::string_view words[] = {"note", "degraded", "failing", "down"};
  for (std::size_t i = 0; i < std::size(words); ++i)
    if (words[i] == word) return static_cast<RuleSeverity>(i);
  t.fail(key, fmt::format("is '{}'", word), "note, degraded, failing, down");
}

catalog::Confidence confidence_of(const TomlTable& t) {
  const std::string word = t.need_text("confidence");
  for (const auto c :
       {catalog::Confidence::unverified, catalog::Confidence::likely, catalog::Confidence::sure})
    if (catalog::name(c) == word) return c;
  t.fail("confidence", fmt::format("is '{}'", word), "sure, likely, unverified");
}

RuleCondition condition(const TomlTable& t, std::string_view key, const std::string& text) {
  try {
    return RuleCondition(text);
  } catch (const ConfigError& error) {
    t.fail(key, fmt::format("{} {}", error.detail().place, error.detail().problem), error.detail().allowed);
  }
}

std::vector<RuleCondition> conditions(const TomlTable& t, std::string_view key) {
  std::vector<RuleCondition> out;
  const auto texts = t.texts(key);
  if (!texts) return out;
  for (const std::string& text : *texts) out.push_back(condition(t, key, text));
  return out;
}

DiagnosisRule read_rule(const TomlTable& t) {
  t.only({"id", "row", "symptom", "cause", "prior", "severity", "all", "any", "none", "evidence", "checks",
          "actions", "source", "confidence"});
  DiagnosisRule rule;
  rule.id = t.need_text("id");
  if (rule.id.empty()) t.fail("id", "is empty");
  rule.row = static_cast<int>(t.integer("row", 1, 1000).value_or(0));
  rule.symptom = t.need_text("symptom");
  rule.cause = t.need_text("cause");
  rule.prior = t.need_number("prior", 1e-6, 1e6);
  rule.severity = severity_of(t, "severity");
  rule.all = conditions(t, "all");
  rule.any = conditions(t, "any");
  rule.none = conditions(t, "none");
  if (rule.all.empty() && rule.any.empty())
    t.fail("all", "is missing, and so is any: the rule would always fire");
  for (const TomlTable& e : t.tables("evidence")) {
    e.only({"when", "factor", "else", "text"});
    rule.evidence.push_back({condition(e, "when", e.need_text("when")),
                             e.number("factor", 1e-6, 1e6).value_or(1),
                             e.number("else", 1e-6, 1e6).value_or(1), e.need_text("text")});
  }
  rule.checks = t.texts("checks").value_or(std::vector<std::string>());
  rule.actions = t.texts("actions").value_or(std::vector<std::string>());
  rule.source = t.need_text("source");
  rule.confidence = confidence_of(t);
  return rule;
}

void add_once(std::vector<std::string>& list, const std::string& text) {
  if (std::find(list.begin(), list.end(), text) == list.end()) list.push_back(text);
}

bool fires(const DiagnosisRule& rule, const RuleSubject& subject) {
  const auto holds = [&](const RuleCondition& c) { return c.holds(subject) == Truth::yes; };
  return std::all_of(rule.all.begin(), rule.all.end(), holds) &&
         (rule.any.empty() || std::any_of(rule.any.begin(), rule.any.end(), holds)) &&
         std::none_of(rule.none.begin(), rule.none.end(), holds);
}

Cause explained(const DiagnosisRule& rule, const RuleSubject& subject) {
  Cause cause;
  cause.rule = &rule;
  cause.share = rule.prior;
  for (const auto* list : {&rule.all, &rule.any}) {
    for (const RuleCondition& c : *list) {
      if (c.holds(subject) != Truth::yes) continue;
      for (const std::string& value : c.values(subject)) add_once(cause.conditions, value);
    }
  }
  for (const RuleEvidence& e : rule.evidence) {
    const Truth truth = e.when.holds(subject);
    if (truth == Truth::unknown) {
      if (e.factor > 1 || e.else_factor < 1) cause.would_tell.push_back(e.text);
      continue;
    }
    const double factor = truth == Truth::yes ? e.factor : e.else_factor;
    if (factor == 1) continue;
    cause.share *= factor;
    cause.evidence.push_back({truth == Truth::yes ? e.text : "not so: " + e.text,
                              fmt::format("{}", fmt::join(e.when.values(subject), ", ")), factor});
  }
  return cause;
}

}  // namespace

RuleCondition::RuleCondition(std::string text) : text_(std::move(text)) {
  const std::string_view all = trimmed(text_);
  if (all.substr(0, 6) == "lanes(") {
    parse_lanes(all.substr(6));
    return;
  }
  for (const auto& [word, kind] :
       {std::pair<std::string_view, Kind>{"known ", Kind::known}, {"unknown ", Kind::unknown}}) {
    if (all.substr(0, word.size()) != word) continue;
    kind_ = kind;
    left_ = operand(trimmed(all.substr(word.size())));
    if (left_.feature < 0) refuse(text_, "names no feature", similar_features(all.substr(word.size())));
    return;
  }
  const auto [at, length] = operator_in(all);
  if (at == std::string_view::npos) refuse(text_, "has no comparison", "= != < <= > >=");
  op_ = op_of(all.substr(at, length));
  const std::string_view left = trimmed(all.substr(0, at));
  left_ = operand(left);
  if (left_.feature < 0)
    refuse(text_, fmt::format("begins with '{}', which is no feature", left), similar_features(left));
  right_ = operand(trimmed(all.substr(at + length)));
  const bool word = features()[static_cast<std::size_t>(left_.feature)].word;
  const bool right_word =
      right_.feature >= 0 ? features()[static_cast<std::size_t>(right_.feature)].word : right_.is_word;
  if (word != right_word) refuse(text_, "compares a number with a word");
  if (word && op_ != Op::equal && op_ != Op::unequal) refuse(text_, "orders words", "= or !=");
}

void RuleCondition::parse_lanes(std::string_view rest) {
  kind_ = Kind::lanes;
  const std::size_t close = rest.find(')');
  const auto [at, length] = operator_in(rest);
  if (close == std::string_view::npos || at == std::string_view::npos || at > close)
    refuse(text_, "is no count of lanes", "lanes(reading op number) op number");
  const auto reading = reading_named(trimmed(rest.substr(0, at)));
  if (!reading || info(*reading).scope == ReadingScope::module)
    refuse(text_, "names no reading of a lane", "lightlane diagnose --list-readings");
  reading_ = *reading;
  lane_op_ = op_of(rest.substr(at, length));
  if (!is_number(trimmed(rest.substr(at + length, close - at - length)), lane_value_))
    refuse(text_, "compares lanes with no number");
  const std::string_view outer = trimmed(rest.substr(close + 1));
  const auto [outer_at, outer_length] = operator_in(outer);
  if (outer_at != 0) refuse(text_, "is no count of lanes", "lanes(reading op number) op number");
  op_ = op_of(outer.substr(0, outer_length));
  right_ = operand(trimmed(outer.substr(outer_length)));
  if (right_.is_word || (right_.feature >= 0 && features()[static_cast<std::size_t>(right_.feature)].word))
    refuse(text_, "compares a count with a word");
}

RuleCondition::Operand RuleCondition::operand(std::string_view text) const {
  Operand out;
  if (text.empty()) refuse(text_, "is not whole");
  if (is_number(text, out.number)) return out;
  out.far = text.substr(0, 4) == "far.";
  out.feature = feature_named(out.far ? text.substr(4) : text);
  if (out.feature >= 0) return out;
  out.far = false;
  out.is_word = true;
  if (text.size() >= 2 && text.front() == '\'' && text.back() == '\'') text = text.substr(1, text.size() - 2);
  out.word = text;
  return out;
}

RuleCondition::Op RuleCondition::op_of(std::string_view text) {
  if (text == "=" || text == "==") return Op::equal;
  if (text == "!=") return Op::unequal;
  if (text == "<") return Op::less;
  if (text == "<=") return Op::at_most;
  if (text == ">") return Op::more;
  if (text == ">=") return Op::at_least;
  refuse(text, "is no comparison", "= != < <= > >=");
}

bool RuleCondition::compare(double a, Op op, double b) noexcept {
  switch (op) {
    case Op::equal:
      return a == b;
    case Op::unequal:
      return a != b;
    case Op::less:
      return a < b;
    case Op::at_most:
      return a <= b;
    case Op::more:
      return a > b;
    case Op::at_least:
      break;
  }
  return a >= b;
}

double RuleCondition::count_lanes(const Readings& r) const noexcept {
  const std::size_t n = info(reading_).scope == ReadingScope::lane ? r.lanes() : r.host_lanes();
  double known = 0, count = 0;
  for (std::size_t i = 0; i < n; ++i) {
    if (!r.known(reading_, i)) continue;
    ++known;
    count += compare(r.get(reading_, i), lane_op_, lane_value_) ? 1 : 0;
  }
  return known > 0 ? count : NAN;
}

Truth RuleCondition::holds(const RuleSubject& s) const noexcept {
  const auto number = [&](const Operand& o) {
    if (o.feature < 0) return o.number;
    const Features* f = o.far ? s.far : s.near;
    return f == nullptr ? NAN : f->numbers[static_cast<std::size_t>(o.feature)];
  };
  const auto word = [&](const Operand& o) -> std::string_view {
    if (o.feature < 0) return o.word;
    const Features* f = o.far ? s.far : s.near;
    return f == nullptr ? std::string_view() : f->words[static_cast<std::size_t>(o.feature)];
  };
  const auto truth = [](bool value) { return value ? Truth::yes : Truth::no; };
  if (kind_ == Kind::lanes) {
    const double count = count_lanes(*s.readings), wanted = number(right_);
    return std::isnan(count) || std::isnan(wanted) ? Truth::unknown : truth(compare(count, op_, wanted));
  }
  const bool is_word = features()[static_cast<std::size_t>(left_.feature)].word;
  if (kind_ != Kind::compare) {
    const bool known = is_word ? !word(left_).empty() : !std::isnan(number(left_));
    return truth(known == (kind_ == Kind::known));
  }
  if (is_word) {
    const std::string_view a = word(left_), b = word(right_);
    if (a.empty() || b.empty()) return Truth::unknown;
    return truth((a == b) == (op_ == Op::equal));
  }
  const double a = number(left_), b = number(right_);
  return std::isnan(a) || std::isnan(b) ? Truth::unknown : truth(compare(a, op_, b));
}

std::vector<std::string> RuleCondition::values(const RuleSubject& s) const {
  if (kind_ == Kind::lanes)
    return {fmt::format("{} = {}", text_.substr(0, text_.find(')') + 1), shown(count_lanes(*s.readings)))};
  std::vector<std::string> out;
  if (kind_ == Kind::unknown) return out;
  for (const Operand* o : {&left_, &right_}) {
    const Features* f = o->far ? s.far : s.near;
    if (o->feature < 0 || f == nullptr) continue;
    const std::size_t i = static_cast<std::size_t>(o->feature);
    const std::string name = fmt::format("{}{}", o->far ? "far." : "", features()[i].name);
    if (features()[i].word && !f->words[i].empty()) out.push_back(fmt::format("{} = {}", name, f->words[i]));
    if (!features()[i].word && !std::isnan(f->numbers[i]))
      out.push_back(fmt::format("{} = {}", name, shown(f->numbers[i])));
  }
  return out;
}

void read_rules(const std::string& text, const std::string& file, RuleBook& book) {
  const catalog::Node root = read_toml(text, file);
  const TomlTable document(root, file);
  document.only({"rule"});
  std::vector<std::string> here;
  for (const TomlTable& table : document.tables("rule")) {
    DiagnosisRule rule = read_rule(table);
    if (std::find(here.begin(), here.end(), rule.id) != here.end())
      table.fail("id", fmt::format("is '{}', as an earlier one of this file", rule.id));
    here.push_back(rule.id);
    const auto known = std::find_if(book.rules.begin(), book.rules.end(),
                                    [&](const DiagnosisRule& r) { return r.id == rule.id; });
    if (known != book.rules.end()) {
      *known = std::move(rule);
    } else {
      book.rules.push_back(std::move(rule));
    }
  }
  if (here.empty()) throw InputError({file, "has no rules", "[[rule]] tables", ""});
}

const RuleBook& builtin_rules() {
  static const RuleBook book = [] {
    RuleBook out;
    read_rules(std::string(lightlane_diagnosis_rules()), "rules.toml", out);
    return out;
  }();
  return book;
}

std::vector<Cause> causes_of(const RuleBook& book, const RuleSubject& subject) {
  std::vector<Cause> out;
  double sum = other_prior;
  for (const DiagnosisRule& rule : book.rules) {
    if (!fires(rule, subject)) continue;
    out.push_back(explained(rule, subject));
    sum += out.back().share;
  }
  for (Cause& cause : out) cause.share /= sum;
  std::stable_sort(out.begin(), out.end(), [](const Cause& a, const Cause& b) { return a.share > b.share; });
  return out;
}

}  // namespace lightlane::plan
