#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "cli/plan/answer_report.hpp"
#include "cli/plan/breakout_report.hpp"
#include "cli/terminal.hpp"
#include "lightlane/plan/csv.hpp"

namespace lightlane::cli {
namespace {

using namespace plan;

/// Names out of files, without what would move the cursor.
std::string printable(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (static_cast<unsigned char>(c) < ' ' || c == 0x7f) c = '?';
  return out;
}

/// "POSSIBLE", green where it is good and red where it is not.
std::string verdict_word(std::string_view word, bool good) {
  std::string out(word);
  for (char& c : out) c = static_cast<char>(c - 'a' + 'A');
  return colour_terminal() ? fmt::format("\033[1;{}m{}\033[0m", good ? 32 : 31, out) : out;
}

std::string lanes(int first, int count) {
  return count <= 1 ? fmt::format("{}", first) : fmt::format("{}-{}", first, first + count - 1);
}

std::string names_of(const std::vector<BreakoutPartner>& partners) {
  std::vector<std::string> out;
  for (const BreakoutPartner& p : partners) out.push_back(p.name);
  return fmt::format("{}", fmt::join(out, ", "));
}

void print_subject(const BreakoutSubject& s) {
  fmt::print("{}: {}, {} host lanes of {}G, {} media lane{}, {} fibre pair{}, {}{}\n", s.module->id,
             s.pmd->id, s.host_lanes(), s.host_lane_gbps(), s.media_lanes(), s.media_lanes() == 1 ? "" : "s",
             s.fibre_pairs(), s.fibre_pairs() == 1 ? "" : "s",
             s.ports() == 1 ? "" : fmt::format("{} x ", s.ports()), catalog::name(s.pmd->connector));
}

void print_reasons(const BreakoutChoice& choice) {
  if (choice.reasons.empty()) return;
  fmt::print("\n{}\n", bold("Reasons"));
  for (const BreakoutReason& r : choice.reasons)
    fmt::print("  {:<15}{:<12}{}{}\n", r.code, name(r.verdict), r.text,
               r.cure.empty() ? "" : "; cure: " + r.cure);
}

std::string fibres(const BreakoutChild& child) {
  std::vector<std::string> out;
  for (const MediaFibre& f : child.fibres) out.push_back(fmt::format("{}/{}", f.tx_position, f.rx_position));
  return fmt::format("{}", fmt::join(out, " "));
}

std::string application(const BreakoutChild& child) {
  if (child.application == nullptr) return "";
  const HostInterface* host = host_interface(child.application->host_id);
  return fmt::format("{} {} to {}, begins at {}", child.application->host_id,
                     host == nullptr ? "" : host->name, child.application->media_id,
                     child.application->host_assignment);
}

void print_children(const BreakoutSubject& s, const BreakoutChoice& choice) {
  const bool twin = s.ports() > 1;
  std::size_t width = 14;
  for (const BreakoutChild& c : choice.children) width = std::max(width, fibres(c).size() + 2);
  fmt::print("\n{}\n", bold(fmt::format("  {:<6}{:<8}{:<12}{:<8}{:<13}{:<8}{}{:<{}}{}", "child", "rate",
                                        "host lanes", "mask", "media lanes", "mask", twin ? "port  " : "",
                                        "fibres Tx/Rx", width, "application")));
  for (const BreakoutChild& c : choice.children) {
    fmt::print("  {:<6}{:<8}{:<12}{:<8}{:<13}{:<8}{}{:<{}}{}\n", c.number, fmt::format("{:g}G", c.rate_gbps),
               lanes(c.first_host_lane, c.host_lanes), fmt::format("0x{:02X}", c.host_mask),
               c.media_lanes == 0 ? "-" : lanes(c.first_media_lane, c.media_lanes),
               fmt::format("0x{:02X}", c.media_mask),
               twin ? fmt::format("{:<6}", c.fibres.empty() ? 0 : c.fibres.front().connector) : "", fibres(c),
               width, application(c));
  }
}

void print_partners(const BreakoutChoice& choice) {
  if (choice.partners.empty()) return;
  fmt::print("\n{}\n", bold("Far ends of each child"));
  std::size_t names = 12, remarks = 0;
  for (const BreakoutPartner& p : choice.partners) {
    names = std::max(names, p.name.size());
    remarks = std::max(remarks, p.remark.size());
  }
  for (const BreakoutPartner& p : choice.partners)
    fmt::print("  {:<{}}{:<{}}{}, {}\n", p.name, names + 2, p.remark, remarks == 0 ? 0 : remarks + 2,
               catalog::name(p.confidence), p.source);
}

void print_cable(const BreakoutCable& cable) {
  fmt::print("  {}: {}\n", cable.cable->id, cable.cable->summary);
  const bool lc = cable.cable->b.connector == catalog::PmdConnector::lc_duplex;
  for (const LegUse& use : cable.legs) {
    if (use.leg == 0) {
      fmt::print("    child {}, lane {}: dark\n", use.child, use.lane);
      continue;
    }
    fmt::print("    child {}, lane {}: {}leg {}: {} {} (far Tx) to {} (Rx), {} (Tx) to {} {} (far Rx)\n",
               use.child, use.lane, use.connector > 1 ? fmt::format("port {}, ", use.connector) : "", use.leg,
               lc ? "LC" : "position", use.far_tx_position, use.near_rx_position, use.near_tx_position,
               lc ? "LC" : "position", use.far_rx_position);
  }
}

void print_one(const BreakoutSubject& s, const BreakoutChoice& choice) {
  fmt::print("{}  {} as {}\n",
             verdict_word(name(choice.verdict), choice.verdict == BreakoutVerdict::possible), s.module->id,
             printable(choice.mode));
  print_subject(s);
  print_children(s, choice);
  print_partners(choice);
  if (choice.verdict != BreakoutVerdict::no) {
    fmt::print("\n{}\n  {:<8}{}\n  {:<8}{}\n", bold("FEC"), "here", choice.host_fec, "there", choice.far_fec);
  }
  if (choice.chosen_cable) {
    fmt::print("\n{}\n", bold("Cable"));
    print_cable(*choice.chosen_cable);
  } else if (choice.children.size() > 1 && choice.verdict != BreakoutVerdict::no) {
    fmt::print("\n{}\n", bold("Harnesses"));
    for (const BreakoutCable& cable : choice.harnesses) print_cable(cable);
    if (choice.harnesses.empty()) fmt::print("  none of the catalogue parts these children\n");
  }
  print_reasons(choice);
}

std::string because(const BreakoutChoice& choice) {
  if (choice.reasons.empty()) return names_of(choice.partners);
  const auto worst = std::max_element(choice.reasons.begin(), choice.reasons.end(),
                                      [](const auto& a, const auto& b) { return a.verdict < b.verdict; });
  const std::string partners = names_of(choice.partners);
  return (partners.empty() ? "" : partners + "; ") + worst->text;
}

void print_lint(const BreakoutLint& lint) {
  std::string more;
  if (lint.ports.size() > 1) {
    std::vector<std::string> others(
        lint.ports.begin() + 1,
        lint.ports.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(4, lint.ports.size())));
    more = fmt::format(" and {} more: {}{}", lint.ports.size() - 1, fmt::join(others, ", "),
                       lint.ports.size() > 4 ? " ..." : "");
  }
  fmt::print("  {:<8} {:<18} {}{}\n", name(lint.severity), lint.code, printable(lint.place), printable(more));
  fmt::print("           {}\n", printable(lint.text));
  if (!lint.cure.empty()) fmt::print("           cure: {}\n", printable(lint.cure));
}

}  // namespace

