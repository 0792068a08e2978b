#include "cli/captured_waveform.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <memory>

#include "lightlane/base/bit_vector.hpp"
#include "lightlane/base/error.hpp"
#include "lightlane/io/waveform_reader.hpp"
#include "lightlane/math/elementary.hpp"
#include "lightlane/pma/patterns.hpp"
#include "lightlane/pma/symbol_text.hpp"

namespace lightlane::cli {
namespace {

using signal::Modulation;

constexpr std::size_t longest_pattern = 1u << 20;  // symbols
constexpr double most_unlike = 0.25;               // of the variance, between periods
constexpr double rate_tolerance = 1e-3;            // of the column of times

double unit_of(const std::string& name) {
  for (const auto& [unit, scale] : {std::pair{"W", 1.0}, {"mW", 1e-3}, {"uW", 1e-6}}) {
    if (name == unit) return scale;
  }
  throw ConfigError({"--unit", fmt::format("is '{}'", name), "W, mW, uW", ""});
}

/// Seconds, or a smaller unit, or UI: the column's own unit is not known, but none of them can be mistaken
/// for another.
void check_interval(const CaptureOptions& options, const std::string& place, double interval) {
  const double expected_s = 1e-9 / (options.samples_per_ui * options.symbol_rate_gbd);
  for (const double expected : {expected_s, expected_s * 1e3, expected_s * 1e6, expected_s * 1e9,
                                expected_s * 1e12, 1.0 / options.samples_per_ui}) {
    if (std::abs(interval / expected - 1) <= rate_tolerance) return;
  }
  throw InputError({place, fmt::format("has times {:.6g} apart", interval),
                    fmt::format("{:.6g} s: {} samples per UI at {} GBd", expected_s, options.samples_per_ui,
                                options.symbol_rate_gbd),
                    "resample it, or give its own --samples-per-ui and --symbol-rate-gbd"});
}

std::vector<std::uint8_t> unpacked(const BitVector& line, Modulation modulation) {
  const std::size_t width = static_cast<std::size_t>(modulation);
  std::vector<std::uint8_t> out(line.size() / width);
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = width == 1 ? line[i] : static_cast<std::uint8_t>(line[2 * i] + 2 * line[2 * i + 1]);
  }
  return out;
}

struct NamedPattern {
  std::string name;
  std::vector<std::uint8_t> levels;
};

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return out;
}

NamedPattern generated(const pma::PatternInfo& info) {
  pma::PatternGenerator generator({info.pattern, std::nullopt, 0, false});
  BitVector line;
  generator.generate(static_cast<std::size_t>(info.period), line);
  return {upper(info.name), unpacked(line, info.modulation)};
}

NamedPattern from_file(const std::string& path, Modulation modulation) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), std::fclose);
  if (!file) {
    std::string names;
    for (const pma::PatternInfo& info : pma::patterns()) {
      if (info.modulation == modulation && info.period <= longest_pattern)
        names += fmt::format(", {}", info.name);
    }
    throw InputError({path,
                      fmt::format("is no pattern and cannot be read as a file: {}", std::strerror(errno)),
                      "auto" + names, "or a file of digits, one a symbol"});
  }
  pma::SymbolReader reader(pma::SymbolFormat::text, modulation, path);
  BitVector line;
  std::vector<char> buffer(1u << 16);
  for (;;) {
    const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), file.get());
    if (got == 0 && std::ferror(file.get()) != 0)
      throw InputError({path, fmt::format("cannot be read: {}", std::strerror(errno)), "", ""});
    if (got == 0) break;
    reader.read({buffer.data(), got}, line);
    if (line.size() > longest_pattern * static_cast<std::size_t>(modulation)) {
      throw InputError({path, "goes on", fmt::format("a pattern of up to {} symbols", longest_pattern), ""});
    }
  }
  reader.finish();
  NamedPattern out{path, unpacked(line, modulation)};
  if (out.levels.size() < 2)
    throw InputError(
        {path, fmt::format("holds {} symbols", out.levels.size()), "a pattern of 2 or more", ""});
  return out;
}

