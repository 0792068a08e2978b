#include "lightlane/pma/symbol_errors.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "lightlane/base/error.hpp"
#include "lightlane/base/random.hpp"
#include "lightlane/pma/gray.hpp"

namespace lightlane::pma {
namespace {

using signal::Modulation;
using signal::SymbolLanes;

SymbolLanes random_symbols(std::size_t lanes, std::size_t symbols, std::uint64_t first = 0,
                           Modulation modulation = Modulation::pam4) {
  SymbolLanes result(lanes, modulation);
  const std::size_t bits = symbols * static_cast<std::size_t>(modulation);
  for (std::size_t l = 0; l < lanes; ++l) {
    const RandomStream random(99, "levels", static_cast<std::uint32_t>(l));
    result[l].first_index = first;
    result[l].levels.resize(bits);
    for (std::size_t w = 0; w < bits / 64; ++w) result[l].levels.words()[w] = random.bits(w);
    if (bits % 64 != 0) result[l].levels.words()[bits / 64] = random.bits(bits / 64) >> (64 - bits % 64);
  }
  return result;
}

SymbolErrorsConfig one_lane(std::vector<ErrorModel> models, std::uint64_t seed = 1, bool log = false) {
  SymbolErrorsConfig config;
  config.seed = seed;
  config.lanes = {std::move(models)};
  if (log) config.log_to = UINT64_MAX;
  return config;
}

/// |counted - expected| in standard deviations of a binomial count.
double sigmas(std::uint64_t counted, double trials, double p) {
  return std::abs(static_cast<double>(counted) - trials * p) / std::sqrt(trials * p * (1 - p));
}

const std::vector<std::pair<std::string, ErrorModel>>& all_models() {
  static const std::vector<std::pair<std::string, ErrorModel>> models = {
      {"awgn", AwgnErrors{12}},
      {"thresholds", ThresholdErrors{{0.001, 0.01, 0.005}}},
      {"independent", IndependentErrors{0, 2.4e-3}},
      {"burst", BurstErrors{0, 2e-3, 0.6}},
      {"gilbert-elliott", GilbertElliottErrors{1e-4, 5e-3, 1e-4, 0.2}},
      {"cut", LaneCut{70000, 80001, LaneCut::Decides::noise}},
      {"slip", SymbolSlip{90000, true}},
      {"listed", ListedErrors{{{5, ListedError::Kind::step, 1}, {66000, ListedError::Kind::level, 2}}}},
  };
  return models;
}

TEST(SymbolErrors, ThresholdCrossingsHaveTheRightProbabilityPerLevel) {
  constexpr std::size_t n = 4'000'000;
  const ThresholdErrors model{{0.001, 0.004, 0.0025}};
  SymbolErrors errors(one_lane({model}, 7, true));
  SymbolLanes lanes = random_symbols(1, n);
  const SymbolLanes sent = lanes;
  errors.process(lanes);
  double use[4] = {}, moved[4][4] = {};
  for (std::size_t k = 0; k < n; ++k) ++use[sent[0].levels.read(2 * k, 2)];
  for (const ErrorRecord& e : errors.report().log) ++moved[e.sent][e.decided];
  for (int l = 0; l < 4; ++l) {
    for (int m = 0; m < 4; ++m) {
      if (m == l) continue;
      const double p = std::abs(m - l) == 1 ? model.crossing[static_cast<std::size_t>(std::min(l, m))] : 0;
      if (p == 0) {
        EXPECT_EQ(moved[l][m], 0);
      } else {
        EXPECT_LT(sigmas(static_cast<std::uint64_t>(moved[l][m]), use[l], p), 4) << l << "->" << m;
      }
    }
  }
}

TEST(SymbolErrors, IndependentErrorsAtTheFecLimit) {
  constexpr std::size_t n = 20'000'000;
  SymbolErrors errors(one_lane({IndependentErrors{0, 2.4e-4}}, 3));
  SymbolLanes lanes = random_symbols(1, n);
  errors.process(lanes);
  const LaneErrorCounts& counts = errors.report().lanes[0];
  EXPECT_EQ(counts.symbols, n);
  EXPECT_LT(sigmas(counts.symbol_errors, n, 4.8e-4), 4);
  EXPECT_EQ(counts.bit_errors, counts.symbol_errors);  // adjacent levels differ in one bit
  EXPECT_EQ(counts.non_adjacent, 0u);
  EXPECT_LT(sigmas(counts.second_bit_errors, static_cast<double>(counts.bit_errors), 2.0 / 3), 4);
}

TEST(SymbolErrors, AwgnFollowsTheGaussianTail) {
  // By the C library's erfc, independent of our own: SER = 1.5 Q(1/3 / sigma), sigma^2 = 5/9 / snr.
  for (const double snr_db : {14.0, 17.0}) {
    const double sigma = std::sqrt(5.0 / 9 / std::pow(10, snr_db / 10));
    const auto q = [&](double d) { return 0.5 * std::erfc(d / sigma / std::sqrt(2.0)); };
    const ExpectedErrors expected = expected_errors(AwgnErrors{snr_db});
    EXPECT_NEAR(expected.ser, 1.5 * q(1.0 / 3), 1e-12);
    EXPECT_NEAR(expected.second_bit_share, 2.0 / 3, 0.01);
    constexpr std::size_t n = 4'000'000;
    SymbolErrors errors(one_lane({AwgnErrors{snr_db}}, 11));
    SymbolLanes lanes = random_symbols(1, n);
    errors.process(lanes);
    const LaneErrorCounts& counts = errors.report().lanes[0];
    EXPECT_LT(sigmas(counts.symbol_errors, n, expected.ser), 4) << snr_db;
    EXPECT_LT(sigmas(counts.bit_errors, 2.0 * n, expected.ber), 4) << snr_db;
  }
  // So much noise that errors over two levels are common: counts agree with the transition table.
  constexpr std::size_t n = 400'000;
  SymbolErrors errors(one_lane({AwgnErrors{0}}, 11));
  SymbolLanes lanes = random_symbols(1, n);
  errors.process(lanes);
  EXPECT_LT(sigmas(errors.report().lanes[0].symbol_errors, n, expected_errors(AwgnErrors{0}).ser), 4);
  EXPECT_GT(errors.report().lanes[0].non_adjacent, n / 100);
  // NRZ: Q(sqrt(snr)).
  const double nrz = 0.5 * std::erfc(std::sqrt(std::pow(10, 0.9) / 2));
  EXPECT_NEAR(expected_errors(AwgnErrors{9}, Modulation::nrz).ber, nrz, 1e-12);
}

TEST(SymbolErrors, BurstsGoOnAsOftenAsAsked) {
  for (const double a : {0.3, 0.5, 0.75, 0.9}) {
    constexpr std::size_t n = 4'000'000;
    SymbolErrors errors(one_lane({BurstErrors{0, 1e-3, a}}, 5, true));
    SymbolLanes lanes = random_symbols(1, n);
    errors.process(lanes);
    const SymbolErrorsReport& report = errors.report();
    std::uint64_t continued = 0, same_direction = 0;
    for (std::size_t i = 1; i < report.log.size(); ++i) {
      const ErrorRecord &e = report.log[i], &before = report.log[i - 1];
      if (e.symbol != before.symbol + 1) continue;
      ++continued;
      same_direction += (e.decided > e.sent) == (before.decided > before.sent);
    }
    const double total = static_cast<double>(report.log.size());
    EXPECT_LT(sigmas(continued, total, a), 4) << a;
    if (a <= 0.75) {
      EXPECT_EQ(same_direction, 0u) << a;
    }
    // The stationary ratio: the variance of a count of bursts is (1 + a)/(1 - a) times the binomial one.
    EXPECT_LT(sigmas(report.lanes[0].symbol_errors, n, 2e-3) / std::sqrt((1 + a) / (1 - a)), 4) << a;
    const double share = expected_errors(BurstErrors{0, 1e-3, a}).second_bit_share;
    if (a <= 0.75) {
      EXPECT_NEAR(share, 2.0 / 3, 1e-12);
    }
    EXPECT_LT(sigmas(report.lanes[0].second_bit_errors, total, share), 5) << a;
  }
}

TEST(SymbolErrors, PrecodingLeavesTwoErrorsPerBurst) {
  constexpr std::size_t n = 1'000'000;
  const SymbolLanes data = random_symbols(1, n);
  SymbolLanes line = data;
  unsigned last = 0;
  for (std::size_t w = 0; w < n / 32; ++w)
    line[0].levels.words()[w] = precode(line[0].levels.words()[w], last);
  SymbolErrors errors(one_lane({BurstErrors{0, 1e-3, 0.7}}, 5, true));
  errors.process(line);
  std::uint64_t bursts = 0;
  const auto& log = errors.report().log;
  for (std::size_t i = 0; i < log.size(); ++i) bursts += i == 0 || log[i].symbol != log[i - 1].symbol + 1;
  last = 0;
  std::uint64_t wrong = 0;
  for (std::size_t w = 0; w < n / 32; ++w) {
    const std::uint64_t x = unprecode(line[0].levels.words()[w], last) ^ data[0].levels.words()[w];
    for (unsigned k = 0; k < 64; k += 2) wrong += (x >> k & 3) != 0;
  }
  EXPECT_GT(log.size(), 3 * bursts);
  EXPECT_EQ(wrong, 2 * bursts);
}

TEST(SymbolErrors, GilbertElliottHasTheRightMeanAndMemory) {
  constexpr std::size_t n = 8'000'000;
  const GilbertElliottErrors model{1e-4, 2e-3, 1e-5, 0.1};
  SymbolErrors errors(one_lane({model}, 2, true));
  SymbolLanes lanes = random_symbols(1, n);
  errors.process(lanes);
  const SymbolErrorsReport& report = errors.report();
  const double bad = 1e-4 / 2.1e-3, ser = (1 - bad) * 1e-5 + bad * 0.1;
  EXPECT_NEAR(expected_errors(model).ser, ser, 1e-15);
  // Bad stretches: about n * bad * 2e-3 = 762 of 500 symbols each; the count's relative deviation is about
  // sqrt(2 / stretches).
  EXPECT_NEAR(static_cast<double>(report.lanes[0].symbol_errors) / (n * ser), 1, 4 * std::sqrt(2 / 762.0));
  // An error at x was in the bad state with probability p_bad; that excess decays as (1 - 2.1e-3)^distance.
  const double p_bad = bad * 0.1 / ser;
  for (const std::uint64_t distance : {1u, 100u, 400u}) {
    std::uint64_t hits = 0;
    for (std::size_t i = 0, j = 0; i < report.log.size(); ++i) {
      while (j < report.log.size() && report.log[j].symbol < report.log[i].symbol + distance) ++j;
      hits += j < report.log.size() && report.log[j].symbol == report.log[i].symbol + distance;
    }
    const double decay = std::pow(1 - 2.1e-3, static_cast<double>(distance));
    const double still_bad = bad + (p_bad - bad) * decay;
    const double want = still_bad * 0.1 + (1 - still_bad) * 1e-5;
    EXPECT_LT(sigmas(hits, static_cast<double>(report.log.size()), want), 6) << distance;
  }
}

TEST(SymbolErrors, CutsOfTheInputNeverChangeAnything) {
  constexpr std::size_t n = 200'000;
  for (const auto& [name, model] : all_models()) {
    for (const Modulation modulation : {Modulation::pam4, Modulation::nrz}) {
      if (modulation == Modulation::nrz && name == "listed") continue;
      SymbolErrorsConfig config =
          one_lane({model, IndependentErrors{1e-3, 0}, SymbolSlip{100'000, false}}, 4);
      config.modulation = modulation;
      config.log_from = 60'000;
      config.log_to = 120'000;
      const unsigned width = static_cast<unsigned>(modulation);
      SymbolLanes whole = random_symbols(1, n, 0, modulation);
      const SymbolLanes sent = whole;
      SymbolErrors all(config);
      all.process(whole);
      for (std::uint64_t seed = 0; seed < 3; ++seed) {
        SymbolErrors parts(config);
        BitVector joined;
        const RandomStream random(seed, "cut", 0);
        std::uint64_t at = 0, draw = 0, next_out = 0;
        while (at < n) {
          const std::uint64_t take =
              std::min<std::uint64_t>(n - at, random.bits(draw++) % (seed == 0 ? 3000 : 70'000));
          SymbolLanes chunk(1, modulation);
          chunk[0].first_index = at;
          chunk[0].levels.append(sent[0].levels, at * width, take * width);
          parts.process(chunk);
          EXPECT_EQ(chunk[0].first_index, next_out);
          next_out += chunk[0].levels.size() / width;
          joined.append(chunk[0].levels);
          at += take;
        }
        EXPECT_EQ(joined, whole[0].levels) << name;
        EXPECT_EQ(parts.report().log, all.report().log) << name;
        EXPECT_EQ(parts.report().lanes[0].bit_errors, all.report().lanes[0].bit_errors) << name;
      }
    }
  }
}

TEST(SymbolErrors, ARunMayStartAnywhere) {
  constexpr std::size_t n = 300'000;
  for (const auto& [name, model] : all_models()) {
    const SymbolErrorsConfig config = one_lane({model}, 9);
    SymbolLanes whole = random_symbols(1, n);
    const SymbolLanes sent = whole;
    SymbolErrors all(config);
    all.process(whole);
    for (const std::uint64_t first : {1u, 65'535u, 65'536u, 75'000u, 131'073u, 200'001u}) {
      SymbolErrors part(config);
      SymbolLanes tail(1);
      tail[0].first_index = first;
      tail[0].levels.append(sent[0].levels, 2 * first, 2 * (n - first));
      part.process(tail);
      const std::uint64_t skip = name == "burst" ? 200 : 0;
      const std::uint64_t begin = tail[0].first_index;
      ASSERT_EQ(begin + tail[0].levels.size() / 2, whole[0].levels.size() / 2) << name;
      for (std::uint64_t x = begin + skip; x < whole[0].levels.size() / 2; ++x) {
        ASSERT_EQ(tail[0].levels.read(2 * (x - begin), 2), whole[0].levels.read(2 * x, 2))
            << name << " " << first;
      }
    }
  }
}

TEST(SymbolErrors, CountsAreWhatComparingFinds) {
  constexpr std::size_t n = 150'000;
  for (const auto& [name, model] : all_models()) {
    if (name == "slip") continue;
    SymbolErrorsConfig config = one_lane({model}, 6), logged = one_lane({model}, 6, true);
    SymbolLanes a = random_symbols(1, n), b = a;
    const SymbolLanes sent = a;
    SymbolErrors plain(config), with_log(logged);
    plain.process(a);
    with_log.process(b);
    EXPECT_EQ(a[0].levels, b[0].levels);
    LaneErrorCounts want;
    std::size_t i = 0;
    for (std::size_t x = 0; x < n; ++x) {
      const unsigned before = static_cast<unsigned>(sent[0].levels.read(2 * x, 2));
      const unsigned after = static_cast<unsigned>(a[0].levels.read(2 * x, 2));
      if (before == after) continue;
      ++want.symbol_errors;
      const std::uint64_t bits = gray_unmap(before) ^ gray_unmap(after);
      want.first_bit_errors += bits & 1;
      want.second_bit_errors += bits >> 1 & 1;
      want.non_adjacent += std::abs(static_cast<int>(before) - static_cast<int>(after)) > 1;
      ASSERT_LT(i, with_log.report().log.size());
      EXPECT_EQ(with_log.report().log[i++],
                (ErrorRecord{0, x, static_cast<std::uint8_t>(before), static_cast<std::uint8_t>(after)}));
    }
    EXPECT_EQ(i, with_log.report().log.size());
    for (const SymbolErrors* run : {&plain, &with_log}) {
      const LaneErrorCounts& got = run->report().lanes[0];
      EXPECT_EQ(got.symbol_errors, want.symbol_errors) << name;
      EXPECT_EQ(got.first_bit_errors, want.first_bit_errors) << name;
      EXPECT_EQ(got.second_bit_errors, want.second_bit_errors) << name;
      EXPECT_EQ(got.bit_errors, want.first_bit_errors + want.second_bit_errors) << name;
      EXPECT_EQ(got.non_adjacent, want.non_adjacent) << name;
    }
    EXPECT_GT(want.symbol_errors, 0u) << name;
  }
}

TEST(SymbolErrors, LanesDrawApartAndKeepTheirNumbers) {
  SymbolErrorsConfig config;
  config.lanes.assign(4, {IndependentErrors{1e-3, 0}});
  SymbolErrors four(config);
  SymbolLanes lanes = random_symbols(4, 50'000);
  for (std::size_t l = 1; l < 4; ++l) lanes[l] = lanes[0];
  const SymbolLanes sent = lanes;
  four.process(lanes);
  EXPECT_FALSE(lanes[0].levels == lanes[1].levels);
  config.lanes.resize(1);
  config.first_lane = 2;
  SymbolErrors third(config);
  SymbolLanes one(1);
  one[0] = sent[2];
  third.process(one);
  EXPECT_EQ(one[0].levels, lanes[2].levels);
}

TEST(SymbolErrors, CutListAndSlipDoWhatTheySay) {
  SymbolLanes lanes = random_symbols(1, 1000);
  const SymbolLanes sent = lanes;
  SymbolErrors errors(
      one_lane({LaneCut{100, 250, LaneCut::Decides::zeros},
                ListedErrors{{{5, ListedError::Kind::level, 0}, {6, ListedError::Kind::step, 1}}},
                SymbolSlip{300, false}, SymbolSlip{400, true}}));
  errors.process(lanes);
  const BitVector& out = lanes[0].levels;
  ASSERT_EQ(out.size(), 2000u);
  const auto before = [&](std::size_t x) { return sent[0].levels.read(2 * x, 2); };
  for (std::size_t x = 0; x < 1000; ++x) {
    const std::size_t from = x < 300 ? x : x < 400 ? x + 1 : x;  // one lost, later one twice
    const auto got = out.read(2 * x, 2);
    if (x == 5 || (x >= 100 && x < 250)) {
      ASSERT_EQ(got, 0u);
    } else if (x == 6) {
      ASSERT_EQ(got, before(6) == 3 ? 2 : before(6) + 1);
    } else {
      ASSERT_EQ(got, before(from)) << x;
    }
  }
  EXPECT_EQ(errors.report().lanes[0].cut_symbols, 150u);
  EXPECT_EQ(errors.report().lanes[0].lost, 1u);
  EXPECT_EQ(errors.report().lanes[0].inserted, 1u);
}

TEST(SymbolErrors, BadConfigsAreNamed) {
  const auto message = [](ErrorModel model) -> std::string {
    try {
      SymbolErrors errors(one_lane({LaneCut{0, 1, LaneCut::Decides::zeros}, std::move(model)}));
    } catch (const ConfigError& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_NE(message(IndependentErrors{0.8, 0}).find("lanes[0][1].ser"), std::string::npos);
  EXPECT_NE(message(IndependentErrors{0.1, 0.1}).find("one of the two"), std::string::npos);
  EXPECT_NE(message(IndependentErrors{std::nan(""), 0}).find("ser"), std::string::npos);
  EXPECT_NE(message(BurstErrors{0.1, 0, 1.0}).find("continuation"), std::string::npos);
  EXPECT_NE(message(BurstErrors{0.75, 0, 0.0}).find("ser"), std::string::npos);
  EXPECT_NE(message(GilbertElliottErrors{0, 0, 0, 0}).find("good_to_bad"), std::string::npos);
  EXPECT_NE(message(AwgnErrors{90}).find("snr_db"), std::string::npos);
  EXPECT_NE(message(ThresholdErrors{{0, 0.6, 0}}).find("crossing[1]"), std::string::npos);
  EXPECT_NE(message(LaneCut{5, 4, LaneCut::Decides::zeros}).find(".to"), std::string::npos);
  EXPECT_NE(message(ListedErrors{{{1, ListedError::Kind::level, 4}}}).find("value"), std::string::npos);
  EXPECT_NE(
      message(ListedErrors{{{1, ListedError::Kind::step, 1}, {1, ListedError::Kind::step, 1}}}).find("twice"),
      std::string::npos);
  EXPECT_EQ(message(BurstErrors{0, 2.4e-4, 0.5}), "");
}

}  // namespace
}  // namespace lightlane::pma
