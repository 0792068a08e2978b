#include "lightlane/pcs/clause91_test_support.hpp"

namespace lightlane::pcs {
namespace {

using namespace test91;

class Clause91Street : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    words = new MiiWords(traffic(3 * clause82::words_per_period + 20000, 8));
    sent = new Blocks66(marked(*words));
  }
  static void TearDownTestSuite() {
    delete words;
    delete sent;
  }
  static inline MiiWords* words;
  static inline Blocks66* sent;
};

TEST_F(Clause91Street, AnyOrderSkewAndPhaseComesBack) {
  const std::vector<std::vector<unsigned>> orders = {{0, 1, 2, 3}, {3, 1, 0, 2}, {2, 3, 1, 0}};
  for (const FecCode& code : {signal::kp4, signal::kr4}) {
    for (std::size_t k = 0; k < orders.size(); ++k) {
      const unsigned limit = static_cast<unsigned>(clause91::max_skew_bits(code));
      const std::vector<unsigned> skew = {17, limit, 0, 1000 + static_cast<unsigned>(k)};
      BitLanes in = disturbed(distributed(messages_of(*sent, code, k == 1)), orders[k], skew);
      // Nothing that amp 16..19 hold may matter.
      for (unsigned l = 0; l < fec_lanes; ++l) {
        for (std::size_t p = 0; p < 4; ++p) {
          for (unsigned i = 256; i < 320; ++i)
            in[l].bits.flip(skew[l] + p * clause91::lane_bits_per_period(code) + i);
        }
      }
      Clause91Align align({code, std::nullopt});
      Clause91Receive receive({code});
      Blocks66 out;
      run(align, receive, in, out, clean);
      const auto report = align.report();
      ASSERT_TRUE(report.align_status);
      EXPECT_EQ(report.alignments, 1u);
      for (unsigned l = 0; l < fec_lanes; ++l) {
        EXPECT_EQ(report.lanes[l].fec_lane, static_cast<int>(orders[k][l]));
        EXPECT_EQ(report.lanes[l].skew_bits, skew[l]);
        EXPECT_EQ(report.lanes[l].bad_markers, 0u);
        EXPECT_EQ(report.lanes[l].markers, 2u);
      }
      EXPECT_EQ(receive.report().unknown_types, 0u);
      const std::size_t from = first_aligned(out);
      EXPECT_EQ(from, (codewords_per_period + (limit + 1359) / 1360) * 80);
      ASSERT_GT(out.size() - from, 2 * blocks_per_period);
      // The four blocks behind the markers cannot be trusted yet; and amp 16..19 gave wrong BIP octets.
      for (std::size_t i = lanes; i < lanes + 4; ++i)
        EXPECT_EQ(out.header[from + i], clause82::suppressed_header);
      EXPECT_TRUE(same(out, from, *sent, blocks_per_period, 16));
      EXPECT_TRUE(same(out, from + 24, *sent, blocks_per_period + 24, blocks_per_period - 24));
      const std::size_t again = from + blocks_per_period;
      EXPECT_TRUE(same(out, again + 20, *sent, 2 * blocks_per_period + 20, blocks_per_period - 20));
      EXPECT_EQ(clause82::lane_of_marker(out.payload[again + 18], out.header[again + 18]), 18);
    }
  }
}

