// Any text as a link file: read and judged, or refused with a reason.
#include <cstdint>
#include <string>

#include "lightlane/base/error.hpp"
#include "lightlane/plan/interop/link_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lightlane;
  try {
    (void)plan::interop(
        plan::read_link_file(std::string(reinterpret_cast<const char*>(data), size), "link.toml"));
  } catch (const Error&) {
  }
  return 0;
}
