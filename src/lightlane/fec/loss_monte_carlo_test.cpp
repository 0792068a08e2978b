// The exact model against a plain simulation of the lines, written bit by bit from the words of the standard
// and sharing no table with the model: 802.3 119.2.4.7 (distribution), 91.5.2.8, 120.5.2 (bit multiplexing),
// 120.5.7.1 (Gray), 135.5.7.2 (precoding).
//
// Every comparison is a Clopper-Pearson interval of 1 - 1e-6 (4.9 sigma) or five standard errors of a mean.

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "lightlane/fec/loss_model.hpp"
#include "lightlane/math/statistics.hpp"

namespace lightlane::fec {
namespace {

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}
  double uniform() { return static_cast<double>(engine_() >> 11) * 0x1p-53; }
  unsigned two_bits() { return static_cast<unsigned>(engine_() >> 62); }

 private:
  std::mt19937_64 engine_;
};

/// Bit b of a line as (FEC lane, bit of that lane).
using Source = std::pair<int, std::int64_t>;
using Line = std::vector<Source>;

Line lane(int number, std::int64_t skew, std::int64_t count) {
  Line bits;
  for (std::int64_t i = 0; i < count; ++i) bits.emplace_back(number, i - skew);
  return bits;
}

/// One bit from each in turn.
Line multiplex(const std::vector<Line>& inputs) {
  Line out;
  for (std::size_t i = 0; i < inputs[0].size(); ++i) {
    for (const Line& input : inputs) out.push_back(input[i]);
  }
  return out;
}

/// The lines of a structure from the first bit of a window to its last, plus the skew.
std::vector<Line> lines_of(const std::string& name, const std::vector<std::int64_t>& skews,
                           std::int64_t lane_bits) {
  std::int64_t most = 0;
  for (const std::int64_t skew : skews) most = std::max(most, skew);
  const int lanes = name.starts_with("400g") ? 16 : name.starts_with("200g") ? 8 : 4;
  std::vector<Line> fec;
  for (int l = 0; l < lanes; ++l) {
    fec.push_back(lane(l, skews.empty() ? 0 : skews[static_cast<std::size_t>(l)], lane_bits + most));
  }
  if (name == "100g-4lane") return fec;
  std::vector<Line> out;
  if (name == "400g-4lane" || name == "200g-2lane") {
    for (std::size_t l = 0; l < fec.size(); l += 4)
      out.push_back(multiplex({fec[l], fec[l + 1], fec[l + 2], fec[l + 3]}));
    return out;
  }
  for (std::size_t l = 0; l < fec.size(); l += 2) out.push_back(multiplex({fec[l], fec[l + 1]}));
  if (name == "400g-8lane" || name == "200g-4lane" || name == "100g-2lane") return out;
  std::vector<Line> second;
  for (std::size_t l = 0; l < out.size(); l += 2) second.push_back(multiplex({out[l], out[l + 1]}));
  return second;
}

struct Case {
  std::string structure;
  double ber;
  double continuation = 0;
  bool precoding = false;
  std::vector<std::int64_t> skews = {};
  signal::FecCode code = signal::kp4;
};

/// A slicer that errs in bursts.
class Slicer {
 public:
  Slicer(double ratio, double continuation, Random& random)
      : continuation_(std::max(ratio, continuation)),
        start_(ratio * (1 - continuation_) / (1 - ratio)),
        random_(random),
        wrong_(random.uniform() < ratio) {}
  bool next() { return wrong_ = random_.uniform() < (wrong_ ? continuation_ : start_); }
  bool now() const { return wrong_; }

 private:
  double continuation_, start_;
  Random& random_;
  bool wrong_;
};