void print_text(const BreakoutSubject& subject, const std::vector<BreakoutChoice>& choices, bool one) {
  if (one) {
    print_one(subject, choices.front());
  } else {
    print_subject(subject);
    fmt::print("\n{}\n", bold(fmt::format("  {:<12}{:<13}{:<12}{:<13}{}", "mode", "verdict", "host lanes",
                                          "media lanes", "far ends; why")));
    for (const BreakoutChoice& c : choices) {
      const BreakoutChild& child = c.children.front();
      fmt::print("  {:<12}{:<13}{:<12}{:<13}{}\n", c.mode, name(c.verdict),
                 fmt::format("{} x {}", c.children.size(), child.host_lanes),
                 child.media_lanes == 0 ? "-" : fmt::format("{} x {}", c.children.size(), child.media_lanes),
                 because(c));
    }
    fmt::print("\n--mode shows one lane by lane.\n");
  }
  print_assumed(subject.assumed);
}

void print_text(const BreakoutSubject& s) {
  const catalog::FormFactor& form = *catalog::find_form_factor(s.cage->form_factor);
  fmt::print("{}: {}, {} lanes of up to {:g} Gb/s\n", s.cage->id, s.cage->summary, s.parent_lanes(),
             form.host_lane_rate_max_gbps->value);
  if (s.port != nullptr)
    fmt::print("{}: {}\n", s.device->id,
               s.port->power_max_w ? fmt::format("{:g} W a port", s.port->power_max_w->value)
                                   : "power of a port unknown");
  fmt::print("\n{}\n", bold("Modes that its lanes could carry; the module decides"));
  for (const auto& [lane, modes] : cage_modes(s))
    fmt::print("  {:>3}G a lane: {}\n", lane, fmt::join(modes, ", "));
  fmt::print("\n{}\n", bold("What fits"));
  for (const catalog::CageFit& fit : s.cage->fits)
    fmt::print("  {:<12}{:<5}{}\n", fit.form_factor, fit.fits ? "yes" : "no", fit.text);
  print_assumed(s.assumed);
}

