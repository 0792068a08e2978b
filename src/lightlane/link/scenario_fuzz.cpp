// Any text is a scenario or an error that names a place; what is accepted prints and reads back the same.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "lightlane/base/error.hpp"
#include "lightlane/link/scenario_keys.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lightlane;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  link::Scenario scenario;
  try {
    link::read_toml(text, "fuzz", scenario);
  } catch (const Error&) {
    return 0;
  }
  const std::string printed = link::to_toml(scenario);
  link::Scenario again;
  link::read_toml(printed, "printed", again);
  LIGHTLANE_ASSERT(link::to_toml(again) == printed);
  try {
    link::validate(scenario);
  } catch (const Error&) {
  }
  return 0;
}
