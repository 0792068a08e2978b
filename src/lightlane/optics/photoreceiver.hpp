#pragma once
/// Light to current: photodiode (PIN, APD, SOA + PIN), shot noise, RIN that came with the light, transimpedance amplifier
/// with its noise and bandwidth, sampled at the decision instants.

#include <cstdint>
#include <memory>
#include <vector>

#include "lightlane/math/response.hpp"
#include "lightlane/signal/waveform.hpp"

namespace lightlane::optics {

enum class DetectorKind : std::uint8_t { pin, apd, soa_pin };
enum class ReceiverFilter : std::uint8_t { bessel_thomson4, butterworth4 };

struct PhotoreceiverConfig {
  DetectorKind kind = DetectorKind::pin;
  double responsivity_a_per_w = 0.8;       ///< APD: at unit gain
  double tia_noise_pa_sqrt_hz = 16;        ///< input referred
  double bandwidth_ghz = 38;               ///< of photodiode and amplifier together
  ReceiverFilter filter = ReceiverFilter::bessel_thomson4;
  double apd_gain = 8, apd_k = 0.2;        ///< excess noise F = k M + (1 - k)(2 - 1 / M)
  double soa_gain_db = 18, soa_noise_figure_db = 7, soa_optical_bandwidth_nm = 2;
  double rin_db_per_hz = -145;             ///< of the light that arrives (the transmitter's)
  double overload_dbm = 6;                 ///< average power above which the amplifier saturates
  double los_dbm = -30;                    ///< average power below which there is no signal
};

/// Powers of noise at the sampling instants, referred to the output current [A^2]; they add.
struct NoiseVariances {
  double constant = 0;                     ///< thermal, and SOA beat noise among itself
  std::vector<float> linear;               ///< per sample: shot, signal-spontaneous beat; grows with the light
  std::vector<float> quadratic;            ///< per sample: RIN; grows with its square
};

class Photoreceiver {
 public:
  /// Throws ConfigError naming "rx.<key>".
  Photoreceiver(PhotoreceiverConfig config, Rational symbol_rate_gbd, int samples_per_ui, double wavelength_nm,
                std::uint64_t seed, std::uint32_t lane);
  ~Photoreceiver();
  Photoreceiver(Photoreceiver&&) noexcept;

  /// In samples of the power, including one UI on either side for the phase.
  signal::Halo halo() const noexcept;

  /// Current at symbol centres + phase_ui (|phase_ui| <= 1): every symbol whose halo lies inside the window. With `noise`
  /// each sample of the power draws one Gaussian with the variance of thermal, shot and RIN noise at that power, ahead of
  /// the filter. Beyond `overload_dbm` (average of the window's symbols) the current is clipped softly.
  void sample(const signal::Power& in, double phase_ui, bool noise, signal::Current& out) const;
  /// All samples instead: the analog output [A], for eyes and clock recovery.
  void process(const signal::Power& in, bool noise, std::vector<float>& out, signal::Axis& axis) const;
  /// Noise variances at the instants of sample(), for the same window, without drawing.
  NoiseVariances variances(const signal::Power& in, double phase_ui) const;
  /// Autocorrelation of the amplifier's noise at lags 0, 1 .. lags - 1 UI.
  std::vector<double> noise_correlation(std::size_t lags) const;
  /// Amperes at the output per watt.
  double gain_a_per_w() const noexcept;
  const PhotoreceiverConfig& config() const noexcept;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace lightlane::optics
