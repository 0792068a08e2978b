#pragma once
/// Measurement runs: one lane's transmitter with a periodic test pattern into the reference receiver of its PMD, over the
/// dispersion extremes instead of the plant, without interference; the transmitter's own noise (DAC, jitter, RIN) analytic.

#include <optional>
#include <string>
#include <vector>

#include "lightlane/catalog/pmd.hpp"
#include "lightlane/link/lane_setup.hpp"
#include "lightlane/measure/eye.hpp"
#include "lightlane/measure/tdecq.hpp"

namespace lightlane::link {

inline constexpr int measurement_samples_per_ui = 16;

/// The two histograms of TDECQ: shares of the equalised samples within the windows, from low to high power.
struct TdecqHistograms {
  double low_w = 0, high_w = 0;
  std::vector<double> left, right;
};

struct TransmitterMeasurement {
  bool pam4 = true;
  std::string pattern;                    ///< "ssprq", "prbs15"
  /// PAM4: TDECQ at the worse of both dispersion extremes, and TECQ without fibre. The transmitter's noise is taken off
  /// the noise that may be added: its mean square over the four levels.
  std::optional<measure::TdecqResult> tdecq, tecq;
  double dispersion_ps_nm = 0;            ///< of the worse extreme
  /// NRZ: what the PMD's clause asks for (TDP or TDEC) at the worse extreme; infinite where the eye is closed.
  std::optional<double> penalty_db;
  std::optional<double> mask_margin;      ///< NRZ: share by which the eye mask may grow
  double oma_outer_dbm = 0, average_power_dbm = 0, extinction_ratio_db = 0, rlm = 0;
  double rin_oma_db_per_hz = 0;           ///< noise of the steady outer levels (52.9.6 form)
  double overshoot_pct = 0, undershoot_pct = 0, power_excursion_dbm = 0;
  std::optional<double> transition_time_ps;  ///< PAM4: 20 % to 80 % between the outer levels, the slower edge (square wave)
  std::optional<measure::EyeResult> eye;            ///< behind the reference filter
  std::optional<measure::EyeResult> equalized_eye;  ///< and behind the reference equaliser
  TdecqHistograms histograms;
};

/// `lane`: of the PMD, for its wavelength range. `pictures` false leaves out eyes and histograms.
TransmitterMeasurement measure_transmitter(const LaneSetup& setup, const catalog::Pmd& pmd, int lane, bool pictures);

/// Configuration of TDECQ that a PMD's clause asks for (taps, thresholds, bandwidth).
measure::TdecqConfig tdecq_config(const catalog::Pmd& pmd, double symbol_rate_gbd, int samples_per_ui);

/// Dispersions [ps/nm] at which a lane's transmitter is measured: the extremes of its wavelength range over the channel of
/// the clause, and within the extremes that the clause prints; {0} where they are not known (multimode).
std::vector<double> dispersion_extremes(const catalog::Pmd& pmd, int lane);

/// The same lane without its plant, but an attenuator: for what is the receiver's alone.
LaneSetup back_to_back(const LaneSetup& setup, double attenuation_db);

/// 20 % to 80 % of the slower edge of a square wave behind the reference filter [ps].
double transition_time_ps(const LaneSetup& setup, double reference_bandwidth_ghz);

/// One period of a test pattern.
std::vector<std::uint8_t> pattern_levels(std::string_view name);

/// Noise-free power of one cyclic period of the transmitter over a dispersion and a differential group delay, at the launch
/// power.
std::vector<float> measured_waveform(const LaneSetup& setup, const std::vector<std::uint8_t>& levels, double dispersion_ps_nm,
                                     double dgd_ps = 0);

}  // namespace lightlane::link
