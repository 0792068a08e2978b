#include "lightlane/pma/bit_mux.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <string>

#include "lightlane/base/error.hpp"
#include "lightlane/base/random.hpp"
#include "lightlane/pma/bit_interleave.hpp"

namespace lightlane::pma {
namespace {

using signal::BitLanes;

BitLanes random_lanes(std::size_t count, std::size_t bits, std::uint64_t seed) {
  BitLanes lanes(count);
  for (std::size_t l = 0; l < count; ++l) {
    const RandomStream random(seed, "test", static_cast<std::uint32_t>(l));
    for (std::size_t b = 0; b < bits; b += 64) {
      lanes[l].bits.append(random.bits(b), static_cast<unsigned>(std::min<std::size_t>(64, bits - b)));
    }
  }
  return lanes;
}

std::vector<std::size_t> shuffled(std::size_t count, std::uint64_t seed) {
  const RandomStream random(seed, "shuffle", 0);
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t i = count; i > 1; --i) std::swap(order[i - 1], order[random.bits(i) % i]);
  return order;
}

BitLanes run(const BitMuxConfig& config, const BitLanes& in) {
  BitMux mux(config);
  BitLanes out;
  mux.process(in, out);
  mux.finish(out);
  return out;
}

BitLanes run(const BitDemuxConfig& config, const BitLanes& in) {
  BitDemux demux(config);
  BitLanes out;
  demux.process(in, out);
  demux.finish(out);
  return out;
}

void expect_equal(const BitLanes& a, const BitLanes& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t l = 0; l < a.size(); ++l) {
    EXPECT_EQ(a[l].bits, b[l].bits) << "lane " << l;
    EXPECT_EQ(a[l].first_index, b[l].first_index) << "lane " << l;
  }
}

/// Chunks of lanes with lengths of their own.
struct Cutter {
  const BitLanes& whole;
  std::vector<std::size_t> position;
  RandomStream random;
  std::uint64_t draw = 0;
  std::size_t longest;
  Cutter(const BitLanes& lanes, std::uint64_t seed, std::size_t longest_chunk = 400)
      : whole(lanes), position(lanes.size(), 0), random(seed, "cut", 0), longest(longest_chunk) {}
  bool next(BitLanes& chunk) {
    chunk = BitLanes(whole.size());
    bool more = false;
    for (std::size_t l = 0; l < whole.size(); ++l) {
      const std::size_t left = whole[l].bits.size() - position[l];
      const std::size_t take = std::min<std::size_t>(left, random.bits(draw++) % longest);
      chunk[l].first_index = whole[l].first_index + position[l];
      chunk[l].bits.append(whole[l].bits, position[l], take);
      position[l] += take;
      more = more || left > 0;
    }
    return more;
  }
};

TEST(BitInterleave, VariantsEqualTheReferenceAtAnyLengthAndAlignment) {
  for (unsigned ratio : {1u, 2u, 3u, 4u, 5u, 6u, 7u, 8u, 9u, 16u}) {
    for (std::size_t words : {0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 63, 64, 65, 67, 130}) {
      for (std::size_t offset : {0, 1, 3}) {
        std::vector<std::vector<std::uint64_t>> lanes(ratio);
        std::vector<const std::uint64_t*> in;
        for (unsigned j = 0; j < ratio; ++j) {
          const RandomStream random(ratio, "interleave", j);
          for (std::size_t w = 0; w < words + offset; ++w) lanes[j].push_back(random.bits(w));
          in.push_back(lanes[j].data() + offset);
        }
        std::vector<std::uint64_t> want(ratio * words + 1, 7), got(ratio * words + 1 + offset);
        interleave_kernels()[0].function(in.data(), ratio, words, want.data());
        for (const auto& kernel : interleave_kernels()) {
          if (kernel.variant > supported_variant()) continue;
          std::fill(got.begin(), got.end(), 7);
          kernel.function(in.data(), ratio, words, got.data() + offset);
          ASSERT_TRUE(std::equal(want.begin(), want.end(), got.begin() + static_cast<std::ptrdiff_t>(offset)))
              << name(kernel.variant) << " ratio " << ratio << " words " << words;
        }
        for (const auto& kernel : deinterleave_kernels()) {
          if (kernel.variant > supported_variant()) continue;
          std::vector<std::vector<std::uint64_t>> back(ratio,
                                                       std::vector<std::uint64_t>(words + offset + 1, 9));
          std::vector<std::uint64_t*> out;
          for (auto& lane : back) out.push_back(lane.data() + offset);
          kernel.function(want.data(), ratio, words, out.data());
          for (unsigned j = 0; j < ratio; ++j) {
            ASSERT_TRUE(std::equal(in[j], in[j] + words, out[j]))
                << name(kernel.variant) << " ratio " << ratio;
            ASSERT_EQ(back[j].back(), 9u);
          }
        }
      }
    }
  }
}

