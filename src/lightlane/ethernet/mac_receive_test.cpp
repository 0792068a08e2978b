#include "lightlane/ethernet/mac_receive.hpp"

#include <gtest/gtest.h>

#include "lightlane/base/error.hpp"
#include "lightlane/ethernet/mac_test_tools.hpp"
#include "lightlane/ethernet/mac_transmit.hpp"

namespace lightlane::ethernet {
namespace {

using namespace test;

signal::MiiWords words_of(const signal::Frames& frames, std::vector<SentFrame>* sent = nullptr,
                          std::uint32_t gap = 12) {
  MacTransmit mac({.inter_packet_gap_octets = gap, .idle_words_at_start = 3});
  signal::MiiWords words;
  mac.process(frames, words, sent);
  mac.finish(words);
  mac.send_idle(2, words);
  return words;
}

struct Received {
  signal::Frames frames;
  MacReceiveReport report;
};

Received receive(const signal::MiiWords& words, const MacReceiveConfig& config = {}) {
  Received received;
  MacReceive mac(config);
  mac.process(words, received.frames);
  mac.finish(received.frames);
  received.report = mac.report();
  return received;
}

TEST(MacReceive, RoundTrip) {
  std::vector<std::size_t> lengths = random_lengths(300, 1, 1600, 3);
  for (const std::size_t length : {1u, 59u, 60u, 61u, 1514u, 9014u, 16384u + 14u, 16406u})
    lengths.push_back(length);
  const signal::Frames frames = frames_of(lengths);
  std::vector<SentFrame> sent;
  const signal::MiiWords words = words_of(frames, &sent);
  const Received got = receive(words);
  ASSERT_EQ(got.frames.size(), frames.size());
  std::uint64_t octets = 0;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    ASSERT_EQ(octets_of(got.frames, i), padded(octets_of(frames, i))) << i;
    const signal::FrameRecord& record = got.frames.records[i];
    EXPECT_EQ(record.word_index, sent[i].word_index);
    EXPECT_EQ(record.fcs, sent[i].fcs);
    EXPECT_EQ(record.sequence, i);
    EXPECT_EQ(record.time_ps, static_cast<std::int64_t>(160 * (sent[i].word_index + 1)));
    EXPECT_FALSE(record.fcs_error || record.fcs_kept);
    octets += sent[i].octets;
  }
  EXPECT_EQ(got.report.frames, frames.size());
  EXPECT_EQ(got.report.octets, octets);
  EXPECT_EQ(got.report.words, words.size());
  EXPECT_EQ(got.report.frames_lost_here() + got.report.stray_words + got.report.tail_errors, 0u);
}

TEST(MacReceive, AnyChunksGiveTheSameFramesAndReport) {
  signal::MiiWords words = words_of(frames_of(random_lengths(150, 1, 200, 5)));
  const RandomStream random(3, "ethernet.test.chunks", 0);
  // Damage of every kind, so that each path meets a chunk boundary.
  for (std::uint64_t k = 0; k < 40; ++k) {
    const std::size_t at = random.bits(2 * k) % words.size();
    switch (k % 5) {
      case 0:
        words.data[at] ^= 1;
        break;
      case 1:
        words.data[at] = signal::mii::error_word, words.control[at] = 0xff;
        break;
      case 2:
        words.data[at] = signal::mii::local_fault, words.control[at] = 1;
        break;
      case 3:
        words.control[at] ^= 1 << (k % 8);
        break;
      default:
        words.data[at] = 0xd5555555555555fb, words.control[at] = 1;
        break;
    }
  }
  const MacReceiveConfig config{.max_frame_octets = 190, .keep_fcs_errors = true};
  const Received whole = receive(words, config);
  EXPECT_GT(whole.report.oversize, 0u);
  EXPECT_GT(whole.report.damaged, 0u);
  EXPECT_GT(whole.report.fcs_errors, 0u);
  for (const std::size_t step : {1u, 2u, 3u, 7u, 8u, 9u, 64u, 1000u}) {
    MacReceive mac(config);
    signal::Frames frames;
    for (std::size_t at = 0; at < words.size(); at += step) {
      mac.process(slice(words, at, std::min(words.size(), at + step)), frames);
    }
    mac.finish(frames);
    ASSERT_EQ(frames.size(), whole.frames.size()) << step;
    EXPECT_EQ(frames.octets, whole.frames.octets);
    for (std::size_t i = 0; i < frames.size(); ++i) {
      EXPECT_EQ(frames.records[i].word_index, whole.frames.records[i].word_index);
      EXPECT_EQ(frames.records[i].fcs_error, whole.frames.records[i].fcs_error);
    }
    const MacReceiveReport a = mac.report(), b = whole.report;
    EXPECT_EQ(a.frames, b.frames);
    EXPECT_EQ(a.fcs_errors, b.fcs_errors);
    EXPECT_EQ(a.runts, b.runts);
    EXPECT_EQ(a.oversize, b.oversize);
    EXPECT_EQ(a.damaged, b.damaged);
    EXPECT_EQ(a.preamble_errors, b.preamble_errors);
    EXPECT_EQ(a.unexpected_starts, b.unexpected_starts);
    EXPECT_EQ(a.unexpected_terminates, b.unexpected_terminates);
    EXPECT_EQ(a.stray_words, b.stray_words);
    EXPECT_EQ(a.tail_errors, b.tail_errors);
    EXPECT_EQ(a.error_words, b.error_words);
    EXPECT_EQ(a.local_fault_sets, b.local_fault_sets);
    EXPECT_EQ(a.link_fault_changes, b.link_fault_changes);
  }
}

/// Every bit of every word flipped, one at a time: what is delivered was sent, in order, and no more than two
/// frames go missing (one that is hit, and its neighbour where the flip hits what separates them).
TEST(MacReceive, NoSingleFlipIsEverDeliveredAsGood) {
  const signal::Frames frames = frames_of({60, 61, 64, 75, 66, 60});
  signal::MiiWords words = words_of(frames);
  std::vector<std::vector<std::uint8_t>> expected;
  for (std::size_t i = 0; i < frames.size(); ++i) expected.push_back(octets_of(frames, i));
  for (std::size_t w = 0; w < words.size(); ++w) {
    for (unsigned bit = 0; bit < 72; ++bit) {
      const auto flip = [&] {
        if (bit < 64) {
          words.data[w] ^= std::uint64_t{1} << bit;
        } else {
          words.control[w] ^= static_cast<std::uint8_t>(1u << (bit - 64));
        }
      };
      flip();
      const Received got = receive(words);
      std::size_t next = 0;
      for (std::size_t i = 0; i < got.frames.size(); ++i) {
        const auto octets = octets_of(got.frames, i);
        while (next < expected.size() && expected[next] != octets) ++next;
        ASSERT_LT(next, expected.size()) << "word " << w << " bit " << bit << ": a frame that was not sent";
        ++next;
      }
      ASSERT_GE(got.frames.size() + 2, expected.size()) << "word " << w << " bit " << bit;
      flip();
    }
  }
}

/// Words replaced at random, many at a time: the same frames as a receiver that looks at one octet at a time.
TEST(MacReceive, AgreesWithTheSerialReceiverOnDamagedStreams) {
  const RandomStream random(11, "ethernet.test.damage", 0);
  const std::uint64_t replacements[] = {0xd5555555555555fb, 0x07070707070707fd, 0x0707070707070707,
                                        0xfefefefefefefefe, 0x0100009c,         0x0606060606060606,
                                        0x07fefd0707fefbfd, 0x1234567890abcdef};
  const std::uint8_t flags[] = {0x01, 0xff, 0x00, 0xf0, 0x80, 0x10, 0xfe, 0x0f};
  std::uint64_t k = 0, delivered = 0, damaged = 0;
  for (unsigned round = 0; round < 300; ++round) {
    signal::MiiWords words =
        words_of(frames_of(random_lengths(20, 1, 150, 100 + round)), nullptr, 1 + round % 14);
    for (unsigned hit = 0; hit < round % 12; ++hit) {
      const std::size_t at = random.bits(k++) % words.size();
      const std::uint64_t draw = random.bits(k++);
      if ((draw & 3) != 0) words.data[at] = replacements[draw >> 8 & 7];
      if ((draw & 12) != 0) words.control[at] = flags[draw >> 16 & 7];
      if ((draw & 0x30) == 0) words.data[at] ^= std::uint64_t{1} << (draw >> 24 & 63);
    }
    const auto expected = receive_serially(words, 140);
    const Received got = receive(words, {.max_frame_octets = 140});
    ASSERT_EQ(got.frames.size(), expected.size()) << round;
    for (std::size_t i = 0; i < expected.size(); ++i)
      ASSERT_EQ(octets_of(got.frames, i), expected[i]) << round;
    delivered += expected.size();
    damaged += got.report.damaged;
  }
  EXPECT_GT(delivered, 2000u);
  EXPECT_GT(damaged, 100u);
}

/// One frame of 100 octets and what happens to it.
class OneFrame : public ::testing::Test {
 protected:
  signal::Frames frames = frames_of({96, 97});
  signal::MiiWords words =
      words_of(frames);  // /S/ of the first in word 3, /T/ of the first in lane 4 of word 16
  MacReceiveReport report(const MacReceiveConfig& config = {}) {
    received = receive(words, config);
    return received.report;
  }
  Received received;
};

TEST_F(OneFrame, WrongFcsIsCountedAndKeptOnRequest) {
  words.data[6] ^= 1;
  EXPECT_EQ(report().fcs_errors, 1u);
  EXPECT_EQ(received.frames.size(), 1u);
  EXPECT_EQ(report({.keep_fcs_errors = true}).fcs_errors, 1u);
  ASSERT_EQ(received.frames.size(), 2u);
  EXPECT_TRUE(received.frames.records[0].fcs_error);
  EXPECT_TRUE(received.frames.records[0].fcs_kept);
  EXPECT_EQ(received.frames.records[0].length, 100u);
  EXPECT_FALSE(received.frames.records[1].fcs_error);
  EXPECT_EQ(received.frames.records[1].length, 97u);
}

TEST_F(OneFrame, FcsIsKeptOnRequest) {
  report({.keep_fcs = true});
  ASSERT_EQ(received.frames.size(), 2u);
  EXPECT_EQ(received.frames.records[0].length, 100u);
  std::uint32_t check = 0;
  for (unsigned i = 0; i < 4; ++i) check |= static_cast<std::uint32_t>(received.frames[0][96 + i]) << 8 * i;
  EXPECT_EQ(check, received.frames.records[0].fcs);
}

TEST_F(OneFrame, ErrorCharacterDamages) {
  words.data[8] = signal::mii::error_word;
  words.control[8] = 0xff;
  const MacReceiveReport r = report();
  EXPECT_EQ(r.damaged, 1u);
  EXPECT_EQ(r.error_words, 1u);
  EXPECT_EQ(r.stray_words + r.unexpected_terminates, 0u);  // the rest of the frame still belongs to it
  EXPECT_EQ(r.frames, 1u);
}

TEST_F(OneFrame, IdleInsideDamages) {
  words.data[8] = signal::mii::idle_word;
  words.control[8] = 0xff;
  const MacReceiveReport r = report();
  EXPECT_EQ(r.damaged, 1u);
  EXPECT_EQ(r.frames, 1u);
  EXPECT_EQ(r.stray_words, 7u);
  EXPECT_EQ(r.unexpected_terminates, 1u);
}

TEST_F(OneFrame, StartInsideDamagesTheFirst) {
  words.data[5] = 0xd5555555555555fb;
  words.control[5] = 1;
  const MacReceiveReport r = report();
  EXPECT_EQ(r.damaged, 1u);
  EXPECT_EQ(r.unexpected_starts, 1u);
  EXPECT_EQ(r.fcs_errors, 1u);  // what follows the second /S/
  EXPECT_EQ(r.frames, 1u);
}

TEST_F(OneFrame, StartInAnotherLaneIsNone) {
  words.data[1] = 0x55555555fb070707;
  words.control[1] = 0x0f;
  const MacReceiveReport r = report();
  EXPECT_EQ(r.unexpected_starts, 1u);
  EXPECT_EQ(r.frames, 2u);
}

TEST_F(OneFrame, Preamble) {
  words.data[3] = 0xd5555555555455fb;
  EXPECT_EQ(report().frames, 2u);
  EXPECT_EQ(report({.strict_preamble = true}).preamble_errors, 1u);
  EXPECT_EQ(received.frames.size(), 1u);
  words.data[3] = 0xd4555555555555fb;
  const MacReceiveReport r = report();
  EXPECT_EQ(r.preamble_errors, 1u);
  EXPECT_EQ(r.frames, 1u);
  EXPECT_EQ(r.stray_words + r.damaged, 0u);
}

TEST_F(OneFrame, RuntsAndOversize) {
  words.data[10] = 0x07070707070707fd;
  words.control[10] = 0xff;
  MacReceiveReport r = report();
  EXPECT_EQ(r.runts, 1u);
  EXPECT_EQ(r.fcs_errors, 0u);
  words = words_of(frames);
  r = report({.max_frame_octets = 100});
  EXPECT_EQ(r.oversize, 1u);
  EXPECT_EQ(r.frames, 1u);
}

TEST(MacReceive, AFrameOf63OctetsIsARuntThoughItsFcsIsRight) {
  std::vector<std::uint8_t> octets(59, 0xa5);
  const std::uint32_t check = fcs_reference(octets);
  for (unsigned i = 0; i < 4; ++i) octets.push_back(static_cast<std::uint8_t>(check >> 8 * i));
  octets.push_back(0xfd);
  signal::MiiWords words;
  words.push(0xd5555555555555fb, 1);
  for (unsigned w = 0; w < 8; ++w) {
    std::uint64_t word = 0;
    for (unsigned lane = 0; lane < 8; ++lane)
      word |= static_cast<std::uint64_t>(octets[8 * w + lane]) << 8 * lane;
    words.push(word, w == 7 ? 0x80 : 0);
  }
  const Received got = receive(words, {.keep_fcs_errors = true});
  EXPECT_EQ(got.report.runts, 1u);
  EXPECT_EQ(got.frames.size(), 0u);
}

TEST_F(OneFrame, WhatFollowsTerminate) {
  words.data[16] = (words.data[16] & ~(std::uint64_t{0xff} << 48)) | std::uint64_t{0x06} << 48;
  EXPECT_EQ(report().tail_errors, 0u);
  words.data[16] |= std::uint64_t{0xfe} << 48;
  EXPECT_EQ(report().tail_errors, 1u);
  EXPECT_EQ(received.frames.size(), 2u);
}

TEST_F(OneFrame, AnUnfinishedFrameIsDamaged) {
  words = slice(words, 0, 10);
  EXPECT_EQ(report().damaged, 1u);
  words = slice(words, 0, 4);
  EXPECT_EQ(report().damaged, 1u);
}

TEST(MacReceive, MemoryOfAnEndlessFrameIsBounded) {
  MacReceive mac({.max_frame_octets = 2000});
  signal::MiiWords words;
  words.push(0xd5555555555555fb, 1);
  signal::Frames frames;
  mac.process(words, frames);
  words.data.assign(100, 0x1122334455667788);
  words.control.assign(100, 0);
  for (unsigned i = 0; i < 100; ++i) mac.process(words, frames);
  words.clear();
  words.push(0x07070707070707fd, 0xff);
  mac.process(words, frames);
  EXPECT_EQ(mac.report().oversize, 1u);
  EXPECT_TRUE(frames.octets.empty());
}

TEST(MacReceive, OrderedSetsAndLpi) {
  signal::MiiWords words;
  words.push_idle(3);
  for (unsigned i = 0; i < 3; ++i) words.push(signal::mii::local_fault, 1);
  words.push(0x0400009c, 1);
  words.push(0x0000015c, 1);
  for (unsigned i = 0; i < 2; ++i) words.push(signal::mii::remote_fault, 1);
  words.push(signal::mii::link_interruption, 1);
  for (unsigned i = 0; i < 5; ++i) words.push(signal::mii::lpi_word, 0xff);
  words.push(signal::mii::local_fault, 0xff);  // not an ordered set
  words.push(0x0000000100000000 | signal::mii::local_fault, 1);
  const MacReceiveReport r = receive(words).report;
  EXPECT_EQ(r.local_fault_sets, 3u);
  EXPECT_EQ(r.remote_fault_sets, 2u);
  EXPECT_EQ(r.link_interruption_sets, 1u);
  EXPECT_EQ(r.other_sets, 3u);
  EXPECT_EQ(r.lpi_words, 5u);
  EXPECT_EQ(r.stray_words, 1u);
  EXPECT_EQ(r.link_fault, LinkFault::ok);
}

TEST(MacReceive, LinkFaultOfARunningLink) {
  MacTransmit transmit;
  MacReceive mac;
  signal::Frames frames;
  const auto run = [&](Sending sending, std::uint64_t count) {
    signal::MiiWords words;
    transmit.set_sending(sending);
    transmit.send_idle(count, words);
    mac.process(words, frames);
    return mac.report().link_fault;
  };
  EXPECT_EQ(run(Sending::normal, 500), LinkFault::ok);
  EXPECT_EQ(run(Sending::local_fault, 3), LinkFault::ok);
  EXPECT_EQ(run(Sending::local_fault, 1), LinkFault::local_fault);
  EXPECT_EQ(run(Sending::remote_fault, 3), LinkFault::local_fault);
  EXPECT_EQ(run(Sending::remote_fault, 1), LinkFault::remote_fault);
  EXPECT_EQ(run(Sending::normal, 127), LinkFault::remote_fault);
  EXPECT_EQ(run(Sending::normal, 1), LinkFault::ok);
  EXPECT_EQ(run(Sending::link_interruption, 4), LinkFault::link_interruption);
  EXPECT_EQ(mac.report().link_fault_changes, 4u);
}

/// Figure 46-11 column by column, as it is drawn.
struct DrawnMachine {
  enum { init, count, fault } state = init;
  LinkFault link_fault = LinkFault::ok, last = LinkFault::ok;
  unsigned seq_cnt = 0, col_cnt = 0;
  void column(LinkFault type) {
    const bool sequence = type != LinkFault::ok;
    if (!sequence) {
      if (state != init && ++col_cnt > 127) {
        state = init;
        link_fault = LinkFault::ok;
      }
      return;
    }
    col_cnt = 0;
    if (state == init || type != last) {
      last = type;
      seq_cnt = 1;
      state = count;
    } else if (state == count && ++seq_cnt == 4) {
      state = fault;
      link_fault = type;
    }
  }
};

TEST(LinkFaultMachine, FollowsTheFigure) {
  const RandomStream random(5, "ethernet.test.faults", 0);
  DrawnMachine drawn;
  LinkFaultMachine machine;
  std::uint64_t index = 0, changes = 0;
  LinkFault before = LinkFault::ok;
  for (std::uint64_t k = 0; k < 20'000; ++k) {
    const std::uint64_t draw = random.bits(k);
    const std::uint64_t idle = (draw & 3) == 0 ? draw >> 8 & 255 : 120 + (draw >> 8) % 12 * ((draw & 4) >> 2);
    for (std::uint64_t i = 0; i < ((draw & 24) == 0 ? idle : 0); ++i, ++index) {
      drawn.column(LinkFault::ok);
      changes += drawn.link_fault != before;
      before = drawn.link_fault;
    }
    machine.advance(index);
    ASSERT_EQ(machine.state(), drawn.link_fault) << k;
    const auto type =
        static_cast<LinkFault>(1 + ((draw >> 40) % 8 == 0 ? draw >> 50 & 1 : 0) + ((k >> 8) & 1));
    drawn.column(type);
    changes += drawn.link_fault != before;
    before = drawn.link_fault;
    machine.sequence(type, index++);
    ASSERT_EQ(machine.state(), drawn.link_fault) << k;
  }
  EXPECT_EQ(machine.changes(), changes);
  EXPECT_GT(changes, 100u);
}

TEST(MacReceive, ConfigErrors) {
  EXPECT_THROW(MacReceive({.max_frame_octets = 63}), ConfigError);
  EXPECT_THROW(MacReceive({.max_frame_octets = 300'000}), ConfigError);
  EXPECT_THROW(MacReceive({.ps_per_word = -1}), ConfigError);
}

TEST(MacReceive, Names) {
  EXPECT_EQ(name(LinkFault::local_fault), "local_fault");
  EXPECT_EQ(name(Pacing::back_to_back), "back_to_back");
  EXPECT_EQ(name(Sending::lpi), "lpi");
}

}  // namespace
}  // namespace lightlane::ethernet
