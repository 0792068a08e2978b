#pragma once
/// What errors of the host lanes do to the predictions of a run.

#include <span>
#include <vector>

#include "lightlane/fec/error_process.hpp"
#include "lightlane/fec/loss_model.hpp"
#include "lightlane/link/host_lanes.hpp"

namespace lightlane::link {

/// KP4 or KR4 in the host protects the host lanes too: wrong bits of both of its interfaces per line symbol,
/// for each line lane, less those that one interface makes and the other mends. Host lanes h R .. h R + R - 1
/// are multiplexed onto line lane h (at the receiver: come from input h, wired as phy.line_order says). Zeros
/// where KP4 is in the module, and where errors are too rare to be drawn.
std::vector<double> host_errors_per_line_symbol(const Scenario& scenario, const Structure& structure,
                                                const HostLanes& host);

/// The same process with `more` errors per symbol that know nothing of its own.
fec::ErrorProcess with_more_errors(fec::ErrorProcess process, double more);

/// P(the first bit of a wrong PAM4 symbol is the wrong one) that spreads errors over the PCS lanes as line
/// and host errors do together. Either gives the first bits of its own symbols a third. Where a host lane is
/// a line lane, those are the same bits. Where a line lane carries two host lanes, they are not: of its four
/// PCS lanes the line favours one pair, the host another that crosses it, and what counts for codewords is
/// the sum of both variances.
double first_bit_share(double line_errors, double host_errors, bool host_lane_is_line_lane);

/// P(a frame is lost) to errors of the host lanes that nothing corrects: one wrong bit of the 66-bit blocks
/// of frame and preamble is enough. Without errors in the gap between frames, and without a receiver that
/// hi_ber makes deaf.
double unprotected_frame_loss(const HostLanes& host, std::span<const fec::LengthCount> lengths);

}  // namespace lightlane::link
