#pragma once
/// Lints of breakouts: SONiC's files against each other, against the module, the cable, the far end and the
/// switch. docs/planning.md lists the codes.

#include <optional>
#include <string>
#include <vector>

#include "lightlane/plan/breakout/expansion.hpp"
#include "lightlane/plan/breakout/module_modes.hpp"

namespace lightlane::plan {

/// What is there; at least one of the files. `only`: one parent or child, else all ports.
struct LintQuestion {
  const SonicPlatform* platform = nullptr;
  const SonicHwsku* hwsku = nullptr;
  const SonicConfig* config = nullptr;
  std::optional<BreakoutSubject> subject;  ///< module, switch, cable, far end
  std::string only;
};

/// One cage and what it is broken out into.
struct PortFamily {
  std::string name;                           ///< of the parent, or of the first child where it is not known
  std::string file;                           ///< for places
  const SonicPlatformPort* parent = nullptr;  ///< null: no platform.json
  std::string mode;                           ///< as configured; may be empty
  std::vector<const SonicConfigPort*> children;  ///< by lanes

  int lanes() const noexcept;  ///< of the parent; of the children where it is not known
  /// Of the cage that a child's lane begins, from 0; none where it is not known.
  std::optional<int> offset(const SonicConfigPort& child) const;
  /// The mode that the children are in, lanes written out: "4x100G(8)"; empty where they have no speeds.
  std::string real_mode() const;
};

struct LintReport {
  std::vector<BreakoutLint> lints;  ///< gathered
  std::vector<Assumption> assumed;
  std::vector<std::string> checked;                 ///< "34 ports of config_db.json" ...
  int count(LintSeverity severity) const noexcept;  ///< lints, not ports
};

LintReport lint_breakouts(const LintQuestion& question);

/// The parts of it.
std::vector<PortFamily> port_families(const SonicConfig& config, const SonicPlatform* platform);
void lint_platform(const SonicPlatform& platform, std::vector<BreakoutLint>& out);
void lint_hwsku(const SonicHwsku& hwsku, const SonicPlatform& platform, std::vector<BreakoutLint>& out);
void lint_ports(const SonicConfig& config, const SonicPlatform* platform,
                const std::vector<PortFamily>& families, std::vector<BreakoutLint>& out);
void lint_subports(const PortFamily& family, std::vector<BreakoutLint>& out);
/// `subject`: what is plugged into this port; null: not known.
void lint_fec(const PortFamily& family, const BreakoutSubject* subject, std::vector<BreakoutLint>& out);
void lint_module(const PortFamily& family, const BreakoutSubject& subject, std::vector<BreakoutLint>& out);

}  // namespace lightlane::plan
