#include "lightlane/fec/loss_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lightlane/base/error.hpp"
#include "lightlane/fec/loss_sweep.hpp"
#include "lightlane/math/elementary.hpp"

namespace lightlane::fec {
namespace {

constexpr std::int64_t max_skew_bits = 100000;

int bits_per_symbol(const LossStructure& structure) { return static_cast<int>(structure.modulation); }

void check_structure(const LossStructure& structure, const signal::FecCode& code) {
  const auto refuse = [](std::string problem, std::string allowed) {
    throw ConfigError({"structure", std::move(problem), std::move(allowed), ""});
  };
  if (structure.codewords != 1 && structure.codewords != 2) {
    refuse(fmt::format("interleaves {} codewords", structure.codewords), "1 or 2");
  }
  if (structure.fec_lanes < structure.codewords || structure.fec_lanes % structure.codewords != 0) {
    refuse(fmt::format("has {} FEC lanes", structure.fec_lanes), "a multiple of the codewords");
  }
  if (structure.fec_symbol_bits < 1 || structure.fec_symbol_bits > 64) {
    refuse(fmt::format("has {}-bit FEC symbols", structure.fec_symbol_bits), "1 to 64");
  }
  if (code.n < 1 || code.t < 0 || code.t >= code.n ||
      code.n * structure.codewords % structure.fec_lanes != 0) {
    refuse(fmt::format("puts {} symbols on {} lanes", code.n * structure.codewords, structure.fec_lanes),
           "equally many on each");
  }
  std::vector<int> seen(static_cast<std::size_t>(structure.fec_lanes));
  for (const auto& lanes : structure.mux) {
    if (lanes.size() != structure.mux.front().size() || lanes.empty() || lanes.size() > 8) {
      refuse(fmt::format("has a PMD lane of {} FEC lanes", lanes.size()), "1 to 8, equal on all PMD lanes");
    }
    for (const int lane : lanes) {
      if (lane < 0 || lane >= structure.fec_lanes || seen[lane]++ != 0) {
        refuse(fmt::format("names FEC lane {} wrongly or twice", lane), "each lane once");
      }
    }
  }
  if (std::count(seen.begin(), seen.end(), 1) != structure.fec_lanes)
    refuse("leaves FEC lanes out", "each lane once");
}

std::vector<LaneGeometry> geometries(const LossModelConfig& config) {
  const LossStructure& structure = config.structure;
  std::vector<LaneGeometry> lanes;
  for (const auto& mux : structure.mux) {
    LaneGeometry lane;
    lane.symbol_bits = structure.fec_symbol_bits;
    lane.rows = config.code.n * structure.codewords / structure.fec_lanes;
    lane.codewords = structure.codewords;
    lane.line_symbol_bits = bits_per_symbol(structure);
    lane.first_bit_share = config.first_bit_share.value_or(config.precoding ? 0.5 : 1.0 / 3.0);
    lane.precoding = config.precoding;
    for (const int fec_lane : mux) {
      lane.slots.push_back(
          {structure.codewords == 1 ? 0 : fec_lane & 1,
           config.skew_bits.empty() ? 0 : config.skew_bits[static_cast<std::size_t>(fec_lane)]});
    }
    // Only differences count; an even number of bits keeps the place within a PAM4 symbol.
    std::int64_t least = lane.slots.front().skew;
    for (const auto& slot : lane.slots) least = std::min(least, slot.skew);
    for (auto& slot : lane.slots) slot.skew -= least - least % 2;
    lanes.push_back(std::move(lane));
  }
  return lanes;
}

void check_weights(const ProcessMixture& mixture) {
  double sum = 0;
  bool positive = true;
  for (const double w : mixture.weights) {
    positive = positive && w > 0;
    sum += w;
  }
  if (!mixture.processes.empty() && mixture.weights.size() == mixture.processes.size() && positive &&
      std::fabs(sum - 1) < 1e-9) {
    return;
  }
  throw ConfigError({"lane_mixtures",
                     fmt::format("holds {} processes and {} weights, which sum to {}",
                                 mixture.processes.size(), mixture.weights.size(), sum),
                     "a positive weight for each process, sum 1", ""});
}

/// The mean over what a lane may be.
CountDistribution sweep_mixture(const LaneGeometry& lane, const ProcessMixture& mixture,
                                const CountRule& rule) {
  CountDistribution mean = sweep_lane(lane, mixture.processes[0], rule);
  if (mixture.processes.size() == 1) return mean;
  for (double& v : mean.value) v *= mixture.weights[0];
  for (double& b : mean.bits) b *= mixture.weights[0];
  for (std::size_t k = 1; k < mixture.processes.size(); ++k) {
    const CountDistribution one = sweep_lane(lane, mixture.processes[k], rule);
    for (std::size_t i = 0; i < one.value.size(); ++i) mean.value[i] += mixture.weights[k] * one.value[i];
    for (std::size_t i = 0; i < one.bits.size(); ++i) mean.bits[i] += mixture.weights[k] * one.bits[i];
  }
  return mean;
}

/// The sum over PMD lanes; equal lanes are swept once.
CountDistribution sum_lanes(const std::vector<LaneGeometry>& lanes, std::span<const ProcessMixture> mixtures,
                            const CountRule& rule) {
  std::vector<CountDistribution> swept;
  std::vector<std::size_t> swept_lane;
  CountDistribution sum;
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    std::size_t same = 0;
    while (same < swept.size() &&
           !(lanes[swept_lane[same]] == lanes[i] && mixtures[swept_lane[same]] == mixtures[i])) {
      ++same;
    }
    if (same == swept.size()) {
      swept.push_back(sweep_mixture(lanes[i], mixtures[i], rule));
      swept_lane.push_back(i);
    }
    sum = i == 0 ? swept[same] : combine(sum, swept[same]);
  }
  return sum;
}

/// Binomial(count, p), from the mode outwards so that nothing underflows; sums of positive terms only.
std::vector<double> binomial(int count, double p) {
  std::vector<double> value(static_cast<std::size_t>(count) + 1, 0.0);
  const double odds = p / (1.0 - p);
  const int mode = std::min(count, static_cast<int>((count + 1) * p));
  value[mode] = 1.0;
  double total = 1.0;
  for (int i = mode; i < count && value[i] > 1e-300; ++i) {
    total += value[i + 1] = value[i] * ((count - i) * odds / (i + 1));
  }
  for (int i = mode; i > 0 && value[i] > 1e-300; --i)
    total += value[i - 1] = value[i] * (i / ((count - i + 1) * odds));
  for (double& v : value) v /= total;
  return value;
}

/// Wrong symbols of one codeword with independent bit errors; equal bit error ratios share one binomial.
CountDistribution count_bit_errors(const LossModelConfig& config, std::span<const double> lane_ber) {
  const int symbol_bits = config.structure.fec_symbol_bits;
  const int rows = config.code.n * config.structure.codewords / config.structure.fec_lanes;
  const bool equal =
      std::all_of(lane_ber.begin(), lane_ber.end(), [&](double b) { return b == lane_ber[0]; });
  if (!equal && config.structure.codewords == 2 && rows % 2 != 0) {
    throw ConfigError({"structure", fmt::format("has {} rows", rows), "an even number",
                       "else A and B lie differently on lanes of different bit error ratio"});
  }
  CountDistribution sum;
  for (std::size_t i = 0; i < lane_ber.size();) {
    std::size_t end = i + 1;
    while (end < lane_ber.size() && lane_ber[end] == lane_ber[i]) ++end;
    const int count = config.code.n * static_cast<int>(end - i) / static_cast<int>(lane_ber.size());
    const double ber = lane_ber[i];
    const double symbol_error_ratio = -math::expm1(symbol_bits * math::log1p(-ber));
    CountDistribution lane{1, count + 1, binomial(count, symbol_error_ratio), {}};
    lane.bits.resize(lane.value.size());
    const double bits_per_wrong = ber > 0 ? symbol_bits * ber / symbol_error_ratio : 0.0;
    for (int k = 0; k <= count; ++k) lane.bits[k] = lane.value[k] * k * bits_per_wrong;
    sum = i == 0 ? std::move(lane) : combine(sum, lane);
    i = end;
  }
  return sum;
}

/// The sum of cells (t, n], smallest first.
double tail(const std::vector<double>& cells, int t) {
  double sum = 0;
  for (std::size_t i = cells.size(); i-- > static_cast<std::size_t>(t) + 1;) sum += cells[i];
  return sum;
}

/// Adds one codeword of `codewords` to the means of a point; gives its error ratio.
double add_codeword(LossPoint& point, const CountDistribution& counts, const LossModelConfig& config) {
  const double share = 1.0 / config.structure.codewords;
  const double failed = std::min(1.0, tail(counts.value, config.code.t));
  point.codeword_error_ratio += share * failed;
  point.post_fec_ber += share * tail(counts.bits, config.code.t) /
                        (static_cast<double>(config.code.n) * config.structure.fec_symbol_bits);
  point.bins.resize(static_cast<std::size_t>(config.code.n) + 1);
  for (std::size_t i = 0; i < counts.value.size(); ++i) point.bins[i] += share * counts.value[i];
  return failed;
}

}  // namespace

