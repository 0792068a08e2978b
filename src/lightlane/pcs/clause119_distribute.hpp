#pragma once
/// Distribution of clause 119: messages to codewords before the FEC (119.2.4.5), codewords to PCS lanes
/// behind it (119.2.4.7), and both ways back. Bit 0 of every word is first in time.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "lightlane/base/variant.hpp"
#include "lightlane/pcs/clause119_markers.hpp"
#include "lightlane/signal/fec_code.hpp"
#include "lightlane/signal/lanes.hpp"

namespace lightlane::pcs {

/// 10280 bits fill 160.6 words; buffers of the split kernels have this many, so that vectors may read over
/// the end.
inline constexpr std::size_t pair_buffer_words = 176;
inline constexpr std::size_t codeword_words = 85;

struct Clause119Kernels {
  /// 10280 bits (stream) -> messages of codewords A (words 0..84) and B (85..169); their parity bits become
  /// zero.
  void (*split)(const std::uint64_t* stream, std::uint64_t* codewords) noexcept;
  /// The inverse: the messages -> 10280 bits; the rest of word 160 becomes zero.
  void (*join)(const std::uint64_t* codewords, std::uint64_t* stream) noexcept;
  /// `pairs` pairs of codewords -> lanes. lane[i] points to the octet where lane i goes on; 85 | 170 octets a
  /// pair. Up to 7 octets behind the end of each lane may be overwritten.
  void (*distribute)(unsigned lanes, const std::uint64_t* codewords, std::size_t pairs,
                     std::uint8_t* const* lane) noexcept;
  /// The inverse. Lane i begins at bit position[i] of words lane[i]; 8 octets behind its end may be read.
  void (*collect)(unsigned lanes, const std::uint64_t* const* lane, const std::size_t* position,
                  std::size_t pairs, std::uint64_t* codewords) noexcept;
};
std::span<const Kernel<Clause119Kernels>> clause119_kernels() noexcept;

/// PCS lane that carries symbol s (0 first) of codeword A (index s) or B (index 544 + s): for FEC counters.
std::span<const std::uint8_t> clause119_symbol_lanes(int rate_gbps);

/// Codeword pairs (A, B, A, B, ...) -> 16 | 8 PCS lanes.
class Clause119Distribute {
 public:
  explicit Clause119Distribute(int rate_gbps);
  Clause119Distribute(int rate_gbps, const Clause119Kernels& kernels)
      : sizes_(clause119_sizes(rate_gbps)), kernels_(kernels) {}

  /// Appends 680 | 1360 bits per pair to each of the 16 | 8 lanes (made where `out` has none). The number of
  /// codewords must be even (throws InputError). A lane that is empty on entry gets the absolute first_index
  /// of what is appended.
  void process(const signal::Codewords& codewords, signal::BitLanes& out);
  void finish(signal::BitLanes&) noexcept {}
  std::uint64_t report() const noexcept { return pairs_; }  ///< pairs handled
  void reset() noexcept { pairs_ = 0; }

 private:
  Clause119Sizes sizes_;
  Clause119Kernels kernels_;
  std::uint64_t pairs_ = 0;
  std::vector<std::uint8_t> scratch_;
};

/// Appends to `out` the pairs that lie whole in every lane, from bit position[i] of lane i on (lane i = PCS
/// lane i).
void clause119_collect(int rate_gbps, const signal::BitLanes& lanes, std::span<const std::size_t> position,
                       signal::Codewords& out);

}  // namespace lightlane::pcs
