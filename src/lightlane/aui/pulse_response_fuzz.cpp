// Any text is a pulse within the bounds, or a clean InputError.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "lightlane/aui/pulse_response.hpp"
#include "lightlane/base/error.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lightlane;
  try {
    const aui::PulseResponse pulse =
        aui::parse_pulse_response({reinterpret_cast<const char*>(data), size}, "fuzz");
    if (pulse.samples_per_ui < 1 || pulse.samples_per_ui > aui::most_samples_per_ui) std::abort();
    if (pulse.v.empty() || pulse.v.size() > aui::most_pulse_samples) std::abort();
    for (const double v : pulse.v) {
      if (!(std::fabs(v) <= 100)) std::abort();
    }
  } catch (const InputError&) {
  }
  return 0;
}
