#include "lightlane/ethernet/mac_transmit.hpp"

#include <gtest/gtest.h>

#include "lightlane/base/error.hpp"
#include "lightlane/ethernet/mac_test_tools.hpp"

namespace lightlane::ethernet {
namespace {

using namespace test;

struct Sent {
  signal::MiiWords words;
  std::vector<SentFrame> frames;
  MacTransmitReport report;
};

Sent send(const signal::Frames& frames, const MacTransmitConfig& config = {}) {
  Sent sent;
  MacTransmit mac(config);
  mac.process(frames, sent.words, &sent.frames);
  mac.finish(sent.words);
  sent.report = mac.report();
  return sent;
}

bool same(const signal::MiiWords& a, const signal::MiiWords& b) {
  return a.data == b.data && a.control == b.control && a.first_index == b.first_index;
}

TEST(MacTransmit, OneFrameByHand) {
  signal::Frames frames;
  frames.records.push_back({.offset = 0, .length = 14});
  frames.octets = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4, 5, 6, 0x88, 0xb5};
  const Sent sent = send(frames);
  // Preamble, 64 octets, /T/ and 7 octets of the gap; 4 are owed.
  ASSERT_EQ(sent.words.size(), 10u);
  EXPECT_EQ(sent.report.deficit_idle_octets, 4u);
  const std::vector<std::uint64_t> data{0xd5555555555555fb,
                                        0x0201ffffffffffff,
                                        0x0000b58806050403,
                                        0,
                                        0,
                                        0,
                                        0,
                                        0,
                                        static_cast<std::uint64_t>(sent.frames.at(0).fcs) << 32,
                                        0x07070707070707fd};
  EXPECT_TRUE(std::equal(data.begin(), data.end(), sent.words.data.begin()));
  const std::vector<std::uint8_t> control{0x01, 0, 0, 0, 0, 0, 0, 0, 0, 0xff};
  EXPECT_TRUE(std::equal(control.begin(), control.end(), sent.words.control.begin()));
  auto padded_octets = frames.octets;
  padded_octets.resize(60);
  EXPECT_EQ(sent.frames[0].fcs, fcs_reference(padded_octets));
  EXPECT_EQ(sent.report.padded_frames, 1u);
  EXPECT_EQ(sent.report.octets, 64u);
}

TEST(MacTransmit, TerminateInEveryLane) {
  for (std::size_t length = 60; length < 68; ++length) {
    const Sent sent = send(frames_of({length}));
    const unsigned lane = (length + 4) % 8;
    const std::size_t last = 1 + (length + 4) / 8;
    EXPECT_EQ(sent.frames[0].words, last + 1);
    EXPECT_EQ(sent.words.control[last], static_cast<std::uint8_t>(0xff << lane));
    for (unsigned l = lane; l < 8; ++l) {
      EXPECT_EQ(sent.words.data[last] >> 8 * l & 255, l == lane ? 0xfdu : 0x07u) << length << " " << l;
    }
  }
}

/// The deficit idle count in closed form: were /S/ free to stand anywhere, frame k would begin at octet
/// I(k+1) = I(k) + 8 + length + 12; it begins at the word that holds I(k).
TEST(MacTransmit, GapsFollowTheClosedForm) {
  std::vector<std::vector<std::size_t>> runs;
  for (std::size_t length = 1; length < 140; ++length) runs.emplace_back(200, length);
  runs.push_back(random_lengths(20'000, 60, 1514, 1));
  runs.push_back(random_lengths(20'000, 60, 67, 2));
  for (const std::uint32_t gap : {12u, 8u, 9u, 20u, 96u}) {
    for (const auto& lengths : runs) {
      const signal::Frames frames = frames_of(lengths);
      const Sent sent = send(frames, {.inter_packet_gap_octets = gap});
      std::uint64_t ideal = 0, octets = 0;
      std::uint64_t least = ~std::uint64_t{0}, most = 0;
      for (std::size_t k = 0; k < lengths.size(); ++k) {
        ASSERT_EQ(sent.frames[k].word_index, ideal / 8) << k;
        if (k > 0) {
          const SentFrame& before = sent.frames[k - 1];
          const std::uint64_t end = 8 * (before.word_index + 1) + before.octets;
          least = std::min(least, 8 * sent.frames[k].word_index - end);
          most = std::max(most, 8 * sent.frames[k].word_index - end);
        }
        octets = std::max<std::size_t>(lengths[k], 60) + 4;
        ideal += 8 + octets + gap;
      }
      EXPECT_GE(least, gap - 7);
      EXPECT_LE(most, gap + 7);
      EXPECT_LE(sent.report.deficit_idle_octets, 7u);
      EXPECT_EQ(sent.report.deficit_idle_octets, ideal % 8);
      EXPECT_EQ(sent.words.size(), ideal / 8);
      EXPECT_EQ(sent.report.words, sent.words.size());
      EXPECT_EQ(sent.report.idle_words + sent.report.frame_words, sent.words.size());
    }
  }
}

TEST(MacTransmit, AverageGapIsTwelveOctets) {
  for (std::size_t length = 60; length < 68; ++length) {
    const Sent sent = send(frames_of(std::vector<std::size_t>(801, length)));
    const std::uint64_t octets = 8 * sent.frames[800].word_index;  // 800 frames and their gaps
    EXPECT_EQ(octets, 800 * (8 + length + 4 + 12));
  }
}

/// Gaps shorter than what the word with /T/ holds anyway: what that gives too much pays what is owed.
TEST(MacTransmit, ShortestGaps) {
  for (std::uint32_t gap = 1; gap < 8; ++gap) {
    const Sent sent = send(frames_of(random_lengths(500, 60, 90, gap)), {.inter_packet_gap_octets = gap});
    std::uint64_t ideal = 0;
    for (const SentFrame& frame : sent.frames) {
      ASSERT_EQ(frame.word_index, ideal / 8);
      const std::uint64_t free = 8 * (frame.word_index + frame.words);
      ideal = std::max(ideal + 8 + frame.octets + gap, free);
    }
    EXPECT_EQ(receive_serially(sent.words, 2000).size(), 500u);
  }
}

TEST(MacTransmit, SerialReceiverGetsEveryFrame) {
  std::vector<std::size_t> lengths = random_lengths(300, 1, 1600, 3);
  for (const std::size_t length : {1u, 59u, 60u, 61u, 1514u, 9014u, 16384u + 14u, 16406u})
    lengths.push_back(length);
  const signal::Frames frames = frames_of(lengths);
  const auto delivered = receive_serially(send(frames).words, 16410);
  ASSERT_EQ(delivered.size(), frames.size());
  for (std::size_t i = 0; i < frames.size(); ++i) ASSERT_EQ(delivered[i], padded(octets_of(frames, i))) << i;
}

TEST(MacTransmit, AnyChunksGiveTheSameWords) {
  const std::vector<std::size_t> lengths = random_lengths(200, 1, 300, 4);
  signal::Frames frames;
  std::int64_t time = 0;
  for (const std::size_t length : lengths)
    add_frame(frames, length, time += static_cast<std::int64_t>(length * 40));
  for (const Pacing pacing : {Pacing::back_to_back, Pacing::timestamps}) {
    const MacTransmitConfig config{.pacing = pacing, .idle_words_at_start = 5};
    const Sent whole = send(frames, config);
    for (const std::size_t max_words : {std::size_t{1}, std::size_t{30}, std::size_t{1000}}) {
      MacTransmit mac(config);
      signal::MiiWords joined;
      std::vector<SentFrame> sent;
      std::size_t next = 0;
      while (next < frames.size()) {
        signal::MiiWords part;
        const std::size_t before = next;
        next = mac.process_some(frames, next, max_words, part, &sent);
        ASSERT_GT(next, before);
        ASSERT_EQ(part.first_index, joined.size());
        joined.data.insert(joined.data.end(), part.data.begin(), part.data.end());
        joined.control.insert(joined.control.end(), part.control.begin(), part.control.end());
      }
      mac.finish(joined);
      EXPECT_TRUE(same(joined, whole.words));
      ASSERT_EQ(sent.size(), whole.frames.size());
      for (std::size_t i = 0; i < sent.size(); ++i) {
        EXPECT_EQ(sent[i].word_index, whole.frames[i].word_index);
        EXPECT_EQ(sent[i].fcs, whole.frames[i].fcs);
        EXPECT_EQ(sent[i].sequence, i);
      }
    }
  }
}

TEST(MacTransmit, TimeStampsSetTheGaps) {
  signal::Frames frames;
  add_frame(frames, 100, 5'000'000);
  add_frame(frames, 100, 5'016'000);  // 100 words of 160 ps
  add_frame(frames, 100, 5'016'000);  // at once: late by a frame and its gap
  add_frame(frames, 100, 5'048'159);  // 300.99 words
  add_frame(frames, 100, 5'000'000);  // goes back
  const Sent sent = send(frames, {.pacing = Pacing::timestamps, .idle_words_at_start = 10});
  EXPECT_EQ(sent.frames[0].word_index, 10u);
  EXPECT_EQ(sent.frames[1].word_index, 110u);
  EXPECT_EQ(sent.frames[2].word_index, 110u + 15u);  // 8 + 104 + 12 octets are 15.5 words
  EXPECT_EQ(sent.frames[3].word_index, 310u);
  EXPECT_EQ(sent.frames[4].word_index, 325u);
  EXPECT_EQ(sent.report.late_frames, 2u);
  EXPECT_EQ(sent.report.max_late_words, 315u);

  const Sent half = send(frames, {.pacing = Pacing::scaled, .gap_scale = Rational(1, 2)});
  EXPECT_EQ(half.frames[1].word_index, 50u);
  EXPECT_EQ(half.frames[3].word_index, 150u);
  const Sent slow = send(frames, {.pacing = Pacing::timestamps, .ps_per_word = 640});
  EXPECT_EQ(slow.frames[1].word_index, 25u);
}

TEST(MacTransmit, LongGapsAreFastForwardedButCounted) {
  signal::Frames frames;
  add_frame(frames, 60, 0);
  add_frame(frames, 60, 1'000'000'000'000);  // a second
  add_frame(frames, 60, 1'000'000'016'000);
  add_frame(frames, 60, std::numeric_limits<std::int64_t>::max());
  MacTransmit mac({.pacing = Pacing::timestamps, .max_gap_words = 1000});
  signal::MiiWords words;
  std::vector<SentFrame> sent;
  mac.process(frames, words, &sent);
  EXPECT_EQ(sent[1].word_index, 10u + 1u + 1000u - 1u);  // 10 words of frame, the gap of 12 octets, then 1000
  for (std::size_t i = 0; i < 4; ++i) {
    const std::int64_t time = mac.time_ps(sent[i].word_index, sent[i].skipped_words);
    EXPECT_LE(time, frames.records[i].time_ps);
    EXPECT_GT(time, frames.records[i].time_ps - 160);
  }
  EXPECT_LT(words.size(), 4000u);
}

TEST(MacTransmit, WhatIsSentInsteadOfFrames) {
  const signal::Frames frames = frames_of({100, 200});
  const std::pair<Sending, std::uint64_t> kinds[] = {{Sending::local_fault, 0x0100009c},
                                                     {Sending::remote_fault, 0x0200009c},
                                                     {Sending::link_interruption, 0x0300009c},
                                                     {Sending::lpi, 0x0606060606060606}};
  for (const auto& [sending, word] : kinds) {
    MacTransmit mac;
    signal::MiiWords words;
    mac.send_idle(3, words);
    mac.set_sending(sending);
    mac.process(frames, words);
    mac.send_idle(2, words);
    mac.set_sending(Sending::normal);
    mac.process(frames, words);
    EXPECT_EQ(mac.report().frames_inhibited, 2u);
    EXPECT_EQ(mac.report().frames, 2u);
    EXPECT_EQ(words.data[2], 0x0707070707070707u);
    EXPECT_EQ(words.data[3], word);
    EXPECT_EQ(words.data[4], word);
    EXPECT_EQ(words.control[4], sending == Sending::lpi ? 0xff : 0x01);
    EXPECT_EQ(words.data[5] & 255, 0xfbu);
    EXPECT_EQ(mac.report().fault_words + mac.report().lpi_words, 2u);
    EXPECT_EQ(mac.position(), words.size());
  }
}

TEST(MacTransmit, IdleInsteadOfFrames) {
  MacTransmit mac;
  signal::MiiWords words;
  mac.set_sending(Sending::idle);
  mac.process(frames_of({100, 200}), words);
  mac.send_idle(5, words);
  EXPECT_EQ(words.data, std::vector<std::uint64_t>(5, 0x0707070707070707u));
  EXPECT_EQ(mac.report().frames_inhibited, 2u);
  EXPECT_EQ(mac.report().idle_words, 5u);
  EXPECT_EQ(name(Sending::idle), "idle");
}

TEST(MacTransmit, Errors) {
  EXPECT_THROW(MacTransmit({.ps_per_word = 0}), ConfigError);
  EXPECT_THROW(MacTransmit({.gap_scale = Rational(-1, 2)}), ConfigError);
  EXPECT_THROW(MacTransmit({.inter_packet_gap_octets = 0}), ConfigError);
  EXPECT_THROW(MacTransmit({.max_frame_octets = 63}), ConfigError);
  EXPECT_THROW(MacTransmit({.max_frame_octets = 262145}), ConfigError);
  EXPECT_THROW(MacTransmit({.max_gap_words = 15}), ConfigError);
  try {
    MacTransmit mac({.inter_packet_gap_octets = 65536});
    FAIL();
  } catch (const ConfigError& error) {
    EXPECT_STREQ(error.what(),
                 "mac.inter_packet_gap_octets: is 65536; allowed: 1 to 65535 (802.3 4A.4.2: 12)");
  }
  for (const std::size_t length : {0u, 1515u}) {
    const signal::Frames frames = frames_of({60, 61, length, 62});
    MacTransmit mac({.max_frame_octets = 1518});
    signal::MiiWords words;
    std::vector<SentFrame> sent;
    try {
      mac.process(frames, words, &sent);
      FAIL();
    } catch (const InputError& error) {
      EXPECT_NE(std::string(error.what()).find("frame 2: has " + std::to_string(length)), std::string::npos);
    }
    EXPECT_EQ(sent.size(), 2u);
    EXPECT_EQ(receive_serially(words, 1518).size(), 2u);
  }
}

TEST(MacTransmit, ResetGoesBackToTheStart) {
  const signal::Frames frames = frames_of(random_lengths(50, 60, 100, 9));
  MacTransmit mac;
  signal::MiiWords first, second;
  mac.process(frames, first);
  mac.set_sending(Sending::lpi);
  mac.reset();
  mac.process(frames, second);
  EXPECT_TRUE(same(first, second));
}

}  // namespace
}  // namespace lightlane::ethernet
