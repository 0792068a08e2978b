#pragma once
/// De Bruijn sequences: cyclic patterns that hold every neighbourhood of symbols exactly once.

#include <cstdint>
#include <vector>

namespace lightlane::link {

/// The lexicographically smallest cyclic sequence over 0 .. alphabet - 1 in which every word of `order` symbols occurs
/// exactly once: alphabet^order symbols, beginning with `order` zeros. Cost: linear in its length.
/// alphabet 2 to 16, order 1 and up, at most 2^24 symbols; throws ConfigError otherwise.
std::vector<std::uint8_t> de_bruijn(int alphabet, int order);

}  // namespace lightlane::link
