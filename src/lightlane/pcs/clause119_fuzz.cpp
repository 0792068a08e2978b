/// Alignment and receive path on lanes that no transmitter sent: markers are planted as the input says, the
/// rest is its own octets again and again. Nothing may crash, and any cutting of the input gives the same
/// words.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "lightlane/pcs/clause119_align.hpp"
#include "lightlane/pcs/clause119_receive.hpp"

namespace {

using namespace lightlane;
using namespace lightlane::pcs;

struct Outcome {
  signal::MiiWords words;
  std::uint64_t pairs;
};

/// `flags` says which codewords are bad, octet after octet, by absolute pair.
Outcome run(const signal::BitLanes& lanes, std::size_t chunk, const std::uint8_t* flags, std::size_t count) {
  Clause119Align align({.rate_gbps = 200});
  Clause119Receive receive({.rate_gbps = 200});
  FecSyncMonitor monitor;
  Clause119Aligned batch;
  const signal::BitLanes nothing(8);
  Outcome result{};
  const std::size_t length = lanes[0].bits.size();
  for (std::size_t at = 0; at < length; at += chunk) {
    signal::BitLanes in(8);
    for (unsigned l = 0; l < 8; ++l) {
      const BitVector& bits = lanes[l].bits;
      in[l].bits.append(bits, at, std::min(chunk, length - at));
    }
    batch.clear();
    align.process(in, batch);
    for (;;) {
      std::vector<signal::DecodeOutcome> outcomes(batch.codewords.count);
      for (std::size_t c = 0; c < outcomes.size(); ++c) {
        const std::uint64_t absolute = 2 * batch.first_pair + c;
        if (flags[absolute / 8 % count] >> (absolute % 8) & 1)
          outcomes[c].symbols = signal::DecodeOutcome::uncorrectable;
      }
      const auto bad = monitor.process(outcomes);
      receive.process(batch, outcomes, result.words, bad);
      if (!bad) break;
      align.restart(batch.first_pair + *bad);
      batch.clear();
      align.process(nothing, batch);
    }
  }
  batch.clear();
  align.finish(batch);
  receive.process(batch, {}, result.words);
  receive.finish(result.words);
  result.pairs = align.report().pairs;
  return result;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 32) return 0;
  const Clause119Sizes& sizes = clause119_200g;
  signal::BitLanes lanes(8);
  for (unsigned l = 0; l < 8; ++l) {
    BitVector& bits = lanes[l].bits;
    const std::size_t start = 8 * static_cast<std::size_t>(data[l]) + data[8 + l] % 8;
    const std::size_t length = 2 * sizes.period_bits() + 40 * sizes.lane_bits();
    for (std::size_t i = 0; bits.size() < length; ++i) {
      std::uint64_t word = 0;
      for (std::size_t k = 0; k < 8; ++k)
        word |= static_cast<std::uint64_t>(data[(8 * i + k + l) % size]) << (8 * k);
      bits.append(word * 0x9e3779b97f4a7c15u, 64);
    }
    bits.resize(length);
    for (std::size_t period = 0; period < 3; ++period) {
      const Marker& marker = clause119_marker(200, (data[16 + l] & 8) ? data[16 + l] & 7 : l);
      for (std::size_t bit = 0; bit < marker_bits; ++bit) {
        const std::size_t p = start + period * sizes.period_bits() + bit;
        bits.set(p, (marker[bit / 8] >> (bit % 8) & 1) != 0);
      }
    }
    for (std::size_t i = 24; i + 3 < size; i += 4) {
      bits.flip((data[i] | data[i + 1] << 8 | data[i + 2] << 16 | (data[i + 3] & 1) << 24) % bits.size());
    }
  }
  const Outcome whole = run(lanes, lanes[0].bits.size(), data, size);
  const Outcome parts = run(lanes, 60000 + data[24], data, size);
  if (whole.words.data != parts.words.data || whole.words.control != parts.words.control) std::abort();
  if (whole.pairs != parts.pairs) std::abort();
  return 0;
}
