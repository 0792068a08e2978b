#include "lightlane/fec/reed_solomon.hpp"

#include <gtest/gtest.h>

#include <bit>

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
const std::vector<unsigned> kp4_generator{575, 552, 187, 230, 552, 1,   108, 565, 282, 249, 593, 132, 94,  720,
                                          495, 385, 942, 503, 883, 361, 788, 610, 193, 392, 127, 185, 158, 128, 834, 523};
const std::vector<unsigned> kr4_generator{904, 6, 701, 32, 656, 925, 900, 614, 391, 592, 265, 945, 290, 432};
// Independent: message symbol i = (73 i + 19) mod 1024, KP4.
const std::vector<unsigned> kp4_parity{556, 914, 992, 552, 268, 444, 316, 575, 195, 848, 590, 298, 12,  485, 306,
                                       948, 337, 8,   4,   773, 740, 232, 799, 605, 6,   452, 242, 31,  18,  569};

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

}  // namespace
}  // namespace lightlane::fec
