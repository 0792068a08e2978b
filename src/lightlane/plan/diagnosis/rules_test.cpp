#include "lightlane/plan/diagnosis/rules.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "lightlane/base/error.hpp"

namespace lightlane::plan {
namespace {

struct Subject {
  Readings readings;
  ThresholdSet limits;
  Features features, far;

  explicit Subject(const std::vector<double>& rx) {
    for (std::size_t i = 0; i < rx.size(); ++i) readings.set(Reading::rx_power_dbm, i, rx[i]);
    readings.thresholds[static_cast<std::size_t>(Monitor::rx_power)] = {7, 4, -5.9, -9.9};
    readings.set(ReadingFact::fec, "rs544");
    limits = thresholds_of(readings);
    features = features_of({&readings, &limits, {}, nullptr, nullptr});
    far = features;
  }
  RuleSubject operator()() const { return {&readings, &features, &far}; }
};

TEST(DiagnosisRules, Conditions) {
  const Subject s({-5, -5.2, -9, -30});
  const auto holds = [&](const char* text) { return RuleCondition(text).holds(s()); };
  EXPECT_EQ(holds("rx.dark = 1"), Truth::yes);
  EXPECT_EQ(holds("rx.odd_lanes = 2"), Truth::yes) << "-9 and dark, against -5";
  EXPECT_EQ(holds("rx.odd_lane_db > 30"), Truth::yes);
  EXPECT_EQ(holds("rx.dark == 1"), Truth::yes);
  EXPECT_EQ(holds("rx.low != 1"), Truth::no);
  EXPECT_EQ(holds("rx.known >= 4"), Truth::yes);
  EXPECT_EQ(holds("rx.dark < rx.known"), Truth::yes);
  EXPECT_EQ(holds("rx.worst_dbm <= -9"), Truth::yes);
  EXPECT_EQ(holds("far.rx.dark > 0"), Truth::yes);
  EXPECT_EQ(holds("tx.dark = 0"), Truth::unknown);
  EXPECT_EQ(holds("known tx.dark"), Truth::no);
  EXPECT_EQ(holds("unknown tx.dark"), Truth::yes);
  EXPECT_EQ(holds("fec = rs544"), Truth::yes);
  EXPECT_EQ(holds("fec = 'rs544'"), Truth::yes);
  EXPECT_EQ(holds("fec != far.fec"), Truth::no);
  EXPECT_EQ(holds("polish = apc"), Truth::unknown);
  EXPECT_EQ(holds("lanes(rx_power_dbm < -8) = 2"), Truth::yes);
  EXPECT_EQ(holds("lanes(rx_power_dbm < -8) >= rx.known"), Truth::no);
  EXPECT_EQ(holds("lanes(ber > 1e-5) = 0"), Truth::unknown);
  RuleSubject alone = s();
  alone.far = nullptr;
  EXPECT_EQ(RuleCondition("far.rx.dark > 0").holds(alone), Truth::unknown);
  EXPECT_EQ(RuleCondition("rx.dark < rx.known").values(s()),
            (std::vector<std::string>{"rx.dark = 1", "rx.known = 4"}));
}

TEST(DiagnosisRules, BadConditionsAreRefused) {
  for (const char* text :
       {"", "rx.dark", "rx.dork = 1", "rx.dark = apc", "fec < rs", "fec = 3", "= 3",
        "rx.dark =", "known nothing", "lanes(rx_power_dbm < -8)", "lanes(voltage_v < 3) = 1",
        "lanes(x < 1) = 1", "lanes(rx_power_dbm < a) = 1", "lanes(rx_power_dbm < 1) = fec", "rx.dark <> 1"})
    EXPECT_THROW(RuleCondition{text}, ConfigError) << text;
  try {
    RuleCondition("rx.dakr = 1");
  } catch (const ConfigError& error) {
    EXPECT_NE(error.detail().allowed.find("rx.dark"), std::string::npos) << error.detail().allowed;
  }
}

constexpr const char* two_rules = R"(
[[rule]]
id = "a"
symptom = "s"
cause = "c"
prior = 0.3
all = ["rx.dark >= 1"]
evidence = [{ when = "rx.low = 1", factor = 4, text = "e" }, { when = "tx.dark = 0", factor = 2, text = "t" }]
source = "x"
confidence = "sure"
[[rule]]
id = "b"
symptom = "s"
cause = "c"
prior = 0.28
any = ["rx.dark >= 1", "rx.high >= 1"]
none = ["rx.dark >= 3"]
evidence = [{ when = "rx.low = 0", factor = 4, else = 0.5, text = "e" }]
source = "x"
confidence = "sure"
)";

TEST(DiagnosisRules, SharesArePriorTimesEvidence) {
  RuleBook book;
  read_rules(two_rules, "r.toml", book);
  const Subject s({-5, -5.2, -9, -30});
  const auto causes = causes_of(book, s());
  ASSERT_EQ(causes.size(), 2u);
  const double a = 0.3 * 4, b = 0.28 * 0.5, sum = a + b + 0.02;
  EXPECT_EQ(causes[0].rule->id, "a");
  EXPECT_NEAR(causes[0].share, a / sum, 1e-12);
  EXPECT_NEAR(causes[1].share, b / sum, 1e-12);
  ASSERT_EQ(causes[0].evidence.size(), 1u);
  EXPECT_EQ(causes[0].evidence[0].values, "rx.low = 1");
  EXPECT_EQ(causes[0].would_tell, std::vector<std::string>{"t"});
  EXPECT_LT(causes[1].evidence[0].factor, 1);
  EXPECT_EQ(causes_of(book, Subject({-40, -40, -40})()).size(), 1u) << "b is ruled out";
  EXPECT_TRUE(causes_of(book, Subject({0, 0})()).empty());
}

TEST(DiagnosisRules, FilesAddAndReplace) {
  RuleBook book = builtin_rules();
  const std::size_t before = book.rules.size();
  std::string text = two_rules;
  text.replace(text.find("\"a\""), 3, "\"polarity\"");
  read_rules(text, "r.toml", book);
  EXPECT_EQ(book.rules.size(), before + 1);
}

TEST(DiagnosisRules, BadFilesNameTheLine) {
  const auto refused = [](std::string text, const char* where) {
    RuleBook book;
    try {
      read_rules(text, "r.toml", book);
      ADD_FAILURE() << text;
    } catch (const InputError& error) {
      EXPECT_NE(std::string(error.what()).find(where), std::string::npos) << error.what();
    }
  };
  const std::string good = two_rules;
  const auto with = [&](const char* from, const char* to) {
    std::string text = good;
    return text.replace(text.find(from), std::string(from).size(), to);
  };
  refused("", "no rules");
  refused("[[rule", "r.toml:1");
  refused(with("prior = 0.3", "prior = 0"), "r.toml:6");
  refused(with("rx.dark >= 1", "rx.dork >= 1"), "r.toml:7");
  refused(with("rx.low = 1", "rx.low is 1"), "r.toml:8");
  refused(with("id = \"b\"", "id = \"a\""), "earlier");
  refused(with("source", "sauce"), "r.toml:9");
  refused(with("\"sure\"", "\"quite\""), "confidence");
}

/// The knowledge base is whole: each of its rows has a rule, and each rule says what to do.
TEST(DiagnosisRules, TwentyFourRows) {
  std::set<int> rows;
  for (const DiagnosisRule& rule : builtin_rules().rules) {
    if (rule.row != 0) rows.insert(rule.row);
    EXPECT_FALSE(rule.checks.empty()) << rule.id;
    EXPECT_FALSE(rule.actions.empty()) << rule.id;
    EXPECT_FALSE(rule.source.empty()) << rule.id;
    for (const RuleEvidence& e : rule.evidence) EXPECT_TRUE(e.factor != 1 || e.else_factor != 1) << rule.id;
  }
  EXPECT_EQ(rows.size(), 24u);
  EXPECT_EQ(*rows.begin(), 1);
  EXPECT_EQ(*rows.rbegin(), 24);
}

}  // namespace
}  // namespace lightlane::plan
