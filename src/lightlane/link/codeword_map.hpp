#pragma once
/// Where the bits of the line lie in codewords, and where the words of the MII do: what a replay needs to say which
/// lane, codeword and symbol spoilt a frame. Counted at the sender, from its first bit; no precoding, no slips.

#include <cstdint>
#include <vector>

#include "lightlane/link/scenario.hpp"
#include "lightlane/link/structure.hpp"

namespace lightlane::link {

/// A line bit's place. Codewords are numbered from the start of the run; clause 119: 2 x pair + (0 = A, 1 = B).
struct CodewordPlace {
  bool before_first = false;     ///< filler of a delayed lane: no codeword
  int pcs_lane = 0;              ///< PCS lane (clause 119) or FEC lane (clause 91)
  std::uint64_t codeword = 0;
  int symbol = 0;                ///< 0 .. n - 1, first in time first
  int bit = 0;                   ///< within the symbol
};

class CodewordMap {
 public:
  /// The structure must have a FEC; slips and skew steps of the scenario are not followed.
  CodewordMap(const Scenario& scenario, const Structure& structure);

  /// Bit `index` of a line lane (PAM4: symbol k has bits 2k and 2k + 1, the first bit first).
  CodewordPlace place(std::size_t line_lane, std::uint64_t index) const;

  /// Codewords sent together: 2 (clause 119) or 1.
  int group() const noexcept { return group_; }
  /// Group (pair or codeword) that carries payload block `block` (66-bit blocks, markers and deleted idles not counted).
  std::uint64_t group_of_block(std::uint64_t block) const noexcept;
  /// First and last line symbol that can carry bits of these groups.
  std::uint64_t first_symbol(std::uint64_t group) const noexcept;
  std::uint64_t last_symbol(std::uint64_t group) const noexcept;

 private:
  const Structure& structure_;
  int group_;
  std::uint64_t lane_bits_;                ///< of one PCS lane in one group
  std::uint64_t blocks_first_, blocks_;    ///< payload blocks of a group that opens a marker period, and of others
  std::uint64_t groups_per_period_;
  std::vector<std::size_t> order_;         ///< PCS lane at each mux position
  std::vector<std::uint64_t> skew_;
  std::uint64_t max_skew_ = 0;
};

}  // namespace lightlane::link
