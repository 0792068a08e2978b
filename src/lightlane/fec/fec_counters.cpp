#include "lightlane/fec/fec_counters.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "lightlane/base/error.hpp"

namespace lightlane::fec {

void FecCounters::merge(const FecCounters& other) {
  codewords += other.codewords;
  corrected_codewords += other.corrected_codewords;
  uncorrectable_codewords += other.uncorrectable_codewords;
  corrected_symbols += other.corrected_symbols;
  corrected_bits += other.corrected_bits;
  for (std::size_t i = 0; i < bins.size(); ++i) bins[i] += other.bins[i];
  if (lane_symbol_errors.size() < other.lane_symbol_errors.size()) {
    lane_symbol_errors.resize(other.lane_symbol_errors.size());
  }
  for (std::size_t i = 0; i < other.lane_symbol_errors.size(); ++i) {
    lane_symbol_errors[i] += other.lane_symbol_errors[i];
  }
}

FecCounter::FecCounter(const signal::FecCode& code, LaneMap lanes) : n_(code.n), lanes_(std::move(lanes)) {
  if (!lanes_.lane.empty() && lanes_.lane.size() != lanes_.phases * static_cast<std::size_t>(n_)) {
    throw ConfigError({"fec.lane_map", "has " + std::to_string(lanes_.lane.size()) + " entries",
                       std::to_string(lanes_.phases) + " x " + std::to_string(n_), ""});
  }
  reset();
}

void FecCounter::add(std::span<const signal::DecodeOutcome> outcomes,
                     std::span<const signal::Correction> corrections, std::uint64_t first_codeword) noexcept {
  counters_.codewords += outcomes.size();
  for (const auto& outcome : outcomes) {
    if (!outcome.ok()) {
      ++counters_.uncorrectable_codewords;
      continue;
    }
    counters_.corrected_codewords += outcome.symbols > 0;
    counters_.corrected_symbols += static_cast<std::uint64_t>(outcome.symbols);
    counters_.corrected_bits += outcome.bits;
    if (outcome.symbols < 16) ++counters_.bins[static_cast<std::size_t>(outcome.symbols)];
  }
  if (lanes_.lane.empty()) return;
  for (const auto& correction : corrections) {
    const std::size_t phase = (first_codeword + correction.codeword) % lanes_.phases;
    ++counters_.lane_symbol_errors[lanes_.lane[phase * static_cast<std::size_t>(n_) + correction.symbol]];
  }
}

void FecCounter::reset() {
  counters_ = {};
  if (!lanes_.lane.empty()) {
    counters_.lane_symbol_errors.resize(1u + *std::max_element(lanes_.lane.begin(), lanes_.lane.end()));
  }
}

}  // namespace lightlane::fec
