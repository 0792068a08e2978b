#include "lightlane/pma/gearbox.hpp"

#include <fmt/format.h>

#include "lightlane/base/error.hpp"

namespace lightlane::pma {

Gearbox::Gearbox(GearboxConfig config) : decoder_(config.input), encoder_(config.output) {
  const std::size_t in = config.input.lanes, out = config.output.lanes;
  if (in >= out) {
    if (!config.phase.empty()) {
      throw ConfigError(
          {"phase", fmt::format("is given for {} to {} lanes", in, out), "none", "a mux has no phase"});
    }
    mux_.emplace_back(
        BitMuxConfig{in, out, config.order, config.narrow_order, config.skew_bits, config.steps});
  } else {
    if (!config.skew_bits.empty() || !config.steps.empty()) {
      throw ConfigError({config.steps.empty() ? "skew_bits" : "steps",
                         fmt::format("is given for {} to {} lanes", in, out), "none",
                         "delay the lanes before or behind the gearbox"});
    }
    demux_.emplace_back(BitDemuxConfig{in, out, config.order, config.narrow_order, config.phase});
  }
}

void Gearbox::process(const signal::SymbolLanes& in, signal::SymbolLanes& out) {
  for (auto& lane : arrived_.lanes) lane.bits.clear();
  for (auto& lane : leaving_.lanes) lane.bits.clear();
  decoder_.process(in, arrived_);
  if (!mux_.empty()) {
    mux_[0].process(arrived_, leaving_);
  } else {
    demux_[0].process(arrived_, leaving_);
  }
  encoder_.process(leaving_, out);
}

void Gearbox::finish(signal::SymbolLanes& out) {
  for (auto& lane : leaving_.lanes) lane.bits.clear();
  if (!mux_.empty()) {
    mux_[0].finish(leaving_);
  } else {
    demux_[0].finish(leaving_);
  }
  encoder_.process(leaving_, out);
  encoder_.finish(out);
}

void Gearbox::reset() {
  decoder_.reset();
  encoder_.reset();
  for (BitMux& mux : mux_) mux.reset();
  for (BitDemux& demux : demux_) demux.reset();
  arrived_ = leaving_ = signal::BitLanes();
}

}  // namespace lightlane::pma
