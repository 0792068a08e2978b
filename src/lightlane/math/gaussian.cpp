#include "lightlane/math/gaussian.hpp"

#include <algorithm>

#include "lightlane/base/variant.hpp"
#include "lightlane/math/gaussian_kernels.hpp"

namespace lightlane::math {

std::span<const Kernel<detail::GaussianBlocks>> detail::gaussian_kernels() noexcept {
  static constexpr Kernel<GaussianBlocks> table[] = {
    {Variant::ref, gaussian_blocks_ref},
#if defined(__x86_64__)
    {Variant::avx2, gaussian_blocks_avx2},
    {Variant::avx512, gaussian_blocks_avx512},
#endif
  };
  return table;
}

namespace {

using detail::GaussianKey;

/// Calls use(offset, draws, count) for consecutive pieces of [first, first + count).
template <class Use>
void for_draws(const GaussianKey& key, std::int64_t first, std::size_t count, Use use) noexcept {
  constexpr std::size_t batch = 1024;  // stays in the first cache
  alignas(64) float draws[batch];
  const auto function = select(detail::gaussian_kernels()).function;
  std::size_t done = 0;
  while (done < count) {
    const auto index = static_cast<std::uint64_t>(first) + done;
    // Arithmetic shift: block -1 holds draws -4 to -1.
    const auto block = static_cast<std::uint64_t>(static_cast<std::int64_t>(index) >> 2);
    const std::size_t skip = index & 3, n = std::min(batch - skip, count - done);
    function(key, block, (skip + n + 3) / 4, draws);
    use(done, draws + skip, n);
    done += n;
  }
}

}  // namespace

GaussianStream::GaussianStream(std::uint64_t seed, std::string_view name, std::uint32_t lane) noexcept
    : key_{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)},
      stream_{2166136261u, lane} {
  for (const char c : name) stream_[0] = (stream_[0] ^ static_cast<unsigned char>(c)) * 16777619u;
}

void GaussianStream::fill(std::int64_t first, std::span<float> out) const noexcept {
  for_draws(
      {{key_[0], key_[1]}, {stream_[0], stream_[1]}}, first, out.size(),
      [&](std::size_t at, const float* draws, std::size_t n) { std::copy_n(draws, n, out.data() + at); });
}

void GaussianStream::add(std::int64_t first, float scale, std::span<float> out) const noexcept {
  for_draws({{key_[0], key_[1]}, {stream_[0], stream_[1]}}, first, out.size(),
            [&](std::size_t at, const float* draws, std::size_t n) {
              float* const to = out.data() + at;
              for (std::size_t i = 0; i < n; ++i) to[i] += scale * draws[i];
            });
}

void GaussianStream::add(std::int64_t first, std::span<const float> scale,
                         std::span<float> out) const noexcept {
  for_draws({{key_[0], key_[1]}, {stream_[0], stream_[1]}}, first, std::min(scale.size(), out.size()),
            [&](std::size_t at, const float* draws, std::size_t n) {
              float* const to = out.data() + at;
              for (std::size_t i = 0; i < n; ++i) to[i] += scale[at + i] * draws[i];
            });
}

}  // namespace lightlane::math
