#include "lightlane/rxdsp/adc.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "lightlane/math/elementary.hpp"

namespace lightlane::rxdsp {
namespace {

/// Distances from the mean, in order of size, as bins of like ones.
struct Bin {
  double distance = 0, weight = 0;
};

std::vector<Bin> bins_of(const std::vector<double>& distances, double largest) {
  constexpr std::size_t count = 512;
  std::vector<Bin> bins(count);
  for (const double d : distances) {
    Bin& bin = bins[std::min(static_cast<std::size_t>(d / largest * count), count - 1)];
    bin.distance += d;
    bin.weight += 1;
  }
  std::erase_if(bins, [](const Bin& bin) { return bin.weight == 0; });
  for (Bin& bin : bins) {
    bin.distance /= bin.weight;
    bin.weight /= static_cast<double>(distances.size());
  }
  return bins;
}

/// Share of the samples beyond +-full_scale with Gaussian noise of variance outside + (relative
/// full_scale)^2.
double clipped(const std::vector<Bin>& bins, double full_scale, double outside, double relative) noexcept {
  const double sigma = std::sqrt(outside + relative * relative * full_scale * full_scale);
  double share = 0;
  for (auto bin = bins.rbegin(); bin != bins.rend(); ++bin) {
    const double z = (full_scale - bin->distance) / sigma;
    if (z > 8) break;
    share += bin->weight * (math::normal_tail(z) + math::normal_tail((full_scale + bin->distance) / sigma));
  }
  return share;
}

double full_scale_without_noise(std::vector<double>& distances, double ratio) {
  const std::size_t beyond = static_cast<std::size_t>(ratio * static_cast<double>(distances.size()));
  const auto at = distances.begin() + static_cast<std::ptrdiff_t>(distances.size() - 1 - beyond);
  std::nth_element(distances.begin(), at, distances.end());
  return *at;
}

}  // namespace

double adc_error_variance_a2(const FrozenEqualizer& e) noexcept {
  return e.adc_noise_a * e.adc_noise_a + e.adc_step_a * e.adc_step_a / 12;
}

void set_adc(const EqualizerConfig& config, std::span<const float> samples_a, double noise_variance_a2,
             FrozenEqualizer& equalizer) {
  double sum = 0;
  for (const float x : samples_a) sum += static_cast<double>(x);
  equalizer.offset_a = sum / static_cast<double>(samples_a.size());
  std::vector<double> distances(samples_a.size());
  std::transform(samples_a.begin(), samples_a.end(), distances.begin(),
                 [&](float x) { return std::fabs(static_cast<double>(x) - equalizer.offset_a); });
  const double largest = *std::max_element(distances.begin(), distances.end());
  equalizer.adc_full_scale_a = equalizer.adc_step_a = equalizer.adc_noise_a = 0;
  if (!(largest > 0)) return;

  // Over a full scale of 1 to either side: a step, and what quantisation leaves of the error to noise.
  const double quantum = config.adc_bits > 0 ? std::ldexp(2.0, -config.adc_bits) : 0.0;
  const bool more = config.adc_enob > 0 && (config.adc_bits == 0 || config.adc_enob < config.adc_bits);
  const double rest = more ? 4 / (12 * math::pow(4.0, config.adc_enob)) - quantum * quantum / 12 : 0.0;
  const double noise = std::sqrt(rest);

  double full_scale = 0;
  if (noise == 0 && !(noise_variance_a2 > 0)) {
    full_scale = full_scale_without_noise(distances, config.adc_clip_ratio);
  } else {
    const std::vector<Bin> bins = bins_of(distances, largest);
    double low = 0, high = 2 * largest;
    while (clipped(bins, high, noise_variance_a2, noise) > config.adc_clip_ratio) high *= 2;
    for (int i = 0; i < 40; ++i) {
      const double middle = 0.5 * (low + high);
      (clipped(bins, middle, noise_variance_a2, noise) > config.adc_clip_ratio ? low : high) = middle;
    }
    full_scale = high;
  }
  equalizer.adc_full_scale_a = full_scale;
  equalizer.adc_step_a = quantum * full_scale;
  equalizer.adc_noise_a = noise * full_scale;
}

double convert(const FrozenEqualizer& e, double sample_a) noexcept {
  const double x = sample_a - e.offset_a, full_scale = e.adc_full_scale_a;
  if (!(full_scale > 0)) return x;
  if (!(e.adc_step_a > 0)) return std::clamp(x, -full_scale, full_scale);
  const double half = std::nearbyint(full_scale / e.adc_step_a);
  const double code = std::clamp(std::floor(x / e.adc_step_a + half), 0.0, 2 * half - 1);
  return (code + 0.5 - half) * e.adc_step_a;
}

}  // namespace lightlane::rxdsp
