#include "lightlane/catalog/catalog.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "lightlane/catalog/consistency.hpp"
#include "lightlane/catalog/schema.hpp"

namespace lightlane::catalog {
namespace {

std::vector<std::string> split(std::string_view joined) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < joined.size();) {
    const std::size_t end = std::min(joined.find(", ", at), joined.size());
    out.emplace_back(joined.substr(at, end - at));
    at = end + 2;
  }
  return out;
}

void expect_sourced(std::string_view source, const std::string& where) {
  EXPECT_FALSE(source.empty()) << where;
  for (const std::string& key : split(source)) EXPECT_NE(find_source(key), nullptr) << where << ": " << key;
}

double value(const Limit& limit) { return limit ? limit->value : NAN; }

TEST(Catalog, HasWhatItPromises) {
  EXPECT_EQ(pmds().size(), 58u);  // 57 types, one of them with two candidate sets
  for (const char* name :
       {"siph-mzm-53g", "eml-53g",   "eml-26g",      "dml-25g", "eml-25g", "vcsel-53g",   "vcsel-26g",
        "vcsel-25g",    "vcsel-10g", "dfb-25g-psm4", "pin-53g", "pin-26g", "pin-25g",     "apd-25g",
        "soa-pin-25g",  "apd-53g",   "pin-850-53g",  "dsp-7nm", "dsp-5nm", "retimer-28nm"}) {
    EXPECT_NE(find_device(name), nullptr) << name;
  }
  for (const char* name : {"G.652.D", "G.657.A1", "OM3", "OM4", "OM5"})
    EXPECT_NE(find_fibre(name), nullptr) << name;
}

/// The lane plan of 100GBASE-LR4 (800 GHz grid), as guides and standard alike print it.
TEST(Catalog, W22LaneWindowsOfLr4) {
  const double windows[][2] = {
      {1294.53, 1296.59}, {1299.02, 1301.09}, {1303.54, 1305.63}, {1308.09, 1310.19}};
  const Pmd& lr4 = *find_pmd("100GBASE-LR4");
  ASSERT_EQ(lr4.wavelengths.size(), 4u);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_NEAR(*lr4.wavelengths[i].min_nm, windows[i][0], 0.005) << i;
    EXPECT_NEAR(*lr4.wavelengths[i].max_nm, windows[i][1], 0.005) << i;
  }
}

TEST(Catalog, EveryValueHasSourceAndConfidence) {
  std::size_t values = 0;
  for (const Pmd& p : pmds()) {
    const std::string id(p.id);
    for (const auto& key : pmd_keys()) {
      const Limit& limit = key.get(p);
      if (!limit) continue;
      ++values;
      expect_sourced(limit->source, id + " " + std::string(key.key));
      EXPECT_TRUE(std::isfinite(limit->value)) << id << " " << key.key;
    }
    for (const Provenance& provenance : {p.identity, p.signal, p.wavelength, p.medium})
      expect_sourced(provenance.source, id);
    for (const Reach& r : p.reach) expect_sourced(r.length_m.source, id);
    if (p.fec.kind != FecKind::unknown) expect_sourced(p.fec.provenance.source, id);
    if (!p.host_interfaces.empty()) expect_sourced(p.host.source, id);
    if (!p.cmis.media_ids.empty()) expect_sourced(p.cmis.provenance.source, id);
    if (!p.breakout.empty()) expect_sourced(p.breakout_provenance.source, id);
  }
  EXPECT_GT(values, 1200u);
  const auto check = [](const Properties& p, std::string_view id) {
    for (const NumberEntry& n : p.numbers) expect_sourced(n.value.source, std::string(id));
    for (const TextEntry& t : p.texts) expect_sourced(t.provenance.source, std::string(id));
    for (const ListEntry& l : p.lists) expect_sourced(l.provenance.source, std::string(id));
  };
  for (const Device& d : devices()) check(d, d.id);
  for (const Profile& p : profiles()) check(p, p.pmd);
  for (const Fibre& f : fibres()) {
    for (const auto& key : fibre_keys())
      if (key.get(f)) expect_sourced(key.get(f)->source, std::string(f.id));
  }
  for (const Connector& c : connectors()) {
    for (const auto& key : connector_keys())
      if (key.get(c)) expect_sourced(key.get(c)->source, std::string(c.id));
  }
}