TEST(BitMux, EveryOutputBitIsTheOneTheTableNames) {
  for (const auto& [n, m] : std::vector<std::pair<std::size_t, std::size_t>>{{16, 8},
                                                                             {16, 4},
                                                                             {8, 4},
                                                                             {8, 2},
                                                                             {4, 2},
                                                                             {4, 1},
                                                                             {2, 1},
                                                                             {20, 4},
                                                                             {20, 10},
                                                                             {10, 10},
                                                                             {12, 4},
                                                                             {32, 2}}) {
    BitMuxConfig config{n, m, shuffled(n, n), shuffled(m, m), {}, {}};
    const BitLanes in = random_lanes(n, 8321, 5), out = run(config, in);
    const std::size_t r = n / m;
    ASSERT_EQ(out.size(), m);
    for (std::size_t o = 0; o < m; ++o) {
      const BitVector& lane = out[config.output_order[o]].bits;
      ASSERT_EQ(lane.size(), 8321 * r);
      for (std::size_t k = 0; k < lane.size(); ++k) {
        ASSERT_EQ(lane[k], in[config.order[o * r + k % r]].bits[k / r]) << n << ":" << m << " bit " << k;
      }
    }
  }
}

TEST(BitMux, TwoStagesGiveTheOrderOf400GAui8) {
  // Optical lane = bit mux of host lanes (a, b) and (c, d): a0 c0 b0 d0 a1 c1 b1 d1 ...
  const BitLanes pcs = random_lanes(16, 1000, 9);
  const BitLanes optical =
      run(BitMuxConfig{8, 4, {}, {}, {}, {}}, run(BitMuxConfig{16, 8, {}, {}, {}, {}}, pcs));
  for (std::size_t o = 0; o < 4; ++o) {
    const std::size_t a = 4 * o, b = a + 1, c = a + 2, d = a + 3;
    const std::size_t turn[] = {a, c, b, d};
    for (std::size_t k = 0; k < 4000; ++k) ASSERT_EQ(optical[o].bits[k], pcs[turn[k % 4]].bits[k / 4]);
  }
  const std::size_t stages[] = {8, 4};
  const auto order = composed_order(16, stages);
  EXPECT_EQ((std::vector<std::size_t>{order.begin(), order.begin() + 8}),
            (std::vector<std::size_t>{0, 2, 1, 3, 4, 6, 5, 7}));
  expect_equal(run(BitMuxConfig{16, 4, order, {}, {}, {}}, pcs), optical);
}

TEST(BitMux, ComposeEqualsTwoMuxesInARow) {
  for (const auto& [n, m, k] :
       std::vector<std::array<std::size_t, 3>>{{16, 8, 4}, {8, 4, 2}, {4, 2, 1}, {20, 10, 2}}) {
    const BitMuxConfig first{n, m, shuffled(n, 1), shuffled(m, 2), {}, {}};
    const BitMuxConfig second{m, k, shuffled(m, 3), shuffled(k, 4), {}, {}};
    const BitLanes in = random_lanes(n, 777, 3);
    expect_equal(run(compose(first, second), in), run(second, run(first, in)));
  }
}

TEST(BitDemux, UndoesEveryPermutationOfFourLanes) {
  std::vector<std::size_t> order{0, 1, 2, 3};
  const BitLanes in = random_lanes(4, 333, 1);
  do {
    for (std::size_t m : {1u, 2u, 4u}) {
      for (const auto& output : m == 2 ? std::vector<std::vector<std::size_t>>{{0, 1}, {1, 0}}
                                       : std::vector<std::vector<std::size_t>>{{}}) {
        const BitLanes muxed = run(BitMuxConfig{4, m, order, output, {}, {}}, in);
        expect_equal(run(BitDemuxConfig{m, 4, order, output, {}}, muxed), in);
      }
    }
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST(BitDemux, UndoesRandomPermutationsOfManyLanes) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const std::size_t n = seed % 2 ? 16 : 20, m = seed % 4 < 2 ? 4 : n / 2;
    const BitLanes in = random_lanes(n, 1000 + 61 * seed, seed);
    const auto order = shuffled(n, seed), output = shuffled(m, seed + 100);
    const BitLanes muxed = run(BitMuxConfig{n, m, order, output, {}, {}}, in);
    expect_equal(run(BitDemuxConfig{m, n, order, output, {}}, muxed), in);
  }
}

