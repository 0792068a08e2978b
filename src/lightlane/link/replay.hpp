#pragma once
/// What became of one frame, and why: the run is repeated (same scenario, same seed, so the same bits) with an eye on
/// the line symbols around that frame.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "lightlane/link/codeword_map.hpp"
#include "lightlane/link/street.hpp"

namespace lightlane::link {

struct ReplayRequest {
  std::optional<std::uint64_t> frame;  ///< number of a frame as sent; else the `lost`-th lost frame
  std::uint64_t lost = 0;              ///< 0 = the first frame that is lost
  std::uint64_t margin_groups = 1;     ///< codeword pairs (codewords) shown before and behind those of the frame
};

/// A wrong symbol of a codeword, and the line symbols that made it so.
struct WrongSymbol {
  int symbol = 0;
  int pcs_lane = 0;
  std::uint32_t line_lane = 0;
  std::uint64_t line_symbol = 0;   ///< first of the line symbols that spoilt it
  std::uint16_t value = 0;         ///< bits that are wrong, bit 0 first in time
};

struct ReplayedCodeword {
  std::uint64_t codeword = 0;      ///< numbered from the start of the run
  bool touches_frame = false;
  bool correctable = true;
  int line_errors = 0;             ///< wrong line symbols that hit it
  std::vector<WrongSymbol> wrong;
};

struct Replay {
  ethernet::SentFrame frame;
  bool lost = false;
  double time_us = 0;              ///< when its first word was sent
  std::uint64_t first_group = 0, last_group = 0;  ///< pairs (codewords) that carry it
  std::vector<ReplayedCodeword> codewords;        ///< with their neighbours, in order
  std::vector<pma::ErrorRecord> line_errors;      ///< wrong line symbols in that stretch
  std::vector<std::uint64_t> lane_errors;         ///< of those, per line lane
  bool log_full = false;           ///< there were more than are listed
  bool aligned = true;             ///< false: the receiver had no alignment behind it
  std::string cause;               ///< one sentence
};

/// Runs the scenario until the frame is known, then again with the log on. `progress` is called once a step with the
/// number of frames sent; it may return false to stop. Throws ConfigError if there is no such frame, or no FEC.
Replay replay(const Scenario& scenario, const OpticalLink* light, const ReplayRequest& request,
              const std::function<bool(std::uint64_t)>& progress);

}  // namespace lightlane::link
