#pragma once
/// The kernels behind block66.hpp, one file per variant.

#include <cstddef>
#include <cstdint>

#include "lightlane/pcs/block66.hpp"

namespace lightlane::pcs::block66 {

std::size_t encode_ref(BlockState& state, const std::uint64_t* data, const std::uint8_t* control,
                       std::size_t count, std::uint64_t* payload, std::uint8_t* header) noexcept;
std::size_t decode_ref(BlockState& state, const std::uint64_t* payload, const std::uint8_t* header,
                       std::size_t count, std::uint64_t* data, std::uint8_t* control) noexcept;
std::size_t encode_portable(BlockState& state, const std::uint64_t* data, const std::uint8_t* control,
                            std::size_t count, std::uint64_t* payload, std::uint8_t* header) noexcept;
std::size_t decode_portable(BlockState& state, const std::uint64_t* payload, const std::uint8_t* header,
                            std::size_t count, std::uint64_t* data, std::uint8_t* control) noexcept;
std::size_t encode_avx512(BlockState& state, const std::uint64_t* data, const std::uint8_t* control,
                          std::size_t count, std::uint64_t* payload, std::uint8_t* header) noexcept;
std::size_t decode_avx512(BlockState& state, const std::uint64_t* payload, const std::uint8_t* header,
                          std::size_t count, std::uint64_t* data, std::uint8_t* control) noexcept;

}  // namespace lightlane::pcs::block66
