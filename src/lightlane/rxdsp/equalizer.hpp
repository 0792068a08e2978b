#pragma once
/// The digital receiver of one lane: ADC -> gain -> FFE -> DFE or MLSE -> slicer, trained once, then frozen.
///
/// One sample per symbol, in amperes. Equalised samples are in units where the outer levels stand 2 apart, -1 and +1
/// where the levels are symmetric about their mean.
///
/// ADC. Gain control puts the full scale (+-) where `adc_clip_ratio` of the samples, noise included, lies beyond it. A
/// converter of E effective bits over a full scale of F peak to peak has the error of a uniform quantiser, F / (2^E
/// sqrt 12). Its nominal bits are quantised for real and make F / (2^bits sqrt 12) of that; what is left is added as
/// white noise ahead of the quantiser, so that the sum is what E says.
///
/// Equaliser. MMSE solves the normal equations of the samples for the taps, jointly with the one tap of a DFE or the
/// alpha of the MLSE target 1 + alpha D, and with the noise of the ADC. The inner levels are where they arrive, not
/// where an ideal transmitter would put them; the bias of the MMSE solution (levels shrink) is taken out of the gain.
/// LMS starts on known symbols with a large step, turns to its own decisions half way, and adapts the levels as it goes.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "lightlane/math/fir.hpp"
#include "lightlane/math/gaussian.hpp"
#include "lightlane/math/linear_solve.hpp"
#include "lightlane/signal/lanes.hpp"

namespace lightlane::rxdsp {

enum class Training : std::uint8_t { lms, mmse };

/// Defaults are those of a typical 53 GBd receiver (unverified: 15 to 31 taps, ENOB 4.5 to 5.5), not limits.
struct EqualizerConfig {
  signal::Modulation modulation = signal::Modulation::pam4;
  int adc_bits = 7;                 ///< 0 = no quantisation; else 2 to 12
  double adc_enob = 5.3;            ///< bits that all errors of the ADC together leave, 2 to adc_bits; 0 = no more than quantisation
  double adc_clip_ratio = 1e-4;     ///< share of samples that gain control lets clip; 1e-9 to 0.2
  int ffe_taps = 15;                ///< 1 to 101
  int ffe_main = 5;                 ///< taps ahead of the main one: on later samples, against precursors
  int dfe_taps = 0;                 ///< 0 or 1
  bool mlse = false;                ///< 4-state (NRZ: 2-state) Viterbi for 1 + alpha D behind the FFE, instead of a slicer
  double mlse_alpha = 0.3;          ///< target, -0.95 to 0.95; with training = mmse it is fitted within that
  Training training = Training::mmse;
  double lms_step = 1e-3;           ///< relative: divided by the power of the samples in the taps. Excess MSE is half of it
  bool sign_sign = false;           ///< LMS on signs alone
  bool adaptive_thresholds = true;  ///< at the least errors between neighbouring levels, else midway
};

/// Throws ConfigError naming "dsp.<key>".
void validate(const EqualizerConfig& config);

/// Everything that is fixed behind training. Equalised samples are in units where the outer levels are -1 and +1.
struct FrozenEqualizer {
  signal::Modulation modulation = signal::Modulation::pam4;
  double adc_full_scale_a = 0;      ///< clips at mean +- this; 0 = never
  double adc_step_a = 0;            ///< 0 = not quantised; else 2 adc_full_scale_a / 2^bits, steps rise at the mean
  double adc_noise_a = 0;           ///< rms of the ENOB noise (what quantisation does not make), ahead of the quantiser
  double offset_a = 0;              ///< taken away before the FFE: mean of the samples
  std::vector<float> ffe;           ///< per ampere; y[n] = sum_k ffe[k] (x[n - ffe_before + k] - offset)
  int ffe_before = 0;               ///< samples before the one that is made (in time order, as math::Fir)
  std::array<float, 3> thresholds{-2.f / 3, 0.f, 2.f / 3};  ///< NRZ: [1]
  std::array<float, 4> levels{-1.f, -1.f / 3, 1.f / 3, 1.f};  ///< means of the equalised samples; NRZ: [0], [3]
  float dfe = 0;                    ///< y[n] - dfe * level[decided n - 1]
  bool mlse = false;
  float mlse_alpha = 0;             ///< y[n] is near level[n] + mlse_alpha * level[n - 1]
};

/// Variance of the error of the ADC as a sample carries it [A^2]: ENOB noise and step^2 / 12.
double adc_error_variance_a2(const FrozenEqualizer& equalizer) noexcept;

/// What training found.
struct TrainingReport {
  double snr_db = 0;                ///< mean square of the levels about their mean over the mean square error; 0 = no signal
  double mse = 0;                   ///< about the levels (and the DFE's or MLSE's share), ADC included
  std::vector<double> mse_history;  ///< LMS: of blocks of symbols, before the last rescaling
  bool converged = false;           ///< levels come out in order; LMS also: within 1 dB of the MMSE solution, and fewer than
                                    ///< 1 in 10 of its own decisions wrong in the last quarter
  std::uint64_t symbols = 0;        ///< that were used: all whose taps lie inside
};

/// Trains on known symbols: samples[i] is at the instant of levels[i]. Deterministic (the ADC noise that LMS meets is a
/// stream of its own). A lane without signal is a result: zero taps, converged = false.
/// Throws ConfigError for a bad config, for spans of unequal length, fewer symbols than 4 taps + 64, levels that are out
/// of range or never sent, and samples that are not finite. O(symbols x taps).
struct Trained {
  FrozenEqualizer equalizer;
  TrainingReport report;
};
Trained train(const EqualizerConfig& config, std::span<const float> samples_a, std::span<const std::uint8_t> levels);

/// The same from statistics: noise-free samples, and the covariance of the noise added to them at lags 0, 1 .. (A^2; 0
/// beyond the last). Always MMSE. Thresholds are at the least errors of the noise-free samples under that noise; a caller
/// whose noise depends on the level places them again (thresholds.hpp). 0.5 ms for 16384 symbols and 15 taps.
Trained train_analytic(const EqualizerConfig& config, std::span<const float> samples_a,
                       std::span<const std::uint8_t> levels, std::span<const double> noise_autocovariance_a2);

/// Equalise and decide. samples_a[i] belongs to symbol first + i of the run; decisions are made for symbols whose taps lie
/// inside: decided[i] belongs to symbol first + ffe_before + i, samples.size() - taps + 1 of them. ADC noise hangs on the
/// absolute index. A DFE or Viterbi starts from nothing at the window's start: give it `run_up` symbols more and drop them.
/// A Viterbi also ends at the window's end, its last decisions made without what follows: `run_up` more there as well.
struct Decisions {
  std::vector<float> equalized;     ///< before the DFE's feedback; empty unless asked for
  std::vector<std::uint8_t> level;
};
inline constexpr std::size_t run_up = 64;  ///< symbols after which a DFE or Viterbi has forgotten its start

class Decider {
 public:
  /// Throws ConfigError naming "dsp.<key>" where the equaliser has no taps, a tap that is not finite or a place outside.
  Decider(FrozenEqualizer equalizer, std::uint64_t seed, std::uint32_t lane);
  /// Const and thread-safe: a pure function of the window. Memory: `out`, and some kB of scratch.
  void process(std::span<const float> samples_a, std::int64_t first, bool keep_equalized, Decisions& out) const;
  const FrozenEqualizer& equalizer() const noexcept { return equalizer_; }

 private:
  FrozenEqualizer equalizer_;
  math::Fir ffe_;
  math::GaussianStream adc_noise_;
};

}  // namespace lightlane::rxdsp
