// Any octets as a breakout mode: read or refused, and written so that it is read as the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "lightlane/base/error.hpp"
#include "lightlane/plan/breakout/breakout_mode.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lightlane;
  try {
    const auto mode = plan::parse_breakout_mode({reinterpret_cast<const char*>(data), size}, "fuzz");
    for (const auto& part : mode.parts)
      if (part.speed_mbps > 999'999'000) std::abort();
    const auto again = plan::parse_breakout_mode(plan::to_string(mode), "again");
    if (again.drops() || !plan::sonic_same_mode(mode, again, 8)) std::abort();
  } catch (const Error&) {
  }
  return 0;
}
