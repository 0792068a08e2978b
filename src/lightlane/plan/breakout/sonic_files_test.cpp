#include "lightlane/plan/breakout/sonic_files.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "lightlane/base/error.hpp"
#include "lightlane/plan/breakout/breakout_mode.hpp"
#include "lightlane/plan/breakout/expansion.hpp"
#include "lightlane/plan/csv.hpp"

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

SonicPlatform platform(const std::string& name) {
  return read_sonic_platform(sample(name + ".platform.json"), name);
}

template <class Call>
ErrorDetail refusal(Call call) {
  try {
    call();
  } catch (const Error& error) {
    return error.detail();
  }
  ADD_FAILURE() << "nothing was refused";
  return {};
}

TEST(BreakoutMode, AllModesOfShippedPlatforms) {
  NEEDS_SAMPLES();
  int rows = 0, odd = 0;
  std::vector<std::string> seen;
  bool header = true;
  read_csv(sample("breakout_modes_corpus.csv"), "corpus", [&](const CsvRow& row) {
    if (std::exchange(header, false)) return;
    ++rows;
    const std::string& text = row.cells[0];
    const BreakoutMode mode = parse_breakout_mode(text, "corpus");
    const int lanes = *decimal(row.cells[1]);
    EXPECT_EQ(mode.ports(), *decimal(row.cells[3])) << text;
    EXPECT_EQ(mode.drops(), row.cells[4] == "0") << text;
    EXPECT_LE(mode.lanes(lanes), lanes) << text;
    odd += mode.drops();
    if (std::find(seen.begin(), seen.end(), text) == seen.end()) seen.push_back(text);
    // What we write, SONiC and we read wholly, and as the same mode.
    const BreakoutMode again = parse_breakout_mode(to_string(mode), "again");
    EXPECT_FALSE(again.drops()) << to_string(mode);
    EXPECT_TRUE(sonic_same_mode(mode, again, lanes)) << text << " " << to_string(mode);
    EXPECT_EQ(mode.parts.front().speed_mbps, again.parts.front().speed_mbps);
  });
  EXPECT_EQ(rows, 144);
  EXPECT_EQ(seen.size(), 114u);
  EXPECT_EQ(odd, 3);
}

TEST(BreakoutMode, GrammarAndItsTraps) {
  const auto read = [](std::string_view text) { return parse_breakout_mode(text, "mode"); };
  const BreakoutMode lost = read("4x25G(4)[10G,1G]");
  EXPECT_EQ(lost.parts[0].dropped, "[10G,1G]");
  EXPECT_EQ(lost.parts[0].speeds, (std::vector<long>{25000}));
  EXPECT_EQ(read("8x50G[25G][10G]").parts[0].dropped, "[10G]");
  EXPECT_EQ(read("2x400G[200G, 100G]").parts[0].dropped, "[200G, 100G]");
  EXPECT_EQ(read("1x1000[100,10]").parts[0].speeds, (std::vector<long>{10, 100, 1000}));
  EXPECT_EQ(read("1x400G(4)+4x100G(4)").ports(), 5);
  EXPECT_EQ(read("4x100Gbit").parts[0].dropped, "bit");
  EXPECT_EQ(read("1x2G[2G5G]").parts[0].speeds, (std::vector<long>{2000, 25000}));  // SONiC drops every G
  EXPECT_EQ(read("1x1234567G").parts[0].dropped, "7G");
  for (const char* list : {"[50GG]", "[G]", "[,50G]", "[50G,,25G]", "[50G;25G]", "[50G"})
    EXPECT_EQ(read(std::string("4x100G") + list).parts[0].dropped, list);
  EXPECT_EQ(read("4x100G(1234567)").parts[0].dropped, "(1234567)");
  for (const char* bad : {"", "x100G", "4x", "4y100G", "4xG", "4x100G+", "+4x100G", "1234567x1G", "4x100G[]",
                          "4x100G[50G,]", "4x100G[50G5]", " 4x100G", "None(4)+4x25G[10G](4)", "-4x100G"})
    EXPECT_THROW(read(bad), ConfigError) << bad;
  const auto same = [&](const char* a, const char* b) { return sonic_same_mode(read(a), read(b), 8); };
  EXPECT_FALSE(same("4x100G", "4x100G[50G]"));
  EXPECT_TRUE(same("4x100G[50G,25G]", "4x100G[25G,50G]"));
  EXPECT_TRUE(same("2x100G[200G]", "2x200G[100G]"));  // the default is not compared
  EXPECT_TRUE(same("4x100G(8)", "4x100G"));
  EXPECT_FALSE(same("4x100G(4)", "4x100G"));
  EXPECT_FALSE(same("1x400G(4)+4x100G(4)", "4x100G(4)+1x400G(4)"));
}

