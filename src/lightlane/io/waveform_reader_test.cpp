#include "lightlane/io/waveform_reader.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "lightlane/base/error.hpp"

namespace lightlane::io {
namespace {

/// Octets of values, least significant first or last.
template <class Value>
std::string octets(const std::vector<Value>& values, bool big_endian = false) {
  std::string out;
  for (const Value value : values) {
    char bytes[sizeof(Value)];
    std::memcpy(bytes, &value, sizeof(Value));
    if (big_endian) std::reverse(bytes, bytes + sizeof(Value));
    out.append(bytes, sizeof(Value));
  }
  return out;
}

std::string npy_raw(const std::string& dictionary, const std::string& data, int major = 1) {
  std::string out = "\x93NUMPY";
  out += static_cast<char>(major);
  out += '\0';
  const std::size_t length = dictionary.size();
  for (int i = 0; i < (major == 1 ? 2 : 4); ++i) out += static_cast<char>(length >> (8 * i) & 0xff);
  return out + dictionary + data;
}

std::string npy(const std::string& descr, const std::string& shape, const std::string& data, int major = 1) {
  return npy_raw("{'descr': '" + descr + "', 'fortran_order': False, 'shape': " + shape + ", }          \n",
                 data, major);
}

CapturedWaveform parse(const std::string& content, const std::string& place = "file",
                       const WaveformOptions& options = {}, std::size_t step = 1000) {
  std::size_t at = 0;
  return parse_waveform(
      place,
      [&](std::uint8_t* to, std::size_t count) {
        const std::size_t got = std::min({count, step, content.size() - at});
        if (got > 0) std::memcpy(to, content.data() + at, got);
        at += got;
        return got;
      },
      options);
}

TEST(WaveformReader, TakesEveryNumberOfNpy) {
  const std::vector<float> expected{1, -2, 0.5f, 100};
  const std::vector<float> whole{1, -2, 0, 100};
  EXPECT_EQ(parse(npy("<f4", "(4,)", octets<float>({1, -2, 0.5f, 100}))).samples, expected);
  EXPECT_EQ(parse(npy(">f4", "(4,)", octets<float>({1, -2, 0.5f, 100}, true))).samples, expected);
  EXPECT_EQ(parse(npy("<f8", "(4,)", octets<double>({1, -2, 0.5, 100}), 2)).samples, expected);
  EXPECT_EQ(parse(npy(">f8", "(4,)", octets<double>({1, -2, 0.5, 100}, true), 3)).samples, expected);
  EXPECT_EQ(parse(npy("<i2", "(4,)", octets<std::int16_t>({1, -2, 0, 100}))).samples, whole);
  EXPECT_EQ(parse(npy(">i2", "(4,)", octets<std::int16_t>({1, -2, 0, 100}, true))).samples, whole);
  EXPECT_EQ(parse(npy("<i4", "(4,)", octets<std::int32_t>({1, -2, 0, 100}))).samples, whole);
  EXPECT_EQ(parse(npy(">i4", "(4,)", octets<std::int32_t>({1, -2, 0, 100}, true))).samples, whole);
  EXPECT_EQ(parse(npy("|i1", "(4,)", octets<std::int8_t>({1, -2, 0, 100}))).samples, whole);
  EXPECT_EQ(parse(npy("<u2", "(2,)", octets<std::uint16_t>({65535, 3}))).samples,
            (std::vector<float>{65535, 3}));
  EXPECT_EQ(parse(npy("<u4", "(1,)", octets<std::uint32_t>({0xFFFFFF00u}))).samples,
            std::vector<float>{4294967040.0f});
}

TEST(WaveformReader, TakesTheLaneOfAnArrayWhereverItLies) {
  std::vector<float> columns, rows;
  for (int i = 0; i < 5000; ++i) {
    for (int lane = 0; lane < 3; ++lane) columns.push_back(static_cast<float>(10 * i + lane));
  }
  for (int lane = 0; lane < 3; ++lane) {
    for (int i = 0; i < 5000; ++i) rows.push_back(static_cast<float>(10 * i + lane));
  }
  for (std::size_t lane = 0; lane < 3; ++lane) {
    for (const std::size_t step : {7u, 1000u, 1u << 20}) {
      const auto a = parse(npy("<f4", "(5000, 3)", octets(columns)), "a", {.lane = lane}, step);
      const auto b = parse(npy("<f4", "(3, 5000)", octets(rows)), "b", {.lane = lane}, step);
      ASSERT_EQ(a.samples.size(), 5000u);
      for (int i = 0; i < 5000; ++i)
        ASSERT_EQ(a.samples[i], static_cast<float>(10 * i + static_cast<int>(lane)));
      EXPECT_EQ(a.samples, b.samples);
      EXPECT_EQ(a.lanes, 3u);
    }
  }
  EXPECT_EQ(parse(npy("<f4", "(1, 4)", octets<float>({1, 2, 3, 4}))).samples.size(), 4u);
  EXPECT_EQ(parse(npy("<f4", "(4, 1)", octets<float>({1, 2, 3, 4}))).samples.size(), 4u);
}

TEST(WaveformReader, TakesHeadersAsNumpyAndOthersWriteThem) {
  const std::string data = octets<float>({1, 2});
  EXPECT_EQ(parse(npy_raw("{\"shape\":(2,),\"descr\":\"<f4\",\"fortran_order\":False}", data)).samples.size(),
            2u);
  EXPECT_EQ(parse(npy_raw("{'descr': '<f4', 'fortran_order': False, 'shape': (2L,)}\n", data)).samples.size(),
            2u);
}

TEST(WaveformReader, TakesRawFloats) {
  std::vector<float> values(100000);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i) * 1e-9f;
  for (const std::size_t step : {1u, 1000u, 70001u})
    EXPECT_EQ(parse(octets(values), "a.f32", {}, step).samples, values);
  EXPECT_EQ(parse(octets(values), "noname").samples, values);  // by content
}

TEST(WaveformReader, TakesText) {
  const std::vector<float> expected{1e-3f, 2e-3f, -3e-3f};
  EXPECT_EQ(parse("1e-3\n2e-3\n-3e-3\n").samples, expected);
  EXPECT_EQ(parse("\xEF\xBB\xBF# scope\r\n\r\npower [W]\r\n1e-3\r\n+2E-3\r\n-3e-3", "x.csv").samples,
            expected);
  EXPECT_EQ(parse("1e-3\r2e-3\r-3e-3\r").samples, expected);
  for (const char* text : {"time,power\n0,1e-3\n1,2e-3\n2,-3e-3\n", "0;1e-3\n1;2e-3\n2;-3e-3\n",
                           "0\t1e-3\n1\t2e-3\n2 -3e-3", "%c\n 0 ,  1e-3 \n1 , 2e-3\n2,-3e-3\n"}) {
    const auto wave = parse(text);
    EXPECT_EQ(wave.samples, expected) << text;
    EXPECT_DOUBLE_EQ(wave.sample_interval.value(), 1.0);
  }
  const std::string lanes = "t,a,b\n0,1,10\n1,2,20\n";
  EXPECT_EQ(parse(lanes, "x", {.lane = 1}).samples, (std::vector<float>{10, 20}));
  EXPECT_FALSE(parse("1\n2\n").sample_interval.has_value());
}

TEST(WaveformReader, TakesTimesPrintedWithFewDigits) {
  std::string text;
  for (int i = 0; i < 200; ++i)
    text += std::to_string(std::lround(i * 1.18)) + ",1\n";  // step 1.18, whole numbers
  EXPECT_NEAR(parse(text).sample_interval.value(), 1.18, 0.01);
}

struct Hostile {
  const char* what;
  std::string content;
  const char* place = "bad";
  std::string named = "bad";  ///< stands in the message
  std::optional<std::size_t> lane = {};
  WaveformFormat format = WaveformFormat::automatic;
};

std::vector<Hostile> hostile_files() {
  const float nan = std::numeric_limits<float>::quiet_NaN(), inf = std::numeric_limits<float>::infinity();
  const std::string two = octets<float>({1, 2});
  const auto dictionary = [&](const std::string& text, const std::string& data) {
    return npy_raw(text, data);
  };
  const auto head = [](int major, int minor) {
    return std::string("\x93NUMPY") + static_cast<char>(major) + static_cast<char>(minor);
  };
  return {
      {"nothing", "", "bad.npy", "is empty"},
      {"nothing at all", "", "bad", "is empty"},
      {"magic alone", "\x93NUMPY", "bad.npy", "offset 6"},
      {"no magic", "NUMPY\x93 and more text", "bad.npy", "is no .npy"},
      {"text as .npy", "1,2\n3,4\n5,6\n7,8\n", "bad.npy", "is no .npy"},
      {"version 0", head(0, 0) + std::string(20, ' '), "bad", "version 0.0"},
      {"version 4", head(4, 0) + std::string(20, ' '), "bad", "version 4.0"},
      {"version 1.1", head(1, 1) + std::string(20, ' '), "bad", "version 1.1"},
      {"header cut", npy("<f4", "(2,)", two).substr(0, 40), "bad", "ends in the header"},
      {"header length cut", head(2, 0) + std::string("\x10\x00\x00", 3), "bad", "ends in the header"},
      {"header of 4 GiB", head(2, 0) + std::string("\xff\xff\xff\xff", 4) + "{", "bad", "4294967295"},
      {"empty header", npy_raw("", ""), "bad", "no dictionary"},
      {"header of zeros", npy_raw(std::string(50, '\0'), two), "bad", "no dictionary"},
      {"no key", dictionary("{}", two), "bad", "lacks"},
      {"no shape", dictionary("{'descr': '<f4', 'fortran_order': False}", two), "bad", "lacks"},
      {"key twice",
       dictionary("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,)}", two), "bad",
       "twice"},
      {"unknown key", dictionary("{'colour': '<f4', 'fortran_order': False, 'shape': (2,)}", two), "bad",
       "colour"},
      {"unquoted", dictionary("{descr: '<f4', 'fortran_order': False, 'shape': (2,)}", two), "bad", "quoted"},
      {"word without end", dictionary("{'descr", two), "bad", "without end"},
      {"no truth", dictionary("{'descr': '<f4', 'fortran_order': 0, 'shape': (2,)}", two), "bad", "truth"},
      {"fortran", dictionary("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 1)}", two), "bad",
       "Fortran"},
      {"shape is a number", dictionary("{'descr': '<f4', 'fortran_order': False, 'shape': 2}", two), "bad",
       "'('"},
      {"negative shape", dictionary("{'descr': '<f4', 'fortran_order': False, 'shape': (-2,)}", two), "bad",
       "shape"},
      {"shape of words", dictionary("{'descr': '<f4', 'fortran_order': False, 'shape': ('a',)}", two), "bad",
       "shape"},
      {"shape without end", dictionary("{'descr': '<f4', 'fortran_order': False, 'shape': (2,", two), "bad",
       "shape"},
      {"behind the dictionary",
       dictionary("{'descr': '<f4', 'fortran_order': False, 'shape': (2,)} + 1", two), "bad", "goes on"},
      {"scalar", npy("<f4", "()", octets<float>({1})), "bad", "0 dimensions"},
      {"three dimensions", npy("<f4", "(2, 1, 1)", two), "bad", "3 dimensions"},
      {"forty dimensions",
       npy("<f4", "(1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1)", two),
       "bad", "32 dimensions"},
      {"no element", npy("<f4", "(0,)", ""), "bad", "is empty"},
      {"no column", npy("<f4", "(5, 0)", ""), "bad", "is empty"},
      {"shape of 2^63", npy("<f4", "(9223372036854775808,)", two), "bad", "9223372036854775808"},
      {"shape beyond 64 bits", npy("<f4", "(99999999999999999999999,)", two), "bad", "64 bits"},
      {"product wraps to 0", npy("<f4", "(4294967296, 4294967296)", two), "bad", "4294967296 x 4294967296"},
      {"product wraps to 2", npy("<f4", "(9223372036854775809, 2)", two), "bad", "9223372036854775809"},
      {"terabytes promised", npy("<f8", "(4294967297,)", two), "bad", "4294967297"},
      {"a lane too long", npy("<f8", "(4000000000,)", two), "bad", "4000000000 samples"},
      {"gigabytes promised", npy("<f8", "(200000000,)", two), "bad", "cut short"},
      {"cut in an element", npy("<f8", "(2,)", octets<double>({1, 2}).substr(0, 13)), "bad", "cut short"},
      {"more than the shape", npy("<f4", "(2,)", two + two), "bad", "goes on behind"},
      {"NaN", npy("<f4", "(3,)", octets<float>({1, nan, 2})), "bad", "sample 1, offset"},
      {"infinite", npy("<f8", "(2,)", octets<double>({1, static_cast<double>(-inf)})), "bad", "-inf"},
      {"beyond float", npy("<f8", "(2,)", octets<double>({1e39, 1})), "bad", "1e+39"},
      {"NaN in the lane", npy("<f4", "(2, 2)", octets<float>({1, 2, 3, nan})), "bad", "sample 1", 1},
      {"complex", npy("<c8", "(1,)", two), "bad", "<c8"},
      {"half", npy("<f2", "(4,)", two), "bad", "<f2"},
      {"boolean", npy("|b1", "(8,)", two), "bad", "|b1"},
      {"objects", npy("|O", "(2,)", two), "bad", "|O"},
      {"eight-octet integers", npy("<i8", "(1,)", two), "bad", "<i8"},
      {"no byte order", npy("f4", "(2,)", two), "bad", "'f4'"},
      {"odd byte order", npy("|f4", "(2,)", two), "bad", "'|f4'"},
      {"structured", dictionary("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,)}", two),
       "bad", "structured"},
      {"no lane chosen", npy("<f4", "(2, 2)", two + two), "bad", "2 lanes and none"},
      {"lane too high", npy("<f4", "(2, 2)", two + two), "bad", "lane 2 is asked", 2},
      {"lane of one", npy("<f4", "(2,)", two), "bad", "lane 1 is asked", 1},
      {"three octets", std::string("\x01\xff\x02", 3), "bad", "3 octets"},
      {"seven octets", std::string("\x01\x00\x00\x3f\x02\x03\x04", 7), "bad.f32", "7 octets"},
      {"raw NaN", octets<float>({1, 2, nan}), "bad.raw", "sample 2, offset 8"},
      {"raw infinity", octets<float>({inf}), "bad.bin", "inf"},
      {"raw lane", two, "bad.raw", "lane 3", 3},
      {"csv: NaN", "1\nnan\n", "bad.csv", "line 2"},
      {"csv: NaN first", "nan\n1\n", "bad.csv", "line 1"},
      {"csv: inf", "1\n2\n-inf\n", "bad.csv", "line 3"},
      {"csv: overflow", "1\n1e999\n", "bad.csv", "1e999"},
      {"csv: beyond float", "1\n1e39\n", "bad.csv", "line 2"},
      {"csv: word", "power\n1\n2\nthree\n", "bad.csv", "line 4"},
      {"csv: O for 0", "1.O\n", "bad.csv", "'1.O'"},
      {"csv: hexadecimal", "0x10\n", "bad.csv", "'0x10'"},
      {"csv: two numbers in one", "1.2.3\n", "bad.csv", "'1.2.3'"},
      {"csv: columns come", "1\n1,2\n", "bad.csv", "line 2"},
      {"csv: columns go", "0,1\n1\n", "bad.csv", "line 2"},
      {"csv: empty field", "0,1\n1,\n", "bad.csv", "line 2"},
      {"csv: only comments", "# a\n# b\n", "bad.csv", "no sample"},
      {"csv: only a header", "time,power\n", "bad.csv", "no sample"},
      {"csv: text without end",
       std::string(100, 'a') + "\n" +
           [] {
             std::string s;
             for (int i = 0; i < 100; ++i) s += "word\n";
             return s;
           }(),
       "bad.csv", "line 65"},
      {"csv: long line", std::string(5000, '1'), "bad.csv", "longer than"},
      {"csv: zero octet", std::string("1\n2\0003\n", 6), "bad.csv", "zero octet"},
      {"csv: binary", octets<float>({1, 2, 3}), "bad.csv", "line 1"},
      {"csv: time stands", "1,1\n1,2\n1,3\n", "bad.csv", "times"},
      {"csv: time goes back", "2,1\n1,2\n", "bad.csv", "times"},
      {"csv: a sample is missing", "0,1\n1,1\n2,1\n4,1\n5,1\n6,1\n7,1\n8,1\n9,1\n10,1\n", "bad.csv",
       "sample 3"},
      {"csv: time is infinite", "0,1\ninf,1\n", "bad.csv", "line 2"},
      {"csv: one time", "0,1\n", "bad.csv", "one sample"},
      {"csv: lanes", "0,1,2\n1,1,2\n", "bad.csv", "2 lanes"},
      {"csv: UTF-16",
       std::string("\xff\xfe"
                   "1\0\n\0",
                   6),
       "bad.csv", "line 1"},
      {"npy taken for text", npy("<f4", "(2,)", two), "bad.npy", "line 1", {}, WaveformFormat::csv},
  };
}

TEST(WaveformReader, RefusesHostileFilesByName) {
  const auto files = hostile_files();
  EXPECT_GE(files.size(), 80u);
  for (const Hostile& file : files) {
    for (const std::size_t step : {1u, 1000u}) {
      try {
        parse(file.content, file.place, {.format = file.format, .lane = file.lane}, step);
        ADD_FAILURE() << file.what << ": taken";
      } catch (const InputError& error) {
        const std::string message = error.what();
        EXPECT_NE(message.find(file.named), std::string::npos) << file.what << ": " << message;
        EXPECT_NE(message.find(file.place), std::string::npos) << file.what << ": " << message;
      }
    }
  }
}

TEST(WaveformReader, NamesWhatCannotBeOpened) {
  EXPECT_THROW(read_waveform("/nowhere/at/all.npy"), InputError);
  EXPECT_THROW(read_waveform("/"), InputError);
}

}  // namespace
}  // namespace lightlane::io
