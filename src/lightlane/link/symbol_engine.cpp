#include "lightlane/link/symbol_engine.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <string>
#include <string_view>

#include "lightlane/base/error.hpp"
#include "lightlane/base/random.hpp"
#include "lightlane/base/variant.hpp"
#include "lightlane/link/symbol_engine_plan.hpp"
#include "lightlane/math/elementary.hpp"
#include "lightlane/math/gaussian.hpp"

namespace lightlane::link {
namespace {

using namespace detail;

constexpr double two_pi = 6.28318530717958647692;
constexpr std::size_t steps = symbol_block / phase_step;
constexpr std::size_t most_noises = 3;
constexpr std::size_t tail_room = 128;  ///< samples kept from the block before, for the equaliser's taps
constexpr auto block_length = static_cast<std::int64_t>(symbol_block);

const SymbolKernels& kernels() {
  static constexpr Kernel<const SymbolKernels*> table[] = {
    {Variant::ref, &symbol_kernels_ref},
#if defined(__x86_64__)
    {Variant::avx2, &symbol_kernels_avx2},
    {Variant::avx512, &symbol_kernels_avx512},
#endif
  };
  return *select(std::span<const Kernel<const SymbolKernels*>>(table)).function;
}

/// The stream of RandomStream(seed, name, lane).
PhiloxStream philox_stream(std::uint64_t seed, std::string_view name, std::uint32_t lane) noexcept {
  PhiloxStream s{{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)},
                 {2166136261u, lane}};
  for (const char c : name) s.stream[0] = (s.stream[0] ^ static_cast<unsigned char>(c)) * 16777619u;
  return s;
}

std::int64_t floor_to_block(std::int64_t n) noexcept {
  return (n >= 0 ? n : n - (block_length - 1)) / block_length * block_length;
}

/// cos and sin of a phase at the steps of a block, from the phase at its first symbol and what it turns per
/// step.
class Rotation {
 public:
  Rotation(double first_turn, double turns_per_symbol, std::int64_t first) {
    // Reduced in turns before it is scaled, so that it stays exact far into a run.
    const double turns = first_turn + reduced(turns_per_symbol, first);
    const double angle = two_pi * (turns - whole(turns)),
                 step = two_pi * turns_per_symbol * static_cast<double>(phase_step);
    cos_ = math::cos(angle);
    sin_ = math::sin(angle);
    step_cos_ = math::cos(step);
    step_sin_ = math::sin(step);
  }
  double cosine() const noexcept { return cos_; }
  double sine() const noexcept { return sin_; }
  void advance() noexcept {
    const double c = cos_ * step_cos_ - sin_ * step_sin_;
    sin_ = cos_ * step_sin_ + sin_ * step_cos_;
    cos_ = c;
  }

 private:
  static double whole(double x) noexcept { return static_cast<double>(static_cast<std::int64_t>(x)); }
  /// Fraction of rate * n, for n up to 2^50: by parts, each product's fraction on its own.
  static double reduced(double rate, std::int64_t n) noexcept {
    constexpr std::int64_t part = std::int64_t{1} << 20;
    const double high = rate * static_cast<double>(part), high_fraction = high - whole(high);
    const double product = high_fraction * static_cast<double>(n / part);
    return (product - whole(product)) + rate * static_cast<double>(n % part);
  }

  double cos_, sin_, step_cos_, step_sin_;
};

struct Scratch {
  alignas(64) std::array<std::uint8_t, symbol_block + 2 * symbol_reach> levels;
  alignas(64) std::array<std::array<float, most_colour_taps + symbol_block>, most_noises> draws;
  alignas(64) std::array<float, symbol_block> extra, sum;
  alignas(64) std::array<float, symbol_block + most_colour_taps> beat;
  alignas(64) std::array<float, tail_room + symbol_block + 64> samples;
  alignas(64) std::array<std::uint32_t, symbol_block / 16> bits, moved;
};

}  // namespace

