#pragma once
/// The digital receiver of one lane: ADC -> gain -> FFE -> DFE or MLSE -> slicer, trained once, then frozen.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "lightlane/math/linear_solve.hpp"
#include "lightlane/signal/lanes.hpp"

namespace lightlane::rxdsp {

enum class Training : std::uint8_t { lms, mmse };

struct EqualizerConfig {
  signal::Modulation modulation = signal::Modulation::pam4;
  int adc_bits = 7;                 ///< 0 = no quantisation
  double adc_enob = 5.3;            ///< noise of all else, white; 0 = none
  double adc_clip_ratio = 1e-4;     ///< share of samples that gain control lets clip
  int ffe_taps = 15;
  int ffe_main = 5;                 ///< taps before the main one
  int dfe_taps = 0;                 ///< 0 or 1
  bool mlse = false;                ///< 4-state (NRZ: 2-state) Viterbi for 1 + alpha D behind the FFE, instead of a slicer
  double mlse_alpha = 0.3;          ///< target; with training = mmse it is fitted
  Training training = Training::mmse;
  double lms_step = 1e-3;           ///< relative: divided by the power of the samples in the taps
  bool sign_sign = false;
  bool adaptive_thresholds = true;  ///< at the least errors between neighbouring levels, else midway
};

/// Everything that is fixed behind training. Equalised samples are in units where the outer levels are -1 and +1.
struct FrozenEqualizer {
  signal::Modulation modulation = signal::Modulation::pam4;
  double adc_full_scale_a = 0;      ///< clips at mean +- this
  double adc_step_a = 0;            ///< 0 = not quantised
  double adc_noise_a = 0;           ///< rms of the ENOB noise
  double offset_a = 0;              ///< taken away before the FFE: mean of the samples
  std::vector<float> ffe;           ///< per ampere; y[n] = sum_k ffe[k] (x[n - main' + k] - offset), main' = ffe_before
  int ffe_before = 0;               ///< samples before the one that is made (in time order, as math::Fir)
  std::array<float, 3> thresholds{-2.f / 3, 0.f, 2.f / 3};  ///< NRZ: [1]
  std::array<float, 4> levels{-1.f, -1.f / 3, 1.f / 3, 1.f};  ///< means of the equalised samples; NRZ: [0], [3]
  float dfe = 0;                    ///< y[n] - dfe * level[decided n - 1]
  bool mlse = false;
  float mlse_alpha = 0;
};

/// What training found.
struct TrainingReport {
  double snr_db = 0;                ///< mean square of the levels about their mean over the mean square error
  double mse = 0;
  std::vector<double> mse_history;  ///< LMS: of blocks
  bool converged = false;
  std::uint64_t symbols = 0;
};

/// Trains on known symbols: samples[i] is at the instant of levels[i]. Deterministic.
struct Trained {
  FrozenEqualizer equalizer;
  TrainingReport report;
};
Trained train(const EqualizerConfig& config, std::span<const float> samples_a, std::span<const std::uint8_t> levels);

/// The same from statistics: noise-free samples, and the covariance of the noise added to them at lags 0, 1 .. (A^2). MMSE.
Trained train_analytic(const EqualizerConfig& config, std::span<const float> samples_a,
                       std::span<const std::uint8_t> levels, std::span<const double> noise_autocovariance_a2);

/// Equalise and decide. samples_a[i] belongs to symbol first + i of the run; decisions are made for symbols whose taps lie
/// inside: decided[i] belongs to symbol first + ffe_before + i, samples.size() - taps + 1 of them. ADC noise hangs on the
/// absolute index. A DFE or Viterbi starts from nothing at the window's start: give it `run_up` symbols more and drop them.
struct Decisions {
  std::vector<float> equalized;     ///< before the DFE's feedback; empty unless asked for
  std::vector<std::uint8_t> level;
};
inline constexpr std::size_t run_up = 64;  ///< symbols after which a DFE or Viterbi has forgotten its start

class Decider {
 public:
  Decider(FrozenEqualizer equalizer, std::uint64_t seed, std::uint32_t lane);
  void process(std::span<const float> samples_a, std::int64_t first, bool keep_equalized, Decisions& out) const;
  const FrozenEqualizer& equalizer() const noexcept { return equalizer_; }

 private:
  FrozenEqualizer equalizer_;
  std::uint64_t seed_;
  std::uint32_t lane_;
};

}  // namespace lightlane::rxdsp
