#pragma once
/// Quality of NRZ transmitters and stressed sources: eye mask, TDEC, TDP, vertical eye closure penalty.
///
/// All take `power` [W] behind the reference filter (Bessel-Thomson, bessel_thomson_filtered()) and `levels`
/// 0 and 1 as for measure_oma_outer(): one or more whole periods, aligned. Time in an eye counts from the
/// mean crossing of the edges (measure_edge_jitter()) as 0 to the next as 1 UI. They throw as
/// require_waveform() does.

#include <cstddef>
#include <cstdint>
#include <span>

namespace lightlane::measure {

/// 802.3 tables 88-7 and 52-12 in the order X1, X2, X3, Y1, Y2, Y3: a mask in the eye with corners (X1, 1/2),
/// (X2, Y2), (X3, Y1), their mirror images in time about 1/2 and in amplitude about 1/2; and bars above 1 +
/// Y3 and below -Y3. Amplitude 0 and 1 are the mean powers of zeros and ones between 0.4 and 0.6 UI.
/// Coordinates of 100GBASE-LR4.
struct EyeMask {
  double x1 = 0.25, x2 = 0.4, x3 = 0.45;
  double y1 = 0.25, y2 = 0.28, y3 = 0.4;
  double hit_ratio = 5e-5;
};

struct EyeMaskResult {
  double zero_w = 0, one_w = 0;  ///< amplitude 0 and 1
  double crossing_ui = 0;        ///< eye's time 0, from the boundary of the symbols
  double hit_ratio = 0;          ///< samples on the mask over all samples of an eye one UI wide
  bool pass = false;
  /// Share by which the mask may grow (below 0: must shrink) until its hit ratio is the limit. At margin 1
  /// the corners reach the crossings and both levels: every X and Y times (1 - margin). Below 0 the corners
  /// move towards the eye's middle and the bars outwards: X + |margin| (1/2 - X), Y3 (1 + |margin|). Between
  /// -1 and 1. A convention (802.3 defines none).
  double margin = 0;
};

/// `noise_w`: rms of Gaussian noise that is added analytically. 64 phases. Throws ConfigError for coordinates
/// out of order: 0 < X1 <= X2 <= X3 <= 1/2, 0 < Y1 <= Y2 <= 1/2, Y3 > 0, hit ratio in [0, 1).
EyeMaskResult measure_eye_mask(std::span<const float> power, std::span<const std::uint8_t> levels,
                               int samples_per_ui, const EyeMask& mask = {}, double noise_w = 0);

/// A penalty by noise loading: the largest Gaussian noise at the receiver's output that keeps a bit error
/// ratio at two instants about the middle of the eye, threshold at the average power, no equaliser, against
/// what an ideal transmitter of the same OMA allows.
struct NoiseLoadingConfig {
  double offset_ui = 0.1;    ///< the two instants: this before and behind the middle of the eye
  double window_ui = 0.04;   ///< width of each; at least five phases in it; 0: one
  double ber = 5e-5;         ///< at both instants, each with zeros and ones weighted alike
  double q = 3.8906;         ///< Q(q) = ber
  double scope_noise_w = 0;  ///< in the waveform through no fault of the transmitter: put back
  double noise_w = 0;        ///< the transmitter's Gaussian noise, where the waveform has none
};
/// TDEC (802.3 95.8.5, 100GBASE-SR4): 0.4 and 0.6 UI, 5e-5. Without the allowances for mode partition and
/// modal noise.
inline constexpr NoiseLoadingConfig tdec_config{};
/// TDP by noise loading, BER 1e-12: a model of 802.3 88.8.5, where the penalty is measured against a
/// reference transmitter and receiver; here the ideal one. The offset of 0.05 UI is a default (unverified).
inline constexpr NoiseLoadingConfig tdp_config{
    .offset_ui = 0.05, .window_ui = 0, .ber = 1e-12, .q = 7.034, .scope_noise_w = 0, .noise_w = 0};

struct NoiseLoadingResult {
  bool closed = false;    ///< errs more than `ber` with no noise at all: there is no number
  double penalty_db = 0;  ///< 10 log10(OMA / (2 q R))
  double noise_w = 0;     ///< R
  double oma_w = 0, pave_w = 0;
  double ber_left = 0, ber_right = 0;  ///< at that noise
};
NoiseLoadingResult measure_noise_loading(std::span<const float> power, std::span<const std::uint8_t> levels,
                                         int samples_per_ui, const NoiseLoadingConfig& config);

struct VecpConfig {
  double probability = 5e-4;  ///< of zeros above and of ones below the opening A_O (unverified; 0: of none)
  double noise_w = 0;         ///< Gaussian, added analytically
};
struct VecpResult {
  bool closed = false;
  double vecp_db = 0;    ///< 10 log10(OMA / A_O)
  double opening_w = 0;  ///< A_O, in the middle of the eye; 0 or less where closed
  double oma_w = 0;
};
/// Vertical eye closure penalty (802.3 52.9.9.3, 88.8.10).
VecpResult measure_vecp(std::span<const float> power, std::span<const std::uint8_t> levels,
                        int samples_per_ui, const VecpConfig& config = {});

/// NRZ OMA, average power and their like: runs of five ones and five zeros (a default: long enough behind the
/// reference filter), or longer ones where there are none.
struct NrzPower {
  double zero_w = 0, one_w = 0, oma_w = 0, pave_w = 0, er_db = 0;
};
NrzPower measure_nrz_power(std::span<const float> power, std::span<const std::uint8_t> levels,
                           int samples_per_ui);

}  // namespace lightlane::measure
