#pragma once
/// Captures put together octet by octet, for tests: independent of CaptureWriter.

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace lightlane::io::test {

/// Bytes in either byte order.
class Bytes {
 public:
  explicit Bytes(bool big_endian) : big_endian_(big_endian) {}

  Bytes& u8(unsigned value) { return integer(value, 1); }
  Bytes& u16(unsigned value) { return integer(value, 2); }
  Bytes& u32(std::uint32_t value) { return integer(value, 4); }
  Bytes& u64(std::uint64_t value) { return integer(value, 8); }
  Bytes& raw(const std::vector<std::uint8_t>& octets) {
    bytes.insert(bytes.end(), octets.begin(), octets.end());
    return *this;
  }
  Bytes& raw(const Bytes& other) { return raw(other.bytes); }
  Bytes& pad() {
    bytes.resize((bytes.size() + 3) / 4 * 4);
    return *this;
  }
  Bytes& option(unsigned code, const Bytes& value) {
    return u16(code).u16(static_cast<unsigned>(value.bytes.size())).raw(value).pad();
  }
  /// A whole pcapng block around a body.
  Bytes& block(std::uint32_t type, const Bytes& body) {
    const auto length = static_cast<std::uint32_t>(body.bytes.size() + 12);
    return u32(type).u32(length).raw(body).u32(length);
  }
  Bytes empty() const { return Bytes(big_endian_); }

  std::vector<std::uint8_t> bytes;

 private:
  Bytes& integer(std::uint64_t value, unsigned count) {
    for (unsigned i = 0; i < count; ++i) {
      const unsigned shift = 8 * (big_endian_ ? count - 1 - i : i);
      bytes.push_back(static_cast<std::uint8_t>(value >> shift));
    }
    return *this;
  }
  bool big_endian_;
};

inline std::vector<std::uint8_t> some_frame(std::size_t octets, unsigned seed = 1) {
  std::vector<std::uint8_t> frame(octets);
  for (std::size_t i = 0; i < octets; ++i) frame[i] = static_cast<std::uint8_t>(i * 7 + seed * 31 + (i >> 8));
  return frame;
}

inline void pcap_header(Bytes& file, std::uint32_t magic = 0xa1b2c3d4, std::uint32_t link = 1) {
  file.u32(magic).u16(2).u16(4).u32(0).u32(0).u32(65535).u32(link);
}
inline void pcap_record(Bytes& file, std::uint32_t seconds, std::uint32_t fraction,
                        const std::vector<std::uint8_t>& frame, std::uint32_t original = 0) {
  file.u32(seconds).u32(fraction).u32(static_cast<std::uint32_t>(frame.size()));
  file.u32(original == 0 ? static_cast<std::uint32_t>(frame.size()) : original).raw(frame);
}

inline void section(Bytes& file) {
  file.block(0x0a0d0d0a, file.empty().u32(0x1a2b3c4d).u16(1).u16(0).u64(~std::uint64_t{0}));
}
inline void interface(Bytes& file, unsigned link = 1, std::uint32_t snap = 0,
                      const Bytes* options = nullptr) {
  Bytes body = file.empty();
  body.u16(link).u16(0).u32(snap);
  if (options != nullptr) body.raw(*options).u32(0);
  file.block(1, body);
}
inline void enhanced(Bytes& file, std::uint32_t index, std::uint64_t units,
                     const std::vector<std::uint8_t>& frame, std::uint32_t original = 0,
                     const Bytes* options = nullptr) {
  Bytes body = file.empty();
  body.u32(index).u32(static_cast<std::uint32_t>(units >> 32)).u32(static_cast<std::uint32_t>(units));
  body.u32(static_cast<std::uint32_t>(frame.size()));
  body.u32(original == 0 ? static_cast<std::uint32_t>(frame.size()) : original).raw(frame).pad();
  if (options != nullptr) body.raw(*options).u32(0);
  file.block(6, body);
}

}  // namespace lightlane::io::test
