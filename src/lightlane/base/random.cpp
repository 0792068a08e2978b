#include "lightlane/base/random.hpp"

#include <Random123/philox.h>

namespace lightlane {

RandomStream::RandomStream(std::uint64_t seed, std::string_view name, std::uint32_t lane) noexcept
    : key_{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)}, stream_{2166136261u, lane} {
  for (const char c : name) stream_[0] = (stream_[0] ^ static_cast<unsigned char>(c)) * 16777619u;
}

std::array<std::uint32_t, 4> RandomStream::block(std::uint64_t k) const noexcept {
  const r123::Philox4x32::ctr_type counter{
      {static_cast<std::uint32_t>(k), static_cast<std::uint32_t>(k >> 32), stream_[0], stream_[1]}};
  const r123::Philox4x32::key_type key{{key_[0], key_[1]}};
  const auto out = r123::Philox4x32{}(counter, key);
  return {out[0], out[1], out[2], out[3]};
}

std::uint64_t RandomStream::bits(std::uint64_t k) const noexcept {
  const auto words = block(k >> 1);
  const unsigned half = static_cast<unsigned>(k & 1) * 2;
  return static_cast<std::uint64_t>(words[half + 1]) << 32 | words[half];
}

double RandomStream::uniform(std::uint64_t k) const noexcept {
  return (static_cast<double>(bits(k) >> 12) + 0.5) * 0x1p-52;
}

}  // namespace lightlane
