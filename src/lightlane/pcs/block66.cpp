#include "lightlane/pcs/block66.hpp"

#include "lightlane/pcs/block66_kernels.hpp"

namespace lightlane::pcs {

std::span<const Kernel<Block66Kernels>> block66_kernels() noexcept {
  static constexpr Kernel<Block66Kernels> table[] = {
    {Variant::ref, {block66::encode_ref, block66::decode_ref}},
    {Variant::portable, {block66::encode_portable, block66::decode_portable}},
#if defined(__x86_64__)
    {Variant::avx512, {block66::encode_avx512, block66::decode_avx512}},
#endif
  };
  return table;
}

void Block66Encoder::process(const signal::MiiWords& in, signal::Blocks66& out) {
  process(in.data.data(), in.control.data(), in.size(), out);
}

void Block66Encoder::process(const std::uint64_t* data, const std::uint8_t* control, std::size_t count,
                             signal::Blocks66& out) {
  const std::size_t start = out.size();
  if (start == 0) out.first_index = report_.blocks;
  out.payload.resize(start + count);
  out.header.resize(start + count);
  report_.error_blocks +=
      kernels_.encode(state_, data, control, count, out.payload.data() + start, out.header.data() + start);
  report_.blocks += count;
}

void Block66Encoder::reset() noexcept {
  state_ = BlockState::init;
  report_ = {};
}

void Block66Decoder::emit(const std::uint64_t* payload, const std::uint8_t* header, std::size_t count,
                          signal::MiiWords& out) {
  const std::size_t start = out.size();
  if (start == 0) out.first_index = report_.blocks;
  out.data.resize(start + count);
  out.control.resize(start + count);
  report_.error_blocks +=
      kernels_.decode(state_, payload, header, count, out.data.data() + start, out.control.data() + start);
  report_.blocks += count;
}

void Block66Decoder::process(const signal::Blocks66& in, signal::MiiWords& out) {
  process(in.payload.data(), in.header.data(), in.size(), out);
}

void Block66Decoder::process(const std::uint64_t* payload, const std::uint8_t* header, std::size_t count,
                             signal::MiiWords& out) {
  if (count == 0) return;
  if (held_) emit_held(payload[0], header[0], out);
  emit(payload, header, count - 1, out);
  hold(payload[count - 1], header[count - 1]);
}

void Block66Decoder::process_behind_slot(std::uint64_t* payload, std::uint8_t* header, std::size_t count,
                                         signal::MiiWords& out) {
  if (count == 0) return;
  if (held_) {
    payload[-1] = held_payload_;
    header[-1] = held_header_;
    emit(payload - 1, header - 1, count, out);
  } else {
    emit(payload, header, count - 1, out);
  }
  hold(payload[count - 1], header[count - 1]);
}

void Block66Decoder::emit_held(std::uint64_t next_payload, std::uint8_t next_header, signal::MiiWords& out) {
  const std::uint64_t payload[2] = {held_payload_, next_payload};
  const std::uint8_t header[2] = {held_header_, next_header};
  emit(payload, header, 1, out);
}

void Block66Decoder::hold(std::uint64_t payload, std::uint8_t header) noexcept {
  held_ = true;
  held_payload_ = payload;
  held_header_ = header;
}

void Block66Decoder::fault(std::size_t count, signal::MiiWords& out) {
  if (out.size() == 0) out.first_index = report_.blocks;
  if (held_) ++count;
  held_ = false;
  state_ = BlockState::init;
  out.data.insert(out.data.end(), count, signal::mii::local_fault);
  out.control.insert(out.control.end(), count, signal::mii::ordered_set_control);
  report_.blocks += count;
}

void Block66Decoder::finish(signal::MiiWords& out) {
  if (!held_) return;
  emit_held(0, signal::invalid_header, out);
  held_ = false;
}

void Block66Decoder::reset() noexcept {
  state_ = BlockState::init;
  held_ = false;
  report_ = {};
}

}  // namespace lightlane::pcs
