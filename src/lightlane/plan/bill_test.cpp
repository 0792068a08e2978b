#include "lightlane/plan/bill.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "lightlane/base/error.hpp"

namespace lightlane::plan {
namespace {

BillLine line(std::string part, std::int64_t quantity, std::optional<double> cost = {},
              std::optional<double> power = {}) {
  return {std::move(part), "module", "leaf uplink", quantity, 0, cost, power, std::nullopt};
}

TEST(Bill, TotalsCountWhatIsUnknown) {
  Bill bill;
  bill.add({"dr4", "module", "spine", 10, 2, 500.0, 12.0, {}});
  bill.add({"cord", "cord", "spine", 40, 0, std::nullopt, 0.0, 15.0});
  EXPECT_EQ(bill.cost().known, 6000);
  EXPECT_EQ(bill.cost().unknown, 1u);
  EXPECT_FALSE(bill.cost().all());
  EXPECT_EQ(bill.spares_cost().all(), 1000);
  EXPECT_EQ(bill.power_w().all(), 120);
  EXPECT_EQ(bill.quantity("module"), 10);
  EXPECT_EQ(bill.spares("module"), 2);
  EXPECT_EQ(bill.quantity("switch"), 0);
  EXPECT_EQ(Bill().cost().all(), 0);
}

TEST(Bill, EqualLinesAreOne) {
  Bill bill;
  bill.add(line("a", 3, 5.0));
  bill.add(line("a", 4, 5.0));
  bill.add(line("a", 1, 6.0));
  bill.add(line("a", 0, 7.0));
  ASSERT_EQ(bill.lines.size(), 2u);
  EXPECT_EQ(bill.lines[0].quantity, 7);
  EXPECT_EQ(bill.cost().all(), 41);
}

TEST(Bill, RefusesWhatCannotBe) {
  Bill bill;
  EXPECT_THROW(bill.add(line("", 1)), ConfigError);
  EXPECT_THROW(bill.add(line("a", -1)), ConfigError);
  EXPECT_THROW(bill.add(line("a", 1, -1.0)), ConfigError);
  EXPECT_THROW(bill.add(line("a", 1, std::numeric_limits<double>::infinity())), ConfigError);
  EXPECT_THROW(bill.add(line("a", 1, NAN)), ConfigError);
  EXPECT_THROW(bill.add({"a", "", "", 1, 0, {}, {}, {}}), ConfigError);
  bill.add(line("a", 1'000'000'000'000'000));
  EXPECT_THROW(bill.add(line("a", 1)), ConfigError);
  EXPECT_EQ(bill.lines[0].quantity, 1'000'000'000'000'000);
}

TEST(Bill, IsTheSameAfterWritingAndReading) {
  std::mt19937 random(7);
  const std::vector<std::string> words = {
      "plain", "with, comma", "quote \" inside", "#begins with a hash", "two\nlines", "Länge", "semi;colon"};
  const auto maybe = [&]() -> std::optional<double> {
    if (random() % 3 == 0) return std::nullopt;
    return static_cast<double>(random()) / 977.0;
  };
  for (int trial = 0; trial < 200; ++trial) {
    Bill bill;
    for (unsigned i = random() % 8; i > 0; --i) {
      bill.add({words[random() % words.size()], words[random() % words.size()],
                random() % 2 != 0 ? words[random() % words.size()] : "",
                static_cast<std::int64_t>(random()) + 1, static_cast<std::int64_t>(random() % 9), maybe(),
                maybe(), maybe()});
    }
    const BillRead read = read_bill(bill_csv(bill), "bill.csv");
    EXPECT_TRUE(read.problems.empty());
    EXPECT_EQ(read.bill.lines, bill.lines);
  }
}

TEST(Bill, ReadsColumnsInAnyOrderAndNamesBadRows) {
  const BillRead read = read_bill(
      "Qty;Part;Price;note\n2;dr4;500;x\n;fr4;1;\n-3;fr4;1;\n2.5;fr4;;\n1e3;fr4;;\n4;;5;\n7;lr4;abc;\n5;lr4\n"
      "99999999999999999999;sr8;;\n1;zr;inf;\n1;zr;-2;\n",
      "bill.csv");
  ASSERT_EQ(read.bill.lines.size(), 2u);
  EXPECT_EQ(read.bill.lines[0].part, "dr4");
  EXPECT_EQ(read.bill.lines[0].kind, "other");
  EXPECT_EQ(read.bill.lines[0].quantity, 2);
  EXPECT_EQ(read.bill.lines[0].unit_cost, 500);
  EXPECT_EQ(read.bill.lines[1].quantity, 5);
  EXPECT_FALSE(read.bill.lines[1].unit_cost);
  std::vector<std::size_t> at;
  for (const BillProblem& p : read.problems) at.push_back(p.line);
  EXPECT_EQ(at, (std::vector<std::size_t>{3, 4, 5, 6, 7, 8, 10, 11, 12}));
  EXPECT_EQ(read.problems[0].text, "quantity is '', not a whole number, 0 to 10^15");
}

TEST(Bill, RefusesTablesThatAreNone) {
  EXPECT_THROW(read_bill("", "bill.csv"), InputError);
  EXPECT_THROW(read_bill("# only a remark\n", "bill.csv"), InputError);
  EXPECT_THROW(read_bill("part,kind\na,b\n", "bill.csv"), InputError);
  EXPECT_THROW(read_bill("quantity\n1\n", "bill.csv"), InputError);
  EXPECT_THROW(read_bill(std::string("part,quantity\n\0\n", 16), "bill.csv"), InputError);
}

}  // namespace
}  // namespace lightlane::plan