TEST(BitDemux, AnyStartingPhaseOnlyRotates) {
  for (std::size_t r : {2u, 4u, 5u}) {
    const BitLanes in = random_lanes(1, 999, r);
    for (std::size_t phase = 0; phase < r; ++phase) {
      for (std::uint64_t first : {0u, 17u}) {
        BitLanes shifted = in;
        shifted[0].first_index = first;
        const BitLanes out = run(BitDemuxConfig{1, r, {}, {}, {phase}}, shifted);
        std::size_t total = 0;
        for (std::size_t s = 0; s < r; ++s) total += out[s].bits.size();
        ASSERT_EQ(total, 999u);
        for (std::size_t k = 0; k < 999; ++k) {
          const std::size_t slot = (first + k + phase) % r, index = (first + k + phase) / r;
          ASSERT_EQ(out[slot].bits[index - out[slot].first_index], in[0].bits[k]);
        }
      }
    }
  }
}

TEST(BitMux, SkewAndStepsDelayLanes) {
  // Brute force: build each delayed lane bit by bit, then join.
  BitMuxConfig config{4, 2, {2, 0, 3, 1}, {}, {0, 70, 1, 129}, {}};
  config.steps = {{1, 100, 3}, {1, 500, -5}, {2, 0, 1}, {3, 200, -1}, {0, 300, -200}};
  const BitLanes in = random_lanes(4, 2000, 8);
  std::vector<std::vector<bool>> lanes(4);
  for (std::size_t l = 0; l < 4; ++l) {
    const auto fill = [&](std::uint64_t count) {
      while (count-- > 0) lanes[l].push_back(filler_bit(l, lanes[l].size()));
    };
    fill(config.skew_bits[l]);
    for (std::size_t b = 0; b < 2000; ++b) {
      bool lost = false;
      for (const DelayStep& step : config.steps) {
        if (step.lane != l) continue;
        if (step.bits > 0 && step.at == b) fill(static_cast<std::uint64_t>(step.bits));
        if (step.bits < 0 && b >= step.at && b < step.at + static_cast<std::uint64_t>(-step.bits))
          lost = true;
      }
      if (!lost) lanes[l].push_back(in[l].bits[b]);
    }
  }
  const BitLanes out = run(config, in);
  const std::size_t shortest = std::min({lanes[0].size(), lanes[1].size(), lanes[2].size(), lanes[3].size()});
  for (std::size_t o = 0; o < 2; ++o) {
    ASSERT_EQ(out[o].bits.size(), 2 * shortest);
    for (std::size_t k = 0; k < 2 * shortest; ++k) {
      ASSERT_EQ(out[o].bits[k], lanes[config.order[2 * o + k % 2]][k / 2]) << "lane " << o << " bit " << k;
    }
  }
}

TEST(BitMux, CutsAndVariantsNeverChangeTheOutput) {
  BitMuxConfig config{
      16, 4, shuffled(16, 4), {}, std::vector<std::uint64_t>(16, 0), {{3, 900, 7}, {5, 1200, -1}}};
  for (std::size_t l = 0; l < 16; ++l) config.skew_bits[l] = 37 * l % 100;
  BitLanes in = random_lanes(16, 20000, 8);
  for (std::size_t l = 0; l < 16; ++l) in[l].first_index = l % 3;
  BitLanes want;
  for (Variant variant : {Variant::ref, Variant::portable, Variant::avx2, Variant::avx512}) {
    if (variant > supported_variant()) continue;
    force_variant(variant);
    if (variant == Variant::ref) want = run(config, in);
    for (std::uint64_t seed = 0; seed < 3; ++seed) {
      BitMux mux(config);
      BitDemux demux({4, 16, config.order, {}, {}}), demux_whole({4, 16, config.order, {}, {}});
      BitLanes out, back, back_whole, chunk;
      Cutter cutter(in, seed, seed == 2 ? 9000 : 400);
      while (cutter.next(chunk)) mux.process(chunk, out);
      mux.finish(out);
      expect_equal(out, want);
      Cutter second(out, seed + 50);
      while (second.next(chunk)) demux.process(chunk, back);
      demux.finish(back);
      demux_whole.process(want, back_whole);
      demux_whole.finish(back_whole);
      expect_equal(back, back_whole);
    }
  }
  force_variant(supported_variant());
}

