#include "cli/html_section.hpp"

#include <fmt/format.h>

#include <algorithm>

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
void add_light(const OpticalReport& light, std::vector<Fact>& list) {
  const LightHeadline h = light_headline(light);
  list.push_back(
      {"margin of the worst lane", h.margin + (h.no_margin ? "" : " dB"), h.no_margin || h.margin[0] == '-'});
  list.push_back({"limits of the standard kept", h.limits, !light.pass()});
  if (h.penalty == "-") return;
  list.push_back({fmt::format("{} of the worst lane", penalty_name(light)),
                  h.penalty + (h.closed ? "" : " dB"), h.closed});
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
  if (r.light) add_light(*r.light, list);
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

/// Host lanes that nothing tells apart are one row.
bool alike(const HostSide& side, const std::vector<LaneResult>& counted, std::size_t a, std::size_t b) {
  if (counted[a].bit_errors + counted[b].bit_errors > 0) return false;
  return side.lanes[a].channel == side.lanes[b].channel && side.lanes[a].ber == side.lanes[b].ber;
}

std::vector<std::string> host_row(const std::string& lanes, const HostLane& lane, const LaneResult& sum) {
  std::vector<std::string> cells = {lanes, lane.loss_db ? number(*lane.loss_db) : "-"};
  const auto figure = [&](double aui::HostChannelReport::*value, int decimals) {
    cells.push_back(lane.channel ? number((*lane.channel).*value, decimals) : "-");
  };
  figure(&aui::HostChannelReport::ctle_db, 1);
  figure(&aui::HostChannelReport::snr_db, 2);
  figure(&aui::HostChannelReport::eye_height_mv, 1);
  figure(&aui::HostChannelReport::eye_width_ui, 2);
  cells.insert(cells.end(), {ratio(lane.ber), grouped(sum.bits), grouped(sum.bit_errors), ratio(sum.ber)});
  return cells;
}

std::string host_lanes(const std::string& end, const HostSide& side, const std::vector<LaneResult>& counted) {
  if (counted.empty() || side.lanes.size() != counted.size()) return "";
  html::Table table(fmt::format("At the {}{}", end,
                                side.simulated ? ""
                                               : fmt::format("; errors of a ratio below {} are not drawn",
                                                             html::exponent(unseen_ber))),
                    {{"lane", false},
                     {"loss [dB]"},
                     {"CTLE [dB]"},
                     {"SNR [dB]"},
                     {"eye [mV]"},
                     {"eye [UI]"},
                     {"expected"},
                     {"bits"},
                     {"bit errors"},
                     {"bit error ratio"}});
  for (std::size_t first = 0, last = 0; first < counted.size(); first = last + 1) {
    LaneResult sum = counted[first];
    for (last = first; last + 1 < counted.size() && alike(side, counted, first, last + 1); ++last)
      sum.bits += counted[last + 1].bits;
    const std::string lanes = first == last ? std::to_string(first) : fmt::format("{} to {}", first, last);
    table.row(host_row(lanes, side.lanes[first], sum));
  }
  return table.html();
}

/// What an end of an unprotected interface sees of its PCS lanes.
std::string host_pcs(const std::string& end, const HostReport& host) {
  if (host.pcs_lanes.empty()) return "";
  return html::facts("Alignment at the " + end,
                     {{"align_status", host.align_status ? "yes" : "NO", !host.align_status},
                      {"alignment found", grouped(host.alignments)},
                      {"alignment lost", grouped(host.losses), host.losses > 0}}) +
         received_lanes("PCS lanes of the host interface, " + end, host.pcs_lanes);
}

std::string host(const PhyReport& r) {
  const std::string lanes = host_lanes("sender", r.host.sender, r.sender_host_lanes) +
                            host_lanes("receiver", r.host.receiver, r.receiver_host_lanes);
  const std::string pcs = host_pcs("sender", r.transmit.host) + host_pcs("receiver", r.receive.host);
  if (lanes.empty() && pcs.empty()) return "";
  const std::string what = fmt::format("Host interface: {}, {} lanes of {:g} GBd {}{}", r.host.interface,
                                       r.host.count, r.host.symbol_rate_gbd.value(),
                                       r.host.modulation == signal::Modulation::pam4 ? "PAM4" : "NRZ",
                                       pcs.empty() ? "" : ", unprotected: KP4 is the modules'");
  return html::heading(3, what) + lanes + pcs;
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
         received_lanes("PCS or FEC lanes as received", r.receive.lanes) +
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

std::string html_section(const PhyReport& r) {
  std::string out = headline(r);
  if (r.interrupted)
    out += html::paragraph("The run was interrupted: these are the figures up to there.", "note");
  if (!r.prediction_note.empty()) out += html::paragraph("Note: " + r.prediction_note + ".", "note");
  if (r.light) {
    out += html_limits(*r.light) + html_margin(*r.light, r.lanes) + html_transmitters(*r.light);
    out += html_light_lanes(*r.light) + html_receivers(*r.light);
  }
  out += html::side_by_side({ber_figure(r), codeword_figure(r)});
  out += html::side_by_side({frames(r), time_spent(r)});
  out += host(r);
  if (!r.light) return out + counters(r);
  return out + html_delay_and_power(*r.light) +
         html::fold("Lanes, FEC and PCS in numbers", counters(r), !r.receive.align_status);
}

}  // namespace lightlane::cli