std::string_view name(LossQuantity quantity) noexcept {
  switch (quantity) {
    case LossQuantity::codeword_error_ratio:
      return "codeword_error_ratio";
    case LossQuantity::frame_loss_ratio:
      return "frame_loss_ratio";
    case LossQuantity::post_fec_ber:
      break;
  }
  return "post_fec_ber";
}

LossModel::LossModel(const LossModelConfig& config) : config_(config) {
  check_structure(config.structure, config.code);
  if (config.structure.codewords == 2 && config.code == signal::kr4) {
    throw ConfigError({"code", fmt::format("is kr4 on {}", config.structure.name), "kp4",
                       "clause 119 has RS(544,514) only; KR4 belongs to the 100g structures"});
  }
  if (!(config.burst_continuation >= 0 && config.burst_continuation < 1)) {
    throw ConfigError(
        {"burst_continuation", fmt::format("is {}", config.burst_continuation), "0 to below 1", ""});
  }
  if (config.first_bit_share && !(*config.first_bit_share >= 0 && *config.first_bit_share <= 1)) {
    throw ConfigError({"first_bit_share", fmt::format("is {}", *config.first_bit_share), "0 to 1", ""});
  }
  if (config.errors == LossErrors::bits && (config.burst_continuation > 0 || config.precoding)) {
    throw ConfigError({"model", "is bits, with bursts or precoding", "symbols",
                       "independent bit errors have neither; leave out burst_continuation and precoding"});
  }
  const auto lanes = static_cast<std::size_t>(config.structure.fec_lanes);
  if (!config.skew_bits.empty() && config.skew_bits.size() != lanes) {
    throw ConfigError({"skew_bits", fmt::format("has {} values", config.skew_bits.size()),
                       fmt::format("{}, one per FEC lane of {}", lanes, config.structure.name), ""});
  }
  for (const std::int64_t skew : config.skew_bits) {
    if (skew < 0 || skew > max_skew_bits) {
      throw ConfigError(
          {"skew_bits", fmt::format("holds {}", skew), fmt::format("0 to {} bits", max_skew_bits), ""});
    }
  }
}

