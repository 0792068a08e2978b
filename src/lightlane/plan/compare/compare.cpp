#include "lightlane/plan/compare/compare.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lightlane/base/error.hpp"
#include "lightlane/catalog/resolver.hpp"
#include "lightlane/math/elementary.hpp"
#include "lightlane/plan/cost/cost_math.hpp"
#include "lightlane/plan/names.hpp"

namespace lightlane::plan {
namespace {

using catalog::Limit;

constexpr int default_cages = 32;

void check_number(const std::string& place, const std::optional<double>& value, double low, double high) {
  if (value && !(*value >= low && *value <= high))
    throw ConfigError({place, fmt::format("is {:g}", *value), fmt::format("{:g} to {:g}", low, high), ""});
}

void check_question(const CompareQuestion& q) {
  if (q.subjects.empty()) throw ConfigError({"type", "is missing", "PMDs or modules, one or more", ""});
  check_number("temperature_c", q.case_temperature_c, -60, 150);
  check_number("low_c", q.low_c, -60, 150);
  check_number("high_c", q.high_c, q.low_c, 150);
  check_number("years", q.years, 0.01, 100);
  check_number("degradation_percent", q.degradation_percent, 0, 90);
  if (q.cages) check_number("cages", *q.cages, 1, 10000);
  for (const CompareSubject& s : q.subjects) {
    check_number("unit_price of " + s.name, s.unit_price, 0, 1e9);
    check_number("power_w of " + s.name, s.power_w, 0, 1000);
    check_number("fit of " + s.name, s.fit, 0, 1e9);
  }
}

ComparedValue from(const Limit& first, const Limit& second = {}) {
  const Limit& limit = first ? first : second;
  if (!limit) return {};
  return {limit->value, limit->confidence, std::string(limit->source)};
}

void name_type(const CompareSubject& subject, ComparedType& out) {
  out.name = subject.name;
  out.module = catalog::find_module(subject.name);
  out.pmd = out.module != nullptr ? catalog::find_pmd(out.module->pmd) : nullptr;
  if (out.module == nullptr) out.pmd = &catalog::pmd_named(subject.name, "type");
  if (out.pmd == nullptr) {
    throw ConfigError(
        {"type", fmt::format("'{}' has {}, which is not in the catalogue", subject.name, out.module->pmd), "",
         ""});
  }
  if (out.module != nullptr && out.module->ports) out.ports = static_cast<int>(out.module->ports->value);
  out.rate_gbps = out.pmd->rate_gbps * out.ports;
}

void add_signal(ComparedType& out) {
  const catalog::Pmd& pmd = *out.pmd;
  const int bits = bits_per_symbol(pmd.modulation);
  if (pmd.lanes > 0 && pmd.lane_rate_gbd > 0 && bits > 0)
    out.line_rate_gbps = pmd.lanes * pmd.lane_rate_gbd * bits;
  out.code = code_of(pmd.fec.kind);
  if (pmd.lane_rate_gbd > 0) {
    out.symbol_period_ps = symbol_period_ps(pmd.lane_rate_gbd);
    out.receiver_bandwidth_ghz = receiver_bandwidth_ghz(pmd.lane_rate_gbd);
  }
  if (const int levels = levels_of(pmd.modulation); levels > 0) {
    out.level_penalty_electrical_db = level_penalty_electrical_db(levels);
    out.level_penalty_optical_db = level_penalty_optical_db(levels);
  }
  out.reach.assign(pmd.reach.begin(), pmd.reach.end());
}

void add_power(const CompareSubject& subject, double case_c, ComparedType& out) {
  const catalog::Pmd& pmd = *out.pmd;
  const catalog::Module* m = out.module;
  // A module of several ports draws more than its PMD's module would.
  const bool one = out.ports == 1;
  const Limit none, pmd_typical = one ? pmd.power.typical_w : none, pmd_max = one ? pmd.power.max_w : none;
  out.typical_w =
      m != nullptr ? from(m->power_typical_w, m->power_max_w ? none : pmd_typical) : from(pmd_typical);
  out.max_w = m != nullptr ? from(m->power_max_w, pmd_max) : from(pmd_max);
  if (subject.power_w) out.typical_w = {*subject.power_w, std::nullopt, "given"};
  if (m != nullptr) out.case_max_c = from(m->case_temperature_max_c);
  if (one) out.curve = power_curve(pmd);
  if (out.curve) out.curve_w = out.curve->at(case_c);
  const auto per_bit = [&](const ComparedValue& w) {
    return w.value && out.rate_gbps > 0 ? std::optional(1000 * *w.value / out.rate_gbps) : std::nullopt;
  };
  out.typical_mw_per_gbps = per_bit(out.typical_w);
  out.max_mw_per_gbps = per_bit(out.max_w);
}

void add_partners(ComparedType& out) {
  const catalog::Pmd& pmd = *out.pmd;
  if (out.ports > 1) out.breakout.push_back(fmt::format("{} x {}", out.ports, pmd.id));
  for (const std::string_view partner : pmd.breakout) out.breakout.emplace_back(partner);
  if (out.module != nullptr) {
    out.form_factors.emplace_back(out.module->form_factor);
  } else {
    for (const std::string_view form : pmd.form_factors) out.form_factors.emplace_back(form);
  }
  for (const std::string_view id : pmd.cmis.media_ids)
    out.management.push_back(fmt::format("CMIS media {}", id));
  for (const std::string_view id : pmd.cmis.sff8636_codes)
    out.management.push_back(fmt::format("SFF-8636 {}", id));
}

void add_reliability(const CompareSubject& subject, double years, ComparedType& out) {
  out.unit_price = subject.unit_price;
  if (subject.unit_price && out.rate_gbps > 0) out.price_per_gbps = *subject.unit_price / out.rate_gbps;
  out.fit = subject.fit;
  if (!subject.fit) return;
  out.afr = afr_of_fit(*subject.fit);
  out.survival = 1 - afr_of_fit(*subject.fit * years);
}

ComparedDensity density_of(const CompareQuestion& q, const ComparedType& type) {
  ComparedDensity out;
  const auto add = [&](int cages, double rate) {
    out.cages += cages;
    out.capacity_tbps += cages * rate / 1000;
    out.ports_100g += cages * static_cast<int>(rate / 100);
  };
  if (q.host == nullptr) {
    add(q.cages.value_or(default_cages), type.rate_gbps);
  } else {
    for (const catalog::SwitchPorts& ports : q.host->ports) {
      const catalog::Cage* cage = catalog::find_cage(ports.cage);
      const bool fits = cage != nullptr && std::any_of(type.form_factors.begin(), type.form_factors.end(),
                                                       [&](const std::string& f) {
                                                         const catalog::CageFit* fit = cage->fit(f);
                                                         return fit != nullptr && fit->fits;
                                                       });
      if (fits)
        add(ports.count(),
            std::min(type.rate_gbps, ports.rate_gbps ? ports.rate_gbps->value : type.rate_gbps));
    }
  }
  const auto all = [&](const ComparedValue& w) {
    return w.value ? std::optional(*w.value * out.cages) : std::nullopt;
  };
  out.typical_w = all(type.typical_w);
  out.max_w = all(type.max_w);
  return out;
}

double degradation_db(const CompareQuestion& q) {
  return q.degradation_percent > 0 ? -math::to_db(1 - q.degradation_percent / 100) : 0;
}

Question plant_for(const CompareQuestion& q, const ComparedType& type, std::optional<double> length_m) {
  Question plant = q.plant;
  plant.near = type.pmd;
  plant.far = nullptr;
  plant.yield.reset();
  plant.ageing_db += degradation_db(q);
  if (plant.segments.empty()) plant.segments.resize(1);
  if (length_m) plant.segments.front().length_m = length_m;
  return plant;
}

const catalog::Fibre& fibre_of(const Question& plant, const catalog::Pmd& pmd) {
  if (plant.segments.front().fibre != nullptr) return *plant.segments.front().fibre;
  return fibre_named(pmd.fibre == catalog::FibreKind::single_mode ? "G.652.D" : "OM4", "fibre");
}

/// The shortest of their reaches, where the plant has no length.
double length_of(const CompareQuestion& q, const std::vector<ComparedType>& types, Comparison& answer) {
  if (!q.plant.segments.empty() && q.plant.segments.front().length_m)
    return *q.plant.segments.front().length_m;
  std::optional<double> least;
  for (const ComparedType& type : types) {
    try {
      const auto reach = budget(plant_for(q, type, std::nullopt)).rated_reach_m;
      if (reach) least = std::min(*reach, least.value_or(*reach));
    } catch (const ConfigError& error) {
      // A fibre that does not suit is said below, with the length.
      if (error.detail().place != "length_m" && !error.detail().place.starts_with("fibre ")) throw;
    }
  }
  if (!least)
    throw ConfigError(
        {"length_m", "is not given, and none of them has a reach on this fibre", "a length", ""});
  answer.assumed.push_back({"length: the shortest reach of them", *least, "m", {}, "default"});
  return *least;
}

void add_plant(const CompareQuestion& q, double length_m, ComparedType& type, Comparison& answer) {
  const Question plant = plant_for(q, type, length_m);
  try {
    type.budget = budget(plant);
    for (const Assumption& a : type.budget->assumed) {
      const bool known = std::any_of(answer.assumed.begin(), answer.assumed.end(), [&](const Assumption& b) {
        return a.what == b.what && a.value == b.value;
      });
      if (!known) answer.assumed.push_back(a);
    }
    for (const Reason& r : type.budget->reasons)
      answer.reasons.push_back({r.code, type.name + ": " + r.text, r.cure});
  } catch (const ConfigError& error) {
    if (!error.detail().place.starts_with("fibre ")) throw;  // a figure out of range is the same for all
    type.no_budget = fmt::format("{} {}", error.detail().place, error.detail().problem);
    answer.reasons.push_back({"PLANT", type.name + ": " + type.no_budget, error.detail().allowed});
  }
  type.delay = delay_terms(*type.pmd, fibre_of(plant, *type.pmd), length_m);
  type.delay_ns = delay_ns(type.delay);
}

template <class Get>
std::optional<std::size_t> best(const std::vector<ComparedType>& types, Get get, bool most) {
  std::size_t found = 0;
  for (std::size_t i = 0; i < types.size(); ++i) {
    const std::optional<double> value = get(types[i]);
    if (!value) return std::nullopt;
    const double leader = *get(types[found]);
    if (most ? *value > leader : *value < leader) found = i;
  }
  return found;
}

}  // namespace

std::optional<double> ComparedType::margin_db() const noexcept {
  if (!budget || budget->directions.empty()) return std::nullopt;
  std::optional<double> least;
  for (const Direction& d : budget->directions) {
    if (!d.margin_db) return std::nullopt;
    least = std::min(*d.margin_db, least.value_or(*d.margin_db));
  }
  return least;
}

Comparison compare(const CompareQuestion& q) {
  check_question(q);
  Comparison answer;
  answer.case_temperature_c = q.case_temperature_c;
  answer.years = q.years;
  answer.degradation_db = degradation_db(q);
  answer.low_c = q.low_c;
  answer.high_c = q.high_c;
  for (const CompareSubject& subject : q.subjects) {
    ComparedType type;
    name_type(subject, type);
    add_signal(type);
    add_power(subject, q.case_temperature_c, type);
    add_partners(type);
    add_reliability(subject, q.years, type);
    type.density = density_of(q, type);
    answer.types.push_back(std::move(type));
  }
  answer.length_m = length_of(q, answer.types, answer);
  for (ComparedType& type : answer.types) add_plant(q, answer.length_m, type, answer);
  if (!q.temperature_given)
    answer.assumed.push_back({"case temperature", q.case_temperature_c, "C", {}, "default"});
  if (!q.cages && q.host == nullptr)
    answer.assumed.push_back({"cages in a switch", default_cages, "", {}, "default: usual in 1 U"});
  answer.most_margin = best(
      answer.types, [](const ComparedType& t) { return t.margin_db(); }, true);
  answer.least_power = best(
      answer.types, [](const ComparedType& t) { return t.typical_mw_per_gbps; }, false);
  answer.least_delay = best(
      answer.types, [](const ComparedType& t) { return t.delay_ns; }, false);
  answer.least_price = best(
      answer.types, [](const ComparedType& t) { return t.price_per_gbps; }, false);
  return answer;
}

std::vector<std::pair<double, double>> margin_curve(const CompareQuestion& q, const ComparedType& type,
                                                    double longest_m, int points) {
  std::vector<std::pair<double, double>> out;
  ComparedType at = type;
  for (int i = 0; i < points; ++i) {
    const double length_m = longest_m * i / (points - 1);
    double margin = std::nan("");
    try {
      at.budget = budget(plant_for(q, type, length_m));
      margin = at.margin_db().value_or(margin);
    } catch (const ConfigError&) {  // a gap: compare() said why
    }
    out.emplace_back(length_m, margin);
  }
  return out;
}

}  // namespace lightlane::plan
