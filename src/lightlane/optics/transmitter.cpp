#include "lightlane/optics/transmitter.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "lightlane/base/error.hpp"
#include "lightlane/math/elementary.hpp"
#include "lightlane/optics/drive.hpp"
#include "lightlane/optics/modulator.hpp"
#include "lightlane/optics/modulator_chirp.hpp"
#include "lightlane/optics/transmitter_check.hpp"
#include "lightlane/optics/transmitter_levels.hpp"

namespace lightlane::optics {
namespace {

/// Symbols over whose mean adiabatic chirp is counted: a carrier that wanders by the mean of so many is far
/// slower than the clock recovery, and moves light by less than 1e-2 ps over 10 km.
constexpr std::size_t adiabatic_symbols = 256;
constexpr std::size_t chunk_samples = 4096;  ///< drive and field of a chunk stay in the first cache

math::Response product(std::vector<math::Response> parts) {
  if (parts.empty()) return {};
  return [parts = std::move(parts)](double f_hz) {
    std::complex<double> h = parts.front()(f_hz);
    for (std::size_t k = 1; k < parts.size(); ++k) {
      const std::complex<double> g = parts[k](f_hz);
      h = {h.real() * g.real() - h.imag() * g.imag(), h.real() * g.imag() + h.imag() * g.real()};
    }
    return h;
  };
}

bool is_direct(const ModulatorConfig& m) {
  return m.kind == ModulatorKind::dml || m.kind == ModulatorKind::vcsel;
}

void add_driver_parts(const TransmitterConfig& config, std::vector<math::Response>& parts) {
  if (const double f = config.dac.bandwidth_ghz * 1e9; f > 0) {
    parts.push_back([f](double f_hz) { return math::bessel_thomson4(f_hz, f); });
  }
  if (const double f = config.driver.bandwidth_ghz * 1e9; f > 0) {
    parts.push_back([f](double f_hz) { return math::butterworth(f_hz, f, 2); });
  }
}

void add_modulator_parts(const ModulatorConfig& config, std::vector<math::Response>& parts) {
  if (const double f = config.bandwidth_ghz * 1e9; f > 0) {
    parts.push_back([f](double f_hz) { return math::butterworth(f_hz, f, 1); });
  }
  if (is_direct(config)) {
    parts.push_back([f = config.relaxation_ghz * 1e9, d = config.damping_per_ns * 1e9](double f_hz) {
      return math::second_order(f_hz, f, d);
    });
  }
}

math::Response linear_parts(const TransmitterConfig& config) {
  std::vector<math::Response> parts;
  add_driver_parts(config, parts);
  if (config.driver.compression == 0) add_modulator_parts(config.modulator, parts);
  return product(std::move(parts));
}

/// What follows a driver that compresses; no taps where nothing does.
math::Fir filter_behind_compression(const TransmitterConfig& config, double sample_rate_hz) {
  std::vector<math::Response> parts;
  if (config.driver.compression != 0) add_modulator_parts(config.modulator, parts);
  return parts.empty() ? math::Fir{} : math::design_fir(product(std::move(parts)), sample_rate_hz);
}

double magnitude_sum(const math::Fir& fir) {
  double sum = 0;
  for (const float tap : fir.taps) sum += std::fabs(static_cast<double>(tap));
  return fir.taps.empty() ? 1 : sum;
}

TransmitterConfig checked(TransmitterConfig config, int samples_per_ui) {
  check(config, samples_per_ui);
  return config;
}

}  // namespace

struct Transmitter::Parts {
  TransmitterConfig config;
  std::size_t m;  ///< samples per UI
  Drive drive;
  SteadyLevels steady;
  math::Fir behind;  ///< the compression
  signal::Halo behind_symbols;
  float compression, compression_end = 0;
  Modulator modulator;
  std::optional<AdiabaticChirp> adiabatic;

  Parts(TransmitterConfig c, int samples_per_ui, std::uint64_t seed, std::uint32_t lane)
      : config(checked(std::move(c), samples_per_ui)),
        m(static_cast<std::size_t>(samples_per_ui)),
        drive(config, linear_parts(config), samples_per_ui, seed, lane),
        steady(solve_levels(config, drive)),
        behind(filter_behind_compression(config, sample_rate_hz())),
        compression(static_cast<float>(config.driver.compression)),
        modulator(config.modulator, steady.curve, peak(), mean_power_w()) {
    drive.set_levels(steady.dac_input);
    if (!behind.taps.empty()) behind_symbols = {(behind.before + m - 1) / m, (behind.after() + m - 1) / m};
    if (compression != 0) compression_end = static_cast<float>(1 / std::sqrt(3 * config.driver.compression));
    const double kappa = config.modulator.chirp_alpha / 2 * config.modulator.chirp_adiabatic_per_ws;
    if (kappa != 0) {
      adiabatic.emplace(kappa, 1.01 * steady.curve.power(peak()), sample_rate_hz(), adiabatic_symbols * m);
    }
  }

