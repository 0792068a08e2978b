#include "lightlane/plan/inventory/inventory.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "lightlane/base/error.hpp"

namespace lightlane::plan {
namespace {

std::string notes_of(const Inventory& inventory) {
  std::string out;
  for (const InventoryNote& note : inventory.notes)
    out += std::to_string(note.row) + (note.skipped ? "! " : " ") + note.text + "\n";
  return out;
}

TEST(Inventory, LengthsInTheUnitsOfTheField) {
  EXPECT_EQ(length_m_of("300"), 300);
  EXPECT_EQ(length_m_of("0.3 km"), 300);
  EXPECT_EQ(length_m_of(" 300m "), 300);
  EXPECT_NEAR(*length_m_of("1000 ft"), 304.8, 1e-9);
  EXPECT_NEAR(*length_m_of("1000", "ft"), 304.8, 1e-9);
  EXPECT_EQ(length_m_of("5", "km"), 5000);
  EXPECT_EQ(length_m_of("5 m", "km"), 5);  // the cell knows better than the column
  EXPECT_NEAR(*length_m_of("2 Miles"), 3218.688, 1e-9);
  for (const char* wrong : {"", "m", "five", "-3", "3 furlong", "nan", "inf", "3 m 4", "1e300"})
    EXPECT_FALSE(length_m_of(wrong).has_value()) << wrong;
}

TEST(Inventory, ATableOfOurOwn) {
  const Inventory read = read_inventory(
      "link;a_device;a_port;a_type;b_device;b_port;b_type;length;fibre;connectors;loss_db;path\n"
      "L1;leaf1;Ethernet0;400GBASE-DR4;spine1;Ethernet4;400GBASE-DR4;0,3;OS2;2;;\n"
      "L2;leaf1;Ethernet8;400GBASE-DR4;spine1;Ethernet8;400GBASE-DR4;0.3 km;OS2;4;1.1;mpo12-b-sm:300\n",
      "links.csv");
  EXPECT_EQ(read.format, "table");
  EXPECT_EQ(read.rows, 2u);
  ASSERT_EQ(read.links.size(), 1u) << notes_of(read);
  EXPECT_EQ(read.notes[0].row, 2u);
  EXPECT_NE(notes_of(read).find("length is '0,3'"), std::string::npos);
  const InventoryLink& l = read.links[0];
  EXPECT_EQ(l.row, 3u);
  EXPECT_EQ(l.id, "L2");
  EXPECT_EQ(l.a.device, "leaf1");
  EXPECT_EQ(l.b.port, "Ethernet8");
  EXPECT_EQ(l.a.type, "400GBASE-DR4");
  EXPECT_EQ(l.length_m, 300);
  EXPECT_EQ(l.connectors, 4);
  EXPECT_EQ(l.loss_db, 1.1);
  EXPECT_EQ(l.path, "mpo12-b-sm:300");
}

TEST(Inventory, RowsThatCannotBeTakenAreNamed) {
  const Inventory read = read_inventory(
      "a_device,a_port,b_device,b_port,length_m,connectors,fibre,rate\n"
      "a,1,b,1,10,2,,\n"           // 2: good
      "a,2,a,2,10,2,,\n"           // 3: loop
      "a,3,,,10,2,,\n"             // 4: no second end
      ",,b,3,10,2,,\n"             // 5: no first end
      "a,4,b,4,-10,2,,\n"          // 6: length
      "a,5,b,5,2000000,2,,\n"      // 7: too long
      "a,6,b,6,10,two,,\n"         // 8: connectors
      "a,7,b,7,10,2,,fast\n"       // 9: rate
      "a,8,b,8,10,2,cat6,\n"       // 10: copper
      "a,9,b,9,10,2,,400,extra\n"  // 11: too many cells
      "a,\"10,b,10,10,2,,\n"       // 12: quote
      "a,11,b,11\n"                // 13: short: the rest is open
      "K\xF6ln,12,b,12,,,,\n",     // 14: Windows-1252
      "links.csv");
  EXPECT_EQ(read.rows, 13u);
  EXPECT_EQ(read.skipped(), 10u) << notes_of(read);
  std::vector<std::size_t> good, skipped;
  for (const InventoryLink& link : read.links) good.push_back(link.row);
  for (const InventoryNote& note : read.notes)
    if (note.skipped) skipped.push_back(note.row);
  EXPECT_EQ(good, (std::vector<std::size_t>{2, 13, 14}));
  EXPECT_EQ(skipped, (std::vector<std::size_t>{3, 4, 5, 6, 7, 8, 9, 10, 11, 12}));
  EXPECT_FALSE(read.links[1].length_m.has_value());
  EXPECT_EQ(read.links[2].a.device, "K\xC3\xB6ln");
  for (const char* text : {"3! loops", "4! has no second end", "5! has no first end", "'-10'", "'2000000'",
                           "connectors is 'two'", "rate is 'fast'", "cat6", "has 9 cells, the header 8",
                           "a quote is not closed", "14 is no UTF-8"})
    EXPECT_NE(notes_of(read).find(text), std::string::npos) << text << "\n" << notes_of(read);
}

TEST(Inventory, NetBoxTable) {
  const Inventory read = read_inventory(
      "id,side_a_site,side_a_device,side_a_type,side_a_name,side_a_port_type,side_b_site,side_b_device,side_"
      "b_type,"
      "side_b_name,side_b_port_type,type,status,label,color,length,length_unit\n"
      "7,S,leaf1,dcim.interface,et-0/0/1,400gbase-dr4,S,spine1,dcim.interface,et-0/0/"
      "2,400gbase-dr4,smf-os2,connected,x,"
      ",984,ft\n"
      "8,S,leaf1,dcim.frontport,1,,S,spine1,dcim.interface,et-0/0/3,,smf,connected,,,,\n"
      "9,S,leaf1,dcim.interface,et-0/0/5,,S,spine1,dcim.interface,et-0/0/5,,dac-passive,connected,,,3,m\n"
      "10,S,leaf1,dcim.interface,et-0/0/6,,S,spine1,dcim.interface,et-0/0/6,,mmf-om4,planned,,,50,parsec\n",
      "cables.csv");
  EXPECT_EQ(read.format, "NetBox table");
  ASSERT_EQ(read.links.size(), 1u) << notes_of(read);
  EXPECT_EQ(read.links[0].fibre, "OS2");
  EXPECT_NEAR(*read.links[0].length_m, 984 * 0.3048, 1e-9);
  EXPECT_EQ(read.links[0].a.type, "400gbase-dr4");
  EXPECT_EQ(read.links[0].a.port, "et-0/0/1");
  EXPECT_NE(notes_of(read).find("3! ends at a dcim.frontport"), std::string::npos) << notes_of(read);
  EXPECT_NE(notes_of(read).find("4! is dac-passive"), std::string::npos);
  EXPECT_NE(notes_of(read).find("'50 parsec'"), std::string::npos);
}

TEST(Inventory, NetBoxRest) {
  const Inventory read =
      read_inventory(R"({"count": 3, "next": "http://netbox/api/dcim/cables/?offset=3", "results": [
  {"id": 5, "label": "", "type": "smf-os2", "status": {"value": "connected", "label": "Connected"},
   "length": 0.25, "length_unit": {"value": "km", "label": "Kilometers"},
   "a_terminations": [{"object_type": "dcim.interface", "object": {"device": {"id": 1, "name": "leaf1"}, "name": "Ethernet1/1"}}],
   "b_terminations": [{"object_type": "dcim.interface", "object": {"device": {"id": 2, "name": "spine1"}, "name": "Ethernet1/9"}}]},
  {"id": 6, "type": "", "length": null, "length_unit": null,
   "termination_a_type": "dcim.interface", "termination_a": {"device": {"name": "leaf1"}, "name": "Ethernet1/2"},
   "termination_b_type": "dcim.rearport", "termination_b": {"device": {"name": "panel"}, "name": "1"}},
  7]})",
                     "cables.json");
  EXPECT_EQ(read.format, "NetBox REST");
  ASSERT_EQ(read.links.size(), 1u) << notes_of(read);
  EXPECT_EQ(read.links[0].length_m, 250);
  EXPECT_EQ(read.links[0].id, "5");
  EXPECT_EQ(read.links[0].b.device, "spine1");
  EXPECT_EQ(read.links[0].status, "connected");
  EXPECT_NE(notes_of(read).find("2! ends at a dcim.rearport"), std::string::npos) << notes_of(read);
  EXPECT_NE(notes_of(read).find("3! is no object"), std::string::npos);
  EXPECT_NE(notes_of(read).find("there are more at http://netbox"), std::string::npos);
}

