#pragma once
/// The converter ahead of the equaliser: gain control at training, its error, one sample in double precision.

#include <span>

#include "lightlane/rxdsp/equalizer.hpp"

namespace lightlane::rxdsp {

/// Full scale, step, noise and offset for these samples, which carry `noise_variance_a2` more than is in
/// them. Full scale is such that `adc_clip_ratio` of samples with all noise, the ADC's included, lies beyond
/// it, to a few parts in 1000 of the ratio; without any noise, that share of the samples rounded down. All
/// zero where the samples do not vary.
void set_adc(const EqualizerConfig& config, std::span<const float> samples_a, double noise_variance_a2,
             FrozenEqualizer& equalizer);

/// What the ADC makes of a sample that already carries its noise, less the offset [A].
double convert(const FrozenEqualizer& equalizer, double sample_a) noexcept;

}  // namespace lightlane::rxdsp
