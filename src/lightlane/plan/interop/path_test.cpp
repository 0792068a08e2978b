#include "lightlane/plan/interop/path.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>

#include "lightlane/base/error.hpp"
#include "lightlane/plan/interop/link_file.hpp"

namespace lightlane::plan {
namespace {

const catalog::Pmd& pmd(std::string_view name) {
  const catalog::Pmd* found = catalog::find_pmd(name);
  if (found == nullptr) throw std::runtime_error(std::string(name));
  return *found;
}

std::string codes(const std::vector<Reason>& reasons) {
  std::string out;
  for (const Reason& reason : reasons) out += std::string(reason.code) + " ";
  return out;
}

TEST(Path, PositionsOfTheModules) {
  const auto dr4 = mdi_positions(pmd("400GBASE-DR4"));
  ASSERT_EQ(dr4.size(), 4u);
  for (int n = 1; n <= 4; ++n) {
    EXPECT_EQ(dr4[static_cast<std::size_t>(n - 1)].transmit, n);
    EXPECT_EQ(dr4[static_cast<std::size_t>(n - 1)].receive, 13 - n);
  }
  EXPECT_EQ(mdi_positions(pmd("400GBASE-SR8")).back().receive, 9);
  EXPECT_EQ(mdi_positions(pmd("400GBASE-FR4")).size(), 1u);
  // MPO-24: the ten positions in the middle of a row of twelve, one row for each direction.
  const auto sr10 = mdi_positions(pmd("100GBASE-SR10"));
  ASSERT_EQ(sr10.size(), 10u);
  for (int n = 0; n < 10; ++n) {
    EXPECT_EQ(sr10[static_cast<std::size_t>(n)].receive, 2 + n);
    EXPECT_EQ(sr10[static_cast<std::size_t>(n)].transmit, 14 + n);
  }
  EXPECT_EQ(mdi_positions(pmd("100GBASE-SR2")).size(), 2u);
  EXPECT_EQ(mdi_positions(pmd("100GBASE-SR2")).back().receive, 11);
}

/// Fibre by fibre with plain permutations, from nothing but the names of the types: A is straight, B
/// reversed, C flips pairs. The link is right where every fibre n of 1 to 4 and 9 to 12 comes out at 13 - n.
TEST(Path, PolarityOfRandomPlantsIsThatOfThePermutations) {
  std::mt19937 random(7);
  const auto end_to_end = [](const std::string& types, int n) {
    for (const char type : types) n = type == 'A' ? n : type == 'B' ? 13 - n : n % 2 == 1 ? n + 1 : n - 1;
    return n;
  };
  int right = 0, odd_b = 0;
  for (int round = 0; round < 2000; ++round) {
    std::string types, names;
    for (unsigned i = 0, count = 1 + random() % 5; i < count; ++i) {
      types += "ABC"[random() % (round % 2 == 0 ? 2 : 3)];
      names += (i > 0 ? ",mpo12-" : "mpo12-") + std::string(1, static_cast<char>(types.back() - 'A' + 'a')) +
               "-sm";
    }
    const auto path = path_of(names, "path");
    bool expected = true, lit = true;
    for (const int n : {1, 2, 3, 4, 9, 10, 11, 12}) {
      const int out = end_to_end(types, n);
      EXPECT_EQ(trace(path, {0, n}).position, out) << types;
      expected = expected && out == 13 - n;
      lit = lit && (n <= 4 ? out >= 9 : out <= 4);
    }
    const PathAnswer answer = check_path(path, pmd("400GBASE-DR4"), pmd("400GBASE-DR4"));
    const std::string found = codes(answer.reasons);
    EXPECT_EQ(found.find("POLARITY") == std::string::npos, lit) << types << ": " << found;
    EXPECT_EQ(found.find("POLARITY") == std::string::npos && found.find("LANE_ORDER") == std::string::npos,
              expected)
        << types << ": " << found;
    if (types.find('C') == std::string::npos) {
      const bool odd = std::count(types.begin(), types.end(), 'B') % 2 == 1;
      EXPECT_EQ(expected, odd) << types;
      odd_b += odd;
    }
    right += expected;
  }
  EXPECT_GT(right, 300);
  EXPECT_GT(odd_b, 300);
}

TEST(Path, TheCureIsOneAndMends) {
  for (const char* names :
       {"mpo12-a-sm", "mpo12-b-sm,mpo12-b-sm-trunk,mpo12-a-sm", "mpo12-c-sm",
        "mpo12-b-sm,mpo12-a-sm-trunk,mpo12-c-sm", "mpo12-b-sm,mpo12-b-sm-trunk,mpo12-c-sm"}) {
    std::vector<PathCable> path = path_of(names, "path");
    const PathAnswer answer = check_path(path, pmd("400GBASE-DR4"), pmd("400GBASE-DR4"));
    ASSERT_EQ(answer.reasons.size(), 1u) << names << " " << codes(answer.reasons);
    const std::string& cure = answer.reasons[0].cure;
    ASSERT_TRUE(cure.starts_with("cable ")) << cure;
    EXPECT_EQ(cure.find("-c-sm instead"), std::string::npos) << "type C is no cure: " << cure;
    const auto number = static_cast<std::size_t>(cure[6] - '1');
    path[number].cable = catalog::find_cable(cure.substr(9, cure.find(" instead") - 9));
    ASSERT_NE(path[number].cable, nullptr) << cure;
    EXPECT_TRUE(check_path(path, pmd("400GBASE-DR4"), pmd("400GBASE-DR4")).reasons.empty()) << names;
  }
}

TEST(Path, HarnessLegsBelongToTheirLanes) {
  const PathAnswer answer =
      check_path(path_of("mpo12-4lc-sm:30", "path"), pmd("400GBASE-DR4"), pmd("100GBASE-FR1"));
  EXPECT_EQ(codes(answer.reasons), "");
  ASSERT_EQ(answer.routes.size(), 4u);
  for (int n = 0; n < 4; ++n) {
    EXPECT_EQ(answer.routes[static_cast<std::size_t>(n)].leg, n);
    EXPECT_EQ(answer.routes[static_cast<std::size_t>(n)].far_lane, 0);
  }
  EXPECT_EQ(answer.length_m, 30);
  EXPECT_EQ(answer.joints, 0);
  // A type B trunk before the harness turns the legs round; a type A one does not.
  const auto behind = [](const char* path) {
    return check_path(path_of(path, "path"), pmd("400GBASE-DR4"), pmd("100GBASE-FR1"));
  };
  EXPECT_EQ(codes(behind("mpo12-b-sm,mpo12-b-sm-trunk,mpo12-4lc-sm").reasons), "");
  EXPECT_NE(codes(behind("mpo12-a-sm,mpo12-b-sm-trunk,mpo12-4lc-sm").reasons), "");
  // Eight lanes on two ports of four.
  const PathAnswer dr8 =
      check_path(path_of("mpo16-2mpo12-sm", "path"), pmd("800GBASE-DR8"), pmd("400GBASE-DR4"));
  EXPECT_EQ(codes(dr8.reasons), "");
  ASSERT_EQ(dr8.routes.size(), 8u);
  EXPECT_EQ(dr8.routes[5].leg, 1);
  EXPECT_EQ(dr8.routes[5].far_lane, 1);
}

/// Two rows of twelve: straight cords join transmitters, reversed ones turn the lanes round, those that
/// exchange the rows are right.
TEST(Path, TwentyFourFibres) {
  const auto found = [](const char* path) {
    return check_path(path_of(path, "path"), pmd("100GBASE-SR10"), pmd("100GBASE-SR10"));
  };
  EXPECT_EQ(codes(found("mpo24-rows-mm").reasons), "");
  EXPECT_EQ(found("mpo24-rows-mm").routes.size(), 10u);
  EXPECT_EQ(codes(found("mpo24-b-mm").reasons), "LANE_ORDER ");
  const PathAnswer straight = found("mpo24-a-mm");
  EXPECT_EQ(codes(straight.reasons), "POLARITY ");
  EXPECT_NE(straight.reasons[0].cure.find("mpo24-rows-mm instead of mpo24-a-mm"), std::string::npos)
      << straight.reasons[0].cure;
}

/// Eight lanes on four ports of two, two of four, eight of one.
TEST(Path, HarnessesOfSr8) {
  for (const auto& [cable, far, legs] : {std::tuple("mpo16-4mpo12-mm", "100GBASE-SR2", 4),
                                         {"mpo16-2mpo12-mm", "200GBASE-SR4", 2},
                                         {"mpo16-8lc-mm", "50GBASE-SR", 8}}) {
    const PathAnswer answer = check_path(path_of(cable, "path"), pmd("400GBASE-SR8"), pmd(far));
    EXPECT_EQ(codes(answer.reasons), "") << cable;
    ASSERT_EQ(answer.routes.size(), 8u) << cable;
    for (int n = 0; n < 8; ++n) {
      EXPECT_EQ(answer.routes[static_cast<std::size_t>(n)].leg, n / (8 / legs)) << cable;
      EXPECT_EQ(answer.routes[static_cast<std::size_t>(n)].far_lane, n % (8 / legs)) << cable;
    }
  }
}

TEST(Path, FanOutAndInAgain) {
  const auto path = path_of("mpo12-4lc-sm,lc-duplex-sm,mpo12-4lc-sm:0:turned", "path");
  EXPECT_EQ(open_legs(path), 1);
  const PathAnswer answer = check_path(path, pmd("400GBASE-DR4"), pmd("400GBASE-DR4"));
  EXPECT_EQ(codes(answer.reasons), "");
  EXPECT_EQ(open_legs(path_of("mpo12-4lc-sm,mpo12-4lc-sm", "path")), 0);
  EXPECT_EQ(open_legs(path_of("mpo12-4lc-sm:0:turned", "path")), 0);
}

/// What goes from p to q goes from q to p on the way back, whatever the cables.
TEST(Path, TheWayBackIsTheInverse) {
  std::mt19937 random(11);
  const auto all = catalog::cables();
  int lit = 0;
  for (int round = 0; round < 3000; ++round) {
    std::vector<PathCable> path;
    for (unsigned i = 0, count = 1 + random() % 4; i < count; ++i)
      path.push_back({&all[random() % all.size()], random() % 2 == 0, 0});
    if (open_legs(path) == 0 || open_legs(reversed(path)) != 1) continue;
    for (int p = 1; p <= 16; ++p) {
      const FibrePlace out = trace(path, {0, p});
      if (out.position == 0) continue;
      ++lit;
      const FibrePlace back = trace(reversed(path), out);
      EXPECT_EQ(back.position, p);
      EXPECT_EQ(back.leg, 0);
    }
  }
  EXPECT_GT(lit, 1000);
}

TEST(Path, TheWayBackTurnsEveryCable) {
  const auto there = path_of("mpo12-b-sm:3,mpo12-4lc-sm:5,lc-duplex-sm:0:turned", "path");
  const auto back = reversed(there);
  ASSERT_EQ(back.size(), 3u);
  EXPECT_EQ(back[0].cable, there[2].cable);
  EXPECT_FALSE(back[0].turned);
  EXPECT_TRUE(back[1].turned && back[2].turned);
  EXPECT_EQ(back[1].length_m, 5);
}

/// A harness on which a transmitter's fibre goes to one leg and its receiver's to another lights every lane,
/// and is wrong.
TEST(Path, BothFibresOfALaneGoToOnePartner) {
  catalog::Cable crossed = *catalog::find_cable("mpo12-4lc-sm");
  std::vector<int> map(crossed.map.begin(), crossed.map.end());
  std::swap(map[1], map[3]);  // legs 1 and 2 hear each other's lanes
  crossed.map = map;
  const std::vector<PathCable> path = {{&crossed, false, 5}};
  const PathAnswer answer = check_path(path, pmd("400GBASE-DR4"), pmd("100GBASE-DR"));
  EXPECT_EQ(codes(answer.reasons), "POLARITY ");
  EXPECT_TRUE(answer.routes.empty());
}

TEST(Path, MatingOfEnds) {
  const auto found = [](const char* path, const char* a, const char* b) {
    return codes(check_path(path_of(path, "path"), pmd(a), pmd(b)).reasons);
  };
  EXPECT_EQ(found("mpo12-b-sm,mpo12-a-sm", "400GBASE-DR4", "400GBASE-DR4"), "GENDER ");
  EXPECT_EQ(found("mpo12-b-sm-trunk", "400GBASE-DR4", "400GBASE-DR4"), "GENDER GENDER ");
  EXPECT_EQ(found("lc-duplex-sm", "400GBASE-DR4", "400GBASE-DR4"), "CONNECTOR CONNECTOR ");
  EXPECT_EQ(found("mpo12-b-mm", "400GBASE-DR4", "400GBASE-DR4"), "POLISH MEDIA_KIND POLISH ");
  EXPECT_EQ(found("mpo12-b-mm", "100GBASE-SR4", "100GBASE-SR4"), "");
  EXPECT_EQ(found("lc-duplex-sm", "400GBASE-FR4", "400GBASE-FR4"), "");
  EXPECT_EQ(found("lc-duplex-sm,lc-duplex-sm", "400GBASE-FR4", "400GBASE-FR4"), "POLARITY ");
  EXPECT_EQ(found("lc-duplex-sm,lc-duplex-sm-straight", "400GBASE-FR4", "400GBASE-FR4"), "");
  EXPECT_EQ(found("lc-simplex-sm", "100G-BiDi-40km", "100G-BiDi-40km"), "");
}

TEST(Path, NamesOfCables) {
  const auto message = [](const char* text) {
    try {
      path_of(text, "--path");
    } catch (const ConfigError& error) {
      return std::string(error.what());
    }
    return std::string("taken");
  };
  EXPECT_NE(message("mpo12-b-sn").find("did you mean mpo12-b-sm"), std::string::npos)
      << message("mpo12-b-sn");
  EXPECT_NE(message("mpo12-b-sm:-3").find("0 to 1e+06 m"), std::string::npos);
  EXPECT_NE(message("mpo12-b-sm:3x").find("'3x' is no length"), std::string::npos);
  EXPECT_NE(message("mpo12-b-sm,,mpo12-b-sm").find("no cable"), std::string::npos);
  EXPECT_TRUE(path_of("", "--path").empty());
}

}  // namespace
}  // namespace lightlane::plan
