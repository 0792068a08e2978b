#pragma once
/// Block distribution of clause 82 (82.2.6): a marked stream becomes 20 PCS lanes of 66-bit blocks, round
/// robin.

#include <cstdint>

#include "lightlane/pcs/clause82_kernels.hpp"
#include "lightlane/pcs/clause82_markers.hpp"
#include "lightlane/signal/blocks66.hpp"
#include "lightlane/signal/lanes.hpp"

namespace lightlane::pcs {

/// Marked stream -> lane i of 20 gets blocks i, i + 20, ..; header first, then payload, bit 0 first. Nothing
/// is held back, so lanes may end one block apart. Of a header only the low two bits go on the wire. Cost:
/// about 1.5 ns per block.
class Clause82Distribute {
 public:
  Clause82Distribute() : kernels_(select(clause82::kernels()).function) {}
  explicit Clause82Distribute(const clause82::Kernels& kernels) : kernels_(kernels) {}

  /// Appends to the 20 lanes of `out` (resized to 20 if it has none). An empty lane gets its first_index set.
  void process(const signal::Blocks66& in, signal::BitLanes& out);
  void finish(signal::BitLanes&) noexcept {}
  std::uint64_t blocks() const noexcept { return blocks_; }
  void reset() noexcept { blocks_ = 0; }

 private:
  clause82::Kernels kernels_;
  std::uint64_t blocks_ = 0;
};

}  // namespace lightlane::pcs
