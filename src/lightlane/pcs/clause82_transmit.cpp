#include "lightlane/pcs/clause82_transmit.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lightlane/base/error.hpp"

namespace lightlane::pcs {
Clause82Mark::Clause82Mark(const Clause82MarkConfig& config, const clause82::Kernels& kernels)
    : config_(config), kernels_(kernels) {
  if (config.scrambler_state >> 58 != 0) {
    throw ConfigError({"scrambler_state", fmt::format("is {:#x}", config.scrambler_state), "58 bits", ""});
  }
  reset();
}

void Clause82Mark::reset() noexcept {
  last_ = clause82::scrambler_word(config_.scrambler_state);
  bip_ = {};
  report_ = {};
}

void Clause82Mark::insert_markers(signal::Blocks66& out) {
  for (unsigned lane = 0; lane < clause82::lanes; ++lane) {
    const std::uint64_t marker = clause82::marker_payload(lane, bip_.value(lane));
    out.push(marker, signal::control_header);
    bip_.restart(lane, marker, signal::control_header);
  }
  report_.blocks += clause82::lanes;
  ++report_.marker_rows;
}

void Clause82Mark::process(const signal::Blocks66& in, signal::Blocks66& out) {
  if (out.size() == 0) out.first_index = report_.blocks;
  for (std::size_t i = 0; i < in.size();) {
    if (report_.blocks % clause82::blocks_per_period == 0) insert_markers(out);
    const std::uint64_t room = clause82::blocks_per_period - report_.blocks % clause82::blocks_per_period;
    const std::size_t run = static_cast<std::size_t>(std::min<std::uint64_t>(room, in.size() - i));
    const std::size_t start = out.size();
    out.payload.resize(start + run);
    out.header.insert(out.header.end(), in.header.begin() + static_cast<std::ptrdiff_t>(i),
                      in.header.begin() + static_cast<std::ptrdiff_t>(i + run));
    kernels_.scramble(last_, in.payload.data() + i, out.payload.data() + start, run);
    bip_.add(report_.blocks % clause82::lanes, out.payload.data() + start, out.header.data() + start, run);
    report_.blocks += run;
    i += run;
  }
}

Rational clause82_deletion_ratio() { return Rational(16383, 16384); }
Rational clause82_insertion_ratio() { return Rational(16384, 16383); }

Clause82Transmit::Clause82Transmit(const Clause82TransmitConfig& config)
    : delete_idles_(config.delete_idles),
      compensation_({clause82_deletion_ratio() * config.clock_ratio, config.elastic_words}),
      mark_({config.scrambler_state}) {
  if (config.clock_ratio < Rational(999, 1000) || config.clock_ratio > Rational(1001, 1000)) {
    throw ConfigError(
        {"clock_ratio", fmt::format("is {}", config.clock_ratio.value()), "0.999 to 1.001", ""});
  }
}

void Clause82Transmit::reset() noexcept {
  compensation_.reset();
  encoder_.reset();
  mark_.reset();
}

Clause82TransmitReport Clause82Transmit::report() const noexcept {
  return {compensation_.report(), encoder_.report(), mark_.report()};
}

void Clause82Transmit::finish(signal::Blocks66& out) {
  constexpr std::uint64_t codeword = 80;
  signal::MiiWords idle;
  idle.push_idle();
  while (delete_idles_ && mark_.report().blocks % codeword != 0) {
    blocks_.clear();
    encoder_.process(idle, blocks_);
    mark_.process(blocks_, out);
  }
}

void Clause82Transmit::process(const signal::MiiWords& in, signal::Blocks66& out, signal::Blocks66* encoded) {
  words_.clear();
  if (delete_idles_) compensation_.process(in, words_);
  blocks_.clear();
  encoder_.process(delete_idles_ ? words_ : in, blocks_);
  if (encoded != nullptr) {
    if (encoded->size() == 0) encoded->first_index = blocks_.first_index;
    encoded->payload.insert(encoded->payload.end(), blocks_.payload.begin(), blocks_.payload.end());
    encoded->header.insert(encoded->header.end(), blocks_.header.begin(), blocks_.header.end());
  }
  mark_.process(blocks_, out);
}

}  // namespace lightlane::pcs
