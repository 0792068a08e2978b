#pragma once
/// The exact distribution of wrong FEC symbols that one PMD lane contributes to a codeword or codeword pair.
/// Inner part of loss_model.hpp; the state and its cost are described here.

#include <cstdint>
#include <vector>

#include "lightlane/fec/error_process.hpp"

namespace lightlane::fec {

/// P(a symbols of A wrong, b symbols of B wrong), as value[a * columns + b]. `a` stops at rows - 1: what goes
/// beyond is dropped; `b` saturates: the last column holds "columns - 1 or more". A distribution of one
/// codeword has one row. `bits` holds E[wrong bits; a, b] at the same places, or nothing.
struct CountDistribution {
  int rows = 1;
  int columns = 1;
  std::vector<double> value;
  std::vector<double> bits;
};

/// Of the sum of two independent contributions with equal rules. Cost rows^2 x columns^2, less for short
/// ones.
CountDistribution combine(const CountDistribution& left, const CountDistribution& right);

/// One PMD lane and the window of one codeword (pair) on it.
struct LaneGeometry {
  struct Slot {
    int parity = 0;         ///< FEC lane number mod 2: says which codeword an even row belongs to
    std::int64_t skew = 0;  ///< bits that this FEC lane lags
    friend bool operator==(const Slot&, const Slot&) = default;
  };
  std::vector<Slot> slots;  ///< in multiplexing order, 1 to 8
  int symbol_bits = 10;
  int rows = 68;  ///< FEC symbols per FEC lane
  int codewords = 2;
  int line_symbol_bits = 2;  ///< 1 NRZ, 2 PAM4
  double first_bit_share = 1.0 / 3;
  bool precoding = false;
  friend bool operator==(const LaneGeometry&, const LaneGeometry&) = default;
};

/// What to count. codeword >= 0: wrong symbols of that codeword, along the columns, with `bits`. codeword =
/// -1: A along the rows, B along the columns, without `bits`. columns = 0: as many as can occur.
struct CountRule {
  int codeword = -1;
  int rows = 1;
  int columns = 0;
};

/// Runs the chain over every bit from the first of the window to its last, started in its stationary
/// distribution. State: state of the process, wrong bit still to come within a PAM4 symbol, and per FEC
/// symbol under way whether it is hit. Between two ends of FEC symbols only this small state moves: those
/// steps are multiplied out first, and applied to the counts at once. Aligned lanes: one application per row,
/// with no flag set before it.
CountDistribution sweep_lane(const LaneGeometry& geometry, const ErrorProcess& process,
                             const CountRule& rule);

}  // namespace lightlane::fec