struct SymbolEngine::Parts {
  Parts(const LaneModel& model, rxdsp::FrozenEqualizer equalizer, double scale, std::uint64_t seed,
        std::uint32_t lane)
      : raw(equalizer.mlse || equalizer.dfe != 0 || equalizer.ffe.size() > tail_room),
        plan(make_plan(model, equalizer, scale, raw)),
        decider(std::move(equalizer), seed, lane) {
    constexpr std::array<std::string_view, most_noises> names{"link.noise", "link.noise.transmitter",
                                                              "link.noise.white"};
    for (std::size_t i = 0; i < plan.noises.size(); ++i) {
      noises.emplace_back(seed, names[i], lane);
      noise_streams.push_back(philox_stream(seed, names[i], lane));
      noise_views.push_back(
          {plan.noises[i].rms.view(), plan.noises[i].colour.data(), plan.noises[i].colour.size()});
    }
    const RandomStream phases(seed, "link.phases", lane);
    for (std::size_t i = 0; i < plan.reflections.size(); ++i) {
      // No two turn together.
      plan.reflections[i].first_turn = phases.uniform(2 * i);
      plan.reflections[i].turns_per_symbol *= 2 * phases.uniform(2 * i + 1) - 1;
      streams.push_back(philox_stream(seed, "link.reflection." + std::to_string(i), lane));
    }
    for (std::size_t i = 0; i < plan.crosstalk.size(); ++i) {
      streams.push_back(philox_stream(seed, "link.crosstalk." + std::to_string(i), lane));
      crosstalk_noises.emplace_back(seed, "link.crosstalk_noise." + std::to_string(i), lane);
    }
    first_sine_turn = RandomStream(seed, "link.sinusoidal_jitter", lane).uniform(0);
    view.bits = static_cast<int>(plan.modulation);
    view.mean = plan.mean.view();
    view.noises = noise_views.data();
    view.noise_count = noise_views.size();
    view.low = plan.low;
    view.high = plan.high;
    view.quantised = plan.quantised;
    view.ffe = plan.ffe.data();
    view.taps = plan.ffe.size();
    view.ffe_before = plan.ffe_before;
    view.bias = plan.bias;
    std::copy(plan.thresholds.begin(), plan.thresholds.end(), view.thresholds);
    const rxdsp::FrozenEqualizer& e = decider.equalizer();
    const std::size_t after = e.ffe.size() - 1 - static_cast<std::size_t>(e.ffe_before);
    halo = {plan.before + static_cast<std::size_t>(e.ffe_before) + (raw ? rxdsp::run_up : 0),
            plan.after + after + (e.mlse ? rxdsp::run_up : 0)};
  }
  Parts(const Parts&) = delete;

  /// Even-odd and sinusoidal jitter, reflections and crosstalk of the block at `first`; null where there are
  /// none.
  const float* extra(std::int64_t first, const std::uint8_t* levels, const SymbolKernels& k,
                     Scratch& s) const noexcept {
    const bool jitter = plan.even_odd || plan.sine;
    if (!jitter && streams.empty()) return nullptr;
    s.extra.fill(0);
    float value[steps][4];
    const auto counter = static_cast<std::uint64_t>(first / static_cast<std::int64_t>(phase_step));
    for (std::size_t i = 0; i < plan.crosstalk.size(); ++i) {
      s.sum.fill(0);
      add_crosstalk(plan.crosstalk[i], streams[plan.reflections.size() + i], counter, k, s);
      add_noisy(i, first, s);
    }
    if (!plan.reflections.empty()) {
      s.beat.fill(0);
      for (std::size_t i = 0; i < plan.reflections.size(); ++i) {
        const InterfererPlan& r = plan.reflections[i];
        Rotation phase(r.first_turn, r.turns_per_symbol, first);
        for (auto& v : value) {
          const auto c = static_cast<float>(phase.cosine());
          for (std::size_t l = 0; l < 4; ++l) v[l] = c * r.value[l];
          phase.advance();
        }
        k.symbols(streams[i], counter, s.bits.data());
        k.add_symbols(s.bits.data(), value, s.beat.data());
      }
      k.add_beat(plan.level_root.data(), levels, s.beat.data(), s.extra.data());
    }
    if (jitter) add_jitter(first, levels, k, s.extra.data());
    return s.extra.data();
  }

  /// To s.sum. Later symbols of a pulse: the stream's bits moved down, the first ones of the next block behind them.
  void add_crosstalk(const CrosstalkPlan& crosstalk, const PhiloxStream& stream, std::uint64_t counter,
                     const SymbolKernels& k, Scratch& s) const noexcept {
    constexpr std::size_t words = symbol_block / 16;
    k.symbols(stream, counter, s.bits.data());
    std::uint32_t next = 0;
    if (crosstalk.value.size() > 1) {
      k.symbols(stream, counter + steps, s.moved.data());
      next = s.moved[0];
    }
    for (std::size_t p = 0; p < crosstalk.value.size(); ++p) {
      float value[steps][4];
      for (auto& v : value) std::copy(crosstalk.value[p].begin(), crosstalk.value[p].end(), v);
      for (std::size_t w = 0; w < words; ++w) {
        const std::uint64_t pair = std::uint64_t{w + 1 < words ? s.bits[w + 1] : next} << 32 | s.bits[w];
        s.moved[w] = static_cast<std::uint32_t>(pair >> 2 * p);
      }
      k.add_symbols(s.moved.data(), value, s.sum.data());
    }
  }

