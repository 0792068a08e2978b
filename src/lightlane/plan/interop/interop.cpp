#include "lightlane/plan/interop/interop.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "lightlane/base/error.hpp"
#include "lightlane/catalog/resolver.hpp"
#include "lightlane/plan/budget/budget_terms.hpp"
#include "lightlane/plan/interop/interop_checks.hpp"
#include "lightlane/plan/names.hpp"

namespace lightlane::plan {
namespace {

using namespace catalog;

bool understood(const Pmd& a, const Pmd& b) {
  return incompatibilities(a, b).empty() && share_lanes(a, b).possible;
}

/// Other types that a port can be set to. The pair that talks; null where none does.
struct Guise {
  const Pmd* a = nullptr;
  const Pmd* b = nullptr;
  const OtherMode* mode = nullptr;
  bool of_a = false;
};
Guise find_guise(const Pmd& a, const Pmd& b) {
  for (const OtherMode& mode : a.modes)
    if (const Pmd* as = find_pmd(mode.pmd); as != nullptr && understood(*as, b)) return {as, &b, &mode, true};
  for (const OtherMode& mode : b.modes)
    if (const Pmd* as = find_pmd(mode.pmd); as != nullptr && understood(a, *as))
      return {&a, as, &mode, false};
  return {};
}

/// A type that is run as several of another: the first, with `count` times the lanes, fibres and rate.
Pmd several(const Pmd& of, const OtherMode& mode, const Pmd& own) {
  Pmd out = of;
  out.lanes *= mode.count;
  out.rate_gbps *= mode.count;
  out.fibre_count *= mode.count;
  out.connector = own.connector;
  out.polish = own.polish;
  return out;
}

void check_path_of(const InteropQuestion& q, const Sharing& sharing, const Pmd& more, const Pmd& fewer,
                   Interop& out) {
  const std::vector<PathCable> path = sharing.swapped ? reversed(q.path) : q.path;
  PathAnswer answer = check_path(path, more, fewer);
  out.routes = std::move(answer.routes);
  const int legs = open_legs(path);
  if (legs != 0 && legs != sharing.children && sharing.possible) {
    out.reasons.push_back({"CONNECTOR",
                           fmt::format("the way ends in {} leg{}, {} x {} need {}", legs,
                                       legs == 1 ? "" : "s", sharing.children, fewer.id, sharing.children),
                           "another harness", Severity::condition});
  }
  for (Reason& reason : answer.reasons) out.reasons.push_back(std::move(reason));
}

bool fibres_suit(const Question& plant, const Pmd& pmd, std::vector<Reason>& reasons) {
  for (const Segment& segment : plant.segments) {
    if (segment.fibre == nullptr || segment.fibre->kind == pmd.fibre) continue;
    reasons.push_back({"MEDIA_KIND",
                       fmt::format("fibre {} is {}, {} is made for {}", segment.fibre->id,
                                   shown(segment.fibre->kind), pmd.id, shown(pmd.fibre)),
                       fmt::format("{}, or another type", shown(pmd.fibre)), Severity::refusal});
    return false;
  }
  return true;
}

/// The rated reach of both on the fibre of the plant; none where a type has none.
std::optional<double> common_reach_m(const Question& plant, const Pmd& a, const Pmd& b) {
  const Fibre& natural = fibre_named(a.fibre == FibreKind::single_mode ? "G.652.D" : "OM4", "fibre");
  const Fibre& fibre =
      plant.segments.empty() || plant.segments[0].fibre == nullptr ? natural : *plant.segments[0].fibre;
  const auto left = rated_reach_m(a, fibre), right = rated_reach_m(b, fibre);
  if (!left || !right) return std::nullopt;
  return std::min(*left, *right);
}

void check_reach(const Question& plant, const Pmd& a, const Pmd& b, Interop& out) {
  const auto reach = out.reach_m;
  const bool given = !plant.segments.empty() && plant.segments[0].length_m;
  if (given || !reach) return;
  const auto left = common_reach_m(plant, a, a), right = common_reach_m(plant, b, b);
  if (left && right && *left != *right) {
    out.reasons.push_back(
        {"REACH", fmt::format("at most {:g} m, the reach of {}", *reach, *left < *right ? a.id : b.id), "",
         Severity::setup});
  }
}

void check_budget(const InteropQuestion& q, const Pmd& a, const Pmd& b, Interop& out) {
  Question plant = plant_of(q);
  if (!fibres_suit(plant, a, out.reasons)) return;
  plant.near = &a;
  plant.far = &b;
  out.reach_m = common_reach_m(plant, a, b);
  const bool length_given = !plant.segments.empty() && plant.segments[0].length_m;
  if (!length_given && !out.reach_m) {
    out.reasons.push_back(
        {"UNKNOWN",
         fmt::format("a length is not given, and no reach of {} and {} on this fibre is known", a.id, b.id),
         "give a length", Severity::unknown});
    return;
  }
  const bool assumed_plant = plant.segments.empty() && !plant.connectors && plant.splices.empty();
  out.budget = budget(plant);
  check_reach(plant, a, b, out);
  for (Reason reason : out.budget->reasons) {
    // Over a plant that nobody described, too much loss is a condition on the plant.
    if (assumed_plant && reason.code == "LOSS") reason.severity = Severity::condition;
    out.reasons.push_back(std::move(reason));
  }
  out.assumed = out.budget->assumed;
  for (const Direction& d : out.budget->directions) {
    if (!d.margin_db) {
      out.loss_max_db.reset();
      return;
    }
    const double most = d.loss_db + *d.margin_db;
    out.loss_max_db = std::min(most, out.loss_max_db.value_or(most));
  }
}

void sort_reasons(std::vector<Reason>& reasons) {
  std::stable_sort(reasons.begin(), reasons.end(),
                   [](const Reason& x, const Reason& y) { return x.severity > y.severity; });
}

void check_single_fibre(const Pmd& a, const Pmd& b, std::vector<Reason>& reasons) {
  if (&a != &b || !a.single_fibre_bidirectional) return;
  reasons.push_back({"WAVELENGTH", fmt::format("one end has to be kind A of {}, the other kind B", a.id), "",
                     Severity::setup});
}

}  // namespace

std::string_view name(InteropVerdict verdict) noexcept {
  constexpr std::string_view names[] = {"ok", "conditional", "no", "unknown"};
  return names[static_cast<int>(verdict)];
}

InteropVerdict verdict_of(const std::vector<Reason>& reasons) noexcept {
  switch (worst(reasons)) {
    case Severity::refusal:
      return InteropVerdict::no;
    case Severity::unknown:
      return InteropVerdict::unknown;
    case Severity::condition:
      return InteropVerdict::conditional;
    default:
      return InteropVerdict::ok;
  }
}

Question plant_of(const InteropQuestion& q) {
  Question plant = q.plant;
  double length_m = 0;
  for (const PathCable& piece : q.path) length_m += piece.length_m;
  if (plant.segments.empty() && length_m > 0) plant.segments.push_back({nullptr, length_m, std::nullopt});
  if (plant.connectors || q.path.empty()) return plant;
  plant.connectors.emplace();
  for (std::size_t i = 0; i + 1 < q.path.size(); ++i) {
    const PathCable& piece = q.path[i];
    const CableEnd& end = piece.turned ? piece.cable->a : piece.cable->b;
    const Connector* type = &mated_pair(end.connector, end.polish, piece.cable->fibre);
    const auto same = std::find_if(plant.connectors->begin(), plant.connectors->end(),
                                   [&](const Joint& joint) { return joint.type == type; });
    if (same != plant.connectors->end()) {
      ++*same->count;
    } else {
      plant.connectors->push_back({type, 1, std::nullopt, std::nullopt});
    }
  }
  return plant;
}

Interop interop(const InteropQuestion& q) {
  Interop out;
  out.a = q.a;
  out.b = q.b;
  out.a_as = q.a.pmd;
  out.b_as = q.b.pmd;
  LinkEnd a = q.a, b = q.b;
  Pmd many;  // of an end that runs as several of another type
  if (!understood(*a.pmd, *b.pmd)) {
    if (const Guise guise = find_guise(*a.pmd, *b.pmd); guise.mode != nullptr) {
      LinkEnd& end = guise.of_a ? a : b;
      const Pmd& as = guise.of_a ? *guise.a : *guise.b;
      out.reasons.push_back({"HOST_LANE", fmt::format("{}: {}", guise.of_a ? "A" : "B", guise.mode->text),
                             "module and host that offer this mode", Severity::condition});
      many = several(as, *guise.mode, *end.pmd);
      end.pmd = &many;
      (guise.of_a ? out.a_as : out.b_as) = &as;
    }
  }
  const Sharing sharing = share_lanes(*a.pmd, *b.pmd);
  out.children = sharing.children;
  out.a_breaks_out = sharing.children > 1 && !sharing.swapped;
  out.b_breaks_out = sharing.children > 1 && sharing.swapped;
  const Pmd& more = sharing.swapped ? *b.pmd : *a.pmd;
  const Pmd& fewer = sharing.swapped ? *a.pmd : *b.pmd;
  check_seat(q.a, "A", out.reasons);
  check_seat(q.b, "B", out.reasons);
  const std::vector<Reason> optical = incompatibilities(*out.a_as, *out.b_as);
  out.reasons.insert(out.reasons.end(), optical.begin(), optical.end());
  if (q.path.empty()) {
    check_connectors(more, fewer, sharing.children, out.reasons);
  } else {
    check_path_of(q, sharing, more, fewer, out);
  }
  check_single_fibre(*a.pmd, *b.pmd, out.reasons);
  check_lanes(more, fewer, sharing, q.count, out.reasons);
  check_fec(a, b, sharing, out.reasons);
  check_port_mode(a, "A", out.a_breaks_out ? sharing.children : 1, fewer.rate_gbps, out.reasons);
  check_port_mode(b, "B", out.b_breaks_out ? sharing.children : 1, fewer.rate_gbps, out.reasons);
  if (optical.empty() && sharing.possible) check_budget(q, *out.a_as, *out.b_as, out);
  check_management(a, "A", out.a_breaks_out ? sharing.children : 1, fewer.rate_gbps, fewer, out.reasons);
  check_management(b, "B", out.b_breaks_out ? sharing.children : 1, fewer.rate_gbps, fewer, out.reasons);
  sort_reasons(out.reasons);
  out.verdict = verdict_of(out.reasons);
  return out;
}

LinkEnd link_end(std::string_view text, std::string_view place, int* count) {
  LinkEnd out;
  std::string_view type = text;
  if (count != nullptr) {
    int many = 0;
    const auto number = std::from_chars(text.data(), text.data() + text.size(), many);
    const auto behind = static_cast<std::size_t>(number.ptr - text.data());
    if (number.ec == std::errc() && behind + 1 < text.size() &&
        (text[behind] == 'x' || text[behind] == 'X') && many > 0 && find_pmd(text) == nullptr &&
        find_module(text) == nullptr) {
      *count = many;
      type = text.substr(text.find_first_not_of(" -_", behind + 1));
    }
  }
  out.module = find_module(type);
  out.pmd = out.module != nullptr ? find_pmd(out.module->pmd) : &pmd_named(type, place);
  return out;
}

void plug_into(LinkEnd& end, std::string_view text, std::string_view place) {
  const std::size_t colon = text.rfind(':');
  const std::string_view seat = text.substr(0, colon);
  if (const Switch* host = find_switch(seat)) {
    int port = 0;
    const std::string_view number = colon == std::string_view::npos ? "" : text.substr(colon + 1);
    const auto read = std::from_chars(number.data(), number.data() + number.size(), port);
    if (read.ec != std::errc() || read.ptr != number.data() + number.size() || host->port(port) == nullptr) {
      throw ConfigError({std::string(place), fmt::format("'{}' names no port of {}", text, host->id),
                         fmt::format("{}:1 to {}:{}", host->id, host->id, host->port_count()), ""});
    }
    end.host = host;
    end.port = port;
    end.cage = find_cage(host->port(port)->cage);
    return;
  }
  const Cage* cage = find_cage(text);
  for (const Cage& other : cages())
    if (cage == nullptr && same_name(other.form_factor, text)) cage = &other;
  if (cage == nullptr) {
    constexpr std::string_view kinds[] = {"switch", "cage"};
    throw ConfigError(name_refusal(place, text, kinds));
  }
  end.cage = cage;
}

}  // namespace lightlane::plan
