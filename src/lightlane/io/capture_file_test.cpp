// Files as such: reader, writer, and files that appear whole or not at all.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "lightlane/base/error.hpp"
#include "lightlane/io/atomic_file.hpp"
#include "lightlane/io/capture_reader.hpp"
#include "lightlane/io/capture_test_files.hpp"
#include "lightlane/io/capture_writer.hpp"

namespace lightlane::io {
namespace {

namespace fs = std::filesystem;

class Files : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "lightlane-io-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder = name;
  }
  void TearDown() override { fs::remove_all(folder); }
  std::string at(const std::string& name) const { return (folder / name).string(); }
  std::string content(const std::string& name) const {
    std::ifstream file(at(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
  }
  fs::path folder;
};

using AtomicFileTest = Files;
using CaptureFileTest = Files;

TEST_F(AtomicFileTest, AppearsOnCommitOnly) {
  {
    AtomicFile file(at("a"));
    file.write("half");
    EXPECT_FALSE(fs::exists(at("a")));
  }
  EXPECT_EQ(files(), 0u);
  write_file(at("a"), "old");
  {
    AtomicFile file(at("a"));
    file.write(std::string(1'000'000, 'x'));
    EXPECT_EQ(content("a"), "old");
  }
  EXPECT_EQ(content("a"), "old");
  EXPECT_EQ(files(), 1u);
  AtomicFile file(at("a"));
  file.write("new ");
  file.write(std::string(600'000, 'y'));
  file.commit();
  EXPECT_EQ(content("a"), "new " + std::string(600'000, 'y'));
  EXPECT_EQ(file.size(), 600'004u);
  EXPECT_EQ(files(), 1u);
}

TEST_F(AtomicFileTest, KeepsPermissionsAndLinks) {
  write_file(at("a"), "old");
  fs::permissions(at("a"), fs::perms::owner_read | fs::perms::owner_write);
  fs::create_symlink("a", at("link"));
  write_file(at("link"), "new");
  EXPECT_EQ(content("a"), "new");
  EXPECT_TRUE(fs::is_symlink(at("link")));
  EXPECT_EQ(fs::status(at("a")).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(files(), 2u);
}

TEST_F(AtomicFileTest, Refusals) {
  EXPECT_THROW(AtomicFile(at("missing/a")), InputError);
  EXPECT_THROW(AtomicFile(folder.string()), InputError);
  try {
    AtomicFile file(at("missing/a"));
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what()).find(at("missing/a") + ": cannot create it: No such file"),
              std::string::npos);
  }
  if (fs::exists("/dev/full")) {
    EXPECT_THROW(write_file("/dev/full", "x"), InputError);
    EXPECT_TRUE(fs::is_character_file("/dev/full"));
  }
  EXPECT_NO_THROW(write_file("/dev/null", "x"));
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

TEST_F(CaptureFileTest, RoundTripInBothFormatsAndResolutions) {
  for (const char* name : {"a.pcap", "a.pcapng"}) {
    for (const TimeResolution resolution : {TimeResolution::microseconds, TimeResolution::nanoseconds}) {
      CaptureWriter writer(at(name), {.resolution = resolution});
      const std::int64_t base = 1'700'000'000'123'456'789;
      for (unsigned i = 0; i < 3000; ++i) writer.write(test::some_frame(1 + i % 1600, i), base + i * 1001);
      EXPECT_EQ(writer.frames(), 3000u);
      writer.commit();

      CaptureReader reader(at(name));
      CapturedFrame frame;
      for (unsigned i = 0; i < 3000; ++i) {
        ASSERT_TRUE(reader.next(frame));
        const auto expected = test::some_frame(1 + i % 1600, i);
        ASSERT_TRUE(std::equal(frame.octets.begin(), frame.octets.end(), expected.begin(), expected.end()));
        std::int64_t time = base + i * 1001;
        if (resolution == TimeResolution::microseconds) time = time / 1000 * 1000;
        ASSERT_EQ(frame.time_ns, time);
      }
      EXPECT_FALSE(reader.next(frame));
      EXPECT_EQ(reader.report().format,
                std::string(name) == "a.pcap" ? CaptureFormat::pcap : CaptureFormat::pcapng);
      EXPECT_EQ(reader.report().nanoseconds, resolution == TimeResolution::nanoseconds);
    }
  }
}

TEST_F(CaptureFileTest, MarksOfDamagedFrames) {
  CaptureWriter writer(at("a.pcapng"));
  writer.write(test::some_frame(67), 1, {.fcs_octets = 4, .fcs_error = true});
  writer.write(test::some_frame(66), 2, {.fcs_octets = 4});
  writer.write(test::some_frame(60), 3);
  writer.commit();
  CaptureReader reader(at("a.pcapng"));
  CapturedFrame frame;
  ASSERT_TRUE(reader.next(frame));
  EXPECT_TRUE(frame.link_error);
  EXPECT_EQ(frame.octets.size(), 63u);
  ASSERT_TRUE(reader.next(frame));
  EXPECT_FALSE(frame.link_error);
  EXPECT_EQ(frame.octets.size(), 62u);
  ASSERT_TRUE(reader.next(frame));
  EXPECT_EQ(frame.octets.size(), 60u);
}

TEST_F(CaptureFileTest, WriterRefusals) {
  CaptureWriter writer(at("a.pcap"), {.snap_length = 2000});
  EXPECT_THROW(writer.write({}, 0), InputError);
  EXPECT_THROW(writer.write(test::some_frame(2001), 0), InputError);
  EXPECT_THROW(writer.write(test::some_frame(60), -1), InputError);
  EXPECT_THROW(writer.write(test::some_frame(60), 4'294'967'296'000'000'000), InputError);
  EXPECT_NO_THROW(writer.write(test::some_frame(60), 4'294'967'295'999'999'999));
  EXPECT_EQ(writer.frames(), 1u);
}

TEST_F(CaptureFileTest, AnEmptyCaptureIsACapture) {
  for (const char* name : {"a.pcap", "a.pcapng"}) {
    CaptureWriter(at(name)).commit();
    CaptureReader reader(at(name));
    CapturedFrame frame;
    EXPECT_FALSE(reader.next(frame));
  }
}

TEST_F(CaptureFileTest, ReaderRefusals) {
  EXPECT_THROW(CaptureReader(at("missing.pcap")), InputError);
  EXPECT_THROW(CaptureReader(folder.string()), InputError);
  try {
    CaptureReader reader(at("missing.pcap"));
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what()).find("No such file"), std::string::npos);
  }
}

TEST_F(CaptureFileTest, ReadsFramesInBatches) {
  CaptureWriter writer(at("a.pcapng"));
  for (unsigned i = 0; i < 100; ++i) writer.write(test::some_frame(100, i), 5'000 + 7 * i);
  writer.write(test::some_frame(100, 100), 4'000);  // earlier than the first
  writer.commit();
  CaptureReader reader(at("a.pcapng"));
  std::uint64_t sequence = 0;
  bool more = true;
  while (more) {
    signal::Frames frames;
    more = reader.read(frames, 1000);
    EXPECT_LE(frames.size(), 10u);
    for (std::size_t i = 0; i < frames.size(); ++i, ++sequence) {
      const auto expected = test::some_frame(100, static_cast<unsigned>(sequence));
      EXPECT_EQ(frames.records[i].sequence, sequence);
      EXPECT_EQ(frames.records[i].time_ps,
                sequence == 100 ? -1'000'000 : 7000 * static_cast<std::int64_t>(sequence));
      EXPECT_TRUE(std::equal(frames[i].begin(), frames[i].end(), expected.begin(), expected.end()));
    }
  }
  EXPECT_EQ(sequence, 101u);
  EXPECT_EQ(reader.first_time_ns(), 5'000);
}

/// The shipped capture, read whole; data/captures/README.md says what is in it.
TEST(ShippedCapture, HoldsTheKindsOfTrafficItPromises) {
  const char* root = std::getenv("LIGHTLANE_SOURCE_DIR");
  if (root == nullptr) GTEST_SKIP() << "LIGHTLANE_SOURCE_DIR is not set";
  CaptureReader reader(std::string(root) + "/data/captures/two-hosts.pcapng");
  CapturedFrame frame;
  std::map<unsigned, unsigned> types, ipv4_protocols, ipv6_protocols;
  unsigned jumbo = 0, frames = 0;
  while (reader.next(frame)) {
    ++frames;
    ASSERT_GE(frame.octets.size(), 14u);
    ASSERT_LE(frame.octets.size(), 9014u);
    const unsigned type = static_cast<unsigned>(frame.octets[12] << 8 | frame.octets[13]);
    ++types[type];
    if (type == 0x0800) ++ipv4_protocols[frame.octets[23]];
    if (type == 0x86dd) ++ipv6_protocols[frame.octets[20]];
    jumbo += frame.octets.size() > 1514;
  }
  EXPECT_GT(frames, 100u);
  EXPECT_GE(types[0x0806], 2u);       // ARP
  EXPECT_GE(ipv4_protocols[1], 2u);   // ICMP
  EXPECT_GE(ipv4_protocols[6], 10u);  // TCP
  EXPECT_GE(ipv4_protocols[17], 2u);  // UDP
  EXPECT_GE(ipv6_protocols[58], 4u);  // ICMPv6: neighbour discovery, echo
  EXPECT_GE(ipv6_protocols[6] + ipv6_protocols[17], 2u);
  EXPECT_GE(jumbo, 5u);
  EXPECT_EQ(reader.report().cut_frames, 0u);
  EXPECT_LT(reader.report().bytes, 300'000u);
}

}  // namespace
}  // namespace lightlane::io
