#pragma once
/// Captured waveforms from files: NumPy .npy, raw little-endian float32, CSV. Any bytes end in finite samples
/// or in an InputError that names the file, the place in it and the value.
///
/// - .npy: header versions 1 to 3; f4, f8, i1, i2, i4, u1, u2, u4 in either byte order; C order; one
/// dimension, or two
///   of which the shorter one counts lanes (where both are equal: the second).
/// - float32: nothing but IEEE 754 binary32, little endian, one lane.
/// - CSV: fields divided by commas, semicolons, tabs or spaces; one column (power), two (time, power), or
/// more (time, then
///   a column for each lane). Lines that are empty or begin with #, % or ! are skipped; header lines may
///   stand before the first number. Times must be equally spaced.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lightlane::io {

enum class WaveformFormat : std::uint8_t {
  automatic,  ///< .npy by its first octets, then by the ending of the name, then text or not
  npy,
  float32,
  csv,
};
/// "auto", "npy", "f32", "csv".
std::optional<WaveformFormat> waveform_format_from_name(std::string_view name) noexcept;
std::string_view name(WaveformFormat format) noexcept;

struct WaveformOptions {
  WaveformFormat format = WaveformFormat::automatic;
  std::optional<std::size_t> lane;  ///< which of several; needed where there are several
};

/// Most samples of one lane: 1 GiB of float. A file may hold 2^32 values over all its lanes, a CSV file 2^26
/// lines.
inline constexpr std::size_t max_waveform_samples = std::size_t{1} << 28;
inline constexpr std::uint64_t max_waveform_values = std::uint64_t{1} << 32;
inline constexpr std::size_t max_waveform_lines = std::size_t{1} << 26;

struct CapturedWaveform {
  std::vector<float> samples;             ///< finite, at least one
  std::optional<double> sample_interval;  ///< from the column of times, in the file's unit; above 0
  WaveformFormat format = WaveformFormat::npy;
  std::size_t lanes = 1, lane = 0;  ///< in the file, and the one that was taken
  std::string description;          ///< "npy, <f8, 65535 x 4"
};

/// Puts up to `count` octets at `to`; 0 only at the end.
using OctetSource = std::function<std::size_t(std::uint8_t* to, std::size_t count)>;

/// `place` names the file in errors, its ending tells the format. Memory: the samples of the lane (CSV with
/// times: 12 octets a line), whatever a header promises.
CapturedWaveform parse_waveform(const std::string& place, const OctetSource& source,
                                const WaveformOptions& options = {});
/// "-" is standard input.
CapturedWaveform read_waveform(const std::string& path, const WaveformOptions& options = {});

}  // namespace lightlane::io
