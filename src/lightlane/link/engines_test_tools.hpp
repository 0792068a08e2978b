#pragma once
/// Counting errors of the symbol engine against what the statistical engine says, for tests.

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "lightlane/base/random.hpp"
#include "lightlane/link/statistical_engine.hpp"
#include "lightlane/link/symbol_engine.hpp"
#include "lightlane/math/statistics.hpp"

namespace lightlane::link::test {

inline signal::Levels random_levels(signal::Modulation modulation, std::int64_t first, std::size_t count,
                                    std::uint32_t lane = 0) {
  const RandomStream random(99, "test.levels", lane);
  const unsigned mask = modulation == signal::Modulation::pam4 ? 3 : 1;
  signal::Levels levels;
  levels.first_index = first;
  for (std::size_t i = 0; i < count; ++i) {
    const auto at =
        static_cast<std::uint64_t>(first + static_cast<std::int64_t>(i) + (std::int64_t{1} << 40));
    levels.level.push_back(static_cast<std::uint8_t>(random.bits(at / 32) >> (2 * (at % 32)) & mask));
  }
  return levels;
}

struct Counted {
  std::uint64_t symbols = 0, symbol_errors = 0, bit_errors = 0, follow_ups = 0;
  std::array<std::uint64_t, 3> crossings{};  ///< of symbols at either side of each threshold
  std::array<std::uint64_t, 3> beside{};     ///< such symbols
  double ser() const { return static_cast<double>(symbol_errors) / static_cast<double>(symbols); }
  double continuation() const { return static_cast<double>(follow_ups) / static_cast<double>(symbol_errors); }
};

inline Counted count_errors(const SymbolEngine& engine, signal::Modulation modulation, std::size_t symbols,
                            std::uint32_t lane = 0) {
  constexpr std::size_t window = 1u << 16;
  const signal::Halo halo = engine.halo();
  Counted c;
  std::vector<std::uint8_t> decided;
  bool wrong_before = false;
  for (std::size_t done = 0; done < symbols; done += window) {
    const auto first = static_cast<std::int64_t>(done) - static_cast<std::int64_t>(halo.before);
    const signal::Levels in = random_levels(modulation, first, halo.before + window + halo.after, lane);
    engine.process(in, decided);
    for (std::size_t i = 0; i < window; ++i) {
      const unsigned sent = in.level[halo.before + i], got = decided[i];
      const bool wrong = sent != got;
      ++c.symbols;
      for (unsigned t = 0; t < 3; ++t) {
        if (sent != t && sent != t + 1) continue;
        ++c.beside[t];
        c.crossings[t] += (sent <= t) != (got <= t) ? 1 : 0;
      }
      if (wrong) {
        const unsigned x = (sent ^ (sent >> 1)) ^ (got ^ (got >> 1));
        ++c.symbol_errors;
        c.bit_errors += (x & 1) + (x >> 1 & 1);
        c.follow_ups += wrong_before ? 1 : 0;
      }
      wrong_before = wrong;
    }
  }
  return c;
}

/// Whether the counted errors are likely at this ratio; `slack`: relative, for what the prediction leaves
/// out.
inline void expect_agreement(std::uint64_t errors, std::uint64_t trials, double predicted, double slack,
                             const char* what) {
  const math::RateInterval i = math::clopper_pearson(errors, trials, 0.9999);
  EXPECT_GE(predicted * (1 + slack), i.lower) << what << ": " << errors << " of " << trials;
  EXPECT_LE(predicted * (1 - slack), i.upper) << what << ": " << errors << " of " << trials;
}

}  // namespace lightlane::link::test
