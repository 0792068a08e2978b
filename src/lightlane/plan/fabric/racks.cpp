#include <algorithm>

#include "lightlane/plan/fabric/fabric.hpp"

namespace lightlane::plan {
namespace {

/// Racks for `things`, so many in one.
std::int64_t racks_for(std::int64_t things, std::int64_t in_one) { return (things + in_one - 1) / in_one; }

/// Puts things into racks from `first` on.
template <class Index>
void place(std::vector<std::int64_t>& where, std::int64_t things, std::int64_t in_one, std::int64_t first,
           Index index) {
  for (std::int64_t i = 0; i < things; ++i) where[static_cast<std::size_t>(index(i))] = first + i / in_one;
}

class Rows {
 public:
  explicit Rows(const Fabric& f)
      : f_(f), clos_(f.clos), planes_(f.question.planes), in_one_(f.question.layout.switches_per_rack) {
    r_.server.resize(static_cast<std::size_t>(f.servers));
    r_.leaf.resize(static_cast<std::size_t>(planes_ * clos_.leaves));
    r_.spine.resize(static_cast<std::size_t>(planes_ * clos_.spines));
    r_.core.resize(static_cast<std::size_t>(planes_ * clos_.cores));
  }

  FabricRacks build() {
    const std::int64_t middle = clos_.pods / 2;
    for (std::int64_t pod = 0; pod < clos_.pods; ++pod) {
      if (clos_.tiers == 3 && pod == middle) top(r_.core, clos_.cores);
      add_pod(pod);
    }
    r_.count = used_;
    return std::move(r_);
  }

 private:
  /// The first of so many racks. Those that belong together stand in one row, where that is long enough.
  std::int64_t take(std::int64_t racks, bool together) {
    const std::int64_t row = f_.question.layout.racks_per_row, rest = row - next_ % row;
    if (together && racks <= row && racks > rest) next_ += rest;
    const std::int64_t first = next_;
    next_ += racks;
    used_ += racks;
    return first;
  }

  void top(std::vector<std::int64_t>& where, std::int64_t in_plane) {
    const std::int64_t all = planes_ * in_plane;
    place(where, all, in_one_, take(racks_for(all, in_one_), false), [](std::int64_t i) { return i; });
  }

  void add_pod(std::int64_t pod) {
    const std::int64_t first = pod * clos_.pod_leaves;
    const std::int64_t last = std::min(clos_.leaves, first + clos_.pod_leaves);
    const std::int64_t group = f_.question.kind == FabricKind::rail ? f_.question.gpus_per_server : 1;
    const std::int64_t groups = racks_for(last - first, group);
    for (std::int64_t g = 0; g < groups; ++g) {
      if (g == groups / 2) add_spines(pod);
      if (f_.question.kind == FabricKind::rail) {
        add_stripe((first + g * group) / group);
      } else {
        add_leaf(first + g);
      }
    }
    used_in_rack_ = 0;  // the next pod begins in a rack of its own
  }

  void add_spines(std::int64_t pod) {
    used_in_rack_ = 0;
    const std::int64_t all = planes_ * clos_.pod_spines;
    place(r_.spine, all, in_one_, take(racks_for(all, in_one_), false), [&](std::int64_t i) {
      return i / clos_.pod_spines * clos_.spines + pod * clos_.pod_spines + i % clos_.pod_spines;
    });
  }

  /// Servers of a stripe, its leaves in their middle.
  void add_stripe(std::int64_t stripe) {
    const std::int64_t servers_each = f_.downlinks, rails = f_.question.gpus_per_server;
    const std::int64_t first = stripe * servers_each;
    const std::int64_t servers = std::min(f_.servers - first, servers_each);
    const std::int64_t in_rack = f_.question.layout.hosts_per_rack;
    const std::int64_t racks = racks_for(servers, in_rack), leaf_racks = racks_for(planes_ * rails, in_one_);
    const std::int64_t at = take(racks + leaf_racks, true);
    for (std::int64_t i = 0; i < servers; ++i) {
      const std::int64_t rack = i / in_rack;
      r_.server[static_cast<std::size_t>(first + i)] = at + rack + (rack >= racks / 2 ? leaf_racks : 0);
    }
    place(r_.leaf, planes_ * rails, in_one_, at + racks / 2,
          [&](std::int64_t i) { return i / rails * clos_.leaves + stripe * rails + i % rails; });
  }

  /// Servers of a leaf, which stands in the rack of the middle one. Small leaves share a rack.
  void add_leaf(std::int64_t leaf) {
    const std::int64_t in_rack = f_.question.layout.hosts_per_rack;
    const std::int64_t first = leaf * f_.downlinks;
    const std::int64_t servers = std::min<std::int64_t>(f_.servers - first, f_.downlinks);
    const bool shares = used_in_rack_ > 0 && used_in_rack_ + servers <= in_rack;
    if (!shares) used_in_rack_ = 0;
    const std::int64_t racks = racks_for(used_in_rack_ + servers, in_rack);
    const std::int64_t at = shares ? next_ - 1 : take(racks, true);
    for (std::int64_t i = 0; i < servers; ++i)
      r_.server[static_cast<std::size_t>(first + i)] = at + (used_in_rack_ + i) / in_rack;
    for (std::int64_t plane = 0; plane < planes_; ++plane) {
      r_.leaf[static_cast<std::size_t>(plane * clos_.leaves + leaf)] =
          at + (used_in_rack_ + servers / 2) / in_rack;
    }
    used_in_rack_ = racks == 1 ? used_in_rack_ + servers : in_rack;
  }

  const Fabric& f_;
  const Clos& clos_;
  std::int64_t planes_, in_one_, next_ = 0, used_ = 0, used_in_rack_ = 0;
  FabricRacks r_;
};

}  // namespace

FabricRacks racks_of(const Fabric& f) { return Rows(f).build(); }

}  // namespace lightlane::plan