TEST_F(Clause91Street, WordsComeBackAndParityIsKept) {
  const BitLanes in = disturbed(distributed(messages_of(*sent, signal::kp4)), {1, 0, 3, 2}, {5, 500, 50, 0});
  Clause91Align align;
  Clause91Receive receive;
  Blocks66 out;
  run(align, receive, in, out, clean);
  Clause82BipMonitor bip;
  bip.process(out);
  for (unsigned l = 0; l < lanes; ++l) {
    EXPECT_EQ(bip.counts()[l].markers, 2u);
    // Header 11 of the four blocks behind the first markers spoils BIP bits of lanes 0..3.
    EXPECT_EQ(bip.counts()[l].errored_markers, l < 4 ? 1u : 0u) << l;
  }
  Clause82Receive upper;
  MiiWords got;
  upper.process(out, got);
  upper.finish(got);
  const std::size_t from = first_aligned(out) - lanes * 2;  // unaligned time: a period and a bit
  const std::size_t at = clause82::words_per_period;
  std::size_t start = 4;
  while (words->control[at + start] == 0) ++start;
  for (std::size_t i = start + 1; from + i + 2 < got.size(); ++i) {
    ASSERT_EQ(got.data[from + i], words->data[at + i]) << i;
    ASSERT_EQ(got.control[from + i], words->control[at + i]) << i;
  }
}

TEST_F(Clause91Street, BatchesDoNotMatterNeitherForRestarts) {
  BitLanes in = disturbed(distributed(messages_of(*sent, signal::kr4, true)), {2, 0, 1, 3}, {900, 0, 33, 7});
  const Rule rule = [](std::uint64_t number) {
    DecodeOutcome outcome;
    const bool alone = number % 1000 == 700 || number % 1000 == 701;
    const bool three = number >= 5000 && number < 5003;
    outcome.symbols = alone || three ? DecodeOutcome::uncorrectable : static_cast<std::int16_t>(number % 3);
    return outcome;
  };
  Clause91Align whole_align({signal::kr4, std::nullopt}), align({signal::kr4, std::nullopt});
  Clause91Receive whole_receive({signal::kr4}), receive({signal::kr4});
  Blocks66 whole, all;
  run(whole_align, whole_receive, in, whole, rule);
  const RandomStream random(9, "clause91.chunks", 0);
  std::uint64_t draw = 0;
  std::vector<std::size_t> at(fec_lanes, 0);
  for (bool more = true; more;) {
    more = false;
    BitLanes part(fec_lanes);
    for (unsigned l = 0; l < fec_lanes; ++l) {
      const std::size_t count =
          std::min<std::size_t>(random.bits(draw++) % 150000, in[l].bits.size() - at[l]);
      part[l].first_index = at[l];
      part[l].bits.append(in[l].bits, at[l], count);
      at[l] += count;
      more = more || at[l] < in[l].bits.size();
    }
    Blocks66 out;
    run(align, receive, part, out, rule);
    EXPECT_EQ(out.first_index, all.size());
    all.payload.insert(all.payload.end(), out.payload.begin(), out.payload.end());
    all.header.insert(all.header.end(), out.header.begin(), out.header.end());
  }
  EXPECT_TRUE(all.payload == whole.payload);
  EXPECT_TRUE(all.header == whole.header);
  EXPECT_EQ(whole_align.report().restarts, 1u);
  EXPECT_EQ(whole_align.report().alignments, 2u);
  EXPECT_TRUE(whole_align.report().align_status);
  EXPECT_EQ(whole_receive.report().restarts, 1u);
  EXPECT_EQ(align.report().codewords, whole_align.report().codewords);
  EXPECT_EQ(align.report().codewords, receive.report().codewords);
  EXPECT_EQ(receive.report().uncorrectable, whole_receive.report().uncorrectable);
  EXPECT_EQ(receive.report().unaligned_codewords, whole_receive.report().unaligned_codewords);
  for (unsigned l = 0; l < fec_lanes; ++l) {
    EXPECT_EQ(align.report().lanes[l].markers, whole_align.report().lanes[l].markers);
  }
  // Codeword 5002 is the last one before the restart; the fourth group of markers is the second to be seen
  // behind it.
  EXPECT_NE(whole.header[5002 * 80 + 79], clause82::unaligned_header);
  EXPECT_EQ(whole.header[5003 * 80], clause82::unaligned_header);
  std::size_t again = 5003 * 80;
  while (whole.header[again] == clause82::unaligned_header) ++again;
  EXPECT_EQ(again, (3 * 4096 + 1) * 80u);
  EXPECT_TRUE(same(whole, again + 24, *sent, 3 * blocks_per_period + 24, whole.size() - again - 24));
}

