#include <immintrin.h>

#include "lightlane/link/symbol_engine_kernels.hpp"
#include "lightlane/math/gaussian_kernels.hpp"

namespace lightlane::link::detail {
namespace {

constexpr std::ptrdiff_t block = symbol_block;

__m512i load(const void* at) { return _mm512_loadu_si512(at); }

/// Six bits of a window's symbols, 64 at a time. Levels take two bits of an octet: shifts of 16 bits never
/// carry one octet's level into the next.
template <int bits>
__m512i window_indices(const std::ptrdiff_t* offset, const std::uint8_t* levels) noexcept {
  if constexpr (bits == 2) {
    return _mm512_ternarylogic_epi32(_mm512_slli_epi16(load(levels + offset[0]), 4),
                                     _mm512_slli_epi16(load(levels + offset[1]), 2), load(levels + offset[2]),
                                     0xfe);
  } else {
    const __m512i front = _mm512_ternarylogic_epi32(_mm512_slli_epi16(load(levels + offset[0]), 5),
                                                    _mm512_slli_epi16(load(levels + offset[1]), 4),
                                                    _mm512_slli_epi16(load(levels + offset[2]), 3), 0xfe);
    const __m512i back = _mm512_ternarylogic_epi32(_mm512_slli_epi16(load(levels + offset[3]), 2),
                                                   _mm512_slli_epi16(load(levels + offset[4]), 1),
                                                   load(levels + offset[5]), 0xfe);
    return _mm512_or_si512(front, back);
  }
}

/// Indices of the whole neighbourhood of 16 symbols.
template <int bits>
__m512i full_indices(const std::uint8_t* levels) noexcept {
  constexpr int before = bits == 2 ? -4 : -6, after = bits == 2 ? 2 : 4;
  __m512i index = _mm512_setzero_si512();
  for (int k = before; k <= after; ++k) {
    const __m512i level = _mm512_cvtepu8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(levels + k)));
    index = _mm512_or_si512(_mm512_slli_epi32(index, bits), level);
  }
  return index;
}

/// 16 words as floats times unit.
__m512 scaled(__m256i words, __m512 unit) noexcept {
  return _mm512_mul_ps(_mm512_cvtepi32_ps(_mm512_cvtepi16_epi32(words)), unit);
}

template <int bits>
void look_up(const LookupView& lookup, const std::uint8_t* levels, float* out) noexcept {
  const __m512 unit = _mm512_set1_ps(lookup.unit);
  const __m512i octets = _mm512_set1_epi16(0x00ff);
  for (std::ptrdiff_t n = 0; n < block; n += 128) {
    // Words of the even and the odd symbols.
    __m512i even[2] = {_mm512_setzero_si512(), _mm512_setzero_si512()}, odd[2] = {even[0], even[0]};
    for (std::size_t w = 0; w < lookup.count; ++w) {
      const WindowTable& window = lookup.windows[w];
      const __m512i low = load(window.value), high = load(window.value + 32);
      for (int v = 0; v < 2; ++v) {
        const __m512i index = window_indices<bits>(window.offset, levels + n + 64 * v);
        even[v] =
            _mm512_add_epi16(even[v], _mm512_permutex2var_epi16(low, _mm512_and_si512(index, octets), high));
        odd[v] = _mm512_add_epi16(odd[v], _mm512_permutex2var_epi16(low, _mm512_srli_epi16(index, 8), high));
      }
    }
    for (int v = 0; v < 2; ++v) {
      // Within 16 octets: unpacking puts symbols 0 to 7 and 8 to 15 in order.
      const __m512i first = _mm512_unpacklo_epi16(even[v], odd[v]),
                    second = _mm512_unpackhi_epi16(even[v], odd[v]);
      const __m512i front =
          _mm512_permutex2var_epi64(first, _mm512_setr_epi64(0, 1, 8, 9, 2, 3, 10, 11), second);
      const __m512i back =
          _mm512_permutex2var_epi64(first, _mm512_setr_epi64(4, 5, 12, 13, 6, 7, 14, 15), second);
      float* const to = out + n + 64 * v;
      _mm512_storeu_ps(to, scaled(_mm512_castsi512_si256(front), unit));
      _mm512_storeu_ps(to + 16, scaled(_mm512_extracti64x4_epi64(front, 1), unit));
      _mm512_storeu_ps(to + 32, scaled(_mm512_castsi512_si256(back), unit));
      _mm512_storeu_ps(to + 48, scaled(_mm512_extracti64x4_epi64(back, 1), unit));
    }
  }
  if (lookup.full == nullptr) return;
  for (std::ptrdiff_t n = 0; n < block; n += 16) {
    const __m512 value = _mm512_i32gather_ps(full_indices<bits>(levels + n), lookup.full, 4);
    _mm512_storeu_ps(out + n, _mm512_add_ps(_mm512_loadu_ps(out + n), value));
  }
}

