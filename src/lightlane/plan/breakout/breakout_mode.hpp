#pragma once
/// Breakout modes as SONiC writes and reads them: "4x100G[50G,25G]", "1x100G(4)", "1x400G(4)+4x100G(4)".
///
///     mode := part ("+" part)*      part := N "x" SPEED [ "[" SPEED,... "]" ] [ "(" LANES ")" ]
///
/// SONiC reads a part by a regular expression that need not reach the end of the text: what follows the match
/// is dropped without a word, so "4x25G(4)[10G,1G]" loses its alternatives. This reader does the same, and
/// says what was dropped. Source: SONiC's portconfig.py, executed (sure).

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lightlane::plan {

struct BreakoutPart {
  int ports = 0;
  long speed_mbps = 0;       ///< the default speed, in SONiC's unit
  std::vector<long> speeds;  ///< default and alternatives, rising, each once
  std::optional<int> lanes;  ///< of all ports of the part; none: all of the parent's
  std::string dropped;       ///< the end of the text, which SONiC does not read
};

struct BreakoutMode {
  std::string text;
  std::vector<BreakoutPart> parts;

  int ports() const noexcept;
  /// Of the parent that are used.
  int lanes(int parent_lanes) const noexcept;
  bool drops() const noexcept;
};

/// Throws ConfigError at `place` where SONiC raises an error, too.
BreakoutMode parse_breakout_mode(std::string_view text, std::string_view place);

/// SONiC's test of a requested mode against a listed one: part by part the number of ports, the set of speeds
/// and the lanes are equal. Which speed is the default is not compared.
bool sonic_same_mode(const BreakoutMode& a, const BreakoutMode& b, int parent_lanes) noexcept;

/// "100G", or "100" for what is no whole number of Gb/s.
std::string speed_text(long mbps);
/// The mode as a text that SONiC reads wholly: "4x25G[10G,1G](4)".
std::string to_string(const BreakoutMode& mode);

}  // namespace lightlane::plan
