#include "lightlane/pcs/clause119_markers.hpp"

#include <fmt/format.h>

#include "lightlane/base/error.hpp"

namespace lightlane::pcs {
namespace {

constexpr std::uint8_t cm[3] = {0x9a, 0x4a, 0x26};

/// UP0, UP1, UM0, UM1, UM2, UP2 of table 119-1 and 119-2; UM3..5 are the complements of UM0..2.
struct Row {
  std::uint8_t up0, up1, um[3], up2;
};

constexpr Row rows_400g[16] = {
    {0xb6, 0xd9, {0x01, 0x71, 0xf3}, 0x26}, {0x04, 0x67, {0x5a, 0xde, 0x7e}, 0x98},
    {0x46, 0xfe, {0x3e, 0xf3, 0x56}, 0x01}, {0x5a, 0x84, {0x86, 0x80, 0xd0}, 0x7b},
    {0xe1, 0x19, {0x2a, 0x51, 0xf2}, 0xe6}, {0xf2, 0x4e, {0x12, 0x4f, 0xd1}, 0xb1},
    {0x3d, 0xee, {0x42, 0x9c, 0xa1}, 0x11}, {0x22, 0x32, {0xd6, 0x76, 0x5b}, 0xcd},
    {0x60, 0x9f, {0xe1, 0x73, 0x75}, 0x60}, {0x6b, 0xa2, {0x71, 0xc4, 0x3c}, 0x5d},
    {0xfa, 0x04, {0x95, 0xeb, 0xd8}, 0xfb}, {0x6c, 0x71, {0x22, 0x66, 0x38}, 0x8e},
    {0x18, 0x5b, {0xa2, 0xf6, 0x95}, 0xa4}, {0x14, 0xcc, {0x31, 0x97, 0xc3}, 0x33},
    {0xd0, 0xb1, {0xca, 0xfb, 0xa6}, 0x4e}, {0xb4, 0x56, {0xa6, 0xba, 0x79}, 0xa9}};
constexpr Row lane_0_200g = {0x05, 0xd6, {0xb3, 0xc0, 0x8c}, 0x29};

constexpr Marker complete(const Row& row) {
  const auto inverse = [](std::uint8_t octet) { return static_cast<std::uint8_t>(~octet); };
  return {cm[0],
          cm[1],
          cm[2],
          row.up0,
          inverse(cm[0]),
          inverse(cm[1]),
          inverse(cm[2]),
          row.up1,
          row.um[0],
          row.um[1],
          row.um[2],
          row.up2,
          inverse(row.um[0]),
          inverse(row.um[1]),
          inverse(row.um[2])};
}

constexpr std::array<Marker, 17> make_markers() {
  std::array<Marker, 17> markers{};
  for (std::size_t lane = 0; lane < 16; ++lane) markers[lane] = complete(rows_400g[lane]);
  markers[16] = complete(lane_0_200g);
  return markers;
}
constexpr std::array<Marker, 17> markers = make_markers();

std::uint64_t octets(const Marker& marker, std::initializer_list<std::size_t> places) {
  std::uint64_t value = 0;
  unsigned shift = 0;
  for (const std::size_t place : places) {
    value |= static_cast<std::uint64_t>(marker[place]) << shift;
    shift += 8;
  }
  return value;
}

}  // namespace

const Clause119Sizes& clause119_sizes(int rate_gbps) {
  if (rate_gbps == 400) return clause119_400g;
  if (rate_gbps == 200) return clause119_200g;
  throw ConfigError({"rate_gbps", fmt::format("is {}", rate_gbps), "400 or 200", "IEEE 802.3 clause 119"});
}

const Marker& clause119_marker(int rate_gbps, unsigned lane) {
  if (lane >= clause119_sizes(rate_gbps).lanes) {
    throw ConfigError({"pcs_lane", fmt::format("is {}", lane),
                       fmt::format("0 to {}", clause119_sizes(rate_gbps).lanes - 1), ""});
  }
  return markers[rate_gbps == 200 && lane == 0 ? 16 : lane];
}

std::uint64_t common_marker() noexcept { return octets(markers[0], {0, 1, 2, 4, 5, 6}); }

std::uint64_t unique_marker(int rate_gbps, unsigned lane) {
  return octets(clause119_marker(rate_gbps, lane), {8, 9, 10, 12, 13, 14});
}

BitVector marker_group(const Clause119Sizes& sizes, PadGenerator& pad, unsigned status) {
  BitVector group;
  const auto append_symbol = [&](unsigned lane, unsigned k) {
    const Marker& marker = clause119_marker(sizes.rate_gbps, lane);
    for (unsigned bit = 10 * k; bit < 10 * k + 10; ++bit) group.append(marker[bit / 8] >> (bit % 8) & 1, 1);
  };
  for (unsigned k = 0; k < 12; ++k) {
    for (unsigned j = 0; j < sizes.lanes / 2; ++j) {
      append_symbol(2 * j + k % 2, k);
      append_symbol(2 * j + 1 - k % 2, k);
    }
  }
  for (std::size_t i = 0; i < sizes.pad_bits; ++i) group.append(pad.next(), 1);
  group.append(status & 7, 3);
  return group;
}

}  // namespace lightlane::pcs
