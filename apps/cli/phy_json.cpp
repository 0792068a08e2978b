#include "cli/phy_json.hpp"

#include <nlohmann/json.hpp>

#include "cli/light_json.hpp"
#include "lightlane/base/version.hpp"
#include "lightlane/link/scenario_keys.hpp"

namespace lightlane::cli {
namespace {

using Json = nlohmann::ordered_json;
using namespace link;

Json interval(const math::RateInterval& i) { return {i.lower, i.upper}; }

template <class Value>
Json or_null(const std::optional<Value>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json frames(const FramesResult& f) {
  return {{"sent", f.sent},
          {"delivered", f.delivered},
          {"lost", f.lost},
          {"damaged", f.damaged},
          {"fcs_errors", f.fcs_errors},
          {"wrong", f.wrong},
          {"inhibited", f.inhibited},
          {"late", f.late},
          {"cut", f.cut},
          {"loss_ratio", f.loss_ratio},
          {"loss_ratio_interval", interval(f.loss_ratio_interval)},
          {"loss_ratio_predicted", or_null(f.loss_ratio_predicted)}};
}

Json lanes(const std::vector<LaneResult>& list) {
  Json json = Json::array();
  for (const LaneResult& lane : list) {
    json.push_back({{"lane", json.size()},
                    {"symbols", lane.symbols},
                    {"symbol_errors", lane.symbol_errors},
                    {"bits", lane.bits},
                    {"bit_errors", lane.bit_errors},
                    {"pre_fec_ber", lane.ber},
                    {"pre_fec_ber_interval", interval(lane.ber_interval)},
                    {"pre_fec_ber_expected", lane.ber_expected}});
  }
  return json;
}

Json fec(const FecResult& f, const FramesResult& frames) {
  return {{"codewords", f.counters.codewords},
          {"corrected", f.counters.corrected_codewords},
          {"uncorrectable", f.counters.uncorrectable_codewords},
          {"corrected_symbols", f.counters.corrected_symbols},
          {"corrected_bits", f.counters.corrected_bits},
          {"bins", f.counters.bins},
          {"bins_predicted", f.bins_predicted},
          {"lane_symbol_errors", f.counters.lane_symbol_errors},
          {"codeword_error_ratio", f.codeword_error_ratio},
          {"codeword_error_ratio_interval", interval(f.codeword_error_ratio_interval)},
          {"codeword_error_ratio_predicted", or_null(f.codeword_error_ratio_predicted)},
          {"post_fec_ber_predicted", or_null(f.post_fec_ber_predicted)},
          {"frame_loss_ratio", frames.loss_ratio},
          {"frame_loss_ratio_predicted", or_null(frames.loss_ratio_predicted)}};
}

Json pcs_lanes(const std::vector<ReceivedLane>& list) {
  Json json = Json::array();
  for (const ReceivedLane& lane : list) {
    json.push_back({{"received", json.size()},
                    {"locked", lane.locked},
                    {"pcs_lane", lane.pcs_lane},
                    {"skew_bits", lane.skew_bits},
                    {"skew_ns", lane.skew_ns},
                    {"marker_errors", lane.marker_errors},
                    {"losses", lane.losses},
                    {"bip_errors", lane.bip_errors},
                    {"fec_symbol_errors", lane.fec_symbol_errors}});
  }
  return json;
}

/// What decides the errors of a host lane; nothing where phy.host_ber does.
Json host_channel(const HostLane& lane) {
  Json json = {{"ber_expected", lane.ber}};
  if (!lane.channel) return json;
  const aui::HostChannelReport& c = *lane.channel;
  json["loss_db"] = or_null(lane.loss_db);
  json["snr_db"] = c.snr_db;
  json["eye_height_mv"] = c.eye_height_mv;
  json["eye_width_ui"] = c.eye_width_ui;
  json["ctle_db"] = c.ctle_db;
  json["phase_ui"] = c.phase_ui;
  json["main_cursor_mv"] = c.main_cursor_mv;
  json["isi_rms_mv"] = c.isi_rms_mv;
  json["noise_rms_mv"] = c.noise_rms_mv;
  json["jitter_rms_mv"] = c.jitter_rms_mv;
  json["rx_ffe"] = c.rx_ffe;
  json["rx_dfe"] = c.rx_dfe;
  return json;
}

/// One end of the host interface; null where it has no errors of its own and nobody looks at its lanes.
Json host(const PhyReport& r, HostEnd end) {
  const bool sender = end == HostEnd::sender;
  const HostReport& h = sender ? r.transmit.host : r.receive.host;
  const HostSide& side = r.host.at(end);
  if (h.pcs_lanes.empty() && side.lanes.empty()) return nullptr;
  Json json = {{"interface", r.host.interface},
               {"symbol_rate_gbd", r.host.symbol_rate_gbd.value()},
               {"modulation", r.host.modulation == signal::Modulation::pam4 ? "pam4" : "nrz"},
               {"errors_drawn", side.simulated},
               {"lanes", lanes(sender ? r.sender_host_lanes : r.receiver_host_lanes)}};
  for (std::size_t l = 0; l < side.lanes.size(); ++l) json["lanes"][l].update(host_channel(side.lanes[l]));
  if (h.pcs_lanes.empty()) return json;
  json["align_status"] = h.align_status;
  json["alignments"] = h.alignments;
  json["losses"] = h.losses;
  json["pcs_lanes"] = pcs_lanes(h.pcs_lanes);
  return json;
}

struct ToJson {
  Json operator()(const NumberKey& key) const { return *key.value; }
  Json operator()(const IntegerKey& key) const { return *key.value; }
  Json operator()(const CountKey& key) const { return *key.value; }
  Json operator()(const ChoiceKey& key) const { return key.names[*key.value]; }
  Json operator()(const BooleanKey& key) const { return *key.value; }
  Json operator()(const TextKey& key) const { return *key.value; }
  Json operator()(const IntegerListKey& key) const { return *key.value; }
  Json operator()(const NumberListKey& key) const { return *key.value; }
};

}  // namespace

Json receiver_json(const PhyReceiveReport& r) {
  return {{"align_status", r.align_status},
          {"alignments", r.alignments},
          {"losses", r.losses},
          {"restarts", r.restarts},
          {"hi_ber", r.hi_ber},
          {"hi_ber_events", r.hi_ber_events},
          {"hi_ser", r.hi_ser},
          {"hi_ser_events", r.hi_ser_events},
          {"fec_degraded", r.degraded},
          {"fec_degraded_events", r.degrade_events},
          {"rx_local_degraded", r.received.local_degraded},
          {"rx_remote_degraded", r.received.remote_degraded},
          {"error_blocks", r.error_blocks},
          {"local_fault_words", r.local_fault_words},
          {"words_inserted", r.words_inserted},
          {"words_deleted", r.words_deleted},
          {"max_debt_words", r.max_debt_words},
          {"overflows", r.overflows},
          {"pcs_lanes", pcs_lanes(r.lanes)}};
}

Json to_json(const Scenario& scenario) {
  Scenario copy = scenario;
  Json json;
  for (const Key& key : keys_of(copy)) {
    const std::size_t dot = key.path.find('.');
    json[std::string(key.path.substr(0, dot))][std::string(key.path.substr(dot + 1))] = std::visit(ToJson{}, key.slot);
  }
  json["events"] = Json::array();
  for (const Event& e : scenario.events) {
    json["events"].push_back({{"kind", e.kind}, {"lane", e.lane}, {"time_us", e.time_us},
                              {"duration_us", e.duration_us}, {"bits", e.bits}, {"count", e.count}});
  }
  return json;
}

Json to_json(const PhyReport& r) {
  Json json = {{"version", version()},
               {"verdict", r.pass() ? "pass" : "fail"},
               {"interrupted", r.interrupted},
               {"engine", r.light ? r.scenario.link.engine : "digital"},
               {"seed", r.scenario.run.seed},
               {"structure", r.structure},
               {"traffic", r.traffic},
               {"frames", frames(r.frames)},
               {"lanes", lanes(r.lanes)}};
  if (r.light) {
    for (std::size_t l = 0; l < r.light->lanes.size(); ++l) json["lanes"][l].update(light_lane_json(r.light->lanes[l]));
    json.update(light_json(*r.light));
  }
  json["fec"] = r.fec ? fec(*r.fec, r.frames) : Json(nullptr);
  json["prediction_note"] = r.prediction_note;
  json["transmitter"] = {{"words", r.transmit.words},
                         {"words_deleted", r.transmit.words_deleted},
                         {"max_debt_words", r.transmit.max_debt_words},
                         {"overflows", r.transmit.overflows},
                         {"error_blocks", r.transmit.error_blocks}};
  json["receiver"] = receiver_json(r.receive);
  json["host_interface"] = {{"sender", host(r, HostEnd::sender)}, {"receiver", host(r, HostEnd::receiver)}};
  json["link_fault"] = ethernet::name(r.mac_receive.link_fault);
  json["link_fault_changes"] = r.mac_receive.link_fault_changes;
  json["remote_fault_words"] = r.mac_receive.remote_fault_sets;
  json["lost_frames"] = Json::array();
  for (const ethernet::SentFrame& frame : r.lost) {
    json["lost_frames"].push_back({{"frame", frame.sequence}, {"word", frame.word_index}, {"octets", frame.octets}});
  }
  json["time"] = {{"simulated_us", r.time.simulated_us},
                  {"warmup_us", r.time.warmup_us},
                  {"wall_s", r.time.wall_s},
                  {"simulated_gbps", r.time.simulated_gbps}};
  json["scenario"] = to_json(r.scenario);
  if (!r.reverse.empty()) json["reverse"] = to_json(r.reverse.front());
  return json;
}

Json to_json(const PhyRunReport& r) {
  if (r.scenario.link.breakout == "none") {
    Json json = to_json(r.ports.front());
    json["verdict"] = r.pass() ? "pass" : "fail";
    return json;
  }
  Json json = {{"version", version()},
               {"verdict", r.pass() ? "pass" : "fail"},
               {"interrupted", r.interrupted},
               {"engine", r.ports.front().light ? r.scenario.link.engine : "digital"},
               {"seed", r.scenario.run.seed},
               {"breakout", r.scenario.link.breakout},
               {"time", {{"wall_s", r.wall_s}, {"simulated_gbps", r.simulated_gbps}}},
               {"ports", Json::array()}};
  for (const PhyReport& port : r.ports) {
    Json entry = {{"port", json["ports"].size()}};
    entry.update(to_json(port));
    json["ports"].push_back(std::move(entry));
  }
  json["scenario"] = to_json(r.scenario);
  return json;
}

}  // namespace lightlane::cli
