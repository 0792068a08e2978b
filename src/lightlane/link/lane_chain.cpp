#include "lightlane/link/lane_chain.hpp"

#include <algorithm>

#include "lightlane/base/error.hpp"
#include "lightlane/base/random.hpp"
#include "lightlane/math/elementary.hpp"

namespace lightlane::link {
namespace {

std::vector<double> steady_levels(const optics::Transmitter& transmitter) {
  const auto& level = transmitter.report().level_w;
  return {level.begin(), level.end()};
}

signal::Halo in_symbols(signal::Halo samples, int per_ui) {
  const auto up = [per_ui](std::size_t n) { return (n + static_cast<std::size_t>(per_ui) - 1) / static_cast<std::size_t>(per_ui); };
  return {up(samples.before), up(samples.after)};
}

}  // namespace

LaneChain::LaneChain(const LaneSetup& setup, std::uint64_t seed, int samples_per_ui)
    : setup_(setup),
      transmitter_(setup.tx, samples_per_ui, seed, setup.stream),
      plant_(setup.plant, setup.tx.modulation, steady_levels(transmitter_), setup.tx.symbol_rate_gbd, samples_per_ui, seed,
             setup.stream),
      receiver_(setup.rx, setup.tx.symbol_rate_gbd, samples_per_ui, setup.wavelength_nm, seed, setup.stream),
      power_halo_(transmitter_.halo() + in_symbols(plant_.halo(), samples_per_ui)),
      sample_halo_(in_symbols(receiver_.halo(), samples_per_ui)) {}

void LaneChain::power(const signal::Levels& in, bool impairments, bool interference, signal::Power& out) const {
  thread_local signal::Field field;
  transmitter_.process(in, impairments, field);
  plant_.process(field, interference, out);
  const auto count = in.level.size() - power_halo_.before - power_halo_.after;
  trim(out, in.first_index + static_cast<std::int64_t>(power_halo_.before), count);
}

namespace {

/// Keeps symbols [first, first + count) of values that begin with symbol `begin`.
void cut(std::vector<float>& values, std::int64_t begin, std::int64_t first, std::size_t count) {
  const std::int64_t skip = first - begin;
  LIGHTLANE_ASSERT(skip >= 0 && static_cast<std::size_t>(skip) + count <= values.size());
  values.erase(values.begin(), values.begin() + skip);
  values.resize(count);
}

}  // namespace

void LaneChain::sample(const signal::Power& power, double phase_ui, bool noise, std::int64_t first, std::size_t count,
                       signal::Current& out) const {
  receiver_.sample(power, phase_ui, noise, out);
  cut(out.a, out.axis.first_index, first, count);
  out.axis.first_index = first;
}

optics::NoiseVariances LaneChain::variances(const signal::Power& power, double phase_ui, std::int64_t first, std::size_t count) const {
  signal::Current at;  // whose symbols the variances belong to
  receiver_.sample(power, phase_ui, false, at);
  optics::NoiseVariances out = receiver_.variances(power, phase_ui);
  cut(out.linear, at.axis.first_index, first, count);
  cut(out.quadratic, at.axis.first_index, first, count);
  return out;
}

void trim(signal::Power& power, std::int64_t first, std::size_t count) {
  const auto per_ui = static_cast<std::size_t>(power.axis.samples_per_ui);
  const std::int64_t begin = first * power.axis.samples_per_ui - power.axis.first_index;
  LIGHTLANE_ASSERT(begin >= 0 && static_cast<std::size_t>(begin) + count * per_ui <= power.w.size());
  power.w.resize(static_cast<std::size_t>(begin) + count * per_ui);
  power.w.erase(power.w.begin(), power.w.begin() + begin);
  power.axis.first_index += begin;
}

void couple_wavelengths(double isolation_db, std::span<signal::Power> lanes) {
  if (isolation_db <= 0 || lanes.size() < 2) return;
  const std::vector<signal::Power> clean(lanes.begin(), lanes.end());
  for (std::size_t victim = 0; victim < lanes.size(); ++victim) {
    for (std::size_t other = 0; other < lanes.size(); ++other) {
      const std::size_t apart = victim > other ? victim - other : other - victim;
      if (apart == 1 || apart == 2) {
        optics::add_crosstalk(clean[other], math::from_db(-isolation_db * static_cast<double>(apart)), lanes[victim]);
      }
    }
  }
}

signal::Levels random_levels(std::uint64_t seed, std::uint32_t lane, signal::Modulation modulation, std::int64_t first,
                             std::size_t count) {
  const RandomStream stream(seed, "link.training", lane);
  const unsigned bits = modulation == signal::Modulation::pam4 ? 2 : 1;
  const std::uint64_t mask = (1u << bits) - 1;
  const std::int64_t per_draw = 64 / bits;
  signal::Levels out{first, std::vector<std::uint8_t>(count)};
  std::uint64_t draw = 0;
  std::int64_t held = INT64_MIN;
  for (std::size_t i = 0; i < count; ++i) {
    const std::int64_t index = first + static_cast<std::int64_t>(i);
    const std::int64_t block = index >= 0 ? index / per_draw : -((per_draw - 1 - index) / per_draw);
    if (block != held) draw = stream.bits(static_cast<std::uint64_t>(block));
    held = block;
    out.level[i] = static_cast<std::uint8_t>(draw >> ((index - block * per_draw) * bits) & mask);
  }
  return out;
}

}  // namespace lightlane::link
