#include "lightlane/catalog/module.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "lightlane/catalog/consistency.hpp"
#include "lightlane/catalog/module_sense.hpp"
#include "lightlane/catalog/schema.hpp"

namespace lightlane::catalog {
namespace {

double value(const Limit& limit) { return limit ? limit->value : -1; }

TEST(Modules, KeepToTheirFormFactorPmdAndPowerClass) {
  for (const ModuleFault& fault : module_faults(builtin(), builtin()))
    ADD_FAILURE() << (fault.module != nullptr ? fault.module->id : fault.cage->id) << ": " << fault.text;
  EXPECT_GE(modules().size(), 24u);
  EXPECT_GE(form_factors().size(), 16u);
  EXPECT_GE(cages().size(), 10u);
}

template <class Owner>
void expect_sourced(const Owner& owner, std::string_view id, std::span<const LimitKey<Owner>> keys) {
  for (const auto& key : keys) {
    if (!key.get(owner)) continue;
    EXPECT_FALSE(key.get(owner)->source.empty()) << id << " " << key.key;
  }
}

TEST(Modules, EveryValueHasASource) {
  for (const FormFactor& f : form_factors()) expect_sourced(f, f.id, form_factor_keys());
  for (const PowerClass& p : power_classes()) expect_sourced(p, p.id, power_class_keys());
  for (const Module& m : modules()) {
    expect_sourced(m, m.id, module_keys());
    EXPECT_FALSE(m.provenance.source.empty()) << m.id;
    for (const ModuleApplication& a : m.applications) EXPECT_FALSE(a.provenance.source.empty()) << m.id;
  }
  for (const Cage& c : cages()) {
    for (const CageFit& f : c.fits) {
      expect_sourced(f, c.id, cage_fit_keys());
      EXPECT_FALSE(f.provenance.source.empty()) << c.id;
      EXPECT_EQ(f.fits, f.host_lanes.has_value()) << c.id << " " << f.form_factor;
    }
  }
}

/// The form factors of PMDs are entries, from CFP to OSFP.
TEST(Modules, FormFactorsOfPmdsAreKnown) {
  for (const Pmd& p : pmds())
    for (const std::string_view form : p.form_factors)
      EXPECT_NE(find_form_factor(form), nullptr) << p.id << " " << form;
}

/// Power classes of CMIS and SFF-8636 as they are published.
TEST(Modules, PowerClasses) {
  const double cmis[] = {1.5, 3.5, 7, 8, 10, 12, 14}, sff8636[] = {1.5, 2.0, 2.5, 3.5, 4.0, 4.5, 5.0};
  for (int i = 0; i < 7; ++i) {
    EXPECT_EQ(value(find_power_class(Management::cmis, i + 1)->max_w), cmis[i]);
    EXPECT_EQ(value(find_power_class(Management::sff8636, i + 1)->max_w), sff8636[i]);
  }
  EXPECT_EQ(find_power_class(Management::cmis, 8), nullptr);
}

/// A real DR4 module: 400GAUI-8 to 400GBASE-DR4, and 4 x 100GAUI-2 that begin at lanes 1, 3, 5, 7.
TEST(Modules, ApplicationsOfARealModule) {
  const Module& m = *find_module("qsfp-dd-400g-dr4");
  ASSERT_EQ(m.applications.size(), 2u);
  EXPECT_EQ(m.applications[0].host_id, "0x11");
  EXPECT_EQ(m.applications[0].media_id, "0x1C");
  EXPECT_EQ(m.applications[1].host_lanes, 2);
  EXPECT_EQ(m.applications[1].media_lanes, 1);
  EXPECT_EQ(m.applications[1].host_assignment, "0x55");
  EXPECT_EQ(value(m.power_class), 5);
  EXPECT_EQ(value(m.power_max_w), 10);
  EXPECT_EQ(value(find_module("cisco-qdd-400g-dr4-s")->power_max_w), 12);
  EXPECT_TRUE(find_module("qsfp28-100g-lr1")->fec_in_module);
  EXPECT_FALSE(find_module("qsfp28-100g-lr4")->fec_in_module);
}

struct Fit {
  const char *cage, *form;
  int lanes;  ///< 0: does not fit
};

/// What fits where: a QSFP-DD cage takes QSFP28, not the other way.
TEST(Cages, WhatFits) {
  const Fit table[] = {
      {"qsfp-dd-cage", "QSFP-DD", 8},    {"qsfp-dd-cage", "QSFP56", 4},  {"qsfp-dd-cage", "QSFP28", 4},
      {"qsfp-dd-cage", "QSFP+", 4},      {"qsfp-dd-cage", "OSFP", 0},    {"qsfp-dd-cage", "QSFP112", 0},
      {"qsfp28-cage", "QSFP28", 4},      {"qsfp28-cage", "QSFP+", 4},    {"qsfp28-cage", "QSFP-DD", 0},
      {"qsfp28-cage", "QSFP56", 0},      {"qsfp28-cage", "QSFP112", 0},  {"qsfp56-cage", "QSFP28", 4},
      {"qsfp56-cage", "QSFP-DD", 0},     {"qsfp112-cage", "QSFP56", 4},  {"qsfp112-cage", "QSFP-DD", 0},
      {"qsfp-dd800-cage", "QSFP-DD", 8}, {"qsfp-dd800-cage", "OSFP", 0}, {"qsfp-dd800-cage", "QSFP112", 4},
      {"osfp-cage", "OSFP", 8},          {"osfp-cage", "QSFP-DD", 0},    {"osfp-cage", "QSFP28", 0},
      {"qsfp+-cage", "QSFP28", 0},
  };
  for (const Fit& expected : table) {
    const Cage* cage = find_cage(expected.cage);
    ASSERT_NE(cage, nullptr) << expected.cage;
    const CageFit* fit = cage->fit(expected.form);
    ASSERT_NE(fit, nullptr) << expected.cage << " " << expected.form;
    EXPECT_EQ(fit->fits, expected.lanes > 0) << expected.cage << " " << expected.form;
    if (expected.lanes > 0) {
      EXPECT_EQ(value(fit->host_lanes), expected.lanes) << expected.cage << " " << expected.form;
    } else {
      EXPECT_FALSE(fit->text.empty()) << expected.cage << " " << expected.form;
    }
  }
  EXPECT_EQ(find_cage("qsfp28-cage")->fit("CFP"), nullptr);
}

/// Ports as the makers count them; SN5400: 12 W, and 21 W in ports 1, 5, 9 ... 61; SN5600: 18 W in all.
TEST(Switches, PortsAndTheirPower) {
  const Switch& sn5400 = *find_switch("SN5400");
  EXPECT_EQ(sn5400.port_count(), 64);
  int strong = 0;
  for (int port = 1; port <= 64; ++port) {
    ASSERT_NE(sn5400.port(port), nullptr) << port;
    EXPECT_EQ(value(sn5400.port(port)->power_max_w), port % 4 == 1 ? 21 : 12) << port;
    strong += value(sn5400.port(port)->power_max_w) == 21;
  }
  EXPECT_EQ(strong, 16);
  EXPECT_EQ(sn5400.port(0), nullptr);
  EXPECT_EQ(sn5400.port(65), nullptr);
  EXPECT_EQ(value(find_switch("SN5600")->port(64)->power_max_w), 18);
  const Switch& dx4 = *find_switch("DCS-7060DX4-32");
  EXPECT_EQ(dx4.port_count() * value(dx4.port(1)->rate_gbps), 12800);  // 12.8 Tb/s
  EXPECT_EQ(value(dx4.supply_max_w), 1600);
  EXPECT_EQ(value(dx4.supply_allocated_w), 342);
  EXPECT_FALSE(dx4.port(1)->power_max_w);
  for (const Switch& s : switches()) {
    expect_sourced(s, s.id, switch_keys());
    EXPECT_FALSE(s.provenance.source.empty()) << s.id;
    for (const SwitchPorts& p : s.ports) {
      expect_sourced(p, s.id, switch_port_keys());
      EXPECT_NE(find_cage(p.cage), nullptr) << s.id;
    }
  }
}

/// Each fault is found when it is put in.
TEST(Modules, FaultsAreFound) {
  const auto faults = [](const Module& m) {
    Tables tables;
    tables.modules = std::span(&m, 1);
    std::string all;
    for (const ModuleFault& fault : module_faults(tables, builtin())) all += fault.text + "\n";
    return all;
  };
  const Module& good = *find_module("qsfp-dd-400g-dr4");
  EXPECT_EQ(faults(good), "");
  const auto changed = [&](auto change) {
    Module m = good;
    change(m);
    return faults(m);
  };
  const auto expect = [](const std::string& found, const char* part) {
    EXPECT_NE(found.find(part), std::string::npos) << part << " in\n" << found;
  };
  expect(changed([](Module& m) { m.host_lanes->value = 9; }), "has 9 host lanes, above the 8 of QSFP-DD");
  expect(changed([](Module& m) { m.host_lane_rate_gbps->value = 106.25; }),
         "106.25 Gb/s, above the 53.125 of QSFP-DD");
  expect(changed([](Module& m) { m.form_factor = "QSFP28"; }), "is QSFP28, no form factor of 400GBASE-DR4");
  expect(changed([](Module& m) { m.host_lanes->value = 4; }),
         "has 212.5 Gb/s of host lanes for 1 x 400 Gb/s");
  expect(changed([](Module& m) { m.host_lanes->value = 4; }), "an application of 8 host lanes on 4");
  expect(changed([](Module& m) { m.power_max_w->value = 11; }),
         "draws 11 W, above the 10 W of power class 5");
  expect(changed([](Module& m) { m.power_max_w->value = 8; }),
         "draws 8 W, which is power class 4 or lower, not 5");
  expect(changed([](Module& m) {
           m.power_typical_w = Value{10.5, Confidence::sure, "TYP", ""};
         }),
         "draws 10.5 W, above its maximum");
  expect(changed([](Module& m) { m.pmd = "400GBASE-FR4"; }), "advertises no media code of 400GBASE-FR4");
  expect(changed([](Module& m) { m.pmd = "100GBASE-DR"; }), "media lanes on 1");
  ModuleApplication late = good.applications[1];
  late.host_assignment = "0x80";
  expect(changed([&](Module& m) { m.applications = std::span(&late, 1); }),
         "2 host lanes that begins at lane 8");

  Cage cage = *find_cage("qsfp28-cage");
  cage.form_factor = "QSFP-DD";
  Tables tables;
  tables.cages = std::span(&cage, 1);
  ASSERT_EQ(module_faults(tables, builtin()).size(), 1u);
  EXPECT_EQ(module_faults(tables, builtin())[0].text, "does not take its own form factor, QSFP-DD");
}

}  // namespace
}  // namespace lightlane::catalog
