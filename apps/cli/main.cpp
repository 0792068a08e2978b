// lightlane <verb>: parse, call, print. Only this file includes CLI11; each verb takes a plain struct of options.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <functional>
#include <string>

#include "cli/bench_command.hpp"
#include "cli/exit_code.hpp"
#include "cli/fec_command.hpp"
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

void add_fec(CLI::App& app, Common& common, Run& run) {
  static FecOptions options;
  CLI::App* verb = add_verb(app, common, "fec", "Exact prediction of what RS-FEC leaves over: codewords, frames, bits",
                            {"text", "json", "csv"});
  verb->add_option("--structure", options.structure,
                   "400g-4lane, 400g-4lane-aui8, 400g-8lane, 200g-2lane, 200g-2lane-aui4, 200g-4lane, 100g-1lane, "
                   "100g-2lane, 100g-4lane")
      ->capture_default_str();
  verb->add_option("--code", options.code, "kp4 (RS(544,514)) or kr4 (RS(528,514), 100g only)")->capture_default_str();
  verb->add_option("--ber", options.ber, "Pre-FEC bit error ratios, above 0, below 0.5")->delimiter(',')->required();
  verb->add_option("--model", options.model, "symbols: line symbols go wrong; bits: independent bits, the textbook case")
      ->capture_default_str();
  verb->add_option("--burst-continuation", options.burst_continuation,
                   "P(symbol wrong | the one before wrong), 0 to below 1; 0 = independent")
      ->capture_default_str();
  verb->add_flag("--precoding", options.precoding, "1/(1+D) precoding: a burst leaves two errors");
  verb->add_option("--first-bit-share", options.first_bit_share,
                   "P(first bit wrong | PAM4 symbol wrong), 0 to 1; default 1/3, with precoding 1/2");
  verb->add_option("--skew-bits", options.skew_bits, "Bits that each PCS or FEC lane lags, one value per lane")
      ->delimiter(',');
  verb->add_option("--frame-octets", options.frame_octets, "Length of the frames, with FCS")->capture_default_str();
  verb->callback([&] {
    run = [&] {
      options.format = common.format;
      return run_fec(options);
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
  add_fec(app, common, run);
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
