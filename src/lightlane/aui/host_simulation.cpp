#include "lightlane/aui/host_simulation.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "lightlane/math/elementary.hpp"

namespace lightlane::aui {
namespace {

constexpr int noise_samples_per_ui = 8;
constexpr std::size_t chunk = 4096;

/// A convolution with cursors: cursor k weighs the symbol k before.
math::Fir fir_of(const Cursors& cursors) {
  math::Fir fir;
  for (std::size_t i = cursors.v.size(); i-- > 0;) fir.taps.push_back(static_cast<float>(cursors.v[i]));
  fir.before = static_cast<std::size_t>(cursors.last());
  return fir;
}

int gray(int level) { return level ^ level >> 1; }

}  // namespace

HostSimulation::HostSimulation(const HostChannelConfig& config, const Sampled& sampled, const Slicer& slicer,
                               double peaking_db, std::uint64_t seed, std::uint32_t lane)
    : nrz_(config.modulation == signal::Modulation::nrz),
      symbols_(seed, "aui.symbols", lane),
      tx_(seed, "aui.tx_noise", lane),
      jitter_(seed, "aui.jitter", lane),
      rx_(seed, "aui.rx_noise", lane),
      white_(seed, "aui.white_noise", lane),
      symbol_fir_(fir_of(sampled.symbol)),
      tx_fir_(fir_of(sampled.tx)),
      slope_fir_(fir_of(sampled.slope)),
      tx_rms_(config.tx_sndr_db == 0 ? 0.0f
                                     : static_cast<float>(std::sqrt(level_square(config.modulation) *
                                                                    math::from_db(-config.tx_sndr_db)))),
      jitter_rms_(static_cast<float>(config.jitter_rms_ui)),
      rx_rms_(0),
      white_rms_(static_cast<float>(config.noise_rms_mv)),
      main_(static_cast<float>(slicer.main)) {
  const double rate_hz = config.symbol_rate_gbd.value() * 1e9 * noise_samples_per_ui;
  const math::Response receiver = receiver_response(config, peaking_db);
  if (receiver && config.noise_v2_per_ghz > 0) {
    rx_fir_ = math::design_fir(receiver, rate_hz);
    rx_rms_ = static_cast<float>(1e3 * std::sqrt(config.noise_v2_per_ghz * 1e-9 * rate_hz / 2));
  }
  for (std::size_t j = slicer.ffe.size(); j-- > 0;) ffe_.taps.push_back(static_cast<float>(slicer.ffe[j]));
  ffe_.before = slicer.ffe.size() - 1 - static_cast<std::size_t>(config.rx_ffe_main);
  for (const double tap : slicer.dfe) feedback_.push_back(static_cast<float>(tap * slicer.main));
}

int HostSimulation::level(std::int64_t symbol) const noexcept {
  const std::uint64_t n = static_cast<std::uint64_t>(symbol);
  return static_cast<int>(symbols_.bits(n / 32) >> (n % 32 * 2) & (nrz_ ? 1 : 3));
}

float HostSimulation::amplitude(int level) const noexcept {
  return nrz_ ? static_cast<float>(2 * level - 1) : static_cast<float>(2 * level - 3) / 3.0f;
}

int HostSimulation::slice(float v) const noexcept {
  const float threshold = main_ * 2 / 3;
  if (nrz_) return v > 0 ? 1 : 0;
  return v > 0 ? (v > threshold ? 3 : 2) : (v > -threshold ? 1 : 0);
}

/// out[i] += filtered (amplitude of the symbol, or 1, times a draw, or 1) at symbol first + i.
void HostSimulation::add_filtered(const math::Fir& fir, std::int64_t first,
                                  const math::GaussianStream* stream, float scale, bool with_levels,
                                  std::span<float> out) const {
  std::vector<float> in(out.size() + fir.taps.size() - 1), made(out.size());
  const std::int64_t from = first - static_cast<std::int64_t>(fir.before);
  if (stream != nullptr) {
    stream->fill(from, in);
    for (float& x : in) x *= scale;
  } else {
    std::fill(in.begin(), in.end(), 1.0f);
  }
  if (with_levels) {
    for (std::size_t i = 0; i < in.size(); ++i)
      in[i] *= amplitude(level(from + static_cast<std::int64_t>(i)));
  }
  math::filter(fir, in, made);
  for (std::size_t i = 0; i < out.size(); ++i) out[i] += made[i];
}

/// What is sampled ahead of the FFE, symbols first ..
void HostSimulation::samples(std::int64_t first, std::span<float> out) const {
  std::fill(out.begin(), out.end(), 0.0f);
  add_filtered(symbol_fir_, first, nullptr, 1, true, out);
  if (tx_rms_ > 0) add_filtered(tx_fir_, first, &tx_, tx_rms_, false, out);
  if (jitter_rms_ > 0) add_filtered(slope_fir_, first, &jitter_, jitter_rms_, true, out);
  if (white_rms_ > 0) white_.add(first, white_rms_, out);
  if (rx_rms_ > 0) {
    std::vector<float> noise((out.size() - 1) * noise_samples_per_ui + rx_fir_.taps.size()), made(out.size());
    rx_.fill(first * noise_samples_per_ui - static_cast<std::int64_t>(rx_fir_.before), noise);
    math::filter_decimate(rx_fir_, noise, noise_samples_per_ui, made);
    for (std::size_t i = 0; i < out.size(); ++i) out[i] += rx_rms_ * made[i];
  }
}

HostChannelCount HostSimulation::run(std::int64_t first, std::uint64_t count) const {
  HostChannelCount result;
  std::vector<float> decided(feedback_.size()), x, y;  // decided[i]: i + 1 symbols ago
  for (std::size_t i = 0; i < decided.size(); ++i) {
    decided[i] = amplitude(level(first - 1 - static_cast<std::int64_t>(i)));
  }
  double error_square = 0;
  while (result.symbols < count) {
    const std::size_t n = static_cast<std::size_t>(std::min<std::uint64_t>(chunk, count - result.symbols));
    const std::int64_t from = first + static_cast<std::int64_t>(result.symbols);
    x.resize(n + ffe_.taps.size() - 1);
    y.resize(n);
    samples(from - static_cast<std::int64_t>(ffe_.before), x);
    math::filter(ffe_, x, y);
    for (std::size_t i = 0; i < n; ++i) {
      float z = y[i];
      for (std::size_t k = 0; k < feedback_.size(); ++k) z -= feedback_[k] * decided[k];
      const int sent = level(from + static_cast<std::int64_t>(i)), got = slice(z);
      result.symbol_errors += sent != got;
      result.bit_errors +=
          static_cast<std::uint64_t>(std::popcount(static_cast<unsigned>(gray(sent) ^ gray(got))));
      const double error = static_cast<double>(z) - static_cast<double>(main_) * amplitude(sent);
      error_square += error * error;
      if (!decided.empty()) {
        std::rotate(decided.begin(), decided.end() - 1, decided.end());
        decided[0] = amplitude(got);
      }
    }
    result.symbols += n;
  }
  result.ser_interval = math::clopper_pearson(result.symbol_errors, result.symbols);
  const double square = static_cast<double>(main_) * main_ * (nrz_ ? 1.0 : 5.0 / 9);
  if (error_square > 0)
    result.snr_db = math::to_db(square * static_cast<double>(result.symbols) / error_square);
  return result;
}

}  // namespace lightlane::aui
