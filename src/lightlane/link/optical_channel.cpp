#include "lightlane/link/optical_channel.hpp"

#include <algorithm>
#include <array>

#include "lightlane/base/error.hpp"
#include "lightlane/base/parallel.hpp"
#include "lightlane/base/random.hpp"
#include "lightlane/link/lane_chain.hpp"
#include "lightlane/link/level_packing.hpp"

namespace lightlane::link {
namespace {

constexpr std::size_t log_limit = 1u << 20;

}  // namespace

/// Sent symbols of a lane that are not done with: levels[0] is symbol `first`, those before `next` are only the past of
/// what is decided next.
struct OpticalChannel::Lane {
  std::vector<std::uint8_t> levels;
  std::int64_t first = 0, next = 0;
  bool begun = false;
  signal::Halo halo;                       ///< around decided symbols
  std::unique_ptr<rxdsp::Decider> decider;
  std::unique_ptr<SymbolEngine> engine;

  std::int64_t end() const { return first + static_cast<std::int64_t>(levels.size()); }
  const std::uint8_t* at(std::int64_t index) const { return levels.data() + (index - first); }
};

/// One segment: of one lane, or of all lanes that share a fibre.
struct OpticalChannel::Task {
  std::size_t lane = 0;
  std::int64_t first = 0;
  std::size_t count = 0;
  std::vector<std::uint8_t> decided;
};

namespace {

/// What the receiver's filter taps and run-up need before and after a decided symbol, in samples.
signal::Halo decider_halo(const rxdsp::FrozenEqualizer& equalizer) {
  const bool memory = equalizer.dfe != 0 || equalizer.mlse;
  const auto before = static_cast<std::size_t>(equalizer.ffe_before);
  return {before + (memory ? rxdsp::run_up : 0), equalizer.ffe.size() - 1 - before + (equalizer.mlse ? rxdsp::run_up : 0)};
}

}  // namespace

OpticalChannel::OpticalChannel(const OpticalLink& link, const Scenario& scenario, std::uint64_t log_from, std::uint64_t log_to)
    : link_(link),
      scenario_(scenario),
      seed_(static_cast<std::uint64_t>(scenario.run.seed)),
      segment_(scenario.link.engine == "symbol" ? symbol_segment : waveform_segment),
      lanes_(link.lanes().size()),
      log_from_(log_from),
      log_to_(log_to) {
  report_.lanes.resize(lanes_.size());
  for (std::size_t l = 0; l < lanes_.size(); ++l) {
    const OpticalLane& optical = link.lanes()[l];
    lanes_[l].halo = optical.chain->halo();  // a dark lane's light still leaks into its neighbours
    if (optical.los) continue;
    if (scenario.link.engine == "symbol") {
      lanes_[l].engine = std::make_unique<SymbolEngine>(optical.model, optical.equalizer, 0.0, seed_, optical.setup.stream);
      lanes_[l].halo = lanes_[l].engine->halo();
    } else {
      lanes_[l].decider = std::make_unique<rxdsp::Decider>(optical.equalizer, seed_, optical.setup.stream);
      lanes_[l].halo = optical.chain->halo() + decider_halo(optical.equalizer);
    }
  }
  // Lanes of one fibre are simulated together, with the same windows.
  if (link.wavelengths_share_fibre()) {
    signal::Halo widest;
    for (const Lane& lane : lanes_) widest = {std::max(widest.before, lane.halo.before), std::max(widest.after, lane.halo.after)};
    for (Lane& lane : lanes_) lane.halo = widest;
  }
}

OpticalChannel::~OpticalChannel() = default;
OpticalChannel::OpticalChannel(OpticalChannel&&) noexcept = default;

const pma::SymbolErrorsReport& OpticalChannel::report() const noexcept { return report_; }

std::int64_t OpticalChannel::floor_segment(std::int64_t index) const noexcept {
  const std::int64_t quotient = index / segment_;
  return (index % segment_ < 0 ? quotient - 1 : quotient) * segment_;
}

void OpticalChannel::take(const signal::SymbolLanes& in) {
  for (std::size_t l = 0; l < in.size(); ++l) {
    const signal::SymbolLanes::Lane& source = in[l];
    const std::size_t count = source.levels.size() / static_cast<std::size_t>(in.modulation);
    if (count == 0) continue;
    Lane& lane = lanes_[l];
    if (!lane.begun) {  // what was before the run is anything
      lane.begun = true;
      lane.next = static_cast<std::int64_t>(source.first_index);
      lane.first = lane.next - static_cast<std::int64_t>(lane.halo.before);
      lane.levels = random_levels(seed_, link_.lanes()[l].setup.stream, in.modulation, lane.first, lane.halo.before).level;
    }
    LIGHTLANE_ASSERT(lane.end() == static_cast<std::int64_t>(source.first_index));
    unpack_levels(source.levels, in.modulation, lane.levels);
  }
}

void OpticalChannel::process(const signal::SymbolLanes& in, signal::SymbolLanes& out) {
  take(in);
  out.modulation = in.modulation;
  run(out, false);
}

void OpticalChannel::finish(signal::SymbolLanes& out) {
  for (std::size_t l = 0; l < lanes_.size(); ++l) {
    Lane& lane = lanes_[l];
    const std::vector<std::uint8_t> behind =
        random_levels(seed_, link_.lanes()[l].setup.stream, out.modulation, lane.end(), lane.halo.after).level;
    lane.levels.insert(lane.levels.end(), behind.begin(), behind.end());
  }
  run(out, true);
}

/// The task's symbols and `halo` around them, at most the lane's.
void OpticalChannel::gather(const Task& task, signal::Halo halo, signal::Levels& window) const {
  const Lane& lane = lanes_[task.lane];
  window.first_index = task.first - static_cast<std::int64_t>(halo.before);
  const std::uint8_t* begin = lane.at(window.first_index);
  window.level.assign(begin, begin + halo.before + task.count + halo.after);
}

namespace {

/// Windows of lanes that share a fibre, cut to the symbols that all of them have.
void cut_alike(std::span<signal::Power> powers) {
  std::int64_t first = INT64_MIN, last = INT64_MAX;
  for (const signal::Power& p : powers) {
    const std::int64_t begin = p.axis.first_index / p.axis.samples_per_ui;
    first = std::max(first, begin);
    last = std::min(last, begin + static_cast<std::int64_t>(p.w.size()) / p.axis.samples_per_ui);
  }
  for (signal::Power& p : powers) trim(p, first, static_cast<std::size_t>(last - first));
}

}  // namespace

/// Power at the receiver -> decisions of the task's symbols.
void OpticalChannel::decide(const signal::Power& power, Task& task) const {
  thread_local signal::Current current;
  thread_local rxdsp::Decisions decisions;
  const OpticalLane& optical = link_.lanes()[task.lane];
  optical.chain->receiver().sample(power, optical.phase_ui, true, current);
  lanes_[task.lane].decider->process(current.a, current.axis.first_index, false, decisions);
  const std::int64_t skip = task.first - (current.axis.first_index + optical.equalizer.ffe_before);
  LIGHTLANE_ASSERT(skip >= 0 && static_cast<std::size_t>(skip) + task.count <= decisions.level.size());
  task.decided.assign(decisions.level.begin() + skip, decisions.level.begin() + skip + static_cast<std::ptrdiff_t>(task.count));
}

/// One segment of one lane, or of all lanes of a fibre.
void OpticalChannel::run_together(std::span<Task> tasks) const {
  thread_local std::vector<signal::Power> powers;
  thread_local signal::Levels window;
  const bool waveform = scenario_.link.engine != "symbol";
  powers.resize(tasks.size());
  for (std::size_t i = 0; i < tasks.size() && waveform; ++i) {
    const OpticalLane& optical = link_.lanes()[tasks[i].lane];
    if (optical.los && tasks.size() == 1) continue;
    gather(tasks[i], lanes_[tasks[i].lane].halo, window);
    optical.chain->power(window, true, true, powers[i]);
  }
  if (waveform && tasks.size() > 1) {
    cut_alike(powers);
    couple_wavelengths(link_.isolation_db(), powers);
  }
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    const OpticalLane& optical = link_.lanes()[tasks[i].lane];
    if (optical.los) {
      tasks[i].decided = random_levels(~seed_, optical.setup.stream, optical.setup.tx.modulation, tasks[i].first, tasks[i].count).level;
    } else if (waveform) {
      decide(powers[i], tasks[i]);
    } else {
      const SymbolEngine& engine = *lanes_[tasks[i].lane].engine;
      gather(tasks[i], engine.halo(), window);
      engine.process(window, tasks[i].decided);
    }
  }
}

