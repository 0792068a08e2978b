// Parity and remainder of 64 codewords at a time, by bit matrices (GF2P8AFFINEQB).
//
// The remainder of a word r(x) is a linear map of 5140 message bits to 300. Written out it costs 643 x 38
// products of bytes with 8x8 bit matrices per 64 codewords, 382 per codeword. Here another basis makes it
// cheaper. With u(i) = sum over the roots alpha^k of alpha^(-k i), the observations y(s) = sum_m r_m u(m + s)
// at 2t different s determine the remainder. Cut the message into 8 windows of 64 symbols (80 bytes) and
// observe at s = 64 h + j, h = 0..7, j = 0..3: the map from window g to observation h depends on g + h only.
// It is a Hankel matrix of blocks, so that Karatsuba's trick halves it three times at 3/4 of the products
// each:
//   [T0 T1; T1 T2] [x0; x1] = [T1 (x0 + x1) + (T0 + T1) x0; T1 (x0 + x1) + (T1 + T2) x1].
// A leaf maps 80 bytes to 5. For KP4: 27 leaves x 50 matrix products per 8 codewords, since a vector holds
// 8 bytes of 8 codewords and every lane its own matrix; KR4 needs 14 of 16 observations, 2 x 9 leaves x 50.
// Products per codeword, KP4 / KR4: 169 / 113 in the leaves, 24 / 6 from observations to parity or syndromes;
// besides 30 shuffles and 95 / 60 XORs of three. At two products per cycle that is 97 / 60 cycles, 220 / 350
// Gb/s of line at 4 GHz. Measured with everything that is left out here (loads of 80 + 85 lines of tables and
// sums, which do not all stay in the first cache): 180 / 110 cycles on Zen 5.
#include <immintrin.h>

#include <algorithm>
#include <cstring>

#include "lightlane/fec/rs_kernels.hpp"
#include "lightlane/fec/rs_tables.hpp"

