#pragma once
/// A PMD as a standard, an MSA or a vendor defines it: what it is, and its limits. The same type in two
/// documents is two entries. Powers are per lane in dBm, losses and ratios in dB; units stand in the names.
/// The same names are the keys of data/catalog/pmds/*.toml and of the JSON that `lightlane catalog show`
/// prints.

#include <optional>
#include <span>
#include <string_view>

#include "lightlane/catalog/value.hpp"

namespace lightlane::catalog {

enum class LineCode : std::uint8_t { unknown, nrz, pam4, dp_dqpsk, dp_16qam };
enum class FibreKind : std::uint8_t { single_mode, multimode };
enum class PmdConnector : std::uint8_t { unknown, lc_duplex, lc_simplex, mpo12, mpo16, mpo24 };
enum class Polish : std::uint8_t { unknown, upc, apc, flat };
enum class FecKind : std::uint8_t {
  unknown,
  none,           ///< BER 1e-12 without FEC
  kp4_clause119,  ///< RS(544,514), part of the host's PCS
  kp4_clause91,   ///< RS(544,514) on the host, or in the module where the host side is CAUI-4
  kp4_clause134,  ///< RS(544,514) of 50 Gb/s, on the host
  kr4,            ///< RS(528,514) of clause 91, at 25 Gb/s of clause 108, on the host
  other,          ///< see fec.text
};
/// What the standard's penalty of a transmitter is called: `tdecq_max_db` and its kin hold the limits of this
/// one.
enum class PenaltyMetric : std::uint8_t { unknown, tdecq, tdec, tdp };
/// Single-fibre PMDs send different wavelengths from their two ends.
enum class End : std::uint8_t { both, a, b };

std::string_view name(LineCode code) noexcept;
std::string_view name(FibreKind kind) noexcept;
std::string_view name(PmdConnector connector) noexcept;
std::string_view name(Polish polish) noexcept;
std::string_view name(FecKind kind) noexcept;
std::string_view name(PenaltyMetric metric) noexcept;
std::string_view name(End end) noexcept;

struct Wavelength {
  int lane = 0;
  End end = End::both;
  double nominal_nm = 0;
  std::optional<double> min_nm, max_nm;
};

/// Longest operating distance on a fibre: "SMF", "OM3", "SMF engineered" ...
struct Reach {
  std::string_view fibre;
  Value length_m;
};

/// At TP2. Transmit rule: OMAouter >= max(oma_outer_min, oma_minus_tdecq_min + TDECQ), TDECQ <= tdecq_max.
/// For NRZ "tdecq" stands for the penalty metric.
struct TxLimits {
  PenaltyMetric penalty_metric = PenaltyMetric::unknown;
  Limit total_avg_power_max_dbm;  ///< all lanes together
  Limit avg_power_max_dbm, avg_power_min_dbm;
  Limit oma_outer_max_dbm, oma_outer_min_dbm;
  Limit oma_minus_tdecq_min_dbm;
  Limit oma_minus_tdecq_min_low_er_dbm;  ///< instead, where the extinction ratio is below er_threshold_db
  Limit er_threshold_db;
  Limit tdecq_max_db;
  Limit tdecq_floor_db;           ///< below this TDECQ oma_outer_min rules
  Limit tdecq_minus_ceq_max_db;   ///< of TDECQ - 10 log10 Ceq
  Limit tdecq_minus_tecq_max_db;  ///< of |TDECQ - TECQ|
  Limit overshoot_max_pct;        ///< over- and undershoot
  Limit er_min_db;
  Limit rin_oma_max_db_per_hz, rin_at_orl_db;
  Limit smsr_min_db;
  Limit orl_tolerance_db;
  Limit reflectance_max_db;
  Limit off_power_max_dbm;
  Limit transition_time_max_ps;
  Limit rms_spectral_width_max_nm;
  Limit lane_oma_difference_max_db;
};

/// At TP3. Receiver sensitivity in OMAouter <= max(sensitivity_oma_floor, SECQ +
/// sensitivity_oma_secq_offset), or sensitivity_oma_fixed. For NRZ "secq" is the vertical eye closure
/// penalty.
struct RxLimits {
  Limit damage_threshold_dbm;
  Limit avg_power_max_dbm, avg_power_min_dbm;
  Limit oma_max_dbm;
  Limit sensitivity_oma_floor_dbm, sensitivity_oma_secq_offset_dbm, sensitivity_oma_fixed_dbm;
  Limit sensitivity_ber;
  Limit stressed_sensitivity_oma_dbm;
  Limit secq_db;
  Limit stressed_vecp_before_noise_min_db;  ///< NRZ: share of the penalty that is there without noise
  Limit stressed_j2_ui, stressed_j9_ui;     ///< NRZ
  Limit stressed_aggressor_oma_dbm;         ///< of the other lanes during the test
  Limit stressed_er_db;
  Limit reflectance_max_db;
  Limit lane_oma_difference_max_db;
};

/// TP2 to TP3.
struct ChannelLimits {
  Limit insertion_loss_max_db;  ///< multimode: of the fibre with the longest reach
  Limit insertion_loss_om3_max_db, insertion_loss_om4_max_db, insertion_loss_om5_max_db;
  Limit connection_loss_db;           ///< of that, set aside for connectors and splices
  Limit fibre_attenuation_db_per_km;  ///< of that, as planned for the fibre
  Limit dispersion_min_ps_nm, dispersion_max_ps_nm;
  Limit dgd_max_ps;
  Limit orl_min_db;                   ///< optical return loss of the cabling
  Limit discrete_reflectance_max_db;  ///< each, however many
  /// Each, where so many are above -55 dB.
  Limit discrete_reflectance_1_max_db, discrete_reflectance_2_max_db, discrete_reflectance_4_max_db,
      discrete_reflectance_6_max_db, discrete_reflectance_8_max_db, discrete_reflectance_10_max_db;

