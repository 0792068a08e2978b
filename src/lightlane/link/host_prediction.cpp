#include "lightlane/link/host_prediction.hpp"

#include <cmath>

#include "lightlane/math/elementary.hpp"

namespace lightlane::link {
namespace {

constexpr double preamble_octets = 8, block_bits = 66, block_octets = 8;

/// 1 - (1 - p)^n.
double at_least_one(double p, double n) { return p < 1 ? -math::expm1(n * math::log1p(-p)) : 1; }

double mean_ber(const HostSide& side) {
  if (!side.simulated) return 0;
  double sum = 0;
  for (const HostLane& lane : side.lanes) sum += lane.ber;
  return sum / static_cast<double>(side.lanes.size());
}

}  // namespace

std::vector<double> host_errors_per_line_symbol(const Scenario& scenario, const Structure& structure,
                                                const HostLanes& host) {
  std::vector<double> all(static_cast<std::size_t>(structure.line_lanes), 0.0);
  if (scenario.link.fec_placement != "host") return all;
  const std::size_t share = host.count / all.size();
  const double bits_per_lane = static_cast<double>(structure.modulation) / static_cast<double>(share);
  for (const HostEnd end : {HostEnd::sender, HostEnd::receiver}) {
    const HostSide& side = host.at(end);
    if (!side.simulated) continue;
    std::vector<double> errors(all.size(), 0.0);
    for (std::size_t h = 0; h < side.lanes.size(); ++h) {
      std::size_t line = h / share;
      if (end == HostEnd::receiver && !scenario.phy.line_order.empty()) {
        line = static_cast<std::size_t>(scenario.phy.line_order[line]);
      }
      errors[line] += bits_per_lane * side.lanes[h].ber;
    }
    for (std::size_t line = 0; line < all.size(); ++line) all[line] += (1 - all[line]) * errors[line];
  }
  return all;
}

fec::ErrorProcess with_more_errors(fec::ErrorProcess process, double more) {
  for (double& error : process.error) error += (1 - error) * more;
  return process;
}

double first_bit_share(double line_errors, double host_errors, bool host_lane_is_line_lane) {
  if (host_lane_is_line_lane) return 1.0 / 3;
  return 0.5 -
         std::sqrt(line_errors * line_errors + host_errors * host_errors) / (6 * (line_errors + host_errors));
}

double unprotected_frame_loss(const HostLanes& host, std::span<const fec::LengthCount> lengths) {
  const double sender = mean_ber(host.sender), receiver = mean_ber(host.receiver);
  const double ber = sender + receiver - 2 * sender * receiver;
  double lost = 0, all = 0;
  for (const fec::LengthCount& length : lengths) {
    const double blocks = (length.octets + preamble_octets) / block_octets;
    lost += length.count * at_least_one(ber, block_bits * blocks);
    all += length.count;
  }
  return all > 0 ? lost / all : 0;
}

}  // namespace lightlane::link
