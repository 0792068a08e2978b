#pragma once
/// Receiver taps of one sampling phase, and what reaches the slicer behind them. Inside the floor only.

#include <vector>

#include "lightlane/aui/lane_pulse.hpp"

namespace lightlane::aui {

/// Mean square of the levels, outer ones +-1.
double level_square(signal::Modulation modulation) noexcept;

/// At the slicer, in mV; outer levels are +- main.
struct Slicer {
  std::vector<double> ffe;  ///< scaled so that the main cursor stays
  std::vector<double> dfe;  ///< over the main cursor
  double main = 0;
  Cursors residue;                                         ///< interference that is left; [0] is 0
  double isi = 0, tx_noise = 0, rx_noise = 0, jitter = 0;  ///< variances [mV^2]
  double noise() const noexcept { return tx_noise + rx_noise + jitter; }
  double snr = 0;  ///< ratio; 0 where no main cursor is left
};

/// Taps of least mean square error for these cursors; `rx_noise`: autocorrelation [mV^2] of at least
/// rx_ffe_taps lags.
Slicer solve_slicer(const HostChannelConfig& config, const Sampled& sampled,
                    const std::vector<double>& rx_noise);
/// The same taps at other cursors (another time of the eye); the DFE keeps what it feeds back.
Slicer apply_slicer(const HostChannelConfig& config, const Slicer& taps, const Sampled& sampled,
                    const std::vector<double>& rx_noise);

}  // namespace lightlane::aui
