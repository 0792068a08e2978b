#include "lightlane/pcs/clause119_distribute.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>

#include "lightlane/base/error.hpp"
#include "lightlane/pcs/clause119_kernels.hpp"

namespace lightlane::pcs {
namespace {

static_assert(std::endian::native == std::endian::little, "lanes are written as octets into words");

std::array<std::uint8_t, 1088> make_symbol_lanes(unsigned lanes) {
  std::array<std::uint8_t, 1088> table{};
  const unsigned half = lanes / 2;
  for (unsigned s = 0; s < 544; ++s) {
    const unsigned turn = s / half, j = s % half;
    table[s] = static_cast<std::uint8_t>(2 * j + turn % 2);
    table[544 + s] = static_cast<std::uint8_t>(2 * j + 1 - turn % 2);
  }
  return table;
}

}  // namespace

std::span<const Kernel<Clause119Kernels>> clause119_kernels() noexcept {
  using namespace clause119;
  static constexpr Kernel<Clause119Kernels> table[] = {
    {Variant::ref, {split_ref, join_ref, distribute_ref, collect_ref}},
    {Variant::portable, {split_portable, join_portable, distribute_portable, collect_portable}},
#if defined(__x86_64__)
    {Variant::avx2, {split_avx2, join_avx2, distribute_portable, collect_portable}},
    {Variant::avx512, {split_avx512, join_avx512, distribute_avx512, collect_avx512}},
#endif
  };
  return table;
}

std::span<const std::uint8_t> clause119_symbol_lanes(int rate_gbps) {
  static const auto of_400g = make_symbol_lanes(16), of_200g = make_symbol_lanes(8);
  return clause119_sizes(rate_gbps).lanes == 16 ? of_400g : of_200g;
}

Clause119Distribute::Clause119Distribute(int rate_gbps)
    : Clause119Distribute(rate_gbps, select(clause119_kernels()).function) {}

void Clause119Distribute::process(const signal::Codewords& codewords, signal::BitLanes& out) {
  if (codewords.count % 2 != 0 || !(codewords.code == signal::kp4)) {
    throw InputError({"codewords", fmt::format("{} of {}", codewords.count, codewords.code.name),
                      "an even number of kp4 codewords", "clause 119 sends pairs"});
  }
  if (out.lanes.empty()) out.lanes.resize(sizes_.lanes);
  if (out.size() != sizes_.lanes) {
    throw InputError({"lanes", fmt::format("are {}", out.size()), fmt::format("{}", sizes_.lanes), ""});
  }
  const std::size_t pairs = codewords.count / 2, octets = pairs * sizes_.lane_bits() / 8;
  bool aligned = true;
  for (const auto& lane : out.lanes) aligned &= lane.bits.size() % 8 == 0;
  std::array<std::uint8_t*, 16> to{};
  if (!aligned) scratch_.resize(sizes_.lanes * (octets + 8));
  for (unsigned l = 0; l < sizes_.lanes; ++l) {
    auto& lane = out[l];
    if (lane.bits.empty()) lane.first_index = pairs_ * sizes_.lane_bits();
    const std::size_t start = lane.bits.size() / 8;
    if (aligned) {
      lane.bits.resize(lane.bits.size() + 8 * octets);
      to[l] = reinterpret_cast<std::uint8_t*>(lane.bits.words()) + start;
    } else {
      to[l] = scratch_.data() + l * (octets + 8);
    }
  }
  kernels_.distribute(sizes_.lanes, codewords.words.data(), pairs, to.data());
  for (unsigned l = 0; l < sizes_.lanes; ++l) {
    BitVector& bits = out[l].bits;
    if (aligned) {
      std::memset(to[l] + octets, 0, 8);  // the spare word of a BitVector
      continue;
    }
    for (std::size_t i = 0; i < octets; i += 8) {
      std::uint64_t word;
      std::memcpy(&word, to[l] + i, 8);
      bits.append(word, static_cast<unsigned>(8 * std::min<std::size_t>(8, octets - i)));
    }
  }
  pairs_ += pairs;
}

void clause119_collect(int rate_gbps, const signal::BitLanes& lanes, std::span<const std::size_t> position,
                       signal::Codewords& out) {
  const Clause119Sizes& sizes = clause119_sizes(rate_gbps);
  if (lanes.size() != sizes.lanes || position.size() != sizes.lanes) {
    throw InputError({"lanes", fmt::format("are {}", lanes.size()), fmt::format("{}", sizes.lanes), ""});
  }
  std::size_t pairs = std::numeric_limits<std::size_t>::max();
  std::array<const std::uint64_t*, 16> from{};
  for (unsigned l = 0; l < sizes.lanes; ++l) {
    const std::size_t size = lanes[l].bits.size();
    pairs = std::min(pairs, size < position[l] ? 0 : (size - position[l]) / sizes.lane_bits());
    from[l] = lanes[l].bits.words();
  }
  const std::size_t start = out.count;
  out.resize(start + 2 * pairs);
  select(clause119_kernels())
      .function.collect(sizes.lanes, from.data(), position.data(), pairs, out.at(start));
}

}  // namespace lightlane::pcs
