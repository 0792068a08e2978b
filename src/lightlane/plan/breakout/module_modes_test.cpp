#include "lightlane/plan/breakout/module_modes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "lightlane/base/error.hpp"

namespace lightlane::plan {
namespace {

BreakoutChoice choice(std::string_view module, std::string_view mode) {
  return breakout_choice(breakout_subject(module, "test"), parse_breakout_mode(mode, "test"));
}
bool has(const BreakoutChoice& c, std::string_view code) {
  return std::any_of(c.reasons.begin(), c.reasons.end(), [&](const auto& r) { return r.code == code; });
}
std::set<std::string> partners(const BreakoutChoice& c) {
  std::set<std::string> out;
  for (const BreakoutPartner& p : c.partners) out.insert(p.name);
  return out;
}

/// Host mask 0x03 << 2 (n - 1), media mask 0x01 << (n - 1), leg n: fibres n and 13 - n.
TEST(ModuleModes, Dr4As4x100G) {
  const BreakoutChoice c = choice("QSFP-DD-400G-DR4", "4x100G");
  EXPECT_EQ(c.verdict, BreakoutVerdict::possible);
  ASSERT_EQ(c.children.size(), 4u);
  for (unsigned n = 1; n <= 4; ++n) {
    const BreakoutChild& child = c.children[n - 1];
    EXPECT_EQ(child.host_mask, 0x03u << (2 * (n - 1)));
    EXPECT_EQ(child.media_mask, 0x01u << (n - 1));
    ASSERT_NE(child.application, nullptr);
    EXPECT_EQ(child.application->host_id, "0x0D");
    EXPECT_EQ(child.application->host_assignment, "0x55");
    ASSERT_EQ(child.fibres.size(), 1u);
    EXPECT_EQ(child.fibres[0].tx_position, static_cast<int>(n));
    EXPECT_EQ(child.fibres[0].rx_position, 13 - static_cast<int>(n));
  }
  EXPECT_EQ(partners(c), (std::set<std::string>{"100GBASE-DR", "100GBASE-FR1", "100GBASE-LR1"}));
  EXPECT_TRUE(c.host_fec.starts_with("rs, RS(544,514)"));
  ASSERT_EQ(c.harnesses.size(), 1u);
  EXPECT_EQ(c.harnesses[0].cable->id, "mpo12-4lc-sm");
  for (const LegUse& use : c.harnesses[0].legs) {
    EXPECT_EQ(use.leg, use.child);
    EXPECT_EQ(use.far_tx_position, 1);  // LC position 1 is the far transmitter
    EXPECT_EQ(use.near_rx_position, 13 - use.leg);
    EXPECT_EQ(use.far_rx_position, 2);
    EXPECT_EQ(use.near_tx_position, use.leg);
  }
}

TEST(ModuleModes, ChildrenOfSeveralLanes) {
  const BreakoutChoice c = choice("400GBASE-SR8", "2x200G");
  ASSERT_EQ(c.children.size(), 2u);
  EXPECT_EQ(c.children[0].media_mask, 0x0Fu);
  EXPECT_EQ(c.children[1].media_mask, 0xF0u);
  EXPECT_EQ(c.children[1].fibres.front().tx_position, 5);
  EXPECT_EQ(c.children[1].fibres.front().rx_position, 12);
  EXPECT_EQ(c.children[1].first_media_lane, 5);
}

TEST(ModuleModes, WhatCannotBeBrokenOutSaysWhy) {
  const std::tuple<const char*, const char*, BreakoutVerdict, const char*> cases[] = {
      {"400GBASE-FR4", "4x100G", BreakoutVerdict::no, "WDM_MUX"},
      {"400GBASE-FR4", "2x200G", BreakoutVerdict::no, "WDM_MUX"},
      {"400G-LR4-10", "4x100G", BreakoutVerdict::no, "WDM_MUX"},
      {"400GBASE-LR8", "8x50G", BreakoutVerdict::no, "WDM_MUX"},
      {"qsfp-dd-400g-dr4", "2x200G", BreakoutVerdict::no, "NOT_ADVERTISED"},
      {"cisco-qdd-400g-dr4-s", "2x200G", BreakoutVerdict::conditional, "NOT_ADVERTISED"},
      {"qsfp-dd-400g-dr4", "8x50G", BreakoutVerdict::no, "MEDIA_LANES"},
      {"qsfp-dd-400g-dr4", "8x100G", BreakoutVerdict::no, "HOST_RATE"},
      {"qsfp-dd-400g-dr4", "4x100G(4)", BreakoutVerdict::no, "HOST_RATE"},
      {"400GBASE-SR8", "8x50G", BreakoutVerdict::conditional, "NOT_ADVERTISED"},
      {"400GBASE-SR8", "2x100G", BreakoutVerdict::conditional, "NOT_ADVERTISED"},
      {"osfp-2x400g-dr4", "4x200G", BreakoutVerdict::no, "NOT_ADVERTISED"},
      {"osfp-2x400g-fr4", "8x100G", BreakoutVerdict::no, "WDM_MUX"},
      {"qsfp28-100g-lr4", "4x25G", BreakoutVerdict::no, "WDM_MUX"},
      {"400ZR", "4x100G", BreakoutVerdict::conditional, "MUXED"},
      {"cisco-qdd-400g-dr4-s", "1x200G", BreakoutVerdict::unknown, "NOT_ADVERTISED"},
      {"osfp-2x400g-dr4", "2x100G(2)+1x400G(4)", BreakoutVerdict::no, "ASSIGNMENT"},
      {"400GBASE-SR4.2", "2x50G(2)", BreakoutVerdict::no, "WDM_MUX"},
      {"100GBASE-DR", "2x50G", BreakoutVerdict::no, "MEDIA_LANES"},
      {"qsfp-dd-400g-dr4", "2x100G(4)+1x200G(4)", BreakoutVerdict::no, "NOT_ADVERTISED"},
      {"800GBASE-DR8", "1x400G(4)+4x100G(4)", BreakoutVerdict::conditional, "SUBPORT_LANES"},
  };
  for (const auto& [module, mode, verdict, code] : cases) {
    const BreakoutChoice c = choice(module, mode);
    EXPECT_EQ(name(c.verdict), name(verdict)) << module << " " << mode;
    EXPECT_TRUE(has(c, code)) << module << " " << mode << " " << code;
  }
  for (const auto& [module, mode] : {std::pair("400GBASE-FR4", "1x400G"),
                                     {"400GBASE-FR4", "1x200G(4)"},
                                     {"osfp-2x400g-fr4", "2x400G"},
                                     {"osfp-2x400g-dr4", "8x100G"},
                                     {"osfp-2x400g-dr4", "2x400G"},
                                     {"qsfp28-100g-dr", "1x100G"}})
    EXPECT_EQ(choice(module, mode).verdict, BreakoutVerdict::possible) << module << " " << mode;
}

TEST(ModuleModes, PartnersOfTheKnownPairs) {
  EXPECT_TRUE(partners(choice("400GBASE-DR4-2", "4x100G")).contains("100GBASE-FR1"));
  EXPECT_EQ(partners(choice("400GBASE-SR8", "2x100G")), (std::set<std::string>{"100GBASE-SR4"}));
  EXPECT_TRUE(partners(choice("400GBASE-SR8", "4x100G")).contains("100GBASE-SR2"));
  EXPECT_TRUE(partners(choice("400GBASE-SR8", "2x200G")).contains("200GBASE-SR4"));
  EXPECT_TRUE(partners(choice("400GBASE-SR4.2", "4x100G")).contains("100G-SR1.2"));
  EXPECT_TRUE(partners(choice("800GBASE-DR8", "2x400G")).contains("400GBASE-DR4"));
  EXPECT_EQ(partners(choice("osfp-2x400g-dr4", "2x400G")), (std::set<std::string>{"400GBASE-DR4"}));
  EXPECT_TRUE(partners(choice("400GBASE-FR4", "4x100G")).empty());
  // NRZ at the far end of an SR8: RS(528,514).
  EXPECT_TRUE(choice("400GBASE-SR8", "2x100G").host_fec.starts_with("rs, RS(528,514)"));
  EXPECT_TRUE(choice("qsfp28-100g-dr", "1x100G").host_fec.starts_with("none"));
  EXPECT_EQ(choice("qsfp28-100g-lr4", "1x100G").host_fec, "none");
  EXPECT_TRUE(choice("400ZR", "1x400G").host_fec.starts_with("rs"));  // its host lanes carry KP4 all the same
}

TEST(ModuleModes, FarEnds) {
  const auto verdict = [](std::string_view far, std::string_view mode = "4x100G") {
    BreakoutSubject s = breakout_subject("qsfp-dd-400g-dr4", "test");
    add_far(s, far, "test");
    return breakout_choice(s, parse_breakout_mode(mode, "test"));
  };
  EXPECT_EQ(verdict("100GBASE-DR").verdict, BreakoutVerdict::possible);
  EXPECT_EQ(verdict("100GBASE-FR1").verdict, BreakoutVerdict::conditional);
  EXPECT_EQ(verdict("100GBASE-LR1").verdict, BreakoutVerdict::conditional);
  for (const char* wrong : {"100GBASE-LR4", "100G-CWDM4", "100G-PSM4", "100GBASE-SR4"}) {
    EXPECT_EQ(verdict(wrong).verdict, BreakoutVerdict::no) << wrong;
    EXPECT_TRUE(has(verdict(wrong), "FAR_END")) << wrong;
  }
  EXPECT_TRUE(has(verdict("400GBASE-DR4"), "FAR_RATE"));
  EXPECT_EQ(verdict("400GBASE-DR4", "1x400G").verdict, BreakoutVerdict::possible);
  EXPECT_TRUE(verdict("qsfp28-100g-dr").far_fec.starts_with("none"));
}

TEST(ModuleModes, CagesAndSwitches) {
  const auto in = [](std::string_view module, std::string_view device, int port, std::string_view mode) {
    BreakoutSubject s = breakout_subject(module, "test");
    add_switch(s, device, port, "test");
    return breakout_choice(s, parse_breakout_mode(mode, "test"));
  };
  EXPECT_EQ(in("qsfp28-100g-dr", "SN4700", 1, "1x100G(4)").verdict, BreakoutVerdict::possible);
  const BreakoutChoice wide = in("qsfp28-100g-dr", "SN4700", 1, "1x100G");
  EXPECT_TRUE(has(wide, "HOST_LANES"));
  EXPECT_NE(wide.reasons.front().cure.find("1x100G(4)"), std::string::npos);
  EXPECT_TRUE(has(in("qsfp28-100g-dr", "7060PX4-32", 1, "1x100G(4)"), "CAGE"));
  EXPECT_TRUE(has(in("juniper-740-157132", "SN5400", 2, "1x400G"), "POWER"));  // 20 W in a port of 12 W
  EXPECT_FALSE(has(in("juniper-740-157132", "SN5400", 1, "1x400G"), "POWER"));
  // Known by its power class alone (3.5 W); the port's limit is not known.
  EXPECT_EQ(module_power_max(*catalog::find_module("finisar-ftlc9551repm"))->value, 3.5);
  EXPECT_EQ(module_power_max(*catalog::find_module("juniper-740-157132"))->value, 20);
  EXPECT_EQ(module_power_max(*catalog::find_module("cisco-cfp-100g-lr4")), std::nullopt);
  BreakoutSubject unknown = breakout_subject("qsfp-dd-400g-dr4", "test");
  add_switch(unknown, "SN4700", 1, "test");
  ASSERT_EQ(unknown.assumed.size(), 1u);
  EXPECT_NE(unknown.assumed[0].what.find("power"), std::string::npos);
  EXPECT_TRUE(has(in("osfp-2x400g-dr4", "7060PX4-32", 1, "2x400G"), "PORT_RATE"));
  BreakoutSubject s = breakout_subject("qsfp28-100g-dr", "test");
  EXPECT_THROW(add_switch(s, "SN4700", 33, "test"), ConfigError);
  EXPECT_THROW(add_switch(s, "nosuch", std::nullopt, "test"), ConfigError);
  EXPECT_THROW(add_cage(s, "nosuch", "test"), ConfigError);
}

std::set<std::string> faults(std::string_view module, std::string_view mode, std::string_view cable) {
  const BreakoutSubject s = breakout_subject(module, "test");
  const BreakoutChoice c = breakout_choice(s, parse_breakout_mode(mode, "test"));
  std::set<std::string> out;
  const BreakoutCable used = breakout_cable(s, *catalog::find_cable(cable), c.children);
  for (const Reason& r : used.faults) out.insert(std::string(r.code));
  for (const Reason& r : used.conditions) out.insert(std::string(r.code));
  return out;
}

TEST(ModuleModes, CablesAgainstChildren) {
  using Codes = std::set<std::string>;
  EXPECT_EQ(faults("qsfp-dd-400g-dr4", "4x100G", "mpo12-4lc-sm"), Codes{});
  EXPECT_EQ(faults("qsfp-dd-400g-dr4", "1x400G", "mpo12-b-sm"), Codes{});
  EXPECT_EQ(faults("qsfp-dd-400g-dr4", "1x400G", "mpo12-a-sm"), Codes{"POLARITY"});
  EXPECT_EQ(faults("qsfp-dd-400g-dr4", "1x400G", "mpo12-c-sm"), Codes{"POLARITY"});
  EXPECT_EQ(faults("qsfp-dd-400g-dr4", "1x400G", "mpo12-b-sm-trunk"), Codes{"GENDER"});
  EXPECT_EQ(faults("qsfp-dd-400g-dr4", "4x100G", "mpo12-b-sm"), Codes{"SHARED_LEG"});
  EXPECT_EQ(faults("cisco-qdd-400g-dr4-s", "2x200G", "mpo12-4lc-sm"), Codes{"SPLIT_CHILD"});
  EXPECT_EQ(faults("qsfp-dd-400g-dr4", "4x100G", "mpo12-4lc-mm"), (Codes{"MEDIA_KIND", "POLISH"}));
  EXPECT_EQ(faults("400GBASE-SR8", "2x200G", "mpo16-2mpo12-mm"), Codes{});
  EXPECT_EQ(faults("400GBASE-SR8", "8x50G", "mpo16-8lc-mm"), Codes{});
  EXPECT_EQ(faults("400GBASE-SR8", "4x100G", "mpo16-2mpo12-mm"), Codes{"SHARED_LEG"});
  EXPECT_EQ(faults("800GBASE-DR8", "2x400G", "mpo16-2mpo12-sm"), Codes{});
  EXPECT_EQ(faults("osfp-2x400g-dr4", "8x100G", "mpo12-4lc-sm"), Codes{});
  EXPECT_EQ(faults("400GBASE-SR8", "8x50G", "mpo12-4lc-mm"), (Codes{"CONNECTOR"}));
  EXPECT_EQ(faults("400GBASE-FR4", "1x400G", "lc-duplex-sm"), Codes{});
  EXPECT_EQ(faults("400GBASE-FR4", "1x400G", "lc-duplex-sm-straight"), Codes{"POLARITY"});
}

/// A hand-made harness: which lane comes out where, counted from the map alone.
TEST(ModuleModes, LegsByBruteForce) {
  const BreakoutSubject s = breakout_subject("qsfp-dd-400g-dr4", "test");
  const BreakoutChoice c = breakout_choice(s, parse_breakout_mode("4x100G", "test"));
  int legs[4][2] = {{12, 1}, {11, 2}, {10, 3}, {9, 4}};
  int order[4] = {0, 1, 2, 3};
  do {
    std::vector<int> map;
    for (const int k : order) map.insert(map.end(), {legs[k][0], legs[k][1]});
    catalog::Cable cable = *catalog::find_cable("mpo12-4lc-sm");
    cable.map = map;
    const BreakoutCable used = breakout_cable(s, cable, c.children);
    EXPECT_TRUE(used.faults.empty());
    for (const LegUse& use : used.legs)
      EXPECT_EQ(order[use.leg - 1], use.child - 1) << "the leg that holds fibres " << use.child;
    const auto first_fault = [&](std::vector<int> other) {
      cable.map = other;
      const BreakoutCable bad = breakout_cable(s, cable, c.children);
      return bad.faults.size() == 1 ? std::string(bad.faults.front().code) : "not one fault";
    };
    std::vector<int> crossed = map, mixed = map, dark = map;
    std::swap(crossed[0], crossed[1]);  // the transmitter of one leg meets a transmitter
    std::swap(mixed[0], mixed[2]);      // the receivers of two legs are swapped
    dark[0] = 0;
    EXPECT_EQ(first_fault(crossed), "POLARITY");
    EXPECT_EQ(first_fault(mixed), "DARK");
    EXPECT_EQ(first_fault(dark), "DARK");
  } while (std::next_permutation(order, order + 4));
}

/// Whatever the module: lanes of children never overlap, and stay within the module.
TEST(ModuleModes, EveryModuleOfTheCatalogue) {
  int modes = 0;
  const auto look = [&](std::string_view id) {
    const BreakoutSubject s = breakout_subject(id, "test");
    for (const BreakoutChoice& c : breakout_choices(s)) {
      ++modes;
      std::uint32_t host = 0, media = 0;
      for (const BreakoutChild& child : c.children) {
        if (c.verdict == BreakoutVerdict::no) continue;
        EXPECT_EQ(host & child.host_mask, 0u) << id << " " << c.mode;
        EXPECT_EQ(media & child.media_mask, 0u) << id << " " << c.mode;
        host |= child.host_mask;
        media |= child.media_mask;
      }
      EXPECT_LT(host, 1ull << std::max(1, s.host_lanes())) << id << " " << c.mode;
      EXPECT_LT(media, 1ull << std::max(1, s.media_lanes())) << id << " " << c.mode;
      EXPECT_EQ(c.verdict == BreakoutVerdict::possible, c.reasons.empty()) << id << " " << c.mode;
      for (const BreakoutCable& h : c.harnesses) EXPECT_TRUE(h.faults.empty());
    }
  };
  for (const catalog::Module& m : catalog::modules()) look(m.id);
  for (const catalog::Pmd& p : catalog::pmds()) {
    try {
      look(p.id);
    } catch (const ConfigError& error) {
      EXPECT_NE(std::string(error.what()).find("host's side"), std::string::npos) << error.what();
    }
  }
  EXPECT_GT(modes, 150);
}

TEST(ModuleModes, NamesAndWhatIsAssumed) {
  EXPECT_TRUE(breakout_subject("qsfp-dd-400g-dr4", "test").assumed.empty());
  const BreakoutSubject pmd = breakout_subject("400GBASE-DR4", "test");
  EXPECT_EQ(pmd.module->id, "qsfp-dd-400g-dr4");
  ASSERT_EQ(pmd.assumed.size(), 1u);
  EXPECT_EQ(breakout_subject("QDD-400G-DR4-S", "test").module->id, "cisco-qdd-400g-dr4-s");
  const BreakoutSubject made = breakout_subject("800GBASE-DR8", "test");
  EXPECT_EQ(made.host_lanes(), 8);
  EXPECT_EQ(made.host_lane_gbps(), 100);
  ASSERT_EQ(made.assumed.size(), 1u);
  EXPECT_EQ(breakout_subject("SN4700", "test").device->id, "nvidia-sn4700");
  EXPECT_EQ(breakout_subject("qsfp-dd-cage", "test").cage->id, "qsfp-dd-cage");
  for (const char* bad : {"VSR4", "QSFP28-DR4", "nosuch", ""})
    EXPECT_THROW(breakout_subject(bad, "test"), ConfigError) << bad;
  EXPECT_THROW(choice("qsfp-dd-400g-dr4", "16x25G"), ConfigError);
  EXPECT_THROW(choice("qsfp-dd-400g-dr4", "0x25G"), ConfigError);
  EXPECT_NO_THROW(choice("qsfp-dd-400g-dr4", "1x400G(999999)"));
}

}  // namespace
}  // namespace lightlane::plan
