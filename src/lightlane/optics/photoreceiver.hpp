#pragma once
/// Light to current: photodiode (PIN, APD, SOA + PIN), shot noise, RIN that came with the light,
/// transimpedance amplifier with its noise and bandwidth, sampled at the decision instants.
///
/// Not modelled: dark current and leakage (nothing beside the thermal noise of these amplifiers), gain
/// saturation of APD and SOA, offset of the output (amplified spontaneous light adds noise, but its constant
/// current is taken out as an amplifier's offset loop does), colour of the amplifier's noise ahead of its
/// filter.

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
  double responsivity_a_per_w = 0.8;  ///< APD: at unit gain; 0.01 to 2
  double tia_noise_pa_sqrt_hz = 16;   ///< input referred, behind the APD's gain; 0 to 1000
  double bandwidth_ghz = 38;          ///< of photodiode and amplifier together; up to 0.4 sample rates
  ReceiverFilter filter = ReceiverFilter::bessel_thomson4;
  double apd_gain = 8, apd_k = 0.2;  ///< excess noise F = k M + (1 - k)(2 - 1 / M)
  double soa_gain_db = 18, soa_noise_figure_db = 7, soa_optical_bandwidth_nm = 2;
  double rin_db_per_hz = -145;  ///< of the light that arrives (the transmitter's)
  double overload_dbm = 6;      ///< average power above which the amplifier saturates
  double los_dbm = -30;         ///< average power below which there is no signal (for whoever monitors)
};

/// Powers of noise at the sampling instants, referred to the output current [A^2]; they add.
struct NoiseVariances {
  double constant = 0;           ///< thermal, and SOA beat noise among itself
  std::vector<float> linear;     ///< per sample: shot, signal-spontaneous beat; grows with the light
  std::vector<float> quadratic;  ///< per sample: RIN; grows with its square
};

class Photoreceiver {
 public:
  /// Throws ConfigError naming "rx.<key>".
  Photoreceiver(PhotoreceiverConfig config, Rational symbol_rate_gbd, int samples_per_ui,
                double wavelength_nm, std::uint64_t seed, std::uint32_t lane);
  ~Photoreceiver();
  Photoreceiver(Photoreceiver&&) noexcept;

  /// In samples of the power, including one UI on either side for the phase.
  signal::Halo halo() const noexcept;

  /// Current at symbol centres + phase_ui (|phase_ui| <= 1, else ConfigError "rx.phase_ui"; any real value:
  /// its fraction of a sample lies in the taps): every symbol whose halo lies inside the window. With `noise`
  /// each sample of the power draws one Gaussian with the variance of thermal, shot and RIN noise at that
  /// power, ahead of the filter; draws hang on the absolute index of the sample. The output is linear up to
  /// twice the current of `overload_dbm`, which light of that average does not exceed, and saturates softly
  /// at 2.5 times (a modelling choice); sample by sample, so that no window changes a result.
  /// A new phase costs a filter design (well below a millisecond); the latest ones are kept.
  void sample(const signal::Power& in, double phase_ui, bool noise, signal::Current& out) const;
  /// All samples instead: the analog output [A], for eyes and clock recovery. Its window is the input's less
  /// halo().
  void process(const signal::Power& in, bool noise, std::vector<float>& out, signal::Axis& axis) const;
  /// Noise variances at the instants of sample(), for the same window, without drawing: sum over taps of
  /// tap^2 density(P) sample_rate / 2. Where the output saturates they shrink with its slope squared (the
  /// constant part is that of the linear range).
  NoiseVariances variances(const signal::Power& in, double phase_ui) const;
  /// Autocorrelation of the amplifier's noise at lags 0, 1 .. lags - 1 UI, normalised to 1 at lag 0.
  std::vector<double> noise_correlation(std::size_t lags) const;
  /// Amperes at the output per watt.
  double gain_a_per_w() const noexcept;
  const PhotoreceiverConfig& config() const noexcept;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace lightlane::optics
