// Worked examples of the seed-claims table (W10 to W13), whole questions added up by hand, properties.
#include "lightlane/plan/cost/tco.hpp"

#include <gtest/gtest.h>

#include <boost/math/distributions/poisson.hpp>
#include <cmath>
#include <random>

#include "lightlane/base/error.hpp"

namespace lightlane::plan {
namespace {

using enum CostKey;

TcoPlan plan_named(const std::string& name, double quantity, double price, double power) {
  TcoPlan plan;
  plan.name = name;
  TcoItem item;
  item.part = name;
  item.quantity = quantity;
  item.figures[unit_price] = price;
  item.figures[power_w] = power;
  plan.items = {item};
  return plan;
}

TcoQuestion lr4_against_lr1(double quantity) {
  TcoQuestion q;
  q.alternatives = {plan_named("LR4", quantity, 650, 4.2), plan_named("LR1", quantity, 450, 3.5)};
  q.figures[electricity_per_kwh] = 0.12;
  q.figures[pue] = 1;
  return q;
}

TEST(Tco, CapitalAndEnergyOfTheWorkedExamples) {
  const Tco t = tco(lr4_against_lr1(500));  // W10, W11
  EXPECT_DOUBLE_EQ(t.alternatives[0].capex, 325000);
  EXPECT_DOUBLE_EQ(t.alternatives[1].capex, 225000);
  EXPECT_DOUBLE_EQ(t.savings[1].capex, 100000);
  EXPECT_NEAR(t.savings[1].capex_share, 0.308, 0.0005);
  EXPECT_NEAR(t.savings[1].power_w, 350, 1e-9);
  EXPECT_NEAR(t.savings[1].kwh, 15330, 1e-8);
  EXPECT_NEAR(t.savings[1].kwh_per_year, 3066, 1e-8);
  EXPECT_NEAR(t.savings[1].energy, 1839.60, 1e-8);
  EXPECT_NEAR(tco(lr4_against_lr1(2000)).savings[1].capex, 400000, 1e-9);  // W12
}

TEST(Tco, TotalOfTheWorkedExample) {
  const Tco t = tco(lr4_against_lr1(100));  // W13
  EXPECT_NEAR(t.alternatives[0].total, 67207.52, 1e-8);
  EXPECT_NEAR(t.alternatives[1].total, 46839.60, 1e-8);
  EXPECT_NEAR(t.savings[1].total, 20367.92, 1e-8);
  EXPECT_NEAR(t.savings[1].total_share, 0.303, 0.0005);
  EXPECT_EQ(t.cheapest, 1u);
  EXPECT_TRUE(t.savings[1].cheaper_at_first);
  EXPECT_FALSE(t.savings[1].break_even_year);
  EXPECT_EQ(t.unknown.size(), 2u);  // failure rates
  EXPECT_FALSE(t.alternatives[0].availability);
}

TEST(Tco, EveryTermByHand) {
  TcoQuestion q;
  q.years = 6;
  q.years_given = true;
  TcoPlan plan = plan_named("x", 400, 1000, 10);
  CostFigures& f = plan.figures;
  f[discount] = 0.1;
  f[utilisation] = 0.8;
  f[fit] = 500;
  f[fit_temperature_c] = 40;
  f[temperature_c] = 55;
  f[activation_energy_ev] = 0.6;
  f[lead_time_days] = 60;
  f[service_level] = 0.99;
  f[warranty_years] = 2.5;
  f[install_hours] = 0.25;
  f[repair_hours] = 1.5;
  f[labour_per_hour] = 80;
  f[mttr_hours] = 12;
  f[downtime_per_hour] = 300;
  f[common_fit] = 200;
  f[cabling] = 7000;
  f[maintenance_per_year] = 900;
  f[residual_share] = 0.05;
  f[electricity_per_kwh] = 0.2;
  f[electricity_growth] = 0.03;
  f[pue] = 1.3;
  q.figures[discount_rate] = 0.07;
  plan.items[0].in_path = 2;
  plan.paths = 2;
  q.alternatives = {plan};
  const Tco t = tco(q);
  const TcoCost& c = t.alternatives[0];

  const double hot = 500 * std::exp(0.6 / 8.617333262e-5 * (1 / 313.15 - 1 / 328.15));
  const double failures = 400 * (1 - std::exp(-hot * 8.76e-6));
  EXPECT_NEAR(c.failures_per_year, failures, 1e-9);
  const boost::math::poisson_distribution<double> used(failures * 60 / 365);
  double stock = 0;
  while (boost::math::cdf(used, stock) < 0.99) ++stock;
  EXPECT_EQ(c.spares, stock);
  const double capex = 400 * 900 + stock * 900 + 7000 + 400 * 0.25 * 80;
  EXPECT_NEAR(c.capex, capex, 1e-6);
  const double unit = hot * 1e-9 * 12 / (1 + hot * 1e-9 * 12), path = 1 - (1 - unit) * (1 - unit);
  const double shared = 200e-9 * 12 / (1 + 200e-9 * 12);
  const double down = 1 - (1 - path * path) * (1 - shared);
  ASSERT_TRUE(c.availability);
  EXPECT_NEAR(c.availability->unavailability, down, 1e-15);
  double npv = capex, total = capex;
  for (int y = 1; y <= 6; ++y) {
    const double energy = 400 * 10 * 8.76 * 0.8 * 1.3 * 0.2 * std::pow(1.03, y);
    const double covered = y <= 2 ? 1 : y == 3 ? 0.5 : 0;
    const double repair = failures * (900 * (1 - covered) + 1.5 * 80);
    const double lost = 100 * down * 8760 * 300;  // 400 modules: 100 links of two paths of two
    const double residual = y == 6 ? 0.05 * 400 * 900 : 0;
    const TcoYear& year = c.years[static_cast<std::size_t>(y)];
    EXPECT_NEAR(year.energy, energy, 1e-7) << y;
    EXPECT_NEAR(year.repair, repair, 1e-7) << y;
    EXPECT_NEAR(year.downtime, lost, 1e-7) << y;
    const double sum = energy + repair + lost + 900 - residual;
    total += sum;
    npv += sum / std::pow(1.07, y);
    EXPECT_NEAR(year.cumulative, total, 1e-6);
    EXPECT_NEAR(year.cumulative_present, npv, 1e-6);
  }
  EXPECT_NEAR(c.npv, npv, 1e-6);
  EXPECT_NEAR(c.total, total, 1e-6);
  EXPECT_TRUE(t.assumed.empty());
  EXPECT_TRUE(t.unknown.empty());
}

TEST(Tco, WhatIsUnknownStaysSo) {
  TcoQuestion q = lr4_against_lr1(10);
  q.alternatives[1].items[0].figures[unit_price].reset();
  const Tco t = tco(q);
  EXPECT_TRUE(std::isnan(t.alternatives[1].capex));
  EXPECT_TRUE(std::isnan(t.savings[1].npv));
  EXPECT_FALSE(t.cheapest);
  EXPECT_NEAR(t.savings[1].kwh_per_year, 10 * 0.7 * 8.76, 1e-9);  // does not hang on the price
  EXPECT_FALSE(std::isnan(t.alternatives[0].npv));
  EXPECT_TRUE(t.swings[1].empty());
}

TEST(Tco, FailuresOfOneAlternativeAloneAreSaid) {
  TcoQuestion q = lr4_against_lr1(10);
  EXPECT_TRUE(tco(q).reasons.empty());
  q.alternatives[0].figures[fit] = 100;
  const Tco t = tco(q);
  ASSERT_EQ(t.reasons.size(), 1u);
  EXPECT_EQ(t.reasons[0].code, "UNEVEN");
  q.alternatives[1].figures[fit] = 100;
  EXPECT_TRUE(tco(q).reasons.empty());
}

TEST(Tco, TooFewForALinkIsSaid) {
  TcoQuestion q = lr4_against_lr1(3);
  q.alternatives[1].paths = 2;
  q.alternatives[1].items[0].in_path = 2;
  const Tco t = tco(q);
  ASSERT_EQ(t.reasons.size(), 1u);
  EXPECT_EQ(t.reasons[0].code, "QUANTITY");
  EXPECT_NE(t.reasons[0].text.find("LR1: 3 of LR1 for a link of 4"), std::string::npos);
  q.alternatives[1].items[0].quantity = 4;
  EXPECT_TRUE(tco(q).reasons.empty());
}

TEST(Tco, DefaultsAreListedOnceAndForWhomTheyStand) {
  TcoQuestion q = lr4_against_lr1(10);
  q.alternatives[0].figures[cabling] = 100;
  const Tco t = tco(q);
  int years = 0, cabling_of = 0, discounts = 0;
  for (const Assumption& a : t.assumed) {
    years += a.what == "years";
    cabling_of += a.what == "cabling of LR1 [$]";
    discounts += a.what == "discount";
    EXPECT_FALSE(a.source.empty());
    EXPECT_EQ(a.what.find("pue"), std::string::npos);  // given
  }
  EXPECT_EQ(years, 1);
  EXPECT_EQ(cabling_of, 1);
  EXPECT_EQ(discounts, 1);
}

TEST(Tco, BreakEven) {
  // 1000 dearer, 400 a year less: even after two and a half years.
  TcoQuestion q;
  q.alternatives = {plan_named("a", 1, 1000, 0), plan_named("b", 1, 2000, 0)};
  q.alternatives[0].figures[maintenance_per_year] = 500;
  q.alternatives[1].figures[maintenance_per_year] = 100;
  const Tco t = tco(q);
  ASSERT_TRUE(t.savings[1].break_even_year);
  EXPECT_NEAR(*t.savings[1].break_even_year, 2.5, 1e-12);
  EXPECT_FALSE(t.savings[1].cheaper_at_first);
  EXPECT_TRUE(t.savings[1].cheaper_at_end);
  q.years = 2;
  EXPECT_FALSE(tco(q).savings[1].break_even_year);
  std::swap(q.alternatives[0], q.alternatives[1]);
  q.years = 5;
  const TcoSaving back = tco(q).savings[1];
  EXPECT_TRUE(back.cheaper_at_first);
  EXPECT_FALSE(back.cheaper_at_end);
  EXPECT_NEAR(*back.break_even_year, 2.5, 1e-12);
}

TEST(Tco, TargetOfAvailability) {
  TcoQuestion q = lr4_against_lr1(2);
  q.figures[fit] = 1e9 / 200000.0;  // 5000 FIT, 4 h: 2e-5 down
  q.target_availability = 0.99999;
  const Tco single = tco(q);
  EXPECT_NEAR(single.alternatives[0].availability->unavailability, 2e-5, 1e-8);
  EXPECT_EQ(single.target_met, false);
  EXPECT_EQ(single.reasons.size(), 2u);
  q.alternatives[1].paths = 2;
  EXPECT_EQ(tco(q).reasons.size(), 1u);
  q.alternatives[0].paths = 2;
  EXPECT_EQ(tco(q).target_met, true);
  q.figures[fit].reset();
  EXPECT_EQ(tco(q).target_met, false);  // unknown is not met
}

/// A tornado is what comes out when the figure is typed in anew.
TEST(Tco, SwingsAreWholeAnswersAgain) {
  TcoQuestion q = lr4_against_lr1(300);
  q.figures[fit] = 300;
  q.figures[labour_per_hour] = 50;
  q.figures[discount_rate] = 0.06;
  const Tco t = tco(q);
  ASSERT_GT(t.swings[1].size(), 8u);
  double before = INFINITY;
  for (const TcoSwing& s : t.swings[1]) {
    EXPECT_LE(s.swing(), before);
    before = s.swing();
    for (const bool up : {false, true}) {
      TcoQuestion moved = q;
      const double value = up ? s.high : s.low;
      if (s.what == "pue") {
        moved.figures[pue] = value;
      } else if (s.what == "unit_price of LR1") {
        moved.alternatives[1].items[0].figures[unit_price] = value;
      } else if (s.what == "power_w of LR4") {
        moved.alternatives[0].items[0].figures[power_w] = value;
      } else if (s.what == "fit") {
        moved.figures[fit] = value;
      } else if (s.what == "discount_rate") {
        moved.figures[discount_rate] = value;
      } else {
        continue;
      }
      EXPECT_NEAR(tco(moved).savings[1].npv, up ? s.npv_at_high : s.npv_at_low, 1e-7) << s.what;
    }
  }
  EXPECT_TRUE(t.swings[0].empty());
}

TEST(Tco, Properties) {
  std::mt19937_64 random(11);
  const auto uniform = [&](double a, double b) {
    return std::uniform_real_distribution<double>(a, b)(random);
  };
  for (int round = 0; round < 200; ++round) {
    TcoQuestion q;
    q.years = 1 + static_cast<int>(uniform(0, 12));
    const int count = 2 + static_cast<int>(uniform(0, 3));
    for (int i = 0; i < count; ++i) {
      TcoPlan plan =
          plan_named("p" + std::to_string(i), std::floor(uniform(1, 1000)), uniform(1, 2000), uniform(0, 20));
      plan.figures[fit] = uniform(0, 5000);
      plan.figures[cabling] = uniform(0, 1e4);
      q.alternatives.push_back(plan);
    }
    q.figures[discount_rate] = uniform(0, 0.15);
    q.figures[labour_per_hour] = uniform(0, 100);
    q.figures[downtime_per_hour] = uniform(0, 100);
    const Tco t = tco(q);
    for (std::size_t i = 0; i < t.alternatives.size(); ++i) {
      const TcoCost& c = t.alternatives[i];
      // Parts add up; discounting never adds; savings are differences, and turn round with the order.
      EXPECT_NEAR(c.capex + c.energy + c.repair + c.downtime + c.maintenance - c.residual, c.total,
                  1e-6 * c.total);
      EXPECT_LE(c.npv, c.total * (1 + 1e-12));
      EXPECT_NEAR(t.savings[i].npv, t.alternatives[0].npv - c.npv, 1e-6);
      EXPECT_EQ(c.years.size(), static_cast<std::size_t>(q.years) + 1);
    }
    TcoQuestion turned = q;
    std::swap(turned.alternatives[0], turned.alternatives[1]);
    EXPECT_NEAR(tco(turned).savings[1].npv, -t.savings[1].npv, 1e-6);
    // Dearer, hungrier, less reliable: never cheaper.
    for (const CostKey key : {unit_price, power_w, fit}) {
      TcoQuestion worse = q;
      auto& figures = key == fit ? worse.alternatives[0].figures : worse.alternatives[0].items[0].figures;
      figures[key] = *figures[key] * 1.3 + 1;
      EXPECT_GE(tco(worse).alternatives[0].npv, t.alternatives[0].npv - 1e-9);
    }
    // A second path never makes a link worse.
    TcoQuestion redundant = q;
    redundant.alternatives[0].paths = 2;
    EXPECT_LE(tco(redundant).alternatives[0].availability->unavailability,
              t.alternatives[0].availability->unavailability);
  }
}

TEST(Tco, RangesAreNamed) {
  const auto refused = [](TcoQuestion q, const std::string& place) {
    try {
      (void)tco(q);
      ADD_FAILURE() << place;
    } catch (const ConfigError& error) {
      EXPECT_EQ(error.detail().place, place);
    }
  };
  TcoQuestion q = lr4_against_lr1(10);
  q.figures[pue] = 0.9;
  refused(q, "pue");
  q = lr4_against_lr1(10);
  q.alternatives[1].items[0].figures[unit_price] = -1;
  refused(q, "unit_price of LR1");
  q = lr4_against_lr1(10.5);
  refused(q, "quantity of LR4");
  q = lr4_against_lr1(10);
  q.alternatives[0].paths_needed = 2;
  refused(q, "paths_needed of LR4");
  q = lr4_against_lr1(10);
  q.years = 0;
  refused(q, "years");
  q = lr4_against_lr1(10);
  q.target_availability = 1.1;
  refused(q, "target_availability");
  refused(TcoQuestion(), "alternatives");
  q = lr4_against_lr1(10);
  q.figures[fit] = std::nan("");
  refused(q, "fit");
}

}  // namespace
}  // namespace lightlane::plan
