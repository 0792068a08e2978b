#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "lightlane/base/error.hpp"
#include "lightlane/plan/breakout/breakout_lints.hpp"

namespace lightlane::plan {
namespace {

using namespace catalog;

constexpr long pam4_from_mbps = 50000;  ///< MAC rate of a lane

void add(std::vector<BreakoutLint>& out, const PortFamily& family, LintSeverity severity,
         std::string_view code, const std::string& port, std::string text, std::string cure = "") {
  out.push_back({severity, code, family.file + ": " + port, std::move(text), std::move(cure), {port}});
}

long lane_mbps(const SonicConfigPort& port) {
  const auto lanes = static_cast<long>(port.lanes().size());
  return lanes == 0 ? 0 : port.speed_mbps().value_or(0) / lanes;
}

/// Host lanes as switch software reckons them from the subport: [first, first + count).
struct Reckoned {
  const SonicConfigPort* port;
  int subport, first, count;
  bool overlaps(const Reckoned& other) const {
    return first < other.first + other.count && other.first < first + count;
  }
};

std::vector<Reckoned> reckoned(const PortFamily& family) {
  std::vector<Reckoned> out;
  for (const SonicConfigPort* child : family.children) {
    const int count = static_cast<int>(child->lanes().size());
    const int subport = std::min(child->subport().value_or(0), 1000);
    out.push_back({child, subport, count * (subport == 0 ? 0 : subport - 1), count});
  }
  return out;
}

/// "1, 2, 3, 4": the subports that fit the lanes; empty where none do.
std::string right_subports(const PortFamily& family) {
  std::vector<int> out;
  for (const SonicConfigPort* child : family.children) {
    const int count = static_cast<int>(child->lanes().size());
    const int offset = family.offset(*child).value_or(count * static_cast<int>(out.size()));
    if (count == 0 || offset % count != 0) return "";
    out.push_back(offset / count + 1);
  }
  return fmt::format("{}", fmt::join(out, ", "));
}

std::string mask_text(const Reckoned& r) {
  if (r.count == 0 || r.first + r.count > 32) return "lanes that no module has";
  return fmt::format("0x{:X}", ((1ull << r.count) - 1) << r.first);
}

struct FecRule {
  std::string_view fec;
  long lane_mbps, speed_mbps;
};

/// What the FEC of a child must be, with a module whose type is known.
void lint_fec_of_module(const PortFamily& family, const SonicConfigPort& child,
                        const BreakoutSubject& subject, const FecRule& is, std::vector<BreakoutLint>& out) {
  const Module& module = *subject.module;
  if (module.fec_in_module) {
    if (is.fec == "rs" || is.fec == "fc")
      add(out, family, LintSeverity::error, "FEC_IN_MODULE", child.name,
          fmt::format("has fec {}, and {} ends the FEC of the line itself: the host must run none", is.fec,
                      module.id),
          "fec none");
    return;
  }
  const bool whole = family.children.size() == 1 && is.speed_mbps == 1000l * subject.pmd->rate_gbps;
  if (!whole) return;
  if (subject.pmd->fec.kind == FecKind::kr4 && is.fec != "rs") {
    add(out, family, is.fec == "none" ? LintSeverity::error : LintSeverity::warning, "FEC_MISSING",
        child.name,
        fmt::format("has {}, and {} needs RS(528,514) on the host",
                    is.fec.empty() ? "no fec" : fmt::format("fec {}", is.fec), subject.pmd->id),
        "fec rs at both ends");
  } else if (subject.pmd->fec.kind == FecKind::none && is.fec == "rs") {
    add(out, family, LintSeverity::warning, "FEC_NOT_NEEDED", child.name,
        fmt::format("has fec rs, and {} needs none: the link comes up only where the far end has it, too",
                    subject.pmd->id),
        "fec none at both ends");
  }
}

void lint_cage_rate(const PortFamily& family, const BreakoutSubject& subject,
                    std::vector<BreakoutLint>& out) {
  const FormFactor* form = subject.cage == nullptr ? nullptr : find_form_factor(subject.cage->form_factor);
  if (form == nullptr || !form->host_lane_rate_max_gbps) return;
  const double line = form->host_lane_rate_max_gbps->value;
  for (const SonicConfigPort* child : family.children) {
    const double lane = static_cast<double>(lane_mbps(*child)) / 1000;
    if (lane <= line) continue;
    add(out, family, LintSeverity::error, "LANE_RATE", child->name,
        fmt::format("{:g}G on a lane, {} has lanes of {:g} Gb/s", lane, subject.cage->id, line));
  }
}

void lint_switch_port(const PortFamily& family, BreakoutSubject& subject, std::vector<BreakoutLint>& out) {
  if (subject.device == nullptr || family.children.empty()) return;
  const auto index = family.children.front()->index();
  subject.port = index ? subject.device->port(*index) : nullptr;
  if (subject.port == nullptr) {
    subject.cage = nullptr;
    add(out, family, LintSeverity::note, "NOT_IN_SWITCH", family.name,
        fmt::format("has index {}, which is no port of {} in the catalogue",
                    family.children.front()->field("index"), subject.device->id));
    return;
  }
  subject.cage = find_cage(subject.port->cage);
  long sum = 0;
  for (const SonicConfigPort* child : family.children) sum += child->speed_mbps().value_or(0);
  if (subject.port->rate_gbps && static_cast<double>(sum) > 1000 * subject.port->rate_gbps->value &&
      subject.module == nullptr)
    add(out, family, LintSeverity::error, "PORT_RATE", family.name,
        fmt::format("{:g}G in a port of {:g}G of {}", static_cast<double>(sum) / 1000,
                    subject.port->rate_gbps->value, subject.device->id));
}

/// Whether the module may be plugged into this port at all.
bool has_room(const PortFamily& family, const BreakoutSubject& subject) {
  return family.lanes() >= subject.host_lanes() || family.parent == nullptr;
}

/// Each cage, with what is plugged. `kept`: where one port is asked for, its parent and all of its children.
void lint_families(const LintQuestion& q, const SonicConfig& config, LintReport& report,
                   std::vector<std::string>& kept, std::vector<BreakoutLint>& out) {
  const std::vector<PortFamily> families = port_families(config, q.platform);
  lint_ports(config, q.platform, families, out);
  int with_module = 0;
  for (const PortFamily& family : families) {
    const bool wanted = q.only.empty() || family.name == q.only ||
                        std::any_of(family.children.begin(), family.children.end(),
                                    [&](const SonicConfigPort* child) { return child->name == q.only; });
    if (wanted && !q.only.empty()) {
      kept.push_back(family.name);
      for (const SonicConfigPort* child : family.children) kept.push_back(child->name);
    }
    lint_subports(family, out);
    BreakoutSubject subject = q.subject && wanted ? *q.subject : BreakoutSubject();
    if (q.only.empty() && !has_room(family, subject)) subject.module = nullptr;
    lint_switch_port(family, subject, out);
    lint_cage_rate(family, subject, out);
    lint_fec(family, &subject, out);
    lint_module(family, subject, out);
    with_module += subject.module != nullptr;
  }
  if (!q.subject || q.subject->module == nullptr || !q.only.empty()) return;
  report.assumed.push_back(
      {fmt::format("{} in {} port{}", q.subject->module->id, with_module, with_module == 1 ? "" : "s"),
       std::nullopt,
       "",
       {},
       "every port with as many lanes; --port names one"});
}

void keep_only(const std::string& only, const std::vector<std::string>& kept,
               std::vector<BreakoutLint>& out) {
  if (kept.empty())
    throw ConfigError({"--port", fmt::format("'{}' is no port of these files", only), "", ""});
  std::erase_if(out, [&](const BreakoutLint& lint) {
    return std::none_of(lint.ports.begin(), lint.ports.end(), [&](const std::string& port) {
      return std::find(kept.begin(), kept.end(), port) != kept.end();
    });
  });
}

}  // namespace

void lint_subports(const PortFamily& family, std::vector<BreakoutLint>& out) {
  const std::vector<Reckoned> all = reckoned(family);
  const bool pam4 =
      std::any_of(family.children.begin(), family.children.end(),
                  [](const SonicConfigPort* child) { return lane_mbps(*child) >= pam4_from_mbps; });
  const LintSeverity severity = pam4 ? LintSeverity::error : LintSeverity::warning;
  std::vector<std::string> names, subports, masks;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bool hit = std::any_of(all.begin(), all.end(), [&](const Reckoned& other) {
      return other.port != all[i].port && all[i].overlaps(other);
    });
    if (!hit) continue;
    names.push_back(all[i].port->name);
    subports.push_back(all[i].port->field("subport").empty() ? "none" : fmt::format("{}", all[i].subport));
    masks.push_back(mask_text(all[i]));
  }
  const std::string right = right_subports(family);
  if (!names.empty()) {
    out.push_back(
        {severity, "SUBPORT_COLLISION", family.file + ": " + names.front(),
         fmt::format(
             "{} have subports {}: for these, switch software sets host lanes {} of a CMIS module, and "
             "one port comes up at most",
             fmt::join(names, ", "), fmt::join(subports, ", "), fmt::join(masks, ", ")),
         right.empty() ? "children of equal width, with subports by their lanes"
                       : fmt::format("subports {} in the order of the lanes", right),
         names});
    return;
  }
  for (const Reckoned& r : all) {
    const auto offset = family.offset(*r.port);
    if (!offset || *offset == r.first) continue;
    const std::string cure = r.count > 0 && *offset % r.count == 0
                                 ? fmt::format("subport {}", *offset / r.count + 1)
                                 : "children of equal width";
    add(out, family, severity, "SUBPORT_LANES", r.port->name,
        fmt::format("has subport {} and {} lane{}: switch software takes it to begin at host lane {}, it "
                    "begins at {}",
                    r.subport, r.count, r.count == 1 ? "" : "s", r.first + 1, *offset + 1),
        cure);
  }
}

