// lightlane <verb>: parse, call, print. Only this file includes CLI11; each verb takes a plain struct of options.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <functional>
#include <string>

#include "cli/bench_command.hpp"
#include "cli/exit_code.hpp"
#include "cli/info_command.hpp"
#include "lightlane/base/error.hpp"
#include "lightlane/base/parallel.hpp"
#include "lightlane/base/variant.hpp"
#include "lightlane/base/version.hpp"

namespace lightlane::cli {
namespace {

/// Options that every verb has.
struct Common {
  std::string format = "text";
  std::string variant;
  unsigned threads = 0;
};

using Run = std::function<int()>;

/// A verb: its own options are added by the caller, the common ones here.
CLI::App* add_verb(CLI::App& app, Common& common, const char* name, const char* summary,
                   const std::vector<std::string>& formats = {"text", "json"}) {
  CLI::App* verb = app.add_subcommand(name, summary);
  verb->add_option("--format", common.format, "Output format")->check(CLI::IsMember(formats))->capture_default_str();
  verb->add_option("--variant", common.variant, "Highest variant of the kernels: ref, portable, avx2, avx512");
  verb->add_option("--threads", common.threads, "Threads, 0 = one per core; never changes a result")
      ->capture_default_str();
  return verb;
}

void add_info(CLI::App& app, Common& common, Run& run) {
  CLI::App* verb = add_verb(app, common, "info", "Version, processor, active variants");
  verb->callback([&] { run = [&] { return run_info({common.format}); }; });
}

void add_bench(CLI::App& app, Common& common, Run& run) {
  static BenchOptions options;
  CLI::App* verb = add_verb(app, common, "bench", "Rates of kernels and chain in domain units, per variant");
  verb->add_option("--filter", options.filter, "Regular expression on name/variant");
  verb->add_option("--seconds", options.seconds, "Measuring time of each rate [s]")->capture_default_str();
  verb->add_flag("--list", options.list, "Only list the names");
  verb->callback([&] {
    run = [&] {
      options.format = common.format;
      return run_bench(options);
    };
  });
}

int run_main(int argc, char** argv) {
  CLI::App app{"Lightlane: a software optical transceiver, the 400G QSFP-DD DR4 module and its family", "lightlane"};
  app.set_version_flag("--version", std::string(version()));
  app.require_subcommand(1);
  Common common;
  Run run;
  add_info(app, common, run);
  add_bench(app, common, run);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? ok : usage;
  }
  if (!common.variant.empty()) {
    const auto variant = variant_from_name(common.variant);
    if (!variant) throw ConfigError({"--variant", "is '" + common.variant + "'", "ref, portable, avx2, avx512", ""});
    force_variant(*variant);
  }
  if (common.threads > 1024) throw ConfigError({"--threads", fmt::format("is {}", common.threads), "0 to 1024", ""});
  set_threads(common.threads);
  return run();
}

}  // namespace
}  // namespace lightlane::cli

int main(int argc, char** argv) {
  using namespace lightlane;
  try {
    return cli::run_main(argc, argv);
  } catch (const ConfigError& error) {
    std::fprintf(stderr, "lightlane: %s\n", error.what());
    return cli::usage;
  } catch (const InputError& error) {
    std::fprintf(stderr, "lightlane: %s\n", error.what());
    return cli::bad_input;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "lightlane: internal error: %s\n", error.what());
    return cli::internal;
  }
}
