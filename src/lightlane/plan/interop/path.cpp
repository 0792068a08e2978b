#include "lightlane/plan/interop/path.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lightlane/plan/names.hpp"

namespace lightlane::plan {
namespace {

using namespace catalog;

/// What stands at an end: a connector of the module, or of a cable.
struct Face {
  PmdConnector connector = PmdConnector::unknown;
  Gender gender = Gender::none;
  Polish polish = Polish::unknown;
  std::string what;
};

Face face_of(const Pmd& pmd) {
  const bool mpo = pmd.connector == PmdConnector::mpo12 || pmd.connector == PmdConnector::mpo16 ||
                   pmd.connector == PmdConnector::mpo24;
  return {pmd.connector, mpo ? Gender::male : Gender::none, pmd.polish,
          fmt::format("the module ({})", pmd.id)};
}

Face face_of(const PathCable& piece, bool towards_a, std::size_t number) {
  const CableEnd& end = towards_a == piece.turned ? piece.cable->b : piece.cable->a;
  return {end.connector, end.gender, end.polish, fmt::format("cable {} ({})", number, piece.cable->id)};
}

void check_joint(const Face& left, const Face& right, std::vector<Reason>& reasons) {
  if (left.connector == PmdConnector::unknown || right.connector == PmdConnector::unknown) {
    reasons.push_back({"CONNECTOR",
                       fmt::format("the connector of {} is not known",
                                   left.connector == PmdConnector::unknown ? left.what : right.what),
                       "", Severity::unknown});
    return;
  }
  if (left.connector != right.connector) {
    reasons.push_back({"CONNECTOR",
                       fmt::format("{} of {} does not mate with {} of {}", shown(left.connector), left.what,
                                   shown(right.connector), right.what),
                       fmt::format("a cable with {} at one end and {} at the other", shown(left.connector),
                                   shown(right.connector)),
                       Severity::condition});
    return;
  }
  if (left.polish != Polish::unknown && right.polish != Polish::unknown && left.polish != right.polish) {
    reasons.push_back({"POLISH",
                       fmt::format("{} of {} meets {} of {}: a gap, reflections, damaged faces",
                                   shown(left.polish), left.what, shown(right.polish), right.what),
                       fmt::format("a cable with {} at that end", shown(left.polish)), Severity::refusal});
  }
  if (left.gender != Gender::none && left.gender == right.gender) {
    const bool pins = left.gender == Gender::male;
    reasons.push_back({"GENDER",
                       fmt::format("{} and {} are both {}", left.what, right.what,
                                   pins ? "male: pins against pins" : "female: nothing aligns them"),
                       fmt::format("a cable with a {} end there", pins ? "female" : "male"),
                       Severity::condition});
  }
}

void check_mating(std::span<const PathCable> path, const Pmd& a, const Pmd& b, std::vector<Reason>& reasons) {
  Face left = face_of(a);
  for (std::size_t i = 0; i < path.size(); ++i) {
    check_joint(left, face_of(path[i], true, i + 1), reasons);
    if (path[i].cable->fibre != a.fibre) {
      reasons.push_back({"MEDIA_KIND",
                         fmt::format("cable {} ({}) is {}, {} is made for {}", i + 1, path[i].cable->id,
                                     shown(path[i].cable->fibre), a.id, shown(a.fibre)),
                         fmt::format("a {} cable", shown(a.fibre)), Severity::condition});
    }
    left = face_of(path[i], false, i + 1);
  }
  check_joint(left, face_of(b), reasons);
}

int lane_at(const std::vector<LanePositions>& lanes, int LanePositions::*side, int position) {
  for (std::size_t i = 0; i < lanes.size(); ++i)
    if (lanes[i].*side == position) return static_cast<int>(i);
  return -1;
}

/// Empty where a lane of A is not lit both ways, or its two directions lead to different partners.
std::vector<LaneRoute> route(std::span<const PathCable> path, const std::vector<LanePositions>& a,
                             const std::vector<LanePositions>& b) {
  std::vector<LaneRoute> out;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const FibrePlace sent = trace(path, {0, a[i].transmit}), heard = trace(path, {0, a[i].receive});
    LaneRoute lane = {static_cast<int>(i), sent.leg, lane_at(b, &LanePositions::receive, sent.position),
                      heard.leg, lane_at(b, &LanePositions::transmit, heard.position)};
    if (sent.position == 0 || heard.position == 0 || lane.far_lane < 0 || lane.from_lane < 0) return {};
    if (lane.leg != lane.from_leg) return {};
    out.push_back(lane);
  }
  return out;
}

/// Lane n of A meets lane n of B, over all legs.
bool in_order(const std::vector<LaneRoute>& routes, std::size_t far_lanes) {
  return std::all_of(routes.begin(), routes.end(), [&](const LaneRoute& r) {
    return r.leg * static_cast<int>(far_lanes) + r.far_lane == r.lane && r.far_lane == r.from_lane;
  });
}

/// Cables that are like `cable` in everything but polarity.
std::vector<const Cable*> other_polarities(const Cable& cable) {
  std::vector<const Cable*> out;
  for (const Cable& other : cables()) {
    const auto same_end = [](const CableEnd& x, const CableEnd& y) {
      return x.connector == y.connector && x.gender == y.gender && x.polish == y.polish;
    };
    if (&other == &cable || other.polarity == "C" || other.kind != cable.kind || other.fibre != cable.fibre ||
        other.legs != cable.legs || !same_end(other.a, cable.a) || !same_end(other.b, cable.b))
      continue;
    out.push_back(&other);
  }
  return out;
}

std::string polarity_cure(std::span<const PathCable> path, const std::vector<LanePositions>& a,
                          const std::vector<LanePositions>& b) {
  std::vector<PathCable> trial(path.begin(), path.end());
  for (std::size_t i = 0; i < trial.size(); ++i) {
    const Cable* was = trial[i].cable;
    for (const Cable* other : other_polarities(*was)) {
      trial[i].cable = other;
      if (const auto routes = route(trial, a, b); !routes.empty() && in_order(routes, b.size()))
        return fmt::format("cable {}: {} instead of {}", i + 1, other->id, was->id);
    }
    trial[i].cable = was;
  }
  return "another number of crossings: parallel optics need an odd number of type B and none of type C";
}

void check_polarity(std::span<const PathCable> path, const Pmd& a, const Pmd& b, PathAnswer& out) {
  const std::vector<LanePositions> lanes = mdi_positions(a), far = mdi_positions(b);
  if (lanes.empty() || far.empty()) {
    out.reasons.push_back({"POLARITY",
                           fmt::format("the positions of {} are not known", lanes.empty() ? a.id : b.id), "",
                           Severity::unknown});
    return;
  }
  const int legs = open_legs(path);
  if (legs == 0) {
    out.reasons.push_back({"CONNECTOR", "a fan-out cannot follow another, nor a fan-in stand without one",
                           "turn the harness", Severity::condition});
    return;
  }
  out.routes = route(path, lanes, far);
  if (out.routes.empty()) {
    out.reasons.push_back({"POLARITY", "not every transmitter meets a receiver, and its own partner's",
                           polarity_cure(path, lanes, far), Severity::condition});
    return;
  }
  if (in_order(out.routes, far.size())) return;
  out.reasons.push_back(
      {"LANE_ORDER",
       legs > 1 ? "legs or lanes are permuted: each child port has another partner than its number says"
                : "every lane is lit, in another order than the types of cable are made for; the "
                  "receiver's PCS puts lanes right, a test set by lanes does not",
       polarity_cure(path, lanes, far), Severity::condition});
}

}  // namespace

