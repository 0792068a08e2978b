#include "lightlane/link/level_packing.hpp"

#include <array>
#include <cstring>

namespace lightlane::link {
namespace {

/// Four PAM4 levels of an octet, eight NRZ levels of another.
constexpr auto pam4_octets = [] {
  std::array<std::array<std::uint8_t, 4>, 256> table{};
  for (unsigned v = 0; v < 256; ++v) {
    for (unsigned i = 0; i < 4; ++i) table[v][i] = static_cast<std::uint8_t>(v >> (2 * i) & 3);
  }
  return table;
}();
constexpr auto nrz_octets = [] {
  std::array<std::array<std::uint8_t, 8>, 256> table{};
  for (unsigned v = 0; v < 256; ++v) {
    for (unsigned i = 0; i < 8; ++i) table[v][i] = static_cast<std::uint8_t>(v >> i & 1);
  }
  return table;
}();

template <class Table>
void unpack(const BitVector& packed, const Table& table, std::size_t count, std::uint8_t* out) {
  constexpr std::size_t per_octet = sizeof(table[0]);
  const std::uint64_t* words = packed.words();
  std::size_t done = 0;
  for (; done + per_octet <= count; done += per_octet) {
    const std::size_t octet = done / per_octet;
    std::memcpy(out + done, table[words[octet / 8] >> (octet % 8 * 8) & 255].data(), per_octet);
  }
  for (; done < count; ++done) {
    const std::size_t octet = done / per_octet;
    out[done] = table[words[octet / 8] >> (octet % 8 * 8) & 255][done % per_octet];
  }
}

/// Gray-coded bits of a level, first bit in bit 0.
constexpr std::array<unsigned, 4> gray{0b00, 0b10, 0b11, 0b01};

}  // namespace

void unpack_levels(const BitVector& packed, signal::Modulation modulation, std::vector<std::uint8_t>& levels) {
  const std::size_t count = packed.size() / static_cast<std::size_t>(modulation), before = levels.size();
  levels.resize(before + count);
  if (modulation == signal::Modulation::pam4) {
    unpack(packed, pam4_octets, count, levels.data() + before);
  } else {
    unpack(packed, nrz_octets, count, levels.data() + before);
  }
}

void pack_levels(std::span<const std::uint8_t> levels, signal::Modulation modulation, BitVector& packed) {
  const auto bits = static_cast<unsigned>(modulation);
  const std::size_t per_word = 64 / bits;
  packed.reserve(packed.size() + levels.size() * bits);
  for (std::size_t i = 0; i < levels.size(); i += per_word) {
    const std::size_t count = std::min(per_word, levels.size() - i);
    std::uint64_t word = 0;
    for (std::size_t k = 0; k < count; ++k) word |= static_cast<std::uint64_t>(levels[i + k]) << (k * bits);
    packed.append(word, static_cast<unsigned>(count) * bits);
  }
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
