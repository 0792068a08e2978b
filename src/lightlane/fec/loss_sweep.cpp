#include "lightlane/fec/loss_sweep.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <utility>

#include "lightlane/fec/loss_chain.hpp"

namespace lightlane::fec {
namespace {

/// Smaller probabilities become 0: they would only turn into slow denormal numbers.
constexpr double negligible = 1e-290;

/// A probability with E[wrong bits; the event] beside it.
struct Dual {
  double value = 0;
  double bits = 0;
};

/// The moves of many bits at once: from chain state r to s while the slots in mask h were hit, at
/// [(r << width | h) * states + s].
using Passage = std::vector<Dual>;

int codeword_of(const LaneGeometry& geometry, std::size_t slot, std::int64_t row) {
  return geometry.codewords == 1 ? 0 : static_cast<int>((geometry.slots[slot].parity + row) & 1);
}

/// FEC symbols of one codeword on this lane.
int symbols_of(const LaneGeometry& geometry, int codeword) {
  int symbols = 0;
  for (std::size_t slot = 0; slot < geometry.slots.size(); ++slot) {
    for (int row = 0; row < geometry.rows; ++row) symbols += codeword_of(geometry, slot, row) == codeword;
  }
  return symbols;
}

class Sweep {
 public:
  Sweep(const LaneGeometry& geometry, const ErrorProcess& process, const CountRule& rule)
      : geometry_(geometry),
        rule_(rule),
        chain_(bit_chain(process, geometry.precoding, geometry.line_symbol_bits, geometry.first_bit_share)),
        width_(static_cast<int>(geometry.slots.size())),
        masks_(1 << width_),
        columns_(rule.columns > 0 ? rule.columns : symbols_of(geometry, rule.codeword) + 1),
        cells_(static_cast<std::size_t>(rule.rows) * columns_),
        with_bits_(rule.codeword >= 0) {
    const std::size_t states = static_cast<std::size_t>(masks_) * chain_.states;
    for (Counts* counts : {&now_, &next_}) {
      counts->value.assign(states * cells_, 0.0);
      if (with_bits_) counts->bits.assign(states * cells_, 0.0);
      counts->live.assign(states, false);
    }
    for (int s = 0; s < chain_.states; ++s) {
      if (chain_.stationary[s] <= 0) continue;
      now_.live[s] = true;
      now_.value[s * cells_] = chain_.stationary[s];
    }
  }

  CountDistribution run();

 private:
  struct Counts {
    std::vector<double> value, bits;
    std::vector<char> live;  ///< per mask * states + chain state
  };

  void flush();
  Passage multiply_out() const;
  void apply(const Passage& passage);
  void add_scaled(std::size_t from, std::size_t to, Dual factor);
  void fold(int slot);
  void fold_complete();
  void trim();

