#include "lightlane/plan/breakout/module_modes.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>

#include "lightlane/base/error.hpp"
#include "lightlane/plan/breakout/breakout_partners.hpp"

namespace lightlane::plan {
namespace {

using namespace catalog;

/// SFF-8024, host electrical interface codes (SFF, SFF2, FBOSS: sure).
constexpr HostInterface host_interfaces[] = {
    {"0x0B", "CAUI-4", 100, 4},
    {"0x41", "CAUI-4 without FEC", 100, 4},
    {"0x42", "CAUI-4 with RS(528,514)", 100, 4},
    {"0x0D", "100GAUI-2", 100, 2},
    {"0x0F", "200GAUI-4", 200, 4},
    {"0x11", "400GAUI-8", 400, 8},
    {"0x4B", "100GAUI-1-S", 100, 1},
    {"0x4C", "100GAUI-1-L", 100, 1},
    {"0x4D", "200GAUI-2-S", 200, 2},
    {"0x4E", "200GAUI-2-L", 200, 2},
    {"0x4F", "400GAUI-4-S", 400, 4},
    {"0x50", "400GAUI-4-L", 400, 4},
    {"0x51", "800GAUI-8-S", 800, 8},
    {"0x52", "800GAUI-8-L", 800, 8},
    {"0x55", "1.6TAUI-16-S", 1600, 16},
    {"0x56", "1.6TAUI-16-L", 1600, 16},
    {"0x80", "200GAUI-1", 200, 1},
    {"0x81", "400GAUI-2", 400, 2},
    {"0x82", "800GAUI-4", 800, 4},
    {"0x83", "1.6TAUI-8", 1600, 8},
};

unsigned bits_of(std::string_view code) {
  unsigned out = 0;
  if (code.starts_with("0x")) std::from_chars(code.data() + 2, code.data() + code.size(), out, 16);
  return out;
}

std::uint32_t mask(int lanes, int first) {
  if (first > 32) return 0;
  return ((lanes >= 32 ? 0 : 1u << lanes) - 1) << (first - 1);
}

/// One question about one mode; each step adds what it finds.
class Judge {
 public:
  Judge(const BreakoutSubject& subject, const BreakoutMode& mode) : s_(subject), mode_(mode) {
    out_.mode = mode.text;
  }

  BreakoutChoice run() {
    place_children();
    host_lanes();
    if (out_.verdict != BreakoutVerdict::no) media_lanes();
    if (out_.verdict != BreakoutVerdict::no) {
      parting();
      advertised();
      subports();
    }
    cage_and_port();
    out_.partners = out_.verdict == BreakoutVerdict::no ? std::vector<BreakoutPartner>()
                                                        : breakout_partners(s_, out_.children);
    far_end();
    fec();
    cables();
    return std::move(out_);
  }

 private:
  void say(BreakoutVerdict verdict, std::string_view code, std::string text, std::string cure = "") {
    out_.verdict = std::max(out_.verdict, verdict);
    out_.reasons.push_back({{code, std::move(text), std::move(cure)}, verdict});
  }
  bool broken_out() const { return out_.children.size() > 1; }

  /// Host lanes in order, as SONiC deals them.
  void place_children() {
    int lane = 1;
    for (const BreakoutPart& part : mode_.parts) {
      const int lanes = part.lanes.value_or(s_.parent_lanes());
      if (part.ports == 0 || lanes / part.ports == 0) {
        throw ConfigError({"--mode",
                           fmt::format("'{}' has {} ports on {} lanes", mode_.text, part.ports, lanes),
                           fmt::format("1 to {} ports", lanes), ""});
      }
      if (out_.children.size() + static_cast<std::size_t>(part.ports) > 64)
        throw ConfigError({"--mode", fmt::format("'{}' has more than 64 ports", mode_.text), "1 to 64", ""});
      for (int i = 0; i < part.ports; ++i, lane += lanes / part.ports) {
        BreakoutChild child;
        child.number = static_cast<int>(out_.children.size()) + 1;
        child.rate_gbps = static_cast<double>(part.speed_mbps) / 1000;
        child.first_host_lane = lane;
        child.host_lanes = lanes / part.ports;
        out_.children.push_back(child);
      }
    }
    lanes_used_ = lane - 1;
    for (BreakoutChild& child : out_.children)
      if (lanes_used_ <= 32) child.host_mask = mask(child.host_lanes, child.first_host_lane);
  }

