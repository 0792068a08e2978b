#pragma once
/// Levels to drive: DAC (FFE, quantiser, noise), pulse, jitter. Inside the floor only.

#include <array>
#include <cstdint>
#include <vector>

#include "lightlane/math/fir.hpp"
#include "lightlane/math/gaussian.hpp"
#include "lightlane/math/response.hpp"
#include "lightlane/optics/drive_jitter.hpp"
#include "lightlane/optics/transmitter.hpp"

namespace lightlane::optics {

/// The drive is a pure number: +-1 is the full scale of the DAC. All arithmetic at symbol rate rounds every
/// product, in every variant, so that a code of the quantiser never hangs on the processor.
class Drive {
 public:
  /// `parts`: the linear parts behind the DAC's hold, empty where there are none. Throws ConfigError naming
  /// "tx.dac.<key>" (taps that cancel each other) or "tx.jitter.<key>".
  Drive(const TransmitterConfig& config, const math::Response& parts, int samples_per_ui, std::uint64_t seed,
        std::uint32_t lane);

  /// Drive of a long run of the DAC's input x in [-1, 1]: through the FFE's sum of taps and the quantiser.
  double steady(double x) const noexcept;
  /// Sum of the taps: what pre-emphasis leaves of the full scale to a long run.
  double dc_gain() const noexcept;
  /// DAC input of each level.
  void set_levels(const std::array<double, 4>& x);
  /// No sample leaves +- this.
  double peak() const noexcept;

  /// In symbols.
  signal::Halo halo() const noexcept;
  /// Drive of symbols [first, first + count): levels begin halo().before earlier and end halo().after later.
  void process(const std::uint8_t* levels, std::int64_t first, std::size_t count, bool impairments,
               float* out) const;

 private:
  void symbols(const std::uint8_t* levels, std::int64_t first, std::size_t count, bool noise,
               float* out) const;
  float quantise(float y) const noexcept;

  std::vector<float> ffe_;  ///< in time order of the input: tap k weighs symbol n - ffe_before_ + k
  std::size_t ffe_before_ = 0;
  std::array<float, 256> level_{};  ///< of every octet, so that a stray one cannot leave the table
  std::uint8_t level_mask_;
  float steps_ = 0;  ///< of the quantiser, 2^bits - 1; 0 = none
  float noise_ = 0;  ///< rms
  math::GaussianStream noise_stream_;
  math::PolyphaseFir pulse_;
  Jitter jitter_;
};

}  // namespace lightlane::optics
