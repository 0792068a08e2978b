#include "lightlane/aui/slicer.hpp"

#include <algorithm>
#include <cmath>

#include "lightlane/math/elementary.hpp"
#include "lightlane/math/linear_solve.hpp"

namespace lightlane::aui {
namespace {

/// Cursor k behind the FFE: tap j sees sample n + main - j.
Cursors through(const std::vector<double>& taps, int main, const Cursors& x) {
  const std::ptrdiff_t length = static_cast<std::ptrdiff_t>(taps.size());
  Cursors made{x.first - main, {}};
  for (std::ptrdiff_t k = made.first; k <= x.last() - main + length - 1; ++k) {
    double sum = 0;
    for (std::ptrdiff_t j = 0; j < length; ++j) sum += taps[static_cast<std::size_t>(j)] * x(k + main - j);
    made.v.push_back(sum);
  }
  return made;
}

double square(const Cursors& x) {
  double sum = 0;
  for (const double v : x.v) sum += v * v;
  return sum;
}

/// Sum over k of x_k x_(k + lag).
double correlation(const Cursors& x, std::size_t lag) {
  double sum = 0;
  for (std::size_t i = 0; i + lag < x.v.size(); ++i) sum += x.v[i] * x.v[i + lag];
  return sum;
}

/// Variances that come per unit of each kind of cursor.
struct Shares {
  double symbol, tx, slope;
  explicit Shares(const HostChannelConfig& config)
      : symbol(level_square(config.modulation)),
        tx(config.tx_sndr_db != 0 ? symbol * math::from_db(-config.tx_sndr_db) : 0.0),
        slope(symbol * config.jitter_rms_ui * config.jitter_rms_ui) {}
};

std::vector<double> least_squares(const HostChannelConfig& config, const Sampled& sampled,
                                  const std::vector<double>& rx_noise) {
  const std::size_t length = static_cast<std::size_t>(config.rx_ffe_taps);
  if (length == 1) return {1.0};
  const Shares share(config);
  const std::ptrdiff_t main = config.rx_ffe_main;
  std::vector<double> stationary(length);
  for (std::size_t lag = 0; lag < length; ++lag) {
    stationary[lag] = share.symbol * correlation(sampled.symbol, lag) +
                      share.tx * correlation(sampled.tx, lag) +
                      share.slope * correlation(sampled.slope, lag) + rx_noise[lag];
  }
  math::SquareMatrix a(length);
  std::vector<double> b(length);
  for (std::size_t j = 0; j < length; ++j) {
    const auto seen = [&](std::size_t tap, std::ptrdiff_t k) {
      return sampled.symbol(k + main - static_cast<std::ptrdiff_t>(tap));
    };
    for (std::size_t l = 0; l < length; ++l) {
      a(j, l) = stationary[j > l ? j - l : l - j];
      for (std::ptrdiff_t k = 1; k <= config.rx_dfe_taps; ++k)
        a(j, l) -= share.symbol * seen(j, k) * seen(l, k);
    }
    a(j, j) += 1e-12 * stationary[0];  // without noise the DFE's part may leave nothing to solve for
    b[j] = share.symbol * seen(j, 0);
  }
  if (auto taps = math::solve_spd(a, b)) return *taps;
  std::vector<double> plain(length, 0.0);
  plain[static_cast<std::size_t>(main)] = 1;
  return plain;
}

}  // namespace

double level_square(signal::Modulation modulation) noexcept {
  return modulation == signal::Modulation::nrz ? 1.0 : 5.0 / 9;
}

Slicer apply_slicer(const HostChannelConfig& config, const Slicer& taps, const Sampled& sampled,
                    const std::vector<double>& rx_noise) {
  Slicer slicer = taps;
  const Shares share(config);
  slicer.residue = through(taps.ffe, config.rx_ffe_main, sampled.symbol);
  slicer.main = slicer.residue(0);
  const auto at = [&](std::ptrdiff_t k) -> double& {
    return slicer.residue.v[static_cast<std::size_t>(k - slicer.residue.first)];
  };
  if (slicer.residue.first <= 0 && slicer.residue.last() >= 0) at(0) = 0;
  for (std::size_t i = 0; i < taps.dfe.size(); ++i) {
    const std::ptrdiff_t k = static_cast<std::ptrdiff_t>(i) + 1;
    if (k > slicer.residue.last())
      slicer.residue.v.resize(static_cast<std::size_t>(k - slicer.residue.first) + 1);
    at(k) -= taps.dfe[i] * taps.main;
  }
  slicer.isi = share.symbol * square(slicer.residue);
  slicer.tx_noise = share.tx * square(through(taps.ffe, config.rx_ffe_main, sampled.tx));
  slicer.jitter = share.slope * square(through(taps.ffe, config.rx_ffe_main, sampled.slope));
  slicer.rx_noise = 0;
  for (std::size_t j = 0; j < taps.ffe.size(); ++j) {
    for (std::size_t l = 0; l < taps.ffe.size(); ++l) {
      slicer.rx_noise += taps.ffe[j] * taps.ffe[l] * rx_noise[j > l ? j - l : l - j];
    }
  }
  const double bad = slicer.isi + slicer.noise(), good = share.symbol * slicer.main * slicer.main;
  slicer.snr = slicer.main > 0 ? good / std::fmax(bad, 1e-30 * good) : 0.0;
  return slicer;
}

Slicer solve_slicer(const HostChannelConfig& config, const Sampled& sampled,
                    const std::vector<double>& rx_noise) {
  Slicer taps;
  taps.ffe = least_squares(config, sampled, rx_noise);
  const Cursors behind = through(taps.ffe, config.rx_ffe_main, sampled.symbol);
  taps.main = behind(0);
  if (!(taps.main > 0)) return taps;
  if (taps.ffe.size() > 1 && sampled.symbol(0) > 0) {
    const double scale = sampled.symbol(0) / taps.main;
    for (double& tap : taps.ffe) tap *= scale;
    taps.main *= scale;
    for (int k = 1; k <= config.rx_dfe_taps; ++k) taps.dfe.push_back(behind(k) * scale / taps.main);
  } else {
    for (int k = 1; k <= config.rx_dfe_taps; ++k) taps.dfe.push_back(behind(k) / taps.main);
  }
  for (double& tap : taps.dfe) tap = std::clamp(tap, -config.rx_dfe_limit, config.rx_dfe_limit);
  return apply_slicer(config, taps, sampled, rx_noise);
}

}  // namespace lightlane::aui
