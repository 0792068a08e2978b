#include "lightlane/ethernet/mac_transmit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "lightlane/base/error.hpp"
#include "lightlane/ethernet/fcs.hpp"

namespace lightlane::ethernet {
namespace {

static_assert(std::endian::native == std::endian::little, "octet lane 0 is the lowest address of a word");

constexpr std::uint64_t start_word = 0xd5555555555555fb;
constexpr std::uint64_t terminate_word = 0x07070707070707fd;  // to be shifted into its lane
constexpr std::uint32_t min_without_fcs = min_frame_octets - fcs_octets;

/// Frames written together, so that the output grows once for all of them.
constexpr std::size_t group_frames = 64, group_words = 2048;

template <class Value>
void check_range(const char* key, Value value, Value low, Value high, const char* hint) {
  if (value < low || value > high) {
    throw ConfigError(
        {fmt::format("mac.{}", key), fmt::format("is {}", value), fmt::format("{} to {}", low, high), hint});
  }
}

void check_positive(const char* key, const Rational& value) {
  if (value <= Rational(0)) {
    throw ConfigError({fmt::format("mac.{}", key),
                       fmt::format("is {}/{}", value.numerator(), value.denominator()), "more than 0", ""});
  }
}

const MacTransmitConfig& checked(const MacTransmitConfig& config) {
  check_range("inter_packet_gap_octets", config.inter_packet_gap_octets, 1u, 65535u, "802.3 4A.4.2: 12");
  check_range("max_frame_octets", config.max_frame_octets, min_frame_octets, largest_max_frame_octets,
              "FCS included");
  check_range("idle_words_at_start", config.idle_words_at_start, 0u, 1u << 31, "");
  check_range("max_gap_words", config.max_gap_words, 16u, 1u << 31, "");
  check_positive("ps_per_word", config.ps_per_word);
  check_positive("gap_scale", config.gap_scale);
  return config;
}

/// Destination address through FCS, in front of it /S/, behind it /T/; `data` and `control` are zero before.
std::uint32_t write_frame(const std::uint8_t* frame, std::uint32_t length, std::uint32_t octets,
                          std::uint64_t* data, std::uint8_t* control) noexcept {
  data[0] = start_word;
  control[0] = 0x01;
  auto* const at = reinterpret_cast<std::uint8_t*>(data + 1);
  std::memcpy(at, frame, length);
  // Where nothing was padded, the octets as they came: reading back what was just written stalls.
  const std::uint32_t check = fcs({length == octets - fcs_octets ? frame : at, octets - fcs_octets});
  std::memcpy(at + octets - fcs_octets, &check, fcs_octets);
  const std::size_t last = 1 + octets / 8;
  const unsigned lane = octets % 8;
  data[last] |= terminate_word << 8 * lane;
  control[last] = static_cast<std::uint8_t>(0xff << lane);
  return check;
}

void append(signal::MiiWords& out, std::uint64_t words, std::uint64_t data, std::uint8_t control) {
  out.data.insert(out.data.end(), words, data);
  out.control.insert(out.control.end(), words, control);
}

}  // namespace

std::string_view name(Pacing pacing) noexcept {
  switch (pacing) {
    case Pacing::back_to_back:
      return "back_to_back";
    case Pacing::scaled:
      return "scaled";
    case Pacing::timestamps:
      return "timestamps";
  }
  return "";
}

std::string_view name(Sending sending) noexcept {
  switch (sending) {
    case Sending::normal:
      return "normal";
    case Sending::local_fault:
      return "local_fault";
    case Sending::remote_fault:
      return "remote_fault";
    case Sending::link_interruption:
      return "link_interruption";
    case Sending::lpi:
      return "lpi";
    case Sending::idle:
      return "idle";
  }
  return "";
}

MacTransmit::MacTransmit(const MacTransmitConfig& config)
    : config_(checked(config)),
      words_per_ps_((config.pacing == Pacing::scaled ? config.gap_scale : Rational(1)) / config.ps_per_word),
      earliest_(config.idle_words_at_start) {}

std::size_t MacTransmit::process_some(const signal::Frames& in, std::size_t first, std::size_t max_words,
                                      signal::MiiWords& out, std::vector<SentFrame>* sent) {
  if (sending_ != Sending::normal) {
    counters_.frames_inhibited += in.size() - std::min(first, in.size());
    return in.size();
  }
  if (out.size() == 0) out.first_index = position_;
  std::array<Plan, group_frames> plans;
  std::size_t next = first;
  while (next < in.size() && out.size() < max_words) {
    const std::uint64_t from = position_;
    const std::uint64_t room = std::min<std::uint64_t>(max_words - out.size(), group_words);
    std::size_t planned = 0;
    while (next < in.size() && planned < group_frames && position_ - from < room &&
           acceptable(in.records[next])) {
      plans[planned++] = plan(in.records[next++]);
    }
    const std::size_t base = out.size(), words = position_ - from;
    out.data.resize(base + words);
    out.control.resize(base + words);
    std::uint64_t* const data = out.data.data() + base;
    std::uint8_t* const control = out.control.data() + base;
    std::uint64_t done = 0;
    for (std::size_t i = 0; i < planned; ++i) {
      const Plan& p = plans[i];
      const std::uint64_t at = p.start - from;
      std::fill(data + done, data + at, signal::mii::idle_word);
      std::memset(control + done, 0xff, at - done);
      const std::uint32_t check = write_frame(in.octets.data() + p.record->offset, p.record->length, p.octets,
                                              data + at, control + at);
      if (sent != nullptr)
        sent->push_back({p.record->sequence, p.start, p.skipped, p.words, p.octets, check});
      done = at + p.words;
    }
    if (planned == 0) refuse(in.records[next]);
  }
  return next;
}

bool MacTransmit::acceptable(const signal::FrameRecord& record) const noexcept {
  return record.length != 0 && record.length <= config_.max_frame_octets - fcs_octets;
}

void MacTransmit::refuse(const signal::FrameRecord& record) const {
  throw InputError(
      {fmt::format("frame {}", record.sequence), fmt::format("has {} octets without FCS", record.length),
       fmt::format("1 to {} octets", config_.max_frame_octets - fcs_octets), "mac.max_frame_octets"});
}

MacTransmit::Plan MacTransmit::plan(const signal::FrameRecord& record) noexcept {
  const std::uint32_t octets =
      std::max(record.length, min_without_fcs) + static_cast<std::uint32_t>(fcs_octets);
  const std::uint32_t words = 2 + octets / 8;
  std::uint64_t start = std::max(position_, earliest_);
  if (config_.pacing != Pacing::back_to_back) start = paced_start(record.time_ps, start);
  if (!started_) {
    started_ = true;
    first_word_ = start + counters_.skipped_words;
    first_time_ps_ = record.time_ps;
  }
  // More idle than the gap asked for pays the deficit back; a whole word of it pays all.
  if (start > earliest_) counters_.deficit_idle_octets = 0;
  const Plan plan{&record, start, octets, words, counters_.skipped_words};

  counters_.idle_words += start - position_;
  counters_.frames += 1;
  counters_.octets += octets;
  counters_.padded_frames += record.length < min_without_fcs;
  counters_.frame_words += words;
  counters_.words += start - position_ + words;
  position_ = start + words;

  // The word with /T/ holds the first octets of the gap. Rounding down to whole words takes up to 7 octets,
  // as long as no more than 7 are owed; else a word more is sent, and what it has too much pays the debt.
  unsigned& deficit = counters_.deficit_idle_octets;
  const unsigned in_last_word = 8 - octets % 8;
  const std::uint32_t gap = config_.inter_packet_gap_octets;
  std::uint32_t idle_words = 0;
  if (gap < in_last_word) {
    deficit -= std::min(deficit, in_last_word - gap);
  } else {
    const std::uint32_t left = gap - in_last_word;
    idle_words = left / 8;
    deficit += left % 8;
    if (deficit > 7) {
      ++idle_words;
      deficit -= 8;
    }
  }
  earliest_ = position_ + idle_words;
  return plan;
}

std::uint64_t MacTransmit::paced_start(std::int64_t time_ps, std::uint64_t earliest) noexcept {
  if (!started_) return earliest;
  __extension__ typedef unsigned __int128 Wide;  // NOLINT: only so does -Wpedantic allow it
  constexpr std::uint64_t limit = std::uint64_t{1} << 62;
  std::uint64_t wanted = first_word_;
  if (time_ps > first_time_ps_) {
    const auto since = static_cast<std::uint64_t>(time_ps) - static_cast<std::uint64_t>(first_time_ps_);
    const Wide words = static_cast<Wide>(since) * static_cast<std::uint64_t>(words_per_ps_.numerator()) /
                       static_cast<std::uint64_t>(words_per_ps_.denominator());
    wanted += words > limit ? limit : static_cast<std::uint64_t>(words);
  }
  const std::uint64_t now = earliest + counters_.skipped_words;
  if (wanted <= now) {
    counters_.late_frames += wanted < now;
    counters_.max_late_words = std::max(counters_.max_late_words, now - wanted);
    return earliest;
  }
  const std::uint64_t gap = wanted - now;
  if (gap <= config_.max_gap_words) return earliest + gap;
  counters_.skipped_words += gap - config_.max_gap_words;
  return earliest + config_.max_gap_words;
}

void MacTransmit::append_idle(std::uint64_t words, signal::MiiWords& out) {
  if (out.size() == 0) out.first_index = position_;
  append(out, words, signal::mii::idle_word, 0xff);
  counters_.idle_words += words;
  counters_.words += words;
  position_ += words;
}

void MacTransmit::send_idle(std::uint64_t words, signal::MiiWords& out) {
  if (sending_ == Sending::normal || sending_ == Sending::idle) {
    append_idle(words, out);
    return;
  }
  if (out.size() == 0) out.first_index = position_;
  if (sending_ == Sending::lpi) {
    append(out, words, signal::mii::lpi_word, 0xff);
    counters_.lpi_words += words;
  } else {
    const std::uint64_t set = sending_ == Sending::local_fault    ? signal::mii::local_fault
                              : sending_ == Sending::remote_fault ? signal::mii::remote_fault
                                                                  : signal::mii::link_interruption;
    append(out, words, set, signal::mii::ordered_set_control);
    counters_.fault_words += words;
  }
  counters_.words += words;
  position_ += words;
}

void MacTransmit::finish(signal::MiiWords& out) {
  if (started_ && earliest_ > position_) append_idle(earliest_ - position_, out);
}

std::int64_t MacTransmit::time_ps(std::uint64_t word_index, std::uint64_t skipped_words) const noexcept {
  return config_.ps_per_word.floor_times(static_cast<std::int64_t>(word_index + skipped_words));
}

MacTransmitReport MacTransmit::report() const { return counters_; }

void MacTransmit::reset() { *this = MacTransmit(config_); }

}  // namespace lightlane::ethernet
