// No #pragma once on purpose: included once each by the files of the variants, where the same plain loops are
// compiled for another instruction set. Before it stands `sqrt_loop`, which is no plain loop where the
// compiler minds errno. Everything is in an unnamed namespace, so that no variant's code serves another.
// Neither FMA nor reordering (-ffp-contract=off): all variants give the same bits.

#include <bit>
#include <cstddef>
#include <cstdint>

namespace lightlane::math {
namespace {

/// 1.5 * 2^23: adding it rounds to an integer, which then stands in the low bits.
constexpr float rounder = 12582912.0f;
constexpr std::uint32_t rounder_bits = 0x4b400000;

/// mask all ones: a, all zeros: b. In place of ?:, of which the compiler makes branches that keep a loop from
/// vectors.
inline float pick(std::uint32_t mask, float a, float b) {
  return std::bit_cast<float>((std::bit_cast<std::uint32_t>(a) & mask) |
                              (std::bit_cast<std::uint32_t>(b) & ~mask));
}

inline float exp_of(float x) {
  x = pick(0u - static_cast<std::uint32_t>(x < -87.0f), -87.0f, x);
  x = pick(0u - static_cast<std::uint32_t>(x > 88.0f), 88.0f, x);
  const float shifted = x * 1.44269504f + rounder, n = shifted - rounder;
  const float r = (x - n * 0.693359375f) + n * 2.12194440e-4f;  // ln 2 in two parts, the first of 10 bits
  float sum = 1.0f / 5040.0f;
  sum = sum * r + 1.0f / 720.0f;
  sum = sum * r + 1.0f / 120.0f;
  sum = sum * r + 1.0f / 24.0f;
  sum = sum * r + 1.0f / 6.0f;
  sum = sum * r + 0.5f;
  const float power =
      std::bit_cast<float>((std::bit_cast<std::uint32_t>(shifted) - rounder_bits + 127) << 23);
  return (1.0f + (r + r * r * sum)) * power;
}

inline float log_of(float x) {
  const auto bits = std::bit_cast<std::int32_t>(x);
  const std::int32_t exponent = (bits - 0x3f3504f3) >> 23;  // mantissa in [sqrt(1/2), sqrt(2))
  const float f = std::bit_cast<float>(static_cast<std::int32_t>(
                      static_cast<std::uint32_t>(bits) - (static_cast<std::uint32_t>(exponent) << 23))) -
                  1.0f;
  const float e = static_cast<float>(exponent);
  const float s = f / (2.0f + f), z = s * s;  // log(1 + f) = 2 atanh(s)
  float sum = 2.0f / 9.0f;
  sum = sum * z + 2.0f / 7.0f;
  sum = sum * z + 2.0f / 5.0f;
  sum = sum * z + 2.0f / 3.0f;
  // 2 s = f - s f keeps the leading term exact near 1.
  return e * 0.693359375f + (f - (s * (f - z * sum) + e * 2.12194440e-4f));
}

/// sin(x + quarter_turns pi / 2).
inline float sin_of(float x, std::uint32_t quarter_turns) {
  const float shifted = x * 0.636619772f + rounder, k = shifted - rounder;
  const float r =
      ((x - k * 1.5703125f) - k * 4.837512969970703125e-4f) - k * 7.54978995489e-8f;  // pi / 2 in parts
  const std::uint32_t quadrant = std::bit_cast<std::uint32_t>(shifted) + quarter_turns;
  const float z = r * r;
  float s = 1.0f / 362880.0f;
  s = s * z - 1.0f / 5040.0f;
  s = s * z + 1.0f / 120.0f;
  s = s * z - 1.0f / 6.0f;
  s = r + r * z * s;
  float c = 1.0f / 40320.0f;
  c = c * z - 1.0f / 720.0f;
  c = c * z + 1.0f / 24.0f;
  c = 1.0f - z * (0.5f - z * c);
  const float value = pick(0u - (quadrant & 1), c, s);
  return std::bit_cast<float>(std::bit_cast<std::uint32_t>(value) ^ ((quadrant & 2) << 30));
}

// `out` is either x itself or apart from it, so iterations never depend on each other.
#if defined(__clang__)
#define LIGHTLANE_INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#else
#define LIGHTLANE_INDEPENDENT _Pragma("GCC ivdep")
#endif
void exp_loop(const float* x, float* out, std::size_t n) noexcept {
  LIGHTLANE_INDEPENDENT
  for (std::size_t i = 0; i < n; ++i) out[i] = exp_of(x[i]);
}
void log_loop(const float* x, float* out, std::size_t n) noexcept {
  LIGHTLANE_INDEPENDENT
  for (std::size_t i = 0; i < n; ++i) out[i] = log_of(x[i]);
}
void sin_loop(const float* x, float* out, std::size_t n) noexcept {
  LIGHTLANE_INDEPENDENT
  for (std::size_t i = 0; i < n; ++i) out[i] = sin_of(x[i], 0);
}
void cos_loop(const float* x, float* out, std::size_t n) noexcept {
  LIGHTLANE_INDEPENDENT
  for (std::size_t i = 0; i < n; ++i) out[i] = sin_of(x[i], 1);
}
void square_sum_loop(const float* re, const float* im, float* out, std::size_t n) noexcept {
  if (im == nullptr) {
    LIGHTLANE_INDEPENDENT
    for (std::size_t i = 0; i < n; ++i) out[i] = re[i] * re[i];
    return;
  }
  LIGHTLANE_INDEPENDENT
  for (std::size_t i = 0; i < n; ++i) out[i] = re[i] * re[i] + im[i] * im[i];
}

#undef LIGHTLANE_INDEPENDENT

constexpr detail::WaveformKernels loops{exp_loop, log_loop, sin_loop, cos_loop, sqrt_loop, square_sum_loop};

}  // namespace
}  // namespace lightlane::math
