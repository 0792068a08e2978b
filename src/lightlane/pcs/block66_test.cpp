#include "lightlane/pcs/block66.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "lightlane/base/random.hpp"

namespace lightlane::pcs {
namespace {

namespace mii = signal::mii;

/// A second encoder that only knows the printed table: it writes the block as a string of bits.
std::string oracle(std::uint64_t word, unsigned control) {
  const auto bits = [](unsigned value, int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text += (value >> i & 1) ? '1' : '0';
    return text;
  };
  unsigned octets[8];
  for (int i = 0; i < 8; ++i) octets[i] = static_cast<unsigned>(word >> (8 * i) & 0xff);
  const auto code = [&](int i) {
    return octets[i] == 0x07 ? 0x00 : octets[i] == 0x06 ? 0x06 : octets[i] == 0xfe ? 0x1e : -1;
  };
  std::string text = "10", error = "10" + bits(0x1e, 8);
  for (int i = 0; i < 8; ++i) error += bits(0x1e, 7);
  if (control == 0) {
    text = "01";
    for (unsigned o : octets) text += bits(o, 8);
    return text;
  }
  if (control == 1 && octets[0] == 0xfb) {
    text += bits(0x78, 8);
    for (int i = 1; i < 8; ++i) text += bits(octets[i], 8);
    return text;
  }
  if (control == 1 && (octets[0] == 0x9c || octets[0] == 0x5c)) {
    for (int i = 4; i < 8; ++i) {
      if (octets[i] != 0) return error;
    }
    text += bits(0x4b, 8);
    for (int i = 1; i < 4; ++i) text += bits(octets[i], 8);
    return text + bits(octets[0] == 0x9c ? 0 : 15, 4) + std::string(28, '0');
  }
  if (control == 0xff && octets[0] != 0xfd) {
    text += bits(0x1e, 8);
    for (int i = 0; i < 8; ++i) {
      if (code(i) < 0 || code(i) == 0x1e) return error;
      text += bits(static_cast<unsigned>(code(i)), 7);
    }
    return text;
  }
  static constexpr unsigned types[] = {0x87, 0x99, 0xaa, 0xb4, 0xcc, 0xd2, 0xe1, 0xff};
  int t = 0;
  while (!(control >> t & 1)) ++t;
  if (control != (0xffu << t & 0xff) || octets[t] != 0xfd) return error;
  text += bits(types[t], 8);
  for (int i = 0; i < t; ++i) text += bits(octets[i], 8);
  text += std::string(static_cast<std::size_t>(7 - t), '0');
  for (int i = t + 1; i < 8; ++i) {
    if (code(i) < 0) return error;
    text += bits(static_cast<unsigned>(code(i)), 7);
  }
  return text;
}

std::string text_of(std::uint64_t payload, std::uint8_t header) {
  std::string text;
  for (int i = 0; i < 2; ++i) text += (header >> i & 1) ? '1' : '0';
  for (int i = 0; i < 64; ++i) text += (payload >> i & 1) ? '1' : '0';
  return text;
}

/// Words that exercise a control pattern: control characters drawn from a set, data octets at random, the
/// flavour making whole words of idles, orderly terminates and so on frequent.
std::uint64_t draw_word(std::uint64_t random, unsigned control, unsigned flavour) {
  static constexpr std::uint8_t characters[] = {0x07, 0x06, 0xfe, 0xfb, 0xfd, 0x9c, 0x5c, 0x1c};
  std::uint64_t word = 0;
  for (unsigned i = 0; i < 8; ++i) {
    std::uint64_t octet = random >> (8 * i) & 0xff;
    if (control >> i & 1) {
      const bool first = (control & ((1u << i) - 1)) == 0;
      if (first) {
        octet = characters[flavour & 7];
      } else if (flavour & 8) {
        octet = 0x07;
      } else {
        octet = characters[octet % ((flavour & 16) ? 3 : 8)];
      }
    }
    word |= octet << (8 * i);
  }
  if ((flavour & 32) && control == 1) word &= 0xffffffffu;
  return word;
}

TEST(Block66, EveryControlPatternEncodesAsPrinted) {
  const RandomStream random(1, "block66", 0);
  std::uint64_t k = 0;
  std::size_t valid = 0;
  for (unsigned control = 0; control < 256; ++control) {
    for (unsigned flavour = 0; flavour < 64; ++flavour) {
      for (int repeat = 0; repeat < 4; ++repeat) {
        const std::uint64_t word = draw_word(random.bits(k++), control, flavour);
        const Block66 block = encode_block(word, static_cast<std::uint8_t>(control));
        ASSERT_EQ(text_of(block.payload, block.header), oracle(word, control))
            << std::hex << word << " " << control;
        const MiiWord back = decode_block(block.payload, block.header);
        ASSERT_EQ(back.type, block.type);
        if (block.type == BlockClass::error) continue;
        ++valid;
        ASSERT_EQ(back.data, word);
        ASSERT_EQ(back.control, control);
      }
    }
  }
  EXPECT_GT(valid, 500u);
}

TEST(Block66, KnownBlocks) {
  EXPECT_EQ(encode_block(mii::idle_word, 0xff).payload, idle_block);
  EXPECT_EQ(encode_block(mii::error_word, 0xff).payload, error_block);
  EXPECT_EQ(encode_block(mii::local_fault, 1).payload, local_fault_block);
  EXPECT_EQ(encode_block(mii::remote_fault, 1).payload, remote_fault_block);
  EXPECT_EQ(encode_block(mii::local_fault, 1).type, BlockClass::control);
  EXPECT_EQ(encode_block(0xd5555555555555fb, 1).payload, 0xd555555555555578u);
  EXPECT_EQ(encode_block(mii::lpi_word, 0xff).type, BlockClass::control);
}

TEST(Block66, OnlyElevenBlockTypesAreValid) {
  std::vector<unsigned> valid;
  for (unsigned type = 0; type < 256; ++type) {
    if (classify_block(type, signal::control_header) != BlockClass::error) valid.push_back(type);
  }
  const std::vector<unsigned> expected = {0x1e, 0x4b, 0x78, 0x87, 0x99, 0xaa, 0xb4, 0xcc, 0xd2, 0xe1, 0xff};
  EXPECT_EQ(valid, expected);
  EXPECT_EQ(classify_block(idle_block, 0), BlockClass::error);
  EXPECT_EQ(classify_block(idle_block, signal::invalid_header), BlockClass::error);
}

TEST(Block66, TransmitMachineTable) {
  using S = BlockState;
  using B = BlockClass;
  // Rows: init C D T E; columns: C S D T E.
  static constexpr S expected[5][5] = {{S::control, S::data, S::error, S::error, S::error},
                                       {S::control, S::data, S::error, S::error, S::error},
                                       {S::error, S::error, S::data, S::terminate, S::error},
                                       {S::control, S::data, S::error, S::error, S::error},
                                       {S::control, S::error, S::data, S::terminate, S::error}};
  for (int state = 0; state < 5; ++state) {
    for (int type = 0; type < 5; ++type) {
      EXPECT_EQ(next_transmit_state(static_cast<S>(state), static_cast<B>(type)), expected[state][type]);
      for (int next = 0; next < 5; ++next) {
        const bool bad_end = type == 3 && next != 0 && next != 1;
        EXPECT_EQ(next_receive_state(static_cast<S>(state), static_cast<B>(type), static_cast<B>(next)),
                  bad_end ? S::error : expected[state][type]);
      }
    }
  }
}

signal::MiiWords traffic(std::uint64_t seed, std::size_t count, bool damage) {
  const RandomStream random(seed, "block66.traffic", 0);
  signal::MiiWords words;
  std::uint64_t k = 0;
  while (words.size() < count) {
    const std::uint64_t r = random.bits(k++);
    for (std::uint64_t i = 0; i < r % 4; ++i) words.push_idle();
    if (r % 11 == 0) words.push(mii::remote_fault, 1);
    if (r % 13 == 0) words.push(mii::lpi_word, 0xff);
    words.push(0xd5555555555555fb, 1);
    for (std::uint64_t i = 0; i < (r >> 8) % 40; ++i) words.push(random.bits(k++), 0);
    const unsigned lane = (r >> 20) & 7;
    const std::uint64_t mask = (std::uint64_t{1} << (8 * lane)) - 1;
    words.push((random.bits(k++) & mask) | (mii::idle_word - 0x07 + 0xfd) << (8 * lane),
               static_cast<std::uint8_t>(0xff << lane));
  }
  words.push_idle();
  if (damage) {
    for (std::size_t i = 0; i < words.size(); ++i) {
      const std::uint64_t r = random.bits(1u << 30 | i);
      if (r % 16 == 0) words.control[i] = static_cast<std::uint8_t>(r >> 8);
      if (r % 17 == 0) words.data[i] = draw_word(r * 0x9e3779b97f4a7c15u, words.control[i], r >> 16 & 63);
    }
  }
  return words;
}

TEST(Block66, TrafficSurvives) {
  const signal::MiiWords words = traffic(3, 5000, false);
  Block66Encoder encoder;
  Block66Decoder decoder;
  signal::Blocks66 blocks;
  signal::MiiWords back;
  encoder.process(words, blocks);
  blocks.push(idle_block, signal::control_header);
  decoder.process(blocks, back);
  EXPECT_EQ(back.data, words.data);
  EXPECT_EQ(back.control, words.control);
  EXPECT_EQ(encoder.report().error_blocks, 0u);
  EXPECT_EQ(decoder.report().error_blocks, 0u);
}

TEST(Block66, EveryVariantEqualsTheReferenceInAnyChunks) {
  for (const bool damage : {false, true}) {
    const signal::MiiWords words = traffic(4, 6000, damage);
    signal::Blocks66 expected_blocks;
    signal::MiiWords expected_words;
    Block66Encoder ref_encoder(block66_kernels().front().function);
    Block66Decoder ref_decoder(block66_kernels().front().function);
    ref_encoder.process(words, expected_blocks);
    signal::Blocks66 received = expected_blocks;
    const RandomStream random(5, "block66.damage", 0);
    for (std::size_t i = 0; damage && i < received.size(); ++i) {
      const std::uint64_t r = random.bits(i);
      if (r % 23 == 0) received.header[i] = r >> 10 & 3;
      if (r % 29 == 0) received.payload[i] ^= std::uint64_t{1} << (r >> 12 & 63);
      if (r % 31 == 0) received.payload[i] = (received.payload[i] & ~std::uint64_t{0xff}) | (r >> 20 & 0xff);
    }
    ref_decoder.process(received, expected_words);
    ref_decoder.finish(expected_words);
    EXPECT_EQ(expected_words.size(), words.size());
    EXPECT_EQ(ref_decoder.report().error_blocks > 0, damage);
    for (const auto& kernel : block66_kernels()) {
      if (kernel.variant > supported_variant()) continue;
      for (const std::size_t chunk : {1u, 3u, 8u, 61u, 100000u}) {
        Block66Encoder encoder(kernel.function);
        Block66Decoder decoder(kernel.function);
        signal::Blocks66 blocks;
        signal::MiiWords back;
        for (std::size_t i = 0; i < words.size(); i += chunk) {
          const std::size_t n = std::min(chunk, words.size() - i);
          encoder.process(words.data.data() + i, words.control.data() + i, n, blocks);
          decoder.process(received.payload.data() + i, received.header.data() + i, n, back);
        }
        decoder.finish(back);
        EXPECT_EQ(blocks.payload, expected_blocks.payload) << name(kernel.variant) << " " << chunk;
        EXPECT_EQ(blocks.header, expected_blocks.header);
        EXPECT_EQ(back.data, expected_words.data) << name(kernel.variant) << " " << chunk;
        EXPECT_EQ(back.control, expected_words.control);
        EXPECT_EQ(encoder.report().error_blocks, ref_encoder.report().error_blocks);
        EXPECT_EQ(decoder.report().error_blocks, ref_decoder.report().error_blocks);
      }
    }
  }
}

/// A terminate in each lane before every kind of character in every later lane, at every place in a step of
/// eight.
TEST(Block66, EveryVariantLooksAtEachCharacterBehindATerminate) {
  signal::MiiWords words;
  for (unsigned lane = 0; lane < 8; ++lane) {
    for (unsigned other = lane; other < 8; ++other) {
      for (const std::uint64_t character : {0x07u, 0x06u, 0xfeu, 0x1cu, 0xfdu}) {
        std::uint64_t word = (mii::idle_word - 7 + 0xfd) << (8 * lane) |
                             (0x1122334455667788u & ((std::uint64_t{1} << (8 * lane)) - 1));
        if (other > lane) word = (word & ~(std::uint64_t{0xff} << (8 * other))) | character << (8 * other);
        words.push(0xd5555555555555fb, 1);
        words.push(word * 3, 0);
        words.push(word, static_cast<std::uint8_t>(0xff << lane));
        words.push_idle(1 + words.size() % 7 % 3);
      }
    }
  }
  const auto& table = block66_kernels();
  signal::Blocks66 expected;
  signal::MiiWords expected_back;
  Block66Encoder ref_encoder(table.front().function);
  Block66Decoder ref_decoder(table.front().function);
  ref_encoder.process(words, expected);
  ref_decoder.process(expected, expected_back);
  for (const auto& kernel : table) {
    if (kernel.variant > supported_variant()) continue;
    for (std::size_t skip = 0; skip < 8; ++skip) {
      Block66Encoder encoder(kernel.function);
      Block66Decoder decoder(kernel.function);
      signal::Blocks66 blocks;
      signal::MiiWords back;
      encoder.process(words.data.data(), words.control.data(), skip, blocks);
      encoder.process(words.data.data() + skip, words.control.data() + skip, words.size() - skip, blocks);
      ASSERT_EQ(blocks.payload, expected.payload) << name(kernel.variant);
      decoder.process(blocks.payload.data(), blocks.header.data(), skip, back);
      decoder.process(blocks.payload.data() + skip, blocks.header.data() + skip, blocks.size() - skip, back);
      ASSERT_EQ(back.data, expected_back.data) << name(kernel.variant);
      ASSERT_EQ(back.control, expected_back.control) << name(kernel.variant);
    }
  }
}

TEST(Block66, EveryVariantLooksAtEachBitOfAControlBlock) {
  signal::Blocks66 blocks;
  for (const std::uint8_t type : {0x1e, 0x78, 0x4b, 0x87, 0x99, 0xaa, 0xb4, 0xcc, 0xd2, 0xe1, 0xff}) {
    for (unsigned bit = 0; bit < 65; ++bit) {
      const std::uint64_t flipped = bit < 64 ? std::uint64_t{1} << bit : 0;
      if ((type & 0x80) != 0) {
        blocks.push(0xd555555555555578, signal::control_header);
        blocks.push(bit, signal::data_header);
      }
      blocks.push(type ^ flipped, signal::control_header);
      blocks.push(idle_block, signal::control_header);
    }
  }
  signal::MiiWords expected;
  Block66Decoder ref_decoder(block66_kernels().front().function);
  ref_decoder.process(blocks, expected);
  for (const auto& kernel : block66_kernels()) {
    if (kernel.variant > supported_variant()) continue;
    for (std::size_t skip = 0; skip < 8; ++skip) {
      Block66Decoder decoder(kernel.function);
      signal::MiiWords back;
      decoder.process(blocks.payload.data(), blocks.header.data(), skip, back);
      decoder.process(blocks.payload.data() + skip, blocks.header.data() + skip, blocks.size() - skip, back);
      ASSERT_EQ(back.data, expected.data) << name(kernel.variant);
      ASSERT_EQ(back.control, expected.control) << name(kernel.variant);
    }
  }
}

TEST(Block66, LossOfAlignmentGivesLocalFault) {
  Block66Decoder decoder;
  signal::MiiWords out;
  signal::Blocks66 blocks;
  blocks.push(idle_block, signal::control_header);
  blocks.push(0xd555555555555578u, signal::control_header);
  decoder.process(blocks, out);
  decoder.fault(2, out);
  blocks.clear();
  blocks.push(1, signal::data_header);
  blocks.push(idle_block, signal::control_header);
  decoder.process(blocks, out);
  decoder.finish(out);
  const std::vector<std::uint64_t> expected = {mii::idle_word,   mii::local_fault, mii::local_fault,
                                               mii::local_fault, mii::error_word,  mii::idle_word};
  EXPECT_EQ(out.data, expected);
}

}  // namespace
}  // namespace lightlane::pcs
