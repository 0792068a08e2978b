#include <fmt/format.h>

#include "cli/plan/answer_report.hpp"
#include "cli/plan/breakout_report.hpp"

namespace lightlane::cli {
namespace {

using namespace plan;
using Json = nlohmann::ordered_json;

Json text_or_null(std::string_view text) { return text.empty() ? Json() : Json(text); }
template <class Entry>
Json id_of(const Entry* entry) {
  return entry == nullptr ? Json() : Json(entry->id);
}

Json json_of(const BreakoutChild& c) {
  Json out = {{"child", c.number},
              {"rate_gbps", c.rate_gbps},
              {"first_host_lane", c.first_host_lane},
              {"host_lanes", c.host_lanes},
              {"host_mask", fmt::format("0x{:02X}", c.host_mask)},
              {"first_media_lane", c.media_lanes == 0 ? Json() : Json(c.first_media_lane)},
              {"media_lanes", c.media_lanes == 0 ? Json() : Json(c.media_lanes)},
              {"media_mask", fmt::format("0x{:02X}", c.media_mask)},
              {"application", Json()},
              {"fibres", Json::array()}};
  if (const catalog::ModuleApplication* a = c.application) {
    const HostInterface* host = host_interface(a->host_id);
    out["application"] = {
        {"host_id", a->host_id},         {"host_interface", host == nullptr ? Json() : Json(host->name)},
        {"media_id", a->media_id},       {"host_lanes", a->host_lanes},
        {"media_lanes", a->media_lanes}, {"host_assignment", a->host_assignment}};
  }
  for (const MediaFibre& f : c.fibres)
    out["fibres"].push_back({{"lane", f.lane},
                             {"connector", f.connector},
                             {"tx_position", f.tx_position},
                             {"rx_position", f.rx_position}});
  return out;
}

Json json_of(const BreakoutCable& cable) {
  Json out = {{"cable", cable.cable->id}, {"legs", Json::array()}};
  for (const LegUse& use : cable.legs) {
    out["legs"].push_back({{"child", use.child},
                           {"lane", use.lane},
                           {"connector", use.connector},
                           {"leg", use.leg == 0 ? Json() : Json(use.leg)},
                           {"near_tx_position", use.near_tx_position},
                           {"near_rx_position", use.near_rx_position},
                           {"far_tx_position", use.far_tx_position},
                           {"far_rx_position", use.far_rx_position}});
  }
  return out;
}

Json json_of(const BreakoutChoice& c) {
  Json out = {{"mode", c.mode},
              {"verdict", name(c.verdict)},
              {"reasons", Json::array()},
              {"children", Json::array()},
              {"partners", Json::array()},
              {"host_fec", text_or_null(c.host_fec)},
              {"far_fec", text_or_null(c.far_fec)},
              {"harnesses", Json::array()}};
  for (const BreakoutReason& r : c.reasons)
    out["reasons"].push_back(
        {{"code", r.code}, {"verdict", name(r.verdict)}, {"text", r.text}, {"cure", r.cure}});
  for (const BreakoutChild& child : c.children) out["children"].push_back(json_of(child));
  for (const BreakoutPartner& p : c.partners)
    out["partners"].push_back({{"name", p.name},
                               {"pmd", id_of(p.pmd)},
                               {"remark", p.remark},
                               {"confidence", catalog::name(p.confidence)},
                               {"source", p.source}});
  for (const BreakoutCable& cable : c.harnesses) out["harnesses"].push_back(json_of(cable));
  if (c.chosen_cable) out["cable"] = json_of(*c.chosen_cable);
  return out;
}

Json json_of(const std::vector<BreakoutLint>& lints) {
  Json out = Json::array();
  for (const BreakoutLint& lint : lints)
    out.push_back({{"code", lint.code},
                   {"severity", name(lint.severity)},
                   {"place", lint.place},
                   {"ports", lint.ports},
                   {"text", lint.text},
                   {"cure", lint.cure}});
  return out;
}

}  // namespace

Json to_json(const BreakoutSubject& s, const std::vector<BreakoutChoice>& choices, bool one) {
  Json out = {{"module", id_of(s.module)},
              {"pmd", id_of(s.pmd)},
              {"form_factor", s.module->form_factor},
              {"cage", id_of(s.cage)},
              {"switch", id_of(s.device)},
              {"host_lanes", s.host_lanes()},
              {"host_lane_gbps", s.host_lane_gbps()},
              {"media_lanes", s.media_lanes()},
              {"fibre_pairs", s.fibre_pairs()},
              {"connectors", s.ports()},
              {"connector", catalog::name(s.pmd->connector)}};
  // Of a table: the best of the modes with several ports.
  Json verdict = one ? Json(name(choices.front().verdict)) : Json();
  std::optional<BreakoutVerdict> best;
  for (const BreakoutChoice& c : choices)
    if (!one && c.children.size() > 1) best = std::min(best.value_or(c.verdict), c.verdict);
  if (best) verdict = name(*best);
  out["verdict"] = verdict;
  out["modes"] = Json::array();
  for (const BreakoutChoice& c : choices) out["modes"].push_back(json_of(c));
  out["assumed"] = to_json(s.assumed);
  return out;
}

Json to_json(const BreakoutSubject& s) {
  Json out = {{"cage", id_of(s.cage)}, {"switch", id_of(s.device)}, {"host_lanes", s.parent_lanes()},
              {"verdict", Json()},     {"modes", Json::array()},    {"fits", Json::array()}};
  for (const auto& [lane, modes] : cage_modes(s))
    for (const std::string& mode : modes) out["modes"].push_back({{"mode", mode}, {"lane_gbps", lane}});
  for (const catalog::CageFit& fit : s.cage->fits)
    out["fits"].push_back({{"form_factor", fit.form_factor}, {"fits", fit.fits}, {"text", fit.text}});
  out["assumed"] = to_json(s.assumed);
  return out;
}

Json to_json(const std::vector<PortRow>& rows, const std::vector<BreakoutLint>& problems) {
  bool failed = false;
  for (const BreakoutLint& lint : problems) failed = failed || lint.severity == LintSeverity::error;
  Json out = {{"verdict", failed ? "fail" : "pass"}, {"ports", Json::array()}, {"lints", json_of(problems)}};
  for (const PortRow& row : rows) {
    const SonicConfigPort& p = *row.port;
    out["ports"].push_back({{"port", p.name},
                            {"parent", text_or_null(row.parent)},
                            {"mode", text_or_null(row.mode)},
                            {"alias", text_or_null(p.field("alias"))},
                            {"lanes", p.lanes()},
                            {"speed_mbps", p.speed_mbps() ? Json(*p.speed_mbps()) : Json()},
                            {"index", p.index() ? Json(*p.index()) : Json()},
                            {"subport", p.subport() ? Json(*p.subport()) : Json()},
                            {"fec", text_or_null(p.field("fec"))}});
  }
  return out;
}

Json to_json(const SonicPlatform& platform, const std::string& only) {
  bool failed = false;
  for (const BreakoutLint& lint : platform.problems) failed = failed || lint.severity == LintSeverity::error;
  Json out = {
      {"verdict", failed ? "fail" : "pass"}, {"ports", Json::array()}, {"lints", json_of(platform.problems)}};
  for (const SonicPlatformPort& port : platform.ports) {
    if (!only.empty() && port.name != only) continue;
    Json modes = Json::array();
    for (const SonicListedMode& mode : port.modes)
      modes.push_back(
          {{"mode", mode.text}, {"read_as", text_or_null(read_as(mode))}, {"aliases", mode.aliases}});
    out["ports"].push_back(
        {{"port", port.name}, {"index", port.indexes}, {"lanes", port.lanes}, {"modes", modes}});
  }
  return out;
}

Json to_json(const LintReport& report) {
  const int errors = report.count(LintSeverity::error);
  return {{"verdict", errors == 0 ? "pass" : "fail"},
          {"errors", errors},
          {"warnings", report.count(LintSeverity::warning)},
          {"notes", report.count(LintSeverity::note)},
          {"checked", report.checked},
          {"lints", json_of(report.lints)},
          {"assumed", to_json(report.assumed)}};
}

}  // namespace lightlane::cli
