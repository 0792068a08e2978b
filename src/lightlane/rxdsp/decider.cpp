#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "lightlane/base/error.hpp"
#include "lightlane/base/variant.hpp"
#include "lightlane/rxdsp/decider_tables.hpp"
#include "lightlane/rxdsp/equalizer.hpp"
#include "lightlane/rxdsp/viterbi.hpp"

namespace lightlane::rxdsp {
namespace detail {
namespace {
#include "lightlane/rxdsp/decider_loops.hpp"
}  // namespace

void quantize_ref(const QuantizerConstants& q, const float* in, float* out, std::size_t count) noexcept {
  for (std::size_t i = 0; i < count; ++i) {
    const float code = std::floor((in[i] - q.offset) * q.inverse_step + q.half);
    out[i] = (code >= 0.f ? std::min(code, std::floor(q.top)) : 0.f) * q.step + q.base;
  }
}
void slice_ref(const SlicerConstants& s, const float* in, std::uint8_t* out, std::size_t count) noexcept {
  for (std::size_t i = 0; i < count; ++i) {
    out[i] = static_cast<std::uint8_t>(
        std::count_if(s.thresholds, s.thresholds + 3, [&](float t) { return in[i] > t; }));
  }
}
std::uint8_t feed_back_ref(const SlicerConstants& s, std::uint8_t previous, const float* in,
                           std::uint8_t* out, std::size_t count) noexcept {
  for (std::size_t i = 0; i < count; ++i) {
    const float y = in[i] - s.feedback[previous];
    slice_ref(s, &y, &previous, 1);
    out[i] = previous;
  }
  return previous;
}

void quantize_portable(const QuantizerConstants& q, const float* in, float* out, std::size_t count) noexcept {
  quantize_loop(q, in, out, count);
}
void slice_portable(const SlicerConstants& s, const float* in, std::uint8_t* out,
                    std::size_t count) noexcept {
  slice_loop(s, in, out, count);
}
std::uint8_t feed_back_portable(const SlicerConstants& s, std::uint8_t previous, const float* in,
                                std::uint8_t* out, std::size_t count) noexcept {
  return feed_back_loop(s, previous, in, out, count);
}

std::span<const Kernel<DeciderKernels>> decider_kernels() {
  static constexpr Kernel<DeciderKernels> table[] = {
    {Variant::ref, {quantize_ref, slice_ref, feed_back_ref}},
    {Variant::portable, {quantize_portable, slice_portable, feed_back_portable}},
#if defined(__x86_64__)
    {Variant::avx2, {quantize_avx2, slice_avx2, feed_back_avx2}},
    {Variant::avx512, {quantize_avx512, slice_avx512, feed_back_avx512}},
#endif
  };
  return table;
}

QuantizerConstants quantizer_constants(const FrozenEqualizer& e) noexcept {
  const double half = std::nearbyint(e.adc_full_scale_a / e.adc_step_a);
  QuantizerConstants q;
  q.offset = static_cast<float>(e.offset_a);
  q.inverse_step = static_cast<float>(1 / e.adc_step_a);
  q.half = static_cast<float>(half);
  q.top = static_cast<float>(2 * half - 0.5);
  q.step = static_cast<float>(e.adc_step_a);
  q.base = static_cast<float>((0.5 - half) * e.adc_step_a);
  return q;
}

SlicerConstants slicer_constants(const FrozenEqualizer& e) noexcept {
  constexpr float out_of_reach = std::numeric_limits<float>::infinity();
  SlicerConstants s;
  const bool nrz = e.modulation == signal::Modulation::nrz;
  for (std::size_t i = 0; i < 3; ++i) s.thresholds[i] = nrz ? out_of_reach : e.thresholds[i];
  for (std::size_t i = 0; i < 4; ++i) s.feedback[i] = e.dfe * e.levels[i];
  if (nrz) {
    s.thresholds[0] = e.thresholds[1];
    s.feedback[1] = e.dfe * e.levels[3];
  }
  return s;
}

}  // namespace detail

namespace {

constexpr std::size_t block = 2048;  // symbols at a time: their samples stay in the first-level cache

void require_usable(const FrozenEqualizer& e) {
  if (e.ffe.empty() || e.ffe.size() > 4096) {
    throw ConfigError({"dsp.ffe", fmt::format("has {} taps", e.ffe.size()), "1 to 4096", ""});
  }
  for (std::size_t k = 0; k < e.ffe.size(); ++k) {
    if (!std::isfinite(e.ffe[k]))
      throw ConfigError({"dsp.ffe", fmt::format("tap {} is {}", k, e.ffe[k]), "finite", ""});
  }
  if (e.ffe_before < 0 || static_cast<std::size_t>(e.ffe_before) >= e.ffe.size()) {
    throw ConfigError(
        {"dsp.ffe_before", fmt::format("is {}", e.ffe_before), fmt::format("0 to {}", e.ffe.size() - 1), ""});
  }
  if (e.mlse && e.dfe != 0)
    throw ConfigError({"dsp.dfe", fmt::format("is {} beside an MLSE", e.dfe), "0", ""});
}

/// Samples of a block behind the ADC: noise, then quantiser or clipping, less the offset.
void digitize(const FrozenEqualizer& e, const math::GaussianStream& noise, detail::DeciderKernels kernels,
              std::span<const float> samples, std::int64_t first, float* out) noexcept {
  const float* in = samples.data();
  if (e.adc_noise_a > 0) {
    std::copy(samples.begin(), samples.end(), out);
    noise.add(first, static_cast<float>(e.adc_noise_a), {out, samples.size()});
    in = out;
  }
  if (e.adc_step_a > 0) return kernels.quantize(detail::quantizer_constants(e), in, out, samples.size());
  const float offset = static_cast<float>(e.offset_a);
  const float limit =
      e.adc_full_scale_a > 0 ? static_cast<float>(e.adc_full_scale_a) : std::numeric_limits<float>::max();
  for (std::size_t i = 0; i < samples.size(); ++i) out[i] = std::clamp(in[i] - offset, -limit, limit);
}

/// What decides on equalised samples, block by block; the last word when the window is over.
class Slicer {
 public:
  Slicer(const FrozenEqualizer& e, detail::DeciderKernels kernels)
      : e_(e), kernels_(kernels), constants_(detail::slicer_constants(e)) {
    if (!e.mlse) return;
    forward_ = select(detail::viterbi_kernels()).function;
    const float two[] = {e.levels[0], e.levels[3]};
    viterbi_ = e.modulation == signal::Modulation::nrz ? detail::viterbi_constants(two, e.mlse_alpha)
                                                       : detail::viterbi_constants(e.levels, e.mlse_alpha);
  }

