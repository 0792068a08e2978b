#include "cli/plan/explain_command.hpp"
#include "cli/plan/verbs.hpp"

namespace lightlane::cli {

void add_explain(CLI::App& app, Common& common, Run& run) {
  static ExplainOptions options;
  CLI::App* verb =
      add_verb(app, common, "explain",
               "Short answers with sources: terms, reason codes, and what is often said and is not so");
  verb->add_option("topic", options.topic,
                   "A term, reason code or name (TDECQ, \"type B\", OVERLOAD, VSR4); none = list");
  verb->callback([&] {
    run = [&] {
      options.format = common.format;
      return run_explain(options);
    };
  });
}

}  // namespace lightlane::cli
