#pragma once
/// Data of light that comes by another way: independent streams of symbols with a slowly turning phase.

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "lightlane/base/random.hpp"
#include "lightlane/optics/reflections_kernels.hpp"

namespace lightlane::optics {

/// One interferer. Its symbols are draws by absolute index: 64 symbols of 2 bits each from block k of
/// `symbols`.
struct InterfererConfig {
  std::array<double, 4> value{};  ///< of each symbol, in the unit of the sum
  double delay_ui = 0;            ///< the fraction places its symbols between those of the victim
  double start_turns = 0;         ///< phase at symbol 0
  double turns_per_symbol = 0;    ///< phase turns as fast as that; 0 with start 0: a plain sum of power
  RandomStream symbols;
};

/// The sum over interferers of value(symbol) cos(phase), shaped by raised-cosine transitions from symbol
/// centre to symbol centre. Phases are exact for any index (64-bit turns). Bit for bit equal in every
/// variant; the variant is chosen in the constructor.
class InterfererStreams {
 public:
  InterfererStreams(const std::vector<InterfererConfig>& sources, int samples_per_ui);

  bool empty() const noexcept { return sources_.empty(); }
  /// out[i] = the sum at absolute sample first + i, for any range.
  void fill(std::int64_t first, std::span<float> out) const;

 private:
  static constexpr std::int64_t block = 64;  // symbols of one Philox block
  static constexpr std::int64_t turn = 16;   // blocks from one evaluation of the phase to the next
  struct Source {
    std::array<float, 4> value;
    std::uint64_t start, step;  ///< phase in 2^-64 turns
    RandomStream symbols;
    alignas(64) std::array<float, block> cosine, sine;  ///< of step * i
    std::array<double, turn> turn_cosine, turn_sine;    ///< of step * block * m
  };
  void expand(const Source& source, std::int64_t first_block, std::size_t count, float* out) const noexcept;
  void make_shape(const std::vector<InterfererConfig>& sources);

  std::vector<Source> sources_;
  std::int64_t samples_per_ui_;
  detail::InterfererKernels kernels_;
  std::vector<std::uint32_t> base_, index_;  ///< see detail::ShapeTable
  std::vector<float> early_, late_;
  std::int64_t period_symbols_ = 1;
  std::size_t period_vectors_ = 1;
};

}  // namespace lightlane::optics
