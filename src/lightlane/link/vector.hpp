#pragma once
/// One request of `lightlane vector`: the digital layer stage by stage, bit by bit, for comparison with other models
/// and RTL. The JSON around it is in docs/conventions.md.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lightlane/base/bit_vector.hpp"
#include "lightlane/signal/blocks66.hpp"
#include "lightlane/signal/fec_code.hpp"
#include "lightlane/signal/lanes.hpp"
#include "lightlane/signal/mii.hpp"

namespace lightlane::link {

/// rate 400 | 200 (clause 119), 100 (clause 82 with `code` none, clause 91 with kp4 or kr4).
struct VectorShape {
  int rate = 400;
  std::string code;  ///< "kp4", "kr4", "none"; only at 100
  /// Throws ConfigError for another rate or code, or a code where none belongs.
  void check() const;
};

struct VectorTxRequest {
  VectorShape shape;
  std::uint64_t scrambler_state = 0;  ///< 58 bits, S0 most significant
  unsigned pad_state = 1;             ///< bit i = Pi
  unsigned status = 0;                ///< first in time in bit 0
  std::optional<bool> four_lane_pmd;  ///< clause 91; by default true for KR4, false for KP4
  signal::MiiWords words;             ///< fill whole codeword pairs, codewords, or rounds of 20 lanes
};

struct VectorTxAnswer {
  BitVector stream;                ///< before distribution: markers in place, the rest scrambled
  signal::BitLanes lanes;          ///< PCS (FEC) lanes, first bits at index 0
  signal::Blocks66 blocks66;       ///< of the encoder, not scrambled
  BitVector blocks257;             ///< 257 bits each, without marker groups
  signal::Codewords codewords;
  signal::BitLanes host_lanes;
  signal::SymbolLanes pmd_symbols;
};

/// Throws InputError if the words do not fill whole units.
VectorTxAnswer vector_tx(const VectorTxRequest& request);

struct VectorRxRequest {
  VectorShape shape;
  signal::BitLanes lanes;  ///< in any order, with any allowed skew, possibly with errors
};

struct VectorRxAnswer {
  std::vector<int> order;             ///< PCS lane number of each lane as received
  std::vector<std::uint64_t> skew;    ///< bits that precede the marker on each received lane
  std::vector<std::vector<int>> stats;  ///< corrected symbols: per pair [A, B], per codeword [c]; -1 uncorrectable
  std::string status;                 ///< status bits of the last marker group, in time order
  signal::Blocks66 blocks66;          ///< descrambled; bad blocks have the header 11
};

/// Nothing where the lanes cannot be found. Throws InputError if their number is not that of the shape.
std::optional<VectorRxAnswer> vector_rx(const VectorRxRequest& request);

}  // namespace lightlane::link
