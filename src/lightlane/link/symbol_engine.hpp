#pragma once
/// The symbol engine: decided levels straight from sent levels, one fused pass per symbol. The sample ahead
/// of the equaliser is looked up by its neighbourhood, far symbols add linearly, noise is coloured and
/// depends on the level, MPI and crosstalk come from independent symbol streams with slow phases; then FFE,
/// DFE or MLSE, slicer, as frozen.

#include <cstdint>
#include <memory>
#include <vector>

#include "lightlane/link/lane_model.hpp"
#include "lightlane/rxdsp/equalizer.hpp"
#include "lightlane/signal/waveform.hpp"

namespace lightlane::link {

/// How the model was put into tables: see SymbolEngine.
struct SymbolEngineFit {
  /// Of the noise-free samples: rms over all neighbourhoods, over the outer levels' distance.
  double mean_error = 0;
  double noise_error = 0;  ///< of the noise's rms: relative, rms
  /// Where one process of noise stands for all: of the variance behind the FFE, relative, rms.
  double variance_error = 0;
  int windows = 0;          ///< tables of three PAM4 or six NRZ symbols that a sample is the sum of
  bool full_table = false;  ///< they could not say it: one table of all neighbourhoods besides
  int noise_processes = 1;  ///< draws per symbol
};

/// What a sample is made of, besides the ADC and the equaliser, which are as frozen (see
/// rxdsp/equalizer.hpp):
/// * its noise-free value by its neighbourhood (7 PAM4 or 11 NRZ symbols; the model's pattern holds each
///   once), plus the linear parts of far symbols above 1e-4 of the outer levels' distance. Where a sum of up
///   to eight functions of three symbols each (NRZ: six) gives the table to 2e-4 rms and 1.5e-3 at most of
///   that distance (one per cent of half the level spacing, at the rarest), it is used, in 16-bit integers;
///   else the table itself;
/// * Gaussian noise whose rms depends on the neighbourhood (to 0.5 % rms): thermal, shot, RIN, the
///   transmitter's, random jitter and the ADC's as one coloured process where that gives the variances behind
///   the FFE to 2 % each and 0.3 % on average, else as up to three;
/// * reflections: sum of amplitude sqrt(I I') cos(phase), I the steady level of the symbol, I' that of a
///   random symbol of each reflection's own; phases start at random and turn at rates uniform within
///   +-phase_rate_hz, in steps of 64 symbols. Reflections with less than 1e-4 of the noise's variance all
///   together count as noise. Crosstalk: sum of amplitude I'. Of delay_ui nothing is left: what comes from
///   far is independent;
/// * even-odd jitter, and a sine by slope and curvature in steps of 64 symbols.
///
/// Everything hangs on the absolute index of the symbol: windows, threads and their order never change a
/// decision. Variants: samples at the ADC's output have the same bits, equalised ones differ by rounding
/// (1e-6). Noise has no tails beyond 6.2 sigma (math/gaussian.hpp): for ratios below 1e-8 see the statistical
/// engine. Cost per symbol (AVX-512, one core): about 0.85 ns with 7 taps, 0.2 ns more per interferer; a DFE
/// or MLSE makes it three times as slow. Building one: 4 ms.
class SymbolEngine {
 public:
  /// attenuation_db: added behind the model's plant. Throws ConfigError where the model is not valid (its
  /// pattern must be a de Bruijn sequence of the modulation's neighbourhood) or the equaliser does not go
  /// with it.
  SymbolEngine(const LaneModel& model, rxdsp::FrozenEqualizer equalizer, double attenuation_db,
               std::uint64_t seed, std::uint32_t lane);
  ~SymbolEngine();
  SymbolEngine(SymbolEngine&&) noexcept;

  /// Symbols around those that are decided (run-up of a DFE or Viterbi included).
  signal::Halo halo() const noexcept;
  /// decided[i] belongs to symbol in.first_index + halo.before + i. A pure function of the window: draws hang
  /// on the absolute index.
  void process(const signal::Levels& in, std::vector<std::uint8_t>& decided) const;
  /// The equalised samples as well (before a DFE's feedback).
  void process(const signal::Levels& in, std::vector<std::uint8_t>& decided,
               std::vector<float>& equalized) const;
  SymbolEngineFit fit() const noexcept;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace lightlane::link
