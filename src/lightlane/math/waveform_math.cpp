#include "lightlane/math/waveform_math.hpp"

#include <cmath>

#include "lightlane/base/error.hpp"
#include "lightlane/math/waveform_math_loops.hpp"

namespace lightlane::math {

void exp(std::span<const float> x, std::span<float> out) noexcept {
  LIGHTLANE_ASSERT(x.size() == out.size());
  exp_loop(x.data(), out.data(), x.size());
}
void log(std::span<const float> x, std::span<float> out) noexcept {
  LIGHTLANE_ASSERT(x.size() == out.size());
  log_loop(x.data(), out.data(), x.size());
}
void sin(std::span<const float> x, std::span<float> out) noexcept {
  LIGHTLANE_ASSERT(x.size() == out.size());
  sin_loop(x.data(), out.data(), x.size());
}
void cos(std::span<const float> x, std::span<float> out) noexcept {
  LIGHTLANE_ASSERT(x.size() == out.size());
  cos_loop(x.data(), out.data(), x.size());
}
void sqrt(std::span<const float> x, std::span<float> out) noexcept {
  LIGHTLANE_ASSERT(x.size() == out.size());
  for (std::size_t i = 0; i < x.size(); ++i) out[i] = std::sqrt(x[i]);
}
void square_sum(std::span<const float> re, std::span<const float> im, std::span<float> out) noexcept {
  LIGHTLANE_ASSERT(re.size() == out.size() && (im.empty() || im.size() == out.size()));
  square_sum_loop(re.data(), im.empty() ? nullptr : im.data(), out.data(), out.size());
}

}  // namespace lightlane::math
