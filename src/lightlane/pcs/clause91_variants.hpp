#pragma once
/// Kernels of clause 91 that one variant's file gives to another.

#include <cstddef>
#include <cstdint>

namespace lightlane::pcs::clause91 {

void distribute_portable(const std::uint64_t* codeword, std::size_t columns, std::uint64_t* const words[4],
                         const std::size_t bit[4]) noexcept;
void whiten_portable(std::uint64_t* stream, std::size_t blocks) noexcept;

void distribute_avx512(const std::uint64_t* codeword, std::size_t columns, std::uint64_t* const words[4],
                       const std::size_t bit[4]) noexcept;
void collect_avx512(const std::uint64_t* const words[4], const std::size_t bit[4], std::size_t columns,
                    std::uint64_t* codeword) noexcept;

}  // namespace lightlane::pcs::clause91
