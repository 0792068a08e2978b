#include "lightlane/measure/waveform_filter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lightlane/base/error.hpp"
#include "lightlane/base/parallel.hpp"

namespace lightlane::measure {
namespace {

/// Samples [from, from + count) of a waveform that repeats.
void copy_cyclic(std::span<const float> samples, std::int64_t from, std::span<float> out) {
  const std::int64_t n = static_cast<std::int64_t>(samples.size());
  std::int64_t at = ((from % n) + n) % n;
  for (std::size_t done = 0; done < out.size(); at = 0) {
    const std::size_t take = std::min(out.size() - done, static_cast<std::size_t>(n - at));
    std::copy_n(samples.begin() + at, take, out.begin() + static_cast<std::ptrdiff_t>(done));
    done += take;
  }
}

constexpr double filter_tolerance = 1e-9;  // of the energy that may be left outside: amplitudes to 3e-5
constexpr int margin = 3;  // samples that the interpolation needs beyond a phase of one symbol

}  // namespace

std::vector<float> filter_cyclic(const math::Fir& fir, std::span<const float> samples) {
  constexpr std::size_t block = 1u << 16;
  std::vector<float> out(samples.size());
  const std::size_t blocks = (samples.size() + block - 1) / block;
  parallel_for(blocks, [&](std::size_t b) {
    const std::size_t from = b * block, count = std::min(block, samples.size() - from);
    std::vector<float> window(count + fir.taps.size() - 1);
    copy_cyclic(samples, static_cast<std::int64_t>(from) - static_cast<std::int64_t>(fir.before), window);
    math::filter(fir, window, std::span(out).subspan(from, count));
  });
  return out;
}

std::vector<float> filter_cyclic(const math::Response& response, std::span<const float> samples,
                                 double sample_rate_hz) {
  return filter_cyclic(math::design_fir(response, sample_rate_hz, filter_tolerance), samples);
}

std::vector<float> bessel_thomson_filtered(std::span<const float> samples, int samples_per_ui,
                                           double symbol_rate_gbd, double bandwidth_ghz) {
  const double highest = 0.5 * samples_per_ui * symbol_rate_gbd;
  if (!(bandwidth_ghz > 0) || !(bandwidth_ghz <= highest)) {
    throw ConfigError({"filter bandwidth", fmt::format("is {} GHz", bandwidth_ghz),
                       fmt::format("above 0, up to {} GHz (half the sample rate)", highest), ""});
  }
  const double f3db = bandwidth_ghz * 1e9;
  return filter_cyclic([f3db](double f) { return math::bessel_thomson4(f, f3db); }, samples,
                       samples_per_ui * symbol_rate_gbd * 1e9);
}

PhaseSampler::PhaseSampler(std::span<const float> samples, int samples_per_ui, bool cyclic)
    : samples_per_ui_(samples_per_ui) {
  if (samples_per_ui < 1 || samples_per_ui > 4096) {
    throw ConfigError({"samples_per_ui", fmt::format("is {}", samples_per_ui), "1 to 4096", ""});
  }
  const std::size_t m = static_cast<std::size_t>(samples_per_ui), symbols = samples.size() / m;
  if (symbols < 3) throw InputError({"waveform", fmt::format("holds {} symbols", symbols), "3 or more", ""});
  const std::size_t skip = cyclic ? 0 : 1 + static_cast<std::size_t>(margin - 1) / m + 1;
  if (symbols <= 2 * skip)
    throw InputError(
        {"waveform", fmt::format("holds {} symbols", symbols), fmt::format("more than {}", 2 * skip), ""});
  first_ = skip;
  count_ = symbols - 2 * skip;
  padded_.resize((count_ + 2) * m + 2 * margin);
  copy_cyclic(samples.first(symbols * m), static_cast<std::int64_t>(first_ * m) - samples_per_ui - margin,
              padded_);
}

void PhaseSampler::sample(double phase_ui, std::vector<float>& out) const {
  LIGHTLANE_ASSERT(std::abs(phase_ui) <= 1);
  const double at = margin + samples_per_ui_ + 0.5 * samples_per_ui_ + phase_ui * samples_per_ui_;
  double whole = std::floor(at), f = at - whole;
  if (f > 1 - 1e-9) {
    whole += 1;
    f = 0;
  } else if (f < 1e-9) {
    f = 0;
  }
  const float* from = padded_.data() + static_cast<std::size_t>(whole);
  const std::size_t m = static_cast<std::size_t>(samples_per_ui_);
  out.resize(count_);
  if (f == 0) {
    for (std::size_t i = 0; i < count_; ++i) out[i] = from[i * m];
    return;
  }
  const float a = static_cast<float>(-f * (f - 1) * (f - 2) / 6),
              b = static_cast<float>((f + 1) * (f - 1) * (f - 2) / 2),
              c = static_cast<float>(-(f + 1) * f * (f - 2) / 2),
              d = static_cast<float>((f + 1) * f * (f - 1) / 6);
  for (std::size_t i = 0; i < count_; ++i) {
    const float* x = from + i * m;
    out[i] = (a * x[-1] + b * x[0]) + (c * x[1] + d * x[2]);
  }
}

}  // namespace lightlane::measure
