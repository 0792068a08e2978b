#include "lightlane/pcs/block66_kernels.hpp"

namespace lightlane::pcs {
namespace {

namespace mii = signal::mii;

constexpr std::uint8_t start_type = 0x78, ordered_set_type = 0x4b, control_type = 0x1e;
constexpr std::uint8_t terminate_types[8] = {0x87, 0x99, 0xaa, 0xb4, 0xcc, 0xd2, 0xe1, 0xff};
constexpr unsigned idle_code = 0x00, lpi_code = 0x06, error_code = 0x1e;
constexpr unsigned sequence_o_code = 0x0, signal_o_code = 0xf;
constexpr int no_code = -1;

constexpr std::uint8_t octet(std::uint64_t word, unsigned lane) {
  return static_cast<std::uint8_t>(word >> (8 * lane));
}

constexpr int control_code(std::uint8_t character) {
  switch (character) {
    case mii::idle:
      return idle_code;
    case mii::lpi:
      return lpi_code;
    case mii::error:
      return error_code;
    default:
      return no_code;
  }
}

constexpr int control_character(unsigned code) {
  switch (code) {
    case idle_code:
      return mii::idle;
    case lpi_code:
      return mii::lpi;
    case error_code:
      return mii::error;
    default:
      return no_code;
  }
}

constexpr Block66 invalid{error_block, signal::control_header, BlockClass::error};
constexpr MiiWord invalid_word{mii::error_word, 0xff, BlockClass::error};

Block66 encode_control(std::uint64_t word) {
  std::uint64_t payload = control_type;
  for (unsigned lane = 0; lane < 8; ++lane) {
    const int code = control_code(octet(word, lane));
    if (code == no_code || code == error_code) return invalid;
    payload |= static_cast<std::uint64_t>(code) << (8 + 7 * lane);
  }
  return {payload, signal::control_header, BlockClass::control};
}

Block66 encode_terminate(std::uint64_t word, unsigned lane) {
  std::uint64_t payload = terminate_types[lane];
  for (unsigned i = 0; i < lane; ++i) payload |= static_cast<std::uint64_t>(octet(word, i)) << (8 + 8 * i);
  for (unsigned i = lane + 1; i < 8; ++i) {
    const int code = control_code(octet(word, i));
    if (code == no_code) return invalid;
    payload |= static_cast<std::uint64_t>(code) << (8 + 7 * i);
  }
  return {payload, signal::control_header, BlockClass::terminate};
}

MiiWord decode_control(std::uint64_t payload) {
  std::uint64_t word = 0;
  for (unsigned lane = 0; lane < 8; ++lane) {
    const int character = control_character((payload >> (8 + 7 * lane)) & 0x7f);
    if (character == no_code || character == mii::error) return invalid_word;
    word |= static_cast<std::uint64_t>(character) << (8 * lane);
  }
  return {word, 0xff, BlockClass::control};
}

MiiWord decode_terminate(std::uint64_t payload, unsigned lane) {
  std::uint64_t word = static_cast<std::uint64_t>(mii::terminate) << (8 * lane);
  for (unsigned i = 0; i < lane; ++i) word |= static_cast<std::uint64_t>(octet(payload, i + 1)) << (8 * i);
  for (unsigned i = lane + 1; i < 8; ++i) {
    const int character = control_character((payload >> (8 + 7 * i)) & 0x7f);
    if (character == no_code) return invalid_word;
    word |= static_cast<std::uint64_t>(character) << (8 * i);
  }
  return {word, static_cast<std::uint8_t>(0xff << lane), BlockClass::terminate};
}

}  // namespace

Block66 encode_block(std::uint64_t word, std::uint8_t control) noexcept {
  if (control == 0) return {word, signal::data_header, BlockClass::data};
  const std::uint8_t first = octet(word, 0);
  if (control == 1 && first == mii::start) {
    return {(word & ~std::uint64_t{0xff}) | start_type, signal::control_header, BlockClass::start};
  }
  if (control == 1 && (first == mii::sequence || first == mii::signal_ordered_set) && word >> 32 == 0) {
    const std::uint64_t code = first == mii::sequence ? sequence_o_code : signal_o_code;
    return {(word & 0xffffff00u) | ordered_set_type | code << 32, signal::control_header,
            BlockClass::control};
  }
  for (unsigned lane = 0; lane < 8; ++lane) {
    if (control == static_cast<std::uint8_t>(0xff << lane) && octet(word, lane) == mii::terminate) {
      return encode_terminate(word, lane);
    }
  }
  return control == 0xff ? encode_control(word) : invalid;
}

MiiWord decode_block(std::uint64_t payload, std::uint8_t header) noexcept {
  if (header == signal::data_header) return {payload, 0, BlockClass::data};
  if (header != signal::control_header) return invalid_word;
  const std::uint8_t type = octet(payload, 0);
  if (type == start_type) return {(payload & ~std::uint64_t{0xff}) | mii::start, 1, BlockClass::start};
  if (type == ordered_set_type) {
    const std::uint64_t code = (payload >> 32) & 0xf;
    if ((code != sequence_o_code && code != signal_o_code) || payload >> 36 != 0) return invalid_word;
    const std::uint64_t character = code == sequence_o_code ? mii::sequence : mii::signal_ordered_set;
    return {(payload & 0xffffff00u) | character, 1, BlockClass::control};
  }
  for (unsigned lane = 0; lane < 8; ++lane) {
    if (type == terminate_types[lane]) return decode_terminate(payload, lane);
  }
  return type == control_type ? decode_control(payload) : invalid_word;
}

BlockClass classify_block(std::uint64_t payload, std::uint8_t header) noexcept {
  return decode_block(payload, header).type;
}

BlockState next_transmit_state(BlockState state, BlockClass type) noexcept {
  switch (state) {
    case BlockState::init:
    case BlockState::control:
    case BlockState::terminate:
      if (type == BlockClass::control) return BlockState::control;
      if (type == BlockClass::start) return BlockState::data;
      return BlockState::error;
    case BlockState::data:
      if (type == BlockClass::data) return BlockState::data;
      if (type == BlockClass::terminate) return BlockState::terminate;
      return BlockState::error;
    case BlockState::error:
      if (type == BlockClass::control) return BlockState::control;
      if (type == BlockClass::data) return BlockState::data;
      if (type == BlockClass::terminate) return BlockState::terminate;
      return BlockState::error;
  }
  return BlockState::error;
}

BlockState next_receive_state(BlockState state, BlockClass type, BlockClass next) noexcept {
  if (type == BlockClass::terminate && next != BlockClass::start && next != BlockClass::control) {
    return BlockState::error;
  }
  return next_transmit_state(state, type);
}

namespace block66 {

std::size_t encode_ref(BlockState& state, const std::uint64_t* data, const std::uint8_t* control,
                       std::size_t count, std::uint64_t* payload, std::uint8_t* header) noexcept {
  std::size_t errors = 0;
  for (std::size_t i = 0; i < count; ++i) {
    Block66 block = encode_block(data[i], control[i]);
    state = next_transmit_state(state, block.type);
    if (state == BlockState::error) {
      block = invalid;
      ++errors;
    }
    payload[i] = block.payload;
    header[i] = block.header;
  }
  return errors;
}

std::size_t decode_ref(BlockState& state, const std::uint64_t* payload, const std::uint8_t* header,
                       std::size_t count, std::uint64_t* data, std::uint8_t* control) noexcept {
  std::size_t errors = 0;
  for (std::size_t i = 0; i < count; ++i) {
    MiiWord word = decode_block(payload[i], header[i]);
    state = next_receive_state(state, word.type, classify_block(payload[i + 1], header[i + 1]));
    if (state == BlockState::error) {
      word = invalid_word;
      ++errors;
    }
    data[i] = word.data;
    control[i] = word.control;
  }
  return errors;
}

}  // namespace block66
}  // namespace lightlane::pcs