/// What SONiC's own code gave for these modes.
TEST(Expansion, AsSonicItself) {
  NEEDS_SAMPLES();
  int cases = 0;
  const auto expected = nlohmann::ordered_json::parse(sample("expected_breakouts.json"));
  for (const auto& [name, list] : expected.items()) {
    const SonicPlatform p = platform(name);
    EXPECT_TRUE(p.problems.empty());
    for (const auto& entry : list) {
      ++cases;
      const SonicPlatformPort* port = p.port(entry["port"].get<std::string>());
      ASSERT_NE(port, nullptr);
      const std::string mode = entry["mode"];
      if (entry.contains("error")) {
        EXPECT_THROW(expand_sonic_port(*port, mode, "test"), ConfigError) << mode;
        continue;
      }
      nlohmann::json ours = nlohmann::json::object();
      for (const SonicConfigPort& child : expand_sonic_port(*port, mode, "test"))
        for (const auto& [key, value] : child.fields) ours[child.name][key] = value;
      EXPECT_EQ(ours, nlohmann::json(entry["result"])) << name << " " << mode;
    }
  }
  EXPECT_EQ(cases, 10);
}

TEST(Expansion, RefusesWhatSonicRefuses) {
  SonicPlatformPort port{"Ethernet0",
                         {"1", "2", "3", "4"},
                         {"1", "1", "1", "1"},
                         {{"8x25G", {"a", "b", "c", "d", "e", "f", "g", "h"}},
                          {"2x50G", {"a"}},
                          {"0x100G", {"a"}},
                          {"1x100G(8)", {"a"}},
                          {"1x50G(2)+1x25G(1)", {"a", "b"}},
                          {"1x10G", {}}},
                         {}};
  const auto why = [&](const char* mode) {
    return refusal([&] { expand_sonic_port(port, mode, "p.json"); }).problem;
  };
  EXPECT_NE(why("8x25G").find("8 ports on 4 lanes"), std::string::npos);
  EXPECT_NE(why("2x50G").find("1 aliases for 2 ports"), std::string::npos);
  EXPECT_NE(why("0x100G").find("no ports"), std::string::npos);
  EXPECT_NE(why("1x100G(8)").find("8 lanes of 4"), std::string::npos);
  EXPECT_NE(why("1x10G").find("no breakout mode"), std::string::npos);
  EXPECT_NE(why("4x25G").find("no breakout mode"), std::string::npos);
  EXPECT_NE(refusal([&] { expand_sonic_port(port, "2x50G[25G]", "p"); }).hint.find("'2x50G'"),
            std::string::npos);
  const auto mixed = expand_sonic_port(port, "1x50G(2)+1x25G(1)", "p");
  ASSERT_EQ(mixed.size(), 2u);
  EXPECT_EQ(mixed[1].name, "Ethernet2");
  EXPECT_EQ(mixed[1].field("lanes"), "3");
  EXPECT_EQ(mixed[1].field("subport"), "2");
  port.indexes = {"1"};
  EXPECT_NE(why("1x50G(2)+1x25G(1)").find("1 entries in \"index\""), std::string::npos);
  port.name = "Ethernet-BP0";
  EXPECT_NE(why("1x50G(2)+1x25G(1)").find("name"), std::string::npos);
  // A listed mode that cannot be read stops SONiC where it stands before the one that is asked for.
  port.name = "Ethernet0";
  port.indexes = {"1", "1", "1", "1"};
  port.modes = {{"1x100G[40G,]", {"a"}}, {"4x25G", {"a", "b", "c", "d"}}};
  EXPECT_NE(why("4x25G").find("empty alternative"), std::string::npos);
  std::swap(port.modes[0], port.modes[1]);
  EXPECT_EQ(expand_sonic_port(port, "4x25G", "p").size(), 4u);
}

TEST(Expansion, WholeSwitch) {
  NEEDS_SAMPLES();
  const SonicExpansion o8c48 = expand_sonic(
      platform("mlnx_msn4700"), read_sonic_hwsku(sample("mlnx_msn4700.O8C48.hwsku.json"), "hwsku.json"));
  EXPECT_TRUE(o8c48.config.problems.empty());
  EXPECT_EQ(o8c48.parents.size(), 32u);
  EXPECT_EQ(o8c48.config.ports.size(), 56u);  // O8C48: 8 of 400G, 48 of 100G
  EXPECT_EQ(std::count_if(o8c48.config.ports.begin(), o8c48.config.ports.end(),
                          [](const auto& p) { return p.speed_mbps() == 400000; }),
            8);
  const SonicConfigPort* child = o8c48.config.port("Ethernet4");
  ASSERT_NE(child, nullptr);
  EXPECT_EQ(child->field("lanes"), "4,5,6,7");
  EXPECT_EQ(child->field("fec"), "");  // 25G a lane
  EXPECT_EQ(child->field("autoneg"), "off");
  const SonicExpansion arista = expand_sonic(
      platform("arista_7060dx4_32"), read_sonic_hwsku(sample("arista_7060dx4_32.hwsku.json"), "hwsku.json"));
  EXPECT_EQ(arista.config.ports.size(), 34u);
  EXPECT_EQ(arista.config.port("Ethernet256")->field("lanes"), "258");
}

