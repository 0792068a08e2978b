#pragma once
/// What a variant of the Reed-Solomon codec provides. Inside the floor only; see reed_solomon.hpp for the meaning.

#include <cstddef>
#include <cstdint>

namespace lightlane::fec::rs {

struct Tables;

inline constexpr std::size_t remainder_words = 5;  ///< 300 bits of remainder, packed like parity symbols
inline constexpr int max_errors = 15;

/// The errors of one codeword, by symbol. count is -1 where the word is uncorrectable.
struct Solution {
  std::int16_t count;
  std::uint16_t symbol[max_errors];
  std::uint16_t value[max_errors];
};

/// Writes the parity of `count` packed codewords.
using Encode = void (*)(const Tables&, std::uint64_t* words, std::size_t count) noexcept;
/// The remainder of `count` packed codewords modulo g(x), remainder_words each: symbol i of the remainder lies where
/// parity symbol k + i lies relative to the parity; zero iff the word is a codeword. Bits behind are zero.
using Remainder = void (*)(const Tables&, const std::uint64_t* words, std::size_t count,
                           std::uint64_t* remainders) noexcept;
/// Finds the errors that leave these remainders.
using Solve = void (*)(const Tables&, const std::uint64_t* remainders, std::size_t count,
                       Solution* solutions) noexcept;

struct Kernels {
  Encode encode;
  Remainder remainder;
  Solve solve;
};

extern const Kernels ref_kernels;
extern const Kernels portable_kernels;
void solve_portable(const Tables&, const std::uint64_t* remainders, std::size_t count, Solution* solutions) noexcept;

/// Parity (packed as a remainder) into a codeword; the message and spare bits stay.
void store_parity(const Tables&, const std::uint64_t* parity, std::uint64_t* words) noexcept;
/// remainder = parity + received parity.
void add_received_parity(const Tables&, const std::uint64_t* parity, const std::uint64_t* words,
                         std::uint64_t* remainder) noexcept;
/// Errors at rising powers of x.
void store_solution(const Tables&, const unsigned* power, const unsigned* value, int count,
                    Solution& solution) noexcept;
struct Guess;
/// One or two errors in any order.
void store_guess(const Tables&, Guess& guess, Solution& solution) noexcept;

void encode_avx512(const Tables&, std::uint64_t* words, std::size_t count) noexcept;
void remainder_avx512(const Tables&, const std::uint64_t* words, std::size_t count,
                      std::uint64_t* remainders) noexcept;
void solve_avx512(const Tables&, const std::uint64_t* remainders, std::size_t count, Solution* solutions) noexcept;

}  // namespace lightlane::fec::rs
