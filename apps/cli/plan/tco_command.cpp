#include "cli/plan/tco_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "cli/exit_code.hpp"
#include "cli/plan/plant_options.hpp"
#include "cli/plan/tco_report.hpp"
#include "lightlane/base/error.hpp"
#include "lightlane/catalog/loader.hpp"
#include "lightlane/io/atomic_file.hpp"
#include "lightlane/plan/cost/cost_math.hpp"
#include "lightlane/plan/cost/tco_file.hpp"

namespace lightlane::cli {
namespace {

using namespace plan;

/// One for all goes to the study, one for each to the alternatives.
void spread(const std::string& flag, const std::vector<double>& values, CostKey key, TcoQuestion& q) {
  if (values.empty()) return;
  if (values.size() == 1) {
    q.figures[key] = values[0];
    return;
  }
  if (values.size() != q.alternatives.size() || term_of(key).scope == CostScope::study) {
    throw ConfigError(
        {flag, fmt::format("has {} values", values.size()),
         term_of(key).scope == CostScope::study
             ? "one"
             : fmt::format("one, or one for each of the {} alternatives", q.alternatives.size()),
         ""});
  }
  for (std::size_t i = 0; i < values.size(); ++i) q.alternatives[i].figures[key] = values[i];
}

void set_figures(const TcoOptions& o, TcoQuestion& q) {
  for (const CostTerm& term : cost_terms()) {
    std::string flag = "--" + std::string(term.name);
    std::replace(flag.begin(), flag.end(), '_', '-');
    spread(flag, o.figures[static_cast<std::size_t>(term.key)], term.key, q);
  }
  const auto& fit = o.figures[static_cast<std::size_t>(CostKey::fit)];
  if (!fit.empty() + !o.mtbf_hours.empty() + !o.afr_percent.empty() > 1)
    throw ConfigError({"--fit", "is said more than once", "one of --fit, --mtbf-hours, --afr-percent", ""});
  std::vector<double> converted;
  for (const double hours : o.mtbf_hours) {
    if (!(hours >= 1 && hours <= 1e15))
      throw ConfigError({"--mtbf-hours", fmt::format("is {:g}", hours), "1 to 1e15", ""});
    converted.push_back(fit_of_mtbf(hours));
  }
  for (const double percent : o.afr_percent) {
    if (!(percent >= 0 && percent <= 99.9))
      throw ConfigError({"--afr-percent", fmt::format("is {:g}", percent), "0 to 99.9", ""});
    converted.push_back(fit_of_afr(percent / 100));
  }
  spread(o.mtbf_hours.empty() ? "--afr-percent" : "--mtbf-hours", converted, CostKey::fit, q);
}

/// "1of2", "1+1", "none"
void set_redundancy(const TcoOptions& o, TcoQuestion& q) {
  if (o.redundancy.empty()) return;
  const auto fail = [](const std::string& problem, const std::string& allowed) {
    throw ConfigError({"--redundancy", problem, allowed, ""});
  };
  if (o.redundancy.size() != 1 && o.redundancy.size() != q.alternatives.size()) {
    fail(fmt::format("has {} values", o.redundancy.size()),
         fmt::format("one, or one for each of the {} alternatives", q.alternatives.size()));
  }
  for (std::size_t i = 0; i < q.alternatives.size(); ++i) {
    const std::string& word = o.redundancy[o.redundancy.size() == 1 ? 0 : i];
    int needed = 1, paths = 1;
    if (word != "none") {
      const bool plus = word.find('+') != std::string::npos;
      const std::size_t at = plus ? word.find('+') : word.find("of");
      const auto number = [&](std::string_view text, int& out) {
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
        return error == std::errc() && end == text.data() + text.size() && out >= 1 && out <= 64;
      };
      const std::string_view all = word;
      if (at == std::string::npos || !number(all.substr(0, at), needed) ||
          !number(all.substr(at + (plus ? 1 : 2)), paths)) {
        fail("is '" + word + "'", "none, 1of2, 2of3, 1+1 ..., up to 64 paths");
      }
      if (plus) paths += needed;
      if (needed > paths || paths > 64)
        fail("is '" + word + "'", "no more paths needed than there are, up to 64");
    }
    q.alternatives[i].paths = paths;
    q.alternatives[i].paths_needed = needed;
  }
}

Bill bill_of(const std::string& path) {
  const catalog::Document document = catalog::read_document(path);
  const BillRead read = read_bill(document.text, document.file);
  if (!read.problems.empty()) {
    const BillProblem& first = read.problems.front();
    throw InputError({fmt::format("{}:{}", path, first.line), first.text, "",
                      read.problems.size() == 1
                          ? ""
                          : fmt::format("and {} rows more; a cost without them would be wrong",
                                        read.problems.size() - 1)});
  }
  if (read.bill.lines.empty()) throw InputError({path, "has no lines", "", ""});
  return read.bill;
}

TcoPlan plan_of_type(const std::string& type, const TcoOptions& o, const TcoQuestion& q) {
  TcoPlan plan;
  plan.name = type;
  int count = 1;
  const auto taken = [&] {
    return std::any_of(q.alternatives.begin(), q.alternatives.end(),
                       [&](const TcoPlan& p) { return p.name == plan.name; });
  };
  while (taken()) plan.name = fmt::format("{} ({})", type, ++count);
  TcoItem item;
  item.part = plan.name;
  item.quantity = o.ports.value_or(1);
  if (o.links) item.in_path = 2;
  plan.items = {item};
  return plan;
}

TcoQuestion question_of(const TcoOptions& o) {
  if (o.ports && o.links) throw ConfigError({"--links", "beside --ports", "one of them", ""});
  TcoQuestion q;
  for (const std::string& type : o.types) q.alternatives.push_back(plan_of_type(type, o, q));
  for (const std::string& path : o.bills) {
    TcoPlan plan;
    plan.name = std::filesystem::path(path).stem().string();
    add_bill(bill_of(path), plan);
    q.alternatives.push_back(std::move(plan));
  }
  if (q.alternatives.empty()) {
    throw ConfigError({"type", "is missing", "PMDs or modules, --bill, --plan or --as-published",
                       "lightlane tco 100GBASE-LR4 100GBASE-LR1 --ports 100 --price 650,450"});
  }
  set_figures(o, q);
  set_redundancy(o, q);
  if (o.links) {
    for (std::size_t i = 0; i < o.types.size(); ++i)
      q.alternatives[i].items[0].quantity = 2 * *o.links * q.alternatives[i].paths;
  }
  if (!o.ports && !o.links && !o.types.empty())
    q.assumed.push_back({"ports", 1, "", {}, "default (modules of each type)"});
  for (std::size_t i = 0; i < o.types.size(); ++i) add_type(o.types[i], "type", q.alternatives[i], q);
  return q;
}

TcoQuestion question_of_plan(const TcoOptions& o) {
  const catalog::Document document = catalog::read_document(o.plan);
  TcoFile file = read_tco_plan(document.text, document.file);
  for (const TcoBillFile& bill : file.bills) {
    const std::filesystem::path beside = std::filesystem::path(o.plan).parent_path() / bill.path;
    add_bill(bill_of(beside.string()), file.question.alternatives[bill.alternative]);
  }
  return file.question;
}

bool has_alternatives(const TcoOptions& o) {
  const auto set = [](const auto& list) { return !list.empty(); };
  return set(o.types) || set(o.bills) || o.ports || o.links || set(o.mtbf_hours) || set(o.afr_percent) ||
         set(o.redundancy) || std::any_of(o.figures.begin(), o.figures.end(), set);
}

int run_published(const TcoOptions& o) {
  auto others = o.figures;
  auto& electricity = others[static_cast<std::size_t>(CostKey::electricity_per_kwh)];
  PublishedCostInputs in;
  if (electricity.size() == 1) {
    in.electricity_per_kwh = electricity[0];
    electricity.clear();
  }
  TcoOptions rest = o;
  rest.figures = others;
  rest.ports.reset();
  if (has_alternatives(rest) || !o.plan.empty() || !o.svg.empty() || !o.tornado_svg.empty() ||
      o.target_availability || o.sensitivity_percent || !o.currency.empty() || o.format == "csv") {
    throw ConfigError({"--as-published", "has the figures of the guide",
                       "--ports, --years, --electricity, --existing-ports, --new-ports, --growth-percent",
                       ""});
  }
  in.ports = o.ports.value_or(in.ports);
  in.years = o.years.value_or(in.years);
  in.existing_ports = o.existing_ports.value_or(in.existing_ports);
  in.new_ports = o.new_ports.value_or(in.new_ports);
  in.growth_percent = o.growth_percent.value_or(in.growth_percent);
  const PublishedCost result = published_cost(in);
  if (o.format == "json")
    fmt::print("{}\n", to_json(result).dump(2));
  else
    print_text(result);
  return ok;
}

}  // namespace

int run_tco(const TcoOptions& o) {
  if (o.as_published) return run_published(o);
  if (o.existing_ports || o.new_ports || o.growth_percent) {
    throw ConfigError(
        {"--growth-percent, --existing-ports, --new-ports", "belong to --as-published", "", ""});
  }
  if (!o.plan.empty() && has_alternatives(o))
    throw ConfigError({"--plan", "has the alternatives", "no types, bills or figures beside it", ""});
  TcoQuestion q = o.plan.empty() ? question_of(o) : question_of_plan(o);
  if (o.years) {
    q.years = *o.years;
    q.years_given = true;
  }
  if (!o.currency.empty()) q.currency = o.currency;
  if (o.target_availability) q.target_availability = o.target_availability;
  if (o.sensitivity_percent) q.sensitivity = *o.sensitivity_percent / 100;
  const Tco result = o.plan.empty() ? with_flags([&] { return tco(q); }) : tco(q);
  if (!o.svg.empty()) io::write_file(o.svg, cumulative_svg(result));
  if (!o.tornado_svg.empty()) io::write_file(o.tornado_svg, tornado_svg(result, q.sensitivity));
  if (o.format == "json")
    fmt::print("{}\n", to_json(result, q.sensitivity).dump(2));
  else if (o.format == "csv")
    fmt::print("{}", tco_csv(result));
  else
    print_text(result, q.sensitivity);
  return result.target_met.value_or(true) ? ok : limit_not_met;
}

}  // namespace lightlane::cli
