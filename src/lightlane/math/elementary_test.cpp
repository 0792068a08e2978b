#include "lightlane/math/elementary.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>

namespace lightlane::math {
namespace {

// References: mpmath, 60 digits, at the double nearest to the printed argument.
struct Reference {
  double x, value;
};

constexpr Reference exp_points[] = {
    {-745.0, 5e-324},
    {-720.5, 1.2326102893e-313},
    {-345.678, 7.480869601401225e-151},
    {-30.1, 8.467127406079322e-14},
    {-2.5, 0.0820849986238988},
    {-0.75, 0.4723665527410147},
    {-0.1, 0.9048374180359595},
    {-1e-10, 0.9999999999},
    {0.0, 1.0},
    {1e-17, 1.0},
    {0.3, 1.3498588075760032},
    {0.3466, 1.4142509118505286},
    {0.5, 1.6487212707001282},
    {1.0, 2.718281828459045},
    {3.3, 27.112638920657883},
    {17.0, 24154952.7535753},
    {88.8, 3.6757840844711625e+38},
    {300.3, 2.6220013776845454e+130},
    {709.7, 1.6549840276802644e+308},
};
constexpr Reference expm1_points[] = {
    {-40.0, -1.0},
    {-3.0, -0.950212931632136},
    {-0.36, -0.3023236739289689},
    {-0.349, -0.2946068697300456},
    {-0.1, -0.09516258196404043},
    {-1e-08, -9.999999950000001e-09},
    {1e-300, 1e-300},
    {1e-12, 1.0000000000005e-12},
    {0.01, 0.010050167084168058},
    {0.2, 0.22140275816016985},
    {0.349, 0.4176491903419861},
    {0.36, 0.43332941456034024},
    {1.0, 1.7182818284590453},
    {20.0, 485165194.4097903},
    {700.0, 1.0142320547350045e+304},
};
constexpr Reference log_points[] = {
    {5e-324, -744.4400719213812},
    {1e-310, -713.8013788281542},
    {1e-300, -690.7755278982137},
    {2.3e-16, -36.00845236496963},
    {0.001, -6.907755278982137},
    {0.5, -0.6931471805599453},
    {0.7, -0.35667494393873245},
    {0.70710678, -0.3465735919580042},
    {0.9, -0.10536051565782628},
    {0.9999999, -1.0000000494736474e-07},
    {1.0, 0.0},
    {1.0000001, 9.999999505838704e-08},
    {1.2, 0.1823215567939546},
    {1.4142, 0.3465640001880033},
    {1.5, 0.4054651081081644},
    {2.0, 0.6931471805599453},
    {10.0, 2.302585092994046},
    {12345.678, 9.421061321291832},
    {1e+100, 230.25850929940458},
    {1.7e+308, 709.7268368932282},
};
constexpr Reference log1p_points[] = {
    {-0.9999999, -16.118095651484676},   {-0.9, -2.302585092994046},   {-0.5, -0.6931471805599453},
    {-0.3, -0.35667494393873234},        {-0.28, -0.3285040669720361}, {-0.1, -0.10536051565782631},
    {-1e-09, -1.0000000005000001e-09},   {-1e-300, -1e-300},           {1e-18, 1e-18},
    {1e-06, 9.999995000003334e-07},      {0.3, 0.26236426446749106},   {0.4, 0.33647223662121295},
    {0.42, 0.35065687161316933},         {1.0, 0.6931471805599453},    {2.5, 1.252762968495368},
    {10000000000.0, 23.025850930040455}, {1e+300, 690.7755278982137},
};
constexpr Reference erfc_points[] = {
    {-6.0, 2.0},
    {-2.0, 1.9953222650189528},
    {-0.5, 1.5204998778130465},
    {-0.001, 1.0011283787909693},
    {0.0, 1.0},
    {1e-09, 0.9999999988716208},
    {0.1, 0.887537083981715},
    {0.5, 0.4795001221869535},
    {0.9, 0.20309178757716786},
    {1.3, 0.06599205505934755},
    {2.0, 0.004677734981047266},
    {3.0, 2.209049699858544e-05},
    {3.75, 1.1372725656979665e-07},
    {5.5, 7.357847917974398e-15},
    {9.0, 4.13703174651381e-37},
    {14.2, 1.063964354864168e-89},
    {20.0, 5.395865611607901e-176},
    {25.9, 1.0202833184732667e-293},
    {26.5, 2.2109076642637343e-307},
};
constexpr Reference tail_points[] = {
    {-8.0, 0.9999999999999993},
    {-3.0, 0.9986501019683699},
    {-1.0, 0.8413447460685429},
    {-0.1, 0.539827837277029},
    {0.0, 0.5},
    {0.25, 0.4012936743170763},
    {1.0, 0.15865525393145705},
    {1.7, 0.04456546275854304},
    {2.5, 0.006209665325776135},
    {3.3, 0.0004834241423837775},
    {4.75, 1.0170832425687032e-06},
    {6.0, 9.86587645037698e-10},
    {7.034, 1.0034756170348608e-12},
    {8.5, 9.479534822203318e-18},
    {12.0, 1.776482112077679e-33},
    {20.3, 6.429244467698346e-92},
    {30.7, 2.8458302208738193e-207},
    {37.4, 1.9536815616489922e-306},
};
constexpr Reference inverse_points[] = {
    {1e-300, 37.0470962993612},       {1e-100, 21.273453560965326},  {1e-34, 12.235850045608343},
    {1e-15, 7.941345326170997},       {1e-12, 7.034483825301132},    {1e-06, 4.753424308822899},
    {0.00024, 3.4916760634039634},    {0.00032, 3.4140705542274294}, {0.01, 2.326347874040841},
    {0.1, 1.2815515655446004},        {0.3, 0.5244005127080408},     {0.45, 0.12566134685507402},
    {0.4999, 0.00025066283008800747}, {0.6, -0.2533471031357997},    {0.9, -1.2815515655446006},
    {0.999999, -4.753424308817087},
};

void expect_relative(double (*function)(double), std::span<const Reference> references, double tolerance,
                     const char* what) {
  for (const auto& [x, value] : references) {
    // Denormal results round at their own last place.
    const double allowed = std::abs(value) * tolerance + 5e-324;
    EXPECT_NEAR(function(x), value, allowed) << what << "(" << x << ")";
  }
}

constexpr double ulp = 2.220446049250313e-16;

TEST(Elementary, ExpAgreesWithReferences) { expect_relative(math::exp, exp_points, ulp, "exp"); }
TEST(Elementary, Expm1AgreesWithReferences) { expect_relative(math::expm1, expm1_points, 2 * ulp, "expm1"); }
TEST(Elementary, LogAgreesWithReferences) { expect_relative(math::log, log_points, ulp, "log"); }
TEST(Elementary, Log1pAgreesWithReferences) { expect_relative(math::log1p, log1p_points, 2 * ulp, "log1p"); }
TEST(Elementary, ErfcAgreesWithReferences) { expect_relative(math::erfc, erfc_points, 1e-15, "erfc"); }
TEST(Elementary, NormalTailAgreesWithReferences) {
  expect_relative(math::normal_tail, tail_points, 1e-15, "normal_tail");
}
TEST(Elementary, NormalTailInverseAgreesWithReferences) {
  for (const auto& [p, x] : inverse_points)
    EXPECT_NEAR(normal_tail_inverse(p), x, 2e-15 * (1 + std::abs(x))) << p;
}

// The C library as a second oracle, on many arguments: it is within an ulp or so itself.
TEST(Elementary, AgreesWithTheLibraryOnDenseArguments) {
  for (int i = 0; i <= 20000; ++i) {
    const double x = -30.0 + 0.003 * i + 1e-7 * (i % 97);
    ASSERT_NEAR(math::exp(x) / std::exp(x), 1.0, 3 * ulp) << x;
    ASSERT_NEAR(math::expm1(x), std::expm1(x), 3 * ulp * std::abs(std::expm1(x))) << x;
    const double y = 1e-3 * i + 1e-9;
    ASSERT_NEAR(math::log(y), std::log(y), 3 * ulp * std::abs(std::log(y))) << y;
    ASSERT_NEAR(math::log1p(y - 0.9), std::log1p(y - 0.9), 3 * ulp * std::abs(std::log1p(y - 0.9))) << y;
    const double z = -6.0 + 0.0016 * i;
    if (z < 26) {
      ASSERT_NEAR(math::erfc(z) / std::erfc(z), 1.0, 1e-15) << z;
    }
  }
}

TEST(Elementary, InverseUndoesTheTail) {
  for (double x = -4.0; x < 37.0; x += 0.0371) {
    // Below zero 1 - Q is what is small, and p carries only 2^-53 of it.
    const double lost = x < 0 ? ulp / (0.3989 * std::exp(-x * x / 2)) : 0.0;
    ASSERT_NEAR(normal_tail_inverse(normal_tail(x)), x, 3e-15 * (1 + std::abs(x)) + lost) << x;
  }
}

TEST(Elementary, SpecialValues) {
  constexpr double inf = std::numeric_limits<double>::infinity();
  const double not_a_number = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(math::exp(-inf), 0.0);
  EXPECT_EQ(math::exp(inf), inf);
  EXPECT_EQ(math::exp(710.0), inf);
  EXPECT_EQ(math::exp(0.0), 1.0);
  EXPECT_TRUE(std::isnan(math::exp(not_a_number)));
  EXPECT_EQ(math::expm1(-inf), -1.0);
  EXPECT_EQ(math::log(0.0), -inf);
  EXPECT_EQ(math::log(inf), inf);
  EXPECT_EQ(math::log(1.0), 0.0);
  EXPECT_TRUE(std::isnan(math::log(-1.0)));
  EXPECT_TRUE(std::isnan(math::log(not_a_number)));
  EXPECT_EQ(math::log1p(-1.0), -inf);
  EXPECT_EQ(math::log1p(inf), inf);
  EXPECT_TRUE(std::isnan(math::log1p(-2.0)));
  EXPECT_NEAR(math::erfc(0.0), 1.0, ulp);
  EXPECT_EQ(math::erfc(-inf), 2.0);
  EXPECT_EQ(math::erfc(inf), 0.0);
  EXPECT_TRUE(std::isnan(math::erfc(not_a_number)));
  EXPECT_NEAR(normal_tail(0.0), 0.5, ulp);
  EXPECT_EQ(normal_tail(inf), 0.0);
  EXPECT_EQ(normal_tail(-inf), 1.0);
  EXPECT_EQ(normal_tail_inverse(0.0), inf);
  EXPECT_EQ(normal_tail_inverse(1.0), -inf);
  EXPECT_TRUE(std::isnan(normal_tail_inverse(-0.1)));
  EXPECT_TRUE(std::isnan(normal_tail_inverse(1.1)));
}

// A snapshot, not an oracle: a hash over many results, which no compiler, flag or processor may change.
TEST(Elementary, SnapshotOfBits) {
  std::uint64_t hash = 14695981039346656037u;
  const auto add = [&](double value) {
    hash = (hash ^ std::bit_cast<std::uint64_t>(value)) * 1099511628211u;
  };
  for (int i = 1; i <= 5000; ++i) {
    const double x = i * 0.0073;
    add(math::exp(x - 18));
    add(math::expm1(x - 18));
    add(math::log(x));
    add(math::log1p(x - 0.9));
    add(math::erfc(x - 12));
    add(normal_tail(x));
    add(normal_tail_inverse(i / 5001.0));
  }
  EXPECT_EQ(hash, 1945407446316964203u);
}

}  // namespace
}  // namespace lightlane::math
