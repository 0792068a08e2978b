#include "lightlane/optics/plant.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

#include "lightlane/base/error.hpp"
#include "lightlane/base/random.hpp"
#include "lightlane/math/elementary.hpp"
#include "lightlane/math/fir.hpp"
#include "lightlane/optics/reflections_streams.hpp"

namespace lightlane::optics {
namespace {

constexpr double no_reflection_db = -90;
constexpr double filter_tolerance = 1e-7;  // energy outside the taps: 0.003 dB of the response
constexpr std::size_t chunk = 4096;        // samples that stay in the cache between passes
constexpr std::size_t interference_chunk = 16384;  // each beginning costs a sine and a cosine for every path

void require(const std::string& key, double value, double low, double high, const char* unit,
             const char* hint = "") {
  if (value >= low && value <= high) return;  // and not NaN
  throw ConfigError(
      {"plant." + key, fmt::format("is {}", value), fmt::format("{} to {} {}", low, high, unit), hint});
}

void check_segment(const SegmentConfig& s, std::size_t i) {
  const auto key = [&](const char* name) { return fmt::format("segments[{}].{}", i, name); };
  require(key("length_m"), s.length_m, 0, 200000, "m");
  require(key("attenuation_db_per_km"), s.attenuation_db_per_km, 0, 20, "dB/km");
  require(key("zero_dispersion_nm"), s.zero_dispersion_nm, 1000, 1700, "nm");
  require(key("dispersion_slope_ps_nm2_km"), s.dispersion_slope_ps_nm2_km, 0, 0.5, "ps/(nm2 km)");
  require(key("pmd_ps_sqrt_km"), s.pmd_ps_sqrt_km, 0, 10, "ps/sqrt(km)");
  require(key("group_index"), s.group_index, 1, 2, "");
  require(key("modal_bandwidth_mhz_km"), s.modal_bandwidth_mhz_km, 0, 1e6, "MHz km", "0 = single mode");
}

void check(const PlantConfig& c) {
  require("wavelength_nm", c.wavelength_nm, 800, 1700, "nm");
  const bool single_mode = std::any_of(c.segments.begin(), c.segments.end(), [](const SegmentConfig& s) {
    return s.modal_bandwidth_mhz_km == 0 && s.length_m > 0;
  });
  if (single_mode) {
    require("wavelength_nm", c.wavelength_nm, 1260, 1700, "nm",
            "single-mode fibre carries one mode from its cable cut-off on (G.652: 1260 nm at most)");
  }
  if (c.joints.size() != c.segments.size() + 1) {
    throw ConfigError({"plant.joints", fmt::format("has {} entries", c.joints.size()),
                       fmt::format("{}: one more than segments", c.segments.size() + 1), ""});
  }
  for (std::size_t i = 0; i < c.segments.size(); ++i) check_segment(c.segments[i], i);
  for (std::size_t i = 0; i < c.joints.size(); ++i) {
    require(fmt::format("joints[{}].loss_db", i), c.joints[i].loss_db, 0, 60, "dB");
    require(fmt::format("joints[{}].reflectance_db", i), c.joints[i].reflectance_db, -1000, 0, "dB",
            "reflectance is negative");
  }
  require("tx_reflectance_db", c.tx_reflectance_db, -1000, 0, "dB", "reflectance is negative");
  require("rx_reflectance_db", c.rx_reflectance_db, -1000, 0, "dB", "reflectance is negative");
  require("added_attenuation_db", c.added_attenuation_db, 0, 100, "dB");
  if (c.override_dispersion)
    require("total_dispersion_ps_nm", c.total_dispersion_ps_nm, -10000, 10000, "ps/nm");
  require("dgd_ps", c.dgd_ps, -1e9, 200, "ps", "negative: drawn from the fibre's PMD");
  require("dgd_power_split", c.dgd_power_split, 0, 1, "");
  require("mux_loss_db", c.mux_loss_db, 0, 60, "dB");
  require("mpi_phase_rate_mhz", c.mpi_phase_rate_mhz, 0, 1000, "MHz", "phases are slow beside symbols");
  require("bidi_isolation_db", c.bidi_isolation_db, 0, 200, "dB", "0 = none");
  require("source_rms_width_nm", c.source_rms_width_nm, 0, 20, "nm");
}

/// Walks the cable: losses, delay, and what reflects where.
std::vector<Reflector> walk(const PlantConfig& c, PlantReport& report) {
  std::vector<Reflector> reflectors;
  double loss = 0, delay_s = 0;
  const auto add = [&](std::size_t index, double reflectance_db, double own_loss) {
    if (reflectance_db >= no_reflection_db)
      reflectors.push_back({index, reflectance_db, loss, loss + own_loss, delay_s});
    loss += own_loss;
  };
  add(0, c.tx_reflectance_db, 0);
  for (std::size_t i = 0; i < c.joints.size(); ++i) {
    add(i + 1, c.joints[i].reflectance_db, c.joints[i].loss_db);
    report.joint_loss_db += c.joints[i].loss_db;
    if (i == c.segments.size()) break;
    const SegmentConfig& s = c.segments[i];
    const double fibre_db = s.length_m / 1000 * s.attenuation_db_per_km;
    loss += fibre_db;
    delay_s += s.length_m * s.group_index / light_speed_m_per_s;
    report.fibre_loss_db += fibre_db;
    report.length_m += s.length_m;
  }
  loss += c.added_attenuation_db;
  add(c.joints.size() + 1, c.rx_reflectance_db, 0);
  report.loss_db = loss + c.mux_loss_db;
  report.delay_ns = delay_s * 1e9;
  return reflectors;
}

double mean_dgd_ps(const PlantConfig& c) {
  double square = 0;
  for (const SegmentConfig& s : c.segments) square += s.pmd_ps_sqrt_km * s.pmd_ps_sqrt_km * s.length_m / 1000;
  return std::sqrt(square);
}

double dispersion_of(const PlantConfig& c) {
  if (c.override_dispersion) return c.total_dispersion_ps_nm;
  double sum = 0;
  for (const SegmentConfig& s : c.segments) {
    sum += dispersion_ps_nm_km(c.wavelength_nm, s.zero_dispersion_nm, s.dispersion_slope_ps_nm2_km) *
           s.length_m / 1000;
  }
  return sum;
}

/// Gaussian bandwidths in a row: their inverse squares add.
double bandwidth_ghz(const PlantConfig& c, double dispersion_ps_nm) {
  double inverse_square = 0;
  const auto add = [&](double ghz) { inverse_square += 1 / (ghz * ghz); };
  for (const SegmentConfig& s : c.segments) {
    if (s.modal_bandwidth_mhz_km > 0 && s.length_m > 0) add(s.modal_bandwidth_mhz_km / s.length_m);
  }
  if (c.source_rms_width_nm > 0 && dispersion_ps_nm != 0) {
    add(chromatic_bandwidth_ghz(dispersion_ps_nm, c.source_rms_width_nm));
  }
  return inverse_square > 0 ? 1 / std::sqrt(inverse_square) : 0;
}

/// The pairs that are worth simulating: all but the weakest that together stay below 1e-5.
std::vector<ReflectionPair> audible(std::vector<ReflectionPair> pairs) {
  std::stable_sort(pairs.begin(), pairs.end(), [](const ReflectionPair& a, const ReflectionPair& b) {
    return a.amplitude > b.amplitude;
  });
  double dropped = 0;
  while (!pairs.empty() && dropped + pairs.back().amplitude < 1e-5) {
    dropped += pairs.back().amplitude;
    pairs.pop_back();
  }
  return pairs;
}

std::array<double, 4> table_of(signal::Modulation modulation, const std::vector<double>& level_w) {
  if (modulation == signal::Modulation::nrz) return {level_w[0], level_w[0], level_w[3], level_w[3]};
  return {level_w[0], level_w[1], level_w[2], level_w[3]};
}

void check_levels(const std::vector<double>& level_w) {
  if (level_w.size() != 4) {
    throw ConfigError({"plant.level_w", fmt::format("has {} values", level_w.size()),
                       "4 (NRZ: the first and the last)", ""});
  }
  for (std::size_t i = 0; i < 4; ++i) require(fmt::format("level_w[{}]", i), level_w[i], 0, 10, "W");
}

}  // namespace

struct Plant::Parts {
  PlantConfig config;
  Rational symbol_rate_gbd;
  int samples_per_ui;
  PlantReport report;
  float transmission;
  std::optional<math::ComplexFir> dispersion;
  std::optional<math::Fir> power_filter;
  std::optional<InterfererStreams> reflected, local;
  detail::InterfererKernels kernels = *select(detail::interferer_kernels()).function;

