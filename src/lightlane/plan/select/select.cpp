#include "lightlane/plan/select/select.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "lightlane/base/error.hpp"
#include "lightlane/plan/budget/budget_terms.hpp"
#include "lightlane/plan/names.hpp"

namespace lightlane::plan {
namespace {

using namespace catalog;

constexpr double light_m_per_ns = 0.299792458;

std::optional<double> number(const Limit& limit) {
  return limit ? std::optional(limit->value) : std::nullopt;
}

void check(const Requirements& r) {
  const auto range = [](const std::optional<double>& value, double low, double high, std::string_view place,
                        std::string_view unit) {
    if (value && !(*value >= low && *value <= high)) {
      throw ConfigError({std::string(place), fmt::format("is {:g}", *value),
                         fmt::format("{:g} to {:g} {}", low, high, unit), ""});
    }
  };
  range(r.power_max_w, 0, 1000, "power_max_w", "W");
  range(r.latency_max_ns, 0, 1e9, "latency_max_ns", "ns");
  range(r.price_max, 0, 1e9, "price_max", "");
  range(r.case_temperature_c, -60, 125, "case_temperature_c", "C");
  for (const Price& price : r.prices) {
    range(price.each, 0, 1e9, fmt::format("price of {}", price.name), "");
    if (find_pmd(price.name) == nullptr && find_module(price.name) == nullptr)
      throw ConfigError({"price", fmt::format("is of '{}', which is no PMD and no module", price.name),
                         "a name of the catalogue", "see lightlane catalog search"});
  }
}

/// Every module, and every PMD that no module stands for.
std::vector<LinkEnd> all_ends(const LinkEnd& seat) {
  std::vector<LinkEnd> out;
  for (const Pmd& pmd : pmds()) {
    bool any = false;
    for (const Module& module : modules()) {
      if (find_pmd(module.pmd) != &pmd) continue;
      any = true;
      LinkEnd end = seat;
      end.pmd = &pmd;
      end.module = &module;
      out.push_back(end);
    }
    if (any) continue;
    LinkEnd end = seat;
    end.pmd = &pmd;
    end.module = nullptr;
    out.push_back(end);
  }
  return out;
}

void require_plant(const Requirements& r, const Pmd& pmd, std::vector<Reason>& reasons) {
  if (r.plant_connector != PmdConnector::unknown && pmd.connector != r.plant_connector &&
      pmd.connector != PmdConnector::unknown) {
    reasons.push_back({"CONNECTOR",
                       fmt::format("the plant ends in {}, {} has {}", shown(r.plant_connector), pmd.id,
                                   shown(pmd.connector)),
                       "re-terminate the plant, or cassettes", Severity::refusal});
  }
  if (r.fibres && pmd.fibre_count > *r.fibres) {
    reasons.push_back({"FIBRE_COUNT",
                       fmt::format("{} fibres are there, {} uses {}", *r.fibres, pmd.id, pmd.fibre_count), "",
                       Severity::refusal});
  }
}

/// Where nobody can say what is left at that length, the type's own reach decides.
void require_reach(const Requirements& r, Candidate& c) {
  const bool given = !r.plant.segments.empty() && r.plant.segments[0].length_m;
  if (!given || !c.reach_m || c.margin_db) return;
  double length_m = 0;
  for (const Segment& segment : r.plant.segments) length_m += segment.length_m.value_or(0);
  if (length_m <= *c.reach_m) return;
  const auto amplified =
      std::find_if(c.end.pmd->reach.begin(), c.end.pmd->reach.end(), [&](const Reach& reach) {
        return reach.fibre.find(" amplified") != std::string_view::npos && reach.length_m.value >= length_m;
      });
  if (amplified != c.end.pmd->reach.end()) {
    c.reasons.push_back({"REACH", fmt::format("{:g} m with optical amplifiers only", length_m),
                         "amplifiers, and their OSNR", Severity::condition});
  } else {
    c.reasons.push_back({"REACH", fmt::format("made for {:g} m", *c.reach_m), "", Severity::refusal});
  }
}

void require_limits(const Requirements& r, Candidate& c) {
  if (r.power_max_w) {
    if (!c.power_max_w) {
      c.reasons.push_back({"POWER", "its largest power is not known", "", Severity::unknown});
    } else if (*c.power_max_w > *r.power_max_w) {
      c.reasons.push_back({"POWER",
                           fmt::format("draws up to {:g} W of {:g} W", *c.power_max_w, *r.power_max_w), "",
                           Severity::refusal});
    }
  }
  if (r.latency_max_ns && c.latency_ns > *r.latency_max_ns) {
    c.reasons.push_back({"LATENCY",
                         fmt::format("takes {:.0f} ns at least, of {:g} ns", c.latency_ns, *r.latency_max_ns),
                         "", Severity::refusal});
  }
  if (r.price_max && c.price && *c.price > *r.price_max) {
    c.reasons.push_back(
        {"PRICE", fmt::format("costs {:g} of {:g}", *c.price, *r.price_max), "", Severity::refusal});
  } else if (r.price_max && !c.price) {
    c.reasons.push_back({"PRICE", "its price was not given", "", Severity::unknown});
  }
  if (!r.case_temperature_c) return;
  const Limit* most = c.end.module == nullptr ? nullptr : &c.end.module->case_temperature_max_c;
  if (most == nullptr || !*most) {
    c.reasons.push_back({"TEMPERATURE", "its temperature range is not known", "", Severity::advice});
  } else if ((*most)->value < *r.case_temperature_c) {
    c.reasons.push_back(
        {"TEMPERATURE",
         fmt::format("stands {:g} C, {:g} C are required", (*most)->value, *r.case_temperature_c), "",
         Severity::refusal});
  }
}

Candidate judge(const Requirements& r, const LinkEnd& end) {
  Candidate c;
  c.end = end;
  InteropQuestion q;
  q.a = end;
  q.b = r.far.value_or(LinkEnd());
  if (!r.far) q.b.pmd = end.pmd;
  if (!r.far) q.b.module = end.module;
  q.plant = r.plant;
  double length_m = 0;
  try {
    Interop answer = interop(q);
    c.reasons = std::move(answer.reasons);
    c.reach_m = answer.reach_m;
    c.children = answer.children;
    if (answer.budget) {
      length_m = answer.budget->length_m;
      for (const Direction& d : answer.budget->directions) {
        if (!d.margin_db) {
          c.margin_db.reset();
          break;
        }
        c.margin_db = std::min(*d.margin_db, c.margin_db.value_or(*d.margin_db));
      }
    }
  } catch (const ConfigError& error) {  // the plant does not carry its wavelengths
    c.reasons = {{"MEDIA_KIND", error.what(), "", Severity::refusal}};
  }
  if (r.rate_gbps != 0 && end.pmd->rate_gbps != r.rate_gbps) {
    c.reasons.push_back({"RATE", fmt::format("carries {} Gb/s", end.pmd->rate_gbps), "", Severity::refusal});
  }
  c.power_max_w = end.module != nullptr ? number(end.module->power_max_w) : number(end.pmd->power.max_w);
  c.power_typical_w =
      end.module != nullptr ? number(end.module->power_typical_w) : number(end.pmd->power.typical_w);
  if (!c.power_max_w && end.module != nullptr) c.power_max_w = number(end.pmd->power.max_w);
  c.price = price_of(end, r.prices);
  c.latency_ns = fibre_latency_ns(r.plant, length_m) + fec_latency_floor_ns(*end.pmd);
  c.ports = end.module != nullptr && end.module->ports ? static_cast<int>(end.module->ports->value) : 1;
  require_reach(r, c);
  require_plant(r, *end.pmd, c.reasons);
  require_limits(r, c);
  std::stable_sort(c.reasons.begin(), c.reasons.end(),
                   [](const Reason& x, const Reason& y) { return x.severity > y.severity; });
  c.verdict = verdict_of(c.reasons);
  return c;
}

int rank(InteropVerdict verdict) {
  switch (verdict) {
    case InteropVerdict::ok:
      return 0;
    case InteropVerdict::conditional:
      return 1;
    case InteropVerdict::unknown:
      return 2;
    case InteropVerdict::no:
      break;
  }
  return 3;
}

/// Smaller is better; what is unknown comes last.
double merit(const Candidate& c, RankBy by) {
  constexpr double last = std::numeric_limits<double>::infinity();
  switch (by) {
    case RankBy::price:
      return c.price.value_or(last);
    case RankBy::power:
      return c.power_max_w.value_or(last) / c.ports;
    case RankBy::margin:
      break;
  }
  return c.margin_db ? -*c.margin_db : last;
}

long refusals(const Candidate& c) {
  return std::count_if(c.reasons.begin(), c.reasons.end(),
                       [](const Reason& r) { return r.severity == Severity::refusal; });
}

}  // namespace

std::string_view name(RankBy by) noexcept {
  constexpr std::string_view names[] = {"price", "power", "margin"};
  return names[static_cast<int>(by)];
}

std::optional<double> price_of(const LinkEnd& end, const std::vector<Price>& prices) {
  for (const Price& price : prices)
    if (end.module != nullptr && find_module(price.name) == end.module) return price.each;
  for (const Price& price : prices)
    if (find_pmd(price.name) == end.pmd) return price.each;
  return std::nullopt;
}

double fec_latency_floor_ns(const Pmd& pmd) noexcept {
  constexpr double codeword_544_bits = 5440, codeword_528_bits = 5280;
  switch (pmd.fec.kind) {
    case FecKind::kp4_clause119:
      return 2 * codeword_544_bits / (pmd.rate_gbps * 1.0625);
    case FecKind::kp4_clause91:
    case FecKind::kp4_clause134:
      return codeword_544_bits / (pmd.rate_gbps * 1.0625);
    case FecKind::kr4:
      return codeword_528_bits / (pmd.rate_gbps * 1.03125);
    default:
      return 0;
  }
}

double fibre_latency_ns(const Question& plant, double length_m) noexcept {
  constexpr double usual_group_index = 1.468;
  const Fibre* fibre = plant.segments.empty() ? nullptr : plant.segments[0].fibre;
  const double index = fibre != nullptr && fibre->group_index ? fibre->group_index->value : usual_group_index;
  return length_m * index / light_m_per_ns;
}

Selection select(const Requirements& r) {
  check(r);
  check_ranges(r.plant);
  Selection out;
  for (const LinkEnd& end : all_ends(r.seat)) out.candidates.push_back(judge(r, end));
  const bool all_priced =
      !r.prices.empty() && std::all_of(out.candidates.begin(), out.candidates.end(),
                                       [](const Candidate& c) { return rank(c.verdict) > 1 || c.price; });
  out.ranked_by = r.rank_by.value_or(all_priced ? RankBy::price : RankBy::power);
  std::stable_sort(out.candidates.begin(), out.candidates.end(), [&](const Candidate& x, const Candidate& y) {
    if (rank(x.verdict) != rank(y.verdict)) return rank(x.verdict) < rank(y.verdict);
    if (rank(x.verdict) == 3) return refusals(x) < refusals(y);
    const double a = merit(x, out.ranked_by), b = merit(y, out.ranked_by);
    if (a != b) return a < b;
    return merit(x, RankBy::margin) < merit(y, RankBy::margin);
  });
  if (!r.far) out.assumed.push_back({"far end: the same type", std::nullopt, "", "", "default"});
  if (r.rate_gbps == 0) out.assumed.push_back({"rate: any", std::nullopt, "", "", "default"});
  if (r.plant.segments.empty() || !r.plant.segments[0].length_m)
    out.assumed.push_back({"length: the reach of each type", std::nullopt, "", "", "default"});
  if (!r.plant.connectors)
    out.assumed.push_back({"connectors: two pairs of what each type is made for, at their largest loss",
                           std::nullopt, "", "", "default"});
  if (r.plant_connector == PmdConnector::unknown)
    out.assumed.push_back({"the plant ends in what each type has", std::nullopt, "", "", "default"});
  return out;
}

}  // namespace lightlane::plan
