#include "lightlane/link/traffic_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>

#include "lightlane/base/embedded_file.hpp"
#include "lightlane/base/error.hpp"
#include "lightlane/base/random.hpp"
#include "lightlane/ethernet/frame_size.hpp"
#include "lightlane/io/capture_reader.hpp"

LIGHTLANE_EMBED(lightlane_shipped_capture, LIGHTLANE_DATA "/captures/two-hosts.pcapng")

namespace lightlane::link {
namespace {

constexpr std::uint32_t fcs_octets = 4, min_frame_octets = 64;

/// Picoseconds in 64 bits last for 106 days; a run may go on behind its last frame.
constexpr double ps_per_day = 86400e12, longest_ps = 100 * ps_per_day;

/// Locally administered addresses, and the local experimental EtherType.
constexpr std::uint8_t generator_header[14] = {0x02, 0, 0, 0, 0, 2, 0x02, 0, 0, 0, 0, 1, 0x88, 0xb5};
constexpr std::size_t payload_windows = 1 << 16, longest_frame = 1 << 14;

std::vector<std::uint8_t> random_payload(std::uint64_t seed, std::uint32_t stream) {
  const RandomStream random(seed, "link.traffic", stream);
  std::vector<std::uint8_t> octets(payload_windows + longest_frame);
  for (std::size_t at = 0; at < octets.size(); at += 16) {
    const auto block = random.block(at / 16);
    std::memcpy(octets.data() + at, block.data(), 16);
  }
  return octets;
}

}  // namespace

/// A file, or the bytes inside the program, as one series of frames.
class TrafficSource::Capture {
 public:
  explicit Capture(const std::string& name) {
    if (name == shipped_capture) {
      parser_.emplace(name, [this](std::uint8_t* to, std::size_t count) {
        count = std::min(count, left_.size());
        std::memcpy(to, left_.data(), count);
        left_.remove_prefix(count);
        return count;
      });
    } else {
      // What the MAC would refuse, refused where the file and offset are known.
      reader_.emplace(name, io::CaptureReaderOptions{.max_frame_octets =
                                                         ethernet::default_max_frame_octets - fcs_octets});
    }
  }

  bool next(io::CapturedFrame& frame) { return parser_ ? parser_->next(frame) : reader_->next(frame); }
  const io::CaptureReport& report() const { return parser_ ? parser_->report() : reader_->report(); }

