#pragma once
/// Measurement runs of NRZ lanes: eye mask, and the penalty that the clause asks for (TDP or TDEC).

#include "lightlane/link/limit_receiver.hpp"
#include "lightlane/link/transmitter_measurement.hpp"
#include "lightlane/measure/nrz.hpp"

namespace lightlane::link {

/// Fills what an NRZ lane has; see TransmitterMeasurement.
void measure_nrz(const LaneSetup& setup, const catalog::Pmd& pmd, int lane, bool pictures, TransmitterMeasurement& m);

struct NrzPenalty {
  double penalty_db = 0;  ///< infinite where the eye is closed
  double noise_w = 0;     ///< the largest that the clause's decision times allow; 0 where the eye is closed
  double phase_ui = 0;    ///< middle of the eye, from the symbol's centre
  double oma_w = 0, pave_w = 0, er_db = 0;
  measure::NoiseLoadingConfig config;
};
/// Without noise of the transmitter.
NrzPenalty nrz_penalty(const LaneSetup& setup, const catalog::Pmd& pmd, double dispersion_ps_nm, double dgd_ps = 0);

/// Bit error ratio, its Q, and decision times of the clause's metric: TDEC, or TDP at the bit error ratio of the PMD.
measure::NoiseLoadingConfig nrz_penalty_config(const catalog::Pmd& pmd);

/// The reference receiver: no equaliser, threshold at the average power, decisions off the middle of the eye.
/// `gain_a_per_w`: from power at TP2 to current.
void nrz_limit_receiver(const LaneChain& chain, const catalog::Pmd& pmd, double gain_a_per_w, LimitReceiver& receiver);

}  // namespace lightlane::link
