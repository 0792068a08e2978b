#include "lightlane/pcs/clause82_receive.hpp"

#include <algorithm>
#include <cstring>

namespace lightlane::pcs {

using clause82::lanes;

namespace {

/// Length of the run of valid headers at the start.
std::size_t valid_run(const std::uint8_t* header, std::size_t count) {
  constexpr std::uint64_t ones = 0x0101010101010101u;
  std::size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    std::uint64_t eight;
    std::memcpy(&eight, header + i, 8);
    if ((eight & ~(3 * ones)) != 0 || ((eight ^ eight >> 1) & ones) != ones) break;
  }
  while (i < count && (header[i] == signal::data_header || header[i] == signal::control_header)) ++i;
  return i;
}

}  // namespace

Clause82Receive::Clause82Receive(const clause82::Kernels& kernels, const Block66Kernels& blocks)
    : kernels_(kernels), decoder_(blocks) {}

void Clause82Receive::reset() noexcept {
  decoder_.reset();
  lose_alignment();
  last_ = position_ = 0;
  report_ = {};
}

Clause82ReceiveReport Clause82Receive::report() const noexcept {
  Clause82ReceiveReport report = report_;
  report.error_blocks = decoder_.report().error_blocks;
  return report;
}

void Clause82Receive::lose_alignment() noexcept {
  report_.align_status = report_.hi_ber = settled_ = false;
  window_ = 0;
  ber_count_ = 0;
}

/// BER monitor over at most `count` blocks of one window. Returns how many blocks come before the first
/// unaligned one, or before the one that turns hi_ber on.
std::size_t Clause82Receive::scan(const std::uint8_t* header, std::size_t count) noexcept {
  for (std::size_t i = 0; i < count; ++i) {
    i += valid_run(header + i, count - i);
    if (i == count || header[i] == clause82::unaligned_header) return i;
    if (header[i] == clause82::suppressed_header) {
      ++report_.suppressed_blocks;
      continue;
    }
    const bool turns = ber_count_ + 1 == clause82::hi_ber_headers && !report_.hi_ber;
    if (turns && i > 0) return i;  // seen again as the first block of the next run
    ++report_.bad_headers;
    ++ber_count_;
    if (turns) {
      report_.hi_ber = true;
      ++report_.hi_ber_windows;
    }
  }
  return count;
}

/// `count` words of local fault, and one more for the block that the decoder held back.
void Clause82Receive::fault(std::size_t count, signal::MiiWords& out) {
  const std::size_t before = out.size();
  decoder_.fault(count, out);
  report_.local_fault_words += out.size() - before;
}

void Clause82Receive::deliver(const std::uint64_t* payload, const std::uint8_t* header, std::size_t count,
                              signal::MiiWords& out) {
  report_.words += count;
  plain_.resize(count);
  kernels_.descramble(last_, payload, plain_.data(), count);
  const bool settled = settled_;
  settled_ = true;
  if (report_.hi_ber) {
    fault(count, out);
    return;
  }
  if (settled) {
    decoder_.process(plain_.data(), header, count, out);
    return;
  }
  const std::uint8_t unsettled = clause82::suppressed_header;
  decoder_.process(plain_.data(), &unsettled, 1, out);
  decoder_.process(plain_.data() + 1, header + 1, count - 1, out);
}

/// The word clock goes on: twenty blocks in a period give no word, markers or not.
void Clause82Receive::pass_unaligned(std::size_t count, signal::MiiWords& out) {
  lose_alignment();
  report_.blocks += count;
  while (count > 0) {
    const bool marker = position_ < lanes;
    const std::size_t run = static_cast<std::size_t>(
        std::min<std::uint64_t>(count, (marker ? lanes : clause82::blocks_per_period) - position_));
    if (!marker) {
      fault(run, out);
      report_.words += run;
    }
    position_ = (position_ + run) % clause82::blocks_per_period;
    count -= run;
  }
}

void Clause82Receive::process(const signal::Blocks66& in, signal::MiiWords& out) {
  for (std::size_t i = 0; i < in.size();) {
    const std::uint8_t* header = in.header.data() + i;
    const std::size_t rest = std::min<std::size_t>(in.size() - i, 4096);
    if (*header == clause82::unaligned_header) {
      const std::size_t run = static_cast<std::size_t>(
          std::find_if(header, header + rest, [](auto h) { return h != clause82::unaligned_header; }) -
          header);
      pass_unaligned(run, out);
      i += run;
      continue;
    }
    if (!report_.align_status) position_ = 0;
    report_.align_status = true;
    const bool marker = position_ < lanes;
    std::uint64_t room = (marker ? lanes : clause82::blocks_per_period) - position_;
    room = std::min(room, clause82::hi_ber_window - window_);
    const std::size_t run = scan(header, static_cast<std::size_t>(std::min<std::uint64_t>(room, rest)));
    if (marker) {
      report_.markers_removed += run;
    } else {
      deliver(in.payload.data() + i, header, run, out);
    }
    i += run;
    report_.blocks += run;
    position_ = (position_ + run) % clause82::blocks_per_period;
    window_ += run;
    if (window_ == clause82::hi_ber_window) {
      if (ber_count_ < clause82::hi_ber_headers) report_.hi_ber = false;
      window_ = ber_count_ = 0;
    }
  }
}

signal::Blocks66 clause82_plain_blocks(const signal::Blocks66& marked) {
  const auto& kernels = select(clause82::kernels()).function;
  signal::Blocks66 plain;
  clause82::ScramblerWord last = 0;
  for (std::size_t i = 0; i < marked.size(); ++i) {
    if (i % clause82::blocks_per_period < lanes) continue;
    std::uint64_t payload;
    kernels.descramble(last, &marked.payload[i], &payload, 1);
    plain.push(payload, marked.header[i] & 3);
  }
  return plain;
}

}  // namespace lightlane::pcs
