#pragma once
/// The decoder of the textbook, with erasures: the reference that every fast solver must equal, and the plain
/// one behind ReedSolomon::decode_erasures. Inside the floor only.

#include <cstdint>
#include <span>
#include <vector>

#include "lightlane/fec/rs_tables.hpp"

namespace lightlane::fec::rs {

struct ErrorPosition {
  std::uint16_t symbol;
  std::uint16_t value;
};

/// S_j = sum of symbols[i] alpha^(j (size - 1 - i)), j = 0 .. 2t - 1: the word, or its remainder, at the
/// roots of g(x).
std::vector<unsigned> syndromes(const Tables& tables, std::span<const std::uint16_t> symbols);

/// Errors with these syndromes, by symbol, given which symbols are erased. False where the word is
/// uncorrectable: 2 e + f > 2t, locator of the wrong degree, root outside the codeword or repeated.
/// Berlekamp-Massey, exhaustive root search over the whole field, Forney.
bool find_errors(const Tables& tables, const std::vector<unsigned>& syndromes,
                 std::span<const std::uint16_t> erasures, std::vector<ErrorPosition>& errors);

}  // namespace lightlane::fec::rs
