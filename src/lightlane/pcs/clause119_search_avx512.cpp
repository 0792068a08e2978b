#include <immintrin.h>

#include "lightlane/pcs/clause119_kernels.hpp"

namespace lightlane::pcs::clause119 {

/// Eight bit positions a step. Of 12 nibbles at most 3 are wrong: of the four runs of three one is right.
std::size_t search_avx512(const std::uint64_t* words, std::size_t from, std::size_t until) noexcept {
  constexpr std::uint64_t pattern = 0xd9b56500264a9a;  // CM0 CM1 CM2, eight bits between, CM3 CM4 CM5
  const auto set1 = [](std::uint64_t value) { return _mm512_set1_epi64(static_cast<long long>(value)); };
  const __m512i steps = _mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0);
  const __m512i run[4] = {set1(0xfff), set1(0xfff000), set1(0xfffull << 32), set1(0xfffull << 44)};
  for (std::size_t p = from / 8 * 8; p < until; p += 8) {
    const __m512i low = set1(words[p / 64]), high = set1(words[p / 64 + 1]);
    const __m512i window = _mm512_shrdv_epi64(low, high, _mm512_add_epi64(steps, set1(p % 64)));
    const __m512i x = _mm512_xor_si512(window, set1(pattern));
    unsigned possible = 0;
    for (const __m512i& r : run) possible |= _mm512_testn_epi64_mask(x, r);
    if (possible == 0) continue;
    for (std::size_t i = p < from ? from - p : 0; i < 8 && p + i < until; ++i) {
      if ((possible >> i & 1) && search_one(words, p + i)) return p + i;
    }
  }
  return until;
}

}  // namespace lightlane::pcs::clause119
