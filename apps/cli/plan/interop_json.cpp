#include "cli/plan/answer_report.hpp"
#include "cli/plan/budget_report.hpp"
#include "cli/plan/interop_report.hpp"

namespace lightlane::cli {
namespace {

using Json = nlohmann::ordered_json;

Json text_or_null(std::string_view text) { return text.empty() ? Json() : Json(text); }

Json end_json(const plan::LinkEnd& end, const catalog::Pmd& as) {
  return {{"pmd", end.pmd->id},
          {"runs_as", &as == end.pmd ? Json() : Json(as.id)},
          {"module", end.module == nullptr ? Json() : Json(end.module->id)},
          {"host", end.host == nullptr ? Json() : Json(end.host->id)},
          {"port", end.host == nullptr ? Json() : Json(end.port)},
          {"cage", end.cage == nullptr ? Json() : Json(end.cage->id)},
          {"port_mode", text_or_null(end.port_mode)},
          {"fec", end.fec ? Json(plan::name(*end.fec)) : Json()}};
}

}  // namespace

Json to_json(const plan::Interop& answer) {
  Json out = {{"a", end_json(answer.a, *answer.a_as)},
              {"b", end_json(answer.b, *answer.b_as)},
              {"verdict", plan::name(answer.verdict)},
              {"children", answer.children},
              {"breaks_out", answer.a_breaks_out   ? Json("a")
                             : answer.b_breaks_out ? Json("b")
                                                   : Json()},
              {"reach_m", json_number(answer.reach_m)},
              {"loss_max_db", json_number(answer.loss_max_db)},
              {"reasons", to_json(answer.reasons)},
              {"routes", Json::array()},
              {"assumed", to_json(answer.assumed)},
              {"budget", answer.budget ? to_json(*answer.budget) : Json()}};
  for (const plan::LaneRoute& r : answer.routes) {
    out["routes"].push_back({{"lane", r.lane},
                             {"to_leg", r.leg},
                             {"to_lane", r.far_lane},
                             {"from_leg", r.from_leg},
                             {"from_lane", r.from_lane}});
  }
  return out;
}

Json matrix_json(std::span<const plan::LinkEnd> ends, const std::vector<plan::MatrixCell>& cells) {
  Json out = {{"types", Json::array()}, {"pairs", Json::array()}};
  for (const plan::LinkEnd& end : ends) out["types"].push_back(end.module ? end.module->id : end.pmd->id);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const plan::MatrixCell& cell = cells[i];
    out["pairs"].push_back({{"a", out["types"][i / ends.size()]},
                            {"b", out["types"][i % ends.size()]},
                            {"verdict", plan::name(cell.verdict)},
                            {"children", cell.children},
                            {"codes", cell.codes}});
  }
  return out;
}

}  // namespace lightlane::cli
