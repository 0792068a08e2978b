// Errors from syndromes: one codeword's polynomial in one or two vectors of 16-bit words.
//
// A scalar times a vector is two table look-ups by VPERMW: with v = v0 + 32 v1, a v = (a v0) + (a alpha^5
// v1), and a vector holds the 32 multiples of a (64 bytes; SolverTables::multiples, by logarithm of a, 66
// kB). Per codeword: one or two errors a closed form, checked by 3 or 6 products; else Berlekamp-Massey in
// the form that carries all discrepancies, 4 look-ups in each of at most 2t steps, four codewords side by
// side because a step waits some 30 cycles for its discrepancy; root search 17 products per degree; values by
// Forney for all roots at once.
#include <immintrin.h>

#include <algorithm>
#include <cstring>

#include "lightlane/fec/rs_closed_form.hpp"
#include "lightlane/fec/rs_kernels.hpp"

namespace lightlane::fec::rs {
namespace {

using Vector = __m512i;
constexpr int side_by_side = 4;

inline Vector load(const void* from) { return _mm512_loadu_si512(from); }
inline Vector sum3(Vector a, Vector b, Vector c) { return _mm512_ternarylogic_epi64(a, b, c, 0x96); }

/// A scalar, ready to multiply vectors.
struct Multiplier {
  Vector low, high;
  Multiplier(const SolverTables& tables, unsigned log)
      : low(load(tables.multiples[log])), high(load(tables.multiples[log + 5])) {}
  /// sum + scalar * v; v_high = v >> 5.
  Vector add_product(Vector sum, Vector v, Vector v_high) const {
    return sum3(sum, _mm512_permutexvar_epi16(v, low), _mm512_permutexvar_epi16(v_high, high));
  }
  Vector add_product(Vector sum, Vector v) const { return add_product(sum, v, _mm512_srli_epi16(v, 5)); }
};

/// The logarithm for Multiplier: zero where a is.
inline unsigned multiplier_log(const SolverTables& tables, unsigned a) {
  return std::min<unsigned>(tables.log[a], SolverTables::zero_log);
}

/// 30 packed symbols to 16-bit words: five bytes to each lane, then ten bits from any position.
inline Vector unpack_syndromes(const std::uint64_t* packed) {
  alignas(64) static constexpr std::uint8_t lanes[64] = {
      0,  1,  2,  3,  4,  5,  6,  7,  5,  6,  7,  8,  9,  10, 11, 12, 10, 11, 12, 13, 14, 15,
      16, 17, 15, 16, 17, 18, 19, 20, 21, 22, 20, 21, 22, 23, 24, 25, 26, 27, 25, 26, 27, 28,
      29, 30, 31, 32, 30, 31, 32, 33, 34, 35, 36, 37, 35, 36, 37, 38, 39, 40, 41, 42};
  const Vector bytes = _mm512_permutexvar_epi8(load(lanes), _mm512_maskz_loadu_epi64(0x1f, packed));
  const Vector shifts = _mm512_set1_epi64(0x261e1c14120a0800);
  return _mm512_and_si512(_mm512_multishift_epi64_epi8(shifts, bytes), _mm512_set1_epi16(1023));
}

inline bool fits(const SolverTables& tables, const Guess& guess, Vector syndromes) {
  for (int i = 0; i < guess.count; ++i) {
    syndromes = Multiplier(tables, tables.log[guess.value[i]])
                    .add_product(syndromes, load(tables.powers[guess.power[i]]));
  }
  return _mm512_test_epi16_mask(syndromes, syndromes) == 0;
}

/// A word that needs the search: afterwards low[0..t-1] is the high part of syndromes times locator,
/// low[t..2t] the locator, locator[0] = 1.
struct Hard {
  std::size_t solution;
  int length;
  Vector low;
};

/// The reformulated Berlekamp-Massey algorithm (Sarwate and Shanbhag), divided by the last discrepancy so
/// that one product remains: delta(i) <- delta(i + 1) + c theta(i), c = delta(0) / gamma; where the register
/// grows, theta(i) <- delta(i + 1), gamma <- delta(0). delta begins with the syndromes and has the 1 of the
/// locator at 3t, so that it comes down to t in 2t steps. Words beyond 31 are in `high`.
template <int T>
inline void find_locators(const SolverTables& tables, Hard* hard) {
  constexpr int steps = 2 * T;
  constexpr bool wide = 3 * T > 31;  // KR4 fits into one vector
  Vector low[side_by_side], high[side_by_side], theta_low[side_by_side], theta_high[side_by_side];
  unsigned log_gamma[side_by_side];
  int excess[side_by_side];  // k of the paper: steps done - 2 length
  alignas(64) std::uint16_t one[64] = {};
  one[3 * T] = 1;
  for (int w = 0; w < side_by_side; ++w) {
    low[w] = theta_low[w] = _mm512_or_si512(hard[w].low, load(one));
    high[w] = theta_high[w] = load(one + 32);
    log_gamma[w] = 0;
    excess[w] = 0;
  }
  alignas(64) std::uint16_t counting[32];
  for (int i = 0; i < 32; ++i) counting[i] = static_cast<std::uint16_t>(i + 1);
  const Vector next = load(counting);
  for (int r = 0; r < steps; ++r) {
    for (int w = 0; w < side_by_side; ++w) {
      const unsigned delta = static_cast<std::uint16_t>(_mm_cvtsi128_si32(_mm512_castsi512_si128(low[w])));
      const unsigned log_delta = tables.log[delta];
      const bool grows = delta != 0 && excess[w] >= 0;
      unsigned log = log_delta - log_gamma[w];
      log = std::min(log, log + 1023);  // the one of the two that did not wrap below zero
      const Multiplier ratio(tables, std::min<unsigned>(log, SolverTables::zero_log));
      const __mmask32 all = grows ? 0xffffffffu : 0;
      Vector moved_low, moved_high;
      if (wide) {
        moved_low = _mm512_permutex2var_epi16(low[w], next, high[w]);
        moved_high = _mm512_maskz_permutexvar_epi16(0x7fffffff, next, high[w]);
      } else {
        moved_low = _mm512_maskz_permutexvar_epi16(0x7fffffff, next, low[w]);
      }
      low[w] = ratio.add_product(moved_low, theta_low[w]);
      theta_low[w] = _mm512_mask_mov_epi16(theta_low[w], all, moved_low);
      if (wide) {
        high[w] = ratio.add_product(moved_high, theta_high[w]);
        theta_high[w] = _mm512_mask_mov_epi16(theta_high[w], all, moved_high);
      }
      log_gamma[w] = grows ? log_delta : log_gamma[w];
      excess[w] = grows ? -excess[w] - 1 : excess[w] + 1;
    }
    // Once no discrepancy is left nothing but the moving remains.
    if (r >= 4 && r % 2 == 0 && r + 1 < steps) {
      const __mmask32 left = static_cast<__mmask32>((1u << (steps - 1 - r)) - 1);
      __mmask32 some = 0;
      for (int w = 0; w < side_by_side; ++w) some |= _mm512_test_epi16_mask(low[w], low[w]);
      if ((some & left) == 0) {
        const int missing = steps - 1 - r;
        const Vector jump = _mm512_add_epi16(next, _mm512_set1_epi16(static_cast<short>(missing - 1)));
        for (int w = 0; w < side_by_side; ++w) {
          low[w] = _mm512_permutex2var_epi16(low[w], jump, wide ? high[w] : _mm512_setzero_si512());
          excess[w] += missing;
        }
        break;
      }
    }
  }
  for (int w = 0; w < side_by_side; ++w) {
    hard[w].low = low[w];
    hard[w].length = (steps - excess[w]) / 2;
  }
}

/// Powers of x of the roots, rising, at most `length`; `power` has room for 32 more. Returns how many.
template <int T>
inline int find_roots(const SolverTables& tables, const std::uint16_t* locator, int length,
                      std::uint16_t* power) {
  constexpr int vectors = 17;  // 544 positions
  Vector sum[vectors];
  const Vector constant = _mm512_set1_epi16(static_cast<short>(locator[0]));
#pragma GCC unroll 17
  for (int i = 0; i < vectors; ++i) sum[i] = constant;
  Multiplier next(tables, multiplier_log(tables, locator[1]));
#pragma GCC unroll 1
  for (int j = 1; j <= length; ++j) {
    const Multiplier coefficient = next;
    next = Multiplier(tables, multiplier_log(tables, locator[j + 1]));  // on its way while this one works
    const std::uint16_t* row = tables.root_search[j];
    const std::uint16_t* row_high =
        tables.root_search_high[j];  // a shift would take the ports of the look-ups
#pragma GCC unroll 17
    for (int i = 0; i < vectors; ++i) {
      sum[i] = coefficient.add_product(sum[i], load(row + 32 * i), load(row_high + 32 * i));
    }
  }
  // Positions without a branch, which would be mispredicted for every vector.
  alignas(64) std::uint16_t counting[32];
  for (int i = 0; i < 32; ++i) counting[i] = static_cast<std::uint16_t>(i);
  Vector positions = load(counting);
  unsigned count = 0;
#pragma GCC unroll 17
  for (int i = 0; i < vectors; ++i) {
    __mmask32 zeros = _mm512_testn_epi16_mask(sum[i], sum[i]);
    if (i == 16 && T == 7) zeros &= 0xffff;  // KR4 ends at 528
    _mm512_storeu_si512(power + count, _mm512_maskz_compress_epi16(zeros, positions));
    count += static_cast<unsigned>(_mm_popcnt_u32(zeros));
    positions = _mm512_add_epi16(positions, _mm512_set1_epi16(32));
  }
  return static_cast<int>(count);
}

/// columns[j], lane i = alpha^(-power[i] j), j < 16, i < 16: a transposition of rows of a table.
inline void gather_powers(const SolverTables& tables, const std::uint16_t* power, __m256i (&columns)[16]) {
  __m256i a[16], b[16];
  for (int i = 0; i < 16; ++i)
    a[i] = _mm256_load_si256(reinterpret_cast<const __m256i*>(tables.inverse_powers[power[i]]));
  // Rows i and i + 8 interleaved four times over turn 16 rows of a 128-bit half into columns of eight lanes
  // each.
  for (int i = 0; i < 16; i += 2) {
    b[i] = _mm256_unpacklo_epi16(a[i], a[i + 1]);
    b[i + 1] = _mm256_unpackhi_epi16(a[i], a[i + 1]);
  }
  for (int i = 0; i < 16; i += 4) {
    for (int h = 0; h < 2; ++h) {
      a[i + 2 * h] = _mm256_unpacklo_epi32(b[i + h], b[i + 2 + h]);
      a[i + 2 * h + 1] = _mm256_unpackhi_epi32(b[i + h], b[i + 2 + h]);
    }
  }
  for (int i = 0; i < 16; i += 8) {
    for (int h = 0; h < 4; ++h) {
      b[i + 2 * h] = _mm256_unpacklo_epi64(a[i + h], a[i + 4 + h]);
      b[i + 2 * h + 1] = _mm256_unpackhi_epi64(a[i + h], a[i + 4 + h]);
    }
  }
  for (int h = 0; h < 8; ++h) {  // 0x20 takes the low halves of both, 0x31 the high ones
    columns[h] = _mm256_permute2x128_si256(b[h], b[8 + h], 0x20);
    columns[8 + h] = _mm256_permute2x128_si256(b[h], b[8 + h], 0x31);
  }
}

/// e = X^(-2t) high(1/X) / odd(1/X), high the part of syndromes times locator from x^2t on, odd the odd part
/// of the locator; lanes are roots.
inline void find_values(const SolverTables& tables, const std::uint16_t* high, const std::uint16_t* locator,
                        int length, const std::uint16_t* power, unsigned* value) {
  __m256i columns[16];
  gather_powers(tables, power, columns);
  Vector numerator = _mm512_set1_epi16(static_cast<short>(high[0])), denominator = _mm512_setzero_si512();
#pragma GCC unroll 15
  for (int j = 1; j < 16; ++j) {
    if (j > length) break;
    const Vector column = _mm512_castsi256_si512(columns[j]);
    if (j < length) {
      numerator = Multiplier(tables, multiplier_log(tables, high[j])).add_product(numerator, column);
    }
    if (j % 2 == 1) {
      denominator = Multiplier(tables, multiplier_log(tables, locator[j])).add_product(denominator, column);
    }
  }
  alignas(64) std::uint16_t over[32], under[32];
  _mm512_store_si512(over, numerator);
  _mm512_store_si512(under, denominator);
  for (int i = 0; i < length; ++i) {
    int log = static_cast<int>(tables.log[over[i]]) - tables.log[under[i]] + tables.forney[power[i]];
    if (log < 0) log += 1023;
    value[i] = math::gf1024.exp[static_cast<unsigned>(log)];
  }
}

/// The two polynomials of a word, and what multiplies by their coefficients on its way into the first cache.
template <int T>
struct Polynomials {
  alignas(64) std::uint16_t word[32];
  const std::uint16_t* high() const { return word; }
  const std::uint16_t* locator() const { return word + T; }

