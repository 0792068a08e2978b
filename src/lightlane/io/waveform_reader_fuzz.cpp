// Any bytes are a waveform of finite samples or a clean InputError, and the same however the source cuts its
// answers.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <optional>

#include "lightlane/base/error.hpp"
#include "lightlane/io/waveform_reader.hpp"

namespace {

using namespace lightlane;

std::optional<io::CapturedWaveform> parse(const std::uint8_t* data, std::size_t size, std::size_t step,
                                          const char* place, const io::WaveformOptions& options) {
  std::size_t at = 0;
  try {
    return io::parse_waveform(
        place,
        [&](std::uint8_t* to, std::size_t count) {
          const std::size_t got = std::min({count, step, size - at});
          if (got != 0) std::memcpy(to, data + at, got);
          at += got;
          return got;
        },
        options);
  } catch (const InputError& error) {
    if (error.detail().place.empty() || error.detail().problem.empty()) std::abort();
    return std::nullopt;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  // The first byte chooses format, name and lane.
  const unsigned choice = *data++;
  --size;
  static constexpr const char* places[] = {"fuzz", "fuzz.npy", "fuzz.csv", "fuzz.f32"};
  io::WaveformOptions options;
  options.format = static_cast<io::WaveformFormat>(choice & 3);
  if ((choice & 16) != 0) options.lane = choice >> 5;
  const char* place = places[(choice >> 2) & 3];
  const auto whole = parse(data, size, std::max<std::size_t>(size, 1), place, options);
  const auto pieces = parse(data, size, 7, place, options);
  if (whole.has_value() != pieces.has_value()) std::abort();
  if (!whole) return 0;
  if (whole->samples != pieces->samples || whole->samples.empty() || whole->samples.size() > size ||
      whole->lane >= whole->lanes)
    std::abort();
  for (const float sample : whole->samples) {
    if (!std::isfinite(sample)) std::abort();
  }
  if (whole->sample_interval && !(*whole->sample_interval > 0)) std::abort();
  return 0;
}
