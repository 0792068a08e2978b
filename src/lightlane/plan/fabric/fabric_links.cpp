#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "lightlane/base/error.hpp"
#include "lightlane/plan/fabric/fabric_terms.hpp"

namespace lightlane::plan {
namespace {

using catalog::FibreKind;
using catalog::PmdConnector;

/// Cord or harness between the connectors of both ends, by the catalogue's id; empty: none is known.
std::string cable_of(const FabricEndPair& ends) {
  const catalog::Pmd& lower = *ends.lower.optic.pmd;
  const catalog::Pmd& upper = *ends.upper.optic.pmd;
  const bool multimode = upper.fibre == FibreKind::multimode;
  const std::string kind = multimode ? "mm" : "sm";
  if (ends.lower.connector_links == 1 && ends.upper.connector_links == 1) {
    if (lower.connector != upper.connector) return "";
    switch (upper.connector) {
      case PmdConnector::lc_duplex:
        return "lc-duplex-" + kind;
      case PmdConnector::lc_simplex:
        return multimode ? "" : "lc-simplex-sm";
      case PmdConnector::mpo12:
        return multimode && upper.polish == catalog::Polish::apc ? "mpo12-b-mm-apc" : "mpo12-b-" + kind;
      case PmdConnector::mpo16:
        return "mpo16-b-" + kind;
      default:
        return "";
    }
  }
  const bool down = ends.upper.connector_links > 1;
  const PmdConnector whole = down ? upper.connector : lower.connector;
  const PmdConnector leg = down ? lower.connector : upper.connector;
  const int legs = std::max(ends.upper.connector_links, ends.lower.connector_links);
  if (whole == PmdConnector::mpo12 && leg == PmdConnector::lc_duplex && legs == 4) return "mpo12-4lc-" + kind;
  if (whole == PmdConnector::mpo16 && leg == PmdConnector::lc_duplex && legs == 8) return "mpo16-8lc-" + kind;
  if (whole == PmdConnector::mpo16 && leg == PmdConnector::mpo12 && legs == 2) return "mpo16-2mpo12-" + kind;
  return "";
}

/// Counts the links of a tier and what they need.
class Tally {
 public:
  Tally(const Fabric& f, const FabricEndPair& ends, FabricLinks& out, std::int64_t lowers, int lower_links,
        std::int64_t uppers, std::int64_t upper_links)
      : q_(f.question), ends_(ends), out_(out) {
    lower_cages_ = (lower_links + ends.lower.links - 1) / ends.lower.links;
    upper_cages_ = (upper_links + ends.upper.links - 1) / ends.upper.links;
    lower_used_.assign(static_cast<std::size_t>(lowers * lower_cages_), false);
    upper_used_.assign(static_cast<std::size_t>(uppers * upper_cages_), false);
    legs_ = std::max(ends.lower.connector_links, ends.upper.connector_links);
    if (legs_ > 1) {
      split_upper_ = ends.upper.connector_links > 1;
      connectors_ = split_upper_ ? (upper_links + legs_ - 1) / legs_ : (lower_links + legs_ - 1) / legs_;
      harnesses_.resize(static_cast<std::size_t>((split_upper_ ? uppers : lowers) * connectors_));
    }
  }

  /// `lower_rack`, `upper_rack`: where its ends stand.
  void take(const ClosLink& link, double length_m, std::int64_t lower_rack, std::int64_t upper_rack) {
    ++out_.count;
    sum_m_ += length_m;
    least_m_ = out_.count == 1 ? length_m : std::min(least_m_, length_m);
    out_.most_m = std::max(out_.most_m, length_m);
    switch (medium_of(q_, ends_, length_m)) {
      case Medium::dac:
        ++out_.dac;
        ++dac_[stock_length_m(q_.layout, length_m)];
        return;
      case Medium::aoc:
        ++out_.aoc;
        ++aoc_[stock_length_m(q_.layout, length_m)];
        return;
      case Medium::optical:
        break;
    }
    ++out_.optical;
    longest_optical_ = std::max(longest_optical_, length_m);
    lower_used_[index(link.lower, lower_cages_, link.lower_link / ends_.lower.links)] = true;
    upper_used_[index(link.upper, upper_cages_, link.upper_link / ends_.upper.links)] = true;
    if (legs_ == 1) {
      ++out_.stock[stock_length_m(q_.layout, length_m)];
      return;
    }
    const std::size_t connector = split_upper_ ? index(link.upper, connectors_, link.upper_link / legs_)
                                               : index(link.lower, connectors_, link.lower_link / legs_);
    Harness& harness = harnesses_[connector];
    const std::int64_t leg_rack = split_upper_ ? lower_rack : upper_rack;
    if (harness.longest_m >= 0 && harness.rack != leg_rack) harness.apart = true;
    harness.rack = leg_rack;
    harness.longest_m = std::max(harness.longest_m, length_m);
  }

