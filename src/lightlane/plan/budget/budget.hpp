#pragma once
/// Worst-case power budget of two PMDs over a plant: both directions, every lane, in OMA, with average power
/// beside it. Everything comes from the catalogue or from the question; what the question leaves open is
/// assumed and listed, and what nobody knows is named and gives no verdict.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lightlane/catalog/catalog.hpp"
#include "lightlane/plan/answer.hpp"
#include "lightlane/plan/budget/lane_budget.hpp"
#include "lightlane/plan/budget/yield.hpp"

namespace lightlane::plan {

/// Which of a fibre's coefficients the budget counts.
enum class Attenuation : std::uint8_t { largest, planning, typical };
std::string_view name(Attenuation attenuation) noexcept;  ///< "max", "planning", "typical"

struct Segment {
  const catalog::Fibre* fibre = nullptr;        ///< null: G.652.D or OM4, whichever carries the PMDs
  std::optional<double> length_m;               ///< 0 to 1e6; else the reach of the PMDs
  std::optional<double> attenuation_db_per_km;  ///< at every wavelength; else the fibre's own
};

/// Mated pairs, or splices, of one kind.
struct Joint {
  const catalog::Connector* type =
      nullptr;                           ///< null: the connector that the PMD is made for, a fusion splice
  std::optional<int> count;              ///< 0 to 1000; else 2
  std::optional<double> loss_db;         ///< of each; else the largest of its kind
  std::optional<double> reflectance_db;  ///< of each; else that of its kind
};

struct Question {
  const catalog::Pmd* near = nullptr;
  const catalog::Pmd* far = nullptr;             ///< null: as near
  std::vector<Segment> segments;                 ///< empty: the fibre and the length of the PMDs' reach
  std::optional<std::vector<Joint>> connectors;  ///< none: two pairs of those that the PMD is made for
  std::vector<Joint> splices;
  double attenuators_db = 0;
  Attenuation attenuation = Attenuation::largest;
  std::optional<double> metric_db;            ///< TDECQ (TDEC, TDP) of both transmitters; else the limit
  std::optional<double> extinction_ratio_db;  ///< of both transmitters; else the smallest
  double ageing_db = 0;
  double engineering_margin_db = 0;
  std::optional<YieldConfig> yield;
};

enum class Verdict : std::uint8_t {
  pass,         ///< the margin is not negative, within everything that the standards say
  conditional,  ///< light enough, but a condition of the standards is not met: see reasons
  fail,
  unknown,  ///< it hangs on a limit that is not known
};
std::string_view name(Verdict verdict) noexcept;

/// A part of a loss or of the penalties.
struct Part {
  std::string name;
  double db = 0;
  std::string detail;
};

struct LaneLine {
  int lane = 0;
  double nominal_nm = 0;
  double loss_db = 0, penalties_db = 0;
  std::optional<double> margin_db, overload_margin_db;
  double dispersion_min_ps_nm = 0, dispersion_max_ps_nm = 0;
};

/// Of the limiting lane, at the far end of the worst transmitter that the standard allows.
struct OmaLine {
  std::optional<double> launch_dbm;          ///< smallest OMA at this penalty metric
  std::optional<double> receive_dbm;         ///< that less the loss
  std::optional<double> sensitivity_dbm;     ///< for a signal of this penalty metric
  std::optional<double> launch_average_dbm;  ///< average power of that OMA at the extinction ratio
};

/// As the (informative) average limits have it. Average power says nothing of the eye: beside, not instead.
struct AverageLine {
  std::optional<double> launch_min_dbm, receive_dbm, receive_min_dbm, margin_db;
};

struct Direction {
  const catalog::Pmd* from = nullptr;
  const catalog::Pmd* to = nullptr;
  std::vector<LaneLine> lanes;
  int limiting_lane = 0;
  double loss_db = 0;
  std::optional<double> available_db, penalties_db, margin_db, overload_margin_db;
  std::optional<double> margin_at_most_db;  ///< the margin; where a penalty is unknown, without it
  std::vector<Part> losses, penalties;      ///< of the limiting lane
  OmaLine oma;
  AverageLine average;
  std::optional<double> channel_loss_max_db;  ///< the standard's: the smaller of both PMDs'
  std::optional<double> reach_m;     ///< by power and dispersion, the longest segment lengthened, as far as
                                     ///< every penalty is known; none: unknown
  std::vector<std::string> unknown;  ///< what would have to be known
};

struct Budget {
  const catalog::Pmd* near = nullptr;
  const catalog::Pmd* far = nullptr;
  double length_m = 0;
  std::optional<double> rated_reach_m;  ///< smaller of both PMDs', on these fibres
  std::optional<double> reach_m;        ///< smallest of both directions' and the rated one
  std::vector<Direction> directions;    ///< near to far, far to near; empty where they cannot talk at all
  Verdict verdict = Verdict::unknown;   ///< of the worst case, whatever the yield
  std::vector<Reason> reasons;
  std::vector<Assumption> assumed;
  std::vector<UsedLimit> limits;
  catalog::Confidence confidence = catalog::Confidence::sure;  ///< the least of the limits'
  std::optional<Yield> yield;  ///< where it was asked for and every margin is known
};

/// Throws ConfigError where a number is out of range, or a fibre does not suit the PMDs or carries nothing at
/// their wavelengths.
Budget budget(const Question& question);

}  // namespace lightlane::plan
