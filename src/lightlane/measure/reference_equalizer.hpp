#pragma once
/// The reference equaliser of TDECQ: the taps and thresholds that bear the most noise, at one phase.
///
/// With w = taps / (noise behind the equaliser), a decision fails with probability Q(w.x - s), s the
/// threshold in the same scale, and the noise that may be added is 1 / sqrt(w'Rw), R the autocorrelation of
/// the noise ahead of the equaliser. Q is convex where eyes are open, the limits of taps and thresholds are
/// linear in (w, s) with no constant: for a given phase and main tap, TDECQ is a convex programme: minimise
/// w'Rw so that both histograms keep the target error ratio. One optimum, found by Newton's method on the
/// whole set of samples (sequential quadratic programmes).

#include <array>
#include <optional>
#include <vector>

#include "lightlane/math/linear_solve.hpp"
#include "lightlane/measure/tdecq.hpp"
#include "lightlane/measure/tdecq_histogram.hpp"

namespace lightlane::measure {

/// What an equaliser may be. Thresholds in scaled units (power less mean, over OMAouter).
struct EqualizerRules {
  int taps = 5, main = 0;
  TapLimits limits;
  std::array<double, 3> threshold{-1.0 / 3.0, 0.0, 1.0 / 3.0};
  double threshold_range = 0;  ///< either way; 0: fixed
  bool fixed_taps = false;     ///< the taps of the starting point stay
  double target_ser = 4.8e-4;
  math::SquareMatrix noise{0};  ///< R, taps x taps
};

/// Taps without noise scale: those of least mean square error at the histogram's phase for noise of this rms
/// (over OMAouter), their sum 1; without limits. Thresholds nominal. None where the samples do not vary.
std::optional<ScaledPoint> mmse_start(const TdecqHistogram& histogram, const EqualizerRules& rules,
                                      double noise);
/// Mean square error of such taps against the levels, noise included.
double mean_square_error(const TdecqHistogram& histogram, const EqualizerRules& rules,
                         const ScaledPoint& point, double noise);
/// The starting point of given taps (scaled to a sum of 1) and nominal thresholds.
ScaledPoint start_of(const std::vector<double>& taps, const EqualizerRules& rules);

struct EqualizerOptimum {
  bool open = false;  ///< some noise keeps the target; else noise is 0
  ScaledPoint point;
  double noise = 0;  ///< rms over OMAouter that may be added ahead of the equaliser
  int steps = 0;     ///< quadratic programmes solved
};

/// The optimum from a starting point, found when the next step promises less than `tolerance` of the noise. A
/// point of length 2 or more is taken to be scaled. Cost: one pass of derivatives per step, three to six
/// steps from an MMSE start, one or two from a neighbouring phase's optimum. `insist`: where the start bears
/// no noise, look for one that does (up to 16 passes more).
EqualizerOptimum optimise(const TdecqHistogram& histogram, const EqualizerRules& rules, ScaledPoint start,
                          double tolerance, bool insist = true);

/// The largest noise of a point as it stands. `clause`: by the clause's sum over histograms (a sample beyond
/// its threshold counts Q of its distance), as TDECQ is stated; else by decisions. Not open where no noise is
/// small enough (decisions), or where the share of samples beyond a threshold is the target or more.
EqualizerOptimum largest_noise(const TdecqHistogram& histogram, const EqualizerRules& rules,
                               ScaledPoint point, bool clause, double tolerance);

/// Taps with a sum of 1, and thresholds to match them.
std::vector<double> unit_taps(const ScaledPoint& point);
std::array<double, 3> unit_thresholds(const ScaledPoint& point);
/// sqrt(c'Rc) of taps with a sum of 1.
double noise_gain(const std::vector<double>& taps, const math::SquareMatrix& noise);

}  // namespace lightlane::measure
