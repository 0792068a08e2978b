#include "lightlane/plan/migrate/migration.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "lightlane/base/error.hpp"
#include "lightlane/base/parallel.hpp"
#include "lightlane/plan/migrate/link_options.hpp"
#include "lightlane/plan/migrate/phases.hpp"

namespace lightlane::plan {
namespace {

constexpr const char* header = "a_device,a_port,a_type,b_device,b_port,b_type,length_m,fibre,loss_db\n";

MigrationQuestion question(const std::string& rows) {
  MigrationQuestion q;
  q.inventory = read_inventory(header + rows, "links.csv");
  return q;
}

std::string kinds(const Migration& m) {
  std::string out;
  for (const LinkMove& move : m.moves) out += std::string(name(move.kind)) + "|";
  return out;
}

TEST(Migrate, ThePlantDecides) {
  MigrationQuestion q = question(
      "a,1,100GBASE-LR4,b,1,100GBASE-LR4,1500,OS2,\n"      // duplex, 2 km: FR4 or LR4-10
      "a,2,100GBASE-LR4,b,2,100GBASE-LR4,9000,OS2,5\n"     // duplex, 10 km: LR4-10 alone
      "a,3,100G-PSM4,b,3,100G-PSM4,300,OS2,\n"             // MPO: DR4
      "a,4,100GBASE-SR10,b,4,100GBASE-SR10,90,OM4,\n"      // MPO-24: fibre has to be made anew
      "a,5,100G-ZR4,b,5,100G-ZR4,80000,G.652.D,\n"         // nothing reaches: bond
      "a,6,400GBASE-DR4,b,6,400GBASE-DR4,100,OS2,\n"       // there already
      "a,7,100GBASE-LR4,b,7,100GBASE-LR4,11500,OS2,7.5\n"  // out of specification today
      "a,8,VSR4,b,8,VSR4,100,OS2,\n");                     // nobody knows
  const Migration m = migrate(q);
  EXPECT_EQ(kinds(m), "new optics|new optics|new optics|new fibre|bond|keep|keep|keep|");
  EXPECT_EQ(m.moves[1].a.pmd->id, "400G-LR4-10");
  EXPECT_EQ(m.moves[2].a.pmd->connector, catalog::PmdConnector::mpo12);
  EXPECT_EQ(m.moves[4].links, 3);  // 100 Gb/s grown by 20 % for 5 years: 249
  EXPECT_NE(m.moves[4].why.find("400ZR"), std::string::npos);
  EXPECT_NE(m.moves[6].why.find("mend"), std::string::npos);
  EXPECT_EQ(m.moves[7].a.pmd, nullptr);
  EXPECT_EQ(m.status, "Progressing");
  for (const LinkMove& move : m.moves) {
    if (move.kind != MoveKind::optics && move.kind != MoveKind::new_fibre) continue;
    EXPECT_TRUE(move.after == InteropVerdict::ok || move.after == InteropVerdict::conditional);
    EXPECT_EQ(move.a.pmd->rate_gbps, 400);
  }
  // Without new fibre the multimode link is bonded.
  q.new_fibre = false;
  EXPECT_EQ(migrate(q).moves[3].kind, MoveKind::bond);
}

TEST(Migrate, OneEndReplacedIsABreakout) {
  MigrationQuestion q = question(
      "hub,1,qsfp28-100g-fr1,m1,1,qsfp28-100g-fr1,200,OS2,\n"
      "hub,2,qsfp28-100g-fr1,m2,1,qsfp28-100g-fr1,200,OS2,\n"
      "hub,3,qsfp28-100g-fr1,m3,1,qsfp28-100g-fr1,200,OS2,\n"
      "hub,4,qsfp28-100g-fr1,m4,1,qsfp28-100g-fr1,200,OS2,\n"
      "m5,1,qsfp28-100g-fr1,hub,5,qsfp28-100g-fr1,200,OS2,\n"
      "hub,6,qsfp28-100g-lr4,m6,1,qsfp28-100g-lr4,200,OS2,\n");
  q.seats = {{"hub*", "nvidia-sn4700:1"}};
  const Migration m = migrate(q);
  EXPECT_EQ(kinds(m), "breakout|breakout|breakout|breakout|breakout|bond|");
  EXPECT_TRUE(m.moves[0].a_changes && !m.moves[0].b_changes);
  EXPECT_TRUE(!m.moves[4].a_changes && m.moves[4].b_changes);
  // Five children want two modules of four, each with a harness; five modules are left over.
  EXPECT_EQ(m.bill.quantity(bill_kind::harness), 2);
  std::int64_t hubs = 0;
  for (const BillLine& line : m.bill.lines)
    if (line.role == "breakout" && line.kind == bill_kind::module) hubs += line.quantity;
  EXPECT_EQ(hubs, 2);
  EXPECT_EQ(m.stranded.quantity(bill_kind::module), 5);
  // One child in the pilot, the others later: its module is not bought again.
  std::int64_t bought = 0, harnesses = 0;
  for (const MigrationPhase& phase : m.phases) {
    bought += phase.bill.quantity(bill_kind::module);
    harnesses += phase.bill.quantity(bill_kind::harness);
  }
  EXPECT_EQ(bought, m.bill.quantity(bill_kind::module));
  EXPECT_EQ(harnesses, 2);
}

TEST(Migrate, EnoughIsLeftAlone) {
  MigrationQuestion q = question("a,1,100GBASE-LR4,b,1,100GBASE-LR4,1500,OS2,\n");
  q.growth.rate = 0;
  const Migration m = migrate(q);
  EXPECT_EQ(kinds(m), "keep|");
  EXPECT_NE(m.recommendation.find("Stay"), std::string::npos);
  EXPECT_TRUE(m.bill.lines.empty());
  EXPECT_EQ(m.phases.size(), 1u);
  EXPECT_EQ(m.status, "Not started");
}

/// What phases buy and take out is what the whole does, and every moved link is in one phase.
TEST(Migrate, PhasesAddUp) {
  std::string rows;
  for (int i = 0; i < 40; ++i) {
    const std::string n = std::to_string(i);
    rows +=
        "a" + n + ",1,100GBASE-LR4,b" + n + ",1,100GBASE-LR4," + std::to_string(300 + 230 * i) + ",OS2,\n";
  }
  MigrationQuestion q = question(rows);
  q.phases.links_per_window = 3;
  q.prices = {{"400GBASE-FR4", 900},
              {"400G-LR4-10", 1500},
              {"400G-FR4 (Lambda MSA r2.0)", 950},
              {"400GBASE-LR4-6", 1400},
              {"100GBASE-LR4", 400}};
  const Migration m = migrate(q);
  std::int64_t bought = 0, out = 0;
  std::size_t links = 0;
  double watts = 0;
  for (const MigrationPhase& phase : m.phases) {
    bought += phase.bill.quantity(bill_kind::module);
    out += phase.stranded.quantity(bill_kind::module);
    watts += phase.power_change_w.value_or(NAN);
    if (phase.name == "pilot" || phase.name == "rollout" || phase.name == "new fibre" ||
        phase.name == "bonding") {
      links += phase.links;
      EXPECT_EQ(phase.windows, static_cast<long>((phase.links + 2) / 3));
    }
  }
  EXPECT_EQ(bought, m.bill.quantity(bill_kind::module));
  EXPECT_EQ(out, m.stranded.quantity(bill_kind::module));
  EXPECT_NEAR(watts, *m.power_change_w, 1e-6);
  EXPECT_NEAR(*m.energy_change_kwh, *m.power_change_w * 8.76 * 1.4, 1e-6);
  std::size_t moved = 0;
  double cost = 0;
  for (const LinkMove& move : m.moves) {
    moved += move.kind != MoveKind::keep;
    EXPECT_EQ(move.phase > 0, move.kind != MoveKind::keep);
  }
  EXPECT_EQ(links, moved);
  for (const BillLine& line : m.bill.lines)
    cost += static_cast<double>(line.quantity) * line.unit_cost.value_or(NAN);
  ASSERT_TRUE(m.cost.has_value());
  EXPECT_NEAR(*m.cost, cost, 1e-6);
  // The pilot takes the surest tenth.
  const auto pilot =
      std::find_if(m.phases.begin(), m.phases.end(), [](const auto& p) { return p.name == "pilot"; });
  ASSERT_NE(pilot, m.phases.end());
  for (std::size_t i = 1; i < m.phases.size(); ++i)
    EXPECT_EQ(m.phases[i].from_month, m.phases[i - 1].to_month);
}

TEST(Migrate, YearsGrowAsTheModelSays) {
  MigrationQuestion q = question(
      "a,1,100GBASE-LR4,b,1,100GBASE-LR4,1500,OS2,\n"
      "a,2,100GBASE-LR4,b,2,100GBASE-LR4,1500,OS2,\n"
      "a,3,100GBASE-LR4,b,3,100GBASE-LR4,1500,OS2,\n");
  const Migration m = migrate(q);
  ASSERT_EQ(m.years.size(), 6u);
  for (const GrowthYear& year : m.years) EXPECT_NEAR(year.demand_gbps, 300 * std::pow(1.2, year.year), 1e-9);
  EXPECT_NEAR(m.years[5].demand_gbps, 746.496, 1e-9);  // the growth example of the guides: 746.5
  EXPECT_EQ(m.years[0].capacity_gbps, 300);
  EXPECT_EQ(m.years[5].capacity_gbps, 1200);
  EXPECT_EQ(m.years[5].links_short, 0u);
  q.years = 8;  // 100 x 1.2^8 = 430 > 400
  EXPECT_EQ(migrate(q).years.back().links_short, 3u);
}

TEST(Migrate, PortReuseSetsTheOldModuleIntoTheNewPort) {
  MigrationQuestion q = question("a,1,qsfp28-100g-lr4,b,1,qsfp28-100g-lr4,1500,OS2,\n");
  q.growth.rate = 0;
  q.seats = {{"a", "arista-7060dx4-32:1"}};
  const Migration ok = migrate(q);
  EXPECT_EQ(ok.moves[0].after, InteropVerdict::ok);
  q.seats = {{"a", "arista-7060px4-32:1"}};  // OSFP: an older module does not fit
  EXPECT_EQ(migrate(q).moves[0].after, InteropVerdict::no);
}

TEST(Migrate, ThreadsChangeNothing) {
  std::string rows;
  for (int i = 0; i < 200; ++i) {
    const std::string n = std::to_string(i);
    rows += "a" + n + ",1," + (i % 2 == 0 ? "100GBASE-LR4" : "100GBASE-DR") + ",b" + n + ",1," +
            (i % 2 == 0 ? "100GBASE-LR4" : "100GBASE-DR") + "," + std::to_string(50 + 37 * i) + ",OS2,\n";
  }
  const MigrationQuestion q = question(rows);
  const unsigned before = threads();
  set_threads(1);
  const Migration one = migrate(q);
  set_threads(4);
  const Migration many = migrate(q);
  set_threads(before);
  EXPECT_EQ(kinds(one), kinds(many));
  EXPECT_EQ(one.bill.lines, many.bill.lines);
  EXPECT_EQ(one.assumed_rows, many.assumed_rows);
  EXPECT_EQ(one.recommendation, many.recommendation);
}

TEST(Migrate, RefusesWhatIsWrong) {
  MigrationQuestion q = question("a,1,100GBASE-LR4,b,1,100GBASE-LR4,1500,OS2,\n");
  q.years = -1;
  EXPECT_THROW(migrate(q), ConfigError);
  q.years = 5;
  q.seats = {{"a", "no-such-switch"}};
  EXPECT_THROW(migrate(q), ConfigError);
  q.seats.clear();
  q.growth.rate = -2;
  EXPECT_THROW(migrate(q), ConfigError);
}

TEST(MigrationFile, ReadsAndRefuses) {
  const auto read = [](const std::string& text) {
    return read_migration(text, "plan.toml", [](const std::string& name) {
      EXPECT_EQ(name, "links.csv");
      return std::string(header) + "a,1,100GBASE-LR4,b,1,100GBASE-LR4,1500,OS2,\n";
    });
  };
  const MigrationQuestion q = read(
      "[migration]\ninventory = \"links.csv\"\nyears = 3\n[growth]\nkind = \"linear\"\nrate = "
      "0.5\n[[switch]]\ndevice = \"a\"\n"
      "seat = \"nvidia-sn4700:1\"\n[[price]]\nname = \"400GBASE-FR4\"\neach = "
      "900\n[phases]\nlinks_per_window = 4\n[plant]\nageing_db = 0.5\n");
  EXPECT_EQ(q.inventory.links.size(), 1u);
  EXPECT_EQ(q.growth.kind, GrowthKind::linear);
  EXPECT_EQ(q.phases.links_per_window, 4);
  EXPECT_EQ(q.prices.size(), 1u);
  EXPECT_EQ(q.defaults.plant.ageing_db, 0.5);
  const auto message = [&](const std::string& text) {
    try {
      read(text);
    } catch (const InputError& error) {
      return std::string(error.what());
    }
    return std::string("taken");
  };
  const std::string good = "[migration]\ninventory = \"links.csv\"\n";
  EXPECT_NE(message("[growth]\nrate = 1\n").find("migration: is missing"), std::string::npos);
  EXPECT_NE(message("[migration]\nyears = 3\n").find("migration.inventory: is missing"), std::string::npos);
  EXPECT_NE(message(good + "[growth]\nkind = \"fast\"\nrate = 1\n").find("plan.toml:4: growth.kind"),
            std::string::npos);
  EXPECT_NE(message(good + "[[switch]]\ndevice = \"a\"\nseat = \"x\"\n").find("plan.toml:5: switch.seat"),
            std::string::npos);
  EXPECT_NE(message(good + "[[price]]\nname = \"x\"\neach = 1\n").find("plan.toml:4: price.name"),
            std::string::npos);
  EXPECT_NE(message(good + "[phases]\npilot_share = 2\n").find("0 to 1"), std::string::npos);
  EXPECT_NE(message(good + "colour = 1\n").find("migration.colour"), std::string::npos);
}

}  // namespace
}  // namespace lightlane::plan
