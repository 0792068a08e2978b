#pragma once
/// Jitter of a transmitter as a time warp of its drive: v(t) becomes v(t - tau(t)), tau taken where the
/// signal comes out. Inside the floor only.

#include <cstdint>
#include <span>

#include "lightlane/base/variant.hpp"
#include "lightlane/math/fir.hpp"
#include "lightlane/math/gaussian.hpp"
#include "lightlane/optics/transmitter.hpp"

namespace lightlane::optics {

/// tau, positive = late, is given at the symbol boundaries (the edges) and runs straight between them:
///   random: a normal draw of each edge, the index of the draw being that of the symbol that begins there;
///   sinusoidal: sinusoidal_ui / 2 sin(2 pi f t), t = 0 where symbol 0 begins;
///   even-odd: edges that begin even symbols early by half of even_odd_ui, those of odd ones late.
/// The warped drive is interpolated by a polynomial through seven points, UI / 8 apart where the samples
/// allow it. Its error behind parts of 50 GHz at 53 GBd, from 8 samples a symbol: 4e-4 of the outer swing at
/// shifts of 0.03 UI, 6e-4 at 0.15 UI; 2e-2 at 4 samples a symbol.
class Jitter {
 public:
  /// Throws ConfigError naming "tx.jitter.<key>": negative, or beyond what the interpolation serves (0.3 UI
  /// between an edge's shift and that of its symbol's middle, by 6.2 sigma).
  Jitter(const JitterConfig& config, double symbol_rate_hz, int samples_per_ui, std::uint64_t seed,
         std::uint32_t lane);

  /// No jitter at all: nothing to do.
  bool none() const noexcept { return none_; }
  /// Symbols that are read on either side.
  std::size_t reach() const noexcept { return reach_; }
  /// tau at the boundaries that begin symbols first, first + 1 .. [UI].
  void edges(std::int64_t first, std::span<float> tau) const noexcept;
  /// Symbols [first, first + count): in begins reach() symbols earlier and ends reach() later, out holds
  /// count symbols.
  void process(const float* in, std::int64_t first, std::size_t count, float* out) const;

 private:
  JitterConfig config_;
  std::size_t samples_per_ui_;
  std::size_t stride_;       ///< samples between the points of the interpolation
  double turns_per_symbol_;  ///< of the sinusoid
  float random_ui_;
  bool none_, wide_;  ///< wide: shifts beyond the interpolation's, so whole samples are counted per symbol
  std::size_t reach_ = 0;
  math::GaussianStream random_;
  math::PolyphaseFir ramp_;  ///< straight from edge to edge
};

/// out[i] = polynomial through v[i - 3 stride], .. v[i + 3 stride] at v[i + shift[i] stride], |shift| <= 3.
using Warp = void (*)(const float* v, const float* shift, std::size_t stride, std::size_t count,
                      float* out) noexcept;
std::span<const Kernel<Warp>> warp_kernels() noexcept;

void warp_avx2(const float* v, const float* shift, std::size_t stride, std::size_t count,
               float* out) noexcept;
void warp_avx512(const float* v, const float* shift, std::size_t stride, std::size_t count,
                 float* out) noexcept;

}  // namespace lightlane::optics
