#pragma once
/// Light without a digital layer, for tests: random symbols straight through an OpticalChannel.

#include <cstdint>
#include <string>
#include <vector>

#include "lightlane/base/random.hpp"
#include "lightlane/link/optical_channel.hpp"
#include "lightlane/link/optical_link.hpp"
#include "lightlane/link/profile.hpp"

namespace lightlane::link::test {

/// A PMD's typical link with these assignments, as `lightlane link --set` makes it.
inline Scenario lit(const std::vector<std::string>& assignments) {
  return build_scenario("", assignments, "", true);
}

/// Random levels of every lane, symbols [first, first + count).
inline signal::SymbolLanes random_symbols(std::size_t lanes, signal::Modulation modulation,
                                          std::uint64_t first, std::size_t count) {
  signal::SymbolLanes out(lanes, modulation);
  const auto bits = static_cast<std::size_t>(modulation);
  for (std::size_t l = 0; l < lanes; ++l) {
    const RandomStream random(4711, "test.symbols", static_cast<std::uint32_t>(l));
    out[l].first_index = first;
    const std::size_t per_word = 64 / bits;
    for (std::size_t i = 0; i < count;) {
      const std::uint64_t at = first + i;
      const std::size_t from = at % per_word, n = std::min(per_word - from, count - i);
      const std::uint64_t word = random.bits(at / per_word) >> (from * bits);
      const auto length = static_cast<unsigned>(n * bits);
      out[l].levels.append(length == 64 ? word : word & ((std::uint64_t{1} << length) - 1), length);
      i += n;
    }
  }
  return out;
}

/// Decisions of `symbols` symbols of every lane, given in calls of `chunk`, and the errors among them.
struct Passed {
  signal::SymbolLanes decided;
  pma::SymbolErrorsReport report;
};
inline Passed pass(const Scenario& scenario, const OpticalLink& link, std::size_t symbols,
                   std::size_t chunk = 1u << 16, bool keep = true) {
  OpticalChannel channel(link, scenario);
  const signal::Modulation modulation = structure_of_pmd(scenario.link.pmd, "link.pmd").modulation;
  Passed result;
  signal::SymbolLanes out(link.lanes().size(), modulation);
  for (std::size_t done = 0; done < symbols; done += chunk) {
    channel.process(random_symbols(link.lanes().size(), modulation, done, std::min(chunk, symbols - done)),
                    out);
    if (!keep) out.clear();
  }
  channel.finish(out);
  result.decided = std::move(out);
  result.report = channel.report();
  return result;
}

}  // namespace lightlane::link::test
