#include "cli/html_section.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cli/html_charts.hpp"
#include "cli/html_light.hpp"
#include "cli/html_page.hpp"
#include "cli/html_svg.hpp"
#include "cli/html_transmitters.hpp"
#include "cli/terminal.hpp"

namespace lightlane::cli {
namespace {

using namespace link;
using html::Fact;

std::string interval(const math::RateInterval& i) {
  return fmt::format("{} to {}", ratio(i.lower), ratio(i.upper));
}

/// Pre-FEC bit error ratio that the PMD must not exceed; without light that of its code: 802.3 124.1.1,
/// 140.1.1 (KP4), 95.1.1 (KR4).
std::optional<html::BerLimit> limit_of(const PhyReport& r) {
  const signal::FecCode* code = structure_by_name(r.structure, "structure").fec();
  const std::string name = code == nullptr ? "" : code == &signal::kp4 ? "KP4 " : "KR4 ";
  if (r.light)
    return html::BerLimit{fmt::format("{}limit {}", name, html::exponent(r.light->target_ber)),
                          r.light->target_ber};
  if (code == nullptr) return std::nullopt;
  return code == &signal::kp4 ? html::BerLimit{"KP4 limit 2.4e-4", 2.4e-4}
                              : html::BerLimit{"KR4 limit 5e-5", 5e-5};
}

/// Margin, limits and the worst transmitter.
void light_headline(const OpticalReport& light, std::vector<Fact>& list) {
  const OpticalLaneReport& worst = light.lanes[light.worst_lane];
  list.push_back({"margin of the worst lane",
                  std::isfinite(worst.margin_db) ? number(worst.margin_db) + " dB" : "none",
                  !(worst.margin_db >= 0)});
  const std::vector<LimitResult> limits = worst_limits(light);
  const auto kept = std::count_if(limits.begin(), limits.end(), [](const LimitResult& l) { return l.pass; });
  list.push_back(
      {"limits of the standard kept", fmt::format("{} of {}", kept, limits.size()), !light.pass()});
  const auto measured = [](const OpticalLaneReport& lane) { return lane.measurement.has_value(); };
  const auto lane =
      std::max_element(light.lanes.begin(), light.lanes.end(),
                       [](const auto& a, const auto& b) { return penalty_db(a) < penalty_db(b); });
  if (!std::all_of(light.lanes.begin(), light.lanes.end(), measured)) return;
  const double db = penalty_db(*lane);
  if (std::isnan(db)) return;
  list.push_back({fmt::format("{} of the worst lane", penalty_name(light)),
                  std::isinf(db) ? "closed" : number(db) + " dB", std::isinf(db)});
}

std::string headline(const PhyReport& r) {
  const auto limit = limit_of(r);
  const double ber = pre_fec_ber(r);
  std::vector<Fact> list = {
      {"frames lost", fmt::format("{} of {}", grouped(r.frames.lost), grouped(r.frames.sent)),
       r.frames.lost > 0},
      {limit ? "pre-FEC BER, all lanes" : "bit error ratio, all lanes", ratio(ber),
       limit && ber > limit->ber}};
  if (r.fec) {
    const std::uint64_t bad = r.fec->counters.uncorrectable_codewords;
    list.push_back({"codewords corrected", grouped(r.fec->counters.corrected_codewords)});
    list.push_back({"codewords uncorrectable", grouped(bad), bad > 0});
  }
  if (r.light) light_headline(*r.light, list);
  if (!r.receive.align_status) list.push_back({"lanes", "not aligned", true});
  list.push_back({fmt::format("simulated, at {:.2f} Gb/s", r.time.simulated_gbps),
                  fmt::format("{:.1f} \u00b5s", r.time.simulated_us)});
  return html::tiles(list);
}

std::string frames(const PhyReport& r) {
  const FramesResult& f = r.frames;
  std::vector<Fact> list = {
      {"sent", grouped(f.sent)},
      {"delivered", grouped(f.delivered)},
      {"lost", grouped(f.lost), f.lost > 0},
      {"of these, damaged where the receiving MAC saw it", grouped(f.damaged)},
      {"delivered but never sent", grouped(f.wrong), f.wrong > 0},
      {"loss ratio", ratio(f.loss_ratio)},
      {"95 % interval", interval(f.loss_ratio_interval)},
      {"loss ratio predicted", f.loss_ratio_predicted ? ratio(*f.loss_ratio_predicted) : "no prediction"}};
  if (f.inhibited > 0) list.push_back({"not sent, because the link had a fault", grouped(f.inhibited), true});
  if (f.late > 0) list.push_back({"left late: the capture is faster than the line", grouped(f.late)});
  if (f.cut > 0) list.push_back({"cut when they were recorded, and not sent", grouped(f.cut)});
  return html::heading(3, "Frames") + html::facts("", list);
}

std::string ber_figure(const PhyReport& r) {
  std::vector<html::BerRow> rows;
  for (const LaneResult& lane : r.lanes) {
    rows.push_back({fmt::format("lane {}", rows.size()), lane.ber, lane.ber_interval, lane.ber_expected});
  }
  return html::heading(3, "Bit errors of the line lanes") +
         html::ber_chart(rows, limit_of(r), r.fec ? "pre-FEC bit error ratio" : "bit error ratio");
}

std::string codeword_figure(const PhyReport& r) {
  if (!r.fec)
    return html::heading(3, "Codewords") +
           html::paragraph("This structure has no FEC: every bit error reaches the PCS.");
  const FecResult& f = *r.fec;
  const auto all = static_cast<double>(f.counters.codewords);
  const auto t = static_cast<std::size_t>(structure_by_name(r.structure, "structure").fec()->t);
  std::vector<html::Bin> bins;
  for (std::size_t i = 0; i <= t; ++i) {
    bins.push_back({std::to_string(i), f.counters.bins[i], {}, false});
    if (!f.bins_predicted.empty()) bins.back().predicted = f.bins_predicted[i] * all;
  }
  bins.push_back({"uncorr.", f.counters.uncorrectable_codewords, {}, true});
  if (f.codeword_error_ratio_predicted) bins.back().predicted = *f.codeword_error_ratio_predicted * all;
  return html::heading(3, "Codewords") + html::codeword_chart(bins);
}

std::string error_lanes(const std::string& caption, const std::vector<LaneResult>& lanes) {
  if (lanes.empty()) return "";
  html::Table table(caption, {{"lane", false},
                              {"symbols"},
                              {"symbol errors"},
                              {"bit errors"},
                              {"bit error ratio"},
                              {"95 % interval"},
                              {"expected"}});
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    const LaneResult& lane = lanes[i];
    table.row({std::to_string(i), grouped(lane.symbols), grouped(lane.symbol_errors),
               grouped(lane.bit_errors), ratio(lane.ber), interval(lane.ber_interval),
               ratio(lane.ber_expected)});
  }
  return table.html();
}

std::string received_lanes(const std::string& caption, const std::vector<ReceivedLane>& lanes) {
  if (lanes.empty()) return "";
  html::Table table(caption, {{"received", false},
                              {"PCS lane"},
                              {"skew [bits]"},
                              {"skew [ns]"},
                              {"marker errors"},
                              {"lock lost"},
                              {"FEC symbol errors"},
                              {"BIP errors"}});
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    const ReceivedLane& lane = lanes[i];
    table.row({std::to_string(i), lane.pcs_lane < 0 ? "not locked" : std::to_string(lane.pcs_lane),
               grouped(lane.skew_bits), fmt::format("{:.2f}", lane.skew_ns), grouped(lane.marker_errors),
               grouped(lane.losses), grouped(lane.fec_symbol_errors), grouped(lane.bip_errors)},
              !lane.locked);
  }
  return table.html();
}

