#pragma once
/// One thing that is wrong, or may be, with a breakout: what a lint says.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lightlane::plan {

enum class LintSeverity : std::uint8_t {
  error,    ///< a port will not come up, or SONiC refuses the files
  warning,  ///< works, otherwise than it reads, or by luck
  note,     ///< to know
};
std::string_view name(LintSeverity severity) noexcept;

struct BreakoutLint {
  LintSeverity severity = LintSeverity::error;
  std::string_view code;  ///< "SUBPORT_COLLISION"
  std::string place;      ///< "config_db.json: Ethernet152"
  std::string text;
  std::string cure;  ///< may be empty
  /// "Ethernet0" ...: the ports that the same lint holds for; `place` names the first of them.
  std::vector<std::string> ports;

  bool operator==(const BreakoutLint&) const = default;
};

/// Lints that say the same of several ports become one; errors first, then by code, else in the order found.
std::vector<BreakoutLint> gathered(std::vector<BreakoutLint> lints);

}  // namespace lightlane::plan
