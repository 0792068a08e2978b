#pragma once
/// The two Reed-Solomon codes of Ethernet over GF(2^10), and packed codewords.

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace lightlane::signal {

/// RS(n, k) with 10-bit symbols, correcting t symbol errors. 802.3 91.5.2.7, 119.2.4.6.
struct FecCode {
  int n;             ///< symbols in a codeword
  int k;             ///< message symbols, 514
  int t;             ///< correctable symbol errors
  std::size_t words; ///< 64-bit words that hold one packed codeword
  std::string_view name;

  constexpr int parity() const { return n - k; }
  constexpr int bits() const { return 10 * n; }
  friend constexpr bool operator==(const FecCode& a, const FecCode& b) { return a.n == b.n; }
};

inline constexpr FecCode kp4{544, 514, 15, 85, "kp4"};  ///< RS(544,514), 5440 bits = 85 words exactly
inline constexpr FecCode kr4{528, 514, 7, 83, "kr4"};   ///< RS(528,514), 5280 bits; the last 32 bits of word 82 are zero

/// Codewords, packed. Codeword c lies in words [c * code.words, (c + 1) * code.words); its symbol s occupies bits
/// 10 s .. 10 s + 9, bit 0 of the symbol first. Symbol 0 is first in time and the highest-order coefficient
/// (c<543> in clause 119); message symbols 0..513, parity behind. Clause 119 streams hold pairs: A, B, A, B, ...
struct Codewords {
  FecCode code = kp4;
  std::size_t count = 0;
  std::vector<std::uint64_t> words;

  void resize(std::size_t codewords) {
    count = codewords;
    words.resize(codewords * code.words);
  }
  std::uint64_t* at(std::size_t c) { return words.data() + c * code.words; }
  const std::uint64_t* at(std::size_t c) const { return words.data() + c * code.words; }
};

/// Symbol s of a packed codeword.
inline unsigned get_symbol(const std::uint64_t* codeword, std::size_t s) noexcept {
  const std::size_t bit = 10 * s, word = bit >> 6;
  const unsigned shift = bit & 63;
  std::uint64_t value = codeword[word] >> shift;
  if (shift > 54) value |= codeword[word + 1] << (64 - shift);
  return static_cast<unsigned>(value & 1023);
}

/// XORs `value` (10 bits) into symbol s of a packed codeword.
inline void xor_symbol(std::uint64_t* codeword, std::size_t s, std::uint64_t value) noexcept {
  const std::size_t bit = 10 * s, word = bit >> 6;
  const unsigned shift = bit & 63;
  codeword[word] ^= value << shift;
  if (shift > 54) codeword[word + 1] ^= value >> (64 - shift);
}

/// What a decoder did to one codeword.
struct DecodeOutcome {
  static constexpr std::int16_t uncorrectable = -1;
  std::int16_t symbols = 0;  ///< symbols corrected, 0..t (t + more with erasures), or `uncorrectable`
  std::uint16_t bits = 0;    ///< bits corrected
  bool ok() const noexcept { return symbols >= 0; }
};

/// One corrected symbol: codeword index within the batch, symbol position, and what was XORed.
struct Correction {
  std::uint32_t codeword;
  std::uint16_t symbol;
  std::uint16_t value;
};

}  // namespace lightlane::signal
