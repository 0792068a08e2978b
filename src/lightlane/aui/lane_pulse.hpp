#pragma once
/// The pulse of a lane behind channel, CTLE and receiver filter, and the noise that comes out beside it.
/// Inside the floor only.

#include <complex>
#include <cstddef>
#include <vector>

#include "lightlane/aui/host_channel.hpp"
#include "lightlane/math/fft.hpp"
#include "lightlane/math/response.hpp"

namespace lightlane::aui {

/// CTLE of a peaking, at f over the symbol rate.
std::complex<double> ctle_response(double f, const CtleConfig& config, double peaking_db);
/// CTLE and receiver filter together, over f in Hz; empty where there is neither.
math::Response receiver_response(const HostChannelConfig& config, double peaking_db);

/// Values once per UI: of index k at [k - first].
struct Cursors {
  std::ptrdiff_t first = 0;  ///< at most 0; the last one is at least 0
  std::vector<double> v;
  std::ptrdiff_t last() const noexcept { return first + static_cast<std::ptrdiff_t>(v.size()) - 1; }
  double operator()(std::ptrdiff_t k) const noexcept {
    return k < first || k > last() ? 0.0 : v[static_cast<std::size_t>(k - first)];
  }
};

/// Everything at one sampling phase, per symbol of full amplitude [mV].
struct Sampled {
  Cursors tx;      ///< of what enters behind the Tx FFE: its noise
  Cursors symbol;  ///< of a symbol, through the FFE
  Cursors slope;   ///< of a symbol, per UI of time
};

/// What no setting of the CTLE changes: the channel's answer to a symbol, the receiver's filter.
struct LaneChannel {
  explicit LaneChannel(const HostChannelConfig& config);
  int samples_per_ui;
  /// Of a period behind the receiver's filter, frequencies from 0 to half the sample rate, `step` symbol
  /// rates apart.
  std::vector<std::complex<double>> spectrum;
  math::Fft transform;
  double step = 0;
  std::vector<double> noise;  ///< the receiver's filter on noise, power
};

/// Keeps references to both.
class LanePulse {
 public:
  LanePulse(const HostChannelConfig& config, const LaneChannel& channel, double peaking_db);

  int samples_per_ui() const noexcept { return samples_per_ui_; }
  /// `samples` behind the peak of the symbol's pulse.
  Sampled at(std::ptrdiff_t samples) const;
  /// Autocorrelation of the receiver's noise at lags 0 .. count - 1 UI [mV^2].
  std::vector<double> noise(std::size_t count) const;

 private:
  Cursors cursors(const std::vector<double>& pulse, std::ptrdiff_t from_peak) const;

  const HostChannelConfig* config_;
  const LaneChannel* channel_;
  double peaking_db_;
  int samples_per_ui_;
  std::vector<double> tx_, symbol_;  ///< a period of time; mV
  std::size_t peak_ = 0;
};

}  // namespace lightlane::aui
