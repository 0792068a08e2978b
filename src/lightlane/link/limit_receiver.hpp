#pragma once
/// The receiver that just meets a standard: the reference receiver of the clause, with the noise that its sensitivity
/// leaves it, and how much a link may lose until it fails.

#include "lightlane/catalog/pmd.hpp"
#include "lightlane/link/lane_chain.hpp"
#include "lightlane/link/lane_model.hpp"
#include "lightlane/rxdsp/equalizer.hpp"

namespace lightlane::link {

/// Of one lane. PAM4: the reference filter and equaliser of TDECQ, optimised for what arrives; NRZ: the reference filter,
/// threshold at the average power. Decisions at the two times (histogram windows) of the clause.
struct LimitReceiver {
  rxdsp::FrozenEqualizer equalizer;             ///< for the power that arrives
  double early_middle_ui = 0, late_middle_ui = 0;  ///< from the symbol's centre
  double target_ser = 4.8e-4;                   ///< NRZ: bit error ratio
  /// Rms noise behind the reference filter, in power at TP2, with which the worse of the two times meets the target over
  /// the clause's test pattern, without interference; 0 where the eye is closed without any.
  double largest_noise_w = 0;
  double dgd_db = 0;                            ///< what differential group delay took of that
};
/// About 0.2 s (SSPRQ).
LimitReceiver limit_receiver(const LaneChain& chain, const catalog::Pmd& pmd);

/// Attenuation until a limit link fails, and what took of the allocation.
struct LimitMargin {
  /// Over the test pattern and both histogram times, less interference_db. -inf: no power is enough.
  double margin_db = 0;
  double dgd_db = 0;
  /// Interference of reflections and crosstalk: by how much less the lane may be attenuated for the target, random data
  /// at the worse of the two times (statistical engine).
  double interference_db = 0;
};
/// `model`: of the lane at the receiver's worse time. The receiver's gain follows the power.
LimitMargin limit_margin(const LaneChain& chain, const LaneModel& model, const LimitReceiver& receiver);

/// The equaliser behind a gain control that saw `attenuation_db` more.
rxdsp::FrozenEqualizer behind_attenuation(const rxdsp::FrozenEqualizer& equalizer, double attenuation_db);

}  // namespace lightlane::link
