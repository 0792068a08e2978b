#include "lightlane/fec/loss_structure.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>

#include "lightlane/base/error.hpp"

namespace lightlane::fec {
namespace {

struct Entry {
  std::string_view name;
  int codewords, fec_lanes, pmd_lanes;
  signal::Modulation modulation;
  bool two_stages = false;
};

constexpr auto pam4 = signal::Modulation::pam4, nrz = signal::Modulation::nrz;
constexpr Entry entries[] = {
    {"400g-4lane", 2, 16, 4, pam4},
    {"400g-4lane-aui8", 2, 16, 4, pam4, true},
    {"400g-8lane", 2, 16, 8, pam4},
    {"200g-2lane", 2, 8, 2, pam4},
    {"200g-2lane-aui4", 2, 8, 2, pam4, true},
    {"200g-4lane", 2, 8, 4, pam4},
    {"100g-1lane", 1, 4, 1, pam4, true},
    {"100g-2lane", 1, 4, 2, pam4},
    {"100g-4lane", 1, 4, 4, nrz},
};

/// In two stages a host lane multiplexes two FEC lanes (a, b), and two host lanes (a, b), (c, d) give a c b
/// d.
std::vector<int> multiplex(int first, int width, bool two_stages) {
  if (two_stages) return {first, first + 2, first + 1, first + 3};
  std::vector<int> lanes(static_cast<std::size_t>(width));
  std::iota(lanes.begin(), lanes.end(), first);
  return lanes;
}

}  // namespace

LossStructure loss_structure(std::string_view name) {
  const auto* entry =
      std::find_if(std::begin(entries), std::end(entries), [&](const Entry& e) { return e.name == name; });
  if (entry == std::end(entries)) {
    throw ConfigError({"structure", fmt::format("is '{}'", name),
                       fmt::format("{}", fmt::join(loss_structure_names(), ", ")), ""});
  }
  LossStructure structure{std::string(name), entry->codewords, entry->fec_lanes, 10, entry->modulation, {}};
  const int width = entry->fec_lanes / entry->pmd_lanes;
  for (int lane = 0; lane < entry->pmd_lanes; ++lane)
    structure.mux.push_back(multiplex(width * lane, width, entry->two_stages));
  return structure;
}

std::vector<std::string_view> loss_structure_names() {
  std::vector<std::string_view> names;
  for (const Entry& entry : entries) names.push_back(entry.name);
  return names;
}

}  // namespace lightlane::fec
