#include "lightlane/plan/fabric/clos.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lightlane/base/error.hpp"

namespace lightlane::plan {
namespace {

/// Largest divisor of `number` that is at most `most`; 0: `most` is below 1.
int largest_divisor(int number, std::int64_t most) {
  for (auto d = static_cast<int>(std::min<std::int64_t>(number, most)); d >= 1; --d)
    if (number % d == 0) return d;
  return 0;
}

/// Divisors of `number` next to `wanted`: "8 or 16".
std::string near_divisors(int number, int wanted) {
  const int below = largest_divisor(number, wanted);
  int above = 0;
  for (int d = wanted + 1; d <= number && above == 0; ++d)
    if (number % d == 0) above = d;
  if (below == 0) return fmt::format("{}", above);
  return above == 0 ? fmt::format("{}", below) : fmt::format("{} or {}", below, above);
}

/// "64 leaves (2048 hosts)"
std::string leaves_text(const ClosQuestion& q, std::int64_t leaves) {
  return q.leaf_hosts == 0 ? fmt::format("{} leaves", leaves)
                           : fmt::format("{} leaves ({} hosts)", leaves, leaves * q.leaf_hosts);
}

Clos with_spines(const ClosQuestion& q, int spines) {
  if (spines < 1 || q.uplinks % spines != 0) {
    throw ConfigError(
        {"spines", fmt::format("is {}: {} uplinks of a leaf do not divide by it", spines, q.uplinks),
         near_divisors(q.uplinks, std::max(spines, 1)), "every spine has as many links to a leaf"});
  }
  const int parallel = q.uplinks / spines;
  if (q.leaves * parallel > q.spine_links()) {
    const int most = largest_divisor(q.uplinks, q.spine_links() / q.leaves);
    throw ConfigError({"spines",
                       fmt::format("is {}: {} leaves with {} links each need {} links of a spine that has {}",
                                   spines, q.leaves, parallel, q.leaves * parallel, q.spine_links()),
                       most == 0 ? std::string("three tiers") : fmt::format("{} spines", q.uplinks / most),
                       ""});
  }
  Clos out;
  out.leaves = q.leaves;
  out.uplinks = q.uplinks;
  out.spines = spines;
  out.parallel = parallel;
  out.pod_leaves = q.leaves;
  out.pod_spines = spines;
  return out;
}

Clos two_tiers(const ClosQuestion& q) {
  if (q.spines) return with_spines(q, *q.spines);
  const std::int64_t most =
      std::min<std::int64_t>(q.spine_links() / q.leaves, q.uplinks / std::min(q.least_spines, q.uplinks));
  const int parallel = largest_divisor(q.uplinks, most);
  if (parallel == 0) {
    throw ConfigError({"tiers",
                       fmt::format("is 2: {} leaves, and a spine has {} links", q.leaves, q.spine_links()),
                       fmt::format("{}, or 3 tiers", leaves_text(q, q.spine_links())), ""});
  }
  return with_spines(q, q.uplinks / parallel);
}

/// That a spine needs for so many leaves.
std::int64_t spine_uplinks(const ClosQuestion& q, std::int64_t leaves) {
  return static_cast<std::int64_t>(
      std::ceil(static_cast<double>(leaves) / (q.oversubscription * q.core_rate) - 1e-9));
}

/// Leaves of a pod, whole groups, for which a spine has the ports.
std::int64_t pod_leaves_at_most(const ClosQuestion& q) {
  const auto cages = [](std::int64_t links, int each) { return (links + each - 1) / each; };
  for (std::int64_t leaves = q.spine_links() / q.group * q.group; leaves > 0; leaves -= q.group) {
    if (cages(leaves, q.spine_down_per_cage) + cages(spine_uplinks(q, leaves), q.spine_up_per_cage) <=
        q.spine_cages)
      return leaves;
  }
  return 0;
}

Clos three_tiers(const ClosQuestion& q) {
  if (q.spines)
    throw ConfigError(
        {"spines", "is given for three tiers", "two tiers", "pods have as many as a leaf has uplinks"});
  const std::int64_t pod_most = pod_leaves_at_most(q);
  if (pod_most == 0) {
    throw ConfigError({"spine",
                       fmt::format("has {} ports: too few for a pod of {} {} and its uplinks", q.spine_cages,
                                   q.group, q.group == 1 ? "leaf" : "leaves"),
                       "a larger switch, or more oversubscription", ""});
  }
  Clos out;
  out.tiers = 3;
  out.leaves = q.leaves;
  out.uplinks = q.uplinks;
  out.pods = (q.leaves + pod_most - 1) / pod_most;
  // Pods alike, as far as groups allow.
  const std::int64_t groups = (q.leaves + q.group - 1) / q.group;
  out.pod_leaves = (groups + out.pods - 1) / out.pods * q.group;
  out.pods = (q.leaves + out.pod_leaves - 1) / out.pod_leaves;
  out.pod_spines = q.uplinks;
  out.spines = out.pods * out.pod_spines;
  out.spine_uplinks = static_cast<int>(spine_uplinks(q, out.pod_leaves));
  out.core_parallel = largest_divisor(out.spine_uplinks, q.core_links / out.pods);
  if (out.core_parallel == 0) {
    throw ConfigError({"core",
                       fmt::format("has {} links: {} leaves need {} pods of {}", q.core_links, q.leaves,
                                   out.pods, out.pod_leaves),
                       leaves_text(q, q.core_links * pod_most) + " at most", "switches with more ports"});
  }
  out.cores = static_cast<std::int64_t>(out.pod_spines) * out.cores_of_group();
  return out;
}

}  // namespace

Clos clos_of(const ClosQuestion& q) {
  if (q.leaves < 1) throw ConfigError({"leaves", fmt::format("is {}", q.leaves), "1 or more", ""});
  if (q.uplinks < 1) throw ConfigError({"uplinks", fmt::format("is {}", q.uplinks), "1 or more", ""});
  if (q.tiers != 0 && q.tiers != 2 && q.tiers != 3)
    throw ConfigError({"tiers", fmt::format("is {}", q.tiers), "2, 3", ""});
  if (q.tiers == 3 || (q.tiers == 0 && q.leaves > q.spine_links() && !q.spines)) return three_tiers(q);
  return two_tiers(q);
}

}  // namespace lightlane::plan
