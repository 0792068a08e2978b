#include <cmath>

#include "cli/plan/answer_report.hpp"
#include "cli/plan/diagnose_report.hpp"

namespace lightlane::cli {
namespace {

using namespace plan;
using Json = nlohmann::ordered_json;

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(); }

Json cause_json(const Cause& c) {
  Json out = {{"rule", c.rule->id},        {"row", c.rule->row == 0 ? Json() : Json(c.rule->row)},
              {"share", c.share},          {"symptom", c.rule->symptom},
              {"cause", c.rule->cause},    {"conditions", c.conditions},
              {"evidence", Json::array()}, {"would_tell", c.would_tell},
              {"checks", c.rule->checks},  {"actions", c.rule->actions},
              {"source", c.rule->source},  {"confidence", catalog::name(c.rule->confidence)}};
  for (const CauseEvidence& e : c.evidence)
    out["evidence"].push_back(
        {{"text", e.text}, {"values", e.values}, {"factor", e.factor}, {"supports", e.factor > 1}});
  return out;
}

Json mark_json(const MarkedReading& m) {
  const bool lane = info(m.reading).scope != ReadingScope::module;
  constexpr const char* marks[] = {"unknown", "ok", "low_warning", "high_warning", "low_alarm", "high_alarm"};
  return {{"reading", info(m.reading).name},
          {"lane", lane ? Json(m.lane + 1) : Json()},
          {"value", m.value},
          {"mark", marks[static_cast<std::size_t>(m.mark)]},
          {"high_alarm", number(m.thresholds.high_alarm)},
          {"high_warning", number(m.thresholds.high_warning)},
          {"low_warning", number(m.thresholds.low_warning)},
          {"low_alarm", number(m.thresholds.low_alarm)},
          {"limits_of", m.thresholds_from.empty() ? Json() : Json(m.thresholds_from)}};
}

Json trend_json(const LaneTrend& t, const ThresholdSet& limits) {
  const ReadingTrend& x = t.trend;
  Json out = {{"reading", info(t.reading).name},
              {"lane", info(t.reading).scope == ReadingScope::module ? Json() : Json(t.lane + 1)},
              {"samples", x.samples},
              {"span_days", x.span_days},
              {"first", x.first},
              {"last", x.last},
              {"slope_per_day", x.slope_per_day},
              {"slope_low", x.slope_low},
              {"slope_high", x.slope_high},
              {"significant", x.significant},
              {"noise", x.noise},
              {"step", json_number(x.step)},
              {"step_time_s", json_number(x.step_time_s)},
              {"predictions", Json::array()}};
  const auto predict = [&](double threshold, const char* what) {
    const auto left = days_to(x, threshold);
    if (!left) return;
    out["predictions"].push_back({{"threshold", what},
                                  {"value", threshold},
                                  {"days", left->days},
                                  {"soonest_days", json_number(left->soonest_days)},
                                  {"latest_days", json_number(left->latest_days)}});
  };
  if (t.reading == Reading::rx_power_dbm) {
    predict(limits[Monitor::rx_power].values.low_warning, "low_warning");
    predict(limits[Monitor::rx_power].values.low_alarm, "low_alarm");
  }
  if (t.reading == Reading::tx_bias_ma) {
    predict(limits[Monitor::tx_bias].values.high_warning, "high_warning");
    predict(limits[Monitor::tx_bias].values.high_alarm, "high_alarm");
  }
  if (t.reading == Reading::ber && limits.ber_limit > 0) predict(std::log10(limits.ber_limit), "fec_limit");
  return out;
}

Json tail_json(const FecTail& t, int interleaved) {
  return {{"codewords", t.codewords},
          {"uncorrectable", t.uncorrectable},
          {"symbol_error_ratio", t.symbol_error_ratio},
          {"ber_at_least", t.ber},
          {"slope_decades_per_bin", json_number(t.slope)},
          {"intercept", json_number(t.intercept)},
          {"r_squared", json_number(t.r_squared)},
          {"interleaved", interleaved},
          {"predicted_codeword_loss", json_number(t.predicted_cer)},
          {"predicted_frame_loss", json_number(t.predicted_flr)},
          {"observed_codeword_loss", t.observed_cer},
          {"observed_frame_loss", t.observed_flr},
          {"independent_codeword_loss", t.random_cer},
          {"tail_from", t.tail_from},
          {"tail_codewords", t.tail_codewords},
          {"expected_tail_codewords", t.expected_tail},
          {"chance", t.chance},
          {"bursts", t.thick}};
}

Json prediction_json(const Prediction& p) {
  Json out = {{"loss_db", p.lanes.empty() ? Json() : Json(p.loss_db)},
              {"typical_loss_db", json_number(p.typical_loss_db)},
              {"channel_loss_max_db", json_number(p.channel_loss_max_db)},
              {"worst_excess_db", number(p.worst_excess_db)},
              {"monitor_accuracy_db", monitor_accuracy_db},
              {"explanation", p.explanation},
              {"budget_verdict", plan::name(p.budget.verdict)},
              {"lanes", Json::array()}};
  for (const LanePrediction& l : p.lanes) {
    out["lanes"].push_back({{"lane", l.lane + 1},
                            {"from_far_tx", l.from_far_tx},
                            {"expected_low_dbm", number(l.low_dbm)},
                            {"expected_high_dbm", number(l.high_dbm)},
                            {"measured_dbm", number(l.measured_dbm)},
                            {"excess_db", number(l.excess_db)},
                            {"estimated_ber_at_most", number(l.estimated_ber)},
                            {"measured_ber", number(l.measured_ber)}});
  }
  return out;
}

Json interface_json(const InterfaceDiagnosis& d) {
  const Readings& r = *d.readings;
  Json out = {{"interface", r.interface},
              {"pmd", r.pmd == nullptr ? Json() : Json(r.pmd->id)},
              {"verdict", plan::name(d.health)},
              {"idle", d.idle},
              {"because", d.because},
              {"ber_margin_db_estimate", number(d.ber_margin_db)},
              {"causes", Json::array()},
              {"unexplained_share", d.unexplained_share},
              {"checks", d.checks},
              {"actions", d.actions},
              {"readings", Json::array()}};
  for (const Cause& c : d.causes) out["causes"].push_back(cause_json(c));
  for (const MarkedReading& m : d.marks) out["readings"].push_back(mark_json(m));
  out["trends"] = Json::array();
  for (const LaneTrend& t : d.trends) out["trends"].push_back(trend_json(t, d.thresholds));
  out["fec_histogram"] = d.tail ? tail_json(*d.tail, d.interleaved) : Json();
  out["prediction"] = d.prediction ? prediction_json(*d.prediction) : Json();
  out["notes"] = d.notes;
  out["reasons"] = to_json(d.ledger.reasons);
  out["assumed"] = to_json(d.ledger.assumed);
  out["limits"] = to_json(d.ledger.limits);
  return out;
}

Json conditions_json(const std::vector<RuleCondition>& list) {
  Json out = Json::array();
  for (const RuleCondition& c : list) out.push_back(c.text());
  return out;
}

}  // namespace

