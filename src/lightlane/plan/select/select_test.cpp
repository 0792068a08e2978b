#include "lightlane/plan/select/select.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "lightlane/base/error.hpp"

namespace lightlane::plan {
namespace {

Requirements over(int rate_gbps, std::optional<double> length_m) {
  Requirements r;
  r.rate_gbps = rate_gbps;
  if (length_m) r.plant.segments = {{nullptr, length_m, std::nullopt}};
  return r;
}

std::set<std::string_view> with(const Selection& s, InteropVerdict verdict) {
  std::set<std::string_view> out;
  for (const Candidate& c : s.candidates)
    if (c.verdict == verdict) out.insert(c.end.pmd->id);
  return out;
}

const Candidate& of(const Selection& s, std::string_view name) {
  for (const Candidate& c : s.candidates)
    if (c.end.pmd->id == name || (c.end.module != nullptr && c.end.module->id == name)) return c;
  throw std::runtime_error(std::string(name));
}

bool has(const Candidate& c, std::string_view code, Severity severity) {
  return std::any_of(c.reasons.begin(), c.reasons.end(),
                     [&](const Reason& r) { return r.code == code && r.severity == severity; });
}

TEST(Select, EveryTypeAndModuleIsJudged) {
  const Selection s = select(over(400, 300));
  std::set<std::string_view> pmds, modules;
  for (const Candidate& c : s.candidates) {
    pmds.insert(c.end.pmd->id);
    if (c.end.module != nullptr) modules.insert(c.end.module->id);
  }
  EXPECT_EQ(pmds.size(), catalog::pmds().size());
  EXPECT_EQ(modules.size(), catalog::modules().size());
}

TEST(Select, ByRateAndReach) {
  const auto near = with(select(over(400, 300)), InteropVerdict::ok);
  EXPECT_TRUE(near.count("400GBASE-DR4") && near.count("400GBASE-FR4") && near.count("400G-LR4-10"));
  EXPECT_FALSE(near.count("400GBASE-SR8") || near.count("100GBASE-DR"));
  const auto middle = with(select(over(400, 1500)), InteropVerdict::ok);
  EXPECT_TRUE(middle.count("400GBASE-FR4") && !middle.count("400GBASE-DR4"));
  const auto far = with(select(over(400, 9000)), InteropVerdict::ok);
  EXPECT_EQ(far, std::set<std::string_view>({"400G-LR4-10"}));
  // Beyond every reach only coherent light with amplifiers is left, and what it can do hangs on their OSNR.
  const Selection s = select(over(400, 80000));
  EXPECT_TRUE(with(s, InteropVerdict::ok).empty() && with(s, InteropVerdict::conditional).empty());
  EXPECT_EQ(with(s, InteropVerdict::unknown), std::set<std::string_view>({"400ZR"}));
  EXPECT_TRUE(has(of(s, "400ZR"), "REACH", Severity::condition));
}

/// Whatever is asked on top can only take candidates away.
TEST(Select, MoreRequirementsNeverHelp) {
  Requirements r = over(0, 400);
  auto before = with(select(r), InteropVerdict::ok);
  const auto shrinks = [&] {
    const auto now = with(select(r), InteropVerdict::ok);
    EXPECT_TRUE(std::includes(before.begin(), before.end(), now.begin(), now.end()));
    EXPECT_FALSE(now.empty());
    before = now;
  };
  r.rate_gbps = 400;
  shrinks();
  r.fibres = 8;
  shrinks();
  r.plant_connector = catalog::PmdConnector::mpo12;
  shrinks();
  EXPECT_FALSE(before.count("400GBASE-FR4"));
  plug_into(r.seat, "nvidia-sn4700:3", "--in");
  shrinks();
  r.power_max_w = 10;
  shrinks();
  EXPECT_EQ(before, std::set<std::string_view>({"400GBASE-DR4"}));
  r.latency_max_ns = 100;
  EXPECT_TRUE(with(select(r), InteropVerdict::ok).empty());
}

TEST(Select, ThePlantDecides) {
  Requirements r = over(400, 300);
  r.fibres = 2;
  const Selection s = select(r);
  EXPECT_TRUE(has(of(s, "400GBASE-DR4"), "FIBRE_COUNT", Severity::refusal));
  EXPECT_EQ(of(s, "400GBASE-FR4").verdict, InteropVerdict::ok);
  r = over(100, 80);
  r.plant.segments[0].fibre = catalog::find_fibre("OM4");
  const auto multimode = with(select(r), InteropVerdict::ok);
  EXPECT_TRUE(multimode.count("100GBASE-SR4"));
  EXPECT_FALSE(multimode.count("100GBASE-LR4"));
}

TEST(Select, AFarEndThatIsThere) {
  Requirements r = over(0, 200);
  r.far = link_end("qsfp28-100g-fr1", "--far");
  const Selection s = select(r);
  EXPECT_EQ(of(s, "qsfp28-100g-fr1").verdict, InteropVerdict::ok);
  EXPECT_EQ(of(s, "qsfp-dd-400g-dr4").verdict, InteropVerdict::ok);
  EXPECT_EQ(of(s, "qsfp-dd-400g-dr4").children, 4);
  EXPECT_EQ(of(s, "100GBASE-LR4").verdict, InteropVerdict::no);
  EXPECT_EQ(of(s, "100GBASE-LR1").verdict, InteropVerdict::conditional);
}

TEST(Select, Ranking) {
  Requirements r = over(400, 300);
  const Selection by_power = select(r);
  EXPECT_EQ(by_power.ranked_by, RankBy::power);
  double last = 0;
  for (const Candidate& c : by_power.candidates) {
    if (c.verdict != InteropVerdict::ok) break;
    EXPECT_GE(*c.power_max_w / c.ports, last);
    last = *c.power_max_w / c.ports;
  }
  r.rank_by = RankBy::margin;
  const Selection by_margin = select(r);
  EXPECT_GE(*by_margin.candidates[0].margin_db, *by_margin.candidates[1].margin_db);
  r.rank_by.reset();
  for (const Candidate& c : by_power.candidates)
    if (c.verdict == InteropVerdict::ok || c.verdict == InteropVerdict::conditional)
      r.prices.push_back({std::string(c.end.pmd->id), c.end.pmd->id == "400GBASE-FR4" ? 300.0 : 500.0});
  r.prices.push_back({"osfp-2x400g-fr4", 280});
  const Selection by_price = select(r);
  EXPECT_EQ(by_price.ranked_by, RankBy::price);
  EXPECT_EQ(by_price.candidates[0].end.module->id, "osfp-2x400g-fr4");
  EXPECT_EQ(by_price.candidates[1].end.pmd->id, "400GBASE-FR4");
  r.price_max = 290;
  EXPECT_EQ(with(select(r), InteropVerdict::ok).size(), 1u);
  r.prices.clear();
  EXPECT_TRUE(has(of(select(r), "400GBASE-FR4"), "PRICE", Severity::unknown));
}

TEST(Select, LatencyFloors) {
  // Two interleaved RS(544,514) codewords at 425 Gb/s, one at 106.25 Gb/s.
  EXPECT_NEAR(fec_latency_floor_ns(*catalog::find_pmd("400GBASE-DR4")), 2 * 5440 / 425.0, 1e-12);
  EXPECT_NEAR(fec_latency_floor_ns(*catalog::find_pmd("100GBASE-DR")), 5440 / 106.25, 1e-12);
  EXPECT_NEAR(fec_latency_floor_ns(*catalog::find_pmd("50GBASE-SR")), 5440 / 53.125, 1e-12);
  EXPECT_NEAR(fec_latency_floor_ns(*catalog::find_pmd("100G-CWDM4")), 5280 / 103.125, 1e-12);
  EXPECT_EQ(fec_latency_floor_ns(*catalog::find_pmd("100GBASE-LR4")), 0);
  EXPECT_NEAR(fibre_latency_ns(Question(), 1000), 1000 * 1.468 / 0.299792458, 1e-9);
}

TEST(Select, RefusesWhatIsWrong) {
  Requirements r = over(400, 300);
  r.power_max_w = -1;
  EXPECT_THROW(select(r), ConfigError);
  r = over(400, 300);
  r.prices = {{"400GBASE-XX4", 5}};
  EXPECT_THROW(select(r), ConfigError);
  EXPECT_THROW(select(over(400, -1)), ConfigError);
}

}  // namespace
}  // namespace lightlane::plan
