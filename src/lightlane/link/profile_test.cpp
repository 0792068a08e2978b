#include "lightlane/link/profile.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "lightlane/base/error.hpp"
#include "lightlane/link/lane_chain.hpp"
#include "lightlane/link/optical_test_tools.hpp"
#include "lightlane/link/scenario_keys.hpp"
#include "lightlane/link/structure.hpp"

namespace lightlane::link {
namespace {

using test::lit;

/// A file that goes away with the test.
class File {
 public:
  explicit File(std::string_view text)
      : path_(std::filesystem::temp_directory_path() /
              ("lightlane_profile_" + std::to_string(reinterpret_cast<std::uintptr_t>(this)) + ".toml")) {
    std::ofstream(path_) << text;
  }
  ~File() { std::filesystem::remove(path_); }
  File(const File&) = delete;
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

std::string refusal(const std::vector<std::string>& assignments) {
  try {
    lit(assignments);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

bool has_structure(std::string_view pmd) {
  try {
    structure_of_pmd(pmd, "link.pmd");
  } catch (const ConfigError&) {
    return false;
  }
  return true;
}

/// Numbers and lists within the ranges of their keys.
void expect_in_range(Scenario& scenario) {
  for (Key& key : optical_keys_of(scenario)) {
    if (const auto* n = std::get_if<NumberKey>(&key.slot)) {
      EXPECT_TRUE(*n->value >= n->minimum && *n->value <= n->maximum) << key.path << " = " << *n->value;
    } else if (const auto* c = std::get_if<CountKey>(&key.slot)) {
      EXPECT_TRUE(*c->value >= c->minimum && *c->value <= c->maximum) << key.path << " = " << *c->value;
    } else if (const auto* i = std::get_if<IntegerKey>(&key.slot)) {
      EXPECT_TRUE(*i->value >= i->minimum && *i->value <= i->maximum) << key.path << " = " << *i->value;
    } else if (const auto* l = std::get_if<NumberListKey>(&key.slot)) {
      for (const double v : *l->value)
        EXPECT_TRUE(v >= l->minimum && v <= l->maximum) << key.path << " has " << v;
    } else if (const auto* w = std::get_if<ChoiceKey>(&key.slot)) {
      EXPECT_LT(*w->value, w->names.size()) << key.path;
    }
  }
}

TEST(Profile, EveryProfileIsAWholeLink) {
  std::size_t runnable = 0;
  for (const catalog::Profile& profile : catalog::profiles()) {
    SCOPED_TRACE(profile.pmd);
    Scenario scenario = typical_scenario(profile.pmd);
    expect_in_range(scenario);
    const catalog::Pmd& pmd = *catalog::find_pmd(profile.pmd);
    EXPECT_EQ(catalog::find_fibre(scenario.plant.fibre)->kind, pmd.fibre);
    if (!has_structure(profile.pmd) || pmd.id == eight_lane_800g_pmd) continue;
    ++runnable;
    scenario = lit({"link.pmd=" + std::string(profile.pmd)});
    const Structure& structure = structure_of(scenario);
    for (int lane = 0; lane < structure.line_lanes; ++lane) {
      const LaneSetup setup = lane_setup(scenario, structure, static_cast<std::size_t>(lane));
      const LaneChain chain(setup, 1);  // every stage takes what the catalogue says
      EXPECT_GT(chain.transmitter().report().average_power_dbm - chain.plant().report().loss_db,
                setup.rx.los_dbm);
      EXPECT_LT(chain.transmitter().report().average_power_dbm - chain.plant().report().loss_db,
                setup.rx.overload_dbm);
    }
  }
  EXPECT_GE(runnable, 35u);
}

/// Words of the catalogue that stand for choices are words of the scenario: else this stops the program.
TEST(Profile, EveryDeviceCanBeChosen) {
  for (const catalog::Device& device : catalog::devices()) {
    SCOPED_TRACE(device.id);
    Scenario scenario;
    scenario.link.pmd = "400GBASE-DR4";
    switch (device.kind) {
      case catalog::DeviceKind::transmitter:
        scenario.tx.device = device.id;
        break;
      case catalog::DeviceKind::receiver:
        scenario.rx.device = device.id;
        break;
      case catalog::DeviceKind::dsp:
        scenario.dsp.device = device.id;
        break;
      default:
        continue;
    }
    apply_profile(scenario);
    expect_in_range(scenario);
  }
}

TEST(Profile, DevicesDecideWhatTheyKnow) {
  const Scenario usual = lit({"link.pmd=400GBASE-DR4"});
  const catalog::Device* other = nullptr;
  for (const catalog::Device& device : catalog::devices()) {
    const Devices of = devices_of(usual);
    const auto a = device.number("tia_noise_pa_sqrt_hz");
    if (device.kind == catalog::DeviceKind::receiver && &device != of.receiver && a &&
        a->typical != of.receiver->number("tia_noise_pa_sqrt_hz")->typical) {
      other = &device;
    }
  }
  ASSERT_NE(other, nullptr);
  const Scenario changed = lit({"link.pmd=400GBASE-DR4", "rx.device=" + std::string(other->id)});
  EXPECT_EQ(changed.rx.config.tia_noise_pa_sqrt_hz, other->number("tia_noise_pa_sqrt_hz")->typical);
  EXPECT_EQ(changed.tx.config.oma_outer_dbm, usual.tx.config.oma_outer_dbm);
}

TEST(Profile, TheUserHasTheLastWord) {
  const Scenario typical = lit({"link.pmd=100GBASE-LR4"});
  EXPECT_NE(typical.tx.config.rin_db_per_hz, -151);
  const Scenario set =
      lit({"tx.rin_db_per_hz=-151", "link.pmd=100GBASE-LR4", "plant.length_m=4321"});  // in any order
  EXPECT_EQ(set.tx.config.rin_db_per_hz, -151);
  EXPECT_EQ(set.plant.length_m, 4321);
  EXPECT_EQ(set.tx.config.oma_outer_dbm, typical.tx.config.oma_outer_dbm);
  EXPECT_EQ(set.rx.config.bandwidth_ghz, typical.rx.config.bandwidth_ghz);
}

TEST(Profile, AssignmentsComeAfterTheFile) {
  const File file(
      "[link]\npmd = \"100GBASE-LR4\"\n[tx]\nrin_db_per_hz = -150\noma_outer_dbm = 0.5\n[plant]\nlength_m = "
      "7000\n");
  const std::vector<std::string> none, some{"tx.rin_db_per_hz=-140", "plant.connectors=5"};
  const Scenario a = build_scenario(file.path(), none, "", true),
                 b = build_scenario(file.path(), some, "", true);
  EXPECT_EQ(a.tx.config.rin_db_per_hz, -150);
  EXPECT_EQ(b.tx.config.rin_db_per_hz, -140);
  EXPECT_EQ(b.tx.config.oma_outer_dbm, 0.5);
  EXPECT_EQ(b.plant.length_m, 7000);
  EXPECT_EQ(b.plant.connectors, 5);
  EXPECT_EQ(a.rx.config.responsivity_a_per_w, lit({"link.pmd=100GBASE-LR4"}).rx.config.responsivity_a_per_w);
  // A PMD that is chosen over the file's brings its own devices.
  const std::vector<std::string> dr{"link.pmd=100GBASE-DR"};
  const Scenario c = build_scenario(file.path(), dr, "", true);
  EXPECT_EQ(c.rx.config.responsivity_a_per_w, lit({"link.pmd=100GBASE-DR"}).rx.config.responsivity_a_per_w);
  EXPECT_EQ(c.tx.config.oma_outer_dbm, 0.5);
}

TEST(Profile, WhatIsPrintedIsTheSameLink) {
  for (const char* pmd : {"400GBASE-DR4", "400GBASE-SR4.2", "100G-100km"}) {
    const Scenario scenario =
        lit({std::string("link.pmd=") + pmd, "plant.length_m=100", "tx.level_error=[0.01, -0.02]"});
    const File file(to_toml(scenario));
    const std::vector<std::string> none;
    EXPECT_EQ(to_toml(build_scenario(file.path(), none, "", true)), to_toml(scenario));
  }
}

TEST(Profile, WithoutLightNothingIsAsked) {
  const std::vector<std::string> set{"link.structure=400g-4lane"};
  const Scenario plain = build_scenario("", set, "a.pcap", false);
  EXPECT_EQ(plain.tx.config.oma_outer_dbm, Scenario().tx.config.oma_outer_dbm);
  EXPECT_EQ(plain.traffic.capture, "a.pcap");
}

TEST(Profile, CoherentIsRefusedWithItsReason) {
  std::size_t coherent = 0;
  for (const catalog::Pmd& pmd : catalog::pmds()) {
    if (!pmd.coherent()) continue;
    ++coherent;
    const std::string said = refusal({"link.pmd=" + std::string(pmd.id)});
    EXPECT_NE(said.find("coherent"), std::string::npos) << said;
    EXPECT_NE(said.find("local oscillator"), std::string::npos) << said;
    EXPECT_THROW(typical_scenario(pmd.id), ConfigError);
    const std::string far = refusal({"link.far_pmd=" + std::string(pmd.id)});
    EXPECT_NE(far.find("link.far_pmd"), std::string::npos) << far;
  }
  EXPECT_GE(coherent, 1u);
}

TEST(Profile, NamesThatAreNotThereAreNamed) {
  const auto said = [](const char* assignment, const char* key, const char* value) {
    const std::string text = refusal({assignment});
    EXPECT_NE(text.find(key), std::string::npos) << text;
    EXPECT_NE(text.find(value), std::string::npos) << text;
  };
  said("link.pmd=400GBASE-XYZ", "link.pmd", "400GBASE-XYZ");
  said("link.far_pmd=400GBASE-XYZ", "link.far_pmd", "400GBASE-XYZ");
  said("tx.device=nobody", "tx.device", "nobody");
  said("rx.device=nobody", "rx.device", "nobody");
  said("dsp.device=nobody", "dsp.device", "nobody");
  said("plant.fibre=glass", "plant.fibre", "glass");
  said("plant.fibre=OM4", "plant.fibre", "OM4");      // multimode under a single-mode PMD
  said("rx.device=eml-25g", "rx.device", "eml-25g");  // no receiver
}

TEST(Profile, OtherEndsMustSignalAlike) {
  // One lane of DR4 into FR1, LR1 into DR: same rate and modulation.
  EXPECT_EQ(refusal({"link.pmd=400GBASE-DR4", "link.breakout=4x100g", "link.far_pmd=100GBASE-FR1"}), "");
  EXPECT_EQ(refusal({"link.pmd=100GBASE-LR1", "link.far_pmd=100GBASE-DR"}), "");
  const std::string rate = refusal({"link.pmd=100GBASE-DR", "link.far_pmd=400GBASE-FR8"});
  EXPECT_NE(rate.find("link.far_pmd"), std::string::npos) << rate;
  EXPECT_NE(rate.find("26.5625"), std::string::npos) << rate;
  EXPECT_NE(rate.find("53.125"), std::string::npos) << rate;
  const std::string modulation = refusal({"link.pmd=100GBASE-LR4", "link.far_pmd=400GBASE-FR8"});
  EXPECT_NE(modulation.find("nrz"), std::string::npos) << modulation;
}

TEST(Profile, TheFarEndReceives) {
  const Scenario near = lit({"link.pmd=100GBASE-LR1"}), far = lit({"link.pmd=100GBASE-DR"});
  const Scenario mixed = lit({"link.pmd=100GBASE-LR1", "link.far_pmd=100GBASE-DR"});
  EXPECT_EQ(mixed.tx.config.oma_outer_dbm, near.tx.config.oma_outer_dbm);
  EXPECT_EQ(mixed.plant.length_m, near.plant.length_m);
  EXPECT_EQ(mixed.rx.config.responsivity_a_per_w, far.rx.config.responsivity_a_per_w);
  EXPECT_EQ(mixed.rx.config.overload_dbm, far.rx.config.overload_dbm);
  const Devices devices = devices_of(mixed);
  EXPECT_EQ(devices.pmd, catalog::find_pmd("100GBASE-LR1"));
  EXPECT_EQ(devices.far_pmd, catalog::find_pmd("100GBASE-DR"));
  EXPECT_EQ(devices.receiver->id, catalog::find_profile("100GBASE-DR")->receiver);
  EXPECT_EQ(devices.transmitter->id, catalog::find_profile("100GBASE-LR1")->transmitter);
}

TEST(Profile, TemperatureMovesDevices) {
  const Structure& structure = structure_of_pmd("100GBASE-DR", "");
  const Scenario warm = lit({"link.pmd=100GBASE-DR", "environment.case_temperature_c=70"});
  const Scenario cold = lit({"link.pmd=100GBASE-DR", "environment.case_temperature_c=0"});
  const auto typical = typical_value(devices_of(warm), "tx.oma_outer_dbm");
  ASSERT_TRUE(typical);
  ASSERT_NE(typical->per_kelvin, 0);
  const double difference =
      lane_setup(warm, structure, 0).tx.oma_outer_dbm - lane_setup(cold, structure, 0).tx.oma_outer_dbm;
  EXPECT_NEAR(difference, 70 * typical->per_kelvin, 1e-9);
}

}  // namespace
}  // namespace lightlane::link
