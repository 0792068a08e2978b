#pragma once
/// Fibres, connectors and splices.

#include <span>
#include <string_view>

#include "lightlane/catalog/pmd.hpp"
#include "lightlane/catalog/value.hpp"

namespace lightlane::catalog {

struct Attenuation {
  double wavelength_nm = 0;
  Limit typical_db_per_km, max_db_per_km, planning_db_per_km;
};

struct Fibre {
  std::string_view id;  ///< "G.652.D", "OM4"
  std::span<const std::string_view> aliases;
  FibreKind kind = FibreKind::single_mode;
  std::string_view summary;
  std::span<const Attenuation> attenuation;  ///< by wavelength, rising
  Limit zero_dispersion_min_nm, zero_dispersion_typical_nm, zero_dispersion_max_nm;
  Limit dispersion_slope_min_ps_nm2_km, dispersion_slope_typical_ps_nm2_km,
      dispersion_slope_max_ps_nm2_km;  ///< S0
  Limit pmd_typical_ps_sqrt_km, pmd_max_ps_sqrt_km;
  Limit group_index;
  Limit mode_field_diameter_um, cutoff_max_nm;
  Limit emb_850_mhz_km, emb_953_mhz_km;                 ///< effective modal bandwidth (multimode)
  Limit overfilled_850_mhz_km, overfilled_1300_mhz_km;  ///< overfilled launch bandwidth
  Limit length_min_m;

  /// At a wavelength: of the nearest one in the table, carried over by Rayleigh scattering, which goes with
  /// the fourth power of the optical frequency. Nothing beyond 60 nm from the nearest entry.
  Limit typical_attenuation_db_per_km(double wavelength_nm) const noexcept;
};

enum class JointKind : std::uint8_t { connector, splice };
std::string_view name(JointKind kind) noexcept;

/// A mated pair of connectors, or a splice.
struct Connector {
  std::string_view id;  ///< "lc-upc", "mpo-apc-low-loss"
  std::span<const std::string_view> aliases;
  JointKind kind = JointKind::connector;
  Polish polish = Polish::unknown;
  std::string_view summary;
  Limit loss_typical_db, loss_average_max_db, loss_max_db;
  Limit reflectance_typical_db, reflectance_max_db;  ///< negative; absent where unknown
};

}  // namespace lightlane::catalog
