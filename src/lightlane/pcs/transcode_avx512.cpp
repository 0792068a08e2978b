#include <immintrin.h>

#include <cstring>

#include "lightlane/pcs/transcode_kernels.hpp"

namespace lightlane::pcs::transcoder {
namespace {

// Two 257-bit blocks a step: words 0..3 and 4..7 of a vector. In a run of 64 blocks block b begins at bit b
// of word 4 b, so that words need only shift by b + 1; 64 blocks fill 257 words exactly.
constexpr std::size_t run_blocks = 64, run_words = 257;

/// By the data indicators of two blocks (8 bits): which words precede the first control block, which is it,
/// and which blocks (bit 0, bit 4) are all data.
struct Masks {
  std::uint8_t before = 0, at = 0, data = 0;
};
struct MaskTable {
  Masks entry[256];
  constexpr MaskTable() : entry() {
    for (unsigned d = 0; d < 256; ++d) {
      for (unsigned half = 0; half < 8; half += 4) {
        const unsigned indicators = d >> half & 15;
        unsigned c = 0;
        while (c < 4 && (indicators >> c & 1)) ++c;
        if (c == 4) {
          entry[d].data = static_cast<std::uint8_t>(entry[d].data | 1u << half);
        } else {
          entry[d].before = static_cast<std::uint8_t>(entry[d].before | ((1u << c) - 1) << half);
          entry[d].at = static_cast<std::uint8_t>(entry[d].at | 1u << (c + half));
        }
      }
    }
  }
};
constexpr MaskTable table;

__m512i set1(std::uint64_t value) { return _mm512_set1_epi64(static_cast<long long>(value)); }

/// 8 words and headers (4 valid ones if `words` is 4) in the layout of Block257::rest.
__m512i rest_words(const std::uint64_t* payload, const std::uint8_t* header, __mmask8 words,
                   unsigned& data_blocks) {
  const __m512i w = _mm512_maskz_loadu_epi64(words, payload);
  const __m128i h = _mm_maskz_loadu_epi8(words, header);
  const unsigned is_data = _mm_cmpeq_epi8_mask(h, _mm_set1_epi8(2)) & words;
  const unsigned is_control = _mm_cmpeq_epi8_mask(h, _mm_set1_epi8(1)) & words;
  if (is_data == words) {
    data_blocks = 0x11;
    return w;
  }
  if ((is_data | is_control) != words) {
    std::uint64_t rest[8] = {};
    data_blocks = 0;
    for (unsigned half = 0; half < 8 && (words >> half & 1); half += 4) {
      if ((is_data >> half & 15) == 15) {
        data_blocks |= 1u << half;
        std::memcpy(rest + half, payload + half, 32);
      } else {
        transcode_control(payload + half, header + half, rest + half);
      }
    }
    return _mm512_loadu_si512(rest);
  }
  const Masks& m = table.entry[is_data];
  data_blocks = m.data;
  // Every word moved up by a nibble, the one of the word before (or the indicators) below it.
  const __m512i indicators =
      _mm512_sllv_epi64(set1(is_data), _mm512_set_epi64(56, 56, 56, 56, 60, 60, 60, 60));
  const __m512i before = _mm512_mask_mov_epi64(_mm512_alignr_epi64(w, w, 7), 0x11, indicators);
  const __m512i up = _mm512_shldi_epi64(w, before, 4);
  const __m512i out = _mm512_mask_mov_epi64(w, m.before, up);
  // The first control block: the low octet of `up`, the rest as it was.
  return _mm512_mask_ternarylogic_epi64(out, m.at, up, set1(0xff), 0xd8);
}

/// Shift counts for two blocks from block b of a run on.
struct Shifts {
  __m512i left = _mm512_set_epi64(2, 2, 2, 2, 1, 1, 1, 1);
  __m512i right = _mm512_set_epi64(62, 62, 62, 62, 63, 63, 63, 63);
  void step() {
    left = _mm512_add_epi64(left, set1(2));
    right = _mm512_sub_epi64(right, set1(2));
  }
};

/// Words 4 b .. 4 b + 7 of the stream from two blocks; `previous` holds the blocks before in its last word.
__m512i packed(__m512i w, __m512i previous, unsigned data_blocks, const Shifts& shifts) {
  const __m512i one = set1(1);
  // The first words of blocks begin one bit later than the words before them end: there stands the first bit.
  const __m512i right = _mm512_mask_add_epi64(shifts.right, 0x11, shifts.right, one);
  const __m512i below = _mm512_srlv_epi64(_mm512_alignr_epi64(w, previous, 7), right);
  const __m512i first_bits =
      _mm512_maskz_sllv_epi64(static_cast<__mmask8>(data_blocks), one, _mm512_sub_epi64(shifts.left, one));
  return _mm512_ternarylogic_epi64(_mm512_sllv_epi64(w, shifts.left), below, first_bits, 0xfe);
}

/// `blocks` of 1..64, from a word boundary.
void pack_run(const std::uint64_t* payload, const std::uint8_t* header, std::size_t blocks,
              std::uint64_t* stream) {
  __m512i previous = _mm512_setzero_si512();
  Shifts shifts;
  unsigned data_blocks = 0;
  std::size_t b = 0;
  for (; b + 2 <= blocks; b += 2) {
    const __m512i w = rest_words(payload + 4 * b, header + 4 * b, 0xff, data_blocks);
    _mm512_storeu_si512(stream + 4 * b, packed(w, previous, data_blocks, shifts));
    previous = w;
    shifts.step();
  }
  if (b < blocks) {
    const __m512i w = rest_words(payload + 4 * b, header + 4 * b, 0x0f, data_blocks);
    _mm512_mask_storeu_epi64(stream + 4 * b, 0x0f, packed(w, previous, data_blocks, shifts));
    previous = _mm512_alignr_epi64(w, w, 4);
  }
  std::uint64_t last[8];
  _mm512_storeu_si512(last, previous);
  stream[4 * blocks] = last[7] >> (64 - blocks);
}

constexpr std::uint8_t types[11] = {0x1e, 0x78, 0x4b, 0x87, 0x99, 0xaa, 0xb4, 0xcc, 0xd2, 0xe1, 0xff};
struct TypeTable {
  alignas(16) std::uint8_t type[16];  ///< by low nibble; 0 where there is none
  constexpr TypeTable() : type() {
    for (const std::uint8_t t : types) type[t & 15] = t;
  }
};
constexpr TypeTable type_table;

/// Two blocks with at least one that is not all data. `first` has bits 0 and 4: all data.
void reverse_two(__m512i w, unsigned first, __mmask8 words, std::uint64_t* payload, std::uint8_t* header) {
  // Low nibble of words 0 and 4, in bits 0..3 and 4..7.
  const std::uint64_t low = static_cast<std::uint64_t>(_mm_cvtsi128_si64(_mm512_castsi512_si128(w)));
  const std::uint64_t high = static_cast<std::uint64_t>(_mm_cvtsi128_si64(_mm512_extracti64x2_epi64(w, 2)));
  unsigned is_data = static_cast<unsigned>((low & 15) | (high & 15) << 4);
  const bool broken = ((first & 1) == 0 && (low & 15) == 15) || ((first & 0x10) == 0 && (high & 15) == 15);
  if (first & 1) is_data |= 0x0f;
  if (first & 0x10) is_data |= 0xf0;
  const Masks& m = table.entry[is_data];
  const __m512i down = _mm512_shrdi_epi64(w, _mm512_alignr_epi64(w, w, 1), 4);
  const __m512i nibble = _mm512_and_si512(down, set1(15));
  const __m512i type = _mm512_shuffle_epi8(
      _mm512_broadcast_i32x4(_mm_load_si128(reinterpret_cast<const __m128i*>(type_table.type))), nibble);
  const __m512i type_octet = _mm512_and_si512(type, set1(0xff));
  const __mmask8 unknown = _mm512_mask_cmpeq_epi64_mask(m.at, type_octet, _mm512_setzero_si512());
  if (broken || (unknown & words) != 0) {
    std::uint64_t rest[8];
    _mm512_storeu_si512(rest, w);
    for (unsigned half = 0; half < 8 && (words >> half & 1); half += 4) {
      if (first >> half & 1) {
        std::memcpy(payload + half, rest + half, 32);
        std::memset(header + half, 2, 4);
      } else {
        reverse_control(rest + half, payload + half, header + half);
      }
    }
    return;
  }
  const __m512i out = _mm512_mask_mov_epi64(w, m.before, down);
  _mm512_mask_storeu_epi64(payload, words,
                           _mm512_mask_ternarylogic_epi64(out, m.at, type_octet, set1(0xff), 0xd8));
  _mm_mask_storeu_epi8(
      header, words,
      _mm_mask_blend_epi8(static_cast<__mmask16>(is_data), _mm_set1_epi8(1), _mm_set1_epi8(2)));
}

void unpack_run(const std::uint64_t* stream, std::size_t blocks, std::uint64_t* payload,
                std::uint8_t* header) {
  Shifts shifts;
  for (std::size_t b = 0; b < blocks; b += 2, shifts.step()) {
    const __mmask8 words = blocks - b >= 2 ? 0xff : 0x0f;
    const __m512i here = _mm512_maskz_loadu_epi64(words, stream + 4 * b);
    const __m512i above = _mm512_maskz_loadu_epi64(words, stream + 4 * b + 1);
    const __m512i w =
        _mm512_or_si512(_mm512_srlv_epi64(here, shifts.left), _mm512_sllv_epi64(above, shifts.right));
    const __m512i first_bit = _mm512_sllv_epi64(set1(1), _mm512_sub_epi64(shifts.left, set1(1)));
    const unsigned first = _mm512_mask_test_epi64_mask(0x11, here, first_bit) | (~words & 0x10u);
    if (first == 0x11) {
      _mm512_mask_storeu_epi64(payload + 4 * b, words, w);
      _mm_mask_storeu_epi8(header + 4 * b, words, _mm_set1_epi8(2));
    } else {
      reverse_two(w, first, words, payload + 4 * b, header + 4 * b);
    }
  }
}

}  // namespace

void pack_avx512(const std::uint64_t* payload, const std::uint8_t* header, std::size_t blocks,
                 std::uint64_t* stream) noexcept {
  *stream = 0;
  while (blocks > 0) {
    const std::size_t n = blocks < run_blocks ? blocks : run_blocks;
    pack_run(payload, header, n, stream);
    payload += 4 * n;
    header += 4 * n;
    stream += run_words;
    blocks -= n;
    if (blocks == 0 && n == run_blocks) *stream = 0;
  }
}

void unpack_avx512(const std::uint64_t* stream, std::size_t blocks, std::uint64_t* payload,
                   std::uint8_t* header) noexcept {
  while (blocks > 0) {
    const std::size_t n = blocks < run_blocks ? blocks : run_blocks;
    unpack_run(stream, n, payload, header);
    payload += 4 * n;
    header += 4 * n;
    stream += run_words;
    blocks -= n;
  }
}

}  // namespace lightlane::pcs::transcoder
