#include "lightlane/plan/bill.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "lightlane/base/error.hpp"
#include "lightlane/plan/csv.hpp"

namespace lightlane::plan {
namespace {

constexpr std::int64_t most = 1'000'000'000'000'000;  // exact in a double
constexpr double largest = 1e15;

void check_count(std::string_view what, std::int64_t value) {
  if (value < 0 || value > most)
    throw ConfigError({std::string(what), fmt::format("is {}", value), "0 to 10^15", ""});
}

void check_number(std::string_view what, const std::optional<double>& value) {
  if (value && !(*value >= 0 && *value <= largest))
    throw ConfigError({std::string(what), fmt::format("is {:g}", *value), "0 to 10^15", ""});
}

void check(const BillLine& line) {
  if (line.part.empty()) throw ConfigError({"part", "is empty", "a name", ""});
  if (line.kind.empty()) throw ConfigError({"kind", "is empty", "switch, module, cord ...", ""});
  check_count("quantity", line.quantity);
  check_count("spares", line.spares);
  check_number("unit_cost", line.unit_cost);
  check_number("power_w", line.power_w);
  check_number("length_m", line.length_m);
}

template <class Count, class Get>
BillSum sum(const std::vector<BillLine>& lines, Count count, Get get) noexcept {
  BillSum out;
  for (const BillLine& line : lines) {
    const auto pieces = static_cast<double>(count(line));
    if (pieces == 0) continue;
    const std::optional<double>& each = get(line);
    if (each) {
      out.known += pieces * *each;
    } else {
      ++out.unknown;
    }
  }
  return out;
}

std::string number(const std::optional<double>& value) { return value ? fmt::format("{}", *value) : ""; }

/// Where a cell cannot be read: which and why.
struct Unread {
  std::string text;
};

template <class T>
bool whole_cell(const std::string& cell, T& out) {
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), out);
  return error == std::errc() && end == cell.data() + cell.size();
}

std::int64_t count_of(std::string_view what, const std::string& cell, std::int64_t missing) {
  if (cell.empty() && missing >= 0) return missing;
  std::int64_t value = 0;
  if (!whole_cell(cell, value) || value < 0 || value > most)
    throw Unread{fmt::format("{} is '{}', not a whole number, 0 to 10^15", what, cell)};
  return value;
}

std::optional<double> number_of(std::string_view what, const std::string& cell) {
  if (cell.empty()) return std::nullopt;
  double value = 0;
  if (!whole_cell(cell, value) || !(value >= 0 && value <= largest))
    throw Unread{fmt::format("{} is '{}', not a number, 0 to 10^15", what, cell)};
  return value;
}

struct Columns {
  int part, kind, role, quantity, spares, unit_cost, power_w, length_m;
};

Columns columns_of(const CsvRow& row, const std::string& file) {
  const CsvHeader header(row.cells);
  const Columns c = {header.column({"part", "name", "item", "part_number"}),
                     header.column({"kind", "type", "category"}),
                     header.column({"role", "use", "purpose"}),
                     header.column({"quantity", "qty", "count"}),
                     header.column({"spares", "spare"}),
                     header.column({"unit_cost", "unit_price", "price", "cost"}),
                     header.column({"power_w", "power"}),
                     header.column({"length_m", "length"})};
  for (const auto& [name, column] : {std::pair("part", c.part), std::pair("quantity", c.quantity)}) {
    if (column < 0) {
      throw InputError({fmt::format("{}:{}", file, row.line), fmt::format("has no column {}", name),
                        "part,kind,role,quantity,spares,unit_cost,power_w,length_m", ""});
    }
  }
  return c;
}

BillLine line_of(const CsvRow& row, const Columns& c) {
  const std::string none;
  const auto cell = [&](int column) -> const std::string& {
    return column >= 0 && static_cast<std::size_t>(column) < row.cells.size()
               ? row.cells[static_cast<std::size_t>(column)]
               : none;
  };
  BillLine out;
  out.part = cell(c.part);
  if (out.part.empty()) throw Unread{"part is empty"};
  out.kind = cell(c.kind).empty() ? "other" : cell(c.kind);
  out.role = cell(c.role);
  out.quantity = count_of("quantity", cell(c.quantity), -1);
  out.spares = count_of("spares", cell(c.spares), 0);
  out.unit_cost = number_of("unit_cost", cell(c.unit_cost));
  out.power_w = number_of("power_w", cell(c.power_w));
  out.length_m = number_of("length_m", cell(c.length_m));
  return out;
}

}  // namespace

void Bill::add(const BillLine& line) {
  check(line);
  if (line.quantity == 0 && line.spares == 0) return;
  for (BillLine& known : lines) {
    if (known.part != line.part || known.kind != line.kind || known.role != line.role ||
        known.unit_cost != line.unit_cost || known.power_w != line.power_w || known.length_m != line.length_m)
      continue;
    check_count("quantity", known.quantity + line.quantity);
    check_count("spares", known.spares + line.spares);
    known.quantity += line.quantity;
    known.spares += line.spares;
    return;
  }
  lines.push_back(line);
}

std::int64_t Bill::quantity(std::string_view kind) const noexcept {
  std::int64_t out = 0;
  for (const BillLine& line : lines) out += line.kind == kind ? line.quantity : 0;
  return out;
}

std::int64_t Bill::spares(std::string_view kind) const noexcept {
  std::int64_t out = 0;
  for (const BillLine& line : lines) out += line.kind == kind ? line.spares : 0;
  return out;
}

BillSum Bill::cost() const noexcept {
  return sum(
      lines, [](const BillLine& l) { return l.quantity + l.spares; },
      [](const BillLine& l) -> const auto& { return l.unit_cost; });
}

BillSum Bill::spares_cost() const noexcept {
  return sum(
      lines, [](const BillLine& l) { return l.spares; },
      [](const BillLine& l) -> const auto& { return l.unit_cost; });
}

BillSum Bill::power_w() const noexcept {
  return sum(
      lines, [](const BillLine& l) { return l.quantity; },
      [](const BillLine& l) -> const auto& { return l.power_w; });
}

std::string bill_csv(const Bill& bill) {
  std::string out = "part,kind,role,quantity,spares,unit_cost,power_w,length_m\n";
  for (const BillLine& l : bill.lines) {
    const std::string cells[] = {l.part,
                                 l.kind,
                                 l.role,
                                 fmt::format("{}", l.quantity),
                                 fmt::format("{}", l.spares),
                                 number(l.unit_cost),
                                 number(l.power_w),
                                 number(l.length_m)};
    out += csv_line(cells);
  }
  return out;
}

BillRead read_bill(std::string_view text, const std::string& file) {
  BillRead out;
  std::optional<Columns> columns;
  read_csv(text, file, [&](const CsvRow& row) {
    if (!row.problem.empty()) {
      out.problems.push_back({row.line, row.problem});
      return;
    }
    if (!columns) {
      columns = columns_of(row, file);
      return;
    }
    try {
      out.bill.lines.push_back(line_of(row, *columns));
    } catch (const Unread& unread) {
      out.problems.push_back({row.line, unread.text});
    }
  });
  if (!columns) {
    throw InputError(
        {file, "has no header", "part,kind,role,quantity,spares,unit_cost,power_w,length_m", ""});
  }
  return out;
}

}  // namespace lightlane::plan