  void take(const SolverTables& solver, const Hard& hard) {
    _mm512_store_si512(word, hard.low);
    if (hard.length > T) return;
    for (int j = 1; j <= hard.length; ++j) fetch(solver, locator()[j]);
    for (int j = 1; j < hard.length; ++j) fetch(solver, high()[j]);
  }
  static void fetch(const SolverTables& solver, unsigned coefficient) {
    const unsigned log = multiplier_log(solver, coefficient);
    _mm_prefetch(reinterpret_cast<const char*>(solver.multiples[log]), _MM_HINT_T0);
    _mm_prefetch(reinterpret_cast<const char*>(solver.multiples[log + 5]), _MM_HINT_T0);
  }
};

template <int T>
inline void finish(const Tables& tables, const SolverTables& solver, const Hard& hard,
                   const Polynomials<T>& polynomials, Solution& solution) {
  solution.count = -1;
  if (hard.length > T) return;
  std::uint16_t power[64] = {};
  const std::uint16_t* locator = polynomials.locator();
  if (find_roots<T>(solver, locator, hard.length, power) != hard.length) return;
  unsigned powers[16], value[16];
  find_values(solver, polynomials.high(), locator, hard.length, power, value);
  for (int i = 0; i < hard.length; ++i) powers[i] = power[i];
  store_solution(tables, powers, value, hard.length, solution);
}

template <int T>
void solve_all(const Tables& tables, const std::uint64_t* packed, std::size_t count,
               Solution* solutions) noexcept {
  const SolverTables& solver = solver_tables(tables);
  Hard hard[side_by_side];
  int waiting = 0;
  const auto flush = [&] {
    for (int w = waiting; w < side_by_side; ++w) hard[w].low = hard[0].low;
    find_locators<T>(solver, hard);
    Polynomials<T> polynomials[side_by_side];
    polynomials[0].take(solver, hard[0]);
    for (int w = 0; w < waiting; ++w) {
      if (w + 1 < waiting) polynomials[w + 1].take(solver, hard[w + 1]);
      finish<T>(tables, solver, hard[w], polynomials[w], solutions[hard[w].solution]);
    }
    waiting = 0;
  };
  for (std::size_t c = 0; c < count; ++c, packed += syndrome_words) {
    const Vector syndromes = unpack_syndromes(packed);
    alignas(64) std::uint16_t first[32];
    _mm512_store_si512(first, syndromes);
    Guess guess = guess_errors(tables, solver, first);
    if (guess.count != 0 && fits(solver, guess, syndromes)) {
      store_guess(tables, guess, solutions[c]);
      continue;
    }
    hard[waiting].solution = c;
    hard[waiting].low = syndromes;
    if (++waiting == side_by_side) flush();
  }
  if (waiting > 0) flush();
}

}  // namespace

void solve_avx512(const Tables& tables, const std::uint64_t* packed, std::size_t count,
                  Solution* solutions) noexcept {
  tables.t == 15 ? solve_all<15>(tables, packed, count, solutions)
                 : solve_all<7>(tables, packed, count, solutions);
}

}  // namespace lightlane::fec::rs
