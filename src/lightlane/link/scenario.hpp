#pragma once
/// A scenario: everything that decides a run, as plain data. Units are in the names. Defaults are a complete
/// 400GBASE-DR4 link, its light that of no device in particular: typical_scenario() gives a PMD's typical one. What each
/// key means, its unit and range stand in scenario_keys.cpp, optical_keys.cpp and host_keys.cpp, once, and serve the TOML file, the
/// command line, the printed configuration and the reports alike.

#include <cstdint>
#include <string>
#include <vector>

#include "lightlane/aui/host_channel.hpp"
#include "lightlane/optics/photoreceiver.hpp"
#include "lightlane/optics/transmitter.hpp"
#include "lightlane/rxdsp/equalizer.hpp"

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
    std::string far_pmd = "auto";       ///< PMD of the receiving side; auto = the same
    std::string engine = "waveform";    ///< waveform | symbol | statistical
    std::string corner = "typical";     ///< typical | limits
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

  /// The electrical lanes between a host and its module, in one direction.
  struct Host {
    bool enable = false;                   ///< else lanes have no errors but those of phy.host_ber
    aui::HostChannelConfig config;         ///< modulation and rate follow from the PMD, the pulse from its file
    double loss_spread_db = 0;             ///< standard deviation of the lanes' losses
    std::vector<double> lane_loss_offset_db; ///< one for each host lane; empty = none
    std::string pulse_file;                ///< empty = the built-in profile
  };
  /// From the sending host to its module, and (far) from the receiving module to its host.
  Host host;
  struct FarHost : Host {
    std::vector<std::string> own;          ///< keys that were given to this end; the others follow [host] as it is read
  } far_host;

  struct Tx {
    std::string device = "auto";           ///< profile of the catalogue; auto = the PMD's typical one
    optics::TransmitterConfig config;      ///< modulation, rate and wavelength follow from the PMD
    std::vector<double> level_error;       ///< of P1 and P2, as a share of OMA / 3; empty = none
    std::vector<double> lane_oma_offset_db;///< one for each line lane; empty = none
    double laser_rms_width_nm = 0;         ///< spectral width of the source (VCSEL); 0 = a line
    double spread = 0;                     ///< lanes differ by so many standard deviations of the profile
  } tx;

  struct Plant {
    std::string fibre = "auto";            ///< of the catalogue; auto = the PMD's typical one
    double length_m = 500;
    double attenuation_db_per_km = 0.35;   ///< at 1310 nm (850 nm on multimode fibre)
    double zero_dispersion_nm = 1312;
    double dispersion_slope_ps_nm2_km = 0.09;
    double pmd_ps_sqrt_km = 0.1;
    double group_index = 1.4682;
    double modal_bandwidth_mhz_km = 0;
    std::int64_t connectors = 2;
    double connector_loss_db = 0.25;
    double connector_reflectance_db = -55;
    std::int64_t splices = 0;
    double splice_loss_db = 0.1;
    std::vector<double> segment_length_m;  ///< in order; empty: length_m dealt out between the connectors
    std::vector<double> joint_loss_db;     ///< with segment_length_m: one more than segments
    std::vector<double> joint_reflectance_db;
    double tx_reflectance_db = -30, rx_reflectance_db = -30;
    double added_attenuation_db = 0;
    double stress_ber = 0;                 ///< attenuate further until this pre-FEC BER is met; 0 = off
    std::vector<double> dispersion_ps_nm;  ///< instead of the fibre's: one for all lanes, or one for each
    std::vector<double> dgd_ps;            ///< instead of a draw from the PMD coefficient: one for all, or one for each
    double mux_loss_db = 0;
    double mux_isolation_db = 0;           ///< of a neighbouring wavelength; 0 = no crosstalk
    bool interference = true;              ///< multipath interference of reflections
    double mpi_phase_rate_mhz = 1;
    double bidi_isolation_db = 0;          ///< own launch power over what comes back into the own receiver; 0 = none
  } plant;

  struct Rx {
    std::string device = "auto";
    optics::PhotoreceiverConfig config;
  } rx;

  struct Dsp {
    std::string device = "auto";
    rxdsp::EqualizerConfig config;
    std::int64_t training_symbols = 1 << 16;
  } dsp;

  struct Environment {
    double case_temperature_c = 45;
  } environment;

  struct Run {
    std::int64_t seed = 1;
    double duration_us = 0;                ///< stop after this much simulated traffic time; 0 = until it is sent
    bool measure = true;                   ///< measurement runs and what breaks first; without: no limits of transmitters
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
