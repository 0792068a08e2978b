#include "lightlane/ethernet/fcs.hpp"

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

namespace lightlane::ethernet {
namespace {

std::span<const std::uint8_t> bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

TEST(Fcs, PublishedCheckValue) {
  // The check value of CRC-32/ISO-HDLC, as every catalogue of CRCs lists it.
  EXPECT_EQ(fcs(bytes("123456789")), 0xcbf43926u);
  EXPECT_EQ(fcs_reference(bytes("123456789")), 0xcbf43926u);
}

TEST(Fcs, KnownFrames) {
  // By zlib.crc32.
  EXPECT_EQ(fcs(std::vector<std::uint8_t>(60)), 0x04128908u);
  std::vector<std::uint8_t> arp{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0x00,
                                0x01, 0x08, 0x06, 0x00, 0x01, 0x08, 0x00, 0x06, 0x04, 0x00, 0x01,
                                0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x0a, 0x00, 0x00, 0x01, 0x00,
                                0x00, 0x00, 0x00, 0x00, 0x00, 0x0a, 0x00, 0x00, 0x02};
  arp.resize(60);
  EXPECT_EQ(fcs(arp), 0x3b66c101u);
}

TEST(Fcs, EqualsTheClauseAtEveryLengthAndAlignment) {
  std::vector<std::uint8_t> data(600);
  for (std::size_t i = 0; i < data.size(); ++i)
    data[i] = static_cast<std::uint8_t>(i * i + 13 * i + (i >> 3));
  for (std::size_t offset = 0; offset < 9; ++offset) {
    for (std::size_t length = 0; length + offset <= 300; ++length) {
      const std::span<const std::uint8_t> part(data.data() + offset, length);
      ASSERT_EQ(fcs(part), fcs_reference(part)) << offset << " " << length;
    }
  }
  EXPECT_EQ(fcs(data), fcs_reference(data));
}

TEST(Fcs, ResidueOfAFrameWithItsFcs) {
  for (std::size_t length = 1; length < 100; ++length) {
    std::vector<std::uint8_t> frame(length, static_cast<std::uint8_t>(length * 37));
    const std::uint32_t check = fcs(frame);
    for (unsigned i = 0; i < 4; ++i) frame.push_back(static_cast<std::uint8_t>(check >> 8 * i));
    EXPECT_EQ(fcs(frame), fcs_residue);
  }
}

}  // namespace
}  // namespace lightlane::ethernet
