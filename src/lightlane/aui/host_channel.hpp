#pragma once
/// One electrical lane between host and module (attachment unit interface, either direction): transmitter
/// with FFE, channel, continuous-time equaliser, receiver with FFE and DFE; its eye, SNR and bit error ratio.
///
/// Everything is linear and noise Gaussian, so that the pulse response decides: residual interference by
/// convolution of its cursors' distributions, noise and jitter on top. Voltages are differential. The forms
/// of CTLE, receiver filter, transmitter noise and jitter are those of 802.3 annex 93A (confidence: likely);
/// clause 120E's tables of poles are not in here. Not modelled: crosstalk other than as noise, reflections
/// other than in a pulse from a file, nonlinear levels, a DFE's error propagation in the analytic figures
/// (simulate() has it), clock recovery: the phase is that of the largest SNR.

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "lightlane/aui/pulse_response.hpp"
#include "lightlane/base/rational.hpp"
#include "lightlane/math/statistics.hpp"
#include "lightlane/signal/lanes.hpp"

namespace lightlane::aui {

/// H(f) = (10^(-db / 20) + j f / fz) / ((1 + j f / fp1)(1 + j f / fp2)): db of peaking of high frequencies
/// over DC (802.3 93A.1.4.3, with the corners of its 26.5625 GBd users; likely).
struct CtleConfig {
  bool present = true;
  bool search = true;     ///< over 0, 0.5 .. 10 dB, for the largest SNR
  double peaking_db = 4;  ///< where it is not searched for
  double zero_over_rate = 0.25, pole1_over_rate = 0.25,
         pole2_over_rate = 1;  ///< corners over the symbol rate
  bool operator==(const CtleConfig&) const = default;
};

/// Default values are typical of 400GAUI-8 chip-to-module lanes, from common knowledge and unverified; none
/// is a limit.
struct HostChannelConfig {
  signal::Modulation modulation = signal::Modulation::pam4;
  Rational symbol_rate_gbd = Rational(425, 16);
  std::vector<double> tx_ffe{
      1.0};  ///< in time order, taps before the main one weigh later symbols; scaled to a peak of 1
  int tx_ffe_main = 0;
  double swing_mv = 800;  ///< peak to peak at full scale
  double tx_sndr_db =
      32;  ///< levels' mean square over noise of the transmitter, white over symbols; 0 = none
  double jitter_rms_ui = 0.01;         ///< random, of each symbol by itself
  double loss_db = 8;                  ///< of the built-in profile, at half the symbol rate
  double loss_sqrt_share = 0.2;        ///< of it that grows with sqrt(f), the rest with f
  std::optional<PulseResponse> pulse;  ///< instead of the profile
  double bandwidth_ghz = 20;           ///< of the receiver, fourth-order Butterworth; 0 = none
  CtleConfig ctle;
  double noise_v2_per_ghz = 8.2e-9;  ///< one-sided density at the receiver's input
  double noise_rms_mv = 0;           ///< more noise, behind CTLE and filter, white over symbols
  int rx_ffe_taps = 1,
      rx_ffe_main = 0;  ///< T-spaced, in time order of its output: taps before the main one see later samples
  int rx_dfe_taps = 0;
  double rx_dfe_limit = 0.7;  ///< largest magnitude of a DFE tap, over the main cursor
  bool operator==(const HostChannelConfig&) const = default;
};

struct HostChannelReport {
  double snr_db = 0;  ///< mean square of the levels about their mean over all error power, at the slicer
  double ser = 0, ber = 0;  ///< Gray-mapped
  /// Smallest sub-eye at probability 1e-6 [mV]: distance between the 1e-6 quantiles of neighbouring levels.
  /// Negative: closed, by so much.
  double eye_height_mv = 0;
  double eye_width_ui = 0;    ///< time for which every level keeps to its side of the thresholds but for 1e-6
  double ctle_db = 0;         ///< peaking in use
  double phase_ui = 0;        ///< of the samples, behind the peak of the pulse
  double main_cursor_mv = 0;  ///< outer levels are +- this, at the slicer
  double isi_rms_mv = 0, noise_rms_mv = 0;  ///< at the slicer; noise: all kinds together
  double tx_noise_rms_mv = 0, rx_noise_rms_mv = 0, jitter_rms_mv = 0;
  std::vector<double>
      rx_ffe;  ///< least mean square error, scaled to leave the main cursor as large as it was
  std::vector<double> rx_dfe;    ///< over the main cursor
  std::vector<double> pulse_mv;  ///< cursors at the slicer, DFE taken off; the main one is [main_index]
  std::size_t main_index = 0;
};

/// What a simulation counted.
struct HostChannelCount {
  std::uint64_t symbols = 0, symbol_errors = 0, bit_errors = 0;
  math::RateInterval ser_interval;  ///< 95 %; errors in a row of a DFE are not independent
  double snr_db = 0;
};

class HostChannel {
 public:
  /// Evaluates: some 50 ms with a search of the CTLE. Throws ConfigError naming "aui.<key>", value and range;
  /// a closed eye is a result.
  explicit HostChannel(HostChannelConfig config);
  ~HostChannel();
  HostChannel(HostChannel&&) noexcept;

  const HostChannelReport& report() const noexcept;
  const HostChannelConfig& config() const noexcept;

  /// Random symbols through the same channel, with drawn noise and jitter and the DFE fed by its own
  /// decisions. Symbols [first, first + symbols) of the lane; some 10 Msym/s.
  HostChannelCount simulate(std::uint64_t symbols, std::uint64_t seed, std::uint32_t lane,
                            std::int64_t first = 0) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace lightlane::aui
