// Any octets as a platform.json: read or refused, every port in every mode, and written as it was read.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "lightlane/base/error.hpp"
#include "lightlane/plan/breakout/expansion.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lightlane;
  try {
    const auto platform = plan::read_sonic_platform({reinterpret_cast<const char*>(data), size}, "fuzz.json");
    const auto again = plan::read_sonic_platform(plan::write_sonic_platform(platform), "again.json");
    if (platform.ports != again.ports) std::abort();
    for (const auto& port : platform.ports) {
      for (const auto& mode : port.modes) {
        try {
          (void)plan::expand_sonic_port(port, mode.text, "fuzz");
        } catch (const ConfigError&) {
        }
      }
    }
  } catch (const Error&) {
  }
  return 0;
}
