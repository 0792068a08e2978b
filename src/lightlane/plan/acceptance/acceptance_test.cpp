#include "lightlane/plan/acceptance/acceptance.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "lightlane/base/error.hpp"
#include "lightlane/plan/budget/budget_terms.hpp"
#include "lightlane/plan/interop/link_file.hpp"

namespace lightlane::plan {
namespace {

InteropQuestion link_of(std::string_view a, std::string_view b, std::string_view path = "") {
  InteropQuestion q;
  q.a = link_end(a, "A");
  q.b = link_end(b, "B", &q.count);
  q.path = path_of(path, "--path");
  return q;
}

InteropQuestion link_of_length(std::string_view a, std::string_view b, double length_m) {
  InteropQuestion q = link_of(a, b);
  q.plant.segments.push_back({nullptr, length_m, std::nullopt});
  return q;
}

const AcceptanceStep& step_of(const Acceptance& answer, AcceptanceTask task) {
  const auto found = std::find_if(answer.steps.begin(), answer.steps.end(),
                                  [&](const AcceptanceStep& s) { return s.task == task; });
  EXPECT_NE(found, answer.steps.end()) << name(task);
  return *found;
}

const AcceptanceCheck& check_of(const Acceptance& answer, AcceptanceTask task, std::string_view what,
                                std::string_view where = "") {
  static const AcceptanceCheck none;
  for (const AcceptanceCheck& check : step_of(answer, task).checks)
    if (check.what.starts_with(what) && check.where.starts_with(where)) return check;
  ADD_FAILURE() << name(task) << ": no " << what << ", " << where;
  return none;
}

TEST(Acceptance, Dr4HasTheLimitsOfTheStandard) {
  const Acceptance answer = acceptance(link_of("400GBASE-DR4", "400GBASE-DR4"));
  ASSERT_EQ(answer.steps.size(), 10U);
  // W4, W5: the channel has 3.0 dB, of a budget of 6.5 dB less 3.5 dB.
  const AcceptanceCheck& loss = check_of(answer, AcceptanceTask::loss, "insertion loss at 1310 nm", "A to B");
  EXPECT_NEAR(*loss.pass.high, 3.0, 1e-9);
  EXPECT_NEAR(*loss.range.high, 0.2 + 2 * 0.75, 1e-9);       // 500 m of 0.4 dB/km, two MPO of 0.75 dB
  EXPECT_NEAR(*loss.expected, 0.5 * 0.35 + 2 * 0.35, 0.02);  // typical: 0.32 to 0.36 dB/km, 0.35 dB
  // W23: a real module warns at -5.90 and 3.99, alarms at -9.91 and 6.99 dBm; a guide says -6.0 dBm.
  const AcceptanceCheck& rx = check_of(answer, AcceptanceTask::alarms, "receive power", "A");
  EXPECT_NEAR(*rx.range.low, -5.90, 0.005);
  EXPECT_NEAR(*rx.range.low, -6.0, 0.1 + 1e-9);
  EXPECT_NEAR(*rx.range.high, 3.99, 0.015);
  EXPECT_NEAR(*rx.pass.low, -9.91, 0.015);
  EXPECT_NEAR(*rx.pass.high, 6.99, 0.015);
  const AcceptanceCheck& tx = check_of(answer, AcceptanceTask::alarms, "transmit power", "B");
  EXPECT_NEAR(*tx.range.low, -2.90, 0.005);
  EXPECT_NEAR(*tx.pass.low, -6.90, 0.005);
  const AcceptanceCheck& heat = check_of(answer, AcceptanceTask::alarms, "case temperature", "A");
  EXPECT_EQ(*heat.range.high, 75);
  EXPECT_EQ(*heat.pass.high, 80);
  const AcceptanceCheck& window =
      check_of(answer, AcceptanceTask::power, "average launch power of a lane", "A");
  EXPECT_EQ(*window.pass.low, -2.9);
  EXPECT_EQ(*window.pass.high, 4.0);
  EXPECT_EQ(window.confidence, "sure");
  const AcceptanceCheck& receive = check_of(answer, AcceptanceTask::power, "average receive power", "B");
  EXPECT_NEAR(*receive.range.low, -2.9 - 1.7, 1e-9);
  EXPECT_EQ(*receive.pass.low, -5.9);
  EXPECT_EQ(*check_of(answer, AcceptanceTask::reflectance, "reflectance").pass.high, -42);
  EXPECT_EQ(*check_of(answer, AcceptanceTask::reflectance, "optical return loss").pass.low, 37);
}

TEST(Acceptance, TimesAreClosedForms) {
  const Acceptance nrz = acceptance(link_of("100GBASE-LR4", "100GBASE-LR4"));
  const AcceptanceCheck& lane = check_of(nrz, AcceptanceTask::bert, "time without");
  EXPECT_NEAR(*lane.pass.low, -std::log(0.05) / (1e-12 * 25.78125e9), 1e-6);
  EXPECT_EQ(check_of(nrz, AcceptanceTask::bert, "pattern").see.substr(0, 7), "PRBS31;");
  EXPECT_NEAR(*check_of(nrz, AcceptanceTask::soak, "BER that this proves").range.high,
              -std::log(0.05) / (25.78125e9 * 86400), 1e-20);

  // 400GBASE-R: frame loss 6.2e-11 = 2.125 codewords, 425 Gb/s of codewords of 5440 bits.
  const Acceptance pam4 = acceptance(link_of("400GBASE-FR4", "400GBASE-FR4"));
  const double ratio = 6.2e-11 / 2.125, per_s = 425e9 / 5440;
  const AcceptanceCheck& codewords = check_of(pam4, AcceptanceTask::bert, "time without");
  EXPECT_NEAR(*codewords.pass.low, -std::log(0.05) / ratio / per_s, 1e-6);
  EXPECT_EQ(check_of(pam4, AcceptanceTask::bert, "pattern").see.substr(0, 8), "PRBS31Q;");
  EXPECT_NEAR(*check_of(pam4, AcceptanceTask::soak, "frame loss").range.high,
              -std::log(0.05) / (per_s * 86400) * 2.125, 1e-18);

  // A lane that breaks out: RS(544,514) of clause 91, one codeword at a time, 106.25 Gb/s.
  const Acceptance child = acceptance(link_of("400GBASE-DR4", "100GBASE-FR1"));
  EXPECT_NEAR(*check_of(child, AcceptanceTask::bert, "time without").pass.low,
              -std::log(0.05) / (6.2e-10 / 1.125) / (106.25e9 / 5440), 1e-6);
}

TEST(Acceptance, MoreConfidenceErrorsAndLowerBerTakeLonger) {
  const InteropQuestion q = link_of("100GBASE-SR4", "100GBASE-SR4");
  const auto seconds = [&](const AcceptanceConfig& config, std::string_view what) {
    return *check_of(acceptance(q, config), AcceptanceTask::bert, what).pass.low;
  };
  AcceptanceConfig config;
  const double plain = seconds(config, "time without");
  config.confidence = 0.99;
  EXPECT_NEAR(seconds(config, "time without") / plain, std::log(0.01) / std::log(0.05), 1e-9);
  config = {};
  config.ber = 1e-13;
  EXPECT_NEAR(seconds(config, "time without") / plain, 10, 1e-9);
  config = {};
  config.errors = 2;
  EXPECT_NEAR(seconds(config, "time with 2") / plain, 6.295793622 / 2.995732274, 1e-7);  // chi-square tables
}

TEST(Acceptance, PreFecBerHasTheMarginThatTheBudgetHas) {
  // The shorter the link, the more margin: the pass number stops at 1 dB, the expectation goes on.
  double last = 1;
  for (const double length : {2000.0, 1500.0, 1000.0, 500.0}) {
    const Acceptance answer = acceptance(link_of_length("400GBASE-FR4", "400GBASE-FR4", length));
    const AcceptanceCheck& ber = check_of(answer, AcceptanceTask::bert, "pre-FEC BER");
    EXPECT_LT(*ber.range.high, last);
    EXPECT_LE(*ber.pass.high, 2.4e-4);
    EXPECT_GE(*ber.pass.high, *ber.range.high);
    last = *ber.range.high;
  }
  AcceptanceConfig none;
  none.pre_fec_margin_db = 0;
  EXPECT_NEAR(*check_of(acceptance(link_of("400GBASE-DR4", "400GBASE-DR4"), none), AcceptanceTask::bert,
                        "pre-FEC BER")
                   .pass.high,
              2.4e-4, 1e-12);
}

TEST(Acceptance, PositionsAreThoseOfTheCables) {
  struct Case {
    std::string_view a, b, path;
  };
  for (const Case& c : {Case{"400GBASE-DR4", "400GBASE-DR4", "mpo12-b-sm:10"},
                        Case{"400GBASE-DR4", "100GBASE-DR", "mpo12-4lc-sm:10"}}) {
    const InteropQuestion q = link_of(c.a, c.b, c.path);
    const Acceptance answer = acceptance(q);
    const auto lanes = mdi_positions(*q.a.pmd);
    const AcceptanceStep& step = step_of(answer, AcceptanceTask::polarity);
    ASSERT_EQ(step.checks.size(), 2 * lanes.size());
    for (std::size_t i = 0; i < lanes.size(); ++i) {
      const FibrePlace out = trace(q.path, {0, lanes[i].transmit});
      const std::string leg = answer.interop.children > 1 ? "leg " + std::to_string(out.leg + 1) + ", " : "";
      EXPECT_EQ(step.checks[2 * i].see, "light into position " + std::to_string(lanes[i].transmit) +
                                            " at A comes out at " + leg + "position " +
                                            std::to_string(out.position) + " of B");
    }
  }
}

TEST(Acceptance, LossLimitIsTheSmallerOfChannelAndBudget) {
  for (const catalog::Pmd& pmd : catalog::pmds()) {
    InteropQuestion q;
    q.a.pmd = q.b.pmd = &pmd;
    const Acceptance answer = acceptance(q);
    if (answer.steps.empty() || !answer.interop.budget) continue;
    for (const auto& [label, d] : {std::pair("A to B", &answer.interop.budget->directions[0]),
                                   std::pair("B to A", &answer.interop.budget->directions[1])}) {
      const AcceptanceCheck& loss = check_of(answer, AcceptanceTask::loss, "insertion loss at", label);
      double limit = HUGE_VAL;
      if (d->channel_loss_max_db) limit = *d->channel_loss_max_db;
      if (d->margin_db) limit = std::min(limit, *d->margin_db + d->loss_db);
      ASSERT_EQ(loss.pass.high.has_value(), limit < HUGE_VAL) << pmd.id;
      EXPECT_TRUE(loss.pass.high || !loss.unknown.empty()) << pmd.id;
      if (!loss.pass.high) continue;
      // At the meter's wavelength the fibre may lose a little more or less: an eighth of it at 1264.5 nm.
      EXPECT_NEAR(*loss.pass.high, limit, 0.12 * d->loss_db + 1e-9) << pmd.id;
      // Room is room: limit less loss is the same at both wavelengths.
      EXPECT_NEAR(*loss.pass.high - *loss.range.high, limit - d->loss_db, 1e-9) << pmd.id;
    }
  }
}

TEST(Acceptance, EveryPairHasARecipeOrReasons) {
  int refused = 0, recipes = 0;
  for (const catalog::Pmd& a : catalog::pmds()) {
    for (const catalog::Pmd& b : catalog::pmds()) {
      InteropQuestion q;
      q.a.pmd = &a;
      q.b.pmd = &b;
      const Acceptance answer = acceptance(q);
      if (answer.interop.verdict == InteropVerdict::no) {
        EXPECT_TRUE(answer.steps.empty());
        EXPECT_FALSE(answer.interop.reasons.empty());
        ++refused;
        continue;
      }
      ++recipes;
      EXPECT_EQ(answer.steps.size(), answer.interop.verdict == InteropVerdict::ok ? 10U : 11U);
      for (const AcceptanceStep& step : answer.steps) {
        EXPECT_FALSE(step.title.empty());
        EXPECT_FALSE(step.actions.empty() && step.checks.empty()) << a.id << " " << name(step.task);
        for (const AcceptanceCheck& check : step.checks) {
          // A limit has a source; what has neither limit nor anything to see says what is unknown.
          EXPECT_TRUE(!check.pass.any() || !check.source.empty()) << a.id << " " << b.id << " " << check.what;
          EXPECT_TRUE(check.pass.any() || !check.see.empty() || !check.unknown.empty() || check.range.any())
              << a.id << " " << check.what;
          for (const auto& value :
               {check.pass.low, check.pass.high, check.range.low, check.range.high, check.expected})
            EXPECT_FALSE(value && !std::isfinite(*value)) << a.id << " " << b.id << " " << check.what;
          EXPECT_FALSE(check.pass.low && check.pass.high && *check.pass.low > *check.pass.high)
              << a.id << " " << check.what;
        }
      }
    }
  }
  EXPECT_GT(refused, 1000);
  EXPECT_GT(recipes, 60);
}

TEST(Acceptance, ConditionsComeFirstAndBadNumbersAreRefused) {
  const Acceptance answer = acceptance(link_of("400GBASE-DR4", "100GBASE-LR1"));
  EXPECT_EQ(answer.interop.verdict, InteropVerdict::conditional);
  EXPECT_EQ(answer.steps.front().task, AcceptanceTask::conditions);
  EXPECT_NE(answer.steps.front().actions.front().find("attenuator"), std::string::npos);
  const InteropQuestion q = link_of("400GBASE-DR4", "400GBASE-DR4");
  for (const double bad : {-1.0, 0.0, 0.3, 1.0, 2.0, std::nan("")}) {
    AcceptanceConfig config;
    config.confidence = bad;
    EXPECT_THROW((void)acceptance(q, config), ConfigError);
    config = {};
    config.ber = bad;
    EXPECT_THROW((void)acceptance(q, config), ConfigError);
  }
  AcceptanceConfig config;
  config.errors = -1;
  EXPECT_THROW((void)acceptance(q, config), ConfigError);
  config = {};
  config.soak_h = -1;
  EXPECT_THROW((void)acceptance(q, config), ConfigError);
}

}  // namespace
}  // namespace lightlane::plan
