#pragma once
/// Transmitter and dispersion eye closure (quaternary), 802.3 121.8.5.3, and the relatives that share its
/// procedure: TECQ (no fibre), SECQ (stressed receiver source). The waveform decides what it is.
///
/// Method: fourth-order Bessel-Thomson filter; OMAouter, Pave and thresholds ahead of the equaliser; both
/// histograms as sums over all samples, five instants in each window, nothing binned; Ceq from the filter's
/// noise; the largest Gaussian noise ahead of the equaliser that keeps the worse histogram at the target. For
/// a phase and a main tap the search over taps and thresholds is a convex programme
/// (reference_equalizer.hpp); phases are scanned and then climbed. Bound: no receiver within the limits is
/// better by more than 0.01 dB (a simplex search of a second implementation found none better for any of
/// twelve transmitters, TdecqSlow). Between variants of the kernels: 0.001 dB. Not modelled: the clock
/// recovery unit (samples are taken on the pattern's clock), quantisation of an oscilloscope.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace lightlane::measure {

enum class ThresholdMode : std::uint8_t {
  nominal,   ///< Pave - OMA/3, Pave, Pave + OMA/3 (802.3bs)
  adjusted,  ///< each may move by up to `threshold_range` of OMAouter (802.3cd and later)
};

/// Limits of the reference equaliser's taps.
struct TapLimits {
  double main_min = 0.8, main_max = 1e9;
  std::vector<std::pair<double, double>> before,
      after;                   ///< [0]: next to the main tap, relative to it; missing = free
  double asymmetry_max = 1e9;  ///< |c(+1) - c(-1)| / c(0)
};

struct TdecqConfig {
  int samples_per_ui = 16;
  double symbol_rate_gbd = 53.125;
  double reference_bandwidth_ghz = 0;  ///< fourth-order Bessel-Thomson; 0 = half the symbol rate
  bool filter = true;                  ///< false: the samples are behind the reference filter already
  int taps = 5;                        ///< of the reference equaliser, T-spaced: 1 (none) to 31
  int main_positions = 3;              ///< the main tap is one of the first so many
  TapLimits limits;
  ThresholdMode thresholds = ThresholdMode::adjusted;
  double threshold_range = 0.01;
  double histogram_spacing_ui = 0.1, histogram_width_ui = 0.04;
  double target_ser = 4.8e-4;
  double scope_noise_w = 0;  ///< rms behind the filter, put back into the result
  std::optional<std::vector<double>>
      fixed_taps;  ///< evaluate these instead of the optimum (main tap: the largest;
                   ///< their sum, 1 within 0.01, is made 1; limits do not apply)
  std::optional<double> fixed_phase_ui;
  int overlay_periods = 1;  ///< the waveform is so many periods of the pattern, one after the other
};

/// Why TDECQ is what it is: each term is what the result would lose with that cause gone, the rest is how
/// they act together.
struct TdecqCauses {
  double isi_db = 0;                ///< residual intersymbol interference and histogram width
  double noise_enhancement_db = 0;  ///< 10 log10 Ceq
  double nonlinearity_db = 0;       ///< unequal levels against the thresholds
  double noise_db = 0;              ///< noise in the waveform
  double interaction_db = 0;        ///< tdecq_db less the sum of the above
};

struct TdecqResult {
  bool closed = false;  ///< no added noise is small enough: the eye is closed, there is no number
  double tdecq_db = 0;  ///< +infinity where closed, so that it fails every limit
  double ceq = 0;
  double oma_outer_w = 0, pave_w = 0, er_db = 0;
  std::array<double, 4> level_w{};  ///< P0 and P3 as OMAouter has them; P1, P2: mean of the equalised symbols
  std::vector<double> taps;
  int main_tap = 0;     ///< index in taps
  double phase_ui = 0;  ///< middle of the two histograms, from the symbol's centre; -0.5 to 0.5
  std::array<double, 3> thresholds_w{};
  double noise_w = 0;  ///< R: largest rms of noise that the reference receiver may add
  double ser_left = 0, ser_right = 0;
  double overshoot_pct = 0, undershoot_pct = 0;
  double transmitter_power_excursion_w = 0;
  TdecqCauses causes;
};

/// `power`: an integer number of periods of the pattern [W], samples_per_ui per symbol, cyclic; levels: one
/// period, level i belongs to samples [i M, (i + 1) M), its centre is sample i M + M / 2. Eye closed: taps,
/// phase and thresholds are those that came nearest, noise and causes are 0. A sample beyond its threshold
/// counts Q of its distance, as the clause has it, where such samples are fewer than the target; taps are
/// chosen by decisions. Cost: 40 ms of one core for 65535 symbols at 16 samples per UI and 5 taps (AVX-512),
/// 30 MB; grows with the periods and, above 5, with the square of the taps. Below 8 samples per UI the filter
/// is one transform of the whole waveform. Throws ConfigError for a configuration (4 or more samples per UI),
/// InputError for a waveform that cannot be measured: wrong length, not finite, constant, far outside its own
/// swing, not following the pattern, no run of seven threes or six zeros.
TdecqResult tdecq(std::span<const float> power, std::span<const std::uint8_t> levels,
                  const TdecqConfig& config);

/// The worse-side symbol error ratio of a receiver with these taps, phase, thresholds and added noise (rms
/// [W], ahead of the equaliser): the reference receiver at work.
double reference_receiver_ser(std::span<const float> power, std::span<const std::uint8_t> levels,
                              const TdecqConfig& config, const TdecqResult& receiver, double noise_w);

/// Lines a captured waveform up with the pattern, in either polarity: pattern symbol n covers captured
/// samples shift_samples + [n M, (n + 1) M), cyclic, to the nearest sample. Where the polarity is inverted,
/// level 3 is the darkest. None where no shift correlates by 0.3 or more. Any levels (NRZ: 0 and 1 or 0 and
/// 3). O(samples + symbols log symbols), about 30 ms for SSPRQ at 16 samples per UI. Throws InputError for a
/// waveform that is not finite, constant, or not a whole number of periods of the pattern, and for a pattern
/// of a single level.
struct Alignment {
  std::size_t shift_samples = 0;
  bool inverted = false;
  double correlation = 0;  ///< of symbol means with the levels, -1 to 1
};
std::optional<Alignment> align_pattern(std::span<const float> power, int samples_per_ui,
                                       std::span<const std::uint8_t> levels);

}  // namespace lightlane::measure