  void host_lanes() {
    if (s_.host_lanes() == 0) {
      say(BreakoutVerdict::unknown, "HOST_LANES",
          fmt::format("the host lanes of {} are not known", s_.module->id));
      return;
    }
    if (lanes_used_ > s_.host_lanes()) {
      say(BreakoutVerdict::no, "HOST_LANES",
          fmt::format("needs {} host lanes, {} has {}", lanes_used_, s_.module->id, s_.host_lanes()),
          narrower());
    }
    const int lane_gbps = s_.host_lane_gbps();
    for (const BreakoutChild& child : out_.children) {
      if (lane_gbps == 0 || child.rate_gbps <= child.host_lanes * lane_gbps) continue;
      say(BreakoutVerdict::no, "HOST_RATE",
          fmt::format("{:g}G on {} host lane{} of {}G", child.rate_gbps, child.host_lanes,
                      child.host_lanes == 1 ? "" : "s", lane_gbps));
      break;
    }
  }

  /// The same ports on the lanes that the module has; empty where these are too few or too slow.
  std::string narrower() const {
    if (mode_.parts.size() != 1) return "";
    BreakoutMode less = mode_;
    BreakoutPart& part = less.parts.front();
    part.lanes = s_.host_lanes();
    if (part.speed_mbps * part.ports > 1000l * s_.host_lanes() * s_.host_lane_gbps()) return "";
    return fmt::format("{}: the port set to the module's lanes", to_string(less));
  }

  /// The application that a child would run; by lanes and rate.
  const ModuleApplication* application(const BreakoutChild& child) const {
    for (const ModuleApplication& a : s_.module->applications) {
      const HostInterface* host = host_interface(a.host_id);
      if (host != nullptr && host->rate_gbps == child.rate_gbps && a.host_lanes == child.host_lanes)
        return &a;
    }
    return nullptr;
  }

  void media_lanes() {
    const int all = s_.media_lanes();
    if (all == 0)
      return say(BreakoutVerdict::unknown, "MEDIA_LANES",
                 fmt::format("the lanes of {} are not known", s_.pmd->id));
    for (BreakoutChild& child : out_.children) child.application = application(child);
    if (one_mux()) return;
    int lane = 1;
    for (BreakoutChild& child : out_.children) {
      if (child.application == nullptr && (child.host_lanes * all) % std::max(1, s_.host_lanes()) != 0) {
        return say(BreakoutVerdict::no, "MEDIA_LANES",
                   broken_out() ? fmt::format("{} children on {} media lane{}", out_.children.size(), all,
                                              all == 1 ? "" : "s")
                                : fmt::format("{} of {} host lanes are no whole media lane of {}",
                                              child.host_lanes, s_.host_lanes(), all));
      }
      child.media_lanes = child.application != nullptr
                              ? child.application->media_lanes
                              : child.host_lanes * all / std::max(1, s_.host_lanes());
      child.first_media_lane = lane;
      child.media_mask = mask(child.media_lanes, lane);
      lane += child.media_lanes;
    }
    if (lane - 1 > all) {
      return say(BreakoutVerdict::no, "MEDIA_LANES",
                 fmt::format("needs {} media lanes of {}", lane - 1, all));
    }
    for (BreakoutChild& child : out_.children) place_fibres(child);
  }

  /// More children than fibre pairs: whether wavelengths share a pair, or one signal carries them all.
  bool one_mux() {
    const int pairs = s_.fibre_pairs(), children = static_cast<int>(out_.children.size());
    if (!broken_out() || pairs == 0 || children <= pairs) return false;
    if (s_.media_lanes() > pairs) {
      wdm_mux();
      return true;
    }
    const ModuleApplication* a = out_.children.front().application;
    const auto& own = s_.pmd->cmis.media_ids;
    if (a == nullptr || std::find(own.begin(), own.end(), a->media_id) == own.end()) return false;
    say(BreakoutVerdict::conditional, "MUXED",
        fmt::format("the children travel as one {} signal and part at the far module alone", s_.pmd->id),
        "the same module, in the same mode, at the far end");
    return true;
  }