/// Typed from the data sheets' and the standard's tables, not from data/catalog.
TEST(Catalog, KnownLimits) {
  const Pmd& dr4 = *find_pmd("400GBASE-DR4");
  EXPECT_EQ(dr4.clause, "124");
  EXPECT_EQ(dr4.lanes, 4);
  EXPECT_EQ(dr4.lane_rate_gbd, 53.125);
  EXPECT_EQ(dr4.modulation, LineCode::pam4);
  EXPECT_EQ(dr4.fec.kind, FecKind::kp4_clause119);
  EXPECT_EQ(value(dr4.tx.oma_outer_min_dbm), -0.8);
  EXPECT_EQ(value(dr4.tx.oma_minus_tdecq_min_dbm), -2.2);
  EXPECT_EQ(value(dr4.tx.tdecq_max_db), 3.4);
  EXPECT_EQ(value(dr4.rx.stressed_sensitivity_oma_dbm), -1.9);
  EXPECT_EQ(value(dr4.channel.insertion_loss_max_db), 3.0);
  EXPECT_EQ(value(dr4.channel.dgd_max_ps), 2.24);
  EXPECT_EQ(dr4.rx.sensitivity_oma_floor_dbm->confidence, Confidence::likely);
  EXPECT_EQ(dr4.tx.oma_outer_min_dbm->confidence, Confidence::sure);
  EXPECT_EQ(dr4.tx.oma_outer_min_dbm->source, "EC-DR4");
  EXPECT_EQ(value(dr4.measurement.threshold_range), 0);  // 802.3bs

  const Pmd& lr4 = *find_pmd("100GBASE-LR4");
  EXPECT_EQ(lr4.modulation, LineCode::nrz);
  EXPECT_EQ(lr4.tx.penalty_metric, PenaltyMetric::tdp);
  EXPECT_EQ(lr4.wavelengths.size(), 4u);
  EXPECT_EQ(lr4.wavelengths[0].nominal_nm, 1295.56);
  EXPECT_EQ(value(lr4.rx.sensitivity_oma_fixed_dbm), -8.6);
  EXPECT_EQ(value(lr4.rx.stressed_j9_ui), 0.47);

  const Pmd &ieee = *find_pmd("400G-FR4"), &msa = *find_pmd("400G-FR4-MSA");
  EXPECT_EQ(ieee.id, "400GBASE-FR4");
  EXPECT_NE(ieee.id, msa.id);
  EXPECT_EQ(value(ieee.tx.avg_power_max_dbm), 4.4);
  EXPECT_EQ(value(msa.tx.avg_power_max_dbm), 3.5);
  EXPECT_EQ(value(ieee.measurement.threshold_range), 0.01);

  EXPECT_EQ(value(find_pmd("400GBASE-SR4")->measurement.reference_taps), 9);  // clause 167
  EXPECT_TRUE(find_pmd("400ZR")->coherent());
  EXPECT_FALSE(find_pmd("400ZR")->tx.oma_outer_min_dbm);
  const Pmd& bidi = *find_pmd("100G-BiDi-40km");
  EXPECT_TRUE(bidi.single_fibre_bidirectional);
  EXPECT_EQ(bidi.wavelengths[0].end, End::a);
  EXPECT_EQ(bidi.wavelengths[1].end, End::b);
  EXPECT_FALSE(bidi.wavelengths[0].min_nm);
}

/// Lanes of one clause are of one table: every limit of a lane, and of the cabling between two.
TEST(Catalog, FamiliesShareTheirTables) {
  const std::vector<std::vector<const char*>> families = {
      {"400GBASE-SR8", "200GBASE-SR4", "100GBASE-SR2", "50GBASE-SR"},
      {"400GBASE-SR4", "200GBASE-SR2", "100GBASE-SR1"},
      {"400GBASE-VR4", "200GBASE-VR2", "100GBASE-VR1"},
      {"400GBASE-SR4.2", "100G-SR1.2"},
  };
  for (const auto& family : families) {
    const Pmd& first = *find_pmd(family[0]);
    for (const char* name : family) {
      const Pmd& p = *find_pmd(name);
      EXPECT_EQ(p.lane_rate_gbd, first.lane_rate_gbd) << name;
      EXPECT_EQ(p.rate_gbps * first.lanes, first.rate_gbps * p.lanes) << name;
      for (const auto& key : pmd_keys()) {
        if (key.table == "power") continue;
        const Limit &own = key.get(p), &theirs = key.get(first);
        ASSERT_EQ(own.has_value(), theirs.has_value()) << name << " " << key.key;
        if (own) {
          EXPECT_EQ(own->value, theirs->value) << name << " " << key.key;
        }
      }
    }
  }
}

