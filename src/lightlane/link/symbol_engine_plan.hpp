#pragma once
/// A lane model and an equaliser turned into tables and constants that the kernels of the symbol engine run
/// on. Inside of the symbol engine only.
///
/// Samples are made in units of the ADC's step where it quantises, else of half the lane's OMA. Behind an
/// ADC, a sample is its code 0, 1 .., and the equaliser's taps are per code.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "lightlane/link/lane_model.hpp"
#include "lightlane/link/symbol_engine_kernels.hpp"
#include "lightlane/rxdsp/equalizer.hpp"

namespace lightlane::link::detail {

/// See LookupView.
struct Lookup {
  std::vector<WindowTable> windows;
  float unit = 0;
  std::vector<float> full;
  LookupView view() const noexcept {
    return {windows.data(), windows.size(), unit, full.empty() ? nullptr : full.data()};
  }
};

/// See NoiseView.
struct NoisePlan {
  Lookup rms;
  std::vector<float> colour{1.0f};
};

/// A reflection's independent symbols, four equally likely values; two bits of a Philox stream each.
struct InterfererPlan {
  std::array<float, 4> value{};  ///< times sqrt of the lane's level and cos(phase)
  double turns_per_symbol = 0, first_turn = 0;
};

/// Crosstalk at sample n: x = sum over k of value[k][symbol n + k of its stream], and sqrt(noise x) of the receiver's
/// colour.
struct CrosstalkPlan {
  std::vector<std::array<float, 4>> value;
  float noise = 0;
};

struct SymbolPlan {
  signal::Modulation modulation = signal::Modulation::pam4;
  std::size_t before = 0, after = 0;  ///< symbols that a sample depends on
  Lookup mean;
  std::vector<NoisePlan> noises;  ///< one where one process stands for all, else one each

  /// Even-odd jitter: sample +- even_odd. Sinusoidal: sample += sine s + bend (s^2 - 1/2).
  std::optional<Lookup> even_odd, sine, bend;
  double sine_turns_per_symbol = 0;
  std::vector<InterfererPlan> reflections;
  std::vector<CrosstalkPlan> crosstalk;
  std::vector<float> crosstalk_colour;  ///< of their noise
  std::array<float, 4> level_root{};  ///< sqrt of the lane's level, by level 0 .. 3 (NRZ: 0, 1)

  float low = 0, high = 0;  ///< as in PlanView, and the following
  bool quantised = false;
  std::vector<float> ffe;
  std::size_t ffe_before = 0;
  float bias = 0;
  std::array<float, 3> thresholds{};

  // How good the plan is, over all neighbourhoods.
  double mean_error = 0;      ///< rms, over OMA
  double rms_error = 0;       ///< of noise, relative, rms
  double variance_error = 0;  ///< of one process for all, behind the FFE, relative, rms
};

/// `raw`: samples in ampere, without ADC and slicer, for a Decider. Throws ConfigError where the model is not
/// valid, its pattern no de Bruijn sequence, or the equaliser another modulation's.
SymbolPlan make_plan(const LaneModel& model, const rxdsp::FrozenEqualizer& equalizer, double scale, bool raw);

/// Moving-average taps whose output has this autocorrelation, of unit variance, at lags 0, 1 ..: the last row
/// of the Cholesky factor of the process (Bauer). Lags below 1e-4 at the end are dropped; a correlation that
/// no process has is shrunk until one has.
std::vector<double> colour_of(std::vector<double> correlation);

/// A function of all neighbourhoods, [index] as in LookupView, as a sum of windows, the fewest that come
/// within the tolerances (rms and largest error), at most `most_windows`; else as a full table.
struct FitTolerance {
  double rms = 0, largest = 0;
  std::size_t most_windows = 8;
};
/// Linear response to a symbol outside of the neighbourhood, which goes into windows of its own.
struct FarResponse {
  std::ptrdiff_t offset = 0;  ///< of the symbol, outside of the neighbourhood
  double response = 0;        ///< per unit of -3 .. 3
};
struct FittedLookup {
  Lookup lookup;
  double rms_error = 0, largest_error = 0;
};
FittedLookup fit_lookup(signal::Modulation modulation, std::span<const double> values,
                        std::span<const FarResponse> far, const FitTolerance& tolerance);

}  // namespace lightlane::link::detail
