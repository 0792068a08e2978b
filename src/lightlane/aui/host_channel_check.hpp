#pragma once
/// Which lanes there can be. Inside the floor only.

#include "lightlane/aui/host_channel.hpp"

namespace lightlane::aui {

/// Throws ConfigError naming "aui.<key>", its value and range.
void check(const HostChannelConfig& config);

}  // namespace lightlane::aui
