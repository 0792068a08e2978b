#pragma once
/// A bill of materials: what to buy, how many, for what, at what price and power; totals that know what they
/// do not know; written and read as CSV.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lightlane::plan {

/// Kinds that other parts of planning know; others may be written too.
namespace bill_kind {
inline constexpr std::string_view switches = "switch", module = "module", harness = "harness", cord = "cord",
                                  trunk = "trunk", dac = "dac", aoc = "aoc", server = "server",
                                  labour = "labour";
}  // namespace bill_kind

struct BillLine {
  std::string part;  ///< "qsfp-dd-400g-dr4", "mpo12-b-sm, 15 m"; not empty
  std::string kind;  ///< of bill_kind, or another word; not empty
  std::string role;  ///< "leaf uplink"; may be empty
  std::int64_t quantity = 0;
  std::int64_t spares = 0;          ///< beside the quantity
  std::optional<double> unit_cost;  ///< in the currency of the question
  std::optional<double> power_w;    ///< of each in service; none: unknown (of a cord write 0)
  std::optional<double> length_m;   ///< of each

  bool operator==(const BillLine&) const = default;
};

/// A sum in which some lines may be unknown.
struct BillSum {
  double known = 0;         ///< over the lines that are known
  std::size_t unknown = 0;  ///< lines that are not, of those with a quantity
  std::optional<double> all() const noexcept { return unknown == 0 ? std::optional(known) : std::nullopt; }
};

struct Bill {
  std::vector<BillLine> lines;

  /// Adds to the line of equal part, kind, role, cost, power and length, or appends one. Zero of both is
  /// left out. Throws ConfigError where part or kind is empty, a count is negative or a sum would be above
  /// 10^15, or a number is negative or not finite.
  void add(const BillLine& line);

  std::int64_t quantity(std::string_view kind) const noexcept;  ///< without spares
  std::int64_t spares(std::string_view kind) const noexcept;
  BillSum cost() const noexcept;         ///< quantity and spares
  BillSum spares_cost() const noexcept;  ///< spares alone, contained in cost()
  BillSum power_w() const noexcept;      ///< quantity alone: spares lie in a drawer
};

/// Header `part,kind,role,quantity,spares,unit_cost,power_w,length_m` and a row a line. What is unknown is
/// empty. Read again, it is the same bill.
std::string bill_csv(const Bill& bill);

/// A row that could not be taken.
struct BillProblem {
  std::size_t line = 0;  ///< in the file, from 1
  std::string text;      ///< "quantity is 'x', not a whole number, 0 to 10^15"
};

struct BillRead {
  Bill bill;  ///< the rows that could be read, in their order, not merged
  std::vector<BillProblem> problems;
};

/// Columns may stand in any order and in other words (qty, price, power ...); part and quantity must be
/// there; kind is "other" where it is missing, other columns are left alone. Throws InputError, naming
/// `file`, where there is no header, a column is missing, or the text is binary.
BillRead read_bill(std::string_view text, const std::string& file);

}  // namespace lightlane::plan
