#pragma once
/// Packed bits in time order: bit i is bit (i mod 64) of word (i / 64), so bit 0 is first on the wire.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lightlane {

class BitVector {
 public:
  BitVector() : words_(1) {}
  explicit BitVector(std::size_t bits) { resize(bits); }

  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }

  /// The storage holds ceil(size/64) words and one more zero word behind, so that reads may overhang.
  /// Bits behind size() in the last word are zero; whoever writes words() directly keeps that so.
  const std::uint64_t* words() const noexcept { return words_.data(); }
  std::uint64_t* words() noexcept { return words_.data(); }

  bool operator[](std::size_t i) const noexcept { return (words_[i >> 6] >> (i & 63)) & 1; }
  void set(std::size_t i, bool value) noexcept {
    const std::uint64_t mask = std::uint64_t{1} << (i & 63);
    words_[i >> 6] = value ? words_[i >> 6] | mask : words_[i >> 6] & ~mask;
  }
  void flip(std::size_t i) noexcept { words_[i >> 6] ^= std::uint64_t{1} << (i & 63); }

  /// `count` bits from `position`, first bit in bit 0. count 1..64; position + count <= size() + 64,
  /// what lies behind size() reads as zero.
  std::uint64_t read(std::size_t position, unsigned count) const noexcept {
    const std::size_t word = position >> 6;
    const unsigned shift = position & 63;
    std::uint64_t value = words_[word] >> shift;
    if (shift + count > 64) value |= words_[word + 1] << (64 - shift);
    return count == 64 ? value : value & ((std::uint64_t{1} << count) - 1);
  }

  /// Appends the low `count` (0..64) bits of value, bit 0 first.
  void append(std::uint64_t value, unsigned count);
  /// Appends bits [from, from + count) of another vector.
  void append(const BitVector& other, std::size_t from, std::size_t count);
  void append(const BitVector& other) { append(other, 0, other.size()); }

  void resize(std::size_t bits);
  void reserve(std::size_t bits) { words_.reserve(bits / 64 + 2); }
  void clear() noexcept;
  /// Drops the first `count` bits; O(size). Callers drop seldom and much.
  void drop_front(std::size_t count);

  bool operator==(const BitVector& other) const noexcept;

  /// Hex in time order: first bit = bit 0 of the first byte, the last byte padded with zeros.
  std::string to_hex() const;
  /// The inverse. Throws InputError naming `place` if a character is no hex digit, the number of digits is
  /// odd, or padding bits behind `bits` are set. bits = npos: eight per byte.
  static BitVector from_hex(std::string_view hex, std::string_view place,
                            std::size_t bits = static_cast<std::size_t>(-1));

 private:
  std::vector<std::uint64_t> words_;
  std::size_t size_ = 0;
};

}  // namespace lightlane
