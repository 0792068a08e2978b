#include "lightlane/link/lane_setup.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "lightlane/base/error.hpp"
#include "lightlane/base/random.hpp"
#include "lightlane/link/profile.hpp"
#include "lightlane/link/scenario_keys.hpp"
#include "lightlane/math/elementary.hpp"

namespace lightlane::link {
namespace {

/// A lane's own draw about the typical value of a key: standard normal.
double deviation(const Scenario& scenario, std::uint32_t stream, std::string_view path) {
  const RandomStream draws(static_cast<std::uint64_t>(scenario.run.seed), fmt::format("link.spread.{}", path), stream);
  return -math::normal_tail_inverse(draws.uniform(0));
}

/// Moves the numbers of tx and rx by temperature and spread, within the ranges of their keys.
void move_devices(const Devices& devices, std::uint32_t stream, Scenario& lane) {
  const double temperature = lane.environment.case_temperature_c, spread = lane.tx.spread;
  for (Key& key : optical_keys_of(lane)) {
    auto* number = std::get_if<NumberKey>(&key.slot);
    const bool of_receiver = key.path.starts_with("rx.");
    if (number == nullptr || !(key.path.starts_with("tx.") || of_receiver) || key.path == "tx.spread") continue;
    const auto typical = typical_value(devices, key.path);
    if (!typical) continue;
    const double reference = (of_receiver ? devices.receiver : devices.transmitter)->reference_temperature_c;
    double value = *number->value + typical->per_kelvin * (temperature - reference);
    if (spread > 0 && typical->spread > 0) value += spread * typical->spread * deviation(lane, stream, key.path);
    *number->value = std::clamp(value, number->minimum, number->maximum);
  }
}

double wavelength_of(const catalog::Pmd& pmd, std::size_t lane, bool reverse) {
  for (const catalog::Wavelength& w : pmd.wavelengths) {
    if (w.lane != static_cast<int>(lane)) continue;
    if (w.end == catalog::End::both || (w.end == catalog::End::b) == reverse) return w.nominal_nm;
  }
  if (!pmd.wavelengths.empty()) return pmd.wavelengths[lane % pmd.wavelengths.size()].nominal_nm;
  throw ConfigError({"link.pmd", fmt::format("'{}': no wavelength is known", pmd.id), "a PMD with wavelengths", ""});
}

void check_wavelength(const catalog::Fibre& fibre, double wavelength_nm) {
  const bool multimode = fibre.kind == catalog::FibreKind::multimode;
  const double low = multimode ? 800 : 1260, high = multimode ? 960 : 1625;
  if (wavelength_nm >= low && wavelength_nm <= high) return;
  throw ConfigError({"plant.fibre", fmt::format("{} at {} nm", fibre.id, wavelength_nm), fmt::format("{} to {} nm", low, high),
                     "the fibre is specified there"});
}

/// One value for all lanes, or one for each.
double value_of(const std::vector<double>& list, std::size_t lane, std::size_t lanes, std::size_t first_lane, const char* key) {
  if (list.size() == 1) return list[0];
  if (list.size() == lanes) return list[lane];
  if (first_lane + lane < list.size()) return list[first_lane + lane];
  throw ConfigError({key, fmt::format("has {} values", list.size()), fmt::format("1, or {}: one for each line lane", lanes), ""});
}

optics::JointConfig joint(double loss_db, double reflectance_db) { return {loss_db, reflectance_db}; }

/// Connectors at both ends and evenly between, splices evenly within.
void deal_out(const Scenario::Plant& p, const optics::SegmentConfig& fibre, optics::PlantConfig& out) {
  const auto connectors = static_cast<std::size_t>(p.connectors), splices = static_cast<std::size_t>(p.splices);
  const std::size_t inner = (connectors > 2 ? connectors - 2 : 0) + splices, segments = inner + 1;
  const optics::JointConfig connector = joint(p.connector_loss_db, p.connector_reflectance_db), nothing = joint(0, -200);
  out.segments.assign(segments, fibre);
  for (optics::SegmentConfig& segment : out.segments) segment.length_m = p.length_m / static_cast<double>(segments);
  out.joints.clear();
  out.joints.push_back(connectors >= 1 ? connector : nothing);
  std::size_t splices_left = splices;
  for (std::size_t i = 0; i < inner; ++i) {
    // Splices first in each stretch, as they come: which is which changes reflections only a little.
    const bool splice = splices_left > 0 && (i * splices / inner != (i + 1) * splices / inner);
    if (splice) --splices_left;
    out.joints.push_back(splice ? joint(p.splice_loss_db, -200) : connector);
  }
  out.joints.push_back(connectors >= 2 ? connector : nothing);
}

void take_in_order(const Scenario::Plant& p, const optics::SegmentConfig& fibre, optics::PlantConfig& out) {
  const std::size_t segments = p.segment_length_m.size();
  const auto check = [&](const std::vector<double>& list, const char* key) {
    if (list.size() == segments + 1) return;
    throw ConfigError({key, fmt::format("has {} values", list.size()), fmt::format("{}: one more than plant.segment_length_m", segments + 1), ""});
  };
  check(p.joint_loss_db, "plant.joint_loss_db");
  check(p.joint_reflectance_db, "plant.joint_reflectance_db");
  out.segments.assign(segments, fibre);
  out.joints.clear();
  for (std::size_t i = 0; i < segments; ++i) out.segments[i].length_m = p.segment_length_m[i];
  for (std::size_t i = 0; i <= segments; ++i) out.joints.push_back(joint(p.joint_loss_db[i], p.joint_reflectance_db[i]));
}

optics::PlantConfig plant_of(const Scenario& s, const Devices& devices, double wavelength_nm, std::size_t lane, std::size_t lanes) {
  const Scenario::Plant& p = s.plant;
  const bool multimode = devices.fibre->kind == catalog::FibreKind::multimode;
  optics::SegmentConfig fibre;
  const double ratio = 1310 / wavelength_nm;  // Rayleigh scattering
  fibre.attenuation_db_per_km = p.attenuation_db_per_km * (multimode ? 1 : ratio * ratio * ratio * ratio);
  fibre.zero_dispersion_nm = p.zero_dispersion_nm;
  fibre.dispersion_slope_ps_nm2_km = p.dispersion_slope_ps_nm2_km;
  fibre.pmd_ps_sqrt_km = multimode ? 0 : p.pmd_ps_sqrt_km;
  fibre.group_index = p.group_index;
  fibre.modal_bandwidth_mhz_km = p.modal_bandwidth_mhz_km;
  optics::PlantConfig out;
  out.wavelength_nm = wavelength_nm;
  if (multimode) out.source_rms_width_nm = s.tx.laser_rms_width_nm;
  p.segment_length_m.empty() ? deal_out(p, fibre, out) : take_in_order(p, fibre, out);
  out.tx_reflectance_db = p.tx_reflectance_db;
  out.rx_reflectance_db = p.rx_reflectance_db;
  out.added_attenuation_db = p.added_attenuation_db;
  out.override_dispersion = !p.dispersion_ps_nm.empty();
  const std::size_t first = s.place.first_lane;
  if (out.override_dispersion) out.total_dispersion_ps_nm = value_of(p.dispersion_ps_nm, lane, lanes, first, "plant.dispersion_ps_nm");
  out.dgd_ps = p.dgd_ps.empty() ? -1 : value_of(p.dgd_ps, lane, lanes, first, "plant.dgd_ps");
  if (!p.interference) {
    out.tx_reflectance_db = out.rx_reflectance_db = -200;
    for (optics::JointConfig& j : out.joints) j.reflectance_db = -200;
  }
  out.mux_loss_db = p.mux_loss_db;
  out.mpi_phase_rate_mhz = p.mpi_phase_rate_mhz;
  out.bidi_isolation_db = p.bidi_isolation_db;
  return out;
}

}  // namespace

LaneSetup lane_setup(const Scenario& scenario, const Structure& structure, std::size_t lane) {
  const Devices devices = devices_of(scenario);
  LaneSetup setup;
  setup.stream = 256 * scenario.place.direction + scenario.place.first_lane + static_cast<std::uint32_t>(lane);
  const std::size_t module_lane = scenario.place.first_lane + lane;
  const std::span<const double> chosen = devices.profile->list("tx.lane_wavelength_nm");
  setup.wavelength_nm = module_lane < chosen.size() ? chosen[module_lane]
                                                    : wavelength_of(*devices.pmd, module_lane, scenario.place.direction == 1);
  check_wavelength(*devices.fibre, setup.wavelength_nm);

  Scenario moved = scenario;
  if (scenario.link.corner == "typical") move_devices(devices, setup.stream, moved);
  const auto lanes = static_cast<std::size_t>(structure.line_lanes);
  setup.tx = moved.tx.config;
  setup.tx.modulation = structure.modulation;
  setup.tx.symbol_rate_gbd = structure.symbol_rate_gbd();
  setup.tx.wavelength_nm = setup.wavelength_nm;
  if (!scenario.tx.lane_oma_offset_db.empty()) {
    setup.tx.oma_outer_dbm +=
        value_of(scenario.tx.lane_oma_offset_db, lane, lanes, scenario.place.first_lane, "tx.lane_oma_offset_db");
  }
  if (const auto& error = scenario.tx.level_error; !error.empty()) {
    if (error.size() != 2) throw ConfigError({"tx.level_error", fmt::format("has {} values", error.size()), "none, or 2", ""});
    setup.tx.level_error = {error[0], error[1]};
  }
  setup.plant = plant_of(moved, devices, setup.wavelength_nm, lane, lanes);
  setup.rx = moved.rx.config;
  setup.rx.rin_db_per_hz = setup.tx.rin_db_per_hz;  // it came with the light
  setup.dsp = moved.dsp.config;
  setup.dsp.modulation = structure.modulation;
  return setup;
}

}  // namespace lightlane::link
