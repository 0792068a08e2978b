// lightlane <verb>: parse, call, print. Each verb takes a plain struct of options; CLI11 stays in files that add verbs.

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>

#include "cli/bench_command.hpp"
#include "cli/catalog_command.hpp"
#include "cli/exit_code.hpp"
#include "cli/eye_command.hpp"
#include "cli/fec_command.hpp"
#include "cli/info_command.hpp"
#include "cli/pattern_command.hpp"
#include "cli/phy_command.hpp"
#include "cli/plan/verbs.hpp"
#include "cli/replay_command.hpp"
#include "cli/tdecq_command.hpp"
#include "cli/vector_command.hpp"
#include "cli/verb.hpp"
#include "lightlane/base/error.hpp"
#include "lightlane/base/parallel.hpp"
#include "lightlane/base/variant.hpp"
#include "lightlane/base/version.hpp"
#include "lightlane/link/scenario_keys.hpp"

namespace lightlane::cli {
namespace {

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

void add_vector(CLI::App& app, Common& common, Run& run) {
  static VectorOptions options;
  CLI::App* verb = add_verb(app, common, "vector", "Stages of the digital layer, bit by bit, as JSON", {"json"});
  verb->add_option("--in", options.in, "JSON requests, one after the other; - = standard input")->capture_default_str();
  verb->add_option("--out", options.out, "Answers, one JSON object per line; - = standard output")->capture_default_str();
  verb->require_subcommand(0, 1);
  CLI::App* tx = verb->add_subcommand("tx", "MII words to PCS lanes");
  CLI::App* rx = verb->add_subcommand("rx", "PCS lanes to 66-bit blocks");
  for (CLI::App* direction : {tx, rx}) {
    direction->fallthrough();
    direction->callback([&run, direction, tx] {
      options.transmit = direction == tx;
      run = [] { return run_vector(options); };
    });
  }
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
  verb->add_option("--ber", options.ber, "Pre-FEC bit error ratios, above 0, below 0.5")->delimiter(',');
  verb->add_option("--model", options.model, "symbols: line symbols go wrong; bits: independent bits, the textbook case")
      ->capture_default_str();
  verb->add_option("--burst-continuation", options.burst_continuation,
                   "P(symbol wrong | the one before wrong), 0 to below 1; 0 = independent")
      ->capture_default_str();
  verb->add_flag("--precoding", options.precoding, "1/(1+D) precoding: a burst leaves two errors");
  verb->add_option("--first-bit-share", options.first_bit_share,
                   "P(first bit wrong | PAM4 symbol wrong), 0 to 1; default 1/3; a modulo-4 precoding decoder makes it 1/2");
  verb->add_option("--skew-bits", options.skew_bits, "Bits that each PCS or FEC lane lags, one value per lane")
      ->delimiter(',');
  verb->add_option("--frame-octets", options.frame_octets, "Length of the frames, with FCS")
      ->check(CLI::Range(64, 16384))
      ->capture_default_str();
  verb->callback([&] {
    run = [&] {
      if (options.ber.empty()) throw ConfigError({"--ber", "is missing", "a list of bit error ratios", ""});
      options.format = common.format;
      return run_fec(options);
    };
  });
}

void add_pattern(CLI::App& app, Common& common, Run& run) {
  static PatternGenerateOptions generate;
  static PatternCheckOptions check;
  CLI::App* verb = app.add_subcommand("pattern", "Test patterns: generate, check, list");
  verb->require_subcommand(0, 1);
  CLI::App* maker = add_verb(*verb, common, "generate", "Bits or PAM4 levels of a pattern", {"text", "hex", "raw", "json"});
  maker->add_option("name", generate.name, "Pattern, see `lightlane pattern list`")->required();
  maker->add_option("--structure", generate.structure, "scrambled_idle: lane structure of the PHY")->capture_default_str();
  maker->add_option("--symbols", generate.symbols, "Symbols (NRZ: bits); default one period of a short pattern")
      ->check(CLI::Range(std::int64_t{0}, std::int64_t{1} << 62));
  maker->add_option("--bits", generate.bits, "Bits, two per PAM4 symbol")->check(CLI::Range(std::int64_t{0}, std::int64_t{1} << 62));
  maker->add_option("--seed", generate.seed, "Shift register before the first bit, bit i = stage S_i");
  maker->add_option("--lane", generate.lane, "PRBS13Q: seed of lane 0 to 3 (802.3 table 94-11)");
  maker->add_option("--start", generate.start, "Symbols to skip")->capture_default_str();
  maker->add_flag("--inverted", generate.inverted, "Opposite polarity: level x as 3 - x");
  maker->add_option("--out", generate.out, "File to write; - = standard output")->capture_default_str();
  maker->callback([&] {
    run = [&] {
      generate.format = common.format;
      return run_pattern_generate(generate);
    };
  });
  CLI::App* checker = add_verb(*verb, common, "check", "Lock, errors and slips of received bits or levels");
  checker->add_option("file", check.file, "File to read; - = standard input")->capture_default_str();
  checker->add_option("--structure", check.structure, "scrambled_idle: lane structure of the PHY")->capture_default_str();
  checker->add_option("--pattern", check.pattern, "Pattern, see `lightlane pattern list`")->required();
  checker->add_option("--input-format", check.input_format, "text (digits), hex (packed), raw (an octet per symbol)")
      ->capture_default_str();
  checker->add_option("--lock-bits", check.lock_bits, "Good bits in a row to lock, 64 to 4096")->capture_default_str();
  checker->add_option("--max-shift", check.max_shift, "Longest slip of a PRBS that is named [symbols]")
      ->capture_default_str();
  checker->add_option("--limit-ber", check.limit_ber, "Exit status 1 above this bit error ratio");
  checker->callback([&] {
    run = [&] {
      check.format = common.format;
      return run_pattern_check(check);
    };
  });
  CLI::App* list = add_verb(*verb, common, "list", "All patterns");
  list->callback([&] { run = [&] { return run_pattern_list({common.format}); }; });
}

void add_catalog(CLI::App& app, Common& common, Run& run) {
  static CatalogListOptions list;
  static CatalogShowOptions show;
  static CatalogSearchOptions search;
  static CatalogCheckOptions check;
  CLI::App* verb = app.add_subcommand("catalog", "PMDs and their limits, typical devices, fibres, connectors, names, sources");
  verb->require_subcommand(0, 1);
  const char* kinds = "pmd, device, profile, fibre, connector, form_factor, power_class, cage, module, cable, copper, direct_attach, switch, name, source; all where it is not given";
  CLI::App* lister = add_verb(*verb, common, "list", "What the catalogue has");
  lister->add_option("--kind", list.kind, kinds);
  lister->callback([&] {
    run = [&] {
      list.format = common.format;
      return run_catalog_list(list);
    };
  });
  CLI::App* shower = add_verb(*verb, common, "show", "One entry: every value with unit, confidence and source");
  shower->add_option("name", show.name, "PMD, device, fibre, connector or source, by name or alias")->required();
  shower->add_option("--kind", show.kind, kinds);
  shower->callback([&] {
    run = [&] {
      show.format = common.format;
      return run_catalog_show(show);
    };
  });
  CLI::App* searcher = add_verb(*verb, common, "search", "Any name that people use: what it is, or why there is no such thing");
  searcher->add_option("name", search.name, "\"QSFP28 LR4\", VSR4, QSFP28-DR4 ...")->required();
  searcher->callback([&] {
    run = [&] {
      search.format = common.format;
      return run_catalog_search(search);
    };
  });
  CLI::App* checker = add_verb(*verb, common, "check", "Problems of catalogue data, and the identities that limits must satisfy");
  checker->add_option("files", check.files, "TOML files, or folders of them; the program's own data where none is given");
  checker->callback([&] {
    run = [&] {
      check.format = common.format;
      return run_catalog_check(check);
    };
  });
}

/// A captured waveform: `eye` and `tdecq` begin with one.
void add_capture_options(CLI::App* verb, CaptureOptions& options, const char* patterns) {
  verb->add_option("file", options.file, "Captured optical power: .npy, raw little-endian float32, CSV; - = standard input")->required();
  verb->add_option("--samples-per-ui", options.samples_per_ui, "Samples per symbol, 4 to 1024")->capture_default_str();
  verb->add_option("--symbol-rate-gbd", options.symbol_rate_gbd, "Symbol rate [GBd]")->capture_default_str();
  verb->add_option("--pattern", options.pattern, patterns)->capture_default_str();
  verb->add_option("--input-format", options.input_format, "auto, npy, f32 (raw), csv")->capture_default_str();
  verb->add_option("--lane", options.lane, "Lane of a file that has several, from 0");
  verb->add_option("--unit", options.unit, "Unit of the samples: W, mW, uW")->capture_default_str();
}

void add_tdecq(CLI::App& app, Common& common, Run& run) {
  static TdecqOptions options;
  CLI::App* verb = add_verb(app, common, "tdecq", "TDECQ (TECQ, SECQ) of a captured waveform, and why");
  add_capture_options(verb, options.capture, "auto (PRBS13Q or SSPRQ), a PAM4 pattern's name, or a file of digits 0 to 3");
  verb->add_option("--edition", options.edition, "Rules of 802.3 bs, cd, cu, db or dj")->capture_default_str();
  verb->add_option("--thresholds", options.thresholds, "nominal, or adjusted by up to 1 % of OMAouter; default as the edition");
  verb->add_option("--taps", options.taps, "Evaluate these instead of the optimum: c0,c1,... of sum 1; those behind the main tap cancel post-cursors")
      ->delimiter(',')
      ->allow_extra_args(false);
  verb->add_option("--phase", options.phase_ui, "Fixed decision phase from the middle of the file's symbols [UI]");
  verb->add_option("--scope-noise-w", options.scope_noise_w, "Noise of the oscilloscope in the capture, behind the filter [W rms]")->capture_default_str();
  verb->add_option("--ffe-taps", options.ffe_taps, "Taps of the reference equaliser: 5, 9, 15; default as the edition");
  verb->add_option("--main-positions", options.main_positions, "The main tap is one of the first so many; default as the edition");
  verb->add_option("--reference-bandwidth-ghz", options.reference_bandwidth_ghz, "Of the Bessel-Thomson filter; 0 = half the symbol rate")
      ->capture_default_str();
  verb->add_flag("--no-filter", options.no_filter, "The capture is behind the reference filter already");
  verb->add_option("--limit-db", options.limit_db, "Exit status 1 above this TDECQ [dB]");
  verb->callback([&] {
    run = [&] {
      options.format = common.format;
      return run_tdecq(options);
    };
  });
}

void add_eye(CLI::App& app, Common& common, Run& run) {
  static EyeOptions options;
  CLI::App* verb = add_verb(app, common, "eye", "Eye diagram of a captured waveform: picture, openings, jitter, masks");
  add_capture_options(verb, options.capture, "auto, none, a pattern's name, or a file of digits");
  verb->add_option("--modulation", options.modulation, "pam4, nrz")->capture_default_str();
  verb->add_option("--filter", options.filter, "none, reference (Bessel-Thomson at 0.5 of the symbol rate, NRZ 0.75), bt4:<GHz>")->capture_default_str();
  verb->add_option("--noise-w", options.noise_w, "Gaussian noise to add, analytically [W rms]")->capture_default_str();
  verb->add_option("--probability", options.probability, "Error ratio of heights and widths")->capture_default_str();
  verb->add_option("--contour", options.contours, "Error ratios of further contours")->delimiter(',')->allow_extra_args(false);
  verb->add_option("--ui", options.ui, "Width of the picture, 1 or 2 UI")->capture_default_str();
  verb->add_option("--columns", options.columns_per_ui, "Columns of the density in a UI")->capture_default_str();
  verb->add_option("--rows", options.rows, "Rows of the density")->capture_default_str();
  verb->add_option("--mask", options.mask, "NRZ mask X1,X2,X3,Y1,Y2,Y3: exit status 1 where it is not met; default 100GBASE-LR4's")
      ->delimiter(',')
      ->allow_extra_args(false);
  verb->add_option("--hit-ratio", options.hit_ratio, "Of the mask")->capture_default_str();
  verb->add_option("--svg", options.svg, "Write the picture to this file");
  verb->add_option("--html", options.html, "Write picture, bathtubs and figures to this file as a self-contained page");
  verb->callback([&] {
    run = [&] {
      options.format = common.format;
      return run_eye(options);
    };
  });
}

/// "plant.length_m" is --length-m; keys of the two ends of light and host lanes carry their end: "rx.kind" is --rx-kind.
std::string flag_of(const std::string& path) {
  const std::string table = path.substr(0, path.find('.'));
  const bool end = table == "tx" || table == "rx" || table == "dsp" || table == "host" || table == "far_host";
  std::string flag = "--" + (end ? table + "-" : "") + path.substr(path.find('.') + 1);
  std::replace(flag.begin(), flag.end(), '_', '-');
  return flag;
}

/// A scenario file, then any single key: `phy`, `link` and `replay` take them all.
template <class Options>
void add_scenario_options(CLI::App* verb, const std::shared_ptr<Options>& options) {
  verb->add_option("scenario", options->scenario, "Scenario file (TOML); defaults where it says nothing");
  verb->add_option("--set", options->assignments, "Any scenario key: table.key=value, e.g. errors.ber=1e-4")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  for (const link::Key& key : link::keys_of(options->names)) {
    const std::string path(key.path);
    const std::string flag = flag_of(path);
    const std::string help = fmt::format("{}{}", key.help, key.unit.empty() ? "" : fmt::format(" [{}]", key.unit));
    CLI::Option* option = nullptr;
    if (std::holds_alternative<link::BooleanKey>(key.slot)) {
      option = verb->add_flag_function(
          flag, [options, path](std::int64_t n) { options->assignments.push_back(path + (n > 0 ? "=true" : "=false")); }, help);
    } else {
      const bool list = std::holds_alternative<link::IntegerListKey>(key.slot) || std::holds_alternative<link::NumberListKey>(key.slot);
      option = verb->add_option_function<std::string>(
          flag,
          [options, path, list](const std::string& value) {
            options->assignments.push_back(path + (list && !value.starts_with('[') ? "=[" + value + "]" : "=" + value));
          },
          help);
      option->type_name(list ? "a,b,..." : "VALUE");
    }
    option->group(path.substr(0, path.find('.')));
  }
}

void add_phy(CLI::App& app, Common& common, Run& run, const char* name, const char* summary,
             int (*start)(const PhyOptions&)) {
  auto options = std::make_shared<PhyOptions>();
  CLI::App* verb = add_verb(app, common, name, summary);
  verb->add_option("--out", options->out, "Write the delivered frames to this capture (.pcap or .pcapng)");
  verb->add_option("--report", options->report, "Write the report to this file as a self-contained HTML page");
  verb->add_flag("--print-config", options->print_config, "Print the effective scenario, and stop");
  add_scenario_options(verb, options);
  verb->callback([&common, &run, options, start] {
    run = [&common, options, start] {
      options->format = common.format;
      return start(*options);
    };
  });
}

void add_replay(CLI::App& app, Common& common, Run& run) {
  auto options = std::make_shared<ReplayOptions>();
  CLI::App* verb = add_verb(app, common, "replay", "What became of one frame of a run: lane, codeword, symbols");
  auto* frame = verb->add_option("--frame", options->frame, "Number of the frame, as sent")->check(CLI::Range(std::int64_t{0}, std::int64_t{1} << 62));
  verb->add_option("--lost", options->lost, "Or the n-th lost frame, from 0")
      ->check(CLI::Range(std::int64_t{0}, std::int64_t{1} << 62))
      ->excludes(frame);
  verb->add_option("--port", options->port, "Port of a breakout");
  verb->add_flag("--light", options->light, "The run was `lightlane link`: light decides the errors");
  add_scenario_options(verb, options);
  verb->callback([&common, &run, options] {
    run = [&common, options] {
      options->format = common.format;
      return run_replay(*options);
    };
  });
}

int run_main(int argc, char** argv) {
  CLI::App app{"Lightlane: a software optical transceiver, the 400G QSFP-DD DR4 module and its family", "lightlane"};
  app.set_version_flag("--version", std::string(version()));
  app.require_subcommand(0, 1);  // a word that is none is named before one is asked for
  Common common;
  Run run;
  add_info(app, common, run);
  add_bench(app, common, run);
  add_vector(app, common, run);
  add_phy(app, common, run, "phy", "Frames through the digital PHY, with symbol errors on the lanes", run_phy);
  add_phy(app, common, run, "link", "Frames through a whole link: PHY, light, fibre, and back", run_link);
  add_replay(app, common, run);
  add_fec(app, common, run);
  add_pattern(app, common, run);
  add_eye(app, common, run);
  add_tdecq(app, common, run);
  add_catalog(app, common, run);
  add_planning_verbs(app, common, run);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? ok : usage;
  }
  if (!run) {
    std::fprintf(stderr, "A subcommand is required\nRun with --help for more information.\n");
    return usage;
  }
  if (!common.variant.empty()) {
    const auto variant = variant_from_name(common.variant);
    if (!variant) throw ConfigError({"--variant", "is '" + common.variant + "'", "ref, portable, avx2, avx512", ""});
    force_variant(*variant);
  }
  if (common.threads > 1024) throw ConfigError({"--threads", fmt::format("is {}", common.threads), "0 to 1024", ""});
  set_threads(common.threads);
  const int status = run();
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    throw InputError({"standard output", "cannot be written", "", ""});
  }
  return status;
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
    if (std::ferror(stdout) != 0) {  // fmt::print throws where a long text meets a full disk
      std::fprintf(stderr, "lightlane: standard output: %s\n", error.what());
      return cli::bad_input;
    }
    std::fprintf(stderr, "lightlane: internal error: %s\n", error.what());
    return cli::internal;
  }
}
