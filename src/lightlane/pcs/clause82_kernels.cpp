#include "lightlane/pcs/clause82_kernels.hpp"

#include <cstring>

#include "lightlane/pcs/scrambler_kernels.hpp"

namespace lightlane::pcs::clause82 {
namespace {

// --- reference: one bit at a time, as figures 49-8 and 49-10 draw the shift register ---

bool tap(ScramblerWord last, unsigned stage) { return last >> (63 - stage) & 1; }

void scramble_ref(ScramblerWord& last, const std::uint64_t* in, std::uint64_t* out,
                  std::size_t count) noexcept {
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t block = in[i];
    std::uint64_t scrambled = 0;
    for (unsigned b = 0; b < 64; ++b) {
      const std::uint64_t bit = (block >> b & 1) ^ tap(last, 38) ^ tap(last, 57);
      scrambled |= bit << b;
      last = last >> 1 | bit << 63;
    }
    out[i] = scrambled;
  }
}

void descramble_ref(ScramblerWord& last, const std::uint64_t* in, std::uint64_t* out,
                    std::size_t count) noexcept {
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t block = in[i];
    std::uint64_t plain = 0;
    for (unsigned b = 0; b < 64; ++b) {
      const std::uint64_t bit = block >> b & 1;
      plain |= (bit ^ tap(last, 38) ^ tap(last, 57)) << b;
      last = last >> 1 | bit << 63;
    }
    out[i] = plain;
  }
}

void pack_ref(const std::uint64_t* payload, const std::uint8_t* header, std::size_t count, std::size_t stride,
              std::uint64_t* words, std::size_t bit) noexcept {
  const auto put = [&](bool value) {
    if (bit % 64 == 0) words[bit / 64] = 0;
    words[bit / 64] |= std::uint64_t{value} << bit % 64;
    ++bit;
  };
  for (std::size_t i = 0; i < count; ++i) {
    for (unsigned b = 0; b < 2; ++b) put(header[i * stride] >> b & 1);
    for (unsigned b = 0; b < 64; ++b) put(payload[i * stride] >> b & 1);
  }
  if (bit % 64 == 0) words[bit / 64] = 0;
}

void unpack_ref(const std::uint64_t* words, std::size_t bit, std::size_t count, std::size_t stride,
                std::uint64_t* payload, std::uint8_t* header) noexcept {
  const auto get = [&] {
    const std::uint64_t value = words[bit / 64] >> bit % 64 & 1;
    ++bit;
    return value;
  };
  for (std::size_t i = 0; i < count; ++i) {
    header[i * stride] = 0;
    payload[i * stride] = 0;
    for (unsigned b = 0; b < 2; ++b) header[i * stride] |= static_cast<std::uint8_t>(get() << b);
    for (unsigned b = 0; b < 64; ++b) payload[i * stride] |= get() << b;
  }
}

// --- portable: 64 bits at a time ---

void scramble_portable(ScramblerWord& last, const std::uint64_t* in, std::uint64_t* out,
                       std::size_t count) noexcept {
  std::uint64_t previous = last;
  for (std::size_t i = 0; i < count; ++i) {
    // Bits 0..38 and 0..57 hang on the previous word; the rest on bits 0..24 and 0..5 of this one.
    const std::uint64_t settled = in[i] ^ previous >> 25 ^ previous >> 6;
    previous = settled ^ settled << 39 ^ settled << 58;
    out[i] = previous;
  }
  last = previous;
}

void descramble_portable(ScramblerWord& last, const std::uint64_t* in, std::uint64_t* out,
                         std::size_t count) noexcept {
  std::uint64_t previous = last;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t word = in[i];
    out[i] = word ^ (previous >> 25 | word << 39) ^ (previous >> 6 | word << 58);
    previous = word;
  }
  last = previous;
}

void pack_portable(const std::uint64_t* payload, const std::uint8_t* header, std::size_t count,
                   std::size_t stride, std::uint64_t* words, std::size_t bit) noexcept {
  words += bit / 64;
  unsigned used = bit % 64;
  std::uint64_t open = used == 0 ? 0 : *words;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t sync = header[i * stride] & 3u, block = payload[i * stride];
    open |= sync << used;
    used += 2;
    if (used >= 64) {
      *words++ = open;
      used -= 64;
      open = sync >> (2 - used);  // used is 0 or 1: nothing or the second bit
    }
    *words++ = open | block << used;
    open = block >> 1 >> (63 - used);
  }
  *words = open;
}

void unpack_portable(const std::uint64_t* words, std::size_t bit, std::size_t count, std::size_t stride,
                     std::uint64_t* payload, std::uint8_t* header) noexcept {
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t* word = words + bit / 64;
    const unsigned shift = bit % 64;
    // 66 bits lie in two words unless the block begins in the last 61 bits of a word, then in three.
    const std::uint64_t first = word[0] >> shift | word[1] << 1 << (63 - shift);
    const std::uint64_t rest = shift < 63 ? word[1] >> shift : word[1] >> 63 | word[2] << 1;
    header[i * stride] = static_cast<std::uint8_t>(first & 3);
    payload[i * stride] = first >> 2 | rest << 62;
    bit += 66;
  }
}

// --- avx512: payloads side by side are a stream like any other ---

#if defined(__x86_64__)
void scramble_avx512(ScramblerWord& last, const std::uint64_t* in, std::uint64_t* out,
                     std::size_t count) noexcept {
  if (in != out && count > 0) std::memcpy(out, in, 8 * count);
  scrambling::scramble_avx512(last, out, 64 * count);
}

void descramble_avx512(ScramblerWord& last, const std::uint64_t* in, std::uint64_t* out,
                       std::size_t count) noexcept {
  if (in != out && count > 0) std::memcpy(out, in, 8 * count);
  scrambling::descramble_avx512(last, out, 64 * count);
}
#endif

}  // namespace

std::span<const Kernel<Kernels>> kernels() noexcept {
  static constexpr Kernel<Kernels> table[] = {
    {Variant::ref, {scramble_ref, descramble_ref, pack_ref, unpack_ref}},
    {Variant::portable, {scramble_portable, descramble_portable, pack_portable, unpack_portable}},
#if defined(__x86_64__)
    {Variant::avx512, {scramble_avx512, descramble_avx512, pack_portable, unpack_portable}},
#endif
  };
  return table;
}

}  // namespace lightlane::pcs::clause82
