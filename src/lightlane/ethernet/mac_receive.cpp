#include "lightlane/ethernet/mac_receive.hpp"

#include <fmt/format.h>

#include <bit>
#include <cstring>

#include "lightlane/base/error.hpp"
#include "lightlane/ethernet/fcs.hpp"

namespace lightlane::ethernet {
namespace {

namespace mii = signal::mii;

static_assert(std::endian::native == std::endian::little, "octet lane 0 is the lowest address of a word");

constexpr std::uint8_t sfd = 0xd5;
constexpr std::uint64_t terminate_and_idle = 0x07070707070707fd;
constexpr std::uint64_t preamble_mask = 0x00ffffffffffff00, preamble = 0x0055555555555500;

constexpr std::uint8_t octet(std::uint64_t data, unsigned lane) {
  return static_cast<std::uint8_t>(data >> 8 * lane);
}

bool is_start(std::uint64_t data, std::uint8_t control) {
  return (control & 1) != 0 && octet(data, 0) == mii::start;
}

/// Whether a lane that is flagged as control holds `character`.
bool holds(std::uint64_t data, std::uint8_t control, std::uint8_t character) {
  for (unsigned lane = 0; lane < 8; ++lane) {
    if ((control >> lane & 1) != 0 && octet(data, lane) == character) return true;
  }
  return false;
}

/// The first word from `i` on with a control flag; n if there is none.
std::size_t find_control(const std::uint8_t* control, std::size_t i, std::size_t n) {
  for (; i + 8 <= n; i += 8) {
    std::uint64_t eight;
    std::memcpy(&eight, control + i, 8);
    if (eight != 0) return i + static_cast<unsigned>(std::countr_zero(eight)) / 8;
  }
  while (i < n && control[i] == 0) ++i;
  return i;
}

}  // namespace

MacReceive::MacReceive(const MacReceiveConfig& config) : config_(config) {
  if (config.max_frame_octets < min_frame_octets || config.max_frame_octets > largest_max_frame_octets) {
    throw ConfigError({"mac.max_frame_octets", fmt::format("is {}", config.max_frame_octets),
                       fmt::format("{} to {}", min_frame_octets, largest_max_frame_octets), "FCS included"});
  }
  if (config.ps_per_word <= Rational(0)) {
    throw ConfigError(
        {"mac.ps_per_word",
         fmt::format("is {}/{}", config.ps_per_word.numerator(), config.ps_per_word.denominator()),
         "more than 0", ""});
  }
}

void MacReceive::process(const signal::MiiWords& in, signal::Frames& out) {
  const std::size_t n = in.size();
  counters_.words += n;
  std::size_t i = 0;
  while (i < n) i = in_frame_ ? inside_frame(in, i, out) : between_frames(in, i);
  position_ = in.first_index + n;
  link_fault_.advance(position_);
}

void MacReceive::finish(signal::Frames&) {
  if (!in_frame_) return;
  if (verdict_ == Verdict::good) verdict_ = Verdict::damaged;
  lose_frame();
}

std::size_t MacReceive::between_frames(const signal::MiiWords& in, std::size_t i) noexcept {
  const std::size_t n = in.size();
  for (; i < n; ++i) {
    const std::uint64_t data = in.data[i];
    const std::uint8_t control = in.control[i];
    if (data == mii::idle_word && control == 0xff) continue;
    if (is_start(data, control)) {
      begin_frame(data, control, in.first_index + i);
      return i + 1;
    }
    other_word(data, control, in.first_index + i);
  }
  return n;
}

void MacReceive::begin_frame(std::uint64_t data, std::uint8_t control, std::uint64_t index) noexcept {
  const bool good = control == 0x01 && octet(data, 7) == sfd &&
                    (!config_.strict_preamble || (data & preamble_mask) == preamble);
  in_frame_ = true;
  verdict_ = good ? Verdict::good : Verdict::bad_preamble;
  start_ = index;
  held_.clear();
}

std::size_t MacReceive::inside_frame(const signal::MiiWords& in, std::size_t i, signal::Frames& out) {
  const std::size_t n = in.size();
  const std::size_t end = find_control(in.control.data(), i, n);
  const auto* const octets = reinterpret_cast<const std::uint8_t*>(in.data.data() + i);
  if (end == n) {
    hold(octets, 8 * (n - i));
    return n;
  }
  const std::uint64_t data = in.data[end];
  const std::uint8_t control = in.control[end];
  const auto lane = static_cast<unsigned>(std::countr_zero(control));
  if (octet(data, lane) != mii::terminate) {
    hold(octets, 8 * (end - i) + lane);
    return control_inside(in, end);
  }
  end_frame(octets, 8 * (end - i) + lane, out);
  check_tail(data, control, lane);
  return end + 1;
}

/// A word inside a frame whose first control character is no /T/. Returns the index to go on from: the word
/// itself where it stands for something of its own.
std::size_t MacReceive::control_inside(const signal::MiiWords& in, std::size_t i) noexcept {
  const std::uint64_t data = in.data[i];
  const std::uint8_t control = in.control[i];
  if (verdict_ == Verdict::good) verdict_ = Verdict::damaged;
  const auto first = static_cast<unsigned>(std::countr_zero(control));
  if (first == 0 && octet(data, 0) != mii::error) {
    counters_.unexpected_starts += octet(data, 0) == mii::start;
    lose_frame();
    return i;
  }
  counters_.error_words += holds(data, control, mii::error);
  for (unsigned lane = first; lane < 8; ++lane) {
    if ((control >> lane & 1) == 0 || octet(data, lane) == mii::error) continue;
    counters_.unexpected_starts += octet(data, lane) == mii::start;
    lose_frame();
    break;
  }
  return i + 1;
}

/// Behind /T/ only idle or LPI may follow. It says nothing about the frame.
void MacReceive::check_tail(std::uint64_t data, std::uint8_t control, unsigned lane) noexcept {
  if (control == static_cast<std::uint8_t>(0xff << lane) &&
      data >> 8 * lane == (terminate_and_idle << 8 * lane) >> 8 * lane) {
    return;
  }
  bool bad = control != static_cast<std::uint8_t>(0xff << lane);
  for (unsigned l = lane + 1; l < 8; ++l) {
    const std::uint8_t character = octet(data, l);
    bad |= character != mii::idle && character != mii::lpi;
  }
  counters_.tail_errors += bad;
}

void MacReceive::other_word(std::uint64_t data, std::uint8_t control, std::uint64_t index) noexcept {
  if (control == 0xff && data == mii::lpi_word) {
    ++counters_.lpi_words;
    return;
  }
  if (control == mii::ordered_set_control && ordered_set(data, index)) return;
  if (holds(data, control, mii::error)) {
    ++counters_.error_words;
  } else if (holds(data, control, mii::start)) {
    ++counters_.unexpected_starts;
  } else if (holds(data, control, mii::terminate)) {
    ++counters_.unexpected_terminates;
  } else {
    ++counters_.stray_words;
  }
}

bool MacReceive::ordered_set(std::uint64_t data, std::uint64_t index) noexcept {
  switch (data) {
    case mii::local_fault:
      ++counters_.local_fault_sets;
      link_fault_.sequence(LinkFault::local_fault, index);
      return true;
    case mii::remote_fault:
      ++counters_.remote_fault_sets;
      link_fault_.sequence(LinkFault::remote_fault, index);
      return true;
    case mii::link_interruption:
      ++counters_.link_interruption_sets;
      link_fault_.sequence(LinkFault::link_interruption, index);
      return true;
    default:
      break;
  }
  const bool set = octet(data, 0) == mii::sequence || octet(data, 0) == mii::signal_ordered_set;
  counters_.other_sets += set;
  return set;
}

void MacReceive::hold(const std::uint8_t* octets, std::size_t count) {
  if (verdict_ != Verdict::good) return;
  if (held_.size() + count > config_.max_frame_octets) {
    verdict_ = Verdict::oversize;
    held_.clear();
    return;
  }
  held_.insert(held_.end(), octets, octets + count);
}

void MacReceive::end_frame(const std::uint8_t* octets, std::size_t count, signal::Frames& out) {
  if (!held_.empty()) {
    hold(octets, count);
    octets = held_.data();
    count = held_.size();
  }
  if (verdict_ == Verdict::good && count > config_.max_frame_octets) verdict_ = Verdict::oversize;
  if (verdict_ != Verdict::good) {
    lose_frame();
    return;
  }
  in_frame_ = false;
  if (count < min_frame_octets) {
    ++counters_.runts;
    return;
  }
  std::uint32_t received;
  std::memcpy(&received, octets + count - fcs_octets, fcs_octets);
  if (received == fcs({octets, count - fcs_octets})) {
    ++counters_.frames;
    counters_.octets += count;
    deliver(octets, count, false, out);
  } else {
    ++counters_.fcs_errors;
    if (config_.keep_fcs_errors) deliver(octets, count, true, out);
  }
}

void MacReceive::deliver(const std::uint8_t* octets, std::size_t count, bool fcs_error, signal::Frames& out) {
  signal::FrameRecord& record = out.records.emplace_back();
  record.fcs_error = fcs_error;
  record.fcs_kept = fcs_error || config_.keep_fcs;
  record.offset = out.octets.size();
  record.length = static_cast<std::uint32_t>(record.fcs_kept ? count : count - fcs_octets);
  record.sequence = delivered_++;
  record.word_index = start_;
  record.time_ps = config_.ps_per_word.floor_times(static_cast<std::int64_t>(start_ + 1));
  std::memcpy(&record.fcs, octets + count - fcs_octets, fcs_octets);
  out.octets.insert(out.octets.end(), octets, octets + record.length);
}

void MacReceive::lose_frame() noexcept {
  in_frame_ = false;
  held_.clear();
  switch (verdict_) {
    case Verdict::good:
      break;
    case Verdict::bad_preamble:
      ++counters_.preamble_errors;
      break;
    case Verdict::damaged:
      ++counters_.damaged;
      break;
    case Verdict::oversize:
      ++counters_.oversize;
      break;
  }
}

MacReceiveReport MacReceive::report() const {
  MacReceiveReport report = counters_;
  report.link_fault = link_fault_.state();
  report.link_fault_changes = link_fault_.changes();
  return report;
}

void MacReceive::reset() { *this = MacReceive(config_); }

}  // namespace lightlane::ethernet