void look_up(int bits, const LookupView& lookup, const std::uint8_t* levels, float* out) noexcept {
  bits == 2 ? look_up<2>(lookup, levels, out) : look_up<1>(lookup, levels, out);
}

/// rms times the coloured draws of 16 symbols.
template <bool coloured>
__m512 noise_of(const NoiseView& noise, const float* rms, const float* draw) noexcept {
  __m512 w = _mm512_mul_ps(_mm512_set1_ps(noise.colour[0]), _mm512_loadu_ps(draw));
  if constexpr (coloured) {
    for (std::size_t k = 1; k < noise.taps; ++k) {
      const __m512 before = _mm512_loadu_ps(draw - static_cast<std::ptrdiff_t>(k));
      w = _mm512_add_ps(w, _mm512_mul_ps(_mm512_set1_ps(noise.colour[k]), before));
    }
  }
  return _mm512_mul_ps(_mm512_loadu_ps(rms), w);
}

template <bool coloured>
void add_noise(const NoiseView& noise, const float* rms, const float* draw, float* out) noexcept {
  for (std::ptrdiff_t n = 0; n < block; n += 16) {
    const __m512 more = noise_of<coloured>(noise, rms + n, draw + n);
    _mm512_storeu_ps(out + n, _mm512_add_ps(_mm512_loadu_ps(out + n), more));
  }
}

/// The last process of noise, what else there is, and the ADC.
template <bool coloured>
void finish(const PlanView& plan, const float* rms, const float* draw, const float* extra,
            float* out) noexcept {
  const NoiseView& noise = plan.noises[plan.noise_count - 1];
  const __m512 low = _mm512_set1_ps(plan.low), high = _mm512_set1_ps(plan.high);
  for (std::ptrdiff_t n = 0; n < block; n += 16) {
    __m512 x = _mm512_add_ps(_mm512_loadu_ps(out + n), noise_of<coloured>(noise, rms + n, draw + n));
    if (extra != nullptr) x = _mm512_add_ps(x, _mm512_loadu_ps(extra + n));
    x = _mm512_min_ps(_mm512_max_ps(x, low), high);
    if (plan.quantised) x = _mm512_roundscale_ps(x, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC);
    _mm512_storeu_ps(out + n, x);
  }
}

void make_samples(const PlanView& plan, const std::uint8_t* levels, const float* const* draws,
                  const float* extra, float* out) noexcept {
  look_up(plan.bits, plan.mean, levels, out);
  alignas(64) float rms[symbol_block];
  for (std::size_t i = 0; i < plan.noise_count; ++i) {
    const NoiseView& noise = plan.noises[i];
    const bool coloured = noise.taps > 1, last = i + 1 == plan.noise_count;
    look_up(plan.bits, noise.rms, levels, rms);
    if (last) {
      coloured ? finish<true>(plan, rms, draws[i], extra, out)
               : finish<false>(plan, rms, draws[i], extra, out);
    } else {
      coloured ? add_noise<true>(noise, rms, draws[i], out) : add_noise<false>(noise, rms, draws[i], out);
    }
  }
}

