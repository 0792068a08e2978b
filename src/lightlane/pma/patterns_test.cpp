#include "lightlane/pma/patterns.hpp"

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <set>
#include <string>

#include "lightlane/base/error.hpp"

namespace lightlane::pma {
namespace {

std::string text(const PatternConfig& config, std::size_t count) {
  PatternGenerator generator(config);
  BitVector line;
  generator.generate(count, line);
  const unsigned width = static_cast<unsigned>(info(config.pattern).modulation);
  std::string digits;
  for (std::size_t k = 0; k < count; ++k) digits += static_cast<char>('0' + line.read(k * width, width));
  return digits;
}

/// The shift register as the figures draw it, one bit at a time.
struct Register {
  const PatternInfo& pattern;
  std::uint32_t state;
  bool next() {
    bool feedback = false;
    for (unsigned i = 0; i < pattern.degree; ++i) feedback ^= (pattern.taps >> i & 1) && (state >> i & 1);
    state = (state << 1 | feedback) & ((std::uint32_t{1} << pattern.degree) - 1);
    return feedback != pattern.inverted;
  }
};

TEST(Patterns, PublishedPrefixes) {
  EXPECT_EQ(text({Pattern::prbs13q, {}, 0, false}, 46), "1031320220111130103121231210012102121023131112");
  EXPECT_EQ(text({Pattern::prbs31q, {}, 0, false}, 50), "22222222222222012222222222220002222222222201201222");
  EXPECT_EQ(text({Pattern::prbs9q, {}, 0, false}, 40), "0012322303231310010331213302202231320111");
}

/// FIPS 180-4, for short test data.
std::string sha256(const std::string& data) {
  // Fractions of the square and cube roots of the first primes, by integer arithmetic.
  __extension__ using Wide = unsigned __int128;
  const auto root_fraction = [](std::uint64_t prime, unsigned power) {
    Wide low = 0, high = Wide{1} << 36;  // root * 2^32
    while (high - low > 1) {
      const auto middle = (low + high) / 2;
      const bool fits =
          power == 2 ? middle * middle <= Wide{prime} << 64 : middle * middle * middle <= Wide{prime} << 96;
      (fits ? low : high) = middle;
    }
    return static_cast<std::uint32_t>(low);
  };
  std::array<std::uint32_t, 8> h;
  std::array<std::uint32_t, 64> k;
  for (std::uint64_t prime = 2, n = 0; n < 64; ++prime) {
    bool composite = false;
    for (std::uint64_t d = 2; d * d <= prime; ++d) composite |= prime % d == 0;
    if (composite) continue;
    if (n < 8) h[n] = root_fraction(prime, 2);
    k[n++] = root_fraction(prime, 3);
  }
  std::string message = data + '\x80';
  while (message.size() % 64 != 56) message += '\0';
  for (int i = 56; i >= 0; i -= 8) message += static_cast<char>(8 * data.size() >> i);
  for (std::size_t at = 0; at < message.size(); at += 64) {
    std::array<std::uint32_t, 64> w{};
    for (std::size_t i = 0; i < 64; ++i)
      w[i / 4] = w[i / 4] << 8 | static_cast<unsigned char>(message[at + i]);
    for (std::size_t i = 16; i < 64; ++i) {
      const std::uint32_t s0 = std::rotr(w[i - 15], 7) ^ std::rotr(w[i - 15], 18) ^ w[i - 15] >> 3;
      const std::uint32_t s1 = std::rotr(w[i - 2], 17) ^ std::rotr(w[i - 2], 19) ^ w[i - 2] >> 10;
      w[i] = w[i - 16] + s0 + w[i - 7] + s1;
    }
    auto v = h;
    for (std::size_t i = 0; i < 64; ++i) {
      const std::uint32_t t1 = v[7] + (std::rotr(v[4], 6) ^ std::rotr(v[4], 11) ^ std::rotr(v[4], 25)) +
                               ((v[4] & v[5]) ^ (~v[4] & v[6])) + k[i] + w[i];
      const std::uint32_t t2 = (std::rotr(v[0], 2) ^ std::rotr(v[0], 13) ^ std::rotr(v[0], 22)) +
                               ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
      v = {t1 + t2, v[0], v[1], v[2], v[3] + t1, v[4], v[5], v[6]};
    }
    for (std::size_t i = 0; i < 8; ++i) h[i] += v[i];
  }
  std::string hex;
  for (const std::uint32_t word : h) {
    for (int i = 28; i >= 0; i -= 4) hex += "0123456789abcdef"[word >> i & 15];
  }
  return hex;
}

TEST(Patterns, SsprqIsTheSequenceThatIeeePublishes) {
  ASSERT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  // One period as octets 0..3; the digest of IEEE's machine-readable SSPRQ_sequence.csv as other projects pin
  // it.
  std::string symbols = text({Pattern::ssprq, {}, 0, false}, 65535);
  for (char& c : symbols) c = static_cast<char>(c - '0');
  EXPECT_EQ(sha256(symbols), "f17f5effb8e68863e5355258186456e1c3b3c48b5519c1a0c46dac855fae3582");
}

TEST(Patterns, SsprqLevelCountsAndLength) {
  const std::string period = text({Pattern::ssprq, {}, 0, false}, 65535);
  std::array<std::size_t, 4> counts{};
  for (const char c : period) ++counts[static_cast<std::size_t>(c - '0')];
  EXPECT_EQ(counts, (std::array<std::size_t, 4>{15215, 17553, 17552, 15215}));
  EXPECT_EQ(text({Pattern::ssprq, {}, 0, false}, 2 * 65535), period + period);
  EXPECT_EQ(text({Pattern::ssprq, {}, 65530, false}, 100), (period + period).substr(65530, 100));
}

TEST(Patterns, JitterPatternsAndSquareWave) {
  EXPECT_EQ(text({Pattern::jp03a, {}, 0, false}, 7), "0303030");
  std::string jp03b;
  for (int i = 0; i < 15; ++i) jp03b += "03";
  for (int i = 0; i < 16; ++i) jp03b += "30";
  EXPECT_EQ(text({Pattern::jp03b, {}, 0, false}, 124), jp03b + jp03b);
  EXPECT_EQ(text({Pattern::square, {}, 0, false}, 64),
            std::string(16, '3') + std::string(16, '0') + std::string(16, '3') + std::string(16, '0'));
}

TEST(Patterns, EveryPrbsIsItsShiftRegister) {
  for (const PatternInfo& pattern : patterns()) {
    if (pattern.degree == 0) continue;
    for (const std::uint32_t seed : {pattern.default_seed, std::uint32_t{1}, std::uint32_t{0x2d}}) {
      PatternGenerator generator({pattern.pattern, seed, 0, false});
      Register model{pattern, seed};
      BitVector line;
      for (const std::size_t count : {1u, 3u, 64u, 1000u, 20'000u, 7u, 40'000u})
        generator.generate(count, line);
      const bool gray = pattern.modulation == signal::Modulation::pam4;
      for (std::size_t b = 0; b < line.size(); b += gray ? 2 : 1) {
        if (!gray) {
          ASSERT_EQ(line[b], model.next()) << pattern.name << " bit " << b;
          continue;
        }
        const bool first = model.next(), second = model.next();
        ASSERT_EQ(line.read(b, 2), first ? (second ? 2u : 3u) : (second ? 1u : 0u)) << pattern.name;
      }
    }
  }
}

TEST(Patterns, ShortPeriodsByBruteForce) {
  for (const PatternInfo& pattern : patterns()) {
    if (pattern.degree == 0 || pattern.degree > 23) continue;
    Register model{pattern, pattern.default_seed};
    const bool gray = pattern.modulation == signal::Modulation::pam4;
    std::uint64_t steps = 0;
    do {
      model.next();
      if (gray) model.next();
      ++steps;
    } while (model.state != pattern.default_seed);
    EXPECT_EQ(steps, pattern.period) << pattern.name;
  }
}

TEST(Patterns, PeriodOfPrbs31ByItsMatrix) {
  // 2^31 - 1 is prime: a state that returns after so many steps and not after one has exactly this period.
  const PatternInfo& p = info(Pattern::prbs31);
  EXPECT_EQ(Prbs::advance(31, p.taps, 1, 2147483647), 1u);
  EXPECT_NE(Prbs::advance(31, p.taps, 1, 1), 1u);
}

TEST(Patterns, StartSkipsAndPolarityInverts) {
  for (const PatternInfo& pattern : patterns()) {
    const std::string whole = text({pattern.pattern, {}, 0, false}, 3000);
    for (const std::uint64_t start : {1u, 31u, 1234u}) {
      EXPECT_EQ(text({pattern.pattern, {}, start, false}, 500), whole.substr(start, 500)) << pattern.name;
    }
    const char top = pattern.modulation == signal::Modulation::pam4 ? '3' : '1';
    const std::string inverted = text({pattern.pattern, {}, 0, true}, 3000);
    for (std::size_t k = 0; k < whole.size(); ++k) ASSERT_EQ(inverted[k] - '0', top - whole[k]);
  }
  // Far ahead: one period and a little.
  EXPECT_EQ(text({Pattern::prbs31, {}, 2147483647 + 5ull, false}, 200),
            text({Pattern::prbs31, {}, 5, false}, 200));
}

TEST(Patterns, LaneSeedsAreFourPhasesOfOnePattern) {
  std::set<std::string> starts;
  for (const std::uint32_t seed : prbs13q_lane_seeds())
    starts.insert(text({Pattern::prbs13q, seed, 0, false}, 30));
  EXPECT_EQ(starts.size(), 4u);
}

TEST(Patterns, NamesAndBadSeeds) {
  EXPECT_EQ(patterns().size(), 13u);
  for (const PatternInfo& pattern : patterns()) {
    EXPECT_EQ(pattern_from_name(pattern.name), pattern.pattern);
    EXPECT_EQ(info(pattern.pattern).name, pattern.name);
  }
  EXPECT_FALSE(pattern_from_name("prbs8"));
  EXPECT_THROW(PatternGenerator({Pattern::prbs13, 0u, 0, false}), ConfigError);
  EXPECT_THROW(PatternGenerator({Pattern::prbs13, 0x2000u, 0, false}), ConfigError);
  EXPECT_THROW(PatternGenerator({Pattern::ssprq, 1u, 0, false}), ConfigError);
}

}  // namespace
}  // namespace lightlane::pma
