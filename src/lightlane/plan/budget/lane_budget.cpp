#include "lightlane/plan/budget/lane_budget.hpp"

#include <algorithm>
#include <cmath>

#include "lightlane/math/elementary.hpp"

namespace lightlane::plan {
namespace {

constexpr double pi = 3.14159265358979323846;
constexpr double light_m_per_s = 299792458;

double fade_db(double phase) noexcept { return -2 * math::to_db(std::fabs(math::cos(phase))); }

}  // namespace

double dispersion_penalty_db(double phase, double rated_phase) noexcept {
  if (phase <= rated_phase) return 0;
  if (phase >= pi / 2) return dispersion_cap_db;
  return std::min(fade_db(phase) - fade_db(rated_phase), dispersion_cap_db);
}

double phase_per_ps_nm(double wavelength_nm, double symbol_rate_gbd) noexcept {
  const double wavelength_m = wavelength_nm * 1e-9, hertz = symbol_rate_gbd * 1e9 / 2;
  return pi * wavelength_m * wavelength_m * 1e-3 * hertz * hertz / light_m_per_s;  // 1 ps/nm = 1e-3 s/m
}

LaneBudget evaluate(const LaneTerms& lane, const PlantTerms& plant,
                    std::span<const double> lengths_m) noexcept {
  double fibre = 0, least = 0, dispersion_min = 0, dispersion_max = 0;
  for (std::size_t i = 0; i < lane.segments.size(); ++i) {
    const SegmentTerms& segment = lane.segments[i];
    fibre += segment.loss_db_per_m * lengths_m[i];
    least += segment.least_loss_db_per_m * lengths_m[i];
    dispersion_min += segment.dispersion_min_ps_nm_per_m * lengths_m[i];
    dispersion_max += segment.dispersion_max_ps_nm_per_m * lengths_m[i];
  }
  LaneBudget out;
  out.fibre_db = fibre;
  out.loss_db = fibre + plant.joints_db + plant.attenuators_db;
  if (dispersion_min < lane.rated_dispersion_min_ps_nm || dispersion_max > lane.rated_dispersion_max_ps_nm) {
    const double rated =
        std::max(std::fabs(lane.rated_dispersion_min_ps_nm), std::fabs(lane.rated_dispersion_max_ps_nm));
    const double actual = std::max(std::fabs(dispersion_min), std::fabs(dispersion_max));
    out.dispersion_db = dispersion_penalty_db(actual * lane.phase_per_ps_nm, rated * lane.phase_per_ps_nm);
  }
  out.mpi_dgd_db =
      lane.allocation_db > plant.mpi_db || std::isnan(lane.allocation_db) ? lane.allocation_db : plant.mpi_db;
  out.penalties_db =
      lane.metric_db + out.mpi_dgd_db + out.dispersion_db + plant.ageing_db + plant.engineering_db;
  out.margin_db = lane.available_db - out.penalties_db - out.loss_db;
  out.overload_margin_db = lane.headroom_db + least + plant.attenuators_db;
  return out;
}

WorstLane evaluate_worst(std::span<const LaneTerms> lanes, const PlantTerms& plant,
                         std::span<const double> lengths_m, LaneBudget* budgets) noexcept {
  WorstLane worst;
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    const LaneBudget one = evaluate(lanes[i], plant, lengths_m);
    if (budgets != nullptr) budgets[i] = one;
    // Of equal margins (or none that is known) the first; more loss decides where margins are unknown.
    const bool both_unknown = std::isnan(one.margin_db) && std::isnan(worst.budget.margin_db);
    const bool worse = i == 0 || one.margin_db < worst.budget.margin_db ||
                       (std::isnan(one.margin_db) && !std::isnan(worst.budget.margin_db)) ||
                       (both_unknown && one.loss_db > worst.budget.loss_db);
    if (i == 0 || !(worst.overload_margin_db <= one.overload_margin_db)) {
      if (i == 0 || !std::isnan(worst.overload_margin_db)) worst.overload_margin_db = one.overload_margin_db;
    }
    if (worse) {
      worst.lane = i;
      worst.budget = one;
    }
  }
  return worst;
}

}  // namespace lightlane::plan
