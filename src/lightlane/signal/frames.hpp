#pragma once
/// Ethernet frames, side by side in one buffer.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace lightlane::signal {

/// One frame of a batch.
struct FrameRecord {
  std::size_t offset = 0;        ///< of the destination address in Frames::octets
  std::uint32_t length = 0;      ///< octets, from destination address on; with FCS only if fcs_kept
  std::uint64_t sequence = 0;    ///< number of the frame since the start of the run
  std::int64_t time_ps = 0;      ///< simulated (or captured) time of the first octet of the destination address
  std::uint64_t word_index = 0;  ///< absolute index of the MII word that holds /S/
  std::uint32_t fcs = 0;         ///< FCS as sent or received, first octet on the wire in bits 0..7
  bool fcs_error = false;
  bool fcs_kept = false;         ///< the last four octets are the FCS as received
};

struct Frames {
  std::vector<std::uint8_t> octets;
  std::vector<FrameRecord> records;

  std::size_t size() const noexcept { return records.size(); }
  std::span<const std::uint8_t> operator[](std::size_t i) const {
    return {octets.data() + records[i].offset, records[i].length};
  }
  void clear() {
    octets.clear();
    records.clear();
  }
};

}  // namespace lightlane::signal
