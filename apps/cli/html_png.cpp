#include "cli/html_png.hpp"

#include <libdeflate.h>

#include <memory>
#include <new>

#include "lightlane/base/error.hpp"

namespace lightlane::cli::html {
namespace {

constexpr int level = 9;  // pictures are small

void big_endian(std::uint32_t value, std::string& out) {
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xff);
}

/// Length, type, content and CRC over the last two.
void chunk(const std::string& type, const std::string& content, std::string& out) {
  big_endian(static_cast<std::uint32_t>(content.size()), out);
  const std::string covered = type + content;
  out += covered;
  big_endian(libdeflate_crc32(0, covered.data(), covered.size()), out);
}

std::string deflated(const std::string& octets) {
  const std::unique_ptr<libdeflate_compressor, void (*)(libdeflate_compressor*)> compressor(
      libdeflate_alloc_compressor(level), libdeflate_free_compressor);
  if (!compressor) throw std::bad_alloc();
  std::string out(libdeflate_zlib_compress_bound(compressor.get(), octets.size()), '\0');
  out.resize(
      libdeflate_zlib_compress(compressor.get(), octets.data(), octets.size(), out.data(), out.size()));
  LIGHTLANE_ASSERT(!out.empty());
  return out;
}

}  // namespace

std::string png(std::size_t width, std::size_t height, std::span<const std::uint8_t> pixel,
                std::span<const Colour> palette) {
  LIGHTLANE_ASSERT(width > 0 && height > 0 && pixel.size() == width * height);
  LIGHTLANE_ASSERT(!palette.empty() && palette.size() <= 256);
  std::string head, colours, rows;
  big_endian(static_cast<std::uint32_t>(width), head);
  big_endian(static_cast<std::uint32_t>(height), head);
  head += {8, 3, 0, 0, 0};  // 8 bits, palette, deflate, filters, not interlaced
  for (const Colour& colour : palette) {
    for (const std::uint8_t part : colour) colours += static_cast<char>(part);
  }
  for (std::size_t r = 0; r < height; ++r) {
    rows += '\0';  // no filter: indices are no slopes
    rows.append(reinterpret_cast<const char*>(pixel.data()) + r * width, width);
  }
  std::string out = "\x89PNG\r\n\x1a\n";
  chunk("IHDR", head, out);
  chunk("PLTE", colours, out);
  chunk("IDAT", deflated(rows), out);
  chunk("IEND", "", out);
  return out;
}

std::string base64(std::string_view octets) {
  static constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((octets.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < octets.size(); i += 3) {
    std::uint32_t group = 0;
    const std::size_t count = std::min<std::size_t>(3, octets.size() - i);
    for (std::size_t k = 0; k < 3; ++k)
      group = group << 8 | (k < count ? static_cast<std::uint8_t>(octets[i + k]) : 0u);
    for (std::size_t k = 0; k < 4; ++k) out += k <= count ? digits[group >> (18 - 6 * k) & 63] : '=';
  }
  return out;
}

std::string png_uri(const std::string& image) { return "data:image/png;base64," + base64(image); }

}  // namespace lightlane::cli::html
