#pragma once
/// The transmit half of the clause 119 PCS ahead of the FEC: MII words to FEC messages (IEEE 802.3
/// 119.2.4.1-5).
///
/// Deletes idle words to make room for markers, encodes 64B/66B, transcodes 256B/257B, scrambles, inserts a
/// marker group every 4096 | 2048 codeword pairs (the stream begins with one), and deals 10-bit symbols to
/// messages A and B.

#include <array>
#include <cstdint>

#include "lightlane/base/rational.hpp"
#include "lightlane/pcs/block66.hpp"
#include "lightlane/pcs/clause119_distribute.hpp"
#include "lightlane/pcs/rate_compensation.hpp"
#include "lightlane/pcs/scrambler.hpp"
#include "lightlane/pcs/transcode.hpp"
#include "lightlane/signal/fec_code.hpp"
#include "lightlane/signal/mii.hpp"

namespace lightlane::pcs {

struct Clause119TransmitConfig {
  int rate_gbps = 400;                                           ///< 400 | 200
  std::uint64_t scrambler_state = (std::uint64_t{1} << 58) - 1;  ///< 58 bits, S0 most significant; any value
  unsigned pad_state = 1;                                        ///< bit i is Pi, 9 bits
  unsigned status = 0;               ///< 3 bits of the marker group, first in time in bit 0
  bool delete_idles = true;          ///< false: every word is sent, and words must fill whole pairs
  Rational clock_ratio = 1;          ///< line clock over MII clock, within 1000 ppm; with delete_idles only
  std::uint64_t elastic_words = 64;  ///< words that may wait for a gap, see rate_compensation.hpp
};

struct Clause119TransmitReport {
  std::uint64_t pairs = 0;  ///< codeword pairs made
  std::uint64_t marker_groups = 0;
  Block66Report blocks;         ///< blocks encoded, and of them error blocks
  RateCompensationReport rate;  ///< words deleted and inserted, debt, overflows
};

/// Everything on the way, for comparison with other models. Appended to while a tap is set.
struct Clause119TransmitTaps {
  signal::Blocks66 blocks66;
  BitVector blocks257;  ///< 257 bits each, before scrambling, without marker groups
  BitVector stream;     ///< before distribution: marker groups in place, the rest scrambled
};

class Clause119Transmit {
 public:
  /// Throws ConfigError for a rate, state, status or clock ratio out of range.
  explicit Clause119Transmit(const Clause119TransmitConfig& config);

  /// Appends whole pairs A, B with zero parity; holds back words that do not fill one yet (up to 159).
  void process(const signal::MiiWords& in, signal::Codewords& messages);
  /// Fills the last pair with idles; with delete_idles = false words that do not fill one are an InputError.
  void finish(signal::Codewords& messages);
  /// Status bits of the marker groups from now on (remote_degraded_bit, local_degraded_bit).
  void set_status(unsigned status);
  void tap(Clause119TransmitTaps* taps) noexcept { taps_ = taps; }
  Clause119TransmitReport report() const noexcept;
  void reset();

 private:
  void feed(const std::uint64_t* data, const std::uint8_t* control, std::size_t count,
            signal::Codewords& messages);
  void make_pair(signal::Codewords& messages);
  std::size_t words_wanted() const noexcept;

  Clause119TransmitConfig config_;
  Clause119Sizes sizes_;
  Block66Kernels block_kernels_;
  TranscodeKernels transcode_kernels_;
  Clause119Kernels kernels_;
  IdleEditor editor_;
  Scrambler scrambler_;
  PadGenerator pad_;
  unsigned status_;
  BlockState state_ = BlockState::init;
  std::size_t held_ = 0;  ///< blocks that wait for a pair
  std::uint64_t pairs_ = 0;
  Block66Report blocks_;
  Clause119TransmitTaps* taps_ = nullptr;
  alignas(64) std::array<std::uint64_t, pair_words> payload_{};
  alignas(64) std::array<std::uint8_t, pair_words> header_{};
  alignas(64) std::array<std::uint64_t, pair_buffer_words> stream_{};
};

}  // namespace lightlane::pcs
