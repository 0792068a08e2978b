#pragma once
/// The cabling of one lane: fibre segments, connectors and splices in order, from TP2 to TP3.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "lightlane/signal/lanes.hpp"
#include "lightlane/signal/waveform.hpp"

namespace lightlane::optics {

struct SegmentConfig {
  double length_m = 500;
  double attenuation_db_per_km = 0.4;      ///< at the lane's wavelength
  double zero_dispersion_nm = 1312;
  double dispersion_slope_ps_nm2_km = 0.09;///< S0
  double pmd_ps_sqrt_km = 0;
  double group_index = 1.4682;
  double modal_bandwidth_mhz_km = 0;       ///< effective, multimode; 0 = single mode
};

/// Anything discrete: connector, splice, attenuator, and the reflectance it has.
struct JointConfig {
  double loss_db = 0.25;
  double reflectance_db = -60;             ///< negative; below -90: none
};

struct PlantConfig {
  double wavelength_nm = 1311;
  /// joints[0], segments[0], joints[1], segments[1] .. joints[n]: one joint more than segments.
  std::vector<SegmentConfig> segments{SegmentConfig{}};
  std::vector<JointConfig> joints{JointConfig{}, JointConfig{}};
  double tx_reflectance_db = -40, rx_reflectance_db = -40;  ///< ends of the plant, as reflectors
  double added_attenuation_db = 0;
  double total_dispersion_ps_nm = 0;       ///< used instead of the segments' where `override_dispersion`
  bool override_dispersion = false;
  double dgd_ps = -1;                      ///< mean differential group delay; negative: drawn from the segments' PMD (Maxwell)
  double dgd_power_split = 0.5;            ///< 0.5 is the worst case
  double mux_loss_db = 0;                  ///< WDM multiplexer and demultiplexer together
  double mpi_phase_rate_mhz = 1;           ///< how fast the phases of reflections turn, at most
  /// BiDi on one fibre: reflections of our own transmitter into our own receiver are in link's hands; here only its power.
  double bidi_isolation_db = 0;            ///< 0 = none
};

/// One path of light that is reflected twice: relative to the direct one.
struct ReflectionPair {
  std::size_t first = 0, second = 0;       ///< reflectors in order from the transmitter: 0 = transmitter
  double amplitude = 0;                    ///< of the field: sqrt(R_i R_j) times the round trip's loss between them
  double delay_ui = 0;
};

struct PlantReport {
  double length_m = 0;
  double loss_db = 0;                      ///< fibre, joints, mux, added: everything
  double fibre_loss_db = 0, joint_loss_db = 0;
  double dispersion_ps_nm = 0;
  double dgd_ps = 0;
  double delay_ns = 0;
  double modal_bandwidth_ghz = 0;          ///< 0 = none
  double return_loss_db = 0;               ///< of all discrete reflections, powers added, seen from the transmitter
  double mpi_bound = 0;                    ///< sum of the pairs' amplitudes
  std::vector<ReflectionPair> reflections;
};

/// Field at TP2 -> power at TP3.
///
/// Dispersion acts on the field, square-law detection follows, then first-order DGD and modal bandwidth act on the power
/// (linear there), loss, then interference of twice-reflected light: bounded, with the victim's and the interferer's
/// amplitudes, its phase turning slowly. The interferer's data stand for those sent earlier: an independent stream of
/// symbols (the delay of a real path is hundreds of symbols and more).
class Plant {
 public:
  /// Throws ConfigError naming "plant.<key>": negative length or loss, positive reflectance, wavelength outside 800 to 1700.
  /// `level_w`: the transmitter's steady levels, for the interferers (NRZ: [0] and [3]).
  Plant(PlantConfig config, signal::Modulation modulation, std::vector<double> level_w, Rational symbol_rate_gbd,
        int samples_per_ui, std::uint64_t seed, std::uint32_t lane);
  ~Plant();
  Plant(Plant&&) noexcept;

  /// In samples of the field.
  signal::Halo halo() const noexcept;
  /// `interference` false: no MPI.
  void process(const signal::Field& in, bool interference, signal::Power& out) const;

  const PlantReport& report() const noexcept;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

/// Chromatic dispersion coefficient [ps/(nm km)] = S0 / 4 * lambda * (1 - (lambda0 / lambda)^4) (G.652 form).
double dispersion_ps_nm_km(double wavelength_nm, double zero_dispersion_nm, double slope_ps_nm2_km) noexcept;

/// Light of other wavelengths that leaks through a demultiplexer, no beat: powers add.
/// victim.w[i] += coupling * neighbour.w[i] over the victim's window, which the neighbour's must contain.
void add_crosstalk(const signal::Power& neighbour, double coupling, signal::Power& victim);

}  // namespace lightlane::optics
