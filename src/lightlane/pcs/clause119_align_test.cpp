#include "lightlane/pcs/clause119_align.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "lightlane/base/error.hpp"
#include "lightlane/base/random.hpp"
#include "lightlane/pcs/clause119_receive.hpp"
#include "lightlane/pcs/clause119_search.hpp"
#include "lightlane/pcs/clause119_transmit.hpp"

namespace lightlane::pcs {
namespace {

namespace mii = signal::mii;

constexpr std::size_t batch_bits = 50 * 680 + 17;

/// A stand-in for the FEC: the parity symbols are a hash of the message, so that a receiver can tell good
/// from bad.
std::uint64_t hash_of(const std::uint64_t* codeword) {
  std::uint64_t hash = 1;
  for (std::size_t s = 0; s < 514; ++s) hash = (hash ^ signal::get_symbol(codeword, s)) * 0x9e3779b97f4a7c15u;
  return hash;
}

void seal(signal::Codewords& codewords) {
  for (std::size_t c = 0; c < codewords.count; ++c) {
    const std::uint64_t hash = hash_of(codewords.at(c));
    for (std::size_t s = 0; s < 6; ++s) signal::xor_symbol(codewords.at(c), 514 + s, hash >> (10 * s) & 1023);
  }
}

std::vector<signal::DecodeOutcome> judge(const signal::Codewords& codewords) {
  std::vector<signal::DecodeOutcome> outcomes(codewords.count);
  for (std::size_t c = 0; c < codewords.count; ++c) {
    std::uint64_t sealed = 0;
    for (std::size_t s = 0; s < 6; ++s)
      sealed |= std::uint64_t{signal::get_symbol(codewords.at(c), 514 + s)} << (10 * s);
    if (sealed != (hash_of(codewords.at(c)) & ((std::uint64_t{1} << 60) - 1))) {
      outcomes[c].symbols = signal::DecodeOutcome::uncorrectable;
    }
  }
  return outcomes;
}

/// Words whose number can be read from them: frames of one start, 20 data words, one terminate; then an idle.
signal::MiiWords numbered(std::size_t words) {
  signal::MiiWords out;
  for (std::uint64_t k = 0; out.size() < words; ++k) {
    out.push(k << 8 | 0xfb, 1);
    for (std::uint64_t i = 0; i < 20; ++i) out.push(k * 0x9e3779b97f4a7c15u + i, 0);
    out.push(mii::idle_word - 7 + 0xfd, 0xff);
    out.push_idle();
  }
  return out;
}

struct Sent {
  signal::Codewords codewords;
  signal::BitLanes lanes;
};

Sent make_sent(int rate, std::size_t pairs) {
  Sent sent{{}, signal::BitLanes(clause119_sizes(rate).lanes)};
  Clause119Transmit transmit({.rate_gbps = rate});
  transmit.process(numbered(pairs * pair_words), sent.codewords);
  seal(sent.codewords);
  Clause119Distribute distribute(rate);
  distribute.process(sent.codewords, sent.lanes);
  return sent;
}

/// Two and a half marker periods.
const Sent& sent_400g() {
  static const Sent sent = make_sent(400, 10240);
  return sent;
}
const Sent& sent_200g() {
  static const Sent sent = make_sent(200, 5120);
  return sent;
}

BitVector noise(std::size_t bits, std::uint64_t seed) {
  BitVector out;
  const RandomStream random(seed, "noise", 0);
  for (std::size_t i = 0; i < bits; i += 64) {
    out.append(random.bits(i), static_cast<unsigned>(std::min<std::size_t>(64, bits - i)));
  }
  return out;
}

/// Received lane i carries PCS lane order[i], behind skew[i] bits of noise.
signal::BitLanes channel(const signal::BitLanes& lanes, const std::vector<unsigned>& order,
                         const std::vector<std::size_t>& skew) {
  signal::BitLanes out(lanes.size());
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    out[i].bits = noise(skew[i], i);
    out[i].bits.append(lanes[order[i]].bits);
  }
  return out;
}

std::vector<unsigned> shuffled(unsigned lanes, std::uint64_t seed) {
  std::vector<unsigned> order(lanes);
  std::iota(order.begin(), order.end(), 0u);
  const RandomStream random(seed, "order", 0);
  for (unsigned i = lanes; i > 1; --i) std::swap(order[i - 1], order[random.bits(i) % i]);
  return order;
}

std::vector<std::size_t> skews(unsigned lanes, std::size_t limit, std::uint64_t seed) {
  std::vector<std::size_t> skew(lanes);
  const RandomStream random(seed, "skew", 0);
  for (unsigned i = 0; i < lanes; ++i) skew[i] = random.bits(i) % (limit + 1);
  skew[1] = 0;
  skew[2] = limit;
  return skew;
}

/// All bits in chunks, unequal between lanes if `ragged`; the FEC loop of the header.
struct Received {
  signal::MiiWords words;
  std::uint64_t fault_pairs = 0, breaks = 0;
  Clause119AlignReport align;
  Clause119ReceiveReport receive;
};

Received run(int rate, const signal::BitLanes& lanes, std::size_t chunk, bool ragged, bool fec = true) {
  Clause119Align align({.rate_gbps = rate});
  Clause119Receive receive({.rate_gbps = rate});
  FecSyncMonitor monitor;
  Received result;
  Clause119Aligned batch;
  const signal::BitLanes nothing(lanes.size());
  std::vector<std::size_t> at(lanes.size(), 0);
  for (std::size_t round = 0;; ++round) {
    signal::BitLanes in(lanes.size());
    bool any = false;
    for (std::size_t l = 0; l < lanes.size(); ++l) {
      std::size_t n = chunk + (ragged ? (l * 7919 + round * 104729) % chunk : 0);
      n = std::min(n, lanes[l].bits.size() - at[l]);
      in[l].first_index = lanes[l].first_index + at[l];
      in[l].bits.append(lanes[l].bits, at[l], n);
      at[l] += n;
      any |= n > 0;
    }
    if (!any) break;
    batch.clear();
    align.process(in, batch);
    for (;;) {
      auto outcomes = judge(batch.codewords);
      const auto bad = fec ? monitor.process(outcomes) : std::nullopt;
      for (const auto& b : batch.breaks) {
        if (bad && b.pair > *bad) continue;
        result.fault_pairs += b.fault_pairs;
      }
      receive.process(batch, outcomes, result.words, bad);
      if (!bad) break;
      align.restart(batch.first_pair + *bad);
      batch.clear();
      align.process(nothing, batch);
    }
  }
  batch.clear();
  align.finish(batch);
  receive.process(batch, {}, result.words);
  for (const auto& b : batch.breaks) result.fault_pairs += b.fault_pairs;
  receive.finish(result.words);
  result.align = align.report();
  result.receive = receive.report();
  return result;
}

/// Numbers of whole frames among the words; a frame that lacks a word or has a foreign one is not counted.
std::vector<std::uint64_t> whole_frames(const signal::MiiWords& words) {
  std::vector<std::uint64_t> numbers;
  for (std::size_t i = 0; i + 21 < words.size(); ++i) {
    if (words.control[i] != 1 || (words.data[i] & 0xff) != 0xfb) continue;
    const std::uint64_t k = words.data[i] >> 8;
    bool whole = words.control[i + 21] == 0xff && words.data[i + 21] == mii::idle_word - 7 + 0xfd;
    for (std::uint64_t j = 0; j < 20; ++j) {
      whole &= words.control[i + 1 + j] == 0 && words.data[i + 1 + j] == k * 0x9e3779b97f4a7c15u + j;
    }
    if (whole) numbers.push_back(k);
  }
  return numbers;
}

bool consecutive(const std::vector<std::uint64_t>& numbers) {
  for (std::size_t i = 1; i < numbers.size(); ++i) {
    if (numbers[i] != numbers[i - 1] + 1) return false;
  }
  return true;
}

TEST(Clause119Align, FindsAnyOrderAndSkew) {
  for (const int rate : {400, 200}) {
    const Sent& sent = rate == 400 ? sent_400g() : sent_200g();
    const Clause119Sizes& sizes = clause119_sizes(rate);
    const auto order = shuffled(sizes.lanes, 1);
    const auto skew = skews(sizes.lanes, max_skew_bits, 2);
    const Received got = run(rate, channel(sent.lanes, order, skew), batch_bits, false);
    ASSERT_TRUE(got.align.align_status);
    EXPECT_EQ(got.align.alignments, 1u);
    for (unsigned l = 0; l < sizes.lanes; ++l) {
      EXPECT_TRUE(got.align.lanes[l].locked);
      EXPECT_EQ(got.align.lanes[l].pcs_lane, static_cast<int>(order[l]));
      EXPECT_EQ(got.align.lanes[l].skew_bits, skew[l]);
      EXPECT_NEAR(got.align.lanes[l].skew_ns, static_cast<double>(skew[l]) * 0.0376470588, 1e-6);
      EXPECT_EQ(got.align.lanes[l].marker_errors, 0u);
    }
    // Everything from the second marker on, and a whole period of local fault before it.
    EXPECT_EQ(got.align.pairs, sizes.period_pairs * 3 / 2);
    EXPECT_GE(got.fault_pairs, sizes.period_pairs);
    EXPECT_LE(got.fault_pairs, sizes.period_pairs + 8);
    const auto frames = whole_frames(got.words);
    EXPECT_TRUE(consecutive(frames));
    EXPECT_GE(frames.size(), (sizes.period_pairs * 3 / 2) * pair_words / 23 - 4);
    EXPECT_EQ(got.receive.blocks.error_blocks, 4u) << "one 257-bit block after lock";
  }
}

TEST(Clause119Align, ChunksDoNotMatter) {
  const Sent& sent = sent_200g();
  const auto lanes = channel(sent.lanes, shuffled(8, 3), skews(8, 3000, 4));
  const Received whole = run(200, lanes, 100'000'000, false);
  ASSERT_TRUE(whole.align.align_status);
  for (const std::size_t chunk : {std::size_t{20011}, std::size_t{300'000}, std::size_t{2'785'280}}) {
    for (const bool ragged : {false, true}) {
      const Received part = run(200, lanes, chunk, ragged);
      EXPECT_EQ(part.words.data, whole.words.data) << chunk << ragged;
      EXPECT_EQ(part.words.control, whole.words.control);
      EXPECT_EQ(part.fault_pairs, whole.fault_pairs);
      EXPECT_EQ(part.align.pairs, whole.align.pairs);
    }
  }
}

TEST(Clause119Align, ToleratesThreeWrongNibblesAndFourBadMarkers) {
  const Sent one = make_sent(200, 2048 * 9);
  signal::BitLanes lanes = channel(one.lanes, shuffled(8, 5), skews(8, 100, 6));
  const auto skew = skews(8, 100, 6);
  const auto spoil = [&](std::size_t l, std::size_t period, unsigned nibbles) {
    for (unsigned n = 0; n < nibbles; ++n) {
      const std::size_t bit = n < 6 ? 4 * n : 32 + 4 * (n - 6);
      lanes[l].bits.flip(skew[l] + period * 2785280 + bit);
    }
  };
  for (std::size_t period = 0; period < 9; ++period) spoil(0, period, 3);
  for (std::size_t period = 2; period < 6; ++period) spoil(4, period, 4);
  const Received good = run(200, lanes, batch_bits, false, false);
  EXPECT_EQ(good.align.alignments, 1u);
  EXPECT_EQ(good.align.lanes[0].marker_errors, 0u);
  EXPECT_EQ(good.align.lanes[4].marker_errors, 4u);
  EXPECT_EQ(good.align.pairs, 2048u * 8);
  // A fifth in a row costs the lock; it comes back at the second good marker after it.
  spoil(4, 6, 4);
  const Received lost = run(200, lanes, batch_bits, false, false);
  EXPECT_EQ(lost.align.marker_losses, 1u);
  EXPECT_EQ(lost.align.alignments, 2u);
  EXPECT_EQ(lost.align.pairs, 2048u * 5 + 2048u);
  EXPECT_EQ(lost.fault_pairs, good.fault_pairs + 2 * 2048);
  EXPECT_EQ(lost.align.lanes[4].losses_of_lock, 1u);
  const Received ragged = run(200, lanes, 100'000, true, false);
  EXPECT_EQ(ragged.words.data, lost.words.data);

  // In one batch: a skew step, five bad markers because of it, a new alignment. The FEC withdraws all of
  // that.
  lanes = channel(one.lanes, shuffled(8, 5), skew);
  BitVector stepped;
  stepped.append(lanes[3].bits, 0, 2785280 + 200000);
  stepped.append(noise(1, 3));
  stepped.append(lanes[3].bits, 2785280 + 200000, lanes[3].bits.size() - 2785280 - 200000);
  lanes[3].bits = stepped;
  const Received batch = run(200, lanes, 100'000'000, false), chunks = run(200, lanes, 200'000, false);
  EXPECT_EQ(batch.words.data, chunks.words.data);
  for (const Received* got : {&batch, &chunks}) {
    EXPECT_EQ(got->align.marker_losses, 0u);
    EXPECT_EQ(got->align.fec_restarts, 1u);
    EXPECT_EQ(got->align.alignments, 2u);
    EXPECT_EQ(got->align.lanes[3].marker_errors, 0u);
    EXPECT_EQ(got->align.lanes[3].losses_of_lock, 1u);
  }
}

/// One lane gains bits in mid-stream: codewords go bad at once, three of them restart the lanes, and the new
/// skew holds.
TEST(Clause119Align, SkewStepCostsLockAndComesBack) {
  const Sent sent = make_sent(200, 2048 * 5);
  const auto order = shuffled(8, 7);
  const auto skew = skews(8, 500, 8);
  signal::BitLanes lanes = channel(sent.lanes, order, skew);
  const std::size_t step_at = 2785280 * 2 + 1360 * 700 + 77;
  BitVector stepped;
  stepped.append(lanes[3].bits, 0, step_at);
  stepped.append(noise(53, 99));
  stepped.append(lanes[3].bits, step_at, lanes[3].bits.size() - step_at);
  lanes[3].bits = stepped;
  Received expected;
  for (const std::size_t chunk :
       {std::size_t{1360 * 50}, std::size_t{1360 * 3 + 11}, std::size_t{9'000'000}}) {
    const Received got = run(200, lanes, chunk, chunk > 1360 * 40);
    EXPECT_EQ(got.align.fec_restarts, 1u);
    EXPECT_EQ(got.align.alignments, 2u);
    EXPECT_TRUE(got.align.align_status);
    EXPECT_EQ(got.align.lanes[3].skew_bits, skew[3] + 53);
    EXPECT_LE(got.receive.marked_pairs, 3u + 1);
    // From the first alignment to the step, then from the second marker after it.
    const auto frames = whole_frames(got.words);
    EXPECT_GE(frames.size(), (2048 + 700 + 2048) * pair_words / 23 - 40);
    if (chunk == 1360 * 50) {
      expected = got;
    } else {
      EXPECT_EQ(got.words.data, expected.words.data) << chunk;
      EXPECT_EQ(got.words.control, expected.words.control);
      EXPECT_EQ(got.align.lanes[3].markers, expected.align.lanes[3].markers);
    }
  }
}

TEST(Clause119Align, DarkLaneGivesLocalFaultUntilItReturns) {
  const Sent sent = make_sent(200, 2048 * 6);
  signal::BitLanes lanes = channel(sent.lanes, shuffled(8, 9), skews(8, 200, 10));
  const std::size_t dark_until = 2785280 * 2 + 5000;
  for (std::size_t i = 0; i < dark_until; ++i) lanes[5].bits.set(i, false);
  const Received got = run(200, lanes, 2'000'001, true);
  EXPECT_TRUE(got.align.align_status);
  EXPECT_EQ(got.align.pairs, 2048u * 2);
  EXPECT_GE(got.fault_pairs, 2048u * 4);
  EXPECT_LE(got.fault_pairs, 2048u * 4 + 1);
  EXPECT_EQ(got.words.data.front(), mii::local_fault);
  // One fault word for each word of the time without lock.
  EXPECT_EQ(got.receive.fault_words, got.fault_pairs * 20479 / 128);
  for (std::size_t i = 0; i < lanes[5].bits.size(); ++i) lanes[5].bits.set(i, false);
  const Received dark = run(200, lanes, 2'000'001, true);
  EXPECT_FALSE(dark.align.align_status);
  EXPECT_EQ(dark.align.pairs, 0u);
  EXPECT_EQ(dark.align.lanes[5].pcs_lane, -1);
  EXPECT_TRUE(dark.align.lanes[4].locked);
  EXPECT_EQ(dark.fault_pairs, lanes[0].bits.size() / 1360);
}

TEST(Clause119Align, RefusesTooMuchSkewAndTwinLanes) {
  const Sent& sent = sent_200g();
  auto skew = skews(8, 100, 11);
  skew[6] = max_skew_bits + 1;
  const Received far = run(200, channel(sent.lanes, shuffled(8, 12), skew), 1'000'000, false);
  EXPECT_FALSE(far.align.align_status);
  EXPECT_TRUE(far.align.skew_exceeded);
  EXPECT_EQ(far.align.pairs, 0u);
  auto order = shuffled(8, 12);
  order[2] = order[4];
  const Received twin = run(200, channel(sent.lanes, order, skews(8, 100, 11)), 1'000'000, false);
  EXPECT_FALSE(twin.align.align_status);
  EXPECT_FALSE(twin.align.skew_exceeded);
  EXPECT_EQ(twin.align.pairs, 0u);
}

TEST(Clause119Align, RestartWantsAFreshPair) {
  Clause119Align align({});
  EXPECT_THROW(align.restart(0), InputError);
  EXPECT_THROW(Clause119Align({.rate_gbps = 400, .max_skew_bits = 200000}), ConfigError);
  Clause119Aligned out;
  EXPECT_THROW(align.process(signal::BitLanes(8), out), InputError);
}

TEST(FecSyncMonitor, CountsEachDecoderAlone) {
  using O = signal::DecodeOutcome;
  const O good{}, bad{O::uncorrectable, 0};
  FecSyncMonitor monitor;
  EXPECT_EQ(monitor.process(std::vector<O>{bad, good, bad, good, good, good, bad, good, bad, good}),
            std::nullopt);
  EXPECT_EQ(monitor.process(std::vector<O>{bad, good, bad, bad}), std::optional<std::size_t>(0));
  // Two of A and two of B are not three of one.
  monitor.reset();
  EXPECT_EQ(monitor.process(std::vector<O>{bad, bad, bad, bad}), std::nullopt);
  EXPECT_EQ(monitor.process(std::vector<O>{good, bad}), std::optional<std::size_t>(0));
  EXPECT_EQ(monitor.process(std::vector<O>{bad, bad, bad, bad}), std::nullopt) << "forgets all";
}

TEST(MarkerSearch, EveryVariantEqualsTheReference) {
  BitVector bits = noise(40000, 77);
  const std::uint64_t cm = common_marker();
  const RandomStream random(5, "search", 0);
  // Near and far misses at odd places, wrong nibbles spread over all twelve.
  for (std::uint64_t k = 0; k < 60; ++k) {
    const std::size_t p = 300 + 640 * k + random.bits(3 * k) % 500;
    std::uint64_t value = cm;
    const unsigned wrong = k % 6;
    for (unsigned n = 0; n < wrong; ++n)
      value ^= (1 + random.bits(100 * k + n) % 15) << (4 * (random.bits(50 * k + n) % 12));
    for (unsigned b = 0; b < 24; ++b) bits.set(p + b, value >> b & 1);
    for (unsigned b = 24; b < 48; ++b) bits.set(p + 8 + b, value >> b & 1);
  }
  const auto& table = marker_search_kernels();
  for (const auto& kernel : table) {
    if (kernel.variant > supported_variant()) continue;
    std::size_t found = 0;
    for (std::size_t from = 0, until = bits.size() - 119; from < until; ++found) {
      const std::size_t expected = table.front().function(bits.words(), from, until);
      ASSERT_EQ(kernel.function(bits.words(), from, until), expected)
          << name(kernel.variant) << " from " << from;
      if (expected < until) {
        ASSERT_EQ(kernel.function(bits.words(), from, expected), expected);
        ASSERT_EQ(kernel.function(bits.words(), expected, until), expected);
      }
      from = expected + 1;
    }
    EXPECT_GE(found, 40u);
  }
}

TEST(AlignOffline, FindsLanesAndIgnoresWhatStandsBefore) {
  for (const int rate : {400, 200}) {
    const Sent sent = make_sent(rate, 5);
    const unsigned lanes = clause119_sizes(rate).lanes;
    const auto order = shuffled(lanes, 21);
    auto skew = skews(lanes, max_skew_bits, 22);
    for (auto& s : skew) s += 1000;
    signal::BitLanes received = channel(sent.lanes, order, skew);
    for (unsigned l = 0; l < lanes; ++l) received[l].bits.flip(skew[l] + 2 + 4 * (l % 6));
    const auto got = align_offline(rate, received);
    ASSERT_TRUE(got);
    for (unsigned l = 0; l < lanes; ++l) {
      EXPECT_EQ(got->order[l], static_cast<int>(order[l]));
      EXPECT_EQ(got->skew[l], skew[l]);
    }
    ASSERT_EQ(got->codewords.count, 10u);
    EXPECT_TRUE(std::equal(got->codewords.words.begin() + 170, got->codewords.words.end(),
                           sent.codewords.words.begin() + 170));
    received[3].bits.drop_front(received[3].bits.size() - 100);
    EXPECT_FALSE(align_offline(rate, received));
    received = channel(sent.lanes, order, skew);
    BitVector late = noise(max_skew_bits + 1, 5);
    late.append(received[2].bits);
    received[2].bits = late;
    EXPECT_FALSE(align_offline(rate, received));
  }
}

}  // namespace
}  // namespace lightlane::pcs