  const LaneGeometry& geometry_;
  const CountRule rule_;
  const BitChain chain_;
  const int width_, masks_, columns_;
  const std::size_t cells_;
  const bool with_bits_;
  int used_ = 1;  ///< columns that may hold something
  Counts now_, next_;
  unsigned complete_ = 0;  ///< slots whose FEC symbol has ended and is not yet counted
  int slot_codeword_[8] = {};
  std::vector<signed char>
      pending_;  ///< phase of the first bit, then per bit not yet applied its slot, -1: not counted
  std::map<std::vector<signed char>, Passage> passages_;
};

Passage Sweep::multiply_out() const {
  const int states = chain_.states;
  Passage result(static_cast<std::size_t>(states) * masks_ * states);
  std::vector<Dual> here(static_cast<std::size_t>(masks_) * states), there(here.size());
  for (int start = 0; start < states; ++start) {
    std::fill(here.begin(), here.end(), Dual{});
    here[start].value = 1.0;
    int phase = pending_[0];
    for (std::size_t i = 1; i < pending_.size(); ++i) {
      std::fill(there.begin(), there.end(), Dual{});
      const int slot = pending_[i];
      for (const auto& move : chain_.moves[phase]) {
        const bool counts = move.wrong && slot >= 0;
        for (int mask = 0; mask < masks_; ++mask) {
          const Dual from = here[mask * states + move.from];
          if (from.value == 0) continue;
          Dual& to = there[(counts ? mask | 1 << slot : mask) * states + move.to];
          to.value += from.value * move.probability;
          to.bits += (from.bits + (counts ? from.value : 0.0)) * move.probability;
        }
      }
      std::swap(here, there);
      phase = (phase + 1) % chain_.phases;
    }
    std::copy(here.begin(), here.end(),
              result.begin() + static_cast<std::ptrdiff_t>(start) * masks_ * states);
  }
  return result;
}

void Sweep::add_scaled(std::size_t from, std::size_t to, Dual factor) {
  for (int row = 0; row < rule_.rows; ++row) {
    const std::size_t offset = static_cast<std::size_t>(row) * columns_;
    const double* source = now_.value.data() + from * cells_ + offset;
    double* target = next_.value.data() + to * cells_ + offset;
    for (int i = 0; i < used_; ++i) target[i] += factor.value * source[i];
    if (!with_bits_) continue;
    const double* source_bits = now_.bits.data() + from * cells_ + offset;
    double* target_bits = next_.bits.data() + to * cells_ + offset;
    for (int i = 0; i < used_; ++i) target_bits[i] += factor.value * source_bits[i] + factor.bits * source[i];
  }
}

void Sweep::apply(const Passage& passage) {
  const int states = chain_.states;
  // From mask f to mask g: every set of hits h with f | h = g.
  std::vector<Dual> joined(static_cast<std::size_t>(masks_));
  for (int from_mask = 0; from_mask < masks_; ++from_mask) {
    for (int r = 0; r < states; ++r) {
      const std::size_t from = static_cast<std::size_t>(from_mask) * states + r;
      if (!now_.live[from]) continue;
      for (int s = 0; s < states; ++s) {
        std::fill(joined.begin(), joined.end(), Dual{});
        for (int hits = 0; hits < masks_; ++hits) {
          const Dual& step = passage[(static_cast<std::size_t>(r) * masks_ + hits) * states + s];
          joined[from_mask | hits].value += step.value;
          joined[from_mask | hits].bits += step.bits;
        }
        for (int mask = from_mask; mask < masks_; ++mask) {
          if (joined[mask].value == 0) continue;
          const std::size_t to = static_cast<std::size_t>(mask) * states + s;
          add_scaled(from, to, joined[mask]);
          next_.live[to] = true;
        }
      }
      std::fill_n(now_.value.begin() + static_cast<std::ptrdiff_t>(from * cells_), cells_, 0.0);
      if (with_bits_)
        std::fill_n(now_.bits.begin() + static_cast<std::ptrdiff_t>(from * cells_), cells_, 0.0);
      now_.live[from] = false;
    }
  }
  std::swap(now_, next_);
}

void Sweep::flush() {
  if (pending_.size() <= 1) return;
  auto found = passages_.find(pending_);
  if (found == passages_.end()) found = passages_.emplace(pending_, multiply_out()).first;
  apply(found->second);
  const auto bits = pending_.size() - 1;
  pending_.assign(1, static_cast<signed char>((pending_[0] + bits) % chain_.phases));
}

/// Adds `source` into `target` with one more wrong symbol, and clears it.
void shift_into(double* target, double* source, int rows, int columns, int used, bool along_rows) {
  for (int row = 0; row < rows; ++row) {
    double* from = source + static_cast<std::size_t>(row) * columns;
    if (along_rows) {
      if (row + 1 < rows) {
        double* to = target + static_cast<std::size_t>(row + 1) * columns;
        for (int i = 0; i < used; ++i) to[i] += from[i];
      }
    } else {
      double* to = target + static_cast<std::size_t>(row) * columns;
      const int inner = std::min(used, columns - 1);
      for (int i = 0; i < inner; ++i) to[i + 1] += from[i];
      if (used == columns) to[columns - 1] += from[columns - 1];
    }
    std::fill_n(from, columns, 0.0);
  }
}

void Sweep::fold(int slot) {
  const bool along_rows = rule_.codeword < 0 && slot_codeword_[slot] == 0;
  bool any = false;
  for (int mask = 0; mask < masks_; ++mask) {
    if (!(mask >> slot & 1)) continue;
    for (int s = 0; s < chain_.states; ++s) {
      const std::size_t from = static_cast<std::size_t>(mask) * chain_.states + s;
      if (!now_.live[from]) continue;
      const std::size_t to = static_cast<std::size_t>(mask ^ 1 << slot) * chain_.states + s;
      shift_into(now_.value.data() + to * cells_, now_.value.data() + from * cells_, rule_.rows, columns_,
                 used_, along_rows);
      if (with_bits_) {
        shift_into(now_.bits.data() + to * cells_, now_.bits.data() + from * cells_, rule_.rows, columns_,
                   used_, along_rows);
      }
      now_.live[from] = false;
      now_.live[to] = true;
      any = true;
    }
  }
  if (any && !along_rows) used_ = std::min(used_ + 1, columns_);
}

void Sweep::trim() {
  int used = 1;
  for (std::size_t state = 0; state < now_.live.size(); ++state) {
    if (!now_.live[state]) continue;
    for (auto* cells : {&now_.value, &now_.bits}) {
      if (cells->empty()) continue;
      double* first = cells->data() + state * cells_;
      for (std::size_t i = 0; i < cells_; ++i) first[i] = first[i] < negligible ? 0.0 : first[i];
    }
    for (int row = 0; row < rule_.rows; ++row) {
      const double* first = now_.value.data() + state * cells_ + static_cast<std::size_t>(row) * columns_;
      int last = used_;
      while (last > used && first[last - 1] == 0) --last;
      used = std::max(used, last);
    }
  }
  used_ = used;
}

void Sweep::fold_complete() {
  flush();
  for (int slot = 0; slot < width_; ++slot) {
    if (complete_ >> slot & 1) fold(slot);
  }
  complete_ = 0;
  trim();
}

CountDistribution Sweep::run() {
  std::int64_t first = geometry_.slots[0].skew, last = first;
  for (const auto& slot : geometry_.slots) {
    first = std::min(first, slot.skew);
    last = std::max(last, slot.skew);
  }
  const std::int64_t window = static_cast<std::int64_t>(geometry_.rows) * geometry_.symbol_bits;
  // From the line symbol that holds the first bit.
  const std::int64_t begin = first * width_ - first * width_ % chain_.phases;
  pending_.assign(1, 0);
  for (std::int64_t bit = begin; bit < (last + window) * width_; ++bit) {
    const int slot = static_cast<int>(bit % width_);
    const std::int64_t lane_bit = bit / width_ - geometry_.slots[slot].skew;
    bool counts = lane_bit >= 0 && lane_bit < window;
    const int codeword =
        counts ? codeword_of(geometry_, static_cast<std::size_t>(slot), lane_bit / geometry_.symbol_bits) : 0;
    counts = counts && (rule_.codeword < 0 || rule_.codeword == codeword);
    if (counts && (complete_ >> slot & 1)) fold_complete();
    pending_.push_back(static_cast<signed char>(counts ? slot : -1));
    if (counts && lane_bit % geometry_.symbol_bits == geometry_.symbol_bits - 1) {
      complete_ |= 1u << slot;
      slot_codeword_[slot] = codeword;
    }
  }
  fold_complete();
  CountDistribution result{rule_.rows, columns_, std::vector<double>(cells_, 0.0), {}};
  if (with_bits_) result.bits.assign(cells_, 0.0);
  for (std::size_t state = 0; state < now_.live.size(); ++state) {
    if (!now_.live[state]) continue;
    for (std::size_t i = 0; i < cells_; ++i) {
      result.value[i] += now_.value[state * cells_ + i];
      if (with_bits_) result.bits[i] += now_.bits[state * cells_ + i];
    }
  }
  return result;
}

/// Columns up to the last that is not zero.
int used_columns(const CountDistribution& counts) {
  int used = 1;
  for (std::size_t i = 0; i < counts.value.size(); ++i) {
    if (counts.value[i] != 0) used = std::max(used, static_cast<int>(i) % counts.columns + 1);
  }
  return used;
}

}  // namespace

CountDistribution sweep_lane(const LaneGeometry& geometry, const ErrorProcess& process,
                             const CountRule& rule) {
  return Sweep(geometry, process, rule).run();
}

CountDistribution combine(const CountDistribution& left, const CountDistribution& right) {
  // A distribution of one codeword grows; a joint one is capped.
  const bool capped = left.rows > 1;
  const int columns = capped ? left.columns : left.columns + right.columns - 1;
  CountDistribution sum{
      left.rows, columns, std::vector<double>(static_cast<std::size_t>(left.rows) * columns), {}};
  if (!left.bits.empty()) sum.bits.resize(sum.value.size());
  const int left_used = used_columns(left), right_used = used_columns(right);
  for (int a = 0; a < left.rows; ++a) {
    for (int c = 0; a + c < left.rows; ++c) {
      for (int b = 0; b < left_used; ++b) {
        const std::size_t i = static_cast<std::size_t>(a) * left.columns + b;
        const std::size_t j = static_cast<std::size_t>(c) * right.columns;
        const std::size_t k = static_cast<std::size_t>(a + c) * columns;
        for (int d = 0; d < right_used; ++d) {
          const std::size_t at = k + std::min(b + d, columns - 1);
          sum.value[at] += left.value[i] * right.value[j + d];
          if (!sum.bits.empty()) {
            sum.bits[at] += left.value[i] * right.bits[j + d] + left.bits[i] * right.value[j + d];
          }
        }
      }
    }
  }
  for (auto* cells : {&sum.value, &sum.bits}) {
    for (double& cell : *cells) cell = cell < negligible ? 0.0 : cell;
  }
  return sum;
}

}  // namespace lightlane::fec
