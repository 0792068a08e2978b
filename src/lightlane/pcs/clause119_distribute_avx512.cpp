#include <immintrin.h>

#include <cstring>
#include <initializer_list>

#include "lightlane/pcs/clause119_kernels.hpp"

// Everything here turns on one move: eight octets are picked so that a 64-bit word holds four 10-bit symbols
// somewhere, and two multishifts and a blend put these symbols side by side into five octets.

namespace lightlane::pcs::clause119 {
namespace {

struct Octets {
  alignas(64) std::uint8_t octet[64];
  constexpr Octets() : octet() {}
};

__m512i load(const Octets& table) { return _mm512_load_si512(table.octet); }

/// Where four symbols begin in a word.
struct Places {
  unsigned at[4];
};

/// Multishift controls that gather four symbols into octets 0..4 of each word: octet k is the low part of one
/// window and, above `mask`, the high part of another.
struct Gather {
  Octets low, high, mask;
  constexpr void set(unsigned word, const Places& p) {
    const unsigned first[5] = {p.at[0], p.at[0] + 8, p.at[1] + 6, p.at[2] + 4, p.at[3] + 2};
    const unsigned second[5] = {0, p.at[1] + 62, p.at[2] + 60, p.at[3] + 58, 0};
    const unsigned masks[5] = {0, 0xfc, 0xf0, 0xc0, 0};
    for (unsigned k = 0; k < 5; ++k) {
      low.octet[8 * word + k] = static_cast<std::uint8_t>(first[k] % 64);
      high.octet[8 * word + k] = static_cast<std::uint8_t>(second[k] % 64);
      mask.octet[8 * word + k] = static_cast<std::uint8_t>(masks[k]);
    }
  }
};

/// The controls of one shape, in registers.
struct Gatherer {
  __m512i low, high, mask;
  explicit Gatherer(const Gather& g) : low(load(g.low)), high(load(g.high)), mask(load(g.mask)) {}
  __m512i operator()(__m512i words) const {
    return _mm512_ternarylogic_epi64(_mm512_multishift_epi64_epi8(low, words),
                                     _mm512_multishift_epi64_epi8(high, words), mask, 0xd8);
  }
};

/// Octets 0..4 of eight words, one after the other.
constexpr Octets make_compress() {
  Octets t;
  for (unsigned i = 0; i < 40; ++i) t.octet[i] = static_cast<std::uint8_t>(8 * (i / 5) + i % 5);
  return t;
}
constexpr Octets compress = make_compress();

void store_40(void* to, __m512i value) {
  _mm256_storeu_si256(static_cast<__m256i*>(to), _mm512_castsi512_si256(value));
  _mm_storel_epi64(reinterpret_cast<__m128i*>(static_cast<std::uint8_t*>(to) + 32),
                   _mm512_extracti32x4_epi32(value, 2));
}

// --- split and join: 40 octets of the stream are 20 of A and 20 of B ---

struct SplitTables {
  Octets pick, compress;
  Gather gather;
  constexpr SplitTables() {
    constexpr unsigned from_a[8] = {0, 1, 2, 3, 5, 6, 7, 8}, from_b[8] = {1, 2, 3, 4, 6, 7, 8, 9};
    for (unsigned word = 0; word < 8; ++word) {
      for (unsigned i = 0; i < 8; ++i) {
        pick.octet[8 * word + i] =
            static_cast<std::uint8_t>(10 * (word % 4) + (word < 4 ? from_a[i] : from_b[i]));
      }
      gather.set(word, word < 4 ? Places{{0, 20, 32, 52}} : Places{{2, 22, 34, 54}});
    }
    for (unsigned i = 0; i < 20; ++i) {
      compress.octet[i] = static_cast<std::uint8_t>(8 * (i / 5) + i % 5);
      compress.octet[32 + i] = static_cast<std::uint8_t>(32 + 8 * (i / 5) + i % 5);
    }
  }
};
constexpr SplitTables split_tables;

struct JoinTables {
  Octets pick;
  Gather gather;
  constexpr JoinTables() {
    for (unsigned word = 0; word < 8; ++word) {
      const unsigned base = 5 * (word / 2) + 2 * (word % 2);
      for (unsigned i = 0; i < 8; ++i) {
        pick.octet[8 * word + i] = static_cast<std::uint8_t>((i < 4 ? base + i : 64 + base + i - 4));
      }
      gather.set(word, word % 2 == 0 ? Places{{0, 32, 10, 42}} : Places{{4, 36, 14, 46}});
    }
  }
};
constexpr JoinTables join_tables;

// --- distribute and collect: four turns of a lane are 40 bits ---

/// Octet and bit of symbol `s` of a codeword, counted from the first symbol of four turns.
constexpr unsigned octet_of(unsigned s) { return 10 * s / 8; }
constexpr unsigned bit_of(unsigned s) { return 10 * s % 8; }

/// Words 0..7 are lanes first_lane..first_lane + 7; octets 0..63 of the pick come from A, 64..127 from B.
struct DistributeTables {
  Octets pick;
  Gather gather;
  constexpr DistributeTables(unsigned lanes, unsigned first_lane) {
    for (unsigned word = 0; word < 8; ++word) {
      const unsigned lane = first_lane + word, j = lane / 2;
      Places places{};
      for (unsigned turn = 0; turn < 4; ++turn) {
        const unsigned s = lanes / 2 * turn + j;
        const bool from_a = (lane % 2 == 0) == (turn % 2 == 0);
        for (unsigned i = 0; i < 2; ++i) {
          pick.octet[8 * word + 2 * turn + i] =
              static_cast<std::uint8_t>((from_a ? 0 : 64) + octet_of(s) + i);
        }
        places.at[turn] = 16 * turn + bit_of(s);
      }
      gather.set(word, places);
    }
  }
};
constexpr DistributeTables to_lanes_0_7(16, 0), to_lanes_8_15(16, 8), to_lanes_of_8(8, 0);

/// Words are four symbols of a codeword each, word w those from symbol 4 w on; lanes 0..7 lie in the first
/// source vector, 8..15 in the second, turn t of a lane in bits 10 t of its word.
struct CollectTables {
  Octets pick;
  Gather gather;
  constexpr CollectTables(unsigned lanes, bool codeword_b, unsigned words) {
    for (unsigned word = 0; word < words; ++word) {
      const unsigned turn = 4 * word / (lanes / 2), j = 4 * word % (lanes / 2);
      Places places{};
      for (unsigned i = 0; i < 4; ++i) {
        const unsigned lane = 2 * (j + i) + ((turn % 2 != 0) != codeword_b ? 1 : 0);
        for (unsigned k = 0; k < 2; ++k)
          pick.octet[8 * word + 2 * i + k] = static_cast<std::uint8_t>(8 * lane + turn + k);
        places.at[i] = 16 * i + 2 * turn;
      }
      gather.set(word, places);
    }
  }
};
constexpr CollectTables from_16_to_a(16, false, 8), from_16_to_b(16, true, 8);
/// 8 lanes: words 0..3 are A, 4..7 are B.
struct CollectTables8 {
  Octets pick;
  Gather gather;
  constexpr CollectTables8() {
    const CollectTables a(8, false, 4), b(8, true, 4);
    for (unsigned i = 0; i < 32; ++i) {
      pick.octet[i] = a.pick.octet[i];
      pick.octet[32 + i] = b.pick.octet[i];
      gather.low.octet[i] = a.gather.low.octet[i];
      gather.low.octet[32 + i] = b.gather.low.octet[i];
      gather.high.octet[i] = a.gather.high.octet[i];
      gather.high.octet[32 + i] = b.gather.high.octet[i];
      gather.mask.octet[i] = a.gather.mask.octet[i];
      gather.mask.octet[32 + i] = b.gather.mask.octet[i];
    }
  }
};
constexpr CollectTables8 from_8;

constexpr __mmask64 low_40 = (std::uint64_t{1} << 40) - 1, low_20 = (std::uint64_t{1} << 20) - 1;
constexpr std::size_t codeword_octets = 680;

/// Eight by eight 64-bit words: word i of row j becomes word j of row i.
void transpose(__m512i row[8]) {
  __m512i pair[8], four[8];
  for (unsigned i = 0; i < 8; i += 2) {
    pair[i] = _mm512_unpacklo_epi64(row[i], row[i + 1]);
    pair[i + 1] = _mm512_unpackhi_epi64(row[i], row[i + 1]);
  }
  for (unsigned i = 0; i < 8; i += 4) {
    for (unsigned odd = 0; odd < 2; ++odd) {
      four[i + odd] = _mm512_shuffle_i64x2(pair[i + odd], pair[i + 2 + odd], 0x88);
      four[i + 2 + odd] = _mm512_shuffle_i64x2(pair[i + odd], pair[i + 2 + odd], 0xdd);
    }
  }
  // four[i], i = 0..3: words i (and i + 4) of rows 0..3; of rows 4..7 in four[4 + i].
  for (unsigned i = 0; i < 4; ++i) {
    row[i] = _mm512_shuffle_i64x2(four[i], four[4 + i], 0x88);
    row[i + 4] = _mm512_shuffle_i64x2(four[i], four[4 + i], 0xdd);
  }
}

/// The words of lanes 0..7 | 8..15 for turns 4 g .. 4 g + 3, g counted over all pairs.
struct LaneWords {
  const std::uint8_t* codewords;
  __m512i pick_0 = load(to_lanes_0_7.pick), pick_8 = load(to_lanes_8_15.pick);
  Gatherer gather_0{to_lanes_0_7.gather}, gather_8{to_lanes_8_15.gather};

