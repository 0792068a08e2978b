#include "lightlane/link/optical_channel.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <optional>

#include "lightlane/base/parallel.hpp"
#include "lightlane/base/variant.hpp"
#include "lightlane/link/optical_test_tools.hpp"
#include "lightlane/link/scenario_keys.hpp"
#include "lightlane/math/statistics.hpp"

namespace lightlane::link {
namespace {

using test::lit;
using test::random_symbols;
using Assignments = std::vector<std::string>;

constexpr const char* engines[] = {"waveform", "symbol"};

/// One lane or a few, with all that has memory: each is one way in which windows could be cut wrongly.
const std::vector<Assignments>& kinds() {
  static const std::vector<Assignments> list{
      {"plant.added_attenuation_db=12.5", "link.pmd=100GBASE-DR"},
      {"plant.added_attenuation_db=11.5", "link.pmd=100GBASE-DR", "tx.dac_bandwidth_ghz=20", "dsp.dfe_taps=1"},
      {"plant.added_attenuation_db=11.5", "link.pmd=100GBASE-DR", "tx.dac_bandwidth_ghz=20", "dsp.mlse=true"},
      {"plant.added_attenuation_db=11.7", "link.pmd=400GBASE-FR4", "plant.mux_isolation_db=20"},
      // NRZ, lanes with halos of their own.
      {"plant.added_attenuation_db=16.5", "link.pmd=100G-CWDM4", "plant.mux_isolation_db=20"},
      // Multimode, both ways on a fibre.
      {"plant.added_attenuation_db=11.5", "link.pmd=400GBASE-SR4.2"},
      {"plant.added_attenuation_db=12.4", "link.pmd=100GBASE-DR", "tx.jitter_random_fs=300", "tx.jitter_even_odd_ui=0.05",
       "tx.jitter_sinusoidal_ui=0.05", "plant.connector_reflectance_db=-26"},
  };
  return list;
}

/// Errors often enough to see the smallest change.
Scenario noisy(Assignments assignments) {
  assignments.insert(assignments.end(), {"rx.los_dbm=-60", "dsp.training_symbols=8192"});
  return lit(assignments);
}

void expect_same(const test::Passed& a, const test::Passed& b) {
  ASSERT_EQ(a.decided.size(), b.decided.size());
  for (std::size_t l = 0; l < a.decided.size(); ++l) {
    EXPECT_EQ(a.decided[l].levels, b.decided[l].levels) << "lane " << l;
    EXPECT_EQ(a.decided[l].first_index, b.decided[l].first_index);
    EXPECT_EQ(a.report.lanes[l].symbols, b.report.lanes[l].symbols);
    EXPECT_EQ(a.report.lanes[l].symbol_errors, b.report.lanes[l].symbol_errors);
    EXPECT_EQ(a.report.lanes[l].bit_errors, b.report.lanes[l].bit_errors);
  }
}

/// Lanes with light: neither without errors nor deaf.
void expect_alive(const test::Passed& p) {
  for (const pma::LaneErrorCounts& lane : p.report.lanes) {
    EXPECT_GT(lane.symbol_errors, 20u);
    EXPECT_LT(static_cast<double>(lane.symbol_errors), 0.06 * static_cast<double>(lane.symbols));
  }
}

TEST(OpticalChannel, AnyCutOfTheInputGivesTheSame) {
  for (const Assignments& kind : kinds()) {
    Scenario scenario = noisy(kind);
    const OpticalLink link(scenario, structure_of(scenario));
    for (const char* engine : engines) {
      SCOPED_TRACE(kind.back() + " " + engine);
      scenario.link.engine = engine;
      const std::size_t symbols = scenario.link.engine == "symbol" ? 35000 : 11000;  // two segments and a part
      const test::Passed whole = test::pass(scenario, link, symbols, symbols);
      expect_alive(whole);
      for (const pma::LaneErrorCounts& lane : whole.report.lanes) EXPECT_EQ(lane.symbols, symbols);
      for (const std::size_t chunk :
           {std::size_t{97}, std::size_t{4095}, std::size_t{4097}}) {
        expect_same(whole, test::pass(scenario, link, symbols, chunk));
      }
    }
  }
}

/// Chunks of other sizes on every lane: lanes of one fibre wait for each other.
TEST(OpticalChannel, LanesMayRunAheadOfEachOther) {
  Scenario scenario = noisy(kinds()[3]);
  const OpticalLink link(scenario, structure_of(scenario));
  constexpr std::size_t symbols = 20000;
  for (const char* engine : engines) {
    scenario.link.engine = engine;
    const test::Passed whole = test::pass(scenario, link, symbols, symbols);
    OpticalChannel channel(link, scenario);
    const signal::SymbolLanes in = random_symbols(4, signal::Modulation::pam4, 0, symbols);
    test::Passed parts;
    parts.decided = signal::SymbolLanes(4);
    std::array<std::size_t, 4> done{};
    for (std::size_t round = 0; done != std::array<std::size_t, 4>{symbols, symbols, symbols, symbols};
         ++round) {
      signal::SymbolLanes part(4);
      for (std::size_t l = 0; l < 4; ++l) {
        const std::size_t count =
            std::min<std::size_t>((round + l) % 3 == 0 ? 0 : 1000 * (l + 1), symbols - done[l]);
        part[l].first_index = done[l];
        part[l].levels.append(in[l].levels, 2 * done[l], 2 * count);
        done[l] += count;
      }
      channel.process(part, parts.decided);
    }
    channel.finish(parts.decided);
    parts.report = channel.report();
    expect_same(whole, parts);
  }
}

TEST(OpticalChannel, ThreadsChangeNothing) {
  const unsigned before = threads();
  for (const Assignments& kind : {kinds()[1], kinds()[3]}) {
    for (const char* engine : engines) {
      SCOPED_TRACE(kind.back() + " " + engine);
      std::optional<test::Passed> one;
      for (const unsigned n : {1u, 2u, 4u}) {
        set_threads(n);
        Scenario scenario = noisy(kind);
        const OpticalLink link(scenario, structure_of(scenario));  // training and extraction as well
        scenario.link.engine = engine;
        test::Passed result = test::pass(scenario, link, 30000, 30000);
        if (one) {
          expect_same(*one, result);
        } else {
          one = std::move(result);
        }
      }
    }
  }
  set_threads(before);
}

TEST(OpticalChannel, ASeedIsARun) {
  Scenario scenario = noisy(kinds()[0]);
  for (const char* engine : engines) {
    scenario.link.engine = engine;
    scenario.run.seed = 1;
    const test::Passed a = test::pass(scenario, OpticalLink(scenario, structure_of(scenario)), 20000);
    const test::Passed b = test::pass(scenario, OpticalLink(scenario, structure_of(scenario)), 20000);
    expect_same(a, b);
    scenario.run.seed = 2;
    const test::Passed c = test::pass(scenario, OpticalLink(scenario, structure_of(scenario)), 20000);
    EXPECT_FALSE(a.decided[0].levels == c.decided[0].levels);
  }
}

/// Variants differ by rounding: next to no decision changes, and the ratio within the error of counting not
/// at all.
TEST(OpticalChannel, VariantsAgree) {
  const Variant before = active_variant();
  for (const Assignments& kind : {kinds()[0], kinds()[1], kinds()[2]}) {
    for (const char* engine : engines) {
      SCOPED_TRACE(kind.back() + " " + engine);
      std::vector<test::Passed> results;
      for (const Variant variant : {Variant::ref, Variant::portable, Variant::avx2, Variant::avx512}) {
        if (variant > supported_variant()) continue;
        force_variant(variant);
        Scenario scenario = noisy(kind);
        const OpticalLink link(scenario, structure_of(scenario));
        scenario.link.engine = engine;
        results.push_back(test::pass(scenario, link, 30000));
        const auto errors = static_cast<double>(results.back().report.lanes[0].symbol_errors);
        const auto first = static_cast<double>(results.front().report.lanes[0].symbol_errors);
        EXPECT_NEAR(errors, first, std::sqrt(first)) << name(variant);
        std::size_t changed = 0;
        for (std::size_t i = 0; i < 30000; ++i) {
          changed += results.back().decided[0].levels.read(2 * i, 2) !=
                     results.front().decided[0].levels.read(2 * i, 2);
        }
        EXPECT_LE(changed, 60u) << name(variant);  // 1 in 500, where 1 in 50 is wrong
      }
    }
  }
  force_variant(before);
}

TEST(OpticalChannel, HoldsBackLessThanTwoSegments) {
  for (const Assignments& kind : {kinds()[2], kinds()[4]}) {
    Scenario scenario = noisy(kind);
    const OpticalLink link(scenario, structure_of(scenario));
    for (const char* engine : engines) {
      scenario.link.engine = engine;
      const auto segment = static_cast<std::size_t>(scenario.link.engine == "symbol" ? symbol_segment : waveform_segment);
      OpticalChannel channel(link, scenario);
      const signal::Modulation modulation = structure_of(scenario).modulation;
      const auto bits = static_cast<std::size_t>(modulation);
      signal::SymbolLanes out(link.lanes().size(), modulation);
      for (std::size_t sent = 0; sent < 40000; sent += 1234) {
        channel.process(random_symbols(out.size(), modulation, sent, 1234), out);
        for (std::size_t l = 0; l < out.size(); ++l) {
          EXPECT_GT(out[l].levels.size() / bits + 2 * segment, sent + 1234);
          EXPECT_EQ(out[l].levels.size() / bits % segment, 0u);
        }
      }
    }
  }
}

/// A run may begin anywhere: what is decided there is what a whole run decides (but for what was before the
/// run).
TEST(OpticalChannel, SymbolsHangOnTheirIndex) {
  Scenario scenario = noisy(kinds()[0]);
  const OpticalLink link(scenario, structure_of(scenario));
  for (const char* engine : engines) {
    scenario.link.engine = engine;
    const test::Passed whole = test::pass(scenario, link, 12288);
    OpticalChannel channel(link, scenario);
    signal::SymbolLanes out(1);
    channel.process(random_symbols(1, signal::Modulation::pam4, 5000, 7288), out);
    channel.finish(out);
    EXPECT_EQ(out[0].first_index, 5000u);
    ASSERT_EQ(out[0].levels.size(), 2 * 7288u);
    // Only the halo (some tens of symbols) remembers what was before.
    BitVector a, b;
    a.append(out[0].levels, 2 * 200, 2 * 7000);
    b.append(whole.decided[0].levels, 2 * 5200, 2 * 7000);
    EXPECT_EQ(a, b);
  }
}

TEST(OpticalChannel, LogsWhatItCounts) {
  Scenario scenario = noisy(kinds()[0]);
  const OpticalLink link(scenario, structure_of(scenario));
  for (const char* engine : engines) {
    scenario.link.engine = engine;
    OpticalChannel channel(link, scenario, 1000, 9000);
    const signal::SymbolLanes in = random_symbols(1, signal::Modulation::pam4, 0, 20000);
    signal::SymbolLanes out(1);
    channel.process(in, out);
    channel.finish(out);
    std::size_t next = 0;
    for (std::uint64_t i = 0; i < 20000; ++i) {
      const auto sent = in[0].levels.read(2 * i, 2), decided = out[0].levels.read(2 * i, 2);
      if (sent == decided || i < 1000 || i >= 9000) continue;
      ASSERT_LT(next, channel.report().log.size());
      EXPECT_EQ(channel.report().log[next].symbol, i);
      EXPECT_EQ(channel.report().log[next].sent, sent);
      EXPECT_EQ(channel.report().log[next].decided, decided);
      ++next;
    }
    EXPECT_EQ(next, channel.report().log.size());
    EXPECT_GT(next, 50u);
  }
}

/// Without light a receiver decides noise: three of four symbols are wrong, half of the bits.
void expect_noise(const pma::LaneErrorCounts& lane, signal::Modulation modulation) {
  const auto bits = static_cast<double>(modulation) * static_cast<double>(lane.symbols);
  EXPECT_NEAR(static_cast<double>(lane.bit_errors) / bits, 0.5, 4 * 0.5 / std::sqrt(bits));
}

TEST(OpticalChannel, DarkLanesDecideNoise) {
  Scenario scenario = lit({"link.pmd=400GBASE-DR4", "tx.lane_oma_offset_db=[0, -15, 0, 0]",
                           "plant.added_attenuation_db=5", "rx.los_dbm=-10"});
  const OpticalLink link(scenario, structure_of(scenario));
  EXPECT_TRUE(link.lanes()[1].los);
  EXPECT_FALSE(link.lanes()[0].los);
  for (const char* engine : engines) {
    scenario.link.engine = engine;
    const test::Passed p = test::pass(scenario, link, 20000);
    expect_noise(p.report.lanes[1], signal::Modulation::pam4);
    EXPECT_LT(p.report.lanes[0].symbol_errors, 200u);
    expect_same(p, test::pass(scenario, link, 20000, 777));
  }
}

TEST(OpticalChannel, DarkLanesOfASharedFibre) {
  for (const bool all : {false, true}) {
    Scenario scenario = lit({"link.pmd=100GBASE-LR4", "plant.mux_isolation_db=25",
                             all ? "rx.los_dbm=5" : "tx.lane_oma_offset_db=[0, 0, -15, 0]"});
    if (!all) scenario.rx.config.los_dbm = -15;
    const OpticalLink link(scenario, structure_of(scenario));
    for (const char* engine : engines) {
      scenario.link.engine = engine;
      const test::Passed p = test::pass(scenario, link, 10005, 10000);  // ends in a window of a few symbols
      for (std::size_t l = 0; l < 4; ++l) {
        EXPECT_EQ(link.lanes()[l].los, all || l == 2);
        if (all || l == 2) {
          expect_noise(p.report.lanes[l], signal::Modulation::nrz);
        } else {
          EXPECT_EQ(p.report.lanes[l].symbol_errors, 0u);
        }
      }
      expect_same(p, test::pass(scenario, link, 10005, 777));
    }
  }
}

TEST(OpticalChannel, NothingInNothingOut) {
  Scenario scenario = lit({"link.pmd=100GBASE-DR"});
  const OpticalLink link(scenario, structure_of(scenario));
  for (const char* engine : engines) {
    scenario.link.engine = engine;
    OpticalChannel channel(link, scenario);
    signal::SymbolLanes out(1);
    channel.process(signal::SymbolLanes(1), out);
    channel.finish(out);
    EXPECT_EQ(out[0].levels.size(), 0u);
    EXPECT_EQ(channel.report().lanes[0].symbols, 0u);
  }
}

}  // namespace
}  // namespace lightlane::link
