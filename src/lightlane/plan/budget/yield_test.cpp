#include "lightlane/plan/budget/yield.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "lightlane/base/error.hpp"
#include "lightlane/base/random.hpp"
#include "lightlane/catalog/resolver.hpp"
#include "lightlane/plan/budget/budget_terms.hpp"
#include "lightlane/plan/budget/gamma.hpp"
#include "lightlane/plan/budget/quantile_table.hpp"
#include "lightlane/plan/names.hpp"

namespace lightlane::plan {
namespace {

/// P(X > x) of a gamma distribution by Simpson's rule over its density.
double tail_by_quadrature(const Gamma& g, double x) {
  const double from = x / g.scale, to = from + 60 + 10 * g.shape;
  constexpr int steps = 200000;
  double sum = 0;
  for (int i = 0; i <= steps; ++i) {
    const double t = from + (to - from) * i / steps;
    const double density = t > 0 ? std::exp((g.shape - 1) * std::log(t) - t - std::lgamma(g.shape)) : 0;
    sum += density * (i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2);
  }
  return sum * (to - from) / steps / 3;
}

TEST(Gamma, AgainstTheCLibraryAndQuadrature) {
  for (const double x : {0.01, 0.5, 1.0, 3.9, 12.0, 171.0})
    EXPECT_NEAR(log_gamma(x), std::lgamma(x), 1e-12 * (1 + std::fabs(std::lgamma(x)))) << x;
  for (const double shape : {1.5, 4.931, 40.0}) {
    for (const double x : {0.1 * shape, shape, 2 * shape, 4 * shape}) {
      EXPECT_NEAR(gamma_above(shape, x), tail_by_quadrature({shape, 1}, x), 1e-9) << shape << " " << x;
      EXPECT_NEAR(gamma_above(shape, x) + gamma_below(shape, x), 1, 1e-12);
    }
  }
  // Shape 1: exponential.
  EXPECT_NEAR(gamma_above(1, 5), std::exp(-5.0), 1e-15);
  for (const double tail : {1e-9, 1e-3, 0.4}) {
    const Gamma g = {4, 0.05};
    EXPECT_NEAR(gamma_above(4, gamma_quantile(g, tail, true) / 0.05), tail, 1e-10 * tail + 1e-13);
    EXPECT_NEAR(gamma_below(4, gamma_quantile(g, tail, false) / 0.05), tail, 1e-10);
  }
}

TEST(Gamma, FitsOfTheConnectorGrades) {
  // Mean and 97 % of the grades of IEC 61753-1, and the fits known of them.
  const double grades[][5] = {{0.07, 0.15, 3.899, 0.0180, 0.0355},
                              {0.12, 0.25, 4.283, 0.0280, 0.0580},
                              {0.25, 0.50, 4.931, 0.0507, 0.1126},
                              {0.50, 1.00, 4.931, 0.1014, 0.2252}};
  for (const auto& [mean, most, shape, scale, sigma] : grades) {
    const auto g = gamma_of(mean, most);
    ASSERT_TRUE(g);
    EXPECT_NEAR(g->shape, shape, 0.001);
    EXPECT_NEAR(g->scale, scale, 0.0001);
    EXPECT_NEAR(std::sqrt(g->variance()), sigma, 0.0001);
    EXPECT_NEAR(g->mean(), mean, 1e-9);
    EXPECT_NEAR(tail_by_quadrature(*g, most), 0.03, 1e-8);
  }
  EXPECT_TRUE(gamma_of(0.07, 0.3));  // fusion splices
  EXPECT_FALSE(gamma_of(0.3, 0.3));
  EXPECT_FALSE(gamma_of(0.3, 0.2));
  EXPECT_FALSE(gamma_of(0.01, 1));
  EXPECT_FALSE(gamma_of(0, 1));
}

TEST(QuantileTable, DrawsTheDistribution) {
  const Gamma g = *gamma_of(0.25, 0.5);
  const QuantileTable table([&](double p, bool upper) { return gamma_quantile(g, p, upper); });
  // Any pattern of bits stands for its probability.
  for (const double u : {1e-6, 0.001, 0.1, 0.3, 0.49, 0.51, 0.7, 0.97, 0.999, 0.999999}) {
    const bool upper = u >= 0.5;
    const double tail = upper ? 1 - u : u;
    const auto bits = static_cast<std::uint32_t>(tail * 4294967296.0) | (upper ? 0x80000000u : 0u);
    EXPECT_NEAR(table(bits), gamma_quantile(g, tail, upper), 3e-4) << u;
  }
  EXPECT_TRUE(std::isfinite(table(0)));
  EXPECT_TRUE(std::isfinite(table(0x80000000u)));
  EXPECT_NEAR(table(0x7fffffffu), table(0xffffffffu), 1e-5);  // the median from both sides
}

struct Case {
  LinkTerms link;
  Question question;
  Ledger ledger;
};

Case dr_link(int pairs, double budget_db) {
  Case c;
  Question q;
  q.near = &catalog::pmd_named("100GBASE-DR", "near");
  q.segments = {{&fibre_named("SMF", "fibre"), 100, 0}};
  q.connectors = {
      {{&joint_named("iec-grade-c", "", catalog::JointKind::connector), pairs, std::nullopt, std::nullopt}}};
  q.attenuators_db = 3.0 - budget_db;
  c.question = q;
  c.link = resolve(q, c.ledger);
  return c;
}

TEST(Yield, AgainstTheClosedForm) {
  // Sums of equal gamma distributions are gamma; two lanes (there and back), independent.
  Case c = dr_link(6, 2.0);
  YieldConfig config;
  config.draws = 400000;
  const Yield y = *yield(c.link, c.question, config, c.ledger);
  const Gamma sum = gamma_of(0.25, 0.5)->sum(6);
  const double one = tail_by_quadrature(sum, 2.0), failing = 1 - (1 - one) * (1 - one);
  EXPECT_GT(failing, 0.01);
  const double sigma = std::sqrt(failing * (1 - failing) / y.draws);
  EXPECT_NEAR(y.failing_share(), failing, 4 * sigma);
  // The median of the smaller of two is where each is exceeded with probability sqrt(1/2).
  EXPECT_NEAR(2.0 - y.median_db, gamma_quantile(sum, 1 - std::sqrt(0.5), true), 0.005);
  EXPECT_NEAR(2.0 - y.p1_db, gamma_quantile(sum, 1 - std::sqrt(0.99), true), 0.02);
  EXPECT_NEAR(2.0 - y.p0_1_db, gamma_quantile(sum, 1 - std::sqrt(0.999), true), 0.05);
  ASSERT_EQ(y.contributors.size(), 1u);
  EXPECT_NEAR(y.contributors[0].mean_db, 1.5, 1e-9);
  EXPECT_NEAR(y.contributors[0].sigma_db, std::sqrt(6.0) * 0.1126, 3e-4);
  EXPECT_DOUBLE_EQ(y.contributors[0].variance_share, 1);
}

TEST(Yield, FourPairsOfGradeB) {
  // A worked example: 300 m of 0.4 dB/km and four pairs lose 0.60 dB on average, with a sigma of 0.116 dB.
  // The 0.96 dB that a normal distribution puts at 99.9 % are too few for one that leans: 1.04 dB, and 1.07
  // dB in the worse of two.
  Case c = dr_link(1, 3.0);
  c.question.segments[0] = {&fibre_named("SMF", "fibre"), 300, 0.4};
  c.question.connectors = {
      {{&joint_named("iec-grade-b", "", catalog::JointKind::connector), 4, std::nullopt, std::nullopt}}};
  c.link = resolve(c.question, c.ledger);
  const Yield y = *yield(c.link, c.question, {}, c.ledger);
  EXPECT_NEAR(y.contributors[0].mean_db + 0.12, 0.60, 1e-9);
  EXPECT_NEAR(y.contributors[0].sigma_db, 0.116, 0.0005);
  const Gamma sum = gamma_of(0.12, 0.25)->sum(4);
  EXPECT_NEAR(tail_by_quadrature(sum, 1.04 - 0.12), 0.001, 5e-5);
  EXPECT_NEAR(tail_by_quadrature(sum, 3.0 - y.p0_1_db - 0.12), 1 - std::sqrt(0.999), 1e-4);
  EXPECT_EQ(y.failing, 0);
}

TEST(Yield, SeedsAndEnds) {
  Case c = dr_link(6, 2.0);
  YieldConfig config;
  config.draws = 20000;
  const Yield one = *yield(c.link, c.question, config, c.ledger),
              same = *yield(c.link, c.question, config, c.ledger);
  EXPECT_EQ(one.failing, same.failing);
  EXPECT_EQ(one.mean_db, same.mean_db);
  config.seed = 2;
  EXPECT_NE(yield(c.link, c.question, config, c.ledger)->mean_db, one.mean_db);
  config.seed = 1;
  config.transmitter_better_db = 1;
  EXPECT_NEAR(yield(c.link, c.question, config, c.ledger)->mean_db, one.mean_db + 1, 1e-5);
  config.transmitter_sigma_db = 0.5;
  const Yield ends = *yield(c.link, c.question, config, c.ledger);
  ASSERT_EQ(ends.contributors.size(), 2u);
  EXPECT_EQ(ends.contributors[0].name, "transmitter");
  EXPECT_GT(ends.contributors[0].variance_share, ends.contributors[1].variance_share);
  EXPECT_NEAR(ends.contributors[0].variance_share + ends.contributors[1].variance_share, 1, 1e-12);
  config.draws = 10;
  EXPECT_THROW(yield(c.link, c.question, config, c.ledger), ConfigError);
  config.draws = 1000;
  config.receiver_sigma_db = -1;
  EXPECT_THROW(yield(c.link, c.question, config, c.ledger), ConfigError);
}

TEST(Yield, WavelengthsShareTheirFibreAndLanesDoNot) {
  const auto failing = [](const char* pmd) {
    Question q;
    q.near = &catalog::pmd_named(pmd, "near");
    q.segments = {{&fibre_named("SMF", "fibre"), 100, 0}};
    q.connectors = {
        {{&joint_named("iec-grade-d", "", catalog::JointKind::connector), 4, std::nullopt, std::nullopt}}};
    q.attenuators_db = q.near->channel.insertion_loss_max_db->value - 2.5;
    Ledger ledger;
    const LinkTerms link = resolve(q, ledger);
    return yield(link, q, {}, ledger)->failing_share();
  };
  const Gamma sum = gamma_of(0.5, 1.0)->sum(4);
  const double one = tail_by_quadrature(sum, 2.5);
  EXPECT_NEAR(failing("400GBASE-FR4"), 1 - std::pow(1 - one, 2), 0.006);
  EXPECT_NEAR(failing("400GBASE-DR4"), 1 - std::pow(1 - one, 8), 0.008);
}

}  // namespace
}  // namespace lightlane::plan
