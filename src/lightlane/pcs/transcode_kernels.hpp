#pragma once
/// The kernels behind transcode.hpp, one file per variant.

#include <cstddef>
#include <cstdint>

namespace lightlane::pcs::transcoder {

void pack_ref(const std::uint64_t* payload, const std::uint8_t* header, std::size_t blocks,
              std::uint64_t* stream) noexcept;
void unpack_ref(const std::uint64_t* stream, std::size_t blocks, std::uint64_t* payload,
                std::uint8_t* header) noexcept;
void pack_portable(const std::uint64_t* payload, const std::uint8_t* header, std::size_t blocks,
                   std::uint64_t* stream) noexcept;
void unpack_portable(const std::uint64_t* stream, std::size_t blocks, std::uint64_t* payload,
                     std::uint8_t* header) noexcept;

void pack_avx512(const std::uint64_t* payload, const std::uint8_t* header, std::size_t blocks,
                 std::uint64_t* stream) noexcept;
void unpack_avx512(const std::uint64_t* stream, std::size_t blocks, std::uint64_t* payload,
                   std::uint8_t* header) noexcept;

/// The words of a block with at least one control or invalid header, in the layout of Block257::rest.
void transcode_control(const std::uint64_t* payload, const std::uint8_t* header,
                       std::uint64_t* rest) noexcept;
/// The way back for a block whose bit 0 is 0. payload may be rest.
void reverse_control(const std::uint64_t* rest, std::uint64_t* payload, std::uint8_t* header) noexcept;

}  // namespace lightlane::pcs::transcoder
