#include "lightlane/aui/host_channel.hpp"

#include <algorithm>
#include <cmath>

#include "lightlane/aui/host_channel_check.hpp"
#include "lightlane/aui/host_simulation.hpp"
#include "lightlane/aui/isi_distribution.hpp"
#include "lightlane/aui/lane_pulse.hpp"
#include "lightlane/aui/slicer.hpp"
#include "lightlane/math/elementary.hpp"

namespace lightlane::aui {
namespace {

constexpr double eye_probability = 1e-6;
constexpr double most_peaking_db = 10, peaking_step_db = 0.5;

/// One setting of CTLE and phase, and its slicer.
struct Choice {
  double peaking_db = 0;
  std::ptrdiff_t phase = 0;  ///< samples behind the peak
  Slicer slicer;
};

/// The phase of the largest SNR, half a UI either side of the peak.
Choice best_phase(const HostChannelConfig& config, const LanePulse& pulse, double peaking_db) {
  const std::vector<double> noise = pulse.noise(static_cast<std::size_t>(config.rx_ffe_taps));
  const std::ptrdiff_t half = pulse.samples_per_ui() / 2;
  Choice best{peaking_db, 0, solve_slicer(config, pulse.at(0), noise)};
  for (std::ptrdiff_t phase = -half; phase <= half; ++phase) {
    Slicer slicer = solve_slicer(config, pulse.at(phase), noise);
    if (slicer.snr > best.slicer.snr) best = {peaking_db, phase, std::move(slicer)};
  }
  return best;
}

Choice best_setting(const HostChannelConfig& config, const LaneChannel& channel) {
  if (!config.ctle.present || !config.ctle.search) {
    const double db = config.ctle.present ? config.ctle.peaking_db : 0;
    return best_phase(config, LanePulse(config, channel, db), db);
  }
  Choice best;
  for (double db = 0; db <= most_peaking_db; db += peaking_step_db) {
    Choice choice = best_phase(config, LanePulse(config, channel, db), db);
    if (db == 0 || choice.slicer.snr > best.slicer.snr) best = std::move(choice);
  }
  return best;
}

IsiDistribution distribution_of(const HostChannelConfig& config, const Slicer& slicer) {
  return IsiDistribution(slicer.residue.v, std::sqrt(slicer.noise()), config.modulation);
}

struct ErrorRatios {
  double ser, ber;
};

/// Errors by steps of one, two and three levels, which cost one, two and one bit of the Gray map.
ErrorRatios error_ratios(const IsiDistribution& sum, double half_step, signal::Modulation modulation) {
  const double t1 = sum.tail(half_step);
  if (modulation == signal::Modulation::nrz) return {t1, t1};
  const double t3 = sum.tail(3 * half_step), t5 = sum.tail(5 * half_step);
  return {1.5 * t1, (3 * t1 + 2 * t3 - t5) / 4};
}

/// Least distance of a level from a threshold, the thresholds standing where they are at the sampling time.
double margin_mv(double main, double main_at_sampling, signal::Modulation modulation) {
  if (modulation == signal::Modulation::nrz) return main;
  const double threshold = main_at_sampling * 2 / 3;
  return std::min({main - threshold, threshold - main / 3, main / 3});
}

double eye_width_ui(const HostChannelConfig& config, const LanePulse& pulse, const Choice& choice) {
  const std::vector<double> noise = pulse.noise(choice.slicer.ffe.size());
  const auto open = [&](std::ptrdiff_t phase) {
    const Slicer there = apply_slicer(config, choice.slicer, pulse.at(phase), noise);
    const double margin = margin_mv(there.main, choice.slicer.main, config.modulation);
    return margin > 0 && distribution_of(config, there).tail(margin) < eye_probability;
  };
  if (!open(choice.phase)) return 0;
  std::ptrdiff_t width = 1;
  const std::ptrdiff_t most = pulse.samples_per_ui();
  for (std::ptrdiff_t i = 1; i < most && open(choice.phase + i); ++i) ++width;
  for (std::ptrdiff_t i = 1; i < most && open(choice.phase - i); ++i) ++width;
  return static_cast<double>(std::min(width, most)) / static_cast<double>(most);
}

HostChannelReport report_of(const HostChannelConfig& config, const LanePulse& pulse, const Choice& choice) {
  const Slicer& slicer = choice.slicer;
  HostChannelReport report;
  report.ctle_db = choice.peaking_db;
  report.phase_ui = static_cast<double>(choice.phase) / pulse.samples_per_ui();
  report.main_cursor_mv = slicer.main;
  report.isi_rms_mv = std::sqrt(slicer.isi);
  report.noise_rms_mv = std::sqrt(slicer.noise());
  report.tx_noise_rms_mv = std::sqrt(slicer.tx_noise);
  report.rx_noise_rms_mv = std::sqrt(slicer.rx_noise);
  report.jitter_rms_mv = std::sqrt(slicer.jitter);
  report.snr_db = math::to_db(slicer.snr);
  report.rx_ffe = slicer.ffe;
  report.rx_dfe = slicer.dfe;
  report.pulse_mv = slicer.residue.v;
  report.main_index = static_cast<std::size_t>(-slicer.residue.first);
  report.pulse_mv[report.main_index] = slicer.main;
  const double half_step = config.modulation == signal::Modulation::nrz ? slicer.main : slicer.main / 3;
  const IsiDistribution sum = distribution_of(config, slicer);
  const ErrorRatios ratios = error_ratios(sum, half_step, config.modulation);
  report.ser = ratios.ser;
  report.ber = ratios.ber;
  report.eye_height_mv = 2 * (half_step - sum.quantile(eye_probability));
  report.eye_width_ui = eye_width_ui(config, pulse, choice);
  return report;
}

HostChannelConfig checked(HostChannelConfig config) {
  check(config);
  return config;
}

}  // namespace

struct HostChannel::Parts {
  HostChannelConfig config;
  LaneChannel channel;
  Choice choice;
  LanePulse pulse;
  HostChannelReport report;

  explicit Parts(HostChannelConfig c)
      : config(checked(std::move(c))),
        channel(config),
        choice(best_setting(config, channel)),
        pulse(config, channel, choice.peaking_db),
        report(report_of(config, pulse, choice)) {}
};

HostChannel::HostChannel(HostChannelConfig config) : parts_(std::make_unique<Parts>(std::move(config))) {}
HostChannel::~HostChannel() = default;
HostChannel::HostChannel(HostChannel&&) noexcept = default;

const HostChannelReport& HostChannel::report() const noexcept { return parts_->report; }
const HostChannelConfig& HostChannel::config() const noexcept { return parts_->config; }

HostChannelCount HostChannel::simulate(std::uint64_t symbols, std::uint64_t seed, std::uint32_t lane,
                                       std::int64_t first) const {
  const Parts& p = *parts_;
  return HostSimulation(p.config, p.pulse.at(p.choice.phase), p.choice.slicer, p.choice.peaking_db, seed,
                        lane)
      .run(first, symbols);
}

}  // namespace lightlane::aui