std::vector<LanePositions> mdi_positions(const Pmd& pmd) {
  const int count = positions(pmd.connector);
  switch (pmd.connector) {
    case PmdConnector::lc_duplex:
      return {{1, 2}};
    case PmdConnector::lc_simplex:
      return {{1, 1}};
    case PmdConnector::mpo12:
    case PmdConnector::mpo16: {
      const int pairs = pmd.fibre_count / 2;
      if (pairs < 1 || 2 * pairs > count) return {};
      std::vector<LanePositions> out;
      for (int n = 1; n <= pairs; ++n) out.push_back({n, count + 1 - n});
      return out;
    }
    case PmdConnector::mpo24: {
      // Two rows of twelve: the lanes are in the middle of either, one row for each direction. Which row is
      // which, and that lanes count alike in both, are from memory; both ends agree in it, so that no verdict
      // hangs on the row.
      constexpr int row = 12;
      const int lanes = pmd.fibre_count / 2;
      if (lanes < 1 || lanes > row) return {};
      const int first = 1 + (row - lanes) / 2;
      std::vector<LanePositions> out;
      for (int n = 0; n < lanes; ++n) out.push_back({row + first + n, first + n});
      return out;
    }
    default:
      return {};
  }
}

FibrePlace trace(std::span<const PathCable> path, FibrePlace from) {
  bool fanned = false;
  for (const PathCable& piece : path) {
    if (from.position == 0) return {};
    const Cable& cable = *piece.cable;
    if (piece.turned) {
      const int leg = cable.legs > 1 ? from.leg : 0;
      if (leg >= cable.legs || from.position > positions(cable.b.connector)) return {};
      from = {cable.legs > 1 ? 0 : from.leg, cable.position_at_a(leg, from.position)};
      if (cable.legs > 1) fanned = false;
    } else {
      if ((cable.legs > 1 && fanned) || from.position > positions(cable.a.connector)) return {};
      const Cable::Far far = cable.position_at_b(from.position);
      from = {cable.legs > 1 ? far.leg : from.leg, far.position};
      if (cable.legs > 1) fanned = true;
    }
  }
  return from;
}

std::vector<PathCable> reversed(std::span<const PathCable> path) {
  std::vector<PathCable> out(path.rbegin(), path.rend());
  for (PathCable& piece : out) piece.turned = !piece.turned;
  return out;
}

int open_legs(std::span<const PathCable> path) {
  int legs = 1;
  for (const PathCable& piece : path) {
    const int own = piece.cable->legs;
    if (own == 1) continue;
    if (!piece.turned) {
      if (legs != 1) return 0;
      legs = own;
    } else {
      if (legs != own) return 0;
      legs = 1;
    }
  }
  return legs;
}

PathAnswer check_path(std::span<const PathCable> path, const Pmd& a, const Pmd& b) {
  PathAnswer out;
  out.joints = std::max(0, static_cast<int>(path.size()) - 1);
  for (const PathCable& piece : path) out.length_m += piece.length_m;
  check_mating(path, a, b, out.reasons);
  const bool mates = std::none_of(out.reasons.begin(), out.reasons.end(),
                                  [](const Reason& r) { return r.code == "CONNECTOR"; });
  if (mates) check_polarity(path, a, b, out);
  return out;
}

}  // namespace lightlane::plan
