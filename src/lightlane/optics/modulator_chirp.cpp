#include "lightlane/optics/modulator_chirp.hpp"

#include <cstddef>

#include "lightlane/math/waveform_math.hpp"

namespace lightlane::optics {
namespace {

constexpr double pi = 3.14159265358979323846;
constexpr float steps = 16777216.0f;  // 2^24

}  // namespace

AdiabaticChirp::AdiabaticChirp(double rad_per_ws, double full_scale_w, double sample_rate_hz,
                               std::size_t memory)
    : memory_(memory),
      steps_per_w_(static_cast<float>(steps / full_scale_w)),
      // The integral below counts every power 2 memory times.
      turns_per_unit_(rad_per_ws / (2 * pi * sample_rate_hz) / static_cast<double>(steps_per_w_) /
                      (2 * static_cast<double>(memory))) {}

void AdiabaticChirp::rotate(std::span<float> re, std::span<float> im, State& state) const {
  const std::size_t count = re.size(), history = memory_ + 1;
  thread_local std::vector<float> power, angle, sine;
  power.resize(count);
  angle.resize(count);
  sine.resize(count);
  state.power.resize(history + count, 0);
  math::square_sum(re, im, power);
  std::int32_t* const window = state.power.data() + history;
  for (std::size_t i = 0; i < count; ++i) {
    const float p = power[i] * steps_per_w_ + 0.5f;
    window[i] = static_cast<std::int32_t>(p < steps ? p : steps);
  }
  // integral(n) = sum over m >= 0 of (memory - m) p(n - m): its step is memory p(n) less the box of the last
  // ones. The sample itself counts by half, as its neighbour before does: the trapezoidal rule.
  const std::int64_t length = static_cast<std::int64_t>(memory_);
  constexpr double whole = 6755399441055744.0;  // 1.5 2^52: added and taken away, it rounds to an integer
  std::int64_t box = state.box, integral = state.integral;
  for (std::size_t i = 0; i < count; ++i) {
    const std::int64_t now = window[i], before = window[static_cast<std::ptrdiff_t>(i) - 1];
    box += before - state.power[i];
    integral += length * now - box;
    const double turns = static_cast<double>(2 * integral - length * now) * turns_per_unit_;
    angle[i] = static_cast<float>(2 * pi * (turns - ((turns + whole) - whole)));
  }
  state.box = box;
  state.integral = integral;
  state.power.erase(state.power.begin(), state.power.begin() + static_cast<std::ptrdiff_t>(count));
  math::sin(angle, sine);
  math::cos(angle, angle);
  for (std::size_t i = 0; i < count; ++i) {
    const float a = re[i], b = im[i];
    re[i] = a * angle[i] - b * sine[i];
    im[i] = a * sine[i] + b * angle[i];
  }
}

}  // namespace lightlane::optics
