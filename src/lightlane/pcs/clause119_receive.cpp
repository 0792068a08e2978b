#include "lightlane/pcs/clause119_receive.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "lightlane/base/error.hpp"

namespace lightlane::pcs {
namespace {

/// Pairs that pass in a time: 39.0625 or 19.53125 million a second.
std::uint64_t pairs_in_ms(const Clause119Sizes& sizes, double ms) {
  const double pairs_per_ms = sizes.rate_gbps == 400 ? 39062.5 : 19531.25;
  return static_cast<std::uint64_t>(ms * pairs_per_ms);
}

}  // namespace

Clause119Receive::Clause119Receive(const Clause119ReceiveConfig& config)
    : config_(config),
      sizes_(clause119_sizes(config.rate_gbps)),
      transcode_kernels_(select(transcode_kernels()).function),
      kernels_(select(clause119_kernels()).function),
      degrade_(config.degrade) {
  if (!(config.hi_ser_hold_ms > 0 && config.hi_ser_hold_ms <= 75)) {
    throw ConfigError(
        {"hi_ser_hold_ms", fmt::format("is {}", config.hi_ser_hold_ms), "above 0, up to 75", ""});
  }
  hi_ser_hold_pairs_ = pairs_in_ms(sizes_, config.hi_ser_hold_ms);
}

void Clause119Receive::reset() {
  auto* const taps = taps_;
  *this = Clause119Receive(config_);
  taps_ = taps;
}

Clause119ReceiveReport Clause119Receive::report() const noexcept {
  Clause119ReceiveReport report = report_;
  report.hi_ser = hi_ser_left_ > 0;
  report.blocks = decoder_.report();
  report.fec_degraded_ser = degrade_.degraded();
  report.fec_degraded_ser_events = degrade_.events();
  return report;
}

void Clause119Receive::process(const Clause119Aligned& batch, std::span<const signal::DecodeOutcome> outcomes,
                               signal::MiiWords& out, std::optional<std::size_t> last) {
  if (outcomes.size() != batch.codewords.count || outcomes.size() % 2 != 0) {
    throw InputError({"outcomes", fmt::format("are {}", outcomes.size()),
                      fmt::format("one per codeword, {}, in pairs", batch.codewords.count), ""});
  }
  const std::size_t pairs = last ? std::min(*last + 1, batch.pairs()) : batch.pairs();
  auto next_break = batch.breaks.begin();
  const auto take_breaks = [&](std::size_t at) {
    for (; next_break != batch.breaks.end() && next_break->pair == at; ++next_break) {
      lose_alignment(next_break->fault_pairs, out);
    }
  };
  for (std::size_t p = 0; p < pairs; ++p) {
    take_breaks(p);
    pair(batch.codewords.at(2 * p), outcomes[2 * p], outcomes[2 * p + 1], out);
  }
  if (!last) take_breaks(pairs);
}

void Clause119Receive::process(const signal::Codewords& codewords,
                               std::span<const signal::DecodeOutcome> outcomes, signal::MiiWords& out) {
  if (outcomes.size() != codewords.count || outcomes.size() % 2 != 0) {
    throw InputError({"outcomes", fmt::format("are {}", outcomes.size()),
                      fmt::format("one per codeword, {}, in pairs", codewords.count), ""});
  }
  for (std::size_t c = 0; c < codewords.count; c += 2)
    pair(codewords.at(c), outcomes[c], outcomes[c + 1], out);
}

void Clause119Receive::finish(signal::MiiWords& out) { decoder_.finish(out); }

/// Fault words come at the rate of the stream without markers, counted exactly over all outages.
void Clause119Receive::lose_alignment(std::uint64_t fault_pairs, signal::MiiWords& out) {
  fault_pairs_ += fault_pairs;
  const std::uint64_t words = fault_pairs_ / 128 * 20479 + fault_pairs_ % 128 * 20479 / 128;
  decoder_.fault(static_cast<std::size_t>(words - report_.fault_words), out);
  report_.fault_words = words;
  pair_in_period_ = 0;
  unsettled_ = true;
  spill_ = false;
  hi_ser_codewords_ = hi_ser_symbols_ = 0;
  degrade_.restart_interval();
}

/// Reads the status bits and moves the scrambled blocks to the front. Returns the bits that are left.
std::size_t Clause119Receive::take_marker_group() {
  const std::size_t group = sizes_.group_bits(), left = pair_bits - group;
  const auto read = [&](std::size_t bit) {
    const unsigned shift = bit % 64;
    return shift == 0 ? stream_[bit / 64]
                      : stream_[bit / 64] >> shift | stream_[bit / 64 + 1] << (64 - shift);
  };
  report_.status = static_cast<unsigned>(read(group - 3) & 7);
  report_.rx_rm_degraded = (report_.status & remote_degraded_bit) != 0;
  report_.rx_local_degraded = (report_.status & local_degraded_bit) != 0;
  for (std::size_t bit = 0; bit < left; bit += 64) stream_[bit / 64] = read(group + bit);
  if (left % 64 != 0) stream_[left / 64] &= (std::uint64_t{1} << (left % 64)) - 1;
  return left;
}

void Clause119Receive::count_symbols(unsigned symbols) {
  if (config_.bypass_error_indication) {
    hi_ser_symbols_ += symbols;
    hi_ser_codewords_ += 2;
    if (hi_ser_codewords_ == hi_ser_window_codewords) {
      if (hi_ser_symbols_ > hi_ser_threshold) {
        report_.hi_ser_events += hi_ser_left_ == 0 ? 1 : 0;
        hi_ser_left_ = hi_ser_hold_pairs_;
      }
      hi_ser_codewords_ = hi_ser_symbols_ = 0;
    }
  }
  degrade_.count(symbols, 2);
}

void Clause119Receive::pair(const std::uint64_t* codewords, signal::DecodeOutcome a, signal::DecodeOutcome b,
                            signal::MiiWords& out) {
  kernels_.join(codewords, stream_.data());
  const std::size_t bits = pair_in_period_ == 0 ? take_marker_group() : pair_bits;
  descrambler_.descramble(stream_.data(), bits);
  const std::size_t words = bits / block257_bits * 4;
  std::uint64_t* const payload = payload_.data() + slot;
  std::uint8_t* const header = header_.data() + slot;
  transcode_kernels_.unpack(stream_.data(), words / 4, payload, header);

  const bool uncorrectable = !a.ok() || !b.ok();
  const bool bad = (uncorrectable && !config_.bypass_error_indication) || hi_ser_left_ > 0;
  if (bad) {
    std::fill_n(header, words, signal::invalid_header);
    ++report_.marked_pairs;
  } else if (spill_) {
    std::fill_n(header, 4, signal::invalid_header);
  }
  spill_ = uncorrectable && !config_.bypass_error_indication;
  if (taps_ != nullptr) {
    for (std::size_t i = 0; i < words; ++i) taps_->blocks66.push(payload[i], header[i]);
  }
  if (unsettled_) std::fill_n(header, 4, signal::invalid_header);
  unsettled_ = false;
  decoder_.process_behind_slot(payload, header, words, out);

  if (hi_ser_left_ > 0) --hi_ser_left_;
  const auto symbols = [](signal::DecodeOutcome o) {
    return o.ok() ? static_cast<unsigned>(o.symbols) : uncorrectable_symbols;
  };
  count_symbols(symbols(a) + symbols(b));
  pair_in_period_ = (pair_in_period_ + 1) % sizes_.period_pairs;
  ++report_.pairs;
}

}  // namespace lightlane::pcs