/// Symbols that each lane can be decided up to; lanes of one fibre only together.
std::vector<std::int64_t> OpticalChannel::limits(bool to_the_end) const {
  std::vector<std::int64_t> until(lanes_.size());
  for (std::size_t l = 0; l < lanes_.size(); ++l) {
    const Lane& lane = lanes_[l];
    const std::int64_t last = lane.end() - static_cast<std::int64_t>(lane.halo.after);
    until[l] = !lane.begun ? lane.next : to_the_end ? last : std::max(floor_segment(last), lane.next);
  }
  if (!link_.wavelengths_share_fibre()) return until;
  std::int64_t common = *std::min_element(until.begin(), until.end());
  for (const Lane& lane : lanes_) {
    if (!lane.begun) common = INT64_MIN;
  }
  std::fill(until.begin(), until.end(), common);
  return until;
}

std::vector<OpticalChannel::Task> OpticalChannel::tasks_until(const std::vector<std::int64_t>& until) const {
  std::vector<Task> tasks;
  const std::size_t together = link_.wavelengths_share_fibre() ? lanes_.size() : 1;
  for (std::size_t l = 0; l < lanes_.size(); l += together) {
    for (std::int64_t first = lanes_[l].next; first < until[l];) {
      const std::int64_t stop = std::min(floor_segment(first) + segment_, until[l]);
      for (std::size_t k = 0; k < together; ++k) tasks.push_back({l + k, first, static_cast<std::size_t>(stop - first), {}});
      first = stop;
    }
  }
  return tasks;
}

