#include "lightlane/plan/breakout/breakout_lints.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <random>
#include <sstream>

#include "lightlane/base/error.hpp"

namespace lightlane::plan {
namespace {

std::string sample(const std::string& name) {
  const char* root = std::getenv("LIGHTLANE_SOURCE_DIR");
  if (root == nullptr) return "";
  std::ifstream in(std::string(root) + "/tests/data/sonic/" + name);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}
#define NEEDS_SAMPLES() \
  if (std::getenv("LIGHTLANE_SOURCE_DIR") == nullptr) GTEST_SKIP() << "LIGHTLANE_SOURCE_DIR is not set"

/// "error SUBPORT_COLLISION Ethernet0" ...
std::vector<std::string> codes(const LintReport& report) {
  std::vector<std::string> out;
  for (const BreakoutLint& lint : report.lints)
    out.push_back(fmt::format("{} {} {}", name(lint.severity), lint.code,
                              lint.ports.empty() ? "" : lint.ports.front()));
  return out;
}
using Codes = std::vector<std::string>;

/// Two cages of eight lanes, with the modes of a 400G port.
constexpr std::string_view two_ports = R"json({"interfaces": {
  "Ethernet0": {"index": "1,1,1,1,1,1,1,1", "lanes": "0,1,2,3,4,5,6,7", "breakout_modes": {
    "1x400G[200G]": ["etp1"], "2x200G[100G]": ["etp1a", "etp1b"], "4x100G[50G]": ["etp1a", "etp1b", "etp1c", "etp1d"],
    "8x50G": ["a", "b", "c", "d", "e", "f", "g", "h"], "1x100G(4)": ["etp1"], "1x400G[200G](8)": ["x"]}},
  "Ethernet8": {"index": "2,2,2,2,2,2,2,2", "lanes": "8,9,10,11,12,13,14,15", "breakout_modes": {
    "1x400G[200G]": ["etp2"], "4x100G[50G]": ["etp2a", "etp2b", "etp2c", "etp2d"],
    "4x25G(4)": ["etp2a", "etp2b", "etp2c", "etp2d"]}}}})json";

struct Files {
  SonicPlatform platform = read_sonic_platform(two_ports, "p");
  SonicConfig config;
  /// Ethernet0 and Ethernet8 in these modes.
  Files(std::string_view first, std::string_view second) {
    config.file = "c";
    set_sonic_mode(config, *platform.port("Ethernet0"), first, "test");
    set_sonic_mode(config, *platform.port("Ethernet8"), second, "test");
  }
  SonicConfigPort& port(std::string_view name) {
    for (SonicConfigPort& p : config.ports)
      if (p.name == name) return p;
    throw std::runtime_error("no such port");
  }
  LintReport lint(std::string_view module = "", std::string_view far = "",
                  std::string_view cable = "") const {
    LintQuestion q;
    q.platform = &platform;
    q.config = &config;
    if (!module.empty()) {
      q.subject = breakout_subject(module, "test");
      if (!far.empty()) add_far(*q.subject, far, "test");
      if (!cable.empty()) add_cable(*q.subject, cable, "test");
    }
    return lint_breakouts(q);
  }

  Codes found(std::string_view module = "", std::string_view far = "", std::string_view cable = "") const {
    return codes(lint(module, far, cable));
  }
};

TEST(BreakoutLints, TheRealFailureOfFourChildrenOnSubport0) {
  NEEDS_SAMPLES();
  const SonicConfig config =
      read_sonic_config(sample("config_db_dr4_4x100g_subport_bug.json"), "config_db.json");
  LintQuestion q;
  q.config = &config;
  const LintReport report = lint_breakouts(q);
  EXPECT_EQ(codes(report), (Codes{"error SUBPORT_COLLISION Ethernet152", "warning FEC_DEFAULT Ethernet152"}));
  EXPECT_EQ(report.lints[0].ports.size(), 4u);
  EXPECT_NE(report.lints[0].text.find("0x3, 0x3, 0x3, 0x3"), std::string::npos) << report.lints[0].text;
  EXPECT_NE(report.lints[0].cure.find("1, 2, 3, 4"), std::string::npos);
  // Cured, it is clean.
  SonicConfig cured = config;
  for (std::size_t i = 0; i < 4; ++i) {
    cured.ports[i].set("subport", fmt::format("{}", i + 1));
    cured.ports[i].set("fec", "rs");
  }
  q.config = &cured;
  EXPECT_TRUE(lint_breakouts(q).lints.empty());
}

