#include "lightlane/pcs/transcode.hpp"

#include <bit>
#include <cstring>

#include "lightlane/pcs/transcode_kernels.hpp"
#include "lightlane/signal/blocks66.hpp"

namespace lightlane::pcs {
namespace transcoder {
namespace {

constexpr std::uint32_t all_data = 0x01010101u * signal::data_header;
constexpr std::uint32_t all_invalid = 0x01010101u * signal::invalid_header;
/// High nibble by low nibble of the block type; 0 where no type has that low nibble.
constexpr std::uint64_t make_high_nibbles() {
  std::uint64_t table = 0;
  for (std::uint64_t type : {0x1e, 0x78, 0x4b, 0x87, 0x99, 0xaa, 0xb4, 0xcc, 0xd2, 0xe1, 0xff}) {
    table |= (type >> 4) << (4 * (type & 15));
  }
  return table;
}

}  // namespace

void transcode_control(const std::uint64_t* payload, const std::uint8_t* header,
                       std::uint64_t* rest) noexcept {
  std::uint64_t indicators = 0;
  bool valid = true;
  for (unsigned j = 0; j < 4; ++j) {
    indicators |= static_cast<std::uint64_t>(header[j] == signal::data_header) << j;
    valid &= header[j] == signal::data_header || header[j] == signal::control_header;
  }
  const unsigned first_control = valid ? static_cast<unsigned>(std::countr_one(indicators)) : 0;
  if (!valid) indicators = 15;
  // What precedes the first control block moves up by a nibble, into the place of the one that is dropped.
  std::uint64_t below = indicators;
  for (unsigned j = 0; j < 4; ++j) {
    const std::uint64_t word = payload[j];
    if (j < first_control) {
      rest[j] = word << 4 | below;
      below = word >> 60;
    } else if (j == first_control) {
      rest[j] = (word & ~std::uint64_t{0xff}) | (word & 15) << 4 | below;
    } else {
      rest[j] = word;
    }
  }
}

void reverse_control(const std::uint64_t* rest, std::uint64_t* payload, std::uint8_t* header) noexcept {
  static constexpr std::uint64_t high_nibble_of = make_high_nibbles();
  const std::uint64_t indicators = rest[0] & 15;
  const unsigned first_control = indicators == 15 ? 0 : static_cast<unsigned>(std::countr_one(indicators));
  for (unsigned j = 0; j < 4; ++j) {
    header[j] = (indicators >> j) & 1 ? signal::data_header : signal::control_header;
    const std::uint64_t word = rest[j];
    if (j < first_control) {
      payload[j] = word >> 4 | rest[j + 1] << 60;
    } else if (j == first_control) {
      const std::uint64_t low = (word >> 4) & 15;
      std::uint64_t high = (high_nibble_of >> (4 * low)) & 15;
      if (indicators == 15) high = 0;
      if (high == 0) header[j] = signal::invalid_header;
      payload[j] = (word & ~std::uint64_t{0xff}) | high << 4 | low;
    } else {
      payload[j] = word;
    }
  }
  if (indicators == 15) std::memcpy(header, &all_invalid, 4);
}

void pack_portable(const std::uint64_t* payload, const std::uint8_t* header, std::size_t blocks,
                   std::uint64_t* stream) noexcept {
  std::uint64_t carry = 0;  // bits of the word under way
  std::size_t shift = 0;
  for (std::size_t b = 0; b < blocks; ++b, payload += 4, header += 4) {
    std::uint64_t words[4];
    std::uint32_t headers;
    std::memcpy(&headers, header, 4);
    const bool data = headers == all_data;
    if (data) {
      std::memcpy(words, payload, 32);
    } else {
      transcode_control(payload, header, words);
    }
    carry |= static_cast<std::uint64_t>(data) << shift;
    if (++shift == 64) {
      *stream++ = carry;
      std::memcpy(stream, words, 32);
      stream += 4;
      carry = 0;
      shift = 0;
      continue;
    }
    for (unsigned j = 0; j < 4; ++j) {
      *stream++ = carry | words[j] << shift;
      carry = words[j] >> (64 - shift);
    }
  }
  *stream = carry;
}

void unpack_portable(const std::uint64_t* stream, std::size_t blocks, std::uint64_t* payload,
                     std::uint8_t* header) noexcept {
  std::size_t at = 0;
  for (std::size_t b = 0; b < blocks; ++b, payload += 4, header += 4, at += block257_bits) {
    const bool first = (stream[at / 64] >> (at % 64)) & 1;
    const std::size_t word = (at + 1) / 64, shift = (at + 1) % 64;
    std::uint64_t rest[4];
    for (unsigned j = 0; j < 4; ++j) {
      rest[j] =
          shift == 0 ? stream[word + j] : stream[word + j] >> shift | stream[word + j + 1] << (64 - shift);
    }
    if (first) {
      std::memcpy(payload, rest, 32);
      std::memcpy(header, &all_data, 4);
    } else {
      reverse_control(rest, payload, header);
    }
  }
}

}  // namespace transcoder

std::span<const Kernel<TranscodeKernels>> transcode_kernels() noexcept {
  static constexpr Kernel<TranscodeKernels> table[] = {
    {Variant::ref, {transcoder::pack_ref, transcoder::unpack_ref}},
    {Variant::portable, {transcoder::pack_portable, transcoder::unpack_portable}},
#if defined(__x86_64__)
    {Variant::avx512, {transcoder::pack_avx512, transcoder::unpack_avx512}},
#endif
  };
  return table;
}

}  // namespace lightlane::pcs
