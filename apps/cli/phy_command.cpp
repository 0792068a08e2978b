#include "cli/phy_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "cli/exit_code.hpp"
#include "cli/html_report.hpp"
#include "cli/phy_json.hpp"
#include "cli/phy_text.hpp"
#include "cli/terminal.hpp"
#include "lightlane/base/error.hpp"
#include "lightlane/io/atomic_file.hpp"
#include "lightlane/io/capture_writer.hpp"
#include "lightlane/link/phy_run.hpp"
#include "lightlane/link/profile.hpp"
#include "lightlane/link/scenario_keys.hpp"

namespace lightlane::cli {
namespace {

using namespace link;

/// Delivered frames to a capture with simulated time stamps.
class CaptureSink {
 public:
  explicit CaptureSink(const std::string& path) : writer_(path) {}
  void write(const signal::Frames& frames) {
    for (std::size_t i = 0; i < frames.size(); ++i) {
      const signal::FrameRecord& record = frames.records[i];
      const io::CaptureMark mark{static_cast<std::uint8_t>(record.fcs_kept ? 4 : 0), record.fcs_error};
      writer_.write(frames[i], record.time_ps / 1000, mark);
    }
  }
  void commit() { writer_.commit(); }

 private:
  io::CaptureWriter writer_;
};

/// x.pcapng becomes x.port2.pcapng, x.reverse.pcapng, x.port2.reverse.pcapng.
std::string out_path(const std::string& out, const Scenario& scenario, const Scenario::Place& place) {
  std::string part;
  if (scenario.link.breakout != "none") part += fmt::format(".port{}", place.port);
  if (place.direction == 1) part += ".reverse";
  const std::filesystem::path path(out);
  return (path.parent_path() / path.stem()).string() + part + path.extension().string();
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void show_progress(ProgressLine& progress, const PhyRun& run, std::chrono::steady_clock::time_point start) {
  std::uint64_t frames = 0;
  double simulated_us = 0, bits = 0;
  const auto add = [&](const Street& street) {
    frames += street.ledger().counts().sent;
    simulated_us = std::max(simulated_us, street.time_us(street.words_sent()));
    bits += 64.0 * static_cast<double>(street.words_sent());
  };
  for (const auto& link : run.links()) {
    add(link->forward());
    if (link->reverse() != nullptr) add(*link->reverse());
  }
  progress.show(fmt::format("{} frames sent, {:.0f} us simulated, {:.2f} Gb/s", grouped(frames), simulated_us,
                            bits * 1e-9 / seconds_since(start)));
}

PhyRunReport simulate(const Scenario& scenario, bool with_light, const std::string& out) {
  std::vector<std::unique_ptr<CaptureSink>> sinks;
  PhyRun::Sinks make_sink;
  if (!out.empty()) {
    make_sink = [&](const Scenario::Place& place) -> Street::Delivered {
      sinks.push_back(std::make_unique<CaptureSink>(out_path(out, scenario, place)));
      return [sink = sinks.back().get()](const signal::Frames& frames) { sink->write(frames); };
    };
  }
  const auto start = std::chrono::steady_clock::now();
  PhyRun run(scenario, with_light, make_sink);
  ProgressLine progress;
  bool stopped = false;
  while (run.step()) {
    if (interrupted() && !stopped) {
      run.stop();
      stopped = true;
    }
    if (progress.due()) show_progress(progress, run, start);
  }
  run.finish();
  for (const auto& sink : sinks) sink->commit();
  return run.report(seconds_since(start), stopped);
}

int present(const PhyRunReport& report, const std::string& format) {
  if (format == "json") {
    fmt::print("{}\n", to_json(report).dump(2));
  } else {
    print_text(report);
  }
  return report.pass() ? ok : limit_not_met;
}

/// A word of a command line as a shell takes it.
std::string shell_word(const std::string& word) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_-./:=,+@%").find(c) != std::string_view::npos;
  };
  if (!word.empty() && std::all_of(word.begin(), word.end(), plain)) return word;
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

/// What repeats this run, up to the frame.
std::string replay_command(const PhyOptions& options, bool with_light) {
  std::string command = "lightlane replay";
  if (with_light) command += " --light";
  if (!options.scenario.empty()) command += " " + shell_word(options.scenario);
  for (const std::string& assignment : options.assignments) command += " --set " + shell_word(assignment);
  return command;
}

int run(const PhyOptions& options, bool with_light, const char* default_capture) {
  const Scenario scenario = read_scenario(options, default_capture, with_light);
  if (options.print_config) {
    fmt::print("{}", to_toml(scenario));
    return ok;
  }
  if (options.out == "-")
    throw ConfigError({"--out", "is '-'", "a file: standard output has the results", ""});
  if (options.report == "-") throw ConfigError({"--report", "is '-'", "a file: standard output has the results", ""});
  std::optional<io::AtomicFile> page;  // before the run, so that a place where nothing can be written costs no time
  if (!options.report.empty()) page.emplace(options.report);
  watch_for_interrupt();
  const PhyRunReport report = simulate(scenario, with_light, options.out);
  if (page) {
    page->write(html_report(report, replay_command(options, with_light)));
    page->commit();
  }
  return present(report, options.format);
}

}  // namespace

link::Scenario read_scenario(const PhyOptions& options, const char* default_capture, bool with_light) {
  return build_scenario(options.scenario, options.assignments, default_capture, with_light);
}

namespace {
constexpr std::string_view tables_of_light[] = {"tx.", "plant.", "rx.", "dsp.", "environment.", "link.engine", "link.far_pmd"};
}

int run_phy(const PhyOptions& options) {
  for (const std::string& assignment : options.assignments) {
    const bool of_light = std::any_of(std::begin(tables_of_light), std::end(tables_of_light),
                                      [&](std::string_view table) { return assignment.starts_with(table); });
    if (of_light) {
      throw ConfigError({"--set " + assignment, "does nothing in lightlane phy, which has no light",
                         "the keys of the other tables", "lightlane link has light"});
    }
  }
  return run(options, false, "");
}

int run_link(const PhyOptions& options) { return run(options, true, shipped_capture); }

}  // namespace lightlane::cli