TEST(BreakoutLints, ShippedFiles) {
  NEEDS_SAMPLES();
  const SonicPlatform msn = read_sonic_platform(sample("mlnx_msn4700.platform.json"), "platform.json");
  const SonicHwsku o8c48 = read_sonic_hwsku(sample("mlnx_msn4700.O8C48.hwsku.json"), "hwsku.json");
  LintQuestion q;
  q.platform = &msn;
  q.hwsku = &o8c48;
  const LintReport report = lint_breakouts(q);
  EXPECT_EQ(codes(report), (Codes{"warning MODE_DROPS Ethernet0", "warning MODE_UNLISTED Ethernet0",
                                  "warning NOT_A_PARENT Ethernet4"}));
  EXPECT_EQ(report.lints[0].ports.size(), 32u);
  EXPECT_EQ(report.lints[0].cure, "write '4x25G[10G,1G](4)'");
  EXPECT_EQ(report.lints[1].ports.size(), 24u);
  EXPECT_EQ(report.lints[2].ports.size(), 24u);
  const SonicPlatform arista =
      read_sonic_platform(sample("arista_7060dx4_32.platform.json"), "platform.json");
  const SonicHwsku sku = read_sonic_hwsku(sample("arista_7060dx4_32.hwsku.json"), "hwsku.json");
  q.platform = &arista;
  q.hwsku = &sku;
  EXPECT_EQ(codes(lint_breakouts(q)), Codes{});
}

TEST(BreakoutLints, SubportsAgainstLanes) {
  Files f("4x100G[50G]", "1x400G[200G]");
  EXPECT_EQ(f.found(), Codes{"warning MODE_SAME Ethernet0"});  // of the platform: 1x400G twice
  f.port("Ethernet2").set("subport", "3");
  f.port("Ethernet4").set("subport", "2");
  EXPECT_EQ(f.found(), (Codes{"error SUBPORT_LANES Ethernet2", "error SUBPORT_LANES Ethernet4",
                              "warning MODE_SAME Ethernet0"}));
  f.port("Ethernet4").set("subport", "3");
  EXPECT_EQ(f.found().front(), "error SUBPORT_COLLISION Ethernet2");
  std::erase_if(f.port("Ethernet0").fields, [](const auto& field) { return field.first == "subport"; });
  EXPECT_EQ(f.found().front(), "error SUBPORT_COLLISION Ethernet2");  // none is as 0, which is as 1
  Files slow("1x400G[200G]", "4x25G(4)");
  for (const char* name : {"Ethernet8", "Ethernet9", "Ethernet10", "Ethernet11"})
    slow.port(name).set("subport", "0");
  EXPECT_EQ(slow.found().front(), "warning MODE_SAME Ethernet0");
  EXPECT_EQ(slow.found().at(1), "warning SUBPORT_COLLISION Ethernet8");  // no CMIS module at 25G
}