/// Typed from the sheets and from the switch maker's guide, not from data/catalog.
TEST(Catalog, KnownLimitsBelow100G) {
  const Pmd& lr = *find_pmd("50GBASE-LR");
  EXPECT_EQ(value(lr.tx.avg_power_min_dbm), -4.5);
  EXPECT_EQ(value(lr.tx.avg_power_max_dbm), 4.2);
  EXPECT_EQ(value(lr.tx.oma_minus_tdecq_min_dbm), -2.9);
  EXPECT_EQ(value(lr.rx.avg_power_min_dbm), -10.8);
  EXPECT_EQ(value(lr.rx.sensitivity_oma_floor_dbm), -8.4);
  EXPECT_EQ(lr.fec.kind, FecKind::kp4_clause134);
  const Pmd& fr = *find_pmd("50GBASE-FR");
  EXPECT_EQ(value(fr.tx.avg_power_min_dbm), -4.1);
  EXPECT_EQ(value(fr.rx.sensitivity_oma_floor_dbm), -6.9);
  const Pmd& sr25 = *find_pmd("25GBASE-SR");
  EXPECT_EQ(value(sr25.tx.oma_outer_min_dbm), -6.4);
  EXPECT_EQ(value(sr25.tx.tdecq_max_db), 4.3);
  EXPECT_EQ(value(sr25.rx.avg_power_min_dbm), -10.3);
  const Pmd& lr4 = *find_pmd("40GBASE-LR4");
  EXPECT_EQ(value(lr4.tx.avg_power_max_dbm), 2.3);
  EXPECT_EQ(value(lr4.rx.sensitivity_oma_fixed_dbm), -11.5);
  const Pmd& lr10 = *find_pmd("10GBASE-LR");
  EXPECT_EQ(value(lr10.tx.oma_outer_min_dbm), -5.2);
  EXPECT_EQ(value(lr10.rx.sensitivity_oma_fixed_dbm), -12.6);
  EXPECT_EQ(value(lr10.rx.stressed_sensitivity_oma_dbm), -10.3);
  EXPECT_FALSE(find_pmd("10GBASE-SR")->tx.oma_outer_min_dbm);  // three values traded off
  EXPECT_FALSE(find_pmd("200GBASE-LR4")->rx.sensitivity_oma_floor_dbm);
}

TEST(Catalog, UnknownStaysUnknown) {
  EXPECT_FALSE(find_pmd("100GBASE-ER4")->tx.oma_minus_tdecq_min_dbm);
  EXPECT_FALSE(find_pmd("400GBASE-LR8")->rx.stressed_sensitivity_oma_dbm);
  EXPECT_FALSE(find_pmd("100G-ZR4")->channel.insertion_loss_max_db);
  EXPECT_FALSE(find_pmd("400GBASE-DR4")->tx.transition_time_max_ps);
  EXPECT_EQ(find_pmd("no such thing"), nullptr);
  EXPECT_EQ(find_device("DR4"), nullptr);
  EXPECT_FALSE(find_device("pin-53g")->number("apd_gain"));
  EXPECT_EQ(find_device("pin-53g")->text("laser.cooling"), "");
}

/// The two sets for LR1 are both there, and neither is sure.
TEST(Catalog, CandidatesAreEntries) {
  const Pmd &a = *find_pmd("100GBASE-LR1"), &b = *find_pmd("100GBASE-LR1 (candidate B)");
  EXPECT_EQ(value(a.tx.oma_outer_min_dbm), 0.7);
  EXPECT_EQ(value(b.tx.oma_outer_min_dbm), 1.1);
  EXPECT_EQ(a.tx.oma_outer_min_dbm->confidence, Confidence::unverified);
  EXPECT_EQ(b.tx.oma_outer_min_dbm->confidence, Confidence::unverified);
}

TEST(Catalog, NamesAreOneOnly) {
  std::set<std::string> seen;
  for (const Pmd& p : pmds()) {
    std::vector<std::string_view> names(p.aliases.begin(), p.aliases.end());
    names.push_back(p.id);
    for (const std::string_view name : names) {
      std::string folded(name);
      std::transform(folded.begin(), folded.end(), folded.begin(),
                     [](unsigned char c) { return c == ' ' ? '-' : std::tolower(c); });
      EXPECT_TRUE(seen.insert(folded).second) << name;
      EXPECT_EQ(find_pmd(name), &p) << name;
      EXPECT_EQ(find_pmd(folded), &p) << name;
    }
  }
}

