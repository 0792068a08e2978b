#pragma once
/// 64B/66B block coding of clauses 82 and 119 (IEEE 802.3 82.2.3, 119.2.3): eight MII octets with their
/// control flags become two sync header bits and 64 payload bits, and back.
///
/// Bit 0 of a payload is first on the wire; the block type octet of a control block lies in bits 0..7. Only
/// the block types of 100G and above exist here: 1E 78 4B 87 99 AA B4 CC D2 E1 FF. Types 33, 2D, 66 and 55
/// (start or ordered set in lane 4, 10G and 25G only) are invalid blocks.

#include <cstddef>
#include <cstdint>
#include <span>

#include "lightlane/base/variant.hpp"
#include "lightlane/signal/blocks66.hpp"
#include "lightlane/signal/mii.hpp"

namespace lightlane::pcs {

/// T_TYPE and R_TYPE of figures 82-16 and 82-17.
enum class BlockClass : std::uint8_t {
  control,    ///< C: eight idle or LPI characters, or one ordered set in lane 0
  start,      ///< S: start in lane 0, seven data octets
  data,       ///< D: eight data octets
  terminate,  ///< T: data octets, terminate, then control characters (idle, LPI, error)
  error,      ///< E: everything else
};

/// States of both machines. `init` is left with the first word or block after a reset.
enum class BlockState : std::uint8_t { init, control, data, terminate, error };

/// Payloads that other parts ask for by name (headers: control_header).
inline constexpr std::uint64_t idle_block = 0x1e;
inline constexpr std::uint64_t error_block = 0x3c78f1e3c78f1e1e;  ///< type 1E, eight codes 1E
inline constexpr std::uint64_t local_fault_block = 0x0100004b, remote_fault_block = 0x0200004b;

/// One block with its class.
struct Block66 {
  std::uint64_t payload;
  std::uint8_t header;  ///< signal::data_header or signal::control_header
  BlockClass type;
};

/// One MII word with the class of the block it came from.
struct MiiWord {
  std::uint64_t data;
  std::uint8_t control;
  BlockClass type;
};

/// Reference encoder of one word, character by character (figure 82-5). A word that fits no block type gives
/// `error_block` with class E. Reserved control characters (a 10G feature) are no valid characters
/// (confidence: likely). An ordered set needs zero data octets in lanes 4..7.
Block66 encode_block(std::uint64_t word, std::uint8_t control) noexcept;

/// Reference decoder of one block: what the block says, whatever the state machine makes of it; eight error
/// characters with class E for an invalid block. Filler bits are ignored on receipt; the 28 zero bits of an
/// ordered set are checked (confidence: likely, both).
MiiWord decode_block(std::uint64_t payload, std::uint8_t header) noexcept;

/// decode_block().type
BlockClass classify_block(std::uint64_t payload, std::uint8_t header) noexcept;

/// Figure 82-16: the state that follows `state` when a word of class `type` comes. In state E a start stays
/// in E (confidence: unverified, memory of the figure).
BlockState next_transmit_state(BlockState state, BlockClass type) noexcept;
/// Figure 82-17: as above, but a terminate counts only if the next block is S or C.
BlockState next_receive_state(BlockState state, BlockClass type, BlockClass next) noexcept;

/// Kernels. `payload`/`header` and `data`/`control` are arrays of `count`. They return the number of words
/// that the machine sent as error. receive: payload[count], header[count] are read as look-ahead.
struct Block66Kernels {
  std::size_t (*encode)(BlockState& state, const std::uint64_t* data, const std::uint8_t* control,
                        std::size_t count, std::uint64_t* payload, std::uint8_t* header) noexcept;
  std::size_t (*decode)(BlockState& state, const std::uint64_t* payload, const std::uint8_t* header,
                        std::size_t count, std::uint64_t* data, std::uint8_t* control) noexcept;
};
std::span<const Kernel<Block66Kernels>> block66_kernels() noexcept;

struct Block66Report {
  std::uint64_t blocks = 0;        ///< blocks handled
  std::uint64_t error_blocks = 0;  ///< of them sent or delivered as error (state E)
};

/// The transmit machine: one block per word, nothing held back. Cost: about 1 ns per word of a frame.
class Block66Encoder {
 public:
  Block66Encoder() : kernels_(select(block66_kernels()).function) {}
  explicit Block66Encoder(const Block66Kernels& kernels) : kernels_(kernels) {}

  /// Appends one block per word. If `out` is empty its first_index becomes that of its first block.
  void process(const signal::MiiWords& in, signal::Blocks66& out);
  /// The same for a part of a batch.
  void process(const std::uint64_t* data, const std::uint8_t* control, std::size_t count,
               signal::Blocks66& out);
  void finish(signal::Blocks66&) noexcept {}
  Block66Report report() const noexcept { return report_; }
  void reset() noexcept;

 private:
  Block66Kernels kernels_;
  BlockState state_ = BlockState::init;
  Block66Report report_;
};

/// The receive machine. It holds back the latest block until it has seen the next one.
class Block66Decoder {
 public:
  Block66Decoder() : kernels_(select(block66_kernels()).function) {}
  explicit Block66Decoder(const Block66Kernels& kernels) : kernels_(kernels) {}

  /// Appends one word per block, one block late. Blocks with headers 00 or 11 are invalid and become error
  /// words. If `out` is empty its first_index becomes that of its first word.
  void process(const signal::Blocks66& in, signal::MiiWords& out);
  void process(const std::uint64_t* payload, const std::uint8_t* header, std::size_t count,
               signal::MiiWords& out);
  /// The same without a copy: payload[-1] and header[-1] are writable and take the block held back.
  void process_behind_slot(std::uint64_t* payload, std::uint8_t* header, std::size_t count,
                           signal::MiiWords& out);
  /// Loss of alignment (or reset asserted) for the time of `count` blocks: the block held back and these
  /// become local fault words, and the machine is in INIT.
  void fault(std::size_t count, signal::MiiWords& out);
  /// Delivers the block held back as if an invalid one followed: a terminate at the very end is an error.
  void finish(signal::MiiWords& out);
  Block66Report report() const noexcept { return report_; }
  void reset() noexcept;

 private:
  void emit_held(std::uint64_t next_payload, std::uint8_t next_header, signal::MiiWords& out);
  void hold(std::uint64_t payload, std::uint8_t header) noexcept;
  void emit(const std::uint64_t* payload, const std::uint8_t* header, std::size_t count,
            signal::MiiWords& out);

  Block66Kernels kernels_;
  BlockState state_ = BlockState::init;
  bool held_ = false;
  std::uint64_t held_payload_ = 0;
  std::uint8_t held_header_ = 0;
  Block66Report report_;
};

}  // namespace lightlane::pcs
