#include "lightlane/link/level_packing.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace lightlane::link {
namespace {

// Eight levels are a word of octets; their bits move together and apart in three steps.

/// Levels of 2 bits, one to an octet -> 16 bits.
std::uint64_t gathered_pam4(std::uint64_t octets) noexcept {
  octets = (octets | octets >> 6) & 0x000F000F000F000F;
  octets = (octets | octets >> 12) & 0x000000FF000000FF;
  return (octets | octets >> 24) & 0xFFFF;
}
std::uint64_t scattered_pam4(std::uint64_t bits) noexcept {
  bits = (bits | bits << 24) & 0x000000FF000000FF;
  bits = (bits | bits << 12) & 0x000F000F000F000F;
  return (bits | bits << 6) & 0x0303030303030303;
}
/// Levels of 1 bit -> 8 bits.
std::uint64_t gathered_nrz(std::uint64_t octets) noexcept {
  octets = (octets | octets >> 7) & 0x0003000300030003;
  octets = (octets | octets >> 14) & 0x0000000F0000000F;
  return (octets | octets >> 28) & 0xFF;
}
std::uint64_t scattered_nrz(std::uint64_t bits) noexcept {
  bits = (bits | bits << 28) & 0x0000000F0000000F;
  bits = (bits | bits << 14) & 0x0003000300030003;
  return (bits | bits << 7) & 0x0101010101010101;
}

static_assert(std::endian::native == std::endian::little);

template <unsigned bits, std::uint64_t (*scattered)(std::uint64_t)>
void unpack(const std::uint64_t* words, std::size_t count, std::uint8_t* out) {
  constexpr std::size_t per_word = 64 / bits;
  std::size_t done = 0;
  for (; done + per_word <= count; done += per_word) {
    const std::uint64_t word = words[done / per_word];
    for (unsigned k = 0; k < per_word / 8; ++k) {
      const std::uint64_t octets = scattered(word >> (8 * bits * k) & ((1u << 8 * bits) - 1));
      std::memcpy(out + done + 8 * k, &octets, 8);
    }
  }
  for (; done < count; ++done) {
    out[done] = static_cast<std::uint8_t>(words[done / per_word] >> (bits * (done % per_word)) & ((1u << bits) - 1));
  }
}

template <unsigned bits, std::uint64_t (*gathered)(std::uint64_t)>
void pack(std::span<const std::uint8_t> levels, BitVector& packed) {
  constexpr std::size_t per_word = 64 / bits;
  const std::size_t begin = packed.size();
  packed.resize(begin + levels.size() * bits);
  std::uint64_t* out = packed.words() + begin / 64;
  const unsigned shift = begin % 64;
  const std::uint8_t* from = levels.data();
  for (std::size_t left = levels.size(); left > 0;) {
    std::array<std::uint8_t, per_word> last{};
    const std::uint8_t* octets = from;
    if (left < per_word) {
      std::copy_n(from, left, last.begin());
      octets = last.data();
    }
    std::uint64_t word = 0;
    for (unsigned k = 0; k < per_word / 8; ++k) {
      std::uint64_t eight = 0;
      std::memcpy(&eight, octets + 8 * k, 8);
      word |= gathered(eight) << (8 * bits * k);
    }
    *out++ |= word << shift;
    if (shift != 0) *out |= word >> (64 - shift);  // at most the zero word behind the last
    const std::size_t now = std::min(left, per_word);
    from += now;
    left -= now;
  }
}

/// Gray-coded bits of a level, first bit in bit 0.
constexpr std::array<unsigned, 4> gray{0b00, 0b10, 0b11, 0b01};

}  // namespace

void unpack_levels(const BitVector& packed, signal::Modulation modulation, std::vector<std::uint8_t>& levels) {
  const std::size_t count = packed.size() / static_cast<std::size_t>(modulation), before = levels.size();
  levels.resize(before + count);
  std::uint8_t* const out = levels.data() + before;
  modulation == signal::Modulation::pam4 ? unpack<2, scattered_pam4>(packed.words(), count, out)
                                         : unpack<1, scattered_nrz>(packed.words(), count, out);
}

void pack_levels(std::span<const std::uint8_t> levels, signal::Modulation modulation, BitVector& packed) {
  modulation == signal::Modulation::pam4 ? pack<2, gathered_pam4>(levels, packed) : pack<1, gathered_nrz>(levels, packed);
}

void count_errors(std::size_t lane, std::int64_t first, std::span<const std::uint8_t> sent, std::span<const std::uint8_t> decided,
                  signal::Modulation modulation, ErrorWindow window, pma::SymbolErrorsReport& report) {
  pma::LaneErrorCounts& counts = report.lanes[lane];
  counts.symbols += sent.size();
  std::size_t i = 0;
  const auto differs = [&](std::size_t k) {
    const bool wrong = sent[k] != decided[k];
    if (!wrong) return;
    ++counts.symbol_errors;
    const int step = static_cast<int>(decided[k]) - static_cast<int>(sent[k]);
    if (step > 1 || step < -1) ++counts.non_adjacent;
    if (modulation == signal::Modulation::pam4) {
      const unsigned bits = gray[sent[k]] ^ gray[decided[k]];
      counts.first_bit_errors += bits & 1;
      counts.second_bit_errors += bits >> 1;
      counts.bit_errors += (bits & 1) + (bits >> 1);
    } else {
      ++counts.first_bit_errors;
      ++counts.bit_errors;
    }
    const auto symbol = static_cast<std::uint64_t>(first + static_cast<std::int64_t>(k));
    if (symbol < window.from || symbol >= window.to) return;
    if (report.log.size() >= window.limit) {
      report.log_full = true;
      return;
    }
    report.log.push_back({static_cast<std::uint32_t>(lane), symbol, sent[k], decided[k]});
  };
  for (; i + 8 <= sent.size(); i += 8) {
    std::uint64_t a, b;
    std::memcpy(&a, sent.data() + i, 8);
    std::memcpy(&b, decided.data() + i, 8);
    if (a == b) continue;
    for (std::size_t k = i; k < i + 8; ++k) differs(k);
  }
  for (; i < sent.size(); ++i) differs(i);
}

}  // namespace lightlane::link
