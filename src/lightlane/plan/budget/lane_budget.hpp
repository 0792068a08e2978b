#pragma once
/// The worst-case budget of one lane in one direction, as arithmetic over plain structs: resolved once from
/// the catalogue (budget.hpp), then evaluated as often as wanted. Pure functions: no allocation, no state,
/// tens of nanoseconds a lane.
///
/// margin = available - penalties - loss, everything in optical dB. `available` is the power budget in OMA at
/// the transmitter's penalty metric (TDECQ, TDEC, TDP): smallest launch OMA less the receiver's sensitivity
/// to a signal without penalty. The metric is then the first penalty. What is unknown is NaN, and so is
/// whatever follows from it.

#include <span>

namespace lightlane::plan {

/// One kind of fibre at one lane's wavelengths, per metre. The dispersion is the range over the lane's window
/// and the fibre's zero-dispersion wavelength.
struct SegmentTerms {
  double loss_db_per_m = 0;        ///< at the edge of the window that loses most
  double least_loss_db_per_m = 0;  ///< at the other, with the typical attenuation
  double dispersion_min_ps_nm_per_m = 0, dispersion_max_ps_nm_per_m = 0;
};

struct LaneTerms {
  double available_db = 0;
  double metric_db = 0;      ///< TDECQ or its kin
  double allocation_db = 0;  ///< of the standard, for MPI and DGD within its channel
  double headroom_db = 0;    ///< largest receive power less largest launch power
  /// The transmitter's metric was measured over this dispersion: it contains the penalty up to here.
  double rated_dispersion_min_ps_nm = 0, rated_dispersion_max_ps_nm = 0;
  double phase_per_ps_nm = 0;  ///< phase mismatch at half the symbol rate [rad per ps/nm]
  std::span<const SegmentTerms> segments;
};

/// What does not depend on the lane.
struct PlantTerms {
  double joints_db = 0;       ///< connectors and splices, at their largest loss
  double attenuators_db = 0;  ///< fixed attenuators: loss that is always there
  double mpi_db = 0;          ///< of reflections, where they exceed the standard's; takes the place of
                              ///< allocation_db where it is larger
  double ageing_db = 0, engineering_db = 0;
};

struct LaneBudget {
  double fibre_db = 0;
  double loss_db = 0;        ///< fibre, joints, attenuators
  double dispersion_db = 0;  ///< of dispersion beyond what the metric contains; an estimate
  double mpi_dgd_db = 0;
  double penalties_db = 0;  ///< metric, MPI and DGD, dispersion, ageing, engineering margin
  double margin_db = 0;
  double overload_margin_db = 0;
};

/// Chirp-free fade of a dispersive fibre at half the symbol rate, -20 log10 |cos phase|, beyond that of
/// `rated_phase`; both phases >= 0. At most `dispersion_cap_db`, which is also the answer from a quarter turn
/// on. Electrical dB: taken as optical ones it is on the safe side of an equaliser's noise enhancement.
inline constexpr double dispersion_cap_db = 60;
double dispersion_penalty_db(double phase, double rated_phase) noexcept;

/// rad per ps/nm: pi lambda^2 D f^2 / c at f = half the symbol rate.
double phase_per_ps_nm(double wavelength_nm, double symbol_rate_gbd) noexcept;

/// `lengths_m` has one entry for each of `lane.segments`.
LaneBudget evaluate(const LaneTerms& lane, const PlantTerms& plant,
                    std::span<const double> lengths_m) noexcept;

/// The lane with the smallest margin, of overload margins the smallest; `budgets` may be null, else takes one
/// entry a lane. A lane of unknown margin makes it unknown.
struct WorstLane {
  std::size_t lane = 0;
  LaneBudget budget;
  double overload_margin_db = 0;
};
WorstLane evaluate_worst(std::span<const LaneTerms> lanes, const PlantTerms& plant,
                         std::span<const double> lengths_m, LaneBudget* budgets = nullptr) noexcept;

}  // namespace lightlane::plan
