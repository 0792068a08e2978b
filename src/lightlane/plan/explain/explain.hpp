#pragma once
/// Short answers with their sources, for the terms of the field and for what is often said of them and is not
/// so: `lightlane explain`. The topics are data (data/explain/*.toml), inside the program.

#include <string>
#include <string_view>
#include <vector>

#include "lightlane/catalog/resolver.hpp"

namespace lightlane::plan {

/// What is often said, and what is right.
struct ExplainClaim {
  std::vector<int> numbers;  ///< in the list of claims of the published guides; empty: heard elsewhere
  std::string said, right;
  std::vector<std::string> said_by;  ///< keys of the catalogue's sources; may be empty
  std::vector<std::string> source;   ///< of `right`: keys of the catalogue's sources
  catalog::Confidence confidence = catalog::Confidence::unverified;
};

struct ExplainTopic {
  std::string id, group, title, text;
  std::vector<std::string> aliases;
  std::vector<std::string>
      source;  ///< keys of the catalogue's sources, or "Lightlane": a word of this program
  catalog::Confidence confidence = catalog::Confidence::unverified;
  std::vector<ExplainClaim> claims;
  std::vector<std::string> see_also;  ///< ids
  std::vector<std::string> commands;  ///< to try, as typed
};

/// All, group by group in the order of their files. Read once, in some milliseconds.
const std::vector<ExplainTopic>& explain_topics();

/// The topics of one file: `group = "..."`, then [[topic]]. InputError with file and line.
std::vector<ExplainTopic> read_topics(std::string_view text, const std::string& file);

struct ExplainAnswer {
  const ExplainTopic* topic = nullptr;  ///< null: the name is the catalogue's alone
  /// What the catalogue says of the name; without matches and explanation where it has nothing to say.
  catalog::NameAnswer name;
};

/// By id or alias of a topic, as written, else without regard to case, spaces and the signs -_/.,() between,
/// then by what the catalogue knows of the name. ConfigError that proposes topics: those near in spelling,
/// and those that speak of it.
ExplainAnswer explain(std::string_view name);

}  // namespace lightlane::plan
