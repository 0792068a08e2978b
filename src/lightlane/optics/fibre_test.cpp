#include "lightlane/optics/fibre.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <numbers>

#include "lightlane/base/error.hpp"

namespace lightlane::optics {
namespace {

constexpr double fb = 53.125e9;

// Tables of published fibre data (802.3 table 121-14 for the limits at 0.5 km).
TEST(Fibre, DispersionCoefficient) {
  EXPECT_NEAR(dispersion_ps_nm_km(1310, 1300, 0.093), 0.919, 5e-4);
  EXPECT_NEAR(dispersion_ps_nm_km(1310, 1324, 0.093), -1.323, 5e-4);
  EXPECT_NEAR(dispersion_ps_nm_km(1264.5, 1324, 0.093), -5.94, 5e-3);
  EXPECT_NEAR(dispersion_ps_nm_km(1337.5, 1300, 0.093), 3.34, 5e-3);
  EXPECT_NEAR(dispersion_ps_nm_km(1550, 1312, 0.086), 16.2, 0.05);
}

TEST(Fibre, ChannelDispersionLimits) {
  const auto dr4 = dispersion_limits_ps_nm(1304.5, 1317.5, 500);
  EXPECT_NEAR(dr4.min_ps_nm, -0.93, 5e-3);
  EXPECT_NEAR(dr4.max_ps_nm, 0.80, 5e-3);
  const auto lr = dispersion_limits_ps_nm(1304.5, 1317.5, 10000, 0.092);
  EXPECT_NEAR(lr.min_ps_nm, -18.35, 5e-3);
  EXPECT_NEAR(lr.max_ps_nm, 15.78, 5e-3);
  const auto cwdm = dispersion_limits_ps_nm(1264.5, 1277.5, 2000, 0.092);
  EXPECT_NEAR(cwdm.min_ps_nm, -11.75, 5e-3);
  EXPECT_NEAR(cwdm.max_ps_nm, -4.25, 5e-3);
  const auto lan = dispersion_limits_ps_nm(1294.53, 1296.59, 10000);
  EXPECT_NEAR(lan.min_ps_nm, -28.36, 5e-3);
  EXPECT_NEAR(lan.max_ps_nm, -3.18, 5e-3);
}

// +15.78 ps/nm at 1317.5 nm: response at 26.5625 GHz, and the first null, for four chirps.
TEST(Fibre, SmallSignalDispersionResponse) {
  const struct {
    double alpha, db, null_ghz;
  } table[] = {{0, -0.179, 74.0}, {0.5, -1.120, 62.1}, {1, -2.176, 52.3}, {-0.7, 0.987, 87.2}};
  for (const auto& row : table) {
    const auto at = [&](double ghz) { return dispersion_response(ghz * 1e9, 1317.5, 15.78, row.alpha); };
    EXPECT_NEAR(20 * std::log10(std::fabs(at(26.5625))), row.db, 1e-3) << row.alpha;
    EXPECT_GT(at(row.null_ghz - 0.1) * at(0), 0) << row.alpha;
    EXPECT_LT(at(row.null_ghz + 0.1) * at(0), 0) << row.alpha;
  }
}

TEST(Fibre, DgdResponse) {
  const struct { double ps, db; } table[] = {{2.24, -0.153}, {3, -0.275}, {5, -0.779}, {8, -2.10}};
  for (const auto& row : table) {
    EXPECT_NEAR(dgd_response_db(26.5625e9, row.ps, 0.5), row.db, row.ps == 8 ? 5e-3 : 1e-3) << row.ps;
  }
  EXPECT_EQ(dgd_response_db(26.5625e9, 8, 0), 0);  // all light in one state
  const std::complex<double> j(0, 1);
  const double x = std::numbers::pi * 26.5625e9 * 5e-12;
  EXPECT_NEAR(dgd_response_db(26.5625e9, 5, 0.3),
              20 * std::log10(std::abs(0.3 * std::exp(j * x) + 0.7 * std::exp(-j * x))), 1e-9);
}

// Maxwell: standard deviation sqrt(3 pi / 8 - 1) of the mean; 1.705 % lie beyond twice the mean.
TEST(Fibre, DgdDrawsAreMaxwell) {
  constexpr int n = 20000;
  double sum = 0;
  int beyond = 0;
  for (int seed = 0; seed < n; ++seed) {
    const double dgd = draw_dgd_ps(2, static_cast<std::uint64_t>(seed), 3);
    ASSERT_GT(dgd, 0);
    sum += dgd;
    beyond += dgd > 4 ? 1 : 0;
  }
  EXPECT_NEAR(sum / n, 2, 4 * 2 * 0.4220 / std::sqrt(n));
  EXPECT_NEAR(beyond, n * 0.01705, 4 * std::sqrt(n * 0.01705));
  EXPECT_NE(draw_dgd_ps(2, 1, 0), draw_dgd_ps(2, 1, 1));
  EXPECT_EQ(draw_dgd_ps(2, 7, 1), draw_dgd_ps(2, 7, 1));
  EXPECT_EQ(draw_dgd_ps(0, 7, 1), 0);
}

TEST(Fibre, Bandwidths) {
  EXPECT_NEAR(chromatic_bandwidth_ghz(-10, 0.5), 187.39 / 5, 0.01);
  EXPECT_TRUE(std::isinf(chromatic_bandwidth_ghz(0, 0.5)));
  EXPECT_TRUE(std::isinf(chromatic_bandwidth_ghz(3, 0)));
  EXPECT_NEAR(gaussian_power_response(47e9, 47e9), 0.5, 1e-12);  // optical -3 dB
  EXPECT_EQ(gaussian_power_response(0, 47e9), 1);
}

TEST(Fibre, BandEdgeIsExactInsideAndFlatAtTheEnd) {
  for (const int samples_per_ui : {2, 4, 8, 16}) {
    const double fs = fb * samples_per_ui;
    const BandEdge edge(fs, fb);
    EXPECT_DOUBLE_EQ(edge.exact_hz(), std::min(2 * fb, 0.75 * fs / 2));
    EXPECT_EQ(edge.bend(-0.5 * fb), -0.5 * fb);
    EXPECT_NEAR(edge.slope(fs / 2), 0, 1e-12);
    for (double f = 0.01 * fs; f < 0.49 * fs; f += 0.007 * fs) {
      const double slope = (edge.bend(f + 1e6) - edge.bend(f - 1e6)) / 2e6;
      EXPECT_NEAR(slope, edge.slope(f), 1e-4) << f;
    }
  }
}

std::complex<double> response_of(const math::ComplexFir& fir, double f, double fs) {
  std::complex<double> sum = 0;
  for (std::size_t k = 0; k < fir.re.size(); ++k) {
    const double t = (static_cast<double>(k) - static_cast<double>(fir.before)) / fs;
    sum += std::complex<double>(fir.re[k], fir.im[k]) * std::polar(1.0, 2 * std::numbers::pi * f * t);
  }
  return sum;
}

TEST(Fibre, FieldFilterFollowsThePhase) {
  for (const int samples_per_ui : {4, 8, 16}) {
    for (const double dispersion : {-0.93, 3.19, -58.7, 160.0}) {
      const double fs = fb * samples_per_ui;
      const BandEdge edge(fs, fb);
      const auto fir = smooth_complex_fir(dispersion_field_response(1311, dispersion, edge), fs, 1e-7, "x");
      for (double f = 0; f < edge.exact_hz(); f += 3.3e9) {
        const double theta = std::numbers::pi * 1311e-9 * 1311e-9 * dispersion * 1e-3 * f * f / 299792458.0;
        EXPECT_LT(std::abs(response_of(fir, f, fs) - std::polar(1.0, theta)), 2e-3)
            << dispersion << " at " << f;
        EXPECT_LT(std::abs(response_of(fir, -f, fs) - std::polar(1.0, theta)), 2e-3);
      }
      EXPECT_LT(std::abs(response_of(fir, 0, fs) - 1.0), 2e-7);
    }
  }
}

TEST(Fibre, PowerFilterKeepsSymbolsInPlace) {
  const double fs = 8 * fb;
  const BandEdge edge(fs, fb);
  const auto fir = smooth_fir(power_response(5, 0.3, 40, edge), fs, 1e-7, "x");
  double sum = 0, moment = 0;
  for (std::size_t k = 0; k < fir.taps.size(); ++k) {
    sum += fir.taps[k];
    moment += fir.taps[k] * (static_cast<double>(k) - static_cast<double>(fir.before));
  }
  EXPECT_NEAR(sum, 1, 2e-7);
  EXPECT_NEAR(moment, 0, 1e-3);  // samples

  // Unequal principal states: g exp(+j x) + (1 - g) exp(-j x), less its delay at DC. Their order in time
  // shows in the phase.
  const auto unequal = smooth_fir(power_response(8, 0.2, 0, edge), fs, 1e-7, "x");
  const math::ComplexFir same{unequal.taps, std::vector<float>(unequal.taps.size()), unequal.before};
  for (double f = 0; f < edge.exact_hz(); f += 3.3e9) {
    const double x = std::numbers::pi * f * 8e-12;
    const auto want = (std::polar(0.2, x) + std::polar(0.8, -x)) * std::polar(1.0, 0.6 * x);
    EXPECT_LT(std::abs(response_of(same, f, fs) - want), 2e-3) << f;
  }
}

TEST(Fibre, TooMuchDispersionForTheFilter) {
  const double fs = 16 * fb;
  const auto h = dispersion_field_response(1550, 9000, BandEdge(fs, fb));
  EXPECT_THROW(smooth_complex_fir(h, fs, 1e-7, "plant.total_dispersion_ps_nm"), ConfigError);
}

}  // namespace
}  // namespace lightlane::optics