  void wdm_mux() {
    const bool has = out_.children.front().application != nullptr;
    say(BreakoutVerdict::no, "WDM_MUX",
        fmt::format("{} sends {} wavelengths over one fibre pair: no harness parts them{}", s_.pmd->id,
                    s_.media_lanes() / s_.fibre_pairs(),
                    has ? ", although the module advertises such an application" : ""),
        has ? "two such modules, both broken out, over the one pair; else a parallel type such as DR4"
            : "a parallel type such as DR4 or SR8");
  }

  void place_fibres(BreakoutChild& child) const {
    const Pmd& pmd = *s_.pmd;
    if (pmd.lanes <= 0 || pmd.single_fibre_bidirectional) return;
    for (int i = 0; i < child.media_lanes; ++i) {
      const int lane = child.first_media_lane + i;
      MediaFibre fibre{lane, (lane - 1) / pmd.lanes + 1, 0, 0};
      if (pmd.connector == PmdConnector::lc_duplex) {
        fibre.tx_position = 1;
        fibre.rx_position = 2;
      } else if ((pmd.connector == PmdConnector::mpo12 || pmd.connector == PmdConnector::mpo16) &&
                 pmd.fibre_count == 2 * pmd.lanes) {
        fibre.tx_position = (lane - 1) % pmd.lanes + 1;
        fibre.rx_position = positions(pmd.connector) + 1 - fibre.tx_position;
      } else {
        return;
      }
      child.fibres.push_back(fibre);
    }
  }

  /// Children whose lanes share a fibre cannot go different ways.
  void parting() {
    if (!broken_out() || s_.fibre_pairs() == 0) return;
    const int each = std::max(1, s_.media_lanes() / s_.fibre_pairs());
    const bool parted =
        std::all_of(out_.children.begin(), out_.children.end(), [&](const BreakoutChild& child) {
          return child.media_lanes == 0 ||
                 ((child.first_media_lane - 1) % each == 0 && child.media_lanes % each == 0);
        });
    if (!parted) wdm_mux();
  }

  bool begins_where_allowed(const BreakoutChild& child) const {
    const unsigned allowed = bits_of(child.application->host_assignment);
    return allowed == 0 || ((allowed >> (child.first_host_lane - 1)) & 1) != 0;
  }

  void advertised() {
    const auto none = std::find_if(out_.children.begin(), out_.children.end(),
                                   [](const BreakoutChild& c) { return c.application == nullptr; });
    const auto misplaced = std::find_if(
        out_.children.begin(), out_.children.end(),
        [&](const BreakoutChild& c) { return c.application != nullptr && !begins_where_allowed(c); });
    if (misplaced != out_.children.end()) {
      say(BreakoutVerdict::no, "ASSIGNMENT",
          fmt::format("child {} would begin at host lane {}; the module allows its application at mask {}",
                      misplaced->number, misplaced->first_host_lane,
                      misplaced->application->host_assignment));
    }
    if (none == out_.children.end()) return;
    const bool whole = !broken_out() && none->rate_gbps == s_.pmd->rate_gbps;
    const bool known = !breakout_partners(s_, out_.children).empty();
    if (!s_.module->applications.empty()) {
      say(BreakoutVerdict::no, "NOT_ADVERTISED",
          fmt::format("{} advertises no application of {:g}G on {} host lane{}", s_.module->id,
                      none->rate_gbps, none->host_lanes, none->host_lanes == 1 ? "" : "s"),
          known ? "a module that advertises it" : "");
    } else if (!whole) {
      say(known ? BreakoutVerdict::conditional : BreakoutVerdict::unknown, "NOT_ADVERTISED",
          fmt::format("which applications {} advertises is not known", s_.module->id),
          fmt::format("see that it advertises {:g}G on {} host lanes", none->rate_gbps, none->host_lanes));
    }
  }

  /// Switch software reckons the lanes of a child from its subport and its own number of lanes.
  void subports() {
    if (!broken_out()) return;
    for (const BreakoutChild& child : out_.children) {
      const int reckoned = child.host_lanes * (child.number - 1) + 1;
      if (reckoned == child.first_host_lane) continue;
      say(BreakoutVerdict::conditional, "SUBPORT_LANES",
          fmt::format(
              "switch software takes subport {} of {} lanes to begin at host lane {}; it begins at {}",
              child.number, child.host_lanes, reckoned, child.first_host_lane),
          "children of equal width, or switch software that knows of mixed modes");
      return;
    }
  }

