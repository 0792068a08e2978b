#include "cli/plan/compare_command.hpp"

#include <fmt/format.h>

#include "cli/exit_code.hpp"
#include "cli/plan/compare_report.hpp"
#include "lightlane/base/error.hpp"
#include "lightlane/io/atomic_file.hpp"
#include "lightlane/plan/cost/cost_math.hpp"
#include "lightlane/plan/names.hpp"

namespace lightlane::cli {
namespace {

using namespace plan;

/// One for all, or one for each.
template <class Set>
void spread(const char* flag, const std::vector<double>& values, CompareQuestion& q, Set set) {
  if (values.empty()) return;
  if (values.size() != 1 && values.size() != q.subjects.size()) {
    throw ConfigError({flag, fmt::format("has {} values", values.size()),
                       fmt::format("one, or one for each of the {} types", q.subjects.size()), ""});
  }
  for (std::size_t i = 0; i < q.subjects.size(); ++i) set(q.subjects[i], values[values.size() == 1 ? 0 : i]);
}

void set_figures(const CompareOptions& o, CompareQuestion& q) {
  spread("--price", o.price, q, [](CompareSubject& s, double v) { s.unit_price = v; });
  spread("--power", o.power, q, [](CompareSubject& s, double v) { s.power_w = v; });
  if (!o.fit.empty() + !o.mtbf_hours.empty() + !o.afr_percent.empty() > 1)
    throw ConfigError({"--fit", "is said more than once", "one of --fit, --mtbf-hours, --afr-percent", ""});
  spread("--fit", o.fit, q, [](CompareSubject& s, double v) { s.fit = v; });
  const auto check = [](const char* flag, double value, double low, double high) {
    if (!(value >= low && value <= high))
      throw ConfigError({flag, fmt::format("is {:g}", value), fmt::format("{:g} to {:g}", low, high), ""});
  };
  spread("--mtbf-hours", o.mtbf_hours, q, [&](CompareSubject& s, double v) {
    check("--mtbf-hours", v, 1, 1e15);
    s.fit = fit_of_mtbf(v);
  });
  spread("--afr-percent", o.afr_percent, q, [&](CompareSubject& s, double v) {
    check("--afr-percent", v, 0, 99.9);
    s.fit = fit_of_afr(v / 100);
  });
}

CompareQuestion compare_question(const CompareOptions& o) {
  CompareQuestion q;
  for (const std::string& type : o.types) {
    CompareSubject subject;
    subject.name = type;
    q.subjects.push_back(subject);
  }
  if (q.subjects.empty()) {
    throw ConfigError({"type", "is missing", "PMDs or modules, or --as-published",
                       "lightlane compare 100GBASE-LR4 100GBASE-LR1"});
  }
  set_figures(o, q);
  q.plant = cli::question_of(o.plant);
  q.temperature_given = o.temperature_c.has_value();
  q.case_temperature_c = o.temperature_c.value_or(q.case_temperature_c);
  q.degradation_percent = o.degradation_percent.value_or(0);
  q.low_c = o.low_c;
  q.high_c = o.high_c;
  q.cages = o.cages;
  q.years = o.years.value_or(q.years);
  if (!o.host.empty()) {
    if (o.cages) throw ConfigError({"--switch", "beside --cages", "one of them", ""});
    q.host = catalog::find_switch(o.host);
    if (q.host == nullptr) {
      std::vector<std::string_view> names;
      for (const catalog::Switch& s : catalog::switches()) names.push_back(s.id);
      throw ConfigError({"--switch", "'" + o.host + "' is not in the catalogue", similar_names(o.host, names),
                         "see lightlane catalog list --kind switch"});
    }
  }
  return q;
}

int run_published(const CompareOptions& o) {
  const bool others = !o.types.empty() || any_given(o.plant) || !o.price.empty() || !o.power.empty() ||
                      !o.fit.empty() || !o.mtbf_hours.empty() || !o.afr_percent.empty() || o.cages ||
                      !o.host.empty() || !o.power_svg.empty() || !o.margin_svg.empty() || o.format == "csv";
  if (others) {
    throw ConfigError({"--as-published", "compares LR4 with LR1 as the guide does",
                       "--temperature-c, --degradation-percent, --years",
                       "lightlane budget --as-published and lightlane tco --as-published have its others"});
  }
  const auto& defaults = published_guide().performance;
  const PublishedPerformance p = with_flags([&] {
    return published_performance(o.temperature_c.value_or(defaults.temperature_c),
                                 o.degradation_percent.value_or(defaults.degradation_percent),
                                 o.years.value_or(5));
  });
  if (o.format == "json")
    fmt::print("{}\n", to_json(p).dump(2));
  else
    print_text(p);
  return ok;
}

}  // namespace

int run_compare(const CompareOptions& o) {
  if (o.as_published) return run_published(o);
  const CompareQuestion q = compare_question(o);
  const Comparison result = with_flags([&] { return compare(q); });
  if (!o.power_svg.empty()) io::write_file(o.power_svg, power_curve_svg(result));
  if (!o.margin_svg.empty()) io::write_file(o.margin_svg, margin_curve_svg(result, q));
  if (o.format == "json")
    fmt::print("{}\n", to_json(result).dump(2));
  else if (o.format == "csv")
    fmt::print("{}", compare_csv(result));
  else
    print_text(result, o.currency);
  return ok;
}

}  // namespace lightlane::cli
