#pragma once
/// Reproducible Gaussian noise in bulk: draw k is a function of (seed, stream name, lane, k) alone, and every
/// variant gives the same floats, bit for bit.

#include <cstdint>
#include <span>
#include <string_view>

namespace lightlane::math {

class GaussianStream {
 public:
  GaussianStream(std::uint64_t seed, std::string_view name, std::uint32_t lane) noexcept;

  /// out[i] = standard normal draw first + i. A 32-bit uniform number through the inverse normal
  /// distribution, which is followed to 5e-6 in x and 2e-5 of the tail; the largest draw is 6.34. What stands
  /// beyond 5.5 sigma comes in the steps of 32 bits: 4.2 numbers of 2^32 lie beyond 6 sigma. Cost: 1.9
  /// Gsample/s with AVX-512, 0.3 in plain C++.
  void fill(std::int64_t first, std::span<float> out) const noexcept;
  /// out[i] += scale * draw first + i, and out[i] += scale[i] * draw first + i.
  void add(std::int64_t first, float scale, std::span<float> out) const noexcept;
  void add(std::int64_t first, std::span<const float> scale, std::span<float> out) const noexcept;

 private:
  std::uint32_t key_[2];
  std::uint32_t stream_[2];
};

}  // namespace lightlane::math
