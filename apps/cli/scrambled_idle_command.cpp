#include "cli/scrambled_idle_command.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/exit_code.hpp"
#include "cli/phy_json.hpp"
#include "cli/terminal.hpp"
#include "lightlane/base/error.hpp"
#include "lightlane/io/atomic_file.hpp"
#include "lightlane/link/scrambled_idle.hpp"
#include "lightlane/pma/symbol_text.hpp"

namespace lightlane::cli {
namespace {

using namespace link;

/// One lane per line; empty lines do not count.
signal::SymbolLanes read_lanes(const std::string& path, const Structure& structure) {
  std::ifstream file;
  if (path != "-") {
    file.open(path, std::ios::binary);
    if (!file) throw InputError({path, "cannot be opened", "a readable file, or - for standard input", ""});
  }
  std::istream& in = path == "-" ? std::cin : file;
  const std::string place = path == "-" ? "standard input" : path;
  signal::SymbolLanes lanes(0, structure.modulation);
  std::string line;
  while (std::getline(in, line)) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    if (lanes.size() == static_cast<std::size_t>(structure.line_lanes)) {
      throw InputError({place, fmt::format("has more than {} lines", structure.line_lanes), "one line for each line lane", ""});
    }
    pma::SymbolReader reader(pma::SymbolFormat::text, structure.modulation, fmt::format("{}: line {}", place, lanes.size() + 1));
    lanes.lanes.emplace_back();
    reader.read(line, lanes.lanes.back().levels);
    reader.finish();
  }
  if (lanes.size() != static_cast<std::size_t>(structure.line_lanes)) {
    throw InputError({place, fmt::format("has {} lines of symbols", lanes.size()),
                      fmt::format("{}: one for each line lane of {}", structure.line_lanes, structure.name), ""});
  }
  return lanes;
}

void print_text(const ScrambledIdleReport& r, const Structure& structure) {
  fmt::print("pattern        scrambled idle on {} ({} line lanes)\n", structure.name, structure.line_lanes);
  fmt::print("received       {} symbols on each lane\n", grouped(r.symbols));
  fmt::print("lock           {}; aligned {} times, lost {} times\n", r.phy.align_status ? "yes" : "NO", r.phy.alignments, r.phy.losses);
  std::string order;
  for (const ReceivedLane& lane : r.phy.lanes) order += fmt::format(" {}", lane.pcs_lane < 0 ? "-" : std::to_string(lane.pcs_lane));
  fmt::print("lane order    {}\n", order);
  if (r.phy.fec) {
    const fec::FecCounters& f = *r.phy.fec;
    fmt::print("codewords      {}, {} corrected, {} uncorrectable; {} symbols and {} bits corrected\n", grouped(f.codewords),
               grouped(f.corrected_codewords), grouped(f.uncorrectable_codewords), grouped(f.corrected_symbols),
               grouped(f.corrected_bits));
  }
  fmt::print("words          {} idle, {} other, {} local fault\n", grouped(r.idle_words), grouped(r.other_words), grouped(r.fault_words));
}

}  // namespace

int run_scrambled_idle_generate(const PatternGenerateOptions& options) {
  const Structure& structure = structure_by_name(options.structure, "--structure");
  if (options.format != "text") throw ConfigError({"--format", fmt::format("is '{}'", options.format), "text, for scrambled_idle", ""});
  if (!options.symbols) {
    throw ConfigError({"--symbols", "is missing", fmt::format("1 to {}", max_idle_symbols), "a receiver locks after two marker periods"});
  }
  const signal::SymbolLanes lanes = scrambled_idle(structure, *options.symbols);
  io::AtomicFile out(options.out);
  std::string text;
  for (const auto& lane : lanes.lanes) {
    text.clear();
    pma::write_symbols(lane.levels, pma::SymbolFormat::text, lanes.modulation, text);
    out.write(text + "\n");
  }
  out.commit();
  return ok;
}

int run_scrambled_idle_check(const PatternCheckOptions& options) {
  const Structure& structure = structure_by_name(options.structure, "--structure");
  const ScrambledIdleReport report = check_scrambled_idle(structure, read_lanes(options.file, structure));
  if (options.format == "json") {
    nlohmann::ordered_json json = {{"pattern", "scrambled_idle"},
                                   {"structure", structure.name},
                                   {"received", report.symbols},
                                   {"locked", report.phy.align_status},
                                   {"idle_words", report.idle_words},
                                   {"other_words", report.other_words},
                                   {"fault_words", report.fault_words},
                                   {"receiver", receiver_json(report.phy)}};
    if (report.phy.fec) {
      const fec::FecCounters& f = *report.phy.fec;
      json["fec"] = {{"codewords", f.codewords}, {"corrected", f.corrected_codewords},
                     {"uncorrectable", f.uncorrectable_codewords}, {"corrected_symbols", f.corrected_symbols},
                     {"corrected_bits", f.corrected_bits}, {"bins", f.bins}};
    }
    fmt::print("{}\n", json.dump(2));
  } else {
    print_text(report, structure);
  }
  return report.phy.align_status ? ok : limit_not_met;
}

}  // namespace lightlane::cli