void add_jitter(int bits, const LookupView& lookup, const std::uint8_t* levels, const float* even,
                const float* odd, float* extra) noexcept {
  alignas(64) float value[symbol_block];
  look_up(bits, lookup, levels, value);
  for (std::ptrdiff_t n = 0; n < block; n += 16) {
    const std::ptrdiff_t step = n / static_cast<std::ptrdiff_t>(phase_step);
    const __m512 factor = _mm512_mask_mov_ps(_mm512_set1_ps(even[step]), 0xaaaa, _mm512_set1_ps(odd[step]));
    const __m512 more = _mm512_mul_ps(_mm512_loadu_ps(value + n), factor);
    _mm512_storeu_ps(extra + n, _mm512_add_ps(_mm512_loadu_ps(extra + n), more));
  }
}

/// Words of 16 blocks of Philox4x32-10 in order, each counter in the low half of a 64-bit lane. The counter's
/// upper half and the stream are the same in all lanes, so that one product each of the first two rounds is,
/// too. The 16 counters have one upper half: `first` is a multiple of 16.
class Philox {
 public:
  explicit Philox(const PhiloxStream& s) noexcept : stream_(s) {
    for (std::uint32_t round = 0; round < 10; ++round) {
      k0_[round] = s.key[0] + round * 0x9E3779B9u;
      k1_[round] = s.key[1] + round * 0xBB67AE85u;
    }
  }
  void operator()(std::uint64_t first, std::uint32_t* out) const noexcept {
    const __m512i m0 = _mm512_set1_epi64(0xD2511F53), m1 = _mm512_set1_epi64(0xCD9E8D57);
    // Blocks 0 to 3 in the even lanes, 4 to 7 in the odd ones: unpacking then puts them in order.
    const __m512i order = _mm512_setr_epi64(0, 4, 1, 5, 2, 6, 3, 7);
    const std::uint64_t second = std::uint64_t{0xCD9E8D57} * stream_.stream[0];
    const std::uint32_t x0 =
        static_cast<std::uint32_t>(second >> 32) ^ static_cast<std::uint32_t>(first >> 32) ^ k0_[0];
    const std::uint64_t third = std::uint64_t{0xD2511F53} * x0;
    const __m512i from_stream = _mm512_set1_epi64(stream_.stream[1] ^ k1_[0]);
    const __m512i one0 = _mm512_set1_epi64(static_cast<std::uint32_t>(second) ^ k0_[1]);
    const __m512i one2 = _mm512_set1_epi64(static_cast<std::uint32_t>(third >> 32) ^ k1_[1]);
    __m512i c0[2], c1[2], c2[2], c3[2];
    for (int h = 0; h < 2; ++h) {
      const __m512i counter =
          _mm512_add_epi64(_mm512_set1_epi64(static_cast<std::uint32_t>(first) + 8 * h), order);
      const __m512i a = _mm512_mul_epu32(m0, counter);
      const __m512i b = _mm512_mul_epu32(m1, _mm512_xor_si512(_mm512_srli_epi64(a, 32), from_stream));
      c0[h] = _mm512_xor_si512(_mm512_srli_epi64(b, 32), one0);
      c1[h] = b;
      c2[h] = _mm512_xor_si512(a, one2);
      c3[h] = _mm512_set1_epi64(static_cast<std::uint32_t>(third));
    }
    for (int round = 2; round < 10; ++round) {
      const __m512i k0 = _mm512_set1_epi64(k0_[round]), k1 = _mm512_set1_epi64(k1_[round]);
      for (int h = 0; h < 2; ++h) {
        const __m512i a = _mm512_mul_epu32(m0, c0[h]), b = _mm512_mul_epu32(m1, c2[h]);
        c0[h] = _mm512_ternarylogic_epi64(_mm512_srli_epi64(b, 32), c1[h], k0, 0x96);
        c2[h] = _mm512_ternarylogic_epi64(_mm512_srli_epi64(a, 32), c3[h], k1, 0x96);
        c1[h] = b;
        c3[h] = a;
      }
    }
    for (int h = 0; h < 2; ++h) {
      const __m512i front = both(c0[h], c1[h]), back = both(c2[h], c3[h]);
      _mm512_storeu_si512(out + 32 * h, _mm512_unpacklo_epi64(front, back));
      _mm512_storeu_si512(out + 32 * h + 16, _mm512_unpackhi_epi64(front, back));
    }
  }

