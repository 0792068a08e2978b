#pragma once
/// Streams and lanes for the tests of clause 82.

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

#include "lightlane/base/error.hpp"
#include "lightlane/base/random.hpp"
#include "lightlane/pcs/block66.hpp"
#include "lightlane/pcs/clause82_align.hpp"
#include "lightlane/pcs/clause82_distribute.hpp"
#include "lightlane/pcs/clause82_receive.hpp"
#include "lightlane/pcs/clause82_transmit.hpp"

namespace lightlane::pcs::test82 {

using clause82::block_bits;
using clause82::blocks_per_period;
using clause82::lanes;
using signal::BitLanes;
using signal::Blocks66;
using signal::MiiWords;

/// Idles, frames of 60 to 300 octets, now and then an ordered set.
inline MiiWords traffic(std::size_t count, std::uint64_t seed) {
  const RandomStream random(seed, "clause82.test", 0);
  MiiWords words;
  std::uint64_t draw = 0;
  while (words.size() < count) {
    words.push_idle(1 + random.bits(draw++) % 4);
    if (random.bits(draw++) % 16 == 0) words.push(signal::mii::remote_fault, 1);
    words.push(random.bits(draw++) << 8 | signal::mii::start, 1);
    const std::uint64_t length = 7 + random.bits(draw++) % 30;
    for (std::uint64_t i = 0; i < length; ++i) words.push(random.bits(draw++), 0);
    words.push(signal::mii::idle_word - signal::mii::idle + signal::mii::terminate, 0xff);
  }
  words.data.resize(count);
  words.control.resize(count);
  return words;
}

inline Blocks66 marked(const MiiWords& words) {
  Block66Encoder encoder;
  Clause82Mark mark;
  Blocks66 encoded, out;
  encoder.process(words, encoded);
  mark.process(encoded, out);
  return out;
}

inline BitLanes distributed(const Blocks66& blocks) {
  Clause82Distribute distribute;
  BitLanes out;
  distribute.process(blocks, out);
  return out;
}

/// Lane i of the result is lane order[i] behind `skew[i]` random bits.
inline BitLanes disturbed(const BitLanes& in, const std::vector<unsigned>& order,
                          const std::vector<unsigned>& skew) {
  BitLanes out(lanes);
  for (unsigned l = 0; l < lanes; ++l) {
    const RandomStream random(7, "clause82.lead", l);
    for (unsigned i = 0; i < skew[l]; ++i) out[l].bits.append(random.bits(i), 1);
    out[l].bits.append(in[order[l]].bits);
  }
  return out;
}

inline std::vector<unsigned> shuffled(std::uint64_t seed) {
  const RandomStream random(seed, "clause82.order", 0);
  std::vector<unsigned> order(lanes);
  std::iota(order.begin(), order.end(), 0u);
  for (unsigned i = lanes - 1; i > 0; --i) std::swap(order[i], order[random.bits(i) % (i + 1)]);
  return order;
}

inline std::vector<unsigned> skews(std::uint64_t seed, unsigned limit) {
  const RandomStream random(seed, "clause82.skew", 0);
  std::vector<unsigned> skew(lanes);
  for (unsigned i = 0; i < lanes; ++i) skew[i] = static_cast<unsigned>(random.bits(i) % (limit + 1));
  skew[3] = 0;
  skew[11] = limit;
  return skew;
}

inline std::size_t first_aligned(const Blocks66& blocks, std::size_t from = 0) {
  while (from < blocks.size() && blocks.header[from] == clause82::unaligned_header) ++from;
  return from;
}

inline void expect_equal(const Blocks66& a, const Blocks66& b) {
  ASSERT_EQ(a.size(), b.size());
  EXPECT_TRUE(a.payload == b.payload);
  EXPECT_TRUE(a.header == b.header);
}

}  // namespace lightlane::pcs::test82
