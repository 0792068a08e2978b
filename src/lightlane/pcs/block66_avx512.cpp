#include <immintrin.h>

#include "lightlane/pcs/block66_kernels.hpp"

namespace lightlane::pcs::block66 {
namespace {

// Eight words a step, as long as they are made of data, starts, terminates before idles, and idles, in legal
// order; eight words with anything else take the portable way.
constexpr std::uint64_t idles = 0x0707070707070707, terminate_tail = 0x07070707070707fd;
constexpr std::uint8_t start_character = 0xfb, start_type = 0x78, idle_type = 0x1e;
constexpr std::uint8_t terminate_types[8] = {0x87, 0x99, 0xaa, 0xb4, 0xcc, 0xd2, 0xe1, 0xff};
constexpr std::uint8_t no_lane = 0x80;

/// Lane of the terminate by the low seven bits of the control flags (encoding) or of the block type
/// (decoding), whose highest bit is set; no_lane where there is none.
struct LaneTable {
  alignas(64) std::uint8_t lane[128];
  constexpr explicit LaneTable(bool by_type) : lane() {
    for (std::uint8_t& l : lane) l = no_lane;
    for (unsigned i = 0; i < 8; ++i) {
      const unsigned key = by_type ? terminate_types[i] : 0xffu << i & 0xff;
      lane[key & 127] = static_cast<std::uint8_t>(i);
    }
  }
};
constexpr LaneTable by_control(false), by_type(true);

__m512i set1(std::uint64_t value) { return _mm512_set1_epi64(static_cast<long long>(value)); }

/// The lanes for eight keys, one per 64-bit word; `found` says which keys have one.
__m512i lanes_of(const LaneTable& table, __m128i keys, __mmask8& found) {
  const __m512i low = _mm512_load_si512(table.lane), high = _mm512_load_si512(table.lane + 64);
  const __m512i index = _mm512_castsi128_si512(_mm_and_si128(keys, _mm_set1_epi8(127)));
  const __m128i lanes = _mm512_castsi512_si128(_mm512_permutex2var_epi8(low, index, high));
  const unsigned top_set = static_cast<unsigned>(_mm_movemask_epi8(keys));
  const unsigned none = static_cast<unsigned>(_mm_movemask_epi8(lanes));
  found = static_cast<__mmask8>(top_set & ~none);
  return _mm512_cvtepu8_epi64(_mm_and_si128(lanes, _mm_set1_epi8(7)));
}

/// Bits below lane `lane` of each word.
__m512i octets_below(__m512i shift) { return _mm512_sub_epi64(_mm512_sllv_epi64(set1(1), shift), set1(1)); }

BlockState state_after(unsigned open, unsigned terminates) {
  if (open & 0x80) return BlockState::data;
  return terminates & 0x80 ? BlockState::terminate : BlockState::control;
}

/// Data and terminates come inside frames, starts and controls outside, and nowhere else.
bool legal(BlockState state, unsigned data, unsigned starts, unsigned terminates) {
  const unsigned inside_before = ((data | starts) << 1 | (state == BlockState::data ? 1 : 0)) & 0xff;
  return state != BlockState::error && (data | terminates) == inside_before;
}

bool encode_eight(BlockState& state, const std::uint64_t* data, const std::uint8_t* control,
                  std::uint64_t* payload, std::uint8_t* header) {
  const __m512i w = _mm512_loadu_si512(data);
  const __m128i flags = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(control));
  const unsigned is_data = _mm_cmpeq_epi8_mask(flags, _mm_setzero_si128()) & 0xff;
  if (is_data == 0xff && state == BlockState::data) {
    _mm512_storeu_si512(payload, w);
    _mm_storel_epi64(reinterpret_cast<__m128i*>(header), _mm_set1_epi8(signal::data_header));
    return true;
  }
  const __m512i first = _mm512_and_si512(w, set1(0xff));
  const unsigned starts = _mm512_mask_cmpeq_epi64_mask(
      static_cast<__mmask8>(_mm_cmpeq_epi8_mask(flags, _mm_set1_epi8(1))), first, set1(start_character));
  const unsigned controls = _mm512_mask_cmpeq_epi64_mask(
      static_cast<__mmask8>(_mm_cmpeq_epi8_mask(flags, _mm_set1_epi8(-1))), w, set1(idles));
  __mmask8 found = 0;
  const __m512i lane = lanes_of(by_control, flags, found);
  const __m512i shift = _mm512_slli_epi64(lane, 3);
  const __m512i rest =
      _mm512_srlv_epi64(_mm512_xor_si512(w, _mm512_sllv_epi64(set1(terminate_tail), shift)), shift);
  const unsigned terminates = _mm512_mask_testn_epi64_mask(found, rest, rest);
  if ((is_data | starts | controls | terminates) != 0xff || !legal(state, is_data, starts, terminates))
    return false;