  void cage_and_port() {
    if (s_.cage != nullptr) {
      const CageFit* fit = s_.cage->fit(s_.module->form_factor);
      if (fit == nullptr) {
        say(BreakoutVerdict::unknown, "CAGE",
            fmt::format("whether {} fits {} is not known", s_.module->form_factor, s_.cage->id));
      } else if (!fit->fits) {
        say(BreakoutVerdict::no, "CAGE",
            fmt::format("{} does not fit {}: {}", s_.module->form_factor, s_.cage->id, fit->text));
      }
    }
    if (s_.port == nullptr) return;
    double rate = 0;
    for (const BreakoutChild& child : out_.children) rate += child.rate_gbps;
    if (s_.port->rate_gbps && rate > s_.port->rate_gbps->value) {
      say(BreakoutVerdict::no, "PORT_RATE",
          fmt::format("{:g}G in a port of {:g}G of {}", rate, s_.port->rate_gbps->value, s_.device->id));
    }
    const Limit needs = module_power_max(*s_.module), gives = s_.port->power_max_w;
    if (needs && gives && needs->value > gives->value) {
      say(BreakoutVerdict::no, "POWER",
          fmt::format("{} draws up to {:g} W, the port gives {:g} W", s_.module->id, needs->value,
                      gives->value),
          "a port of the switch that gives more, or another module");
    }
  }

  void far_end() {
    if (s_.far == nullptr || out_.verdict == BreakoutVerdict::no) return;
    for (const BreakoutChild& child : out_.children) {
      if (child.rate_gbps == s_.far->rate_gbps) continue;
      say(BreakoutVerdict::no, "FAR_RATE",
          fmt::format("child {} has {:g}G, {} has {}G", child.number, child.rate_gbps, s_.far->id,
                      s_.far->rate_gbps));
      return;
    }
    const auto known = std::find_if(out_.partners.begin(), out_.partners.end(),
                                    [&](const BreakoutPartner& p) { return p.pmd == s_.far; });
    if (known != out_.partners.end()) {
      if (!known->remark.empty())
        say(BreakoutVerdict::conditional, "FAR_END", fmt::format("{}: {}", s_.far->id, known->remark));
      return;
    }
    std::vector<std::string> names;
    for (const BreakoutPartner& p : out_.partners) names.push_back(p.name);
    const bool alike = s_.far->modulation == s_.pmd->modulation &&
                       s_.far->lane_rate_gbd == s_.pmd->lane_rate_gbd && s_.far->fibre == s_.pmd->fibre &&
                       s_.far->lanes == out_.children.front().media_lanes;
    const auto signal = [](const Pmd& pmd) {
      return pmd.lane_rate_gbd > 0 ? fmt::format("{} x {:g} GBd {}", pmd.lanes, pmd.lane_rate_gbd,
                                                 catalog::name(pmd.modulation))
                                   : std::string("unknown");
    };
    say(alike ? BreakoutVerdict::conditional : BreakoutVerdict::no, "FAR_END",
        fmt::format("{} ({}) is no known far end of {} ({}){}", s_.far->id, signal(*s_.far), s_.pmd->id,
                    signal(*s_.pmd), names.empty() ? "" : fmt::format(": {}", fmt::join(names, ", "))),
        alike ? "a budget in both directions: lightlane budget"
              : "a far end of those; lightlane interop says more of two types");
  }

  void fec() {
    const double lane = out_.children.front().rate_gbps / out_.children.front().host_lanes;
    const bool own = s_.module->fec_in_module && s_.host_lane_gbps() <= 25;
    const Pmd* line = broken_out() ? nullptr : s_.pmd;
    for (const BreakoutPartner& p : out_.partners)
      if (line == nullptr) line = p.pmd;
    out_.host_fec = breakout_host_fec(lane, own, line);
    if (s_.far_module != nullptr && s_.far_module->fec_in_module) {
      out_.far_fec = fmt::format("none: {} ends the FEC itself", s_.far_module->id);
    } else if (line != nullptr && line->fec.kind == FecKind::kp4_clause91) {
      out_.far_fec =
          "rs, RS(544,514), where the far host's lanes have 50 or 100 Gb/s; none where it has a QSFP28, "
          "which ends the FEC itself";
    } else {
      out_.far_fec = out_.host_fec;
    }
  }

