#pragma once
/// The receive half of the clause 119 PCS behind the FEC: decoded messages to MII words (IEEE 802.3
/// 119.2.5.4-8).
///
/// Joins the symbols of A and B, takes the marker group out and reads its status bits, descrambles,
/// transcodes back to 66-bit blocks, marks what an uncorrectable codeword spoilt, and decodes with the
/// receive machine. Words leave at the rate of the PCS, markers gone; RateCompensation brings them back to
/// the rate of the MII.

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "lightlane/pcs/block66.hpp"
#include "lightlane/pcs/clause119_align.hpp"
#include "lightlane/pcs/clause119_distribute.hpp"
#include "lightlane/pcs/fec_degrade.hpp"
#include "lightlane/pcs/scrambler.hpp"
#include "lightlane/pcs/transcode.hpp"
#include "lightlane/signal/fec_code.hpp"
#include "lightlane/signal/mii.hpp"

namespace lightlane::pcs {

inline constexpr std::uint64_t hi_ser_window_codewords = 8192;  ///< sure
inline constexpr std::uint64_t hi_ser_threshold = 5560;  ///< symbol errors in a window; confidence: likely
inline constexpr unsigned uncorrectable_symbols =
    16;  ///< what an uncorrectable codeword counts as (as a test set does)

struct Clause119ReceiveConfig {
  int rate_gbps = 400;
  bool bypass_error_indication = false;  ///< uncorrectable codewords are not marked; hi_ser watches instead
  double hi_ser_hold_ms = 60;            ///< blocks are bad for this long, 60 to 75 (sure); shorter for tests
  FecDegradeConfig degrade = {};
};

struct Clause119ReceiveReport {
  std::uint64_t pairs = 0;
  std::uint64_t marked_pairs = 0;  ///< pairs whose blocks were all made error blocks
  std::uint64_t fault_words = 0;   ///< local fault words sent for lack of alignment
  bool hi_ser = false;
  std::uint64_t hi_ser_events = 0;
  bool fec_degraded_ser = false;
  std::uint64_t fec_degraded_ser_events = 0;
  bool rx_rm_degraded = false;  ///< status bits of the latest marker group
  bool rx_local_degraded = false;
  unsigned status = 0;   ///< all three, first in time in bit 0
  Block66Report blocks;  ///< blocks delivered, and of them errors
};

struct Clause119ReceiveTaps {
  /// After transcoding, blocks of bad pairs marked; the first 257-bit block after alignment is as it came,
  /// its first 58 bits may be unsettled.
  signal::Blocks66 blocks66;
};

class Clause119Receive {
 public:
  /// Throws ConfigError.
  explicit Clause119Receive(const Clause119ReceiveConfig& config);

  /// A batch of Clause119Align with one outcome per codeword, in turn A, B. With `last` only pairs up to and
  /// with that index count, and breaks behind it do not (see clause119_align.hpp). Appends words; holds back
  /// one. The codewords' parity is not looked at. Throws InputError if outcomes do not fit.
  void process(const Clause119Aligned& batch, std::span<const signal::DecodeOutcome> outcomes,
               signal::MiiWords& out, std::optional<std::size_t> last = std::nullopt);
  /// The same without breaks. The first pair of all begins a marker period.
  void process(const signal::Codewords& codewords, std::span<const signal::DecodeOutcome> outcomes,
               signal::MiiWords& out);
  /// Delivers the word held back.
  void finish(signal::MiiWords& out);
  void tap(Clause119ReceiveTaps* taps) noexcept { taps_ = taps; }
  Clause119ReceiveReport report() const noexcept;
  void reset();

 private:
  void lose_alignment(std::uint64_t fault_pairs, signal::MiiWords& out);
  void pair(const std::uint64_t* codewords, signal::DecodeOutcome a, signal::DecodeOutcome b,
            signal::MiiWords& out);
  std::size_t take_marker_group();
  void count_symbols(unsigned symbols);

  Clause119ReceiveConfig config_;
  Clause119Sizes sizes_;
  TranscodeKernels transcode_kernels_;
  Clause119Kernels kernels_;
  FecDegradeMonitor degrade_;
  Scrambler descrambler_;
  Block66Decoder decoder_;
  Clause119ReceiveReport report_;
  Clause119ReceiveTaps* taps_ = nullptr;
  std::size_t pair_in_period_ = 0;
  bool unsettled_ = true;  ///< the descrambler holds no received bits yet
  bool spill_ = false;     ///< the pair before was bad
  std::uint64_t fault_pairs_ = 0;
  std::uint64_t hi_ser_hold_pairs_ = 0, hi_ser_left_ = 0;
  std::uint64_t hi_ser_codewords_ = 0, hi_ser_symbols_ = 0;
  alignas(64) std::array<std::uint64_t, pair_buffer_words> stream_{};
  // Behind a slot for the block that the decoder holds back.
  static constexpr std::size_t slot = 1;
  alignas(64) std::array<std::uint64_t, slot + pair_words> payload_{};
  alignas(64) std::array<std::uint8_t, slot + pair_words> header_{};
};

}  // namespace lightlane::pcs
