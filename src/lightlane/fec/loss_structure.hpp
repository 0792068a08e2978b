#pragma once
/// How codewords lie on a physical interface: which FEC lanes a PMD lane carries, bit by bit, and how the
/// symbols of one or two codewords lie on the FEC lanes. Bit 0 of a symbol, and bit 0 of a lane, are first in
/// time.

#include <string>
#include <string_view>
#include <vector>

#include "lightlane/signal/lanes.hpp"

namespace lightlane::fec {

/// The symbols of `codewords` codewords go to `fec_lanes` lanes in rows: row k puts one symbol on each lane.
/// One codeword (802.3 91.5.2.8): lane l carries symbol k * fec_lanes + l. Two codewords A and B (119.2.4.7):
/// with h = fec_lanes / 2, lanes 2j and 2j + 1 carry symbol h k + j of A and of B, swapped in every odd row.
struct LossStructure {
  std::string name;
  int codewords = 2;   ///< 1 (clause 91) or 2 (clause 119: the pair is lost if either word fails)
  int fec_lanes = 16;  ///< PCS lanes of clause 119, FEC lanes of clause 91
  int fec_symbol_bits = 10;
  signal::Modulation modulation = signal::Modulation::pam4;
  /// Per PMD lane: its FEC lanes in multiplexing order; bit b of the lane is bit b / w of FEC lane mux[b mod
  /// w]. The first bit of a PAM4 symbol is bit 2s. Every FEC lane occurs once; all PMD lanes carry equally
  /// many, 1 to 8.
  std::vector<std::vector<int>> mux;

  friend bool operator==(const LossStructure&, const LossStructure&) = default;
};

/// By name. 802.3 120.5.2 leaves free which lane a PMA puts where; these are the orders that round robin
/// gives.
/// - 400g-4lane: PCS lanes 4o .. 4o+3 in turn (a b c d, 16 -> 4 in one stage). A PAM4 symbol then holds one
/// bit of A and
///   one of B, and a burst reaches both codewords.
/// - 400g-4lane-aui8: PCS lanes 4o, 4o+2, 4o+1, 4o+3 (a c b d, 16 -> 8 -> 4 through 400GAUI-8 with host lanes
/// 2h, 2h+1).
///   A PAM4 symbol holds two bits of one codeword and the next symbol two of the other; bursts do less harm.
/// - 400g-8lane: PCS lanes 2o, 2o+1.
/// - 200g-2lane, 200g-2lane-aui4, 200g-4lane: the same with 8 PCS lanes.
/// - 100g-1lane: FEC lanes 0 2 1 3 (4 -> 2 -> 1); 100g-2lane: FEC lanes 2o, 2o+1; 100g-4lane: NRZ, one FEC
/// lane each.
/// @throws ConfigError naming "structure" and the list of names
LossStructure loss_structure(std::string_view name);

/// The names that loss_structure() knows.
std::vector<std::string_view> loss_structure_names();

}  // namespace lightlane::fec
