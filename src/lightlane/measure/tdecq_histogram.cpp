#include "lightlane/measure/tdecq_histogram.hpp"

#include <algorithm>

namespace lightlane::measure {
namespace {

constexpr std::size_t block_symbols = 512;

ScaledReceiver receiver_of(const ScaledPoint& point, int lead) {
  ScaledReceiver receiver;
  receiver.taps = static_cast<int>(point.size()) - 3;
  receiver.lead = lead;
  const std::size_t taps = point.size() - 3;
  for (std::size_t j = 0; j < taps; ++j) receiver.tap[j] = static_cast<float>(point[j]);
  for (std::size_t k = 0; k < 3; ++k) receiver.threshold[k] = static_cast<float>(point[taps + k]);
  return receiver;
}

HistogramNodes both_sides(double spacing_ui, const std::vector<double>& offsets) {
  HistogramNodes nodes;
  for (const double offset : offsets) {
    nodes.left.push_back(-0.5 * spacing_ui + offset);
    nodes.right.push_back(0.5 * spacing_ui + offset);
  }
  return nodes;
}

}  // namespace

LevelRow::LevelRow(std::span<const std::uint8_t> levels, std::size_t periods)
    : symbols_(levels.size() * periods) {
  for (std::size_t which = 0; which < octets_.size(); ++which) {
    auto& row = octets_[which];
    row.resize(symbols_ + 16, no_level);
    std::size_t from = (levels.size() * 2 + 2 - which) % levels.size();  // of symbol 0 - lag, lag = which - 2
    for (std::size_t n = 0; n < symbols_; ++n) {
      row[n] = levels[from];
      if (++from == levels.size()) from = 0;
    }
  }
  targets_.resize(symbols_ + 2 * sample_padding);
  const std::size_t period = levels.size();
  std::size_t from = (period - sample_padding % period) % period;
  for (float& target : targets_) {
    target = static_cast<float>((2.0 * levels[from] - 3.0) / 6.0);
    if (++from == period) from = 0;
  }
}

const std::uint8_t* LevelRow::octets(int lag) const noexcept {
  return octets_[static_cast<std::size_t>(lag + 2)].data();
}

HistogramNodes even_nodes(double spacing_ui, double width_ui, int count) {
  std::vector<double> offsets;
  for (int i = 0; i < count; ++i) offsets.push_back(width_ui * ((i + 0.5) / count - 0.5));
  return both_sides(spacing_ui, offsets);
}

HistogramNodes gauss_nodes(double spacing_ui, double width_ui) {
  constexpr double node = 0.57735026918962576451;  // 1 / sqrt(3)
  return both_sides(spacing_ui, {-0.5 * width_ui * node, 0.5 * width_ui * node});
}

HistogramNodes centre_nodes(double spacing_ui) { return both_sides(spacing_ui, {0.0}); }

TdecqHistogram::TdecqHistogram(const TdecqGrid& grid, const LevelRow& levels, double phase_ui,
                               const HistogramNodes& nodes, int lag, std::size_t stride,
                               const TdecqKernels& kernels, std::vector<float>& storage)
    : levels_(levels),
      phase_ui_(phase_ui),
      lag_(lag),
      kernels_(kernels),
      left_(nodes.left.size()),
      rows_(nodes.left.size() + nodes.right.size()) {
  const std::size_t symbols = grid.symbols(), length = stride > 1 ? block_symbols : symbols;
  for (std::size_t first = 0; first + length <= symbols; first += length * stride) {
    blocks_.push_back({first, length, row_length_});
    row_length_ += length + 2 * sample_padding;
    counted_ += length;
  }
  if (storage.size() < rows_ * row_length_) storage.resize(rows_ * row_length_);
  samples_ = storage.data();
  for (std::size_t r = 0; r < rows_; ++r) {
    const double offset = r < left_ ? nodes.left[r] : nodes.right[r - left_];
    for (const Block& block : blocks_) {
      grid.sample(phase_ui + offset,
                  static_cast<std::ptrdiff_t>(block.first) - static_cast<std::ptrdiff_t>(sample_padding),
                  {storage.data() + r * row_length_ + block.offset, block.count + 2 * sample_padding});
    }
  }
}

TdecqHistogram::TdecqHistogram(const std::vector<std::vector<float>>& left,
                               const std::vector<std::vector<float>>& right, const LevelRow& levels, int lag,
                               const TdecqKernels& kernels, std::vector<float>& storage)
    : levels_(levels),
      phase_ui_(0),
      lag_(lag),
      kernels_(kernels),
      left_(left.size()),
      rows_(left.size() + right.size()),
      counted_(levels.symbols()),
      row_length_(levels.symbols() + 2 * sample_padding),
      blocks_{{0, levels.symbols(), 0}} {
  if (storage.size() < rows_ * row_length_) storage.resize(rows_ * row_length_);
  samples_ = storage.data();
  for (std::size_t r = 0; r < rows_; ++r) {
    const auto& row = r < left_ ? left[r] : right[r - left_];
    float* const out = storage.data() + r * row_length_ + sample_padding;
    std::copy(row.begin(), row.end(), out);
    for (std::size_t i = 0; i < sample_padding; ++i) {
      out[counted_ + i] = row[i % counted_];
      out[-1 - static_cast<std::ptrdiff_t>(i)] = row[counted_ - 1 - i % counted_];
    }
  }
}

SampleRow TdecqHistogram::row(int side, std::size_t row, const Block& block) const noexcept {
  const std::size_t r = side == 0 ? row : left_ + row;
  return {samples_ + r * row_length_ + block.offset + sample_padding, levels_.octets(lag_) + block.first,
          block.count};
}

TdecqHistogram::Errors TdecqHistogram::errors(const ScaledPoint& point, int lead) const {
  const ScaledReceiver receiver = receiver_of(point, lead);
  Errors out;
  for (int side = 0; side < 2; ++side) {
    const auto at = static_cast<std::size_t>(side);
    for (std::size_t r = 0; r < rows(side); ++r) {
      for (const Block& block : blocks_) {
        const ErrorCount count = kernels_.decision_errors(row(side, r, block), receiver);
        out.ser[at] += count.errors;
        out.wrong[at] += count.wrong;
      }
    }
    const double scale = 1.0 / static_cast<double>(counted_ * rows(side));
    out.ser[at] *= scale;
    out.wrong[at] *= scale;
  }
  return out;
}

std::array<double, 2> TdecqHistogram::clause_ser(const ScaledPoint& point, int lead) const {
  const ScaledReceiver receiver = receiver_of(point, lead);
  std::array<double, 2> out{};
  for (int side = 0; side < 2; ++side) {
    auto& ser = out[static_cast<std::size_t>(side)];
    for (std::size_t r = 0; r < rows(side); ++r) {
      for (const Block& block : blocks_) ser += kernels_.clause_errors(row(side, r, block), receiver);
    }
    ser /= static_cast<double>(counted_ * rows(side));
  }
  return out;
}

std::array<ErrorDerivatives, 2> TdecqHistogram::derivatives(const ScaledPoint& point, int lead) const {
  const ScaledReceiver receiver = receiver_of(point, lead);
  std::array<ErrorDerivatives, 2> out{};
  for (int side = 0; side < 2; ++side) {
    ErrorDerivatives& sums = out[static_cast<std::size_t>(side)];
    for (std::size_t r = 0; r < rows(side); ++r) {
      for (const Block& block : blocks_) kernels_.decision_derivatives(row(side, r, block), receiver, sums);
    }
    const double scale = 1.0 / static_cast<double>(counted_ * rows(side));
    sums.errors *= scale;
    for (double& value : sums.gradient) value *= scale;
    for (double& value : sums.hessian) value *= scale;
  }
  return out;
}

std::vector<double> TdecqHistogram::autocorrelation(int count) const {
  std::vector<double> out;
  for (int k = 0; k < count; ++k) {
    double sum = 0;
    for (std::size_t r = 0; r < rows_; ++r) {
      for (const Block& block : blocks_) {
        const float* const x = row(0, r, block).x;  // rows of the right side stand behind those of the left
        sum += kernels_.dot(x, x + k, block.count);
      }
    }
    out.push_back(sum / static_cast<double>(counted_ * rows_));
  }
  return out;
}

double TdecqHistogram::correlation(int k) const {
  double sum = 0;
  for (std::size_t r = 0; r < rows_; ++r) {
    for (const Block& block : blocks_) {
      sum += kernels_.dot(row(0, r, block).x + k,
                          levels_.targets() + static_cast<std::ptrdiff_t>(block.first) - lag_, block.count);
    }
  }
  return sum / static_cast<double>(counted_ * rows_);
}

}  // namespace lightlane::measure
