#include "lightlane/plan/budget/yield.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "lightlane/base/error.hpp"
#include "lightlane/base/random.hpp"
#include "lightlane/math/elementary.hpp"
#include "lightlane/plan/budget/budget_terms.hpp"
#include "lightlane/plan/budget/gamma.hpp"
#include "lightlane/plan/budget/quantile_table.hpp"

namespace lightlane::plan {
namespace {

using namespace catalog;

/// One loss that is drawn for each lane.
struct Drawn {
  std::shared_ptr<const QuantileTable> table;
  Contributor about;
};

double normal_quantile(double tail, bool upper) { return (upper ? 1 : -1) * math::normal_tail_inverse(tail); }

Drawn normal(std::string name, double mean, double sigma, std::string distribution) {
  return {std::make_shared<QuantileTable>(
              [=](double p, bool upper) { return mean + sigma * normal_quantile(p, upper); }),
          {std::move(name), mean, sigma, 0, std::move(distribution)}};
}

/// A kind of joints, all of a lane together; or what they lose for certain.
void add_joint(const Joint& asked, const Joint& joint, std::vector<Drawn>& drawn, double& fixed_db,
               Ledger& ledger) {
  if (*joint.count == 0) return;
  const double worst = *joint.count * *joint.loss_db;
  const Limit& mean =
      joint.type->loss_typical_db ? joint.type->loss_typical_db : joint.type->loss_average_max_db;
  const auto gamma = asked.loss_db || !mean ? std::nullopt : gamma_of(mean->value, *joint.loss_db);
  if (!gamma) {
    fixed_db += worst;
    if (!asked.loss_db)
      ledger.assume(fmt::format("yield: {} at their largest loss, spread unknown", joint.type->id),
                    *joint.loss_db, "dB");
    return;
  }
  ledger.assume(fmt::format("yield: mean loss of {}", joint.type->id), *mean, "dB");
  const Gamma sum = gamma->sum(*joint.count);
  drawn.push_back(
      {std::make_shared<QuantileTable>([&](double p, bool upper) { return gamma_quantile(sum, p, upper); }),
       {std::string(joint.type->id), sum.mean(), std::sqrt(sum.variance()), 0,
        fmt::format("{} x gamma, mean {:g} dB, 97 % {:g} dB", *joint.count, mean->value, *joint.loss_db)}});
}

/// Attenuation of a segment, of a lane.
void add_fibre(const Segment& segment, const SegmentTerms& terms, const Wavelength* wavelength,
               Attenuation which, std::vector<Drawn>& drawn, double& fixed_db, Ledger& ledger) {
  const double worst = terms.loss_db_per_m * *segment.length_m;
  if (worst == 0) return;
  const auto largest = attenuation_db_per_km(*segment.fibre, wavelength->nominal_nm, which);
  const auto typical = attenuation_db_per_km(*segment.fibre, wavelength->nominal_nm, Attenuation::typical);
  if (segment.attenuation_db_per_km || !largest || !typical || !(largest->value > typical->value)) {
    fixed_db += worst;
    return;
  }
  const double mean = worst * typical->value / largest->value, sigma = (worst - mean) / 3;
  ledger.assume(
      fmt::format("yield: typical attenuation of {} at {:g} nm", segment.fibre->id, wavelength->nominal_nm),
      *typical, "dB/km");
  drawn.push_back(normal(std::string(segment.fibre->id), mean, sigma,
                         fmt::format("normal, mean {:.4g} dB/km, 3 sigma at {:.4g} dB/km",
                                     mean / *segment.length_m * 1000, worst / *segment.length_m * 1000)));
}

struct LaneDraws {
  std::vector<Drawn> fibre, ends;
  double margin_db = 0;  ///< before what is drawn
};

/// The same for every fibre of the link: tables are made once.
struct JointDraws {
  std::vector<Drawn> drawn;
  double fixed_db = 0;
};

JointDraws joint_draws(const Question& completed, const Question& asked, Ledger& ledger) {
  JointDraws out;
  Question given = asked;
  if (!given.connectors) given.connectors = std::vector<Joint>(1);
  const std::vector<Joint> all = joints(completed), original = joints(given);
  for (std::size_t i = 0; i < all.size(); ++i)
    add_joint(original[i], all[i], out.drawn, out.fixed_db, ledger);
  return out;
}

LaneDraws lane_draws(const LinkTerms& link, const JointDraws& joints, const DirectionTerms& direction,
                     std::size_t lane, const YieldConfig& config, Ledger& ledger) {
  LaneDraws out;
  const Question& q = link.question;
  const LaneBudget worst = evaluate(direction.lanes[lane], direction.plant, link.lengths_m);
  double fixed = q.attenuators_db;
  const Wavelength wave = {direction.lane_numbers[lane], End::both, direction.nominal_nm[lane], {}, {}};
  for (std::size_t i = 0; i < q.segments.size(); ++i)
    add_fibre(q.segments[i], direction.lanes[lane].segments[i], &wave, q.attenuation, out.fibre, fixed,
              ledger);
  out.fibre.insert(out.fibre.end(), joints.drawn.begin(), joints.drawn.end());
  fixed += joints.fixed_db;
  if (config.transmitter_sigma_db > 0) {
    out.ends.push_back(
        normal("transmitter", -config.transmitter_better_db, config.transmitter_sigma_db, "normal"));
  } else {
    fixed -= config.transmitter_better_db;
  }
  if (config.receiver_sigma_db > 0) {
    out.ends.push_back(normal("receiver", -config.receiver_better_db, config.receiver_sigma_db, "normal"));
  } else {
    fixed -= config.receiver_better_db;
  }
  out.margin_db = worst.margin_db + worst.loss_db - fixed;
  return out;
}

/// Takes from each draw's margin what one group of losses draws.
void draw(const std::vector<Drawn>& drawn, const RandomStream& random, std::vector<float>& margins) {
  const std::size_t blocks = (drawn.size() + 3) / 4;
  for (std::size_t b = 0; b < blocks; ++b) {
    const std::size_t end = std::min<std::size_t>(drawn.size() - 4 * b, 4);
    for (std::size_t k = 0; k < margins.size(); ++k) {
      const auto words = random.block(k * blocks + b);
      for (std::size_t i = 0; i < end; ++i) margins[k] -= (*drawn[4 * b + i].table)(words[i]);
    }
  }
}

void rank(const LaneDraws& lane, std::vector<Contributor>& out) {
  double variance = 0;
  for (const std::vector<Drawn>* list : {&lane.fibre, &lane.ends})
    for (const Drawn& drawn : *list) variance += drawn.about.sigma_db * drawn.about.sigma_db;
  for (const std::vector<Drawn>* list : {&lane.fibre, &lane.ends}) {
    for (const Drawn& drawn : *list) {
      out.push_back(drawn.about);
      out.back().variance_share = variance > 0 ? drawn.about.sigma_db * drawn.about.sigma_db / variance : 0;
    }
  }
  std::stable_sort(out.begin(), out.end(), [](const Contributor& a, const Contributor& b) {
    return a.variance_share > b.variance_share;
  });
}

/// Numbers the fibres of both directions: lanes with the same number share one.
std::uint32_t fibre_of(const DirectionTerms& direction, bool there, std::size_t lane) {
  if (direction.from->single_fibre_bidirectional) return 0;
  const auto fibres = static_cast<std::size_t>(std::max(direction.from->fibre_count / 2, 1));
  const bool one_lane = direction.lanes.size() == 1;  // of each of several far modules
  return static_cast<std::uint32_t>((there ? 0 : 1000) + (one_lane ? lane : lane % fibres));
}

void summarise(std::vector<float>& margins, Yield& out) {
  double sum = 0, squares = 0;
  for (const float margin : margins) {
    sum += static_cast<double>(margin);
    out.failing += static_cast<double>(margin) < -1e-6;
  }
  out.mean_db = sum / out.draws;
  for (const float margin : margins) {
    const double apart = static_cast<double>(margin) - out.mean_db;
    squares += apart * apart;
  }
  out.sigma_db = std::sqrt(squares / (out.draws - 1));
  const auto quantile = [&](double share) {
    const auto at = margins.begin() + static_cast<std::ptrdiff_t>(share * out.draws);
    std::nth_element(margins.begin(), at, margins.end());
    return static_cast<double>(*at);
  };
  out.median_db = quantile(0.5);
  out.p1_db = quantile(0.01);
  out.p0_1_db = quantile(0.001);
}

void check(const YieldConfig& c) {
  const auto range = [](double value, double low, double high, const char* place, const char* unit) {
    if (value >= low && value <= high) return;
    throw ConfigError(
        {place, fmt::format("is {:g}{}", value, unit), fmt::format("{:g} to {:g}{}", low, high, unit), ""});
  };
  range(c.draws, 100, 10e6, "draws", "");
  range(c.transmitter_better_db, -10, 20, "tx_better_db", " dB");
  range(c.transmitter_sigma_db, 0, 10, "tx_sigma_db", " dB");
  range(c.receiver_better_db, -10, 20, "rx_better_db", " dB");
  range(c.receiver_sigma_db, 0, 10, "rx_sigma_db", " dB");
}

}  // namespace

std::optional<Yield> yield(const LinkTerms& link, const Question& asked, const YieldConfig& config,
                           Ledger& ledger) {
  check(config);
  for (const DirectionTerms* direction : {&link.there, &link.back})
    if (!direction->unknown.empty() || !direction->unknown_penalties.empty() || direction->lanes.empty())
      return std::nullopt;
  if (config.transmitter_sigma_db == 0 && config.transmitter_better_db == 0)
    ledger.assume("yield: transmitters at their limits", std::nullopt, "");
  if (config.receiver_sigma_db == 0 && config.receiver_better_db == 0)
    ledger.assume("yield: receivers at their limits", std::nullopt, "");
  Yield out;
  out.draws = config.draws;
  out.seed = config.seed;
  const auto draws = static_cast<std::size_t>(config.draws);
  std::vector<float> margins(draws, 1e9f), one(draws);
  const WorstLane there = evaluate_worst(link.there.lanes, link.there.plant, link.lengths_m);
  const WorstLane back = evaluate_worst(link.back.lanes, link.back.plant, link.lengths_m);
  const bool there_limits = there.budget.margin_db <= back.budget.margin_db;
  const JointDraws joints = joint_draws(link.question, asked, ledger);
  const std::size_t lanes = std::max(link.there.lanes.size(), link.back.lanes.size());
  for (const DirectionTerms* direction : {&link.there, &link.back}) {
    const bool onward = direction == &link.there;
    std::optional<LaneDraws> last;
    for (std::size_t i = 0; i < lanes; ++i) {
      const std::size_t lane = i % direction->lanes.size();
      // Lanes of one wavelength are alike: their tables are made once.
      if (!last || (lane > 0 && direction->nominal_nm[lane] != direction->nominal_nm[lane - 1]))
        last = lane_draws(link, joints, *direction, lane, config, ledger);
      if (onward == there_limits && i == (there_limits ? there : back).lane) rank(*last, out.contributors);
      std::fill(one.begin(), one.end(), static_cast<float>(last->margin_db));
      draw(last->fibre, RandomStream(config.seed, "plan.yield.fibre", fibre_of(*direction, onward, i)), one);
      draw(last->ends,
           RandomStream(config.seed, "plan.yield.ends", static_cast<std::uint32_t>((onward ? 0 : 1000) + i)),
           one);
      for (std::size_t k = 0; k < draws; ++k) margins[k] = std::min(margins[k], one[k]);
    }
  }
  summarise(margins, out);
  return out;
}

}  // namespace lightlane::plan
