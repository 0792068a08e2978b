#include "lightlane/link/lane_extraction.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "lightlane/base/error.hpp"
#include "lightlane/link/de_bruijn.hpp"
#include "lightlane/math/elementary.hpp"
#include "lightlane/optics/reflections.hpp"
#include "lightlane/rxdsp/clock_recovery.hpp"

namespace lightlane::link {
namespace {

constexpr std::size_t phase_symbols = 4096;
constexpr double slope_step_ui = 0.02;
constexpr int noise_runs = 4;               ///< periods over which DAC noise and jitter are averaged
constexpr std::size_t correlation_lags = 16;

/// One period of a cyclic pattern as symbols first, first + 1 .., with what the chain needs around it.
signal::Levels cyclic_window(const std::vector<std::uint8_t>& pattern, signal::Halo halo, std::int64_t first) {
  signal::Levels window;
  window.first_index = first - static_cast<std::int64_t>(halo.before);
  window.level.resize(halo.before + pattern.size() + halo.after);
  const std::size_t n = pattern.size();
  for (std::size_t i = 0; i < window.level.size(); ++i) window.level[i] = pattern[(i + n - halo.before % n) % n];
  return window;
}

/// The same transmitter with only that part of its impairments.
LaneChain with_random_noise_only(const LaneChain& chain) {
  LaneSetup setup = chain.setup();
  setup.tx.jitter.sinusoidal_ui = setup.tx.jitter.even_odd_ui = 0;
  return LaneChain(setup, /*seed*/ 1);
}
LaneChain with_even_odd_jitter_only(const LaneChain& chain) {
  LaneSetup setup = chain.setup();
  setup.tx.dac.enob = setup.tx.jitter.random_fs = setup.tx.jitter.sinusoidal_ui = 0;
  return LaneChain(setup, /*seed*/ 1);
}

/// Even-odd jitter makes symbols longer and shorter in turns: what that does to each symbol is no shift of its instant,
/// so the pattern is run twice, its symbols once at even and once at odd places.
void extract_even_odd_jitter(const LaneChain& chain, double phase_ui, LaneModel& model) {
  model.even_odd_jitter_ui = chain.setup().tx.jitter.even_odd_ui;
  if (model.even_odd_jitter_ui <= 0) return;
  const LaneChain jittered = with_even_odd_jitter_only(chain);
  const std::size_t n = model.levels.size();
  LIGHTLANE_ASSERT(n % 2 == 0);
  std::array<signal::Current, 2> current;
  for (std::size_t first = 0; first < 2; ++first) {
    signal::Power power;
    jittered.power(cyclic_window(model.levels, jittered.halo(), static_cast<std::int64_t>(first)), true, false, power);
    jittered.sample(power, phase_ui, false, static_cast<std::int64_t>(first), n, current[first]);
  }
  model.even_odd_a.resize(n);
  for (std::size_t i = 0; i < n; ++i) {
    const float even = current[i % 2].a[i], odd = current[1 - i % 2].a[i];
    model.current_a[i] = 0.5f * (even + odd);
    model.even_odd_a[i] = 0.5f * (even - odd);
  }
}

/// Value, slope and curvature through three instants, as far apart as sinusoidal jitter reaches.
void extract_instants(const LaneChain& chain, const signal::Power& power, double phase_ui, LaneModel& model) {
  const optics::JitterConfig& jitter = chain.setup().tx.jitter;
  const double step = std::clamp(0.5 * jitter.sinusoidal_ui, slope_step_ui, 1 - std::fabs(phase_ui));
  const std::size_t n = model.levels.size();
  signal::Current at, early, late;
  chain.sample(power, phase_ui, false, 0, n, at);
  chain.sample(power, phase_ui - step, false, 0, n, early);
  chain.sample(power, phase_ui + step, false, 0, n, late);
  model.slope_a_per_ui.resize(n);
  if (jitter.sinusoidal_ui > 0) model.curvature_a_per_ui2.resize(n);
  for (std::size_t i = 0; i < n; ++i) {
    const auto before = static_cast<double>(early.a[i]), after = static_cast<double>(late.a[i]);
    model.slope_a_per_ui[i] = static_cast<float>((after - before) / (2 * step));
    if (jitter.sinusoidal_ui > 0) {
      const double bend = before + after - 2 * static_cast<double>(at.a[i]);
      model.curvature_a_per_ui2[i] = static_cast<float>(bend / (step * step));
    }
  }
  model.current_a = std::move(at.a);
  model.sinusoidal_jitter_ui = jitter.sinusoidal_ui;
  model.sinusoidal_jitter_hz = jitter.sinusoidal_mhz * 1e6;
}

/// Neighbours decide how much jitter matters: groups of three symbols.
std::size_t group_of(const std::vector<std::uint8_t>& pattern, std::size_t i) {
  const std::size_t n = pattern.size();
  return pattern[(i + n - 1) % n] * 16u + pattern[i] * 4u + pattern[(i + 1) % n];
}

void extract_transmitter_noise(const LaneChain& chain, double phase_ui, LaneModel& model) {
  const std::size_t n = model.levels.size();
  model.transmitter_noise_a2.assign(n, 0.f);
  const optics::TransmitterConfig& tx = chain.setup().tx;
  if (tx.dac.enob <= 0 && tx.jitter.random_fs <= 0) return;
  const LaneChain noisy = with_random_noise_only(chain);
  std::array<double, 64> sum{};
  std::array<std::size_t, 64> count{};
  std::vector<double> correlation(correlation_lags, 0.0), difference(n);
  for (int run = 0; run < noise_runs; ++run) {
    signal::Power power;
    signal::Current current;
    const std::int64_t first = run * static_cast<std::int64_t>(n);
    noisy.power(cyclic_window(model.levels, noisy.halo(), first), true, false, power);
    noisy.sample(power, phase_ui, false, first, n, current);
    for (std::size_t i = 0; i < n; ++i) {
      difference[i] = static_cast<double>(current.a[i]) - static_cast<double>(model.current_a[i]);
      const std::size_t group = group_of(model.levels, i);
      sum[group] += difference[i] * difference[i];
      ++count[group];
    }
    for (std::size_t lag = 0; lag < correlation_lags; ++lag) {
      for (std::size_t i = lag; i < n; ++i) correlation[lag] += difference[i] * difference[i - lag];
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t group = group_of(model.levels, i);
    model.transmitter_noise_a2[i] = static_cast<float>(sum[group] / static_cast<double>(count[group]));
  }
  if (correlation[0] <= 0) return;
  for (double& value : correlation) model.transmitter_noise_correlation.push_back(value / correlation[0]);
}

/// What one symbol of the near transmitter, whose clock stands anywhere against the lane's, gives at decision instants.
std::vector<double> near_end_pulse(const LaneChain& chain, double phase_ui) {
  constexpr std::int64_t reach = most_pulse_taps / 2;
  constexpr double peak_w = 1e-6;
  const signal::Halo halo = chain.sample_halo();
  const std::int64_t before = reach + static_cast<std::int64_t>(halo.before), after = reach + static_cast<std::int64_t>(halo.after);
  signal::Power dark, light;
  dark.axis = {-before * waveform_samples_per_ui, waveform_samples_per_ui, chain.setup().tx.symbol_rate_gbd};
  dark.w.assign(static_cast<std::size_t>((before + after) * waveform_samples_per_ui), 0.f);
  light = dark;
  for (std::size_t i = 0; i < light.w.size(); ++i) {
    const double ui = static_cast<double>(light.axis.first_index + static_cast<std::int64_t>(i)) / waveform_samples_per_ui - 0.5;
    light.w[i] = static_cast<float>(peak_w * optics::interferer_pulse(ui - chain.plant().report().near_end_delay_ui));
  }
  signal::Current rest, current;
  chain.sample(dark, phase_ui, false, -reach, most_pulse_taps, rest);
  chain.sample(light, phase_ui, false, -reach, most_pulse_taps, current);
  std::vector<double> pulse(most_pulse_taps);
  double sum = 0;
  for (std::size_t i = 0; i < pulse.size(); ++i) sum += pulse[i] = static_cast<double>(current.a[i]) - static_cast<double>(rest.a[i]);
  const auto heard = [&](double v) { return std::fabs(v) > 1e-3 * std::fabs(sum); };
  pulse.erase(std::find_if(pulse.rbegin(), pulse.rend(), heard).base(), pulse.end());
  pulse.erase(pulse.begin(), std::find_if(pulse.begin(), pulse.end(), heard));
  sum = std::accumulate(pulse.begin(), pulse.end(), 0.0);
  for (double& v : pulse) v /= sum;
  return pulse;
}

void take_interference(const LaneChain& chain, std::span<const LaneChain* const> others, double isolation_db,
                       std::size_t own_place, double phase_ui, LaneModel& model) {
  const double gain = chain.receiver().gain_a_per_w();
  const auto arriving = [](const LaneChain& c) { return math::from_db(-c.plant().report().loss_db); };
  for (std::size_t k = 0; k < 4; ++k) {
    model.level_current_a[k] = chain.transmitter().report().level_w[k] * arriving(chain) * gain;
  }
  const optics::PlantConfig& plant = chain.setup().plant;
  for (const optics::ReflectionPair& pair : chain.plant().report().reflections) {
    model.reflections.push_back({2 * pair.amplitude, plant.mpi_phase_rate_mhz * 1e6, pair.delay_ui});
  }
  if (plant.bidi_isolation_db > 0) {
    model.crosstalk.push_back({math::from_db(-plant.bidi_isolation_db) / arriving(chain), 0, 0, true, near_end_pulse(chain, phase_ui)});
  }
  if (isolation_db <= 0) return;
  for (std::size_t other = 0; other < others.size(); ++other) {
    const std::size_t apart = other > own_place ? other - own_place : own_place - other;
    if (apart != 1 && apart != 2) continue;
    const double relative = others[other]->transmitter().report().level_w[3] * arriving(*others[other]) /
                            (chain.transmitter().report().level_w[3] * arriving(chain));
    model.crosstalk.push_back({relative * math::from_db(-isolation_db * static_cast<double>(apart)), 0, 0, false});
  }
}

/// Light of other wavelengths makes noise as well: by its mean.
void extract_receiver_noise(const LaneChain& chain, signal::Power power, double phase_ui, LaneModel& model) {
  const std::size_t n = model.levels.size();
  double mean_w = 0, attenuated = 0, local = 0;
  const auto levels = static_cast<std::size_t>(level_count(model.modulation));
  for (std::size_t l = 0; l < levels; ++l) {
    mean_w += model.level_current_a[level_slot(model.modulation, l)] / static_cast<double>(levels);
  }
  mean_w /= chain.receiver().gain_a_per_w();
  for (const Interferer& x : model.crosstalk) (x.local ? local : attenuated) += x.amplitude * mean_w;
  for (float& w : power.w) w += static_cast<float>(attenuated);
  optics::NoiseVariances noise = chain.variances(power, phase_ui, 0, n);
  model.constant_noise_a2 = noise.constant;
  model.linear_noise_a2 = std::move(noise.linear);
  model.quadratic_noise_a2 = std::move(noise.quadratic);
  model.noise_correlation = chain.receiver().noise_correlation(correlation_lags);
  if (local <= 0) return;
  // Shot and beat noise of the local light come with its symbols and stay behind added attenuation; its beat with the
  // signal's RIN does not: by its mean.
  for (float& w : power.w) w += static_cast<float>(local);
  const optics::NoiseVariances more = chain.variances(power, phase_ui, 0, n);
  double constant = 0;
  for (std::size_t i = 0; i < n; ++i) {
    constant += static_cast<double>(more.linear[i]) - static_cast<double>(model.linear_noise_a2[i]);
    model.linear_noise_a2[i] += more.quadratic[i] - model.quadratic_noise_a2[i];
  }
  for (Interferer& x : model.crosstalk) {
    if (x.local) x.noise_a2_per_a = constant / (static_cast<double>(n) * local * chain.receiver().gain_a_per_w());
  }
}

}  // namespace

double recovered_phase(const LaneChain& chain, std::uint64_t seed) {
  const signal::Halo halo = chain.halo();
  const optics::TransmitterConfig& tx = chain.setup().tx;
  const signal::Levels levels = random_levels(seed, chain.setup().stream, tx.modulation, -static_cast<std::int64_t>(halo.before),
                                              halo.before + phase_symbols + halo.after);
  signal::Power power;
  chain.power(levels, false, false, power);
  std::vector<float> analog;
  signal::Axis axis;
  chain.receiver().process(power, false, analog, axis);
  // Whole symbols of the analog output, and their levels.
  const std::int64_t per_ui = axis.samples_per_ui;
  const std::int64_t first = (axis.first_index + per_ui - 1) / per_ui;
  const auto skip = static_cast<std::size_t>(first * per_ui - axis.first_index);
  const std::size_t count = std::min((analog.size() - skip) / static_cast<std::size_t>(per_ui), phase_symbols - 64);
  const std::span<const float> samples = std::span<const float>(analog).subspan(skip, count * static_cast<std::size_t>(per_ui));
  const auto offset = static_cast<std::size_t>(first - levels.first_index);
  return rxdsp::mueller_muller_phase(samples, axis.samples_per_ui,
                                     std::span<const std::uint8_t>(levels.level).subspan(offset, count));
}

LaneModel extract(const LaneChain& chain, double phase_ui, std::span<const LaneChain* const> others, double isolation_db,
                  std::size_t own_place) {
  const optics::TransmitterConfig& tx = chain.setup().tx;
  const bool pam4 = tx.modulation == signal::Modulation::pam4;
  LaneModel model;
  model.modulation = tx.modulation;
  model.symbol_rate_gbd = tx.symbol_rate_gbd;
  model.levels = de_bruijn(pam4 ? 4 : 2, (pam4 ? pam4_neighbourhood : nrz_neighbourhood).symbols());

  signal::Power power;
  chain.power(cyclic_window(model.levels, chain.halo(), 0), false, false, power);
  extract_instants(chain, power, phase_ui, model);
  take_interference(chain, others, isolation_db, own_place, phase_ui, model);
  extract_receiver_noise(chain, std::move(power), phase_ui, model);
  extract_transmitter_noise(chain, phase_ui, model);
  extract_even_odd_jitter(chain, phase_ui, model);
  return model;
}

}  // namespace lightlane::link
