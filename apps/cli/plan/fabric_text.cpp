#include <fmt/format.h>

#include <algorithm>

#include "cli/plan/answer_report.hpp"
#include "cli/plan/fabric_report.hpp"
#include "cli/terminal.hpp"

namespace lightlane::cli {
namespace {

using plan::Fabric;

std::string count(std::int64_t number) {
  return grouped(static_cast<std::uint64_t>(std::max<std::int64_t>(0, number)));
}

std::string upper(std::string_view word) {
  std::string out(word);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return out;
}

std::string ratio_text(double over) { return fmt::format("{:.4g}:1", over); }

std::string tier_word(const plan::FabricTier& t) {
  const bool one = t.count == 1;
  if (t.name == "leaf") return one ? "leaf" : "leaves";
  return (t.name == "spine" ? "spine" : "core switch") + std::string(one                 ? ""
                                                                     : t.name == "spine" ? "s"
                                                                                         : "es");
}

void print_title(const Fabric& f) {
  const bool plain = f.verdict == plan::Verdict::pass || f.verdict == plan::Verdict::fail;
  const bool rail = f.question.kind == plan::FabricKind::rail;
  std::string switches;
  for (const plan::FabricTier& t : f.tiers)
    switches += fmt::format("{}{} {}", switches.empty() ? "" : ", ", count(t.count), tier_word(t));
  fmt::print("{}  {} fabric, {} {} at {} Gb/s: {}\n",
             plain ? verdict(f.verdict == plan::Verdict::pass) : upper(plan::name(f.verdict)),
             plan::name(f.question.kind), count(f.question.hosts), rail ? "GPUs" : "hosts",
             f.question.host_gbps, switches);
  fmt::print("  oversubscription {} at a leaf ({} down at {}G, {} up at {}G)", ratio_text(f.oversubscription),
             f.downlinks, f.host_port_gbps, f.uplinks, f.question.uplink_gbps);
  if (f.clos.tiers == 3) fmt::print(", {} at a pod", ratio_text(f.pod_oversubscription));
  fmt::print("; bisection {:.5g} Tb/s\n", f.bisection_gbps / 1000);
  if (rail)
    fmt::print("  {} servers of {} GPUs, {} stripes of {} GPUs", count(f.servers), f.question.gpus_per_server,
               count(f.stripes), count(f.stripe_hosts));
  if (f.clos.tiers == 3)
    fmt::print("{}{} pods of {} leaves and {} spines", rail ? ", " : "  ", count(f.clos.pods),
               count(f.clos.pod_leaves), f.clos.pod_spines);
  if (rail || f.clos.tiers == 3) fmt::print("\n");
  if (f.question.planes > 1) fmt::print("  {} planes, each a fabric of its own\n", f.question.planes);
  fmt::print("  {} of {} {} that fit without another switch; {} racks\n", count(f.question.hosts),
             count(f.capacity), rail ? "GPUs" : "hosts", count(f.racks));
}

void print_tiers(const Fabric& f) {
  fmt::print("\n{}\n  {:<7}{:<24}{:>8}{:>8}{:>8}{:>8}{:>8}{:>8}{:>12}\n", bold("Switches"), "tier", "switch",
             "count", "ports", "used", "free", "down", "up", "base W");
  for (const plan::FabricTier& t : f.tiers) {
    fmt::print("  {:<7}{:<24}{:>8}{:>8}{:>8}{:>8}{:>8}{:>8}{:>12}\n", t.name, t.switch_name, count(t.count),
               t.cages, t.cages_used, t.cages - t.cages_used, t.down_links, t.up_links,
               t.base_w ? fmt::format("{:.0f}", *t.base_w) : "?");
  }
}

void print_links(const Fabric& f) {
  fmt::print("\n{}\n", bold("Links"));
  for (const plan::FabricLinks& l : f.links) {
    fmt::print("  {:<15}{:>9} at {}G, {:.1f} to {:.1f} m, {:.1f} m on average\n", l.name, count(l.count),
               l.gbps, l.least_m, l.most_m, l.mean_m);
    if (l.dac > 0) fmt::print("  {:<15}{:>9} copper\n", "", count(l.dac));
    if (l.aoc > 0) fmt::print("  {:<15}{:>9} active optical cables\n", "", count(l.aoc));
    if (l.optical == 0) continue;
    fmt::print("  {:<15}{:>9} optical, {}: {} x {}{} and {} x {}{}\n", "", count(l.optical), l.medium,
               count(l.lower_modules), l.lower_part,
               l.lower_links > 1 ? fmt::format(" ({} links each)", l.lower_links) : "",
               count(l.upper_modules), l.upper_part,
               l.upper_links > 1 ? fmt::format(" ({} links each)", l.upper_links) : "");
    std::string stock;
    for (const auto& [length, number] : l.stock)
      stock += fmt::format("{}{} x {:g} m", stock.empty() ? "" : ", ", count(number), length);
    fmt::print("  {:<15}{:>9} {}: {}\n", "", "", l.cable.empty() ? "no cable is known" : l.cable, stock);
    fmt::print("  {:<15}{:>9} power budget at the longest: {}, margin {} dB; reach {}\n", "", "",
               l.budget ? plan::name(*l.budget) : "unknown",
               l.margin_db ? fmt::format("{:.2f}", *l.margin_db) : "?",
               l.reach_m ? fmt::format("{:g} m", *l.reach_m) : "?");
  }
}

void print_failures(const Fabric& f) {
  fmt::print("\n{}\n", bold("When it fails, what is left"));
  for (const plan::FabricFailure& x : f.failures)
    fmt::print("  {:<34}{:>8.2f} %  {}\n", x.what, 100 * x.left, x.whose);
}

void print_bill(const Fabric& f) {
  fmt::print("\n{}\n  {:<26}{:<9}{:<26}{:>10}{:>8}{:>12}{:>9}{:>9}\n", bold("Bill of materials"), "part",
             "kind", "role", "quantity", "spares", "each", "W each", "m");
  const auto number = [](const std::optional<double>& v) { return v ? fmt::format("{:.6g}", *v) : "?"; };
  for (const plan::BillLine& l : f.bill.lines) {
    fmt::print("  {:<26}{:<9}{:<26}{:>10}{:>8}{:>12}{:>9}{:>9}\n", l.part, l.kind, l.role, count(l.quantity),
               count(l.spares), number(l.unit_cost), number(l.power_w),
               l.length_m ? fmt::format("{:g}", *l.length_m) : "");
  }
  const auto total = [](const char* what, const plan::BillSum& s, const char* unit) {
    if (const auto all = s.all()) {
      fmt::print("  {}: {:.2f}{}\n", what, *all, unit);
    } else if (s.known == 0) {
      fmt::print("  {}: unknown\n", what);
    } else {
      fmt::print("  {}: unknown for {} lines; the others come to {:.2f}{}\n", what, s.unknown, s.known, unit);
    }
  };
  fmt::print("\n{}\n", bold("Totals"));
  fmt::print("  optics: {} modules\n", count(f.optics));
  total("power behind the supplies", f.power.devices_w, " W");
  if (f.power.wall_w)
    fmt::print("  at the wall: {:.0f} W, {:.1f} W a host\n", *f.power.wall_w, *f.power.per_host_w);
  total("cost, spares contained", f.cost, "");
}

}  // namespace

void print_text(const Fabric& f) {
  print_title(f);
  print_tiers(f);
  print_links(f);
  print_failures(f);
  print_bill(f);
  print_reasons(f.reasons);
  print_assumed(f.assumed);
}

}  // namespace lightlane::cli
