#pragma once
/// What is to be said of the light of one direction: powers, measurements as a lab makes them, margins, limits with their
/// verdicts, what breaks first, delay and power. Plain values, ready to be printed.

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "lightlane/catalog/value.hpp"
#include "lightlane/link/optical_link.hpp"
#include "lightlane/link/transmitter_measurement.hpp"

namespace lightlane::link {

/// One limit of the standard against what was found. The verdict rests on the confidence of the limit.
struct LimitResult {
  std::string name;                    ///< "tx.tdecq_max_db": the catalogue's own word for it
  std::string what;                    ///< "TDECQ"
  int lane = -1;                       ///< -1: of all lanes
  double value = 0, limit = 0;
  std::string unit;
  bool upper = true;                   ///< the value must not be above the limit; else not below
  double margin = 0;                   ///< positive: kept
  bool pass = true;
  bool informative = false;            ///< a value without a verdict: it never fails a link
  catalog::Confidence confidence = catalog::Confidence::unverified;
  std::string source;                  ///< PMD, standard and the catalogue's sources
};

/// A step of the power budget from launch to receiver, in OMA.
struct BudgetStep {
  std::string what;
  double db = 0;                       ///< loss
};

/// How much one key of the scenario moves the margin.
struct Sensitivity {
  std::string key, unit;
  double value = 0;
  double step = 0;                     ///< change that was tried: one standard deviation of the device, or a tenth
  double margin_change_db = 0;         ///< for that step
  double per_unit_db = 0;              ///< derivative
};

struct LatencyTerm {
  std::string what;
  double ns = 0;
  std::string basis;                   ///< how it follows, or which catalogue value it is
};

struct PowerTerm {
  std::string what;
  double w = 0;
  catalog::Confidence confidence = catalog::Confidence::unverified;
  std::string basis;
};

struct OpticalLaneReport {
  double wavelength_nm = 0;
  optics::TransmitterReport transmitter;
  optics::PlantReport plant;
  optics::PlantConfig cabling;         ///< as it was simulated: joints and what they reflect
  double added_attenuation_db = 0;     ///< by plant.added_attenuation_db
  double rx_power_dbm = 0, rx_oma_dbm = 0;
  bool los = false, overload = false;
  double phase_ui = 0;
  rxdsp::TrainingReport training;
  std::vector<float> ffe;              ///< normalised to the main tap
  int ffe_before = 0;
  double snr_db = 0;                   ///< of the statistical engine
  double ber_expected = 0;             ///< of the statistical engine
  std::optional<PhaseSpread> phases;   ///< of the reflections: what they make of it; none behind an MLSE and for dark lanes
  double margin_db = 0;                ///< attenuation until the PMD's bit error ratio; -inf with a floor above it
  double sensitivity_oma_dbm = 0;      ///< OMA at which that happens
  /// Of the receiver alone: the same transmitter, back to back. With the measurement runs, typical links only.
  std::optional<double> receiver_sensitivity_oma_dbm;
  std::optional<LimitMargin> limit;    ///< link.corner = "limits": what the margin is made of
  std::vector<std::pair<double, double>> ber_curve;  ///< OMA at the receiver [dBm], bit error ratio
  std::optional<TransmitterMeasurement> measurement;
};

struct OpticalReport {
  std::string pmd, far_pmd;
  double target_ber = 0;               ///< of the PMD
  double stress_db = 0;
  std::optional<double> limit_allocation_db;  ///< link.corner = "limits": the budget's, for interference and DGD
  std::vector<OpticalLaneReport> lanes;
  std::vector<LimitResult> limits;
  std::vector<std::string> unknown_limits;  ///< limits of the PMD that nobody knows
  std::vector<BudgetStep> budget;      ///< of the lane with the least margin
  std::size_t worst_lane = 0;
  std::vector<Sensitivity> breaks_first;    ///< strongest first
  std::vector<LatencyTerm> latency;
  std::vector<PowerTerm> module_power; ///< of one module
  double module_power_w = 0, latency_ns = 0;

  bool pass() const;
  bool transmitters_measured() const;
};

/// Evaluates everything; `measure` false leaves out the measurement runs, what breaks first and the curves (seconds).
OpticalReport optical_report(const Scenario& scenario, const Structure& structure, const OpticalLink& link, bool measure);

}  // namespace lightlane::link
