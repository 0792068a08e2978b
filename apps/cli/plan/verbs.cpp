#include "cli/plan/verbs.hpp"

namespace lightlane::cli {

void add_planning_verbs(CLI::App& app, Common& common, Run& run) {
  add_budget(app, common, run);
  add_interop(app, common, run);
  add_select(app, common, run);
  add_migrate(app, common, run);
  add_breakout(app, common, run);
  add_fabric(app, common, run);
  add_power(app, common, run);
  add_compare(app, common, run);
  add_tco(app, common, run);
  add_diagnose(app, common, run);
  add_acceptance(app, common, run);
  add_explain(app, common, run);
}

}  // namespace lightlane::cli
