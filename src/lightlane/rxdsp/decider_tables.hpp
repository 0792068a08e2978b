#pragma once
/// The Decider's kernels to choose from, and their constants from a frozen equaliser.

#include <span>

#include "lightlane/base/variant.hpp"
#include "lightlane/rxdsp/decider_kernels.hpp"
#include "lightlane/rxdsp/equalizer.hpp"

namespace lightlane::rxdsp::detail {

std::span<const Kernel<DeciderKernels>> decider_kernels();
/// adc_step_a > 0.
QuantizerConstants quantizer_constants(const FrozenEqualizer& equalizer) noexcept;
SlicerConstants slicer_constants(const FrozenEqualizer& equalizer) noexcept;

}  // namespace lightlane::rxdsp::detail
