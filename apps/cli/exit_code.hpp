#pragma once
namespace lightlane::cli {

/// What the program's exit status means, the same for every verb.
enum ExitCode : int { ok = 0, limit_not_met = 1, usage = 2, bad_input = 3, internal = 4 };

}  // namespace lightlane::cli
