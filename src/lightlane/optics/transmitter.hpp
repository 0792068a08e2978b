#pragma once
/// One optical transmitter lane: levels -> DAC and Tx FFE -> driver -> laser and modulator -> field at TP2.

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

struct DacConfig {
  int bits = 8;                     ///< 0 = no quantisation
  double enob = 5.5;                ///< effective bits of all else (noise at the DAC, white over symbols); 0 = none
  double bandwidth_ghz = 40;        ///< fourth-order Bessel-Thomson; 0 = none
  std::vector<double> ffe{1.0};     ///< T-spaced Tx FFE; scaled so that the absolute values sum to 1 (peak-limited drive)
  int ffe_main = 0;                 ///< index of the main tap
};

struct DriverConfig {
  double bandwidth_ghz = 40;        ///< second-order Butterworth; 0 = none
  double compression = 0;           ///< third-order: v -> v - compression v^3 at full swing v = +-1
};

struct ModulatorConfig {
  ModulatorKind kind = ModulatorKind::mzm;
  double bandwidth_ghz = 38;        ///< electro-optic, first-order Butterworth; 0 = none. DML, VCSEL: parasitics
  double chirp_alpha = 0;           ///< phase = alpha / 2 ln P
  double chirp_adiabatic_per_ws = 0;///< DML: kappa [1/(W s)], dphi/dt += alpha / 2 kappa (P - mean)
  double vpi_v = 3.0;               ///< MZM
  double bias_error = 0;            ///< MZM: offset from quadrature as a share of Vpi
  double static_extinction_db = 30; ///< MZM: of the interferometer itself
  bool predistort = false;          ///< MZM: arcsine on the DAC's levels, so that the levels come out equally spaced
  double eam_exponent = 2.5;        ///< EML: P ~ exp(-(V / V0)^exponent)
  double eam_v0_v = 1.5;            ///< EML
  double relaxation_ghz = 20;       ///< DML, VCSEL
  double damping_per_ns = 100;      ///< DML, VCSEL
};

struct JitterConfig {
  double random_fs = 0;             ///< rms of the part that a 4 MHz clock recovery does not follow, white over edges
  double sinusoidal_ui = 0;         ///< peak to peak
  double sinusoidal_mhz = 10;
  double even_odd_ui = 0;           ///< peak to peak: even symbols early by half, odd ones late
};

struct TransmitterConfig {
  signal::Modulation modulation = signal::Modulation::pam4;
  Rational symbol_rate_gbd = Rational(425, 8);
  double oma_outer_dbm = 1.0;       ///< steady levels P3 - P0
  double extinction_ratio_db = 5.0; ///< P3 / P0 of the steady levels; the drive's swing follows from it
  std::array<double, 2> level_error{0, 0};  ///< of P1 and P2, as a share of OMA / 3
  double wavelength_nm = 1311;
  double rin_db_per_hz = -145;      ///< one-sided, over the mean square of the instantaneous power
  DacConfig dac;
  DriverConfig driver;
  ModulatorConfig modulator;
  JitterConfig jitter;
};

/// The steady levels and what follows from them.
struct TransmitterReport {
  std::array<double, 4> level_w{};  ///< NRZ: [0] and [3]
  double average_power_dbm = 0;     ///< equally used levels
  double oma_outer_dbm = 0, extinction_ratio_db = 0;
  double rlm = 0;                   ///< of the steady levels
  double swing_v = 0;               ///< drive, peak to peak (MZM, EML)
};

class Transmitter {
 public:
  /// Throws ConfigError naming "tx.<key>", value and range: an extinction ratio that the modulator cannot reach, a negative
  /// power, taps that cancel each other. `lane` and `seed` name the streams of DAC noise and jitter.
  Transmitter(TransmitterConfig config, int samples_per_ui, std::uint64_t seed, std::uint32_t lane);
  ~Transmitter();
  Transmitter(Transmitter&&) noexcept;

  /// In symbols: a window of levels [a, b) gives the field of symbols [a + before, b - after).
  signal::Halo halo() const noexcept;
  /// With `impairments` false neither DAC noise nor jitter (quantisation stays): for measurement and extraction.
  void process(const signal::Levels& in, bool impairments, signal::Field& out) const;

  const TransmitterReport& report() const noexcept;
  const TransmitterConfig& config() const noexcept;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace lightlane::optics