void lint_fec(const PortFamily& family, const BreakoutSubject* subject, std::vector<BreakoutLint>& out) {
  for (const SonicConfigPort* child : family.children) {
    const FecRule is{child->field("fec"), lane_mbps(*child), child->speed_mbps().value_or(0)};
    if (is.lane_mbps == 0) continue;
    if (is.lane_mbps >= pam4_from_mbps) {
      if (is.fec == "none" || is.fec == "fc")
        add(out, family, LintSeverity::error, "FEC_MISSING", child->name,
            fmt::format("has fec {} at {} on a lane: PAM4 lanes need RS(544,514) on the host", is.fec,
                        speed_text(is.lane_mbps)),
            "fec rs");
      else if (is.fec.empty())
        add(out, family, LintSeverity::warning, "FEC_DEFAULT", child->name,
            fmt::format("has no fec at {} on a lane: it is left to the driver, SONiC's rule is rs",
                        speed_text(is.lane_mbps)),
            "fec rs");
    } else if (is.fec == "rs" && is.lane_mbps < 25000) {
      add(out, family, LintSeverity::error, "FEC_RATE", child->name,
          fmt::format("has fec rs at {} on a lane, where there is none", speed_text(is.lane_mbps)),
          "fec none");
    } else if (subject != nullptr && subject->module != nullptr) {
      lint_fec_of_module(family, *child, *subject, is, out);
    } else if (is.fec == "rs" && is.speed_mbps == 100000) {
      add(out, family, LintSeverity::note, "FEC_DEPENDS", child->name,
          "has fec rs on 25G lanes: right for SR4, CWDM4 and PSM4; wrong for a QSFP28 of DR, FR1 or LR1, "
          "which ends "
          "the FEC itself",
          "--module says what is plugged");
    }
  }
}

