#include "lightlane/link/scrambled_idle.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lightlane/base/error.hpp"
#include "lightlane/signal/mii.hpp"

namespace lightlane::link {
namespace {

constexpr std::size_t words_at_once = 10240;

Scenario scenario_of(const Structure& structure) {
  Scenario scenario;
  scenario.link.structure = std::string(structure.name);
  return scenario;
}

void count_words(const signal::MiiWords& words, ScrambledIdleReport& report) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool idle = words.control[i] == 0xff && words.data[i] == signal::mii::idle_word;
    const bool fault = words.control[i] == signal::mii::ordered_set_control && words.data[i] == signal::mii::local_fault;
    ++(fault ? report.fault_words : idle ? report.idle_words : report.other_words);
  }
}

}  // namespace

signal::SymbolLanes scrambled_idle(const Structure& structure, std::uint64_t symbols) {
  if (symbols == 0 || symbols > max_idle_symbols) {
    throw ConfigError({"--symbols", fmt::format("is {}", symbols), fmt::format("1 to {}", max_idle_symbols), ""});
  }
  const auto transmit = make_transmit(scenario_of(structure), structure);
  const std::size_t bits = static_cast<std::size_t>(symbols) * static_cast<std::size_t>(structure.modulation);
  signal::SymbolLanes lanes(0, structure.modulation);
  signal::MiiWords words;
  words.push_idle(words_at_once);
  while (lanes.size() == 0 || lanes[0].levels.size() < bits) transmit->process(words, lanes);
  for (auto& lane : lanes.lanes) lane.levels.resize(bits);
  return lanes;
}

ScrambledIdleReport check_scrambled_idle(const Structure& structure, const signal::SymbolLanes& lanes) {
  if (lanes.size() != static_cast<std::size_t>(structure.line_lanes) || lanes.modulation != structure.modulation) {
    throw InputError({"lanes", fmt::format("are {}", lanes.size()), fmt::format("{} of {}", structure.line_lanes, structure.name), ""});
  }
  const auto receive = make_receive(scenario_of(structure), structure);
  ScrambledIdleReport report;
  std::size_t longest = 0;
  for (const auto& lane : lanes.lanes) longest = std::max(longest, lane.levels.size());
  report.symbols = longest / static_cast<std::size_t>(structure.modulation);
  signal::SymbolLanes part(lanes.size(), lanes.modulation);
  signal::MiiWords words;
  constexpr std::size_t piece = 1 << 16;
  for (std::size_t at = 0; at < longest; at += piece) {
    part.clear();
    for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
      const BitVector& levels = lanes[lane].levels;
      part[lane].first_index = at / static_cast<std::size_t>(structure.modulation);
      if (at < levels.size()) part[lane].levels.append(levels, at, std::min(piece, levels.size() - at));
    }
    words.clear();
    receive->process(part, words);
    count_words(words, report);
  }
  words.clear();
  receive->finish(words);
  count_words(words, report);
  report.phy = receive->report();
  return report;
}

}  // namespace lightlane::link
