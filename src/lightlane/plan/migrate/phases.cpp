#include "lightlane/plan/migrate/phases.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lightlane/plan/migrate/link_options.hpp"

namespace lightlane::plan {
namespace {

using namespace catalog;

constexpr std::string_view new_module = "link end", old_module = "taken out";

BillLine module_line(const LinkEnd& end, std::string_view role, std::int64_t quantity) {
  BillLine line;
  line.part = part_name(end);
  line.kind = bill_kind::module;
  line.role = role;
  line.quantity = quantity;
  line.power_w = end_watts(end);
  return line;
}

const Cable* harness_of(const LinkMove& move) {
  const LinkEnd& hub = move.a_changes ? move.a : move.b;
  const LinkEnd& child = move.a_changes ? move.b : move.a;
  for (const Cable& cable : cables()) {
    if (cable.kind == CableKind::harness && cable.legs == move.children && cable.fibre == hub.pmd->fibre &&
        cable.a.connector == hub.pmd->connector && cable.b.connector == child.pmd->connector)
      return &cable;
  }
  return nullptr;
}

/// Watts of ends that come, less those that go.
class PowerBalance {
 public:
  void add(const LinkEnd& end, double count) {
    if (const auto watts = end_watts(end)) {
      sum_ += count * *watts;
    } else {
      known_ = false;
    }
  }
  std::optional<double> watts() const { return known_ ? std::optional(sum_) : std::nullopt; }

