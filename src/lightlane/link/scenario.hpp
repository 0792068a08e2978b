#pragma once
/// A scenario: everything that decides a run, as plain data. Units are in the names. Defaults are a complete
/// 400GBASE-DR4 link; what each key means, its unit and range stand in scenario_keys.cpp, once, and serve the
/// TOML file, the command line, the printed configuration and the reports alike.

#include <cstdint>
#include <string>
#include <vector>

namespace lightlane::link {

/// A thing that happens to a lane at one moment of a run.
struct Event {
  std::string kind;           ///< cut | bit_slip | skew_step | errors
  std::int64_t lane = 0;      ///< line lane (cut, errors); PCS lane at the transmitter (bit_slip, skew_step)
  double time_us = 0;         ///< simulated time since the start of the run
  double duration_us = 0;     ///< cut: how long the receiver decides noise; 0 = to the end
  std::int64_t bits = 1;      ///< skew_step: change of the lane's delay; bit_slip: +1 a bit too many, -1 one lost
  std::int64_t count = 1;     ///< errors: consecutive symbols hit
};

struct Scenario {
  struct Link {
    std::string pmd = "400GBASE-DR4";
    std::string structure = "auto";     ///< lane structure; auto = the PMD's
    std::string fec_placement = "host"; ///< host | module (100G KP4 made and ended inside the module)
    std::string breakout = "none";      ///< none | 4x100g | 2x200g
    bool duplex = false;                ///< both directions, each side's receiver telling its own sender
    bool operator==(const Link&) const = default;
  } link;

  struct Traffic {
    std::string capture;                ///< file; empty = the generator below
    std::int64_t repeat = 1;            ///< how often the capture is sent
    std::string pacing = "back_to_back";
    double gap_scale = 1.0;
    std::int64_t frames = 1000;         ///< generator: number of frames
    std::int64_t frame_octets = 1518;   ///< generator: length with FCS
    std::int64_t ipg_octets = 12;
    bool keep_fcs_errors = false;
  } traffic;

  struct Phy {
    double tx_clock_ppm = 0;
    double rx_clock_ppm = 0;
    std::vector<std::int64_t> lane_order;  ///< PCS lane at each position of the multiplexer; empty = 0, 1, 2 ...
    std::vector<std::int64_t> line_order;  ///< line lane that each receiver input is wired to; empty = straight
    std::vector<std::int64_t> skew_bits;   ///< delay of each PCS lane; empty = none
    double host_ber = 0;                   ///< bit error ratio of the host lanes, at each end
    bool precoding = false;
    bool error_indication_bypass = false;
    bool degrade_enable = false;
    std::int64_t degrade_interval_codewords = 8192;
    std::int64_t degrade_activate_threshold = 5560;
    std::int64_t degrade_deactivate_threshold = 5560;
  } phy;

  struct Errors {
    std::string model = "none";            ///< none | symbols | bursts | gilbert_elliott | awgn | list
    double ber = 0;                        ///< pre-FEC bit error ratio of every lane (symbols, bursts)
    std::vector<double> lane_ber;          ///< or one for each line lane
    double burst_continuation = 0;         ///< P(next symbol wrong | this one wrong)
    double snr_db = 20;                    ///< awgn: mean power of the levels about their middle over noise power
    double good_ser = 0, bad_ser = 0.1;    ///< gilbert_elliott
    double good_to_bad = 1e-6, bad_to_good = 1e-2;
    std::string list;                      ///< file of positions
  } errors;

  struct Optics {
    double launch_oma_dbm = 1.0;
    double length_m = 500;
    double attenuation_db_per_km = 0.4;
    double connector_loss_db = 0.25;
    std::int64_t connectors = 2;
    double added_attenuation_db = 0;
    double responsivity_a_per_w = 0.8;
    double thermal_noise_pa_per_sqrt_hz = 20;
    double noise_bandwidth_ghz = 0;        ///< 0 = half the symbol rate
    double stress_ber = 0;                 ///< attenuate further until this pre-FEC BER is met; 0 = off
  } optics;

  struct Run {
    std::int64_t seed = 1;
    double duration_us = 0;                ///< stop after this much simulated traffic time; 0 = until it is sent
  } run;

  std::vector<Event> events;

  /// Breakout: one scenario for each port, the whole one with that port's changes ([[ports]]). Empty: all alike.
  /// Lists and events outside of [[ports]] speak of the lanes of the whole module, see breakout.hpp.
  std::vector<Scenario> ports;
  /// Duplex: none, or one: the other direction with its changes ([reverse]). It has no events but its own, and clocks
  /// belong to sides: they are the forward direction's, swapped.
  std::vector<Scenario> reverse;

  /// Where a port or a direction stands in the whole, so that its random streams are its own. No keys of a file.
  struct Place {
    std::uint32_t port = 0;
    std::uint32_t direction = 0;    ///< 0 forward, 1 reverse
    std::uint32_t first_lane = 0;   ///< of the module's line lanes
    bool own_events = false;        ///< events came with a port's table and speak of the port's lanes
  } place;
};

}  // namespace lightlane::link
