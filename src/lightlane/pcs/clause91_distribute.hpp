#pragma once
/// Symbol distribution of clause 91 (91.5.2.8): codewords onto four FEC lanes, 10-bit symbols round robin.

#include <array>
#include <cstdint>

#include "lightlane/pcs/clause91_kernels.hpp"
#include "lightlane/pcs/clause91_markers.hpp"
#include "lightlane/signal/fec_code.hpp"
#include "lightlane/signal/lanes.hpp"

namespace lightlane::pcs {

/// Codewords -> four FEC lanes: symbol s goes to lane s mod 4, bit 0 first. Nothing is held back.
/// Cost: about 0.25 us per codeword.
class Clause91Distribute {
 public:
  explicit Clause91Distribute(const signal::FecCode& code,
                              const clause91::Kernels& kernels = select(clause91::kernels()).function)
      : code_(code), kernels_(kernels) {}

  /// Appends 1360 (KP4) or 1320 (KR4) bits per codeword to each of the four lanes of `out` (resized to four
  /// if it has none). An empty lane gets its first_index set. Throws InputError if the codewords are of
  /// another code.
  void process(const signal::Codewords& in, signal::BitLanes& out);
  void finish(signal::BitLanes&) noexcept {}
  std::uint64_t codewords() const noexcept { return codewords_; }
  void reset() noexcept { codewords_ = 0; }

 private:
  signal::FecCode code_;
  clause91::Kernels kernels_;
  std::uint64_t codewords_ = 0;
};

/// The inverse for lanes in order: appends `count` codewords that begin at bit `from[l]` of lane l.
void clause91_collect(const signal::FecCode& code, const clause91::Kernels& kernels,
                      const std::array<const BitVector*, clause91::fec_lanes>& lanes,
                      std::array<std::size_t, clause91::fec_lanes> from, std::size_t count,
                      signal::Codewords& out);

}  // namespace lightlane::pcs
