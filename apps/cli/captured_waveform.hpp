#pragma once
/// A captured waveform and its pattern: what `lightlane tdecq` and `lightlane eye` begin with.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lightlane/base/error.hpp"
#include "lightlane/measure/tdecq.hpp"
#include "lightlane/signal/lanes.hpp"

namespace lightlane::cli {

struct CaptureOptions {
  std::string file;
  std::string input_format = "auto";  ///< auto | npy | f32 | csv
  std::optional<std::int64_t> lane;   ///< of several
  std::string unit = "W";             ///< of the file: W | mW | uW
  int samples_per_ui = 16;
  double symbol_rate_gbd = 53.125;
  std::string pattern = "auto";  ///< auto | name | file of digits | none
};

/// Power in W, as it lies in the file.
struct Capture {
  std::string place;        ///< of the file, for errors
  std::string description;  ///< "npy, <f8, 131056"
  std::vector<float> power;
};

struct FoundPattern {
  std::string name;                  ///< "PRBS13Q", or the file's
  std::vector<std::uint8_t> levels;  ///< one period, inverted where the capture is
  measure::Alignment alignment;
  std::size_t periods = 1;
};

/// Throws ConfigError naming --samples-per-ui, --symbol-rate-gbd, --unit, --input-format; InputError for what
/// the file is not, a column of times that disagrees with the rate, a constant.
Capture read_capture(const CaptureOptions& options);

/// The pattern that was asked for, or the one of PRBS13Q and SSPRQ (NRZ: PRBS7, 9, 13, 15) that fits, and
/// turns the capture so that it begins with the pattern's first symbol. Throws InputError: not a whole number
/// of periods, not found. With `optional` it answers none instead, for --pattern auto.
std::optional<FoundPattern> find_pattern(const CaptureOptions& options, signal::Modulation modulation,
                                         bool optional, Capture& capture);

/// Phase from the middle of the capture's own symbols (one begins with sample 0), and from the turned one's:
/// -0.5 to 0.5.
double file_phase(double turned_phase_ui, const FoundPattern& pattern, int samples_per_ui);
double turned_phase(double file_phase_ui, const FoundPattern& pattern, int samples_per_ui);

/// What a library says of "waveform" is true of the file.
template <class Action>
auto naming(const std::string& place, Action&& action) {
  try {
    return action();
  } catch (const InputError& error) {
    ErrorDetail detail = error.detail();
    if (detail.place != "waveform") throw;
    detail.place = place;
    throw InputError(detail);
  }
}

/// "1.23 mW", four digits.
std::string watts(double value);
/// "0.91 dBm"; "-" for 0 or less.
std::string dbm(double watts);

}  // namespace lightlane::cli