 private:
  std::string_view left_ = lightlane_shipped_capture();
  std::optional<io::CaptureParser> parser_;
  std::optional<io::CaptureReader> reader_;
};

TrafficSource::TrafficSource(const Scenario::Traffic& config, std::uint64_t seed, std::uint32_t stream)
    : config_(config), seed_(seed), stream_(stream) {
  if (config_.capture.empty()) {
    report_.source = fmt::format("generator: {} frames of {} octets", config_.frames, config_.frame_octets);
    return;
  }
  report_.source = config_.capture;
  if (config_.capture == "-" && config_.repeat > 1) {
    throw ConfigError({"traffic.repeat", fmt::format("is {} for standard input", config_.repeat), "1", ""});
  }
  capture_ = std::make_unique<Capture>(config_.capture);
}

TrafficSource::~TrafficSource() = default;

bool TrafficSource::read(signal::Frames& out, std::size_t max_octets) {
  const std::size_t from = out.size();
  const bool more = capture_ ? read_capture(out, max_octets) : generate(out, max_octets);
  count(out, from);
  return more;
}

bool TrafficSource::read_capture(signal::Frames& out, std::size_t max_octets) {
  io::CapturedFrame frame;
  std::size_t room = max_octets;
  while (true) {
    if (!capture_->next(frame)) {
      report_.cut_frames += capture_->report().cut_frames;
      const std::uint64_t frames = capture_->report().frames;
      if (++pass_ >= config_.repeat || frames == 0) return false;
      const std::int64_t span = last_ps_ - pass_start_ps_;
      pass_start_ps_ = last_ps_ + span / static_cast<std::int64_t>(std::max<std::uint64_t>(frames - 1, 1));
      pass_first_ns_.reset();
      capture_ = std::make_unique<Capture>(config_.capture);
      continue;
    }
    if (!pass_first_ns_) pass_first_ns_ = frame.time_ns;
    signal::FrameRecord record;
    record.offset = out.octets.size();
    record.length = static_cast<std::uint32_t>(frame.octets.size());
    record.sequence = sequence_++;
    record.time_ps = time_of(frame);
    last_ps_ = record.time_ps;
    out.octets.insert(out.octets.end(), frame.octets.begin(), frame.octets.end());
    out.records.push_back(record);
    if (frame.octets.size() >= room) return true;
    room -= frame.octets.size();
  }
}

std::int64_t TrafficSource::time_of(const io::CapturedFrame& frame) const {
  const double since_ps = static_cast<double>(pass_start_ps_) +
                          (static_cast<double>(frame.time_ns) - static_cast<double>(*pass_first_ns_)) * 1000;
  const double scale = config_.pacing == "scaled" ? std::max(config_.gap_scale, 1.0) : 1.0;
  if (std::abs(since_ps) * scale < longest_ps)
    return pass_start_ps_ + (frame.time_ns - *pass_first_ns_) * 1000;
  if (config_.pacing == "back_to_back") return last_ps_;  // nobody asks
  throw InputError(
      {fmt::format("{}: offset {}", config_.capture, frame.file_offset),
       fmt::format("a frame lies {:.0f} days from the first{}", since_ps * scale / ps_per_day,
                   scale > 1   ? ", scaled"
                   : pass_ > 0 ? ", repetitions counted"
                               : ""),
       fmt::format("up to {:.0f} days with traffic.pacing = \"{}\"", longest_ps / ps_per_day, config_.pacing),
       ""});
}

bool TrafficSource::generate(signal::Frames& out, std::size_t max_octets) {
  const auto length = static_cast<std::size_t>(config_.frame_octets - fcs_octets);
  if (payload_.empty()) payload_ = random_payload(seed_, stream_);
  for (std::size_t made = 0; made < max_octets; made += length) {
    if (sequence_ >= static_cast<std::uint64_t>(config_.frames)) return false;
    signal::FrameRecord record;
    record.offset = out.octets.size();
    record.length = static_cast<std::uint32_t>(length);
    record.sequence = sequence_;
    // Every frame is another window of the same random octets, and carries its number.
    const std::uint8_t* from = payload_.data() + sequence_ * 7919 % payload_windows;
    out.octets.insert(out.octets.end(), from, from + length);
    std::uint8_t* octets = out.octets.data() + record.offset;
    std::memcpy(octets, generator_header, sizeof generator_header);
    std::memcpy(octets + sizeof generator_header, &sequence_, sizeof sequence_);
    out.records.push_back(record);
    ++sequence_;
  }
  return sequence_ < static_cast<std::uint64_t>(config_.frames);
}

void TrafficSource::count(const signal::Frames& frames, std::size_t from) {
  for (std::size_t i = from; i < frames.size(); ++i) {
    const std::uint32_t octets = std::max(frames.records[i].length + fcs_octets, min_frame_octets);
    if (lengths_.size() <= octets) lengths_.resize(octets + 1);
    ++lengths_[octets];
    report_.octets += frames.records[i].length;
  }
  report_.frames += frames.size() - from;
}

std::vector<std::pair<std::uint32_t, std::uint64_t>> TrafficSource::lengths() const {
  std::vector<std::pair<std::uint32_t, std::uint64_t>> list;
  for (std::size_t octets = 0; octets < lengths_.size(); ++octets) {
    if (lengths_[octets] != 0) list.emplace_back(static_cast<std::uint32_t>(octets), lengths_[octets]);
  }
  return list;
}

}  // namespace lightlane::link
