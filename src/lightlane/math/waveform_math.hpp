#pragma once
/// Elementary functions over whole waveforms, in float: short polynomials, no libm, no FMA. Errors are relative, the
/// largest seen against double precision over the stated range. out may be x itself; both have the same length.
/// Deterministic, and the same bits for every variant and every cut of the window.

#include <span>

namespace lightlane::math {

void exp(std::span<const float> x, std::span<float> out) noexcept;   ///< 2e-7; 0 below -87.3, +inf above 88.7
void log(std::span<const float> x, std::span<float> out) noexcept;   ///< 2e-7, absolute 1e-7 near 1; x > 0 and normal (else below -87)
void sin(std::span<const float> x, std::span<float> out) noexcept;   ///< absolute 1e-7 + 1e-7 |x|, |x| < 1e4
void cos(std::span<const float> x, std::span<float> out) noexcept;   ///< as sin
void sqrt(std::span<const float> x, std::span<float> out) noexcept;  ///< correctly rounded
/// out = re^2 + im^2; im may be empty. Relative 1e-7.
void square_sum(std::span<const float> re, std::span<const float> im, std::span<float> out) noexcept;

}  // namespace lightlane::math
