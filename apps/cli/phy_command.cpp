#include "cli/phy_command.hpp"

#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/exit_code.hpp"
#include "cli/phy_json.hpp"
#include "cli/phy_text.hpp"
#include "cli/terminal.hpp"
#include "lightlane/io/capture_writer.hpp"
#include "lightlane/link/phy_report.hpp"
#include "lightlane/link/scenario_keys.hpp"

namespace lightlane::cli {
namespace {

using namespace link;

/// Delivered frames to a capture with simulated time stamps.
class CaptureSink {
 public:
  explicit CaptureSink(const std::string& path) {
    if (!path.empty()) writer_ = std::make_unique<io::CaptureWriter>(path);
  }
  void write(const signal::Frames& frames) {
    if (!writer_) return;
    for (std::size_t i = 0; i < frames.size(); ++i) {
      const signal::FrameRecord& record = frames.records[i];
      const io::CaptureMark mark{static_cast<std::uint8_t>(record.fcs_kept ? 4 : 0), record.fcs_error};
      writer_->write(frames[i], record.time_ps / 1000, mark);
    }
  }
  void commit() {
    if (writer_) writer_->commit();
  }

 private:
  std::unique_ptr<io::CaptureWriter> writer_;
};

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

PhyReport simulate(const Scenario& scenario, const std::optional<ThinLight>& light, const std::string& out) {
  CaptureSink sink(out);
  const auto start = std::chrono::steady_clock::now();
  Street street(scenario, light, [&](const signal::Frames& frames) { sink.write(frames); });
  ProgressLine progress;
  bool stopped = false;
  while (street.step()) {
    if (interrupted() && !stopped) {
      street.stop();
      stopped = true;
    }
    if (progress.due()) {
      const double simulated_us = street.time_us(street.words_sent());
      progress.show(fmt::format("{} frames sent, {:.0f} us simulated, {:.2f} Gb/s", grouped(street.ledger().counts().sent),
                                simulated_us, simulated_us * street.structure().rate_gbps * 1e-6 / seconds_since(start)));
    }
  }
  street.finish();
  sink.commit();
  return collect(scenario, light, street, seconds_since(start), stopped);
}

int present(const PhyReport& report, const std::string& format) {
  if (format == "json") {
    fmt::print("{}\n", to_json(report).dump(2));
  } else {
    print_text(report);
  }
  return report.pass() ? ok : limit_not_met;
}

}  // namespace

link::Scenario read_scenario(const PhyOptions& options, const char* default_capture) {
  Scenario scenario;
  scenario.traffic.capture = default_capture;
  if (!options.scenario.empty()) read_toml_file(options.scenario, scenario);
  for (const std::string& assignment : options.assignments) assign(assignment, scenario);
  validate(scenario);
  return scenario;
}

int run_phy(const PhyOptions& options) {
  const Scenario scenario = read_scenario(options, "");
  if (options.print_config) {
    fmt::print("{}", to_toml(scenario));
    return ok;
  }
  watch_for_interrupt();
  return present(simulate(scenario, std::nullopt, options.out), options.format);
}

int run_link(const PhyOptions& options) {
  const Scenario scenario = read_scenario(options, shipped_capture);
  if (options.print_config) {
    fmt::print("{}", to_toml(scenario));
    return ok;
  }
  watch_for_interrupt();
  const ThinLight light = thin_light(scenario.optics, structure_of(scenario));
  return present(simulate(scenario, light, options.out), options.format);
}

}  // namespace lightlane::cli