  void cables() {
    if (s_.cable != nullptr) {
      out_.chosen_cable = breakout_cable(s_, *s_.cable, out_.children);
      for (const Reason& r : out_.chosen_cable->faults) say(BreakoutVerdict::no, r.code, r.text, r.cure);
      for (const Reason& r : out_.chosen_cable->conditions)
        say(BreakoutVerdict::conditional, r.code, r.text, r.cure);
    }
    if (out_.verdict == BreakoutVerdict::no || !broken_out()) return;
    for (const Cable& cable : catalog::cables()) {
      if (cable.kind != CableKind::harness) continue;
      BreakoutCable fit = breakout_cable(s_, cable, out_.children);
      if (fit.faults.empty() && fit.conditions.empty() && meets_partners(cable))
        out_.harnesses.push_back(std::move(fit));
    }
  }

  /// The connector at its legs is that of a known far end.
  bool meets_partners(const Cable& cable) const {
    bool any = false;
    for (const BreakoutPartner& p : out_.partners) {
      if (p.pmd == nullptr) continue;
      if (p.pmd->connector == cable.b.connector) return true;
      any = true;
    }
    return !any;
  }

  const BreakoutSubject& s_;
  const BreakoutMode& mode_;
  BreakoutChoice out_;
  int lanes_used_ = 0;
};

/// Modes that lanes and applications suggest, as texts, the widest ports first.
std::vector<std::string> suggested(const BreakoutSubject& s) {
  std::vector<std::string> out;
  const int lanes = s.host_lanes(), rate = s.host_lane_gbps();
  const std::string suffix = s.parent_lanes() > lanes ? fmt::format("({})", lanes) : "";
  const auto add = [&](std::string text) {
    if (std::find(out.begin(), out.end(), text) == out.end()) out.push_back(std::move(text));
  };
  if (s.ports() == 1 && rate * lanes != s.pmd->rate_gbps)
    add(fmt::format("1x{}G{}", s.pmd->rate_gbps, suffix));
  for (int n = 1; n <= lanes; n *= 2)
    if (lanes % n == 0 && rate > 0) add(fmt::format("{}x{}G{}", n, rate * lanes / n, suffix));
  for (const ModuleApplication& a : s.module->applications) {
    const HostInterface* host = host_interface(a.host_id);
    if (host == nullptr || a.host_lanes <= 0) continue;
    const int n = std::max(1, std::popcount(bits_of(a.host_assignment)));
    const int used = n * a.host_lanes;
    add(fmt::format("{}x{}G{}", n, host->rate_gbps,
                    used == s.parent_lanes() ? "" : fmt::format("({})", used)));
  }
  for (const std::string& mode : slower_modes(s)) add(mode);
  return out;
}

}  // namespace

std::string_view name(BreakoutVerdict verdict) noexcept {
  constexpr std::string_view words[] = {"possible", "conditional", "unknown", "no"};
  return words[static_cast<int>(verdict)];
}

const HostInterface* host_interface(std::string_view code) noexcept {
  for (const HostInterface& h : host_interfaces)
    if (h.code == code) return &h;
  return nullptr;
}

BreakoutChoice breakout_choice(const BreakoutSubject& subject, const BreakoutMode& mode) {
  if (subject.module == nullptr || subject.pmd == nullptr)
    throw ConfigError(
        {"module", "is missing", "a module or a PMD", "see lightlane catalog list --kind module"});
  return Judge(subject, mode).run();
}

std::vector<BreakoutChoice> breakout_choices(const BreakoutSubject& subject) {
  if (subject.module == nullptr || subject.pmd == nullptr)
    throw ConfigError(
        {"module", "is missing", "a module or a PMD", "see lightlane catalog list --kind module"});
  std::vector<BreakoutChoice> out;
  for (const std::string& text : suggested(subject))
    out.push_back(breakout_choice(subject, parse_breakout_mode(text, "mode")));
  return out;
}

}  // namespace lightlane::plan
