#include "lightlane/pma/pattern_reference.hpp"

#include <algorithm>
#include <bit>

#include "lightlane/pma/bit_copy.hpp"
#include "lightlane/pma/gray.hpp"

namespace lightlane::pma::detail {
namespace {

constexpr std::uint64_t all = ~std::uint64_t{0}, first_bits = 0x5555555555555555u;
constexpr std::size_t least_table = 8192, overhang = 8192;

std::uint64_t low_bits(std::size_t count) noexcept {
  return count >= 64 ? all : (std::uint64_t{1} << count) - 1;
}

}  // namespace

PatternReference::PatternReference(Pattern pattern)
    : info_(&info(pattern)), width_(static_cast<std::size_t>(info_->modulation)) {
  if (info_->degree != 0) {
    period_bits_ = (std::uint64_t{1} << info_->degree) - 1;
    return;
  }
  const BitVector& levels = pattern_period(pattern);
  period_bits_ = levels.size();
  table_bits_ = (least_table + period_bits_ - 1) / period_bits_ * period_bits_;
  while (table_.size() < table_bits_ + overhang) table_.append(levels);
  for (std::size_t w = 0; w < (table_.size() + 63) / 64; ++w)
    table_.words()[w] = gray_unmap(table_.words()[w]);
  for (std::uint32_t at = 0; at < period_bits_; at += static_cast<std::uint32_t>(width_)) {
    starts_.emplace_back(table_.read(at, 64), at);
  }
  std::sort(starts_.begin(), starts_.end());
}

/// What to XOR on received bits so that they are those of the plain shift register or table.
std::uint64_t PatternReference::mask(bool inverted) const noexcept {
  return (info_->inverted ? all : 0) ^ (!inverted ? 0 : width_ == 2 ? first_bits : all);
}

std::optional<PatternReference::Found> PatternReference::find(const BitVector& bits, std::size_t at,
                                                              std::size_t lock_bits,
                                                              bool inverted_first) const {
  const auto try_polarity = [&](bool inverted) {
    return info_->degree != 0 ? find_prbs(bits, at, lock_bits, inverted)
                              : find_period(bits, at, lock_bits, inverted);
  };
  const auto first = try_polarity(inverted_first);
  // A shift register fits one polarity only.
  const auto second = first && info_->degree != 0 ? std::nullopt : try_polarity(!inverted_first);
  if (first) return Found{*first, second};
  if (second) return Found{*second, std::nullopt};
  return std::nullopt;
}

std::optional<Phase> PatternReference::find_prbs(const BitVector& bits, std::size_t at, std::size_t lock_bits,
                                                 bool inverted) const {
  const unsigned degree = info_->degree;
  const std::uint64_t flip = mask(inverted);
  const std::uint64_t loaded = (bits.read(at, degree) ^ flip) & low_bits(degree);
  if (loaded == 0) return std::nullopt;
  // Every further bit must be the parity of those before it. The taps are an even number, so that inverting
  // all bits cancels in them but not in the bit itself; PAM4 inversion hits every other bit, hence the
  // shifted masks.
  for (std::size_t done = 0; done < lock_bits; done += 64) {
    const std::size_t count = std::min<std::size_t>(64, lock_bits - done), from = at + degree + done;
    std::uint64_t wrong =
        bits.read(from, static_cast<unsigned>(count)) ^ ((from - at) % 2 ? std::rotr(flip, 1) : flip);
    for (unsigned stage = 0; stage < degree; ++stage) {
      if (!(info_->taps >> stage & 1)) continue;
      const std::size_t source = from - stage - 1;
      wrong ^=
          bits.read(source, static_cast<unsigned>(count)) ^ ((source - at) % 2 ? std::rotr(flip, 1) : flip);
    }
    if ((wrong & low_bits(count)) != 0) return std::nullopt;
  }
  std::uint32_t state = 0;  // latest bit in S0
  for (unsigned i = 0; i < degree; ++i)
    state |= static_cast<std::uint32_t>(loaded >> i & 1) << (degree - 1 - i);
  return moved({state, inverted}, -static_cast<std::int64_t>(degree));
}

std::optional<Phase> PatternReference::find_period(const BitVector& bits, std::size_t at,
                                                   std::size_t lock_bits, bool inverted) const {
  const std::uint64_t flip = mask(inverted), start = bits.read(at, 64) ^ flip;
  std::optional<Phase> found;
  for (auto hit = std::lower_bound(starts_.begin(), starts_.end(), std::pair{start, std::uint32_t{0}});
       hit != starts_.end() && hit->first == start; ++hit) {
    bool fits = true;
    for (std::size_t done = 64; done < lock_bits && fits; done += 64) {
      const auto count = static_cast<unsigned>(std::min<std::size_t>(64, lock_bits - done));
      const std::uint64_t want = table_.read(hit->second + done, count);
      fits = ((bits.read(at + done, count) ^ flip ^ want) & low_bits(count)) == 0;
    }
    if (!fits) continue;
    if (found) return std::nullopt;
    found = Phase{hit->second, inverted};
  }
  return found;
}

Phase PatternReference::moved(Phase phase, std::int64_t bits) const noexcept {
  const auto period = static_cast<std::int64_t>(period_bits_);
  const auto ahead = static_cast<std::uint64_t>((bits % period + period) % period);
  if (info_->degree != 0) {
    return {Prbs::advance(info_->degree, info_->taps, phase.place, ahead), phase.inverted};
  }
  return {static_cast<std::uint32_t>((phase.place + ahead) % period_bits_), phase.inverted};
}

Phase PatternReference::behind(Phase phase, std::size_t bits, std::uint64_t last_word) const noexcept {
  if (info_->degree == 0) return moved(phase, static_cast<std::int64_t>(bits));
  last_word ^= mask(phase.inverted);
  std::uint32_t state = 0;
  for (unsigned i = 0; i < info_->degree; ++i)
    state |= static_cast<std::uint32_t>(last_word >> (63 - i) & 1) << i;
  return {state, phase.inverted};
}

std::optional<std::int64_t> PatternReference::distance(Phase from, Phase to, std::size_t limit) const {
  if (from.inverted != to.inverted) return std::nullopt;
  if (info_->degree == 0) {
    const auto period = static_cast<std::int64_t>(period_bits_);
    const std::int64_t ahead = (static_cast<std::int64_t>(to.place) - from.place + period) % period;
    return ahead > period / 2 ? ahead - period : ahead;
  }
  // Walk the register over the stretch, and keep the hit nearest to where it started.
  const auto reach =
      static_cast<std::int64_t>(std::min<std::uint64_t>(limit * width_, (period_bits_ - 1) / 2 * width_));
  std::uint32_t state = moved(from, -reach).place;
  std::optional<std::int64_t> best;
  for (std::int64_t ahead = -reach; ahead <= reach; ++ahead) {
    const bool whole = ahead % static_cast<std::int64_t>(width_) == 0;
    if (whole && state == to.place && (!best || std::abs(ahead) < std::abs(*best))) best = ahead;
    const auto feedback = static_cast<std::uint32_t>(std::popcount(state & info_->taps) & 1);
    state = (state << 1 | feedback) & static_cast<std::uint32_t>(period_bits_);
  }
  return best;
}

void PatternReference::start(Phase phase) {
  phase_ = phase;
  if (info_->degree != 0) prbs_.emplace(info_->degree, info_->taps, phase.place);
}

void PatternReference::next(std::uint64_t* out, std::size_t words) {
  const std::uint64_t flip = mask(phase_.inverted);
  if (prbs_) {
    prbs_->generate(out, words);
    for (std::size_t w = 0; w < words; ++w) out[w] ^= flip;
    return;
  }
  for (std::size_t w = 0; w < words; ++w) {
    out[w] = table_.read(phase_.place, 64) ^ flip;
    phase_.place = static_cast<std::uint32_t>((phase_.place + 64) % period_bits_);
  }
}

}  // namespace lightlane::pma::detail
