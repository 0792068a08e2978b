#include "lightlane/pma/symbol_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lightlane/base/error.hpp"

namespace lightlane::pma {
namespace {

constexpr bool is_space(char c) noexcept { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

constexpr int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::optional<SymbolFormat> symbol_format_from_name(std::string_view name) noexcept {
  if (name == "text") return SymbolFormat::text;
  if (name == "hex") return SymbolFormat::hex;
  if (name == "raw") return SymbolFormat::raw;
  return std::nullopt;
}

SymbolReader::SymbolReader(SymbolFormat format, signal::Modulation modulation, std::string place)
    : format_(format), modulation_(modulation), place_(std::move(place)) {}

void SymbolReader::fail(std::string_view piece, std::size_t at, std::string allowed) const {
  const auto octet = static_cast<unsigned char>(piece[at]);
  const std::string shown =
      octet > 0x20 && octet < 0x7f ? fmt::format("'{}'", piece[at]) : fmt::format("octet {:#04x}", octet);
  throw InputError(
      {fmt::format("{}: offset {}", place_, offset_ + at), "is " + shown, std::move(allowed), ""});
}

void SymbolReader::read(std::string_view piece, BitVector& out) {
  const unsigned width = static_cast<unsigned>(modulation_), top = (1u << width) - 1;
  out.reserve(out.size() + (format_ == SymbolFormat::hex ? 4 : width) * piece.size());
  std::uint64_t word = 0;  // collected and not appended yet
  unsigned filled = 0;
  const auto put = [&](std::uint64_t value, unsigned count) {
    word |= value << filled;
    filled += count;
    if (filled < 64) return;
    out.append(word, 64);
    word = filled = 0;
  };
  for (std::size_t at = 0; at < piece.size(); ++at) {
    const char c = piece[at];
    if (format_ != SymbolFormat::raw && is_space(c)) continue;
    if (format_ == SymbolFormat::hex) {
      const int digit = hex_digit(c);
      if (digit < 0) fail(piece, at, "hex digits");
      if (half_ >= 0) put(static_cast<std::uint64_t>(half_ << 4 | digit), 8);
      half_ = half_ >= 0 ? -1 : digit;
      continue;
    }
    const unsigned level =
        static_cast<unsigned char>(c) - (format_ == SymbolFormat::text ? unsigned{'0'} : 0u);
    if (level > top)
      fail(piece, at, fmt::format("{} 0 to {}", format_ == SymbolFormat::text ? "digits" : "octets", top));
    put(level, width);
  }
  if (filled > 0) out.append(word, filled);
  offset_ += piece.size();
}

void SymbolReader::finish() const {
  if (half_ >= 0) {
    throw InputError({fmt::format("{}: offset {}", place_, offset_), "ends with half an octet of hex",
                      "an even number of hex digits", ""});
  }
}

void write_symbols(const BitVector& line, SymbolFormat format, signal::Modulation modulation,
                   std::string& out) {
  if (format == SymbolFormat::hex) {
    out += line.to_hex();
    return;
  }
  const unsigned width = static_cast<unsigned>(modulation), per_word = 64 / width;
  const std::size_t symbols = line.size() / width;
  const char zero = format == SymbolFormat::text ? '0' : '\0';
  out.reserve(out.size() + symbols);
  for (std::size_t k = 0; k < symbols; k += per_word) {
    std::uint64_t word = line.words()[k / per_word];
    for (std::size_t i = k; i < std::min<std::size_t>(symbols, k + per_word); ++i, word >>= width) {
      out += static_cast<char>(zero + static_cast<char>(word & ((1u << width) - 1)));
    }
  }
}

}  // namespace lightlane::pma
