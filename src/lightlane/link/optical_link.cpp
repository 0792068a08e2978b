#include "lightlane/link/optical_link.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lightlane/base/error.hpp"
#include "lightlane/base/parallel.hpp"
#include "lightlane/link/lane_extraction.hpp"
#include "lightlane/link/profile.hpp"
#include "lightlane/math/elementary.hpp"

namespace lightlane::link {
namespace {

constexpr std::int64_t training_start = -(std::int64_t{1} << 40);  ///< long before the run: its noise is not the run's

std::vector<const LaneChain*> chains_of(const std::vector<OpticalLane>& lanes) {
  std::vector<const LaneChain*> chains;
  for (const OpticalLane& lane : lanes) chains.push_back(lane.chain.get());
  return chains;
}

/// A trained receiver follows the power; the reference receiver only with its gain.
double ber_behind(const OpticalLane& lane, double attenuation_db) {
  if (!lane.limit) return evaluate(lane.model, lane.setup.dsp, attenuation_db).ber;
  return evaluate(lane.model, behind_attenuation(lane.limit->equalizer, attenuation_db), attenuation_db).ber;
}

/// The reference receiver decides at whichever of its two instants is the worse one.
void take_limit_receiver(const catalog::Pmd& pmd, OpticalLane& lane) {
  lane.limit = limit_receiver(*lane.chain, pmd);
  double worst = -1;
  for (const double phase : {lane.limit->early_middle_ui, lane.limit->late_middle_ui}) {
    const double ber = evaluate(extract(*lane.chain, phase, {}, 0, 0), lane.limit->equalizer, 0).ber;
    if (ber > worst) lane.phase_ui = phase;
    worst = std::max(worst, ber);
  }
  lane.equalizer = lane.limit->equalizer;
}

/// Mean bit error ratio of the lanes that have light.
double mean_ber(const std::vector<OpticalLane>& lanes, double attenuation_db) {
  std::vector<double> bers(lanes.size(), 0.0);
  parallel_for(lanes.size(), [&](std::size_t i) {
    if (!lanes[i].los) bers[i] = ber_behind(lanes[i], attenuation_db);
  });
  double sum = 0;
  for (const double ber : bers) sum += ber;
  return sum / static_cast<double>(lanes.size());
}

/// Attenuation at which the lanes' mean is `ber`: secants on Q^-1 of it, which is nearly straight, within a bracket.
double stress_attenuation(const std::vector<OpticalLane>& lanes, double ber) {
  constexpr double most_db = 40, tolerance_db = 1e-5;
  const auto quality = [](double p) { return math::normal_tail_inverse(std::clamp(p, 1e-300, 0.49)); };
  const double without = mean_ber(lanes, 0), wanted = quality(ber);
  if (without > ber) {
    throw ConfigError({"plant.stress_ber", fmt::format("is {}", ber),
                       fmt::format("at least {:.3g}, which this link has without more attenuation", without), ""});
  }
  double low = 0, high = most_db, last = 0, last_excess = quality(without) - wanted;
  double at = std::clamp(math::to_db(quality(without) / wanted), 0.0, most_db);
  for (int i = 0; i < 50 && high - low > tolerance_db; ++i) {
    const double excess = quality(mean_ber(lanes, at)) - wanted;
    (excess > 0 ? low : high) = at;
    double next = excess == last_excess ? at : at - excess * (at - last) / (excess - last_excess);
    if (!(next > low && next < high)) next = (low + high) / 2;
    if (std::fabs(next - at) < tolerance_db) return next;
    last = at;
    last_excess = excess;
    at = next;
  }
  return at;
}

/// A receiver that takes its light for none decides nothing.
[[noreturn]] void refuse_dark(double stress_ber, std::size_t i, const OpticalLane& lane) {
  throw ConfigError({"plant.stress_ber", fmt::format("is {}", stress_ber),
                     fmt::format("what is reached above rx.los_dbm = {} dBm: lane {} would have {:.2f} dBm", lane.setup.rx.los_dbm, i,
                                 lane.rx_power_dbm),
                     "a lower rx.los_dbm"});
}

/// Received samples of the training run and the levels that were sent, in segments as traffic is.
void training_samples(const std::vector<OpticalLane>& lanes, std::size_t place, double isolation_db, const Scenario& scenario,
                      std::vector<float>& samples, std::vector<std::uint8_t>& levels) {
  constexpr std::size_t segment = 4096;
  const auto seed = static_cast<std::uint64_t>(scenario.run.seed);
  const OpticalLane& own = lanes[place];
  const signal::Halo around = own.chain->sample_halo();
  for (std::size_t done = 0; done < static_cast<std::size_t>(scenario.dsp.training_symbols); done += segment) {
    const std::int64_t first = training_start + static_cast<std::int64_t>(done);
    const std::int64_t from = first - static_cast<std::int64_t>(around.before);
    const std::size_t count = around.before + segment + around.after;
    std::vector<signal::Power> powers;
    const std::size_t begin = isolation_db > 0 ? 0 : place, end = isolation_db > 0 ? lanes.size() : place + 1;
    for (std::size_t l = begin; l < end; ++l) {
      const LaneChain& chain = *lanes[l].chain;
      const signal::Halo halo = chain.power_halo();
      const signal::Levels sent = random_levels(seed, chain.setup().stream, chain.setup().tx.modulation,
                                                from - static_cast<std::int64_t>(halo.before), halo.before + count + halo.after);
      powers.emplace_back();
      chain.power(sent, true, true, powers.back());
      if (l == place) {
        const auto skip = static_cast<std::ptrdiff_t>(halo.before + around.before);
        levels.insert(levels.end(), sent.level.begin() + skip, sent.level.begin() + skip + segment);
      }
    }
    couple_wavelengths(isolation_db, powers);
    signal::Current current;
    own.chain->sample(powers[place - begin], own.phase_ui, true, first, segment, current);
    samples.insert(samples.end(), current.a.begin(), current.a.end());
  }
}

}  // namespace

OpticalLink::OpticalLink(const Scenario& scenario, const Structure& structure) {
  isolation_db_ = structure.line_lanes > 1 ? scenario.plant.mux_isolation_db : 0;
  lanes_.resize(static_cast<std::size_t>(structure.line_lanes));
  for (std::size_t i = 0; i < lanes_.size(); ++i) lanes_[i].setup = lane_setup(scenario, structure, i);
  prepare(scenario);
  if (scenario.plant.stress_ber > 0) {
    stress_db_ = stress_attenuation(lanes_, scenario.plant.stress_ber);
    for (OpticalLane& lane : lanes_) lane.setup.plant.added_attenuation_db += stress_db_;
    std::vector<bool> lit;
    for (const OpticalLane& lane : lanes_) lit.push_back(!lane.los);
    prepare(scenario);
    for (std::size_t i = 0; i < lanes_.size(); ++i) {
      if (lit[i] && lanes_[i].los) refuse_dark(scenario.plant.stress_ber, i, lanes_[i]);
    }
  }
  train_all(scenario);
  if (scenario.link.engine != "statistical") return;
  for (const OpticalLane& lane : lanes_) {
    if (!lane.statistical.valid) {
      throw ConfigError({"link.engine", "is \"statistical\": " + lane.statistical.why_not, "waveform or symbol", ""});
    }
  }
}

void OpticalLink::prepare(const Scenario& scenario) {
  const auto seed = static_cast<std::uint64_t>(scenario.run.seed);
  const bool limits = scenario.link.corner == "limits";
  const catalog::Pmd* pmd = limits ? devices_of(scenario).far_pmd : nullptr;
  parallel_for(lanes_.size(), [&](std::size_t i) {
    OpticalLane& lane = lanes_[i];
    lane.chain = std::make_unique<const LaneChain>(lane.setup, seed);
    const optics::TransmitterReport& tx = lane.chain->transmitter().report();
    const double loss_db = lane.chain->plant().report().loss_db;
    lane.rx_power_dbm = tx.average_power_dbm - loss_db;
    lane.rx_oma_dbm = tx.oma_outer_dbm - loss_db;
    lane.los = lane.rx_power_dbm < lane.setup.rx.los_dbm;
    lane.overload = lane.rx_power_dbm > lane.setup.rx.overload_dbm;
    if (lane.los) return;
    if (limits) {
      take_limit_receiver(*pmd, lane);
    } else {
      lane.phase_ui = recovered_phase(*lane.chain, seed);
    }
  });
  const std::vector<const LaneChain*> chains = chains_of(lanes_);
  parallel_for(lanes_.size(), [&](std::size_t i) {
    if (!lanes_[i].los) lanes_[i].model = extract(*lanes_[i].chain, lanes_[i].phase_ui, chains, isolation_db_, i);
  });
}

void OpticalLink::train_all(const Scenario& scenario) {
  parallel_for(lanes_.size(), [&](std::size_t i) {
    OpticalLane& lane = lanes_[i];
    if (lane.los) return;
    if (lane.limit) {
      lane.statistical = evaluate(lane.model, lane.equalizer, 0);
      return;
    }
    std::vector<float> samples;
    std::vector<std::uint8_t> levels;
    training_samples(lanes_, i, isolation_db_, scenario, samples, levels);
    rxdsp::Trained trained = rxdsp::train(lane.setup.dsp, samples, levels);
    lane.equalizer = std::move(trained.equalizer);
    lane.training = std::move(trained.report);
    lane.statistical = evaluate(lane.model, lane.equalizer, 0);
  });
}

}  // namespace lightlane::link
