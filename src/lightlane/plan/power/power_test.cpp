#include "lightlane/plan/power/power.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "lightlane/base/error.hpp"
#include "lightlane/plan/power/power_plan.hpp"
#include "lightlane/plan/power/thermal.hpp"

namespace lightlane::plan {
namespace {

PortLoad load(const char* ports, const char* module) {
  PortLoad out;
  out.ports = port_list(ports, "ports");
  out.module = &module_named(module, "module");
  return out;
}

PowerQuestion full(int ports, const char* module) {
  PowerQuestion q;
  q.ports = ports;
  q.loads.push_back(load(("1-" + std::to_string(ports)).c_str(), module));
  return q;
}

bool has(const PowerAnswer& a, std::string_view code) {
  return std::any_of(a.reasons.begin(), a.reasons.end(), [&](const Reason& r) { return r.code == code; });
}

const Reason& reason(const PowerAnswer& a, std::string_view code) {
  return *std::find_if(a.reasons.begin(), a.reasons.end(), [&](const Reason& r) { return r.code == code; });
}

TEST(Power, WorkedExamplesOfTheGuides) {
  // 32 x 10 W, 32 x 12 W, 128 x 3.5 W; 25, 30, 35 mW of each Gb/s; 36 and 32 x 400G are 14.4 and 12.8 Tb/s.
  const PowerAnswer ten = power_answer(full(32, "qsfp-dd-400g-dr4"));
  EXPECT_DOUBLE_EQ(ten.optics_w, 320);
  EXPECT_DOUBLE_EQ(*ten.optics_mw_per_gbps, 25);
  EXPECT_DOUBLE_EQ(ten.capacity_gbps, 12800);
  const PowerAnswer twelve = power_answer(full(32, "cisco-qdd-400g-dr4-s"));
  EXPECT_DOUBLE_EQ(twelve.optics_w, 384);
  EXPECT_DOUBLE_EQ(*twelve.optics_mw_per_gbps, 30);
  PowerQuestion q = full(128, "qsfp28-100g-lr4");
  q.basis = PowerBasis::typical;
  const PowerAnswer lr4 = power_answer(q);
  EXPECT_DOUBLE_EQ(lr4.optics_w, 448);
  EXPECT_DOUBLE_EQ(*lr4.optics_mw_per_gbps, 35);
  EXPECT_DOUBLE_EQ(lr4.capacity_gbps, 12800);
  EXPECT_DOUBLE_EQ(power_answer(full(36, "qsfp-dd-400g-dr4")).capacity_gbps, 14400);
}

TEST(Power, ComponentsOfTheGuides) {
  const ModuleWatts lr4 = module_watts(module_named("qsfp28-100g-lr4", ""));
  ASSERT_NE(lr4.published, nullptr);
  EXPECT_NEAR(lr4.published->low_w(), 3.9, 1e-12);
  EXPECT_NEAR(lr4.published->high_w(), 4.4, 1e-12);
  EXPECT_EQ(lr4.published->confidence, catalog::Confidence::unverified);
  const ModuleWatts lr1 = module_watts(module_named("qsfp28-100g-lr1", ""));
  ASSERT_NE(lr1.published, nullptr);
  EXPECT_NEAR(lr1.published->low_w(), 3.5, 1e-12);
  EXPECT_NEAR(lr1.published->high_w(), 3.8, 1e-12);
  EXPECT_EQ(module_watts(module_named("qsfp-dd-400g-dr4", "")).published, nullptr);
}

TEST(Power, ComponentsOfTypicalDevicesAreThoseOfTheCatalogue) {
  const ModuleWatts dr4 = module_watts(module_named("qsfp-dd-400g-dr4", ""));
  ASSERT_TRUE(dr4.devices);
  const catalog::Profile& profile = *catalog::find_profile("400GBASE-DR4");
  double sum = 0;
  for (const auto& [device, keys] : {std::pair(profile.transmitter, "power.laser_w power.driver_w"),
                                     std::pair(profile.receiver, "power.tia_w"),
                                     std::pair(profile.dsp, "power.dsp_w power.dac_w power.adc_w")}) {
    std::string_view rest = keys;
    while (!rest.empty()) {
      const std::string_view key = rest.substr(0, rest.find(' '));
      sum += 4 * catalog::find_device(device)->number(key)->typical;
      rest.remove_prefix(std::min(rest.size(), key.size() + 1));
    }
  }
  sum += catalog::find_device(profile.dsp)->number("power.controller_w")->typical;
  EXPECT_NEAR(dr4.devices->low_w(), sum, 1e-9);
  EXPECT_FALSE(module_watts(module_named("osfp-2x400g-dr4", "")).devices);
}

TEST(Power, BasisFallsBackOnWhatIsKnown) {
  const ModuleWatts dr4 = module_watts(module_named("cisco-qdd-400g-dr4-s", ""));
  EXPECT_EQ(dr4.used(PowerBasis::max)->watts, 12);
  EXPECT_EQ(dr4.used(PowerBasis::module_class)->watts, 12);
  EXPECT_EQ(dr4.used(PowerBasis::module_class)->what, "class 6");
  const ModuleWatts sr8 = module_watts(module_named("qsfp-dd-400g-sr8", ""));
  EXPECT_EQ(sr8.used(PowerBasis::typical)->watts, 9);
  EXPECT_EQ(sr8.used(PowerBasis::max)->watts, 12);
  // No largest, but a class: SFF-8636 class 4 is 3.5 W.
  const ModuleWatts sr4 = module_watts(module_named("finisar-ftlc9551repm", ""));
  EXPECT_EQ(sr4.used(PowerBasis::max)->watts, 3.5);
  EXPECT_EQ(sr4.used(PowerBasis::max)->what, "class 4");
  // Class 8 has no figure.
  const ModuleWatts twin = module_watts(module_named("osfp-2x400g-dr4", ""));
  EXPECT_FALSE(twin.class_w);
  EXPECT_EQ(twin.used(PowerBasis::module_class)->watts, 17);
  EXPECT_EQ(twin.rate_gbps, 800);
}

TEST(Power, LanesSwitchedOff) {
  PowerQuestion q = full(4, "nvidia-mms4x00-ns400");
  EXPECT_DOUBLE_EQ(power_answer(q).optics_w, 36);
  q.loads[0].lanes = 2;
  EXPECT_DOUBLE_EQ(power_answer(q).optics_w, 20);
  q.loads[0].lanes = 4;
  EXPECT_DOUBLE_EQ(power_answer(q).optics_w, 36);
  q.loads[0].lanes = 3;  // nothing is known of it: as with all, and that is said
  const PowerAnswer three = power_answer(q);
  EXPECT_DOUBLE_EQ(three.optics_w, 36);
  EXPECT_TRUE(std::any_of(three.assumed.begin(), three.assumed.end(), [](const Assumption& a) {
    return a.what.find("with 3 lanes") != std::string::npos;
  }));
  q.loads[0].lanes = 5;
  EXPECT_THROW(power_answer(q), ConfigError);
}

TEST(Power, PortsOverTheirLimitAreNamedWithThoseThatTakeIt) {
  PowerQuestion q;
  q.device = &switch_named("SN5400", "");
  q.loads = {load("1-8", "juniper-740-157132")};  // 20 W in ports of 21 and 12 W
  q.base_w = 300;
  const PowerAnswer a = power_answer(q);
  EXPECT_EQ(a.verdict, Verdict::fail);
  const Reason& r = reason(a, "PORT_POWER");
  EXPECT_NE(r.text.find("ports 2-4,6-8 allow 12 W"), std::string::npos) << r.text;
  EXPECT_NE(r.cure.find("ports 1-61/4 take it"), std::string::npos) << r.cure;
  q.loads = {load("1-61/4", "juniper-740-157132"), load("2,3,4", "cisco-qdd-400g-dr4-s")};
  EXPECT_FALSE(has(power_answer(q), "PORT_POWER"));
  // At the limit is not over it.
  q.device = nullptr;
  q.ports = 1;
  q.loads = {load("1", "cisco-qdd-400g-dr4-s")};
  q.port_power_max_w = 12;
  EXPECT_FALSE(has(power_answer(q), "PORT_POWER"));
  q.port_power_max_w = 11.75;
  EXPECT_TRUE(has(power_answer(q), "PORT_POWER"));
}

TEST(Power, ModulesThatDoNotFitTheCage) {
  PowerQuestion q;
  q.device = &switch_named("7060PX4-32", "");
  q.loads = {load("1", "qsfp-dd-400g-dr4")};
  EXPECT_TRUE(has(power_answer(q), "CAGE"));
  q.device = &switch_named("7060DX4-32", "");
  EXPECT_FALSE(has(power_answer(q), "CAGE"));
}

PowerQuestion whole(int modules) {
  PowerQuestion q = full(32, "cisco-qdd-400g-dr4-s");
  q.loads[0].ports.resize(static_cast<std::size_t>(modules));
  q.port_power_max_w = 14;
  q.base_w = 400;
  q.fan_w = 80;
  q.fan_speed = 0.5;
  q.supplies = 2;
  q.supply_w = 1000;
  q.efficiency = 0.92;
  q.inlet_c = 25;
  q.altitude_m = 0;
  q.cfm = 300;
  q.speed_mps = 7;
  q.depth = 2;
  q.resistance_k_per_w = 2.5;
  q.exponent = 0.8;
  return q;
}

TEST(Power, WallPowerAndSupplies) {
  const PowerAnswer a = power_answer(whole(32));
  EXPECT_DOUBLE_EQ(*a.fan_w, 80 * 0.125);
  EXPECT_DOUBLE_EQ(*a.switch_w, 400 + 384 + 10);
  EXPECT_DOUBLE_EQ(*a.wall_w, 794 / 0.92);
  EXPECT_DOUBLE_EQ(a.supply->available_w, 1000);
  EXPECT_DOUBLE_EQ(*a.supply->margin_w, 1000 - 794 / 0.92);
  EXPECT_DOUBLE_EQ(*a.supply->base_room_w, 920 - 394);
  EXPECT_EQ(a.verdict, Verdict::pass) << a.reasons.size();
  PowerQuestion q = whole(32);
  q.supply_w = 800;
  const PowerAnswer without = power_answer(q);
  EXPECT_EQ(without.verdict, Verdict::conditional);
  EXPECT_TRUE(has(without, "SUPPLY"));
  q.supply_w = 400;
  EXPECT_EQ(power_answer(q).verdict, Verdict::fail);
  q.supply_w = 5000;
  q.supplies_failed = 2;
  EXPECT_EQ(power_answer(q).verdict, Verdict::fail);
  q.supplies_failed = 0;
  EXPECT_EQ(power_answer(q).supply->available_w, 10000);
}

TEST(Power, BaseThatNobodyKnowsGivesNoVerdict) {
  PowerQuestion q = whole(32);
  q.base_w.reset();
  const PowerAnswer a = power_answer(q);
  EXPECT_EQ(a.verdict, Verdict::unknown);
  EXPECT_FALSE(a.wall_w);
  EXPECT_FALSE(a.supply->margin_w);
  EXPECT_GT(*a.supply->base_room_w, 0);
  EXPECT_FALSE(a.unknown.empty());
  // The catalogue's allocated draw stands in for it, and is listed.
  q.device = &switch_named("7060DX4-32", "");
  q.efficiency = 0.9;
  const PowerAnswer known = power_answer(q);
  EXPECT_DOUBLE_EQ(*known.base_w, 2 * 342 * 0.9);
  EXPECT_TRUE(std::any_of(known.assumed.begin(), known.assumed.end(), [](const Assumption& as) {
    return as.what.find("base power") != std::string::npos;
  }));
}

TEST(Power, AirInClosedForm) {
  EXPECT_NEAR(air_rise_k(1000, 160, 1), 11, 1e-9);
  // 1.76 is 1 / (1.2 kg/m3 x 1005 J/(kg K) x 4.719e-4 m3/s).
  EXPECT_NEAR(air_rise_k(1, 1, 1), 1 / (1.2 * 1005 * 4.719474e-4), 0.005);
  EXPECT_NEAR(air_density(8435), std::exp(-1.0), 1e-12);
  const PowerAnswer a = power_answer(whole(32));
  EXPECT_NEAR(a.air.rise_k, 1.76 * (794 / 0.92) / 150, 1e-9);  // half speed, half the air
  EXPECT_NEAR(a.air.speed_mps, 3.5, 1e-12);
  EXPECT_NEAR(a.air.resistance_k_per_w, 2.5, 1e-12);
  // The second of a stream stands in the air of the first: 16 streams of 150 / 16 CFM.
  EXPECT_NEAR(a.slots[0].case_c, 25 + 12 * 2.5, 1e-9);
  EXPECT_NEAR(a.slots[1].case_c, 25 + 1.76 * 12 / (150.0 / 16) + 12 * 2.5, 1e-9);
  EXPECT_EQ(a.hottest, 1u);
}

TEST(Power, CalibratedOnTwelveWatts) {
  // 12 W at 25 C: 55 to 60 C.
  PowerQuestion q = full(1, "cisco-qdd-400g-dr4-s");
  const PowerAnswer a = power_answer(q);
  EXPECT_NEAR(a.slots[0].case_c, 58, 1e-9);
  EXPECT_NEAR(a.hottest_low_c, 55, 1e-9);
  EXPECT_NEAR(a.hottest_high_c, 61, 1e-9);
}

TEST(Power, SlotsByBruteForce) {
  std::mt19937 random(3);
  const auto uniform = [&](double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random);
  };
  for (int trial = 0; trial < 300; ++trial) {
    AirPath path;
    path.inlet_c = uniform(10, 40);
    path.cfm = uniform(50, 400);
    path.speed_mps = uniform(1, 10);
    path.density = uniform(0.6, 1);
    path.resistance = uniform(1, 4);
    path.exponent = uniform(0.5, 0.8);
    path.depth = static_cast<int>(random() % 4) + 1;
    path.reversed = random() % 2 == 0;
    path.first_w = path.reversed ? uniform(0, 500) : 0;
    std::vector<double> watts(random() % 40 + 1);
    for (double& w : watts) w = random() % 3 == 0 ? 0 : uniform(3, 20);
    const std::vector<ModuleHeat> heat = module_heat(path, watts);
    const int n = static_cast<int>(watts.size()), d = path.depth;
    const double streams = std::ceil(static_cast<double>(n) / d);
    for (int i = 0; i < n; ++i) {
      double before = path.first_w / streams;  // its share, in the air of one stream
      for (int j = 0; j < n; ++j)
        if (j / d == i / d && (path.reversed ? j > i : j < i)) before += watts[static_cast<std::size_t>(j)];
      const double rise = 1.76 * before / (path.cfm / streams) / path.density;
      const double expected = path.inlet_c + rise +
                              watts[static_cast<std::size_t>(i)] * path.resistance *
                                  std::exp(-path.exponent * std::log(path.speed_mps * path.density / 3.5));
      EXPECT_NEAR(heat[static_cast<std::size_t>(i)].case_c, expected, 1e-9);
    }
  }
}

TEST(Power, AltitudeNeverCoolsAndMoreModulesNeverDrawLess) {
  double wall = 0;
  for (int modules = 1; modules <= 32; ++modules) {
    const PowerAnswer a = power_answer(whole(modules));
    EXPECT_GT(*a.wall_w, wall);
    wall = *a.wall_w;
    double last = -1e9;
    for (double altitude = -400; altitude <= 6000; altitude += 400) {
      PowerQuestion q = whole(modules);
      q.altitude_m = altitude;
      const PowerAnswer high = power_answer(q);
      EXPECT_GT(high.slots[high.hottest].case_c, last);
      last = high.slots[high.hottest].case_c;
    }
    last = 1e9;
    for (double speed = 0.2; speed <= 1; speed += 0.1) {
      PowerQuestion q = whole(modules);
      q.fan_speed = speed;
      const PowerAnswer faster = power_answer(q);
      EXPECT_LT(faster.slots[faster.hottest].case_c, last);
      last = faster.slots[faster.hottest].case_c;
    }
  }
}

TEST(Power, HotCasesSayWhatCures) {
  PowerQuestion q = whole(32);
  q.inlet_c = 45;
  const PowerAnswer warm = power_answer(q);
  EXPECT_TRUE(has(warm, "TEMPERATURE"));
  // 75 C by the module's own limit; the second of a stream: 45 + 2.25 + 30.
  EXPECT_NEAR(warm.slots[1].headroom_k, 75 - 77.2528, 1e-6);
  EXPECT_EQ(warm.verdict, Verdict::fail);
  PowerQuestion guess = q;
  guess.resistance_k_per_w.reset();
  EXPECT_EQ(power_answer(guess).verdict, Verdict::conditional);
  EXPECT_NE(reason(warm, "TEMPERATURE").cure.find("inlet air of 42.7 C"), std::string::npos)
      << reason(warm, "TEMPERATURE").cure;
  // Follow the cure: with that inlet air all is well.
  q.inlet_c = 42.7;
  EXPECT_FALSE(has(power_answer(q), "TEMPERATURE"));
  // And with that much air.
  q.inlet_c = 45;
  const std::string& cure = reason(warm, "TEMPERATURE").cure;
  const double cfm = std::stod(cure.substr(cure.find("or ") + 3));
  q.speed_mps = 7 * cfm / 150;
  q.cfm = 2 * cfm;
  q.fan_speed = 0.5;
  q.speed_mps = 2 * 3.5 * cfm / 150;
  EXPECT_FALSE(has(power_answer(q), "TEMPERATURE"));
}

TEST(Power, EveryOtherPortRunsCooler) {
  const PowerAnswer a = power_answer(whole(32));
  ASSERT_TRUE(a.alternate);
  EXPECT_EQ(port_text(a.alternate->ports), "1-31/2");
  EXPECT_DOUBLE_EQ(a.alternate->optics_w, 192);
  EXPECT_NEAR(a.alternate->hottest_c, 55, 1e-9);
  EXPECT_LT(a.alternate->hottest_c, a.slots[a.hottest].case_c);
  PowerQuestion q = whole(1);
  EXPECT_FALSE(power_answer(q).alternate);
}

TEST(Power, AirOfARowGoesOneWay) {
  PowerQuestion q = whole(32);
  q.neighbours = {Airflow::front_to_rear, Airflow::front_to_rear};
  EXPECT_EQ(power_answer(q).verdict, Verdict::pass);
  q.neighbours.push_back(Airflow::rear_to_front);
  EXPECT_EQ(power_answer(q).verdict, Verdict::conditional);
  EXPECT_TRUE(has(power_answer(q), "AIRFLOW"));
  // Rear to front the modules stand in the warm air of the switch.
  q.neighbours.clear();
  q.airflow = Airflow::rear_to_front;
  const PowerAnswer a = power_answer(q);
  EXPECT_NEAR(a.slots[1].upstream_k, 1.76 * 410 / 150, 1e-9);
  EXPECT_NEAR(a.slots[0].upstream_k, 1.76 * 410 / 150 + 1.76 * 12 / (150.0 / 16), 1e-9);
}

TEST(Power, RefusesWhatCannotBe) {
  const auto refuses = [](auto change) {
    PowerQuestion q = whole(32);
    change(q);
    EXPECT_THROW(power_answer(q), ConfigError);
  };
  refuses([](PowerQuestion& q) { q.ports = 0; });
  refuses([](PowerQuestion& q) { q.ports = 5000; });
  refuses([](PowerQuestion& q) { q.ports = 8; });
  refuses([](PowerQuestion& q) { q.loads.push_back(q.loads[0]); });
  refuses([](PowerQuestion& q) { q.efficiency = 1.1; });
  refuses([](PowerQuestion& q) { q.efficiency = NAN; });
  refuses([](PowerQuestion& q) { q.altitude_m = 9000; });
  refuses([](PowerQuestion& q) { q.cfm = 0; });
  refuses([](PowerQuestion& q) { q.fan_speed = 0; });
  refuses([](PowerQuestion& q) { q.loads[0].utilisation = 2; });
  refuses([](PowerQuestion& q) { q.depth = 0; });
}

TEST(PortList, RoundTrip) {
  for (const char* text : {"1", "1-32", "1,3", "1-61/4", "1-4,9", "2-4,6-8", "0-3", "1-5/2,10-12"})
    EXPECT_EQ(port_text(port_list(text, "")), text);
  for (const char* text :
       {"", "a", "1-", "-1", "3-1", "1,,2", "1,1", "1-3,2", "1-9/0", "2000", "1 2", "99999999999"})
    EXPECT_THROW(port_list(text, "ports"), ConfigError) << text;
  std::mt19937 random(5);
  for (int trial = 0; trial < 300; ++trial) {
    std::vector<int> ports;
    for (int port = 0; port < 70; ++port)
      if (random() % 3 != 0) ports.push_back(port);
    EXPECT_EQ(port_list(port_text(ports), ""), ports);
  }
}

TEST(PowerPlan, Reads) {
  const PowerQuestion q = read_power_plan(R"(
[switch]
name = "SN5400"
base_w = 380
fan_w = 90
fan_speed = 0.6
basis = "class"
[[port]]
ports = "1-61/4"
module = "juniper-740-157132"
[[port]]
ports = "2,3"
module = "qsfp-dd-400g-dr4"
lanes = 4
utilisation = 0.5
power_w = 9.5
[supply]
count = 3
rating_w = 1500
failed = 2
efficiency = 0.94
[air]
inlet_c = 27
altitude_m = 1600
cfm = 220
speed_mps = 4
direction = "rear-to-front"
row = ["rear-to-front", "front-to-rear"]
depth = 1
resistance_k_per_w = 2.6
exponent = 0.5
)",
                                          "plan.toml");
  EXPECT_EQ(q.device->id, "nvidia-sn5400");
  EXPECT_EQ(q.loads.size(), 2u);
  EXPECT_EQ(q.loads[0].ports.size(), 16u);
  EXPECT_EQ(q.loads[1].power_w, 9.5);
  EXPECT_EQ(q.loads[1].utilisation, 0.5);
  EXPECT_EQ(q.basis, PowerBasis::module_class);
  EXPECT_EQ(q.supplies, 3);
  EXPECT_EQ(q.supplies_failed, 2);
  EXPECT_EQ(q.airflow, Airflow::rear_to_front);
  EXPECT_EQ(q.neighbours.size(), 2u);
  EXPECT_EQ(q.depth, 1);
  EXPECT_EQ(q.altitude_m, 1600);
  const PowerAnswer a = power_answer(q);
  EXPECT_DOUBLE_EQ(a.optics_w, 16 * 20 + 2 * 9.5 * 0.5);
}

