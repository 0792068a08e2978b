#include "lightlane/pma/gearbox.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "lightlane/base/error.hpp"
#include "lightlane/base/random.hpp"

namespace lightlane::pma {
namespace {

using signal::Modulation;
using signal::SymbolLanes;

SymbolLanes random_symbols(std::size_t lanes, std::size_t symbols, Modulation modulation) {
  SymbolLanes result(lanes, modulation);
  for (std::size_t l = 0; l < lanes; ++l) {
    const RandomStream random(4, "levels", static_cast<std::uint32_t>(l));
    const std::size_t bits = symbols * static_cast<std::size_t>(modulation);
    for (std::size_t b = 0; b < bits; b += 64) {
      result[l].levels.append(random.bits(b), static_cast<unsigned>(std::min<std::size_t>(64, bits - b)));
    }
  }
  return result;
}

/// Bit b of a lane of symbols, by the Gray table.
bool bit_of(const SymbolLanes& lanes, std::size_t lane, std::size_t b) {
  if (lanes.modulation == Modulation::nrz) return lanes[lane].levels[b];
  const auto level = lanes[lane].levels.read(b / 2 * 2, 2);
  return b % 2 == 0 ? level >= 2 : level == 1 || level == 2;
}

TEST(Gearbox, EightHostLanesToFourOpticalLanesBitByBit) {
  for (const Modulation modulation : {Modulation::pam4, Modulation::nrz}) {
    GearboxConfig config;
    config.input.modulation = modulation;
    const SymbolLanes host = random_symbols(8, 3000, modulation);
    Gearbox gearbox(config);
    SymbolLanes optical;
    gearbox.process(host, optical);
    gearbox.finish(optical);
    const std::size_t bits = 3000 * static_cast<std::size_t>(modulation);
    for (std::size_t o = 0; o < 4; ++o) {
      ASSERT_EQ(optical[o].levels.size(), 2 * bits);
      for (std::size_t k = 0; k < 2 * bits; ++k) {
        ASSERT_EQ(bit_of(optical, o, k), bit_of(host, 2 * o + k % 2, k / 2)) << o << " " << k;
      }
    }
  }
}

TEST(Gearbox, BackAndForthIsTheIdentityInAnyCuts) {
  GearboxConfig there, back;
  there.input.precoding.assign(8, true);
  there.order = {3, 1, 2, 0, 7, 6, 5, 4};
  there.narrow_order = {2, 0, 1, 3};
  back.input = there.output;
  back.output = there.input;
  back.order = there.order;
  back.narrow_order = there.narrow_order;
  const SymbolLanes host = random_symbols(8, 2000, Modulation::pam4);
  Gearbox forth(there), home(back);
  SymbolLanes optical, result;
  const RandomStream random(1, "cut", 0);
  for (std::size_t at = 0, draw = 0; at < 2000;) {
    const std::size_t take = std::min<std::size_t>(2000 - at, random.bits(draw++) % 97);
    SymbolLanes chunk(8);
    for (std::size_t l = 0; l < 8; ++l) {
      chunk[l].first_index = at;
      chunk[l].levels.append(host[l].levels, 2 * at, 2 * take);
    }
    for (auto& lane : optical.lanes) lane.levels.clear();
    forth.process(chunk, optical);
    home.process(optical, result);
    at += take;
  }
  home.finish(result);
  for (std::size_t l = 0; l < 8; ++l) EXPECT_EQ(result[l].levels, host[l].levels) << l;
  EXPECT_EQ(forth.report().symbols_in, 16'000u);
  EXPECT_EQ(forth.report().symbols_out, 16'000u);  // half the lanes at twice the rate
}

TEST(Gearbox, BadConfigsAreNamed) {
  GearboxConfig config;
  config.phase = {0, 0, 0, 0, 0, 0, 0, 0};
  EXPECT_THROW(Gearbox{config}, ConfigError);
  config = {};
  std::swap(config.input, config.output);
  config.skew_bits = {0, 0, 0, 0};
  EXPECT_THROW(Gearbox{config}, ConfigError);
  config = {};
  config.output.lanes = 3;
  EXPECT_THROW(Gearbox{config}, ConfigError);
}

}  // namespace
}  // namespace lightlane::pma
