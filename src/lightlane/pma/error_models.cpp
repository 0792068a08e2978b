#include "lightlane/pma/error_models.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "lightlane/base/random.hpp"
#include "lightlane/math/elementary.hpp"
#include "lightlane/pma/error_rates.hpp"

namespace lightlane::pma::detail {
namespace {

using signal::Modulation;

/// Candidates with probability q per symbol, by geometric gaps; see symbol_errors.hpp.
class Candidates {
 public:
  Candidates(double q, RandomStream stream)
      : stream_(stream), q_(q), scale_(q > 0 && q < 1 ? 1 / math::log1p(-q) : 0) {}

  /// A new wait begins here; nothing behind it is known.
  void restart(std::uint64_t wait_from) noexcept {
    have_ = false;
    wait_from_ = wait_from;
    enter(wait_from / error_block);
  }
  /// To the first candidate at or behind `first`, as a run from the very start would meet it.
  void start(std::uint64_t first) noexcept {
    block_ = UINT64_MAX;
    restart(first / error_block * error_block);
    skip_to(first);
  }
  void skip_to(std::uint64_t first) noexcept {
    while (find(first)) consume();
  }
  /// Is there a candidate before `end`? Then at() and choice() tell of it.
  bool find(std::uint64_t end) noexcept {
    while (!have_ && wait_from_ < end) {
      const std::uint64_t block_end = (wait_from_ | (error_block - 1)) + 1;
      if (q_ > 0) {
        enter(wait_from_ / error_block);
        if (next_ == ahead) draw();
        const Draw& wait = draws_[next_++];
        if (wait.gap < static_cast<double>(block_end - wait_from_)) {
          at_ = wait_from_ + static_cast<std::uint64_t>(wait.gap);
          choice_ = wait.choice;
          have_ = true;
          break;
        }
      }
      wait_from_ = block_end;
    }
    return have_ && at_ < end;
  }
  void consume() noexcept {
    have_ = false;
    wait_from_ = at_ + 1;
  }
  /// All candidates before `end`: take(symbol, choice).
  template <class Take>
  void each(std::uint64_t end, Take take) noexcept {
    while (find(end)) {
      take(at_, choice_);
      consume();
      // Those already drawn, in registers.
      std::uint64_t wait_from = wait_from_;
      unsigned next = next_;
      if (wait_from / error_block != block_) continue;
      const std::uint64_t stop = std::min(end, (block_ + 1) * error_block);
      while (next < ahead &&
             draws_[next].gap < static_cast<double>(static_cast<std::int64_t>(stop - wait_from))) {
        const std::uint64_t x =
            wait_from + static_cast<std::uint64_t>(static_cast<std::int64_t>(draws_[next].gap));
        take(x, draws_[next++].choice);
        wait_from = x + 1;
      }
      wait_from_ = wait_from;
      next_ = next;
    }
  }
  std::uint64_t at() const noexcept { return at_; }
  double choice() const noexcept { return choice_; }

 private:
  struct Draw {
    double gap, choice;
  };
  static constexpr unsigned ahead = 8;  // drawn together, so that their latencies overlap
  // At most one draw per candidate and one per restart of a block.
  static constexpr std::uint64_t draws_per_block = 4 * error_block;

  void enter(std::uint64_t block) noexcept {
    if (block == block_) return;
    block_ = block;
    drawn_ = block * draws_per_block;
    next_ = ahead;
  }
  void draw() noexcept {
    std::array<std::array<std::uint32_t, 4>, ahead> raw;
    for (unsigned i = 0; i < ahead; ++i) raw[i] = stream_.block(drawn_ + i);
    for (unsigned i = 0; i < ahead; ++i) {
      draws_[i] = {q_ < 1 ? math::log(unit(raw[i][0], raw[i][1])) * scale_ : 0, unit(raw[i][2], raw[i][3])};
    }
    drawn_ += ahead;
    next_ = 0;
  }
  static double unit(std::uint32_t low, std::uint32_t high) noexcept {
    return (static_cast<double>((static_cast<std::uint64_t>(high) << 32 | low) >> 12) + 0.5) * 0x1p-52;
  }

  RandomStream stream_;
  double q_, scale_;
  bool have_ = false;
  std::uint64_t wait_from_ = 0, at_ = 0;
  double choice_ = 0;
  std::uint64_t block_ = UINT64_MAX, drawn_ = 0;
  unsigned next_ = ahead;
  std::array<Draw, ahead> draws_;
};

/// Which level a candidate is decided as: q is the largest error probability of a level, the rest is thinned
/// out.
class Decisions {
 public:
  explicit Decisions(const Transitions& p) {
    for (unsigned l = 0; l < 4; ++l) {
      double total = 0;
      for (unsigned n = 0; n < 4; ++n) total += p[l][n];
      q_ = std::max(q_, total);
    }
    for (unsigned l = 0; l < 4; ++l) {
      double sum = 0;
      for (unsigned n = 0; n < 4; ++n) {
        sum += p[l][n];
        below_[l][n] = q_ > 0 ? sum / q_ : 0;
      }
    }
  }
  double q() const noexcept { return q_; }
  /// choice in (0, 1). The level decided; the one sent if the candidate comes to nothing.
  unsigned operator()(unsigned level, double choice) const noexcept {
    const auto& below = below_[level];
    const unsigned n = unsigned{choice >= below[0]} + unsigned{choice >= below[1]} +
                       unsigned{choice >= below[2]} + unsigned{choice >= below[3]};
    return n < 4 ? n : level;
  }