 private:
  /// Low halves of both: the second's into the upper ones.
  static __m512i both(__m512i low, __m512i high) noexcept {
    return _mm512_mask_shuffle_epi32(low, 0xaaaa, high, static_cast<_MM_PERM_ENUM>(0xa0));
  }
  PhiloxStream stream_;
  std::uint32_t k0_[10], k1_[10];
};

void philox_symbols(const PhiloxStream& stream, std::uint64_t first, std::uint32_t* bits) noexcept {
  Philox{stream}(first, bits);
}

/// The inverse normal distribution of math/gaussian_kernels.hpp, to the bit.
void gaussian_draws(const PhiloxStream& stream, std::uint64_t first_block, std::size_t count,
                    float* out) noexcept {
  alignas(64) std::uint32_t words[symbol_block];
  const Philox philox(stream);
  for (std::size_t i = 0; i < count; i += 64) philox(first_block + i / 4, words + i);
  using math::detail::inverse_normal;
  constexpr int degree = math::detail::inverse_normal_degree;
  __m512 low[degree + 1], high[degree + 1];
  for (int d = 0; d <= degree; ++d) {
    low[d] = _mm512_loadu_ps(inverse_normal[d]);
    high[d] = _mm512_loadu_ps(inverse_normal[d] + 16);
  }
  for (std::size_t i = 0; i < count; i += 16) {
    const __m512i u = load(words + i), upper = _mm512_srai_epi32(u, 31);
    const __m512 whole = _mm512_cvtepi32_ps(_mm512_xor_si512(u, upper));
    const __m512 f =
        _mm512_min_ps(_mm512_add_ps(whole, _mm512_set1_ps(0.5f)), _mm512_set1_ps(math::detail::largest_f));
    const __m512i bits = _mm512_castps_si512(f);
    // Exponent less 126: permutations look at five bits, of which this is the same as two more.
    const __m512i segment = _mm512_add_epi32(_mm512_srli_epi32(bits, 23), _mm512_set1_epi32(2));
    const __m512i mantissa = _mm512_ternarylogic_epi32(bits, _mm512_set1_epi32(0x007fffff),
                                                       _mm512_set1_epi32(0x3f800000), 0xea);  // (a & b) | c
    const __m512 s = _mm512_sub_ps(_mm512_castsi512_ps(mantissa), _mm512_set1_ps(1.5f));
    __m512 x = _mm512_permutex2var_ps(low[degree], segment, high[degree]);
    for (int d = degree - 1; d >= 0; --d) {
      x = _mm512_add_ps(_mm512_mul_ps(x, s), _mm512_permutex2var_ps(low[d], segment, high[d]));
    }
    const __m512i sign = _mm512_set1_epi32(static_cast<int>(0x80000000));
    _mm512_storeu_ps(
        out + i, _mm512_castsi512_ps(_mm512_ternarylogic_epi32(_mm512_castps_si512(x), upper, sign, 0xd2)));
  }
}

void add_symbols(const std::uint32_t* bits, const float (*value)[4], float* out) noexcept {
  const __m512i shifts = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
  for (std::size_t step = 0; step < symbol_block / phase_step; ++step) {
    // The table four times over: the permutation looks at four bits of the index.
    const __m512 table = _mm512_broadcast_f32x4(_mm_loadu_ps(value[step]));
    for (std::size_t word = 0; word < phase_step / 16; ++word) {
      const std::size_t at = step * (phase_step / 16) + word;
      const __m512i index = _mm512_srlv_epi32(_mm512_set1_epi32(static_cast<int>(bits[at])), shifts);
      float* const to = out + 16 * at;
      _mm512_storeu_ps(to, _mm512_add_ps(_mm512_loadu_ps(to), _mm512_permutexvar_ps(index, table)));
    }
  }
}

