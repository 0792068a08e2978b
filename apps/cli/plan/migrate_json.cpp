#include "cli/plan/answer_report.hpp"
#include "cli/plan/migrate_report.hpp"

namespace lightlane::cli {
namespace {

using namespace plan;
using Json = nlohmann::ordered_json;

Json bill_json(const Bill& bill) {
  Json out = Json::array();
  for (const BillLine& line : bill.lines) {
    out.push_back({{"part", line.part},
                   {"kind", line.kind},
                   {"role", line.role},
                   {"quantity", line.quantity},
                   {"spares", line.spares},
                   {"unit_cost", json_number(line.unit_cost)},
                   {"power_w", json_number(line.power_w)},
                   {"length_m", json_number(line.length_m)}});
  }
  return out;
}

Json end_json(const InventoryEnd& end, const LinkEnd& before, const LinkEnd& after) {
  const auto label = [](const LinkEnd& e) {
    return e.pmd == nullptr ? Json() : Json(e.module != nullptr ? e.module->id : e.pmd->id);
  };
  return {{"device", end.device}, {"port", end.port}, {"before", label(before)}, {"after", label(after)}};
}

Json move_json(const LinkMove& m) {
  return {{"row", m.link.row},
          {"id", m.link.id},
          {"a", end_json(m.link.a, m.a_before, m.a)},
          {"b", end_json(m.link.b, m.b_before, m.b)},
          {"verdict_before", plan::name(m.before)},
          {"move", plan::name(m.kind)},
          {"verdict_after", plan::name(m.after)},
          {"why", m.why},
          {"phase", m.phase},
          {"links", m.links},
          {"children", m.children},
          {"gbps_before", m.gbps_before},
          {"gbps_needed", m.gbps_needed},
          {"gbps_after", m.gbps_after},
          {"margin_db", json_number(m.margin_db)},
          {"reasons_before", to_json(m.before_reasons)},
          {"reasons_after", to_json(m.after_reasons)}};
}

}  // namespace

Json to_json(const Migration& m, const Inventory& inventory) {
  Json out = {{"recommendation", m.recommendation},
              {"reasons", m.recommendation_reasons},
              {"status", m.status},
              {"strategies", Json::array()},
              {"years", Json::array()},
              {"phases", Json::array()},
              {"bill", bill_json(m.bill)},
              {"stranded", bill_json(m.stranded)},
              {"power_change_w", json_number(m.power_change_w)},
              {"energy_change_kwh", json_number(m.energy_change_kwh)},
              {"cost", json_number(m.cost)},
              {"links", Json::array()},
              {"rows", inventory.rows},
              {"skipped", inventory.skipped()},
              {"notes", Json::array()},
              {"assumed", to_json(m.assumed)},
              {"assumed_rows", m.assumed_rows}};
  for (const Strategy& s : m.strategies) {
    out["strategies"].push_back({{"name", s.name},
                                 {"links_ok", s.links_ok},
                                 {"links_short", s.links_short},
                                 {"capacity_gbps", s.capacity_gbps},
                                 {"modules_new", s.modules_new},
                                 {"modules_stranded", s.modules_stranded},
                                 {"power_change_w", json_number(s.power_change_w)},
                                 {"cost", json_number(s.cost)}});
  }
  for (const GrowthYear& y : m.years) {
    out["years"].push_back({{"year", y.year},
                            {"demand_gbps", y.demand_gbps},
                            {"capacity_gbps", y.capacity_gbps},
                            {"links_short", y.links_short}});
  }
  for (const MigrationPhase& p : m.phases) {
    out["phases"].push_back({{"name", p.name},
                             {"work", p.work},
                             {"rollback", p.rollback},
                             {"from_month", p.from_month},
                             {"to_month", p.to_month},
                             {"links", p.links},
                             {"windows", p.windows},
                             {"hours_down", p.hours_down},
                             {"power_change_w", json_number(p.power_change_w)},
                             {"bill", bill_json(p.bill)},
                             {"stranded", bill_json(p.stranded)}});
  }
  for (const LinkMove& move : m.moves) out["links"].push_back(move_json(move));
  for (const InventoryNote& note : inventory.notes)
    out["notes"].push_back({{"row", note.row}, {"skipped", note.skipped}, {"text", note.text}});
  return out;
}

}  // namespace lightlane::cli
