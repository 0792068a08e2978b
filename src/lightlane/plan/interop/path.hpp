#pragma once
/// A way of cables between two modules, fibre by fibre: do they mate, and does every transmitter meet a
/// receiver? Polarity is composed as permutations of positions, whatever the types are called (TIA-568.3
/// types A, B, C; harnesses that fan out and together again).

#include <span>
#include <vector>

#include "lightlane/catalog/catalog.hpp"
#include "lightlane/plan/answer.hpp"

namespace lightlane::plan {

/// One cable of the way, from end A to end B.
struct PathCable {
  const catalog::Cable* cable = nullptr;
  bool turned = false;  ///< its end b faces A
  double length_m = 0;
};

/// Positions of the module's connector that a lane sends to and receives from. Lanes that are multiplexed on
/// one fibre are one entry.
struct LanePositions {
  int transmit = 0, receive = 0;
};
/// Seen at the module. Empty where it is not known. MPO-12: lane n sends at n and receives at 13 - n, MPO-16
/// at n and 17 - n, MPO-24 in the middle of a row each; a duplex LC sends at 1 and receives at 2; a simplex LC does both at 1.
std::vector<LanePositions> mdi_positions(const catalog::Pmd& pmd);

/// Where a position comes out: `leg` from 0 of the fan-out that is open at that end, else 0. position 0:
/// dark.
struct FibrePlace {
  int leg = 0, position = 0;
};
/// From a position at end A to end B.
FibrePlace trace(std::span<const PathCable> path, FibrePlace from);
/// The same way seen from end B.
std::vector<PathCable> reversed(std::span<const PathCable> path);
/// Legs that are open at end B; 0: the way cannot be built (a fan-out behind a fan-out, or one that is never
/// opened is closed).
int open_legs(std::span<const PathCable> path);

/// How the lanes of A meet those of B behind each leg.
struct LaneRoute {
  int lane = 0;       ///< of A, from 0
  int leg = 0;        ///< where its transmitter comes out
  int far_lane = 0;   ///< whose receiver that is
  int from_leg = 0;   ///< where its receiver is fed from
  int from_lane = 0;  ///< and by whose transmitter
};

struct PathAnswer {
  std::vector<Reason> reasons;    ///< CONNECTOR, GENDER, POLISH, MEDIA_KIND, POLARITY, LANE_ORDER
  std::vector<LaneRoute> routes;  ///< of the lanes of A, where every one is lit
  double length_m = 0;
  int joints = 0;  ///< mated pairs between cables; those at the modules are part of their limits
};

/// `a` has at least as many lanes as `b`; of the latter there is one behind each leg. Cures name the single
/// cable of the catalogue that would mend the way, where one does.
PathAnswer check_path(std::span<const PathCable> path, const catalog::Pmd& a, const catalog::Pmd& b);

}  // namespace lightlane::plan
