#include "lightlane/fec/loss_chain.hpp"

#include <cstddef>

namespace lightlane::fec {
namespace {

/// A chain whose moves say whether the symbol is wrong at the FEC input.
struct SymbolChain {
  std::vector<BitChain::Move> moves;
  std::vector<double> stationary;
};

SymbolChain symbol_chain(const ErrorProcess& process, bool precoding) {
  const std::vector<double> share = stationary(process);
  const std::size_t n = process.states();
  // With precoding the last decision of the slicer belongs to the state: (state, wrong).
  struct State {
    std::size_t state;
    bool wrong;
  };
  std::vector<State> states;
  SymbolChain chain;
  for (std::size_t s = 0; s < n; ++s) {
    for (const bool wrong : {false, true}) {
      if (!precoding && wrong) continue;
      const double weight =
          !precoding ? share[s] : share[s] * (wrong ? process.error[s] : 1.0 - process.error[s]);
      if (weight <= 0) continue;
      states.push_back({s, wrong});
      chain.stationary.push_back(weight);
    }
  }
  for (std::size_t from = 0; from < states.size(); ++from) {
    for (std::size_t to = 0; to < states.size(); ++to) {
      const double move = process.transition[states[from].state * n + states[to].state];
      const double error = process.error[states[to].state];
      for (const bool wrong : {false, true}) {
        if (precoding && wrong != states[to].wrong) continue;
        const double probability = move * (wrong ? error : 1.0 - error);
        if (probability <= 0) continue;
        // Not `precoding ? a != b : a`: g++ 12.2 -O1 compiles that form wrongly.
        const bool arrives_wrong = wrong != (precoding && states[from].wrong);
        chain.moves.push_back({static_cast<int>(from), static_cast<int>(to), probability, arrives_wrong});
      }
    }
  }
  return chain;
}

}  // namespace

BitChain bit_chain(const ErrorProcess& process, bool precoding, int line_symbol_bits,
                   double first_bit_share) {
  SymbolChain symbols = symbol_chain(process, precoding);
  const int n = static_cast<int>(symbols.stationary.size());
  BitChain chain;
  chain.stationary = std::move(symbols.stationary);
  chain.phases = line_symbol_bits;
  if (line_symbol_bits == 1) {
    chain.states = n;
    chain.moves[0] = std::move(symbols.moves);
    return chain;
  }
  // State s + n: within the symbol, its second bit will be the wrong one.
  chain.states = 2 * n;
  chain.stationary.resize(2 * static_cast<std::size_t>(n), 0.0);
  for (const auto& [from, to, probability, wrong] : symbols.moves) {
    if (!wrong) {
      chain.moves[0].push_back({from, to, probability, false});
      continue;
    }
    if (first_bit_share > 0) chain.moves[0].push_back({from, to, probability * first_bit_share, true});
    if (first_bit_share < 1)
      chain.moves[0].push_back({from, to + n, probability * (1.0 - first_bit_share), false});
  }
  for (int s = 0; s < n; ++s) {
    chain.moves[1].push_back({s, s, 1.0, false});
    chain.moves[1].push_back({s + n, s, 1.0, true});
  }
  return chain;
}

}  // namespace lightlane::fec
