// Plain 64-bit words: division by slices of five bytes, root search six positions at a time.
#include <algorithm>
#include <bit>
#include <cstring>

#include "lightlane/fec/rs_closed_form.hpp"
#include "lightlane/fec/rs_kernels.hpp"
#include "lightlane/math/gf1024.hpp"
#include "lightlane/signal/fec_code.hpp"

namespace lightlane::fec::rs {
namespace {

using math::gf1024;
using math::gf1024_order;
using math::gf_divide;
using math::gf_multiply;

/// Packed parity of a message: the register in the order of the parity symbols, 300 (140) bits.
struct Register {
  std::uint64_t word[5] = {};

  /// Four symbols in: the top 40 bits meet them, what they leave behind comes out of the tables.
  void step(const SliceTables& tables, std::uint64_t symbols) noexcept {
    const std::uint64_t top = word[0] ^ symbols;
    for (int w = 0; w < 4; ++w) word[w] = word[w] >> 40 | word[w + 1] << 24;
    word[4] >>= 40;
    for (int b = 0; b < 5; ++b) {
      const auto value = static_cast<std::uint8_t>(top >> 8 * b);
      for (int w = 0; w < 4; ++w) word[w] ^= tables.head[b][value][w];
      word[4] ^= tables.last[b][value];
    }
  }
};

/// 514 symbols: two zeros and the first two, then 128 groups of four.
Register divide(const SliceTables& tables, const std::uint64_t* words) noexcept {
  Register reg;
  reg.step(tables, (words[0] & 0xfffff) << 20);
  for (unsigned bit = 20; bit < 5140; bit += 40) {
    const unsigned shift = bit & 63;
    std::uint64_t symbols = words[bit >> 6] >> shift;
    if (shift > 24) symbols |= words[(bit >> 6) + 1] << (64 - shift);
    reg.step(tables, symbols & 0xffffffffff);
  }
  return reg;
}

void encode(const Tables& tables, std::uint64_t* words, std::size_t count) noexcept {
  const SliceTables& slices = slice_tables(tables);
  for (std::size_t c = 0; c < count; ++c, words += tables.words)
    store_parity(tables, divide(slices, words).word, words);
}

std::size_t check(const Tables& tables, const std::uint64_t* words, std::size_t count,
                  std::uint64_t* syndromes, std::uint16_t* wrong) noexcept {
  const SliceTables& slices = slice_tables(tables);
  const SolverTables& solver = solver_tables(tables);
  std::size_t found = 0;
  for (std::size_t c = 0; c < count; ++c, words += tables.words) {
    const bool is_wrong =
        make_syndromes(tables, solver, divide(slices, words).word, words, syndromes + found * syndrome_words);
    wrong[found] = static_cast<std::uint16_t>(c);
    found += is_wrong;
  }
  return found;
}

/// All 2t syndromes of the guess, against those of the word.
bool fits(const Tables& tables, const Guess& guess, const std::uint16_t* syndromes) noexcept {
  unsigned log[2], sum[32] = {};
  for (int i = 0; i < guess.count; ++i) {
    log[i] = gf1024.log[guess.value[i]];
    for (int j = 0; j < tables.parity; ++j) {
      sum[j] ^= gf1024.exp[log[i]];
      log[i] += guess.power[i];
      if (log[i] >= gf1024_order) log[i] -= gf1024_order;
    }
  }
  unsigned wrong = 0;
  for (int j = 0; j < tables.parity; ++j) wrong |= sum[j] ^ syndromes[j];
  return wrong == 0;
}

/// Berlekamp-Massey without inversions: the locator, scaled. Its length, or -1 above t.
int find_locator(const Tables& tables, const std::uint16_t* syndromes, unsigned (&locator)[32]) noexcept {
  unsigned previous[32] = {0, 1}, old[32];
  std::fill(std::begin(locator), std::end(locator), 0);
  locator[0] = 1;
  int length = 0, degree = 1;  // of previous
  unsigned last = 1;
  for (int r = 0; r < tables.parity; ++r) {
    unsigned discrepancy = 0;
    for (int i = 0; i <= std::min(length, r); ++i) discrepancy ^= gf_multiply(locator[i], syndromes[r - i]);
    const bool longer = discrepancy != 0 && 2 * length <= r;
    if (longer) std::copy_n(locator, 32, old);
    if (discrepancy != 0) {
      const unsigned scale = gf_divide(discrepancy, last);
      for (int i = 1; i <= degree; ++i) locator[i] ^= gf_multiply(scale, previous[i]);
    }
    if (longer) {
      degree = length;
      length = r + 1 - length;
      if (length > tables.t) return -1;
      last = discrepancy;
      std::copy_n(old, 32, previous);
    }
    for (int i = 31; i > 0; --i) previous[i] = previous[i - 1];
    previous[0] = 0;
    degree = std::min(degree + 1, 31);
  }
  return length;
}

/// Powers of x at which the locator has its roots, rising; as many as `length`, or none.
bool find_roots(const Tables& tables, const SolverTables& solver, const unsigned (&locator)[32], int length,
                unsigned* power) noexcept {
  constexpr int fields = 91;
  constexpr std::uint64_t ones = 0x04010040100401, high = ones << 9, low = ones * 511;
  std::uint64_t sum[fields] = {};
  for (int j = 0; j <= length; ++j) {
    for (unsigned bits = locator[j]; bits != 0; bits &= bits - 1) {
      const std::uint64_t* row = solver.packed_search[j][std::countr_zero(bits)];
      for (int i = 0; i < fields; ++i) sum[i] ^= row[i];
    }
  }
  int found = 0;
  for (int i = 0; i < fields; ++i) {
    std::uint64_t zero = ~(((sum[i] & low) + low) | sum[i]) & high;
    for (; zero != 0; zero &= zero - 1) {
      const unsigned position = static_cast<unsigned>(6 * i + std::countr_zero(zero) / 10);
      if (position >= 544) break;  // two fields of the last word are empty
      if (position >= static_cast<unsigned>(tables.n) || found == length) return false;
      power[found++] = position;
    }
  }
  return found == length;
}

unsigned evaluate(const unsigned* polynomial, int size, unsigned log_x, int step) noexcept {
  unsigned value = 0, log = 0;
  for (int i = 0; i < size; i += step) {
    value ^= gf1024.exp[(polynomial[i] == 0 ? 2 * gf1024_order : gf1024.log[polynomial[i]]) + log];
    for (int k = 0; k < step; ++k) {
      log += log_x;
      if (log >= gf1024_order) log -= gf1024_order;
    }
  }
  return value;
}

/// e = X S(1/X) locator(1/X) / locator'(1/X), first root alpha^0.
void find_values(const std::uint16_t* syndromes, const unsigned (&locator)[32], int length,
                 const unsigned* power, unsigned* value) noexcept {
  unsigned evaluator[15] = {}, derivative[16] = {};
  for (int i = 0; i < length; ++i) {
    for (int j = 0; j <= i; ++j) evaluator[i] ^= gf_multiply(locator[j], syndromes[i - j]);
  }
  for (int i = 1; i <= length; i += 2) derivative[i - 1] = locator[i];
  for (int i = 0; i < length; ++i) {
    const unsigned log_x = (gf1024_order - power[i]) % gf1024_order;
    const unsigned ratio =
        gf_divide(evaluate(evaluator, length, log_x, 1), evaluate(derivative, length, log_x, 2));
    value[i] = gf1024.exp[gf1024.log[ratio] + power[i]];
  }
}

}  // namespace

void store_parity(const Tables& tables, const std::uint64_t* parity, std::uint64_t* words) noexcept {
  words[80] = (words[80] & 0xfffff) | parity[0] << 20;
  words[81] = parity[0] >> 44 | parity[1] << 20;
  if (tables.parity == 14) {
    words[82] = (words[82] & ~0xffffffffull) | ((parity[1] >> 44 | parity[2] << 20) & 0xffffffff);
  } else {
    for (int w = 2; w < 5; ++w) words[80 + w] = parity[w - 1] >> 44 | parity[w] << 20;
  }
}

bool make_syndromes(const Tables& tables, const SolverTables& solver, const std::uint64_t* parity,
                    const std::uint64_t* words, std::uint64_t* syndromes) noexcept {
  std::uint64_t remainder[5];
  if (tables.parity == 14) {
    remainder[0] = parity[0] ^ (words[80] >> 20 | words[81] << 44);
    remainder[1] = parity[1] ^ (words[81] >> 20 | words[82] << 44);
    remainder[2] = parity[2] ^ (words[82] >> 20 & 0xfff);
    remainder[3] = remainder[4] = 0;
  } else {
    for (int w = 0; w < 4; ++w) remainder[w] = parity[w] ^ (words[80 + w] >> 20 | words[81 + w] << 44);
    remainder[4] = parity[4] ^ words[84] >> 20;
  }
  if ((remainder[0] | remainder[1] | remainder[2] | remainder[3] | remainder[4]) == 0) return false;
  std::uint64_t sum[5] = {};
  for (int nibble = 0; 2 * nibble < 5 * tables.parity; ++nibble) {
    const std::uint64_t* row = solver.syndrome[nibble][remainder[nibble / 16] >> (4 * (nibble % 16)) & 15];
    for (int w = 0; w < 5; ++w) sum[w] ^= row[w];
  }
  std::copy_n(sum, 5, syndromes);
  return true;
}

void store_solution(const Tables& tables, const unsigned* power, const unsigned* value, int count,
                    Solution& solution) noexcept {
  solution.count = static_cast<std::int16_t>(count);
  for (int i = 0; i < count; ++i) {  // rising powers are falling symbols
    solution.symbol[count - 1 - i] =
        static_cast<std::uint16_t>(static_cast<unsigned>(tables.n) - 1 - power[i]);
    solution.value[count - 1 - i] = static_cast<std::uint16_t>(value[i]);
  }
}

void store_guess(const Tables& tables, Guess& guess, Solution& solution) noexcept {
  if (guess.count == 2 && guess.power[0] > guess.power[1]) {
    std::swap(guess.power[0], guess.power[1]);
    std::swap(guess.value[0], guess.value[1]);
  }
  store_solution(tables, guess.power, guess.value, guess.count, solution);
}

void solve_portable(const Tables& tables, const std::uint64_t* packed, std::size_t count,
                    Solution* solutions) noexcept {
  const SolverTables& solver = solver_tables(tables);
  for (std::size_t c = 0; c < count; ++c, packed += syndrome_words) {
    Solution& solution = solutions[c];
    std::uint16_t syndromes[32];
    for (int j = 0; j < tables.parity; ++j) {
      syndromes[j] = static_cast<std::uint16_t>(signal::get_symbol(packed, static_cast<std::size_t>(j)));
    }
    Guess guess = guess_errors(tables, solver, syndromes);
    if (guess.count != 0 && fits(tables, guess, syndromes)) {
      store_guess(tables, guess, solution);
      continue;
    }
    unsigned locator[32], power[max_errors], value[max_errors];
    const int length = find_locator(tables, syndromes, locator);
    solution.count = -1;
    if (length < 0 || !find_roots(tables, solver, locator, length, power)) continue;
    find_values(syndromes, locator, length, power, value);
    store_solution(tables, power, value, length, solution);
  }
}

const Kernels portable_kernels{encode, check, solve_portable};

}  // namespace lightlane::fec::rs
