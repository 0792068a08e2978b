#pragma once
/// Clause 82 receive side, upper part (82.2.14 to 82.2.18): a marked stream becomes MII words.

#include <cstdint>
#include <vector>

#include "lightlane/pcs/block66.hpp"
#include "lightlane/pcs/clause82_kernels.hpp"
#include "lightlane/pcs/clause82_markers.hpp"
#include "lightlane/signal/blocks66.hpp"
#include "lightlane/signal/mii.hpp"

namespace lightlane::pcs {

namespace clause82 {
inline constexpr unsigned hi_ber_headers = 97;           ///< bad headers in one window (sure)
inline constexpr std::uint64_t hi_ber_window = 781'250;  ///< blocks in 500 us (sure)
}  // namespace clause82

struct Clause82ReceiveReport {
  std::uint64_t blocks = 0;  ///< taken
  std::uint64_t words = 0;   ///< delivered or held back, local fault included
  std::uint64_t markers_removed = 0;
  std::uint64_t bad_headers = 0;        ///< seen by the monitor: 00 and 11 while aligned
  std::uint64_t suppressed_blocks = 0;  ///< marked by suppressed_header
  std::uint64_t error_blocks = 0;       ///< delivered as eight error characters
  std::uint64_t local_fault_words = 0;  ///< delivered while unaligned or in hi_ber
  std::uint64_t hi_ber_windows = 0;     ///< times hi_ber became true
  bool align_status = false;
  bool hi_ber = false;
};

/// BER monitor (figure 82-13), marker removal, descrambler, block decoder (figure 82-17).
/// While not aligned and while hi_ber is true, every block becomes a local fault word; alignment also
/// restarts the decoder. The first block behind an unaligned stretch cannot be descrambled and counts as
/// invalid. One word per block; none for the 20 markers of a period, nor for 20 blocks of a period without
/// alignment: the idles that take their place come from the rate compensation behind
/// (clause82_insertion_ratio). Blocks with suppressed_header are errors that the BER monitor does not count.
/// Holds back one word. Cost: about 4 ns per block.
class Clause82Receive {
 public:
  explicit Clause82Receive(const clause82::Kernels& kernels = select(clause82::kernels()).function,
                           const Block66Kernels& blocks = select(block66_kernels()).function);

  void process(const signal::Blocks66& in, signal::MiiWords& out);
  void finish(signal::MiiWords& out) { decoder_.finish(out); }
  Clause82ReceiveReport report() const noexcept;
  void reset() noexcept;

 private:
  std::size_t scan(const std::uint8_t* header, std::size_t count) noexcept;
  void lose_alignment() noexcept;
  void pass_unaligned(std::size_t count, signal::MiiWords& out);
  void fault(std::size_t count, signal::MiiWords& out);
  void deliver(const std::uint64_t* payload, const std::uint8_t* header, std::size_t count,
               signal::MiiWords& out);

  clause82::Kernels kernels_;
  Block66Decoder decoder_;
  clause82::ScramblerWord last_ = 0;
  bool settled_ = false;
  std::uint64_t position_ = 0;  ///< block within the marker period
  std::uint64_t window_ = 0;    ///< blocks of the BER window seen
  unsigned ber_count_ = 0;
  std::vector<std::uint64_t> plain_;
  Clause82ReceiveReport report_;
};

/// A whole marked stream without its markers, descrambled from state 0: the first 58 bits may be unsettled.
/// Headers are as received; 3 for suppressed_header. For `vector rx`.
signal::Blocks66 clause82_plain_blocks(const signal::Blocks66& marked);

}  // namespace lightlane::pcs