/// Which bits of a line arrive wrong; `ratio` is the slicer's.
std::vector<char> send(std::size_t bits, bool pam4, const Case& c, double ratio, Random& random) {
  Slicer slicer(ratio, c.continuation, random);
  std::vector<char> wrong(bits, 0);
  if (!pam4) {
    for (std::size_t i = 0; i < bits; ++i) {
      const bool before = slicer.now(), now = slicer.next();
      wrong[i] = now != (c.precoding && before);
    }
    return wrong;
  }
  if (!c.precoding) {
    for (std::size_t i = 0; i < bits; i += 2) {
      if (slicer.next()) wrong[i + (random.uniform() * 3 < 2 ? 1 : 0)] = 1;
    }
    return wrong;
  }
  // Real levels: Gray code, P = G - P_before mod 4 on the line, errors of one level whose sign alternates in
  // a burst, and the sum of two decisions modulo 4 in the receiver.
  constexpr unsigned gray_bits[4] = {0b00, 0b10, 0b11, 0b01};  // level -> bits, first bit lowest
  unsigned sent = random.two_bits();
  int sign = random.uniform() < 0.5 ? 1 : 3;
  unsigned received = (sent + (slicer.now() ? static_cast<unsigned>(sign) : 0)) % 4;
  for (std::size_t i = 0; i < bits; i += 2) {
    const unsigned level = random.two_bits();
    sent = (level + 4 - sent) % 4;
    const bool before = slicer.now(), now = slicer.next();
    if (now) sign = before ? 4 - sign : random.uniform() < 0.5 ? 1 : 3;
    const unsigned last = received;
    received = (sent + (now ? static_cast<unsigned>(sign) : 0)) % 4;
    const unsigned difference = gray_bits[(received + last) % 4] ^ gray_bits[level];
    wrong[i] = difference & 1;
    wrong[i + 1] = static_cast<char>(difference >> 1);
  }
  return wrong;
}

/// A mean and its standard error.
struct Mean {
  double sum = 0, squares = 0, count = 0;
  void add(double x) {
    sum += x;
    squares += x * x;
    ++count;
  }
  double value() const { return sum / count; }
  double error() const { return std::sqrt((squares / count - value() * value()) / count); }
};

struct Result {
  std::vector<std::uint64_t> bins[2] = {std::vector<std::uint64_t>(545), std::vector<std::uint64_t>(545)};
  std::uint64_t failed[2] = {}, group = 0;
  Mean ber, post;
};

Result simulate(const Case& c, double slicer_ratio, std::uint64_t windows, std::uint64_t seed) {
  const int lanes = c.structure.starts_with("400g") ? 16 : c.structure.starts_with("200g") ? 8 : 4;
  const int words = lanes == 4 ? 1 : 2;
  const int rows = c.code.n * words / lanes, lane_bits = 10 * rows;
  const std::vector<Line> lines = lines_of(c.structure, c.skews, lane_bits);
  Random random(seed);
  Result result;
  std::vector<int> symbol(static_cast<std::size_t>(lanes * rows));  // wrong bits of each FEC symbol
  for (std::uint64_t w = 0; w < windows; ++w) {
    std::fill(symbol.begin(), symbol.end(), 0);
    for (const Line& line : lines) {
      const std::vector<char> wrong = send(line.size(), c.structure != "100g-4lane", c, slicer_ratio, random);
      for (std::size_t i = 0; i < line.size(); ++i) {
        const auto [l, bit] = line[i];
        if (wrong[i] && bit >= 0 && bit < lane_bits) ++symbol[static_cast<std::size_t>(bit / 10 * lanes + l)];
      }
    }
    std::size_t count[2] = {};
    int bits[2] = {};
    for (int k = 0; k < rows; ++k) {
      for (int l = 0; l < lanes; ++l) {
        // Even rows: A on even lanes; odd rows: A on odd lanes.
        const int word = words == 1 ? 0 : (k % 2 == 0 ? l % 2 : 1 - l % 2);
        const int hits = symbol[static_cast<std::size_t>(k * lanes + l)];
        count[word] += hits > 0;
        bits[word] += hits;
      }
    }
    int left = 0;
    bool lost = false;
    for (int word = 0; word < words; ++word) {
      ++result.bins[word][count[word]];
      if (static_cast<int>(count[word]) <= c.code.t) continue;
      ++result.failed[word];
      left += bits[word];
      lost = true;
    }
    result.group += lost;
    result.ber.add((bits[0] + bits[1]) / (10.0 * c.code.n * words));
    result.post.add(left / (10.0 * c.code.n * words));
  }
  return result;
}

void expect_within(std::uint64_t count, std::uint64_t trials, double exact, const std::string& what) {
  const math::RateInterval interval = math::clopper_pearson(count, trials, 1 - 1e-6);
  EXPECT_TRUE(interval.lower <= exact && exact <= interval.upper)
      << what << ": " << exact << ", seen " << count << " in " << trials << ", so " << interval.lower << ".."
      << interval.upper;
}

