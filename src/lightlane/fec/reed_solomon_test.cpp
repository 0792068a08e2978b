#include "lightlane/fec/reed_solomon.hpp"

#include <gtest/gtest.h>

#include <ostream>

#include "lightlane/base/error.hpp"
#include "lightlane/fec/reed_solomon_test_support.hpp"
#include "lightlane/math/gf1024.hpp"

namespace lightlane::fec {
namespace {

using signal::Codewords;
using signal::Correction;
using signal::DecodeOutcome;
using signal::FecCode;
using signal::kp4;
using signal::kr4;

struct Case {
  FecCode code;
  Variant variant;
  friend void PrintTo(const Case& test, std::ostream* out) {
    *out << test.code.name << '/' << name(test.variant);
  }
};

class ReedSolomonVariants : public testing::TestWithParam<Case> {
 protected:
  const FecCode& code() const { return GetParam().code; }
  ReedSolomon codec() const { return ReedSolomon(code(), GetParam().variant); }
};

std::vector<Case> all_cases() {
  std::vector<Case> cases;
  for (const Variant variant : ReedSolomon::variants()) {
    cases.push_back({kp4, variant});
    cases.push_back({kr4, variant});
  }
  return cases;
}

INSTANTIATE_TEST_SUITE_P(All, ReedSolomonVariants, testing::ValuesIn(all_cases()), [](const auto& test) {
  return std::string(test.param.code.name) + "_" + std::string(name(test.param.variant));
});

// 802.3 table of generator coefficients, g_(2t-1) .. g_0: the parity of a message that ends in 1.
const std::vector<unsigned> kp4_generator{575, 552, 187, 230, 552, 1,   108, 565, 282, 249,
                                          593, 132, 94,  720, 495, 385, 942, 503, 883, 361,
                                          788, 610, 193, 392, 127, 185, 158, 128, 834, 523};
const std::vector<unsigned> kr4_generator{904, 6, 701, 32, 656, 925, 900, 614, 391, 592, 265, 945, 290, 432};
// Independent: message symbol i = (73 i + 19) mod 1024, KP4.
const std::vector<unsigned> kp4_parity{556, 914, 992, 552, 268, 444, 316, 575, 195, 848,
                                       590, 298, 12,  485, 306, 948, 337, 8,   4,   773,
                                       740, 232, 799, 605, 6,   452, 242, 31,  18,  569};

TEST_P(ReedSolomonVariants, ParityOfTheUnitMessageIsTheGenerator) {
  Codewords words;
  words.code = code();
  words.resize(3);
  test::set_symbol(words.at(1), 513, 1);
  codec().encode(words);
  std::vector<unsigned> parity;
  for (int s = 514; s < code().n; ++s) parity.push_back(signal::get_symbol(words.at(1), s));
  EXPECT_EQ(parity, code() == kp4 ? kp4_generator : kr4_generator);
  for (std::size_t w = 0; w < code().words; ++w) EXPECT_EQ(words.at(0)[w] | words.at(2)[w], 0u);
}

TEST_P(ReedSolomonVariants, ParityOfThePublishedMessage) {
  if (code() == kr4) GTEST_SKIP() << "the published vector is KP4";
  Codewords words;
  words.resize(70);
  for (std::size_t c = 0; c < words.count; ++c) {
    for (int i = 0; i < 514; ++i) test::set_symbol(words.at(c), i, (73 * i + 19) % 1024);
  }
  codec().encode(words);
  for (std::size_t c = 0; c < words.count; ++c) {
    for (int i = 0; i < 30; ++i) ASSERT_EQ(signal::get_symbol(words.at(c), 514 + i), kp4_parity[i]);
  }
}

/// Decodes a copy of `received` with a variant and with the reference: everything must be equal.
void expect_equal_to_reference(const Codewords& received, Variant variant, const std::string& what) {
  Codewords by_variant = received, by_reference = received;
  std::vector<DecodeOutcome> outcomes(received.count), expected(received.count);
  std::vector<Correction> corrections, expected_corrections;
  ReedSolomon(received.code, variant).decode(by_variant, outcomes, &corrections);
  ReedSolomon(received.code, Variant::ref).decode(by_reference, expected, &expected_corrections);
  for (std::size_t c = 0; c < received.count; ++c) {
    ASSERT_EQ(outcomes[c].symbols, expected[c].symbols) << what << ", codeword " << c;
    ASSERT_EQ(outcomes[c].bits, expected[c].bits) << what << ", codeword " << c;
  }
  ASSERT_EQ(by_variant.words, by_reference.words) << what;
  ASSERT_TRUE(test::equal(corrections, expected_corrections)) << what;
}

TEST_P(ReedSolomonVariants, EveryMessageBitReachesTheParityAsInTheReference) {
  Codewords words;
  words.code = code();
  words.resize(5140);
  for (std::size_t bit = 0; bit < words.count; ++bit)
    signal::xor_symbol(words.at(bit), bit / 10, 1u << bit % 10);
  Codewords expected = words;
  codec().encode(words);
  ReedSolomon(code(), Variant::ref).encode(expected);
  EXPECT_EQ(words.words, expected.words);
}

TEST_P(ReedSolomonVariants, EveryWrongBitIsCorrected) {
  test::Draws draws(10);
  Codewords one = test::random_messages(code(), 1, draws);
  codec().encode(one);
  Codewords words;
  words.code = code();
  words.resize(code().bits());
  for (std::size_t bit = 0; bit < words.count; ++bit) {
    std::copy(one.words.begin(), one.words.end(), words.at(bit));
    signal::xor_symbol(words.at(bit), bit / 10, 1u << bit % 10);
  }
  std::vector<DecodeOutcome> outcomes(words.count);
  std::vector<Correction> corrections;
  codec().decode(words, outcomes, &corrections);
  ASSERT_EQ(corrections.size(), words.count);
  for (std::size_t bit = 0; bit < words.count; ++bit) {
    ASSERT_EQ(outcomes[bit].symbols, 1);
    ASSERT_EQ(outcomes[bit].bits, 1);
    ASSERT_EQ(corrections[bit].codeword, bit);
    ASSERT_EQ(corrections[bit].symbol, bit / 10);
    ASSERT_EQ(corrections[bit].value, 1u << bit % 10);
    ASSERT_TRUE(std::equal(one.words.begin(), one.words.end(), words.at(bit)));
  }
}

TEST_P(ReedSolomonVariants, AllErrorCountsWithPositionsAndValuesKnown) {
  test::Draws draws(11);
  for (int errors = 0; errors <= code().t + 3; ++errors) {
    Codewords sent = test::random_messages(code(), 67, draws);
    codec().encode(sent);
    Codewords received = sent;
    std::vector<Correction> added;
    for (std::size_t c = 0; c < sent.count; ++c) {
      test::add_errors(received, c, test::random_symbols(code(), errors, draws), draws, added);
    }
    Codewords decoded = received;
    std::vector<DecodeOutcome> outcomes(sent.count);
    std::vector<Correction> corrections;
    codec().decode(decoded, outcomes, &corrections);
    if (errors <= code().t) {
      ASSERT_TRUE(test::equal(corrections, added)) << errors;
      ASSERT_EQ(decoded.words, sent.words) << errors;
      for (const auto& outcome : outcomes) ASSERT_EQ(outcome.symbols, errors);
    } else {  // the chance of a KR4 miscorrection in these draws is 4e-4, and the draws are fixed
      for (const auto& outcome : outcomes) ASSERT_EQ(outcome.symbols, DecodeOutcome::uncorrectable) << errors;
      ASSERT_EQ(decoded.words, received.words) << "an uncorrectable word must stay as received";
      ASSERT_TRUE(corrections.empty());
    }
    for (const auto& correction : corrections) {
      signal::xor_symbol(decoded.at(correction.codeword), correction.symbol, correction.value);
    }
    ASSERT_EQ(decoded.words, received.words) << "corrections XORed back";
  }
}

TEST_P(ReedSolomonVariants, AllBatchSizes) {
  test::Draws draws(12);
  Codewords all = test::random_messages(code(), 260, draws);
  Codewords expected = all;
  ReedSolomon(code(), Variant::ref).encode(expected);
  for (std::size_t count = 0; count <= 260; count += count < 130 ? 1 : 13) {
    Codewords words;
    words.code = code();
    words.resize(count);
    std::copy_n(all.words.begin(), words.words.size(), words.words.begin());
    codec().encode(words);
    ASSERT_TRUE(std::equal(words.words.begin(), words.words.end(), expected.words.begin())) << count;
    std::vector<Correction> added;
    for (std::size_t c = 0; c < count; ++c) {
      test::add_errors(words, c, test::random_symbols(code(), draws.below(5), draws), draws, added);
    }
    std::vector<DecodeOutcome> outcomes(count);
    std::vector<Correction> corrections;
    codec().decode(words, outcomes, &corrections);
    ASSERT_TRUE(std::equal(words.words.begin(), words.words.end(), expected.words.begin())) << count;
    ASSERT_TRUE(test::equal(corrections, added)) << count;
  }
}

TEST_P(ReedSolomonVariants, MessageAndSpareBitsAreKept) {
  test::Draws draws(13);
  Codewords words = test::random_messages(code(), 9, draws);
  for (std::size_t c = 0; c < words.count; ++c) {
    for (int s = code().k; s < code().n; ++s) test::set_symbol(words.at(c), s, draws.below(1024));
    if (code() == kr4) words.at(c)[82] |= draws.bits() << 32;
  }
  Codewords expected = words;
  codec().encode(words);
  ReedSolomon(code(), Variant::ref).encode(expected);
  EXPECT_EQ(words.words, expected.words);
  if (code() == kr4) {
    std::vector<DecodeOutcome> outcomes(words.count);
    codec().decode(words, outcomes);
    for (const auto& outcome : outcomes) EXPECT_EQ(outcome.symbols, 0);
    EXPECT_EQ(words.words, expected.words);
  }
}

TEST_P(ReedSolomonVariants, EqualsReferenceOnRandomBitErrors) {
  test::Draws draws(14);
  for (const unsigned per_million : {20u, 240u, 1000u, 3000u}) {
    Codewords words = test::random_messages(code(), 150, draws);
    codec().encode(words);
    for (std::size_t c = 0; c < words.count; ++c) {
      for (int bit = 0; bit < code().bits(); ++bit) {
        if (draws.below(1000000) < per_million) signal::xor_symbol(words.at(c), bit / 10, 1u << bit % 10);
      }
    }
    expect_equal_to_reference(words, GetParam().variant,
                              std::to_string(per_million) + " errors in 10^6 bits");
  }
}

TEST_P(ReedSolomonVariants, EqualsReferenceOnBurstsAndGarbage) {
  test::Draws draws(15);
  Codewords words = test::random_messages(code(), 200, draws);
  codec().encode(words);
  for (std::size_t c = 0; c < 160; ++c) {  // bursts of up to 200 bits
    const unsigned length = 1 + draws.below(200), first = draws.below(code().bits() - length + 1);
    for (unsigned bit = first; bit < first + length; ++bit) {
      signal::xor_symbol(words.at(c), bit / 10, (draws.bits() & 1) << bit % 10);
    }
  }
  for (std::size_t c = 160; c < 200; ++c) {
    for (int s = 0; s < code().n; ++s) test::set_symbol(words.at(c), s, c == 160 ? 1023 : draws.below(1024));
  }
  expect_equal_to_reference(words, GetParam().variant, "bursts and garbage");
}

/// Errors chosen so that syndromes vanish where random errors hardly ever make them.
TEST_P(ReedSolomonVariants, EqualsReferenceOnStructuredErrors) {
  test::Draws draws(16);
  Codewords words;
  words.code = code();
  words.resize(600);
  for (std::size_t c = 0; c < 200; ++c) {  // values that sum to zero: S_0 = 0
    const auto symbols = test::random_symbols(code(), 2 + static_cast<int>(c) % (code().t + 2), draws);
    unsigned sum = 0;
    for (std::size_t i = 0; i + 1 < symbols.size(); ++i) {
      const unsigned value = 1 + draws.below(1023);
      sum ^= value;
      signal::xor_symbol(words.at(c), symbols[i], value);
    }
    signal::xor_symbol(words.at(c), symbols.back(), sum);
  }
  for (std::size_t c = 200; c < 400;
       ++c) {  // equal values in steps of a divisor of 1023: most syndromes vanish
    const unsigned steps[] = {1, 3, 11, 31, 33, 93, 341};
    const unsigned step = steps[c % 7], first = draws.below(step), value = 1 + draws.below(1023);
    const unsigned count = 1 + draws.below(static_cast<unsigned>(code().t) + 1);
    for (unsigned i = 0, s = first; i < count && s < static_cast<unsigned>(code().n); ++i, s += step) {
      signal::xor_symbol(words.at(c), s, value);
    }
  }
  for (std::size_t c = 400; c < 600; ++c) {  // multiples of (x - 1) .. (x - alpha^(m-1)): S_0 .. S_(m-1) = 0
    const int m = 1 + static_cast<int>(c) % (code().parity() - 1);
    std::vector<unsigned> factor{static_cast<unsigned>(1 + draws.below(1023))};
    for (int j = 0; j < m; ++j) {
      factor.push_back(0);
      for (std::size_t i = factor.size() - 1; i > 0; --i) {
        factor[i] = factor[i - 1] ^ math::gf_multiply(factor[i], math::gf_power(j));
      }
      factor[0] = math::gf_multiply(factor[0], math::gf_power(j));
    }
    const std::size_t shift = draws.below(static_cast<unsigned>(code().n - m));
    for (std::size_t i = 0; i < factor.size(); ++i) signal::xor_symbol(words.at(c), shift + i, factor[i]);
  }
  expect_equal_to_reference(words, GetParam().variant, "structured errors");
}

TEST_P(ReedSolomonVariants, ManyPairsAndTriples) {
  test::Draws draws(17);
  for (int errors = 1; errors <= 4; ++errors) {
    Codewords words;
    words.code = code();
    words.resize(2000);
    std::vector<Correction> added, corrections;
    for (std::size_t c = 0; c < words.count; ++c) {
      test::add_errors(words, c, test::random_symbols(code(), errors, draws), draws, added);
    }
    std::vector<DecodeOutcome> outcomes(words.count);
    codec().decode(words, outcomes, &corrections);
    ASSERT_TRUE(test::equal(corrections, added)) << errors;
  }
}

/// Adds value x^power, power up to 1022, to the word: above n - 1 by its remainder modulo g(x), which looks
/// to the decoder like an error in a symbol that is not sent.
void add_error_at_power(const FecCode& code, std::uint64_t* word, int power, unsigned value) {
  if (power < code.n) {
    signal::xor_symbol(word, static_cast<std::size_t>(code.n - 1 - power), value);
    return;
  }
  const auto& generator =
      code == kp4 ? kp4_generator : kr4_generator;  // highest first, without the leading 1
  std::vector<unsigned> remainder(generator.size());
  remainder.back() = value;
  for (int i = 0; i < power; ++i) {
    const unsigned top = remainder.front();
    remainder.erase(remainder.begin());
    remainder.push_back(0);
    for (std::size_t j = 0; j < remainder.size(); ++j) {
      remainder[j] ^= math::gf_multiply_by_shifts(top, generator[j]);
    }
  }
  for (std::size_t j = 0; j < remainder.size(); ++j) signal::xor_symbol(word, 514 + j, remainder[j]);
}

TEST_P(ReedSolomonVariants, ErrorsOutsideTheShortenedCodeAreUncorrectable) {
  test::Draws draws(22);
  Codewords words;
  words.code = code();
  words.resize(40 * static_cast<std::size_t>(code().t));
  for (std::size_t c = 0; c < words.count; ++c) {
    const int errors = 1 + static_cast<int>(c) / 40;
    // The last one outside, in half of the words next to the end: 528..543 are places of KP4 but not of KR4.
    const int outside = code().n + static_cast<int>(draws.below(c % 2 == 0 ? 16 : 1023 - code().n));
    add_error_at_power(code(), words.at(c), outside, 1 + draws.below(1023));
    for (const std::uint16_t symbol : test::random_symbols(code(), errors - 1, draws)) {
      signal::xor_symbol(words.at(c), symbol, 1 + draws.below(1023));
    }
  }
  const Codewords received = words;
  std::vector<DecodeOutcome> outcomes(words.count);
  codec().decode(words, outcomes);
  for (const auto& outcome : outcomes) ASSERT_EQ(outcome.symbols, DecodeOutcome::uncorrectable);
  EXPECT_EQ(words.words, received.words);
}

TEST_P(ReedSolomonVariants, ErrorPatternSaysWhatDecodingDoes) {
  test::Draws draws(18);
  Codewords words = test::random_messages(code(), 100, draws);
  codec().encode(words);
  std::vector<Correction> added;
  for (std::size_t c = 0; c < words.count; ++c) {
    test::add_errors(words, c, test::random_symbols(code(), static_cast<int>(c % (code().t + 4)), draws),
                     draws, added);
  }
  std::vector<DecodeOutcome> outcomes(words.count), pattern_outcomes(words.count);
  std::vector<Correction> corrections, pattern_corrections, single_corrections;
  codec().decode(words, outcomes, &corrections);
  codec().decode_error_patterns(added, pattern_outcomes, &pattern_corrections);
  ASSERT_TRUE(test::equal(corrections, pattern_corrections));
  std::size_t next = 0;
  for (std::size_t c = 0; c < words.count; ++c) {
    ASSERT_EQ(outcomes[c].symbols, pattern_outcomes[c].symbols);
    ASSERT_EQ(outcomes[c].bits, pattern_outcomes[c].bits);
    const std::size_t first = next;
    while (next < added.size() && added[next].codeword == c) ++next;
    const auto single =
        codec().decode_error_pattern({added.data() + first, next - first}, &single_corrections);
    ASSERT_EQ(single.symbols, outcomes[c].symbols);
    ASSERT_EQ(single.bits, outcomes[c].bits);
  }
  ASSERT_TRUE(test::equal(corrections, single_corrections));
}

TEST_P(ReedSolomonVariants, ErrorPatternMiscorrectsWithinDistanceT) {
  // A codeword minus t of its 2t + 1 symbols is t + 1 errors away from zero and t from the codeword: it must
  // be taken for the latter.
  Codewords word;
  word.code = code();
  word.resize(1);
  test::set_symbol(word.at(0), 513, 77);
  codec().encode(word);
  std::vector<Correction> errors, corrections;
  for (int s = 513; s <= 513 + code().t; ++s) {
    const auto value = static_cast<std::uint16_t>(signal::get_symbol(word.at(0), s));
    errors.push_back({5, static_cast<std::uint16_t>(s), value});
  }
  const auto outcome = codec().decode_error_pattern(errors, &corrections);
  ASSERT_EQ(outcome.symbols, code().t);
  for (int i = 0; i < code().t; ++i) {
    ASSERT_EQ(corrections[i].codeword, 5u);
    ASSERT_EQ(corrections[i].symbol, 514 + code().t + i);
    ASSERT_EQ(corrections[i].value, signal::get_symbol(word.at(0), 514 + code().t + i));
  }
}

TEST(ReedSolomon, RepeatedErrorsOfAPatternAddUp) {
  const ReedSolomon codec(kr4);
  const std::vector<Correction> errors{{0, 5, 3}, {0, 9, 1}, {0, 5, 3}, {0, 9, 2}};
  std::vector<Correction> corrections;
  EXPECT_EQ(codec.decode_error_pattern(errors, &corrections).symbols, 1);
  EXPECT_TRUE(test::equal(corrections, {{0, 9, 3}}));
  EXPECT_EQ(codec.decode_error_pattern({}).symbols, 0);
  const std::vector<Correction> cancelled{{0, 5, 3}, {0, 9, 1}, {0, 9, 1}};
  EXPECT_EQ(codec.decode_error_pattern(cancelled).symbols, 1);
}

TEST(ReedSolomon, RefusesWhatIsOutside) {
  EXPECT_THROW(ReedSolomon(FecCode{255, 239, 8, 40, "other"}), ConfigError);
  const ReedSolomon codec(kr4);
  Codewords words;
  words.code = kr4;
  words.resize(2);
  std::vector<DecodeOutcome> outcomes(1);
  EXPECT_THROW(codec.decode(words, outcomes), ConfigError);
  words.words.pop_back();
  EXPECT_THROW(codec.encode(words), ConfigError);
  std::vector<std::uint64_t> word(83);
  EXPECT_THROW(codec.decode_erasures(word.data(), std::vector<std::uint16_t>{528}), InputError);
  EXPECT_THROW(codec.decode_erasures(word.data(), std::vector<std::uint16_t>{3, 3}), InputError);
  EXPECT_THROW(codec.decode_error_pattern(std::vector<Correction>{{0, 528, 1}}), ConfigError);
  EXPECT_THROW(codec.decode_error_patterns(std::vector<Correction>{{1, 0, 1}}, outcomes), ConfigError);
}

TEST(ReedSolomon, ErasuresBeyondTheBoundAreUncorrectable) {
  test::Draws draws(19);
  for (const auto& code : {kp4, kr4}) {
    const ReedSolomon codec(code);
    std::vector<std::uint64_t> word(code.words);
    std::vector<std::uint16_t> erasures;
    for (int i = 0; i <= code.parity(); ++i) erasures.push_back(static_cast<std::uint16_t>(3 * i));
    EXPECT_EQ(codec.decode_erasures(word.data(), erasures).symbols, 0);
    signal::xor_symbol(word.data(), 400, 9);
    const auto received = word;
    EXPECT_EQ(codec.decode_erasures(word.data(), erasures).symbols, DecodeOutcome::uncorrectable);
    EXPECT_EQ(word, received);
    erasures.resize(code.parity() - 2);  // one error more is the limit, and the erased symbols were right
    std::vector<Correction> corrections;
    EXPECT_EQ(codec.decode_erasures(word.data(), erasures, &corrections).symbols, 1);
    EXPECT_TRUE(test::equal(corrections, {{0, 400, 9}}));
    for (int i = 0; i < code.t; ++i) signal::xor_symbol(word.data(), 301 + i, 9 + i);
    erasures.resize(2);  // t errors and two erasures
    EXPECT_EQ(codec.decode_erasures(word.data(), erasures).symbols, DecodeOutcome::uncorrectable);
  }
}

/// Hopeless words land within distance t of some codeword as often as t-error patterns fill the syndromes.
double miscorrection_ratio(const FecCode& code) {
  double patterns = 0, term = 1;
  for (int i = 0; i <= code.t; ++i) {
    patterns += term;
    term *= 1023.0 * (code.n - i) / (i + 1);
  }
  for (int i = 0; i < code.parity(); ++i) patterns /= 1024;
  return patterns;
}

std::uint64_t count_miscorrections(const FecCode& code, std::size_t words, std::uint64_t seed) {
  const ReedSolomon codec(code);
  test::Draws draws(seed);
  constexpr std::size_t chunk = 4096;
  std::vector<Correction> errors;
  std::vector<DecodeOutcome> outcomes(chunk);
  std::uint64_t miscorrections = 0;
  for (std::size_t done = 0; done < words; done += chunk) {
    errors.clear();
    for (std::uint32_t c = 0; c < chunk; ++c) {
      for (std::uint16_t s = 0; s < 36;) {  // 36 random symbols, six from each draw
        auto draw = draws.bits();
        for (int i = 0; i < 6; ++i, ++s, draw >>= 10) {
          errors.push_back({c, static_cast<std::uint16_t>(13 * s), static_cast<std::uint16_t>(draw & 1023)});
        }
      }
    }
    codec.decode_error_patterns(errors, outcomes);
    for (const auto& outcome : outcomes) miscorrections += outcome.ok();
  }
  return miscorrections;
}

TEST(ReedSolomon, MiscorrectionRatioOfTheFacts) {
  EXPECT_NEAR(miscorrection_ratio(kr4), 1.835e-6, 0.001e-6);
  EXPECT_NEAR(miscorrection_ratio(kp4), 4.70e-17, 0.01e-17);
}

TEST(ReedSolomon, Kp4NeverMiscorrectsHopelessWords) { EXPECT_EQ(count_miscorrections(kp4, 20000, 20), 0u); }

// 2^24 words: 30.8 expected; outside 12..55 with a chance below 1e-4.
TEST(ReedSolomonSlow, Kr4MiscorrectsAsOftenAsTheorySays) {
  const std::uint64_t count = count_miscorrections(kr4, std::size_t{1} << 24, 21);
  RecordProperty("miscorrections", std::to_string(count));
  EXPECT_GE(count, 12u);
  EXPECT_LE(count, 55u);
}

}  // namespace
}  // namespace lightlane::fec