TEST_F(Clause91Street, FiveBadMarkersInARowAreTooMany) {
  const FecCode code = signal::kr4;
  const std::uint64_t period = clause91::lane_bits_per_period(code);
  const RandomStream random(10, "clause91.lane", 0);
  std::array<std::uint64_t, lanes> markers;
  for (unsigned l = 0; l < lanes; ++l) markers[l] = clause82::marker_payload(l, 0);
  Codewords group;
  group.code = code;
  group.resize(1);
  const auto bits = clause91::map_markers(markers, true, 0).bits;
  std::copy(bits.begin(), bits.end(), group.at(0));
  const BitLanes bodies = distributed(group);
  for (const unsigned bad : {4u, 5u}) {
    clause91::LaneSync sync(code);
    unsigned good = 0, wrong = 0, lost = 0;
    for (unsigned p = 0; p < 9; ++p) {
      signal::BitLanes::Lane lane;
      lane.bits.append(bodies[2].bits, 0, 320);
      // Up to three nibbles may be wrong, four are too many.
      const unsigned nibbles = p >= 2 && p < 2 + bad ? 4 : 3;
      for (unsigned n = 0; n < nibbles; ++n) lane.bits.flip((n < 2 ? 4 : 24) + 5 * n);
      for (std::uint64_t i = 320; i < period; i += 64) {
        lane.bits.append(random.bits(i), static_cast<unsigned>(std::min<std::uint64_t>(64, period - i)));
      }
      sync.append(lane);
      for (const auto& event : sync.events()) {
        lost += event.fec_lane < 0;
        good += event.good;
        wrong += !event.good;
      }
      sync.events().clear();
      sync.release(sync.processed());
    }
    EXPECT_EQ(lost, bad == 5 ? 1u : 0u);
    EXPECT_EQ(wrong, bad);
    EXPECT_EQ(good, bad == 5 ? 2u : 4u);
  }
}

TEST_F(Clause91Street, RefusesTooMuchSkewAndTwins) {
  const BitLanes straight = distributed(messages_of(*sent, signal::kp4));
  Clause91Align align;
  Clause91Batch batch;
  align.process(disturbed(straight, {0, 1, 2, 3}, {0, 4782, 0, 0}), batch);
  EXPECT_TRUE(align.report().excessive_skew);
  EXPECT_FALSE(align.report().align_status);
  EXPECT_EQ(batch.codewords.count, 0u);
  Clause91Align wider({signal::kp4, 5000});
  wider.process(disturbed(straight, {0, 1, 2, 3}, {0, 4782, 0, 0}), batch);
  EXPECT_TRUE(wider.report().align_status);
  align.reset();
  align.process(disturbed(straight, {0, 1, 1, 3}, {0, 0, 0, 0}), batch);
  EXPECT_TRUE(align.report().duplicate_lanes);
  EXPECT_THROW(Clause91Align({signal::kp4, 2'000'001}), ConfigError);
  EXPECT_THROW(align.process(BitLanes(3), batch), InputError);
}

TEST_F(Clause91Street, LosesALaneAndFindsItAgain) {
  BitLanes in = distributed(messages_of(*sent, signal::kp4));
  // A second copy behind the first, shifted by 100 codewords of noise on lane 2: its markers fail five times
  // never, but three bad codewords do.
  const std::uint64_t slip = clause91::lane_bits_per_period(signal::kp4) + 200 * 1360 + 11;
  BitVector slipped;
  slipped.append(in[2].bits, 0, slip);
  slipped.append(in[2].bits, slip + 1, in[2].bits.size() - slip - 1);
  in[2].bits = slipped;
  Clause91Align align;
  Clause91Receive receive;
  Blocks66 out;
  run(align, receive, in, out, [&](std::uint64_t number) {
    DecodeOutcome outcome;
    if (number >= 4096 + 200 && number < 4096 + 300) outcome.symbols = DecodeOutcome::uncorrectable;
    return outcome;
  });
  EXPECT_EQ(align.report().restarts, 1u);
  EXPECT_EQ(align.report().alignments, 2u);
  EXPECT_TRUE(align.report().align_status);
  EXPECT_EQ(align.report().lanes[2].skew_bits, 0u);
  EXPECT_EQ(align.report().lanes[0].skew_bits, 1u);
}

