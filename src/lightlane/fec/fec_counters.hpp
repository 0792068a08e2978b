#pragma once
/// The counters of an RS-FEC sublayer: 802.3 91.6, 119.3 (45.2.1.112 ff.) and the codeword error bins of
/// 802.3ck.
///
/// Names elsewhere: corrected_codewords = FEC_corrected_cw_counter = `ethtool -I --show-fec`
/// corrected_blocks; uncorrectable_codewords = FEC_uncorrected_cw_counter = uncorrectable_blocks;
/// corrected_bits = corrected_bits; lane_symbol_errors[i] = FEC_symbol_error_counter_lane_i; bins[i] =
/// FEC_codeword_error_bin_i, ethtool's histogram. Counters here are 64 bits wide and never clear on read.

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "lightlane/signal/fec_code.hpp"

namespace lightlane::fec {

struct FecCounters {
  std::uint64_t codewords = 0;            ///< all
  std::uint64_t corrected_codewords = 0;  ///< with at least one symbol corrected
  std::uint64_t uncorrectable_codewords = 0;
  std::uint64_t corrected_symbols = 0;
  std::uint64_t corrected_bits = 0;
  std::array<std::uint64_t, 16> bins{};  ///< bins[i]: codewords with exactly i symbols corrected, 0..15
  std::vector<std::uint64_t>
      lane_symbol_errors;  ///< corrected symbols by PCS or FEC lane; empty without lanes

  /// Adds another set, e.g. of another decoder of the same PCS; lanes are added by index.
  void merge(const FecCounters& other);
  friend bool operator==(const FecCounters&, const FecCounters&) = default;
};

/// Which lane carries symbol s of codeword c: lane[(c mod phases) * n + s]. Clause 119 has two phases
/// (codewords A and B of a pair), clause 91 has one. Empty: lanes are not counted.
struct LaneMap {
  std::size_t phases = 1;
  std::vector<std::uint16_t> lane;
};

/// Counts what decoders did.
class FecCounter {
 public:
  /// Throws ConfigError if the map is neither empty nor phases * code.n entries long.
  explicit FecCounter(const signal::FecCode& code, LaneMap lanes = {});

  /// One batch, as ReedSolomon::decode leaves it. `first_codeword` is the absolute number of outcomes[0]; it
  /// only chooses the phase. Without corrections the lanes are not counted. Bins take 0..15 symbols: words
  /// that erasures let correct more are counted in the other counters alone.
  void add(std::span<const signal::DecodeOutcome> outcomes, std::span<const signal::Correction> corrections,
           std::uint64_t first_codeword = 0) noexcept;

  const FecCounters& report() const noexcept { return counters_; }
  void reset();

 private:
  int n_;
  LaneMap lanes_;
  FecCounters counters_;
};

}  // namespace lightlane::fec
