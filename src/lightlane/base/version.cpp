#include "lightlane/base/version.hpp"

namespace lightlane {
std::string_view version() noexcept { return LIGHTLANE_VERSION; }
}  // namespace lightlane
