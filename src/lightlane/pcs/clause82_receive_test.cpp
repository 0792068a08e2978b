#include "lightlane/pcs/clause82_test_support.hpp"

namespace lightlane::pcs {
namespace {

using namespace test82;

class Clause82Street : public testing::Test {
 protected:
  // Four periods and a bit, made once.
  static void SetUpTestSuite() {
    words = new MiiWords(traffic(4 * clause82::words_per_period + 20000, 8));
    sent = new Blocks66(marked(*words));
    wire = new BitLanes(distributed(*sent));
  }
  static void TearDownTestSuite() {
    delete words;
    delete sent;
    delete wire;
  }
  /// The stretch of `got` from `from` equals what was sent from block `at` on.
  static void expect_sent(const Blocks66& got, std::size_t from, std::size_t at, std::size_t count) {
    ASSERT_LE(from + count, got.size());
    ASSERT_LE(at + count, sent->size());
    EXPECT_TRUE(std::equal(got.payload.begin() + static_cast<std::ptrdiff_t>(from),
                           got.payload.begin() + static_cast<std::ptrdiff_t>(from + count),
                           sent->payload.begin() + static_cast<std::ptrdiff_t>(at)));
    EXPECT_TRUE(std::equal(got.header.begin() + static_cast<std::ptrdiff_t>(from),
                           got.header.begin() + static_cast<std::ptrdiff_t>(from + count),
                           sent->header.begin() + static_cast<std::ptrdiff_t>(at)));
  }
  static inline MiiWords* words;
  static inline Blocks66* sent;
  static inline BitLanes* wire;
};

TEST_F(Clause82Street, AlignsAnyOrderSkewAndPhase) {
  for (std::uint64_t seed = 0; seed < 4; ++seed) {
    const auto order = shuffled(seed);
    const auto skew = skews(seed, seed == 0 ? 928 : 500);
    const BitLanes in = disturbed(*wire, order, skew);
    Clause82Align align;
    Blocks66 got;
    align.process(in, got);
    const auto report = align.report();
    ASSERT_TRUE(report.align_status);
    EXPECT_EQ(report.alignments, 1u);
    for (unsigned l = 0; l < lanes; ++l) {
      EXPECT_EQ(report.lanes[l].pcs_lane, static_cast<int>(order[l]));
      EXPECT_EQ(report.lanes[l].skew_bits, skew[l]);
      EXPECT_EQ(report.bip[l].errored_bits, 0u);
      EXPECT_EQ(report.bip[l].markers, 2u);
    }
    const std::size_t from = first_aligned(got);
    // Block lock takes 64 blocks and more, so the first row of markers is missed and the second and third
    // count.
    const std::size_t at = 2 * blocks_per_period;
    EXPECT_EQ(from % lanes, 0u);
    EXPECT_EQ(report.unaligned_blocks, from);
    EXPECT_GE(got.size() - from, sent->size() - at - 15 * lanes);
    expect_sent(got, from, at, got.size() - from);
  }
}

TEST_F(Clause82Street, ReceivesTheWordsThatWereSent) {
  const BitLanes in = disturbed(*wire, shuffled(9), skews(9, 900));
  Clause82Align align;
  Clause82Receive receive;
  Blocks66 got;
  MiiWords out;
  align.process(in, got);
  receive.process(got, out);
  receive.finish(out);
  // Neither markers nor their time without alignment give words.
  std::size_t from = first_aligned(got);
  from -= lanes * ((from + blocks_per_period - 1) / blocks_per_period);
  for (std::size_t i = 0; i < from; ++i) {
    ASSERT_EQ(out.data[i], signal::mii::local_fault);
    ASSERT_EQ(out.control[i], 1);
  }
  // The first block behind alignment is lost; a frame that began before it is lost to its end.
  const std::size_t at = 2 * clause82::words_per_period;
  std::size_t start = 1;
  while (words->control[at + start] == 0) ++start;
  ASSERT_LT(start, 60u);
  std::size_t compared = 0;
  for (std::size_t i = start + 1; from + i + 2 < out.size(); ++i, ++compared) {
    const std::size_t period_words = at + i;
    ASSERT_EQ(out.data[from + i], words->data[period_words]) << i;
    ASSERT_EQ(out.control[from + i], words->control[period_words]) << i;
  }
  EXPECT_GT(compared, clause82::words_per_period);
  EXPECT_EQ(receive.report().local_fault_words, from);
  EXPECT_EQ(receive.report().bad_headers, 0u);
}

TEST_F(Clause82Street, ChunksDoNotMatterNeitherForLanesApart) {
  BitLanes in = disturbed(*wire, shuffled(10), skews(10, 900));
  // A hundred random bits wrong, and a lane that slips in the middle.
  const RandomStream random(11, "clause82.errors", 0);
  for (unsigned i = 0; i < 100; ++i) in[i % lanes].bits.flip(random.bits(i) % in[i % lanes].bits.size());
  BitVector slipped;
  slipped.append(in[5].bits, 0, 3'000'000);
  slipped.append(in[5].bits, 3'000'001, in[5].bits.size() - 3'000'001);
  in[5].bits = slipped;
  Clause82Align whole_align, align;
  Blocks66 whole, all;
  whole_align.process(in, whole);
  std::vector<std::size_t> at(lanes, 0);
  std::uint64_t draw = 1000;
  for (bool more = true; more;) {
    more = false;
    BitLanes part(lanes);
    for (unsigned l = 0; l < lanes; ++l) {
      const std::size_t count = std::min<std::size_t>(random.bits(draw++) % 60000, in[l].bits.size() - at[l]);
      part[l].first_index = at[l];
      part[l].bits.append(in[l].bits, at[l], count);
      at[l] += count;
      more = more || at[l] < in[l].bits.size();
    }
    Blocks66 out;
    align.process(part, out);
    EXPECT_EQ(out.first_index, all.size());
    all.payload.insert(all.payload.end(), out.payload.begin(), out.payload.end());
    all.header.insert(all.header.end(), out.header.begin(), out.header.end());
  }
  expect_equal(all, whole);
  const auto a = align.report(), b = whole_align.report();
  EXPECT_EQ(a.losses, 1u);
  EXPECT_EQ(a.losses, b.losses);
  EXPECT_EQ(a.blocks, b.blocks);
  EXPECT_EQ(a.lanes[5].block_lock_losses, 1u);
  for (unsigned l = 0; l < lanes; ++l) EXPECT_EQ(a.bip[l].errored_bits, b.bip[l].errored_bits);

  // The same for the upper part.
  Clause82Receive whole_receive, receive;
  MiiWords whole_words, all_words;
  whole_receive.process(whole, whole_words);
  whole_receive.finish(whole_words);
  for (std::size_t i = 0; i < all.size();) {
    const std::size_t count = std::min<std::size_t>(random.bits(draw++) % 9000, all.size() - i);
    Blocks66 chunk;
    for (std::size_t k = i; k < i + count; ++k) chunk.push(all.payload[k], all.header[k]);
    receive.process(chunk, all_words);
    i += count;
  }
  receive.finish(all_words);
  EXPECT_TRUE(whole_words.data == all_words.data);
  EXPECT_TRUE(whole_words.control == all_words.control);
}

TEST_F(Clause82Street, LosesAlignmentAndFindsItAgain) {
  // Lane 4 slips by one bit early in the third period, after alignment at the second row of markers.
  BitLanes in = disturbed(*wire, shuffled(12), std::vector<unsigned>(lanes, 66 * 100));
  const std::size_t slip = 66 * 100 + 66 * (2 * clause82::marker_period + 500) + 17;
  BitVector slipped;
  slipped.append(in[4].bits, 0, slip);
  slipped.append(1, 1);
  slipped.append(in[4].bits, slip, in[4].bits.size() - slip);
  in[4].bits = slipped;
  Clause82Align align;
  Blocks66 got;
  align.process(in, got);
  const auto report = align.report();
  EXPECT_EQ(report.alignments, 2u);
  EXPECT_EQ(report.losses, 1u);
  EXPECT_TRUE(report.align_status);
  EXPECT_EQ(report.lanes[4].skew_bits, 1u);
  const std::size_t first = first_aligned(got);
  std::size_t lost = first;
  while (got.header[lost] != clause82::unaligned_header) ++lost;
  EXPECT_EQ(first, (100 + 2 * clause82::marker_period) * lanes);
  // 65 bad headers among random ones take about 130 blocks, but each window of 1024 begins afresh.
  EXPECT_GT(lost - first, (500 + 65) * lanes);
  EXPECT_LT(lost - first, (500 + 1300) * lanes);
  expect_sent(got, first, 2 * blocks_per_period, 500 * lanes);
  const std::size_t again = first_aligned(got, lost);
  // Relocked by the rows of markers of period 3 and 4 (counted from 0).
  expect_sent(got, again, 4 * blocks_per_period, got.size() - again);
  EXPECT_GT(got.size() - again, 900 * lanes);
}

TEST_F(Clause82Street, FourBadMarkersInARowAreTooMany) {
  // One letter per marker: good or bad.
  for (const std::string markers : {"ggbbbgg", "ggbbbgbbbg", "ggbbbbg"}) {
    clause82::LaneSync sync;
    signal::BitLanes::Lane lane;
    const RandomStream random(13, "clause82.markers", 0);
    for (std::uint64_t block = 0; block < markers.size() * clause82::marker_period; ++block) {
      const bool marker = block % clause82::marker_period == 100;
      lane.bits.append(marker ? 1 : 2, 2);
      std::uint64_t payload = marker ? clause82::marker_payload(7, 3) : random.bits(block);
      if (marker && markers[block / clause82::marker_period] == 'b') payload ^= 4;
      lane.bits.append(payload, 64);
    }
    sync.append(lane);
    const bool lost = markers.find("bbbb") != std::string::npos;
    EXPECT_EQ(sync.report().marker_lock_losses, lost ? 1u : 0u) << markers;
    EXPECT_EQ(sync.report().bad_markers,
              static_cast<std::uint64_t>(std::count(markers.begin(), markers.end(), 'b')));
    EXPECT_EQ(sync.report().pcs_lane, lost ? -1 : 7);
  }
}

TEST_F(Clause82Street, BlockLockTakes65BadHeadersIn1024) {
  for (const unsigned bad : {64u, 65u}) {
    clause82::LaneSync sync;
    signal::BitLanes::Lane lane;
    for (unsigned block = 0; block < 64 + 2 * 1024; ++block) {
      // At the end of one window, and 64 more at the beginning of the next.
      const bool invalid = block >= 64 + 1024 - bad && block < 64 + 1024 + 64;
      lane.bits.append(invalid ? 3 : 2, 2);
      lane.bits.append(0x5555555555555555u, 64);
    }
    sync.append(lane);
    EXPECT_EQ(sync.report().block_lock_losses, bad == 64 ? 0u : 1u);
    if (bad == 64) {
      EXPECT_EQ(sync.report().invalid_headers, 128u);
    }
  }
}

TEST_F(Clause82Street, RefusesTooMuchSkewAndTwins) {
  auto skew = skews(14, 928);
  skew[11] = 929;
  Clause82Align align;
  Blocks66 got;
  align.process(disturbed(*wire, shuffled(14), skew), got);
  EXPECT_FALSE(align.report().align_status);
  EXPECT_TRUE(align.report().excessive_skew);
  EXPECT_EQ(first_aligned(got), got.size());

  Clause82Align wider({1000});
  got.clear();
  wider.process(disturbed(*wire, shuffled(14), skew), got);
  EXPECT_TRUE(wider.report().align_status);

  auto order = shuffled(14);
  order[2] = order[3];
  align.reset();
  align.process(disturbed(*wire, order, skews(14, 100)), got);
  EXPECT_FALSE(align.report().align_status);
  EXPECT_TRUE(align.report().duplicate_lanes);
  EXPECT_THROW(Clause82Align({400'001}), ConfigError);
  EXPECT_THROW(align.process(BitLanes(4), got), InputError);
}

TEST_F(Clause82Street, CountsParityErrorsPerLane) {
  BitLanes in = *wire;
  const std::size_t third = 66 * 2 * clause82::marker_period;
  in[3].bits.flip(third + 66 * 50 + 10);  // payload
  in[3].bits.flip(third + 66 * 51 + 11);  // payload, next BIP bit
  in[8].bits.flip(third + 66 * 60);       // header
  in[9].bits.flip(third + 66 * 61 + 2);   // twice the same BIP bit: not seen
  in[9].bits.flip(third + 66 * 62 + 2);
  Clause82Align align;
  Blocks66 got;
  align.process(in, got);
  const auto report = align.report();
  ASSERT_TRUE(report.align_status);
  EXPECT_EQ(report.bip[3].errored_markers, 1u);
  EXPECT_EQ(report.bip[3].errored_bits, 2u);
  EXPECT_EQ(report.bip[8].errored_bits, 1u);
  EXPECT_EQ(report.bip[9].errored_bits, 0u);
  EXPECT_EQ(report.bip[4].errored_bits, 0u);
}

TEST_F(Clause82Street, HiBerNeeds97BadHeadersInAWindow) {
  for (const unsigned bad : {96u, 97u}) {
    Blocks66 in;  // the four periods twice
    for (std::size_t i = 0; i < 8 * blocks_per_period; ++i) {
      in.push(sent->payload[i % (4 * blocks_per_period)], sent->header[i % (4 * blocks_per_period)]);
    }
    for (unsigned i = 0; i < bad; ++i) in.header[1000 + 200 * i] = signal::invalid_header;
    for (unsigned i = 0; i < 300; ++i) in.header[40000 + i] = clause82::suppressed_header;
    Clause82Receive receive;
    MiiWords out;
    receive.process(in, out);
    const auto report = receive.report();
    EXPECT_EQ(report.hi_ber_windows, bad == 97 ? 1u : 0u);
    EXPECT_FALSE(report.hi_ber);
    EXPECT_EQ(report.suppressed_blocks, 300u);
    const std::size_t turns = 1000 + 200 * 96;
    EXPECT_EQ(out.data[turns - lanes - 1] == signal::mii::local_fault, bad == 97);
    EXPECT_NE(out.data[turns - lanes - 2], signal::mii::local_fault);
    // It lasts to the end of that window and of the next one, which has no bad header.
    const std::size_t window = clause82::hi_ber_window;
    const auto word = [&](std::size_t block) { return block - lanes * (block / blocks_per_period + 1); };
    if (bad == 97) {
      for (std::size_t i = turns; i < window; i += 1000)
        EXPECT_EQ(out.data[word(i + 30)], signal::mii::local_fault);
      EXPECT_EQ(report.local_fault_words, word(2 * window) - word(turns) + 1)
          << "hi_ber ends with a clean window";
    }
  }
}

TEST_F(Clause82Street, OfflineNeedsOneMarkerPerLane) {
  const MiiWords few = traffic(20 * 200, 15);
  const Blocks66 blocks = marked(few);
  const auto order = shuffled(15);
  const auto skew = skews(15, 928);
  BitLanes in = disturbed(distributed(blocks), order, skew);
  const auto plain = clause82_align_offline(in);
  ASSERT_TRUE(plain.has_value());
  for (unsigned l = 0; l < lanes; ++l) {
    EXPECT_EQ(plain->pcs_lane[l], static_cast<int>(order[l]));
    EXPECT_EQ(plain->skew[l], skew[l]);
  }
  expect_equal(plain->blocks, blocks);
  for (unsigned l = 0; l < lanes; ++l) {  // three errors in every marker, one in a header
    in[l].bits.flip(skew[l] + l % 2);
    in[l].bits.flip(skew[l] + 5);
    in[l].bits.flip(skew[l] + 37);
  }
  const auto hit = clause82_align_offline(in);
  ASSERT_TRUE(hit.has_value());
  EXPECT_EQ(hit->pcs_lane, plain->pcs_lane);
  EXPECT_EQ(hit->skew, plain->skew);
  in[6].bits.flip(skew[6] + 7);
  EXPECT_FALSE(clause82_align_offline(in).has_value());
  EXPECT_FALSE(clause82_align_offline(BitLanes(20)).has_value());
}

}  // namespace
}  // namespace lightlane::pcs
