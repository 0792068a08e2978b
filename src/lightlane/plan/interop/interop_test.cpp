#include "lightlane/plan/interop/interop.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "lightlane/base/error.hpp"
#include "lightlane/plan/interop/link_file.hpp"
#include "lightlane/plan/interop/matrix.hpp"

namespace lightlane::plan {
namespace {

InteropQuestion question(std::string_view a, std::string_view b) {
  InteropQuestion q;
  q.a = link_end(a, "A");
  q.b = link_end(b, "B", &q.count);
  return q;
}

bool has(const Interop& answer, std::string_view code, Severity severity) {
  return std::any_of(answer.reasons.begin(), answer.reasons.end(),
                     [&](const Reason& r) { return r.code == code && r.severity == severity; });
}

std::string shown_reasons(const Interop& answer) {
  std::string out(name(answer.verdict));
  for (const Reason& r : answer.reasons) out += "\n  " + std::string(r.code) + " " + r.text + "; " + r.cure;
  return out;
}

struct Pair {
  const char *a, *b;
  InteropVerdict verdict;
  std::vector<std::string_view> codes;  ///< of refusals or conditions
};
constexpr auto ok = InteropVerdict::ok;
constexpr auto conditional = InteropVerdict::conditional;
constexpr auto no = InteropVerdict::no;

/// What operators ask, with the answers that the standards and the field's experience give.
TEST(Interop, KnownPairs) {
  const Pair pairs[] = {
      {"400GBASE-DR4", "400GBASE-DR4", ok, {}},
      {"400GBASE-DR4", "4x100GBASE-DR", ok, {}},
      {"400GBASE-DR4", "4x100GBASE-FR1", ok, {}},
      {"400GBASE-DR4", "4x100GBASE-LR1", conditional, {"OVERLOAD"}},
      {"400GBASE-DR4", "4x100GBASE-LR4", no, {"MODULATION", "BAUD", "FEC", "WAVELENGTH"}},
      {"400GBASE-DR4", "100G-CWDM4", no, {"MODULATION", "BAUD", "FEC", "WAVELENGTH"}},
      {"400GBASE-DR4", "100G-PSM4", no, {"MODULATION", "BAUD", "FEC"}},
      {"400GBASE-DR4", "100GBASE-SR4", no, {"MEDIA_KIND", "MODULATION", "BAUD", "FEC"}},
      {"400GBASE-DR4", "400GBASE-FR4", no, {"CONNECTOR", "FIBRE_COUNT", "WAVELENGTH"}},
      {"400GBASE-DR4", "400G-LR4-10", no, {"CONNECTOR", "FIBRE_COUNT", "WAVELENGTH"}},
      {"400GBASE-FR4", "400G-LR4-10", conditional, {"OVERLOAD"}},
      {"400G-FR4 (Lambda MSA r2.0)", "400G-LR4-10", conditional, {"OVERLOAD"}},
      {"400G-LR4-10", "400GBASE-LR8", no, {"WAVELENGTH", "LANE_COUNT", "BAUD"}},
      {"400G-LR4-10", "400G-ER4-30", no, {"WAVELENGTH"}},
      {"400GBASE-SR8", "2x100GBASE-SR4", conditional, {"HOST_LANE"}},
      {"400GBASE-FR4", "100G-CWDM4", conditional, {"HOST_LANE"}},
      {"800GBASE-DR8", "2x400GBASE-DR4", ok, {}},
      {"100GBASE-LR4", "100GBASE-LR1", no, {"MODULATION", "WAVELENGTH", "BAUD", "FEC"}},
      {"100G-BiDi-40km", "100GBASE-LR4", no, {"FIBRE_COUNT", "CONNECTOR", "WAVELENGTH"}},
      {"100G-BiDi-80km", "100GBASE-ER4", no, {"FIBRE_COUNT", "WAVELENGTH"}},
      {"400GBASE-DR4-2", "4x100GBASE-FR1", ok, {}},
      {"400GBASE-FR4", "4x100GBASE-FR1", no, {"LANE_COUNT"}},
      {"400G-LR4-10", "4x100GBASE-LR1", no, {"LANE_COUNT"}},
      {"100GBASE-LR4", "100G-CWDM4", no, {"WAVELENGTH"}},
      {"100GBASE-DR", "100GBASE-FR1", ok, {}},
      {"400GBASE-SR8", "4x100GBASE-SR2", ok, {}},
      {"400GBASE-SR8", "2x200GBASE-SR4", ok, {}},
      {"400GBASE-SR8", "8x50GBASE-SR", ok, {}},
      {"200GBASE-SR4", "4x50GBASE-SR", ok, {}},
      {"400GBASE-SR4", "4x100GBASE-SR1", ok, {}},
      {"400GBASE-SR8", "400GBASE-SR4", no, {"BAUD"}},
      {"400GBASE-SR8", "4x100GBASE-SR1", no, {"BAUD"}},
      {"100GBASE-SR4",
       "4x25GBASE-SR",
       InteropVerdict::unknown,
       {}},  // clause 95 has no unstressed sensitivity
      {"400GBASE-SR4.2", "4x100G-SR1.2", ok, {}},
      {"50GBASE-FR", "50GBASE-LR", conditional, {"OVERLOAD"}},
      {"40GBASE-LR4", "40GBASE-LR4", ok, {}},
      {"40GBASE-LR4", "100GBASE-LR4", no, {"BAUD", "WAVELENGTH"}},
  };
  for (const Pair& pair : pairs) {
    const Interop answer = interop(question(pair.a, pair.b));
    EXPECT_EQ(name(answer.verdict), name(pair.verdict))
        << pair.a << " " << pair.b << " " << shown_reasons(answer);
    for (const std::string_view code : pair.codes) {
      EXPECT_TRUE(has(answer, code, pair.verdict == no ? Severity::refusal : Severity::condition))
          << pair.a << " " << pair.b << " lacks " << code << ": " << shown_reasons(answer);
    }
  }
}

/// What published guides say of mixing types, right and wrong, against the verdicts here.
TEST(Interop, ClaimsOfPublishedGuides) {
  const auto verdict = [](std::string_view a, std::string_view b) { return interop(question(a, b)).verdict; };
  // Said, and wrong: a DR4 feeds four LR4 ("each sees a standard 100G signal"), or four SR4.
  EXPECT_EQ(verdict("400GBASE-DR4", "4xqsfp28-100g-lr4"), no);
  EXPECT_EQ(verdict("400GBASE-DR4", "4x100GBASE-SR4"), no);
  // Multimode "VSR4" feeds LR4 leaves: whichever of its meanings.
  for (const char* meaning : {"400GBASE-VR4", "400GBASE-SR4", "400GBASE-FR4", "400GBASE-DR4-2"})
    EXPECT_EQ(verdict(meaning, "4x100GBASE-LR4"), no) << meaning;
  EXPECT_THROW(link_end("VSR4", "A"), ConfigError);
  // Duplex LC plant takes a DR4 without re-cabling: it has no connector for it.
  EXPECT_TRUE(has(interop(question("400GBASE-DR4", "100GBASE-LR4")), "CONNECTOR", Severity::refusal));
  // OSFP and QSFP-DD "cannot connect since cages differ": the form factor is local to each end.
  EXPECT_EQ(verdict("nvidia-mms4x00-ns400", "qsfp-dd-400g-dr4"), ok);
  // "400G DR4 to 100G FR4", "400G DR1", "QSFP28-DR4": there are no such types.
  for (const char* none : {"100G FR4", "400G DR1", "400G FR1", "QSFP28-DR4"})
    EXPECT_THROW(link_end(none, "A"), ConfigError) << none;
  // FR4 and LR4 break out; four LR1 meet a 400G LR4.
  EXPECT_EQ(verdict("400GBASE-FR4", "4x100GBASE-FR1"), no);
  EXPECT_EQ(verdict("400GBASE-LR4-6", "4x100GBASE-LR1"), no);
  // BiDi "keeps duplex LC": one fibre, and kinds A and B of the same type.
  const Interop bidi = interop(question("100G-BiDi-40km", "100G-BiDi-40km"));
  EXPECT_TRUE(has(bidi, "WAVELENGTH", Severity::setup)) << shown_reasons(bidi);
  EXPECT_EQ(verdict("100G-BiDi-40km", "100GBASE-LR1"), no);
  // Said, and right: QSFP-DD takes QSFP28, not the reverse; 800G DR8 runs as two DR4; DR4 to FR1 within 500
  // m.
  EXPECT_TRUE(catalog::find_cage("qsfp-dd-cage")->fit("QSFP28")->fits);
  EXPECT_FALSE(catalog::find_cage("qsfp28-cage")->fit("QSFP-DD")->fits);
  EXPECT_EQ(verdict("800GBASE-DR8", "2x400GBASE-DR4"), ok);
  EXPECT_EQ(interop(question("400GBASE-DR4", "4x100GBASE-FR1")).reach_m, 500);
  // "12 to 15 km" on LR1, 10 to 12 km and 7 to 8 dB on LR4: out of specification.
  InteropQuestion q = question("100GBASE-LR4", "100GBASE-LR4");
  q.plant.segments = {{nullptr, 11000, 0}};
  q.plant.connectors = {{{nullptr, 1, 7.5, std::nullopt}}};
  EXPECT_EQ(interop(q).verdict, no);
  q = question("100GBASE-LR1", "100GBASE-LR1");
  q.plant.segments = {{nullptr, 12000, 0}};
  EXPECT_TRUE(has(interop(q), "REACH", Severity::condition));
}

TEST(Interop, CapsOfMixedPairs) {
  const Interop fr1 = interop(question("400GBASE-DR4", "4x100GBASE-FR1"));
  EXPECT_EQ(fr1.reach_m, 500);
  EXPECT_NEAR(*fr1.loss_max_db, 3.3, 1e-9);
  EXPECT_EQ(fr1.children, 4);
  EXPECT_TRUE(fr1.a_breaks_out);
  EXPECT_TRUE(has(fr1, "REACH", Severity::setup));
  EXPECT_TRUE(has(fr1, "RATE", Severity::setup));
  EXPECT_NEAR(*interop(question("400GBASE-DR4", "400GBASE-DR4")).loss_max_db, 3.0, 1e-9);
  EXPECT_EQ(interop(question("400GBASE-FR4", "400G-LR4-10")).reach_m, 2000);
}

TEST(Interop, TheCureMends) {
  InteropQuestion q = question("400GBASE-DR4", "4x100GBASE-LR1");
  const Interop before = interop(q);
  ASSERT_EQ(before.verdict, conditional);
  q.plant.attenuators_db = -*before.budget->directions[1].overload_margin_db;
  EXPECT_EQ(interop(q).verdict, ok) << shown_reasons(interop(q));
  q.plant.segments = {{nullptr, 600, std::nullopt}};
  const Interop far = interop(q);
  EXPECT_TRUE(has(far, "REACH", Severity::condition)) << shown_reasons(far);
}

/// Every pair of the catalogue: turning it round turns the answer round and changes nothing else.
TEST(Interop, SwappingEndsSwapsDirections) {
  for (const catalog::Pmd& a : catalog::pmds()) {
    for (const catalog::Pmd& b : catalog::pmds()) {
      InteropQuestion q;
      q.a.pmd = &a;
      q.b.pmd = &b;
      if (a.single_fibre_bidirectional && &a == &b) continue;
      const Interop there = interop(q);
      std::swap(q.a, q.b);
      const Interop back = interop(q);
      EXPECT_EQ(there.verdict, back.verdict)
          << a.id << " " << b.id << shown_reasons(there) << shown_reasons(back);
      EXPECT_EQ(there.children, back.children);
      EXPECT_EQ(there.a_breaks_out, back.b_breaks_out);
      EXPECT_EQ(there.loss_max_db.has_value(), back.loss_max_db.has_value());
      if (there.loss_max_db && a.connector == b.connector) {
        EXPECT_NEAR(*there.loss_max_db, *back.loss_max_db, 1e-9);
      }
    }
  }
}

TEST(Interop, MoreLossNeverHelpsExceptAgainstOverload) {
  const auto rank = [](InteropVerdict v) { return v == ok ? 0 : v == conditional ? 1 : v == no ? 2 : 3; };
  for (const char* far : {"400GBASE-DR4", "4x100GBASE-FR1", "4x100GBASE-DR"}) {
    int last = 0;
    for (double loss = 0; loss < 5; loss += 0.25) {
      InteropQuestion q = question("400GBASE-DR4", far);
      q.plant.segments = {{nullptr, 100, std::nullopt}};
      q.plant.connectors = {{{nullptr, 1, loss, std::nullopt}}};
      const int now = rank(interop(q).verdict);
      EXPECT_GE(now, last) << far << " " << loss;
      last = now;
    }
    EXPECT_EQ(last, 2) << far;
  }
}

TEST(Interop, Seats) {
  const auto seated = [](const char* module, const char* seat) {
    InteropQuestion q = question(module, module);
    plug_into(q.a, seat, "--a-in");
    return interop(q);
  };
  EXPECT_EQ(seated("qsfp-dd-400g-dr4", "nvidia-sn4700:5").verdict, ok);
  EXPECT_TRUE(has(seated("qsfp-dd-400g-dr4", "qsfp28-cage"), "CAGE", Severity::refusal));
  EXPECT_TRUE(has(seated("qsfp-dd-400g-dr4", "OSFP"), "CAGE", Severity::refusal));
  const Interop qsfp28 = seated("qsfp28-100g-lr4", "arista-7060dx4-32:1");
  EXPECT_EQ(qsfp28.verdict, ok) << shown_reasons(qsfp28);
  EXPECT_TRUE(has(qsfp28, "CAGE", Severity::setup));
  EXPECT_NE(shown_reasons(qsfp28).find("1x100G(4)"), std::string::npos);
  EXPECT_TRUE(has(seated("qsfp28-100g-lr4", "arista-7060px4-32:1"), "CAGE", Severity::refusal));
  // Ports 1, 5, 9 ... of the SN5400 give 21 W, the others 12 W; this module draws 20 W.
  EXPECT_FALSE(has(seated("juniper-740-157132", "nvidia-sn5400:5"), "POWER", Severity::condition));
  const Interop hungry = seated("juniper-740-157132", "nvidia-sn5400:6");
  EXPECT_TRUE(has(hungry, "POWER", Severity::condition)) << shown_reasons(hungry);
  EXPECT_NE(shown_reasons(hungry).find("ports 1, 5 ... 61"), std::string::npos) << shown_reasons(hungry);
  EXPECT_TRUE(has(seated("osfp-2x400g-dr4", "nvidia-sn5600:64"), "POLARITY", Severity::setup));
  EXPECT_EQ(seated("osfp-2x400g-dr4", "nvidia-sn5600:64").verdict, ok);
  EXPECT_TRUE(has(seated("qsfp112-400g-sr4", "qsfp56-cage"), "CAGE", Severity::refusal));
  // A PMD alone: any module of it.
  EXPECT_TRUE(has(seated("400GBASE-DR4", "qsfp28-cage"), "CAGE", Severity::refusal));
  EXPECT_TRUE(has(seated("400GBASE-DR4", "qsfp-dd-cage"), "CAGE", Severity::setup));
  LinkEnd end;
  EXPECT_THROW(plug_into(end, "nvidia-sn5400:65", "--a-in"), ConfigError);
  EXPECT_THROW(plug_into(end, "nvidia-sn5400", "--a-in"), ConfigError);
  EXPECT_THROW(plug_into(end, "qsfp-ddd-cage", "--a-in"), ConfigError);
}

TEST(Interop, WhoRunsTheFec) {
  const auto with = [](const char* a, const char* b, std::optional<HostFec> of_a,
                       std::optional<HostFec> of_b) {
    InteropQuestion q = question(a, b);
    q.a.fec = of_a;
    q.b.fec = of_b;
    return interop(q);
  };
  // The module of a QSFP28 runs RS(544,514): the host must not.
  EXPECT_EQ(with("400GBASE-DR4", "4xqsfp28-100g-fr1", HostFec::kp4, HostFec::none).verdict, ok);
  EXPECT_EQ(with("400GBASE-DR4", "4xqsfp28-100g-fr1", HostFec::kp4, HostFec::kp4).verdict, conditional);
  EXPECT_EQ(with("400GBASE-DR4", "4xqsfp28-100g-fr1", HostFec::none, HostFec::none).verdict, conditional);
  EXPECT_EQ(with("400GBASE-DR4", "400GBASE-DR4", std::nullopt, HostFec::none).verdict, conditional);
  EXPECT_EQ(with("400GBASE-DR4", "400GBASE-DR4", std::nullopt, HostFec::kp4).verdict, ok);
  EXPECT_EQ(with("100GBASE-LR4", "100GBASE-LR4", HostFec::none, HostFec::none).verdict, ok);
  EXPECT_EQ(with("100GBASE-LR4", "100GBASE-LR4", HostFec::kr4, HostFec::kr4).verdict, ok);
  EXPECT_EQ(with("100GBASE-LR4", "100GBASE-LR4", HostFec::kr4, HostFec::none).verdict, conditional);
  EXPECT_EQ(with("100G-CWDM4", "100G-CWDM4", HostFec::none, HostFec::none).verdict, conditional);
}

TEST(Interop, ChildrenWantTheirOwnFec) {
  InteropQuestion q = question("400GBASE-DR4", "4xqsfp28-100g-fr1");
  q.a.fec = HostFec::none;
  q.b.fec = HostFec::none;
  EXPECT_NE(shown_reasons(interop(q)).find("set FEC of A to RS(544,514)"), std::string::npos);
}

TEST(Interop, HostLanesOfAModuleThatNoCageKnows) {
  catalog::Module fast = *catalog::find_module("qsfp-dd-400g-dr4");
  fast.host_lane_rate_gbps->value = 106.25;
  InteropQuestion q = question("400GBASE-DR4", "400GBASE-DR4");
  q.a.module = &fast;
  plug_into(q.a, "qsfp-dd-cage", "A");
  EXPECT_TRUE(has(interop(q), "HOST_LANE", Severity::refusal));
  catalog::Module wide = *catalog::find_module("qsfp-dd-400g-dr4");
  wide.host_lanes->value = 16;
  q.a.module = &wide;
  EXPECT_TRUE(has(interop(q), "HOST_LANE", Severity::refusal));
  q.a.module = catalog::find_module("qsfp-dd-400g-dr4");
  EXPECT_EQ(interop(q).verdict, ok);
}

TEST(Interop, LanesAndLegsHaveToComeOutEven) {
  // Eight parallel lanes do not share out over a type whose four share one fibre.
  EXPECT_EQ(interop(question("800GBASE-DR8", "400GBASE-FR4")).children, 1);
  EXPECT_TRUE(has(interop(question("800GBASE-DR8", "400GBASE-FR4")), "LANE_COUNT", Severity::refusal));
  InteropQuestion q = question("400GBASE-DR4", "2x200G-DR2");
  q.path = path_of("mpo12-b-sm:10", "path");
  const Interop straight = interop(q);
  EXPECT_NE(shown_reasons(straight).find("ends in 1 leg, 2 x 200G-DR2 need 2"), std::string::npos)
      << shown_reasons(straight);
}

/// Over a plant that nobody described too much loss is a condition on it; over one that was, a refusal.
TEST(Interop, LossOfAnAssumedPlantIsACondition) {
  InteropQuestion q = question("100GBASE-SR10", "100GBASE-SR10");
  EXPECT_TRUE(has(interop(q), "LOSS", Severity::condition)) << shown_reasons(interop(q));
  q.plant.segments = {{nullptr, interop(q).budget->length_m, std::nullopt}};
  EXPECT_TRUE(has(interop(q), "LOSS", Severity::refusal)) << shown_reasons(interop(q));
}

TEST(Interop, PortModesAndApplications) {
  const auto mode = [](const char* a, const char* b, const char* of_a) {
    InteropQuestion q = question(a, b);
    q.a.port_mode = of_a;
    return interop(q).verdict;
  };
  EXPECT_EQ(mode("400GBASE-DR4", "4x100GBASE-DR", "4x100G(8)"), ok);
  EXPECT_EQ(mode("400GBASE-DR4", "4x100GBASE-DR", "1x400G"), conditional);
  EXPECT_EQ(mode("400GBASE-DR4", "400GBASE-DR4", "1x400G"), ok);
  EXPECT_EQ(mode("400GBASE-DR4", "400GBASE-DR4", "4x100G"), conditional);
  EXPECT_EQ(mode("400GBASE-DR4", "400GBASE-DR4", "1x100G"), conditional);
  EXPECT_EQ(mode("400GBASE-DR4", "400GBASE-DR4", "fast"), conditional);
  EXPECT_EQ(mode("osfp-2x400g-dr4", "400GBASE-DR4", "2x400G"), ok);
  EXPECT_EQ(mode("qsfp28-100g-lr4", "100GBASE-LR4", "1x100G(4)"), ok);
  const Interop plain = interop(question("juniper-740-157132", "juniper-740-157132"));
  EXPECT_FALSE(has(plain, "MGMT", Severity::condition));
  EXPECT_FALSE(has(interop(question("qsfp-dd-400g-dr4", "4x100GBASE-DR")), "MGMT", Severity::condition));
  // A module whose firmware has nothing but 400GAUI-8 to 400GBASE-DR4.
  catalog::Module plain_dr4 = *catalog::find_module("qsfp-dd-400g-dr4");
  plain_dr4.applications = plain_dr4.applications.first(1);
  InteropQuestion q = question("400GBASE-DR4", "4x100GBASE-DR");
  q.a.module = &plain_dr4;
  EXPECT_TRUE(has(interop(q), "MGMT", Severity::condition)) << shown_reasons(interop(q));
  const Interop sr8 = interop(question("qsfp-dd-400g-sr8", "2x100GBASE-SR4"));
  EXPECT_EQ(sr8.verdict, conditional);
}

TEST(Interop, CountsAndVendors) {
  EXPECT_EQ(interop(question("400GBASE-DR4", "5x100GBASE-DR")).verdict, no);
  EXPECT_EQ(interop(question("400GBASE-DR4", "1x100GBASE-DR")).verdict, ok);
  int count = 0;
  EXPECT_EQ(link_end("4x100G-FR1", "B", &count).pmd->id, "100GBASE-FR1");
  EXPECT_EQ(count, 4);
  EXPECT_THROW(link_end("VSR4", "A"), ConfigError);
  EXPECT_THROW(link_end("QSFP28-DR4", "A"), ConfigError);
  InteropQuestion q = question("400GBASE-DR4", "400GBASE-DR4");
  q.a.host_vendor = "Arista";
  EXPECT_TRUE(has(interop(q), "VENDOR_LOCK", Severity::advice));
  EXPECT_EQ(interop(q).verdict, ok);
  q.a.coded_for = "ARISTA";
  EXPECT_FALSE(has(interop(q), "VENDOR_LOCK", Severity::advice));
}

TEST(Interop, PathsGiveLengthAndJoints) {
  InteropQuestion q = question("400GBASE-DR4", "400GBASE-DR4");
  q.path = path_of("mpo12-b-sm:10,mpo12-b-sm-trunk:200,mpo12-b-sm:5", "path");
  const Interop answer = interop(q);
  EXPECT_EQ(answer.verdict, ok) << shown_reasons(answer);
  EXPECT_EQ(answer.budget->length_m, 215);
  EXPECT_NEAR(answer.budget->directions[0].loss_db, 2 * 0.75 + 0.215 * 0.4, 1e-9);
  q.path[1] = path_of("mpo12-a-sm-trunk:200", "path")[0];
  EXPECT_EQ(interop(q).verdict, conditional);
  q.path = path_of("mpo12-b-mm:10", "path");
  EXPECT_EQ(interop(q).verdict, no);
  q = question("400GBASE-DR4", "4x100GBASE-DR");
  q.path = path_of("mpo12-b-sm:10", "path");
  EXPECT_TRUE(has(interop(q), "CONNECTOR", Severity::condition));
  // The same way, from the other end.
  q = question("400GBASE-DR4", "4x100GBASE-FR1");
  q.path = path_of("mpo12-b-sm:10,mpo12-b-sm-trunk:50,mpo12-4lc-sm:5", "path");
  const Interop there = interop(q);
  std::swap(q.a, q.b);
  q.path = reversed(q.path);
  const Interop back = interop(q);
  EXPECT_EQ(there.verdict, ok) << shown_reasons(there);
  EXPECT_EQ(back.verdict, ok) << shown_reasons(back);
  EXPECT_EQ(back.routes.size(), 4u);
}

TEST(Interop, FibreOfTheWrongKindIsAReason) {
  InteropQuestion q = question("400GBASE-DR4", "400GBASE-DR4");
  q.plant.segments = {{catalog::find_fibre("OM4"), 50, std::nullopt}};
  const Interop answer = interop(q);
  EXPECT_EQ(answer.verdict, no);
  EXPECT_TRUE(has(answer, "MEDIA_KIND", Severity::refusal));
  q.plant.segments = {{nullptr, -5, std::nullopt}};
  EXPECT_THROW(interop(q), ConfigError);
}

TEST(Interop, MatrixIsThePairs) {
  std::vector<LinkEnd> ends;
  for (const char* type : {"400GBASE-DR4", "100GBASE-FR1", "100GBASE-LR4", "qsfp28-100g-lr1"})
    ends.push_back(link_end(type, "types"));
  const auto cells = interop_matrix(ends, Question());
  ASSERT_EQ(cells.size(), 16u);
  for (std::size_t i = 0; i < 16; ++i) {
    InteropQuestion q;
    q.a = ends[i / 4];
    q.b = ends[i % 4];
    const Interop answer = interop(q);
    EXPECT_EQ(cells[i].verdict, answer.verdict);
    EXPECT_EQ(cells[i].children, answer.children);
  }
  EXPECT_EQ(cells[2].codes.front(), "MODULATION");
}

TEST(LinkFile, IsTheSameAsTheQuestion) {
  const InteropQuestion q = read_link_file(R"(
[link]
near = "qsfp-dd-400g-dr4"
far = "qsfp28-100g-fr1"
[near]
in = "nvidia-sn4700:3"
mode = "4x100G"
[far]
fec = "none"
host_vendor = "Arista"
[[segment]]
fibre = "G.652.D"
length_m = 120
[[cable]]
type = "mpo12-4lc-sm"
length_m = 120
)",
                                           "link.toml");
  EXPECT_EQ(q.a.host->id, "nvidia-sn4700");
  EXPECT_EQ(q.a.port, 3);
  EXPECT_EQ(q.b.fec, HostFec::none);
  EXPECT_EQ(q.path.size(), 1u);
  const Interop answer = interop(q);
  EXPECT_EQ(answer.verdict, ok) << shown_reasons(answer);
  EXPECT_EQ(answer.budget->length_m, 120);
}

TEST(LinkFile, ErrorsSayTheLine) {
  const auto message = [](const std::string& text) {
    try {
      read_link_file(text, "link.toml");
    } catch (const InputError& error) {
      return std::string(error.what());
    }
    return std::string("taken");
  };
  EXPECT_NE(message("[link]\nnear = \"400GBASE-DR4\"\n[near]\nfec = \"rs\"\n").find("link.toml:4: near.fec"),
            std::string::npos);
  EXPECT_NE(
      message("[link]\nnear = \"400GBASE-DR4\"\n[near]\nin = \"sn5400:99\"\n").find("link.toml:4: near.in"),
      std::string::npos);
  EXPECT_NE(
      message("[link]\nnear = \"400GBASE-DR4\"\n[[cable]]\ntype = \"x\"\n").find("link.toml:4: cable.type"),
      std::string::npos);
  EXPECT_NE(
      message("[link]\nnear = \"400GBASE-DR4\"\n[[cable]]\nlength_m = 3\n").find("cable.type: is missing"),
      std::string::npos);
  EXPECT_NE(message("[near]\nmode = \"x\"\n").find("link: is missing"), std::string::npos);
}

}  // namespace
}  // namespace lightlane::plan