  Parts(PlantConfig c, Rational rate, int spu)
      : config(std::move(c)), symbol_rate_gbd(rate), samples_per_ui(spu) {
    check(config);
    if (samples_per_ui < 2 || samples_per_ui % 2 != 0 || samples_per_ui > 128) {
      throw ConfigError(
          {"plant.samples_per_ui", fmt::format("is {}", samples_per_ui), "an even number, 2 to 128", ""});
    }
  }

  double symbol_rate_hz() const { return symbol_rate_gbd.value() * 1e9; }

  void design(std::uint64_t seed, std::uint32_t lane) {
    report.dispersion_ps_nm = dispersion_of(config);
    report.dgd_ps = config.dgd_ps >= 0 ? config.dgd_ps : draw_dgd_ps(mean_dgd_ps(config), seed, lane);
    report.modal_bandwidth_ghz = bandwidth_ghz(config, report.dispersion_ps_nm);
    const double fb = symbol_rate_hz(), fs = fb * samples_per_ui, edge_hz = 0.75 * fb;
    const BandEdge edge(fs, fb);
    if (std::fabs(dispersion_phase_rad(edge_hz, config.wavelength_nm, report.dispersion_ps_nm)) >= 1e-3) {
      const auto field = dispersion_field_response(config.wavelength_nm, report.dispersion_ps_nm, edge);
      dispersion = smooth_complex_fir(field, fs, filter_tolerance, "plant.total_dispersion_ps_nm");
    }
    const auto h = power_response(report.dgd_ps, config.dgd_power_split, report.modal_bandwidth_ghz, edge);
    if (std::abs(h(edge_hz) - 1.0) >= 1e-4)
      power_filter = smooth_fir(h, fs, filter_tolerance, "plant.dgd_ps");
  }

