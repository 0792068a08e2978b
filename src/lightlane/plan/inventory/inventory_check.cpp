#include "lightlane/plan/inventory/inventory_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "lightlane/base/error.hpp"
#include "lightlane/base/parallel.hpp"
#include "lightlane/plan/budget/budget_terms.hpp"
#include "lightlane/plan/interop/link_file.hpp"
#include "lightlane/plan/names.hpp"

namespace lightlane::plan {
namespace {

using Counts = std::map<std::string, std::size_t>;

/// What names mean, looked up once each: a name that is none takes a tenth of a millisecond.
class Names {
 public:
  explicit Names(const Inventory& inventory, const InventoryDefaults& defaults) {
    learn(defaults.type);
    for (const InventoryLink& link : inventory.links) {
      learn(link.a.type);
      learn(link.b.type);
    }
  }
  /// ConfigError as link_end().
  LinkEnd end(const std::string& type, int* count) const {
    const Meaning& meaning = meanings_.at(type);
    if (!meaning.error.problem.empty()) throw ConfigError(meaning.error);
    if (meaning.count > 0) *count = meaning.count;
    return meaning.end;
  }

 private:
  struct Meaning {
    LinkEnd end;
    int count = 0;
    ErrorDetail error;
  };
  void learn(const std::string& type) {
    if (type.empty() || meanings_.count(type) > 0) return;
    Meaning& meaning = meanings_[type];
    try {
      meaning.end = link_end(type, "type", &meaning.count);
    } catch (const ConfigError& error) {
      meaning.error = error.detail();
    }
  }
  std::unordered_map<std::string, Meaning> meanings_;
};

LinkEnd end_of(const InventoryEnd& end, const InventoryDefaults& defaults, const Names* names, int* count,
               Counts& assumed) {
  const std::string& type = end.type.empty() ? defaults.type : end.type;
  if (type.empty()) throw ConfigError({"type", "is not given", "", "--assume-type says what to take"});
  if (end.type.empty()) ++assumed[fmt::format("type of an end: {}", type)];
  LinkEnd out = names != nullptr ? names->end(type, count) : link_end(type, "type", count);
  if (!end.seat.empty()) plug_into(out, end.seat, "seat");
  if (!end.fec.empty()) out.fec = host_fec_named(end.fec, "fec");
  out.port_mode = end.mode;
  return out;
}

void fill_plant(const InventoryLink& link, InteropQuestion& q, Counts& assumed) {
  Question& plant = q.plant;
  if (plant.segments.empty()) plant.segments.resize(1);
  Segment& segment = plant.segments[0];
  if (!link.fibre.empty()) segment.fibre = &fibre_named(link.fibre, "fibre");
  if (link.length_m) segment.length_m = link.length_m;
  const bool of_path =
      std::any_of(q.path.begin(), q.path.end(), [](const PathCable& c) { return c.length_m > 0; });
  if (!segment.length_m && of_path) {
    segment.length_m = 0;
    for (const PathCable& cable : q.path) *segment.length_m += cable.length_m;
  }
  if (segment.fibre == nullptr) ++assumed["fibre: the usual one of the types"];
  if (!segment.length_m) ++assumed["length: the reach of the types"];
  if (link.connectors || !link.connector.empty()) {
    Joint joint = {nullptr, link.connectors, std::nullopt, std::nullopt};
    if (!link.connector.empty())
      joint.type = &joint_named(link.connector, "connector", catalog::JointKind::connector);
    plant.connectors = {{joint}};
  }
  if (link.splices) plant.splices = {{nullptr, link.splices, std::nullopt, std::nullopt}};
  if (link.loss_db) {  // measured: fibre and joints together
    segment.attenuation_db_per_km = 0;
    plant.connectors = {{{nullptr, 1, link.loss_db, std::nullopt}}};
    plant.splices.clear();
    plant.attenuators_db = 0;
  } else if (!plant.connectors && q.path.empty()) {
    ++assumed["connectors: two mated pairs at their largest loss"];
  }
}

InteropQuestion make_question(const InventoryLink& link, const InventoryDefaults& defaults,
                              const Names* names, Counts& assumed) {
  InteropQuestion q;
  int of_a = 0, of_b = 0;
  q.a = end_of(link.a, defaults, names, &of_a, assumed);
  q.b = end_of(link.b, defaults, names, &of_b, assumed);
  q.plant = defaults.plant;
  if (!link.path.empty()) q.path = path_of(link.path, "path");
  fill_plant(link, q, assumed);
  return q;
}

LinkVerdict judge(const InventoryLink& link, const InventoryDefaults& defaults, const Names& names,
                  Counts& assumed) {
  LinkVerdict out;
  out.link = link;
  try {
    Interop answer = interop(make_question(link, defaults, &names, assumed));
    out.verdict = answer.verdict;
    out.children = answer.children;
    out.a_breaks_out = answer.a_breaks_out;
    out.b_breaks_out = answer.b_breaks_out;
    for (Reason& reason : answer.reasons)
      if (reason.severity >= Severity::condition) out.reasons.push_back(std::move(reason));
    if (link.rate_gbps) {
      const int rate = std::min(answer.a.pmd->rate_gbps, answer.b.pmd->rate_gbps);
      if (rate != *link.rate_gbps) {
        out.reasons.push_back({"RATE",
                               fmt::format("the row says {} Gb/s, {} and {} make {}", *link.rate_gbps,
                                           answer.a.pmd->id, answer.b.pmd->id, rate),
                               "", Severity::condition});
      }
    }
    if (answer.budget) {
      out.length_m = answer.budget->length_m;
      for (const Direction& d : answer.budget->directions) {
        if (!d.margin_db || (out.margin_db && *out.margin_db <= *d.margin_db)) continue;
        out.margin_db = d.margin_db;
        out.loss_db = d.loss_db;
      }
    }
  } catch (const ConfigError& error) {
    out.reasons = {{"ROW", error.what(), "", Severity::unknown}};
  }
  out.verdict = verdict_of(out.reasons);
  return out;
}

void find_ports_used_twice(std::vector<LinkVerdict>& links) {
  struct Use {
    std::size_t first_row = 0;
    int links = 0;
  };
  std::unordered_map<std::string, Use> uses;
  for (LinkVerdict& verdict : links) {
    for (const InventoryEnd* end : {&verdict.link.a, &verdict.link.b}) {
      if (end->port.empty()) continue;
      Use& use = uses[end->device + '\0' + end->port];
      if (++use.links == 1) use.first_row = verdict.link.row;
      const bool breaks_out = end == &verdict.link.a ? verdict.a_breaks_out : verdict.b_breaks_out;
      if (use.links <= (breaks_out ? verdict.children : 1)) continue;
      verdict.reasons.push_back(
          {"PORT_TWICE",
           fmt::format("{} {} is an end of row {} already", end->device, end->port, use.first_row), "",
           Severity::condition});
    }
    std::stable_sort(verdict.reasons.begin(), verdict.reasons.end(),
                     [](const Reason& x, const Reason& y) { return x.severity > y.severity; });
    verdict.verdict = verdict_of(verdict.reasons);
  }
}

}  // namespace

std::size_t InventoryReport::count(InteropVerdict verdict) const noexcept {
  return static_cast<std::size_t>(
      std::count_if(links.begin(), links.end(), [&](const LinkVerdict& l) { return l.verdict == verdict; }));
}

InteropQuestion question_of(const InventoryLink& link, const InventoryDefaults& defaults, Counts& assumed) {
  return make_question(link, defaults, nullptr, assumed);
}

InventoryReport check_inventory(const Inventory& inventory, const InventoryDefaults& defaults,
                                const std::function<bool(std::size_t)>& go_on) {
  constexpr std::size_t at_once = 1024, piece = 32;
  check_ranges(defaults.plant);
  const Names names(inventory, defaults);
  InventoryReport out;
  out.links.resize(inventory.links.size());
  for (std::size_t begin = 0; begin < out.links.size(); begin += at_once) {
    const std::size_t end = std::min(begin + at_once, out.links.size());
    std::vector<Counts> assumed((end - begin + piece - 1) / piece);
    parallel_for(assumed.size(), [&](std::size_t p) {
      for (std::size_t i = begin + p * piece; i < std::min(begin + (p + 1) * piece, end); ++i)
        out.links[i] = judge(inventory.links[i], defaults, names, assumed[p]);
    });
    for (const Counts& counts : assumed)
      for (const auto& [what, rows] : counts) out.assumed_rows[what] += rows;
    if (go_on && !go_on(end)) {
      out.links.resize(end);
      out.complete = false;
      break;
    }
  }
  find_ports_used_twice(out.links);
  for (const LinkVerdict& link : out.links) {
    std::vector<std::string_view> seen;
    for (const Reason& reason : link.reasons) {
      if (std::find(seen.begin(), seen.end(), reason.code) != seen.end()) continue;
      seen.push_back(reason.code);
      ++out.reason_rows[std::string(reason.code)];
    }
  }
  return out;
}

}  // namespace lightlane::plan