  /// Crosstalk x, and the noise of its light where it makes any: sqrt(noise x) times a coloured draw.
  void add_noisy(std::size_t i, std::int64_t first, Scratch& s) const noexcept {
    const std::size_t taps = plan.crosstalk_colour.size();
    const float noise = plan.crosstalk[i].noise;
    if (noise > 0 && taps > 0) {
      crosstalk_noises[i].fill(first - static_cast<std::int64_t>(taps - 1), {s.beat.data(), taps - 1});
      crosstalk_noises[i].fill(first, {s.beat.data() + (taps - 1), symbol_block});
      for (std::size_t n = 0; n < symbol_block; ++n) {
        float w = 0;
        for (std::size_t c = 0; c < taps; ++c) w += plan.crosstalk_colour[c] * s.beat[n + taps - 1 - c];
        const float x = noise * s.sum[n];
        s.sum[n] += std::sqrt(x > 0 ? x : 0) * w;
      }
    }
    for (std::size_t n = 0; n < symbol_block; ++n) s.extra[n] += s.sum[n];
  }

  void add_jitter(std::int64_t first, const std::uint8_t* levels, const SymbolKernels& k,
                  float* extra) const noexcept {
    float even[steps], odd[steps];
    if (plan.even_odd) {
      std::fill(std::begin(even), std::end(even), 1.f);
      std::fill(std::begin(odd), std::end(odd), -1.f);
      k.add_jitter(view.bits, plan.even_odd->view(), levels, even, odd, extra);
    }
    if (!plan.sine) return;
    Rotation phase(first_sine_turn, plan.sine_turns_per_symbol, first);
    for (float& v : even) {
      v = static_cast<float>(phase.sine());
      phase.advance();
    }
    k.add_jitter(view.bits, plan.sine->view(), levels, even, even, extra);
    if (!plan.bend) return;
    for (float& v : even) v = v * v - 0.5f;
    k.add_jitter(view.bits, plan.bend->view(), levels, even, even, extra);
  }

  /// Samples [first, first + symbol_block) of a block behind s.levels.
  void make_block(std::int64_t first, bool follows, const SymbolKernels& k, Scratch& s,
                  float* out) const noexcept {
    const float* draws[most_noises] = {};
    for (std::size_t i = 0; i < noises.size(); ++i) {
      float* const d = s.draws[i].data();
      if (follows) {
        std::copy_n(d + symbol_block, most_colour_taps, d);
      } else {
        noises[i].fill(first - static_cast<std::int64_t>(most_colour_taps), {d, most_colour_taps});
      }
      if (k.draws != nullptr) {
        k.draws(noise_streams[i], static_cast<std::uint64_t>(first / 4), symbol_block, d + most_colour_taps);
      } else {
        noises[i].fill(first, {d + most_colour_taps, symbol_block});
      }
      draws[i] = d + most_colour_taps;
    }
    const std::uint8_t* const levels = s.levels.data() + symbol_reach;
    k.samples(view, levels, draws, extra(first, levels, k, s), out);
  }

  /// The levels around the block at `first`, level 0 outside of the window (no sample that counts sees
  /// those).
  static void copy_levels(const signal::Levels& in, std::int64_t first, Scratch& s) noexcept {
    const std::int64_t begin = first - symbol_reach, end = first + block_length + symbol_reach;
    const std::int64_t from = std::max(begin, in.first_index);
    const std::int64_t to = std::min(end, in.first_index + static_cast<std::int64_t>(in.level.size()));
    if (from > begin || to < end) s.levels.fill(0);
    if (from < to)
      std::copy_n(in.level.data() + (from - in.first_index), to - from, s.levels.data() + (from - begin));
  }

