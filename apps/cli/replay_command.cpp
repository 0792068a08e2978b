#include "cli/replay_command.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/exit_code.hpp"
#include "cli/phy_json.hpp"
#include "cli/terminal.hpp"
#include "lightlane/base/error.hpp"
#include "lightlane/link/breakout.hpp"
#include "lightlane/link/replay.hpp"
#include "lightlane/link/scenario_keys.hpp"
#include "lightlane/link/traffic_source.hpp"

namespace lightlane::cli {
namespace {

using Json = nlohmann::ordered_json;
using namespace link;

std::string codeword_name(const ReplayedCodeword& c, bool pairs) {
  return pairs ? fmt::format("pair {} {}", c.codeword / 2, c.codeword % 2 == 0 ? 'A' : 'B') : fmt::format("codeword {}", c.codeword);
}

void print_codeword(const ReplayedCodeword& c, bool pairs) {
  fmt::print("  {} {:<18} {:>3} wrong symbols  {}\n", c.touches_frame ? '*' : ' ', codeword_name(c, pairs), c.wrong.size(),
             c.wrong.empty() ? "clean" : c.correctable ? "corrected" : bold("UNCORRECTABLE"));
  if (!c.touches_frame && c.correctable) return;
  for (const WrongSymbol& w : c.wrong) {
    fmt::print("      symbol {:>3}  value {:#05x}  PCS lane {:>2}  line lane {}  line symbol {}\n", w.symbol, w.value, w.pcs_lane,
               w.line_lane, w.line_symbol);
  }
}

void print_replay(const Replay& r, const Scenario& scenario) {
  const bool pairs = structure_of(scenario).coding == Coding::clause119;
  fmt::print("{}  frame {} of {} octets, sent at {:.3f} us: {}\n", r.lost ? bold("LOST") : bold("DELIVERED"), r.frame.sequence,
             r.frame.octets, r.time_us, r.cause);
  fmt::print("  carried by {} {} to {} (marked *); wrong line symbols around it by lane:", pairs ? "codeword pairs" : "codewords",
             r.first_group, r.last_group);
  for (const std::uint64_t errors : r.lane_errors) fmt::print(" {}", errors);
  fmt::print("{}\n\n", r.log_full ? "  (more than are listed)" : "");
  for (const ReplayedCodeword& c : r.codewords) print_codeword(c, pairs);
}

Json to_json(const Replay& r, const Scenario& scenario) {
  Json json = {{"frame", r.frame.sequence},
               {"lost", r.lost},
               {"cause", r.cause},
               {"octets", r.frame.octets},
               {"word", r.frame.word_index},
               {"time_us", r.time_us},
               {"aligned", r.aligned},
               {"first_group", r.first_group},
               {"last_group", r.last_group},
               {"lane_errors", r.lane_errors},
               {"codewords", Json::array()}};
  for (const ReplayedCodeword& c : r.codewords) {
    Json wrong = Json::array();
    for (const WrongSymbol& w : c.wrong) {
      wrong.push_back({{"symbol", w.symbol}, {"value", w.value}, {"pcs_lane", w.pcs_lane}, {"line_lane", w.line_lane},
                       {"line_symbol", w.line_symbol}});
    }
    json["codewords"].push_back({{"codeword", c.codeword}, {"touches_frame", c.touches_frame},
                                 {"correctable", c.correctable}, {"line_errors", c.line_errors}, {"wrong", wrong}});
  }
  json["scenario"] = cli::to_json(scenario);
  return json;
}

/// The PHY that is looked at: of a breakout one port.
Scenario port_of(const Scenario& scenario, std::optional<std::uint64_t> port) {
  const std::vector<Scenario> ports = ports_of(scenario);
  const bool breakout = scenario.link.breakout != "none";
  if (breakout == port.has_value() && port.value_or(0) < ports.size()) return ports[port.value_or(0)];
  throw ConfigError({"--port", port ? fmt::format("is {}", *port) : "is missing",
                     breakout ? fmt::format("0 to {}", ports.size() - 1) : "none without link.breakout", ""});
}

}  // namespace

int run_replay(const ReplayOptions& options) {
  const Scenario scenario = port_of(read_scenario(options, options.light ? shipped_capture : "", options.light), options.port);
  std::optional<OpticalLink> light;
  if (options.light) light.emplace(scenario, structure_of(scenario));
  watch_for_interrupt();
  ProgressLine progress;
  const Replay result = replay(scenario, light ? &*light : nullptr, {options.frame, options.lost}, [&](std::uint64_t sent) {
    if (progress.due()) progress.show(fmt::format("looking for the frame: {} sent", grouped(sent)));
    return !interrupted();
  });
  if (options.format == "json") {
    fmt::print("{}\n", to_json(result, scenario).dump(2));
  } else {
    print_replay(result, scenario);
  }
  return ok;
}

}  // namespace lightlane::cli