  void decide(const float* y, std::uint8_t* level, std::size_t count) noexcept {
    if (e_.mlse) return forward_(viterbi_, state_, y, level, count);
    if (e_.dfe == 0) return kernels_.slice(constants_, y, level, count);
    if (!started_ && count > 0) {  // nothing to feed back yet
      kernels_.slice(constants_, y, level, 1);
      started_ = true;
      last_ = *level;
      ++y, ++level, --count;
    }
    last_ = kernels_.feed_back(constants_, last_, y, level, count);
  }
  void finish(std::span<std::uint8_t> level) noexcept {
    if (e_.mlse) detail::viterbi_trace_back(state_, level);
  }

 private:
  const FrozenEqualizer& e_;
  detail::DeciderKernels kernels_;
  detail::SlicerConstants constants_;
  detail::ViterbiForward forward_ = nullptr;
  detail::ViterbiConstants viterbi_;
  detail::ViterbiState state_;
  std::uint8_t last_ = 0;
  bool started_ = false;
};

}  // namespace

Decider::Decider(FrozenEqualizer equalizer, std::uint64_t seed, std::uint32_t lane)
    : equalizer_(std::move(equalizer)), adc_noise_(seed, "rxdsp.adc", lane) {
  require_usable(equalizer_);
  ffe_ = {equalizer_.ffe, static_cast<std::size_t>(equalizer_.ffe_before)};
}

void Decider::process(std::span<const float> samples_a, std::int64_t first, bool keep_equalized,
                      Decisions& out) const {
  const std::size_t more = ffe_.taps.size() - 1;
  const std::size_t count = samples_a.size() > more ? samples_a.size() - more : 0;
  out.level.resize(count);
  out.equalized.resize(keep_equalized ? count : 0);
  const detail::DeciderKernels kernels = select(detail::decider_kernels()).function;
  Slicer slicer(equalizer_, kernels);
  alignas(64) float equalized[block];
  thread_local std::vector<float> digital;
  digital.resize(block + more);
  for (std::size_t done = 0; done < count; done += block) {
    const std::size_t now = std::min(block, count - done);
    digitize(equalizer_, adc_noise_, kernels, samples_a.subspan(done, now + more),
             first + static_cast<std::int64_t>(done), digital.data());
    float* y = keep_equalized ? out.equalized.data() + done : equalized;
    math::filter(ffe_, {digital.data(), now + more}, {y, now});
    slicer.decide(y, out.level.data() + done, now);
  }
  slicer.finish(out.level);
}

}  // namespace lightlane::rxdsp
