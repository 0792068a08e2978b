#pragma once
/// Rules of diagnosis: symptom to cause, as data (data/diagnosis/rules.toml, inside the program; users' files
/// add to it). A rule fires where its conditions hold; what fires is ranked by a prior times the likelihood
/// ratios of the evidence that is known.
///
/// A condition is `feature op value`, with = != < <= > >= and a number, a word, or another feature on the
/// right; `known feature` and `unknown feature`; or `lanes(reading op number) op number`, which counts lanes.
/// "far." before a feature: that of the other end. A condition on what is unknown does not hold.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lightlane/catalog/value.hpp"
#include "lightlane/plan/diagnosis/features.hpp"

namespace lightlane::plan {

enum class Truth : std::uint8_t { no, yes, unknown };

/// What both ends have; `far` may be null.
struct RuleSubject {
  const Readings* readings = nullptr;
  const Features* near = nullptr;
  const Features* far = nullptr;
};

class RuleCondition {
 public:
  /// Throws ConfigError where the text is none.
  explicit RuleCondition(std::string text);

  Truth holds(const RuleSubject& subject) const noexcept;
  const std::string& text() const noexcept { return text_; }
  /// "rx.dark = 2": its features as they are, those that are known.
  std::vector<std::string> values(const RuleSubject& subject) const;
  /// Index in features() of the first feature; -1: counts lanes. `far`: of the other end.
  int feature() const noexcept { return left_.feature; }
  bool far() const noexcept { return left_.far; }

 private:
  enum class Kind : std::uint8_t { compare, known, unknown, lanes };
  enum class Op : std::uint8_t { equal, unequal, less, at_most, more, at_least };
  struct Operand {
    int feature = -1;
    bool far = false;
    double number = 0;
    std::string word;
    bool is_word = false;
  };

  void parse_lanes(std::string_view rest);
  Operand operand(std::string_view text) const;
  static bool compare(double a, Op op, double b) noexcept;
  static Op op_of(std::string_view text);
  double count_lanes(const Readings& readings) const noexcept;

  std::string text_;
  Kind kind_ = Kind::compare;
  Operand left_, right_;
  Op op_ = Op::equal, lane_op_ = Op::equal;
  Reading reading_ = Reading::rx_power_dbm;
  double lane_value_ = 0;
};

struct RuleEvidence {
  RuleCondition when;
  double factor = 1;       ///< of the odds where it holds, > 0
  double else_factor = 1;  ///< where it is known not to
  std::string text;        ///< what it says
};

/// How bad it is at least where the rule fires.
enum class RuleSeverity : std::uint8_t { note, degraded, failing, down };

struct DiagnosisRule {
  std::string id;
  int row = 0;  ///< of the knowledge base; 0: none of its
  std::string symptom, cause;
  double prior = 0.05;  ///< relative to the other rules
  RuleSeverity severity = RuleSeverity::degraded;
  std::vector<RuleCondition> all, any, none;  ///< every, at least one (where there are), none of these
  std::vector<RuleEvidence> evidence;
  std::vector<std::string> checks, actions;
  std::string source;
  catalog::Confidence confidence = catalog::Confidence::unverified;
};

struct RuleBook {
  std::vector<DiagnosisRule> rules;
};

/// Those that ship. Read once.
const RuleBook& builtin_rules();
/// Adds the rules of a file; one of a known id takes its place. Throws InputError with file and line.
void read_rules(const std::string& text, const std::string& file, RuleBook& book);

struct CauseEvidence {
  std::string text, values;
  double factor = 1;  ///< above 1: for the cause; below: against it
};

struct Cause {
  const DiagnosisRule* rule = nullptr;
  double share = 0;  ///< of all that fired and of what no rule knows, by prior and evidence; they add up to 1
  std::vector<CauseEvidence> evidence;
  std::vector<std::string> conditions;  ///< why it fired, with values
  std::vector<std::string> would_tell;  ///< evidence that is not known
};

/// Ranked, the likeliest first; of equal ones in the order of the book.
std::vector<Cause> causes_of(const RuleBook& book, const RuleSubject& subject);

}  // namespace lightlane::plan
