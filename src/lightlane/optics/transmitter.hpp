#pragma once
/// One optical transmitter lane: levels -> DAC and Tx FFE -> driver -> laser and modulator -> field at TP2.
///
/// What is linear (the DAC's hold and bandwidth, the driver, the modulator's electrodes or the laser's
/// relaxation) is one pulse; jitter warps its time; then the modulator's steady curve makes power and chirp
/// of every sample. Where the driver compresses, what follows it is a filter of its own behind the
/// compression. Not modelled: a relaxation that moves with the bias, alpha that moves with the voltage,
/// travelling waves, memory of the absorber, lasers that hop or age.

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "lightlane/signal/lanes.hpp"
#include "lightlane/signal/waveform.hpp"

namespace lightlane::optics {

enum class ModulatorKind : std::uint8_t {
  mzm,    ///< Mach-Zehnder, push-pull, at quadrature + bias error
  eml,    ///< laser with electro-absorption modulator
  dml,    ///< directly modulated laser
  vcsel,  ///< directly modulated, multimode
};

/// Drive levels of +-1 and +-1/3 of full scale (shifted by level_error, or by predistortion) go through the
/// FFE, are quantised, then take the noise of the effective bits.
struct DacConfig {
  int bits = 8;  ///< 2^bits codes over full scale, both ends used; 0 = no quantisation
  /// Effective bits of all else: noise of FS / (2^enob sqrt 12) rms at the DAC, white over symbols; 0 = none.
  double enob = 5.5;
  double bandwidth_ghz = 40;  ///< fourth-order Bessel-Thomson; 0 = none
  /// T-spaced Tx FFE, in time order: taps before the main one weigh later symbols. Scaled so that the
  /// absolute values sum to 1 (peak-limited drive).
  std::vector<double> ffe{1.0};
  int ffe_main = 0;  ///< index of the main tap
};

struct DriverConfig {
  double bandwidth_ghz = 40;  ///< second-order Butterworth; 0 = none
  /// Third-order: v -> v - compression v^3, full scale v = +-1; held where its slope is 0.
  double compression = 0;
};

struct ModulatorConfig {
  ModulatorKind kind = ModulatorKind::mzm;
  double bandwidth_ghz = 38;  ///< electro-optic, first-order Butterworth; 0 = none. DML, VCSEL: parasitics
  double chirp_alpha = 0;     ///< phase = alpha / 2 ln P
  /// DML, VCSEL: kappa [1/(W s)], dphi/dt += alpha / 2 kappa (P - mean of the last 256 symbols).
  double chirp_adiabatic_per_ws = 0;
  double vpi_v = 3.0;                ///< MZM
  double bias_error = 0;             ///< MZM: offset from quadrature as a share of Vpi
  double static_extinction_db = 30;  ///< MZM: of the interferometer itself
  /// MZM (arcsine), EML: the curve's inverse on the DAC's inner levels, so that they come out equally spaced.
  bool predistort = false;
  double eam_exponent = 2.5;  ///< EML: P ~ exp(-(V / V0)^exponent)
  double eam_v0_v = 1.5;      ///< EML
  /// EML: reverse bias midway between the outer levels; 0 = where the curve is straightest.
  double eam_bias_v = 0;
  double relaxation_ghz = 20;   ///< DML, VCSEL: second-order response of the current
  double damping_per_ns = 100;  ///< DML, VCSEL
};

/// Times of edges: late is positive. Edges lie where symbols begin; between them the shift runs straight.
struct JitterConfig {
  double random_fs = 0;  ///< rms of the part that a 4 MHz clock recovery does not follow, white over edges
  double sinusoidal_ui = 0;  ///< peak to peak
  double sinusoidal_mhz = 10;
  double even_odd_ui = 0;  ///< peak to peak: even symbols begin early by half, odd ones late
};

struct TransmitterConfig {
  signal::Modulation modulation = signal::Modulation::pam4;
  Rational symbol_rate_gbd = Rational(425, 8);
  double oma_outer_dbm = 1.0;        ///< steady levels P3 - P0
  double extinction_ratio_db = 5.0;  ///< P3 / P0 of the steady levels; the drive's swing follows from it
  /// Of P1 and P2, as a share of OMA / 3, on top of what the curve does to them.
  std::array<double, 2> level_error{0, 0};
  double wavelength_nm = 1311;
  /// One-sided, over the mean square of the instantaneous power; drawn by the receiver.
  double rin_db_per_hz = -145;
  DacConfig dac;
  DriverConfig driver;
  ModulatorConfig modulator;
  JitterConfig jitter;
};

/// The steady levels, which a long run of a symbol reaches (quantisation included, noise not), and what
/// follows from them. With pre-emphasis full scale is larger than the steady swing, and so are quantisation
/// and noise against it.
struct TransmitterReport {
  std::array<double, 4> level_w{};  ///< NRZ: [0] and [3]
  double average_power_dbm = 0;     ///< equally used levels
  double oma_outer_dbm = 0, extinction_ratio_db = 0;
  double rlm = 0;           ///< of the steady levels (802.3 annex 120D form); NRZ: 1
  double swing_v = 0;       ///< drive between the steady outer levels, peak to peak (MZM, EML)
  double full_scale_v = 0;  ///< drive at the DAC's full scale, peak to peak (MZM, EML)
};

class Transmitter {
 public:
  /// Throws ConfigError naming "tx.<key>" ("tx.dac.bits", "tx.modulator.vpi_v"), value and range: an
  /// extinction ratio that the modulator cannot reach, levels out of order, taps that cancel each other.
  /// `lane` and `seed` name the streams of DAC noise ("tx.dac_noise", one draw a symbol) and jitter
  /// ("tx.random_jitter", one an edge).
  Transmitter(TransmitterConfig config, int samples_per_ui, std::uint64_t seed, std::uint32_t lane);
  ~Transmitter();
  Transmitter(Transmitter&&) noexcept;

  /// In symbols: a window of levels [a, b) gives the field of symbols [a + before, b - after), all of their
  /// samples.
  signal::Halo halo() const noexcept;
  /// With `impairments` false neither DAC noise nor jitter (quantisation stays): for measurement and
  /// extraction. A window shorter than the halo gives an empty field. Octets beyond the highest level count
  /// by their low bits.
  void process(const signal::Levels& in, bool impairments, signal::Field& out) const;

  const TransmitterReport& report() const noexcept;
  const TransmitterConfig& config() const noexcept;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace lightlane::optics
