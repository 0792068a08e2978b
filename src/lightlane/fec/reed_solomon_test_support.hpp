#pragma once
/// Codewords, errors and draws for the tests of this folder.

#include <algorithm>
#include <cstdint>
#include <vector>

#include "lightlane/base/random.hpp"
#include "lightlane/signal/fec_code.hpp"

namespace lightlane::fec::test {

/// A sequence of draws.
class Draws {
 public:
  explicit Draws(std::uint64_t seed) : stream_(seed, "test.reed_solomon", 0) {}
  std::uint64_t bits() { return stream_.bits(next_++); }
  unsigned below(unsigned limit) { return static_cast<unsigned>((bits() >> 32) * limit >> 32); }

 private:
  RandomStream stream_;
  std::uint64_t next_ = 0;
};

inline void set_symbol(std::uint64_t* codeword, std::size_t s, unsigned value) {
  signal::xor_symbol(codeword, s, signal::get_symbol(codeword, s) ^ value);
}

/// Codewords with random messages; parity still zero.
inline signal::Codewords random_messages(const signal::FecCode& code, std::size_t count, Draws& draws) {
  signal::Codewords words;
  words.code = code;
  words.resize(count);
  for (std::size_t c = 0; c < count; ++c) {
    for (int s = 0; s < code.k; ++s) set_symbol(words.at(c), s, draws.below(1024));
  }
  return words;
}

/// `count` different symbols of the codeword, rising.
inline std::vector<std::uint16_t> random_symbols(const signal::FecCode& code, int count, Draws& draws) {
  std::vector<std::uint16_t> symbols;
  while (static_cast<int>(symbols.size()) < count) {
    const auto symbol = static_cast<std::uint16_t>(draws.below(code.n));
    if (std::find(symbols.begin(), symbols.end(), symbol) == symbols.end()) symbols.push_back(symbol);
  }
  std::sort(symbols.begin(), symbols.end());
  return symbols;
}

/// Random errors in these symbols of codeword c, XORed into words and listed.
inline void add_errors(signal::Codewords& words, std::size_t c, const std::vector<std::uint16_t>& symbols,
                       Draws& draws, std::vector<signal::Correction>& errors) {
  for (const std::uint16_t symbol : symbols) {
    const auto value = static_cast<std::uint16_t>(1 + draws.below(1023));
    signal::xor_symbol(words.at(c), symbol, value);
    errors.push_back({static_cast<std::uint32_t>(c), symbol, value});
  }
}

inline bool equal(const std::vector<signal::Correction>& a, const std::vector<signal::Correction>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
    return x.codeword == y.codeword && x.symbol == y.symbol && x.value == y.value;
  });
}

}  // namespace lightlane::fec::test
