#pragma once
/// Clause 91 receive side behind the Reed-Solomon decoder (91.5.3.3 to 91.5.3.8): corrected messages become
/// the marked stream of clause 82 again. Clause82Receive makes MII words of it.

#include <cstdint>
#include <optional>
#include <span>

#include "lightlane/pcs/clause82_markers.hpp"
#include "lightlane/pcs/clause91_align.hpp"
#include "lightlane/pcs/clause91_kernels.hpp"
#include "lightlane/pcs/fec_degrade.hpp"
#include "lightlane/pcs/transcode.hpp"
#include "lightlane/signal/blocks66.hpp"
#include "lightlane/signal/fec_code.hpp"

namespace lightlane::pcs {

namespace clause91 {
inline constexpr unsigned bad_codewords_to_restart = 3;  ///< consecutive uncorrectable ones (sure)
inline constexpr std::uint64_t hi_ser_window = 8192;     ///< codewords (sure)
inline constexpr unsigned hi_ser_threshold_kr4 = 417;    ///< more symbol errors than this (sure)
inline constexpr unsigned hi_ser_threshold_kp4 = 6380;   ///< (sure)
inline constexpr std::uint64_t hi_ser_hold =
    codewords_per_second * 60 / 1000;  ///< 60 ms; 60 to 75 allowed (sure)
/// Symbol errors that an uncorrectable codeword counts for: t + 1 (16 for KP4 as test sets do; likely).
constexpr unsigned uncorrectable_symbol_errors(const signal::FecCode& code) noexcept {
  return static_cast<unsigned>(code.t) + 1;
}
}  // namespace clause91

struct Clause91ReceiveConfig {
  signal::FecCode code = signal::kp4;
  /// Header 11 goes on block 0 of the 257-bit blocks 1, 3, 5, .. and on block 3 of the 2nd and the 20th of an
  /// uncorrectable codeword (likely). True: the other blocks of it, and the four behind it into which the
  /// descrambler carries errors, get suppressed_header, so that nothing of them can pass for data. False:
  /// only what the clause says.
  bool mark_all_blocks = true;
  /// FEC_bypass_indication_enable: uncorrectable codewords are not marked; hi_ser watches over the link
  /// instead.
  bool bypass_indication = false;
  FecDegradeConfig degrade{};
};

struct Clause91ReceiveReport {
  std::uint64_t codewords = 0;
  std::uint64_t corrected = 0;  ///< codewords with corrected symbols
  std::uint64_t uncorrectable = 0;
  std::uint64_t symbol_errors = 0;        ///< an uncorrectable codeword counts for t + 1
  std::uint64_t restarts = 0;             ///< asked for after three uncorrectable codewords
  std::uint64_t unaligned_codewords = 0;  ///< times of a codeword without alignment
  std::uint64_t marked_blocks = 0;        ///< with header 11 by rule of the clause
  std::uint64_t suppressed_blocks = 0;    ///< with suppressed_header
  std::uint64_t unknown_types = 0;        ///< 257-bit blocks whose type nibble belongs to no block type
  std::uint64_t hi_ser_events = 0;
  bool hi_ser = false;  ///< blocks are being invalidated now
  bool align_status = false;
  bool fec_degraded_ser = false;
  std::uint64_t fec_degraded_ser_events = 0;
};

/// Decoded batches -> marked stream with markers for 20 PCS lanes: M octets from the table, BIP3 and BIP7 as
/// they came through the marker group, so that parity still covers the link end to end. Payloads stay
/// scrambled; the type nibble that the transcoder dropped is found by descrambling the nibble beside it. Time
/// without alignment becomes unaligned_header blocks. Holds nothing back. Cost: about 4 ns per block.
class Clause91Receive {
 public:
  /// Throws ConfigError for an odd degrade interval or thresholds that cross.
  explicit Clause91Receive(const Clause91ReceiveConfig& config = {},
                           const clause91::Kernels& kernels = select(clause91::kernels()).function,
                           const TranscodeKernels& transcoder = select(transcode_kernels()).function);

  /// `outcomes` holds one entry per codeword of the batch. If three codewords in a row were uncorrectable,
  /// returns the number of the last of them; the rest of the batch is not taken (Clause91Align::restart).
  std::optional<std::uint64_t> process(const Clause91Batch& batch,
                                       std::span<const signal::DecodeOutcome> outcomes,
                                       signal::Blocks66& out);
  void finish(signal::Blocks66&) noexcept {}
  Clause91ReceiveReport report() const noexcept;
  void reset() noexcept;

 private:
  void put_unaligned(std::uint64_t before, signal::Blocks66& out);
  void count_errors(const signal::DecodeOutcome& outcome) noexcept;
  void put_codeword(const std::uint64_t* codeword, bool bad, signal::Blocks66& out);
  void restore_types(std::uint64_t* payload, std::uint8_t* header, std::size_t blocks257) noexcept;
  void mark_bad(std::uint8_t* header, std::size_t first_block257) noexcept;
  void suppress(std::uint8_t* header, std::size_t count) noexcept;

  Clause91ReceiveConfig config_;
  clause91::Kernels kernels_;
  TranscodeKernels transcoder_;
  FecDegradeMonitor degrade_;
  bool started_ = false;
  std::uint64_t number_ = 0;    ///< of the next codeword
  std::uint64_t position_ = 0;  ///< of it within the marker period, when aligned
  std::uint64_t blocks_ = 0;    ///< put out
  unsigned bad_run_ = 0;
  bool spill_ = false;      ///< the codeword before was not trusted
  std::uint64_t last_ = 0;  ///< latest scrambled payload
  std::uint64_t window_codewords_ = 0, window_errors_ = 0, hold_ = 0;
  Clause91ReceiveReport report_;
};

}  // namespace lightlane::pcs
