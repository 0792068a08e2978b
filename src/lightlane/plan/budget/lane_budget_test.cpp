#include "lightlane/plan/budget/lane_budget.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "lightlane/plan/budget/reflections.hpp"

namespace lightlane::plan {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

LaneTerms lane(std::span<const SegmentTerms> segments) {
  LaneTerms out;
  out.available_db = 6.5;
  out.metric_db = 3.4;
  out.allocation_db = 0.1;
  out.headroom_db = 0;
  out.rated_dispersion_min_ps_nm = -infinite;
  out.rated_dispersion_max_ps_nm = infinite;
  out.segments = segments;
  return out;
}

TEST(LaneBudget, AddsUp) {
  const SegmentTerms segments[] = {{0.0005, 0.0003, 0, 0}, {0.0004, 0.0002, 0, 0}};
  const double lengths[] = {200, 1000};
  const PlantTerms plant = {1.5, 0.25, 0, 0.3, 0.2};
  const LaneBudget b = evaluate(lane(segments), plant, lengths);
  EXPECT_DOUBLE_EQ(b.fibre_db, 0.5);
  EXPECT_DOUBLE_EQ(b.loss_db, 2.25);
  EXPECT_DOUBLE_EQ(b.penalties_db, 3.4 + 0.1 + 0.3 + 0.2);
  EXPECT_DOUBLE_EQ(b.margin_db, 6.5 - 4.0 - 2.25);
  // Overload counts what is always there: fibre at its least, attenuators.
  EXPECT_DOUBLE_EQ(b.overload_margin_db, 0.06 + 0.2 + 0.25);
}

TEST(LaneBudget, ReflectionsTakeThePlaceOfTheAllocation) {
  const LaneTerms terms = lane({});
  PlantTerms plant;
  plant.mpi_db = 0.05;
  EXPECT_DOUBLE_EQ(evaluate(terms, plant, {}).mpi_dgd_db, 0.1);
  plant.mpi_db = 0.7;
  EXPECT_DOUBLE_EQ(evaluate(terms, plant, {}).mpi_dgd_db, 0.7);
}

TEST(LaneBudget, UnknownStaysUnknown) {
  LaneTerms one = lane({});
  one.available_db = NAN;
  EXPECT_TRUE(std::isnan(evaluate(one, {}, {}).margin_db));
  one = lane({});
  one.allocation_db = NAN;
  EXPECT_TRUE(std::isnan(evaluate(one, {}, {}).margin_db));
  PlantTerms plant;
  plant.mpi_db = NAN;
  EXPECT_TRUE(std::isnan(evaluate(lane({}), plant, {}).margin_db));
  LaneTerms both[] = {lane({}), one};
  EXPECT_TRUE(std::isnan(evaluate_worst(both, {}, {}).budget.margin_db));
  both[1].headroom_db = NAN;
  EXPECT_TRUE(std::isnan(evaluate_worst(both, {}, {}).overload_margin_db));
}

TEST(LaneBudget, DispersionByTheClosedForm) {
  // 10 km at 1304.5 nm, lambda0 1324 nm, S0 0.093: -18.6 ps/nm; 53.125 GBd.
  const double lambda = 1304.5e-9, d = 18.6e-3, f = 53.125e9 / 2, c = 299792458;
  const double phase = M_PI * lambda * lambda * d * f * f / c;
  EXPECT_NEAR(18.6 * phase_per_ps_nm(1304.5, 53.125), phase, 1e-12);
  EXPECT_NEAR(dispersion_penalty_db(phase, 0), -20 * std::log10(std::cos(phase)), 1e-12);
  EXPECT_NEAR(dispersion_penalty_db(phase, phase / 2),
              20 * std::log10(std::cos(phase / 2)) - 20 * std::log10(std::cos(phase)), 1e-12);
  EXPECT_EQ(dispersion_penalty_db(phase, phase), 0);
  EXPECT_EQ(dispersion_penalty_db(2, 0.1), dispersion_cap_db);

  const SegmentTerms segment[] = {{0, 0, -1.86e-3, 1.6e-3}};
  LaneTerms terms = lane(segment);
  terms.rated_dispersion_min_ps_nm = -0.93;
  terms.rated_dispersion_max_ps_nm = 0.8;
  terms.phase_per_ps_nm = phase / 18.6;
  const double within[] = {500}, beyond[] = {10000};
  EXPECT_EQ(evaluate(terms, {}, within).dispersion_db, 0);
  EXPECT_NEAR(evaluate(terms, {}, beyond).dispersion_db,
              20 * std::log10(std::cos(phase / 20)) - 20 * std::log10(std::cos(phase)), 1e-12);
}

TEST(LaneBudget, WorstLane) {
  const SegmentTerms segments[] = {{0.0004, 0.0003, 0, 0}, {0.0006, 0.0002, 0, 0}, {0.0005, 0.0004, 0, 0}};
  std::vector<LaneTerms> lanes;
  for (int i = 0; i < 3; ++i)
    lanes.push_back(lane(std::span(segments).subspan(static_cast<std::size_t>(i), 1)));
  const double length[] = {1000};
  LaneBudget all[3];
  const WorstLane worst = evaluate_worst(lanes, {}, length, all);
  EXPECT_EQ(worst.lane, 1u);
  EXPECT_DOUBLE_EQ(worst.budget.loss_db, 0.6);
  EXPECT_DOUBLE_EQ(worst.overload_margin_db, 0.2);
  EXPECT_DOUBLE_EQ(all[2].loss_db, 0.5);
}

TEST(LaneBudget, WhateverIsAddedNeverRaisesTheMargin) {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> some(0, 5), metres(0, 40000), phase(0, 0.05);
  for (int i = 0; i < 2000; ++i) {
    const SegmentTerms segments[] = {{some(random) / 1e4, 0, -some(random) / 1000, some(random) / 1000}};
    LaneTerms terms = lane(segments);
    terms.rated_dispersion_min_ps_nm = -some(random);
    terms.rated_dispersion_max_ps_nm = some(random);
    terms.phase_per_ps_nm = phase(random);
    const PlantTerms plant = {some(random), some(random), some(random), some(random), some(random)};
    const double length[] = {metres(random)};
    const LaneBudget base = evaluate(terms, plant, length);
    const auto not_better = [&](const PlantTerms& p, double more_m) {
      const double longer[] = {length[0] + more_m};
      const LaneBudget other = evaluate(terms, p, longer);
      EXPECT_LE(other.margin_db, base.margin_db + 1e-12);
      EXPECT_GE(other.overload_margin_db, base.overload_margin_db - 1e-12);
    };
    for (double PlantTerms::*member :
         {&PlantTerms::joints_db, &PlantTerms::attenuators_db, &PlantTerms::mpi_db, &PlantTerms::ageing_db,
          &PlantTerms::engineering_db}) {
      PlantTerms more = plant;
      more.*member += some(random);
      not_better(more, 0);
    }
    not_better(plant, metres(random));
  }
}

TEST(Reflections, AsFieldsThatMeetInPhase) {
  // First order in r; the levels' fields with one interferer at the highest level, added and taken away.
  for (const int levels : {2, 4}) {
    for (const double er_db : {3.5, 5.0, 9.0}) {
      const double reflectances[] = {-50, -55};
      const double r = std::pow(10, -105.0 / 20), er = std::pow(10, er_db / 10);
      const double p0 = 2 / (er + 1), p3 = er * p0, step = (p3 - p0) / (levels - 1), p2 = p3 - step;
      const double upper = std::pow(std::sqrt(p3) - r * std::sqrt(p3), 2);
      const double lower = std::pow(std::sqrt(p2) + r * std::sqrt(p3), 2);
      EXPECT_NEAR(worst_mpi_penalty_db(reflectances, er_db, levels), -10 * std::log10((upper - lower) / step),
                  2e-6);
    }
  }
}

TEST(Reflections, PairsAddUp) {
  const double three[] = {-35, -35, -35}, two[] = {-35, -35};
  const double one_pair = 1 - std::pow(10, -worst_mpi_penalty_db(two, 5, 4) / 10);
  EXPECT_NEAR(1 - std::pow(10, -worst_mpi_penalty_db(three, 5, 4) / 10), 3 * one_pair, 1e-12);
  EXPECT_EQ(worst_mpi_penalty_db({}, 5, 4), 0);
  EXPECT_EQ(worst_mpi_penalty_db(std::span(two, 1), 5, 4), 0);
  const double mirrors[] = {-6, -6};
  EXPECT_EQ(worst_mpi_penalty_db(mirrors, 3.5, 4), mpi_cap_db);
  // Angled connectors: nothing to speak of.
  const double angled[] = {-60, -60, -60, -60};
  EXPECT_LT(worst_mpi_penalty_db(angled, 3.5, 4), 0.001);
}

}  // namespace
}  // namespace lightlane::plan
