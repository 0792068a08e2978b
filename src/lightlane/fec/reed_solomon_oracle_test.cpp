// libfec (Phil Karn) as an independent encoder and decoder.
#include <gtest/gtest.h>

#include "lightlane/fec/reed_solomon.hpp"
#include "lightlane/fec/reed_solomon_test_support.hpp"
#ifdef LIGHTLANE_LIBFEC
extern "C" {
#include <fec.h>
}
#endif

namespace lightlane::fec {
namespace {

#ifdef LIGHTLANE_LIBFEC
using signal::Codewords;
using signal::Correction;
using signal::DecodeOutcome;

class Libfec {
 public:
  explicit Libfec(const signal::FecCode& code)
      : code_(code), codec_(init_rs_int(10, 0x409, 0, 1, code.parity(), 1023 - code.n)) {}
  ~Libfec() { free_rs_int(codec_); }
  Libfec(const Libfec&) = delete;
  Libfec& operator=(const Libfec&) = delete;

  std::vector<unsigned> unpack(const std::uint64_t* codeword) const {
    std::vector<unsigned> symbols(code_.n);
    for (int s = 0; s < code_.n; ++s) symbols[s] = signal::get_symbol(codeword, s);
    return symbols;
  }
  void encode(std::vector<unsigned>& symbols) const {
    encode_rs_int(codec_, symbols.data(), symbols.data() + code_.k);
  }
  /// Debian's libfec counts erasures from the first symbol behind the padding, and has more than one negative
  /// answer for an uncorrectable word.
  int decode(std::vector<unsigned>& symbols, std::vector<int> erasures = {}) const {
    const int count = static_cast<int>(erasures.size());
    erasures.resize(code_.parity());
    return decode_rs_int(codec_, symbols.data(), erasures.data(), count);
  }

 private:
  signal::FecCode code_;
  void* codec_;
};

class ReedSolomonOracle : public testing::TestWithParam<signal::FecCode> {};
INSTANTIATE_TEST_SUITE_P(Codes, ReedSolomonOracle, testing::Values(signal::kp4, signal::kr4),
                         [](const auto& test) { return std::string(test.param.name); });

TEST_P(ReedSolomonOracle, EncodesTheSame) {
  const auto& code = GetParam();
  test::Draws draws(1);
  Codewords words = test::random_messages(code, 40, draws);
  ReedSolomon(code).encode(words);
  const Libfec libfec(code);
  for (std::size_t c = 0; c < words.count; ++c) {
    const auto ours = libfec.unpack(words.at(c));
    auto theirs = ours;
    std::fill(theirs.begin() + code.k, theirs.end(), 0u);
    libfec.encode(theirs);
    ASSERT_EQ(ours, theirs);
  }
}

TEST_P(ReedSolomonOracle, DecodesTheSameForAllErrorCounts) {
  const auto& code = GetParam();
  test::Draws draws(2);
  const Libfec libfec(code);
  for (int errors = 0; errors <= code.t + 3; ++errors) {
    Codewords words = test::random_messages(code, 30, draws);
    ReedSolomon(code).encode(words);
    std::vector<Correction> added;
    for (std::size_t c = 0; c < words.count; ++c) {
      test::add_errors(words, c, test::random_symbols(code, errors, draws), draws, added);
    }
    std::vector<std::vector<unsigned>> expected;
    std::vector<int> counts;
    for (std::size_t c = 0; c < words.count; ++c) {
      expected.push_back(libfec.unpack(words.at(c)));
      const auto received = expected.back();
      counts.push_back(libfec.decode(expected.back()));
      if (counts.back() < 0) expected.back() = received;
      ASSERT_EQ(counts.back() < 0 ? -1 : counts.back(), errors <= code.t ? errors : -1);
    }
    std::vector<DecodeOutcome> outcomes(words.count);
    ReedSolomon(code).decode(words, outcomes);
    for (std::size_t c = 0; c < words.count; ++c) {
      ASSERT_EQ(outcomes[c].symbols, counts[c] < 0 ? -1 : counts[c]) << errors << " errors";
      ASSERT_EQ(libfec.unpack(words.at(c)), expected[c]);
    }
  }
}

TEST_P(ReedSolomonOracle, DecodesErasuresTheSame) {
  const auto& code = GetParam();
  test::Draws draws(3);
  const Libfec libfec(code);
  const ReedSolomon codec(code);
  for (int erased = 0; erased <= code.parity(); ++erased) {
    for (int errors = 0; 2 * errors + erased <= code.parity(); errors += 1 + erased % 3) {
      Codewords words = test::random_messages(code, 1, draws);
      codec.encode(words);
      const auto sent = libfec.unpack(words.at(0));
      const auto symbols = test::random_symbols(code, errors + erased, draws);
      std::vector<Correction> added;
      test::add_errors(words, 0, symbols, draws, added);
      std::vector<std::uint16_t> erasures;
      for (int i = 0; i < erased; ++i) erasures.push_back(symbols[i * symbols.size() / erased]);
      auto theirs = libfec.unpack(words.at(0));
      ASSERT_GE(libfec.decode(theirs, {erasures.begin(), erasures.end()}), 0);
      std::vector<Correction> corrections;
      const auto outcome = codec.decode_erasures(words.at(0), erasures, &corrections);
      ASSERT_EQ(outcome.symbols, errors + erased);
      ASSERT_TRUE(test::equal(corrections, added));
      ASSERT_EQ(libfec.unpack(words.at(0)), sent);
      ASSERT_EQ(theirs, sent);
    }
  }
}
#else
TEST(ReedSolomonOracle, IsMissing) {
  GTEST_SKIP() << "libfec (Debian libfec-dev) was not found at configure";
}
#endif

}  // namespace
}  // namespace lightlane::fec
