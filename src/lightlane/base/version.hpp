#pragma once
#include <string_view>

namespace lightlane {

/// "0.1.0", as in CMakeLists.txt.
std::string_view version() noexcept;

}  // namespace lightlane
