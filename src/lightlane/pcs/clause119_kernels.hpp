#pragma once
/// The kernels behind clause119_distribute.hpp, one file per variant.

#include <cstddef>
#include <cstdint>

namespace lightlane::pcs::clause119 {

void split_ref(const std::uint64_t* stream, std::uint64_t* codewords) noexcept;
void join_ref(const std::uint64_t* codewords, std::uint64_t* stream) noexcept;
void distribute_ref(unsigned lanes, const std::uint64_t* codewords, std::size_t pairs,
                    std::uint8_t* const* lane) noexcept;
void collect_ref(unsigned lanes, const std::uint64_t* const* lane, const std::size_t* position,
                 std::size_t pairs, std::uint64_t* codewords) noexcept;

void split_portable(const std::uint64_t* stream, std::uint64_t* codewords) noexcept;
void join_portable(const std::uint64_t* codewords, std::uint64_t* stream) noexcept;
void distribute_portable(unsigned lanes, const std::uint64_t* codewords, std::size_t pairs,
                         std::uint8_t* const* lane) noexcept;
void collect_portable(unsigned lanes, const std::uint64_t* const* lane, const std::size_t* position,
                      std::size_t pairs, std::uint64_t* codewords) noexcept;

void split_avx2(const std::uint64_t* stream, std::uint64_t* codewords) noexcept;
void join_avx2(const std::uint64_t* codewords, std::uint64_t* stream) noexcept;

void split_avx512(const std::uint64_t* stream, std::uint64_t* codewords) noexcept;
void join_avx512(const std::uint64_t* codewords, std::uint64_t* stream) noexcept;
void distribute_avx512(unsigned lanes, const std::uint64_t* codewords, std::size_t pairs,
                       std::uint8_t* const* lane) noexcept;
void collect_avx512(unsigned lanes, const std::uint64_t* const* lane, const std::size_t* position,
                    std::size_t pairs, std::uint64_t* codewords) noexcept;

/// Whether CM stands at bit p, see clause119_search.hpp.
bool search_one(const std::uint64_t* words, std::size_t p) noexcept;
std::size_t search_avx512(const std::uint64_t* words, std::size_t from, std::size_t until) noexcept;

}  // namespace lightlane::pcs::clause119
