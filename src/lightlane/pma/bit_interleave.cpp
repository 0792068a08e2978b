#include "lightlane/pma/bit_interleave.hpp"

#include <array>
#include <cstring>

#include "lightlane/pma/bit_interleave_kernels.hpp"

namespace lightlane::pma {
namespace detail {
namespace {

constexpr std::uint64_t quarter = 0x3333333333333333u, half = 0x5555555555555555u;
constexpr unsigned table_ratio = 8;

/// Bit i of a half word to bit 2i.
constexpr std::uint64_t spread(std::uint64_t x) noexcept {
  x = (x | x << 16) & 0x0000ffff0000ffffu;
  x = (x | x << 8) & 0x00ff00ff00ff00ffu;
  x = (x | x << 4) & 0x0f0f0f0f0f0f0f0fu;
  x = (x | x << 2) & quarter;
  return (x | x << 1) & half;
}

/// Bit 2i to bit i; the odd bits of x are zero.
constexpr std::uint64_t gather(std::uint64_t x) noexcept {
  x = (x | x >> 1) & quarter;
  x = (x | x >> 2) & 0x0f0f0f0f0f0f0f0fu;
  x = (x | x >> 4) & 0x00ff00ff00ff00ffu;
  x = (x | x >> 8) & 0x0000ffff0000ffffu;
  return (x | x >> 16) & 0xffffffffu;
}

void interleave2(const std::uint64_t* a, const std::uint64_t* b, std::size_t words,
                 std::uint64_t* out) noexcept {
  for (std::size_t w = 0; w < words; ++w) {
    out[2 * w] = spread(a[w] & 0xffffffffu) | spread(b[w] & 0xffffffffu) << 1;
    out[2 * w + 1] = spread(a[w] >> 32) | spread(b[w] >> 32) << 1;
  }
}

void deinterleave2(const std::uint64_t* in, std::size_t words, std::uint64_t* a, std::uint64_t* b) noexcept {
  for (std::size_t w = 0; w < words; ++w) {
    const std::uint64_t low = in[2 * w], high = in[2 * w + 1];
    a[w] = gather(low & half) | gather(high & half) << 32;
    b[w] = gather(low >> 1 & half) | gather(high >> 1 & half) << 32;
  }
}

/// One octet of a lane to ratio octets of the joined stream, at slot 0.
struct SpreadTable {
  std::array<std::array<std::uint64_t, 256>, table_ratio + 1> octet{};
  constexpr SpreadTable() {
    for (unsigned r = 1; r <= table_ratio; ++r) {
      for (unsigned value = 0; value < 256; ++value) {
        for (unsigned bit = 0; bit < 8; ++bit)
          octet[r][value] |= std::uint64_t{(value >> bit) & 1} << (r * bit);
      }
    }
  }
};
constexpr SpreadTable spread_table;

/// Octet p of a round of ratio octets to the ratio lane octets (lane j in octet j of the word).
struct GatherTable {
  std::array<std::array<std::array<std::uint64_t, 256>, table_ratio>, table_ratio + 1> octet{};
  GatherTable() {
    for (unsigned r = 1; r <= table_ratio; ++r) {
      for (unsigned p = 0; p < r; ++p) {
        for (unsigned value = 0; value < 256; ++value) {
          for (unsigned bit = 0; bit < 8; ++bit) {
            const unsigned k = 8 * p + bit;
            octet[r][p][value] |= std::uint64_t{(value >> bit) & 1} << (8 * (k % r) + k / r);
          }
        }
      }
    }
  }
};

void interleave_table(const std::uint64_t* const* in, unsigned ratio, std::size_t words,
                      std::uint64_t* out) noexcept {
  const auto& table = spread_table.octet[ratio];
  for (std::size_t w = 0; w < words; ++w) {
    std::uint64_t* target = out + ratio * w;
    std::memset(target, 0, 8 * ratio);
    for (unsigned octet = 0; octet < 8; ++octet) {
      std::uint64_t joined = 0;
      for (unsigned j = 0; j < ratio; ++j) joined |= table[(in[j][w] >> (8 * octet)) & 255] << j;
      const unsigned at = 8 * ratio * octet, shift = at & 63;
      target[at >> 6] |= joined << shift;
      if (shift + 8 * ratio > 64) target[(at >> 6) + 1] |= joined >> (64 - shift);
    }
  }
}

void deinterleave_table(const std::uint64_t* in, unsigned ratio, std::size_t words,
                        std::uint64_t* const* out) noexcept {
  static const GatherTable gather_table;
  const auto& table = gather_table.octet[ratio];
  for (std::size_t w = 0; w < words; ++w) {
    const std::uint64_t* source = in + ratio * w;
    for (unsigned j = 0; j < ratio; ++j) out[j][w] = 0;
    for (unsigned octet = 0; octet < 8; ++octet) {
      std::uint64_t lanes = 0;
      for (unsigned p = 0; p < ratio; ++p) {
        const unsigned at = 8 * (ratio * octet + p);
        lanes |= table[p][(source[at >> 6] >> (at & 63)) & 255];
      }
      for (unsigned j = 0; j < ratio; ++j) out[j][w] |= ((lanes >> (8 * j)) & 255) << (8 * octet);
    }
  }
}

constexpr std::size_t strip = 64;  // words per lane between the two levels of ratio 4

}  // namespace

void interleave_ref(const std::uint64_t* const* in, unsigned ratio, std::size_t words,
                    std::uint64_t* out) noexcept {
  std::memset(out, 0, 8 * ratio * words);
  for (std::size_t k = 0; k < 64 * ratio * words; ++k) {
    const std::size_t bit = k / ratio;
    out[k >> 6] |= (in[k % ratio][bit >> 6] >> (bit & 63) & 1) << (k & 63);
  }
}

void deinterleave_ref(const std::uint64_t* in, unsigned ratio, std::size_t words,
                      std::uint64_t* const* out) noexcept {
  for (unsigned j = 0; j < ratio; ++j) {
    for (std::size_t w = 0; w < words; ++w) out[j][w] = 0;
  }
  for (std::size_t k = 0; k < 64 * ratio * words; ++k) {
    const std::size_t bit = k / ratio;
    out[k % ratio][bit >> 6] |= (in[k >> 6] >> (k & 63) & 1) << (bit & 63);
  }
}

void interleave_portable(const std::uint64_t* const* in, unsigned ratio, std::size_t words,
                         std::uint64_t* out) noexcept {
  if (ratio == 2) return interleave2(in[0], in[1], words, out);
  if (ratio == 4) {
    std::uint64_t even[2 * strip], odd[2 * strip];
    for (std::size_t w = 0; w < words; w += strip) {
      const std::size_t count = words - w < strip ? words - w : strip;
      interleave2(in[0] + w, in[2] + w, count, even);
      interleave2(in[1] + w, in[3] + w, count, odd);
      interleave2(even, odd, 2 * count, out + 4 * w);
    }
    return;
  }
  ratio <= table_ratio ? interleave_table(in, ratio, words, out) : interleave_ref(in, ratio, words, out);
}

void deinterleave_portable(const std::uint64_t* in, unsigned ratio, std::size_t words,
                           std::uint64_t* const* out) noexcept {
  if (ratio == 2) return deinterleave2(in, words, out[0], out[1]);
  if (ratio == 4) {
    std::uint64_t even[2 * strip], odd[2 * strip];
    for (std::size_t w = 0; w < words; w += strip) {
      const std::size_t count = words - w < strip ? words - w : strip;
      deinterleave2(in + 4 * w, 2 * count, even, odd);
      deinterleave2(even, count, out[0] + w, out[2] + w);
      deinterleave2(odd, count, out[1] + w, out[3] + w);
    }
    return;
  }
  ratio <= table_ratio ? deinterleave_table(in, ratio, words, out) : deinterleave_ref(in, ratio, words, out);
}

}  // namespace detail

namespace {

constexpr Kernel<Interleave> interleave_table[] = {
    {Variant::ref, detail::interleave_ref},
    {Variant::portable, detail::interleave_portable},
#if defined(__x86_64__)
    {Variant::avx2, detail::interleave_avx2},
    {Variant::avx512, detail::interleave_avx512},
#endif
};

constexpr Kernel<Deinterleave> deinterleave_table[] = {
    {Variant::ref, detail::deinterleave_ref},
    {Variant::portable, detail::deinterleave_portable},
#if defined(__x86_64__)
    {Variant::avx2, detail::deinterleave_avx2},
    {Variant::avx512, detail::deinterleave_avx512},
#endif
};

}  // namespace

std::span<const Kernel<Interleave>> interleave_kernels() noexcept { return interleave_table; }
std::span<const Kernel<Deinterleave>> deinterleave_kernels() noexcept { return deinterleave_table; }

}  // namespace lightlane::pma