/// The names that link's lane structures use, where limits of the type are known.
TEST(Catalog, KnowsTheTypesOfTheIssue) {
  for (const char* name :
       {"400GBASE-DR4",    "400GBASE-DR4-2", "400G-DR4+",    "400GBASE-FR4", "400GBASE-LR4-6",
        "400GBASE-LR4-10", "400GBASE-FR8",   "400GBASE-LR8", "400GBASE-SR8", "400GBASE-SR4.2",
        "400GBASE-SR4",    "400GBASE-VR4",   "100GBASE-DR",  "100GBASE-FR1", "100GBASE-LR1",
        "100G-LR1-20",     "100G-ER1-40",    "100GBASE-LR4", "100GBASE-ER4", "100G-ZR4",
        "100G-100km",      "100G-CWDM4",     "100G-PSM4",    "100GBASE-SR4", "100GBASE-SR10",
        "100G-BiDi-40km",  "100G-BiDi-80km", "800GBASE-DR8"}) {
    EXPECT_NE(find_pmd(name), nullptr) << name;
    EXPECT_NE(find_profile(name), nullptr) << name;
  }
}

TEST(Catalog, ReflectanceByCount) {
  const ChannelLimits& dr4 = find_pmd("400GBASE-DR4")->channel;
  EXPECT_EQ(value(dr4.discrete_reflectance_max(1)), -37);
  EXPECT_EQ(value(dr4.discrete_reflectance_max(3)), -45);
  EXPECT_EQ(value(dr4.discrete_reflectance_max(10)), -49);
  EXPECT_FALSE(dr4.discrete_reflectance_max(11));
  EXPECT_EQ(value(find_pmd("100GBASE-LR4")->channel.discrete_reflectance_max(5)), -26);
}

TEST(Catalog, AttenuationGoesWithRayleighScattering) {
  const Fibre& smf = *find_fibre("SMF");
  EXPECT_EQ(value(smf.typical_attenuation_db_per_km(1310)), 0.34);
  EXPECT_NEAR(value(smf.typical_attenuation_db_per_km(1264.5)) / 0.34, 0.403 / 0.35,
              0.001);  // facts: 0.35 becomes 0.403
  EXPECT_FALSE(smf.typical_attenuation_db_per_km(1430));
  EXPECT_FALSE(find_fibre("OM4")->typical_attenuation_db_per_km(1300));
}

TEST(Catalog, ProfilesAreComplete) {
  for (const Pmd& p : pmds()) {
    const Profile* profile = find_profile(p.id);
    // Coherent types, 106.25 GBd, and what is below 100 Gb/s are not simulated.
    if (p.coherent() || p.lane_rate_gbd > 100 || p.rate_gbps < 100) {
      EXPECT_EQ(profile, nullptr) << p.id;
      continue;
    }
    ASSERT_NE(profile, nullptr) << p.id;
    const Device *tx = find_device(profile->transmitter), *rx = find_device(profile->receiver),
                 *dsp = find_device(profile->dsp);
    ASSERT_TRUE(tx != nullptr && rx != nullptr && dsp != nullptr) << p.id;
    EXPECT_EQ(tx->kind, DeviceKind::transmitter);
    EXPECT_EQ(rx->kind, DeviceKind::receiver);
    EXPECT_EQ(dsp->kind, DeviceKind::dsp);
    EXPECT_NE(find_fibre(profile->fibre), nullptr) << p.id;
    EXPECT_NE(find_connector(profile->connector), nullptr) << p.id;
    for (const char* key :
         {"tx.oma_outer_dbm", "tx.extinction_ratio_db", "plant.length_m", "plant.connectors"}) {
      EXPECT_TRUE(profile->number(key)) << p.id << " " << key;
    }
    EXPECT_FALSE(p.wavelengths.empty()) << p.id;
    EXPECT_GT(p.lanes, 0) << p.id;
    EXPECT_NE(p.fec.kind, FecKind::unknown) << p.id;
    // Angled plugs where the PMD wants them.
    if (p.polish == Polish::apc) {
      EXPECT_EQ(find_connector(profile->connector)->polish, Polish::apc) << p.id;
    }
    // The parts are fast enough for the symbols: half the symbol rate of bandwidth and more.
    EXPECT_GE(rx->number("bandwidth_ghz")->typical, 0.6 * p.lane_rate_gbd) << p.id;
  }
}

