#include <fmt/format.h>

#include <algorithm>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>

#include "lightlane/base/error.hpp"
#include "lightlane/fec/loss_model.hpp"
#include "lightlane/math/elementary.hpp"

namespace lightlane::fec {
namespace {

constexpr double pmd_pair = 1.7e-12, link_pair = 6.2e-11;      // 802.3 124.1.1 and clause 116
constexpr double pmd_single = 9.2e-13, link_single = 6.2e-10;  // 802.3 140.1.1, 95.1.1

void check_octets(double octets) {
  if (!(octets >= 1 && octets <= 1e9)) {
    throw ConfigError({"frame_octets", fmt::format("is {}", octets), "1 to 1e9 octets", ""});
  }
}

}  // namespace

double LossModel::frame_loss_ratio(const LossPoint& point, double octets) const {
  check_octets(octets);
  const double slot_bits = (octets + 20.0) * 8.0 * 257.0 / 256.0;
  const double message_bits =
      static_cast<double>(config_.code.k) * config_.structure.fec_symbol_bits * config_.structure.codewords;
  const double crossings = slot_bits / message_bits;
  const double surely = std::floor(crossings), sometimes = crossings - surely;
  const double hold = math::log1p(-point.group_loss_ratio);
  const auto lost = [&](double groups) { return 0 - math::expm1(groups * hold); };  // 0 -, not -: no negative zero
  return (1.0 - sometimes) * lost(1.0 + surely) + sometimes * lost(2.0 + surely);
}

double LossModel::frame_loss_ratio(const LossPoint& point, std::span<const LengthCount> lengths) const {
  double lost = 0, frames = 0;
  for (const auto& [octets, count] : lengths) {
    if (!(count >= 0))
      throw ConfigError({"lengths", fmt::format("counts {} frames", count), "0 or more", ""});
    if (count == 0) continue;
    lost += count * frame_loss_ratio(point, octets);
    frames += count;
  }
  if (!(frames > 0)) throw ConfigError({"lengths", "holds no frame", "at least one", ""});
  return lost / frames;
}

double LossModel::quantity(const LossTarget& target, double ber) const {
  const LossPoint point = at_equal(ber, target.quantity == LossQuantity::frame_loss_ratio);
  switch (target.quantity) {
    case LossQuantity::codeword_error_ratio:
      return point.codeword_error_ratio;
    case LossQuantity::post_fec_ber:
      return point.post_fec_ber;
    case LossQuantity::frame_loss_ratio:
      break;
  }
  return frame_loss_ratio(point, target.frame_octets);
}

double LossModel::solve_pre_fec_ber(const LossTarget& target) const {
  if (!(target.value > 0 && target.value <= 0.1)) {
    throw ConfigError({"target", fmt::format("is {}", target.value), "above 0, up to 0.1", ""});
  }
  check_octets(target.frame_octets);
  // In logarithms the curve is nearly straight.
  const double wanted = math::log(target.value);
  const auto miss = [&](double log_ber) {
    const double value = quantity(target, math::exp(log_ber));
    return value > 0 ? math::log(value) - wanted : -1e3;
  };
  const double least = math::log(1e-15), most = math::log(max_ber()) - 1e-9;
  double step = math::log(2.0);
  double low = std::min(math::log(1e-4), most), high = low;
  double low_miss = miss(low), high_miss = low_miss;
  while (low_miss > 0 && low > least) {
    high = low, high_miss = low_miss;
    low = std::max(least, low - step);
    low_miss = miss(low);
    step *= 1.5;
  }
  while (high_miss < 0 && high < most) {
    low = high, low_miss = high_miss;
    high = std::min(most, high + step);
    high_miss = miss(high);
    step *= 1.5;
  }
  if (low_miss > 0 || high_miss < 0) {
    throw ConfigError({"target", fmt::format("{} = {} is never met", name(target.quantity), target.value),
                       fmt::format("what a pre-FEC BER of 1e-15 to {} gives", max_ber()), ""});
  }
  if (low_miss == 0) return math::exp(low);
  if (high_miss == 0) return math::exp(high);
  std::uintmax_t evaluations = 60;
  const auto close = [](double a, double b) { return std::abs(a - b) < 1e-10; };
  const auto [left, right] =
      boost::math::tools::toms748_solve(miss, low, high, low_miss, high_miss, close, evaluations);
  return math::exp(0.5 * (left + right));
}

double LossModel::standard_frame_loss_ratio() const noexcept {
  if (config_.structure.codewords == 2) return pmd_pair;
  return config_.code == signal::kr4 ? link_single : pmd_single;
}

bool LossModel::meets_standard(const LossPoint& point) const {
  const double allowed = standard_frame_loss_ratio();
  return frame_loss_ratio(point, 64) < allowed + 0.05 * std::pow(10.0, std::floor(std::log10(allowed)));
}

std::vector<LossThreshold> LossModel::thresholds(double frame_octets) const {
  const bool pair = config_.structure.codewords == 2;
  std::vector<LossThreshold> list = {
      {{LossQuantity::post_fec_ber, 1e-12, frame_octets}, "post-FEC BER 1e-12", 0},
      {{LossQuantity::post_fec_ber, 1e-13, frame_octets}, "post-FEC BER 1e-13", 0},
      {{LossQuantity::post_fec_ber, 1e-15, frame_octets}, "post-FEC BER 1e-15", 0}};
  if (!(config_.code == signal::kr4)) {
    list.push_back({{LossQuantity::frame_loss_ratio, pair ? pmd_pair : pmd_single, frame_octets}, "PMD", 0});
  }
  list.push_back(
      {{LossQuantity::frame_loss_ratio, pair ? link_pair : link_single, frame_octets}, "whole link", 0});
  for (LossThreshold& threshold : list) threshold.ber = solve_pre_fec_ber(threshold.target);
  return list;
}

}  // namespace lightlane::fec
