#include "lightlane/base/bit_vector.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lightlane/base/error.hpp"

namespace lightlane {

void BitVector::resize(std::size_t bits) {
  words_.resize((bits + 63) / 64 + 1);
  if (bits < size_) {
    words_.back() = 0;
    if (bits % 64 != 0) words_[bits / 64] &= (std::uint64_t{1} << (bits % 64)) - 1;
  }
  size_ = bits;
}

void BitVector::clear() noexcept {
  words_.resize(1);
  words_[0] = 0;
  size_ = 0;
}

void BitVector::append(std::uint64_t value, unsigned count) {
  if (count == 0) return;
  if (count < 64) value &= (std::uint64_t{1} << count) - 1;
  const std::size_t word = size_ >> 6;
  const unsigned shift = size_ & 63;
  resize(size_ + count);
  words_[word] |= value << shift;
  if (shift + count > 64) words_[word + 1] |= value >> (64 - shift);
}

void BitVector::append(const BitVector& other, std::size_t from, std::size_t count) {
  if (count == 0) return;
  std::size_t word = size_ >> 6;
  const unsigned shift = size_ & 63;
  resize(size_ + count);
  if (shift != 0) {
    const unsigned take = static_cast<unsigned>(std::min<std::size_t>(count, 64 - shift));
    words_[word++] |= other.read(from, take) << shift;
    from += take;
    count -= take;
  }
  const std::uint64_t* source = other.words_.data() + (from >> 6);
  const unsigned back = from & 63;
  if (back == 0) {
    std::copy_n(source, count / 64, words_.data() + word);
  } else {
    for (std::size_t i = 0; i < count / 64; ++i) {
      words_[word + i] = source[i] >> back | source[i + 1] << (64 - back);
    }
  }
  const unsigned rest = count & 63;
  if (rest != 0) words_[word + count / 64] = other.read(from + (count - rest), rest);
}

void BitVector::drop_front(std::size_t count) {
  count = std::min(count, size_);
  const std::size_t rest = size_ - count;
  if (count % 64 == 0) {
    words_.erase(words_.begin(), words_.begin() + static_cast<std::ptrdiff_t>(count / 64));
  } else {
    for (std::size_t w = 0; w * 64 < rest; ++w) words_[w] = read(count + 64 * w, 64);
  }
  size_ = rest;
  words_.resize((rest + 63) / 64 + 1);
  words_.back() = 0;
  if (rest % 64 != 0) words_[rest / 64] &= (std::uint64_t{1} << (rest % 64)) - 1;
}

bool BitVector::operator==(const BitVector& other) const noexcept {
  return size_ == other.size_ && std::equal(words_.begin(), words_.begin() + (size_ + 63) / 64, other.words_.begin());
}

std::string BitVector::to_hex() const {
  static constexpr char digits[] = "0123456789abcdef";
  std::string hex;
  hex.reserve((size_ + 7) / 8 * 2);
  for (std::size_t position = 0; position < size_; position += 8) {
    const auto octet = static_cast<unsigned>(read(position, 8));
    hex += digits[octet >> 4];
    hex += digits[octet & 15];
  }
  return hex;
}

BitVector BitVector::from_hex(std::string_view hex, std::string_view place, std::size_t bits) {
  const auto fail = [&](std::string problem, std::string allowed) {
    throw InputError({std::string(place), std::move(problem), std::move(allowed), ""});
  };
  if (hex.size() % 2 != 0) fail(fmt::format("has {} hex digits", hex.size()), "an even number");
  if (bits == static_cast<std::size_t>(-1)) bits = hex.size() * 4;
  if (hex.size() != (bits + 7) / 8 * 2) {
    fail(fmt::format("has {} hex digits", hex.size()), fmt::format("{} for {} bits", (bits + 7) / 8 * 2, bits));
  }
  const auto digit = [&](std::size_t i) -> std::uint64_t {
    const char c = hex[i];
    if (c >= '0' && c <= '9') return static_cast<std::uint64_t>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<std::uint64_t>(c - 'a' + 10);
    if (c >= 'A' && c <= 'F') return static_cast<std::uint64_t>(c - 'A' + 10);
    fail(fmt::format("has '{}' at digit {}", c, i), "hex digits");
    return 0;
  };
  BitVector result;
  result.reserve(hex.size() * 4);
  for (std::size_t i = 0; i < hex.size(); i += 2) result.append(digit(i) << 4 | digit(i + 1), 8);
  if (bits < result.size() && result.read(bits, static_cast<unsigned>(result.size() - bits)) != 0) {
    fail(fmt::format("has padding bits set behind bit {}", bits), "zeros");
  }
  result.resize(bits);
  return result;
}

}  // namespace lightlane
