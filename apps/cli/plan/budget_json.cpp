#include "cli/plan/answer_report.hpp"
#include "cli/plan/budget_report.hpp"
#include "lightlane/catalog/value.hpp"

namespace lightlane::cli {
namespace {

using Json = nlohmann::ordered_json;

Json parts(const std::vector<plan::Part>& list) {
  Json out = Json::array();
  for (const plan::Part& part : list)
    out.push_back({{"name", part.name}, {"db", part.db}, {"detail", part.detail}});
  return out;
}

Json direction(const plan::Direction& d) {
  const bool any = !d.lanes.empty();
  Json out = {{"from", d.from->id},
              {"to", d.to->id},
              {"loss_db", any ? Json(d.loss_db) : Json()},
              {"available_db", json_number(d.available_db)},
              {"penalties_db", json_number(d.penalties_db)},
              {"margin_db", json_number(d.margin_db)},
              {"margin_at_most_db", json_number(d.margin_at_most_db)},
              {"overload_margin_db", json_number(d.overload_margin_db)},
              {"limiting_lane", any ? Json(d.limiting_lane) : Json()},
              {"channel_loss_max_db", json_number(d.channel_loss_max_db)},
              {"reach_m", json_number(d.reach_m)},
              {"losses", parts(d.losses)},
              {"penalties", parts(d.penalties)}};
  out["oma"] = {{"launch_dbm", json_number(d.oma.launch_dbm)},
                {"receive_dbm", json_number(d.oma.receive_dbm)},
                {"sensitivity_dbm", json_number(d.oma.sensitivity_dbm)},
                {"launch_average_dbm", json_number(d.oma.launch_average_dbm)}};
  out["average_power"] = {{"launch_min_dbm", json_number(d.average.launch_min_dbm)},
                          {"receive_dbm", json_number(d.average.receive_dbm)},
                          {"receive_min_dbm", json_number(d.average.receive_min_dbm)},
                          {"margin_db", json_number(d.average.margin_db)}};
  out["lanes"] = Json::array();
  for (const plan::LaneLine& lane : d.lanes) {
    out["lanes"].push_back({{"lane", lane.lane},
                            {"wavelength_nm", lane.nominal_nm},
                            {"loss_db", lane.loss_db},
                            {"penalties_db", d.penalties_db ? Json(lane.penalties_db) : Json()},
                            {"margin_db", json_number(lane.margin_db)},
                            {"overload_margin_db", json_number(lane.overload_margin_db)},
                            {"dispersion_min_ps_nm", lane.dispersion_min_ps_nm},
                            {"dispersion_max_ps_nm", lane.dispersion_max_ps_nm}});
  }
  out["unknown"] = d.unknown;
  return out;
}

}  // namespace

Json to_json(const plan::Budget& b) {
  Json out = {{"near", b.near->id},
              {"far", b.far->id},
              {"length_m", b.length_m},
              {"verdict", plan::name(b.verdict)},
              {"confidence", catalog::name(b.confidence)},
              {"rated_reach_m", json_number(b.rated_reach_m)},
              {"reach_m", json_number(b.reach_m)},
              {"directions", Json::array()},
              {"reasons", to_json(b.reasons)},
              {"assumed", to_json(b.assumed)},
              {"limits", to_json(b.limits)}};
  for (const plan::Direction& d : b.directions) out["directions"].push_back(direction(d));
  if (b.yield) {
    const plan::Yield& y = *b.yield;
    Json& json = out["yield"] = {{"draws", y.draws},
                                 {"seed", y.seed},
                                 {"mean_db", y.mean_db},
                                 {"sigma_db", y.sigma_db},
                                 {"median_db", y.median_db},
                                 {"p1_db", y.p1_db},
                                 {"p0_1_db", y.p0_1_db},
                                 {"failing", y.failing},
                                 {"failing_per_1000", 1000 * y.failing_share()},
                                 {"contributors", Json::array()}};
    for (const plan::Contributor& c : y.contributors) {
      json["contributors"].push_back({{"name", c.name},
                                      {"mean_db", c.mean_db},
                                      {"sigma_db", c.sigma_db},
                                      {"variance_share", c.variance_share},
                                      {"distribution", c.distribution}});
    }
  }
  return out;
}

Json to_json(const plan::PublishedBudget& b) {
  const plan::PublishedPlant& p = b.plant;
  Json out = {{"plant",
               {{"length_m", p.length_m},
                {"attenuation_db_per_km", p.attenuation_db_per_km},
                {"connectors", p.connectors},
                {"connector_db", p.connector_db},
                {"splices", p.splices},
                {"splice_db", p.splice_db},
                {"system_margin_db", p.system_margin_db}}},
              {"published", Json::array()},
              {"correct", Json::array()},
              {"differences", b.differences}};
  for (const plan::PublishedColumn& c : b.columns) {
    out["published"].push_back({{"type", c.type},
                                {"launch_dbm", c.launch_dbm},
                                {"sensitivity_dbm", c.sensitivity_dbm},
                                {"loss_db", c.loss_db},
                                {"receive_dbm", c.receive_dbm},
                                {"margin_db", c.margin_db},
                                {"margin_without_system_margin_db", c.margin_without_system_margin_db},
                                {"calculator_margin_db", c.calculator_margin_db}});
    out["correct"].push_back(to_json(c.correct));
  }
  return out;
}

}  // namespace lightlane::cli
