#include "lightlane/pcs/transcode.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "lightlane/base/random.hpp"
#include "lightlane/pcs/block66.hpp"
#include "lightlane/pcs/transcode_kernels.hpp"

namespace lightlane::pcs {
namespace {

constexpr std::uint8_t types[] = {0x1e, 0x78, 0x4b, 0x87, 0x99, 0xaa, 0xb4, 0xcc, 0xd2, 0xe1, 0xff};

std::string text_of(const Block257& block) {
  std::string text(1, block.first ? '1' : '0');
  for (std::size_t i = 0; i < 256; ++i) text += (block.rest[i / 64] >> (i % 64) & 1) ? '1' : '0';
  return text;
}

TEST(Transcode, FourIdleBlocks) {
  // 802.3 119.2.4.2: bits 0..4 zero, the low nibble E of the first type, 56 zeros, then 1E and 56 zeros three
  // times.
  const std::uint64_t payload[4] = {idle_block, idle_block, idle_block, idle_block};
  const std::uint8_t header[4] = {1, 1, 1, 1};
  std::string expected =
      "00000"
      "0111" +
      std::string(56, '0');
  for (int i = 0; i < 3; ++i) expected += "01111000" + std::string(56, '0');
  EXPECT_EQ(text_of(transcode(payload, header)), expected);
}

TEST(Transcode, DataIsCopiedBehindAOne) {
  const std::uint64_t payload[4] = {1, 2, 3, 0x8000000000000000u};
  const std::uint8_t header[4] = {2, 2, 2, 2};
  const Block257 block = transcode(payload, header);
  EXPECT_TRUE(block.first);
  EXPECT_TRUE(std::equal(payload, payload + 4, block.rest.begin()));
}

TEST(Transcode, InvertibleForEveryCombinationOfBlockTypes) {
  const RandomStream random(1, "transcode", 0);
  std::uint64_t k = 0;
  for (unsigned combination = 0; combination < 12 * 12 * 12 * 12; ++combination) {
    std::uint64_t payload[4], back[4];
    std::uint8_t header[4], back_header[4];
    for (unsigned j = 0, c = combination; j < 4; ++j, c /= 12) {
      payload[j] = random.bits(k++);
      header[j] = signal::data_header;
      if (c % 12 < 11) {
        header[j] = signal::control_header;
        payload[j] = (payload[j] & ~std::uint64_t{0xff}) | types[c % 12];
      }
    }
    const Block257 block = transcode(payload, header);
    reverse_transcode(block, back, back_header);
    ASSERT_TRUE(std::equal(payload, payload + 4, back)) << combination;
    ASSERT_TRUE(std::equal(header, header + 4, back_header)) << combination;
    if (!block.first) {
      Block257 fast;
      transcoder::transcode_control(payload, header, fast.rest.data());
      ASSERT_EQ(fast, block) << combination;
      transcoder::reverse_control(fast.rest.data(), back, back_header);
      ASSERT_TRUE(std::equal(payload, payload + 4, back)) << combination;
      ASSERT_TRUE(std::equal(header, header + 4, back_header)) << combination;
    }
  }
}

TEST(Transcode, InvalidHeadersMakeFourInvalidBlocks) {
  for (const std::uint8_t bad : {std::uint8_t{0}, std::uint8_t{3}}) {
    const std::uint64_t payload[4] = {0xab, idle_block, 7, 9};
    const std::uint8_t header[4] = {2, 1, bad, 2};
    const Block257 block = transcode(payload, header);
    EXPECT_EQ(text_of(block).substr(0, 9), "011111101");
    std::uint64_t back[4];
    std::uint8_t back_header[4];
    reverse_transcode(block, back, back_header);
    for (std::uint8_t h : back_header) EXPECT_EQ(h, signal::invalid_header);
    EXPECT_EQ(back[0], 0x0bu);
    EXPECT_EQ(back[1], idle_block);
  }
}

TEST(Transcode, UnknownTypeNibbleSpoilsTheFirstControlBlockAlone) {
  for (const std::uint64_t nibble : {0u, 3u, 5u, 6u, 13u}) {
    const std::uint64_t payload[4] = {5, 0xa0 | nibble, idle_block, 7};
    const std::uint8_t header[4] = {2, 1, 1, 2};
    std::uint64_t back[4];
    std::uint8_t back_header[4];
    reverse_transcode(transcode(payload, header), back, back_header);
    EXPECT_EQ(back_header[0], signal::data_header);
    EXPECT_EQ(back_header[1], signal::invalid_header);
    EXPECT_EQ(back_header[2], signal::control_header);
    EXPECT_EQ(back[2], idle_block);
  }
}

TEST(Transcode, EveryVariantEqualsTheReference) {
  const RandomStream random(2, "transcode", 0);
  std::uint64_t k = 0;
  for (const std::size_t blocks : {0u, 1u, 2u, 3u, 31u, 32u, 36u, 40u, 63u, 64u, 65u, 131u}) {
    for (const unsigned density : {0u, 1u, 4u, 16u}) {
      std::vector<std::uint64_t> payload(4 * blocks + 1);
      std::vector<std::uint8_t> header(4 * blocks + 1);
      for (std::size_t i = 1; i < payload.size(); ++i) {
        const std::uint64_t r = random.bits(k++);
        payload[i] = random.bits(k++);
        header[i] = signal::data_header;
        if (r % 16 < density) {
          header[i] = signal::control_header;
          if (r & 0xf00) payload[i] = (payload[i] & ~std::uint64_t{0xff}) | types[(r >> 16) % 11];
          if ((r >> 20) % 16 == 0) header[i] = (r >> 30) & 3;
        }
      }
      std::vector<std::uint64_t> expected(transcode_words(blocks), 0), expected_payload(4 * blocks);
      std::vector<std::uint8_t> expected_header(4 * blocks);
      transcode_kernels().front().function.pack(payload.data() + 1, header.data() + 1, blocks,
                                                expected.data());
      transcode_kernels().front().function.unpack(expected.data(), blocks, expected_payload.data(),
                                                  expected_header.data());
      for (const auto& kernel : transcode_kernels()) {
        if (kernel.variant > supported_variant()) continue;
        std::vector<std::uint64_t> stream(transcode_words(blocks), 0), back(4 * blocks);
        std::vector<std::uint8_t> back_header(4 * blocks);
        kernel.function.pack(payload.data() + 1, header.data() + 1, blocks, stream.data());
        ASSERT_EQ(stream, expected) << name(kernel.variant) << " " << blocks << " " << density;
        kernel.function.unpack(stream.data(), blocks, back.data(), back_header.data());
        ASSERT_EQ(back, expected_payload) << name(kernel.variant) << " " << blocks << " " << density;
        ASSERT_EQ(back_header, expected_header) << name(kernel.variant) << " " << blocks << " " << density;
      }
    }
  }
}

}  // namespace
}  // namespace lightlane::pcs
