#include "lightlane/io/capture_parser.hpp"

#include <gtest/gtest.h>

#include <cstring>

#include "lightlane/base/error.hpp"
#include "lightlane/io/capture_test_files.hpp"

namespace lightlane::io {
namespace {

using namespace test;

struct Got {
  std::vector<std::uint8_t> octets;
  std::int64_t time_ns;
  std::uint32_t original, interface_index;
  bool link_error;
};

struct Parsed {
  std::vector<Got> frames;
  CaptureReport report;
};

/// `step` bytes at a time, so that records straddle reads.
Parsed parse(const std::vector<std::uint8_t>& bytes, const CaptureReaderOptions& options = {},
             std::size_t step = ~std::size_t{0}) {
  std::size_t at = 0;
  CaptureParser parser(
      "test.pcap",
      [&](std::uint8_t* to, std::size_t count) {
        const std::size_t got = std::min({count, step, bytes.size() - at});
        if (got != 0) std::memcpy(to, bytes.data() + at, got);
        at += got;
        return got;
      },
      options);
  Parsed result;
  CapturedFrame frame;
  while (parser.next(frame)) {
    result.frames.push_back({{frame.octets.begin(), frame.octets.end()},
                             frame.time_ns,
                             frame.original_octets,
                             frame.interface_index,
                             frame.link_error});
  }
  EXPECT_FALSE(parser.next(frame));
  result.report = parser.report();
  return result;
}

std::string error_of(const std::vector<std::uint8_t>& bytes, const CaptureReaderOptions& options = {}) {
  try {
    parse(bytes, options);
  } catch (const InputError& error) {
    EXPECT_FALSE(error.detail().place.empty());
    return error.what();
  }
  return "no error";
}

#define EXPECT_ERROR(bytes, part) EXPECT_NE(error_of(bytes).find(part), std::string::npos) << error_of(bytes)

class BothOrders : public ::testing::TestWithParam<bool> {
 protected:
  Bytes file{GetParam()};
};
INSTANTIATE_TEST_SUITE_P(ByteOrder, BothOrders, ::testing::Bool(),
                         [](const auto& order) { return order.param ? "big_endian" : "little_endian"; });

TEST_P(BothOrders, PcapMicroseconds) {
  pcap_header(file);
  pcap_record(file, 1700000000, 123456, some_frame(60));
  pcap_record(file, 4294967295u, 999999, some_frame(1514, 2));
  for (const std::size_t step : {std::size_t{1}, std::size_t{7}, std::size_t{4096}}) {
    const Parsed parsed = parse(file.bytes, {}, step);
    ASSERT_EQ(parsed.frames.size(), 2u);
    EXPECT_EQ(parsed.frames[0].octets, some_frame(60));
    EXPECT_EQ(parsed.frames[0].time_ns, 1700000000123456000);
    EXPECT_EQ(parsed.frames[1].octets, some_frame(1514, 2));
    EXPECT_EQ(parsed.frames[1].time_ns, 4294967295999999000);
    EXPECT_EQ(parsed.frames[1].original, 1514u);
    EXPECT_EQ(parsed.report.format, CaptureFormat::pcap);
    EXPECT_FALSE(parsed.report.nanoseconds);
    EXPECT_EQ(parsed.report.octets, 1574u);
    EXPECT_EQ(parsed.report.bytes, file.bytes.size());
  }
}

TEST_P(BothOrders, PcapNanoseconds) {
  pcap_header(file, 0xa1b23c4d);
  pcap_record(file, 5, 999999999, some_frame(1));
  const Parsed parsed = parse(file.bytes);
  ASSERT_EQ(parsed.frames.size(), 1u);
  EXPECT_EQ(parsed.frames[0].time_ns, 5999999999);
  EXPECT_TRUE(parsed.report.nanoseconds);
}

TEST_P(BothOrders, PcapFcsIsCutOff) {
  pcap_header(file, 0xa1b2c3d4, 1 | 1u << 26 | 2u << 28);
  pcap_record(file, 5, 0, some_frame(64));
  const Parsed parsed = parse(file.bytes);
  ASSERT_EQ(parsed.frames.size(), 1u);
  EXPECT_EQ(parsed.frames[0].octets, some_frame(60));
  EXPECT_EQ(parsed.report.fcs_removed, 1u);
}

TEST_P(BothOrders, PcapngSectionsInterfacesAndUnknownBlocks) {
  section(file);
  const Bytes nano = file.empty().option(2, file.empty().u8('e').u8('0')).option(9, file.empty().u8(9));
  interface(file);
  interface(file, 1, 0, &nano);
  enhanced(file, 0, 1'000'001, some_frame(61));
  file.block(0x0bad, file.empty().u32(1).u32(2));
  enhanced(file, 1, 2'000'000'003, some_frame(62));
  file.block(4, file.empty());  // name resolution, no records
  section(file);
  interface(file, 1, 0, &nano);
  enhanced(file, 0, 7, some_frame(63));
  for (const std::size_t step : {std::size_t{1}, std::size_t{13}, std::size_t{4096}}) {
    const Parsed parsed = parse(file.bytes, {}, step);
    ASSERT_EQ(parsed.frames.size(), 3u);
    EXPECT_EQ(parsed.frames[0].time_ns, 1'000'001'000);
    EXPECT_EQ(parsed.frames[1].time_ns, 2'000'000'003);
    EXPECT_EQ(parsed.frames[1].interface_index, 1u);
    EXPECT_EQ(parsed.frames[1].octets, some_frame(62));
    EXPECT_EQ(parsed.frames[2].time_ns, 7);
    EXPECT_EQ(parsed.report.sections, 2u);
    EXPECT_EQ(parsed.report.interfaces, 3u);
    EXPECT_EQ(parsed.report.skipped_blocks, 2u);
    EXPECT_TRUE(parsed.report.nanoseconds);
  }
}

TEST_P(BothOrders, SectionsOfBothByteOrdersInOneFile) {
  section(file);
  interface(file);
  enhanced(file, 0, 1, some_frame(60));
  Bytes other(!GetParam());
  section(other);
  interface(other);
  enhanced(other, 0, 0x123456789, some_frame(61));
  file.raw(other);
  const Parsed parsed = parse(file.bytes);
  ASSERT_EQ(parsed.frames.size(), 2u);
  EXPECT_EQ(parsed.frames[1].time_ns, 0x123456789 * 1000ll);
  EXPECT_EQ(parsed.frames[1].octets, some_frame(61));
}

TEST_P(BothOrders, TimeResolutions) {
  struct Case {
    unsigned resolution;
    std::int64_t offset_s;
    std::uint64_t units;
    std::int64_t time_ns;
  };
  const Case cases[] = {
      {0, 0, 12, 12'000'000'000},
      {3, 0, 12, 12'000'000},
      {6, 100, 12, 100'000'012'000},
      {9, -1, 1'500'000'000, 500'000'000},
      {12, 0, 1999, 1},
      {127, 0, ~std::uint64_t{0}, 0},
      {0x80, 0, 3, 3'000'000'000},
      {0x80 | 10, 0, 1536, 1'500'000'000},
      {0x80 | 30, 5, std::uint64_t{1} << 29, 5'500'000'000},
      {0x80 | 63, 0, std::uint64_t{1} << 62, 500'000'000},
      {0xff, 0, ~std::uint64_t{0}, 0},
  };
  for (const Case& c : cases) {
    Bytes f(GetParam());
    section(f);
    const Bytes options = f.empty()
                              .option(9, f.empty().u8(c.resolution))
                              .option(14, f.empty().u64(static_cast<std::uint64_t>(c.offset_s)));
    interface(f, 1, 0, &options);
    enhanced(f, 0, c.units, some_frame(60));
    const Parsed parsed = parse(f.bytes);
    ASSERT_EQ(parsed.frames.size(), 1u);
    EXPECT_EQ(parsed.frames[0].time_ns, c.time_ns) << c.resolution;
  }
  Bytes f(GetParam());
  section(f);
  const Bytes seconds = f.empty().option(9, f.empty().u8(0));
  interface(f, 1, 0, &seconds);
  enhanced(f, 0, ~std::uint64_t{0}, some_frame(60));
  EXPECT_ERROR(f.bytes, "18446744073709551615");
}

TEST_P(BothOrders, SimpleAndObsoletePacketBlocks) {
  section(file);
  interface(file, 1, 100);
  enhanced(file, 0, 55, some_frame(60));
  file.block(3, file.empty().u32(62).raw(some_frame(62, 3)).pad());
  file.block(3, file.empty().u32(200).raw(some_frame(100, 4)).pad());  // cut by the snap length of 100
  file.block(2, file.empty().u16(0).u16(9).u32(0).u32(77).u32(63).u32(63).raw(some_frame(63, 5)).pad());
  const Parsed parsed = parse(file.bytes);
  ASSERT_EQ(parsed.frames.size(), 3u);
  EXPECT_EQ(parsed.frames[1].octets, some_frame(62, 3));
  EXPECT_EQ(parsed.frames[1].time_ns, 55'000);  // no time of its own
  EXPECT_EQ(parsed.frames[2].octets, some_frame(63, 5));
  EXPECT_EQ(parsed.frames[2].time_ns, 77'000);
  EXPECT_EQ(parsed.report.cut_frames, 1u);
}

TEST_P(BothOrders, PacketFlags) {
  section(file);
  interface(file);
  const Bytes good = file.empty().option(2, file.empty().u32(1 | 4u << 5));
  const Bytes bad =
      file.empty().option(1, file.empty().u8('x')).option(2, file.empty().u32(1 | 4u << 5 | 1u << 24));
  enhanced(file, 0, 1, some_frame(64), 0, &good);
  enhanced(file, 0, 2, some_frame(65), 0, &bad);
  const Parsed parsed = parse(file.bytes);
  ASSERT_EQ(parsed.frames.size(), 2u);
  EXPECT_EQ(parsed.frames[0].octets.size(), 60u);
  EXPECT_FALSE(parsed.frames[0].link_error);
  EXPECT_EQ(parsed.frames[1].octets.size(), 61u);
  EXPECT_TRUE(parsed.frames[1].link_error);
  EXPECT_EQ(parsed.report.fcs_removed, 2u);
  EXPECT_EQ(parsed.report.error_frames, 1u);
}

TEST_P(BothOrders, CutAndLongFrames) {
  pcap_header(file);
  pcap_record(file, 1, 0, some_frame(96), 1514);
  pcap_record(file, 2, 0, some_frame(1000));
  pcap_record(file, 3, 0, some_frame(0), 60);
  pcap_record(file, 4, 0, some_frame(80));
  const Parsed parsed = parse(file.bytes);
  EXPECT_EQ(parsed.frames.size(), 2u);
  EXPECT_EQ(parsed.report.cut_frames, 2u);
  const Parsed shorter = parse(file.bytes, {.max_frame_octets = 100, .skip_long = true});
  ASSERT_EQ(shorter.frames.size(), 1u);
  EXPECT_EQ(shorter.frames[0].octets.size(), 80u);
  EXPECT_EQ(shorter.report.long_frames, 2u);
  EXPECT_EQ(shorter.report.cut_frames, 1u);
  EXPECT_NE(error_of(file.bytes, {.refuse_cut = true})
                .find("offset 24: a record holds 96 octets of a frame of 1514"),
            std::string::npos);
  EXPECT_NE(error_of(file.bytes, {.max_frame_octets = 1513}).find("a frame of 1514 octets"),
            std::string::npos);
}

TEST_P(BothOrders, LongFramesOfPcapngAreSkippedWithoutHoldingThem) {
  section(file);
  interface(file);
  enhanced(file, 0, 1, some_frame(3'000'000));
  enhanced(file, 0, 2, some_frame(60));
  const Parsed parsed = parse(file.bytes, {.skip_long = true});
  ASSERT_EQ(parsed.frames.size(), 1u);
  EXPECT_EQ(parsed.report.long_frames, 1u);
  EXPECT_ERROR(file.bytes, "3000000 octets");
}

// --- errors: each names file, offset, what was read and what is allowed

TEST(CaptureErrors, NotACapture) {
  EXPECT_ERROR({}, "test.pcap: offset 0: is empty");
  EXPECT_ERROR((std::vector<std::uint8_t>{1, 2}), "has only 2 bytes");
  EXPECT_ERROR((std::vector<std::uint8_t>{'P', 'K', 3, 4, 5}), "begins with 504b0304");
  EXPECT_ERROR((std::vector<std::uint8_t>{0x1f, 0x8b, 8, 0}), "gzip");
  EXPECT_ERROR((std::vector<std::uint8_t>{0xa1, 0xb2, 0xcd, 0x34}), "modified pcap");
}

TEST_P(BothOrders, EveryTruncationIsAnErrorOrAWholePrefix) {
  pcap_header(file);
  pcap_record(file, 1, 0, some_frame(60));
  pcap_record(file, 1, 0, some_frame(61));
  Bytes ng(GetParam());
  section(ng);
  interface(ng);
  enhanced(ng, 0, 1, some_frame(61));
  ng.block(77, ng.empty().u32(0));
  for (const Bytes* whole : {&file, &ng}) {
    unsigned without_error = 0;
    for (std::size_t size = 0; size < whole->bytes.size(); ++size) {
      const std::string error =
          error_of({whole->bytes.begin(), whole->bytes.begin() + static_cast<long>(size)});
      if (error == "no error") {
        ++without_error;
      } else {
        EXPECT_NE(error.find("offset"), std::string::npos);
      }
    }
    EXPECT_EQ(without_error, whole == &file ? 2u : 3u);  // cuts between records
  }
}

TEST_P(BothOrders, Pcap) {
  const auto header_only = [&](std::uint32_t magic, unsigned major, std::uint32_t link) {
    Bytes f(GetParam());
    f.u32(magic).u16(major).u16(4).u32(0).u32(0).u32(65535).u32(link);
    return f;
  };
  EXPECT_ERROR(header_only(0xa1b2c3d4, 3, 1).bytes, "offset 4: has version 3.4; allowed: 2.3, 2.4");
  EXPECT_ERROR(header_only(0xa1b2c3d4, 2, 113).bytes,
               "offset 20: has link type 113 (Linux cooked capture); allowed: 1");
  EXPECT_ERROR(header_only(0xa1b2c3d4, 2, 9999).bytes, "link type 9999");
  EXPECT_ERROR(header_only(0xa1b2c3d4, 2, 1 | 1u << 26 | 7u << 28).bytes, "FCS of 14 octets");
  EXPECT_EQ(error_of(header_only(0xa1b2c3d4, 2, 1).bytes), "no error");

  const auto record = [&](std::uint32_t captured, std::uint32_t original) {
    Bytes f = header_only(0xa1b2c3d4, 2, 1);
    return f.u32(1).u32(2).u32(captured).u32(original).raw(some_frame(60));
  };
  EXPECT_ERROR(record(0, 0).bytes, "offset 24: a record holds a frame of 0 octets; allowed: 1 octet");
  EXPECT_ERROR(record(0xffffffff, 0xffffffff).bytes, "the file is damaged");
  EXPECT_ERROR(record(60, 0xffffffff).bytes, "the file is damaged");
  EXPECT_ERROR(record(60, 59).bytes, "holds 60 octets of a frame of 59");
  EXPECT_ERROR(record(61, 61).bytes, "offset 24: ends inside a record: 76 of its 77 bytes");
  EXPECT_ERROR(record(262145, 262145).bytes, "1 to 262144 octets");
}

TEST_P(BothOrders, Pcapng) {
  const auto begun = [&] {
    Bytes f(GetParam());
    section(f);
    interface(f);
    return f;
  };
  Bytes f = begun();
  const std::string at = "offset " + std::to_string(f.bytes.size());
  enhanced(f, 3, 0, some_frame(60));
  EXPECT_ERROR(f.bytes, at + ": a packet block names interface 3; allowed: 0 to 0");

  f = begun();
  enhanced(f, 0, 0, {});
  EXPECT_ERROR(f.bytes, at + ": a packet block holds a frame of 0 octets");

  f = begun();
  f.u32(6).u32(30).u32(0);
  EXPECT_ERROR(f.bytes, "has 30 bytes; allowed: a multiple of 4");

  f = begun();
  f.u32(6).u32(8).u32(8);
  EXPECT_ERROR(f.bytes, "has 8 bytes");

  f = begun();
  f.u32(6).u32(16).u32(0).u32(16);
  EXPECT_ERROR(f.bytes, "a packet block has 16 bytes; allowed: 32 or more");

  f = begun();
  enhanced(f, 0, 0, some_frame(60));
  f.bytes[f.bytes.size() - (GetParam() ? 1 : 4)] ^= 4;
  EXPECT_ERROR(f.bytes, "a block of 92 bytes ends with the length 88");

  f = begun();  // captured length beyond the block
  f.block(6, f.empty().u32(0).u32(0).u32(0).u32(1000).u32(1000).raw(some_frame(60)));
  EXPECT_ERROR(f.bytes, "a packet block of 92 bytes says that it holds 1000 octets; allowed: 0 to 60");

  f = begun();
  f.block(6, f.empty().u32(0).u32(0).u32(0).u32(0xfffffffe).u32(0xffffffff).raw(some_frame(60)));
  EXPECT_ERROR(f.bytes, "4294967294");

  f = begun();
  f.block(3, f.empty().u32(0xffffffff).raw(some_frame(60)));
  EXPECT_ERROR(f.bytes, "4294967295");

  f = begun();  // an option that leaves its block
  const Bytes overlong = f.empty().u16(99).u16(400);
  enhanced(f, 0, 0, some_frame(60), 0, &overlong);
  EXPECT_ERROR(f.bytes, "option 99 has 400 bytes");

  f = begun();
  interface(f, 113);
  enhanced(f, 1, 0, some_frame(60));
  EXPECT_ERROR(f.bytes, "113 (Linux cooked capture)");

  f = begun();
  const Bytes bad_resolution = f.empty().option(9, f.empty().u16(9));
  interface(f, 1, 0, &bad_resolution);
  EXPECT_ERROR(f.bytes, "option 9 has 2 bytes");

  f = Bytes(GetParam());
  f.block(0x0a0d0d0a, f.empty().u32(0x11223344).u16(1).u16(0).u64(0));
  EXPECT_ERROR(f.bytes, "offset 8: a section has the byte-order magic");

  f = Bytes(GetParam());
  f.block(0x0a0d0d0a, f.empty().u32(0x1a2b3c4d).u16(2).u16(0).u64(0));
  EXPECT_ERROR(f.bytes, "pcapng version 2.0");
}

TEST_P(BothOrders, AnotherLinkTypeWithoutPacketsIsNoError) {
  section(file);
  interface(file);
  interface(file, 113);
  enhanced(file, 0, 0, some_frame(60));
  EXPECT_EQ(parse(file.bytes).frames.size(), 1u);
}

TEST(CaptureErrors, AfterAnErrorTheParserIsFinished) {
  Bytes file(false);
  pcap_header(file);
  file.u32(1).u32(2).u32(0).u32(0);
  pcap_record(file, 1, 0, some_frame(60));
  std::size_t at = 0;
  CaptureParser parser("x", [&](std::uint8_t* to, std::size_t count) {
    const std::size_t got = std::min(count, file.bytes.size() - at);
    if (got != 0) std::memcpy(to, file.bytes.data() + at, got);
    at += got;
    return got;
  });
  CapturedFrame frame;
  EXPECT_THROW(parser.next(frame), InputError);
  EXPECT_FALSE(parser.next(frame));
}

}  // namespace
}  // namespace lightlane::io