  void finish(Fabric& f) {
    out_.least_m = least_m_;
    out_.mean_m = out_.count == 0 ? 0 : sum_m_ / static_cast<double>(out_.count);
    out_.lower_modules = std::count(lower_used_.begin(), lower_used_.end(), true);
    out_.upper_modules = std::count(upper_used_.begin(), upper_used_.end(), true);
    for (const Harness& harness : harnesses_) {
      if (harness.longest_m < 0) continue;
      ++out_.harnesses;
      out_.harnesses_apart += harness.apart;
      ++out_.stock[stock_length_m(q_.layout, harness.longest_m)];
    }
    for (const auto& [length, count] : dac_)
      f.bill.add({fmt::format("dac-{}g", out_.gbps),
                  std::string(bill_kind::dac),
                  out_.name,
                  count,
                  0,
                  {},
                  0.1,
                  length});
    for (const auto& [length, count] : aoc_)
      f.bill.add({fmt::format("aoc-{}g", out_.gbps),
                  std::string(bill_kind::aoc),
                  out_.name,
                  count,
                  0,
                  {},
                  {},
                  length});
  }

  double longest_optical_m() const noexcept { return longest_optical_; }

 private:
  struct Harness {
    double longest_m = -1;  ///< -1: not in use
    std::int64_t rack = 0;  ///< of the last leg
    bool apart = false;
  };

  static std::size_t index(std::int64_t device, std::int64_t each, std::int64_t place) {
    return static_cast<std::size_t>(device * each + place);
  }

