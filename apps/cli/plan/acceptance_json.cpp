#include "cli/plan/acceptance_report.hpp"
#include "cli/plan/answer_report.hpp"
#include "cli/plan/interop_report.hpp"

namespace lightlane::cli {
namespace {

using Json = nlohmann::ordered_json;

Json text_or_null(std::string_view text) { return text.empty() ? Json() : Json(text); }

Json check_json(const plan::AcceptanceCheck& check) {
  return {{"what", check.what},
          {"where", text_or_null(check.where)},
          {"unit", text_or_null(check.unit)},
          {"see", text_or_null(check.see)},
          {"expected", json_number(check.expected)},
          {"expected_min", json_number(check.range.low)},
          {"expected_max", json_number(check.range.high)},
          {"pass_min", json_number(check.pass.low)},
          {"pass_max", json_number(check.pass.high)},
          {"confidence", text_or_null(check.confidence)},
          {"source", text_or_null(check.source)},
          {"unknown", text_or_null(check.unknown)}};
}

}  // namespace

Json to_json(const plan::Acceptance& answer) {
  Json out = {{"link", link_title(answer.interop)},
              {"verdict", plan::name(answer.interop.verdict)},
              {"confidence", answer.config.confidence},
              {"steps", Json::array()},
              {"interop", to_json(answer.interop)}};
  for (const plan::AcceptanceStep& step : answer.steps) {
    Json checks = Json::array();
    for (const plan::AcceptanceCheck& check : step.checks) checks.push_back(check_json(check));
    out["steps"].push_back({{"number", out["steps"].size() + 1},
                            {"id", plan::name(step.task)},
                            {"title", step.title},
                            {"instrument", text_or_null(step.instrument)},
                            {"actions", step.actions},
                            {"checks", checks}});
  }
  return out;
}

}  // namespace lightlane::cli