TEST_F(Clause91Street, NothingOfABadCodewordPassesForAFrame) {
  for (const bool mark_all : {true, false}) {
    Codewords codewords = messages_of(*sent, signal::kp4);
    const RandomStream random(11, "clause91.bad", 0);
    const auto is_bad = [&](std::uint64_t number) { return number % 1700 == 1234 || number % 4096 == 0; };
    Clause91Batch batch;
    batch.codewords = codewords;
    batch.runs = {{0, codewords.count}};
    batch.end = codewords.count;
    std::vector<DecodeOutcome> outcomes(codewords.count);
    for (std::size_t c = 0; c < codewords.count; ++c) {
      if (!is_bad(c)) continue;
      outcomes[c].symbols = DecodeOutcome::uncorrectable;
      for (unsigned s = 0; s < 40; ++s) {
        signal::xor_symbol(batch.codewords.at(c), random.bits(100 * c + s) % 514,
                           1 + random.bits(100 * c + s) % 1023);
      }
    }
    Clause91Receive receive({signal::kp4, mark_all});
    Blocks66 out;
    ASSERT_FALSE(receive.process(batch, outcomes, out).has_value());
    ASSERT_EQ(out.size(), codewords.count * 80);
    for (std::size_t c = 0; c < codewords.count; ++c) {
      const std::size_t first = c % 4096 == 0 ? 20 : 0;
      if (!is_bad(c)) {
        const std::size_t spill = c == 0 || is_bad(c - 1) ? 4 : 0;
        if (mark_all) {
          ASSERT_TRUE(same(out, 80 * c + first + spill, *sent, 80 * c + first + spill, 80 - first - spill))
              << c;
        }
        continue;
      }
      for (std::size_t b = first; b < 80; ++b) {
        const bool by_clause = b % 8 == 0 || b == 7 || b == 79;
        const std::uint8_t header = out.header[80 * c + b];
        if (by_clause) {
          EXPECT_EQ(header, signal::invalid_header) << b;
        } else if (mark_all) {
          EXPECT_EQ(header, clause82::suppressed_header);
        }
      }
    }
    if (!mark_all) continue;
    // Every frame that arrives whole is one that was sent, bit for bit, and none of a bad codeword does.
    Clause82Receive upper;
    MiiWords got;
    upper.process(out, got);
    upper.finish(got);
    EXPECT_EQ(upper.report().hi_ber_windows, 0u) << "marks of the clause alone stay below 97 in 500 us here";
    std::vector<std::vector<std::uint64_t>> frames;
    std::vector<std::size_t> first_word;
    for (std::size_t i = 0; i < words->size(); ++i) {
      if (words->control[i] == 1 && (words->data[i] & 0xff) == signal::mii::start) {
        frames.emplace_back();
        first_word.push_back(i);
      }
      if (!frames.empty()) frames.back().push_back(words->data[i]);
      if (words->control[i] == 0xff && words->data[i] == terminate_word) frames.push_back({});
    }
    frames.erase(
        std::remove_if(frames.begin(), frames.end(),
                       [](const auto& f) { return f.empty() || (f[0] & 0xff) != signal::mii::start; }),
        frames.end());
    std::size_t delivered = 0;
    for (std::size_t i = 0; i < got.size(); ++i) {
      if (got.control[i] != 1 || (got.data[i] & 0xff) != signal::mii::start) continue;
      std::size_t end = i + 1;
      while (end < got.size() && got.control[end] == 0) ++end;
      if (end == got.size() || got.data[end] != terminate_word) continue;
      const std::uint64_t number = got.data[i + 1];
      ASSERT_LT(number, frames.size());
      ASSERT_TRUE(std::equal(frames[number].begin(), frames[number].end(),
                             got.data.begin() + static_cast<std::ptrdiff_t>(i)));
      ++delivered;
    }
    EXPECT_GT(delivered, frames.size() * 9 / 10);
    EXPECT_LT(delivered, frames.size());
  }
}