TEST(BreakoutLints, EachFaultHasItsCode) {
  using Change = std::function<void(Files&)>;
  const std::tuple<const char*, Change> cases[] = {
      {"error FEC_MISSING Ethernet2", [](Files& f) { f.port("Ethernet2").set("fec", "none"); }},
      {"error FEC_MISSING Ethernet2", [](Files& f) { f.port("Ethernet2").set("fec", "fc"); }},
      {"warning FEC_DEFAULT Ethernet2", [](Files& f) { f.port("Ethernet2").set("fec", ""); }},
      {"error LANES_TWICE Ethernet2", [](Files& f) { f.port("Ethernet2").set("lanes", "1,2"); }},
      {"error LANES_OUTSIDE Ethernet2", [](Files& f) { f.port("Ethernet2").set("lanes", "2,99"); }},
      {"error LANES_OUTSIDE Ethernet2", [](Files& f) { f.port("Ethernet2").set("lanes", "3,8"); }},
      {"error ALIAS_TWICE Ethernet4", [](Files& f) { f.port("Ethernet4").set("alias", "etp1a"); }},
      {"note ALIAS_DIFFERS Ethernet4", [](Files& f) { f.port("Ethernet4").set("alias", "uplink"); }},
      {"error PORT_DIFFERS Ethernet4", [](Files& f) { f.port("Ethernet4").set("index", "2"); }},
      {"error PORT_DIFFERS Ethernet4", [](Files& f) { f.port("Ethernet4").set("lanes", "4"); }},
      {"error PORT_DIFFERS Ethernet9",
       [](Files& f) {
         f.config.ports.push_back(f.port("Ethernet8"));
         f.config.ports.back().name = "Ethernet9";
       }},
      {"error PORT_MISSING Ethernet4",
       [](Files& f) { std::erase_if(f.config.ports, [](auto& p) { return p.name == "Ethernet4"; }); }},
      {"error SPEED Ethernet4", [](Files& f) { f.port("Ethernet4").set("speed", "25000"); }},
      {"error FIELD Ethernet4", [](Files& f) { f.port("Ethernet4").set("speed", "100G"); }},
      {"error FIELD Ethernet4", [](Files& f) { f.port("Ethernet4").set("speed", "0"); }},
      {"error FIELD Ethernet4", [](Files& f) { f.port("Ethernet4").set("lanes", ""); }},
      {"error FIELD Ethernet4", [](Files& f) { f.port("Ethernet4").set("lanes", "a,b"); }},
      {"error FIELD Ethernet4", [](Files& f) { f.port("Ethernet4").set("subport", "x"); }},
      {"error MODE_REFUSED Ethernet0", [](Files& f) { f.config.breakout_cfg[0].second = "4x100G"; }},
      {"error MODE_MISSING Ethernet0",
       [](Files& f) {
         f.config.breakout_cfg.clear();
         f.port("Ethernet4").set("speed", "40000");
       }},
      {"warning NOT_A_PARENT Ethernet2",
       [](Files& f) { f.config.breakout_cfg.emplace_back("Ethernet2", "4x100G[50G]"); }},
      {"warning BREAKOUT_PORTS Ethernet99",
       [](Files& f) { f.config.breakout_ports.emplace_back("Ethernet99", "Ethernet0"); }},
      {"error BREAKOUT_PORTS Ethernet2",
       [](Files& f) { f.config.breakout_ports.emplace_back("Ethernet2", "Ethernet8"); }},
      {"warning REFERENCE Ethernet6",
       [](Files& f) {
         f.config.others.at("VLAN_MEMBER").at("Vlan100|Ethernet6");
         std::erase_if(f.config.ports, [](auto& p) { return p.name == "Ethernet6"; });
       }},
      {"error LANES_TWICE Ethernet8", [](Files& f) { f.platform.ports[1].lanes[0] = "7"; }},
      {"error INDEX_COUNT Ethernet8", [](Files& f) { f.platform.ports[1].indexes.pop_back(); }},
      {"warning INDEX_DIFFERS Ethernet8", [](Files& f) { f.platform.ports[1].indexes.back() = "3"; }},
      {"error ALIAS_COUNT Ethernet8", [](Files& f) { f.platform.ports[1].modes[1].aliases.pop_back(); }},
      {"note ALIAS_COUNT Ethernet8", [](Files& f) { f.platform.ports[1].modes[1].aliases.push_back("z"); }},
      {"error MODE_SYNTAX Ethernet8",
       [](Files& f) {
         f.platform.ports[1].modes.push_back({"4x", {"a"}});
       }},
      {"warning MODE_DROPS Ethernet8",
       [](Files& f) {
         f.platform.ports[1].modes.push_back({"1x40G(4)[10G]", {"a"}});
       }},
      {"error LANES_EXCEEDED Ethernet8",
       [](Files& f) {
         f.platform.ports[1].modes.push_back({"1x40G(16)", {"a"}});
       }},
      {"warning LANES_UNUSED Ethernet8",
       [](Files& f) {
         f.platform.ports[1].modes.push_back({"3x40G", {"a", "b", "c"}});
       }},
      {"warning NAME Ethernet0", [](Files& f) { f.platform.ports[1].name = "Ethernet6"; }},
      {"error NAME Eth9", [](Files& f) { f.platform.ports[1].name = "Eth9"; }},
  };
  const Files good("4x100G[50G]", "1x400G[200G]");
  ASSERT_EQ(good.found(), Codes{"warning MODE_SAME Ethernet0"});
  for (const auto& [code, change] : cases) {
    Files f = good;
    change(f);
    const Codes found = f.found();
    EXPECT_NE(std::find(found.begin(), found.end(), code), found.end())
        << code << " not in " << (found.empty() ? "nothing" : found.front()) << " ... " << found.size();
  }
}

