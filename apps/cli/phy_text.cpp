#include "cli/phy_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "cli/light_text.hpp"
#include "cli/terminal.hpp"

namespace lightlane::cli {
namespace {

using namespace link;

void heading(std::string_view text) { fmt::print("\n{}\n", bold(text)); }

std::string interval(const math::RateInterval& i) { return fmt::format("{} .. {}", ratio(i.lower), ratio(i.upper)); }

void print_frames(const PhyReport& r) {
  const FramesResult& f = r.frames;
  heading("Frames");
  fmt::print("  sent {}   delivered {}   lost {}   damaged {}   wrong {}\n", grouped(f.sent), grouped(f.delivered),
             grouped(f.lost), grouped(f.damaged), grouped(f.wrong));
  fmt::print("  loss ratio {}   95 % interval {}", ratio(f.loss_ratio), interval(f.loss_ratio_interval));
  if (f.loss_ratio_predicted) fmt::print("   predicted {}", ratio(*f.loss_ratio_predicted));
  fmt::print("\n");
  if (f.inhibited > 0) fmt::print("  {} frames were not sent, because the link had a fault\n", grouped(f.inhibited));
  if (f.late > 0) fmt::print("  {} paced frames left late: the capture is faster than the line\n", grouped(f.late));
  if (f.cut > 0) fmt::print("  {} frames of the capture were cut when it was recorded and are not sent\n", grouped(f.cut));
  if (f.wrong > 0) fmt::print("  {} frames were delivered that nobody sent\n", grouped(f.wrong));
}

void print_lanes(const PhyReport& r) {
  heading("Line lanes");
  fmt::print("  {:>4} {:>16} {:>14} {:>12} {:>12} {:>24} {:>10}\n", "lane", "symbols", "symbol errors", "bit errors",
             "pre-FEC BER", "95 % interval", "expected");
  for (std::size_t i = 0; i < r.lanes.size(); ++i) {
    const LaneResult& lane = r.lanes[i];
    fmt::print("  {:>4} {:>16} {:>14} {:>12} {:>12} {:>24} {:>10}\n", i, grouped(lane.symbols), grouped(lane.symbol_errors),
               grouped(lane.bit_errors), ratio(lane.ber), interval(lane.ber_interval), ratio(lane.ber_expected));
  }
}

void print_bins(const FecResult& f) {
  fmt::print("  {:>14} {:>16}{}\n", "symbols wrong", "codewords", f.bins_predicted.empty() ? "" : "        predicted");
  std::size_t last = 15;
  const auto expected = [&](std::size_t i) {
    return f.bins_predicted.empty() ? 0 : f.bins_predicted[i] * static_cast<double>(f.counters.codewords);
  };
  while (last > 0 && f.counters.bins[last] == 0 && expected(last) < 0.05) --last;
  for (std::size_t i = 0; i <= last; ++i) {
    fmt::print("  {:>14} {:>16}", i, grouped(f.counters.bins[i]));
    if (!f.bins_predicted.empty()) fmt::print(" {:>16.1f}", expected(i));
    fmt::print("\n");
  }
}

void print_fec(const PhyReport& r) {
  if (!r.fec) {
    heading("FEC: none");
    return;
  }
  const FecResult& f = *r.fec;
  heading("FEC");
  fmt::print("  codewords {}   corrected {}   uncorrectable {}   corrected symbols {}   corrected bits {}\n",
             grouped(f.counters.codewords), grouped(f.counters.corrected_codewords),
             grouped(f.counters.uncorrectable_codewords), grouped(f.counters.corrected_symbols),
             grouped(f.counters.corrected_bits));
  fmt::print("  codeword error ratio {}   95 % interval {}", ratio(f.codeword_error_ratio),
             interval(f.codeword_error_ratio_interval));
  if (f.codeword_error_ratio_predicted) fmt::print("   predicted {}", ratio(*f.codeword_error_ratio_predicted));
  if (f.post_fec_ber_predicted) fmt::print("   post-FEC BER predicted {}", ratio(*f.post_fec_ber_predicted));
  fmt::print("\n");
  print_bins(f);
}

void print_receiver(const PhyReport& r) {
  const PhyReceiveReport& rx = r.receive;
  heading("PCS");
  fmt::print("  alignment {}   found {} time{}, lost {}   restarts by FEC {}\n  error blocks {}   local fault words {} (before and between alignments)\n",
             rx.align_status ? "yes" : "NO", rx.alignments, rx.alignments == 1 ? "" : "s", rx.losses, rx.restarts,
             grouped(rx.error_blocks), grouped(rx.local_fault_words));
  std::string order, skew;
  std::uint64_t marker_errors = 0, bip = 0;
  for (const ReceivedLane& lane : rx.lanes) {
    order += fmt::format(" {}", lane.pcs_lane < 0 ? "-" : std::to_string(lane.pcs_lane));
    skew += fmt::format(" {}", lane.skew_bits);
    marker_errors += lane.marker_errors;
    bip += lane.bip_errors;
  }
  fmt::print("  lane order found   {}\n  skew [bits]        {}\n", order, skew);
  fmt::print("  marker errors {}   BIP errors {}", grouped(marker_errors), grouped(bip));
  if (rx.hi_ber_events > 0) fmt::print("   hi_ber {} times", rx.hi_ber_events);
  if (rx.hi_ser_events > 0) fmt::print("   hi_ser {} times", rx.hi_ser_events);
  if (rx.degrade_events > 0) fmt::print("   FEC degraded {} times", rx.degrade_events);
  fmt::print("\n  idle words: {} deleted for markers at the sender; {} inserted, {} deleted at the receiver\n",
             grouped(r.transmit.words_deleted), grouped(rx.words_inserted), grouped(rx.words_deleted));
  if (r.transmit.overflows + rx.overflows > 0) fmt::print("  elastic store overflowed: not enough idle in the traffic\n");
}

/// Host lanes that nothing tells apart are one row.
bool alike(const HostSide& side, const std::vector<LaneResult>& counted, std::size_t a, std::size_t b) {
  if (counted[a].bit_errors + counted[b].bit_errors > 0) return false;
  return side.lanes[a].channel == side.lanes[b].channel && side.lanes[a].ber == side.lanes[b].ber;
}

void print_host_row(std::string_view end, std::size_t first, std::size_t last, const HostLane& lane, const LaneResult& sum) {
  const auto figure = [&](double value, int decimals) { return lane.channel ? fmt::format("{:.{}f}", value, decimals) : std::string("-"); };
  const aui::HostChannelReport none;
  const aui::HostChannelReport& c = lane.channel ? *lane.channel : none;
  fmt::print("  {:<9} {:>5} {:>8} {:>8} {:>8} {:>8} {:>8} {:>10} {:>18} {:>12} {:>10}\n", end,
             first == last ? std::to_string(first) : fmt::format("{}-{}", first, last), lane.loss_db ? fmt::format("{:.2f}", *lane.loss_db) : "-",
             figure(c.ctle_db, 1), figure(c.snr_db, 2), figure(c.eye_height_mv, 1), figure(c.eye_width_ui, 2), ratio(sum.ber_expected),
             grouped(sum.bits), grouped(sum.bit_errors), ratio(sum.ber));
}

void print_host_lanes(std::string_view end, const HostSide& side, const std::vector<LaneResult>& counted) {
  for (std::size_t first = 0, last = 0; first < counted.size(); first = last + 1) {
    LaneResult sum = counted[first];
    for (last = first; last + 1 < counted.size() && alike(side, counted, first, last + 1); ++last) sum.bits += counted[last + 1].bits;
    print_host_row(end, first, last, side.lanes[first], sum);
  }
}

/// What the end of an unprotected interface sees of its PCS lanes.
void print_host_alignment(std::string_view end, const HostReport& h) {
  if (h.pcs_lanes.empty()) return;
  std::uint64_t bip = 0, markers = 0;
  for (const ReceivedLane& lane : h.pcs_lanes) {
    bip += lane.bip_errors;
    markers += lane.marker_errors;
  }
  fmt::print("  {:<9} alignment {}, found {} times, lost {}   marker errors {}   BIP errors {}\n", end, h.align_status ? "yes" : "NO",
             h.alignments, h.losses, grouped(markers), grouped(bip));
}

void print_hosts(const PhyReport& r) {
  const bool unprotected = !r.transmit.host.pcs_lanes.empty(), errors = !r.sender_host_lanes.empty() || !r.receiver_host_lanes.empty();
  if (!unprotected && !errors) return;
  heading(fmt::format("Host lanes ({}: {} lanes of {:g} GBd {}{})", r.host.interface, r.host.count, r.host.symbol_rate_gbd.value(),
                      r.host.modulation == signal::Modulation::pam4 ? "PAM4" : "NRZ",
                      unprotected ? ", unprotected: KP4 is the modules'" : ""));
  if (errors) {
    fmt::print("  {:<9} {:>5} {:>8} {:>8} {:>8} {:>8} {:>8} {:>10} {:>18} {:>12} {:>10}\n", "end", "lane", "loss dB", "CTLE dB", "SNR dB",
               "eye mV", "eye UI", "expected", "bits", "bit errors", "BER");
    print_host_lanes("sender", r.host.sender, r.sender_host_lanes);
    print_host_lanes("receiver", r.host.receiver, r.receiver_host_lanes);
    const bool drawn = (r.host.sender.simulated || r.sender_host_lanes.empty()) && (r.host.receiver.simulated || r.receiver_host_lanes.empty());
    if (!drawn) fmt::print("  errors of an end whose lanes are all below a BER of {:g} are not drawn\n", unseen_ber);
  }
  print_host_alignment("sender", r.transmit.host);
  print_host_alignment("receiver", r.receive.host);
}

void print_one(const PhyReport& r, std::string_view direction) {
  fmt::print("{}  {}{}  ({}, seed {}){}\n", verdict(r.pass()), bold(r.title()), direction, r.structure, r.scenario.run.seed,
             r.interrupted ? "  interrupted" : "");
  fmt::print("  {}\n", r.traffic);
  print_frames(r);
  if (r.light) print_light(*r.light);
  print_lanes(r);
  print_fec(r);
  print_receiver(r);
  print_hosts(r);
  if (!r.prediction_note.empty()) fmt::print("\n  Note: {}\n", r.prediction_note);
  fmt::print("\n  simulated {:.1f} us ({:.1f} us of it until lanes were aligned) in {:.2f} s: {:.2f} Gb/s\n", r.time.simulated_us,
             r.time.warmup_us, r.time.wall_s, r.time.simulated_gbps);
}

void print_port(std::string_view name, const PhyReport& r) {
  std::uint64_t bits = 0, wrong = 0;
  for (const LaneResult& lane : r.lanes) {
    bits += lane.bits;
    wrong += lane.bit_errors;
  }
  fmt::print("  {:<10} {:<12} {} {:>13} {:>13} {:>11} {:>11} {:>12} {:>14} {:>9}\n", name, r.structure, verdict(r.pass()),
             grouped(r.frames.sent), grouped(r.frames.delivered), grouped(r.frames.lost), grouped(r.frames.inhibited),
             ratio(bits == 0 ? 0 : static_cast<double>(wrong) / static_cast<double>(bits)),
             r.fec ? grouped(r.fec->counters.uncorrectable_codewords) : "-", r.receive.align_status ? "yes" : "NO");
}

void print_breakout(const PhyRunReport& r) {
  fmt::print("{}  {}  ({}, seed {}){}\n", verdict(r.pass()), bold(r.scenario.link.pmd), r.scenario.link.breakout,
             r.scenario.run.seed, r.interrupted ? "  interrupted" : "");
  fmt::print("  {} on every port\n\n", r.ports.front().traffic);
  fmt::print("  {:<10} {:<12} {} {:>13} {:>13} {:>11} {:>11} {:>12} {:>14} {:>9}\n", "port", "structure", "    ", "sent",
             "delivered", "lost", "inhibited", "pre-FEC BER", "uncorrectable", "aligned");
  for (std::size_t i = 0; i < r.ports.size(); ++i) {
    print_port(fmt::format("{}", i), r.ports[i]);
    for (const PhyReport& reverse : r.ports[i].reverse) print_port(fmt::format("{} reverse", i), reverse);
  }
  fmt::print("\n  in {:.2f} s: {:.2f} Gb/s; --format json has the whole report of each port\n", r.wall_s, r.simulated_gbps);
}

}  // namespace

void print_text(const PhyRunReport& r) {
  if (r.scenario.link.breakout != "none") {
    print_breakout(r);
    return;
  }
  const PhyReport& forward = r.ports.front();
  print_one(forward, forward.reverse.empty() ? "" : ", forward direction");
  for (const PhyReport& reverse : forward.reverse) {
    fmt::print("\n");
    print_one(reverse, ", reverse direction");
  }
}

}  // namespace lightlane::cli
