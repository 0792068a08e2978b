#pragma once
/// What an electrical channel answers to one symbol: from a file, or from a loss profile.

#include <complex>
#include <filesystem>
#include <string_view>
#include <vector>

namespace lightlane::aui {

/// Voltage at the channel's end over a symbol of 1 V that lasts one UI, by time, `samples_per_ui` a UI apart.
/// Transmitter package and edges are in it; FFE, CTLE and the receiver's filter are not.
struct PulseResponse {
  int samples_per_ui = 32;
  std::vector<double> v;
  bool operator==(const PulseResponse&) const = default;
};

inline constexpr int most_samples_per_ui = 1024;
inline constexpr std::size_t most_pulse_samples = 1'000'000;
inline constexpr std::size_t longest_pulse_ui = 4096;

/// Two forms, blank lines and lines that begin with # left out; numbers as in C, decimal points only:
///   samples_per_ui 32       (or "samples_per_ui,32", "samples_per_ui = 32"), then one voltage a line
///   time_ui,voltage         two columns, by commas, semicolons or blanks; times rise in equal steps of 1 / n
///   UI
/// Throws InputError naming `place` and the line: nothing there, no number, not finite, beyond 100 V, steps
/// that are unequal or no fraction 1 / n of a UI (n up to 1024), more than a million samples or 4096 UI.
PulseResponse parse_pulse_response(std::string_view text, std::string_view place);
/// The same from a file of at most 64 MiB.
PulseResponse read_pulse_response(const std::filesystem::path& path);

/// Loss that grows with sqrt(f) (skin effect) and f (dielectric), `loss_db` at `nyquist_hz` of which
/// `sqrt_share` is the former, with the phase of a causal channel: sqrt(f) lags by as much as it loses (in
/// nepers and radians), f loses with a delay that falls as ln f (a constant loss tangent). Pure delay is left
/// out.
std::complex<double> channel_response(double f_hz, double loss_db, double nyquist_hz, double sqrt_share);

}  // namespace lightlane::aui