TEST_F(Clause91Street, ModuleTakesTwentyLanesAndGivesThemBack) {
  // Host: 20 PCS lanes with skew; module: aligns them and makes the FEC; the far module ends it and deals 20
  // lanes.
  Clause82Distribute host, far_module;
  BitLanes electrical, far_electrical;
  host.process(*sent, electrical);
  for (unsigned l = 0; l < lanes; ++l) {
    BitVector late;
    for (unsigned i = 0; i < 30 * l; ++i) late.append(i * 7 >> 3, 1);
    late.append(electrical[l].bits);
    electrical[l].bits = late;
  }
  Clause82Align module;
  Blocks66 module_stream, far_stream;
  module.process(electrical, module_stream);
  ASSERT_TRUE(module.report().align_status);
  Clause91Transmit fec({signal::kp4, false});
  Codewords messages;
  fec.process(module_stream, messages);
  EXPECT_GT(fec.report().unaligned_blocks, 0u);
  Clause91Align align;
  Clause91Receive receive;
  run(align, receive, distributed(messages), far_stream, clean);
  ASSERT_TRUE(align.report().align_status);
  const std::size_t from = first_aligned(far_stream);
  EXPECT_TRUE(same(far_stream, from, *sent, 3 * blocks_per_period, lanes));
  EXPECT_TRUE(same(far_stream, from + 24, *sent, 3 * blocks_per_period + 24, far_stream.size() - from - 24));
  EXPECT_GT(far_stream.size() - from, 10000u);
  far_module.process(far_stream, far_electrical);
  for (unsigned l = 0; l < lanes; ++l) {
    EXPECT_EQ(far_electrical[l].bits.read(from / lanes * 66 + 2, 64),
              sent->payload[3 * blocks_per_period + l]);
  }
}

TEST_F(Clause91Street, LateModuleIsFoundByTheFarSide) {
  // Invalid blocks without groups first; then a marker phase that does not fit whole codewords.
  Blocks66 stream;
  for (std::size_t i = 0; i < lanes * 1003; ++i) stream.push(0, clause82::unaligned_header);
  stream.payload.insert(stream.payload.end(), sent->payload.begin(), sent->payload.end());
  stream.header.insert(stream.header.end(), sent->header.begin(), sent->header.end());
  Clause91Transmit fec;
  Codewords messages;
  fec.process(stream, messages);
  EXPECT_EQ(fec.report().unaligned_blocks, lanes * 1003);
  EXPECT_EQ(fec.report().dropped_blocks, lanes * 3);
  Clause91Align align;
  Clause91Receive receive;
  Blocks66 out;
  run(align, receive, distributed(messages), out, clean);
  EXPECT_TRUE(align.report().align_status);
  const std::size_t from = first_aligned(out);
  EXPECT_EQ(from, lanes * 1000 + blocks_per_period);
  EXPECT_TRUE(same(out, from + 24, *sent, blocks_per_period + 24, out.size() - from - 24));
}

