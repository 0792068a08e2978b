#include "lightlane/pma/symbol_text.hpp"

#include <gtest/gtest.h>

#include "lightlane/base/error.hpp"
#include "lightlane/pma/patterns.hpp"

namespace lightlane::pma {
namespace {

using signal::Modulation;

BitVector parsed(SymbolFormat format, Modulation modulation, const std::string& text,
                 std::size_t piece = 1000) {
  SymbolReader reader(format, modulation, "file");
  BitVector line;
  for (std::size_t at = 0; at < text.size(); at += piece)
    reader.read(std::string_view(text).substr(at, piece), line);
  reader.finish();
  return line;
}

std::string problem(SymbolFormat format, Modulation modulation, const std::string& text) {
  try {
    parsed(format, modulation, text, 3);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(SymbolText, WritesWhatItReads) {
  for (const Pattern pattern : {Pattern::prbs13q, Pattern::prbs9}) {
    const Modulation modulation = info(pattern).modulation;
    PatternGenerator generator({pattern, {}, 0, false});
    BitVector line;
    generator.generate(4000, line);
    for (const SymbolFormat format : {SymbolFormat::text, SymbolFormat::hex, SymbolFormat::raw}) {
      std::string text;
      write_symbols(line, format, modulation, text);
      for (const std::size_t piece : {1u, 7u, 100'000u})
        EXPECT_EQ(parsed(format, modulation, text, piece), line);
    }
  }
}

TEST(SymbolText, FormatsByHand) {
  BitVector line;
  for (const unsigned level : {0u, 1u, 2u, 3u, 3u}) line.append(level, 2);
  std::string text, hex, raw;
  write_symbols(line, SymbolFormat::text, Modulation::pam4, text);
  write_symbols(line, SymbolFormat::hex, Modulation::pam4, hex);
  write_symbols(line, SymbolFormat::raw, Modulation::pam4, raw);
  EXPECT_EQ(text, "01233");
  EXPECT_EQ(hex, "e403");  // 0 1 2 3 = 00 10 01 11 in time order = 0xe4; then 3
  EXPECT_EQ(raw, std::string({0, 1, 2, 3, 3}));
  EXPECT_EQ(parsed(SymbolFormat::text, Modulation::pam4, " 01\r\n2\t33\n"), line);
}

TEST(SymbolText, BadFilesNameTheOffset) {
  EXPECT_NE(problem(SymbolFormat::text, Modulation::pam4, "0123x").find("offset 4"), std::string::npos);
  EXPECT_NE(problem(SymbolFormat::text, Modulation::pam4, "0124").find("0 to 3"), std::string::npos);
  EXPECT_NE(problem(SymbolFormat::text, Modulation::nrz, "012").find("0 to 1"), std::string::npos);
  EXPECT_NE(problem(SymbolFormat::hex, Modulation::nrz, "0g").find("hex"), std::string::npos);
  EXPECT_NE(problem(SymbolFormat::hex, Modulation::nrz, "012").find("half"), std::string::npos);
  EXPECT_NE(problem(SymbolFormat::raw, Modulation::pam4, std::string({0, 1, 4})).find("offset 2"),
            std::string::npos);
  EXPECT_NE(problem(SymbolFormat::raw, Modulation::pam4, "\n").find("0x0a"), std::string::npos);
}

}  // namespace
}  // namespace lightlane::pma
