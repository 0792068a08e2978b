#include <gtest/gtest.h>

#include <cmath>

#include "lightlane/base/error.hpp"
#include "lightlane/math/fir.hpp"

namespace lightlane::math {
namespace {

constexpr double pi = 3.14159265358979323846;
constexpr double sample_rate = 53.125e9 * 8;

/// What the taps do to exp(j 2 pi f t).
std::complex<double> response_of(const std::vector<float>& re, const std::vector<float>& im,
                                 std::size_t before, double f) {
  std::complex<double> sum = 0.0;
  for (std::size_t k = 0; k < re.size(); ++k) {
    const double turn = 2.0 * pi * f / sample_rate * (static_cast<double>(k) - static_cast<double>(before));
    sum += std::complex<double>(re[k], im.empty() ? 0.0 : im[k]) * std::polar(1.0, turn);
  }
  return sum;
}
std::complex<double> response_of(const Fir& fir, double f) {
  return response_of(fir.taps, {}, fir.before, f);
}
std::complex<double> response_of(const ComplexFir& fir, double f) {
  return response_of(fir.re, fir.im, fir.before, f);
}

/// Largest deviation from h, its delay at DC replaced by `delay_left`, up to a quarter of the sample rate on
/// either side.
template <class Filter>
double deviation(const Filter& fir, const Response& h, double delay, double delay_left = 0.0) {
  double worst = 0.0;
  for (double f = -sample_rate / 4; f <= sample_rate / 4; f += sample_rate / 777) {
    const auto wanted = h(f) * std::polar(1.0, 2.0 * pi * f * (delay - delay_left));
    worst = std::max(worst, std::abs(response_of(fir, f) - wanted));
  }
  return worst;
}

/// At DC, in samples: the slope of the phase.
double delay_of(const Fir& fir) { return -std::arg(response_of(fir, 1e8)) / (2 * pi * 1e8) * sample_rate; }

double sum_of(const std::vector<float>& taps) {
  double sum = 0.0;
  for (const float t : taps) sum += t;
  return sum;
}

struct Case {
  const char* what;
  Response h;
  double delay;      // at DC [s]
  double worst;      // deviation allowed at a tolerance of 1e-6 of the energy
  std::size_t taps;  // at most
};

const Case cases[] = {
    {"Bessel-Thomson 26.6 GHz", [](double f) { return bessel_thomson4(f, 26.5625e9); },
     2.113917675 / (2 * pi * 26.5625e9), 1e-3, 40},
    {"Bessel-Thomson 60 GHz", [](double f) { return bessel_thomson4(f, 60e9); },
     2.113917675 / (2 * pi * 60e9), 2e-3, 40},
    {"Butterworth 40 GHz", [](double f) { return butterworth(f, 40e9, 2); }, 1.414213562 / (2 * pi * 40e9),
     2e-3, 60},
    {"first order 38 GHz", [](double f) { return butterworth(f, 38e9, 1); }, 1 / (2 * pi * 38e9), 4e-3, 60},
    {"Gaussian 3 GHz", [](double f) { return gaussian_lowpass(f, 3e9); }, 0.0, 2e-3, 300},
    {"laser", [](double f) { return second_order(f, 20e9, 1e11); }, 1e11 / (2 * pi * 20e9) / (2 * pi * 20e9),
     6e-3, 120},
    {"twice a delay", [](double f) { return 2.0 * std::polar(1.0, -2 * pi * f * 31e-12); }, 31e-12, 1e-2, 40},
};

TEST(FirDesign, KeepsTheResponseAndTakesTheDelayOut) {
  for (const Case& c : cases) {
    const Fir fir = design_fir(c.h, sample_rate);
    EXPECT_LT(deviation(fir, c.h, c.delay), c.worst) << c.what;
    EXPECT_LE(fir.taps.size(), c.taps) << c.what;
    EXPECT_LT(fir.before, fir.taps.size()) << c.what;
    EXPECT_NEAR(sum_of(fir.taps), c.h(0.0).real(), 1e-9) << c.what;
    EXPECT_NEAR(delay_of(fir), 0.0, 0.01) << c.what;
    EXPECT_NEAR(delay_of(design_fir(c.h, sample_rate, 1e-9)), 0.0, 2e-3) << c.what;
  }
}

TEST(FirDesign, ToleranceIsTheEnergyLeftOutside) {
  for (const Case& c : cases) {
    const Fir coarse = design_fir(c.h, sample_rate, 1e-4), fine = design_fir(c.h, sample_rate, 1e-9);
    EXPECT_LT(coarse.taps.size(), fine.taps.size()) << c.what;
    EXPECT_LT(deviation(fine, c.h, c.delay), 2e-4) << c.what;
    // Against the fine one, lag by lag.
    double energy = 0.0, missed = 0.0;
    for (std::size_t k = 0; k < fine.taps.size(); ++k) {
      const auto lag = static_cast<std::ptrdiff_t>(fine.before) - static_cast<std::ptrdiff_t>(k);
      const auto at = static_cast<std::ptrdiff_t>(coarse.before) - lag;
      const double tap = fine.taps[k];
      energy += tap * tap;
      if (at < 0 || at >= static_cast<std::ptrdiff_t>(coarse.taps.size())) missed += tap * tap;
    }
    EXPECT_LE(missed, 1.01e-4 * energy) << c.what;
  }
}

TEST(FirDesign, LeavesTheDelayThatIsAskedFor) {
  const Case& c = cases[0];
  for (const double left : {-10e-12, 0.7 / sample_rate, 25e-12}) {
    const Fir fir = design_fir(c.h, sample_rate, 1e-6, left);
    EXPECT_LT(deviation(fir, c.h, c.delay, left), 1e-3) << left;
  }
}

/// 0.5 km to 10 km of fibre: a pure phase, even in f.
TEST(FirDesign, DispersionIsAPurePhase) {
  constexpr double light = 299792458.0, wavelength = 1310e-9;
  for (const double ps_per_nm : {-10.0, 2.0, 30.0, 200.0}) {
    const double theta = pi * wavelength * wavelength / light * ps_per_nm * 1e-3;
    const Response h = [=](double f) { return std::polar(1.0, theta * f * f); };
    const ComplexFir fir = design_complex_fir(h, sample_rate, 1e-7);
    EXPECT_LT(deviation(fir, h, 0.0), 2e-3) << ps_per_nm;
    EXPECT_NEAR(sum_of(fir.re), 1.0, 1e-9);
    EXPECT_NEAR(sum_of(fir.im), 0.0, 1e-9);
    EXPECT_NEAR(static_cast<double>(fir.before), static_cast<double>(fir.after()), 1.0);
    // Not much longer than the spread of delays, theta f / pi, over the whole band.
    EXPECT_LT(static_cast<double>(fir.re.size()), 50.0 + sample_rate * std::fabs(theta) / pi * sample_rate);
  }
}

/// A field filter that is not the same on both sides: a detuned optical filter.
TEST(FirDesign, ComplexResponsesNeedNoSymmetry) {
  const Response h = [](double f) {
    return gaussian_lowpass(f - 15e9, 60e9) * std::polar(1.0, -2 * pi * f * 9e-12);
  };
  const ComplexFir fir = design_complex_fir(h, sample_rate);
  EXPECT_LT(deviation(fir, h, 9e-12), 2e-3);
  EXPECT_NEAR(sum_of(fir.re), h(0.0).real(), 1e-9);
}

TEST(FirDesign, BlocksDc) {
  const Response h = [](double f) {
    return std::complex<double>(0.0, f) / std::complex<double>(10e9, f) * gaussian_lowpass(f, 60e9);
  };
  const Fir fir = design_fir(h, sample_rate, 1e-8);
  EXPECT_LT(deviation(fir, h, 0.0), 2e-3);
}

TEST(FirDesign, RefusesAnEndlessResponse) {
  EXPECT_THROW(design_fir([](double f) { return butterworth(f, 4e6, 1); }, sample_rate), ConfigError);
  EXPECT_THROW(design_fir([](double) { return std::complex<double>(std::nan(""), 0.0); }, sample_rate),
               ConfigError);
}

}  // namespace
}  // namespace lightlane::math