 private:
  double q_ = 0;
  std::array<std::array<double, 4>, 4> below_{};
};

class Independent final : public ErrorProcess {
 public:
  Independent(const Transitions& p, RandomStream stream) : decide_(p), candidates_(decide_.q(), stream) {}
  void start(std::uint64_t first) override { candidates_.start(first); }
  void restart(std::uint64_t first) noexcept { candidates_.restart(first); }
  void skip_to(std::uint64_t first) noexcept { candidates_.skip_to(first); }
  void apply(LaneView& view, std::uint64_t, std::uint64_t to) noexcept override {
    candidates_.each(to, [&](std::uint64_t x, double choice) {
      const unsigned level = view.get(x);
      view.change(x, level, decide_(level, choice));
    });
  }

 private:
  Decisions decide_;
  Candidates candidates_;
};

class Burst final : public ErrorProcess {
 public:
  Burst(double ser, double a, unsigned levels, RandomStream starts, RandomStream inside)
      : decide_(from_ser(burst_start(ser, a), levels)),
        candidates_(decide_.q(), starts),
        inside_(inside),
        go_on_(continuation_of(a, levels)) {}
  void start(std::uint64_t first) override {
    candidates_.start(first);
    direction_ = 0;
  }
  void apply(LaneView& view, std::uint64_t from, std::uint64_t to) noexcept override {
    std::uint64_t x = from;
    while (x < to) {
      if (direction_ != 0) {
        go_on(view, x++);
        candidates_.skip_to(x);
        continue;
      }
      if (!candidates_.find(to)) return;
      x = candidates_.at();
      const unsigned level = view.get(x), decided = decide_(level, candidates_.choice());
      candidates_.consume();
      if (decided != level) {
        view.change(x, level, decided);
        direction_ = decided > level ? 1 : -1;
      }
      ++x;
    }
  }

 private:
  /// The symbol behind a wrong one: errs the other way, or the burst ends.
  void go_on(LaneView& view, std::uint64_t x) noexcept {
    const int level = static_cast<int>(view.get(x)), top = static_cast<int>(view.levels()) - 1;
    int direction = -direction_;
    const bool room = level + direction >= 0 && level + direction <= top;
    if (!room) direction = -direction;
    if (inside_.uniform(x) < (room ? go_on_.room : go_on_.edge)) {
      view.change(x, static_cast<unsigned>(level), static_cast<unsigned>(level + direction));
      direction_ = direction;
    } else {
      direction_ = 0;
    }
  }

  Decisions decide_;
  Candidates candidates_;
  RandomStream inside_;
  Continuation go_on_;
  int direction_ = 0;  // of the error in the symbol before, 0 = it was right
};

class GilbertElliott final : public ErrorProcess {
 public:
  GilbertElliott(const GilbertElliottErrors& m, unsigned levels, RandomStream states, RandomStream good,
                 RandomStream bad)
      : bad_share_(m.good_to_bad / (m.good_to_bad + m.bad_to_good)),
        initial_(states),
        refresh_(m.good_to_bad + m.bad_to_good, states),
        errors_{Independent(from_ser(m.ser_good, levels), good),
                Independent(from_ser(m.ser_bad, levels), bad)} {}
  void start(std::uint64_t first) override {
    // The state where the block of `first` begins is what the last draw of it before has left.
    const std::uint64_t begin = first / error_block * error_block;
    bad_ = initial_.uniform(UINT64_MAX) < bad_share_;
    bool found = false;
    for (std::uint64_t block = first / error_block; block-- > 0 && !found;) {
      refresh_.start(block * error_block);
      for (; refresh_.find((block + 1) * error_block); refresh_.consume()) {
        found = true;
        bad_ = refresh_.choice() < bad_share_;
      }
    }
    // From there on, all draws up to `first` are taken as if the block had been worked on.
    refresh_.start(begin);
    for (Independent& errors : errors_) errors.start(begin);
    for (; refresh_.find(first); refresh_.consume()) {
      errors_[bad_].skip_to(refresh_.at());
      bad_ = refresh_.choice() < bad_share_;
      errors_[bad_].restart(refresh_.at());
    }
    errors_[bad_].skip_to(first);
  }
  void apply(LaneView& view, std::uint64_t from, std::uint64_t to) noexcept override {
    while (refresh_.find(to)) {
      errors_[bad_].apply(view, from, refresh_.at());
      from = refresh_.at();
      bad_ = refresh_.choice() < bad_share_;
      errors_[bad_].restart(from);
      refresh_.consume();
    }
    errors_[bad_].apply(view, from, to);
  }

