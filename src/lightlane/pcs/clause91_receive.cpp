#include "lightlane/pcs/clause91_receive.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "lightlane/base/error.hpp"

namespace lightlane::pcs {

using clause82::lanes;
using clause91::blocks257_per_codeword;
using clause91::blocks66_per_codeword;
using signal::invalid_header;

Clause91Receive::Clause91Receive(const Clause91ReceiveConfig& config, const clause91::Kernels& kernels,
                                 const TranscodeKernels& transcoder)
    : config_(config), kernels_(kernels), transcoder_(transcoder), degrade_(config.degrade) {}

Clause91ReceiveReport Clause91Receive::report() const noexcept {
  Clause91ReceiveReport report = report_;
  report.fec_degraded_ser = degrade_.degraded();
  report.fec_degraded_ser_events = degrade_.events();
  return report;
}

void Clause91Receive::reset() noexcept {
  started_ = spill_ = false;
  number_ = position_ = blocks_ = last_ = 0;
  bad_run_ = 0;
  window_codewords_ = window_errors_ = hold_ = 0;
  degrade_.reset();
  report_ = {};
}

std::optional<std::uint64_t> Clause91Receive::process(const Clause91Batch& batch,
                                                      std::span<const signal::DecodeOutcome> outcomes,
                                                      signal::Blocks66& out) {
  LIGHTLANE_ASSERT(outcomes.size() == batch.codewords.count);
  if (out.size() == 0) out.first_index = blocks_;
  if (!started_) number_ = batch.begin;
  started_ = true;
  std::size_t c = 0;
  for (const Clause91Batch::Run& run : batch.runs) {
    if (run.first != number_ || !report_.align_status) {
      put_unaligned(run.first, out);
      report_.align_status = true;
      position_ = last_ = 0;
      bad_run_ = 0;
      spill_ = true;  // the descrambler's state is unknown
    }
    for (std::size_t i = 0; i < run.count; ++i, ++c) {
      count_errors(outcomes[c]);
      put_codeword(batch.codewords.at(c), !outcomes[c].ok(), out);
      ++number_;
      bad_run_ = outcomes[c].ok() ? 0 : bad_run_ + 1;
      if (bad_run_ < clause91::bad_codewords_to_restart) continue;
      ++report_.restarts;
      report_.align_status = false;
      bad_run_ = 0;
      return number_ - 1;
    }
  }
  if (batch.end > number_) put_unaligned(batch.end, out);
  return std::nullopt;
}

void Clause91Receive::put_unaligned(std::uint64_t before, signal::Blocks66& out) {
  report_.align_status = false;
  if (before <= number_) return;
  const std::uint64_t count = before - number_;
  out.payload.resize(out.size() + count * blocks66_per_codeword, 0);
  out.header.resize(out.size(), clause82::unaligned_header);
  blocks_ += count * blocks66_per_codeword;
  report_.unaligned_codewords += count;
  hold_ -= std::min(hold_, count);
  report_.hi_ser = hold_ > 0;
  number_ = before;
}

void Clause91Receive::count_errors(const signal::DecodeOutcome& outcome) noexcept {
  const std::uint64_t errors = outcome.ok() ? static_cast<std::uint64_t>(outcome.symbols)
                                            : clause91::uncorrectable_symbol_errors(config_.code);
  ++report_.codewords;
  report_.corrected += outcome.symbols > 0;
  report_.uncorrectable += !outcome.ok();
  report_.symbol_errors += errors;

  if (hold_ > 0) --hold_;
  report_.hi_ser = hold_ > 0;
  if (config_.bypass_indication) {
    const unsigned threshold =
        config_.code == signal::kp4 ? clause91::hi_ser_threshold_kp4 : clause91::hi_ser_threshold_kr4;
    window_errors_ += errors;
    if (window_errors_ > threshold && window_errors_ - errors <= threshold) {
      hold_ = clause91::hi_ser_hold;
      report_.hi_ser = true;
      ++report_.hi_ser_events;
    }
    if (++window_codewords_ == clause91::hi_ser_window) window_codewords_ = window_errors_ = 0;
  }
  degrade_.count(errors, 1);
}

void Clause91Receive::put_codeword(const std::uint64_t* codeword, bool bad, signal::Blocks66& out) {
  constexpr std::size_t message_words = clause91::message_bits / 64 + 1;
  std::array<std::uint64_t, transcode_words(blocks257_per_codeword)> stream;
  const std::size_t old = out.size();
  out.payload.resize(old + blocks66_per_codeword);
  out.header.resize(old + blocks66_per_codeword);
  std::uint64_t* payload = out.payload.data() + old;
  std::uint8_t* header = out.header.data() + old;
  std::size_t first = 0;
  std::fill(stream.begin() + message_words, stream.end(), 0);
  if (position_ == 0) {
    first = clause91::group_blocks257;
    const auto markers = clause91::unmap_markers(codeword);
    std::copy(markers.begin(), markers.end(), payload);
    std::fill_n(header, lanes, signal::control_header);
    constexpr unsigned word = clause91::group_bits / 64, shift = clause91::group_bits % 64;
    std::fill(stream.begin(), stream.end(), 0);
    for (std::size_t w = word; w < message_words; ++w) {
      stream[w - word] = codeword[w] >> shift | codeword[w + 1] << (64 - shift);
    }
  } else {
    std::copy_n(codeword, message_words, stream.begin());
  }
  const std::size_t blocks = blocks257_per_codeword - first;
  kernels_.whiten(stream.data(), blocks);
  transcoder_.unpack(stream.data(), blocks, payload + 4 * first, header + 4 * first);
  restore_types(payload + 4 * first, header + 4 * first, blocks);

  if (spill_ && config_.mark_all_blocks) suppress(header + 4 * first, 4);
  const bool mark = bad && !config_.bypass_indication;
  if (mark) mark_bad(header, first);
  spill_ = mark;
  if (report_.hi_ser) {
    std::fill(header + 4 * first, header + blocks66_per_codeword, invalid_header);
    report_.marked_blocks += 4 * blocks;
  }
  position_ = (position_ + 1) % clause91::codewords_per_period;
  blocks_ += blocks66_per_codeword;
}

/// The first control block of a 257-bit block lost bits 4..7 of its scrambled payload: the type octet's high
/// nibble.
void Clause91Receive::restore_types(std::uint64_t* payload, std::uint8_t* header,
                                    std::size_t blocks257) noexcept {
  static constexpr std::uint8_t type_of_nibble[16] = {0,    0xe1, 0xd2, 0,    0xb4, 0, 0,    0x87,
                                                      0x78, 0x99, 0xaa, 0x4b, 0xcc, 0, 0x1e, 0xff};
  for (std::size_t b = 0; b < blocks257; ++b, payload += 4, header += 4) {
    std::uint32_t four;
    std::memcpy(&four, header, 4);
    if (four != 0x02020202u && four != 0x03030303u) {
      unsigned c = 0;
      while (header[c] == signal::data_header) ++c;
      const std::uint64_t before = c == 0 ? last_ : payload[c - 1];
      const std::uint64_t mask = (before >> 25 ^ before >> 6) & 0xff;  // what the scrambler adds to the octet
      const std::uint8_t type = type_of_nibble[(payload[c] ^ mask) & 15];
      header[c] = type != 0 ? signal::control_header : invalid_header;
      report_.unknown_types += type == 0;
      payload[c] &= ~std::uint64_t{0xf0};
      if (type != 0) payload[c] |= (type ^ mask) & 0xf0;
    }
    last_ = payload[3];
  }
}

void Clause91Receive::mark_bad(std::uint8_t* header, std::size_t first_block257) noexcept {
  if (config_.mark_all_blocks)
    suppress(header + 4 * first_block257, 4 * (blocks257_per_codeword - first_block257));
  const auto mark = [&](std::size_t block) {
    report_.suppressed_blocks -= header[block] == clause82::suppressed_header;
    header[block] = invalid_header;
    ++report_.marked_blocks;
  };
  for (std::size_t b = 0; b < blocks257_per_codeword; ++b) {
    if (b < first_block257) continue;
    if (b % 2 == 0) mark(4 * b);
    if (b == 1 || b == blocks257_per_codeword - 1) mark(4 * b + 3);
  }
}

void Clause91Receive::suppress(std::uint8_t* header, std::size_t count) noexcept {
  for (std::size_t i = 0; i < count; ++i) {
    if (header[i] == clause82::suppressed_header) continue;
    header[i] = clause82::suppressed_header;
    ++report_.suppressed_blocks;
  }
}

}  // namespace lightlane::pcs
