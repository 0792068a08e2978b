#pragma once
/// Constants of the two codes. Inside the floor only. Plain data, so that the vector units may include it.

#include <cstddef>
#include <cstdint>

namespace lightlane::fec::rs {

struct Tables {
  int n, k, t, parity;
  std::size_t words;            ///< 64-bit words of a packed codeword
  std::uint16_t generator[31];  ///< g_0 .. g_parity, g_parity = 1
};

/// The constants of the code with n symbols (544 or 528), built at the first call.
const Tables& tables(int n);

/// Division by g(x), five message bytes (four symbols) at a time: slice[b][v] is what byte b of the five, of
/// value v, leaves behind after the register has moved on by four symbols; packed like the parity, first 300
/// bits.
struct SliceTables {
  alignas(64) std::uint64_t head[5][256][4];
  alignas(64) std::uint64_t last[5][256];
};
const SliceTables& slice_tables(const Tables& tables);

/// Bit matrices for GF2P8AFFINEQB, see rs_linear_avx512.cpp.
struct GfniTables {
  static constexpr int columns = 10;  ///< vectors of one 80-byte window: 8 bytes of each of 8 codewords
  static constexpr int outputs = 5;   ///< bytes of four symbols
  /// Leaves of the Karatsuba recursion in the order they are used: [leaf * vectors + vector][output][lane].
  alignas(64) std::uint64_t leaf[27 * columns][outputs][8];
  alignas(64) std::uint64_t final[38][38];     ///< [input][output]: observations to parity from byte 642 on
  alignas(64) std::uint64_t syndrome[38][38];  ///< remainder from byte 642 on to packed syndromes
  std::uint64_t tail[3][38];                   ///< bytes 640..642 of the message to parity from byte 642 on
};
const GfniTables& gfni_tables(const Tables& tables);

/// For the solvers. A locator or evaluator is worked on as 16-bit words.
struct SolverTables {
  /// Packed syndromes of a nibble of the remainder (parity + received parity, from its first symbol on).
  std::uint64_t syndrome[75][16][5];
  /// multiples[l][v] = alpha^l v, v = 0..31; from 1028 on zero. alpha^l (v + 32 w) = multiples[l][v] +
  /// multiples[l + 5][w].
  alignas(64) std::uint16_t multiples[1040][32];
  static constexpr int zero_log = 1030;
  alignas(64) std::uint16_t powers[544][32];            ///< powers[i][j] = alpha^(i j)
  alignas(64) std::uint16_t inverse_powers[544][32];    ///< alpha^(-i j)
  alignas(64) std::uint16_t root_search[16][544];       ///< root_search[j][i] = alpha^(-i j)
  alignas(64) std::uint16_t root_search_high[16][544];  ///< the same >> 5
  std::uint16_t log[1024];                              ///< log[0] = 4096
  std::uint16_t forney[544];                            ///< -2t i mod 1023
  std::uint16_t quadratic[1024];                        ///< w with w^2 + w = c, 0xffff where there is none
  /// The same sums for plain 64-bit words: six evaluations (10 bits each) in a word, for bit b of coefficient
  /// j.
  std::uint64_t packed_search[16][10][91];
};
const SolverTables& solver_tables(const Tables& tables);

}  // namespace lightlane::fec::rs
