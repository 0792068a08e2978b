#pragma once
/// Frames for tests, and a receiver that takes one octet at a time and shares nothing with MacReceive but the
/// FCS.

#include <algorithm>
#include <cstdint>
#include <vector>

#include "lightlane/base/random.hpp"
#include "lightlane/ethernet/fcs.hpp"
#include "lightlane/signal/frames.hpp"
#include "lightlane/signal/mii.hpp"

namespace lightlane::ethernet::test {

inline void add_frame(signal::Frames& frames, std::size_t octets, std::int64_t time_ps = 0) {
  static const RandomStream random(7, "ethernet.test.octets", 0);
  signal::FrameRecord record;
  record.offset = frames.octets.size();
  record.length = static_cast<std::uint32_t>(octets);
  record.sequence = frames.size();
  record.time_ps = time_ps;
  for (std::size_t i = 0; i < octets; i += 8) {
    const std::uint64_t draw = random.bits(10'000 * record.sequence + i / 8);
    for (std::size_t k = i; k < std::min(octets, i + 8); ++k) {
      frames.octets.push_back(static_cast<std::uint8_t>(draw >> 8 * (k - i)));
    }
  }
  frames.records.push_back(record);
}

inline signal::Frames frames_of(const std::vector<std::size_t>& lengths) {
  signal::Frames frames;
  for (const std::size_t length : lengths) add_frame(frames, length);
  return frames;
}

inline std::vector<std::size_t> random_lengths(std::size_t count, std::size_t low, std::size_t high,
                                               unsigned seed) {
  const RandomStream random(seed, "ethernet.test.lengths", 0);
  std::vector<std::size_t> lengths(count);
  for (std::size_t i = 0; i < count; ++i) lengths[i] = low + random.bits(i) % (high - low + 1);
  return lengths;
}

inline std::vector<std::uint8_t> octets_of(const signal::Frames& frames, std::size_t i) {
  return {frames[i].begin(), frames[i].end()};
}

/// The frame as delivered: padded.
inline std::vector<std::uint8_t> padded(std::vector<std::uint8_t> frame) {
  if (frame.size() < 60) frame.resize(60);
  return frame;
}

inline signal::MiiWords slice(const signal::MiiWords& words, std::size_t from, std::size_t to) {
  signal::MiiWords part;
  part.first_index = words.first_index + from;
  part.data.assign(words.data.begin() + static_cast<long>(from), words.data.begin() + static_cast<long>(to));
  part.control.assign(words.control.begin() + static_cast<long>(from),
                      words.control.begin() + static_cast<long>(to));
  return part;
}

/// Delivered frames of a stream, octet by octet. 802.3 46.3.3, 81.3.3 in the plainest form: what comes
/// between a good /S/ word and a /T/, if only data came between.
inline std::vector<std::vector<std::uint8_t>> receive_serially(const signal::MiiWords& words,
                                                               std::size_t max_octets) {
  std::vector<std::vector<std::uint8_t>> delivered;
  std::vector<std::uint8_t> frame;
  bool open = false, good = false;
  const auto end = [&](bool terminated) {
    if (open && good && terminated && frame.size() >= 64 && frame.size() <= max_octets) {
      const std::uint32_t check = fcs_reference({frame.data(), frame.size() - 4});
      bool equal = true;
      for (unsigned k = 0; k < 4; ++k) equal &= frame[frame.size() - 4 + k] == (check >> 8 * k & 255);
      if (equal) delivered.emplace_back(frame.begin(), frame.end() - 4);
    }
    open = false;
    frame.clear();
  };
  for (std::size_t w = 0; w < words.size(); ++w) {
    for (unsigned lane = 0; lane < 8; ++lane) {
      const auto octet = static_cast<std::uint8_t>(words.data[w] >> 8 * lane);
      const bool control = (words.control[w] >> lane & 1) != 0;
      if (control && octet == 0xfb && lane == 0) {
        end(false);
        open = true;
        good = words.control[w] == 1 && words.data[w] >> 56 == 0xd5;
        break;  // the rest of this word is preamble
      }
      if (!open) continue;
      if (!control) {
        frame.push_back(octet);
      } else if (octet == 0xfd) {
        end(true);
      } else if (octet == 0xfe) {
        good = false;
      } else {
        end(false);
      }
    }
  }
  return delivered;
}

}  // namespace lightlane::ethernet::test
