#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <span>

#include "lightlane/math/elementary.hpp"

namespace lightlane::math {
namespace {

// References: mpmath, 60 digits, at the double nearest to the printed argument.
struct Reference {
  double x, value;
};

constexpr Reference sin_points[] = {
    {1e-300, 1e-300},
    {1e-09, 1e-09},
    {0.1, 0.09983341664682815},
    {0.5, 0.479425538604203},
    {0.785398, 0.7071066656470943},
    {0.7853981633974483, 0.7071067811865475},
    {1.0, 0.8414709848078965},
    {1.5707963267948966, 1.0},
    {2.0, 0.9092974268256817},
    {3.0, 0.1411200080598672},
    {3.141592653589793, 1.2246467991473532e-16},
    {4.0, -0.7568024953079282},
    {6.283185307179586, -2.4492935982947064e-16},
    {-0.3, -0.29552020666133955},
    {-2.5, -0.5984721441039565},
    {10.0, -0.5440211108893698},
    {22.0, -0.008851309290403876},
    {355.0, -3.014435335948845e-05},
    {-1000.5, -0.9952739571052135},
    {12345.678, -0.7040813137533816},
    {103993.0, -1.9129335778423752e-05},
    {999999.75, -0.570869236963575},
    {314159.2653589793, -3.3960653996302193e-11},
};
constexpr Reference cos_points[] = {
    {0.0, 1.0},
    {1e-09, 1.0},
    {0.1, 0.9950041652780258},
    {0.5, 0.8775825618903728},
    {0.7853981633974483, 0.7071067811865476},
    {1.0, 0.5403023058681398},
    {1.5707963267948966, 6.123233995736766e-17},
    {2.0, -0.4161468365471424},
    {3.0, -0.9899924966004454},
    {3.141592653589793, -1.0},
    {4.71238898038469, -1.8369701987210297e-16},
    {-0.3, 0.955336489125606},
    {-2.5, -0.8011436155469337},
    {11.0, 0.004425697988050785},
    {710.0, 0.999999998182636},
    {-1000.5, 0.09710690144438526},
    {12345.678, 0.7101193587160628},
    {999999.75, 0.8210409942802037},
    {157079.63267948964, 1.0},
};
constexpr Reference atan_points[] = {
    {0.0, 0.0},
    {1e-300, 1e-300},
    {1e-09, 1e-09},
    {0.1, 0.09966865249116204},
    {0.4374, 0.4123265040890595},
    {0.4376, 0.4124943729413507},
    {0.5, 0.4636476090008061},
    {0.68, 0.5971766580926776},
    {0.69, 0.6039829782529978},
    {1.0, 0.7853981633974483},
    {1.18, 0.8677800939891389},
    {1.19, 0.8719394577410082},
    {1.5, 0.982793723247329},
    {2.43, 1.1803962795753133},
    {2.44, 1.1818394466158897},
    {3.0, 1.2490457723982544},
    {10.0, 1.4711276743037347},
    {1000000.0, 1.5707953267948966},
    {1e+300, 1.5707963267948966},
    {-0.3, -0.2914567944778671},
    {-2.0, -1.1071487177940904},
};
constexpr Reference from_db_points[] = {
    {0.0, 1.0},
    {3.0, 1.9952623149688795},
    {-2.2, 0.6025595860743577},
    {4.999, 3.161549602652294},
    {5.0, 3.1622776601683795},
    {5.001, 3.163005885345205},
    {-174.0, 3.981071705534973e-18},
    {99.5, 8912509381.337456},
    {199.9, 9.77237220955812e+19},
    {-250.0, 1e-25},
};
constexpr Reference to_db_points[] = {
    {2.0, 3.010299956639812}, {0.999, -0.004345117740176917}, {1.001, 0.004340774793185929},
    {1e-12, -120.0},          {340000.0, 55.31478917042255},  {0.00075, -31.249387366083},
};
struct PowerReference {
  double x, y, value, tolerance;
};
constexpr PowerReference pow_points[] = {
    {2.0, 0.5, 1.4142135623730951, 1e-14},         {10.0, -3.0, 0.001, 1e-14},
    {10.0, 0.35, 2.2387211385683394, 1e-14},       {0.5, 33.0, 1.1641532182693481e-10, 1e-14},
    {1.0001, 100000.0, 22015.456048527954, 1e-14}, {3.7, -7.25, 7.59517002705694e-05, 1e-14},
    {0.2, -14.0, 6103515624.999995, 1e-14},        {7.5, 110.0, 1.8060882744273416e+96, 1e-13},
    {0.02, 58.0, 2.882303761517121e-99, 1e-13},
};

constexpr double ulp = 2.220446049250313e-16;

void expect_relative(double (*function)(double), std::span<const Reference> references, double tolerance,
                     const char* what) {
  for (const auto& [x, value] : references) {
    EXPECT_NEAR(function(x), value, std::abs(value) * tolerance) << what << "(" << x << ")";
  }
}

TEST(Trigonometric, AgreesWithReferences) {
  expect_relative(math::sin, sin_points, ulp, "sin");
  expect_relative(math::cos, cos_points, ulp, "cos");
  expect_relative(math::atan, atan_points, ulp, "atan");
}

TEST(Trigonometric, SineAndCosineMakeACircle) {
  for (int i = -3000; i < 3000; ++i) {
    const double x = 0.37 * i, s = math::sin(x), c = math::cos(x);
    EXPECT_NEAR(s * s + c * c, 1.0, 4e-16) << x;
    EXPECT_EQ(math::sin(-x), -s);
    EXPECT_EQ(math::cos(-x), c);
    if (std::abs(x) < 1.5) {
      EXPECT_NEAR(math::atan(s / c), x, 4e-16);
    }
  }
}

TEST(Trigonometric, SpecialValues) {
  const double infinity = std::numeric_limits<double>::infinity();
  for (const double x : {infinity, -infinity, std::nan("")}) {
    EXPECT_TRUE(std::isnan(math::sin(x)));
    EXPECT_TRUE(std::isnan(math::cos(x)));
  }
  EXPECT_TRUE(std::isnan(math::atan(std::nan(""))));
  EXPECT_EQ(math::atan(infinity), 1.5707963267948966);
  EXPECT_EQ(math::atan(-infinity), -1.5707963267948966);
  for (const double x : {1e6, -3e8, 1e15, 1e300}) {
    EXPECT_LE(std::abs(math::sin(x)), 1.0);
    EXPECT_LE(std::abs(math::cos(x)), 1.0);
  }
  EXPECT_NEAR(math::sin(2e7), std::sin(2e7), 1e-8);
}

TEST(Power, AgreesWithReferences) {
  for (const auto& [x, y, value, tolerance] : pow_points) {
    EXPECT_NEAR(math::pow(x, y), value, value * tolerance) << x << "^" << y;
  }
  EXPECT_EQ(math::pow(3.0, 0.0), 1.0);
}

TEST(Decibel, AgreesWithReferences) {
  expect_relative(math::from_db, from_db_points, 1e-14, "from_db");
  expect_relative(math::to_db, to_db_points, 4 * ulp, "to_db");
}

TEST(Decibel, WholeDecadesAreExact) {
  double up = 1.0;
  for (int k = 0; k < 20; ++k, up *= 10.0) {
    EXPECT_EQ(math::from_db(10.0 * k), up);
    EXPECT_EQ(math::from_db(-10.0 * k), 1.0 / up);
  }
  EXPECT_EQ(math::to_db(1.0), 0.0);
  EXPECT_EQ(math::to_db(0.0), -std::numeric_limits<double>::infinity());
  EXPECT_TRUE(std::isnan(math::to_db(-1.0)));
  EXPECT_TRUE(std::isnan(math::from_db(std::nan(""))));
  for (double x = -90.0; x < 90.0; x += 0.7) EXPECT_NEAR(math::to_db(math::from_db(x)), x, 3e-14);
}

}  // namespace
}  // namespace lightlane::math
