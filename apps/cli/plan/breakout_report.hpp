#pragma once
/// What `lightlane breakout` prints.

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "lightlane/plan/breakout/breakout_lints.hpp"
#include "lightlane/plan/breakout/module_modes.hpp"

namespace lightlane::cli {

/// `one`: of a mode that was asked for, with everything; else the table of all modes.
void print_text(const plan::BreakoutSubject& subject, const std::vector<plan::BreakoutChoice>& choices,
                bool one);
nlohmann::ordered_json to_json(const plan::BreakoutSubject& subject,
                               const std::vector<plan::BreakoutChoice>& choices, bool one);

/// A cage without a module: what its lanes could carry, and what fits.
void print_text(const plan::BreakoutSubject& cage);
nlohmann::ordered_json to_json(const plan::BreakoutSubject& cage);

/// A port as SONiC has it, with its parent and mode where these are known.
struct PortRow {
  const plan::SonicConfigPort* port = nullptr;
  std::string parent, mode;
};
/// In the order of the ports.
std::vector<PortRow> port_rows(const plan::SonicConfig& config, const plan::SonicPlatform* platform);
void print_text(const std::vector<PortRow>& rows, const std::vector<plan::BreakoutLint>& problems);
nlohmann::ordered_json to_json(const std::vector<PortRow>& rows,
                               const std::vector<plan::BreakoutLint>& problems);
std::string to_csv(const std::vector<PortRow>& rows);

/// Ports with their listed modes, and how SONiC reads these. `only` empty: all ports.
void print_text(const plan::SonicPlatform& platform, const std::string& only);
nlohmann::ordered_json to_json(const plan::SonicPlatform& platform, const std::string& only);

void print_text(const plan::LintReport& report);
nlohmann::ordered_json to_json(const plan::LintReport& report);

}  // namespace lightlane::cli
