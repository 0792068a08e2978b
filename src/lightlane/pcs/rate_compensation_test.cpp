#include "lightlane/pcs/rate_compensation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "lightlane/base/error.hpp"
#include "lightlane/base/random.hpp"

namespace lightlane::pcs {
namespace {

namespace mii = signal::mii;

/// Frames of `octets` with gaps of 12 octets on average (deficit idle count), as a MAC sends them.
signal::MiiWords frames(std::size_t octets, std::size_t count) {
  signal::MiiWords words;
  const RandomStream random(octets, "rate_compensation", 0);
  std::uint64_t k = 0;
  std::size_t deficit = 0;
  for (std::size_t f = 0; f < count; ++f) {
    words.push(0xd5555555555555fb, 1);
    for (std::size_t i = 0; i < octets / 8; ++i) words.push(random.bits(k++) << 8 | (f & 0xff), 0);
    const unsigned lane = octets % 8;
    const std::uint64_t mask = (std::uint64_t{1} << (8 * lane)) - 1;
    words.push((random.bits(k++) & mask) | (mii::idle_word - 7 + 0xfd) << (8 * lane),
               static_cast<std::uint8_t>(0xff << lane));
    // Gap so far: 8 - lane octets; the rest of 12, rounded to words, in the long run exact.
    std::size_t need = 12 - (8 - lane) + deficit;
    words.push_idle(need / 8);
    deficit = need % 8;
  }
  return words;
}

/// Everything but whole idle words.
std::vector<std::uint64_t> essence(const signal::MiiWords& words) {
  std::vector<std::uint64_t> kept;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words.control[i] == 0xff && words.data[i] == mii::idle_word) continue;
    kept.push_back(words.data[i]);
    kept.push_back(words.control[i]);
  }
  return kept;
}

/// No idle word within a frame: none behind a start or data.
bool frames_whole(const signal::MiiWords& words) {
  for (std::size_t i = 1; i < words.size(); ++i) {
    const bool idle = words.control[i] == 0xff && words.data[i] == mii::idle_word;
    const bool inside =
        words.control[i - 1] == 0 || (words.control[i - 1] == 1 && (words.data[i - 1] & 0xff) == mii::start);
    if (idle && inside) return false;
  }
  return true;
}

Rational both_clocks(double ppm) { return clock_ratio_from_ppm(ppm); }

TEST(RateCompensation, MinimumGapJumboFramesSurvive200Ppm) {
  for (const std::size_t octets : {std::size_t{64}, std::size_t{65}, std::size_t{1518}, std::size_t{16384}}) {
    const signal::MiiWords in = frames(octets, 4'000'000 / octets);
    for (const double ppm : {-200.0, 0.0, 200.0}) {
      for (const Rational& base : {clause119_deletion_ratio(), clause119_insertion_ratio()}) {
        const Rational ratio = base * both_clocks(ppm);
        RateCompensation stage({ratio, 64});
        signal::MiiWords out;
        stage.process(in, out);
        EXPECT_EQ(essence(out), essence(in)) << octets << " " << ppm;
        EXPECT_TRUE(frames_whole(out)) << octets << " " << ppm;
        const auto report = stage.report();
        EXPECT_EQ(report.overflows, 0u) << octets << " " << ppm << " " << ratio.value();
        EXPECT_EQ(report.words_out, out.size());
        EXPECT_EQ(report.words_in, in.size());
        const std::int64_t due = ratio.floor_times(static_cast<std::int64_t>(in.size()));
        EXPECT_LE(std::abs(due - static_cast<std::int64_t>(out.size())), 3) << octets << " " << ppm;
      }
    }
  }
}

TEST(RateCompensation, ChunksDoNotMatter) {
  const signal::MiiWords in = frames(1000, 2000);
  for (const Rational& ratio : {Rational(99, 100), Rational(101, 100), Rational(1)}) {
    RateCompensation whole({ratio, 64});
    signal::MiiWords expected;
    whole.process(in, expected);
    for (const std::size_t chunk : {1u, 7u, 1000u}) {
      RateCompensation stage({ratio, 64});
      signal::MiiWords out, part;
      for (std::size_t i = 0; i < in.size(); i += chunk) {
        const std::size_t n = std::min(chunk, in.size() - i);
        part.data.assign(in.data.begin() + static_cast<std::ptrdiff_t>(i),
                         in.data.begin() + static_cast<std::ptrdiff_t>(i + n));
        part.control.assign(in.control.begin() + static_cast<std::ptrdiff_t>(i),
                            in.control.begin() + static_cast<std::ptrdiff_t>(i + n));
        stage.process(part, out);
      }
      EXPECT_EQ(out.data, expected.data);
      EXPECT_EQ(out.control, expected.control);
      EXPECT_EQ(stage.report().max_debt, whole.report().max_debt);
    }
  }
}

TEST(RateCompensation, OnlyRepeatedSequenceOrderedSetsGo) {
  signal::MiiWords in;
  for (int i = 0; i < 50; ++i) {
    in.push(mii::local_fault, 1);
    in.push(mii::remote_fault, 1);
    in.push(0x010000ff00u | mii::signal_ordered_set, 1);
    in.push(0x010000ff00u | mii::signal_ordered_set, 1);
  }
  RateCompensation stage({Rational(9, 10), 1000});
  signal::MiiWords out;
  stage.process(in, out);
  EXPECT_EQ(out.data, in.data);
  EXPECT_EQ(stage.report().max_debt, 20u);
  in.clear();
  for (int i = 0; i < 20; ++i) in.push(mii::local_fault, 1);
  out.clear();
  stage.process(in, out);
  EXPECT_EQ(out.size(), 1u);
}

TEST(RateCompensation, IdleInsideAFrameStays) {
  signal::MiiWords in;
  for (int i = 0; i < 40; ++i) {
    in.push(0xd5555555555555fb, 1);
    in.push(1, 0);
    in.push_idle();
    in.push(2, 0);
  }
  RateCompensation stage({Rational(9, 10), 2});
  signal::MiiWords out;
  stage.process(in, out);
  EXPECT_EQ(out.data, in.data);
  EXPECT_EQ(stage.report().overflows, 1u);
}

TEST(RateCompensation, LowPowerIdleIsFilledWithItself) {
  signal::MiiWords in;
  for (int i = 0; i < 100; ++i) in.push(mii::lpi_word, 0xff);
  RateCompensation stage({Rational(11, 10), 2});
  signal::MiiWords out;
  stage.process(in, out);
  EXPECT_EQ(out.size(), 110u);
  EXPECT_EQ(std::count(out.data.begin(), out.data.end(), mii::lpi_word), 110);
}

TEST(RateCompensation, RefusesAbsurdRatios) {
  EXPECT_THROW(RateCompensation({Rational(1, 2), 64}), ConfigError);
  EXPECT_THROW(RateCompensation({Rational(2), 64}), ConfigError);
}

}  // namespace
}  // namespace lightlane::pcs
