#pragma once
/// The kernels behind clause119_distribute.hpp, one file per variant.

#include <cstddef>
#include <cstdint>

namespace lightlane::pcs::clause119 {

void split_ref(const std::uint64_t* stream, std::uint64_t* codewords) noexcept;
void join_ref(const std::uint64_t* codewords, std::uint64_t* stream) noexcept;
void distribute_ref(unsigned lanes, const std::uint64_t* codewords, std::size_t pairs,
                    std::uint8_t* const* lane) noexcept;
void collect_ref(unsigned lanes, const std::uint64_t* const* lane, const std::size_t* position, std::size_t pairs,
                 std::uint64_t* codewords) noexcept;

void split_portable(const std::uint64_t* stream, std::uint64_t* codewords) noexcept;
void join_portable(const std::uint64_t* codewords, std::uint64_t* stream) noexcept;
void distribute_portable(unsigned lanes, const std::uint64_t* codewords, std::size_t pairs,
                         std::uint8_t* const* lane) noexcept;
void collect_portable(unsigned lanes, const std::uint64_t* const* lane, const std::size_t* position,
                      std::size_t pairs, std::uint64_t* codewords) noexcept;

}  // namespace lightlane::pcs::clause119
