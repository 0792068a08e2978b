#pragma once
/// From the links that there are to faster ones, in phases: what each link can become over its own fibre and
/// in its ports, what to buy and what is left over, how long it takes, how to go back, and what to do first.

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lightlane/plan/bill.hpp"
#include "lightlane/plan/cost/growth.hpp"
#include "lightlane/plan/inventory/inventory_check.hpp"
#include "lightlane/plan/select/select.hpp"

namespace lightlane::plan {

/// Devices that get new switches, and which.
struct NewSeat {
  std::string device;  ///< a name, or the beginning of names with a * behind
  std::string seat;    ///< "nvidia-sn4700:1", "qsfp-dd-cage": what its ports are like
};

struct PhaseRules {
  double audit_months = 2, pilot_months = 2, rollout_months = 4;
  double parallel_months = 0;   ///< old and new side by side before the old is taken out
  double pilot_share = 0.1;     ///< of the links that change, the surest first
  int links_per_window = 8;     ///< that one maintenance window takes
  double hours_per_link = 0.5;  ///< down while it is moved
};

struct MigrationQuestion {
  Inventory inventory;
  InventoryDefaults defaults;  ///< for what rows leave open
  int target_gbps = 400;
  GrowthModel growth{GrowthKind::compound, 0.2, 0};
  double years = 5;
  std::vector<NewSeat> seats;  ///< empty: every device may be replaced, and by anything
  std::vector<Price> prices;   ///< of modules and types
  bool new_fibre = true;       ///< fibre may be laid or terminated anew
  PhaseRules phases;
  double pue = 1.4, utilisation = 1;
};

enum class MoveKind : std::uint8_t {
  keep,       ///< as it is; in a new port where the device is replaced
  optics,     ///< new modules at both ends over the same fibre
  breakout,   ///< one end becomes a lane, or some, of a faster module, the other stays
  new_fibre,  ///< new modules, and fibre or terminations that suit them
  bond,       ///< more of the same, in parallel
};
std::string_view name(MoveKind kind) noexcept;  ///< "keep", "new optics", "breakout", "new fibre", "bond"

struct LinkMove {
  InventoryLink link;
  InteropVerdict before = InteropVerdict::unknown;
  std::vector<Reason> before_reasons;
  MoveKind kind = MoveKind::keep;
  LinkEnd a_before, b_before;  ///< pmd null where the row's own types mean nothing
  LinkEnd a, b;                ///< afterwards
  bool a_changes = false, b_changes = false;
  InteropVerdict after = InteropVerdict::unknown;
  std::vector<Reason> after_reasons;
  int children = 1;                        ///< of the module that is broken out
  int links = 1;                           ///< in parallel, where bonded
  double gbps_before = 0, gbps_after = 0;  ///< 0: unknown
  double gbps_needed = 0;                  ///< at the end of the years
  std::optional<double> margin_db;         ///< afterwards
  std::string why;                         ///< of the choice, in a sentence
  int phase = 0;                           ///< index of the phase that changes it; 0: none does
};

struct MigrationPhase {
  std::string name, work, rollback;
  double from_month = 0, to_month = 0;
  std::size_t links = 0;
  Bill bill;      ///< to buy
  Bill stranded;  ///< taken out
  long windows = 0;
  double hours_down = 0;                 ///< over all links, one after the other
  std::optional<double> power_change_w;  ///< of the modules; none: some are unknown
};

struct GrowthYear {
  int year = 0;
  double demand_gbps = 0;    ///< links that are as they are now, grown
  double capacity_gbps = 0;  ///< with the plan's phases done by then
  std::size_t links_short = 0;
};

/// What one way to go would give for the whole, beside what is recommended.
struct Strategy {
  std::string name;  ///< "port reuse", "breakout", "new optics", "new optics and fibre"
  std::size_t links_ok = 0, links_short = 0;
  double capacity_gbps = 0;
  std::optional<double> power_change_w, cost;
  std::int64_t modules_new = 0, modules_stranded = 0;
};

struct Migration {
  std::vector<LinkMove> moves;
  std::vector<MigrationPhase> phases;  ///< the first is the audit
  std::vector<GrowthYear> years;
  std::vector<Strategy> strategies;
  std::string status;  ///< of what is at the target rate already: "Not started", "Progressing", "Complete"
  std::string recommendation;  ///< in a sentence
  std::vector<std::string> recommendation_reasons;
  Bill bill, stranded;                                      ///< of all phases
  std::optional<double> power_change_w, energy_change_kwh;  ///< a year, with PUE and utilisation
  std::optional<double> cost;
  std::vector<Assumption> assumed;
  std::map<std::string, std::size_t> assumed_rows;
};

/// ConfigError where a number is out of range or a seat is unknown. About a millisecond a link and thread.
Migration migrate(const MigrationQuestion& question);

/// A plan in TOML; `load` gives the text of the inventory that it names, seen from the plan's own folder.
///
///     [migration]  inventory = "links.csv"  target_gbps = 400  years = 5  new_fibre = true  assume_type =
///     "100GBASE-LR4"
///                  pue = 1.4  utilisation = 1
///     [growth]     kind = "compound"  rate = 0.2  capacity
///     [plant]      length_m  fibre  attenuation_db_per_km  connectors  engineering_margin_db  ageing_db
///     [[switch]]   device = "leaf*"  seat = "nvidia-sn4700:1"
///     [phases]     audit_months  pilot_months  rollout_months  parallel_months  pilot_share links_per_window
///                  hours_per_link
///     [[price]]    name = "400GBASE-FR4"  each = 900
///
/// Throws InputError with file and line.
MigrationQuestion read_migration(const std::string& text, const std::string& file,
                                 const std::function<std::string(const std::string&)>& load);

}  // namespace lightlane::plan
