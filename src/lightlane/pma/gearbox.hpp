#pragma once
/// The gearbox of a module: host lanes to optical lanes, symbols to symbols. 802.3 120.5.2, 135.5.2.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "lightlane/pma/bit_mux.hpp"
#include "lightlane/pma/gray.hpp"
#include "lightlane/signal/lanes.hpp"

namespace lightlane::pma {

struct GearboxConfig {
  GrayConfig input{
      8, signal::Modulation::pam4, {}, {}};  ///< modulation and precoding of the lanes that arrive
  GrayConfig output{4, signal::Modulation::pam4, {}, {}};  ///< and of those that leave
  /// As BitMuxConfig::order and output_order (more lanes in than out), or as BitDemuxConfig::order and
  /// input_order.
  std::vector<std::size_t> order, narrow_order;
  std::vector<std::uint64_t> skew_bits;  ///< delay of each arriving lane in bits; only towards fewer lanes
  std::vector<DelayStep> steps;
  std::vector<std::size_t> phase;  ///< BitDemuxConfig::phase; only towards more lanes
};

struct GearboxReport {
  std::uint64_t symbols_in = 0, symbols_out = 0;  ///< over all lanes
};

/// Decodes symbols to bits, multiplexes bits n : m (fewer or more lanes), encodes symbols: 8 x PAM4 to 4 x
/// PAM4 of twice the rate (400GAUI-8 to DR4) and back, 4 x NRZ to 1 x PAM4, ... It knows nothing of what the
/// bits mean.
class Gearbox {
 public:
  /// Throws ConfigError naming the key.
  explicit Gearbox(GearboxConfig config);
  void process(const signal::SymbolLanes& in, signal::SymbolLanes& out);
  void finish(signal::SymbolLanes& out);
  GearboxReport report() const noexcept { return {decoder_.report().symbols, encoder_.report().symbols}; }
  void reset();

 private:
  GrayDecoder decoder_;
  GrayEncoder encoder_;
  std::vector<BitMux> mux_;  // one of the two
  std::vector<BitDemux> demux_;
  signal::BitLanes arrived_, leaving_;
};

}  // namespace lightlane::pma
