#include <bit>

#include "lightlane/math/gaussian_kernels.hpp"

namespace lightlane::math::detail {
namespace {

/// One block, as Random123 defines it.
void philox(const GaussianKey& key, std::uint64_t block, std::uint32_t out[4]) noexcept {
  std::uint32_t c0 = static_cast<std::uint32_t>(block), c1 = static_cast<std::uint32_t>(block >> 32),
                c2 = key.stream[0], c3 = key.stream[1], k0 = key.key[0], k1 = key.key[1];
  for (int round = 0; round < philox_rounds; ++round) {
    const std::uint64_t a = std::uint64_t{philox_multiplier[0]} * c0,
                        b = std::uint64_t{philox_multiplier[1]} * c2;
    c0 = static_cast<std::uint32_t>(b >> 32) ^ c1 ^ k0;
    c1 = static_cast<std::uint32_t>(b);
    c2 = static_cast<std::uint32_t>(a >> 32) ^ c3 ^ k1;
    c3 = static_cast<std::uint32_t>(a);
    k0 += philox_weyl[0];
    k1 += philox_weyl[1];
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

float normal_of(std::uint32_t u) noexcept {
  const std::uint32_t upper = 0u - (u >> 31);  // all ones above one half
  float f = static_cast<float>(static_cast<std::int32_t>(u ^ upper)) + 0.5f;
  f = f < largest_f ? f : largest_f;
  const auto bits = std::bit_cast<std::uint32_t>(f);
  const std::uint32_t segment = (bits >> 23) - 126;
  const float s = std::bit_cast<float>((bits & 0x007fffffu) | 0x3f800000u) - 1.5f;
  float x = inverse_normal[inverse_normal_degree][segment];
  for (int d = inverse_normal_degree - 1; d >= 0; --d) x = x * s + inverse_normal[d][segment];
  return std::bit_cast<float>(std::bit_cast<std::uint32_t>(x) ^ (~upper & 0x80000000u));
}

}  // namespace

void gaussian_blocks_ref(const GaussianKey& key, std::uint64_t first_block, std::size_t blocks,
                         float* out) noexcept {
  for (std::size_t i = 0; i < blocks; ++i) {
    std::uint32_t words[4];
    philox(key, first_block + i, words);
    for (int w = 0; w < 4; ++w) out[4 * i + w] = normal_of(words[w]);
  }
}

}  // namespace lightlane::math::detail
