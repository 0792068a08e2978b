#include "lightlane/catalog/cable.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "lightlane/catalog/catalog.hpp"

namespace lightlane::catalog {
namespace {

TEST(Cables, MapsAreWhole) {
  EXPECT_GE(cables().size(), 23u);
  for (const Cable& c : cables()) {
    EXPECT_FALSE(c.provenance.source.empty()) << c.id;
    ASSERT_EQ(c.map.size(), static_cast<std::size_t>(c.legs * positions(c.b.connector))) << c.id;
    std::set<int> seen;
    for (int leg = 0; leg < c.legs; ++leg) {
      for (int i = 1; i <= positions(c.b.connector); ++i) {
        const int at = c.position_at_a(leg, i);
        if (at == 0) continue;
        EXPECT_TRUE(seen.insert(at).second) << c.id << " " << at;
        EXPECT_EQ(c.position_at_b(at).leg, leg) << c.id;
        EXPECT_EQ(c.position_at_b(at).position, i) << c.id;
      }
    }
    const bool mpo = c.a.connector == PmdConnector::mpo12 || c.a.connector == PmdConnector::mpo16 ||
                     c.a.connector == PmdConnector::mpo24;
    EXPECT_EQ(c.a.gender != Gender::none, mpo) << c.id;
    // Single-mode MPO is angled.
    if (mpo && c.fibre == FibreKind::single_mode) {
      EXPECT_EQ(c.a.polish, Polish::apc) << c.id;
    }
  }
}

/// Type A: n to n; B: n to 13 - n (MPO-16: 17 - n); C: pairs swapped. Where there is a fibre.
TEST(Cables, PolarityTypes) {
  for (const Cable& c : cables()) {
    if (c.polarity.empty() || c.kind == CableKind::harness) continue;
    const int n = positions(c.a.connector);
    for (int i = 1; i <= n; ++i) {
      const int at = c.position_at_b(i).position;
      if (at == 0) continue;
      const int expected = c.polarity == "A"   ? i
                           : c.polarity == "B" ? n + 1 - i
                                               : (i % 2 == 1 ? i + 1 : i - 1);
      EXPECT_EQ(at, expected) << c.id << " " << i;
    }
  }
  const Cable& eight = *find_cable("MPO-8 type B");
  for (int i = 5; i <= 8; ++i) EXPECT_EQ(eight.position_at_b(i).position, 0);
  EXPECT_EQ(eight.position_at_b(1).position, 12);
}

int through(std::initializer_list<const char*> path, int position) {
  for (const char* id : path) position = find_cable(id)->position_at_b(position).position;
  return position;
}

/// Two DR4 ports talk where the path maps Tx n (position n) to Rx n (position 13 - n): an odd number of
/// reversing cables and an even number of type C, the published table of paths.
TEST(Cables, PathsBetweenParallelPorts) {
  struct Path {
    std::initializer_list<const char*> cables;
    bool works;
  };
  const Path table[] = {
      {{"mpo12-b-sm"}, true},
      {{"mpo8-b-sm"}, true},
      {{"mpo12-a-sm"}, false},
      {{"mpo12-a-sm", "mpo12-a-sm-trunk", "mpo12-b-sm"}, true},
      {{"mpo12-a-sm", "mpo12-a-sm-trunk", "mpo12-a-sm"}, false},
      {{"mpo12-b-sm", "mpo12-b-sm-trunk", "mpo12-b-sm"}, true},
      {{"mpo12-b-sm", "mpo12-b-sm-trunk"}, false},
      {{"mpo12-c-sm"}, false},
      {{"mpo12-a-sm", "mpo12-c-sm"}, false},
      {{"mpo12-c-sm", "mpo12-c-sm", "mpo12-b-sm"}, true},
  };
  for (const Path& path : table) {
    bool works = true;
    for (int lane = 1; lane <= 4; ++lane) {
      works = works && through(path.cables, lane) == 13 - lane && through(path.cables, 13 - lane) == lane;
    }
    EXPECT_EQ(works, path.works) << *path.cables.begin() << " and " << path.cables.size() - 1 << " more";
  }
}

/// Leg k of a harness joins lane k of the parallel port with the module there, transmitters with receivers.
TEST(Cables, HarnessLegs) {
  for (const auto& [id, lanes] :
       {std::pair("mpo12-4lc-sm", 4), {"mpo12-4lc-mm", 4}, {"mpo16-8lc-sm", 8}, {"mpo16-8lc-mm", 8}}) {
    const Cable& c = *find_cable(id);
    ASSERT_EQ(c.legs, lanes) << id;
    const int n = positions(c.a.connector);
    for (int k = 1; k <= lanes; ++k) {
      EXPECT_EQ(c.position_at_b(k).leg, k - 1) << id;         // Tx k of the parallel port
      EXPECT_EQ(c.position_at_b(k).position, 2) << id;        // comes to the receiver of leg k
      EXPECT_EQ(c.position_at_a(k - 1, 1), n + 1 - k) << id;  // whose transmitter comes to Rx k
    }
  }
  // MPO-16 to two MPO-12: fibres 1 to 4 with 13 to 16, and 5 to 8 with 9 to 12; lane n of leg l is lane 4 l +
  // n.
  const Cable& c = *find_cable("mpo16-2mpo12-sm");
  for (int leg = 0; leg < 2; ++leg) {
    for (int n = 1; n <= 4; ++n) {
      EXPECT_EQ(c.position_at_a(leg, n), 17 - (4 * leg + n));
      EXPECT_EQ(c.position_at_a(leg, 13 - n), 4 * leg + n);
    }
    for (int dark = 5; dark <= 8; ++dark) EXPECT_EQ(c.position_at_a(leg, dark), 0);
  }
  // MPO-16 to four MPO-12 of two lanes: lane n of leg l is lane 2 l + n.
  const Cable& four = *find_cable("mpo16-4mpo12-mm");
  ASSERT_EQ(four.legs, 4);
  for (int leg = 0; leg < 4; ++leg) {
    for (int n = 1; n <= 2; ++n) {
      EXPECT_EQ(four.position_at_a(leg, n), 17 - (2 * leg + n));
      EXPECT_EQ(four.position_at_a(leg, 13 - n), 2 * leg + n);
    }
    for (int dark = 3; dark <= 10; ++dark) EXPECT_EQ(four.position_at_a(leg, dark), 0);
  }
  EXPECT_EQ(c.position_at_a(2, 1), 0);
  EXPECT_EQ(c.position_at_a(0, 13), 0);
  EXPECT_EQ(c.position_at_b(17).position, 0);
}

}  // namespace
}  // namespace lightlane::catalog
