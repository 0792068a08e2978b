// The optimiser against another one, and the result against counted errors.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>

#include "lightlane/measure/tdecq.hpp"
#include "lightlane/measure/tdecq_test_tools.hpp"

namespace lightlane::measure {
namespace {

using namespace test;

constexpr int m = 16;

/// Nelder and Mead's simplex, from `at` with edges of `size`.
double simplex(const std::function<double(const std::vector<double>&)>& f, std::vector<double>& at,
               const std::vector<double>& size, int evaluations) {
  const std::size_t n = at.size();
  std::vector<std::pair<double, std::vector<double>>> corner;
  corner.emplace_back(f(at), at);
  for (std::size_t i = 0; i < n; ++i) {
    std::vector<double> x = at;
    x[i] += size[i];
    corner.emplace_back(f(x), x);
  }
  for (int used = static_cast<int>(n) + 1; used < evaluations;) {
    std::sort(corner.begin(), corner.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    if (corner.back().first - corner.front().first < 2e-5) break;
    std::vector<double> centre(n, 0.0);
    for (std::size_t k = 0; k < n; ++k) {
      for (std::size_t i = 0; i < n; ++i) centre[i] += corner[k].second[i] / static_cast<double>(n);
    }
    const auto along = [&](double factor) {
      std::vector<double> x(n);
      for (std::size_t i = 0; i < n; ++i) x[i] = centre[i] + factor * (corner.back().second[i] - centre[i]);
      ++used;
      return std::pair{f(x), x};
    };
    const auto reflected = along(-1.0);
    if (reflected.first < corner.front().first) {
      const auto expanded = along(-2.0);
      corner.back() = expanded.first < reflected.first ? expanded : reflected;
    } else if (reflected.first < corner[n - 1].first) {
      corner.back() = reflected;
    } else {
      const auto contracted = along(reflected.first < corner.back().first ? -0.5 : 0.5);
      if (contracted.first < std::min(reflected.first, corner.back().first)) {
        corner.back() = contracted;
      } else {
        for (std::size_t k = 1; k <= n; ++k) {
          for (std::size_t i = 0; i < n; ++i)
            corner[k].second[i] = 0.5 * (corner[k].second[i] + corner[0].second[i]);
          corner[k].first = f(corner[k].second);
          ++used;
        }
      }
    }
  }
  const auto best = std::min_element(corner.begin(), corner.end(),
                                     [](const auto& a, const auto& b) { return a.first < b.first; });
  at = best->second;
  return best->first;
}

struct Trial {
  const char* name;
  Transmitter tx;
  bool adjusted = false;
};

std::vector<Trial> trials() {
  const auto with = [](auto change) {
    Transmitter tx;
    change(tx);
    return tx;
  };
  return {
      {"plain", {}},
      {"wide", with([](auto& t) { t.bandwidth = 1.0; }), true},
      {"narrow", with([](auto& t) { t.bandwidth = 0.4; })},
      {"very narrow", with([](auto& t) { t.bandwidth = 0.3; })},
      {"narrow and uneven", with([](auto& t) {
         t.bandwidth = 0.4;
         t.level = {0.4, 0.70, 1.02, 1.4};
       }),
       true},
      {"peaked", with([](auto& t) { t.peaking = 2.5; })},
      {"echo behind", with([](auto& t) {
         t.echo = 0.12;
         t.echo_ui = 1.5;
       })},
      {"echo before", with([](auto& t) {
         t.echo = 0.1;
         t.echo_ui = -1.2;
       })},
      {"dispersed", with([](auto& t) {
         t.dispersion = 1.5;
         t.chirp = 0.3;
       })},
      {"dispersed the other way", with([](auto& t) {
         t.dispersion = -2.0;
         t.chirp = 0.7;
         t.bandwidth = 0.5;
       }),
       true},
      {"noisy", with([](auto& t) {
         t.noise = 0.012;
         t.bandwidth = 0.5;
       })},
      {"compressed", with([](auto& t) {
         t.level = {0.3, 0.75, 1.1, 1.3};
         t.bandwidth = 0.5;
       }),
       true},
  };
}

/// Stated bound: never worse by 0.01 dB than a simplex search of the plain procedure from six starts.
TEST(TdecqSlow, NoSearchFindsABetterReceiver) {
  const LevelVector p = prbs13q();
  double worst = -1e9;
  for (const Trial& trial : trials()) {
    const auto wave = transmit(p, m, trial.tx);
    TdecqConfig config;
    config.thresholds = trial.adjusted ? ThresholdMode::adjusted : ThresholdMode::nominal;
    const TdecqResult r = tdecq(wave, p, config);
    ASSERT_FALSE(r.closed) << trial.name;
    const PlainTdecq plain(wave, m, true, p, r.level_w[0], r.level_w[3], 3),
        fine(wave, m, true, p, r.level_w[0], r.level_w[3], 5);
    std::mt19937 engine(static_cast<unsigned>(trial.name[0]));
    std::uniform_real_distribution<double> uniform(-1, 1);
    double best = 99;
    for (int start = 0; start < 6; ++start) {
      const auto main = static_cast<std::size_t>(start % 3);
      struct Receiver {
        std::vector<double> taps;
        double phase;
        std::array<double, 3> thresholds;
        bool allowed;
      };
      const auto receiver = [&](const std::vector<double>& x) {
        Receiver out{{}, x[4], {-1.0 / 3, 0, 1.0 / 3}, true};
        double sum = 0, largest = 0;
        for (std::size_t i = 0; i < 4; ++i) {
          sum += x[i];
          largest = std::max(largest, std::fabs(x[i]));
        }
        out.taps.assign(x.begin(), x.begin() + 4);
        out.taps.insert(out.taps.begin() + static_cast<std::ptrdiff_t>(main), 1.0 - sum);
        out.allowed = 1.0 - sum >= 0.8 && 1.0 - sum >= largest;
        for (std::size_t k = 0; k < 3 && trial.adjusted; ++k)
          out.thresholds[k] += std::clamp(x[5 + k], -0.01, 0.01);
        return out;
      };
      const auto penalty = [&](const std::vector<double>& x) {
        const Receiver c = receiver(x);
        return c.allowed ? plain.tdecq(c.taps, c.phase, c.thresholds) : 50.0 + std::fabs(x[0]);
      };
      std::vector<double> x(trial.adjusted ? 8 : 5), size(x.size(), 0.004);
      double least = 1e9;
      for (int draw = 0; draw < 40; ++draw) {  // the best of some random receivers
        std::vector<double> drawn(x.size(), 0.0);
        for (std::size_t i = 0; i < 4; ++i) {
          const bool beside = i + 1 == main || i == main;
          drawn[i] = beside ? 0.3 * uniform(engine) - 0.15 : 0.1 * uniform(engine);
        }
        drawn[4] = 0.2 * uniform(engine);
        const double at = penalty(drawn);
        if (at < least) {
          least = at;
          x = drawn;
        }
      }
      std::fill(size.begin(), size.begin() + 5, 0.06);
      simplex(penalty, x, size, 350);
      std::fill(size.begin(), size.begin() + 5, 0.02);  // once more, from where it stopped
      simplex(penalty, x, size, 350);
      const Receiver c = receiver(x);
      if (c.allowed) best = std::min(best, fine.tdecq(c.taps, c.phase, c.thresholds));
    }
    std::printf("%-24s %8.4f dB, the other search %8.4f dB\n", trial.name, r.tdecq_db, best);
    EXPECT_LT(r.tdecq_db, best + 0.01) << trial.name;
    // The other search may miss the optimum by more; that ours is no illusion, the plain procedure says with
    // our receiver.
    std::array<double, 3> thresholds{};
    for (std::size_t k = 0; k < 3; ++k) thresholds[k] = (r.thresholds_w[k] - r.pave_w) / r.oma_outer_w;
    EXPECT_NEAR(r.tdecq_db, fine.tdecq(r.taps, r.phase_ui, thresholds), 0.01) << trial.name;
    worst = std::max(worst, r.tdecq_db - best);
  }
  std::printf("worst: %.4f dB\n", worst);
}

/// C8: with Bessel-Thomson-shaped noise of rms R added, the reference receiver makes 4.8e-4 symbol errors.
TEST(TdecqSlow, C8CountedErrors) {
  const LevelVector p = prbs13q();
  Transmitter tx;
  tx.bandwidth = 0.45;
  tx.level = {0.4, 0.72, 1.05, 1.4};
  const auto wave = transmit(p, m, tx);
  const TdecqResult r = tdecq(wave, p, {});
  const PlainTdecq plain(wave, m, true, p, r.level_w[0], r.level_w[3], 5);
  std::array<double, 3> thresholds{};
  for (std::size_t k = 0; k < 3; ++k) thresholds[k] = (r.thresholds_w[k] - r.pave_w) / r.oma_outer_w;
  const std::size_t n = p.size();
  const std::array<std::vector<double>, 2> clean = {plain.histogram(r.taps, r.phase_ui, -1),
                                                    plain.histogram(r.taps, r.phase_ui, 1)};
  std::mt19937_64 engine(1);
  std::normal_distribution<double> normal;
  std::array<double, 2> errors{};
  double square = 0, counted = 0, noise_counted = 0;
  for (int round = 0; round < 250; ++round) {
    std::vector<float> white(n * m);
    for (float& x : white) x = static_cast<float>(normal(engine));
    const std::vector<float> shaped = through(white, m, [](double f) { return undelayed_bt4(f, 0.5); });
    const double scale = r.noise_w / r.oma_outer_w / std::sqrt(2.0 * 0.5 * 1.0464 / m);
    for (const float x : shaped) square += x * x * scale * scale;
    noise_counted += static_cast<double>(shaped.size());
    for (std::size_t shift = 0; shift < 15; ++shift) {  // each node three times
      const std::size_t node = shift % 5;
      for (std::size_t k = 0; k < n; ++k) {
        double noise = 0;
        for (std::size_t j = 0; j < r.taps.size(); ++j) {
          noise += r.taps[j] * shaped[((k + r.taps.size() - j) % n) * m + shift];
        }
        const std::uint8_t level = p[(k + r.taps.size() - static_cast<std::size_t>(r.main_tap)) % n];
        for (std::size_t side = 0; side < 2; ++side) {
          const double y = clean[side][node * n + k] + scale * noise;
          const int decided = (y > thresholds[0]) + (y > thresholds[1]) + (y > thresholds[2]);
          errors[side] += decided != level ? 1 : 0;
        }
        counted += 1;
      }
    }
  }
  EXPECT_NEAR(std::sqrt(square / noise_counted), r.noise_w / r.oma_outer_w,
              0.003 * r.noise_w / r.oma_outer_w);
  std::printf("left %.3g right %.3g\n", errors[0] / counted, errors[1] / counted);
  EXPECT_NEAR(errors[0] / counted, r.ser_left, 0.05 * 4.8e-4);
  EXPECT_NEAR(errors[1] / counted, r.ser_right, 0.05 * 4.8e-4);
  EXPECT_NEAR(std::max(r.ser_left, r.ser_right), 4.8e-4, 1e-7);
}

}  // namespace
}  // namespace lightlane::measure