  const FabricQuestion& q_;
  const FabricEndPair& ends_;
  FabricLinks& out_;
  std::int64_t lower_cages_ = 0, upper_cages_ = 0, connectors_ = 0;
  int legs_ = 1;
  bool split_upper_ = false;
  std::vector<bool> lower_used_, upper_used_;
  std::vector<Harness> harnesses_;  ///< by connector that splits
  std::map<double, std::int64_t> dac_, aoc_;
  double sum_m_ = 0, least_m_ = 0, longest_optical_ = 0;
};

/// Types of the links' rate with a module of the catalogue, on the same kind of fibre, whose reach is enough.
std::string types_that_reach(const FabricLinks& links, double length_m) {
  std::vector<std::string_view> out;
  for (const catalog::Module& m : catalog::modules()) {
    const catalog::Pmd* pmd = catalog::find_pmd(m.pmd);
    if (pmd == nullptr || pmd->rate_gbps != links.gbps || pmd->fibre != links.upper_pmd->fibre) continue;
    const bool enough = std::any_of(pmd->reach.begin(), pmd->reach.end(),
                                    [&](const catalog::Reach& r) { return r.length_m.value >= length_m; });
    if (enough && std::find(out.begin(), out.end(), pmd->id) == out.end()) out.push_back(pmd->id);
  }
  return fmt::format("{}", fmt::join(out, ", "));
}

/// The power budget at the longest cable, and what it says.
void check_budget(Fabric& f, FabricLinks& links, double longest_m) {
  const double length = stock_length_m(f.question.layout, longest_m);
  Question q;
  q.near = links.lower_pmd;
  q.far = links.upper_pmd;
  q.segments = {{nullptr, length, std::nullopt}};
  Budget b;
  try {
    b = budget(q);
  } catch (const ConfigError& error) {
    links.budget = Verdict::unknown;
    f.reasons.push_back({"BUDGET", fmt::format("{}: {}", links.name, error.what()), "", Severity::unknown});
    return;
  }
  links.budget = b.verdict;
  links.reach_m = b.rated_reach_m;
  for (const Direction& d : b.directions)
    if (d.margin_db) links.margin_db = std::min(*d.margin_db, links.margin_db.value_or(*d.margin_db));
  for (const Reason& r : b.reasons) {
    f.reasons.push_back(
        {r.code, fmt::format("{}, {:g} m: {}", links.name, length, r.text), r.cure, r.severity});
  }
  if (b.verdict == Verdict::unknown) {
    f.reasons.push_back({"BUDGET",
                         fmt::format("{}: the power budget of {} and {} hangs on limits that are not known",
                                     links.name, links.lower_pmd->id, links.upper_pmd->id),
                         "", Severity::unknown});
  }
  if (links.reach_m && length > *links.reach_m) {
    const std::string types = types_that_reach(links, length);
    if (!types.empty()) {
      f.reasons.push_back({"REACH", fmt::format("{}: {:g} m are reached by other types", links.name, length),
                           types, Severity::advice});
    }
  }
}

FabricLinks begin(const char* name, const FabricEndPair& ends) {
  FabricLinks out;
  out.name = name;
  out.gbps = ends.gbps;
  out.lower_part = ends.lower.part;
  out.upper_part = ends.upper.part;
  out.lower_pmd = ends.lower.optic.pmd;
  out.upper_pmd = ends.upper.optic.pmd;
  out.lower_links = ends.lower.links;
  out.upper_links = ends.upper.links;
  out.medium = ends.upper.optic.pmd->fibre == FibreKind::multimode ? "multimode" : "single-mode";
  out.cable = cable_of(ends);
  return out;
}

/// Fills the links of a tier by `each`, which calls its argument with every link and the racks of its ends.
template <class Each>
void add_links(Fabric& f, const char* name, const FabricEndPair& ends, std::int64_t lowers, int lower_links,
               std::int64_t uppers, std::int64_t upper_links, Each each) {
  FabricLinks links = begin(name, ends);
  Tally tally(f, ends, links, lowers, lower_links, uppers, upper_links);
  each([&](const ClosLink& link, std::int64_t lower_rack, std::int64_t upper_rack) {
    tally.take(link, cable_length_m(f.question.layout, lower_rack, upper_rack), lower_rack, upper_rack);
  });
  tally.finish(f);
  if (links.optical > 0) {
    check_budget(f, links, tally.longest_optical_m());
    if (links.cable.empty()) {
      f.reasons.push_back({"CABLE",
                           fmt::format("{}: no cord or harness of the catalogue joins {} and {}", name,
                                       links.lower_part, links.upper_part),
                           "", Severity::unknown});
    }
  }
  if (links.harnesses_apart > 0) {
    f.reasons.push_back({"HARNESS",
                         fmt::format("{}: {} of {} harnesses have legs that end in different racks", name,
                                     links.harnesses_apart, links.harnesses),
                         "as many links between two switches as a module has lanes, or trunks and cassettes",
                         Severity::advice});
  }
  f.links.push_back(std::move(links));
}

}  // namespace

HostPort host_port(const Fabric& f, std::int64_t host) noexcept {
  if (f.question.kind != FabricKind::rail) return {host / f.downlinks, static_cast<int>(host % f.downlinks)};
  const std::int64_t rails = f.question.gpus_per_server, server = host / rails;
  return {server / f.downlinks * rails + host % rails, static_cast<int>(server % f.downlinks)};
}

void fill_links(Fabric& f, const FabricSizes& sizes) {
  const FabricRacks racks = racks_of(f);
  f.racks = racks.count;
  const FabricQuestion& q = f.question;
  const Clos& c = f.clos;
  const std::int64_t planes = q.planes, per_server = q.kind == FabricKind::rail ? q.gpus_per_server : 1;
  const auto at = [](const std::vector<std::int64_t>& where, std::int64_t i) {
    return where[static_cast<std::size_t>(i)];
  };
  add_links(f, "host to leaf", sizes.host, q.hosts * planes, 1, c.leaves * planes, f.downlinks,
            [&](auto take) {
              for (std::int64_t plane = 0; plane < planes; ++plane) {
                for (std::int64_t host = 0; host < q.hosts; ++host) {
                  const HostPort port = host_port(f, host);
                  const std::int64_t leaf = plane * c.leaves + port.leaf;
                  take(ClosLink{plane * q.hosts + host, leaf, 0, port.leaf_link},
                       at(racks.server, host / per_server), at(racks.leaf, leaf));
                }
              }
            });
  const auto every_plane = [&](const auto& lower, std::int64_t lowers, const auto& upper, std::int64_t uppers,
                               auto walk, auto take) {
    for (std::int64_t plane = 0; plane < planes; ++plane) {
      walk(c, [&](ClosLink link) {
        link.lower += plane * lowers;
        link.upper += plane * uppers;
        take(link, at(lower, link.lower), at(upper, link.upper));
      });
    }
  };
  add_links(f, "leaf to spine", sizes.leaf, c.leaves * planes, c.uplinks, c.spines * planes,
            c.spine_downlinks(), [&](auto take) {
              every_plane(
                  racks.leaf, c.leaves, racks.spine, c.spines,
                  [](const Clos& clos, auto each) { for_each_leaf_link(clos, each); }, take);
            });
  if (c.tiers != 3) return;
  add_links(f, "spine to core", sizes.core, c.spines * planes, c.spine_uplinks, c.cores * planes,
            c.core_downlinks(), [&](auto take) {
              every_plane(
                  racks.spine, c.spines, racks.core, c.cores,
                  [](const Clos& clos, auto each) { for_each_core_link(clos, each); }, take);
            });
}

}  // namespace lightlane::plan
