#include "lightlane/plan/inventory/inventory_check.hpp"

#include <gtest/gtest.h>

#include <random>

#include "lightlane/base/error.hpp"
#include "lightlane/base/parallel.hpp"

namespace lightlane::plan {
namespace {

InventoryReport check(const std::string& table, const InventoryDefaults& defaults = {}) {
  return check_inventory(read_inventory(table, "links.csv"), defaults);
}

std::string codes(const LinkVerdict& link) {
  std::string out;
  for (const Reason& reason : link.reasons) out += std::string(reason.code) + " ";
  return out;
}

constexpr const char* header =
    "a_device,a_port,a_type,b_device,b_port,b_type,length_m,fibre,connectors,path,loss_db,rate\n";

TEST(InventoryCheck, EachLinkIsJudgedAsAPair) {
  const InventoryReport report = check(std::string(header) +
                                       "l1,1,400GBASE-DR4,s1,1,400GBASE-DR4,300,OS2,2,,,400\n"
                                       "l1,2,400GBASE-DR4,s1,2,100GBASE-LR1,300,OS2,2,,,\n"
                                       "l1,3,400GBASE-DR4,s1,3,100GBASE-LR4,300,OS2,2,,,\n"
                                       "l1,4,400GBASE-DR4,s1,4,400GBASE-DR4,300,OS2,2,mpo12-a-sm:300,,\n"
                                       "l1,5,400GBASE-DR4,s1,5,400GBASE-DR4,300,OM4,2,,,\n"
                                       "l1,6,VSR4,s1,6,400GBASE-DR4,300,OS2,2,,,\n"
                                       "l1,7,400GBASE-DR4,s1,7,400GBASE-DR4,,,,,,\n"
                                       "l1,8,400GBASE-DR4,s1,8,400GBASE-DR4,300,OS2,2,,3.2,\n"
                                       "l1,9,400GBASE-DR4,s1,9,400GBASE-DR4,300,OS2,2,,2.9,\n"
                                       "l1,10,100GBASE-DR,s1,10,100GBASE-DR,300,OS2,2,,,400\n");
  ASSERT_EQ(report.links.size(), 10u);
  const std::pair<InteropVerdict, const char*> expected[] = {
      {InteropVerdict::ok, ""},
      {InteropVerdict::conditional, "OVERLOAD "},
      {InteropVerdict::no, "MODULATION BAUD WAVELENGTH FIBRE_COUNT CONNECTOR RATE FEC "},
      {InteropVerdict::conditional, "POLARITY "},
      {InteropVerdict::no, "MEDIA_KIND "},
      {InteropVerdict::unknown, "ROW "},
      {InteropVerdict::ok, ""},
      {InteropVerdict::no, "LOSS "},
      {InteropVerdict::ok, ""},
      {InteropVerdict::conditional, "RATE "}};
  for (std::size_t i = 0; i < 10; ++i) {
    EXPECT_EQ(name(report.links[i].verdict), name(expected[i].first)) << i << " " << codes(report.links[i]);
    EXPECT_EQ(codes(report.links[i]), expected[i].second) << i;
  }
  EXPECT_EQ(report.reason_rows.at("RATE"), 2u);
  EXPECT_EQ(report.assumed_rows.at("length: the reach of the types"), 1u);
  EXPECT_NE(report.links[5].reasons[0].text.find("VSR4"), std::string::npos);
  EXPECT_NEAR(*report.links[8].margin_db, 0.1, 1e-9);
  EXPECT_NEAR(*report.links[8].loss_db, 2.9, 1e-9);
}

TEST(InventoryCheck, PortsUsedTwice) {
  const InventoryReport report = check(std::string(header) +
                                       "l1,1,100GBASE-DR,s1,1,100GBASE-DR,10,,,,,\n"
                                       "l1,1,100GBASE-DR,s1,2,100GBASE-DR,10,,,,,\n"
                                       "l1,9,400GBASE-DR4,s2,1,100GBASE-DR,10,,,,,\n"
                                       "l1,9,400GBASE-DR4,s2,2,100GBASE-DR,10,,,,,\n"
                                       "l1,9,400GBASE-DR4,s2,3,100GBASE-DR,10,,,,,\n"
                                       "l1,9,400GBASE-DR4,s2,4,100GBASE-DR,10,,,,,\n"
                                       "l1,9,400GBASE-DR4,s2,5,100GBASE-DR,10,,,,,\n"
                                       "l1,10,400GBASE-DR4,s2,5,100GBASE-DR,10,,,,,\n");
  std::string found;
  for (const LinkVerdict& link : report.links) found += codes(link) + "|";
  EXPECT_EQ(found,
            "|PORT_TWICE ||||"
            "|PORT_TWICE |PORT_TWICE |");
  EXPECT_NE(report.links[1].reasons[0].text.find("row 2"), std::string::npos);
}

TEST(InventoryCheck, DefaultsFillWhatRowsLeaveOpen) {
  InventoryDefaults defaults;
  const std::string table = "a_device,a_port,b_device,b_port\nl,1,s,1\n";
  EXPECT_EQ(check(table, defaults).links[0].verdict, InteropVerdict::unknown);
  defaults.type = "400GBASE-DR4";
  const InventoryReport assumed = check(table, defaults);
  EXPECT_EQ(assumed.links[0].verdict, InteropVerdict::ok);
  EXPECT_EQ(assumed.assumed_rows.at("type of an end: 400GBASE-DR4"), 2u);
  EXPECT_EQ(assumed.links[0].length_m, 500);
  defaults.plant.segments = {{nullptr, 120, std::nullopt}};
  EXPECT_EQ(check(table, defaults).links[0].length_m, 120);
  EXPECT_EQ(check("a_device,a_port,b_device,b_port,length_m\nl,1,s,1,70\n", defaults).links[0].length_m, 70);
  defaults.plant.engineering_margin_db = -3;
  EXPECT_THROW(check(table, defaults), ConfigError);
}

/// Ten thousand links: the same answers for one thread and many, and each as interop() alone gives it.
TEST(InventoryCheck, ThreadsChangeNothing) {
  std::mt19937 random(3);
  const char* types[] = {"400GBASE-DR4",    "100GBASE-FR1", "100GBASE-LR1",
                         "qsfp28-100g-lr4", "400GBASE-FR4", "nonsense"};
  std::string table = header;
  for (int i = 0; i < 3000; ++i) {
    table += "l" + std::to_string(i) + ",1," + types[random() % 6] + ",s" + std::to_string(i) + ",1," +
             types[random() % 6] + "," + std::to_string(random() % 700) + ",OS2,2,,,\n";
  }
  const Inventory inventory = read_inventory(table, "links.csv");
  const unsigned before = threads();
  set_threads(1);
  const InventoryReport one = check_inventory(inventory, {});
  set_threads(4);
  const InventoryReport many = check_inventory(inventory, {});
  set_threads(before);
  ASSERT_EQ(one.links.size(), many.links.size());
  EXPECT_EQ(one.assumed_rows, many.assumed_rows);
  EXPECT_EQ(one.reason_rows, many.reason_rows);
  std::map<std::string, std::size_t> assumed;
  for (std::size_t i = 0; i < one.links.size(); ++i) {
    EXPECT_EQ(one.links[i].verdict, many.links[i].verdict);
    EXPECT_EQ(one.links[i].margin_db, many.links[i].margin_db);
    if (one.links[i].reasons.size() == 1 && one.links[i].reasons[0].code == "ROW") continue;
    const Interop alone = interop(question_of(inventory.links[i], {}, assumed));
    EXPECT_EQ(alone.verdict, one.links[i].verdict) << i;
  }
}

TEST(InventoryCheck, StopsWhenTold) {
  std::string table = header;
  for (int i = 0; i < 5000; ++i)
    table += "l" + std::to_string(i) + ",1,100GBASE-DR,s" + std::to_string(i) + ",1,100GBASE-DR,10,,,,,\n";
  std::size_t asked = 0;
  const InventoryReport report =
      check_inventory(read_inventory(table, "links.csv"), {}, [&](std::size_t done) {
        asked = done;
        return done < 2000;
      });
  EXPECT_FALSE(report.complete);
  EXPECT_EQ(report.links.size(), asked);
  EXPECT_GE(asked, 2000u);
  EXPECT_LT(asked, 5000u);
}

}  // namespace
}  // namespace lightlane::plan
