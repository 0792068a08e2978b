#include "lightlane/pcs/transcode.hpp"
#include "lightlane/pcs/transcode_kernels.hpp"
#include "lightlane/signal/blocks66.hpp"

namespace lightlane::pcs {
namespace {

constexpr std::uint8_t block_types[] = {0x1e, 0x78, 0x4b, 0x87, 0x99, 0xaa, 0xb4, 0xcc, 0xd2, 0xe1, 0xff};

bool get(const Block257& block, std::size_t i) {
  return i == 0 ? block.first : (block.rest[(i - 1) / 64] >> ((i - 1) % 64)) & 1;
}

void set(Block257& block, std::size_t i, bool bit) {
  if (i == 0) {
    block.first = bit;
  } else {
    block.rest[(i - 1) / 64] |= static_cast<std::uint64_t>(bit) << ((i - 1) % 64);
  }
}

}  // namespace

Block257 transcode(const std::uint64_t* payload, const std::uint8_t* header) noexcept {
  const auto payload_bit = [&](std::size_t i) {
    return static_cast<bool>((payload[i / 64] >> (i % 64)) & 1);
  };
  bool valid = true;
  std::size_t first_control = 4;
  for (std::size_t j = 4; j-- > 0;) {
    if (header[j] == signal::control_header) first_control = j;
    if (header[j] != signal::control_header && header[j] != signal::data_header) valid = false;
  }
  Block257 block;
  std::size_t at = 0;
  if (valid && first_control == 4) {
    set(block, at++, true);
    for (std::size_t i = 0; i < 256; ++i) set(block, at++, payload_bit(i));
    return block;
  }
  if (!valid) first_control = 0;
  set(block, at++, false);
  for (std::size_t j = 0; j < 4; ++j) set(block, at++, valid ? header[j] == signal::data_header : true);
  for (std::size_t i = 0; i < 64 * first_control + 4; ++i) set(block, at++, payload_bit(i));
  for (std::size_t i = 64 * first_control + 8; i < 256; ++i) set(block, at++, payload_bit(i));
  return block;
}

void reverse_transcode(const Block257& block, std::uint64_t* payload, std::uint8_t* header) noexcept {
  const auto put = [&](std::size_t i, bool bit) {
    payload[i / 64] |= static_cast<std::uint64_t>(bit) << (i % 64);
  };
  for (std::size_t j = 0; j < 4; ++j) payload[j] = 0;
  std::size_t at = 1;
  if (block.first) {
    for (std::size_t i = 0; i < 256; ++i) put(i, get(block, at++));
    for (std::size_t j = 0; j < 4; ++j) header[j] = signal::data_header;
    return;
  }
  std::size_t first_control = 4;
  for (std::size_t j = 0; j < 4; ++j) {
    const bool is_data = get(block, at++);
    header[j] = is_data ? signal::data_header : signal::control_header;
    if (!is_data && first_control == 4) first_control = j;
  }
  const bool valid = first_control < 4;
  if (!valid) {
    first_control = 0;
    for (std::size_t j = 0; j < 4; ++j) header[j] = signal::invalid_header;
  }
  for (std::size_t i = 0; i < 64 * first_control + 4; ++i) put(i, get(block, at++));
  for (std::size_t i = 64 * first_control + 8; i < 256; ++i) put(i, get(block, at++));
  if (!valid) return;
  const std::uint64_t low_nibble = payload[first_control] & 15;
  for (std::uint8_t type : block_types) {
    if ((type & 15) == low_nibble) {
      payload[first_control] |= type & 0xf0;
      return;
    }
  }
  header[first_control] = signal::invalid_header;
}

namespace transcoder {

void pack_ref(const std::uint64_t* payload, const std::uint8_t* header, std::size_t blocks,
              std::uint64_t* stream) noexcept {
  for (std::size_t w = 0; w <= block257_bits * blocks / 64; ++w) stream[w] = 0;
  std::size_t at = 0;
  for (std::size_t b = 0; b < blocks; ++b) {
    const Block257 block = transcode(payload + 4 * b, header + 4 * b);
    for (std::size_t i = 0; i < block257_bits; ++i, ++at) {
      stream[at / 64] |= static_cast<std::uint64_t>(get(block, i)) << (at % 64);
    }
  }
}

void unpack_ref(const std::uint64_t* stream, std::size_t blocks, std::uint64_t* payload,
                std::uint8_t* header) noexcept {
  std::size_t at = 0;
  for (std::size_t b = 0; b < blocks; ++b) {
    Block257 block;
    for (std::size_t i = 0; i < block257_bits; ++i, ++at) set(block, i, (stream[at / 64] >> (at % 64)) & 1);
    reverse_transcode(block, payload + 4 * b, header + 4 * b);
  }
}

}  // namespace transcoder
}  // namespace lightlane::pcs
