#pragma once
/// Draws from any distribution by its quantiles: a table over 32 random bits, linear within sixteenths of an
/// octave of the tail probability, so that tails are as good as the middle.

#include <bit>
#include <cstdint>
#include <vector>

namespace lightlane::plan {

class QuantileTable {
 public:
  /// `quantile(p, upper)`: x with P(X > x) = p (upper) or P(X < x) = p; p from 2^-32 to 1/2.
  template <class Quantile>
  explicit QuantileTable(Quantile quantile) : table_(2 * octaves * stride) {
    for (int side = 0; side < 2; ++side) {
      for (int octave = 0; octave < octaves; ++octave) {
        const double low = 1.0 / static_cast<double>(std::uint64_t{1} << (octave + 2));  // of [low, 2 low)
        for (int i = 0; i < stride; ++i)
          table_[static_cast<std::size_t>((side * octaves + octave) * stride + i)] =
              static_cast<float>(quantile(low * (1 + static_cast<double>(i) / parts), side == 1));
      }
    }
  }

  float operator()(std::uint32_t bits) const noexcept {
    const std::uint32_t tail = (bits << 1) | 1;  // over 2^33: probability in (0, 1/2)
    const int octave = std::countl_zero(tail);
    if (octave >= octaves)
      return table_[static_cast<std::size_t>((static_cast<int>(bits >> 31) * octaves + octaves - 1) *
                                             stride)];
    const std::uint32_t mantissa = tail << octave << 1;  // what follows the leading one
    const std::size_t at =
        static_cast<std::size_t>((static_cast<int>(bits >> 31) * octaves + octave) * stride) +
        (mantissa >> 28);
    const float part = static_cast<float>(mantissa & 0xfffffff) * (1.0f / 0x10000000);
    return table_[at] + (table_[at + 1] - table_[at]) * part;
  }

 private:
  static constexpr int octaves = 31, parts = 16, stride = parts + 1;
  std::vector<float> table_;
};

}  // namespace lightlane::plan
