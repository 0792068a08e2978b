#include "lightlane/optics/transmitter_levels.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lightlane/base/error.hpp"
#include "lightlane/math/elementary.hpp"

namespace lightlane::optics {
namespace {

/// v in [low, high] that compresses to u.
double decompress(double u, double compression, double low, double high) {
  for (int step = 0; step < 100; ++step) {
    const double middle = low + (high - low) / 2;
    (compress(middle, compression) < u ? low : high) = middle;
  }
  return low + (high - low) / 2;
}

/// Power that an inner level (1 or 2) is meant to have.
double intended_power(const TransmitterConfig& config, const TransferCurve& curve, const Drive& drive,
                      double low, double high, int level) {
  const double bottom = curve.power(low), oma = curve.power(high) - bottom;
  const bool equal_steps = config.modulator.predistort;
  const double drawn = compress(drive.dc_gain() * (level == 1 ? -1.0 : 1.0) / 3, config.driver.compression);
  const double planned = equal_steps ? bottom + oma * level / 3 : curve.power(drawn);
  return planned + config.level_error[static_cast<std::size_t>(level - 1)] * oma / 3;
}

double watt_to_dbm(double watt) { return math::to_db(watt * 1e3); }

}  // namespace

double compress(double v, double compression) noexcept {
  if (compression == 0) return v;
  const double end = 1 / std::sqrt(3 * compression);
  v = std::min(std::max(v, -end), end);
  return v - compression * v * v * v;
}

double level_separation_mismatch(const std::array<double, 4>& level) noexcept {
  const double middle = (level[0] + level[3]) / 2;
  const double es1 = (level[1] - middle) / (level[0] - middle),
               es2 = (level[2] - middle) / (level[3] - middle);
  return std::min({3 * es1, 3 * es2, 2 - 3 * es1, 2 - 3 * es2});
}

SteadyLevels solve_levels(const TransmitterConfig& config, const Drive& drive) {
  const double compression = config.driver.compression, oma = math::from_db(config.oma_outer_dbm) * 1e-3;
  const double low_v = drive.steady(-1), high_v = drive.steady(1);
  const double low = compress(low_v, compression), high = compress(high_v, compression);
  if (!(low < 0 && high > 0)) {
    throw ConfigError({"tx.dac.bits", fmt::format("is {}: the levels fall on one code", config.dac.bits),
                       "more bits, or taps with a larger sum", ""});
  }
  SteadyLevels steady{
      TransferCurve(config.modulator, oma, config.extinction_ratio_db, low, high), {-1, 0, 0, 1}, {}};
  const TransferCurve& curve = steady.curve;
  const bool nrz = config.modulation == signal::Modulation::nrz;
  const auto made = [&](int k) {
    return curve.power(compress(drive.steady(steady.dac_input[static_cast<std::size_t>(k)]), compression));
  };
  auto& level = steady.report.level_w;
  level[0] = made(0);
  level[3] = made(3);
  if (!nrz) {
    std::array<double, 2> wanted;
    for (int k = 1; k <= 2; ++k) {
      const auto i = static_cast<std::size_t>(k);
      wanted[i - 1] = intended_power(config, curve, drive, low, high, k);
      const bool as_drawn = !config.modulator.predistort && config.level_error[i - 1] == 0;
      const double v = decompress(curve.drive(wanted[i - 1]), compression, low_v, high_v);
      steady.dac_input[i] =
          as_drawn ? (k == 1 ? -1.0 : 1.0) / 3 : std::min(std::max(v / drive.dc_gain(), -1.0), 1.0);
      level[i] = made(k);
    }
    if (!(level[0] < wanted[0] && wanted[0] < wanted[1] && wanted[1] < level[3])) {
      throw ConfigError({"tx.level_error",
                         fmt::format("is [{}, {}]: the levels leave their order", config.level_error[0],
                                     config.level_error[1]),
                         "P0 < P1 < P2 < P3", ""});
    }
    if (!(level[0] < level[1] && level[1] < level[2] && level[2] < level[3])) {
      throw ConfigError({"tx.dac.bits", fmt::format("is {}: levels fall on one code", config.dac.bits),
                         "more bits, or taps with a larger sum", ""});
    }
  }
  TransmitterReport& report = steady.report;
  report.average_power_dbm =
      watt_to_dbm(nrz ? (level[0] + level[3]) / 2 : (level[0] + level[1] + level[2] + level[3]) / 4);
  report.oma_outer_dbm = watt_to_dbm(level[3] - level[0]);
  report.extinction_ratio_db = math::to_db(level[3] / level[0]);
  report.rlm = nrz ? 1.0 : level_separation_mismatch(level);
  const bool external =
      config.modulator.kind == ModulatorKind::mzm || config.modulator.kind == ModulatorKind::eml;
  if (external) {
    report.swing_v = curve.volts(high) - curve.volts(low);
    report.full_scale_v = curve.volts(compress(1, compression)) - curve.volts(compress(-1, compression));
  }
  return steady;
}

}  // namespace lightlane::optics
