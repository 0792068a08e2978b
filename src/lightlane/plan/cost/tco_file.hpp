#pragma once
/// A cost plan in TOML: figures of the study, then the alternatives, the first of which the others are set
/// against.
///
///     [study]
///     years = 5  currency = "$"  target_availability = 0.99999  sensitivity_percent = 20
///     electricity_per_kwh = 0.12  pue = 1.4  discount_rate = 0.05  ...      # of cost_terms.hpp, any of them
///     [[alternative]]
///     name = "LR4"                    # and type = "100GBASE-LR4" where the catalogue is to give its power
///     quantity = 200  unit_price = 650  power_w = 4.2  mtbf_hours = 7e6 (or fit, or afr_percent)
///     in_path = 2  paths = 2  paths_needed = 1  cabling = 4000
///     [[alternative.item]]            # instead of a quantity, where several things are bought
///     part = "100G-DR"  quantity = 400  spares = 4 ...
///     bill = "bill.csv"               # or from a bill of materials
///
/// A figure may stand in the item, the alternative or the study; the narrowest wins. Unknown keys and numbers
/// out of range are errors that say the line.

#include <string>
#include <vector>

#include "lightlane/plan/bill.hpp"
#include "lightlane/plan/cost/tco.hpp"

namespace lightlane::plan {

/// A bill that an alternative is made from: its file is the caller's to read.
struct TcoBillFile {
  std::size_t alternative = 0;
  std::string path;   ///< as written
  std::string place;  ///< "plan.toml:12: alternative.bill"
};

struct TcoFile {
  TcoQuestion question;
  std::vector<TcoBillFile> bills;  ///< to be added with add_bill()
};

/// Throws InputError, with file and line, where the text is no such plan.
TcoFile read_tco_plan(const std::string& text, const std::string& file);

/// Its lines as items. Passive parts (cords, trunks, harnesses, labour) without a power have none.
void add_bill(const Bill& bill, TcoPlan& plan);

/// A lone item's power from the catalogue, where `type` (a PMD or module, by any name) has one and nobody
/// gave it; noted in `assumed`. Throws ConfigError where there is no such type.
void add_type(const std::string& type, const std::string& place, TcoPlan& plan, TcoQuestion& question);

}  // namespace lightlane::plan
