#pragma once
/// What a plant lets one expect at the receiver, against what was measured; and bit error ratios from powers
/// and back, as estimates: Gray-coded PAM4 (or NRZ) in white Gaussian noise that does not hang on the power.

#include <optional>
#include <string>
#include <vector>

#include "lightlane/plan/budget/budget.hpp"
#include "lightlane/plan/diagnosis/readings.hpp"

namespace lightlane::plan {

/// PAM4: BER = 3/8 erfc(sqrt(SNR / 10)), so that 2.4e-4 stands at 17.66 dB. NRZ: BER = 1/2 erfc(sqrt(SNR /
/// 2)), 1e-12 at 16.94 dB.
double ber_of_snr(catalog::LineCode code, double snr_db) noexcept;
double snr_of_ber(catalog::LineCode code, double ber) noexcept;

/// Electrical SNR goes with the square of the light: one optical dB is two of it. `margin_db`: optical power
/// above that of `limit_ber`. Inverse: the margin of a bit error ratio; NaN where it is 0 (more than was
/// seen).
double ber_at_margin(catalog::LineCode code, double limit_ber, double margin_db) noexcept;
double margin_of_ber(catalog::LineCode code, double limit_ber, double ber) noexcept;

struct LanePrediction {
  std::size_t lane = 0;
  bool from_far_tx = false;              ///< the far transmitter's power was read; else its limits are taken
  double low_dbm = NAN, high_dbm = NAN;  ///< expected: with the largest, with the typical loss
  double measured_dbm = NAN;
  double excess_db = NAN;  ///< expected least less measured: loss that the plant does not account for, > 0
  /// Of a receiver and transmitter that just meet their limits at this power: real ones do better.
  double estimated_ber = NAN;
  double measured_ber = NAN;
};

struct Prediction {
  Budget budget;
  double loss_db = 0;  ///< of the limiting lane of light that comes here, largest
  std::optional<double> typical_loss_db;
  std::optional<double> channel_loss_max_db;
  double worst_excess_db = NAN;
  std::vector<LanePrediction> lanes;
  std::string explanation;  ///< what the excess may be
};

/// What monitors of power may be off by, each, after SFF-8636 and CMIS; likely.
inline constexpr double monitor_accuracy_db = 3;

/// `plant`: as of lightlane budget, near end = these readings' (its PMDs are filled in where they are
/// missing). ConfigError as budget(); also where there is no PMD at all.
Prediction predict(const Readings& readings, Question plant);

}  // namespace lightlane::plan
