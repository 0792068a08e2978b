#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "cli/plan/answer_report.hpp"
#include "cli/plan/compare_report.hpp"
#include "cli/plan/tco_report.hpp"
#include "cli/terminal.hpp"
#include "lightlane/plan/csv.hpp"

namespace lightlane::cli {
namespace {

using plan::ComparedType;
using plan::ComparedValue;
using plan::Comparison;

struct Row {
  std::string section, label, unit;
  std::vector<std::string> cells;
};

std::string figure(const std::optional<double>& value, int digits) {
  if (!value || !std::isfinite(*value)) return "?";
  const std::string text = fmt::format("{:.{}f}", *value, digits);
  return text[0] == '-' && text.find_first_of("123456789") == std::string::npos ? text.substr(1) : text;
}

std::string general(const std::optional<double>& value) {
  return value ? fmt::format("{:.8g}", *value) : "?";
}

/// Unverified ones with a star.
std::string marked(const ComparedValue& value) {
  return general(value.value) +
         (value.value && value.confidence == catalog::Confidence::unverified ? "*" : "");
}

std::string reach_text(const ComparedType& t) {
  std::string out;
  for (const catalog::Reach& r : t.reach)
    out += fmt::format("{}{} {:g}", out.empty() ? "" : ", ", r.fibre, r.length_m.value);
  return out.empty() ? "?" : out;
}

std::string wavelengths(const ComparedType& t) {
  std::string out;
  for (const catalog::Wavelength& w : t.pmd->wavelengths) {
    const std::string text = fmt::format("{:.6g}", w.nominal_nm);
    if (out != text) out += (out.empty() ? "" : "/") + text;
  }
  return out.empty() ? "?" : out;
}

std::string fec_text(const ComparedType& t) {
  if (t.pmd->fec.kind == catalog::FecKind::none) return "none";
  if (t.code) return fmt::format("RS({},{})", t.code->n, t.code->k);
  return t.pmd->fec.kind == catalog::FecKind::unknown ? "?" : "other";
}

class Table {
 public:
  explicit Table(const Comparison& c) : types_(c.types) {}
  void section(std::string name) { section_ = std::move(name); }
  template <class Get>
  void row(std::string label, std::string unit, Get get) {
    Row r = {section_, std::move(label), std::move(unit), {}};
    for (const ComparedType& t : types_) r.cells.push_back(get(t));
    rows.push_back(std::move(r));
  }
  std::vector<Row> rows;

