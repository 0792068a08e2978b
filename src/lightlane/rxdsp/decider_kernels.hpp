#pragma once
/// The loops of the Decider by variant; includes next to nothing on purpose, since the vector files are
/// compiled for other instruction sets. All variants give the same bits: no sum whose order could change, no
/// contraction.

#include <cstddef>
#include <cstdint>

namespace lightlane::rxdsp::detail {

/// A sample as the ADC delivers it, less the offset. u = (x - offset) / step + half is clamped to [0, top]
/// and cut to a code; the code's middle is code * step + base. NaN becomes code 0.
struct QuantizerConstants {
  float offset = 0, inverse_step = 0, half = 0, top = 0, step = 0, base = 0;
};
void quantize_ref(const QuantizerConstants& q, const float* in, float* out, std::size_t count) noexcept;
void quantize_portable(const QuantizerConstants& q, const float* in, float* out, std::size_t count) noexcept;
void quantize_avx2(const QuantizerConstants& q, const float* in, float* out, std::size_t count) noexcept;
void quantize_avx512(const QuantizerConstants& q, const float* in, float* out, std::size_t count) noexcept;

/// Thresholds and what each previous decision feeds back. NRZ: the second and third threshold are +inf.
struct SlicerConstants {
  float thresholds[3] = {};
  float feedback[4] = {};
};
/// out[i] = number of thresholds below in[i].
void slice_ref(const SlicerConstants& s, const float* in, std::uint8_t* out, std::size_t count) noexcept;
void slice_portable(const SlicerConstants& s, const float* in, std::uint8_t* out, std::size_t count) noexcept;
void slice_avx2(const SlicerConstants& s, const float* in, std::uint8_t* out, std::size_t count) noexcept;
void slice_avx512(const SlicerConstants& s, const float* in, std::uint8_t* out, std::size_t count) noexcept;

/// Decision feedback: out[i] = slice(in[i] - feedback[out[i - 1]]), previous = out[-1]. Returns the last
/// decision. All but `ref` slice for every previous decision at once, and then only follow the chain.
std::uint8_t feed_back_ref(const SlicerConstants& s, std::uint8_t previous, const float* in,
                           std::uint8_t* out, std::size_t count) noexcept;
std::uint8_t feed_back_portable(const SlicerConstants& s, std::uint8_t previous, const float* in,
                                std::uint8_t* out, std::size_t count) noexcept;
std::uint8_t feed_back_avx2(const SlicerConstants& s, std::uint8_t previous, const float* in,
                            std::uint8_t* out, std::size_t count) noexcept;
std::uint8_t feed_back_avx512(const SlicerConstants& s, std::uint8_t previous, const float* in,
                              std::uint8_t* out, std::size_t count) noexcept;

struct DeciderKernels {
  decltype(&quantize_ref) quantize;
  decltype(&slice_ref) slice;
  decltype(&feed_back_ref) feed_back;
};

}  // namespace lightlane::rxdsp::detail