TEST(BreakoutLints, ModuleCableAndFarEnd) {
  const Files dr4("4x100G[50G]", "1x400G[200G]");
  EXPECT_EQ(dr4.found("qsfp-dd-400g-dr4"), Codes{"warning MODE_SAME Ethernet0"});
  const Codes wdm = dr4.found("qsfp-dd-400g-fr4");
  EXPECT_EQ(wdm, (Codes{"error WDM_MUX Ethernet0", "warning MODE_SAME Ethernet0"}));
  EXPECT_EQ(dr4.found("qsfp-dd-400g-dr4", "", "mpo12-4lc-mm").front(), "error MEDIA_KIND Ethernet0");
  // A cord serves the whole port and not the four children.
  EXPECT_EQ(dr4.found("qsfp-dd-400g-dr4", "", "mpo12-b-sm"),
            (Codes{"warning MODE_SAME Ethernet0", "warning SHARED_LEG Ethernet0"}));
  EXPECT_EQ(dr4.found("qsfp-dd-400g-dr4", "100GBASE-DR").front(),
            "error FAR_RATE Ethernet8");  // the 400G port
  const Files eight("8x50G", "1x400G[200G]");
  EXPECT_EQ(eight.found("qsfp-dd-400g-dr4").front(), "error MEDIA_LANES Ethernet0");
}

TEST(BreakoutLints, WhoRunsTheFec) {
  Files f("1x100G(4)", "1x400G[200G]");
  f.port("Ethernet0").set("fec", "rs");
  const auto first = [&](std::string_view module) { return f.found(module).front(); };
  EXPECT_EQ(first("qsfp28-100g-dr"), "error FEC_IN_MODULE Ethernet0");
  EXPECT_EQ(f.found().back(), "note FEC_DEPENDS Ethernet0");
  const Codes lr4 = f.found("qsfp28-100g-lr4");
  EXPECT_NE(std::find(lr4.begin(), lr4.end(), "warning FEC_NOT_NEEDED Ethernet0"), lr4.end());
  f.port("Ethernet0").set("fec", "none");
  const Codes none = f.found("qsfp28-100g-dr");
  EXPECT_EQ(std::count_if(none.begin(), none.end(),
                          [](const auto& c) { return c.find("FEC") != std::string::npos; }),
            0);
  EXPECT_NE(std::find(none.begin(), none.end(), "error HOST_LANES Ethernet8"),
            none.end());  // 400G with a QSFP28
  const Codes cwdm4 = f.found("qsfp28-100g-cwdm4");
  EXPECT_EQ(cwdm4.front(), "error FEC_MISSING Ethernet0");
  f.port("Ethernet0").set("speed", "40000");
  f.port("Ethernet0").set("fec", "rs");
  const Codes slow = f.found();
  EXPECT_NE(std::find(slow.begin(), slow.end(), "error FEC_RATE Ethernet0"), slow.end());
}