std::vector<NamedPattern> candidates(const CaptureOptions& options, Modulation modulation) {
  std::vector<NamedPattern> list;
  std::string lower = options.pattern;
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  if (lower == "auto") {
    using enum pma::Pattern;
    for (const pma::Pattern pattern : modulation == Modulation::pam4
                                          ? std::vector{prbs13q, ssprq}
                                          : std::vector{prbs7, prbs9, prbs13, prbs15}) {
      list.push_back(generated(pma::info(pattern)));
    }
    return list;
  }
  if (const auto pattern = pma::pattern_from_name(lower)) {
    const pma::PatternInfo& info = pma::info(*pattern);
    if (info.modulation != modulation) {
      throw ConfigError({"--pattern", fmt::format("is {}", options.pattern),
                         modulation == Modulation::pam4 ? "a PAM4 pattern" : "an NRZ pattern", ""});
    }
    if (info.period > longest_pattern) {
      throw ConfigError({"--pattern", fmt::format("is {}, of {} symbols", options.pattern, info.period),
                         fmt::format("a period of up to {} symbols", longest_pattern), ""});
    }
    list.push_back(generated(info));
    return list;
  }
  list.push_back(from_file(options.pattern, modulation));
  return list;
}

/// Share of the waveform's variance that is not the same in every period.
double unlike(const std::vector<float>& power, std::size_t period) {
  const std::size_t periods = power.size() / period;
  double sum = 0, square = 0, within = 0;
  for (std::size_t i = 0; i < period; ++i) {
    double here = 0, here_square = 0;
    for (std::size_t p = 0; p < periods; ++p) {
      const double value = static_cast<double>(power[p * period + i]);
      here += value;
      here_square += value * value;
    }
    sum += here;
    square += here_square;
    within += here_square - here * here / static_cast<double>(periods);
  }
  const double total = square - sum * sum / static_cast<double>(power.size());
  return total > 0 ? within / total : 0;
}

}  // namespace

Capture read_capture(const CaptureOptions& options) {
  if (options.samples_per_ui < 4 || options.samples_per_ui > 1024) {
    throw ConfigError({"--samples-per-ui", fmt::format("is {}", options.samples_per_ui), "4 to 1024", ""});
  }
  if (!(options.symbol_rate_gbd >= 0.1 && options.symbol_rate_gbd <= 1000)) {
    throw ConfigError(
        {"--symbol-rate-gbd", fmt::format("is {}", options.symbol_rate_gbd), "0.1 to 1000 GBd", ""});
  }
  const auto format = io::waveform_format_from_name(options.input_format);
  if (!format)
    throw ConfigError(
        {"--input-format", fmt::format("is '{}'", options.input_format), "auto, npy, f32, csv", ""});
  const double unit = unit_of(options.unit);
  std::optional<std::size_t> lane;
  if (options.lane) {
    if (*options.lane < 0)
      throw ConfigError({"--lane", fmt::format("is {}", *options.lane), "0 or more", ""});
    lane = static_cast<std::size_t>(*options.lane);
  }
  io::CapturedWaveform wave = io::read_waveform(options.file, {*format, lane});
  Capture out;
  out.place = options.file == "-" ? "standard input" : options.file;
  out.description = wave.description;
  if (wave.sample_interval) check_interval(options, out.place, *wave.sample_interval);
  out.power = std::move(wave.samples);
  if (unit != 1.0) {
    for (float& sample : out.power) sample = static_cast<float>(sample * unit);
  }
  const auto [low, high] = std::minmax_element(out.power.begin(), out.power.end());
  if (*low == *high)
    throw InputError({out.place, fmt::format("is constant: {}", *low), "a modulated waveform", ""});
  return out;
}

