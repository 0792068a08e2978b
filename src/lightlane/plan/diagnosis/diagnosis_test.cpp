#include "lightlane/plan/diagnosis/diagnosis.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "lightlane/base/error.hpp"
#include "lightlane/catalog/resolver.hpp"

namespace lightlane::plan {
namespace {

const catalog::Pmd& dr4() { return catalog::pmd_named("400GBASE-DR4", ""); }

Readings& good(DiagnosisInput& input, const std::string& name = "Ethernet0") {
  Readings& r = input.at(name);
  r.pmd = &dr4();
  for (std::size_t i = 0; i < 4; ++i) {
    r.set(Reading::rx_power_dbm, i, 0.1 * static_cast<double>(i));
    r.set(Reading::tx_power_dbm, i, 1);
    r.set(Reading::ber, i, 1e-9);
  }
  r.set(Reading::oper_up, 0, 1);
  return r;
}

Health health_with(auto change) {
  DiagnosisInput input;
  change(good(input));
  return diagnose(input, {}).front().health;
}

/// A guide's policy for DR4 (received power -6.0 dBm, 75 C) against what a real module has: -5.90 dBm, 75 C.
TEST(Diagnosis, ThresholdsOfThePmdAreThoseOfARealModule) {
  Readings r;
  r.pmd = &dr4();
  const ThresholdSet t = thresholds_of(r);
  const MonitorThresholds& rx = t[Monitor::rx_power].values;
  EXPECT_NEAR(rx.low_warning, -6.0, 0.1 + 1e-9);
  EXPECT_NEAR(rx.low_warning, -5.90, 0.005);
  EXPECT_NEAR(rx.high_warning, 3.99, 0.011);
  EXPECT_NEAR(rx.high_alarm, 6.99, 0.011);
  EXPECT_NEAR(rx.low_alarm, -9.91, 0.011);
  const MonitorThresholds& tx = t[Monitor::tx_power].values;
  EXPECT_NEAR(tx.low_warning, -2.90, 0.005);
  EXPECT_NEAR(tx.low_alarm, -6.90, 0.005);
  EXPECT_EQ(t[Monitor::temperature].values.high_warning, 75);
  EXPECT_EQ(t[Monitor::rx_power].from, "pmd");
  EXPECT_EQ(t[Monitor::temperature].from, "typical");
  EXPECT_TRUE(t[Monitor::tx_bias].from.empty()) << "the bias hangs on the laser";
  EXPECT_EQ(t.ber_limit, 2.4e-4);
  r.thresholds[static_cast<std::size_t>(Monitor::rx_power)] = {5, 3, -7, -11};
  EXPECT_EQ(thresholds_of(r)[Monitor::rx_power].from, "module");
  EXPECT_EQ(thresholds_of(r)[Monitor::rx_power].values.low_warning, -7);
}

TEST(Diagnosis, Marks) {
  const MonitorThresholds t = {7, 4, -5.9, -9.9};
  EXPECT_EQ(mark(0, t), ReadingMark::ok);
  EXPECT_EQ(mark(-5.9, t), ReadingMark::ok) << "at the threshold it is within";
  EXPECT_EQ(mark(-5.92, t), ReadingMark::low_warning);
  EXPECT_EQ(mark(-9.95, t), ReadingMark::low_alarm);
  EXPECT_EQ(mark(4.02, t), ReadingMark::high_warning);
  EXPECT_EQ(mark(7.5, t), ReadingMark::high_alarm);
  EXPECT_EQ(mark(NAN, t), ReadingMark::unknown);
  EXPECT_EQ(mark(1, {}), ReadingMark::unknown);
}

TEST(Diagnosis, Verdicts) {
  EXPECT_EQ(health_with([](Readings&) {}), Health::healthy);
  EXPECT_EQ(health_with([](Readings& r) { r.set(Reading::rx_power_dbm, 1, -6.5); }), Health::degraded);
  EXPECT_EQ(health_with([](Readings& r) { r.set(Reading::rx_power_dbm, 1, -10.5); }), Health::failing);
  EXPECT_EQ(health_with([](Readings& r) { r.set(Reading::rx_power_dbm, 1, -40); }), Health::failing);
  EXPECT_EQ(health_with([](Readings& r) {
              for (std::size_t i = 0; i < 4; ++i) r.set(Reading::rx_power_dbm, i, -40);
            }),
            Health::down);
  EXPECT_EQ(health_with([](Readings& r) { r.set(Reading::oper_up, 0, 0); }), Health::down);
  EXPECT_EQ(health_with([](Readings& r) { r.set(Reading::ber, 0, 2e-5); }), Health::degraded);
  EXPECT_EQ(health_with([](Readings& r) { r.set(Reading::ber, 0, 3e-4); }), Health::failing);
  EXPECT_EQ(health_with([](Readings& r) { r.set(Reading::uncorrectable_codewords, 0, 1); }), Health::failing);
  EXPECT_EQ(health_with([](Readings& r) { r.set(Reading::temperature_c, 0, 76); }), Health::degraded);
}

TEST(Diagnosis, WhatIsMissingIsNotHealthy) {
  DiagnosisInput input;
  input.at("a").set(Reading::temperature_c, 0, 40);
  Readings& untyped = input.at("b");
  untyped.set(Reading::rx_power_dbm, 0, -3);  // no limits for it
  const auto list = diagnose(input, {});
  EXPECT_EQ(list[0].health, Health::not_enough_data);
  EXPECT_EQ(list[1].health, Health::not_enough_data);
  EXPECT_FALSE(all_healthy(list));
  DiagnosisConfig config;
  config.pmd = &dr4();
  EXPECT_EQ(diagnose(input, config).back().health, Health::healthy);
}

TEST(Diagnosis, ShutPortsAreIdle) {
  DiagnosisInput input;
  good(input, "a");
  Readings& shut = good(input, "b");
  shut.set(Reading::admin_up, 0, 0);
  shut.set(Reading::oper_up, 0, 0);
  input.at("c").set(Reading::present, 0, 0);
  const auto list = diagnose(input, {});
  EXPECT_TRUE(all_healthy(list));
  for (const InterfaceDiagnosis& d : list) EXPECT_EQ(d.idle, d.readings->interface != "a");
}

TEST(Diagnosis, TheWorstComesFirst) {
  DiagnosisInput input;
  good(input, "healthy");
  good(input, "down").set(Reading::oper_up, 0, 0);
  good(input, "degraded").set(Reading::rx_power_dbm, 0, -6.5);
  good(input, "failing").set(Reading::rx_power_dbm, 0, -12);
  const auto list = diagnose(input, {});
  EXPECT_EQ(list[0].readings->interface, "down");
  EXPECT_EQ(list[1].readings->interface, "failing");
  EXPECT_EQ(list[2].readings->interface, "degraded");
  EXPECT_EQ(list[3].readings->interface, "healthy");
}

/// Less light never makes it healthier.
TEST(Diagnosis, LessLightIsNeverBetter) {
  std::mt19937_64 random(11);
  std::uniform_real_distribution<double> power(-20, 3);
  for (int run = 0; run < 200; ++run) {
    DiagnosisInput input;
    Readings& r = good(input);
    r.set(Reading::rx_power_dbm, 0, 3);
    const std::size_t lane = static_cast<std::size_t>(run % 4);
    double a = power(random), b = power(random);
    if (a < b) std::swap(a, b);
    r.set(Reading::rx_power_dbm, lane, a);
    const Health more = diagnose(input, {}).front().health;
    r.set(Reading::rx_power_dbm, lane, b);
    EXPECT_GE(diagnose(input, {}).front().health, more) << a << " " << b;
  }
}

TEST(Diagnosis, SharesAddUpToOne) {
  std::mt19937_64 random(12);
  std::uniform_real_distribution<double> power(-35, 6);
  for (int run = 0; run < 300; ++run) {
    DiagnosisInput input;
    Readings& r = good(input);
    for (std::size_t i = 0; i < 4; ++i) {
      r.set(Reading::rx_power_dbm, i, power(random));
      if (run % 3 == 0) r.set(Reading::tx_power_dbm, i, power(random));
    }
    if (run % 2 == 0) r.set(Reading::oper_up, 0, 0);
    const auto list = diagnose(input, {});
    double sum = list[0].unexplained_share;
    for (const Cause& c : list[0].causes) sum += c.share;
    EXPECT_NEAR(sum, 1, 1e-9);
    EXPECT_GT(list[0].unexplained_share, 0);
    for (std::size_t i = 1; i < list[0].causes.size(); ++i)
      EXPECT_GE(list[0].causes[i - 1].share, list[0].causes[i].share);
  }
}

TEST(Diagnosis, AStepSinceAFlapIsRow15) {
  DiagnosisInput input;
  Readings& r = good(input);
  ReadingSeries& s = input.series("Ethernet0", Reading::ber, 0);
  for (int i = 0; i < 40; ++i) s.samples.push_back({i * 3600.0, i < 20 ? 1e-10 : 2e-8});
  r.set(Reading::ber, 0, 2e-8);
  const auto fired = [&] {
    const auto list = diagnose(input, {});
    for (const Cause& c : list.front().causes)
      if (c.rule->row == 15) return true;
    return false;
  };
  EXPECT_FALSE(fired()) << "nobody said that it flapped";
  r.set(Reading::flap_count, 0, 1);
  EXPECT_TRUE(fired());
}

TEST(Diagnosis, ThePlantSaysWhatIsMissing) {
  DiagnosisInput input;
  Readings& r = good(input);
  for (std::size_t i = 0; i < 4; ++i) r.set(Reading::rx_power_dbm, i, -5);
  r.far = std::make_unique<Readings>();
  for (std::size_t i = 0; i < 4; ++i) r.far->set(Reading::tx_power_dbm, i, 1);
  DiagnosisConfig config;
  config.plant.emplace();
  config.plant->segments = {{nullptr, 100.0, 0.4}};
  config.plant->connectors = {{{nullptr, 2, 0.35, std::nullopt}}};
  const auto list = diagnose(input, config);
  ASSERT_TRUE(list[0].prediction);
  EXPECT_NEAR(list[0].prediction->worst_excess_db, 1 - 0.74 + 5, 1e-9);
}

}  // namespace
}  // namespace lightlane::plan
