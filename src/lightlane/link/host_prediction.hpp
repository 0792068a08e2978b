#pragma once
/// What errors of the host lanes do to the predictions of a run.

#include <span>
#include <vector>

#include "lightlane/fec/error_process.hpp"
#include "lightlane/fec/loss_model.hpp"
#include "lightlane/link/host_lanes.hpp"

namespace lightlane::link {

/// KP4 or KR4 in the host protects the host lanes too: wrong bits of both of its interfaces per line symbol, for each line
/// lane. Host lanes h R .. h R + R - 1 are multiplexed onto line lane h (at the receiver: come from input h, wired as
/// phy.line_order says). Zeros where KP4 is in the module, and where errors are too rare to be drawn.
std::vector<double> host_errors_per_line_symbol(const Scenario& scenario, const Structure& structure, const HostLanes& host);

/// The same process with `more` errors per symbol that know nothing of its own.
fec::ErrorProcess with_more_errors(fec::ErrorProcess process, double more);

/// P(the first bit of a wrong PAM4 symbol is the wrong one), of line errors (a third) and host errors (a half: a line
/// symbol's two bits come from host lanes alike) together.
double first_bit_share(double line_errors, double host_errors);

/// P(a frame is lost) to errors of the host lanes that nothing corrects: one wrong bit of the 66-bit blocks of frame and
/// preamble is enough. Without errors in the gap between frames, and without a receiver that hi_ber makes deaf.
double unprotected_frame_loss(const HostLanes& host, std::span<const fec::LengthCount> lengths);

}  // namespace lightlane::link
