#pragma once
/// The kernels behind scrambler.hpp that live in files of their own.

#include <cstddef>
#include <cstdint>

namespace lightlane::pcs::scrambling {

void scramble_avx512(std::uint64_t& history, std::uint64_t* bits, std::size_t count) noexcept;
void descramble_avx512(std::uint64_t& history, std::uint64_t* bits, std::size_t count) noexcept;

}  // namespace lightlane::pcs::scrambling