TEST(Inventory, SonicLinksAndConfig) {
  const Inventory links = read_inventory(
      "StartDevice,StartPort,EndDevice,EndPort,BandWidth,VlanID,VlanMode,AutoNeg\n"
      "str-1,Ethernet0,str-2,Ethernet1,100000,1681,Access,on\n",
      "sonic_lab_links.csv");
  EXPECT_EQ(links.format, "SONiC links");
  ASSERT_EQ(links.links.size(), 1u) << notes_of(links);
  EXPECT_EQ(links.links[0].a.port, "Ethernet0");
  EXPECT_EQ(links.links[0].b.device, "str-2");
  EXPECT_EQ(links.links[0].rate_gbps, 100);
  const Inventory config = read_inventory(R"({"DEVICE_METADATA": {"localhost": {"hostname": "leaf9"}},
    "PORT": {"Ethernet0": {"speed": "400000", "fec": "rs"}},
    "DEVICE_NEIGHBOR": {"Ethernet0": {"name": "spine1", "port": "Ethernet8"}, "Ethernet8": {"name": "spine2", "port": "Ethernet8"}}})",
                                          "config_db.json");
  EXPECT_EQ(config.format, "SONiC config_db");
  ASSERT_EQ(config.links.size(), 2u);
  EXPECT_EQ(config.links[0].a.device, "leaf9");
  EXPECT_EQ(config.links[0].rate_gbps, 400);
  EXPECT_FALSE(config.links[1].rate_gbps.has_value());
}

