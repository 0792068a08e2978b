#include "lightlane/catalog/schema.hpp"

namespace lightlane::catalog {
namespace {

template <class Owner, Limit Owner::*Member>
struct Of {
  static const Limit& get(const Owner& owner) { return owner.*Member; }
  static Limit& slot(Owner& owner) { return owner.*Member; }
};

#define KEY(Owner, key, unit, meaning, lo, hi) \
  { "", #key, unit, meaning, lo, hi, &Of<Owner, &Owner::key>::get, &Of<Owner, &Owner::key>::slot }

constexpr LimitKey<Copper> copper_table[] = {
    KEY(Copper, reach_m, "m", "longest cable of the class", 0.1, 100),
};
constexpr LimitKey<DirectAttachEnd> end_table[] = {
    KEY(DirectAttachEnd, lanes, "", "lanes of each direction", 1, 32),
    KEY(DirectAttachEnd, lane_rate_gbps, "Gb/s", "line rate of a lane, FEC included", 1, 500),
    KEY(DirectAttachEnd, power_max_w, "W", "power of this end, at most", 0.01, 100),
};
constexpr LimitKey<DirectAttach> direct_attach_table[] = {
    KEY(DirectAttach, rate_gbps, "Gb/s", "MAC rate of end a, all legs together", 1, 10000),
    KEY(DirectAttach, length_max_m, "m", "length of the longest one sold", 0.1, 1000),
};

}  // namespace

std::span<const LimitKey<Copper>> copper_keys() noexcept { return copper_table; }
std::span<const LimitKey<DirectAttachEnd>> direct_attach_end_keys() noexcept { return end_table; }
std::span<const LimitKey<DirectAttach>> direct_attach_keys() noexcept { return direct_attach_table; }

}  // namespace lightlane::catalog