double LossModel::max_ber() const noexcept {
  if (!config_.precoding) return 0.5;
  // The FEC sees 2 s (1 - a) wrong symbols for a slicer error ratio s <= a, and 2 s (1 - s) above: most at a
  // half.
  const double a = config_.burst_continuation;
  const double symbols = a > 0.5 ? 2.0 * a * (1.0 - a) : 0.5;
  return symbols / bits_per_symbol(config_.structure);
}

ErrorProcess LossModel::process_for(double ber) const {
  if (!(ber >= 0 && ber < 0.5 && ber <= max_ber())) {
    const double most = max_ber();
    const bool cancels = most < 0.5;
    throw ConfigError({"ber", fmt::format("is {}", ber),
                       cancels ? fmt::format("above 0, up to {}", most) : "above 0, below 0.5",
                       cancels ? "with precoding more errors than that cancel each other" : ""});
  }
  const double symbols = ber * bits_per_symbol(config_.structure), a = config_.burst_continuation;
  if (!config_.precoding) return burst_errors(symbols, a);
  const double in_bursts = symbols / (2.0 * (1.0 - a));
  if (in_bursts <= a) return burst_errors(in_bursts, a);
  return independent_errors(symbols / (1.0 + std::sqrt(std::max(0.0, 1.0 - 2.0 * symbols))));
}

LossPoint LossModel::at(double ber) const { return at_equal(ber, true); }

