#pragma once
/// A link at the limits of its standard: the worst transmitter that is allowed, the largest loss, the worse dispersion
/// extreme, and the receiver that just meets its sensitivity, as a scenario and as a receiver.
///
/// The worst transmitter has equal levels at the smallest extinction ratio, OMA at the smallest OMA - TDECQ, and a low-pass
/// (fourth-order Bessel-Thomson) that alone brings TDECQ to its maximum on the worst lane and extreme. The limit receiver
/// is the reference receiver of the clause: its filter, its equaliser (optimised for what arrives), decisions at the times of its histograms, and noise
/// of 10^((SRS - SECQ) / 10) mW / (6 x 3.414) (NRZ: sensitivity / (2 x 7.034), or the Q of its bit error ratio).

#include <string>
#include <vector>

#include "lightlane/link/lane_chain.hpp"
#include "lightlane/link/profile.hpp"
#include "lightlane/link/scenario.hpp"
#include "lightlane/rxdsp/equalizer.hpp"

namespace lightlane::link {

/// Limits that such a scenario needs and the catalogue does not know; empty where there is one.
std::vector<std::string> missing_for_limits(const catalog::Pmd& pmd, const catalog::Pmd& far_pmd);

/// Sets every key of tx, plant, rx and dsp. Throws ConfigError naming the unknown limits. About a second.
void apply_limits(const Devices& devices, Scenario& scenario);

/// The reference receiver of one lane.
struct LimitReceiver {
  rxdsp::FrozenEqualizer equalizer;      ///< for the power that arrives
  std::vector<double> early_ui, late_ui; ///< instants within the two histogram windows
  double early_middle_ui = 0, late_middle_ui = 0;
  double target_ser = 4.8e-4;
};
LimitReceiver limit_receiver(const LaneChain& chain, const catalog::Pmd& pmd);

/// Attenuation behind the plant at which the worse of the two histogram times meets the target, the receiver's gain
/// following the power [dB].
double limit_margin_db(const LaneChain& chain, const LimitReceiver& receiver);

/// The equaliser behind a gain control that saw `attenuation_db` more.
rxdsp::FrozenEqualizer behind_attenuation(const rxdsp::FrozenEqualizer& equalizer, double attenuation_db);

}  // namespace lightlane::link