void check(const Case& c, std::uint64_t windows) {
  LossModelConfig config;
  config.structure = loss_structure(c.structure);
  config.code = c.code;
  config.burst_continuation = c.continuation;
  config.precoding = c.precoding;
  config.skew_bits = c.skews;
  const LossPoint exact = LossModel(config).at(c.ber);
  const Result seen = simulate(c, exact.symbol_error_ratio, windows, 20240501);
  const std::string what = c.structure + " a=" + std::to_string(c.continuation) +
                           (c.precoding ? " precoded" : "") + (c.skews.empty() ? "" : " skewed") + " ";
  const int words = config.structure.codewords;
  // The model gives the mean of A and B; each word alone must agree with it, their edges differ by far less.
  for (int word = 0; word < words; ++word) {
    expect_within(seen.failed[word], windows, exact.codeword_error_ratio, what + "failed words");
    for (std::size_t i = 0; i < exact.bins.size(); ++i) {
      if (exact.bins[i] * static_cast<double>(windows) < 5 && seen.bins[word][i] == 0) continue;
      expect_within(seen.bins[word][i], windows, exact.bins[i], what + "bin " + std::to_string(i));
    }
  }
  expect_within(seen.group, windows, exact.group_loss_ratio, what + "lost pairs");
  EXPECT_NEAR(seen.ber.value(), c.ber, 5 * seen.ber.error()) << what;
  EXPECT_NEAR(seen.post.value(), exact.post_fec_ber, 5 * seen.post.error()) << what;
}

const std::vector<std::int64_t> skews16 = {0, 5, 13, 2, 7, 7, 0, 31, 1, 10, 20, 30, 3, 0, 688, 9};
const std::vector<std::int64_t> skews8 = {0, 5, 13, 2, 7, 7, 0, 31};
const std::vector<std::int64_t> skews4 = {4, 0, 17, 9};

std::vector<std::int64_t> skews_for(const std::string& structure) {
  return structure.starts_with("400g") ? skews16 : structure.starts_with("200g") ? skews8 : skews4;
}

TEST(LossMonteCarlo, IndependentErrors) {
  check({"400g-4lane", 3e-3}, 1000);
  check({"100g-1lane", 3e-3, 0, true}, 1000);
}

TEST(LossMonteCarlo, Bursts) {
  check({"400g-4lane", 3e-3, 0.5}, 1000);
  check({"400g-4lane-aui8", 1.6e-3, 0.5}, 6000);
  check({"400g-8lane", 3e-3, 0.8}, 1000);
  check({"100g-1lane", 4e-3, 0.8}, 1000);
}

TEST(LossMonteCarlo, Precoding) {
  check({"400g-4lane", 3e-3, 0.5, true}, 1000);
  check({"400g-8lane", 3e-3, 0.5, true}, 10000);
  check({"100g-4lane", 1.5e-3, 0.5, true, {}, signal::kr4}, 2000);
}

TEST(LossMonteCarlo, Skew) {
  check({"400g-4lane", 3e-3, 0.5, false, skews16}, 1000);
  check({"200g-2lane", 1.7e-3, 0.5, false, {0, 10, 0, 10, 0, 10, 0, 10}}, 5000);
  check({"200g-2lane", 3e-3, 0.8, true, skews8}, 1000);
  check({"100g-2lane", 3e-3, 0.8, false, skews4}, 1000);
}

TEST(LossMonteCarloSlow, EveryStructure) {
  for (const auto structure : loss_structure_names()) {
    const std::string name(structure);
    for (const double continuation : {0.0, 0.5, 0.8}) {
      for (const bool precoding : {false, true}) {
        for (const bool skewed : {false, true}) {
          check({name, 3e-3, continuation, precoding, skewed ? skews_for(name) : std::vector<std::int64_t>{}},
                6000);
        }
      }
    }
  }
  for (const double continuation : {0.0, 0.5, 0.8})
    check({"100g-4lane", 1e-3, continuation, true, {}, signal::kr4}, 20000);
}

// Further down: failures are rare, and bursts make nearly all of them.
TEST(LossMonteCarloSlow, RareFailures) {
  check({"100g-1lane", 1e-3, 0.5}, 200000);
  check({"400g-4lane", 1.5e-3, 0.5}, 100000);
  check({"400g-4lane-aui8", 1.5e-3, 0.5, true}, 100000);
}

}  // namespace
}  // namespace lightlane::fec
