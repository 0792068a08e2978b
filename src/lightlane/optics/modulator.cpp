#include "lightlane/optics/modulator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lightlane/base/error.hpp"
#include "lightlane/math/elementary.hpp"

namespace lightlane::optics {
namespace {

constexpr double pi = 3.14159265358979323846;
constexpr double threshold_softness = 0.005;

double static_depth(double extinction_db) {
  const double r = math::from_db(extinction_db);
  return (r - 1) / (r + 1);
}

/// Reverse bias where exp(-(V / V0)^a) is straightest.
double inflection_v(const ModulatorConfig& config) {
  const double a = config.eam_exponent;
  return config.eam_v0_v * math::pow((a - 1) / a, 1 / a);
}

}  // namespace

TransferCurve::TransferCurve(const ModulatorConfig& config, double oma_w, double extinction_ratio_db,
                             double low, double high)
    : config_(config), low_(low), high_(high) {
  double largest = 0;  // half swing up to which the levels stay in order
  switch (config.kind) {
    case ModulatorKind::mzm:
      depth_ = static_depth(config.static_extinction_db);
      largest = config.vpi_v * (0.5 - std::fabs(config.bias_error));
      break;
    case ModulatorKind::eml:
      bias_v_ = config.eam_bias_v > 0 ? config.eam_bias_v : inflection_v(config);
      largest = bias_v_;
      break;
    case ModulatorKind::dml:
    case ModulatorKind::vcsel:
      largest = 1;
      break;
  }
  const double wanted = math::from_db(extinction_ratio_db);
  const double unit = std::fmax(std::fabs(low), std::fabs(high));
  const auto ratio = [&](double half) { return shape(half * high / unit) / shape(half * low / unit); };
  if (!(wanted > 1 && wanted <= ratio(largest))) {
    throw ConfigError({"tx.extinction_ratio_db", fmt::format("is {} dB", extinction_ratio_db),
                       fmt::format("above 0, up to {:.3f} dB", math::to_db(ratio(largest))),
                       "what the modulator reaches at its largest swing"});
  }
  double below = 0, above = largest;
  for (int step = 0; step < 100; ++step) {
    const double middle = below + (above - below) / 2;
    (ratio(middle) < wanted ? below : above) = middle;
  }
  volts_per_unit_ = above / unit;
  scale_w_ = oma_w / (shape(volts(high)) - shape(volts(low)));
}

double TransferCurve::shape(double v) const noexcept {
  switch (config_.kind) {
    case ModulatorKind::mzm:
      return 1 + depth_ * math::sin(pi * (v / config_.vpi_v + config_.bias_error));
    case ModulatorKind::eml: {
      const double reverse = (bias_v_ - v) / config_.eam_v0_v;
      return reverse > 0 ? math::exp(-math::pow(reverse, config_.eam_exponent)) : 1.0;
    }
    default: {
      const double x = 1 + v;
      const double root = std::sqrt(x * x + threshold_softness * threshold_softness);
      // Below threshold the sum would cancel.
      return x >= 0 ? 0.5 * (x + root) : 0.5 * threshold_softness * threshold_softness / (root - x);
    }
  }
}

double TransferCurve::power(double u) const noexcept { return scale_w_ * shape(u * volts_per_unit_); }

double TransferCurve::drive(double power_w) const noexcept {
  double low = low_, high = high_;
  for (int step = 0; step < 100; ++step) {
    const double middle = low + (high - low) / 2;
    (power(middle) < power_w ? low : high) = middle;
  }
  return low + (high - low) / 2;
}

Modulator::Modulator(const ModulatorConfig& config, const TransferCurve& curve, double peak,
                     double mean_power_w) {
  if (config.chirp_alpha == 0) {
    real_ = tabulate([&](double u) { return std::sqrt(curve.power(u)); }, -peak, peak);
    return;
  }
  const auto phase = [&](double power) { return 0.5 * config.chirp_alpha * math::log(power / mean_power_w); };
  const auto part = [&](double u, double (*of)(double) noexcept) {
    const double power = curve.power(u);
    return power > 0 ? std::sqrt(power) * of(phase(power)) : 0.0;
  };
  real_ = tabulate([&](double u) { return part(u, math::cos); }, -peak, peak);
  imaginary_ = tabulate([&](double u) { return part(u, math::sin); }, -peak, peak);
}

void Modulator::field(std::span<const float> u, std::span<float> re, std::span<float> im) const {
  const EvaluateCurve evaluate = select(curve_kernels()).function;
  evaluate(real_, u.data(), u.size(), re.data());
  if (!real()) evaluate(imaginary_, u.data(), u.size(), im.data());
}

double Modulator::table_error() const noexcept { return std::max(real_.error, imaginary_.error); }

}  // namespace lightlane::optics
