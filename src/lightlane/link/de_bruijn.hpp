#pragma once
/// De Bruijn sequences: cyclic patterns that hold every neighbourhood of symbols exactly once.

#include <cstdint>
#include <vector>

namespace lightlane::link {

/// A cyclic sequence of levels 0 .. alphabet - 1 (2 or 4) in which every word of `order` symbols occurs
/// exactly once: alphabet^order symbols, beginning with `order` zeros. A maximal-length sequence over GF(2)
/// or GF(4) with one zero more, so that beyond `order` symbols it still looks random: two symbols at any
/// distance below a third of the length are uncorrelated (but for the few that straddle that zero), and with
/// the polynomials kept for (4, 7) and (2, 11) no three or four symbols within 26 (PAM4) or 37 (NRZ) depend
/// on each other. Equalisers can be trained and intersymbol interference judged on it. order at least 1, at
/// most 2^16 symbols; throws ConfigError otherwise. Cost: below 1 ms for 4^7 or 2^11.
std::vector<std::uint8_t> de_bruijn(int alphabet, int order);

}  // namespace lightlane::link