  void read(std::size_t g, __m512i& lanes_0, __m512i& lanes_8) const {
    const std::uint8_t* a = codewords + g / 17 * (2 * codeword_octets) + g % 17 * 40;
    const __m512i from_a = _mm512_maskz_loadu_epi8(low_40, a);
    const __m512i from_b = _mm512_maskz_loadu_epi8(low_40, a + codeword_octets);
    lanes_0 = gather_0(_mm512_permutex2var_epi8(from_a, pick_0, from_b));
    lanes_8 = gather_8(_mm512_permutex2var_epi8(from_a, pick_8, from_b));
  }
};

void distribute_16(const std::uint8_t* a, std::size_t pairs, std::uint8_t* const* lane) {
  const LaneWords source{a};
  const __m512i pack = load(compress);
  const std::size_t turns = 17 * pairs;
  std::size_t g = 0;
  for (; g + 8 <= turns; g += 8) {
    __m512i lanes_0[8], lanes_8[8];
    for (unsigned i = 0; i < 8; ++i) source.read(g + i, lanes_0[i], lanes_8[i]);
    transpose(lanes_0);
    transpose(lanes_8);
    for (unsigned l = 0; l < 8; ++l) {
      store_40(lane[l] + 5 * g, _mm512_permutexvar_epi8(pack, lanes_0[l]));
      store_40(lane[8 + l] + 5 * g, _mm512_permutexvar_epi8(pack, lanes_8[l]));
    }
  }
  for (; g < turns; ++g) {
    alignas(64) std::uint64_t fives[16];
    __m512i lanes_0, lanes_8;
    source.read(g, lanes_0, lanes_8);
    _mm512_store_si512(fives, lanes_0);
    _mm512_store_si512(fives + 8, lanes_8);
    for (unsigned l = 0; l < 16; ++l) std::memcpy(lane[l] + 5 * g, fives + l, 8);
  }
}

void distribute_8(const std::uint8_t* a, std::size_t pairs, std::uint8_t* const* lane) {
  const __m512i pick = load(to_lanes_of_8.pick);
  const Gatherer gather(to_lanes_of_8.gather);
  alignas(64) std::uint64_t fives[8];
  std::size_t at = 0;
  for (std::size_t p = 0; p < pairs; ++p, a += 2 * codeword_octets) {
    for (unsigned g = 0; g < 34; ++g, at += 5) {
      const __m512i from_a = _mm512_maskz_loadu_epi8(low_20, a + 20 * g);
      const __m512i from_b = _mm512_maskz_loadu_epi8(low_20, a + codeword_octets + 20 * g);
      _mm512_store_si512(fives, gather(_mm512_permutex2var_epi8(from_a, pick, from_b)));
      for (unsigned l = 0; l < 8; ++l) std::memcpy(lane[l] + at, fives + l, 8);
    }
  }
}

/// The next 40 bits (and what lies above them) of eight lanes.
struct EightLanes {
  const std::uint8_t* from[8];
  __m512i shift;
  EightLanes(const std::uint64_t* const* lane, const std::size_t* position) {
    alignas(64) std::uint64_t shifts[8];
    for (unsigned l = 0; l < 8; ++l) {
      from[l] = reinterpret_cast<const std::uint8_t*>(lane[l]) + position[l] / 8;
      shifts[l] = position[l] % 8;
    }
    shift = _mm512_load_si512(shifts);
  }
  __m512i read(std::size_t at) const {
    long long w[8];
    for (unsigned l = 0; l < 8; ++l) std::memcpy(&w[l], from[l] + at, 8);
    return _mm512_srlv_epi64(_mm512_set_epi64(w[7], w[6], w[5], w[4], w[3], w[2], w[1], w[0]), shift);
  }
};

void collect_16(const std::uint64_t* const* lane, const std::size_t* position, std::size_t pairs,
                std::uint8_t* a) {
  const EightLanes lanes_0(lane, position), lanes_8(lane + 8, position + 8);
  const __m512i pick_a = load(from_16_to_a.pick), pick_b = load(from_16_to_b.pick), pack = load(compress);
  const Gatherer gather(from_16_to_a.gather);  // the same for B
  std::size_t at = 0;
  for (std::size_t p = 0; p < pairs; ++p, a += 2 * codeword_octets) {
    for (unsigned g = 0; g < 17; ++g, at += 5) {
      const __m512i l0 = lanes_0.read(at), l8 = lanes_8.read(at);
      store_40(a + 40 * g, _mm512_permutexvar_epi8(pack, gather(_mm512_permutex2var_epi8(l0, pick_a, l8))));
      store_40(a + codeword_octets + 40 * g,
               _mm512_permutexvar_epi8(pack, gather(_mm512_permutex2var_epi8(l0, pick_b, l8))));
    }
  }
}

void collect_8(const std::uint64_t* const* lane, const std::size_t* position, std::size_t pairs,
               std::uint8_t* a) {
  const EightLanes lanes(lane, position);
  const __m512i pick = load(from_8.pick), pack = load(compress);
  const Gatherer gather(from_8.gather);
  std::size_t at = 0;
  alignas(64) std::uint8_t octets[64];
  for (std::size_t p = 0; p < pairs; ++p, a += 2 * codeword_octets) {
    for (unsigned g = 0; g < 34; ++g, at += 5) {
      const __m512i both = gather(_mm512_permutexvar_epi8(pick, lanes.read(at)));
      _mm512_store_si512(octets, _mm512_permutexvar_epi8(pack, both));
      std::memcpy(a + 20 * g, octets, 20);
      std::memcpy(a + codeword_octets + 20 * g, octets + 20, 20);
    }
  }
}

}  // namespace

void split_avx512(const std::uint64_t* stream, std::uint64_t* codewords) noexcept {
  const __m512i pick = load(split_tables.pick), pack = load(split_tables.compress);
  const Gatherer gather(split_tables.gather);
  const auto* from = reinterpret_cast<const std::uint8_t*>(stream);
  auto* a = reinterpret_cast<std::uint8_t*>(codewords);
  std::uint8_t* b = a + codeword_octets;
  for (unsigned g = 0; g < 33; ++g) {  // the last one for 2.5 octets
    const __m512i picked = _mm512_permutexvar_epi8(pick, _mm512_loadu_si512(from + 40 * g));
    const __m512i both = _mm512_permutexvar_epi8(pack, gather(picked));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(a + 20 * g), _mm512_castsi512_si256(both));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(b + 20 * g), _mm512_extracti64x4_epi64(both, 1));
  }
  for (std::uint64_t* word : {codewords + 80, codewords + 85 + 80}) {
    word[0] &= (1u << 20) - 1;
    word[1] = word[2] = word[3] = word[4] = 0;
  }
}

