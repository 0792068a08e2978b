#pragma once
/// Traffic through the light of a direction: sent line symbols in, decided ones out, by the waveform or the symbol engine.
///
/// Work is cut into segments at multiples of a number of symbols of the run; each is a pure function of the symbols around
/// it, so that neither threads nor the sizes of calls change a decision.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "lightlane/link/optical_link.hpp"
#include "lightlane/link/symbol_engine.hpp"
#include "lightlane/pma/symbol_errors.hpp"
#include "lightlane/rxdsp/equalizer.hpp"
#include "lightlane/signal/lanes.hpp"

namespace lightlane::link {

/// Of the waveform engine, whose samples stay in the cache, and of the symbol engine, which makes 1024 symbols more for
/// the neighbourhood of either end.
inline constexpr std::int64_t waveform_segment = 4096, symbol_segment = 16384;

class OpticalChannel {
 public:
  /// `link` must outlive the channel. Errors of symbols [log_from, log_to) are kept one by one.
  OpticalChannel(const OpticalLink& link, const Scenario& scenario, std::uint64_t log_from = 0, std::uint64_t log_to = 0);
  ~OpticalChannel();
  OpticalChannel(OpticalChannel&&) noexcept;

  /// Takes all of `in`; appends whole segments to `out` (a lane's first_index is set with its first symbols) and holds back
  /// the rest, less than two segments of each lane.
  void process(const signal::SymbolLanes& in, signal::SymbolLanes& out);
  /// The rest, followed by symbols that nobody sent.
  void finish(signal::SymbolLanes& out);
  /// Errors so far, per lane.
  const pma::SymbolErrorsReport& report() const noexcept;

 private:
  struct Lane;
  struct Task;
  std::int64_t floor_segment(std::int64_t index) const noexcept;
  void take(const signal::SymbolLanes& in);
  void run(signal::SymbolLanes& out, bool to_the_end);
  std::vector<std::int64_t> limits(bool to_the_end) const;
  std::vector<Task> tasks_until(const std::vector<std::int64_t>& until) const;
  void run_together(std::span<Task> tasks) const;
  void gather(const Task& task, signal::Halo halo, signal::Levels& window) const;
  void decide(const signal::Power& power, Task& task) const;

  const OpticalLink& link_;
  Scenario scenario_;
  std::uint64_t seed_;
  std::int64_t segment_;
  std::vector<Lane> lanes_;
  pma::SymbolErrorsReport report_;
  std::uint64_t log_from_, log_to_;
};

}  // namespace lightlane::link