TEST(BitMux, OutputThatIsEmptiedKnowsItsIndex) {
  const BitLanes in = random_lanes(4, 5000, 2);
  BitLanes shifted = in;
  for (auto& lane : shifted.lanes) lane.first_index = 123;
  const BitLanes want = run(BitMuxConfig{4, 2, {}, {}, {}, {}}, shifted);
  EXPECT_EQ(want[0].first_index, 246u);
  BitMux mux({4, 2, {}, {}, {}, {}});
  BitDemux demux({2, 4, {}, {}, {}});
  BitLanes chunk, out, back, rebuilt(2);
  Cutter cutter(shifted, 3);
  BitLanes rebuilt_back(4);
  std::uint64_t next = 246;
  std::vector<std::uint64_t> next_back(4, 123);
  while (cutter.next(chunk)) {
    for (auto& lane : out.lanes) lane.bits.clear();
    for (auto& lane : back.lanes) lane.bits.clear();
    mux.process(chunk, out);
    demux.process(out, back);
    EXPECT_EQ(out[0].first_index, next);
    next += out[0].bits.size();
    for (std::size_t l = 0; l < 2; ++l) rebuilt[l].bits.append(out[l].bits);
    for (std::size_t l = 0; l < 4; ++l) {
      EXPECT_EQ(back[l].first_index, next_back[l]);
      next_back[l] += back[l].bits.size();
      rebuilt_back[l].bits.append(back[l].bits);
    }
  }
  for (std::size_t l = 0; l < 2; ++l) EXPECT_EQ(rebuilt[l].bits, want[l].bits);
  for (std::size_t l = 0; l < 4; ++l) EXPECT_EQ(rebuilt_back[l].bits, in[l].bits);
}

TEST(LaneDelay, AStartInMidRunContinuesTheWholeRun) {
  LaneDelayConfig config{1, {50}, {{0, 100, 10}, {0, 300, -25}, {0, 700, 1}}};
  const BitLanes in = random_lanes(1, 3000, 4);
  LaneDelay whole(config);
  BitLanes all;
  whole.process(in, all);
  for (std::size_t first : {64u, 100u, 101u, 300u, 310u, 324u, 325u, 701u, 2000u}) {
    LaneDelay part(config);
    BitLanes tail(1), out;
    tail[0].first_index = first;
    tail[0].bits.append(in[0].bits, first, 3000 - first);
    part.process(tail, out);
    const std::size_t filler = part.report().filler[0];
    ASSERT_EQ(out[0].first_index + out[0].bits.size(), all[0].bits.size()) << first;
    const std::size_t offset = out[0].first_index + (first == 64 ? 50 : filler);
    for (std::size_t k = offset; k < all[0].bits.size(); ++k) {
      ASSERT_EQ(out[0].bits[k - out[0].first_index], all[0].bits[k]) << first << " bit " << k;
    }
  }
}

TEST(BitMux, BadConfigsAreNamed) {
  const auto message = [](auto config) -> std::string {
    try {
      if constexpr (std::is_same_v<decltype(config), BitMuxConfig>) {
        BitMux mux(config);
      } else {
        BitDemux demux(config);
      }
    } catch (const ConfigError& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_NE(message(BitMuxConfig{16, 5, {}, {}, {}, {}}).find("lanes_out"), std::string::npos);
  EXPECT_NE(message(BitMuxConfig{0, 1, {}, {}, {}, {}}).find("lanes_in"), std::string::npos);
  EXPECT_NE(message(BitMuxConfig{4, 2, {0, 1, 2, 2}, {}, {}, {}}).find("order[3]"), std::string::npos);
  EXPECT_NE(message(BitMuxConfig{4, 2, {0, 1, 2, 4}, {}, {}, {}}).find("0 to 3"), std::string::npos);
  EXPECT_NE(message(BitMuxConfig{4, 2, {0, 1}, {}, {}, {}}).find("order"), std::string::npos);
  EXPECT_NE(message(BitMuxConfig{4, 2, {}, {1, 1}, {}, {}}).find("output_order"), std::string::npos);
  EXPECT_NE(message(BitMuxConfig{4, 2, {}, {}, {1}, {}}).find("skew_bits"), std::string::npos);
  EXPECT_NE(message(BitMuxConfig{4, 2, {}, {}, {}, {{4, 0, 1}}}).find("steps"), std::string::npos);
  EXPECT_NE(message(BitMuxConfig{4, 2, {}, {}, {}, {{0, 10, -5}, {0, 12, 1}}}).find("steps.at"),
            std::string::npos);
  EXPECT_NE(message(BitDemuxConfig{2, 4, {}, {}, {2, 0}}).find("phase[0]"), std::string::npos);
  EXPECT_EQ(message(BitMuxConfig{20, 4, {}, {}, {}, {}}), "");
}

}  // namespace
}  // namespace lightlane::pma