  const __m512i type =
      _mm512_permutexvar_epi64(lane, _mm512_set_epi64(0xff, 0xe1, 0xd2, 0xcc, 0xb4, 0xaa, 0x99, 0x87));
  const __m512i ended = _mm512_or_si512(_mm512_slli_epi64(_mm512_and_si512(w, octets_below(shift)), 8), type);
  __m512i out = _mm512_mask_mov_epi64(w, static_cast<__mmask8>(terminates), ended);
  out = _mm512_mask_sub_epi64(out, static_cast<__mmask8>(starts), w, set1(start_character - start_type));
  out = _mm512_mask_mov_epi64(out, static_cast<__mmask8>(controls), set1(idle_type));
  _mm512_storeu_si512(payload, out);
  _mm_storel_epi64(reinterpret_cast<__m128i*>(header),
                   _mm_mask_blend_epi8(static_cast<__mmask16>(is_data), _mm_set1_epi8(signal::control_header),
                                       _mm_set1_epi8(signal::data_header)));
  state = state_after(is_data | starts, terminates);
  return true;
}

/// payload[8] and header[8] may be looked at.
bool decode_eight(BlockState& state, const std::uint64_t* payload, const std::uint8_t* header,
                  std::uint64_t* data, std::uint8_t* control) {
  const __m512i p = _mm512_loadu_si512(payload);
  const __m128i headers = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(header));
  const unsigned is_data = _mm_cmpeq_epi8_mask(headers, _mm_set1_epi8(signal::data_header)) & 0xff;
  if (is_data == 0xff && state == BlockState::data) {
    _mm512_storeu_si512(data, p);
    _mm_storel_epi64(reinterpret_cast<__m128i*>(control), _mm_setzero_si128());
    return true;
  }
  const auto is_control =
      static_cast<__mmask8>(_mm_cmpeq_epi8_mask(headers, _mm_set1_epi8(signal::control_header)) & 0xff);
  const __m512i type = _mm512_and_si512(p, set1(0xff));
  const unsigned starts = _mm512_mask_cmpeq_epi64_mask(is_control, type, set1(start_type));
  const unsigned controls = _mm512_mask_cmpeq_epi64_mask(is_control, p, set1(idle_type));
  __mmask8 found = 0;
  const __m512i lane = lanes_of(by_type, _mm512_cvtepi64_epi8(p), found);
  const __m512i shift = _mm512_slli_epi64(lane, 3);
  // Control codes behind the terminate all idle; lane 7 has none and shifts everything out.
  const __m512i codes = _mm512_srlv_epi64(p, _mm512_add_epi64(_mm512_sub_epi64(shift, lane), set1(15)));
  const unsigned terminates =
      _mm512_mask_testn_epi64_mask(static_cast<__mmask8>(found & is_control), codes, codes);
  if ((is_data | starts | controls | terminates) != 0xff || !legal(state, is_data, starts, terminates))
    return false;
  unsigned may_follow = (starts | controls) >> 1;
  if (terminates & 0x80) {
    const BlockClass next = classify_block(payload[8], header[8]);
    if (next == BlockClass::start || next == BlockClass::control) may_follow |= 0x80;
  }
  if ((terminates & ~may_follow) != 0) return false;

  const __m512i octets = _mm512_and_si512(_mm512_srli_epi64(p, 8), octets_below(shift));
  const __m512i ended = _mm512_or_si512(octets, _mm512_sllv_epi64(set1(terminate_tail), shift));
  __m512i out = _mm512_mask_mov_epi64(p, static_cast<__mmask8>(terminates), ended);
  out = _mm512_mask_add_epi64(out, static_cast<__mmask8>(starts), p, set1(start_character - start_type));
  out = _mm512_mask_mov_epi64(out, static_cast<__mmask8>(controls), set1(idles));
  _mm512_storeu_si512(data, out);
  __m512i flags = _mm512_maskz_sllv_epi64(static_cast<__mmask8>(terminates), set1(0xff), lane);
  flags = _mm512_mask_mov_epi64(flags, static_cast<__mmask8>(starts), set1(1));
  flags = _mm512_mask_mov_epi64(flags, static_cast<__mmask8>(controls), set1(0xff));
  _mm_storel_epi64(reinterpret_cast<__m128i*>(control), _mm512_cvtepi64_epi8(flags));
  state = state_after(is_data | starts, terminates);
  return true;
}

}  // namespace

std::size_t encode_avx512(BlockState& state, const std::uint64_t* data, const std::uint8_t* control,
                          std::size_t count, std::uint64_t* payload, std::uint8_t* header) noexcept {
  std::size_t errors = 0, i = 0;
  for (; i + 8 <= count; i += 8) {
    if (!encode_eight(state, data + i, control + i, payload + i, header + i)) {
      errors += encode_portable(state, data + i, control + i, 8, payload + i, header + i);
    }
  }
  return errors + encode_portable(state, data + i, control + i, count - i, payload + i, header + i);
}

std::size_t decode_avx512(BlockState& state, const std::uint64_t* payload, const std::uint8_t* header,
                          std::size_t count, std::uint64_t* data, std::uint8_t* control) noexcept {
  std::size_t errors = 0, i = 0;
  for (; i + 8 <= count; i += 8) {
    if (!decode_eight(state, payload + i, header + i, data + i, control + i)) {
      errors += decode_portable(state, payload + i, header + i, 8, data + i, control + i);
    }
  }
  return errors + decode_portable(state, payload + i, header + i, count - i, data + i, control + i);
}

}  // namespace lightlane::pcs::block66