void join_avx512(const std::uint64_t* codewords, std::uint64_t* stream) noexcept {
  const __m512i pick = load(join_tables.pick), pack = load(compress);
  const Gatherer gather(join_tables.gather);
  const auto* a = reinterpret_cast<const std::uint8_t*>(codewords);
  const std::uint8_t* b = a + codeword_octets;
  auto* to = reinterpret_cast<std::uint8_t*>(stream);
  for (unsigned g = 0; g < 33; ++g) {
    const __m512i from_a =
        _mm512_castsi256_si512(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(a + 20 * g)));
    const __m512i from_b =
        _mm512_castsi256_si512(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(b + 20 * g)));
    const __m512i picked = _mm512_permutex2var_epi8(from_a, pick, from_b);
    _mm512_storeu_si512(to + 40 * g, _mm512_permutexvar_epi8(pack, gather(picked)));
  }
  stream[160] &= (std::uint64_t{1} << 40) - 1;
}

void distribute_avx512(unsigned lanes, const std::uint64_t* codewords, std::size_t pairs,
                       std::uint8_t* const* lane) noexcept {
  const auto* from = reinterpret_cast<const std::uint8_t*>(codewords);
  lanes == 16 ? distribute_16(from, pairs, lane) : distribute_8(from, pairs, lane);
}

void collect_avx512(unsigned lanes, const std::uint64_t* const* lane, const std::size_t* position,
                    std::size_t pairs, std::uint64_t* codewords) noexcept {
  auto* to = reinterpret_cast<std::uint8_t*>(codewords);
  lanes == 16 ? collect_16(lane, position, pairs, to) : collect_8(lane, position, pairs, to);
}

}  // namespace lightlane::pcs::clause119
