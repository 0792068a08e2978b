#include <algorithm>
#include <bit>
#include <cstring>

#include "lightlane/pcs/block66_kernels.hpp"

namespace lightlane::pcs::block66 {
namespace {

namespace mii = signal::mii;

constexpr std::uint64_t terminate_types = 0xffe1d2ccb4aa9987;  // octet i: terminate in lane i

/// Length of the run of octets equal to `value` at the start.
std::size_t run_length(const std::uint8_t* octets, std::size_t count, std::uint8_t value) {
  const std::uint64_t pattern = 0x0101010101010101u * value;
  std::size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    std::uint64_t eight;
    std::memcpy(&eight, octets + i, 8);
    if (const std::uint64_t differs = eight ^ pattern; differs != 0) {
      return i + static_cast<std::size_t>(std::countr_zero(differs)) / 8;
    }
  }
  while (i < count && octets[i] == value) ++i;
  return i;
}

/// The words that frames and gaps are made of; everything else takes the reference.
Block66 encode_common(std::uint64_t word, std::uint8_t control) {
  if (control == 1) {
    if ((word & 0xff) == mii::start) {
      return {word - mii::start + 0x78, signal::control_header, BlockClass::start};
    }
    return encode_block(word, control);
  }
  if (word == mii::idle_word && control == 0xff) {
    return {idle_block, signal::control_header, BlockClass::control};
  }
  const unsigned lane = static_cast<unsigned>(std::countr_zero(control));
  const std::uint64_t tail = (mii::idle_word & ~std::uint64_t{0xff}) | mii::terminate;
  if (control != static_cast<std::uint8_t>(0xff << lane) ||
      word >> (8 * lane) != tail << (8 * lane) >> (8 * lane)) {
    return encode_block(word, control);
  }
  const std::uint64_t octets = word & ((std::uint64_t{1} << (8 * lane)) - 1);
  return {octets << 8 | ((terminate_types >> (8 * lane)) & 0xff), signal::control_header,
          BlockClass::terminate};
}

MiiWord decode_common(std::uint64_t payload, std::uint8_t header) {
  if (header != signal::control_header) return decode_block(payload, header);
  if (payload == idle_block) return {mii::idle_word, 0xff, BlockClass::control};
  if ((payload & 0xff) == 0x78) return {payload - 0x78 + mii::start, 1, BlockClass::start};
  // The high nibble of a terminate type tells the lane: 8 9 A B C D E F.
  const unsigned lane = static_cast<unsigned>((payload >> 4) & 7);
  const bool codes_are_idle = lane == 7 || payload >> (8 + 7 * (lane + 1)) == 0;
  if (((terminate_types >> (8 * lane)) & 0xff) != (payload & 0xff) || !codes_are_idle) {
    return decode_block(payload, header);
  }
  const std::uint64_t mask = (std::uint64_t{1} << (8 * lane)) - 1;
  const std::uint64_t tail = (mii::idle_word & ~std::uint64_t{0xff}) | mii::terminate;
  return {((payload >> 8) & mask) | tail << (8 * lane), static_cast<std::uint8_t>(0xff << lane),
          BlockClass::terminate};
}

}  // namespace

std::size_t encode_portable(BlockState& state, const std::uint64_t* data, const std::uint8_t* control,
                            std::size_t count, std::uint64_t* payload, std::uint8_t* header) noexcept {
  std::size_t errors = 0;
  for (std::size_t i = 0; i < count;) {
    if (control[i] == 0 && (state == BlockState::data || state == BlockState::error)) {
      const std::size_t run = run_length(control + i, count - i, 0);
      std::memcpy(payload + i, data + i, 8 * run);
      std::memset(header + i, signal::data_header, run);
      state = BlockState::data;
      i += run;
      continue;
    }
    Block66 block = control[i] == 0 ? encode_block(data[i], 0) : encode_common(data[i], control[i]);
    state = next_transmit_state(state, block.type);
    if (state == BlockState::error) {
      block = {error_block, signal::control_header, BlockClass::error};
      ++errors;
    }
    payload[i] = block.payload;
    header[i] = block.header;
    ++i;
  }
  return errors;
}

std::size_t decode_portable(BlockState& state, const std::uint64_t* payload, const std::uint8_t* header,
                            std::size_t count, std::uint64_t* data, std::uint8_t* control) noexcept {
  std::size_t errors = 0;
  for (std::size_t i = 0; i < count;) {
    if (header[i] == signal::data_header && (state == BlockState::data || state == BlockState::error)) {
      const std::size_t run = run_length(header + i, count - i, signal::data_header);
      std::memcpy(data + i, payload + i, 8 * run);
      std::memset(control + i, 0, run);
      state = BlockState::data;
      i += run;
      continue;
    }
    MiiWord word = decode_common(payload[i], header[i]);
    const BlockClass next = word.type == BlockClass::terminate
                                ? decode_common(payload[i + 1], header[i + 1]).type
                                : BlockClass::error;
    state = next_receive_state(state, word.type, next);
    if (state == BlockState::error) {
      word = {mii::error_word, 0xff, BlockClass::error};
      ++errors;
    }
    data[i] = word.data;
    control[i] = word.control;
    ++i;
  }
  return errors;
}

}  // namespace lightlane::pcs::block66
