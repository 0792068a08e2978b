#include <fmt/format.h>

#include "cli/plan/answer_report.hpp"
#include "cli/plan/power_report.hpp"
#include "lightlane/plan/csv.hpp"

namespace lightlane::cli {
namespace {

using Json = nlohmann::ordered_json;

Json value(const std::optional<catalog::Value>& v) {
  if (!v) return {};
  return {{"value", v->value}, {"confidence", catalog::name(v->confidence)}, {"source", v->source}};
}

Json split(const plan::ComponentSplit& s) {
  Json out = {{"low_w", s.low_w()}, {"high_w", s.high_w()}, {"confidence", catalog::name(s.confidence)},
              {"source", s.source}, {"note", s.note},       {"parts", Json::array()}};
  for (const plan::ComponentWatts& part : s.parts)
    out["parts"].push_back({{"name", part.name}, {"low_w", part.low_w}, {"high_w", part.high_w}});
  return out;
}

}  // namespace

Json to_json(const plan::ModuleWatts& m) {
  Json out = {{"module", m.module->id},
              {"pmd", m.pmd == nullptr ? Json() : Json(m.pmd->id)},
              {"rate_gbps", m.rate_gbps > 0 ? Json(m.rate_gbps) : Json()},
              {"media_lanes", m.media_lanes > 0 ? Json(m.media_lanes) : Json()},
              {"typical_w", value(m.typical_w)},
              {"max_w", value(m.max_w)},
              {"class", m.class_number > 0 ? Json(m.class_number) : Json()},
              {"class_max_w", value(m.class_w)},
              {"components_published", m.published == nullptr ? Json() : split(*m.published)},
              {"components_typical", m.devices ? split(*m.devices) : Json()},
              {"lane_modes", Json::array()}};
  for (const plan::LaneMode& mode : m.modes) {
    out["lane_modes"].push_back({{"lanes", mode.lanes},
                                 {"power_max_w", mode.power_max_w},
                                 {"confidence", catalog::name(mode.confidence)},
                                 {"source", mode.source}});
  }
  return out;
}

Json to_json(const plan::PowerAnswer& a) {
  Json out = {{"verdict", plan::name(a.verdict)},
              {"confidence", catalog::name(a.confidence)},
              {"ports", a.ports},
              {"populated", a.populated},
              {"capacity_gbps", a.capacity_gbps > 0 ? Json(a.capacity_gbps) : Json()},
              {"ports_100g_equivalent", a.capacity_gbps > 0 ? Json(a.capacity_gbps / 100) : Json()},
              {"optics_w", a.optics_w},
              {"optics_typical_w", json_number(a.optics_typical_w)},
              {"optics_max_w", json_number(a.optics_max_w)},
              {"optics_class_w", json_number(a.optics_class_w)},
              {"optics_mw_per_gbps", json_number(a.optics_mw_per_gbps)},
              {"base_w", json_number(a.base_w)},
              {"fan_w", json_number(a.fan_w)},
              {"switch_w", json_number(a.switch_w)},
              {"wall_w", json_number(a.wall_w)},
              {"wall_mw_per_gbps", json_number(a.wall_mw_per_gbps)},
              {"efficiency", a.efficiency}};
  out["supplies"] = !a.supply ? Json()
                              : Json({{"count", a.supply->count},
                                      {"failed", a.supply->failed},
                                      {"rating_w", a.supply->rating_w},
                                      {"available_w", a.supply->available_w},
                                      {"margin_w", json_number(a.supply->margin_w)},
                                      {"base_room_w", json_number(a.supply->base_room_w)}});
  out["air"] = {{"cfm", a.air.cfm},
                {"speed_mps", a.air.speed_mps},
                {"density", a.air.density},
                {"rise_k", a.air.rise_k},
                {"exhaust_c", a.air.exhaust_c},
                {"case_resistance_k_per_w", a.air.resistance_k_per_w}};
  out["hottest"] = a.slots.empty() ? Json()
                                   : Json({{"port", a.slots[a.hottest].port},
                                           {"case_c", a.slots[a.hottest].case_c},
                                           {"case_low_c", a.hottest_low_c},
                                           {"case_high_c", a.hottest_high_c},
                                           {"headroom_k", a.slots[a.hottest].headroom_k},
                                           {"warning_headroom_k", a.slots[a.hottest].warning_k}});
  out["alternate_slots"] = !a.alternate ? Json()
                                        : Json({{"ports", a.alternate->ports},
                                                {"optics_w", a.alternate->optics_w},
                                                {"hottest_case_c", a.alternate->hottest_c}});
  out["slots"] = Json::array();
  for (const plan::PowerSlot& s : a.slots) {
    out["slots"].push_back({{"port", s.port},
                            {"module", s.module->id},
                            {"power_w", s.power_w},
                            {"limit_w", json_number(s.limit_w)},
                            {"upstream_k", s.upstream_k},
                            {"case_c", s.case_c},
                            {"case_max_c", s.case_max_c},
                            {"headroom_k", s.headroom_k}});
  }
  out["modules"] = Json::array();
  for (const plan::ModuleWatts& m : a.modules) out["modules"].push_back(to_json(m));
  out["unknown"] = a.unknown;
  out["reasons"] = to_json(a.reasons);
  out["assumed"] = to_json(a.assumed);
  return out;
}

std::string power_csv(const plan::PowerAnswer& a) {
  std::string out = "port,module,power_w,limit_w,upstream_k,case_c,case_max_c,headroom_k\n";
  for (const plan::PowerSlot& s : a.slots) {
    const std::string cells[] = {
        fmt::format("{}", s.port),           std::string(s.module->id),
        fmt::format("{:.6g}", s.power_w),    s.limit_w ? fmt::format("{:.6g}", *s.limit_w) : "",
        fmt::format("{:.2f}", s.upstream_k), fmt::format("{:.2f}", s.case_c),
        fmt::format("{:.6g}", s.case_max_c), fmt::format("{:.2f}", s.headroom_k)};
    out += plan::csv_line(cells);
  }
  return out;
}

}  // namespace lightlane::cli