TEST(Catalog, ProfilesKeepToTheirLimits) {
  for (const Inconsistency& i : inconsistencies(builtin(), builtin()))
    ADD_FAILURE() << i.profile->pmd << ": " << i.text;
  // DR4: 0.5 km of 0.34 dB/km at 1310 nm and four connectors of 0.15 dB.
  EXPECT_NEAR(typical_loss_db(*find_profile("400GBASE-DR4"), builtin(), Tables()).value(), 0.17 + 0.6, 0.002);
}

/// A profile's launch that breaks a limit is found.
TEST(Catalog, InconsistentProfilesAreFound) {
  Profile profile = *find_profile("400GBASE-DR4");
  const NumberEntry numbers[] = {{"tx.oma_outer_dbm", {4.5, 0, 0, Confidence::sure, "TYP", ""}},
                                 {"tx.extinction_ratio_db", {3.0, 0, 0, Confidence::sure, "TYP", ""}},
                                 {"plant.length_m", {600, 0, 0, Confidence::sure, "TYP", ""}},
                                 {"plant.connectors", {30, 0, 0, Confidence::sure, "TYP", ""}}};
  profile.numbers = numbers;
  Tables tables;
  tables.profiles = std::span(&profile, 1);
  std::string all;
  for (const Inconsistency& i : inconsistencies(tables, builtin())) all += i.text + "\n";
  for (const char* part : {"an OMA of 4.5 dBm, above the limit of 4.2 dBm",
                           "extinction ratio of 3 dB, below the limit of 3.5 dB", "average power",
                           "length of 600 m, above the limit of 500 m", "channel loss of 4.7"}) {
    EXPECT_NE(all.find(part), std::string::npos) << part << " in\n" << all;
  }
}

/// A module of typical parts draws about what modules of its type draw: between half of the typical power and
/// its maximum.
TEST(Catalog, ComponentPowersAddUpToModules) {
  const auto watts = [](const Device& d, std::string_view key) {
    return d.number(key).value_or(TypicalValue()).typical;
  };
  for (const Profile& profile : profiles()) {
    const Pmd& p = *find_pmd(profile.pmd);
    const Device &tx = *find_device(profile.transmitter), &rx = *find_device(profile.receiver),
                 &dsp = *find_device(profile.dsp);
    const double lane = watts(tx, "power.laser_w") + watts(tx, "power.driver_w") + watts(rx, "power.tia_w") +
                        watts(dsp, "power.dsp_w") + watts(dsp, "power.dac_w") + watts(dsp, "power.adc_w");
    const double module = p.lanes * lane + watts(tx, "power.tec_w") + watts(rx, "power.soa_w") +
                          watts(rx, "power.apd_bias_w") + watts(dsp, "power.fec_w") +
                          watts(dsp, "power.controller_w");
    if (p.power.max_w) {
      EXPECT_LT(module, p.power.max_w->value) << p.id;
    }
    if (p.power.typical_w) {
      EXPECT_NEAR(module, p.power.typical_w->value, 0.25 * p.power.typical_w->value) << p.id;
    }
  }
}

std::string header(const std::string& name) {
  const char* root = std::getenv("LIGHTLANE_SOURCE_DIR");
  if (root == nullptr) return "";
  std::ifstream file(std::string(root) + "/src/lightlane/" + name);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// Keys of devices are members of the configurations that they fill: link sets them by name.
TEST(Catalog, DeviceKeysAreMembersOfConfigurations) {
  const std::string tx = header("optics/transmitter.hpp"), rx = header("optics/photoreceiver.hpp"),
                    dsp = header("rxdsp/equalizer.hpp");
  if (tx.empty()) GTEST_SKIP() << "LIGHTLANE_SOURCE_DIR is not set";
  for (const PropertyKey& key : property_keys()) {
    const std::string name(key.key);
    if (key.owner == PropertyKey::Owner::profile || name.starts_with("laser.") ||
        name.starts_with("power.") || name.starts_with("latency.") || name == "node_nm") {
      continue;
    }
    const std::string member =
        name.starts_with("level_error.") ? "level_error" : name.substr(name.find('.') + 1);
    const std::string& text = key.owner == PropertyKey::Owner::receiver                           ? rx
                              : key.owner == PropertyKey::Owner::dsp && !name.starts_with("dac.") ? dsp
                                                                                                  : tx;
    EXPECT_NE(text.find(" " + member), std::string::npos) << name;
    const std::size_t dot = name.find('.');
    if (dot != std::string::npos && !name.starts_with("level_error.")) {
      EXPECT_NE(tx.find(" " + name.substr(0, dot) + ";"), std::string::npos) << name;
    }
  }
}

}  // namespace
}  // namespace lightlane::catalog