  /// The limit of each reflectance where `count` of them are above -55 dB: of the next larger count in the
  /// table.
  const Limit& discrete_reflectance_max(int count) const noexcept;
};

struct Budget {
  Limit power_budget_db;  ///< at the largest penalty metric
  Limit penalties_db;     ///< allocation: penalty metric, MPI, DGD
  Limit additional_loss_db;
};

/// How the penalty metric is measured.
struct MeasurementRules {
  Limit reference_taps;             ///< of the T-spaced reference equaliser; 1 = none
  Limit reference_bandwidth_ratio;  ///< of the fourth-order Bessel-Thomson filter, over the symbol rate
  Limit threshold_range;            ///< thresholds may move by this share of OMAouter; 0 = nominal
  Limit target_ser;                 ///< PAM4: symbol error ratio
  Limit target_ber;                 ///< NRZ: bit error ratio
};

/// Transmitter eye mask (NRZ): hexagon X1 X2 X3, Y1 Y2 and the outer bars Y3.
struct EyeMask {
  Limit x1_ui, x2_ui, x3_ui, y1, y2, y3, hit_ratio;
};

struct Fec {
  FecKind kind = FecKind::unknown;
  std::string_view text;
  Limit pre_fec_ber;  ///< the bit error ratio that the PMD must reach
  Provenance provenance;
};

struct ModulePower {
  Limit typical_w, max_w;
};

/// Codes of SFF-8024 as texts, "0x1C".
struct ManagementCodes {
  std::string_view media_type;  ///< CMIS byte 85
  std::span<const std::string_view> media_ids;
  std::span<const std::string_view> host_ids;
  std::span<const std::string_view> sff8636_codes;  ///< byte 192
  Provenance provenance;
};

/// Another type that a port of this one can be run as: "400GBASE-SR8" as two "100GBASE-SR4", its host lanes
/// at 25 Gb/s.
struct OtherMode {
  std::string_view pmd;   ///< id of it
  int count = 1;          ///< so many of it
  std::string_view text;  ///< what has to be set
  Provenance provenance;
};

/// An identity (closure.hpp) that this PMD's values do not satisfy, and why.
struct ClosureException {
  std::string_view rule, reason;
};

struct Pmd {
  std::string_view id;
  std::span<const std::string_view> aliases;
  std::string_view publisher;                  ///< "IEEE", "MSA", "vendor" ...
  std::string_view standard, edition, clause;  ///< empty where there is none
  int rate_gbps = 0;                           ///< MAC rate
  Provenance identity;

  int lanes = 0;             ///< 0 = unknown
  double lane_rate_gbd = 0;  ///< 0 = unknown
  LineCode modulation = LineCode::unknown;
  Provenance signal;
  bool coherent() const noexcept {
    return modulation == LineCode::dp_dqpsk || modulation == LineCode::dp_16qam;
  }

  std::span<const Wavelength> wavelengths;  ///< by lane; of both ends where they differ; empty = unknown
  Provenance wavelength;

  FibreKind fibre = FibreKind::single_mode;
  int fibre_count = 0;
  PmdConnector connector = PmdConnector::unknown;
  Polish polish = Polish::unknown;
  bool single_fibre_bidirectional = false;
  Provenance medium;
  std::span<const Reach> reach;

  TxLimits tx;
  RxLimits rx;
  ChannelLimits channel;
  Budget budget;
  MeasurementRules measurement;
  EyeMask eye_mask;
  Fec fec;

  std::span<const std::string_view> host_interfaces, form_factors;
  Provenance host;
  ModulePower power;
  ManagementCodes cmis;
  std::span<const std::string_view> breakout;  ///< partners, as texts
  Provenance breakout_provenance;
  std::span<const OtherMode> modes;

  std::span<const ClosureException> exceptions;
  std::span<const std::string_view> notes;
};

}  // namespace lightlane::catalog