 private:
  double sum_ = 0;
  bool known_ = true;
};

/// Children that share modules: by the device that they leave and the module that they get.
struct Group {
  LinkEnd hub;
  const Cable* harness = nullptr;
  std::int64_t links = 0;
  int children = 1;
};

/// What `all` has more than `part`, line by line.
Bill beyond(const Bill& all, const Bill& part) {
  Bill out;
  for (BillLine line : all.lines) {
    for (const BillLine& had : part.lines)
      if (had.part == line.part && had.kind == line.kind && had.role == line.role)
        line.quantity -= had.quantity;
    out.add(line);
  }
  return out;
}

}  // namespace

Materials materials_of(const std::vector<LinkMove>& moves) {
  Materials out;
  PowerBalance power;
  std::map<std::string, Group> groups;
  for (const LinkMove& move : moves) {
    if (move.kind == MoveKind::keep || move.a.pmd == nullptr) continue;
    if (move.kind == MoveKind::bond) {
      const std::int64_t more = move.links - 1;
      for (const LinkEnd* end : {&move.a, &move.b}) {
        out.bill.add(module_line(*end, "parallel link", more));
        power.add(*end, static_cast<double>(more));
      }
      continue;
    }
    for (const bool a : {true, false}) {
      if (!(a ? move.a_changes : move.b_changes)) continue;
      const LinkEnd& old = a ? move.a_before : move.b_before;
      out.stranded.add(module_line(old, old_module, 1));
      power.add(old, -1);
      const LinkEnd& now = a ? move.a : move.b;
      if (move.kind == MoveKind::breakout) {
        Group& group = groups[(a ? move.link.a : move.link.b).device + '\0' + part_name(now)];
        group.hub = now;
        group.harness = harness_of(move);
        group.children = move.children;
        ++group.links;
      } else {
        out.bill.add(module_line(now, new_module, 1));
        power.add(now, 1);
      }
    }
  }
  for (const auto& [key, group] : groups) {
    const std::int64_t modules = (group.links + group.children - 1) / group.children;
    out.bill.add(module_line(group.hub, "breakout", modules));
    power.add(group.hub, static_cast<double>(modules));
    BillLine harness;
    harness.part = group.harness != nullptr ? std::string(group.harness->id)
                                            : fmt::format("harness of {} legs", group.children);
    harness.kind = bill_kind::harness;
    harness.role = "breakout";
    harness.quantity = modules;
    harness.power_w = 0;
    out.bill.add(harness);
  }
  out.power_change_w = power.watts();
  return out;
}

Bill with_prices(const Bill& bill, const std::vector<Price>& prices) {
  Bill out = bill;
  for (BillLine& line : out.lines) {
    if (line.kind != bill_kind::module) continue;
    const Module* module = find_module(line.part);
    const Pmd* pmd = module != nullptr ? find_pmd(module->pmd) : find_pmd(line.part);
    for (const Price& price : prices)
      if (find_pmd(price.name) == pmd && pmd != nullptr) line.unit_cost = price.each;
    for (const Price& price : prices)
      if (module != nullptr && find_module(price.name) == module) line.unit_cost = price.each;
  }
  return out;
}

std::vector<MigrationPhase> phases_of(const MigrationQuestion& q, std::vector<LinkMove>& moves) {
  const PhaseRules& r = q.phases;
  std::vector<MigrationPhase> out;
  double month = 0;
  std::vector<LinkMove> done;
  Materials before = materials_of(done);
  const auto begin = [&](std::string title, double months, std::string work,
                         std::string rollback) -> MigrationPhase& {
    out.push_back({std::move(title),
                   std::move(work),
                   std::move(rollback),
                   month,
                   month + months,
                   0,
                   {},
                   {},
                   0,
                   0,
                   0.0});
    month += months;
    return out.back();
  };
  const auto fill = [&](std::vector<LinkMove*> part, double links_down) {
    MigrationPhase& phase = out.back();
    std::vector<LinkMove> copies;
    for (LinkMove* move : part) {
      move->phase = static_cast<int>(out.size()) - 1;
      copies.push_back(*move);
    }
    // A module of a breakout serves the links of later phases too: count what is new since the phase before.
    done.insert(done.end(), copies.begin(), copies.end());
    const Materials now = materials_of(done);
    phase.bill = with_prices(beyond(now.bill, before.bill), q.prices);
    phase.stranded = beyond(now.stranded, before.stranded);
    phase.power_change_w.reset();
    if (now.power_change_w && before.power_change_w)
      phase.power_change_w = *now.power_change_w - *before.power_change_w;
    before = now;
    phase.links = part.size();
    phase.windows = (static_cast<long>(part.size()) + r.links_per_window - 1) / r.links_per_window;
    phase.hours_down = links_down * static_cast<double>(part.size()) * r.hours_per_link;
  };
  const auto of_kinds = [&](std::initializer_list<MoveKind> kinds) {
    std::vector<LinkMove*> part;
    for (LinkMove& move : moves)
      if (std::find(kinds.begin(), kinds.end(), move.kind) != kinds.end() && move.phase == 0)
        part.push_back(&move);
    return part;
  };
  MigrationPhase& audit =
      begin("audit", r.audit_months,
            "inspect and clean every end, measure loss both ways, correct the inventory", "nothing changes");
  audit.links = moves.size();
  const std::size_t reseated =
      static_cast<std::size_t>(std::count_if(moves.begin(), moves.end(), [&](const LinkMove& move) {
        return new_seat(q, move.link.a.device) != nullptr || new_seat(q, move.link.b.device) != nullptr;
      }));
  if (reseated > 0) {
    MigrationPhase& ports =
        begin("new switches", r.pilot_months,
              "replace the switches; the modules of today go into the new ports, which are set to their rate",
              "the old switches stay in place until the pilot is done: plug back");
    ports.links = reseated;
    ports.windows = (static_cast<long>(reseated) + r.links_per_window - 1) / r.links_per_window;
    ports.hours_down = static_cast<double>(reseated) * r.hours_per_link;
  }
  std::vector<LinkMove*> changing = of_kinds({MoveKind::optics, MoveKind::breakout});
  std::stable_sort(changing.begin(), changing.end(), [](const LinkMove* x, const LinkMove* y) {
    if (x->after != y->after) return x->after < y->after;
    return x->margin_db.value_or(-1e9) > y->margin_db.value_or(-1e9);
  });
  if (!changing.empty()) {
    const auto pilot =
        static_cast<std::ptrdiff_t>(std::min(std::ceil(r.pilot_share * static_cast<double>(changing.size())),
                                             static_cast<double>(changing.size())));
    if (pilot > 0) {
      begin("pilot", r.pilot_months, "move the surest links, burn in, watch pre-FEC BER and temperatures",
            "plug the old modules back and set the ports to their rate");
      fill({changing.begin(), changing.begin() + pilot}, 1);
    }
    if (pilot < static_cast<std::ptrdiff_t>(changing.size())) {
      begin("rollout", r.rollout_months, "move the other links, window by window",
            "window by window: the old modules are kept until the next one is done");
      fill({changing.begin() + pilot, changing.end()}, 1);
    }
  }
  if (auto part = of_kinds({MoveKind::new_fibre}); !part.empty()) {
    begin("new fibre", r.rollout_months, "lay or terminate fibre beside the old, test it, then move",
          "the old fibre stays until the new is accepted");
    fill(part, 1);
  }
  if (auto part = of_kinds({MoveKind::bond}); !part.empty()) {
    begin("bonding", r.rollout_months, "add links beside the old and bond them",
          "take the new links out of the bond");
    fill(part, 0);
  }
  if (std::any_of(out.begin(), out.end(),
                  [](const MigrationPhase& p) { return !p.stranded.lines.empty(); })) {
    MigrationPhase& retire =
        begin("clearing", r.parallel_months,
              "run old and new side by side, then take out, wipe and sell or store what is left",
              "none: the old is gone");
    retire.links = 0;
  }
  return out;
}

}  // namespace lightlane::plan
