#pragma once
/// Clause 91 transmit side up to the Reed-Solomon encoder (91.5.2.1 to 91.5.2.6): a marked stream of clause
/// 82 becomes messages of RS(528,514) or RS(544,514).

#include <array>
#include <cstdint>

#include "lightlane/base/bit_vector.hpp"
#include "lightlane/pcs/clause82_markers.hpp"
#include "lightlane/pcs/clause91_kernels.hpp"
#include "lightlane/pcs/clause91_markers.hpp"
#include "lightlane/pcs/transcode.hpp"
#include "lightlane/signal/blocks66.hpp"
#include "lightlane/signal/fec_code.hpp"

namespace lightlane::pcs {

struct Clause91TransmitConfig {
  signal::FecCode code = signal::kp4;
  /// The variable four_lane_pmd: true where the PMD or AUI has four 25G-class lanes (KR4 on four NRZ lanes),
  /// false for KP4 over one or two PAM4 lanes. It only says whose M octets amp 17 to 19 carry.
  bool four_lane_pmd = false;
};

struct Clause91TransmitReport {
  std::uint64_t codewords = 0;
  std::uint64_t marker_groups = 0;
  std::uint64_t unaligned_blocks =
      0;  ///< taken while the stream behind was not aligned; sent as invalid blocks
  std::uint64_t dropped_blocks = 0;  ///< of a codeword that a new alignment cut off
};

/// Marked stream -> messages, parity zero. The stream may come straight from Clause82Mark (FEC in the host)
/// or from Clause82Align (FEC in a module); markers lost on the way are made anew, their BIP octets are
/// passed on as received. Every 80 blocks are one message: a row of markers becomes the marker group. A
/// stream that was never aligned is sent as invalid blocks without groups; one that lost alignment keeps the
/// far receiver in lock with groups at the old pace, until a new alignment begins a new marker period. Holds
/// back up to 79 blocks; finish() drops them. Cost: about 4 ns per block.
class Clause91Transmit {
 public:
  explicit Clause91Transmit(const Clause91TransmitConfig& config = {},
                            const clause91::Kernels& kernels = select(clause91::kernels()).function,
                            const TranscodeKernels& transcoder = select(transcode_kernels()).function);

  /// Appends messages. `blocks257`, if given, gets the 257-bit blocks as they leave the transcoder, whitened
  /// (those of clause 91 are of scrambled payloads), without marker groups.
  void process(const signal::Blocks66& in, signal::Codewords& out, BitVector* blocks257 = nullptr);
  void finish(signal::Codewords&) noexcept { held_ = 0; }
  Clause91TransmitReport report() const noexcept { return report_; }
  void reset() noexcept;

 private:
  void make_message(const std::uint64_t* payload, const std::uint8_t* header, signal::Codewords& out,
                    BitVector* blocks257);

  Clause91TransmitConfig config_;
  clause91::Kernels kernels_;
  TranscodeKernels transcoder_;
  bool aligned_ = false, ever_aligned_ = false;
  std::uint64_t position_ = 0;  ///< codeword within the marker period
  std::size_t held_ = 0;
  std::array<std::uint64_t, clause91::blocks66_per_codeword> held_payload_{};
  std::array<std::uint8_t, clause91::blocks66_per_codeword> held_header_{};
  Clause91TransmitReport report_;
};

}  // namespace lightlane::pcs
