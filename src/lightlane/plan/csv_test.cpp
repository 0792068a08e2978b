#include "lightlane/plan/csv.hpp"

#include <gtest/gtest.h>

#include "lightlane/base/error.hpp"

namespace lightlane::plan {
namespace {

using Cells = std::vector<std::string>;

std::vector<CsvRow> rows(std::string_view text) {
  std::vector<CsvRow> out;
  read_csv(text, "links.csv", [&](const CsvRow& row) { out.push_back(row); });
  return out;
}

TEST(Csv, QuotesSeparatorsAndLines) {
  const auto read = rows("a;b, c;d\r\n\r\n# remark\n1;\"two;\n\"\"2\"\"\";  3 \n4;5;6");
  ASSERT_EQ(read.size(), 3u);
  EXPECT_EQ(read[0].cells, (Cells{"a", "b, c", "d"}));
  EXPECT_EQ(read[1].cells, (Cells{"1", "two;\n\"2\"", "3"}));
  EXPECT_EQ(read[1].line, 4u);
  EXPECT_EQ(read[2].cells, (Cells{"4", "5", "6"}));
  EXPECT_EQ(read[2].line, 6u);
}

TEST(Csv, AnOpenQuoteSpoilsItsOwnLineOnly) {
  std::string text = "a,b\n1,\"2\n";
  for (int i = 0; i < 300; ++i) text += "3,4\n";
  const auto read = rows(text);
  ASSERT_EQ(read.size(), 302u);
  EXPECT_EQ(read[1].problem, "a quote is not closed");
  EXPECT_EQ(read[1].line, 2u);
  EXPECT_TRUE(read[1].cells.empty());
  EXPECT_EQ(read[301].cells, (Cells{"3", "4"}));
  EXPECT_EQ(read[301].line, 302u);
}

TEST(Csv, AQuoteInTheMiddleIsNamedAndTheNextRowIsRead) {
  const auto read = rows("a,b\n1,x\"y\"\n5,6\n");
  ASSERT_EQ(read.size(), 3u);
  EXPECT_FALSE(read[1].problem.empty());
  EXPECT_EQ(read[2].cells, (Cells{"5", "6"}));
}

TEST(Csv, Encodings) {
  EXPECT_EQ(rows("\xEF\xBB\xBFn\n")[0].cells, Cells{"n"});
  const auto mixed = rows("K\xC3\xB6ln,1\nK\xF6ln \x80,2\n");
  EXPECT_EQ(mixed[0].cells[0], "K\xC3\xB6ln");
  EXPECT_FALSE(mixed[0].converted);
  EXPECT_EQ(mixed[1].cells[0], "K\xC3\xB6ln \xE2\x82\xAC");
  EXPECT_TRUE(mixed[1].converted);
  const std::string little(
      "\xFF\xFE"
      "a\0,\0\xF6\0\n\0=\xD8\0\xDE",
      14),
      big("\xFE\xFF\0a\0\t\0b", 8);
  const auto wide = rows(little);
  EXPECT_EQ(wide[0].cells, (Cells{"a", "\xC3\xB6"}));
  EXPECT_EQ(wide[1].cells, (Cells{"\xF0\x9F\x98\x80"}));
  EXPECT_EQ(rows(big)[0].cells, (Cells{"a", "b"}));
  // Not well-formed: overlong, surrogate, beyond Unicode, cut off.
  for (const char* bytes : {"\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82"})
    EXPECT_TRUE(rows(bytes)[0].converted) << bytes;
  for (const char* bytes : {"\xC2\x80", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xF4\x8F\xBF\xBF"})
    EXPECT_FALSE(rows(bytes)[0].converted) << bytes;
}

TEST(Csv, BinaryIsRefused) {
  EXPECT_THROW(rows(std::string_view("a,b\n\0", 5)), InputError);
  EXPECT_TRUE(rows("").empty());
}

TEST(Csv, ColumnsByName) {
  const CsvHeader header({"Start Device", "end_port", "Length (m)"});
  EXPECT_EQ(header.column({"startdevice"}), 0);
  EXPECT_EQ(header.column({"A", "End-Port"}), 1);
  EXPECT_EQ(header.column({"length"}), -1);
}

TEST(Csv, WhatIsWrittenIsReadBack) {
  const Cells cells = {"plain", "a,b", "say \"hi\"", "two\nlines", " spaces ", "#1", "", "\xC3\xB6"};
  const auto read = rows("x\n" + csv_line(cells));
  ASSERT_EQ(read.size(), 2u);
  Cells trimmed = cells;
  trimmed[4] = "spaces";
  EXPECT_EQ(read[1].cells, trimmed);
}

}  // namespace
}  // namespace lightlane::plan
