#pragma once
/// Maximum likelihood sequence of levels behind 1 + alpha D: one state per level of the symbol before.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "lightlane/base/variant.hpp"

namespace lightlane::rxdsp::detail {

/// Metrics are least squared distances, less what is common to all states; their smallest is 0 behind every
/// symbol, so that survivors that meet forget where they came from, to the last bit.
struct ViterbiState {
  float metric[4] = {0, 0, 0, 0};  ///< by level of the last symbol; before the first: any level alike
};
struct ViterbiConstants {
  float target[4] = {};  ///< levels of the symbol; NRZ: two, and two more that are never reached
  float behind[4] = {};  ///< alpha times the level of the symbol before
  int states = 4;
};
ViterbiConstants viterbi_constants(std::span<const float> levels, float alpha);

/// survivors[i]: two bits per level of symbol i: the level before it on its best path.
using ViterbiForward = void (*)(const ViterbiConstants&, ViterbiState&, const float* y,
                                std::uint8_t* survivors, std::size_t count) noexcept;
void viterbi_forward_ref(const ViterbiConstants& c, ViterbiState& state, const float* y,
                         std::uint8_t* survivors, std::size_t count) noexcept;
void viterbi_forward_portable(const ViterbiConstants& c, ViterbiState& state, const float* y,
                              std::uint8_t* survivors, std::size_t count) noexcept;
/// ref and portable; metrics differ by rounding, decisions where two paths are equally near.
std::span<const Kernel<ViterbiForward>> viterbi_kernels();

/// Survivors to decisions, in place, from the best last state.
void viterbi_trace_back(const ViterbiState& last, std::span<std::uint8_t> survivors) noexcept;

}  // namespace lightlane::rxdsp::detail
