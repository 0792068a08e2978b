#include "lightlane/link/scenario_keys.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>

#include "lightlane/base/error.hpp"
#include "lightlane/link/breakout.hpp"
#include "lightlane/link/host_lanes.hpp"
#include "lightlane/link/structure.hpp"

namespace lightlane::link {

std::vector<Key> keys_of(Scenario& s) {
  const auto number = [](double& v, double lo, double hi) { return NumberKey{&v, lo, hi}; };
  const auto integer = [](std::int64_t& v, std::int64_t lo, std::int64_t hi) { return IntegerKey{&v, lo, hi}; };
  const auto boolean = [](bool& v) { return BooleanKey{&v}; };
  const auto text = [](std::string& v, std::vector<std::string> allowed = {}) { return TextKey{&v, std::move(allowed)}; };
  constexpr std::int64_t many = 1'000'000'000'000;
  std::vector<Key> keys = {
      {"link.pmd", "", "physical medium dependent sublayer; decides rate, code and lanes", text(s.link.pmd)},
      {"link.structure", "", "lane structure, e.g. 400g-4lane; auto = the PMD's", text(s.link.structure)},
      {"link.fec_placement", "", "who makes KP4 at 100G: the host, or the module over an unprotected CAUI-4",
       text(s.link.fec_placement, {"host", "module"})},
      {"link.breakout", "", "independent PHYs on the lanes of one module",
       text(s.link.breakout, {"none", "4x100g", "2x200g", "2x400g"})},
      {"link.duplex", "", "both directions, with remote fault and FEC degraded told back",
       boolean(s.link.duplex)},
      {"link.far_pmd", "", "PMD of the receiving side, where it is another one; auto = the same", text(s.link.far_pmd)},
      {"link.engine", "", "how light decides the errors: oversampled fields, pattern tables, or statistics",
       text(s.link.engine, {"waveform", "symbol", "statistical"})},
      {"link.corner", "", "what the defaults of tx, plant, rx and dsp are: a typical device, or the standard's worst one at its limits",
       text(s.link.corner, {"typical", "limits"})},

      {"traffic.capture", "", "pcap or pcapng file to send; empty = the generator", text(s.traffic.capture)},
      {"traffic.repeat", "", "how often the capture is sent", integer(s.traffic.repeat, 1, many)},
      {"traffic.pacing", "",
       "gaps between frames: none beyond the minimum, the capture's scaled, or the capture's",
       text(s.traffic.pacing, {"back_to_back", "scaled", "timestamps"})},
      {"traffic.gap_scale", "", "factor on the capture's gaps (pacing = scaled)",
       number(s.traffic.gap_scale, 0, 1e6)},
      {"traffic.frames", "", "generator: number of frames", integer(s.traffic.frames, 0, many)},
      {"traffic.frame_octets", "octets", "generator: frame length with FCS",
       integer(s.traffic.frame_octets, 64, 16384)},
      {"traffic.ipg_octets", "octets", "average inter-packet gap", integer(s.traffic.ipg_octets, 8, 65535)},
      {"traffic.keep_fcs_errors", "", "deliver frames with a wrong FCS too, marked",
       boolean(s.traffic.keep_fcs_errors)},

      {"phy.tx_clock_ppm", "ppm", "clock offset of the sending side", number(s.phy.tx_clock_ppm, -100, 100)},
      {"phy.rx_clock_ppm", "ppm", "clock offset of the receiving side",
       number(s.phy.rx_clock_ppm, -100, 100)},
      {"phy.lane_order", "", "PCS lane at each position of the multiplexer; empty = 0, 1, 2 ...",
       IntegerListKey{&s.phy.lane_order, 0, 19}},
      {"phy.line_order", "", "line lane that each receiver input is wired to; empty = straight",
       IntegerListKey{&s.phy.line_order, 0, 9}},
      {"phy.skew_bits", "bits", "delay of each PCS lane; empty = none",
       IntegerListKey{&s.phy.skew_bits, 0, 100000}},
      {"phy.host_ber", "", "bit error ratio of the host lanes, at each end", number(s.phy.host_ber, 0, 0.1)},
      {"phy.precoding", "", "1/(1+D) precoding on the line lanes", boolean(s.phy.precoding)},
      {"phy.error_indication_bypass", "", "deliver uncorrectable codewords unmarked, guarded by hi_ser",
       boolean(s.phy.error_indication_bypass)},
      {"phy.degrade_enable", "", "FEC degraded SER monitor", boolean(s.phy.degrade_enable)},
      {"phy.degrade_interval_codewords", "codewords", "window of the monitor, even",
       integer(s.phy.degrade_interval_codewords, 2, 1 << 30)},
      {"phy.degrade_activate_threshold", "symbols", "sets the state when more symbol errors are counted",
       integer(s.phy.degrade_activate_threshold, 0, 1 << 30)},
      {"phy.degrade_deactivate_threshold", "symbols", "clears the state when fewer are counted",
       integer(s.phy.degrade_deactivate_threshold, 0, 1 << 30)},

      {"errors.model", "", "symbol errors on the line lanes",
       text(s.errors.model, {"none", "symbols", "bursts", "gilbert_elliott", "awgn", "list"})},
      {"errors.ber", "", "pre-FEC bit error ratio of every lane (symbols, bursts)",
       number(s.errors.ber, 0, 0.3)},
      {"errors.lane_ber", "", "or one for each line lane", NumberListKey{&s.errors.lane_ber, 0, 0.3}},
      {"errors.burst_continuation", "", "probability that the symbol after a wrong one is wrong (bursts)",
       number(s.errors.burst_continuation, 0, 0.999)},
      {"errors.snr_db", "dB", "mean power of the levels about their middle over noise power (awgn)",
       number(s.errors.snr_db, -10, 60)},
      {"errors.good_ser", "", "symbol error ratio of the good state (gilbert_elliott)",
       number(s.errors.good_ser, 0, 1)},
      {"errors.bad_ser", "", "symbol error ratio of the bad state", number(s.errors.bad_ser, 0, 1)},
      {"errors.good_to_bad", "", "probability per symbol of turning bad", number(s.errors.good_to_bad, 0, 1)},
      {"errors.bad_to_good", "", "probability per symbol of turning good",
       number(s.errors.bad_to_good, 0, 1)},
      {"errors.list", "", "file of positions: lane and symbol index on each line (list)",
       text(s.errors.list)},

      {"run.seed", "", "of every random stream", integer(s.run.seed, 0, INT64_MAX)},
      {"run.duration_us", "us", "stop after this much simulated traffic time; 0 = until all is sent",
       number(s.run.duration_us, 0, 1e9)},
      {"run.measure", "", "measure the transmitters (TDECQ, mask) and what breaks first; false = sooner done, their limits unchecked",
       boolean(s.run.measure)},
  };
  std::vector<Key> host = host_keys_of(s), optical = optical_keys_of(s);
  keys.insert(keys.end() - 3, std::make_move_iterator(host.begin()), std::make_move_iterator(host.end()));
  keys.insert(keys.end() - 3, std::make_move_iterator(optical.begin()), std::make_move_iterator(optical.end()));
  return keys;
}

namespace {

void check_permutation(const std::vector<std::int64_t>& list, int count, std::string_view path) {
  if (list.empty()) return;
  std::vector<std::int64_t> sorted = list;
  std::sort(sorted.begin(), sorted.end());
  bool good = sorted.size() == static_cast<std::size_t>(count);
  for (std::size_t i = 0; good && i < sorted.size(); ++i) good = sorted[i] == static_cast<std::int64_t>(i);
  if (!good) {
    throw ConfigError({std::string(path), fmt::format("[{}] is no permutation", fmt::join(list, ", ")),
                       fmt::format("each of 0 to {} once", count - 1), ""});
  }
}

void check_length(std::size_t length, int count, std::string_view path, std::string_view of) {
  if (length != 0 && length != static_cast<std::size_t>(count)) {
    throw ConfigError({std::string(path), fmt::format("has {} values", length),
                       fmt::format("none, or {}: one for each {}", count, of), ""});
  }
}

}  // namespace

const Structure& structure_of(const Scenario& s) {
  const Structure& of_pmd = structure_of_pmd(s.link.pmd, "link.pmd");
  return s.link.structure == "auto" ? of_pmd : structure_by_name(s.link.structure, "link.structure");
}

namespace {

/// A key that its model does not read would be ignored.
void validate_error_model(const Scenario::Errors& errors) {
  const bool bursts = errors.model == "bursts", ratio = bursts || errors.model == "symbols";
  const auto refuse = [&](const char* key, std::string problem, std::string allowed) {
    throw ConfigError({key, std::move(problem) + fmt::format(" with errors.model = \"{}\"", errors.model),
                       std::move(allowed), ""});
  };
  if (bursts && errors.burst_continuation == 0) refuse("errors.burst_continuation", "is 0", "above 0");
  if (!bursts && errors.burst_continuation != 0) {
    refuse("errors.burst_continuation", fmt::format("is {}", errors.burst_continuation), "0, or model \"bursts\"");
  }
  if (!ratio && errors.ber != 0) {
    refuse("errors.ber", fmt::format("is {}", errors.ber), "0, or model \"symbols\" or \"bursts\"");
  }
  if (!ratio && !errors.lane_ber.empty()) refuse("errors.lane_ber", "is given", "none, or model \"symbols\" or \"bursts\"");
}

/// One direction of one PHY.
void validate_street(const Scenario& s) {
  const Structure& structure = structure_of(s);
  check_permutation(s.phy.lane_order, structure.pcs_lanes, "phy.lane_order");
  check_permutation(s.phy.line_order, structure.line_lanes, "phy.line_order");
  check_length(s.phy.skew_bits.size(), structure.pcs_lanes, "phy.skew_bits", "PCS lane");
  check_length(s.errors.lane_ber.size(), structure.line_lanes, "errors.lane_ber", "line lane");
  if (s.phy.degrade_interval_codewords % 2 != 0) {
    throw ConfigError({"phy.degrade_interval_codewords", fmt::format("is {}", s.phy.degrade_interval_codewords),
                       "an even number", ""});
  }
  if (s.errors.model == "list" && s.errors.list.empty()) {
    throw ConfigError({"errors.list", "is empty", "a file, because errors.model = \"list\"", ""});
  }
  if (const double sum = s.errors.good_to_bad + s.errors.bad_to_good;
      s.errors.model == "gilbert_elliott" && !(sum > 0 && sum <= 1)) {
    throw ConfigError({"errors.good_to_bad", fmt::format("and errors.bad_to_good add to {}", sum),
                       "above 0, at most 1", ""});
  }
  if (s.phy.degrade_enable && s.phy.degrade_deactivate_threshold > s.phy.degrade_activate_threshold + 1) {
    throw ConfigError(
        {"phy.degrade_deactivate_threshold", fmt::format("is {}", s.phy.degrade_deactivate_threshold),
         fmt::format("0 to {}, phy.degrade_activate_threshold + 1", s.phy.degrade_activate_threshold + 1),
         ""});
  }
  if (s.errors.model != "none") validate_error_model(s.errors);
  if (s.phy.precoding && structure.modulation != signal::Modulation::pam4) {
    throw ConfigError({"phy.precoding", "is true on NRZ lanes", "PAM4 structures", "802.3 135.5.7.2"});
  }
  if (s.link.fec_placement == "module" && structure.coding != Coding::clause91_kp4) {
    throw ConfigError({"link.fec_placement", fmt::format("is \"module\" with {}", structure.name),
                       "100g-1lane or 100g-2lane", "at 200G and 400G the FEC is part of the host's PCS, 802.3 119"});
  }
  validate_host(s, structure);
  for (const Event& event : s.events) {
    const bool pcs_lane = event.kind == "bit_slip" || event.kind == "skew_step";
    const int lanes = pcs_lane ? structure.pcs_lanes : structure.line_lanes;
    if (event.lane < 0 || event.lane >= lanes) {
      throw ConfigError({"events.lane", fmt::format("is {} for \"{}\"", event.lane, event.kind),
                         fmt::format("0 to {}", lanes - 1), ""});
    }
    if (event.kind == "bit_slip" && event.bits != 1 && event.bits != -1) {
      throw ConfigError({"events.bits", fmt::format("is {} for \"bit_slip\"", event.bits),
                         "1 (a bit too many) or -1 (a bit lost)", "skew_step moves a lane by more"});
    }
  }
}

/// Both directions of one PHY.
void validate_phy(const Scenario& s) {
  validate_street(s);
  if (!s.reverse.empty() && !s.link.duplex) {
    throw ConfigError({"reverse", "is given with link.duplex = false", "link.duplex = true", ""});
  }
  if (s.link.duplex) validate_street(reverse_of(s));
}

}  // namespace

void validate(const Scenario& s) {
  if (s.traffic.capture == "-" && (s.link.breakout != "none" || s.link.duplex)) {
    throw ConfigError({"traffic.capture", "is standard input, which only one of several senders can read",
                       "a file with link.breakout or link.duplex", ""});
  }
  if (s.link.pmd == eight_lane_800g_pmd && s.link.breakout != "2x400g") {
    throw ConfigError({"link.pmd", fmt::format("is {} with link.breakout = \"{}\"", s.link.pmd, s.link.breakout), "link.breakout = \"2x400g\"",
                       "the 800G PCS of clause 172 is not modelled; the module as two 400GBASE-DR4 is"});
  }
  // Ports and the reverse direction may give it a model.
  if (s.errors.model == "none" && s.ports.empty() && s.reverse.empty()) validate_error_model(s.errors);
  if (s.link.breakout == "none") {
    if (!s.ports.empty()) throw ConfigError({"ports", "is given with link.breakout = \"none\"", "4x100g, 2x200g or 2x400g", ""});
    validate_phy(s);
    return;
  }
  for (const Scenario& port : ports_of(s)) {
    try {
      validate_phy(port);
    } catch (const ConfigError& error) {
      const ErrorDetail& detail = error.detail();
      throw ConfigError({fmt::format("port {}: {}", port.place.port, detail.place), detail.problem, detail.allowed, detail.hint});
    }
  }
}

}  // namespace lightlane::link