 private:
  double bad_share_;
  RandomStream initial_;
  Candidates refresh_;
  std::array<Independent, 2> errors_;
  bool bad_ = false;
};

/// Changes levels without counting them as errors: whoever uses it compares afterwards.
class Cut final : public ErrorProcess {
 public:
  Cut(const LaneCut& cut, RandomStream stream) : cut_(cut), stream_(stream) {}
  void start(std::uint64_t) override {}
  void apply(LaneView& view, std::uint64_t from, std::uint64_t to) noexcept override {
    from = std::max(from, cut_.from);
    to = std::min(to, cut_.to);
    if (from >= to) return;
    view.counts.cut_symbols += to - from;
    const std::uint64_t per_word = 64 / view.width;
    while (from < to) {
      const std::uint64_t word = from / per_word, skip = from % per_word,
                          count = std::min(to - from, per_word - skip);
      const bool noise = cut_.decides == LaneCut::Decides::noise;
      put(view.words, (from - view.first) * view.width, noise ? stream_.bits(word) >> (skip * view.width) : 0,
          static_cast<unsigned>(count * view.width));
      from += count;
    }
  }

 private:
  static void put(std::uint64_t* words, std::uint64_t at, std::uint64_t value, unsigned count) noexcept {
    const std::uint64_t mask = ~std::uint64_t{0} >> (64 - count);
    const unsigned shift = at & 63;
    words += at >> 6;
    words[0] = (words[0] & ~(mask << shift)) | (value & mask) << shift;
    if (shift + count > 64) {
      words[1] = (words[1] & ~(mask >> (64 - shift))) | (value & mask) >> (64 - shift);
    }
  }
  LaneCut cut_;
  RandomStream stream_;
};

class Listed final : public ErrorProcess {
 public:
  explicit Listed(std::vector<ListedError> errors) : errors_(std::move(errors)) {
    std::sort(errors_.begin(), errors_.end(),
              [](const auto& a, const auto& b) { return a.symbol < b.symbol; });
  }
  void start(std::uint64_t first) override {
    next_ = static_cast<std::size_t>(
        std::lower_bound(errors_.begin(), errors_.end(), first,
                         [](const auto& e, std::uint64_t x) { return e.symbol < x; }) -
        errors_.begin());
  }
  void apply(LaneView& view, std::uint64_t, std::uint64_t to) noexcept override {
    for (; next_ < errors_.size() && errors_[next_].symbol < to; ++next_) {
      const ListedError& error = errors_[next_];
      const int level = static_cast<int>(view.get(error.symbol)), top = static_cast<int>(view.levels()) - 1;
      int decided = error.value;
      if (error.kind == ListedError::Kind::step) {
        decided = std::clamp(level + error.value, 0, top);
        if (decided == level) decided = std::clamp(level - error.value, 0, top);
      }
      if (decided != level)
        view.change(error.symbol, static_cast<unsigned>(level), static_cast<unsigned>(decided));
    }
  }

 private:
  std::vector<ListedError> errors_;
  std::size_t next_ = 0;
};

}  // namespace

std::unique_ptr<ErrorProcess> make_process(const ErrorModel& model, Modulation modulation, std::uint64_t seed,
                                           std::size_t index, std::uint32_t lane) {
  const unsigned levels = level_count(modulation);
  const auto stream = [&](const char* role) {
    return RandomStream(seed, fmt::format("pma.symbol_errors.{}.{}", index, role), lane);
  };
  if (const auto* m = std::get_if<AwgnErrors>(&model)) {
    return std::make_unique<Independent>(from_snr(m->snr_db, levels), stream("candidates"));
  }
  if (const auto* m = std::get_if<ThresholdErrors>(&model)) {
    return std::make_unique<Independent>(from_crossings(m->crossing, levels), stream("candidates"));
  }
  if (const auto* m = std::get_if<IndependentErrors>(&model)) {
    return std::make_unique<Independent>(from_ser(per_symbol(m->ser, m->ber, modulation), levels),
                                         stream("candidates"));
  }
  if (const auto* m = std::get_if<BurstErrors>(&model)) {
    return std::make_unique<Burst>(per_symbol(m->ser, m->ber, modulation), m->continuation, levels,
                                   stream("candidates"), stream("inside"));
  }
  if (const auto* m = std::get_if<GilbertElliottErrors>(&model)) {
    return std::make_unique<GilbertElliott>(*m, levels, stream("state"), stream("good"), stream("bad"));
  }
  if (const auto* m = std::get_if<LaneCut>(&model)) return std::make_unique<Cut>(*m, stream("noise"));
  return std::make_unique<Listed>(std::get<ListedErrors>(model).errors);
}

}  // namespace lightlane::pma::detail