TEST(BreakoutLints, PowerAndRateOfTheSwitchPort) {
  SonicPlatform platform = read_sonic_platform(two_ports, "p");
  SonicConfig config;
  config.file = "c";
  set_sonic_mode(config, *platform.port("Ethernet0"), "1x400G[200G]", "test");
  set_sonic_mode(config, *platform.port("Ethernet8"), "1x400G[200G]", "test");
  LintQuestion q;
  q.platform = &platform;
  q.config = &config;
  q.subject = breakout_subject("juniper-740-157132", "test");
  add_switch(*q.subject, "SN5400", std::nullopt, "test");
  const Codes found = codes(lint_breakouts(q));
  EXPECT_EQ(found.front(), "error POWER Ethernet8");  // port 1 gives 21 W, port 2 12 W, the module draws 20 W
  EXPECT_EQ(std::count_if(found.begin(), found.end(),
                          [](const auto& c) { return c.find("POWER") != std::string::npos; }),
            1);
  q.only = "Ethernet0";
  EXPECT_EQ(lint_breakouts(q).count(LintSeverity::error), 0);
  // Without a module: rate and lanes of the cage.
  q.only.clear();
  q.subject = BreakoutSubject();
  add_switch(*q.subject, "SN4700", std::nullopt, "test");
  for (SonicConfigPort& port : config.ports) port.set("speed", "800000");
  const Codes fast = codes(lint_breakouts(q));
  EXPECT_NE(std::find(fast.begin(), fast.end(), "error PORT_RATE Ethernet0"), fast.end());
  EXPECT_NE(std::find(fast.begin(), fast.end(), "error LANE_RATE Ethernet0"), fast.end());
}

TEST(BreakoutLints, NeedThePlatformForTheHwsku) {
  const SonicHwsku hwsku = read_sonic_hwsku(R"({"interfaces": {}})", "h");
  LintQuestion q;
  q.hwsku = &hwsku;
  EXPECT_THROW(lint_breakouts(q), ConfigError);
}

TEST(BreakoutLints, HwskuAgainstPlatform) {
  const SonicPlatform platform = read_sonic_platform(two_ports, "p");
  const SonicHwsku hwsku = read_sonic_hwsku(R"({"interfaces": {"Ethernet0": {"default_brkout_mode": "4x100G"},
    "Ethernet4": {"default_brkout_mode": "4x100G"}}})",
                                            "h");
  LintQuestion q;
  q.platform = &platform;
  q.hwsku = &hwsku;
  EXPECT_EQ(codes(lint_breakouts(q)),
            (Codes{"error MODE_REFUSED Ethernet0", "warning MODE_SAME Ethernet0",
                   "warning NOT_A_PARENT Ethernet4", "note NOT_IN_HWSKU Ethernet8"}));
  EXPECT_NE(lint_breakouts(q).lints.front().cure.find("4x100G[50G]"), std::string::npos);
}

/// What SONiC itself makes of any listed mode is clean, whatever the order of the ports in the file.
TEST(BreakoutLints, ExpansionsAreClean) {
  NEEDS_SAMPLES();
  std::mt19937 random(7);
  for (const char* name : {"mlnx_msn4700", "arista_7060dx4_32"}) {
    const SonicPlatform platform = read_sonic_platform(sample(std::string(name) + ".platform.json"), "p");
    for (int round = 0; round < 50; ++round) {
      SonicConfig config;
      config.file = "c";
      for (const SonicPlatformPort& port : platform.ports)
        set_sonic_mode(config, port, port.modes[random() % port.modes.size()].text, "test");
      std::shuffle(config.ports.begin(), config.ports.end(), random);
      LintQuestion q;
      q.platform = &platform;
      q.config = &config;
      const LintReport report = lint_breakouts(q);
      EXPECT_EQ(report.count(LintSeverity::error), 0);
      // One subport wrong: found, and of that family alone.
      std::vector<std::size_t> broken_out;
      for (std::size_t i = 0; i < config.ports.size(); ++i)
        if (config.ports[i].subport().value_or(0) > 1) broken_out.push_back(i);
      SonicConfigPort& victim = config.ports[broken_out[random() % broken_out.size()]];
      victim.set("subport", "1");
      const LintReport bad = lint_breakouts(q);
      EXPECT_EQ(std::count_if(bad.lints.begin(), bad.lints.end(),
                              [&](const BreakoutLint& lint) {
                                return lint.code == "SUBPORT_COLLISION" &&
                                       std::find(lint.ports.begin(), lint.ports.end(), victim.name) !=
                                           lint.ports.end() &&
                                       lint.ports.size() == 2;
                              }),
                1)
          << victim.name;
    }
  }
}

}  // namespace
}  // namespace lightlane::plan
