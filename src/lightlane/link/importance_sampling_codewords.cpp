#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "lightlane/base/error.hpp"
#include "lightlane/base/parallel.hpp"
#include "lightlane/base/random.hpp"
#include "lightlane/link/importance_sampling.hpp"
#include "lightlane/math/elementary.hpp"

namespace lightlane::link {
namespace {

void require_range(bool good, const char* key, double value, const char* allowed) {
  if (!good) throw ConfigError({key, fmt::format("is {}", value), allowed, ""});
}

void require_valid(const CodewordConfig& c) {
  require_range(c.symbol_error_ratio > 0 && c.symbol_error_ratio < 0.5, "symbol_error_ratio",
                c.symbol_error_ratio, "above 0, below 0.5");
  require_range(c.burst_continuation >= 0 && c.burst_continuation < 1, "burst_continuation",
                c.burst_continuation, "0 up to, not with, 1");
  require_range(c.line_symbols >= 1 && c.line_symbols <= 20, "line_symbols", c.line_symbols, "1 to 20");
  require_range(c.fec_symbols >= 1 && c.fec_symbols <= 65535, "fec_symbols", c.fec_symbols, "1 to 65535");
  require_range(c.correctable >= 0 && c.correctable < c.fec_symbols, "correctable", c.correctable,
                "0 to fec_symbols - 1");
  require_range(c.interleave >= 1 && c.interleave <= 16, "interleave", c.interleave, "1 to 16");
  require_range(c.trials >= 1, "trials", static_cast<double>(c.trials), "at least 1");
}

/// The symbol before was wrong; this codeword's FEC symbol under way is hit already.
struct State {
  bool wrong = false, hit = false;
  std::size_t index() const noexcept { return (wrong ? 2u : 0u) + (hit ? 1u : 0u); }
};

/// The chain of right and wrong line symbols, each path more likely by exp(tilt) for every FEC symbol of the
/// codeword that it hits. A round is one FEC symbol of each of the codewords that take turns, the codeword's
/// own first.
class TiltedChain {
 public:
  TiltedChain(const CodewordConfig& c, double tilt)
      : c_(c),
        begin_(c.symbol_error_ratio * (1 - c.burst_continuation) / (1 - c.symbol_error_ratio)),
        line_(static_cast<std::size_t>(c.line_symbols)),
        length_(line_ * static_cast<std::size_t>(c.interleave)),
        rounds_(static_cast<std::size_t>(c.fec_symbols)),
        raise_(math::exp(tilt)) {
    // Mean of exp(tilt hits to come) from each state on, over the scale of its round: from the end to the
    // beginning.
    ahead_.resize((rounds_ * length_ + 1) * 4, 1.0);
    for (std::size_t i = rounds_ * length_; i-- > 0;) {
      for (std::size_t s = 0; s < 4; ++s) {
        double sum = 0;
        for (const bool wrong : {false, true}) {
          sum += probability(s >= 2, wrong) * reward(i, state(s), wrong) *
                 ahead_[4 * (i + 1) + after(i, state(s), wrong).index()];
        }
        ahead_[4 * i + s] = sum;
      }
      if (i % length_ != 0) continue;
      const double scale = ahead_[4 * i];
      log_scale_ += math::log(scale);
      for (std::size_t s = 0; s < 4; ++s) ahead_[4 * i + s] /= scale;
    }
    first_[0] = (1 - c.symbol_error_ratio) * ahead_[0];
    first_[1] = c.symbol_error_ratio * ahead_[2];
    set_first_wrong();
  }

  /// log of the mean of exp(tilt hits).
  double log_mean() const noexcept { return log_scale_ + math::log(first_[0] + first_[1]); }

  /// FEC symbols hit on one path of the tilted chain. uniform(): draws.
  template <class Uniform>
  int hits(Uniform uniform) const {
    State s{uniform() * (first_[0] + first_[1]) >= first_[0], false};
    int hits = 0;
    for (std::size_t round = 0; round < rounds_; ++round) {
      std::size_t k = 0;
      if (!s.wrong) {  // where the round's first wrong symbol is, by one draw
        const double* const cumulated = first_wrong_.data() + round * length_;
        const double u = uniform();
        if (u >= cumulated[length_ - 1]) continue;
        while (u >= cumulated[k]) ++k;
        const std::size_t i = round * length_ + k;
        hits += counts(i, s, true) ? 1 : 0;
        s = after(i, s, true);
        ++k;
      }
      for (; k < length_; ++k) {
        const std::size_t i = round * length_ + k;
        const double wrong =
            probability(s.wrong, true) * reward(i, s, true) * ahead_[4 * (i + 1) + after(i, s, true).index()];
        const double right = probability(s.wrong, false) * reward(i, s, false) *
                             ahead_[4 * (i + 1) + after(i, s, false).index()];
        const bool goes_wrong = uniform() * (wrong + right) < wrong;
        hits += counts(i, s, goes_wrong) ? 1 : 0;
        s = after(i, s, goes_wrong);
      }
    }
    return hits;
  }