std::vector<PortRow> port_rows(const SonicConfig& config, const SonicPlatform* platform) {
  std::vector<PortRow> out;
  for (const PortFamily& family : port_families(config, platform))
    for (const SonicConfigPort* child : family.children)
      out.push_back({child, platform == nullptr ? "" : family.name,
                     family.mode.empty() ? family.real_mode() : family.mode});
  std::set<const SonicConfigPort*> shown;
  for (const PortRow& row : out) shown.insert(row.port);
  for (const SonicConfigPort& port : config.ports) {
    if (!shown.contains(&port)) out.push_back({&port, "", ""});
  }
  std::stable_sort(out.begin(), out.end(), [](const PortRow& a, const PortRow& b) {
    return sonic_port_before(a.port->name, b.port->name);
  });
  return out;
}

void print_text(const std::vector<PortRow>& rows, const std::vector<BreakoutLint>& problems) {
  fmt::print("{} port{}\n", rows.size(), rows.size() == 1 ? "" : "s");
  std::size_t alias = 5, lane = 5;
  for (const PortRow& row : rows) {
    alias = std::max(alias, row.port->field("alias").size());
    lane = std::max(lane, row.port->field("lanes").size());
  }
  fmt::print("\n{}\n", bold(fmt::format("  {:<13}{:<{}}{:<{}}{:>8}{:>7}{:>9}  {:<6}{:<13}{}", "port", "alias",
                                        alias + 2, "lanes", lane + 2, "speed", "index", "subport", "fec",
                                        "parent", "mode")));
  for (const PortRow& row : rows) {
    const SonicConfigPort& p = *row.port;
    const std::string speed = p.speed_mbps() ? speed_text(*p.speed_mbps()) : "?";
    fmt::print("  {:<13}{:<{}}{:<{}}{:>8}{:>7}{:>9}  {:<6}{:<13}{}\n", printable(p.name),
               printable(p.field("alias")), alias + 2, printable(p.field("lanes")), lane + 2, speed,
               printable(p.field("index")), printable(p.field("subport")),
               p.field("fec").empty() ? "-" : printable(p.field("fec")), printable(row.parent),
               printable(row.mode));
  }
  if (!problems.empty()) fmt::print("\n{}\n", bold("Not expanded, or not read"));
  for (const BreakoutLint& lint : problems) print_lint(lint);
}

std::string to_csv(const std::vector<PortRow>& rows) {
  const std::vector<std::string> head{"port",    "alias", "lanes",  "speed_mbps", "index",
                                      "subport", "fec",   "parent", "mode"};
  std::string out = csv_line(head);
  for (const PortRow& row : rows) {
    std::vector<std::string> cells{row.port->name};
    for (const std::string_view key : {"alias", "lanes", "speed", "index", "subport", "fec"})
      cells.emplace_back(row.port->field(key));
    cells.push_back(row.parent);
    cells.push_back(row.mode);
    out += csv_line(cells);
  }
  return out;
}

void print_text(const SonicPlatform& platform, const std::string& only) {
  if (only.empty()) fmt::print("{} port{}\n", platform.ports.size(), platform.ports.size() == 1 ? "" : "s");
  for (const SonicPlatformPort& port : platform.ports) {
    if (!only.empty() && port.name != only) continue;
    fmt::print("{}{}  index {}, lanes {}\n", only.empty() ? "\n" : "", bold(printable(port.name)),
               printable(port.indexes.front()), printable(fmt::format("{}", fmt::join(port.lanes, ","))));
    for (const SonicListedMode& mode : port.modes) {
      const std::string read = read_as(mode);
      fmt::print("  {:<40} {}{}\n", printable(mode.text),
                 printable(fmt::format("{}", fmt::join(mode.aliases, ", "))),
                 read == mode.text ? "" : fmt::format("  (read as {})", read));
    }
  }
  if (!platform.problems.empty()) fmt::print("\n{}\n", bold("Not read"));
  for (const BreakoutLint& lint : platform.problems) print_lint(lint);
}

void print_text(const LintReport& report) {
  const int errors = report.count(LintSeverity::error);
  const auto counted = [&](LintSeverity severity) {
    const int n = report.count(severity);
    return fmt::format("{} {}{}", n, name(severity), n == 1 ? "" : "s");
  };
  fmt::print("{}  {}, {}, {}\n", verdict(errors == 0), counted(LintSeverity::error),
             counted(LintSeverity::warning), counted(LintSeverity::note));
  for (const std::string& what : report.checked) fmt::print("  {}\n", printable(what));
  if (!report.lints.empty()) fmt::print("\n");
  for (const BreakoutLint& lint : report.lints) print_lint(lint);
  print_assumed(report.assumed);
}

}  // namespace lightlane::cli
