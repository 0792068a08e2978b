#include "lightlane/pcs/clause91_transmit.hpp"

#include <algorithm>

namespace lightlane::pcs {

using clause82::lanes;
using clause91::blocks66_per_codeword;

Clause91Transmit::Clause91Transmit(const Clause91TransmitConfig& config, const clause91::Kernels& kernels,
                                   const TranscodeKernels& transcoder)
    : config_(config), kernels_(kernels), transcoder_(transcoder) {}

void Clause91Transmit::reset() noexcept {
  aligned_ = ever_aligned_ = false;
  position_ = held_ = 0;
  report_ = {};
}

void Clause91Transmit::process(const signal::Blocks66& in, signal::Codewords& out, BitVector* blocks257) {
  if (out.count == 0) out.code = config_.code;
  for (std::size_t i = 0; i < in.size();) {
    const bool aligned = in.header[i] != clause82::unaligned_header;
    if (aligned && !aligned_) {
      report_.dropped_blocks += held_;
      held_ = 0;
      position_ = 0;
    }
    aligned_ = aligned;
    ever_aligned_ = ever_aligned_ || aligned;
    const std::size_t wanted = std::min(blocks66_per_codeword - held_, in.size() - i);
    const auto* header = in.header.data() + i;
    const std::size_t run = static_cast<std::size_t>(
        std::find_if(header, header + wanted,
                     [&](std::uint8_t h) { return (h != clause82::unaligned_header) != aligned; }) -
        header);
    if (!aligned) report_.unaligned_blocks += run;
    if (run == blocks66_per_codeword) {
      make_message(in.payload.data() + i, header, out, blocks257);
    } else {
      std::copy_n(in.payload.data() + i, run, held_payload_.data() + held_);
      std::copy_n(header, run, held_header_.data() + held_);
      held_ += run;
      if (held_ == blocks66_per_codeword) {
        held_ = 0;
        make_message(held_payload_.data(), held_header_.data(), out, blocks257);
      }
    }
    i += run;
  }
}

void Clause91Transmit::make_message(const std::uint64_t* payload, const std::uint8_t* header,
                                    signal::Codewords& out, BitVector* blocks257) {
  std::array<std::uint8_t, blocks66_per_codeword> wire_header;
  for (std::size_t i = 0; i < wire_header.size(); ++i) wire_header[i] = header[i] & 3;
  out.resize(out.count + 1);
  std::uint64_t* message = out.at(out.count - 1);
  std::array<std::uint64_t, transcode_words(clause91::blocks257_per_codeword)> stream;
  std::size_t blocks = clause91::blocks257_per_codeword;
  if (position_ != 0 || !ever_aligned_) {
    transcoder_.pack(payload, wire_header.data(), blocks, stream.data());
    kernels_.whiten(stream.data(), blocks);
    std::copy_n(stream.data(), clause91::message_bits / 64 + 1, message);
  } else {
    std::array<std::uint64_t, lanes> markers;
    for (unsigned l = 0; l < lanes; ++l) {
      markers[l] = header[l] == clause82::unaligned_header ? clause82::marker_payload(l, 0) : payload[l];
    }
    const auto group = clause91::map_markers(markers, config_.four_lane_pmd,
                                             static_cast<unsigned>(report_.marker_groups++ % 2));
    blocks -= clause91::group_blocks257;
    transcoder_.pack(payload + lanes, wire_header.data() + lanes, blocks, stream.data());
    kernels_.whiten(stream.data(), blocks);
    std::copy_n(group.bits.data(), group.bits.size(), message);
    constexpr unsigned word = clause91::group_bits / 64, shift = clause91::group_bits % 64;
    std::uint64_t carry = group.bits[word];
    for (std::size_t w = 0; w <= (clause91::message_bits - clause91::group_bits) / 64; ++w) {
      message[word + w] = carry | stream[w] << shift;
      carry = stream[w] >> (64 - shift);
    }
  }
  if (blocks257 != nullptr) {
    BitVector bits(blocks * block257_bits);
    std::copy_n(stream.data(), (bits.size() + 63) / 64, bits.words());
    blocks257->append(bits);
  }
  position_ = (position_ + 1) % clause91::codewords_per_period;
  ++report_.codewords;
}

}  // namespace lightlane::pcs
