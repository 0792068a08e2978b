#include "lightlane/catalog/closure.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

namespace lightlane::catalog {
namespace {

TEST(Closure, EveryIdentityHoldsOrIsNamed) {
  std::map<std::string, int> tried;
  std::set<std::string> exceptions;
  for (const Closure& c : closures()) {
    EXPECT_TRUE(c.good()) << c.pmd->id << " " << c.rule->name << ": printed " << c.printed << ", computed "
                          << c.computed;
    ++tried[std::string(c.rule->name)];
    if (!c.exception.empty()) exceptions.insert(std::string(c.pmd->id) + " " + std::string(c.rule->name));
  }
  EXPECT_EQ(exceptions,
            (std::set<std::string>{"100G-4WDM-10 stressed_sensitivity", "100GBASE-DR reflectance_sum",
                                   "100GBASE-LR1 average_floor", "10GBASE-LR stressed_sensitivity",
                                   "400GBASE-LR8 reflectance_sum"}));
  // So many PMDs have all the values that a rule needs, counted apart from this code: fewer would mean that
  // values were lost.
  EXPECT_EQ(tried, (std::map<std::string, int>{{"tx_corner", 32},
                                               {"rx_corner", 28},
                                               {"stressed_sensitivity", 34},
                                               {"stressed_penalty", 30},
                                               {"power_budget", 30},
                                               {"budget_sum", 34},
                                               {"average_power", 46},
                                               {"average_floor", 5},
                                               {"dispersion_min", 30},
                                               {"dispersion_max", 30},
                                               {"reflectance_sum", 12},
                                               {"return_loss", 12},
                                               {"channel_loss", 11}}));
}

/// Anchor: what is left of DR4's budget for reflections and DGD: (OMA - TDECQ) - loss - (SRS - SECQ) = 0.1
/// dB.
TEST(Closure, AllocationForReflections) {
  const auto left = [](const char* name) {
    const Pmd& p = *find_pmd(name);
    return p.tx.oma_minus_tdecq_min_dbm->value - p.channel.insertion_loss_max_db->value -
           (p.rx.stressed_sensitivity_oma_dbm->value - p.rx.secq_db->value);
  };
  EXPECT_NEAR(left("400GBASE-DR4"), 0.1, 1e-9);
  EXPECT_NEAR(left("100GBASE-DR"), 0.1, 1e-9);
  EXPECT_NEAR(left("100GBASE-FR1"), 0.4, 1e-9);
  EXPECT_NEAR(left("400GBASE-FR4"), 0.4, 1e-9);
  EXPECT_NEAR(left("100GBASE-LR1"), 0.5, 1e-9);
  // The same is what the penalties leave beside TDECQ.
  const Pmd& dr4 = *find_pmd("400GBASE-DR4");
  EXPECT_NEAR(dr4.budget.penalties_db->value - dr4.tx.tdecq_max_db->value, 0.1, 1e-9);
}

/// Per kilometre at 1310 nm +0.919 and -1.323, at 1264.5 nm -3.44 and -5.94, at 1337.5 nm +3.34 and +1.24
/// ps/nm; the printed limits of DR4 -0.93 and +0.8.
TEST(Closure, DispersionFormula) {
  EXPECT_NEAR(limit_dispersion_max_ps_nm(1310, 1000), 0.919, 5e-4);
  EXPECT_NEAR(limit_dispersion_min_ps_nm(1310, 1000), -1.323, 5e-4);
  EXPECT_NEAR(limit_dispersion_max_ps_nm(1264.5, 1000), -3.44, 5e-3);
  EXPECT_NEAR(limit_dispersion_min_ps_nm(1264.5, 1000), -5.94, 5e-3);
  EXPECT_NEAR(limit_dispersion_max_ps_nm(1337.5, 1000), 3.34, 5e-3);
  EXPECT_NEAR(limit_dispersion_min_ps_nm(1337.5, 1000), 1.24, 5e-3);
  EXPECT_NEAR(limit_dispersion_min_ps_nm(1304.5, 500), -0.93, 5e-3);
  EXPECT_NEAR(limit_dispersion_max_ps_nm(1317.5, 500), 0.80, 5e-3);
}

/// Amplitudes of ten reflections and the receiver's: 21.35, 17.1 and 15.8 dB for the three classes.
TEST(Closure, ReflectanceSums) {
  std::map<std::string, double> computed;
  for (const Closure& c : closures())
    if (c.rule->name == "reflectance_sum") computed[std::string(c.pmd->id)] = c.computed;
  EXPECT_NEAR(computed["400GBASE-DR4"], 21.35, 0.005);
  EXPECT_NEAR(computed["400GBASE-FR4"], 17.1, 0.05);
  EXPECT_NEAR(computed["100GBASE-LR1"], 15.8, 0.05);
}

/// A wrong value is found, and an exception that is none as well.
TEST(Closure, FindsWhatDoesNotClose) {
  Pmd pmd = *find_pmd("400GBASE-DR4");
  Tables tables;
  tables.pmds = std::span(&pmd, 1);
  for (const Closure& c : closures(tables)) EXPECT_TRUE(c.good()) << c.rule->name;

  pmd.rx.stressed_sensitivity_oma_dbm->value = -1.8;
  pmd.channel.insertion_loss_max_db->value = 3.1;
  std::set<std::string> bad;
  for (const Closure& c : closures(tables))
    if (!c.good()) bad.insert(std::string(c.rule->name));
  EXPECT_EQ(bad,
            (std::set<std::string>{"stressed_sensitivity", "budget_sum", "average_power", "channel_loss"}));

  pmd = *find_pmd("400GBASE-DR4");
  const ClosureException exception[] = {{"tx_corner", "no reason"}};
  pmd.exceptions = exception;
  bad.clear();
  for (const Closure& c : closures(tables))
    if (!c.good()) bad.insert(std::string(c.rule->name));
  EXPECT_EQ(bad, (std::set<std::string>{"tx_corner"}));

  pmd.tx.oma_outer_min_dbm.reset();  // the rule cannot be tried any more: the exception is idle
  bad.clear();
  for (const Closure& c : closures(tables))
    if (!c.good()) bad.insert(std::string(c.rule->name));
  EXPECT_TRUE(bad.contains("tx_corner"));
}

}  // namespace
}  // namespace lightlane::catalog