TEST(Inventory, WhatIsNoInventory) {
  const auto message = [](std::string_view text) {
    try {
      read_inventory(text, "x");
    } catch (const InputError& error) {
      return std::string(error.what());
    }
    return std::string("taken");
  };
  EXPECT_NE(message("").find("is empty"), std::string::npos);
  EXPECT_NE(message(" \n").find("is empty"), std::string::npos);
  EXPECT_NE(message("../../common/links.csv\n").find("symbolic link"), std::string::npos)
      << message("../a/b.csv\n");
  EXPECT_NE(message("one,two\n1,2\n").find("its columns are one, two"), std::string::npos);
  EXPECT_NE(message("{\"PORT\": {}}").find("JSON without links"), std::string::npos);
  EXPECT_NE(message("{\"results\": [").find("x"), std::string::npos);
  EXPECT_NE(message(std::string_view("a_device,b_device\n\0", 19)).find("no text"), std::string::npos);
}

TEST(Inventory, WrittenAndReadAgain) {
  Inventory inventory = read_inventory(
      "id,a_device,a_port,a_type,a_seat,a_mode,a_fec,b_device,b_port,b_type,b_seat,b_mode,b_fec,length_m,"
      "fibre,path,"
      "connectors,connector,splices,loss_db,rate_gbps,status\n"
      "\"x, "
      "y\",d1,p1,400GBASE-DR4,nvidia-sn4700:1,4x100G,kp4,d2,p2,100GBASE-FR1,QSFP28,,none,12.345678,OS2,"
      "\"mpo12-4lc-sm:5\",2,"
      "mpo-apc,1,0.1,100,planned\n"
      "2,d3,p3,,,,,d4,p4,,,,,,,,,,,,,\n",
      "links.csv");
  ASSERT_EQ(inventory.links.size(), 2u) << notes_of(inventory);
  const Inventory again = read_inventory(inventory_csv(inventory), "links.csv");
  EXPECT_EQ(again.links, inventory.links);
  EXPECT_TRUE(again.notes.empty());
}

}  // namespace
}  // namespace lightlane::plan