void add_beat(const float* root, const std::uint8_t* levels, const float* beat, float* extra) noexcept {
  const __m512 table = _mm512_broadcast_f32x4(_mm_loadu_ps(root));
  for (std::ptrdiff_t n = 0; n < block; n += 16) {
    const __m512i level = _mm512_cvtepu8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(levels + n)));
    const __m512 more = _mm512_mul_ps(_mm512_loadu_ps(beat + n), _mm512_permutexvar_ps(level, table));
    _mm512_storeu_ps(extra + n, _mm512_add_ps(_mm512_loadu_ps(extra + n), more));
  }
}

/// 64 equalised samples, one accumulator each, the taps in time order.
template <int fixed_taps>
void equalise(const PlanView& plan, const float* x, __m512* y) noexcept {
  const __m512 bias = _mm512_set1_ps(plan.bias);
  for (int v = 0; v < 4; ++v) y[v] = bias;
  const std::size_t taps = fixed_taps > 0 ? fixed_taps : plan.taps;
  for (std::size_t k = 0; k < taps; ++k) {
    const __m512 tap = _mm512_set1_ps(plan.ffe[k]);
    for (int v = 0; v < 4; ++v) y[v] = _mm512_fmadd_ps(tap, _mm512_loadu_ps(x + k + 16 * v), y[v]);
  }
}

__mmask64 above(const __m512* y, float threshold) noexcept {
  const __m512 t = _mm512_set1_ps(threshold);
  std::uint64_t mask = 0;
  for (int v = 0; v < 4; ++v) {
    mask |= static_cast<std::uint64_t>(_mm512_cmp_ps_mask(y[v], t, _CMP_GT_OQ)) << (16 * v);
  }
  return mask;
}

template <int fixed_taps>
void decide_with(const PlanView& plan, const float* samples, std::size_t count, std::uint8_t* level,
                 float* equalized) noexcept {
  for (std::size_t i = 0; i < count; i += 64) {
    __m512 y[4];
    equalise<fixed_taps>(plan, samples + i - plan.ffe_before, y);
    const __m512i minus_one = _mm512_set1_epi8(-1);
    __m512i sum = _mm512_maskz_mov_epi8(above(y, plan.thresholds[0]), _mm512_set1_epi8(1));
    if (plan.bits == 2) {
      sum = _mm512_mask_sub_epi8(sum, above(y, plan.thresholds[1]), sum, minus_one);
      sum = _mm512_mask_sub_epi8(sum, above(y, plan.thresholds[2]), sum, minus_one);
    }
    const __mmask64 inside = count - i >= 64 ? ~0ull : (1ull << (count - i)) - 1;
    _mm512_mask_storeu_epi8(level + i, inside, sum);
    if (equalized == nullptr) continue;
    for (int v = 0; v < 4; ++v)
      _mm512_mask_storeu_ps(equalized + i + 16 * v, static_cast<__mmask16>(inside >> (16 * v)), y[v]);
  }
}

void decide(const PlanView& plan, const float* samples, std::size_t count, std::uint8_t* level,
            float* equalized) noexcept {
  switch (plan.taps) {
    case 5:
      return decide_with<5>(plan, samples, count, level, equalized);
    case 7:
      return decide_with<7>(plan, samples, count, level, equalized);
    case 15:
      return decide_with<15>(plan, samples, count, level, equalized);
    default:
      return decide_with<0>(plan, samples, count, level, equalized);
  }
}

}  // namespace

const SymbolKernels symbol_kernels_avx512{gaussian_draws, make_samples, add_jitter, philox_symbols,
                                          add_symbols,    add_beat,     decide};

}  // namespace lightlane::link::detail
