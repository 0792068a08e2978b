#pragma once
/// Elementary functions over whole waveforms, in float: short polynomials, no libm, no FMA; 1 to 6 Gsample/s
/// with AVX-512. The same bits for every variant and every cut of the window. Errors are the largest seen
/// against double precision. out may be x itself; both have the same length. NaN gives NaN.

#include <span>

namespace lightlane::math {

/// Relative 1e-7 for |x| <= 87; below -87 exp(-87), above 88 exp(88) (1.6e-38 and 1.7e38: neither zero nor
/// infinite).
void exp(std::span<const float> x, std::span<float> out) noexcept;
/// Relative 1.5e-7, near 1 too. For x that is positive, finite and no denormal (from 1.2e-38); other x give
/// rubbish.
void log(std::span<const float> x, std::span<float> out) noexcept;
/// Absolute 1.2e-7 for |x| < 8000; beyond, errors grow quickly.
void sin(std::span<const float> x, std::span<float> out) noexcept;
void cos(std::span<const float> x, std::span<float> out) noexcept;
/// Correctly rounded.
void sqrt(std::span<const float> x, std::span<float> out) noexcept;
/// out = re^2 + im^2, relative 1.2e-7; im may be empty: out = re^2.
void square_sum(std::span<const float> re, std::span<const float> im, std::span<float> out) noexcept;

}  // namespace lightlane::math
