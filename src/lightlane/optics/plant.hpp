#pragma once
/// The cabling of one lane: fibre segments, connectors and splices in order, from TP2 to TP3.
///
/// Not modelled: third-order dispersion (0.002 rad at 40 GHz over 10 km), nonlinear effects (SBS, SPM, FWM:
/// negligible at these powers, lengths and spacings), polarisation of reflections (taken as aligned, the
/// worst case), data of transmitter and reflections that belong together (they are independent streams),
/// thermal change of length.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "lightlane/optics/fibre.hpp"
#include "lightlane/optics/reflections.hpp"
#include "lightlane/signal/lanes.hpp"
#include "lightlane/signal/waveform.hpp"

namespace lightlane::optics {

struct SegmentConfig {
  double length_m = 500;                     ///< 0 to 200000
  double attenuation_db_per_km = 0.4;        ///< at the lane's wavelength; 0 to 20
  double zero_dispersion_nm = 1312;          ///< 1000 to 1700
  double dispersion_slope_ps_nm2_km = 0.09;  ///< S0; 0 to 0.5
  double pmd_ps_sqrt_km = 0;                 ///< 0 to 10
  double group_index = 1.4682;               ///< 1 to 2
  double modal_bandwidth_mhz_km = 0;         ///< effective, multimode, optical -3 dB; 0 = single mode
};

/// Anything discrete: connector, splice, attenuator, and the reflectance it has.
struct JointConfig {
  double loss_db = 0.25;        ///< 0 to 60
  double reflectance_db = -60;  ///< negative; below -90: none
};

struct PlantConfig {
  /// 800 to 1700; from 1260 where a segment is single mode (cable cut-off, G.652).
  double wavelength_nm = 1311;
  /// joints[0], segments[0], joints[1], segments[1] .. joints[n]: one joint more than segments.
  std::vector<SegmentConfig> segments = std::vector<SegmentConfig>(1);
  std::vector<JointConfig> joints = std::vector<JointConfig>(2);
  double tx_reflectance_db = -40;     ///< end of the plant, as a reflector; below -90: none
  double rx_reflectance_db = -40;     ///< the other end
  double added_attenuation_db = 0;    ///< an attenuator right before the receiver's reflection; 0 to 100
  double total_dispersion_ps_nm = 0;  ///< used instead of the segments' where `override_dispersion`
  bool override_dispersion = false;
  double dgd_ps = -1;  ///< differential group delay; negative: drawn from the segments' PMD (Maxwell)
  double dgd_power_split = 0.5;   ///< 0.5 is the worst case
  double mux_loss_db = 0;         ///< WDM multiplexer and demultiplexer together, inside the modules
  double mpi_phase_rate_mhz = 1;  ///< how fast the phases of reflections turn, at most; a default, unverified
  /// One fibre both ways: power of the local transmitter (same levels as the far one's) that reaches the
  /// local receiver, after reflections and filter, below its launch power. Another wavelength: powers add,
  /// nothing beats. 0 = none.
  double bidi_isolation_db = 0;
  /// Multimode: rms spectral width of the source, whose chromatic spread limits the bandwidth too. 0 = none.
  double source_rms_width_nm = 0;
};

struct PlantReport {
  double length_m = 0;
  double loss_db = 0;  ///< fibre, joints, mux, added: everything
  double fibre_loss_db = 0, joint_loss_db = 0;
  double dispersion_ps_nm = 0;
  double dgd_ps = 0;
  double delay_ns = 0;
  double modal_bandwidth_ghz = 0;  ///< optical -3 dB, of modes and source width together; 0 = none
  double return_loss_db = 0;       ///< reflections seen from the transmitter, powers added; at most 120
  double mpi_bound = 0;            ///< sum of the pairs' amplitudes
  std::vector<ReflectionPair> reflections;  ///< all of them
  /// Where bidi_isolation_db > 0: how much later than the lane's own the near transmitter's symbols lie, 0 to 1 UI.
  double near_end_delay_ui = 0;
};

/// Field at TP2 -> power at TP3.
///
/// Dispersion acts on the field, square-law detection follows, then first-order DGD and modal bandwidth act
/// on the power (linear there), loss, then interference of twice-reflected light: bounded, with the victim's
/// and the interferer's amplitudes, its phase turning slowly. The interferer's data stand for those sent
/// earlier: an independent stream of symbols (the delay of a real path is hundreds of symbols and more).
///
/// Interference: P becomes (sqrt(P) + S)^2, S = sum over pairs of amplitude x sqrt(P_pair(t)) x
/// cos(phase(t)). Every pair has its own symbols at the plant's output level, placed by the fraction of its
/// delay, its own uniform start of phase and its own rate, uniform within +-mpi_phase_rate_mhz. Phases are
/// uniform over seeds and over time. The square of the part in quadrature, at most mpi_bound^2 of the
/// interferers' power, is left out: 0.01 dB of the top eye where MPI itself costs 2.5 dB. The weakest pairs
/// that together have less than 1e-5 of amplitude (0.001 dB of the top eye) are listed but not simulated.
/// Dispersion and DGD of the interferers are left out too.
class Plant {
 public:
  /// Throws ConfigError naming "plant.<key>": negative length or loss, positive reflectance, wavelength
  /// outside 800 to 1700. `level_w`: the transmitter's steady levels at TP2, four of them, for the
  /// interferers (NRZ: [0] and [3]). The variant of the kernels is chosen here.
  Plant(PlantConfig config, signal::Modulation modulation, std::vector<double> level_w,
        Rational symbol_rate_gbd, int samples_per_ui, std::uint64_t seed, std::uint32_t lane);
  ~Plant();
  Plant(Plant&&) noexcept;

  /// In samples of the field.
  signal::Halo halo() const noexcept;
  /// `interference` false: no MPI, no local transmitter. Window shorter than the halo: an empty one.
  void process(const signal::Field& in, bool interference, signal::Power& out) const;

  const PlantReport& report() const noexcept;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

/// Light of other wavelengths that leaks through a demultiplexer, no beat: powers add.
/// victim.w[i] += coupling * neighbour.w[i] over the victim's window, which the neighbour's must contain.
void add_crosstalk(const signal::Power& neighbour, double coupling, signal::Power& victim);

}  // namespace lightlane::optics