TEST(PowerPlan, NamesTheLine) {
  const auto message = [](const std::string& text) -> std::string {
    try {
      (void)power_answer(read_power_plan(text, "p.toml"));
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_NE(message("").find("switch"), std::string::npos);
  EXPECT_NE(message("[switch]\nname = \"SN5500\"\n").find("p.toml:2: switch.name: 'SN5500' is no switch"),
            std::string::npos);
  EXPECT_NE(message("[switch]\nports = 32\nbase = 3\n").find("p.toml:3: switch.base"), std::string::npos);
  EXPECT_NE(message("[switch]\nports = 0\n").find("p.toml:2"), std::string::npos);
  EXPECT_NE(message("[switch]\nname = \"SN4700\"\nports = 3\n").find("p.toml:3"), std::string::npos);
  EXPECT_NE(message("[switch]\nports = 4\n[[port]]\nports = \"1-x\"\nmodule = \"qsfp-dd-400g-dr4\"\n")
                .find("p.toml:4: port.ports"),
            std::string::npos);
  EXPECT_NE(message("[switch]\nports = 4\n[[port]]\nports = \"1\"\nmodule = \"DR4x\"\n")
                .find("p.toml:5: port.module"),
            std::string::npos);
  EXPECT_NE(message("[switch]\nports = 4\n[air]\ndirection = \"up\"\n").find("p.toml:4: air.direction"),
            std::string::npos);
  EXPECT_NE(message("[switch]\nports = 4\n[air]\nrow = [\"up\"]\n").find("p.toml:4: air.row"),
            std::string::npos);
}

}  // namespace
}  // namespace lightlane::plan
