#pragma once
/// Interoperability of every pair of a set of types: `lightlane interop --matrix`.

#include <span>
#include <vector>

#include "lightlane/plan/interop/interop.hpp"

namespace lightlane::plan {

struct MatrixCell {
  InteropVerdict verdict = InteropVerdict::no;
  int children = 1;
  std::vector<std::string_view> codes;  ///< of the reasons of the worst severity, each once, in order
};

/// Row by row, row = A, column = B, over the plant that a pair assumes, or over `plant`. A pair that the
/// plant's numbers do not suit (no attenuation at its wavelengths) is unknown. 50 microseconds a pair, over
/// all threads.
std::vector<MatrixCell> interop_matrix(std::span<const LinkEnd> ends, const Question& plant);

}  // namespace lightlane::plan