  double sample_rate_hz() const { return config.symbol_rate_gbd.value() * 1e9 * static_cast<double>(m); }
  double mean_power_w() const { return math::from_db(steady.report.average_power_dbm) * 1e-3; }
  /// No drive at the modulator leaves +- this.
  double peak() const { return compress(drive.peak(), config.driver.compression) * magnitude_sum(behind); }

  std::size_t warm_up() const noexcept { return adiabatic ? adiabatic_symbols : 0; }
  signal::Halo halo() const noexcept { return drive.halo() + behind_symbols + signal::Halo{warm_up(), 0}; }

  void drive_modulator(const std::uint8_t* levels, std::int64_t first, std::size_t count, bool impairments,
                       std::vector<float>& u) const;
};

/// Drive at the modulator of symbols [first, first + count); levels begin drive.halo() + behind_symbols
/// earlier.
void Transmitter::Parts::drive_modulator(const std::uint8_t* levels, std::int64_t first, std::size_t count,
                                         bool impairments, std::vector<float>& u) const {
  u.resize(count * m);
  if (compression == 0) {
    drive.process(levels, first, count, impairments, u.data());
    return;
  }
  thread_local std::vector<float> v;
  const std::size_t made = count + behind_symbols.before + behind_symbols.after;
  v.resize(made * m);
  drive.process(levels, first - static_cast<std::int64_t>(behind_symbols.before), made, impairments,
                v.data());
  for (float& x : v) {
    const float held = std::min(std::max(x, -compression_end), compression_end);
    x = held - compression * held * held * held;
  }
  if (behind.taps.empty()) {
    std::copy_n(v.data(), u.size(), u.data());
  } else {
    const std::size_t skipped = behind_symbols.before * m - behind.before;
    math::filter(behind, std::span(v).subspan(skipped, u.size() + behind.taps.size() - 1), u);
  }
}

Transmitter::Transmitter(TransmitterConfig config, int samples_per_ui, std::uint64_t seed, std::uint32_t lane)
    : parts_(std::make_unique<Parts>(std::move(config), samples_per_ui, seed, lane)) {}
Transmitter::~Transmitter() = default;
Transmitter::Transmitter(Transmitter&&) noexcept = default;

signal::Halo Transmitter::halo() const noexcept { return parts_->halo(); }
const TransmitterReport& Transmitter::report() const noexcept { return parts_->steady.report; }
const TransmitterConfig& Transmitter::config() const noexcept { return parts_->config; }

void Transmitter::process(const signal::Levels& in, bool impairments, signal::Field& out) const {
  const Parts& p = *parts_;
  const signal::Halo reach = p.halo();
  const std::size_t length = in.level.size(), spent = reach.before + reach.after;
  const std::size_t symbols = length > spent ? length - spent : 0;
  const bool real = p.modulator.real();
  out.axis = {(in.first_index + static_cast<std::int64_t>(reach.before)) * static_cast<std::int64_t>(p.m),
              static_cast<int>(p.m), p.config.symbol_rate_gbd};
  out.re.resize(symbols * p.m);
  out.im.resize(real ? 0 : symbols * p.m);
  if (symbols == 0) return;

  thread_local std::vector<float> u, warm_re, warm_im;
  AdiabaticChirp::State chirp;
  const std::size_t warm = p.warm_up(), chunk = std::max<std::size_t>(16, chunk_samples / p.m);
  std::size_t done = 0;  // of warm + symbols, from the first symbol whose drive is made
  while (done < warm + symbols) {
    const bool warming = done < warm;
    const std::size_t count = std::min(chunk, (warming ? warm : warm + symbols) - done),
                      samples = count * p.m;
    const std::int64_t first = in.first_index + static_cast<std::int64_t>(reach.before - warm + done);
    p.drive_modulator(in.level.data() + done, first, count, impairments, u);
    if (warming) {
      warm_re.resize(samples);
      warm_im.resize(samples);
    }
    const std::size_t offset = warming ? 0 : (done - warm) * p.m;
    const std::span<float> re = std::span(warming ? warm_re : out.re).subspan(offset, samples);
    const std::span<float> im =
        real ? std::span<float>() : std::span(warming ? warm_im : out.im).subspan(offset, samples);
    p.modulator.field(u, re, im);
    if (p.adiabatic) p.adiabatic->rotate(re, im, chirp);
    done += count;
  }
}

}  // namespace lightlane::optics
