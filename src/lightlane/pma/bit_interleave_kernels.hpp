#pragma once
/// The kernels by name, for the dispatch table and for each other; includes next to nothing on purpose, since
/// the vector files are compiled for other instruction sets.

#include <cstddef>
#include <cstdint>

namespace lightlane::pma::detail {

void interleave_ref(const std::uint64_t* const* in, unsigned ratio, std::size_t words,
                    std::uint64_t* out) noexcept;
void deinterleave_ref(const std::uint64_t* in, unsigned ratio, std::size_t words,
                      std::uint64_t* const* out) noexcept;
void interleave_portable(const std::uint64_t* const* in, unsigned ratio, std::size_t words,
                         std::uint64_t* out) noexcept;
void deinterleave_portable(const std::uint64_t* in, unsigned ratio, std::size_t words,
                           std::uint64_t* const* out) noexcept;
void interleave_avx2(const std::uint64_t* const* in, unsigned ratio, std::size_t words,
                     std::uint64_t* out) noexcept;
void deinterleave_avx2(const std::uint64_t* in, unsigned ratio, std::size_t words,
                       std::uint64_t* const* out) noexcept;
void interleave_avx512(const std::uint64_t* const* in, unsigned ratio, std::size_t words,
                       std::uint64_t* out) noexcept;
void deinterleave_avx512(const std::uint64_t* in, unsigned ratio, std::size_t words,
                         std::uint64_t* const* out) noexcept;

}  // namespace lightlane::pma::detail
