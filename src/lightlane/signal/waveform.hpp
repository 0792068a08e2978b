#pragma once
/// Analog signals of one lane: sampled windows on an absolute time axis. The unit is the type, so that a wrong join does
/// not compile.
///
/// Every analog stage is a pure function of a window: it reads samples [i - halo.before, i + halo.after] to make sample
/// i, so its output window is its input window less its halo. Filters are applied with their delay at DC taken out: symbol
/// n keeps its place on the axis through the whole chain. Noise hangs on the absolute index. Segments, threads and chunks
/// therefore never change a result.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "lightlane/base/rational.hpp"

namespace lightlane::signal {

/// Where a window lies: sample i of the run is at time i / samples_per_ui [UI]; symbol n covers [n, n + 1) UI, its centre
/// is sample n samples_per_ui + samples_per_ui / 2. Indices may be negative (before the run begins).
struct Axis {
  std::int64_t first_index = 0;       ///< absolute index of the window's first sample
  int samples_per_ui = 8;             ///< even
  Rational symbol_rate_gbd = Rational(425, 8);
  double sample_rate_hz() const { return symbol_rate_gbd.value() * 1e9 * samples_per_ui; }
};

/// Levels 0..3 (PAM4) or 0..1 (NRZ), one octet each. Symbol n of the run is level[n - first_index].
struct Levels {
  std::int64_t first_index = 0;
  std::vector<std::uint8_t> level;
};

struct Volts {
  Axis axis;
  std::vector<float> v;
};
/// Complex envelope of the light, |E|^2 in W; exp(+j omega t): positive chirp is a blue shift. `im` is empty where the
/// field is real everywhere.
struct Field {
  Axis axis;
  std::vector<float> re, im;
};
/// Optical power [W].
struct Power {
  Axis axis;
  std::vector<float> w;
};
/// Photocurrent, or what stands for it behind the receiver's linear amplifier [A]. samples_per_ui = 1: one sample per
/// symbol, at the decision instant; axis.first_index then counts symbols.
struct Current {
  Axis axis;
  std::vector<float> a;
};

/// Samples that a stage needs before and after each one that it makes, in samples of its input.
struct Halo {
  std::size_t before = 0, after = 0;
  friend Halo operator+(Halo a, Halo b) { return {a.before + b.before, a.after + b.after}; }
};

}  // namespace lightlane::signal
