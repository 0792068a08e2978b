#pragma once
/// The stream between MAC and PCS (XLGMII/CGMII/200GMII/400GMII): 64-bit transfers of eight octets with eight
/// control flags. Octet lane 0 is first in time and lies in bits 0..7; its control flag is bit 0.

#include <cstddef>
#include <cstdint>
#include <vector>

namespace lightlane::signal {

/// Control octets, 802.3 tables 81-3 and 117-x.
namespace mii {
inline constexpr std::uint8_t lpi = 0x06, idle = 0x07, sequence = 0x9c, signal_ordered_set = 0x5c, start = 0xfb,
                              terminate = 0xfd, error = 0xfe;
inline constexpr std::uint64_t idle_word = 0x0707070707070707u, lpi_word = 0x0606060606060606u,
                               error_word = 0xfefefefefefefefeu;
/// Sequence ordered sets: octet 0 is /Q/ (control flag 0x01), octets 1..3 the code.
inline constexpr std::uint64_t local_fault = 0x0100009cu, remote_fault = 0x0200009cu,
                               link_interruption = 0x0300009cu;
inline constexpr std::uint8_t ordered_set_control = 0x01;
}  // namespace mii

/// Consecutive transfers, as two arrays of the same length.
struct MiiWords {
  std::vector<std::uint64_t> data;
  std::vector<std::uint8_t> control;
  std::uint64_t first_index = 0;  ///< absolute index of the first word since the start of the run

  std::size_t size() const noexcept { return data.size(); }
  void push(std::uint64_t word, std::uint8_t flags) {
    data.push_back(word);
    control.push_back(flags);
  }
  void push_idle(std::size_t count = 1) {
    data.insert(data.end(), count, mii::idle_word);
    control.insert(control.end(), count, 0xff);
  }
  void clear() {
    data.clear();
    control.clear();
  }
};

}  // namespace lightlane::signal
