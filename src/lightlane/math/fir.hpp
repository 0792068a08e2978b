#pragma once
/// Short filters, applied to windows. y[i] = sum over k of taps[k] x[i - before + k]: taps stand in time
/// order of the input, the last one is the latest sample. Sums are in float, in a fixed order; the wide
/// variants use FMA and differ from `ref` by no more than 1e-6 of the largest output (of a tenth of the sum
/// of the absolute taps, where that is more, at inputs of 1), never with the cut of the window. Rates with
/// AVX-512, per output: 32 taps 3 Gsample/s, complex 1, 48 taps to one sample of 8 1, pulse shaping with 8
/// taps 7.

#include <cstddef>
#include <span>
#include <vector>

#include "lightlane/math/response.hpp"

namespace lightlane::math {

struct Fir {
  std::vector<float> taps;
  std::size_t before = 0;  ///< samples before the one that is made
  std::size_t after() const noexcept { return taps.size() - 1 - before; }
};
/// Complex taps, for fields.
struct ComplexFir {
  std::vector<float> re, im;
  std::size_t before = 0;
  std::size_t after() const noexcept { return re.size() - 1 - before; }
};

/// The filter of a response at a sample rate: its impulse response with the delay at DC taken out to
/// `delay_left_s`, cut where less than `tolerance` of the response's energy is left outside, then scaled so
/// that the sum of the taps is exactly H(0) (as far as floats can say it). The response is used as it is up
/// to 0.3 of the sample rate and taken down to nothing at half of it by a raised cosine: a step there would
/// ring on for thousands of taps. A mere delay or a pure phase therefore takes some 25 taps. Throws
/// ConfigError if it would need more than 4096 taps.
Fir design_fir(const Response& h, double sample_rate_hz, double tolerance = 1e-6, double delay_left_s = 0);
ComplexFir design_complex_fir(const Response& h, double sample_rate_hz, double tolerance = 1e-6);

/// out[i] from in[i .. i + taps - 1]; in has out.size() + taps - 1 samples.
void filter(const Fir& fir, std::span<const float> in, std::span<float> out) noexcept;
/// Every `stride`-th output only: out[i] from in[i stride .. i stride + taps - 1].
void filter_decimate(const Fir& fir, std::span<const float> in, std::size_t stride,
                     std::span<float> out) noexcept;
/// Complex taps; in_im may be empty (a real field).
void filter(const ComplexFir& fir, std::span<const float> in_re, std::span<const float> in_im,
            std::span<float> out_re, std::span<float> out_im) noexcept;

/// Pulse shaping: `phases` outputs per input, out[i phases + p] = sum_k taps[p][k] x[i + k]; all phases have
/// as many taps. One input per symbol; in has count + taps - 1 values for count symbols.
struct PolyphaseFir {
  std::size_t phases = 0, taps = 0;
  std::vector<float> table;  ///< [phase][tap]
  std::size_t before = 0;    ///< symbols before the one whose samples are made
};
void filter_interpolate(const PolyphaseFir& fir, std::span<const float> in, std::span<float> out) noexcept;

}  // namespace lightlane::math
