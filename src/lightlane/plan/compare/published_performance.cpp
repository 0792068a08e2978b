#include "lightlane/plan/compare/published_performance.hpp"

#include <fmt/format.h>

#include <cmath>

#include "lightlane/plan/cost/cost_math.hpp"

namespace lightlane::plan {
namespace {

/// What the modules and the FEC add to the fibre's delay.
double module_delay(const ComparedType& type) {
  double sum = 0;
  for (const DelayTerm& term : type.delay) {
    if (term.what == "fibre") continue;
    sum += term.ns.value_or(std::nan(""));
  }
  return sum;
}

void add_checks(const PublishedPerformance& p, std::vector<GuideCheck>& checks) {
  for (std::size_t i = 0; i < p.columns.size(); ++i) {
    const PublishedColumnOfTwo& c = p.columns[i];
    const ComparedType& t = p.correct.types[i];
    if (t.typical_w.value) {
      checks.push_back(
          guide_check("power of " + c.name, c.power_w, *t.typical_w.value, "W", 0.1,
                      fmt::format("typical by the catalogue ({}, {}), at most {}", t.typical_w.source,
                                  t.typical_w.confidence ? catalog::name(*t.typical_w.confidence) : "",
                                  t.max_w.value ? fmt::format("{:g} W", *t.max_w.value) : "unknown")));
    }
    checks.push_back(guide_range_check("power of " + c.name + ", its components", c.power_w,
                                       (c.component_power_low_w + c.component_power_high_w) / 2,
                                       c.component_power_low_w, c.component_power_high_w, c.power_w, "W",
                                       fmt::format("they add up to {:.1f} to {:.1f} W: the middle",
                                                   c.component_power_low_w, c.component_power_high_w)));
    checks.push_back(
        guide_check("reliability of " + c.name, c.reliability_percent, c.survival_percent, "%", 1,
                    fmt::format("at the {:g} % a year that the guide says, so many outlive {:g} years; of "
                                "what its percentage is, it does not say",
                                c.afr_percent, p.years)));
    if (!std::isnan(c.module_delay_ns)) {
      checks.push_back(guide_range_check(
          "latency of " + c.name + ", fibre left out", (c.latency_low_ns + c.latency_high_ns) / 2,
          c.module_delay_ns, c.latency_low_ns, c.latency_high_ns, c.module_delay_ns, "ns",
          fmt::format(
              "the guide has {:g} to {:g} ns, without a source; here typical devices (unverified) and the "
              "FEC's blocks",
              c.latency_low_ns, c.latency_high_ns)));
    }
  }
}

}  // namespace

PublishedPerformance published_performance(double case_temperature_c, double degradation_percent,
                                           double years) {
  const Guide& guide = published_guide();
  PublishedPerformance out;
  out.case_temperature_c = case_temperature_c;
  out.degradation_percent = degradation_percent;
  out.years = years;
  CompareQuestion q;
  q.case_temperature_c = case_temperature_c;
  q.temperature_given = true;
  q.degradation_percent = degradation_percent;
  q.years = years;
  for (const GuideModule& m : guide.modules) {
    CompareSubject subject;
    subject.name = m.pmd;
    q.subjects.push_back(subject);
  }
  out.correct = compare(q);
  for (std::size_t i = 0; i < guide.modules.size(); ++i) {
    const GuideModule& m = guide.modules[i];
    PublishedColumnOfTwo c;
    c.name = m.name;
    c.power_w = m.power_w;
    c.reliability_percent = m.reliability_percent;
    c.latency_low_ns = m.latency_low_ns;
    c.latency_high_ns = m.latency_high_ns;
    c.component_power_low_w = m.component_power_low_w;
    c.component_power_high_w = m.component_power_high_w;
    c.afr_percent = m.afr_percent;
    c.survival_percent = 100 * (1 - afr_of_fit(fit_of_afr(m.afr_percent / 100) * years));
    c.module_delay_ns = module_delay(out.correct.types[i]);
    out.columns.push_back(c);
  }
  add_checks(out, out.checks);
  out.differences = {
      fmt::format(
          "The guide's powers are single figures at {:g} C. How they change with temperature and with its "
          "\"signal quality degradation\" it does not say: here power over temperature is that of typical "
          "devices, and a signal degraded by so much has an OMA smaller by so much, which the margin loses.",
          guide.performance.temperature_c),
      "LR4 cools four lasers on a narrow grid, LR1 runs a PAM4 DSP and the FEC: which of them needs less "
      "hangs on "
      "the maker and the year.",
      "Reliability in per cent without a time is no figure that can be checked. Give FIT to compare: --fit.",
      "Both have a channel of 6.3 dB: over the same loss they have the same margin (at LR4's shortest "
      "wavelength the "
      "fibre loses a little more). lightlane budget --as-published says why the guide has them unequal.",
  };
  return out;
}

}  // namespace lightlane::plan