void OpticalChannel::run(signal::SymbolLanes& out, bool to_the_end) {
  if (out.size() != lanes_.size()) out.lanes.resize(lanes_.size());
  std::vector<Task> tasks = tasks_until(limits(to_the_end));
  const std::size_t together = link_.wavelengths_share_fibre() ? lanes_.size() : 1;
  parallel_for(tasks.size() / together, [&](std::size_t g) { run_together(std::span(tasks).subspan(g * together, together)); });
  for (const Task& task : tasks) {
    Lane& lane = lanes_[task.lane];
    signal::SymbolLanes::Lane& target = out[task.lane];
    if (target.levels.empty()) target.first_index = static_cast<std::uint64_t>(task.first);
    count_errors(task.lane, task.first, {lane.at(task.first), task.count}, task.decided, out.modulation,
                 {log_from_, log_to_, log_limit}, report_);
    pack_levels(task.decided, out.modulation, target.levels);
    lane.next = task.first + static_cast<std::int64_t>(task.count);
  }
  for (Lane& lane : lanes_) {
    const std::int64_t keep = lane.next - static_cast<std::int64_t>(lane.halo.before);
    if (!lane.begun || keep <= lane.first) continue;
    lane.levels.erase(lane.levels.begin(), lane.levels.begin() + (keep - lane.first));
    lane.first = keep;
  }
}

}  // namespace lightlane::link
