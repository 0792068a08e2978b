#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "cli/plan/answer_report.hpp"
#include "cli/plan/power_report.hpp"
#include "cli/terminal.hpp"

namespace lightlane::cli {
namespace {

using plan::PowerAnswer;

std::string upper(std::string_view word) {
  std::string out(word);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return out;
}

std::string number(const std::optional<double>& value, int digits = 1) {
  return value ? fmt::format("{:.{}f}", *value, digits) : "?";
}

void row(std::string_view what, const std::optional<double>& value, std::string_view unit,
         const std::string& detail = "", int digits = 1) {
  fmt::print("  {:<38}{:>10} {:<8}{}{}\n", what, number(value, digits), unit, detail.empty() ? "" : "  ",
             detail);
}

void print_title(const PowerAnswer& a) {
  const bool plain = a.verdict == plan::Verdict::pass || a.verdict == plan::Verdict::fail;
  fmt::print("{}  {} of {} port{} with modules, {} W of optics",
             plain ? verdict(a.verdict == plan::Verdict::pass) : upper(plan::name(a.verdict)), a.populated,
             a.ports, a.ports == 1 ? "" : "s", number(a.optics_w));
  if (a.wall_w) fmt::print(", {} W at the wall", number(a.wall_w, 0));
  if (!a.slots.empty())
    fmt::print(", hottest case about {:.0f} C at port {}", a.slots[a.hottest].case_c,
               a.slots[a.hottest].port);
  fmt::print(
      "\n  power rests on figures of which the weakest is {}; temperatures on a calibration that is "
      "unverified\n",
      catalog::name(a.confidence));
  if (!a.unknown.empty()) fmt::print("\n{}\n", bold("Unknown"));
  for (const std::string& what : a.unknown) fmt::print("  {}\n", what);
}

void print_split(const char* title, const plan::ComponentSplit& s) {
  const auto watts = [](double low, double high) {
    return low == high ? fmt::format("{:.2f}", low) : fmt::format("{:.2f} .. {:.2f}", low, high);
  };
  fmt::print("  {}: {} W ({}; {})\n", title, watts(s.low_w(), s.high_w()), catalog::name(s.confidence),
             s.source);
  for (const plan::ComponentWatts& part : s.parts)
    fmt::print("    {:<36}{:>14} W\n", part.name, watts(part.low_w, part.high_w));
}

void print_module(const plan::ModuleWatts& m) {
  fmt::print("{}\n", bold(fmt::format("Module {}, {}", m.module->id, m.module->pmd)));
  const auto figure = [&](std::string_view what, const std::optional<catalog::Value>& v) {
    std::string detail;
    if (v) {
      detail = fmt::format("{}, {}", catalog::name(v->confidence), v->source);
      if (const auto bit = plan::mw_per_gbps(v->value, m.rate_gbps))
        detail = fmt::format("{:.4g} mW per Gb/s; {}", *bit, detail);
    }
    row(what, v ? std::optional(v->value) : std::nullopt, "W", detail);
  };
  figure("typical", m.typical_w);
  figure("largest", m.max_w);
  figure(m.class_number > 0 ? fmt::format("class {}, at most", m.class_number) : "class", m.class_w);
  for (const plan::LaneMode& mode : m.modes)
    row(fmt::format("with {} of {} lanes, at most", mode.lanes, m.media_lanes), mode.power_max_w, "W",
        fmt::format("{}, {}", catalog::name(mode.confidence), mode.source));
  if (m.published != nullptr) print_split("by component, published guide", *m.published);
  if (m.devices) print_split("by component, typical devices of its PMD", *m.devices);
  if (m.published == nullptr && !m.devices) fmt::print("  by component: unknown\n");
}

void print_switch(const PowerAnswer& a) {
  fmt::print("\n{}\n", bold("Power"));
  row("modules", a.optics_w, "W",
      a.optics_mw_per_gbps ? fmt::format("{:.4g} mW per Gb/s", *a.optics_mw_per_gbps) : "");
  row("modules, all at their typical", a.optics_typical_w, "W");
  row("modules, all at their largest", a.optics_max_w, "W");
  row("modules, all at their class", a.optics_class_w, "W");
  row("switch without modules", a.base_w, "W");
  if (a.fan_w) row("fans", a.fan_w, "W");
  row("switch, behind its supplies", a.switch_w, "W");
  row("at the wall", a.wall_w, "W",
      a.wall_mw_per_gbps ? fmt::format("{:.4g} mW per Gb/s", *a.wall_mw_per_gbps) : "");
  if (a.capacity_gbps > 0) {
    fmt::print("  capacity {:g} Tb/s, as many as {:g} ports of 100G\n", a.capacity_gbps / 1000,
               a.capacity_gbps / 100);
  }
  if (!a.supply) return;
  const plan::SupplyAnswer& s = *a.supply;
  fmt::print("  {} supplies of {:g} W, {} failed: {:g} W are left, margin {} W", s.count, s.rating_w,
             s.failed, s.available_w, number(s.margin_w, 0));
  if (!s.margin_w) fmt::print("; the switch without modules may draw {} W", number(s.base_room_w, 0));
  fmt::print("\n");
}

void print_air(const PowerAnswer& a) {
  fmt::print("\n{}\n", bold("Air"));
  row("air", a.air.cfm, "CFM", fmt::format("density {:.3f} of sea level", a.air.density), 0);
  row("rise, all of it", a.air.rise_k, "K",
      a.wall_w ? fmt::format("leaves at {:.1f} C", a.air.exhaust_c)
               : fmt::format("by the modules alone: leaves at {:.1f} C or more", a.air.exhaust_c));
  row("at the modules", a.air.speed_mps, "m/s",
      fmt::format("case to air {:.2f} K/W", a.air.resistance_k_per_w));
  if (a.slots.empty()) return;
  const plan::PowerSlot& hot = a.slots[a.hottest];
  row(fmt::format("hottest case, port {}", hot.port), hot.case_c, "C",
      a.hottest_low_c == a.hottest_high_c
          ? ""
          : fmt::format("{:.1f} to {:.1f} C with 2.5 to 3 K/W", a.hottest_low_c, a.hottest_high_c));
  row("  headroom to its limit", hot.headroom_k, "K", fmt::format("limit {:g} C", hot.case_max_c));
  row("  headroom to 75 C, where modules warn", hot.warning_k, "K");
  if (a.alternate) {
    row("hottest, modules in every other port", a.alternate->hottest_c, "C",
        fmt::format("ports {}, {:.0f} W of optics, the same air", plan::port_text(a.alternate->ports),
                    a.alternate->optics_w));
  }
}

/// Ports that are alike in one row.
void print_slots(const PowerAnswer& a) {
  if (a.slots.size() < 2) return;
  struct Group {
    plan::PowerSlot slot;
    std::vector<int> ports;
  };
  std::vector<Group> groups;
  for (const plan::PowerSlot& s : a.slots) {
    auto same = std::find_if(groups.begin(), groups.end(), [&](const Group& g) {
      return g.slot.module == s.module && g.slot.power_w == s.power_w && g.slot.limit_w == s.limit_w &&
             g.slot.case_c == s.case_c;
    });
    if (same == groups.end()) same = groups.insert(groups.end(), {s, {}});
    same->ports.push_back(s.port);
  }
  fmt::print("\n{}\n  {:<28}{:>8}{:>8}{:>11}{:>9}{:>10}  {}\n", bold("Ports"), "module", "W", "limit",
             "air K", "case C", "headroom", "ports");
  for (const Group& g : groups) {
    fmt::print("  {:<28}{:>8.2f}{:>8}{:>11.1f}{:>9.1f}{:>10.1f}  {}\n", g.slot.module->id, g.slot.power_w,
               g.slot.limit_w ? fmt::format("{:g}", *g.slot.limit_w) : "?", g.slot.upstream_k, g.slot.case_c,
               g.slot.headroom_k, plan::port_text(g.ports));
  }
}

}  // namespace

void print_text(const plan::ModuleWatts& module) { print_module(module); }

void print_text(const PowerAnswer& a) {
  print_title(a);
  for (const plan::ModuleWatts& m : a.modules) {
    fmt::print("\n");
    print_module(m);
  }
  print_switch(a);
  print_air(a);
  print_slots(a);
  print_reasons(a.reasons);
  print_assumed(a.assumed);
}

}  // namespace lightlane::cli