std::string fec_counters(const PhyReport& r) {
  if (!r.fec) return "";
  const fec::FecCounters& c = r.fec->counters;
  html::Table table("The first three as ethtool -I --show-fec names them",
                    {{"counter", false}, {"value"}, {"what it counts", false}});
  table.row(
      {"corrected_blocks", grouped(c.corrected_codewords), "codewords with at least one symbol corrected"});
  table.row({"uncorrectable_blocks", grouped(c.uncorrectable_codewords),
             "codewords with more errors than the code corrects"},
            c.uncorrectable_codewords > 0);
  table.row({"corrected_bits", grouped(c.corrected_bits), "bits put right"});
  table.row({"corrected symbols", grouped(c.corrected_symbols), "10-bit symbols put right"});
  table.row({"codewords", grouped(c.codewords), "all that were decoded"});
  table.row({"codeword error ratio", ratio(r.fec->codeword_error_ratio),
             "95 % interval " + interval(r.fec->codeword_error_ratio_interval)});
  if (r.fec->codeword_error_ratio_predicted)
    table.row({"predicted", ratio(*r.fec->codeword_error_ratio_predicted), "codeword error ratio in theory"});
  if (r.fec->post_fec_ber_predicted)
    table.row({"post-FEC BER", ratio(*r.fec->post_fec_ber_predicted), "in theory"});
  return html::heading(3, "FEC counters") + table.html();
}

std::string bins(const PhyReport& r) {
  if (!r.fec) return "";
  const FecResult& f = *r.fec;
  const bool predicted = !f.bins_predicted.empty();
  std::vector<html::Column> columns = {{"symbols corrected", false}, {"codewords"}};
  if (predicted) columns.push_back({"predicted"});
  html::Table table("Codewords by corrected symbols", columns);
  for (std::size_t i = 0; i < f.counters.bins.size(); ++i) {
    std::vector<std::string> cells = {std::to_string(i), grouped(f.counters.bins[i])};
    if (predicted)
      cells.push_back(fmt::format("{:.1f}", f.bins_predicted[i] * static_cast<double>(f.counters.codewords)));
    table.row(cells);
  }
  return html::heading(3, "FEC histogram") + table.html();
}

