#include "cli/plan/answer_report.hpp"
#include "cli/plan/fabric_report.hpp"

namespace lightlane::cli {
namespace {

using Json = nlohmann::ordered_json;

Json tier(const plan::FabricTier& t) {
  return {{"name", t.name},
          {"switch", t.switch_name},
          {"count", t.count},
          {"ports", t.cages},
          {"ports_used", t.cages_used},
          {"ports_free", t.cages - t.cages_used},
          {"down_links", t.down_links},
          {"up_links", t.up_links},
          {"base_w", json_number(t.base_w)}};
}

Json links(const plan::FabricLinks& l) {
  Json out = {{"name", l.name},
              {"count", l.count},
              {"gbps", l.gbps},
              {"lower", l.lower_part},
              {"upper", l.upper_part},
              {"lower_links_per_module", l.lower_links},
              {"upper_links_per_module", l.upper_links},
              {"optical", l.optical},
              {"dac", l.dac},
              {"aoc", l.aoc},
              {"lower_modules", l.lower_modules},
              {"upper_modules", l.upper_modules},
              {"harnesses", l.harnesses},
              {"harnesses_apart", l.harnesses_apart},
              {"cable", l.optical > 0 && !l.cable.empty() ? Json(l.cable) : Json()},
              {"medium", l.medium},
              {"length_min_m", l.least_m},
              {"length_mean_m", l.mean_m},
              {"length_max_m", l.most_m},
              {"reach_m", json_number(l.reach_m)},
              {"budget", l.budget ? Json(plan::name(*l.budget)) : Json()},
              {"margin_db", json_number(l.margin_db)},
              {"stock", Json::array()}};
  for (const auto& [length, count] : l.stock)
    out["stock"].push_back({{"length_m", length}, {"count", count}});
  return out;
}

Json sum(const plan::BillSum& s) {
  return {{"total", json_number(s.all())}, {"known", s.known}, {"unknown_lines", s.unknown}};
}

Json bill(const plan::Bill& b) {
  Json out = Json::array();
  for (const plan::BillLine& l : b.lines) {
    out.push_back({{"part", l.part},
                   {"kind", l.kind},
                   {"role", l.role},
                   {"quantity", l.quantity},
                   {"spares", l.spares},
                   {"unit_cost", json_number(l.unit_cost)},
                   {"power_w", json_number(l.power_w)},
                   {"length_m", json_number(l.length_m)}});
  }
  return out;
}

}  // namespace

Json to_json(const plan::Fabric& f) {
  const bool rail = f.question.kind == plan::FabricKind::rail;
  Json out = {{"verdict", plan::name(f.verdict)},
              {"kind", plan::name(f.question.kind)},
              {rail ? "gpus" : "hosts", f.question.hosts},
              {"servers", f.servers},
              {"capacity", f.capacity},
              {"planes", f.question.planes},
              {"host_port_gbps", f.host_port_gbps},
              {"tiers_count", f.clos.tiers},
              {"downlinks", f.downlinks},
              {"uplinks", f.uplinks},
              {"uplink_gbps", f.question.uplink_gbps},
              {"oversubscription", f.oversubscription},
              {"pods", f.clos.pods},
              {"pod_leaves", f.clos.pod_leaves},
              {"pod_oversubscription", f.pod_oversubscription},
              {"parallel_links", f.clos.parallel},
              {"bisection_gbps", f.bisection_gbps}};
  if (rail) {
    out["gpus_per_server"] = f.question.gpus_per_server;
    out["stripes"] = f.stripes;
    out["gpus_per_stripe"] = f.stripe_hosts;
  }
  out["racks"] = f.racks;
  out["optics"] = f.optics;
  out["tiers"] = Json::array();
  for (const plan::FabricTier& t : f.tiers) out["tiers"].push_back(tier(t));
  out["links"] = Json::array();
  for (const plan::FabricLinks& l : f.links) out["links"].push_back(links(l));
  out["failures"] = Json::array();
  for (const plan::FabricFailure& x : f.failures)
    out["failures"].push_back({{"what", x.what}, {"left", x.left}, {"whose", x.whose}});
  out["power"] = {{"devices_w", sum(f.power.devices_w)},
                  {"wall_w", json_number(f.power.wall_w)},
                  {"efficiency", f.power.efficiency},
                  {"per_host_w", json_number(f.power.per_host_w)}};
  out["cost"] = sum(f.cost);
  out["bill"] = bill(f.bill);
  out["reasons"] = to_json(f.reasons);
  out["assumed"] = to_json(f.assumed);
  return out;
}

}  // namespace lightlane::cli