Json to_json(const std::vector<InterfaceDiagnosis>& list, const DiagnosisInput& input) {
  Json out = {{"verdict", list.empty() ? Json() : Json(plan::name(list.front().health))},
              {"healthy", all_healthy(list)},
              {"interfaces", Json::array()}};
  for (const InterfaceDiagnosis& d : list) out["interfaces"].push_back(interface_json(d));
  out["input"] = {{"formats", input.formats},
                  {"understood", input.understood},
                  {"not_understood", input.not_understood},
                  {"problems", Json::array()}};
  for (const NotUnderstood& n : input.problems)
    out["input"]["problems"].push_back({{"place", n.place}, {"text", n.text}});
  return out;
}

Json to_json(const RuleBook& book) {
  Json out = {{"rules", Json::array()}};
  for (const DiagnosisRule& r : book.rules) {
    Json rule = {{"id", r.id},
                 {"row", r.row == 0 ? Json() : Json(r.row)},
                 {"symptom", r.symptom},
                 {"cause", r.cause},
                 {"prior", r.prior},
                 {"all", conditions_json(r.all)},
                 {"any", conditions_json(r.any)},
                 {"none", conditions_json(r.none)},
                 {"evidence", Json::array()},
                 {"checks", r.checks},
                 {"actions", r.actions},
                 {"source", r.source},
                 {"confidence", catalog::name(r.confidence)}};
    for (const RuleEvidence& e : r.evidence)
      rule["evidence"].push_back(
          {{"when", e.when.text()}, {"factor", e.factor}, {"else", e.else_factor}, {"text", e.text}});
    out["rules"].push_back(std::move(rule));
  }
  return out;
}

}  // namespace lightlane::cli
