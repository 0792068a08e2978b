#pragma once
/// What the parsers of captured waveforms share.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "lightlane/io/waveform_reader.hpp"

namespace lightlane::io {

/// Octets of a source in order, with a look ahead.
class OctetStream {
 public:
  OctetStream(std::string place, const OctetSource& source) : place_(std::move(place)), source_(source) {}

  const std::string& place() const noexcept { return place_; }
  std::uint64_t offset() const noexcept { return offset_; }  ///< of the next octet
  /// The next octets, up to `count` (at most buffer_size); fewer only at the end.
  std::span<const std::uint8_t> peek(std::size_t count);
  /// Everything that is at hand, at least one octet; empty at the end.
  std::span<const std::uint8_t> peek_some();
  void skip(std::size_t count) noexcept;  ///< of what was seen by peek

  static constexpr std::size_t buffer_size = 1u << 16;

 private:
  void refill(std::size_t count);

  std::string place_;
  const OctetSource& source_;
  std::array<std::uint8_t, buffer_size> buffer_;
  std::size_t begin_ = 0, end_ = 0;
  std::uint64_t offset_ = 0;
  bool ended_ = false;
};

/// Throws the InputError "`place`: offset N: problem".
[[noreturn]] void fail_at_offset(const std::string& place, std::uint64_t offset, std::string problem,
                                 std::string allowed = {}, std::string hint = {});
/// Throws where the lane is missing, or not one of `lanes`; else the lane.
std::size_t chosen_lane(const std::string& place, std::size_t lanes, const WaveformOptions& options);
/// A sample as a float. Throws where it is not finite or does not fit; `where` is "sample 7, offset 120".
float checked_sample(const std::string& place, double value, const std::string& where);

CapturedWaveform parse_npy(OctetStream& in, const WaveformOptions& options);
CapturedWaveform parse_float32(OctetStream& in, const WaveformOptions& options);
CapturedWaveform parse_csv(OctetStream& in, const WaveformOptions& options);

}  // namespace lightlane::io
