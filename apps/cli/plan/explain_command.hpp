#pragma once
#include <string>
#include <vector>

namespace lightlane::cli {

struct ExplainOptions {
  std::vector<std::string> topic;  ///< the words of one name; empty: list the topics
  std::string format = "text";
};
int run_explain(const ExplainOptions& options);

}  // namespace lightlane::cli
