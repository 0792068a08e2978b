#pragma once
/// Clause 82 transmit side (82.2.3 to 82.2.8): idle deletion, block encoder, scrambler and alignment markers.

#include <cstdint>

#include "lightlane/pcs/block66.hpp"
#include "lightlane/pcs/clause82_kernels.hpp"
#include "lightlane/pcs/clause82_markers.hpp"
#include "lightlane/pcs/rate_compensation.hpp"
#include "lightlane/signal/blocks66.hpp"
#include "lightlane/signal/mii.hpp"

namespace lightlane::pcs {

struct Clause82MarkConfig {
  /// Initial scrambler state, S0 the most significant of 58 bits. Any value is legal. 0 .. 2^58 - 1.
  std::uint64_t scrambler_state = (std::uint64_t{1} << 58) - 1;
};

struct Clause82MarkReport {
  std::uint64_t blocks = 0;       ///< blocks sent, markers included
  std::uint64_t marker_rows = 0;  ///< rows of 20 markers among them
};

/// Encoded blocks -> marked stream. Scrambles the 64 payload bits of every block and puts a row of 20 markers
/// in front of the first block and of every 327660 blocks that follow; BIP3 and BIP7 are counted per lane. A
/// row of markers is sent when the block behind it comes. Cost: about 2 ns per block.
class Clause82Mark {
 public:
  explicit Clause82Mark(const Clause82MarkConfig& config = {},
                        const clause82::Kernels& kernels = select(clause82::kernels()).function);

  /// Appends; if `out` is empty its first_index becomes that of its first block.
  void process(const signal::Blocks66& in, signal::Blocks66& out);
  void finish(signal::Blocks66&) noexcept {}
  Clause82MarkReport report() const noexcept { return report_; }
  void reset() noexcept;

 private:
  void insert_markers(signal::Blocks66& out);

  Clause82MarkConfig config_;
  clause82::Kernels kernels_;
  clause82::ScramblerWord last_;
  clause82::LaneParities bip_;
  Clause82MarkReport report_;
};

/// Words out per word in that the markers alone ask for: 20 of the 327680 words of a period go at the
/// transmitter, and come back at the receiver. Multiply by the ratio of the clocks where they differ.
Rational clause82_deletion_ratio();
Rational clause82_insertion_ratio();

struct Clause82TransmitConfig {
  /// Initial scrambler state, as in Clause82MarkConfig.
  std::uint64_t scrambler_state = (std::uint64_t{1} << 58) - 1;
  /// Idle deletion in front of the encoder. Off (as `vector` wants it): every word becomes a block.
  bool delete_idles = true;
  Rational clock_ratio = 1;          ///< line clock over MII clock, within 1000 ppm; with delete_idles only
  std::uint64_t elastic_words = 64;  ///< words that may wait for a gap, see rate_compensation.hpp
};

struct Clause82TransmitReport {
  RateCompensationReport compensation;
  Block66Report encoder;
  Clause82MarkReport mark;
};

/// MII words -> marked stream. Holds nothing back. Cost: about 4 ns per word.
/// finish() sends idles until the stream holds whole FEC codewords (80 blocks), if idles may be touched at
/// all.
class Clause82Transmit {
 public:
  explicit Clause82Transmit(const Clause82TransmitConfig& config = {});

  /// Appends. `encoded`, if given, gets the blocks as they leave the encoder (appended too).
  void process(const signal::MiiWords& in, signal::Blocks66& out, signal::Blocks66* encoded = nullptr);
  void finish(signal::Blocks66& out);
  Clause82TransmitReport report() const noexcept;
  void reset() noexcept;

 private:
  bool delete_idles_;
  RateCompensation compensation_;
  Block66Encoder encoder_;
  Clause82Mark mark_;
  signal::MiiWords words_;
  signal::Blocks66 blocks_;
};

}  // namespace lightlane::pcs
