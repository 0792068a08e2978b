#pragma once
/// One plane of a folded Clos network over leaves that are alike: two tiers (leaf, spine) or three (leaf,
/// spine of a pod, core). Counts, and every link by its ends, in closed form.
///
///     two tiers:   uplink j of leaf l goes to spine j / m, at its link l m + j mod m        m = U / S
///     three tiers: uplink j of leaf e of pod p to spine j of that pod, at its link e;
///                  uplink i of spine a of pod p to core i / m of group a, at its link p m + i mod m

#include <cstdint>
#include <optional>

namespace lightlane::plan {

struct ClosQuestion {
  std::int64_t leaves = 0;  ///< 1 or more
  int uplinks = 0;          ///< of a leaf, 1 or more
  int spine_cages = 0;
  int spine_down_per_cage = 1;  ///< links of one that goes down
  int spine_up_per_cage = 1;    ///< of one that goes up
  double core_rate = 1;         ///< rate of a spine's uplink over that of a leaf's
  int core_links = 0;           ///< that a core switch can carry
  int tiers = 0;                ///< 2, 3, or 0: 2 where that is enough
  std::optional<int> spines;    ///< two tiers: so many; else as few as carry it, `least_spines` at least
  int least_spines = 2;
  int group = 1;                ///< leaves of a pod are a multiple of it
  double oversubscription = 1;  ///< of the spines of a pod
  int leaf_hosts = 0;           ///< for refusals: that a leaf carries; 0: not to be said

  int spine_links() const noexcept { return spine_cages * spine_down_per_cage; }
};

struct Clos {
  int tiers = 2;
  std::int64_t leaves = 0;
  int uplinks = 0;
  std::int64_t spines = 0;  ///< of all pods
  int parallel = 1;         ///< links between a leaf and one of its spines
  // Three tiers; with two there is one pod, and no core.
  std::int64_t pods = 1;
  std::int64_t pod_leaves = 0;  ///< the last pod may have fewer
  int pod_spines = 0;
  int spine_uplinks = 0;
  std::int64_t cores = 0;
  int core_parallel = 0;  ///< links between a spine and one of its cores

  std::int64_t leaf_links() const noexcept { return leaves * uplinks; }
  std::int64_t core_links() const noexcept { return spines * spine_uplinks; }
  int cores_of_group() const noexcept { return core_parallel == 0 ? 0 : spine_uplinks / core_parallel; }
  /// Links that a spine has at most towards leaves.
  std::int64_t spine_downlinks() const noexcept { return pod_leaves * parallel; }
  /// Links that a core has.
  std::int64_t core_downlinks() const noexcept { return pods * core_parallel; }
};

/// Throws ConfigError, with the nearest that would do, where it cannot be built.
Clos clos_of(const ClosQuestion& question);

struct ClosLink {
  std::int64_t lower = 0, upper = 0;   ///< switches of the two tiers, from 0
  int lower_link = 0, upper_link = 0;  ///< which of their links in that direction, from 0
};

/// Leaf to spine, by leaf.
template <class Take>
void for_each_leaf_link(const Clos& c, Take take) {
  for (std::int64_t leaf = 0; leaf < c.leaves; ++leaf) {
    const std::int64_t pod = leaf / c.pod_leaves, place = leaf % c.pod_leaves;
    for (int j = 0; j < c.uplinks; ++j) {
      take(ClosLink{leaf, pod * c.pod_spines + j / c.parallel, j,
                    static_cast<int>(place) * c.parallel + j % c.parallel});
    }
  }
}

/// Spine to core, by spine. `lower_link` counts the spine's uplinks alone.
template <class Take>
void for_each_core_link(const Clos& c, Take take) {
  for (std::int64_t spine = 0; spine < c.spines && c.cores > 0; ++spine) {
    const std::int64_t pod = spine / c.pod_spines, group = spine % c.pod_spines;
    for (int i = 0; i < c.spine_uplinks; ++i) {
      take(ClosLink{spine, group * c.cores_of_group() + i / c.core_parallel, i,
                    static_cast<int>(pod) * c.core_parallel + i % c.core_parallel});
    }
  }
}

}  // namespace lightlane::plan