 private:
  const std::vector<ComparedType>& types_;
  std::string section_;
};

void add_signal(Table& table) {
  table.section("Signal");
  table.row("rate", "Gb/s", [](const ComparedType& t) { return general(t.rate_gbps); });
  table.row("lanes", "",
            [](const ComparedType& t) { return t.pmd->lanes > 0 ? std::to_string(t.pmd->lanes) : "?"; });
  table.row("modulation", "",
            [](const ComparedType& t) { return std::string(catalog::name(t.pmd->modulation)); });
  table.row("symbol rate of a lane", "GBd", [](const ComparedType& t) {
    return t.pmd->lane_rate_gbd > 0 ? general(t.pmd->lane_rate_gbd) : "?";
  });
  table.row("symbol period", "ps", [](const ComparedType& t) { return figure(t.symbol_period_ps, 2); });
  table.row("line rate, all lanes", "Gb/s", [](const ComparedType& t) { return general(t.line_rate_gbps); });
  table.row("bandwidth, 3/4 of the rate", "GHz",
            [](const ComparedType& t) { return figure(t.receiver_bandwidth_ghz, 2); });
  table.row("eye against two levels", "dB optical",
            [](const ComparedType& t) { return figure(t.level_penalty_optical_db, 2); });
  table.row("", "dB electrical",
            [](const ComparedType& t) { return figure(t.level_penalty_electrical_db, 2); });
  table.row("FEC", "", fec_text);
  table.row("its overhead", "%", [](const ComparedType& t) {
    return t.code                                      ? figure(100 * t.code->overhead(), 2)
           : t.pmd->fec.kind == catalog::FecKind::none ? "0.00"
                                                       : "?";
  });
}

void add_medium(Table& table) {
  table.section("Medium");
  table.row("fibre", "", [](const ComparedType& t) {
    return t.pmd->fibre_count > 0 ? fmt::format("{} x {}", t.pmd->fibre_count, catalog::name(t.pmd->fibre))
                                  : std::string(catalog::name(t.pmd->fibre));
  });
  table.row("connector", "",
            [](const ComparedType& t) { return std::string(catalog::name(t.pmd->connector)); });
  table.row("wavelengths", "nm", wavelengths);
  table.row("reach", "m", reach_text);
}

void add_power(Table& table, const Comparison& c) {
  table.section("Power of a module");
  table.row("typical", "W", [](const ComparedType& t) { return marked(t.typical_w); });
  table.row("at most", "W", [](const ComparedType& t) { return marked(t.max_w); });
  table.row(fmt::format("by typical devices, {:g} C", c.case_temperature_c), "W", [](const ComparedType& t) {
    return figure(t.curve_w, 2) +
           (t.curve && t.curve->confidence == catalog::Confidence::unverified ? "*" : "");
  });
  table.row("typical, a bit", "mW/(Gb/s)",
            [](const ComparedType& t) { return general(t.typical_mw_per_gbps); });
  table.row("at most, a bit", "mW/(Gb/s)", [](const ComparedType& t) { return general(t.max_mw_per_gbps); });
  table.row("case at most", "C", [](const ComparedType& t) { return marked(t.case_max_c); });
}

void add_plant(Table& table, const Comparison& c) {
  table.section(fmt::format("Over {:g} m", c.length_m));
  const auto worst = [](const ComparedType& t) -> const plan::Direction* {
    if (!t.budget || t.budget->directions.empty()) return nullptr;
    return &*std::min_element(t.budget->directions.begin(), t.budget->directions.end(),
                              [](const plan::Direction& a, const plan::Direction& b) {
                                return a.margin_db.value_or(-1e9) < b.margin_db.value_or(-1e9);
                              });
  };
  const auto of_worst = [&](auto get) {
    return [worst, get](const ComparedType& t) {
      const plan::Direction* d = worst(t);
      return d == nullptr ? std::string("-") : figure(get(*d), 2);
    };
  };
  using D = plan::Direction;
  table.row("verdict", "", [](const ComparedType& t) {
    return t.budget ? std::string(plan::name(t.budget->verdict)) : "not over this plant";
  });
  table.row("available", "dB", of_worst([](const D& d) { return d.available_db; }));
  table.row("penalties", "dB", of_worst([](const D& d) { return d.penalties_db; }));
  if (c.degradation_db > 0)
    table.row("  of them, degraded signal", "dB",
              [&](const ComparedType& t) { return t.budget ? figure(c.degradation_db, 2) : "-"; });
  table.row("loss", "dB", of_worst([](const D& d) { return std::optional(d.loss_db); }));
  table.row("margin", "dB", of_worst([](const D& d) { return d.margin_db; }));
  table.row("overload margin", "dB", of_worst([](const D& d) { return d.overload_margin_db; }));
  table.row("reach over this plant", "m",
            [](const ComparedType& t) { return t.budget ? figure(t.budget->reach_m, 0) : std::string("-"); });
  std::vector<std::string> names;
  for (const ComparedType& t : c.types)
    for (const plan::DelayTerm& term : t.delay)
      if (std::find(names.begin(), names.end(), term.what) == names.end()) names.push_back(term.what);
  for (const std::string& name : names) {
    table.row("delay, " + name, "ns", [&](const ComparedType& t) {
      for (const plan::DelayTerm& term : t.delay) {
        if (term.what != name) continue;
        return figure(term.ns, 1) +
               (term.ns && term.confidence == catalog::Confidence::unverified ? "*" : "");
      }
      return std::string("-");
    });
  }
  table.row("delay", "ns", [](const ComparedType& t) { return figure(t.delay_ns, 1); });
}

void add_cost(Table& table, const Comparison& c) {
  table.section("Cost and reliability");
  table.row("price", "", [](const ComparedType& t) { return t.unit_price ? money(*t.unit_price) : "?"; });
  table.row("price of a Gb/s", "", [](const ComparedType& t) { return figure(t.price_per_gbps, 2); });
  table.row("failure rate", "FIT", [](const ComparedType& t) { return general(t.fit); });
  table.row("fails in a year", "%",
            [](const ComparedType& t) { return t.afr ? general(100 * *t.afr) : "?"; });
  table.row(fmt::format("outlives {:g} years", c.years), "%",
            [](const ComparedType& t) { return t.survival ? figure(100 * *t.survival, 2) : "?"; });
  table.section("In one switch");
  table.row("cages that they fit", "", [](const ComparedType& t) { return std::to_string(t.density.cages); });
  table.row("capacity", "Tb/s", [](const ComparedType& t) { return general(t.density.capacity_tbps); });
  table.row("as 100G ports", "", [](const ComparedType& t) { return std::to_string(t.density.ports_100g); });
  table.row("optics, typical", "W", [](const ComparedType& t) { return general(t.density.typical_w); });
  table.row("optics, at most", "W", [](const ComparedType& t) { return general(t.density.max_w); });
}

std::vector<Row> rows_of(const Comparison& c) {
  Table table(c);
  add_signal(table);
  add_medium(table);
  add_power(table, c);
  add_plant(table, c);
  add_cost(table, c);
  return std::move(table.rows);
}

void print_answer(const Comparison& c, const std::string& currency) {
  std::vector<std::string> parts;
  const auto name = [&](const std::optional<std::size_t>& i) { return c.types[*i].name; };
  const auto all_same = [&](auto get, double slack) {
    const std::optional<double> first = get(c.types[0]);
    return std::all_of(c.types.begin(), c.types.end(), [&](const ComparedType& t) {
      const std::optional<double> v = get(t);
      return v && first && std::abs(*v - *first) <= slack;
    });
  };
  const auto margin = [](const ComparedType& t) { return t.margin_db(); };
  const auto bit = [](const ComparedType& t) { return t.typical_mw_per_gbps; };
  if (c.most_margin) {
    parts.push_back(all_same(margin, 0.005)
                        ? fmt::format("the same margin ({:.2f} dB)", *c.types[0].margin_db())
                        : fmt::format("most margin {} ({:.2f} dB)", name(c.most_margin),
                                      *c.types[*c.most_margin].margin_db()));
  }
  if (c.least_power) {
    parts.push_back(all_same(bit, 1e-9)
                        ? fmt::format("the same power a bit ({:g} mW/(Gb/s))", *bit(c.types[0]))
                        : fmt::format("least power a bit {} ({:g} mW/(Gb/s))", name(c.least_power),
                                      *bit(c.types[*c.least_power])));
  }
  if (c.least_delay) {
    double longest = 0;
    for (const ComparedType& t : c.types) longest = std::max(longest, *t.delay_ns);
    const double least = *c.types[*c.least_delay].delay_ns;
    parts.push_back(fmt::format(
        "least delay {} ({:.1f} ns{})", name(c.least_delay), least,
        longest > least ? fmt::format(", {:.1f} ns less than the longest", longest - least) : ""));
  }
  if (c.least_price) {
    parts.push_back(fmt::format("least price a Gb/s {} ({:.2f} {})", name(c.least_price),
                                *c.types[*c.least_price].price_per_gbps, currency));
  }
  if (c.types.size() == 1) {
    fmt::print("{}\n", bold(fmt::format("{} over {:g} m", c.types[0].name, c.length_m)));
  } else if (parts.empty()) {
    fmt::print("{}\n",
               bold(fmt::format("Over {:g} m: too little is known to say which is best", c.length_m)));
  } else {
    fmt::print("{}\n", bold(fmt::format("Over {:g} m: {}", c.length_m, fmt::join(parts, "; "))));
  }
}

}  // namespace

void print_text(const Comparison& c, const std::string& currency) {
  print_answer(c, currency);
  const std::vector<Row> rows = rows_of(c);
  std::size_t width = 18;
  for (const ComparedType& t : c.types) width = std::max(width, t.name.size() + 2);
  for (const Row& row : rows)
    for (const std::string& cell : row.cells)
      width = std::max(width, std::min<std::size_t>(cell.size() + 2, 40));
  std::string section;
  for (const Row& row : rows) {
    if (row.section != section) {
      section = row.section;
      std::string head = fmt::format("{:<52}", section);
      for (const ComparedType& t : c.types) head += fmt::format("{:>{}}", t.name, width);
      fmt::print("\n{}\n", bold(head));
    }
    std::string line = fmt::format("  {:<36}{:<14}", row.label, row.unit);
    for (const std::string& cell : row.cells) line += fmt::format("{:>{}}", cell, width);
    fmt::print("{}\n", line);
  }
  fmt::print("  * unverified; ? unknown\n\n{}\n", bold("Breakout, form factors, management"));
  for (const ComparedType& t : c.types) {
    fmt::print("  {}: {}; {}; {}\n", t.name,
               t.breakout.empty() ? "no breakout is known" : fmt::format("{}", fmt::join(t.breakout, ", ")),
               t.form_factors.empty() ? "form factor ?" : fmt::format("{}", fmt::join(t.form_factors, ", ")),
               t.management.empty() ? "codes ?" : fmt::format("{}", fmt::join(t.management, ", ")));
  }
  print_reasons(c.reasons);
  print_assumed(c.assumed);
}

std::string compare_csv(const Comparison& c) {
  std::vector<std::string> head = {"section", "figure", "unit"};
  for (const ComparedType& t : c.types) head.push_back(t.name);
  std::string out = plan::csv_line(head);
  for (const Row& row : rows_of(c)) {
    std::vector<std::string> cells = {row.section, row.label, row.unit};
    for (const std::string& cell : row.cells) cells.push_back(cell == "?" || cell == "-" ? "" : cell);
    out += plan::csv_line(cells);
  }
  return out;
}

void print_text(const plan::PublishedPerformance& p) {
  const auto& a = p.columns[0];
  const auto& b = p.columns[1];
  fmt::print("{}\n", bold(fmt::format(
                         "As published: {} {:g} W and {:g} %, {} {:g} W and {:g} % \"reliability\"", a.name,
                         a.power_w, a.reliability_percent, b.name, b.power_w, b.reliability_percent)));
  fmt::print("\n{}\n", bold(fmt::format("{:<44}{:>14}{:>14}", "Calculator 2", a.name, b.name)));
  const auto row = [&](const std::string& label, auto get) {
    fmt::print("  {:<42}{:>14}{:>14}\n", label, get(0), get(1));
  };
  const auto column = [&](int i) -> const plan::PublishedColumnOfTwo& {
    return p.columns[static_cast<std::size_t>(i)];
  };
  const auto type = [&](int i) -> const ComparedType& {
    return p.correct.types[static_cast<std::size_t>(i)];
  };
  row(fmt::format("power at {:g} C, as published [W]", plan::published_guide().performance.temperature_c),
      [&](int i) { return general(column(i).power_w); });
  row("power, typical by the catalogue [W]", [&](int i) { return marked(type(i).typical_w); });
  row("power, at most by the catalogue [W]", [&](int i) { return marked(type(i).max_w); });
  row(fmt::format("power at {:g} C by typical devices [W]", p.case_temperature_c),
      [&](int i) { return figure(type(i).curve_w, 2) + "*"; });
  row("reliability, as published [%]", [&](int i) { return general(column(i).reliability_percent); });
  row("fails in a year, as published [%]", [&](int i) { return general(column(i).afr_percent); });
  row(fmt::format("outlives {:g} years at that [%]", p.years),
      [&](int i) { return figure(column(i).survival_percent, 2); });
  row(fmt::format("margin over {:g} km, {:g} % degraded [dB]", p.correct.length_m / 1000,
                  p.degradation_percent),
      [&](int i) { return figure(type(i).margin_db(), 2); });
  fmt::print("  * unverified\n");
  fmt::print("\n{}\n", bold("Why they differ"));
  for (const std::string& text : p.differences) fmt::print("  * {}\n", text);
  print_checks(p.checks);
}

}  // namespace lightlane::cli