std::optional<FoundPattern> find_pattern(const CaptureOptions& options, Modulation modulation, bool optional,
                                         Capture& capture) {
  const bool automatic = upper(options.pattern) == "AUTO";
  const std::size_t m = static_cast<std::size_t>(options.samples_per_ui), size = capture.power.size();
  std::string lengths, tried;
  std::optional<FoundPattern> best;
  for (NamedPattern& candidate : candidates(options, modulation)) {
    const std::size_t period = candidate.levels.size() * m;
    if (size % period != 0) {
      lengths += fmt::format("{}{}: {} symbols, {} samples", lengths.empty() ? "" : "; ", candidate.name,
                             candidate.levels.size(), period);
      continue;
    }
    const auto alignment = naming(capture.place, [&] {
      return measure::align_pattern(capture.power, options.samples_per_ui, candidate.levels);
    });
    tried += fmt::format("{}{}", tried.empty() ? "" : ", ", candidate.name);
    if (!alignment || (best && std::abs(best->alignment.correlation) >= std::abs(alignment->correlation)))
      continue;
    best = FoundPattern{std::move(candidate.name), std::move(candidate.levels), *alignment, size / period};
  }
  if (!best) {
    if (optional && automatic) return std::nullopt;
    if (tried.empty()) {
      throw InputError(
          {capture.place,
           fmt::format("has {} samples, {:.6g} symbols of {} samples: no whole number of periods", size,
                       static_cast<double>(size) / options.samples_per_ui, m),
           lengths, "check --samples-per-ui and --pattern"});
    }
    throw InputError({capture.place, fmt::format("does not follow the pattern ({})", tried),
                      "a correlation of 0.3 or more",
                      "check --pattern, --samples-per-ui and the rate of the capture"});
  }
  // Periods of a maximum-length sequence resemble its halves: at twice the rate it would be found as well.
  if (best->periods > 1 && unlike(capture.power, size / best->periods) > most_unlike) {
    throw InputError(
        {capture.place,
         fmt::format("does not repeat: its {} periods of {} are not alike", best->periods, best->name), "",
         "check --samples-per-ui and --pattern"});
  }
  const std::uint8_t top = modulation == Modulation::pam4 ? 3 : 1;
  if (best->alignment.inverted) {
    for (std::uint8_t& level : best->levels) level = static_cast<std::uint8_t>(top - level);
  }
  std::rotate(capture.power.begin(),
              capture.power.begin() + static_cast<std::ptrdiff_t>(best->alignment.shift_samples),
              capture.power.end());
  return best;
}

double file_phase(double turned_phase_ui, const FoundPattern& pattern, int samples_per_ui) {
  const std::size_t m = static_cast<std::size_t>(samples_per_ui);
  const double phase =
      turned_phase_ui + static_cast<double>(pattern.alignment.shift_samples % m) / samples_per_ui;
  return phase - std::floor(phase + 0.5);
}

double turned_phase(double file_phase_ui, const FoundPattern& pattern, int samples_per_ui) {
  const std::size_t m = static_cast<std::size_t>(samples_per_ui);
  const double phase =
      file_phase_ui - static_cast<double>(pattern.alignment.shift_samples % m) / samples_per_ui;
  return phase - std::floor(phase + 0.5);
}

std::string watts(double value) {
  static constexpr std::pair<double, const char*> units[] = {
      {1.0, "W"}, {1e-3, "mW"}, {1e-6, "uW"}, {1e-9, "nW"}};
  const double size = std::abs(value);
  for (const auto& [scale, name] : units) {
    if (size >= scale * 0.99995 && size < scale * 1e6) return fmt::format("{:.4g} {}", value / scale, name);
  }
  return value == 0 ? "0 W" : fmt::format("{:.4g} W", value);
}

std::string dbm(double watts_) {
  return watts_ > 0 ? fmt::format("{:.2f} dBm", math::to_db(watts_ * 1e3)) : "-";
}

}  // namespace lightlane::cli