namespace lightlane::fec::rs {
namespace {

constexpr int sets =
    4;  // of eight codewords, worked on together so that a matrix is loaded once for four products
constexpr int unit = 8 * sets, block = 2 * unit;
constexpr int columns = GfniTables::columns, outputs = GfniTables::outputs;

using Vector = __m512i;

inline Vector load(const void* from) { return _mm512_loadu_si512(from); }
inline Vector sum3(Vector a, Vector b, Vector c) { return _mm512_ternarylogic_epi64(a, b, c, 0x96); }

/// Bytes of eight rows to eight vectors: lane 2 L + b of vector k holds byte 16 L + 2 k + b of the rows 0..7.
inline void transpose_bytes(const Vector (&rows)[8], Vector (&out)[8]) {
  Vector first[8], second[8];
  for (int i = 0; i < 4; ++i) {
    first[i] = _mm512_unpacklo_epi8(rows[i], rows[i + 4]);
    first[4 + i] = _mm512_unpackhi_epi8(rows[i], rows[i + 4]);
  }
  for (int h = 0; h < 8; h += 4) {
    for (int i = 0; i < 2; ++i) {
      second[h + i] = _mm512_unpacklo_epi8(first[h + i], first[h + i + 2]);
      second[h + 2 + i] = _mm512_unpackhi_epi8(first[h + i], first[h + i + 2]);
    }
  }
  for (int h = 0; h < 8; h += 2) {
    out[h] = _mm512_unpacklo_epi8(second[h], second[h + 1]);
    out[h + 1] = _mm512_unpackhi_epi8(second[h], second[h + 1]);
  }
}

/// A window of 80 bytes of eight codewords to ten vectors, `sets` apart.
inline void load_window(const std::uint64_t* const* rows, int window, Vector* out) {
  const char* from[8];
  Vector wide[8], turned[8];
  for (int c = 0; c < 8; ++c) {
    from[c] = reinterpret_cast<const char*>(rows[c]) + 80 * window;
    wide[c] = load(from[c]);
    asm("" : "+v"(wide[c]));  // one load each: folded into both unpacks it would cross lines twice
  }
  transpose_bytes(wide, turned);
  for (int k = 0; k < 8; ++k) out[k * sets] = turned[k];
  Vector last[2];
  for (int h = 0; h < 2; ++h) {
    const char* const* four = from + 4 * h;
    const auto quarter = [&](int c) {
      return _mm_loadu_si128(reinterpret_cast<const __m128i*>(four[c] + 64));
    };
    last[h] = _mm512_broadcast_i32x4(quarter(0));
    last[h] = _mm512_mask_broadcast_i32x4(last[h], 0x00f0, quarter(1));
    last[h] = _mm512_mask_broadcast_i32x4(last[h], 0x0f00, quarter(2));
    last[h] = _mm512_mask_broadcast_i32x4(last[h], 0xf000, quarter(3));
  }
  // Byte c of lane q: byte q of row c; row c lies at 16 c of the two vectors together.
  const Vector lane = _mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0);
  const Vector pick = _mm512_add_epi8(_mm512_set1_epi64(0x7060504030201000),
                                      _mm512_mullo_epi64(lane, _mm512_set1_epi64(0x0101010101010101)));
  out[8 * sets] = _mm512_permutex2var_epi8(last[0], pick, last[1]);
  out[9 * sets] = _mm512_permutex2var_epi8(last[0], _mm512_add_epi8(pick, _mm512_set1_epi8(8)), last[1]);
}

using Matrices = const std::uint64_t (*)[outputs][8];

/// Sums of vectors that are read where they are needed: nothing is stored but observations.
template <int Count>
struct Sum {
  const Vector* term[Count];
  Vector operator[](int i) const {
    if constexpr (Count == 1) return term[0][i];
    if constexpr (Count == 2) return _mm512_xor_si512(term[0][i], term[1][i]);
    if constexpr (Count == 4) return _mm512_xor_si512(sum3(term[0][i], term[1][i], term[2][i]), term[3][i]);
  }
  Vector with_value(Vector value, int i) const {
    if constexpr (Count == 1) return _mm512_xor_si512(value, term[0][i]);
    if constexpr (Count == 2) return sum3(value, term[0][i], term[1][i]);
    if constexpr (Count == 3) return sum3(_mm512_xor_si512(value, term[0][i]), term[1][i], term[2][i]);
  }
  Sum shifted(int by) const {
    Sum result = *this;
    for (int i = 0; i < Count; ++i) result.term[i] += by;
    return result;
  }
  /// Of this and its shifted self.
  Sum<2 * Count> doubled(int by) const {
    Sum<2 * Count> result;
    for (int i = 0; i < Count; ++i) {
      result.term[2 * i] = term[i];
      result.term[2 * i + 1] = term[i] + by;
    }
    return result;
  }
  Sum<Count + 1> with(const Vector* another) const {
    Sum<Count + 1> result;
    for (int i = 0; i < Count; ++i) result.term[i] = term[i];
    result.term[Count] = another;
    return result;
  }
};
template <>
struct Sum<0> {
  Vector with_value(Vector value, int) const { return value; }
  Sum shifted(int) const { return {}; }
  Sum<1> with(const Vector* another) const { return {{another}}; }
};

/// y = start + M x: `Inputs` vectors to five, for each set.
template <int Inputs, int Terms, int Starts>
[[gnu::noinline]] void leaf(Sum<Terms> x, Sum<Starts> start, Matrices matrices, Vector* y) {
  Vector sum[outputs * sets];
#pragma GCC unroll 20
  for (int i = 0; i < outputs * sets; ++i) sum[i] = _mm512_setzero_si512();
#pragma GCC unroll 1
  for (int e = 0; e < Inputs; e += 2) {
    Vector in[2][sets];
#pragma GCC unroll 2
    for (int i = 0; i < 2; ++i) {
#pragma GCC unroll 4
      for (int s = 0; s < sets; ++s) in[i][s] = x[(e + i) * sets + s];
    }
#pragma GCC unroll 5
    for (int o = 0; o < outputs; ++o) {
      const Vector first = load(matrices[e][o]), second = load(matrices[e + 1][o]);
#pragma GCC unroll 4
      for (int s = 0; s < sets; ++s) {
        sum[o * sets + s] = sum3(sum[o * sets + s], _mm512_gf2p8affine_epi64_epi8(in[0][s], first, 0),
                                 _mm512_gf2p8affine_epi64_epi8(in[1][s], second, 0));
      }
    }
  }
#pragma GCC unroll 20
  for (int i = 0; i < outputs * sets; ++i)
    y[i] = start.with_value(sum[i], i);  // last, so that leaves overlap
}

/// y = start + Hankel matrix times x: Size blocks of `Inputs` vectors to Size observations of five, for each
/// set.
template <int Size, int Inputs, int Terms, int Starts>
void hankel(Sum<Terms> x, Sum<Starts> start, Matrices& matrices, Vector* y) {
  if constexpr (Size == 1) {
    leaf<Inputs>(x, start, matrices, y);
    matrices += Inputs;
  } else {
    constexpr int half_in = Size / 2 * Inputs * sets, half_out = Size / 2 * outputs * sets;
    Vector middle[half_out];
    hankel<Size / 2, Inputs>(x.doubled(half_in), Sum<0>{}, matrices, middle);
    hankel<Size / 2, Inputs>(x, start.with(middle), matrices, y);
    hankel<Size / 2, Inputs>(x.shifted(half_in), start.shifted(half_out).with(middle), matrices,
                             y + half_out);
  }
}

/// Adds neighbouring 128-bit quarters of two vectors.
inline Vector add_quarters(Vector a, Vector b) {
  return _mm512_xor_si512(_mm512_shuffle_i64x2(a, b, 0x88), _mm512_shuffle_i64x2(a, b, 0xdd));
}

/// Adds the lanes of four sets but for the last step: quarters hold sets 0 1, 0 1, 2 3, 2 3.
inline Vector fold(const Vector* sums) {
  const auto pair = [](Vector a, Vector b) {
    return _mm512_xor_si512(_mm512_unpacklo_epi64(a, b), _mm512_unpackhi_epi64(a, b));
  };
  return add_quarters(pair(sums[0], sums[1]), pair(sums[2], sums[3]));
}

/// The observations of 32 codewords, lanes not yet fully added; folded[i] is byte i.
template <int Observations>
void observe(const GfniTables& tables, const std::uint64_t* const* rows, Vector* folded) {
  constexpr int inputs = 8 / Observations * columns;  // vectors of a leaf
  constexpr int half = 4 * columns * sets, four = 4 * outputs;
  Vector x[2 * half], y[four * sets];
  for (int s = 0; s < sets; ++s) {
    for (int window = 0; window < 8; ++window) {
      // Where a leaf takes two windows, those of the low and the high half stand side by side.
      const int place = Observations == 8 ? window : 2 * (window % 4) + window / 4;
      load_window(rows + 8 * s, window, x + place * columns * sets + s);
    }
  }
  Matrices matrices = tables.leaf;
  hankel<4, inputs>(Sum<1>{{x}}, Sum<0>{}, matrices, y);
  for (int i = 0; i < four; ++i) folded[i] = fold(y + i * sets);
  if (Observations == 4) return;
  // The outermost step of the recursion, with little in the first cache at a time: high half, then the middle
  // in place.
  hankel<4, inputs>(Sum<1>{{x + half}}, Sum<0>{}, matrices, y);
  for (int i = 0; i < four; ++i) folded[four + i] = fold(y + i * sets);
  for (int i = 0; i < half; ++i) x[i] = _mm512_xor_si512(x[i], x[half + i]);
  hankel<4, inputs>(Sum<1>{{x}}, Sum<0>{}, matrices, y);
  for (int i = 0; i < four; ++i) {
    const Vector middle = fold(y + i * sets);
    folded[i] = _mm512_xor_si512(folded[i], middle);
    folded[four + i] = _mm512_xor_si512(folded[four + i], middle);
  }
}

/// 8 s + c = codeword in byte c of lane s, for all planes from here on.
template <int Observations>
struct Planes {
  static constexpr int words = Observations == 8 ? 5 : 3;           ///< words from 80 on that hold parity
  static constexpr int parity_bytes = Observations == 8 ? 38 : 18;  ///< from byte 642 on
};

/// sum[o] += the products of `Inputs` planes with their matrices, outputs First..Last - 1: as many as
/// registers hold.
template <int Inputs, int First, int Last>
inline void multiply(const Vector* planes, const std::uint64_t (*matrices)[38], Vector* out) {
  Vector sum[Last - First];
#pragma GCC unroll 19
  for (int o = First; o < Last; ++o) sum[o - First] = out[o];
  const auto product = [&](int i, int o) {
    return _mm512_gf2p8affine_epi64_epi8(planes[i], _mm512_set1_epi64(static_cast<long long>(matrices[i][o])),
                                         0);
  };
#pragma GCC unroll 1
  for (int i = 0; i + 1 < Inputs; i += 2) {
#pragma GCC unroll 19
    for (int o = First; o < Last; ++o)
      sum[o - First] = sum3(sum[o - First], product(i, o), product(i + 1, o));
  }
  if (Inputs % 2 == 1) {
#pragma GCC unroll 19
    for (int o = First; o < Last; ++o)
      sum[o - First] = _mm512_xor_si512(sum[o - First], product(Inputs - 1, o));
  }
#pragma GCC unroll 19
  for (int o = First; o < Last; ++o) out[o] = sum[o - First];
}

template <int Inputs, int Outputs>
inline void multiply(const Vector* planes, const std::uint64_t (*matrices)[38], Vector* out) {
  multiply<Inputs, 0, Outputs / 2>(planes, matrices, out);
  multiply<Inputs, Outputs / 2, Outputs>(planes, matrices, out);
}

/// parity[i] += byte 642 + i of the parity of 64 codewords; tail holds bytes 640..642 of them.
template <int Observations>
inline void add_parity(const GfniTables& tables, const std::uint64_t* const* rows, bool both,
                       const Vector* tail, Vector* parity) {
  constexpr int observed = Observations * outputs, bytes = Planes<Observations>::parity_bytes;
  Vector folded[2][observed];
  observe<Observations>(tables, rows, folded[0]);
  if (both) {
    observe<Observations>(tables, rows + unit, folded[1]);
  } else {
    std::memset(folded[1], 0, sizeof folded[1]);
  }
  for (int i = 0; i < bytes; ++i) folded[0][i] = add_quarters(folded[0][i], folded[1][i]);
  multiply<bytes, bytes>(folded[0], tables.final, parity);
  multiply<3, bytes>(tail, tables.tail, parity);
}

/// Planes back to words: word w of codeword c stands at [w][place(c)].
struct Words {
  alignas(64) std::uint64_t word[5][block];
  /// Lane 2 L + b of vector k holds codeword 16 L + 2 k + b, see transpose_bytes.
  static constexpr int place(int c) { return 8 * (c % 16 / 2) + 2 * (c / 16) + c % 2; }

