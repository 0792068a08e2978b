#include <cmath>

#include "cli/plan/answer_report.hpp"
#include "cli/plan/budget_report.hpp"
#include "cli/plan/compare_report.hpp"
#include "cli/plan/tco_report.hpp"

namespace lightlane::cli {
namespace {

using Json = nlohmann::ordered_json;
using plan::ComparedType;

Json value(const plan::ComparedValue& v) {
  return {{"value", json_number(v.value)},
          {"confidence", v.confidence ? Json(catalog::name(*v.confidence)) : Json()},
          {"source", v.source}};
}

Json signal(const ComparedType& t) {
  const catalog::Pmd& pmd = *t.pmd;
  Json out = {{"lanes", pmd.lanes > 0 ? Json(pmd.lanes) : Json()},
              {"modulation", catalog::name(pmd.modulation)},
              {"symbol_rate_gbd", pmd.lane_rate_gbd > 0 ? Json(pmd.lane_rate_gbd) : Json()},
              {"symbol_period_ps", json_number(t.symbol_period_ps)},
              {"line_rate_gbps", json_number(t.line_rate_gbps)},
              {"receiver_bandwidth_ghz", json_number(t.receiver_bandwidth_ghz)},
              {"level_penalty_electrical_db", json_number(t.level_penalty_electrical_db)},
              {"level_penalty_optical_db", json_number(t.level_penalty_optical_db)},
              {"fec", pmd.fec.text},
              {"fec_kind", catalog::name(pmd.fec.kind)}};
  out["code"] = Json();
  if (t.code)
    out["code"] = {
        {"n", t.code->n}, {"k", t.code->k}, {"rate", t.code->rate()}, {"overhead", t.code->overhead()}};
  return out;
}

Json medium(const ComparedType& t) {
  const catalog::Pmd& pmd = *t.pmd;
  Json out = {{"fibre", catalog::name(pmd.fibre)},
              {"fibre_count", pmd.fibre_count > 0 ? Json(pmd.fibre_count) : Json()},
              {"connector", catalog::name(pmd.connector)},
              {"wavelengths_nm", Json::array()},
              {"reach", Json::array()}};
  for (const catalog::Wavelength& w : pmd.wavelengths) out["wavelengths_nm"].push_back(w.nominal_nm);
  for (const catalog::Reach& r : t.reach) {
    out["reach"].push_back({{"fibre", r.fibre},
                            {"length_m", r.length_m.value},
                            {"confidence", catalog::name(r.length_m.confidence)},
                            {"source", r.length_m.source}});
  }
  return out;
}

Json power(const ComparedType& t, const plan::Comparison& c) {
  Json out = {{"typical_w", value(t.typical_w)},
              {"max_w", value(t.max_w)},
              {"typical_mw_per_gbps", json_number(t.typical_mw_per_gbps)},
              {"max_mw_per_gbps", json_number(t.max_mw_per_gbps)},
              {"case_temperature_max_c", value(t.case_max_c)}};
  Json& devices = out["typical_devices"] = Json();
  if (t.curve) {
    devices = {{"case_temperature_c", c.case_temperature_c},
               {"power_w", json_number(t.curve_w)},
               {"confidence", catalog::name(t.curve->confidence)},
               {"source", t.curve->source},
               {"parts", Json::array()},
               {"curve", Json::array()}};
    for (const plan::PowerPart& part : t.curve->parts) {
      devices["parts"].push_back({{"name", part.name},
                                  {"power_w", part.at(c.case_temperature_c)},
                                  {"per_kelvin_w", part.per_kelvin_w}});
    }
    for (int k = 0; k <= 10; ++k) {
      const double at = c.low_c + (c.high_c - c.low_c) * k / 10;
      devices["curve"].push_back({{"case_temperature_c", at}, {"power_w", t.curve->at(at)}});
    }
  }
  return out;
}

Json delay(const ComparedType& t) {
  Json out = {{"ns", json_number(t.delay_ns)}, {"terms", Json::array()}};
  for (const plan::DelayTerm& term : t.delay) {
    out["terms"].push_back({{"what", term.what},
                            {"ns", json_number(term.ns)},
                            {"basis", term.basis},
                            {"confidence", catalog::name(term.confidence)}});
  }
  return out;
}

Json type_json(const ComparedType& t, const plan::Comparison& c) {
  Json out = {{"name", t.name},
              {"pmd", t.pmd->id},
              {"module", t.module != nullptr ? Json(t.module->id) : Json()},
              {"ports", t.ports},
              {"rate_gbps", t.rate_gbps}};
  out["signal"] = signal(t);
  out["medium"] = medium(t);
  out["power"] = power(t, c);
  out["margin_db"] = json_number(t.margin_db());
  out["budget"] = t.budget ? to_json(*t.budget) : Json();
  out["no_budget"] = t.no_budget;
  out["delay"] = delay(t);
  out["unit_price"] = json_number(t.unit_price);
  out["price_per_gbps"] = json_number(t.price_per_gbps);
  out["reliability"] = {
      {"fit", json_number(t.fit)}, {"afr", json_number(t.afr)}, {"survival", json_number(t.survival)}};
  out["density"] = {{"cages", t.density.cages},
                    {"capacity_tbps", t.density.capacity_tbps},
                    {"ports_100g", t.density.ports_100g},
                    {"typical_w", json_number(t.density.typical_w)},
                    {"max_w", json_number(t.density.max_w)}};
  out["breakout"] = t.breakout;
  out["form_factors"] = t.form_factors;
  out["management"] = t.management;
  return out;
}

}  // namespace

Json to_json(const plan::Comparison& c) {
  const auto name = [&](const std::optional<std::size_t>& i) { return i ? Json(c.types[*i].name) : Json(); };
  Json out = {{"length_m", c.length_m},
              {"degradation_db", c.degradation_db},
              {"case_temperature_c", c.case_temperature_c},
              {"years", c.years},
              {"most_margin", name(c.most_margin)},
              {"least_power_per_bit", name(c.least_power)},
              {"least_delay", name(c.least_delay)},
              {"least_price_per_gbps", name(c.least_price)},
              {"types", Json::array()}};
  for (const ComparedType& t : c.types) out["types"].push_back(type_json(t, c));
  out["reasons"] = to_json(c.reasons);
  out["assumed"] = to_json(c.assumed);
  return out;
}

Json to_json(const plan::PublishedPerformance& p) {
  Json out = {{"source", plan::published_guide().source},
              {"confidence", plan::published_guide().confidence},
              {"temperature_c", plan::published_guide().performance.temperature_c},
              {"degradation_percent", p.degradation_percent},
              {"years", p.years},
              {"published", Json::array()}};
  for (const plan::PublishedColumnOfTwo& c : p.columns) {
    out["published"].push_back({{"name", c.name},
                                {"power_w", c.power_w},
                                {"reliability_percent", c.reliability_percent},
                                {"afr_percent", c.afr_percent},
                                {"survival_percent", c.survival_percent},
                                {"latency_ns", {c.latency_low_ns, c.latency_high_ns}},
                                {"module_delay_ns", json_finite(c.module_delay_ns)},
                                {"component_power_w", {c.component_power_low_w, c.component_power_high_w}}});
  }
  out["correct"] = to_json(p.correct);
  out["checks"] = to_json(p.checks);
  out["differences"] = p.differences;
  return out;
}

}  // namespace lightlane::cli