TEST_F(Clause91Street, HiSerAndDegrade) {
  const std::size_t count = 20000;
  Codewords codewords = messages_of(*sent, signal::kr4, true);
  for (const unsigned errors : {417u, 418u}) {
    Clause91Batch batch;
    batch.codewords.code = signal::kr4;
    batch.codewords.resize(count);
    for (std::size_t c = 0; c < count; ++c)
      std::copy_n(codewords.at(c % 4096), signal::kr4.words, batch.codewords.at(c));
    batch.runs = {{0, count}};
    batch.end = count;
    std::vector<DecodeOutcome> outcomes(count);
    for (unsigned i = 0; i < errors; ++i) outcomes[8192 + 10 * i].symbols = 1;
    Clause91ReceiveConfig config{signal::kr4, true, true, {}};
    config.degrade = {true, 8192, 417, 10};
    Clause91Receive receive(config);
    Blocks66 out;
    receive.process(batch, outcomes, out);
    const bool high = errors == 418;
    EXPECT_EQ(receive.report().hi_ser, high);
    EXPECT_EQ(receive.report().hi_ser_events, high ? 1u : 0u);
    EXPECT_EQ(receive.report().fec_degraded_ser, high);
    const std::size_t turns = 8192 + 10 * 417;
    EXPECT_NE(out.header[80 * turns - 1], signal::invalid_header);
    EXPECT_EQ(out.header[80 * turns + 40] == signal::invalid_header, high);
    EXPECT_EQ(out.header[80 * count - 1] == signal::invalid_header, high);
    // 60 ms later it is over.
    for (Clause91Batch& more = batch; receive.report().hi_ser;) {
      more.begin = more.end;
      more.runs = {{more.end, count}};
      more.end += count;
      out.clear();
      receive.process(more, std::vector<DecodeOutcome>(count), out);
    }
    EXPECT_FALSE(receive.report().fec_degraded_ser);
    EXPECT_EQ(receive.report().marked_blocks > 0, high);
    if (high) {
      EXPECT_NEAR(static_cast<double>(receive.report().marked_blocks) / 80, clause91::hi_ser_hold, 100);
    }
  }
  EXPECT_THROW(Clause91Receive({signal::kp4, true, false, {true, 3, 1, 1}}), ConfigError);
  EXPECT_THROW(Clause91Receive({signal::kp4, true, false, {true, 8, 1, 3}}), ConfigError);
}

TEST_F(Clause91Street, OfflineNeedsOneMarkerPerLane) {
  for (const FecCode& code : {signal::kp4, signal::kr4}) {
    Blocks66 encoded;
    const Blocks66 blocks = marked(traffic(60 + 80 * 9, 12), &encoded);
    const Codewords messages = messages_of(blocks, code, code == signal::kr4);
    const std::vector<unsigned> skew = {4000, 0, 321, 77};
    BitLanes in = disturbed(distributed(messages), {3, 0, 2, 1}, skew);
    for (unsigned l = 0; l < fec_lanes; ++l) {
      for (const unsigned nibble : {1u, 9u, 13u}) in[l].bits.flip(skew[l] + 4 * nibble);
      for (unsigned i = 0; i < 64; ++i)
        in[l].bits.flip(skew[l] + 128 + i);  // one of three may be lost altogether
      for (unsigned i = 256; i < 320; ++i) in[l].bits.flip(skew[l] + i);
    }
    const auto found = clause91_align_offline(in, code);
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->fec_lane, (std::array<int, 4>{3, 0, 2, 1}));
    EXPECT_EQ(found->skew, (std::array<std::uint64_t, 4>{4000, 0, 321, 77}));
    ASSERT_EQ(found->codewords.count, messages.count);
    Clause91Receive receive({code, false});
    Clause91Batch batch;
    batch.codewords = found->codewords;
    batch.runs = {{0, batch.codewords.count}};
    batch.end = batch.codewords.count;
    Blocks66 stream;
    receive.process(batch, std::vector<DecodeOutcome>(batch.codewords.count), stream);
    const Blocks66 plain = clause82_plain_blocks(stream);
    ASSERT_EQ(plain.size(), encoded.size());
    EXPECT_TRUE(same(plain, 2, encoded, 2, plain.size() - 2));
    in[3].bits.flip(skew[3] + 20);
    EXPECT_FALSE(clause91_align_offline(in, code).has_value());
    EXPECT_FALSE(clause91_align_offline(BitLanes(4), code).has_value());
  }
}

}  // namespace
}  // namespace lightlane::pcs
