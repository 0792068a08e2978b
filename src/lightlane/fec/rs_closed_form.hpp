#pragma once
/// One and two errors without a search. Inside the floor only. The result is a guess that the caller must
/// check against all syndromes: any t or fewer errors that make them are the only ones.

#include <cstdint>

#include "lightlane/fec/rs_tables.hpp"
#include "lightlane/math/gf1024.hpp"

namespace lightlane::fec::rs {

/// Errors by power of x (0 .. n - 1, symbol n - 1 - power), not sorted. count 0: neither one nor two errors.
struct Guess {
  int count = 0;
  unsigned power[2];
  unsigned value[2];
};

/// One error e at X: S_0 = e, S_1 = e X. Two: the locator z^2 + a z + b from S_0..S_3, z = a w, w^2 + w = b /
/// a^2. Internal linkage: units built for different instruction sets must not share one copy.
template <class Syndromes>
static inline Guess guess_errors(const Tables& tables, const SolverTables& solver, const Syndromes& s) {
  using math::gf1024;
  using math::gf1024_order;
  using math::gf_divide;
  using math::gf_multiply;
  Guess guess;
  const auto n = static_cast<unsigned>(tables.n);
  const unsigned determinant = gf_multiply(s[1], s[1]) ^ gf_multiply(s[0], s[2]);
  if (determinant == 0) {
    if (s[0] == 0 || s[1] == 0) return guess;
    guess.power[0] = gf1024.log[gf_divide(s[1], s[0])];
    guess.value[0] = s[0];
    guess.count = guess.power[0] < n;
    return guess;
  }
  const unsigned a = gf_divide(gf_multiply(s[0], s[3]) ^ gf_multiply(s[1], s[2]), determinant);
  const unsigned b = gf_divide(gf_multiply(s[1], s[3]) ^ gf_multiply(s[2], s[2]), determinant);
  if (a == 0 || b == 0) return guess;
  // Seldom true with more than two errors, so that those seldom come further.
  if (s[4] != (gf_multiply(a, s[3]) ^ gf_multiply(b, s[2]))) return guess;
  const unsigned w = solver.quadratic[gf_divide(b, gf_multiply(a, a))];
  if (w == 0xffff) return guess;
  const unsigned first = gf_multiply(a, w), second = first ^ a;  // both differ from 0, since b does
  guess.power[0] = gf1024.log[first];
  guess.power[1] = gf1024.log[second];
  guess.value[0] = gf_divide(s[1] ^ gf_multiply(s[0], second), a);
  guess.value[1] = s[0] ^ guess.value[0];
  if (guess.power[0] < n && guess.power[1] < n && guess.value[0] != 0 && guess.value[1] != 0) guess.count = 2;
  return guess;
}

}  // namespace lightlane::fec::rs