TEST(Expansion, OfEveryListedModeUsesEachLaneOnceAtMost) {
  NEEDS_SAMPLES();
  for (const char* name : {"mlnx_msn4700", "arista_7060dx4_32"}) {
    for (const SonicPlatformPort& port : platform(name).ports) {
      for (const SonicListedMode& mode : port.modes) {
        std::vector<std::string> used;
        const auto children = expand_sonic_port(port, mode.text, "test");
        EXPECT_EQ(children.size(), mode.aliases.size());
        for (const SonicConfigPort& child : children)
          for (const std::string& lane : child.lanes()) used.push_back(lane);
        EXPECT_LE(used.size(), port.lanes.size());
        EXPECT_EQ(used, std::vector(port.lanes.begin(),
                                    port.lanes.begin() + static_cast<std::ptrdiff_t>(used.size())));
      }
    }
  }
}

TEST(Expansion, AConfigurationChangesItsModeAndBack) {
  NEEDS_SAMPLES();
  const SonicPlatform p = platform("mlnx_msn4700");
  const SonicHwsku hwsku = read_sonic_hwsku(sample("mlnx_msn4700.O8C48.hwsku.json"), "hwsku.json");
  SonicConfig config = expand_sonic(p, hwsku).config;
  for (SonicConfigPort& port : config.ports) port.set("mtu", "9100");
  config.breakout_ports = {
      {"Ethernet0", "Ethernet0"}, {"Ethernet4", "Ethernet0"}, {"Ethernet8", "Ethernet8"}};
  const std::string before = write_sonic_config(config);
  set_sonic_mode(config, *p.port("Ethernet0"), "4x100G[50G,25G,10G,1G]", "test");
  EXPECT_EQ(config.ports.size(), 58u);
  EXPECT_EQ(children_of(config, *p.port("Ethernet0")).size(), 4u);
  EXPECT_EQ(config.port("Ethernet6")->field("subport"), "4");
  EXPECT_EQ(config.port("Ethernet6")->field("mtu"), "");
  EXPECT_EQ(config.port("Ethernet4")->field("mtu"), "9100");
  EXPECT_EQ(config.breakout_ports.size(), 5u);
  set_sonic_mode(config, *p.port("Ethernet0"), "2x100G[200G,50G,40G,25G,10G,1G]", "test");
  EXPECT_EQ(write_sonic_config(config), before);
}

TEST(SonicFiles, RoundTrips) {
  NEEDS_SAMPLES();
  for (const char* name : {"mlnx_msn4700", "arista_7060dx4_32"}) {
    const SonicPlatform first = platform(name);
    const SonicPlatform second = read_sonic_platform(write_sonic_platform(first), "again");
    EXPECT_EQ(first.ports, second.ports);
    EXPECT_EQ(first.others, second.others);
    EXPECT_EQ(write_sonic_platform(first), write_sonic_platform(second));
    EXPECT_EQ(nlohmann::ordered_json::parse(sample(std::string(name) + ".platform.json")),
              nlohmann::ordered_json::parse(write_sonic_platform(first)));
  }
  for (const char* name : {"mlnx_msn4700.O8C48.hwsku.json", "arista_7060dx4_32.hwsku.json"}) {
    const SonicHwsku first = read_sonic_hwsku(sample(name), name);
    EXPECT_EQ(nlohmann::ordered_json::parse(sample(name)),
              nlohmann::ordered_json::parse(write_sonic_hwsku(first)));
    EXPECT_EQ(first.ports, read_sonic_hwsku(write_sonic_hwsku(first), name).ports);
  }
  const std::string text =
      R"({"ZTP": {"mode": {"admin_mode": "false"}}, "PORT": {"Ethernet16": {"speed": "100000", "alias": "Größe"},
    "Ethernet8": {"lanes": "1", "alias": "b"}, "PortChannel1": {}}, "BREAKOUT_CFG": {"Ethernet8": {"brkout_mode": "1x10G"}},
    "BREAKOUT_PORTS": {"Ethernet8": {"master": "Ethernet8"}}, "A": [1, -2.50, true, null, []]})";
  const SonicConfig config = read_sonic_config(text, "c");
  const std::string written = write_sonic_config(config);
  EXPECT_EQ(nlohmann::json::parse(text), nlohmann::json::parse(written));
  EXPECT_EQ(write_sonic_config(read_sonic_config(written, "c")), written);
  EXPECT_NE(written.find("Gr\\u00f6\\u00dfe"), std::string::npos);
  EXPECT_NE(written.find("-2.50"), std::string::npos);  // numbers as they were
  EXPECT_LT(written.find("\"Ethernet8\": {\n            \"alias\""), written.find("\"Ethernet16\""));
  EXPECT_TRUE(written.starts_with("{\n    \"A\": ["));
}

