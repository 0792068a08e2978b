#include "cli/verb.hpp"

namespace lightlane::cli {

CLI::App* add_verb(CLI::App& app, Common& common, const char* name, const char* summary,
                   const std::vector<std::string>& formats) {
  CLI::App* verb = app.add_subcommand(name, summary);
  verb->add_option("--format", common.format, "Output format")
      ->check(CLI::IsMember(formats))
      ->capture_default_str();
  verb->add_option("--variant", common.variant,
                   "Highest variant of the kernels: ref, portable, avx2, avx512");
  verb->add_option("--threads", common.threads, "Threads, 0 = one per core; never changes a result")
      ->capture_default_str();
  return verb;
}

}  // namespace lightlane::cli