LossPoint LossModel::at(std::span<const double> lane_ber) const { return at_lanes(lane_ber, true); }

LossPoint LossModel::at(std::span<const ErrorProcess> processes) const {
  return at_processes(processes, true);
}

LossPoint LossModel::at(std::span<const ProcessMixture> mixtures) const {
  return at_mixtures(mixtures, true);
}

LossPoint LossModel::at_equal(double ber, bool with_group) const {
  if (ber == 0) throw ConfigError({"ber", "is 0", "above 0, below 0.5", ""});
  return at_lanes(std::vector<double>(config_.structure.mux.size(), ber), with_group);
}

LossPoint LossModel::at_lanes(std::span<const double> lane_ber, bool with_group) const {
  if (lane_ber.size() != config_.structure.mux.size()) {
    throw ConfigError(
        {"lane_ber", fmt::format("has {} values", lane_ber.size()),
         fmt::format("{}, one per PMD lane of {}", config_.structure.mux.size(), config_.structure.name),
         ""});
  }
  std::vector<ErrorProcess> processes;
  for (const double ber : lane_ber) processes.push_back(process_for(ber));
  if (config_.errors == LossErrors::symbols) return at_processes(processes, with_group);

  LossPoint point;
  const double lanes = static_cast<double>(lane_ber.size());
  for (const double ber : lane_ber) {
    point.ber += ber / lanes;
    point.symbol_error_ratio += (bits_per_symbol(config_.structure) == 2 ? ber * (2.0 - ber) : ber) / lanes;
  }
  const CountDistribution counts = count_bit_errors(config_, lane_ber);
  const double failed = add_codeword(point, counts, config_);
  if (config_.structure.codewords == 1) {
    point.group_loss_ratio = failed;
    return point;
  }
  add_codeword(point, counts, config_);
  point.group_loss_ratio = failed * (2.0 - failed);
  return point;
}

LossPoint LossModel::at_processes(std::span<const ErrorProcess> processes, bool with_group) const {
  std::vector<ProcessMixture> mixtures;
  for (const ErrorProcess& process : processes) mixtures.push_back({{process}, {1.0}});
  return at_mixtures(mixtures, with_group);
}

LossPoint LossModel::at_mixtures(std::span<const ProcessMixture> mixtures, bool with_group) const {
  if (config_.errors == LossErrors::bits) {
    throw ConfigError({"model", "is bits", "symbols", "an error process moves from symbol to symbol"});
  }
  const std::size_t pmd_lanes = config_.structure.mux.size();
  if (mixtures.size() != pmd_lanes) {
    throw ConfigError({"lane_processes", fmt::format("has {} values", mixtures.size()),
                       fmt::format("{}, one per PMD lane of {}", pmd_lanes, config_.structure.name), ""});
  }
  LossPoint point;
  const auto symbols = static_cast<double>(pmd_lanes), bits = symbols * bits_per_symbol(config_.structure);
  for (const ProcessMixture& mixture : mixtures) {
    check_weights(mixture);
    for (std::size_t k = 0; k < mixture.processes.size(); ++k) {
      const ErrorProcess& process = mixture.processes[k];
      point.symbol_error_ratio += mixture.weights[k] * slicer_error_ratio(process) / symbols;
      point.ber += mixture.weights[k] * fec_input_symbol_error_ratio(process, config_.precoding) / bits;
    }
  }
  const std::vector<LaneGeometry> lanes = geometries(config_);
  for (int codeword = 0; codeword < config_.structure.codewords; ++codeword) {
    const double failed = add_codeword(point, sum_lanes(lanes, mixtures, {codeword, 1, 0}), config_);
    if (codeword == 0) point.group_loss_ratio = failed;
  }
  if (config_.structure.codewords == 2 && with_group) {
    // A fails, or A holds and B fails: positive terms only.
    const int t = config_.code.t;
    const CountDistribution pair = sum_lanes(lanes, mixtures, {-1, t + 1, t + 2});
    for (int a = t; a >= 0; --a) {
      point.group_loss_ratio += pair.value[static_cast<std::size_t>(a) * pair.columns + t + 1];
    }
  }
  point.group_loss_ratio = std::min(1.0, point.group_loss_ratio);  // rounding may lead 1e-13 above
  return point;
}

}  // namespace lightlane::fec
