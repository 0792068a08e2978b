// Tables of the fast solvers and of the division by slices.
#include <cstring>
#include <memory>

#include "lightlane/fec/rs_tables.hpp"
#include "lightlane/math/gf1024.hpp"
#include "lightlane/signal/fec_code.hpp"

namespace lightlane::fec::rs {
namespace {

using math::gf1024;
using math::gf1024_order;
using math::gf_multiply;
using math::gf_power;

unsigned inverse_power(int i) { return gf_power(gf1024_order - static_cast<unsigned>(i) % gf1024_order); }

std::unique_ptr<const SliceTables> make_slices(const Tables& tables) {
  auto slices = std::make_unique<SliceTables>();
  for (int b = 0; b < 5; ++b) {
    for (int bit = 0; bit < 8; ++bit) {
      // The register as coefficients of x^0..: one symbol in at the top, then as many zeros as end the group
      // of four.
      const int position = 8 * b + bit, symbol = position / 10;
      unsigned state[30] = {};
      for (int s = symbol; s < 4; ++s) {
        const unsigned feedback = state[tables.parity - 1] ^ (s == symbol ? 1u << position % 10 : 0);
        for (int i = tables.parity - 1; i > 0; --i)
          state[i] = state[i - 1] ^ gf_multiply(feedback, tables.generator[i]);
        state[0] = gf_multiply(feedback, tables.generator[0]);
      }
      std::uint64_t packed[5] = {};
      for (int i = 0; i < tables.parity; ++i) signal::xor_symbol(packed, i, state[tables.parity - 1 - i]);
      const int low = 1 << bit;
      for (int v = 0; v < low; ++v) {
        for (int w = 0; w < 4; ++w) slices->head[b][low + v][w] = slices->head[b][v][w] ^ packed[w];
        slices->last[b][low + v] = slices->last[b][v] ^ packed[4];
      }
    }
  }
  return slices;
}

void make_syndromes(const Tables& tables, SolverTables& solver) {
  for (int nibble = 0; nibble < 75; ++nibble) {
    for (int bit = 0; bit < 4; ++bit) {
      const int position = 4 * nibble + bit, symbol = position / 10;
      if (symbol >= tables.parity) continue;
      for (int j = 0; j < tables.parity; ++j) {
        const unsigned term = gf_multiply(1u << position % 10,
                                          gf_power(static_cast<unsigned>(j * (tables.parity - 1 - symbol))));
        for (int v = 0; v < 16; ++v) {
          if (v >> bit & 1) signal::xor_symbol(solver.syndrome[nibble][v], static_cast<std::size_t>(j), term);
        }
      }
    }
  }
}

/// Roots of w^2 + w = c, for all c that have some.
void make_quadratic(SolverTables& solver) {
  std::memset(solver.quadratic, 0xff, sizeof solver.quadratic);
  for (unsigned w = 0; w < 1024; ++w) solver.quadratic[gf_multiply(w, w) ^ w] = static_cast<std::uint16_t>(w);
}

std::unique_ptr<const SolverTables> make_solver(const Tables& tables) {
  auto solver = std::make_unique<SolverTables>();
  make_syndromes(tables, *solver);
  for (unsigned l = 0; l < 1028; ++l) {
    for (unsigned v = 0; v < 32; ++v)
      solver->multiples[l][v] = static_cast<std::uint16_t>(gf_multiply(gf_power(l), v));
  }
  for (int i = 0; i < 544; ++i) {
    for (int j = 0; j < 32; ++j) {
      solver->powers[i][j] = static_cast<std::uint16_t>(gf_power(static_cast<unsigned>(i * j)));
      solver->inverse_powers[i][j] = static_cast<std::uint16_t>(inverse_power(i * j));
    }
    for (int j = 0; j < 16; ++j) {
      solver->root_search[j][i] = solver->inverse_powers[i][j];
      solver->root_search_high[j][i] = static_cast<std::uint16_t>(solver->root_search[j][i] >> 5);
      for (int b = 0; b < 10; ++b) {
        const unsigned term = gf_multiply(1u << b, solver->root_search[j][i]);
        solver->packed_search[j][b][i / 6] |= static_cast<std::uint64_t>(term) << (10 * (i % 6));
      }
    }
    solver->forney[i] = static_cast<std::uint16_t>(gf1024.log[inverse_power(2 * tables.t * i)]);
  }
  for (unsigned a = 1; a < 1024; ++a) solver->log[a] = gf1024.log[a];
  solver->log[0] = 4096;
  make_quadratic(*solver);
  return solver;
}

}  // namespace

const SliceTables& slice_tables(const Tables& tables) {
  if (tables.n == signal::kp4.n) {
    static const auto kp4 = make_slices(tables);
    return *kp4;
  }
  static const auto kr4 = make_slices(tables);
  return *kr4;
}

const SolverTables& solver_tables(const Tables& tables) {
  if (tables.n == signal::kp4.n) {
    static const auto kp4 = make_solver(tables);
    return *kp4;
  }
  static const auto kr4 = make_solver(tables);
  return *kr4;
}

}  // namespace lightlane::fec::rs
