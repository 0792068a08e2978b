#include <cmath>

#include "cli/plan/answer_report.hpp"
#include "cli/plan/tco_report.hpp"

namespace lightlane::cli {
namespace {

using Json = nlohmann::ordered_json;
using plan::TcoCost;

Json item(const plan::TcoItemCost& i) {
  return {{"part", i.part},
          {"quantity", i.quantity},
          {"price", json_finite(i.price)},
          {"power_w", json_finite(i.power_w)},
          {"fit", json_finite(i.fit)},
          {"afr", json_finite(i.afr)},
          {"arrhenius_factor", json_finite(i.arrhenius)},
          {"failures_per_year", json_finite(i.failures_per_year)},
          {"spares", json_finite(i.spares)}};
}

Json year(const plan::TcoYear& y) {
  return {{"year", y.year},
          {"capex", json_finite(y.capex)},
          {"energy", json_finite(y.energy)},
          {"repair", json_finite(y.repair)},
          {"downtime", json_finite(y.downtime)},
          {"maintenance", json_finite(y.maintenance)},
          {"residual", json_finite(y.residual)},
          {"total", json_finite(y.total)},
          {"cumulative", json_finite(y.cumulative)},
          {"present", json_finite(y.present)},
          {"cumulative_present", json_finite(y.cumulative_present)}};
}

Json saving(const plan::TcoSaving& s) {
  return {{"capex", json_finite(s.capex)},
          {"capex_share", json_finite(s.capex_share)},
          {"power_w", json_finite(s.power_w)},
          {"kwh_per_year", json_finite(s.kwh_per_year)},
          {"kwh", json_finite(s.kwh)},
          {"energy", json_finite(s.energy)},
          {"energy_share", json_finite(s.energy_share)},
          {"repair", json_finite(s.repair)},
          {"total", json_finite(s.total)},
          {"total_share", json_finite(s.total_share)},
          {"npv", json_finite(s.npv)},
          {"npv_share", json_finite(s.npv_share)},
          {"break_even_year", json_number(s.break_even_year)},
          {"cheaper_at_first", s.cheaper_at_first},
          {"cheaper_at_end", s.cheaper_at_end}};
}

Json alternative(const TcoCost& a) {
  Json out = {{"name", a.name},
              {"equipment", json_finite(a.equipment)},
              {"spares_cost", json_finite(a.spares_cost)},
              {"cabling", json_finite(a.cabling)},
              {"installation", json_finite(a.installation)},
              {"capex", json_finite(a.capex)},
              {"capex_known", a.capex_known},
              {"power_w", json_finite(a.power_w)},
              {"power_known_w", a.power_known_w},
              {"kwh_per_year", json_finite(a.kwh_per_year)},
              {"kwh", json_finite(a.kwh)},
              {"failures_per_year", json_finite(a.failures_per_year)},
              {"spares", json_finite(a.spares)},
              {"energy", json_finite(a.energy)},
              {"repair", json_finite(a.repair)},
              {"downtime", json_finite(a.downtime)},
              {"maintenance", json_finite(a.maintenance)},
              {"residual", json_finite(a.residual)},
              {"total", json_finite(a.total)},
              {"npv", json_finite(a.npv)}};
  out["availability"] = Json();
  if (a.availability) {
    out["availability"] = {{"availability", a.availability->availability()},
                           {"unavailability", a.availability->unavailability},
                           {"text", availability_text(a.availability->unavailability)},
                           {"nines", json_finite(a.availability->nines)},
                           {"minutes_per_year", a.availability->minutes_per_year}};
  }
  out["items"] = Json::array();
  for (const plan::TcoItemCost& i : a.items) out["items"].push_back(item(i));
  out["years"] = Json::array();
  for (const plan::TcoYear& y : a.years) out["years"].push_back(year(y));
  return out;
}

}  // namespace

Json json_finite(double value) { return std::isfinite(value) ? Json(value) : Json(); }

Json to_json(const plan::Tco& t, double sensitivity) {
  Json out = {{"years", t.years},
              {"currency", t.currency},
              {"cheapest", t.cheapest ? Json(t.alternatives[*t.cheapest].name) : Json()},
              {"target_met", t.target_met ? Json(*t.target_met) : Json()},
              {"alternatives", Json::array()}};
  for (std::size_t i = 0; i < t.alternatives.size(); ++i) {
    Json a = alternative(t.alternatives[i]);
    if (i > 0) a["saving"] = saving(t.savings[i]);
    a["sensitivity"] = Json::array();
    for (const plan::TcoSwing& s : t.swings[i]) {
      a["sensitivity"].push_back({{"what", s.what},
                                  {"base", json_finite(s.base)},
                                  {"low", json_finite(s.low)},
                                  {"high", json_finite(s.high)},
                                  {"npv_at_low", s.npv_at_low},
                                  {"npv_at_high", s.npv_at_high},
                                  {"swing", s.swing()}});
    }
    out["alternatives"].push_back(std::move(a));
  }
  out["sensitivity_percent"] = 100 * sensitivity;
  out["reasons"] = to_json(t.reasons);
  out["unknown"] = t.unknown;
  out["assumed"] = to_json(t.assumed);
  return out;
}

Json to_json(const std::vector<plan::GuideCheck>& checks) {
  Json out = Json::array();
  for (const plan::GuideCheck& c : checks) {
    out.push_back({{"what", c.what},
                   {"published", c.published},
                   {"reckoned", c.reckoned},
                   {"unit", c.unit},
                   {"fit", plan::name(c.fit)},
                   {"why", c.why}});
  }
  return out;
}

Json to_json(const plan::PublishedCost& p) {
  const plan::PublishedCostInputs& in = p.inputs;
  Json out = {{"source", plan::published_guide().source},
              {"confidence", plan::published_guide().confidence},
              {"inputs",
               {{"ports", in.ports},
                {"electricity_per_kwh", in.electricity_per_kwh},
                {"years", in.years},
                {"existing_ports", in.existing_ports},
                {"new_ports", in.new_ports},
                {"growth_percent", in.growth_percent}}}};
  Json& three = out["tco"] = {{"published", Json::array()},
                              {"saving", p.saving},
                              {"saving_percent", p.saving_percent},
                              {"model", to_json(p.model, 0.2)},
                              {"differences", p.differences}};
  for (const plan::PublishedTotal& t : p.totals) {
    three["published"].push_back({{"name", t.name},
                                  {"total", t.total},
                                  {"energy", t.energy},
                                  {"hidden_cost_per_port", t.hidden_cost_per_port}});
  }
  out["migration"] = {{"ports", p.migration_ports},
                      {"ports_reckoned", p.migration_ports_reckoned},
                      {"saving_kwh", p.migration_saving_kwh},
                      {"saving_kwh_reckoned", p.migration_saving_kwh_reckoned},
                      {"status", p.status},
                      {"recommendation", p.recommendation}};
  out["checks"] = to_json(p.checks);
  return out;
}

}  // namespace lightlane::cli
