#pragma once
/// The left and right histogram of TDECQ at one phase: not binned, but as T-spaced samples ahead of the
/// equaliser.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "lightlane/measure/tdecq_grid.hpp"
#include "lightlane/measure/tdecq_kernel.hpp"

namespace lightlane::measure {

/// What the samples are compared with: one level per symbol of the whole waveform.
class LevelRow {
 public:
  /// `levels`: one period, repeated `periods` times.
  LevelRow(std::span<const std::uint8_t> levels, std::size_t periods);

  std::size_t symbols() const noexcept { return symbols_; }
  /// Level of symbol n - lag, n from 0 to symbols + 15, of which the last 16 are no_level. lag: -2 to 2.
  const std::uint8_t* octets(int lag) const noexcept;
  /// (2 level - 3) / 6 of symbol n, cyclic, from -sample_padding to symbols + sample_padding.
  const float* targets() const noexcept { return targets_.data() + sample_padding; }

 private:
  std::size_t symbols_;
  std::array<std::vector<std::uint8_t>, 5> octets_;
  std::vector<float> targets_;
};

/// Where the samples of a histogram lie: offsets from the phase [UI], alike in weight.
struct HistogramNodes {
  std::vector<double> left, right;
};
/// `count` evenly spread over each window (middle points of equal parts).
HistogramNodes even_nodes(double spacing_ui, double width_ui, int count);
/// Two per window that integrate cubics exactly (Gauss-Legendre); one (the centre) for a quick look.
HistogramNodes gauss_nodes(double spacing_ui, double width_ui);
HistogramNodes centre_nodes(double spacing_ui);

/// Taps and thresholds, taps first: tap j is divided by the rms of the noise behind the equaliser (in units
/// of OMAouter), threshold k by the same. Their directions are what counts; their length is 1 / noise.
using ScaledPoint = std::vector<double>;

class TdecqHistogram {
 public:
  /// `lag`: the equalised sample n decides symbol n - lag. `stride` above 1 takes 512 of every 512 x stride
  /// symbols. The samples lie in `storage`, which is grown where it is too small and must not be used
  /// otherwise meanwhile.
  TdecqHistogram(const TdecqGrid& grid, const LevelRow& levels, double phase_ui, const HistogramNodes& nodes,
                 int lag, std::size_t stride, const TdecqKernels& kernels, std::vector<float>& storage);

  /// From explicit samples, one row per node, as many left as right, a level of `levels` per sample.
  TdecqHistogram(const std::vector<std::vector<float>>& left, const std::vector<std::vector<float>>& right,
                 const LevelRow& levels, int lag, const TdecqKernels& kernels, std::vector<float>& storage);

  void set_lag(int lag) noexcept { lag_ = lag; }
  double phase_ui() const noexcept { return phase_ui_; }
  int lag() const noexcept { return lag_; }

  /// [0] left, [1] right: symbol error ratios and shares of samples beyond a threshold without noise.
  struct Errors {
    std::array<double, 2> ser{}, wrong{};
  };
  Errors errors(const ScaledPoint& point, int lead) const;
  std::array<double, 2> clause_ser(const ScaledPoint& point, int lead) const;
  std::array<ErrorDerivatives, 2> derivatives(const ScaledPoint& point, int lead) const;

  /// Means of x[n] x[n + k], k in [0, count), over both windows.
  std::vector<double> autocorrelation(int count) const;
  /// Mean of x[n + k] target[n - lag].
  double correlation(int k) const;

  struct Block {
    std::size_t first = 0, count = 0;  ///< symbols
    std::size_t offset = 0;            ///< of its first padded sample in the storage
  };
  std::span<const Block> blocks() const noexcept { return blocks_; }
  std::size_t rows(int side) const noexcept { return side == 0 ? left_ : rows_ - left_; }
  /// Samples x of a block; row in [0, rows(side)).
  SampleRow row(int side, std::size_t row, const Block& block) const noexcept;

 private:
  const LevelRow& levels_;
  double phase_ui_;
  int lag_;
  const TdecqKernels& kernels_;
  std::size_t left_, rows_, counted_ = 0, row_length_ = 0;
  std::vector<Block> blocks_;
  const float* samples_ = nullptr;  // [row][block]
};

}  // namespace lightlane::measure
