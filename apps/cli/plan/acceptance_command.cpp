#include "cli/plan/acceptance_command.hpp"

#include <fmt/format.h>

#include "cli/exit_code.hpp"
#include "cli/plan/acceptance_report.hpp"

namespace lightlane::cli {

int run_acceptance(const AcceptanceOptions& o) {
  if (!o.link.inventory.empty()) return with_flags([&] { return run_acceptance_inventory(o); });
  const plan::Acceptance answer =
      answer_link(o.link, [&](const plan::InteropQuestion& q) { return plan::acceptance(q, o.config); });
  if (o.format == "json") {
    fmt::print("{}\n", to_json(answer).dump(2));
  } else if (o.format == "csv") {
    print_csv_header(false);
    print_csv_rows(answer);
  } else if (o.format == "md") {
    print_work_order(answer);
  } else {
    print_text(answer);
  }
  return answer.interop.verdict == plan::InteropVerdict::ok ? ok : limit_not_met;
}

}  // namespace lightlane::cli
