#include "lightlane/optics/reflections_streams.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "lightlane/math/elementary.hpp"
#include "lightlane/optics/reflections.hpp"

namespace lightlane::optics {
namespace detail {
namespace {

void expand(const std::uint32_t* bits, const float* value, float c, float s, const float* cosine,
            const float* sine, float* out) noexcept {
  for (std::size_t i = 0; i < 64; ++i) {
    out[i] = value[bits[i / 16] >> i % 16 * 2 & 3] * (c * cosine[i] - s * sine[i]);
  }
}

void shape(const ShapeTable& table, const float* x, std::size_t stride, std::size_t periods,
           float* out) noexcept {
  for (std::size_t p = 0; p < periods; ++p, x += table.period_symbols) {
    for (std::size_t v = 0; v < table.vectors; ++v) {
      const float* symbols = x + table.base[v];
      float sum = 0;
      for (std::size_t k = 0; k < table.sources; ++k, symbols += stride) {
        const std::size_t at = k * table.vectors + v;
        const float* pair = symbols + table.index[at];
        sum += table.early[at] * pair[0] + table.late[at] * pair[1];
      }
      *out++ = sum;
    }
  }
}

void beat(const float* s, std::size_t count, float* w) noexcept {
  for (std::size_t i = 0; i < count; ++i) {
    const float field = std::sqrt(w[i] > 0 ? w[i] : 0.0f) + s[i];
    w[i] = field * field;
  }
}

void detect(const float* re, const float* im, float scale, std::size_t count, float* w) noexcept {
  if (im == nullptr) {
    for (std::size_t i = 0; i < count; ++i) w[i] = scale * (re[i] * re[i]);
  } else {
    for (std::size_t i = 0; i < count; ++i) w[i] = scale * (re[i] * re[i] + im[i] * im[i]);
  }
}

}  // namespace

const InterfererKernels interferers_ref{1, expand, shape, beat, detect};

std::span<const Kernel<const InterfererKernels*>> interferer_kernels() noexcept {
  static constexpr Kernel<const InterfererKernels*> table[] = {
    {Variant::ref, &interferers_ref},
#if defined(__x86_64__)
    {Variant::avx2, &interferers_avx2},
    {Variant::avx512, &interferers_avx512},
#endif
  };
  return table;
}

}  // namespace detail

namespace {

constexpr double two_pi = 2 * std::numbers::pi;

std::int64_t floor_div(std::int64_t a, std::int64_t b) noexcept { return a / b - (a % b < 0 ? 1 : 0); }

/// Turns as a 64-bit fraction, to 2^-53 of a turn.
std::uint64_t to_fraction(double turns) noexcept {
  return static_cast<std::uint64_t>((turns - std::floor(turns)) * 0x1p53) << 11;
}
double to_turns(std::uint64_t fraction) noexcept { return static_cast<double>(fraction >> 11) * 0x1p-53; }

}  // namespace

InterfererStreams::InterfererStreams(const std::vector<InterfererConfig>& sources, int samples_per_ui)
    : samples_per_ui_(samples_per_ui), kernels_(*select(detail::interferer_kernels()).function) {
  for (const InterfererConfig& config : sources) {
    Source source{
        {}, to_fraction(config.start_turns), to_fraction(config.turns_per_symbol), config.symbols, {}, {}, {},
        {}};
    for (std::size_t i = 0; i < 4; ++i) source.value[i] = static_cast<float>(config.value[i]);
    for (std::size_t i = 0; i < block; ++i) {
      const double angle = two_pi * to_turns(source.step * i);
      source.cosine[i] = static_cast<float>(math::cos(angle));
      source.sine[i] = static_cast<float>(math::sin(angle));
    }
    for (std::size_t m = 0; m < turn; ++m) {
      const double angle = two_pi * to_turns(source.step * (m * block));
      source.turn_cosine[m] = math::cos(angle);
      source.turn_sine[m] = math::sin(angle);
    }
    sources_.push_back(source);
  }
  make_shape(sources);
}

// Sample j of a symbol sees the interferer at u = j / samples_per_ui - 0.5 - delay after its symbol centres:
// it lies a share of the way from centre floor(u) to the next one, floor(u) from -2 to 0.
void InterfererStreams::make_shape(const std::vector<InterfererConfig>& sources) {
  const auto spu = static_cast<std::size_t>(samples_per_ui_);
  const std::size_t period = std::lcm(kernels_.width, spu);
  period_symbols_ = static_cast<std::int64_t>(period / spu);
  period_vectors_ = period / kernels_.width;
  for (std::size_t v = 0; v < period_vectors_; ++v) {
    base_.push_back(static_cast<std::uint32_t>(v * kernels_.width / spu));
  }
  for (const InterfererConfig& source : sources) {
    const double delay = source.delay_ui - std::floor(source.delay_ui);
    for (std::size_t i = 0; i < period; ++i) {
      const double u = static_cast<double>(i % spu) / static_cast<double>(spu) - 0.5 - delay;
      const double centre = std::floor(u);
      index_.push_back(static_cast<std::uint32_t>(i / spu - base_[i / kernels_.width]) +
                       static_cast<std::uint32_t>(centre + 2));
      early_.push_back(static_cast<float>(interferer_pulse(u - centre)));
      late_.push_back(static_cast<float>(interferer_pulse(u - centre - 1)));
    }
  }
}

void InterfererStreams::expand(const Source& source, std::int64_t first_block, std::size_t count,
                               float* out) const noexcept {
  // Sine and cosine are computed at blocks of fixed absolute position, and turned on from there.
  double origin_c = 1, origin_s = 0;
  for (std::size_t b = 0; b < count; ++b, out += block) {
    const std::int64_t k = first_block + static_cast<std::int64_t>(b);
    const auto m = static_cast<std::size_t>(k & (turn - 1));
    if ((b == 0 || m == 0) && (source.step != 0 || source.start != 0)) {
      const auto symbol = static_cast<std::uint64_t>((k - static_cast<std::int64_t>(m)) * block);
      const double angle = two_pi * to_turns(source.start + source.step * symbol);
      origin_c = math::cos(angle);
      origin_s = math::sin(angle);
    }
    const double c = origin_c * source.turn_cosine[m] - origin_s * source.turn_sine[m];
    const double s = origin_s * source.turn_cosine[m] + origin_c * source.turn_sine[m];
    const auto bits = source.symbols.block(static_cast<std::uint64_t>(k));
    kernels_.expand(bits.data(), source.value.data(), static_cast<float>(c), static_cast<float>(s),
                    source.cosine.data(), source.sine.data(), out);
  }
}

void InterfererStreams::fill(std::int64_t first, std::span<float> out) const {
  if (out.empty()) return;
  const auto count = static_cast<std::int64_t>(out.size());
  // Whole periods around the range, from a symbol that the period divides; two symbols more before, and one
  // after.
  const std::int64_t begin = floor_div(floor_div(first, samples_per_ui_), period_symbols_) * period_symbols_;
  const std::int64_t period_samples = period_symbols_ * samples_per_ui_;
  const std::int64_t periods = floor_div(first + count - 1 - begin * samples_per_ui_, period_samples) + 1;
  const std::int64_t first_block = floor_div(begin - 2, block);
  const std::int64_t last_block = floor_div(begin + periods * period_symbols_, block);
  const auto blocks = static_cast<std::size_t>(last_block - first_block + 1);

  thread_local std::vector<float> symbols, samples;
  const std::size_t stride = blocks * block + 16;  // vectors may read, and ignore, symbols beyond the last
  symbols.resize(sources_.size() * stride);
  samples.resize(static_cast<std::size_t>(periods * period_samples));
  for (std::size_t k = 0; k < sources_.size(); ++k) {
    expand(sources_[k], first_block, blocks, symbols.data() + k * stride);
  }
  const detail::ShapeTable table{sources_.size(),
                                 period_vectors_,
                                 base_.data(),
                                 index_.data(),
                                 early_.data(),
                                 late_.data(),
                                 static_cast<std::size_t>(period_symbols_),
                                 *std::max_element(index_.begin(), index_.end()) + 2};
  const float* from = symbols.data() + (begin - 2 - first_block * block);
  kernels_.shape(table, from, stride, static_cast<std::size_t>(periods), samples.data());
  const float* wanted = samples.data() + (first - begin * samples_per_ui_);
  std::copy(wanted, wanted + count, out.begin());
}

}  // namespace lightlane::optics
