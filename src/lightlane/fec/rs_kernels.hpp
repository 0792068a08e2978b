#pragma once
/// What a variant of the Reed-Solomon codec provides. Inside the floor only; see reed_solomon.hpp for the
/// meaning.

#include <cstddef>
#include <cstdint>

namespace lightlane::fec::rs {

struct Tables;
struct SolverTables;

inline constexpr std::size_t syndrome_words =
    5;  ///< of 300 bits: S_j in bits 10 j .. 10 j + 9, the rest zero
inline constexpr int max_errors = 15;

/// The errors of one codeword, by symbol. count is -1 where the word is uncorrectable.
struct Solution {
  std::int16_t count;
  std::uint16_t symbol[max_errors];
  std::uint16_t value[max_errors];
};

/// Writes the parity of `count` packed codewords.
using Encode = void (*)(const Tables&, std::uint64_t* words, std::size_t count) noexcept;
/// Finds those of `count` (below 65536) packed words that are no codewords: their indices, rising, and their
/// packed syndromes. Returns how many; both arrays have room for all.
using Check = std::size_t (*)(const Tables&, const std::uint64_t* words, std::size_t count,
                              std::uint64_t* syndromes, std::uint16_t* wrong) noexcept;
/// Finds the errors that make these packed syndromes, which are not zero.
using Solve = void (*)(const Tables&, const std::uint64_t* syndromes, std::size_t count,
                       Solution* solutions) noexcept;

struct Kernels {
  Encode encode;
  Check check;
  Solve solve;
};

extern const Kernels ref_kernels;
extern const Kernels portable_kernels;
void solve_portable(const Tables&, const std::uint64_t* syndromes, std::size_t count,
                    Solution* solutions) noexcept;

/// Packed parity (first symbol in bit 0 of parity[0]) into a codeword; the message and spare bits stay.
void store_parity(const Tables&, const std::uint64_t* parity, std::uint64_t* words) noexcept;
/// The packed syndromes of a word whose message has this parity. False where all are zero.
bool make_syndromes(const Tables&, const SolverTables&, const std::uint64_t* parity,
                    const std::uint64_t* words, std::uint64_t* syndromes) noexcept;
/// Errors at rising powers of x.
void store_solution(const Tables&, const unsigned* power, const unsigned* value, int count,
                    Solution& solution) noexcept;
struct Guess;
/// One or two errors in any order.
void store_guess(const Tables&, Guess& guess, Solution& solution) noexcept;

void encode_avx2(const Tables&, std::uint64_t* words, std::size_t count) noexcept;
std::size_t check_avx2(const Tables&, const std::uint64_t* words, std::size_t count, std::uint64_t* syndromes,
                       std::uint16_t* wrong) noexcept;
void encode_avx512(const Tables&, std::uint64_t* words, std::size_t count) noexcept;
std::size_t check_avx512(const Tables&, const std::uint64_t* words, std::size_t count,
                         std::uint64_t* syndromes, std::uint16_t* wrong) noexcept;
void solve_avx512(const Tables&, const std::uint64_t* syndromes, std::size_t count,
                  Solution* solutions) noexcept;

}  // namespace lightlane::fec::rs
