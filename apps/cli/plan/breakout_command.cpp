#include "cli/plan/breakout_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "cli/exit_code.hpp"
#include "cli/plan/breakout_report.hpp"
#include "lightlane/base/error.hpp"
#include "lightlane/catalog/loader.hpp"
#include "lightlane/io/atomic_file.hpp"

namespace lightlane::cli {
namespace {

using namespace plan;

/// What a stranger typed may be no UTF-8.
void print_json(const nlohmann::ordered_json& json) {
  fmt::print("{}\n", json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

std::string text_of(const std::string& file) { return catalog::read_document(file).text; }

struct Files {
  std::optional<SonicPlatform> platform;
  std::optional<SonicHwsku> hwsku;
  std::optional<SonicConfig> config;
};

Files read_files(const BreakoutOptions& o) {
  Files out;
  if (!o.platform.empty()) out.platform = read_sonic_platform(text_of(o.platform), o.platform);
  if (!o.hwsku.empty()) out.hwsku = read_sonic_hwsku(text_of(o.hwsku), o.hwsku);
  if (!o.config.empty()) out.config = read_sonic_config(text_of(o.config), o.config);
  return out;
}

bool has_files(const BreakoutOptions& o) {
  return !o.platform.empty() || !o.hwsku.empty() || !o.config.empty();
}

void refuse_with(const std::string& flag, const std::string& why, const std::string& allowed) {
  throw ConfigError({flag, why, allowed, ""});
}

/// Module, cage, switch, cable and far end of the question; none where nothing is said of them.
std::optional<BreakoutSubject> subject_of(const BreakoutOptions& o) {
  std::optional<BreakoutSubject> out;
  if (!o.subject.empty()) out = breakout_subject(o.subject, "module");
  if (!out && (!o.cage.empty() || !o.device.empty())) out.emplace();
  if (out && out->device != nullptr && out->module == nullptr)
    add_switch(*out, out->device->id, o.device_port, "--switch-port");
  if (!o.device.empty())
    add_switch(*out, o.device, o.device_port, o.device_port ? "--switch-port" : "--switch");
  if (!o.cage.empty()) add_cage(*out, o.cage, "--cage");
  const bool module = out && out->module != nullptr;
  if (!module && (!o.cable.empty() || !o.far.empty()))
    refuse_with(o.cable.empty() ? "--far" : "--cable", "needs a module at this end",
                "--module NAME beside it");
  if (!o.cable.empty()) add_cable(*out, o.cable, "--cable");
  if (!o.far.empty()) add_far(*out, o.far, "--far");
  if (o.device_port && (!out || out->device == nullptr))
    refuse_with("--switch-port", "is a port of no switch", "--switch NAME beside it");
  return out;
}

/// Without a module: what the lanes of the cage could carry at all.
int run_cage(const BreakoutSubject& subject, const BreakoutOptions& o) {
  const catalog::FormFactor* form = catalog::find_form_factor(subject.cage->form_factor);
  const int lanes = subject.parent_lanes();
  if (lanes == 0 || form == nullptr || !form->host_lane_rate_max_gbps)
    refuse_with("module", fmt::format("the lanes of {} are not known", subject.cage->id), "a module");
  if (!o.mode.empty())
    refuse_with("--mode", "needs a module: a cage alone does not say what its lanes carry", "a module");
  if (o.format == "json") {
    print_json(to_json(subject));
  } else {
    print_text(subject);
  }
  return ok;
}

int run_choices(const BreakoutOptions& o) {
  std::optional<BreakoutSubject> subject = subject_of(o);
  if (!subject)
    throw ConfigError({"module", "is missing", "a module, PMD, cage or switch, or --platform, --config",
                       "see lightlane catalog list --kind module"});
  if (!o.port.empty() || !o.write.empty())
    refuse_with(o.port.empty() ? "--write" : "--port", "is of SONiC's files", "--platform FILE beside it");
  if (o.format == "csv") refuse_with("--format", "csv is for the ports of SONiC's files", "text, json");
  if (subject->device != nullptr && subject->device->ports.size() > 1 && !o.device_port) {
    subject->assumed.push_back({fmt::format("port of {}: {}", subject->device->id, subject->port->first),
                                std::nullopt,
                                "",
                                {},
                                "its ports differ; --switch-port names one"});
  }
  if (subject->module == nullptr) return run_cage(*subject, o);
  const bool one = !o.mode.empty();
  std::vector<BreakoutChoice> choices;
  if (one) {
    choices.push_back(breakout_choice(*subject, parse_breakout_mode(o.mode, "--mode")));
  } else {
    choices = breakout_choices(*subject);
  }
  if (o.format == "json") {
    print_json(to_json(*subject, choices, one));
  } else {
    print_text(*subject, choices, one);
  }
  return !one || choices.front().verdict == BreakoutVerdict::possible ? ok : limit_not_met;
}

const SonicPlatformPort& parent_of(const SonicPlatform& platform, const std::string& name) {
  if (const SonicPlatformPort* port = platform.port(name)) return *port;
  // A child's name: the parent whose lanes it may have.
  std::string hint;
  if (const auto number = sonic_port_number(name)) {
    for (const SonicPlatformPort& port : platform.ports) {
      const auto base = sonic_port_number(port.name);
      if (base && *base <= *number && *number < *base + static_cast<int>(port.lanes.size()))
        hint = fmt::format("{} is a child of {}", name, port.name);
    }
  }
  throw ConfigError({"--port", fmt::format("'{}' is no port of {}", name, platform.file),
                     platform.ports.empty()
                         ? ""
                         : fmt::format("{} to {}", platform.ports.front().name, platform.ports.back().name),
                     hint});
}

/// PORT as it would be: by the hwsku.json, with one port in another mode, or what the configuration has.
SonicConfig configured(const BreakoutOptions& o, const Files& files) {
  SonicConfig out;
  if (files.config) {
    out = *files.config;
  } else if (files.hwsku) {
    out = expand_sonic(*files.platform, *files.hwsku).config;
  }
  if (o.mode.empty()) return out;
  set_sonic_mode(out, parent_of(*files.platform, o.port), o.mode, "--mode");
  return out;
}

void check_file_options(const BreakoutOptions& o) {
  if (!o.subject.empty() || !o.cage.empty() || !o.device.empty() || !o.cable.empty() || !o.far.empty())
    refuse_with("--platform", "with a module, cage or switch beside it is a question for --lint", "--lint");
  if (o.platform.empty() && !o.hwsku.empty())
    refuse_with("--hwsku", "says nothing without the ports", "--platform FILE");
  if (o.platform.empty() && !o.mode.empty())
    refuse_with("--mode", "needs the modes of the ports", "--platform FILE");
  if (!o.mode.empty() && o.port.empty()) refuse_with("--mode", "is of one port", "--port NAME beside it");
  if (!o.write.empty() && o.config.empty() && o.hwsku.empty() && o.mode.empty())
    refuse_with("--write", "has no ports in a mode to write", "--hwsku FILE, or --port NAME --mode MODE");
  if (!o.config.empty() && !o.hwsku.empty())
    refuse_with("--hwsku", "and --config both say the modes", "one of them, or --lint");
  if (!o.write.empty() && !o.config.empty() && o.mode.empty())
    refuse_with("--write", "would write --config as it is", "--port NAME --mode MODE beside it");
}

/// What the platform has, with nothing said of what is made of it.
int run_platform(const SonicPlatform& platform, const BreakoutOptions& o) {
  if (!o.port.empty()) parent_of(platform, o.port);
  if (o.format == "csv") refuse_with("--format", "csv is for ports in a mode", "text, json");
  if (o.format == "json") {
    print_json(to_json(platform, o.port));
  } else {
    print_text(platform, o.port);
  }
  const bool failed =
      std::any_of(platform.problems.begin(), platform.problems.end(),
                  [](const BreakoutLint& lint) { return lint.severity == LintSeverity::error; });
  return failed ? limit_not_met : ok;
}

int run_files(const BreakoutOptions& o) {
  check_file_options(o);
  const Files files = read_files(o);
  if (!files.config && !files.hwsku && o.mode.empty()) return run_platform(*files.platform, o);
  const SonicConfig config = configured(o, files);
  const SonicPlatform* platform = files.platform ? &*files.platform : nullptr;
  std::vector<PortRow> rows = port_rows(config, platform);
  if (!o.port.empty()) {
    const auto own = [&](const PortRow& row) { return row.parent == o.port || row.port->name == o.port; };
    if (std::none_of(rows.begin(), rows.end(), own) && o.mode.empty())
      refuse_with("--port", fmt::format("'{}' is no port there", o.port), "");
    std::erase_if(rows, [&](const PortRow& row) { return !own(row); });
  }
  std::vector<BreakoutLint> problems = platform == nullptr ? std::vector<BreakoutLint>() : platform->problems;
  problems.insert(problems.end(), config.problems.begin(), config.problems.end());
  if (files.hwsku)
    problems.insert(problems.end(), files.hwsku->problems.begin(), files.hwsku->problems.end());
  problems = gathered(std::move(problems));
  const bool failed = std::any_of(problems.begin(), problems.end(), [](const BreakoutLint& lint) {
    return lint.severity == LintSeverity::error;
  });
  if (!o.write.empty()) {
    if (o.config.empty() && o.write != "-" && std::filesystem::is_regular_file(o.write))
      refuse_with("--write", fmt::format("'{}' exists: its other tables would be lost", o.write),
                  fmt::format("--config {} beside it keeps them; or another file", o.write));
    io::write_file(o.write, write_sonic_config(config));
    if (o.write == "-") return failed ? limit_not_met : ok;
  }
  if (o.format == "json") {
    print_json(to_json(rows, problems));
  } else if (o.format == "csv") {
    fmt::print("{}", to_csv(rows));
  } else {
    print_text(rows, problems);
  }
  return failed ? limit_not_met : ok;
}

int run_lint(const BreakoutOptions& o) {
  if (!has_files(o))
    refuse_with("--lint", "has nothing to check", "--platform FILE, --hwsku FILE, --config FILE");
  if (!o.mode.empty() || !o.write.empty())
    refuse_with(o.mode.empty() ? "--write" : "--mode", "is not for --lint", "the files as they are");
  if (o.format == "csv") refuse_with("--format", "csv is for ports", "text, json");
  const Files files = read_files(o);
  LintQuestion question;
  question.platform = files.platform ? &*files.platform : nullptr;
  question.hwsku = files.hwsku ? &*files.hwsku : nullptr;
  question.config = files.config ? &*files.config : nullptr;
  question.subject = subject_of(o);
  question.only = o.port;
  const LintReport report = lint_breakouts(question);
  if (o.format == "json") {
    print_json(to_json(report));
  } else {
    print_text(report);
  }
  return report.count(LintSeverity::error) == 0 ? ok : limit_not_met;
}

}  // namespace

int run_breakout(const BreakoutOptions& options) {
  if (options.lint) return run_lint(options);
  return has_files(options) ? run_files(options) : run_choices(options);
}

}  // namespace lightlane::cli
