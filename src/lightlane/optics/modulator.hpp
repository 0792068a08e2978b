#pragma once
/// From drive to light: the modulator's steady transfer curve, its inverse, and the field it makes. Inside
/// the floor only.

#include <array>
#include <memory>
#include <span>

#include "lightlane/optics/modulator_table.hpp"
#include "lightlane/optics/transmitter.hpp"

namespace lightlane::optics {

/// Steady power over the drive u, a pure number that the driver delivers; `low` and `high` stand for the
/// outer levels.
///
///   MZM         P ~ 1 + k sin(pi (V / Vpi + bias_error)), k = (r - 1) / (r + 1), r the static extinction
///   ratio EML         P ~ exp(-((Vb - V) / V0)^a), Vb - V not below 0; Vb = the bias, by default where the
///   curve's second
///               derivative is 0, V0 ((a - 1) / a)^(1 / a)
///   DML, VCSEL  P ~ current above threshold, V = 0 midway: x = 1 + V, with a soft threshold
///               (x + sqrt(x^2 + d^2)) / 2, d = 0.005 (spontaneous emission; a default without source)
///
/// V = u times a swing that is found by bisection so that P(high) / P(low) is the extinction ratio; then P is
/// scaled to the OMA. Both hold to 1e-12.
class TransferCurve {
 public:
  /// Throws ConfigError naming "tx.extinction_ratio_db", with the reachable range, where no swing gives it.
  TransferCurve(const ModulatorConfig& config, double oma_w, double extinction_ratio_db, double low,
                double high);

  double power(double u) const noexcept;                                 ///< [W]
  double volts(double u) const noexcept { return u * volts_per_unit_; }  ///< V above
  /// u in [low, high] with power(u) = power_w; an end where it lies beyond.
  double drive(double power_w) const noexcept;

 private:
  double shape(double v) const noexcept;

  ModulatorConfig config_;
  double low_, high_, volts_per_unit_ = 1, scale_w_ = 1;
  double depth_ = 1;   ///< MZM: k
  double bias_v_ = 0;  ///< EML
};

/// The field of a window of drive.
class Modulator {
 public:
  /// `peak`: the drive never leaves +- this. `mean_power_w`: of the steady levels, where the phase is 0.
  Modulator(const ModulatorConfig& config, const TransferCurve& curve, double peak, double mean_power_w);

  /// No chirp that follows from the drive: the field is real.
  bool real() const noexcept { return imaginary_.segments == 0; }
  /// E = sqrt(P) exp(j alpha / 2 ln(P / mean)) of each drive. `im` is left alone where real(). Both as long
  /// as `u`.
  void field(std::span<const float> u, std::span<float> re, std::span<float> im) const;
  /// Largest error of the tabulated field over its largest magnitude.
  double table_error() const noexcept;

 private:
  CurveTable real_, imaginary_;
};

}  // namespace lightlane::optics
