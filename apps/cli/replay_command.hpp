#pragma once
#include <cstdint>
#include <optional>

#include "cli/phy_command.hpp"

namespace lightlane::cli {

struct ReplayOptions : PhyOptions {
  std::optional<std::uint64_t> frame;  ///< number of the frame; else `lost`
  std::uint64_t lost = 0;              ///< which of the lost frames
  std::optional<std::uint64_t> port;   ///< of a breakout
  bool light = false;                  ///< the run was `lightlane link`
};
/// Runs a scenario again and shows what became of one frame: lane, codeword and symbols.
int run_replay(const ReplayOptions& options);

}  // namespace lightlane::cli