  void add_interferers(signal::Modulation modulation, const std::vector<double>& level_w, std::uint64_t seed,
                       std::uint32_t lane) {
    const RandomStream phases(seed, "plant.mpi_phase", lane);
    const double turns_per_symbol = config.mpi_phase_rate_mhz * 1e6 / symbol_rate_hz();
    const std::array<double, 4> launched = table_of(modulation, level_w);
    std::vector<InterfererConfig> sources;
    for (const ReflectionPair& pair : audible(report.reflections)) {
      // Named by its reflectors, so that it stays the same when others come or go.
      const std::uint64_t k = pair.first * 4096 + pair.second;
      InterfererConfig source{
          {},
          pair.delay_ui,
          phases.uniform(2 * k),
          (2 * phases.uniform(2 * k + 1) - 1) * turns_per_symbol,
          RandomStream(seed, fmt::format("plant.mpi.{}.{}", pair.first, pair.second), lane)};
      for (std::size_t l = 0; l < 4; ++l) {
        source.value[l] = pair.amplitude * std::sqrt(launched[l] * static_cast<double>(transmission));
      }
      sources.push_back(source);
    }
    if (!sources.empty()) reflected.emplace(sources, samples_per_ui);
    if (config.bidi_isolation_db > 0) {
      const RandomStream random(seed, "plant.bidi", lane);
      report.near_end_delay_ui = RandomStream(seed, "plant.bidi_delay", lane).uniform(0);
      InterfererConfig source{{}, report.near_end_delay_ui, 0, 0, random};
      for (std::size_t l = 0; l < 4; ++l)
        source.value[l] = launched[l] * math::from_db(-config.bidi_isolation_db);
      local.emplace(std::vector{source}, samples_per_ui);
    }
  }

  signal::Halo halo() const noexcept {
    signal::Halo sum;
    if (dispersion) sum = sum + signal::Halo{dispersion->before, dispersion->after()};
    if (power_filter) sum = sum + signal::Halo{power_filter->before, power_filter->after()};
    return sum;
  }

