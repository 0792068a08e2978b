#pragma once
/// Symbols through one lane, counted: the same parts as the analytic figures, with drawn noise. Inside the
/// floor only.

#include "lightlane/aui/slicer.hpp"
#include "lightlane/base/random.hpp"
#include "lightlane/math/fir.hpp"
#include "lightlane/math/gaussian.hpp"

namespace lightlane::aui {

class HostSimulation {
 public:
  HostSimulation(const HostChannelConfig& config, const Sampled& sampled, const Slicer& slicer,
                 double peaking_db, std::uint64_t seed, std::uint32_t lane);

  /// Symbols [first, first + count). Decisions ahead of the first one are right.
  HostChannelCount run(std::int64_t first, std::uint64_t count) const;

 private:
  int level(std::int64_t symbol) const noexcept;
  float amplitude(int level) const noexcept;
  int slice(float v) const noexcept;
  void samples(std::int64_t first, std::span<float> out) const;
  void add_filtered(const math::Fir& fir, std::int64_t first, const math::GaussianStream* stream, float scale,
                    bool with_levels, std::span<float> out) const;

  bool nrz_;
  RandomStream symbols_;
  math::GaussianStream tx_, jitter_, rx_, white_;
  math::Fir symbol_fir_, tx_fir_, slope_fir_, rx_fir_, ffe_;
  float tx_rms_, jitter_rms_, rx_rms_, white_rms_;
  float main_;
  std::vector<float> feedback_;  ///< mV per unit of the decided amplitude
};

}  // namespace lightlane::aui
