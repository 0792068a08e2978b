#pragma once
/// Small pictures inside a page, so that nothing is fetched.

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace lightlane::cli::html {

using Colour = std::array<std::uint8_t, 3>;  ///< red, green, blue

/// A PNG of indexed colours: pixel[row * width + column] is an index into `palette` (1 to 256 colours), the
/// first row on top. Deflated by libdeflate.
std::string png(std::size_t width, std::size_t height, std::span<const std::uint8_t> pixel,
                std::span<const Colour> palette);

/// RFC 4648, with padding.
std::string base64(std::string_view octets);

/// "data:image/png;base64,..."
std::string png_uri(const std::string& png);

}  // namespace lightlane::cli::html