TEST(SonicFiles, StandInsAreNamed) {
  const auto why = [](std::string_view text, const std::string& file = "dir/platform.json") {
    const ErrorDetail e = refusal([&] { read_sonic_platform(text, file); });
    return e.place + " " + e.problem + " " + e.hint;
  };
  const std::string link = why("../x86_64-arista_common/platform.json");
  EXPECT_NE(link.find("text of a symbolic link to '../x86_64-arista_common/platform.json'"),
            std::string::npos)
      << link;
  EXPECT_NE(link.find("dir/../x86_64-arista_common/platform.json"), std::string::npos) << link;
  EXPECT_NE(why("platform.json\n").find("symbolic link"), std::string::npos);
  EXPECT_NE(why("").find("empty"), std::string::npos);
  EXPECT_NE(why(" \n").find("empty"), std::string::npos);
  EXPECT_NE(why("<!DOCTYPE html><html>").find("web page"), std::string::npos);
  EXPECT_NE(why("version https://git-lfs.github.com/spec/v1\noid").find("LFS"), std::string::npos);
  EXPECT_NE(why("\xff\xfe{").find("UTF-16"), std::string::npos);
  EXPECT_NE(why("{\n\"interfaces\": {\n\"a\": }").find("platform.json:3 is no JSON"), std::string::npos)
      << why("{\n\"interfaces\": {\n\"a\": }");
  EXPECT_NE(why("[]").find("no JSON object"), std::string::npos);
  EXPECT_NE(why("{}").find("interfaces"), std::string::npos);
  EXPECT_NE(why("{\"interfaces\": 3}").find("interfaces"), std::string::npos);
  EXPECT_NE(why("{\"a\": 1e999}").find("is no JSON"), std::string::npos);
  EXPECT_NE(why("{\"a\": \"\xc3\"}").find("is no JSON"), std::string::npos);
  EXPECT_NE(why(std::string(200, '[')).find("nested"), std::string::npos);
}

TEST(SonicFiles, WhatCannotBeReadIsNamedAndTheRestGoesOn) {
  const SonicPlatform p = read_sonic_platform(
      R"({"interfaces": {"E1": 3, "E2": {}, "E3": {"lanes": "1"}, "E4": {"lanes": "1", "index": "1"},
          "E5": {"lanes": "1", "index": "1", "breakout_modes": "1x100G[40G],2x50G"},
          "E6": {"lanes": "1", "index": "1", "breakout_modes": {"1x10G": ["a", 3], "1x25G": ["a"]}, "x": [1]},
          "E6": {"lanes": "2", "index": "1", "breakout_modes": {}}}})",
      "p.json");
  ASSERT_EQ(p.ports.size(), 1u);
  EXPECT_EQ(p.ports[0].lanes.front(), "2");  // the last of two stands
  ASSERT_EQ(p.problems.size(), 6u);
  EXPECT_EQ(p.problems[0].code, "TWICE");
  EXPECT_NE(p.problems[5].cure.find("2021"), std::string::npos);
  const SonicConfig c = read_sonic_config(
      R"({"PORT": {"A": [], "B": {"speed": 100000, "lanes": ["1"]}}, "BREAKOUT_CFG": {"B": {}}})", "c.json");
  ASSERT_EQ(c.ports.size(), 1u);
  EXPECT_EQ(c.ports[0].speed_mbps(), 100000);
  EXPECT_EQ(c.problems.size(), 4u);
  EXPECT_EQ(read_sonic_hwsku(R"({"interfaces": {"A": 1, "B": {}}})", "h").ports.size(), 1u);
}

TEST(SonicFiles, NumbersAndNames) {
  EXPECT_EQ(sonic_port_number("Ethernet152"), 152);
  for (const char* bad :
       {"Ethernet", "Ethernet-1", "Ethernet1a", "ethernet1", "Ethernet1234567890", "PortChannel1"})
    EXPECT_EQ(sonic_port_number(bad), std::nullopt) << bad;
  EXPECT_TRUE(sonic_port_before("Ethernet8", "Ethernet16"));
  EXPECT_TRUE(sonic_port_before("Ethernet16", "Loopback0"));
  EXPECT_EQ(comma_list("1, 2 ,3"), (std::vector<std::string>{"1", "2", "3"}));
}

}  // namespace
}  // namespace lightlane::plan
