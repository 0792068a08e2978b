#pragma once
/// Line symbols in files: as digits, as hex, as octets.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lightlane/base/bit_vector.hpp"
#include "lightlane/signal/lanes.hpp"

namespace lightlane::pma {

enum class SymbolFormat : std::uint8_t {
  text,  ///< one digit per symbol, 0..3 (NRZ: 0, 1); white space between is ignored
  hex,  ///< packed: symbol k of a PAM4 lane is bits 2k (low) and 2k + 1, first bit = bit 0 of the first octet
  raw,  ///< one octet per symbol, its value is the level
};

/// "text", "hex", "raw".
std::optional<SymbolFormat> symbol_format_from_name(std::string_view name) noexcept;

/// Reads symbols from pieces of a file. Any bytes end in symbols or an InputError.
class SymbolReader {
 public:
  /// `place` names the file in errors.
  SymbolReader(SymbolFormat format, signal::Modulation modulation, std::string place);
  /// Appends the symbols of the next piece to `out`, as bits or packed levels. Throws InputError naming the
  /// offset of the first octet that does not belong, and what is allowed.
  void read(std::string_view piece, BitVector& out);
  /// Throws InputError if the file ends in half an octet of hex.
  void finish() const;

 private:
  [[noreturn]] void fail(std::string_view piece, std::size_t at, std::string allowed) const;

  SymbolFormat format_;
  signal::Modulation modulation_;
  std::string place_;
  std::uint64_t offset_ = 0;  // of the next piece
  int half_ = -1;             // first digit of a hex octet
};

/// The same, written: appends all symbols of `line` to `out`. In hex the line's size must be a multiple of
/// eight bits, except in the last piece of a file, which is padded with zeros.
void write_symbols(const BitVector& line, SymbolFormat format, signal::Modulation modulation,
                   std::string& out);

}  // namespace lightlane::pma
