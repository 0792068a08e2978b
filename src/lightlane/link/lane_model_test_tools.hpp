#pragma once
/// Lane models made by hand, for tests: a linear channel of a given pulse, with whatever noise and
/// interference.

#include <cmath>
#include <cstddef>
#include <vector>

#include "lightlane/link/de_bruijn.hpp"
#include "lightlane/link/lane_model.hpp"
#include "lightlane/rxdsp/equalizer.hpp"

namespace lightlane::link::test {

struct SyntheticLane {
  signal::Modulation modulation = signal::Modulation::pam4;
  double oma_a = 100e-6;
  double extinction_ratio = 3.981071705534972;  ///< 6 dB
  std::vector<double> pulse{1.0};  ///< response to symbols n - cursor .., [cursor] is the main one
  std::size_t cursor = 0;          ///< pulse[k] belongs to symbol n + cursor - k
  std::vector<double> slope{};     ///< the same of the slope [1/UI]; empty: none
  double compression = 0;          ///< x + compression x (1 - x^2) on the normalised sum, -1 .. 1
  double constant_noise_a2 = 0;
  double linear_noise_a = 0;   ///< variance per ampere
  double quadratic_noise = 0;  ///< variance per ampere^2
  double transmitter_noise_a2 = 0;
  std::vector<double> noise_correlation{1.0};
};

inline double bottom_a(const SyntheticLane& s) { return s.oma_a / (s.extinction_ratio - 1); }

inline LaneModel lane_model(const SyntheticLane& s) {
  LaneModel m;
  m.modulation = s.modulation;
  m.levels = s.modulation == signal::Modulation::pam4 ? de_bruijn(4, 7) : de_bruijn(2, 11);
  const std::size_t n = m.levels.size();
  const double top = level_count(s.modulation) - 1;
  const auto response = [&](const std::vector<double>& taps, std::size_t i) {
    double x = 0;
    for (std::size_t k = 0; k < taps.size(); ++k)
      x += taps[k] * (2 * m.levels[(i + s.cursor + n - k) % n] / top - 1);
    return x;
  };
  for (std::size_t i = 0; i < n; ++i) {
    const double x = response(s.pulse, i), shaped = x + s.compression * x * (1 - x * x);
    const double current = bottom_a(s) + s.oma_a * (shaped + 1) / 2;
    m.current_a.push_back(static_cast<float>(current));
    m.slope_a_per_ui.push_back(static_cast<float>(s.oma_a / 2 * response(s.slope, i)));
    m.linear_noise_a2.push_back(static_cast<float>(s.linear_noise_a * std::fabs(current)));
    m.quadratic_noise_a2.push_back(static_cast<float>(s.quadratic_noise * current * current));
    m.transmitter_noise_a2.push_back(static_cast<float>(s.transmitter_noise_a2));
  }
  m.constant_noise_a2 = s.constant_noise_a2;
  m.noise_correlation = s.noise_correlation;
  for (std::size_t l = 0; l < 4; ++l)
    m.level_current_a[l] = bottom_a(s) + s.oma_a * static_cast<double>(l) / 3;
  return m;
}

/// No ADC, no thresholds but the nominal ones: these taps, scaled so that the outer levels come out at -1 and
/// +1 where they sum to one.
inline rxdsp::FrozenEqualizer plain_equalizer(const SyntheticLane& s, std::vector<double> taps = {1.0},
                                              int before = 0) {
  rxdsp::FrozenEqualizer e;
  e.modulation = s.modulation;
  e.offset_a = bottom_a(s) + s.oma_a / 2;
  for (const double t : taps) e.ffe.push_back(static_cast<float>(t * 2 / s.oma_a));
  e.ffe_before = before;
  return e;
}

}  // namespace lightlane::link::test
