#include "cli/html_report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/html_light.hpp"
#include "cli/html_page.hpp"
#include "cli/html_section.hpp"
#include "cli/terminal.hpp"
#include "lightlane/base/version.hpp"
#include "lightlane/link/scenario_keys.hpp"

namespace lightlane::cli {
namespace {

using namespace link;

constexpr std::size_t most_lost = 50;  ///< lost frames listed

/// One direction of one port, with the name that tells it from the others; empty where there is only one.
struct Part {
  const PhyReport* report;
  std::string name;
  std::string port_option;  ///< " --port 2" of a replay
};

std::vector<Part> parts_of(const PhyRunReport& r) {
  const bool ports = r.scenario.link.breakout != "none";
  std::vector<Part> parts;
  for (std::size_t i = 0; i < r.ports.size(); ++i) {
    const PhyReport& port = r.ports[i];
    const std::string name = ports ? fmt::format("Port {}", i) : "";
    const std::string option = ports ? fmt::format(" --port {}", i) : "";
    parts.push_back({&port,
                     port.reverse.empty() ? name
                     : ports              ? name + ", forward"
                                          : "Forward direction",
                     option});
    for (const PhyReport& reverse : port.reverse)
      parts.push_back({&reverse, ports ? name + ", reverse" : "Reverse direction", option});
  }
  return parts;
}

std::string summary(const std::vector<Part>& parts) {
  const bool light = parts.front().report->light.has_value();
  std::vector<html::Column> columns = {{"", false},          {"verdict", false, false, true},
                                       {"structure", false}, {"sent"},
                                       {"delivered"},        {"lost"},
                                       {"inhibited"},        {"pre-FEC BER"},
                                       {"uncorrectable"},    {"aligned", false}};
  if (light) {
    for (const char* name : {"limits kept", "TDECQ [dB]", "margin [dB]"}) columns.push_back({name});
  }
  html::Table table("", columns);
  for (const Part& part : parts) {
    const PhyReport& r = *part.report;
    std::vector<std::string> cells = {part.name,
                                      r.pass() ? "PASS" : "FAIL",
                                      r.structure,
                                      grouped(r.frames.sent),
                                      grouped(r.frames.delivered),
                                      grouped(r.frames.lost),
                                      grouped(r.frames.inhibited),
                                      ratio(pre_fec_ber(r)),
                                      r.fec ? grouped(r.fec->counters.uncorrectable_codewords) : "-",
                                      r.receive.align_status ? "yes" : "NO"};
    if (light) {
      const LightHeadline headline = light_headline(*r.light);
      cells.insert(cells.end(), {headline.limits, headline.penalty, headline.margin});
    }
    table.row(cells, !r.pass());
  }
  return table.html();
}

/// Why `lightlane replay` cannot explain the losses of this part; empty if it can.
std::string no_replay(const PhyReport& r) {
  if (r.scenario.link.duplex) return "a replay follows one direction by itself, and this link is duplex";
  if (!r.fec) return "there is no FEC to look into";
  if (r.scenario.link.fec_placement == "module" || r.host.sender.simulated || r.host.receiver.simulated)
    return "a replay follows the errors of the line only";
  if (r.scenario.phy.precoding) return "a replay follows single line symbols, and these are precoded";
  return "";
}

std::string lost_frames(const Part& part, const std::string& replay_command) {
  const PhyReport& r = *part.report;
  if (r.lost.empty()) return "";
  const std::string why_not = no_replay(r);
  std::string out = html::heading(3, "Lost frames");
  const std::size_t shown = std::min(r.lost.size(), most_lost);
  const std::string which = r.frames.lost > shown
                                ? fmt::format("the first {} of {}", shown, grouped(r.frames.lost))
                                : fmt::format("all {}", shown);
  std::vector<html::Column> columns = {{"frame"}, {"octets"}, {"sent at word"}};
  if (why_not.empty()) columns.push_back({"shows which lane, codeword and symbols did it", false, true});
  html::Table table(which, columns);
  for (std::size_t i = 0; i < shown; ++i) {
    const ethernet::SentFrame& frame = r.lost[i];
    std::vector<std::string> cells = {std::to_string(frame.sequence), grouped(frame.octets),
                                      grouped(frame.word_index)};
    if (why_not.empty())
      cells.push_back(fmt::format("{}{} --frame {}", replay_command, part.port_option, frame.sequence));
    table.row(cells);
  }
  out += table.html();
  if (!why_not.empty()) out += html::paragraph("No lightlane replay here: " + why_not + ".", "soft");
  return out;
}

}  // namespace

std::string html_report(const PhyRunReport& r, const std::string& replay_command) {
  const std::vector<Part> parts = parts_of(r);
  const bool whole = r.scenario.link.breakout == "none", alone = parts.size() == 1 && whole,
             light = parts.front().report->light.has_value();
  const std::string name = whole ? parts.front().report->title() : r.scenario.link.pmd;
  const std::string& structure = whole ? parts.front().report->structure : r.scenario.link.breakout;
  std::string body = html::heading(1, name, html::badge(r.pass()));
  const std::string engine = light ? r.scenario.link.engine + " engine, " : "";
  body += html::paragraph(fmt::format("{}, {}seed {}, {}{}", structure, engine, r.scenario.run.seed,
                                      parts.front().report->traffic, r.interrupted ? ", interrupted" : ""));
  if (!alone) {
    body += summary(parts);
    body += html::paragraph(fmt::format("All together {:.2f} Gb/s in {:.2f} s.", r.simulated_gbps, r.wall_s),
                            "soft");
  }
  for (const Part& part : parts) {
    const std::string content = html_section(*part.report) + lost_frames(part, replay_command);
    const bool shown = !part.report->pass() || (r.pass() && &part == &parts.front());
    body += alone ? content : html::part(part.name, part.report->pass(), content, shown);
  }
  body += html::details("The effective scenario (TOML)", to_toml(r.scenario));
  body += fmt::format("<footer>lightlane {}, {}; the same figures by --format json</footer>\n",
                      html::escape(version()), light ? "lightlane link" : "lightlane phy");
  return html::page(fmt::format("{} {} - lightlane", r.pass() ? "PASS" : "FAIL", name), body);
}

}  // namespace lightlane::cli