 private:
  static State state(std::size_t s) noexcept { return {s >= 2, s % 2 == 1}; }
  double probability(bool before, bool wrong) const noexcept {
    const double p = before ? c_.burst_continuation : begin_;
    return wrong ? p : 1 - p;
  }
  bool ours(std::size_t i) const noexcept { return i % length_ < line_; }
  /// The symbol is the first of the codeword's FEC symbol to be wrong.
  bool counts(std::size_t i, State s, bool wrong) const noexcept { return wrong && ours(i) && !s.hit; }
  double reward(std::size_t i, State s, bool wrong) const noexcept {
    return counts(i, s, wrong) ? raise_ : 1;
  }
  State after(std::size_t i, State s, bool wrong) const noexcept {
    const bool ends = i % length_ == line_ - 1;
    return {wrong, !ends && ours(i) && (s.hit || wrong)};
  }

  void set_first_wrong() {
    first_wrong_.resize(rounds_ * length_);
    for (std::size_t round = 0; round < rounds_; ++round) {
      double right = 1, sum = 0;
      double total = 0;
      std::vector<double> share(length_);
      for (std::size_t k = 0; k < length_; ++k) {
        const std::size_t i = round * length_ + k;
        share[k] = right * begin_ * reward(i, {}, true) * ahead_[4 * (i + 1) + after(i, {}, true).index()];
        total += share[k];
        right *= 1 - begin_;
      }
      total += right * ahead_[4 * ((round + 1) * length_)];
      for (std::size_t k = 0; k < length_; ++k) first_wrong_[round * length_ + k] = sum += share[k] / total;
    }
  }

  CodewordConfig c_;
  double begin_;
  std::size_t line_, length_, rounds_;
  double raise_, log_scale_ = 0;
  std::vector<double> ahead_, first_wrong_;
  std::array<double, 2> first_{};
};

/// Mean hits of the tilted chain, by the slope of the logarithm.
double mean_hits(const CodewordConfig& c, double tilt) {
  constexpr double step = 1e-4;
  return (TiltedChain(c, tilt + step).log_mean() - TiltedChain(c, tilt - step).log_mean()) / (2 * step);
}

}  // namespace

CodewordEstimate estimate_codeword_failures(const CodewordConfig& config) {
  require_valid(config);
  double low = 0, high = 40;
  const double wanted = config.correctable + 1;
  for (int i = 0; i < 20 && mean_hits(config, 0) < wanted; ++i) {
    const double middle = 0.5 * (low + high);
    (mean_hits(config, middle) < wanted ? low : high) = middle;
  }
  const double tilt = low;
  const TiltedChain chain(config, tilt);
  const RandomStream random(config.seed, "link.importance.codewords", 0);
  constexpr std::uint64_t batch = 256;
  struct Part {
    double sum = 0, square = 0, hits = 0;
  };
  std::vector<Part> parts((config.trials + batch - 1) / batch);
  parallel_for(parts.size(), [&](std::size_t b) {
    const std::uint64_t end = std::min((b + 1) * batch, config.trials);
    for (std::uint64_t i = b * batch; i < end; ++i) {
      std::uint64_t at = i << 24;
      const int hits = chain.hits([&] { return random.uniform(at++); });
      parts[b].hits += hits;
      if (hits <= config.correctable) continue;
      const double w = math::exp(chain.log_mean() - tilt * hits);
      parts[b].sum += w;
      parts[b].square += w * w;
    }
  });
  double sum = 0, square = 0, hits = 0;
  for (const Part& p : parts) {
    sum += p.sum;
    square += p.square;
    hits += p.hits;
  }
  const double count = static_cast<double>(config.trials), mean = sum / count;
  CodewordEstimate e;
  e.failure_ratio = mean;
  e.standard_error = std::sqrt(std::max(square / count - mean * mean, 0.0) / count);
  e.effective_samples = square > 0 ? sum * sum / square : 0;
  e.raised_to = hits / count / config.fec_symbols;
  return e;
}

}  // namespace lightlane::link
