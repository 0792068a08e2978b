#pragma once
/// Elementary functions with the same bits on every machine: fixed-order IEEE double arithmetic, no libm, no
/// FMA contraction. For everything that feeds a sample, an error position or a published figure. Errors below
/// are the largest seen against 60-digit references; special values follow the C library.

namespace lightlane::math {

double exp(double x) noexcept;    ///< 1 ulp; 0 below -745.2, inf above 709.78
double expm1(double x) noexcept;  ///< 2 ulp
double log(double x) noexcept;    ///< 1 ulp; log(0) = -inf, log(negative) = nan
double log1p(double x) noexcept;  ///< 2 ulp; x > -1
double erfc(double x) noexcept;   ///< relative 1e-15, down to 1e-308

/// Q(x) = P(standard normal > x). Relative 1e-15.
double normal_tail(double x) noexcept;
/// x with Q(x) = p, p in (0, 1); relative 2e-15 in x (absolute near p = 0.5). +inf at 0, -inf at 1, nan
/// elsewhere.
double normal_tail_inverse(double p) noexcept;

double sin(double x) noexcept;   ///< 1 ulp for |x| < 1e6; beyond, |x| 4e-17 is added to the error
double cos(double x) noexcept;   ///< as sin
double atan(double x) noexcept;  ///< 1 ulp
/// x > 0; exp(y log x): relative 1e-14 within 1e+-10, 1e-13 within 1e+-100.
double pow(double x, double y) noexcept;
double from_db(double db) noexcept;   ///< 10^(db / 10); whole decades to the last bit within +-200 dB
double to_db(double ratio) noexcept;  ///< 10 log10(ratio), ratio > 0; -inf at 0

}  // namespace lightlane::math
