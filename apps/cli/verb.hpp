#pragma once
/// What every file that adds verbs to the command line needs. Only these include CLI11.

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

namespace lightlane::cli {

/// Options that every verb has.
struct Common {
  std::string format = "text";
  std::string variant;
  unsigned threads = 0;
};

/// The verb that was asked for, ready to go.
using Run = std::function<int()>;

/// A verb: its own options are added by the caller, the common ones here.
CLI::App* add_verb(CLI::App& app, Common& common, const char* name, const char* summary,
                   const std::vector<std::string>& formats = {"text", "json"});

}  // namespace lightlane::cli