  /// Calls use(first, samples, count) for all samples [from, to), block by block.
  template <class Use>
  void for_samples(const signal::Levels& in, std::int64_t from, std::int64_t to, Use use) const {
    thread_local std::unique_ptr<Scratch> scratch;
    if (!scratch) scratch = std::make_unique<Scratch>();
    Scratch& s = *scratch;
    const SymbolKernels& k = kernels();
    bool follows = false;
    for (std::int64_t first = floor_to_block(from); first < to; first += block_length) {
      copy_levels(in, first, s);
      if (follows) std::copy_n(s.samples.data() + symbol_block, tail_room, s.samples.data());
      make_block(first, follows, k, s, s.samples.data() + tail_room);
      follows = true;
      use(first, s.samples.data() + tail_room);
    }
  }

  void decide(const signal::Levels& in, std::vector<std::uint8_t>& decided,
              std::vector<float>* equalized) const {
    const std::size_t around = halo.before + halo.after;
    const std::size_t count = in.level.size() > around ? in.level.size() - around : 0;
    decided.resize(count);
    if (equalized != nullptr) equalized->resize(count);
    if (count == 0) return;
    const std::int64_t from = in.first_index + static_cast<std::int64_t>(plan.before);
    const std::int64_t to = in.first_index + static_cast<std::int64_t>(in.level.size() - plan.after);
    if (raw) return decide_raw(in, from, to, decided, equalized);
    const auto before = static_cast<std::int64_t>(plan.ffe_before);
    const auto after = static_cast<std::int64_t>(plan.ffe.size()) - 1 - before;
    const SymbolKernels& k = kernels();
    std::int64_t next = from + before;
    for_samples(in, from, to, [&](std::int64_t first, const float* samples) {
      const std::int64_t end = std::min(first + block_length, to) - after;
      if (end <= next) return;
      const auto at = static_cast<std::size_t>(next - from - before);
      k.decide(view, samples + (next - first), static_cast<std::size_t>(end - next), decided.data() + at,
               equalized != nullptr ? equalized->data() + at : nullptr);
      next = end;
    });
  }

  /// Through a Decider, with its own noise of the ADC.
  void decide_raw(const signal::Levels& in, std::int64_t from, std::int64_t to,
                  std::vector<std::uint8_t>& decided, std::vector<float>* equalized) const {
    std::vector<float> samples(static_cast<std::size_t>(to - from));
    for_samples(in, from, to, [&](std::int64_t first, const float* block) {
      const std::int64_t begin = std::max(first, from), end = std::min(first + block_length, to);
      std::copy(block + (begin - first), block + (end - first), samples.begin() + (begin - from));
    });
    rxdsp::Decisions decisions;
    decider.process(samples, from, equalized != nullptr, decisions);
    std::copy_n(decisions.level.begin() + std::ptrdiff_t{rxdsp::run_up}, decided.size(), decided.begin());
    if (equalized == nullptr) return;
    std::copy_n(decisions.equalized.begin() + std::ptrdiff_t{rxdsp::run_up}, equalized->size(),
                equalized->begin());
  }

  bool raw;
  SymbolPlan plan;
  rxdsp::Decider decider;
  std::vector<math::GaussianStream> noises, crosstalk_noises;
  std::vector<NoiseView> noise_views;
  std::vector<PhiloxStream> noise_streams;
  std::vector<PhiloxStream> streams;  ///< of reflections, then of crosstalk
  double first_sine_turn = 0;
  PlanView view;
  signal::Halo halo;
};

SymbolEngine::SymbolEngine(const LaneModel& model, rxdsp::FrozenEqualizer equalizer, double attenuation_db,
                           std::uint64_t seed, std::uint32_t lane)
    : parts_(std::make_unique<Parts>(model, std::move(equalizer), light_behind(attenuation_db), seed, lane)) {
}
SymbolEngine::~SymbolEngine() = default;
SymbolEngine::SymbolEngine(SymbolEngine&&) noexcept = default;

signal::Halo SymbolEngine::halo() const noexcept { return parts_->halo; }

void SymbolEngine::process(const signal::Levels& in, std::vector<std::uint8_t>& decided) const {
  parts_->decide(in, decided, nullptr);
}
void SymbolEngine::process(const signal::Levels& in, std::vector<std::uint8_t>& decided,
                           std::vector<float>& equalized) const {
  parts_->decide(in, decided, &equalized);
}

SymbolEngineFit SymbolEngine::fit() const noexcept {
  const SymbolPlan& p = parts_->plan;
  return {p.mean_error,         p.rms_error,
          p.variance_error,     static_cast<int>(p.mean.windows.size()),
          !p.mean.full.empty(), static_cast<int>(p.noises.size())};
}

}  // namespace lightlane::link
