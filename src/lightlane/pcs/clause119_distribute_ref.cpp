#include <algorithm>

#include "lightlane/pcs/clause119_distribute.hpp"
#include "lightlane/pcs/clause119_kernels.hpp"

namespace lightlane::pcs::clause119 {
namespace {

/// Calls visit(codeword, symbol, lane, turn) in the order of 119.2.4.7: symbol k of a lane is its turn k.
template <class Visit>
void walk(unsigned lanes, Visit visit) {
  const unsigned half = lanes / 2;
  for (unsigned k = 0; k < 544 / half; ++k) {
    for (unsigned j = 0; j < half; ++j) {
      const unsigned symbol = half * k + j, a = 0, b = 1;
      visit(k % 2 == 0 ? a : b, symbol, 2 * j, k);
      visit(k % 2 == 0 ? b : a, symbol, 2 * j + 1, k);
    }
  }
}

}  // namespace

void split_ref(const std::uint64_t* stream, std::uint64_t* codewords) noexcept {
  std::fill_n(codewords, 2 * codeword_words, 0);
  for (std::size_t s = 0; s < 1028; ++s) {
    signal::xor_symbol(codewords + (s % 2) * codeword_words, s / 2, signal::get_symbol(stream, s));
  }
}

void join_ref(const std::uint64_t* codewords, std::uint64_t* stream) noexcept {
  std::fill_n(stream, pair_bits / 64 + 1, 0);
  for (std::size_t s = 0; s < 1028; ++s) {
    signal::xor_symbol(stream, s, signal::get_symbol(codewords + (s % 2) * codeword_words, s / 2));
  }
}

void distribute_ref(unsigned lanes, const std::uint64_t* codewords, std::size_t pairs,
                    std::uint8_t* const* lane) noexcept {
  const std::size_t octets = 1360 / lanes;
  for (unsigned l = 0; l < lanes; ++l) std::fill_n(lane[l], octets * pairs, std::uint8_t{0});
  for (std::size_t p = 0; p < pairs; ++p, codewords += 2 * codeword_words) {
    walk(lanes, [&](unsigned codeword, unsigned symbol, unsigned l, unsigned turn) {
      const unsigned value = signal::get_symbol(codewords + codeword * codeword_words, symbol);
      for (unsigned bit = 0; bit < 10; ++bit) {
        const std::size_t at = 8 * octets * p + 10 * turn + bit;
        lane[l][at / 8] |= static_cast<std::uint8_t>((value >> bit & 1) << (at % 8));
      }
    });
  }
}

void collect_ref(unsigned lanes, const std::uint64_t* const* lane, const std::size_t* position,
                 std::size_t pairs, std::uint64_t* codewords) noexcept {
  std::fill_n(codewords, 2 * codeword_words * pairs, 0);
  for (std::size_t p = 0; p < pairs; ++p, codewords += 2 * codeword_words) {
    walk(lanes, [&](unsigned codeword, unsigned symbol, unsigned l, unsigned turn) {
      std::uint64_t value = 0;
      for (unsigned bit = 0; bit < 10; ++bit) {
        const std::size_t at = position[l] + 10880 / lanes * p + 10 * turn + bit;
        value |= (lane[l][at / 64] >> (at % 64) & 1) << bit;
      }
      signal::xor_symbol(codewords + codeword * codeword_words, symbol, value);
    });
  }
}

}  // namespace lightlane::pcs::clause119
