#pragma once
/// An error process, bit by bit, as the FEC input sees it. Inner part of loss_model.hpp.

#include <vector>

#include "lightlane/fec/error_process.hpp"

namespace lightlane::fec {

/// Moves of the chain at one bit; those of a PAM4 symbol alternate between its first and its second bit.
struct BitChain {
  struct Move {
    int from, to;
    double probability;
    bool wrong;  ///< this bit arrives wrong
  };
  int states = 0;
  int phases = 1;                  ///< bits per line symbol
  std::vector<Move> moves[2];      ///< per phase
  std::vector<double> stationary;  ///< before the first bit of a line symbol
};

/// @param line_symbol_bits 1 (NRZ) or 2 (PAM4: an error hits the first bit with probability first_bit_share,
/// else the
///        second)
BitChain bit_chain(const ErrorProcess& process, bool precoding, int line_symbol_bits, double first_bit_share);

}  // namespace lightlane::fec