void lint_module(const PortFamily& family, const BreakoutSubject& subject, std::vector<BreakoutLint>& out) {
  const std::string real = family.real_mode();
  if (real.empty() || subject.module == nullptr) return;
  BreakoutChoice choice;
  std::string mode;
  try {
    BreakoutMode parsed = parse_breakout_mode(real, family.name);
    choice = breakout_choice(subject, parsed);
    if (parsed.parts.size() == 1 && parsed.parts.front().lanes == family.lanes())
      parsed.parts.front().lanes.reset();
    mode = to_string(parsed);
  } catch (const ConfigError& error) {
    add(out, family, LintSeverity::error, "MODULE_MODE", family.name, error.detail().problem);
    return;
  }
  for (const BreakoutReason& reason : choice.reasons) {
    if (reason.code == "SUBPORT_LANES") continue;  // the subports themselves are looked at
    const LintSeverity severity = reason.verdict == BreakoutVerdict::no            ? LintSeverity::error
                                  : reason.verdict == BreakoutVerdict::conditional ? LintSeverity::warning
                                                                                   : LintSeverity::note;
    add(out, family, severity, reason.code, family.name, fmt::format("{}: {}", mode, reason.text),
        reason.cure);
  }
}

int LintReport::count(LintSeverity severity) const noexcept {
  return static_cast<int>(std::count_if(lints.begin(), lints.end(),
                                        [&](const BreakoutLint& lint) { return lint.severity == severity; }));
}

LintReport lint_breakouts(const LintQuestion& q) {
  if (q.hwsku != nullptr && q.platform == nullptr)
    throw ConfigError({"--hwsku", "says nothing without the ports of the platform", "--platform FILE", ""});
  LintReport report;
  std::vector<BreakoutLint> out;
  std::vector<std::string> kept;
  if (q.platform != nullptr) {
    lint_platform(*q.platform, out);
    report.checked.push_back(fmt::format("{} ports of {}", q.platform->ports.size(), q.platform->file));
    if (q.platform->port(q.only) != nullptr) kept.push_back(q.only);
  }
  SonicConfig expanded;
  const SonicConfig* config = q.config;
  if (q.hwsku != nullptr) {
    lint_hwsku(*q.hwsku, *q.platform, out);
    expanded = expand_sonic(*q.platform, *q.hwsku).config;
    report.checked.push_back(fmt::format("{} entries of {}, expanded into {} ports", q.hwsku->ports.size(),
                                         q.hwsku->file, expanded.ports.size()));
    if (config != nullptr) out.insert(out.end(), expanded.problems.begin(), expanded.problems.end());
    if (config == nullptr) config = &expanded;
  }
  if (q.config != nullptr)
    report.checked.push_back(fmt::format("{} ports of {}", config->ports.size(), config->file));
  if (q.subject) report.assumed = q.subject->assumed;
  if (config != nullptr) lint_families(q, *config, report, kept, out);
  if (!q.only.empty()) keep_only(q.only, kept, out);
  report.lints = gathered(std::move(out));
  return report;
}

}  // namespace lightlane::plan
