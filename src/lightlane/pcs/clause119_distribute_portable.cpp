#include <algorithm>
#include <bit>
#include <cstring>

#include "lightlane/pcs/clause119_distribute.hpp"
#include "lightlane/pcs/clause119_kernels.hpp"

namespace lightlane::pcs::clause119 {
namespace {

static_assert(std::endian::native == std::endian::little, "octets of words are read and written in place");

constexpr std::uint64_t symbol_mask = 1023;

std::uint64_t load(const std::uint64_t* words, std::size_t bit, unsigned count) {
  const unsigned shift = bit % 64;
  std::uint64_t value = words[bit / 64] >> shift;
  if (shift + count > 64) value |= words[bit / 64 + 1] << (64 - shift);
  return value & ((std::uint64_t{1} << count) - 1);
}

/// Collects bits and stores whole words.
struct Writer {
  std::uint64_t* out;
  std::uint64_t word = 0;
  unsigned fill = 0;
  void put(std::uint64_t value, unsigned count) {
    word |= value << fill;
    if (fill + count >= 64) {
      *out++ = word;
      word = fill == 0 ? 0 : value >> (64 - fill);
      fill -= 64;
    }
    fill += count;
  }
};

/// Symbols 0 and 2 of 40 bits side by side.
std::uint64_t every_other(std::uint64_t four) {
  return (four & symbol_mask) | (four >> 10 & symbol_mask << 10);
}

std::uint64_t spread(std::uint64_t two) { return (two & symbol_mask) | (two & symbol_mask << 10) << 10; }

/// Symbol s of octets that hold ten bits after ten bits: within two octets at most.
std::uint64_t symbol_of(const std::uint8_t* octets, unsigned s) {
  std::uint16_t two;
  std::memcpy(&two, octets + 10 * s / 8, 2);
  return static_cast<std::uint64_t>(two) >> (10 * s % 8) & symbol_mask;
}

template <unsigned lanes>
void distribute(const std::uint64_t* codewords, std::size_t pairs, std::uint8_t* const* lane) {
  constexpr unsigned half = lanes / 2, groups = 136 / half, group_octets = 5 * half;
  const auto* a = reinterpret_cast<const std::uint8_t*>(codewords);
  std::size_t at = 0;
  for (std::size_t p = 0; p < pairs; ++p, a += 16 * codeword_words) {
    const std::uint8_t* b = a + 8 * codeword_words;
    for (unsigned g = 0; g < groups; ++g, at += 5) {
      for (unsigned j = 0; j < half; ++j) {
        std::uint64_t even = 0, odd = 0;  // four turns of lanes 2j and 2j + 1
        for (unsigned turn = 0; turn < 4; ++turn) {
          const unsigned symbol = half * turn + j;
          const std::uint64_t from_a = symbol_of(a + group_octets * g, symbol);
          const std::uint64_t from_b = symbol_of(b + group_octets * g, symbol);
          even |= (turn % 2 == 0 ? from_a : from_b) << (10 * turn);
          odd |= (turn % 2 == 0 ? from_b : from_a) << (10 * turn);
        }
        std::memcpy(lane[2 * j] + at, &even, 5);
        std::memcpy(lane[2 * j + 1] + at, &odd, 5);
      }
    }
  }
}

/// Four symbols (one turn of four lanes) are five octets.
template <unsigned lanes>
void collect(const std::uint64_t* const* lane, const std::size_t* position, std::size_t pairs,
             std::uint64_t* codewords) {
  constexpr unsigned half = lanes / 2, groups = 136 / half;
  const std::uint8_t* from[lanes];
  unsigned shift[lanes];
  for (unsigned l = 0; l < lanes; ++l) {
    from[l] = reinterpret_cast<const std::uint8_t*>(lane[l]) + position[l] / 8;
    shift[l] = position[l] % 8;
  }
  auto* a = reinterpret_cast<std::uint8_t*>(codewords);
  std::size_t at = 0;
  for (std::size_t p = 0; p < pairs; ++p, a += 16 * codeword_words) {
    std::uint8_t* to_a = a;
    std::uint8_t* to_b = a + 8 * codeword_words;
    for (unsigned g = 0; g < groups; ++g, at += 5) {
      std::uint64_t four[lanes];
      for (unsigned l = 0; l < lanes; ++l) {
        std::memcpy(&four[l], from[l] + at, 8);
        four[l] >>= shift[l];
      }
      for (unsigned turn = 0; turn < 4; ++turn) {
        for (unsigned j = 0; j < half; j += 4, to_a += 5, to_b += 5) {
          std::uint64_t even = 0, odd = 0;
          for (unsigned i = 0; i < 4; ++i) {
            even |= (four[2 * (j + i)] >> (10 * turn) & symbol_mask) << (10 * i);
            odd |= (four[2 * (j + i) + 1] >> (10 * turn) & symbol_mask) << (10 * i);
          }
          std::memcpy(to_a, turn % 2 == 0 ? &even : &odd, 5);
          std::memcpy(to_b, turn % 2 == 0 ? &odd : &even, 5);
        }
      }
    }
  }
}

}  // namespace

void split_portable(const std::uint64_t* stream, std::uint64_t* codewords) noexcept {
  Writer a{codewords}, b{codewords + codeword_words};
  for (std::size_t bit = 0; bit < pair_bits; bit += 40) {
    const std::uint64_t four = load(stream, bit, 40);
    a.put(every_other(four), 20);
    b.put(every_other(four >> 10), 20);
  }
  for (Writer* w : {&a, &b}) {
    *w->out++ = w->word;
    std::fill_n(w->out, codeword_words - 81, 0);
  }
}

void join_portable(const std::uint64_t* codewords, std::uint64_t* stream) noexcept {
  Writer out{stream};
  for (std::size_t bit = 0; bit < pair_bits / 2; bit += 20) {
    out.put(spread(load(codewords, bit, 20)) | spread(load(codewords + codeword_words, bit, 20)) << 10, 40);
  }
  *out.out = out.word;
}

void distribute_portable(unsigned lanes, const std::uint64_t* codewords, std::size_t pairs,
                         std::uint8_t* const* lane) noexcept {
  lanes == 16 ? distribute<16>(codewords, pairs, lane) : distribute<8>(codewords, pairs, lane);
}

void collect_portable(unsigned lanes, const std::uint64_t* const* lane, const std::size_t* position,
                      std::size_t pairs, std::uint64_t* codewords) noexcept {
  lanes == 16 ? collect<16>(lane, position, pairs, codewords) : collect<8>(lane, position, pairs, codewords);
}

}  // namespace lightlane::pcs::clause119
