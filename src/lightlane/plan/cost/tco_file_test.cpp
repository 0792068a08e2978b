#include "lightlane/plan/cost/tco_file.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "lightlane/base/error.hpp"

namespace lightlane::plan {
namespace {

const std::string good = R"(
[study]
years = 7
pue = 1.2
target_availability = 0.9999
sensitivity_percent = 10
[[alternative]]
name = "old"
quantity = 10
unit_price = 650
power_w = 4.2
afr_percent = 0.12
in_path = 2
[[alternative]]
name = "new"
pue = 1.1
paths = 2
[[alternative.item]]
part = "a"
quantity = 4
unit_price = 1
mtbf_hours = 1e6
[[alternative.item]]
part = "b"
quantity = 5
spares = 2
temperature_c = 50
[[alternative]]
type = "400GBASE-DR4"
quantity = 3
)";

TEST(TcoFile, IsRead) {
  const TcoQuestion q = read_tco_plan(good, "x.toml").question;
  EXPECT_EQ(q.years, 7);
  EXPECT_TRUE(q.years_given);
  EXPECT_EQ(q.target_availability, 0.9999);
  EXPECT_DOUBLE_EQ(q.sensitivity, 0.1);
  EXPECT_EQ(q.figures[CostKey::pue], 1.2);
  ASSERT_EQ(q.alternatives.size(), 3u);
  const TcoPlan &old = q.alternatives[0], &next = q.alternatives[1], &type = q.alternatives[2];
  EXPECT_NEAR(*old.figures[CostKey::fit], 137, 0.5);
  EXPECT_EQ(old.items[0].in_path, 2);
  EXPECT_EQ(next.paths, 2);
  EXPECT_EQ(next.items.size(), 2u);
  EXPECT_DOUBLE_EQ(*next.items[0].figures[CostKey::fit], 1000);
  EXPECT_EQ(next.items[1].spares, 2);
  EXPECT_EQ(next.figures[CostKey::pue], 1.1);
  EXPECT_EQ(type.name, "400GBASE-DR4");
  EXPECT_EQ(type.figures[CostKey::power_w], 9);  // of the catalogue
  ASSERT_EQ(q.assumed.size(), 1u);
  EXPECT_EQ(q.assumed[0].what, "power_w of 400GBASE-DR4");
  EXPECT_FALSE(q.assumed[0].confidence.empty());
}

TEST(TcoFile, ErrorsSayWhere) {
  const auto refused = [](std::string text, const std::string& part) {
    try {
      (void)tco(read_tco_plan(text, "x.toml").question);
      ADD_FAILURE() << text;
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what();
    }
  };
  const std::string one = "[[alternative]]\nname = \"a\"\nquantity = 1\n";
  refused("", "alternative");
  refused("x", "x.toml:1");
  refused(one + "pue = 0.5\n", "x.toml:4: alternative.pue");
  refused(one + "unit_prise = 5\n", "unit_price");
  refused(one + "fit = 1\nmtbf_hours = 5\n", "x.toml:5");
  refused(one + "discount_rate = 0.1\n", "discount_rate");  // of the study alone
  refused(one + "bill = \"x.csv\"\n", "more than one");
  refused("[[alternative]]\nname = \"a\"\n", "quantity");
  refused("[[alternative]]\nquantity = 1\n", "name");
  refused("[[alternative]]\nname = \"a\"\nquantity = 1.5\n", "whole number");
  refused("[[alternative]]\nname = \"a\"\nquantity = -1\n", "x.toml:3");
  refused(one + one, "twice");
  refused(one + "type = \"400GBASE-XX\"\n", "x.toml:4: alternative.type");
  refused(one + "paths = 2\npaths_needed = 3\n", "paths_needed");
  refused("[study]\nyears = 0\n" + one, "x.toml:2: study.years");
  refused("[[alternative]]\nname = \"a\"\n[[alternative.item]]\npart = \"b\"\nquantity = 1\ncabling = 3\n",
          "cabling");
}

TEST(TcoFile, BillsBecomeItems) {
  const TcoFile file = read_tco_plan("[[alternative]]\nname = \"a\"\nbill = \"b.csv\"\n", "x.toml");
  ASSERT_EQ(file.bills.size(), 1u);
  EXPECT_EQ(file.bills[0].path, "b.csv");
  const Bill bill = read_bill(
                        "part,kind,role,quantity,spares,unit_cost,power_w,length_m\n"
                        "qsfp,module,leaf,64,2,500,9,\ncord,cord,,64,0,20,,3\nmystery,box,,1,0,10,,\n",
                        "b.csv")
                        .bill;
  TcoQuestion q = file.question;
  add_bill(bill, q.alternatives[0]);
  const Tco t = tco(q);
  EXPECT_DOUBLE_EQ(t.alternatives[0].capex, 66 * 500 + 64 * 20 + 10);
  EXPECT_TRUE(std::isnan(t.alternatives[0].power_w));  // of the box nobody knows; a cord has none
  EXPECT_EQ(t.alternatives[0].spares, 2);
  EXPECT_DOUBLE_EQ(t.alternatives[0].capex_known, t.alternatives[0].capex);
  EXPECT_DOUBLE_EQ(t.alternatives[0].power_known_w, 576);
  ASSERT_EQ(t.unknown.size(), 2u);
  EXPECT_EQ(t.unknown[0], "power_w of a (mystery): no energy, no totals");
  EXPECT_NE(t.unknown[1].find("a (qsfp, cord, mystery)"), std::string::npos);
  q.alternatives[0].items.pop_back();
  EXPECT_DOUBLE_EQ(tco(q).alternatives[0].power_w, 576);
}

/// Whatever a file has become on its way: answered or refused.
TEST(TcoFile, SpoiltFiles) {
  std::mt19937_64 random(3);
  int taken = 0;
  for (int round = 0; round < 3000; ++round) {
    std::string text = good;
    for (int i = static_cast<int>(random() % 4); i >= 0; --i) {
      const std::size_t at = random() % text.size();
      if (random() % 2 == 0)
        text[at] = static_cast<char>(random());
      else
        text.erase(at, random() % 20);
    }
    try {
      (void)tco(read_tco_plan(text, "x.toml").question);
      ++taken;
    } catch (const Error&) {
    }
  }
  EXPECT_GT(taken, 20);
  EXPECT_LT(taken, 2900);
}

}  // namespace
}  // namespace lightlane::plan