std::string pcs_counters(const PhyReport& r) {
  const PhyReceiveReport& rx = r.receive;
  std::uint64_t bip = 0, markers = 0;
  for (const ReceivedLane& lane : rx.lanes) {
    bip += lane.bip_errors;
    markers += lane.marker_errors;
  }
  const std::uint64_t overflows = r.transmit.overflows + rx.overflows;
  return html::heading(3, "PCS counters") +
         html::facts("", {{"align_status", rx.align_status ? "yes" : "NO", !rx.align_status},
                          {"alignment found", grouped(rx.alignments)},
                          {"alignment lost", grouped(rx.losses), rx.losses > 0},
                          {"restarts by three uncorrectable codewords in a row", grouped(rx.restarts),
                           rx.restarts > 0},
                          {"hi_ber, times", grouped(rx.hi_ber_events), rx.hi_ber_events > 0},
                          {"hi_ser, times", grouped(rx.hi_ser_events), rx.hi_ser_events > 0},
                          {"FEC degraded, times", grouped(rx.degrade_events), rx.degrade_events > 0},
                          {"alignment marker errors", grouped(markers)},
                          {"BIP errors", grouped(bip)},
                          {"blocks delivered as error", grouped(rx.error_blocks)},
                          {"local fault words (until lanes are aligned, too)", grouped(rx.local_fault_words)},
                          {"remote fault words", grouped(r.mac_receive.remote_fault_sets)},
                          {"idle words deleted for markers, sender", grouped(r.transmit.words_deleted)},
                          {"idle words inserted, receiver", grouped(rx.words_inserted)},
                          {"idle words deleted, receiver", grouped(rx.words_deleted)},
                          {"elastic store overflows", grouped(overflows), overflows > 0}});
}

std::string host_end(const std::string& end, const HostReport& host, const std::vector<LaneResult>& errors) {
  std::string out = error_lanes("Errors of the host lanes, " + end, errors);
  if (host.pcs_lanes.empty()) return out;
  return out +
         html::facts("Host interface, " + end,
                     {{"align_status", host.align_status ? "yes" : "NO", !host.align_status},
                      {"alignment found", grouped(host.alignments)},
                      {"alignment lost", grouped(host.losses), host.losses > 0}}) +
         received_lanes("PCS lanes of the host interface, " + end, host.pcs_lanes);
}

std::string host(const PhyReport& r) {
  const std::string out = host_end("sender", r.transmit.host, r.sender_host_lanes) +
                          host_end("receiver", r.receive.host, r.receiver_host_lanes);
  return out.empty() ? "" : html::heading(3, "Host interface") + out;
}

std::string time_spent(const PhyReport& r) {
  return html::heading(3, "Time") +
         html::facts("",
                     {{"simulated", fmt::format("{:.1f} \u00b5s", r.time.simulated_us)},
                      {"of this, until lanes were aligned", fmt::format("{:.1f} \u00b5s", r.time.warmup_us)},
                      {"took", fmt::format("{:.2f} s", r.time.wall_s)},
                      {"line bits per second", fmt::format("{:.2f} Gb/s", r.time.simulated_gbps)}});
}

/// What the digital layers counted.
std::string counters(const PhyReport& r) {
  return html::heading(3, "Lanes") + error_lanes("Line lanes", r.lanes) +
         received_lanes("PCS or FEC lanes as received", r.receive.lanes) + host(r) +
         html::side_by_side({fec_counters(r) + bins(r), pcs_counters(r)});
}

}  // namespace

double pre_fec_ber(const PhyReport& report) {
  std::uint64_t bits = 0, wrong = 0;
  for (const LaneResult& lane : report.lanes) {
    bits += lane.bits;
    wrong += lane.bit_errors;
  }
  return bits == 0 ? 0 : static_cast<double>(wrong) / static_cast<double>(bits);
}

std::string html_section(const PhyReport& r, bool folded) {
  std::string out = headline(r);
  if (r.interrupted)
    out += html::paragraph("The run was interrupted: these are the figures up to there.", "note");
  if (!r.prediction_note.empty()) out += html::paragraph("Note: " + r.prediction_note + ".", "note");
  std::string rest;
  if (r.light) {
    rest += html_limits(*r.light) + html_margin(*r.light, r.lanes) + html_transmitters(*r.light);
    rest += html_light_lanes(*r.light) + html_receivers(*r.light);
  }
  rest += html::side_by_side({ber_figure(r), codeword_figure(r)});
  rest += html::side_by_side({frames(r), time_spent(r)});
  if (r.light) rest += html_delay_and_power(*r.light);
  rest += r.light ? html::fold("Lanes, FEC and PCS in numbers", counters(r), !r.receive.align_status)
                  : counters(r);
  return out + (folded ? html::fold("All about it", rest, !r.pass()) : rest);
}

}  // namespace lightlane::cli
