#include "lightlane/catalog/resolver.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "lightlane/catalog/name_reading.hpp"

namespace lightlane::catalog {
namespace {

std::vector<std::string> ids(const NameAnswer& answer) {
  std::vector<std::string> out;
  for (const NameMatch& match : answer.matches) out.emplace_back(match.id);
  return out;
}

/// Typed from the standards' lists of names and from what the guides say, not from data/catalog.
struct Case {
  const char* name;
  NameStatus status;
  std::vector<std::string> ids;
};

void expect(const std::vector<Case>& cases) {
  for (const Case& c : cases) {
    const NameAnswer answer = resolve_name(c.name);
    EXPECT_EQ(name(answer.status), name(c.status)) << c.name << ": " << answer.explanation;
    EXPECT_EQ(ids(answer), c.ids) << c.name << ": " << answer.explanation;
  }
}

TEST(Resolver, NamesAsTheyStand) {
  expect({{"400GBASE-DR4", NameStatus::exact, {"400GBASE-DR4"}},
          {"400gbase dr4", NameStatus::exact, {"400GBASE-DR4"}},
          {"400G-DR4", NameStatus::alias, {"400GBASE-DR4"}},
          {"QSFP28 LR4", NameStatus::alias, {"100GBASE-LR4"}},
          {"CWDM4", NameStatus::alias, {"100G-CWDM4"}},
          {"CWDM4 10 km", NameStatus::alias, {"100G-4WDM-10"}},
          {"PSM4", NameStatus::alias, {"100G-PSM4"}},
          {"400G-DR4+", NameStatus::alias, {"400GBASE-DR4-2"}},
          {"400G-XDR4", NameStatus::alias, {"400GBASE-DR4-2"}},
          {"100GBASE-DR", NameStatus::exact, {"100GBASE-DR"}},
          {"100G-LR", NameStatus::alias, {"100G-LR (Lambda MSA)"}},
          {"400G-ZR", NameStatus::alias, {"400ZR"}},
          {"OM4", NameStatus::exact, {"OM4"}},
          {"MPO", NameStatus::alias, {"mpo-apc"}},
          {"EML-53G", NameStatus::exact, {"eml-53g"}},
          {"EC-DR4", NameStatus::exact, {"EC-DR4"}}});
}

/// As listings, switches and sheets write them.
TEST(Resolver, NamesThatAreRead) {
  expect({{"QSFP28-100GE-LR4", NameStatus::alias, {"100GBASE-LR4"}},
          {"QSFP28-100G-LR4", NameStatus::exact, {"qsfp28-100g-lr4"}},  // a module
          {"QSFP-100G-LR4-S", NameStatus::alias, {"100GBASE-LR4"}},
          {"QSFP28 100GBASE-LR4 10km SMF LC transceiver", NameStatus::alias, {"100GBASE-LR4"}},
          {"QDD-400G-DR4-S", NameStatus::alias, {"400GBASE-DR4"}},
          {"QSFP56-DD 400G DR4", NameStatus::alias, {"400GBASE-DR4"}},
          {"OSFP 400GBASE-DR4", NameStatus::alias, {"400GBASE-DR4"}},
          {"400GE DR4 500m", NameStatus::alias, {"400GBASE-DR4"}},
          {"QSFP-DD 400G SR8 MMF", NameStatus::alias, {"400GBASE-SR8"}},
          {"QSFP112 SR4", NameStatus::alias, {"400GBASE-SR4"}},
          {"QSFP28 SR4", NameStatus::alias, {"100GBASE-SR4"}},
          {"QSFP56 200G SR4 100m", NameStatus::alias, {"200GBASE-SR4"}},
          {"QSFP+ SR4", NameStatus::alias, {"40GBASE-SR4"}},
          {"QSFP-40G-LR4", NameStatus::alias, {"40GBASE-LR4"}},
          {"SFP28 25G SR", NameStatus::alias, {"25GBASE-SR"}},
          {"SFP+ 10G LR 10km", NameStatus::alias, {"10GBASE-LR"}},
          {"SFP56 50G FR", NameStatus::alias, {"50GBASE-FR"}},
          {"SFP-50G-LR", NameStatus::alias, {"ale-sfp-50g-lr"}},  // a module, by its maker's name
          {"100GBASE-SR1.2", NameStatus::alias, {"100G-SR1.2"}},
          {"400G-CR8", NameStatus::alias, {"400GBASE-CR8"}},
          {"400GBASE-CR4", NameStatus::exact, {"400GBASE-CR4"}},
          {"MCP7Y10", NameStatus::alias, {"nvidia-mcp7y10"}},
          {"QSFP56 DR4", NameStatus::alias, {"200GBASE-DR4"}},
          {"100G QSFP28 FR1 2km", NameStatus::alias, {"100GBASE-FR1"}},
          {"QSFP28 100G PSM4 500m", NameStatus::alias, {"100G-PSM4"}},
          {"QSFP-DD LR8", NameStatus::alias, {"400GBASE-LR8"}},
          {"400G LR4 10km", NameStatus::alias, {"400G-LR4-10"}},
          {"QSFP-DD 400G LR4 6 km", NameStatus::alias, {"400GBASE-LR4-6"}},
          {"400GDR4", NameStatus::alias, {"400GBASE-DR4"}},
          {"100G ER4 40km", NameStatus::alias, {"100GBASE-ER4"}},
          {"1.6T-DR8", NameStatus::alias, {"1.6TBASE-DR8"}},
          {"800G DR8 OSFP", NameStatus::alias, {"800GBASE-DR8"}}});
}

TEST(Resolver, AmbiguousNames) {
  expect({{"VSR4", NameStatus::ambiguous, {"400GBASE-VR4", "400GBASE-SR4", "400GBASE-FR4", "400GBASE-DR4-2"}},
          {"OSFP112-400G-VSR4",
           NameStatus::ambiguous,
           {"400GBASE-VR4", "400GBASE-SR4", "400GBASE-FR4", "400GBASE-DR4-2"}},
          {"400G LR4", NameStatus::ambiguous, {"400G-LR4-10", "400GBASE-LR4-6", "400GBASE-LR8"}},
          {"LR4",
           NameStatus::ambiguous,
           {"100GBASE-LR4", "400GBASE-LR4-6", "400G-LR4-10", "40GBASE-LR4", "200GBASE-LR4"}},
          {"DR4", NameStatus::ambiguous, {"200GBASE-DR4", "400GBASE-DR4"}},
          {"SR4", NameStatus::ambiguous, {"100GBASE-SR4", "40GBASE-SR4", "200GBASE-SR4", "400GBASE-SR4"}},
          {"QSFP-DD FR4", NameStatus::ambiguous, {"400GBASE-FR4", "400G-FR4 (Lambda MSA r2.0)"}},
          {"ZR", NameStatus::ambiguous, {"100GBASE-ZR", "400ZR", "100G-ZR4"}},
          {"SR2", NameStatus::ambiguous, {"100GBASE-SR2", "200GBASE-SR2"}},
          {"BiDi",
           NameStatus::ambiguous,
           {"100G-BiDi-40km", "100G-BiDi-80km", "100G-SR1.2", "400GBASE-SR4.2"}}});
  // VSR4: each meaning with who says it; a guide's 100 m multimode, another's 2 km single-mode.
  const NameAnswer vsr4 = resolve_name("vsr4");
  ASSERT_NE(vsr4.entry, nullptr);
  ASSERT_EQ(vsr4.entry->meanings.size(), 3u);
  EXPECT_NE(vsr4.entry->meanings[1].text.find("100 m"), std::string_view::npos);
  EXPECT_NE(vsr4.entry->meanings[1].provenance.source.find("GUIDE-QDD"), std::string_view::npos);
  EXPECT_NE(vsr4.entry->meanings[2].text.find("2 km single-mode"), std::string_view::npos);
  EXPECT_EQ(vsr4.entry->meanings[2].provenance.source, "GUIDE-MIGRATION");
}

/// The wrong names of the guides: 100G FR4, 400G DR1 and FR1, ZR4 of IEEE, ER4 of IEEE at 400G, tunable LR4,
/// LR1 of 12 to 15 km, 50GAUI-8, 100GBASE-LR and -FR; and DR4 in QSFP28.
TEST(Resolver, NonexistentNames) {
  expect({{"QSFP28-DR4", NameStatus::nonexistent, {"100GBASE-DR", "100G-PSM4", "400GBASE-DR4"}},
          {"QSFP28 100G DR4", NameStatus::nonexistent, {"100GBASE-DR", "100G-PSM4", "400GBASE-DR4"}},
          {"100G DR4", NameStatus::nonexistent, {"100GBASE-DR", "100G-PSM4", "400GBASE-DR4"}},
          {"100G FR4", NameStatus::nonexistent, {"100GBASE-FR1", "100G-CWDM4"}},
          {"QSFP28-100G-FR4", NameStatus::nonexistent, {"100GBASE-FR1", "100G-CWDM4"}},
          {"100GBASE-LR", NameStatus::nonexistent, {"100GBASE-LR1", "100G-LR (Lambda MSA)"}},
          {"100GBASE-FR", NameStatus::nonexistent, {"100GBASE-FR1"}},
          {"400GBASE-LR4", NameStatus::nonexistent, {"400GBASE-LR4-6", "400G-LR4-10", "400GBASE-LR8"}},
          {"400GBASE-ER4", NameStatus::nonexistent, {"400G-ER4-30", "400GBASE-ER8"}},
          {"100GBASE-ZR4", NameStatus::nonexistent, {"100G-ZR4", "100GBASE-ZR"}},
          {"400G-DR1", NameStatus::nonexistent, {"100GBASE-DR", "100GBASE-FR1", "100GBASE-LR1"}},
          {"400G FR1", NameStatus::nonexistent, {"100GBASE-DR", "100GBASE-FR1", "100GBASE-LR1"}},
          {"QSFP28 100GBASE-CWDM4", NameStatus::nonexistent, {"100G-CWDM4"}},
          {"tunable LR4", NameStatus::nonexistent, {"100GBASE-LR4"}},
          {"Enhanced LR1", NameStatus::nonexistent, {"100G-LR1-20"}},
          {"50GAUI-8", NameStatus::nonexistent, {"400GBASE-DR4"}}});
  EXPECT_NE(resolve_name("QSFP28-DR4").explanation.find("four host lanes of 25 Gb/s"), std::string::npos);
}

/// What is defined and without limits here is not called wrong.
TEST(Resolver, UnlistedNames) {
  expect({{"200GBASE-DR1", NameStatus::unlisted, {"1.6TBASE-DR8"}},
          {"50GBASE-ER", NameStatus::unlisted, {"50GBASE-LR"}},
          {"40G ER4", NameStatus::unlisted, {"40GBASE-LR4"}},
          {"QSFP+ 40G-ER4", NameStatus::unlisted, {"40GBASE-LR4"}},
          {"10GBASE-LRM", NameStatus::unlisted, {"10GBASE-SR", "10GBASE-LR"}},
          {"400GBASE-SR16", NameStatus::unlisted, {"400GBASE-SR8"}}});
}

/// An absence from the catalogue is no proof: "800G FR4" is unknown, not nonexistent.
TEST(Resolver, UnknownNames) {
  const NameAnswer fr4 = resolve_name("800G FR4");
  EXPECT_EQ(fr4.status, NameStatus::unknown);
  EXPECT_NE(fr4.explanation.find("400GBASE-FR4 has 400 Gb/s"), std::string::npos) << fr4.explanation;
  const NameAnswer sr8 = resolve_name("QSFP28 SR8");
  EXPECT_EQ(sr8.status, NameStatus::unknown);
  EXPECT_EQ(ids(sr8), std::vector<std::string>{"400GBASE-SR8"});
  EXPECT_NE(sr8.explanation.find("400GBASE-SR8 is known in QSFP-DD, OSFP"), std::string::npos)
      << sr8.explanation;

  const NameAnswer lr4 = resolve_name("100G LR4 QSFP-DD");  // the rate is said: not 400G LR4
  EXPECT_EQ(ids(lr4), std::vector<std::string>{"100GBASE-LR4"});
  EXPECT_NE(lr4.explanation.find("100GBASE-LR4 is known in CFP"), std::string::npos) << lr4.explanation;

  const std::vector<std::string> near = ids(resolve_name("400GBASE-DR5"));
  EXPECT_NE(std::find(near.begin(), near.end(), "400GBASE-DR4"), near.end());
  for (const char* nothing : {"", "-", "nothing-like-it", "\xff\xfe", "400G 100G LR4"}) {
    const NameAnswer answer = resolve_name(nothing);
    EXPECT_EQ(answer.status, NameStatus::unknown) << nothing;
    EXPECT_LE(answer.matches.size(), 10u);
  }
  EXPECT_TRUE(resolve_name("nothing-like-it").matches.empty());
  EXPECT_EQ(resolve_name(std::string(1 << 20, 'x')).status, NameStatus::unknown);
}

/// An alias that says what it is not, with its source.
TEST(Resolver, Remarks) {
  const NameAnswer answer = resolve_name("400GBASE-LR4-10");
  EXPECT_EQ(answer.status, NameStatus::alias);
  EXPECT_EQ(ids(answer), std::vector<std::string>{"400G-LR4-10"});
  EXPECT_NE(answer.explanation.find("MSA"), std::string::npos);
  ASSERT_NE(answer.entry, nullptr);
  EXPECT_EQ(answer.entry->kind, NameKind::remark);
  const NameAnswer lr1 = resolve_name("QSFP28 LR1");  // read
  EXPECT_EQ(ids(lr1), std::vector<std::string>{"100GBASE-LR1"});
  EXPECT_NE(lr1.explanation.find("MSA"), std::string::npos) << lr1.explanation;
}

/// Ports of a breakout or a twin-port module: what breaks out into them, what has them, the type of one.
TEST(Resolver, SeveralPorts) {
  expect(
      {{"4x100G DR", NameStatus::ambiguous, {"400GBASE-DR4", "400GBASE-DR4-2", "100GBASE-DR"}},
       {"4x 100GBASE-FR1", NameStatus::ambiguous, {"400GBASE-DR4", "400GBASE-DR4-2", "100GBASE-FR1"}},
       {"8x100G-DR", NameStatus::ambiguous, {"800GBASE-DR8", "100GBASE-DR"}},
       {"2xDR4", NameStatus::ambiguous, {"800GBASE-DR8", "osfp-2x400g-dr4", "200GBASE-DR4", "400GBASE-DR4"}},
       {"2x400G LR4-10", NameStatus::ambiguous, {"eoptolink-eold-168hg-10-1", "400G-LR4-10"}},
       {"2x200G DR2", NameStatus::unknown, {"200G-DR2"}},
       {"4x100G LR4", NameStatus::unknown, {"100GBASE-LR4"}},  // no 400G type breaks out into LR4
       {"2x400G-DR4", NameStatus::alias, {"800GBASE-DR8"}},
       {"4x100G-LR", NameStatus::unlisted, {"100GBASE-LR1", "400GBASE-DR4-2"}}});
}

/// Every PMD is found by every name of its own, and in each of its form factors it is among the answers.
TEST(Resolver, EveryNameOfEveryPmd) {
  for (const Pmd& p : pmds()) {
    EXPECT_EQ(resolve_name(p.id).status, NameStatus::exact) << p.id;
    for (const std::string_view alias : p.aliases) {
      const NameAnswer answer = resolve_name(alias);
      EXPECT_EQ(answer.status, NameStatus::alias) << alias;
      EXPECT_EQ(ids(answer), std::vector<std::string>{std::string(p.id)}) << alias;
    }
    for (const std::string_view form : p.form_factors) {
      const std::string full = std::string(form) + " " + std::string(p.id);
      const NameAnswer answer = resolve_name(full);
      EXPECT_TRUE(answer.one()) << full << ": " << answer.explanation;
      EXPECT_EQ(pmd_named(full, "a").id, p.id) << full;  // by reading, or as a module's name
    }
  }
  for (const NameEntry& n : names()) {
    EXPECT_FALSE(n.provenance.source.empty()) << n.id;
    for (const NameMeaning& m : n.meanings) EXPECT_FALSE(m.provenance.source.empty()) << n.id;
    if (n.kind == NameKind::remark) continue;
    EXPECT_EQ(resolve_name(n.id).entry, &n) << n.id;
    EXPECT_EQ(find_pmd(n.id), nullptr) << n.id;
  }
}

TEST(Resolver, Readings) {
  const auto r = read_name("QSFP-DD 400G LR4 10km").value();
  EXPECT_EQ(r.rate_gbps, 400);
  EXPECT_EQ(r.family, "LR4");
  EXPECT_EQ(r.form_factor, "QSFP-DD");
  EXPECT_EQ(r.reach_m, 10000);
  EXPECT_FALSE(r.ieee);
  EXPECT_EQ(read_name("1.6TBASE-DR8")->rate_gbps, 1600);
  EXPECT_TRUE(read_name("1.6TBASE-DR8")->ieee);
  EXPECT_EQ(read_name("400ZR")->family, "ZR");
  EXPECT_EQ(read_name("100G-4WDM-10")->family, "4WDM-10");
  EXPECT_EQ(read_name("2x400G-DR4")->ports, 2);
  EXPECT_EQ(read_name("400GBASE-SR4.2")->family, "SR4.2");
  EXPECT_EQ(read_name("100G-PSM4 0.5 km")->reach_m, 500);
  EXPECT_FALSE(read_name("100G 400G"));
  EXPECT_FALSE(read_name("OSFP QSFP28 DR4"));
}

/// A refusal names what was asked, what may be meant, and why.
TEST(Resolver, Refusals) {
  const auto text = [](const char* name) {
    return std::string(ConfigError(pmd_refusal("link.pmd", name)).what());
  };
  EXPECT_EQ(text("QSFP28-DR4")
                .find("link.pmd: 'QSFP28-DR4' does not exist; allowed: 100GBASE-DR, 100G-PSM4, 400GBASE-DR4"),
            0u)
      << text("QSFP28-DR4");
  EXPECT_NE(text("VSR4").find("'VSR4' is ambiguous; allowed: 400GBASE-VR4, 400GBASE-SR4"), std::string::npos)
      << text("VSR4");
  EXPECT_NE(text("VSR4").find("a guide to migration"), std::string::npos) << text("VSR4");
  EXPECT_NE(text("OM4").find("is a fibre, not a PMD"), std::string::npos) << text("OM4");
  // Copper carries no light: said so, and where to look.
  for (const char* name : {"400GBASE-CR8", "400GBASE-CR4", "100GBASE-CR4", "100GBASE-CR2", "100GBASE-CR1"}) {
    EXPECT_NE(text(name).find("is a type over copper, not an optical PMD"), std::string::npos) << text(name);
    EXPECT_NE(text(name).find("no light to budget"), std::string::npos) << text(name);
    EXPECT_NE(text(name).find(std::string("lightlane catalog show ") + name), std::string::npos)
        << text(name);
  }
  EXPECT_NE(text("qsfp28-100g-dac").find("is a direct-attach cable, not an optical PMD"), std::string::npos);
  EXPECT_NE(text("qsfp28-100g-aoc").find("a cable with its modules on"), std::string::npos);
  EXPECT_NE(text("400GBASE-XR").find("is no PMD known here; allowed: "), std::string::npos)
      << text("400GBASE-XR");

  EXPECT_EQ(pmd_named("QSFP28 100G LR4", "a").id, "100GBASE-LR4");
  EXPECT_EQ(pmd_named("400G-DR4", "a").id, "400GBASE-DR4");
  for (const char* name : {"VSR4", "QSFP28-DR4", "OM4", "", "400GBASE-XR"})
    EXPECT_THROW(pmd_named(name, "a"), ConfigError) << name;
}

/// Of every kind: what is near, of that kind only.
TEST(Resolver, NamesOfAKindAreProposed) {
  const auto text = [](const char* name, std::vector<std::string_view> kinds) {
    return std::string(ConfigError(name_refusal("plan.toml:3: x", name, kinds)).what());
  };
  EXPECT_EQ(text("OM44", {"fibre"}),
            "plan.toml:3: x: is 'OM44', which is no fibre of the catalogue (did you mean OM4, OM3, OM5?)");
  EXPECT_NE(text("mpo-apk", {"connector"}).find("did you mean mpo-apc"), std::string::npos);
  EXPECT_NE(text("mpo12-b-sn", {"cable"}).find("did you mean mpo12-b-sm, "), std::string::npos);
  EXPECT_NE(text("SN5401", {"switch", "cage"})
                .find("no switch and no cage of the catalogue (did you mean SN5400, "),
            std::string::npos)
      << text("SN5401", {"switch", "cage"});
  EXPECT_NE(text("qwertyuiop", {"fibre"}).find("see lightlane catalog list --kind fibre"), std::string::npos);
  EXPECT_EQ(text("OM44", {"cable"}).find("OM4,"), std::string::npos);
}

}  // namespace
}  // namespace lightlane::catalog
