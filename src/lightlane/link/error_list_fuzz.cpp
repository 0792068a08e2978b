// Any text is a list of errors within the lanes and levels asked for, or an InputError.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "lightlane/base/error.hpp"
#include "lightlane/link/error_list.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lightlane;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const auto lists = link::parse_error_list(text, "fuzz", 4, 4);
    LIGHTLANE_ASSERT(lists.size() == 4);
    for (const auto& list : lists) {
      for (const auto& error : list) LIGHTLANE_ASSERT(error.value >= -3 && error.value <= 3);
    }
  } catch (const InputError&) {
  }
  return 0;
}
