#pragma once
/// The loops of the symbol engine by variant, each over one block of symbol_block symbols. Up to the
/// equaliser's input all variants give the same bits: products and sums one after the other, in the same
/// order; behind it they differ by what fused products round. Plain data and next to no includes on purpose,
/// since the vector files are compiled for other instruction sets. Inside of the symbol engine only.

#include <cstddef>
#include <cstdint>

namespace lightlane::link::detail {

/// Symbols whose samples are made together; blocks begin at multiples of it.
inline constexpr std::size_t symbol_block = 1024;
/// Symbols around a block that tables may look at.
inline constexpr std::ptrdiff_t symbol_reach = 64;
/// Draws before a block that colour its noise.
inline constexpr std::size_t most_colour_taps = 32;
/// Symbols after which the phases of interference and slow jitter move on.
inline constexpr std::size_t phase_step = 64;

/// What three PAM4 or six NRZ symbols add to a value: six bits, the first symbol in the highest.
struct WindowTable {
  alignas(64) std::int16_t value[64] = {};
  std::ptrdiff_t offset[6] = {};  ///< of the symbols; PAM4: the first three
};

/// A function of the neighbourhood: unit times the sum of the windows' integers, plus full[index] where the
/// windows could not say it; the index holds the whole neighbourhood, the earliest symbol in the highest
/// bits.
struct LookupView {
  const WindowTable* windows = nullptr;
  std::size_t count = 0;
  float unit = 0;
  const float* full = nullptr;
};

/// One process of noise: rms by neighbourhood, coloured by w[n] = sum over k of colour[k] draw[n - k].
struct NoiseView {
  LookupView rms;
  const float* colour = nullptr;
  std::size_t taps = 0;
};

struct PlanView {
  int bits = 2;  ///< per symbol
  LookupView mean;
  const NoiseView* noises = nullptr;
  std::size_t noise_count = 0;
  float low = 0, high = 0;  ///< the ADC's ends; then cut to whole codes where `quantised`
  bool quantised = false;
  const float* ffe = nullptr;  ///< y = bias + sum over k of ffe[k] sample[n - ffe_before + k]
  std::size_t taps = 0, ffe_before = 0;
  float bias = 0;
  float thresholds[3] = {};  ///< NRZ: the second and third are +inf
};

/// Key and stream of a Philox4x32-10 generator, as RandomStream has them.
struct PhiloxStream {
  std::uint32_t key[2], stream[2];
};

struct SymbolKernels {
  /// Draws of math::GaussianStream, bit for bit, from its block `first_block` (a multiple of 16) on; count: a
  /// multiple of 64, at most symbol_block. Null: use that.
  void (*draws)(const PhiloxStream& stream, std::uint64_t first_block, std::size_t count,
                float* out) noexcept;
  /// out[n] = sample of symbol n of the block, at the ADC's output. levels: of the block's first symbol,
  /// readable from -symbol_reach to symbol_block + symbol_reach; draws[i]: of noise i, the same symbol's,
  /// readable from -most_colour_taps; extra: added to the sample, or null.
  void (*samples)(const PlanView& plan, const std::uint8_t* levels, const float* const* draws,
                  const float* extra, float* out) noexcept;
  /// extra[n] += lookup at symbol n times even[n / phase_step], or odd[] where n is odd.
  void (*add_jitter)(int bits, const LookupView& lookup, const std::uint8_t* levels, const float* even,
                     const float* odd, float* extra) noexcept;
  /// 128 bits for each of the block's phase steps, from the stream's block `first` (a multiple of 16) on: two
  /// bits a symbol.
  void (*symbols)(const PhiloxStream& stream, std::uint64_t first, std::uint32_t* bits) noexcept;
  /// out[n] += value[n / phase_step][symbol n of bits].
  void (*add_symbols)(const std::uint32_t* bits, const float (*value)[4], float* out) noexcept;
  /// extra[n] += beat[n] root[level n].
  void (*add_beat)(const float* root, const std::uint8_t* levels, const float* beat, float* extra) noexcept;
  /// y[i] = equalised samples[i - ffe_before ..]; level[i] = thresholds below it. y may be null. samples are
  /// readable to 16 beyond the last tap's.
  void (*decide)(const PlanView& plan, const float* samples, std::size_t count, std::uint8_t* level,
                 float* y) noexcept;
};

extern const SymbolKernels symbol_kernels_ref, symbol_kernels_avx2, symbol_kernels_avx512;

}  // namespace lightlane::link::detail