  template <int Count>
  void from_planes(const Vector* planes) {
    for (int w = 0; w < Count; ++w) {
      Vector eight[8], turned[8];
      for (int i = 0; i < 8; ++i) eight[i] = planes[8 * w + i];
      transpose_bytes(eight, turned);
      for (int k = 0; k < 8; ++k) _mm512_store_si512(word[w] + 8 * k, turned[k]);
    }
  }
};

/// Bytes 640..642 of 64 codewords.
inline void load_tail(const std::uint64_t* const* rows, Vector* planes) {
  alignas(64) std::uint32_t words[block];
  for (int c = 0; c < block; ++c) words[c] = static_cast<std::uint32_t>(rows[c][80]);
  alignas(64) std::uint8_t fours[64];
  for (int i = 0; i < 64; ++i) fours[i] = static_cast<std::uint8_t>(4 * i);
  const Vector pick = load(fours);
  for (int b = 0; b < 3; ++b) {
    const Vector index = _mm512_add_epi8(pick, _mm512_set1_epi8(static_cast<char>(b)));
    const Vector low = _mm512_permutex2var_epi8(load(words), index, load(words + 16));
    const Vector high = _mm512_permutex2var_epi8(load(words + 32), index, load(words + 48));
    planes[b] = _mm512_inserti64x4(low, _mm512_castsi512_si256(high), 1);
  }
}

/// Bytes 640.. of 64 codewords, 40 or 24: all that stands behind the windows.
template <int Observations>
inline void load_end(const std::uint64_t* const* rows, Vector* planes) {
  Vector turned[8][8];  // [set][k], lane 2 L + b: byte 16 L + 2 k + b of the end
  for (int s = 0; s < 8; ++s) {
    Vector wide[8];
    for (int c = 0; c < 8; ++c) {
      wide[c] = _mm512_maskz_loadu_epi64((1 << Planes<Observations>::words) - 1, rows[8 * s + c] + 80);
    }
    transpose_bytes(wide, turned[s]);
  }
  for (int k = 0; k < 8; ++k) {
    for (int b = 0; b < 2; ++b) {
      Vector pair[4];
      for (int i = 0; i < 4; ++i) {
        pair[i] = b == 0 ? _mm512_unpacklo_epi64(turned[2 * i][k], turned[2 * i + 1][k])
                         : _mm512_unpackhi_epi64(turned[2 * i][k], turned[2 * i + 1][k]);
      }
      const Vector low = _mm512_shuffle_i64x2(pair[0], pair[1], 0x44),
                   high = _mm512_shuffle_i64x2(pair[2], pair[3], 0x44);
      planes[2 * k + b] = _mm512_shuffle_i64x2(low, high, 0x88);
      if (2 * k + b + 16 < 8 * Planes<Observations>::words)
        planes[2 * k + b + 16] = _mm512_shuffle_i64x2(low, high, 0xdd);
      if (2 * k + b + 32 < 8 * Planes<Observations>::words) {
        planes[2 * k + b + 32] = _mm512_shuffle_i64x2(_mm512_shuffle_i64x2(pair[0], pair[1], 0xee),
                                                      _mm512_shuffle_i64x2(pair[2], pair[3], 0xee), 0x88);
      }
    }
  }
}

/// The last rows again where there are fewer than 64 left.
int gather_rows(const Tables& tables, const std::uint64_t* words, std::size_t count,
                const std::uint64_t* (&rows)[block]) {
  const int present = static_cast<int>(std::min<std::size_t>(count, block));
  for (int c = 0; c < block; ++c)
    rows[c] = words + static_cast<std::size_t>(std::min(c, present - 1)) * tables.words;
  return present;
}

template <int Observations>
void encode_blocks(const Tables& tables, std::uint64_t* words, std::size_t count) noexcept {
  constexpr std::uint64_t message_mask = (1u << 20) - 1,
                          parity_mask = 0xffffffff;  // of word 80, of KR4's word 82
  const GfniTables& gfni = gfni_tables(tables);
  const std::uint64_t* rows[block];
  Words parity;
  while (count > 0) {
    const int present = gather_rows(tables, words, count, rows);
    Vector tail[3], planes[8 * Planes<Observations>::words] = {};
    load_tail(rows, tail);
    add_parity<Observations>(gfni, rows, present > unit, tail, planes + 2);
    parity.from_planes<Planes<Observations>::words>(planes);
    for (int c = 0; c < present; ++c, words += tables.words) {
      const int p = Words::place(c);
      words[80] = (words[80] & message_mask) | parity.word[0][p];
      words[81] = parity.word[1][p];
      if (Observations == 8) {
        for (int w = 2; w < 5; ++w) words[80 + w] = parity.word[w][p];
      } else {
        words[82] = (words[82] & ~parity_mask) | parity.word[2][p];
      }
    }
    count -= static_cast<std::size_t>(present);
  }
}

/// Bit 8 s + c: codeword with a remainder.
template <int Bytes>
inline std::uint64_t find_wrong(const Vector* remainder) {
  Vector any =
      _mm512_and_si512(remainder[0], _mm512_set1_epi8(static_cast<char>(0xf0)));  // the rest is message
  for (int i = 1; i < Bytes; ++i) any = _mm512_or_si512(any, remainder[i]);
  return _mm512_test_epi8_mask(any, any);
}

template <int Observations>
std::size_t check_blocks(const Tables& tables, const std::uint64_t* words, std::size_t count,
                         std::uint64_t* syndromes, std::uint16_t* wrong) noexcept {
  constexpr int bytes = Planes<Observations>::parity_bytes;
  const GfniTables& gfni = gfni_tables(tables);
  const std::uint64_t* rows[block];
  std::size_t found = 0;
  for (std::size_t first = 0; first < count; first += block, words += block * tables.words) {
    const int present = gather_rows(tables, words, count - first, rows);
    Vector planes[8 * Planes<Observations>::words];
    load_end<Observations>(rows, planes);
    const Vector tail[3] = {planes[0], planes[1], planes[2]};
    Vector* remainder = planes + 2;
    add_parity<Observations>(gfni, rows, present > unit, tail, remainder);
    std::uint64_t bits = find_wrong<bytes>(remainder);
    if (present < block) bits &= (std::uint64_t{1} << present) - 1;
    if (bits == 0) continue;
    Vector result[40] = {};
    multiply<bytes, bytes>(remainder, gfni.syndrome, result);
    Words packed;
    packed.from_planes<Planes<Observations>::words>(result);
    for (; bits != 0; bits &= bits - 1) {
      const int c = static_cast<int>(_tzcnt_u64(bits)), p = Words::place(c);
      std::uint64_t* to = syndromes + found * syndrome_words;
      for (int w = 0; w < 5; ++w) to[w] = w < Planes<Observations>::words ? packed.word[w][p] : 0;
      wrong[found++] = static_cast<std::uint16_t>(first + static_cast<std::size_t>(c));
    }
  }
  return found;
}

/// Codewords at the end that are too few for a block of mostly idle lanes.
std::size_t small_rest(std::size_t count) { return count % block < 8 ? count % block : 0; }

}  // namespace

void encode_avx512(const Tables& tables, std::uint64_t* words, std::size_t count) noexcept {
  const std::size_t rest = small_rest(count), whole = count - rest;
  tables.parity == 30 ? encode_blocks<8>(tables, words, whole) : encode_blocks<4>(tables, words, whole);
  encode_avx2(tables, words + whole * tables.words, rest);
}

std::size_t check_avx512(const Tables& tables, const std::uint64_t* words, std::size_t count,
                         std::uint64_t* syndromes, std::uint16_t* wrong) noexcept {
  const std::size_t rest = small_rest(count), whole = count - rest;
  const std::size_t found = tables.parity == 30 ? check_blocks<8>(tables, words, whole, syndromes, wrong)
                                                : check_blocks<4>(tables, words, whole, syndromes, wrong);
  const std::size_t more = check_avx2(tables, words + whole * tables.words, rest,
                                      syndromes + found * syndrome_words, wrong + found);
  for (std::size_t i = found; i < found + more; ++i) wrong[i] = static_cast<std::uint16_t>(wrong[i] + whole);
  return found + more;
}

}  // namespace lightlane::fec::rs
