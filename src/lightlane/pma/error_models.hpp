#pragma once
/// The error models of symbol_errors.hpp at work on one lane; inside of this floor only.

#include <cstdint>
#include <memory>
#include <string>

#include "lightlane/pma/symbol_errors.hpp"

namespace lightlane::pma::detail {

/// One lane's chunk under the hands of a model.
struct LaneView {
  std::uint64_t* words;
  std::uint64_t first;  ///< absolute index of the first symbol
  unsigned width;       ///< bits per symbol, 1 or 2
  LaneErrorCounts& counts;

  unsigned levels() const noexcept { return 1u << width; }
  unsigned get(std::uint64_t x) const noexcept {
    const std::uint64_t bit = (x - first) * width;
    return static_cast<unsigned>(words[bit >> 6] >> (bit & 63)) & (levels() - 1);
  }
  /// Replaces level `from` at x by `to` and counts the error. They may be equal: then nothing happens. No
  /// branches, for whether a candidate becomes an error is a coin toss.
  void change(std::uint64_t x, unsigned from, unsigned to) noexcept {
    const std::uint64_t bit = (x - first) * width;
    const unsigned difference = from ^ to;
    words[bit >> 6] ^= static_cast<std::uint64_t>(difference) << (bit & 63);
    const unsigned high = difference >> 1, low = difference & 1;
    const unsigned first_bit = width == 2 ? high : low, second_bit = width == 2 ? high ^ low : 0;
    counts.symbol_errors += high | low;
    counts.bit_errors += first_bit + second_bit;
    counts.first_bit_errors += first_bit;
    counts.second_bit_errors += second_bit;
    counts.non_adjacent += from > to + 1 || to > from + 1;
  }
};

class ErrorProcess {
 public:
  virtual ~ErrorProcess() = default;
  /// The run begins at absolute symbol `first`.
  virtual void start(std::uint64_t first) = 0;
  /// Symbols [from, to) of the view; `from` is where the last call ended.
  virtual void apply(LaneView& view, std::uint64_t from, std::uint64_t to) noexcept = 0;
};

/// Throws ConfigError with `place` before the key.
void require_valid(const ErrorModel& model, signal::Modulation modulation, const std::string& place);

/// Anything but a SymbolSlip. `index` is the model's place in its lane's list.
std::unique_ptr<ErrorProcess> make_process(const ErrorModel& model, signal::Modulation modulation,
                                           std::uint64_t seed, std::size_t index, std::uint32_t lane);

}  // namespace lightlane::pma::detail
