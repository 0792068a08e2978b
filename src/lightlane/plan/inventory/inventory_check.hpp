#pragma once
/// Every link of an inventory judged: light, interoperability, polarity, ports used twice.

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "lightlane/plan/interop/interop.hpp"
#include "lightlane/plan/inventory/inventory.hpp"

namespace lightlane::plan {

/// For what rows leave open.
struct InventoryDefaults {
  std::string type;  ///< of an end without one; empty: the link is unknown
  Question plant;    ///< length, fibre, joints where a row has none; reserves and attenuation for every row
};

struct LinkVerdict {
  InventoryLink link;
  InteropVerdict verdict = InteropVerdict::unknown;
  std::vector<Reason> reasons;  ///< worst first; setup and advice left out
  int children = 1;
  bool a_breaks_out = false, b_breaks_out = false;
  double length_m = 0;
  std::optional<double> loss_db, margin_db;  ///< of the direction with less margin
};

struct InventoryReport {
  std::vector<LinkVerdict> links;                   ///< in the order of the rows
  std::map<std::string, std::size_t> reason_rows;   ///< code: rows with it at condition or worse
  std::map<std::string, std::size_t> assumed_rows;  ///< what was assumed: rows
  std::size_t count(InteropVerdict verdict) const noexcept;
  bool complete = true;  ///< else `go_on` said stop
};

/// The question that a row asks; what it leaves open is counted in `assumed`. ConfigError that names the
/// cell.
InteropQuestion question_of(const InventoryLink& link, const InventoryDefaults& defaults,
                            std::map<std::string, std::size_t>& assumed);

/// `go_on(links judged)` is asked every thousand links or so. A port that more links end at than its module
/// breaks out into is a reason PORT_TWICE of each but the first. Some 40 microseconds a link and thread.
InventoryReport check_inventory(const Inventory& inventory, const InventoryDefaults& defaults,
                                const std::function<bool(std::size_t)>& go_on = {});

}  // namespace lightlane::plan
