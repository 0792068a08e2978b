#include "lightlane/pcs/scrambler.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "lightlane/base/bit_vector.hpp"
#include "lightlane/base/random.hpp"

namespace lightlane::pcs {
namespace {

/// Closed form: with a zero state out = in / (1 + x^39 + x^58), a power series with terms over GF(2); the
/// coefficient of x^n in 1/(1 + x^39 + x^58) is the parity of the number of ordered sums 39 a + 58 b = n,
/// which is the sum of binomials C(a + b, a).
bool impulse_response(unsigned n) {
  bool odd = false;
  for (unsigned b = 0; 58 * b <= n; ++b) {
    if ((n - 58 * b) % 39 != 0) continue;
    const unsigned a = (n - 58 * b) / 39;
    odd ^= (a & b) == 0;  // Lucas: C(a + b, a) is odd if and only if no carry
  }
  return odd;
}

TEST(Scrambler, ImpulseResponseIsThePowerSeries) {
  for (const auto& kernel : scrambler_kernels()) {
    if (kernel.variant > supported_variant()) continue;
    BitVector bits(4000);
    bits.set(3, true);
    Scrambler scrambler(0, kernel.function);
    scrambler.scramble(bits.words(), bits.size());
    for (unsigned i = 0; i < 4000; ++i) {
      ASSERT_EQ(bits[i], i >= 3 && impulse_response(i - 3)) << name(kernel.variant) << " bit " << i;
    }
  }
}

TEST(Scrambler, StateIsNumberedFromTheNewestBit) {
  // With input zero the first output is S38 ^ S57; S0 is the most significant of 58 bits.
  for (unsigned s = 0; s < 58; ++s) {
    Scrambler scrambler(std::uint64_t{1} << (57 - s));
    std::uint64_t bits[1] = {0};
    scrambler.scramble(bits, 1);
    EXPECT_EQ(bits[0], s == 38 || s == 57 ? 1u : 0u) << s;
  }
}

TEST(Scrambler, EveryVariantEqualsTheReferenceAndComesBack) {
  const RandomStream random(7, "scrambler", 0);
  const auto& reference = scrambler_kernels().front().function;
  for (const std::size_t count :
       {1u, 57u, 58u, 63u, 64u, 65u, 500u, 511u, 512u, 513u, 1023u, 1025u, 8224u, 10280u, 20000u}) {
    BitVector input;
    for (std::size_t i = 0; i < count; i += 64) {
      input.append(random.bits(count * 1000 + i),
                   static_cast<unsigned>(std::min<std::size_t>(64, count - i)));
    }
    const std::uint64_t state = random.bits(count) >> 6;
    BitVector expected = input;
    Scrambler ref(state, reference);
    ref.scramble(expected.words(), count);
    for (const auto& kernel : scrambler_kernels()) {
      if (kernel.variant > supported_variant()) continue;
      BitVector bits(input);
      bits.resize(count + 2048);  // vectors may read behind the end
      bits.resize(count);
      Scrambler scrambler(state, kernel.function), descrambler(state, kernel.function);
      scrambler.scramble(bits.words(), count);
      ASSERT_EQ(bits, expected) << name(kernel.variant) << " " << count;
      ASSERT_EQ(bits.words()[count / 64 + (count % 64 != 0)], 0u);
      ASSERT_EQ(scrambler.state(), ref.state()) << name(kernel.variant) << " " << count;
      descrambler.descramble(bits.words(), count);
      ASSERT_EQ(bits, input) << name(kernel.variant) << " " << count;
      ASSERT_EQ(descrambler.state(), ref.state()) << name(kernel.variant) << " " << count;
    }
  }
}

TEST(Scrambler, DescramblerSettlesIn58Bits) {
  std::uint64_t bits[8] = {};
  Scrambler scrambler(0x123456789abcdef >> 2), descrambler(0);
  scrambler.scramble(bits, 512);
  descrambler.descramble(bits, 512);
  EXPECT_NE(bits[0], 0u);
  EXPECT_EQ(bits[0] >> 58, 0u);
  for (int w = 1; w < 8; ++w) EXPECT_EQ(bits[w], 0u);
}

}  // namespace
}  // namespace lightlane::pcs