  /// Power of `out`'s samples from the field that starts `halo().before` samples earlier.
  void propagate(const float* re, const float* im, std::span<float> out) const {
    thread_local std::vector<float> field_re, field_im, power;
    const std::size_t more = power_filter ? power_filter->taps.size() - 1 : 0;
    const std::size_t count = out.size() + more;
    if (dispersion) {
      const std::size_t reach = count + dispersion->re.size() - 1;
      field_re.resize(count);
      field_im.resize(count);
      math::filter(*dispersion, {re, reach}, im != nullptr ? std::span(im, reach) : std::span<const float>(),
                   field_re, field_im);
      re = field_re.data();
      im = field_im.data();
    }
    if (!power_filter) return kernels.detect(re, im, transmission, count, out.data());
    power.resize(count);
    kernels.detect(re, im, transmission, count, power.data());
    math::filter(*power_filter, power, out);
  }

  void interfere(std::int64_t first, std::span<float> w) const {
    thread_local std::vector<float> sum;
    sum.resize(w.size());
    if (reflected) {
      reflected->fill(first, sum);
      kernels.beat(sum.data(), w.size(), w.data());
    }
    if (local) {
      local->fill(first, sum);
      for (std::size_t i = 0; i < w.size(); ++i) w[i] += sum[i];
    }
  }
};

Plant::Plant(PlantConfig config, signal::Modulation modulation, std::vector<double> level_w,
             Rational symbol_rate_gbd, int samples_per_ui, std::uint64_t seed, std::uint32_t lane)
    : parts_(std::make_unique<Parts>(std::move(config), symbol_rate_gbd, samples_per_ui)) {
  check_levels(level_w);
  PlantReport& report = parts_->report;
  const std::vector<Reflector> reflectors = walk(parts_->config, report);
  report.return_loss_db = return_loss_db(reflectors);
  report.reflections = reflection_pairs(reflectors, parts_->symbol_rate_hz());
  for (const ReflectionPair& pair : report.reflections) report.mpi_bound += pair.amplitude;
  parts_->transmission = static_cast<float>(math::from_db(-report.loss_db));
  parts_->design(seed, lane);
  parts_->add_interferers(modulation, level_w, seed, lane);
}
Plant::~Plant() = default;
Plant::Plant(Plant&&) noexcept = default;

signal::Halo Plant::halo() const noexcept { return parts_->halo(); }
const PlantReport& Plant::report() const noexcept { return parts_->report; }

void Plant::process(const signal::Field& in, bool interference, signal::Power& out) const {
  LIGHTLANE_ASSERT(in.axis.samples_per_ui == parts_->samples_per_ui);
  LIGHTLANE_ASSERT(in.axis.symbol_rate_gbd == parts_->symbol_rate_gbd);
  LIGHTLANE_ASSERT(in.im.empty() || in.im.size() == in.re.size());
  const signal::Halo halo = parts_->halo();
  out.axis = in.axis;
  out.axis.first_index += static_cast<std::int64_t>(halo.before);
  const std::size_t used = halo.before + halo.after;
  out.w.resize(in.re.size() > used ? in.re.size() - used : 0);
  for (std::size_t at = 0; at < out.w.size(); at += chunk) {
    const std::span<float> w = std::span(out.w).subspan(at, std::min(chunk, out.w.size() - at));
    parts_->propagate(in.re.data() + at, in.im.empty() ? nullptr : in.im.data() + at, w);
  }
  for (std::size_t at = 0; interference && at < out.w.size(); at += interference_chunk) {
    parts_->interfere(out.axis.first_index + static_cast<std::int64_t>(at),
                      std::span(out.w).subspan(at, std::min(interference_chunk, out.w.size() - at)));
  }
}

void add_crosstalk(const signal::Power& neighbour, double coupling, signal::Power& victim) {
  const std::int64_t offset = victim.axis.first_index - neighbour.axis.first_index;
  LIGHTLANE_ASSERT(victim.axis.samples_per_ui == neighbour.axis.samples_per_ui);
  LIGHTLANE_ASSERT(offset >= 0 && static_cast<std::size_t>(offset) + victim.w.size() <= neighbour.w.size());
  const float* from = neighbour.w.data() + offset;
  const auto gain = static_cast<float>(coupling);
  for (std::size_t i = 0; i < victim.w.size(); ++i) victim.w[i] += gain * from[i];
}

}  // namespace lightlane::optics
