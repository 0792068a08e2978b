#include "lightlane/pcs/clause119_transmit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "lightlane/base/error.hpp"

namespace lightlane::pcs {
namespace {

RateCompensationConfig rate_config(const Clause119TransmitConfig& config) {
  if (config.clock_ratio < Rational(999, 1000) || config.clock_ratio > Rational(1001, 1000)) {
    throw ConfigError(
        {"clock_ratio", fmt::format("is {}", config.clock_ratio.value()), "0.999 to 1.001", ""});
  }
  return {clause119_deletion_ratio() * config.clock_ratio, config.elastic_words};
}

unsigned checked_status(unsigned status) {
  if (status > 7) throw ConfigError({"status", fmt::format("is {}", status), "three bits, 0 to 7", ""});
  return status;
}

}  // namespace

Clause119Transmit::Clause119Transmit(const Clause119TransmitConfig& config)
    : config_(config),
      sizes_(clause119_sizes(config.rate_gbps)),
      block_kernels_(select(block66_kernels()).function),
      transcode_kernels_(select(transcode_kernels()).function),
      kernels_(select(clause119_kernels()).function),
      editor_(rate_config(config)),
      scrambler_(config.scrambler_state),
      pad_(config.pad_state),
      status_(checked_status(config.status)) {
  if (config.scrambler_state >> 58 != 0) {
    throw ConfigError({"scrambler_state", fmt::format("is {:#x}", config.scrambler_state), "58 bits", ""});
  }
  if (config.pad_state >> 9 != 0) {
    throw ConfigError({"pad_state", fmt::format("is {:#x}", config.pad_state), "9 bits", ""});
  }
}

void Clause119Transmit::set_status(unsigned status) { status_ = checked_status(status); }

void Clause119Transmit::reset() {
  auto* const taps = taps_;
  *this = Clause119Transmit(config_);
  taps_ = taps;
}

Clause119TransmitReport Clause119Transmit::report() const noexcept {
  return {pairs_, (pairs_ + sizes_.period_pairs - 1) / sizes_.period_pairs, blocks_, editor_.report()};
}

std::size_t Clause119Transmit::words_wanted() const noexcept {
  return pair_words - (pairs_ % sizes_.period_pairs == 0 ? sizes_.marker_words() : 0);
}

void Clause119Transmit::process(const signal::MiiWords& in, signal::Codewords& messages) {
  const std::uint64_t* data = in.data.data();
  const std::uint8_t* control = in.control.data();
  if (!config_.delete_idles) {
    feed(data, control, in.size(), messages);
    return;
  }
  for (std::size_t at = 0;;) {
    const IdleEditor::Edit edit = editor_.next(data + at, control + at, in.size() - at);
    feed(data + at, control + at, edit.keep, messages);
    constexpr std::uint8_t flags = 0xff;
    for (std::size_t i = 0; i < edit.insert; ++i) feed(&edit.word, &flags, 1, messages);
    at += edit.keep + (edit.remove ? 1 : 0);
    if (at == in.size() && edit.insert == 0) return;
  }
}

void Clause119Transmit::finish(signal::Codewords& messages) {
  if (held_ == 0) return;
  if (!config_.delete_idles) {
    throw InputError(
        {"words", fmt::format("leave {} words in the last codeword pair", held_),
         fmt::format("whole pairs: {} words in the first, 160 in others", pair_words - sizes_.marker_words()),
         "without idle deletion words must fill the pairs"});
  }
  constexpr std::uint8_t flags = 0xff;
  while (held_ != 0) feed(&signal::mii::idle_word, &flags, 1, messages);
}

void Clause119Transmit::feed(const std::uint64_t* data, const std::uint8_t* control, std::size_t count,
                             signal::Codewords& messages) {
  while (count > 0) {
    const std::size_t wanted = words_wanted(), take = std::min(count, wanted - held_);
    blocks_.error_blocks +=
        block_kernels_.encode(state_, data, control, take, payload_.data() + held_, header_.data() + held_);
    blocks_.blocks += take;
    data += take;
    control += take;
    count -= take;
    held_ += take;
    if (held_ == wanted) make_pair(messages);
  }
}

void Clause119Transmit::make_pair(signal::Codewords& messages) {
  const std::size_t blocks = held_ / 4, bits = blocks * block257_bits;
  if (taps_ != nullptr) {
    auto& tap = taps_->blocks66;
    if (tap.size() == 0) tap.first_index = blocks_.blocks - held_;
    tap.payload.insert(tap.payload.end(), payload_.begin(), payload_.begin() + held_);
    tap.header.insert(tap.header.end(), header_.begin(), header_.begin() + held_);
  }
  transcode_kernels_.pack(payload_.data(), header_.data(), blocks, stream_.data());
  const auto append = [bits](BitVector& to, const std::uint64_t* words) {
    for (std::size_t bit = 0; bit < bits; bit += 64) {
      to.append(words[bit / 64], static_cast<unsigned>(std::min<std::size_t>(64, bits - bit)));
    }
  };
  if (taps_ != nullptr) append(taps_->blocks257, stream_.data());
  scrambler_.scramble(stream_.data(), bits);
  if (bits < pair_bits) {
    BitVector whole = marker_group(sizes_, pad_, status_);
    append(whole, stream_.data());
    std::memcpy(stream_.data(), whole.words(), (pair_bits + 63) / 64 * 8);
  }
  if (taps_ != nullptr) {
    for (std::size_t bit = 0; bit < pair_bits; bit += 64) {
      taps_->stream.append(stream_[bit / 64],
                           static_cast<unsigned>(std::min<std::size_t>(64, pair_bits - bit)));
    }
  }
  const std::size_t start = messages.count;
  messages.resize(start + 2);
  kernels_.split(stream_.data(), messages.at(start));
  held_ = 0;
  ++pairs_;
}

}  // namespace lightlane::pcs
