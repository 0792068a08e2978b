#include "lightlane/optics/plant.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <functional>
#include <numbers>

#include "lightlane/base/error.hpp"
#include "lightlane/base/random.hpp"
#include "lightlane/base/variant.hpp"

namespace lightlane::optics {
namespace {

using signal::Field;
using signal::Modulation;
using signal::Power;

const Rational rate(425, 8);
constexpr double fb = 53.125e9, pi = std::numbers::pi;
const std::vector<double> levels{4e-4, 8e-4, 1.2e-3, 1.6e-3};

/// Nothing at all: no loss, no reflection, no dispersion.
PlantConfig nothing() {
  PlantConfig c;
  c.segments.clear();
  c.joints = {{0, -200}};
  c.tx_reflectance_db = c.rx_reflectance_db = -200;
  return c;
}

PlantConfig dispersive(double ps_nm, double wavelength_nm = 1317.5) {
  PlantConfig c = nothing();
  c.wavelength_nm = wavelength_nm;
  c.override_dispersion = true;
  c.total_dispersion_ps_nm = ps_nm;
  return c;
}

Plant make(const PlantConfig& c, int samples_per_ui = 8, std::uint64_t seed = 1, std::uint32_t lane = 0) {
  return Plant(c, Modulation::pam4, levels, rate, samples_per_ui, seed, lane);
}

Field field_of(std::int64_t first, std::size_t n, int samples_per_ui,
               const std::function<std::complex<double>(double)>& e) {
  Field field;
  field.axis = {first, samples_per_ui, rate};
  for (std::size_t i = 0; i < n; ++i) {
    const auto value = e(static_cast<double>(first + static_cast<std::int64_t>(i)) / samples_per_ui);
    field.re.push_back(static_cast<float>(value.real()));
    field.im.push_back(static_cast<float>(value.imag()));
  }
  return field;
}

Field steady(double power_w, std::int64_t first, std::size_t n) {
  Field field;
  field.axis = {first, 8, rate};
  field.re.assign(n, static_cast<float>(std::sqrt(power_w)));
  return field;
}

/// Electrical response [dB] of the plant to a small sinusoid of cycles_per_ui x symbol rate, with transient
/// chirp.
double measured_response_db(const Plant& plant, double cycles_per_ui, double alpha, int samples_per_ui) {
  constexpr double depth = 0.01;
  const auto power = [&](double t) { return 1e-3 * (1 + depth * std::cos(2 * pi * cycles_per_ui * t)); };
  const Field in = field_of(0, static_cast<std::size_t>(400 * samples_per_ui), samples_per_ui, [&](double t) {
    return std::polar(std::sqrt(power(t)), alpha / 2 * std::log(power(t)));
  });
  Power out;
  plant.process(in, false, out);
  const std::size_t n = 256 * static_cast<std::size_t>(samples_per_ui);  // whole periods
  std::complex<double> sum = 0;
  double mean = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double t =
        static_cast<double>(out.axis.first_index + static_cast<std::int64_t>(i)) / samples_per_ui;
    sum += static_cast<double>(out.w.at(i)) * std::polar(1.0, -2 * pi * cycles_per_ui * t);
    mean += out.w[i];
  }
  return 20 * std::log10(std::abs(sum) / mean * 2 / depth);
}

// Anchor A6: 20 log10 |cos theta - alpha sin theta| at 26.5625 GHz.
TEST(Plant, DispersionOfTheFieldModel) {
  const struct { double alpha, db; } table[] = {{0, -0.179}, {0.5, -1.120}, {1, -2.176}, {-0.7, 0.987}};
  for (const int samples_per_ui : {4, 8, 16}) {
    const Plant plant = make(dispersive(15.78), samples_per_ui);
    for (const auto& row : table) {
      EXPECT_NEAR(measured_response_db(plant, 0.5, row.alpha, samples_per_ui), row.db, 0.02)
          << samples_per_ui << ' ' << row.alpha;
    }
  }
}

TEST(Plant, DispersionOverFrequency) {
  for (const double dispersion : {-0.93, 3.16, -28.36, 33.08}) {
    const Plant plant = make(dispersive(dispersion, 1311));
    for (const double cycles : {0.125, 0.25, 0.5, 0.75, 1.0}) {
      const double f_thz = cycles * fb * 1e-12;
      const double theta = pi * 1311 * 1311 * dispersion * f_thz * f_thz / 299792.458;
      for (const double alpha : {-0.5, 0.0, 0.7}) {
        const double h = std::fabs(std::cos(theta) - alpha * std::sin(theta));
        // 0.02 dB; beside a null 5e-4 of the response at DC.
        const double measured = std::pow(10, measured_response_db(plant, cycles, alpha, 8) / 20);
        EXPECT_NEAR(measured, h, std::max(0.0023 * h, 5e-4))
            << dispersion << " ps/nm at " << cycles << ", alpha " << alpha;
      }
    }
  }
}

// First nulls: 74.0, 62.1, 52.3, 87.2 GHz.
TEST(Plant, DispersionNulls) {
  const Plant plant = make(dispersive(15.78));
  const struct { double alpha, ghz; } table[] = {{0, 74.0}, {0.5, 62.1}, {1, 52.3}, {-0.7, 87.2}};
  for (const auto& row : table) {
    const auto at = [&](double ghz) {
      return measured_response_db(plant, std::round(ghz / 53.125 * 256) / 256, row.alpha, 8);
    };
    EXPECT_LT(at(row.ghz), -30) << row.alpha;  // within 0.1 GHz of the null
    EXPECT_GT(at(row.ghz - 4), -25) << row.alpha;
    EXPECT_GT(at(row.ghz + 4), -25) << row.alpha;
  }
}

TEST(Plant, SmallDispersionNeedsNoFilter) {
  EXPECT_EQ(make(dispersive(0.03)).halo().before, 0u);
  EXPECT_GT(make(dispersive(0.3)).halo().before, 0u);
}

TEST(Plant, DgdOverFrequency) {
  const struct { double ps, db; } table[] = {{2.24, -0.153}, {3, -0.275}, {5, -0.779}, {8, -2.10}};
  for (const auto& row : table) {
    PlantConfig c = nothing();
    c.dgd_ps = row.ps;
    EXPECT_NEAR(measured_response_db(make(c), 0.5, 0, 8), row.db, 0.01) << row.ps;
    c.dgd_power_split = 0.3;
    const double s = std::sin(pi * fb / 2 * row.ps * 1e-12);
    EXPECT_NEAR(measured_response_db(make(c), 0.5, 0, 8), 10 * std::log10(1 - 0.84 * s * s), 0.01) << row.ps;
  }
}

// Effective modal bandwidth over length; the chromatic part adds in inverse squares.
TEST(Plant, MultimodeBandwidth) {
  PlantConfig c = nothing();
  c.wavelength_nm = 850;
  c.segments = {{100, 0, 1310, 0, 0, 1.48, 4700}};
  c.joints = {{0, -200}, {0, -200}};
  const Plant om4 = make(c);
  EXPECT_NEAR(om4.report().modal_bandwidth_ghz, 47, 1e-9);
  EXPECT_NEAR(measured_response_db(om4, 0.25, 0, 8),
              20 * std::log10(std::pow(2, -std::pow(13.28125 / 47, 2))), 0.005);
  EXPECT_NEAR(measured_response_db(om4, 0.5, 0, 8), 20 * std::log10(std::pow(2, -std::pow(26.5625 / 47, 2))),
              0.005);
  c.segments[0].dispersion_slope_ps_nm2_km = 0.105;
  c.source_rms_width_nm = 0.6;
  const Plant wide = make(c);
  const double chromatic = 187.39 / (std::fabs(wide.report().dispersion_ps_nm) * 0.6);
  EXPECT_NEAR(wide.report().modal_bandwidth_ghz,
              1 / std::sqrt(1 / (47.0 * 47.0) + 1 / (chromatic * chromatic)), 0.01);
}

TEST(Plant, AccountsForEveryLoss) {
  PlantConfig c;
  c.segments = {{300, 0.35, 1312, 0.09, 0, 1.467}, {1500, 0.4, 1312, 0.09, 0, 1.4682}};
  c.joints = {{0.3, -45}, {0.1, -60}, {0.5, -40}};
  c.added_attenuation_db = 1.5;
  c.mux_loss_db = 2.2;
  const Plant plant = make(c);
  const PlantReport& r = plant.report();
  EXPECT_NEAR(r.fibre_loss_db, 0.105 + 0.6, 1e-12);
  EXPECT_NEAR(r.joint_loss_db, 0.9, 1e-12);
  EXPECT_NEAR(r.loss_db, 0.705 + 0.9 + 1.5 + 2.2, 1e-12);
  EXPECT_NEAR(r.length_m, 1800, 1e-9);
  EXPECT_NEAR(r.delay_ns, (300 * 1.467 + 1500 * 1.4682) / 0.299792458, 1e-6);
  // 500 m at 1.4682: 2448.7 ns, 4.9 ns/m.
  EXPECT_NEAR(make(PlantConfig{}).report().delay_ns, 2448.694, 1e-3);
  // Five reflectors; the receiver's is behind the attenuator, the multiplexer outside of all.
  ASSERT_EQ(r.reflections.size(), 10u);
  const auto& ends = r.reflections[3];
  EXPECT_EQ(ends.second, 4u);
  EXPECT_NEAR(20 * std::log10(ends.amplitude), -80 - 2 * (0.705 + 0.9 + 1.5), 1e-9);
  EXPECT_NEAR(ends.delay_ui, 2 * r.delay_ns * 53.125, 1e-6);
  double bound = 0;
  for (const auto& pair : r.reflections) bound += pair.amplitude;
  EXPECT_DOUBLE_EQ(r.mpi_bound, bound);

  Power out;
  plant.process(steady(1e-3, 0, 4000), false, out);
  for (const float w : out.w) ASSERT_NEAR(w, 1e-3 * std::pow(10, -r.loss_db / 10), 1e-9);
}

TEST(Plant, DispersionOfTheSegments) {
  PlantConfig c = nothing();
  c.segments = {{10000, 0, 1324, 0.092}, {2000, 0, 1300, 0.092}};
  c.joints.assign(3, {0, -200});
  c.wavelength_nm = 1304.5;
  EXPECT_NEAR(make(c).report().dispersion_ps_nm,
              -18.35 + 0.092 / 4 * 1304.5 * (1 - std::pow(1300 / 1304.5, 4)) * 2, 5e-3);
}

TEST(Plant, DgdIsDrawnFromThePmdOfTheSegments) {
  PlantConfig c = nothing();
  c.segments = {{4000, 0, 1312, 0.09, 0.2}, {9000, 0, 1312, 0.09, 0.1}};
  c.joints.assign(3, {0, -200});
  double sum = 0;
  constexpr int n = 2000;
  for (int seed = 0; seed < n; ++seed) sum += make(c, 8, static_cast<std::uint64_t>(seed)).report().dgd_ps;
  const double mean = std::sqrt(0.04 * 4 + 0.01 * 9);
  EXPECT_NEAR(sum / n, mean, 4 * 0.422 * mean / std::sqrt(n));
  c.dgd_ps = 0;
  EXPECT_EQ(make(c).report().dgd_ps, 0);
}

PlantConfig reflective() {
  PlantConfig c;
  c.segments = {{500, 0.4}, {300, 0.4}};
  c.joints = {{0.25, -30}, {0.25, -33}, {0.25, -28}};
  c.tx_reflectance_db = -26;
  c.rx_reflectance_db = -26;
  c.dgd_ps = 0;
  c.override_dispersion = true;
  return c;
}

/// Far-apart windows, so that every phase of the interferers comes.
template <class Use>
void over_windows(const Plant& plant, double power_w, Use use) {
  Power out;
  for (std::int64_t k = 0; k < 2000; ++k) {
    plant.process(steady(power_w, k * 9'000'000'016, 64), true, out);
    for (const float w : out.w) use(w);
  }
}

TEST(Plant, InterferenceIsBounded) {
  const Plant plant = make(reflective());
  const double loss = std::pow(10, -plant.report().loss_db / 10);
  double largest = 0;
  for (const double power : levels) {
    over_windows(plant, power, [&](float w) {
      const double field = std::sqrt(w) - std::sqrt(power * loss);
      largest = std::max(largest, std::fabs(field));
    });
  }
  const double bound = plant.report().mpi_bound * std::sqrt(levels[3] * loss);
  EXPECT_LE(largest, bound * 1.00001);
  EXPECT_GT(largest, bound * 0.5);  // ten pairs seldom agree, but the strong ones do
}

// Uniform phases: mean 0; variance of 2 sqrt(P) S, with levels at the interferers' centres for half of the
// time and between two symbols for the rest: E[A^2] 3/4 + E[A]^2 1/4 over a raised-cosine transition.
TEST(Plant, InterferenceHasTheMeanAndVarianceOfUniformPhases) {
  const Plant plant = make(reflective());
  const double loss = std::pow(10, -plant.report().loss_db / 10);
  double mean_power = 0, mean_field = 0, squares = 0;
  for (const double w : levels) {
    mean_power += w * loss / 4;
    mean_field += std::sqrt(w * loss) / 4;
  }
  for (const auto& pair : plant.report().reflections) squares += pair.amplitude * pair.amplitude;
  const double shaped = 0.75 * mean_power + 0.25 * mean_field * mean_field;
  for (const double power : {levels[0], levels[3]}) {
    double sum = 0, sum_squares = 0;
    std::size_t n = 0;
    over_windows(plant, power, [&](float w) {
      const double beat = 2 * std::sqrt(power * loss) * (std::sqrt(w) - std::sqrt(power * loss));
      sum += beat;
      sum_squares += beat * beat;
      ++n;
    });
    const double variance = 4 * power * loss * squares / 2 * shaped;
    const double count = static_cast<double>(n);
    EXPECT_NEAR(sum / count / std::sqrt(variance), 0,
                4 / std::sqrt(2000.0));  // 2000 windows of one phase each
    EXPECT_NEAR(sum_squares / count / variance, 1, 4 * std::sqrt(2.0 / 2000));
  }
}

TEST(Plant, InterferenceIsSlow) {
  PlantConfig c = reflective();
  c.mpi_phase_rate_mhz = 0;
  c.joints = {{0.25, -200}, {0.25, -200}, {0.25, -200}};
  // One pair whose phase stands still: NRZ of one level gives a constant.
  const Plant plant(c, Modulation::nrz, {1e-3, 0, 0, 1e-3}, rate, 8, 3, 0);
  Power out;
  plant.process(steady(1e-3, 0, 20000), true, out);
  for (const float w : out.w) ASSERT_NEAR(w, out.w[0], 1e-9);
  c.mpi_phase_rate_mhz = 1000;
  const Plant turning(c, Modulation::nrz, {1e-3, 0, 0, 1e-3}, rate, 8, 3, 0);
  turning.process(steady(1e-3, 0, 20000), true, out);
  float least = out.w[0], most = out.w[0];
  for (const float w : out.w) {
    least = std::min(least, w);
    most = std::max(most, w);
  }
  const double loss = std::pow(10, -turning.report().loss_db / 10), a = turning.report().mpi_bound;
  EXPECT_NEAR(most, 1e-3 * loss * (1 + a) * (1 + a), 1e-8);
  EXPECT_NEAR(least, 1e-3 * loss * (1 - a) * (1 - a), 1e-8);
}

double tail(double x) { return 0.5 * std::erfc(x / std::sqrt(2.0)); }

// One pair of reflections, its symbols in step with the victim's, extinction ratio 6 dB, thermal noise, best
// thresholds: 0.127 dB at -40 dB and 0.386 dB at -35 dB for a bit error ratio of 2.4e-4 (semi-analytic,
// uniform phase). White noise of that power would cost 0.465 dB at -35 dB.
TEST(Plant, PenaltyOfOneReflectionPair) {
  const double r = std::pow(10, 0.6);
  const std::vector<double> level{1 / (r - 1), 1 / (r - 1) + 1 / 3.0, 1 / (r - 1) + 2 / 3.0,
                                  r / (r - 1)};  // OMA 1 W
  const auto sigma_at = [&](const std::vector<double>* beats) {
    const auto ber = [&](double sigma) {
      double sum = 0;
      for (std::size_t k = 0; k < 3; ++k) {
        double best = 1;
        for (double threshold = level[k] + 0.14; threshold < level[k] + 0.19; threshold += 0.002) {
          double low = 0, high = 0;
          for (const double x : beats[k]) low += tail((threshold - level[k] - x) / sigma);
          for (const double x : beats[k + 1]) high += tail((level[k + 1] + x - threshold) / sigma);
          best = std::min(best, low / static_cast<double>(beats[k].size()) +
                                    high / static_cast<double>(beats[k + 1].size()));
        }
        sum += best / 8;  // four levels, two bits
      }
      return sum;
    };
    double low = 0.02, high = 0.08;
    while (high - low > 1e-5) (ber((low + high) / 2) > 2.4e-4 ? high : low) = (low + high) / 2;
    return low;
  };
  const std::vector<double> none[4] = {{0}, {0}, {0}, {0}};
  const struct { double mpi_db, penalty_db; } table[] = {{-40, 0.127}, {-35, 0.386}};
  for (const auto& row : table) {
    PlantConfig c = nothing();
    c.tx_reflectance_db = c.rx_reflectance_db = row.mpi_db / 2;
    const Plant plant(c, Modulation::pam4, level, rate, 8, 11, 0);
    std::vector<double> beats[4];
    Power out;
    for (std::size_t k = 0; k < 4; ++k) {
      for (std::int64_t window = 0; window < 1500; ++window) {
        plant.process(steady(level[k], window * 9'000'000'016, 8), true, out);
        beats[k].push_back(static_cast<double>(out.w.at(4)) - level[k]);
      }
    }
    EXPECT_NEAR(10 * std::log10(sigma_at(none) / sigma_at(beats)), row.penalty_db,
                0.03 * row.penalty_db + 0.005)
        << row.mpi_db;
  }
}

// Over seeds: a start anywhere on the circle, so cosine and its square average 0 and 1/2.
TEST(Plant, PhasesStartAnywhere) {
  PlantConfig c = nothing();
  c.tx_reflectance_db = c.rx_reflectance_db = -20;
  c.mpi_phase_rate_mhz = 0;
  constexpr int n = 2000;
  double sum = 0, squares = 0;
  Power out;
  for (int seed = 0; seed < n; ++seed) {
    const Plant plant(c, Modulation::nrz, {1e-3, 0, 0, 1e-3}, rate, 8, static_cast<std::uint64_t>(seed), 2);
    plant.process(steady(1e-3, 0, 16), true, out);
    const double cosine = (std::sqrt(out.w.at(8) / 1e-3) - 1) / plant.report().mpi_bound;
    sum += cosine;
    squares += cosine * cosine;
  }
  EXPECT_NEAR(sum / n, 0, 4 * std::sqrt(0.5 / n));
  EXPECT_NEAR(squares / n, 0.5, 4 * std::sqrt(0.125 / n));
}

TEST(Plant, WeakPairsAreListedOnly) {
  PlantConfig c = nothing();
  c.joints = {{0, -89}};
  c.tx_reflectance_db = -1;  // pair: -45 dB
  Power with, without;
  make(c).process(steady(1e-3, 0, 800), true, with);
  make(c).process(steady(1e-3, 0, 800), false, without);
  EXPECT_NE(with.w, without.w);
  c.tx_reflectance_db = -21;  // 3.2e-6
  const Plant weak = make(c);
  EXPECT_EQ(weak.report().reflections.size(), 1u);
  weak.process(steady(1e-3, 0, 800), true, with);
  EXPECT_EQ(with.w, without.w);
}

TEST(Plant, LocalTransmitterAddsPowerAndNeverBeats) {
  PlantConfig c = nothing();
  c.bidi_isolation_db = 20;
  const Plant plant = make(c);
  double sum = 0;
  std::size_t n = 0;
  over_windows(plant, 1e-3, [&](float w) {
    ASSERT_GE(w, 1e-3 + 0.01 * levels[0] - 1e-9);
    ASSERT_LE(w, 1e-3 + 0.01 * levels[3] + 1e-9);
    sum += w - 1e-3;
    ++n;
  });
  EXPECT_NEAR(sum / static_cast<double>(n), 0.01 * 1e-3, 0.01 * 4e-4 * 4 / std::sqrt(8 * 2000.0));
}

Field noise_field(std::size_t n) {
  const RandomStream random(9, "field", 0);
  std::uint64_t k = 0;
  return field_of(-5000, n, 8, [&](double) {
    const double re = random.uniform(k), im = random.uniform(k + 1);
    k += 2;
    return std::complex<double>(0.02 + 0.02 * re, 0.01 * im);
  });
}

TEST(Plant, AnyCutOfTheWindowGivesTheSameBits) {
  PlantConfig c = reflective();
  c.total_dispersion_ps_nm = -3.7;
  c.dgd_ps = 3;
  c.bidi_isolation_db = 30;
  const Plant plant = make(c);
  const Field in = noise_field(30000);
  Power whole, part;
  plant.process(in, true, whole);
  const auto halo = plant.halo();
  ASSERT_EQ(whole.w.size(), in.re.size() - halo.before - halo.after);
  ASSERT_EQ(whole.axis.first_index, -5000 + static_cast<std::int64_t>(halo.before));
  std::size_t n = 1;
  for (std::size_t at = 0; at < whole.w.size(); at += n, n = n * 13 % 7919 + 1) {
    n = std::min(n, whole.w.size() - at);
    Field cut;
    cut.axis = in.axis;
    cut.axis.first_index += static_cast<std::int64_t>(at);
    const std::size_t size = n + halo.before + halo.after;
    cut.re.assign(in.re.begin() + static_cast<std::ptrdiff_t>(at),
                  in.re.begin() + static_cast<std::ptrdiff_t>(at + size));
    cut.im.assign(in.im.begin() + static_cast<std::ptrdiff_t>(at),
                  in.im.begin() + static_cast<std::ptrdiff_t>(at + size));
    plant.process(cut, true, part);
    ASSERT_EQ(part.axis.first_index, whole.axis.first_index + static_cast<std::int64_t>(at));
    ASSERT_TRUE(std::equal(part.w.begin(), part.w.end(), whole.w.begin() + static_cast<std::ptrdiff_t>(at),
                           whole.w.begin() + static_cast<std::ptrdiff_t>(at + n)));
  }
  Field shorter = in;
  shorter.re.resize(halo.before + halo.after);
  shorter.im.resize(halo.before + halo.after);
  plant.process(shorter, true, part);
  EXPECT_TRUE(part.w.empty());
}

TEST(Plant, RealFieldIsAFieldWithoutImaginaryPart) {
  const Plant plant = make(dispersive(15.78));
  Field in = noise_field(3000);
  std::fill(in.im.begin(), in.im.end(), 0.0f);
  Power complex, real;
  plant.process(in, false, complex);
  in.im.clear();
  plant.process(in, false, real);
  for (std::size_t i = 0; i < real.w.size(); ++i) ASSERT_NEAR(real.w[i], complex.w[i], 1e-9);
}

TEST(Plant, VariantsAgree) {
  PlantConfig c = reflective();
  c.total_dispersion_ps_nm = 18;
  c.dgd_ps = 5;
  const Field in = noise_field(5000);
  std::vector<Power> results;
  for (const Variant variant : {Variant::ref, Variant::avx2, Variant::avx512}) {
    if (variant > supported_variant()) continue;
    force_variant(variant);
    make(c).process(in, true, results.emplace_back());
  }
  force_variant(supported_variant());
  for (const Power& result : results) {
    for (std::size_t i = 0; i < result.w.size(); ++i) ASSERT_NEAR(result.w[i], results[0].w[i], 4e-9);
  }
}

TEST(Plant, CrosstalkAddsPower) {
  Power victim{{100, 8, rate}, {1, 2, 3}}, neighbour{{98, 8, rate}, {9, 9, 10, 20, 30, 9}};
  add_crosstalk(neighbour, 0.1, victim);
  EXPECT_FLOAT_EQ(victim.w[0], 2);
  EXPECT_FLOAT_EQ(victim.w[1], 4);
  EXPECT_FLOAT_EQ(victim.w[2], 6);
}

TEST(Plant, RefusesWhatCannotBe) {
  const auto refused = [](const char* key, const std::function<void(PlantConfig&)>& change) {
    PlantConfig c;
    change(c);
    try {
      make(c);
      ADD_FAILURE() << key << " was taken";
    } catch (const ConfigError& e) {
      EXPECT_EQ(e.detail().place, key);
      EXPECT_FALSE(e.detail().allowed.empty());
    }
  };
  refused("plant.segments[0].length_m", [](auto& c) { c.segments[0].length_m = -5; });
  refused("plant.segments[0].attenuation_db_per_km",
          [](auto& c) { c.segments[0].attenuation_db_per_km = -0.1; });
  refused("plant.segments[0].zero_dispersion_nm", [](auto& c) { c.segments[0].zero_dispersion_nm = 0; });
  refused("plant.segments[0].group_index", [](auto& c) { c.segments[0].group_index = 0.5; });
  refused("plant.joints[1].loss_db", [](auto& c) { c.joints[1].loss_db = -0.1; });
  refused("plant.joints[0].reflectance_db", [](auto& c) { c.joints[0].reflectance_db = 3; });
  refused("plant.joints", [](auto& c) { c.joints.pop_back(); });
  refused("plant.wavelength_nm", [](auto& c) { c.wavelength_nm = 1850; });
  refused("plant.wavelength_nm", [](auto& c) { c.wavelength_nm = 850; });  // single-mode fibre
  refused("plant.wavelength_nm", [](auto& c) { c.wavelength_nm = std::nan(""); });
  refused("plant.tx_reflectance_db", [](auto& c) { c.tx_reflectance_db = 0.5; });
  refused("plant.rx_reflectance_db", [](auto& c) { c.rx_reflectance_db = std::nan(""); });
  refused("plant.added_attenuation_db", [](auto& c) { c.added_attenuation_db = -1; });
  refused("plant.dgd_power_split", [](auto& c) { c.dgd_power_split = 1.1; });
  refused("plant.dgd_ps", [](auto& c) { c.dgd_ps = 1e6; });
  refused("plant.mux_loss_db", [](auto& c) { c.mux_loss_db = -1; });
  refused("plant.mpi_phase_rate_mhz", [](auto& c) { c.mpi_phase_rate_mhz = 1e6; });
  refused("plant.bidi_isolation_db", [](auto& c) { c.bidi_isolation_db = -3; });
  refused("plant.total_dispersion_ps_nm", [](auto& c) {
    c.override_dispersion = true;
    c.total_dispersion_ps_nm = 9999;
  });
  EXPECT_THROW(Plant(PlantConfig{}, Modulation::pam4, {1e-3}, rate, 8, 1, 0), ConfigError);
  EXPECT_THROW(Plant(PlantConfig{}, Modulation::pam4, levels, rate, 7, 1, 0), ConfigError);
  PlantConfig back_to_back = nothing();
  back_to_back.wavelength_nm = 850;
  EXPECT_NO_THROW(make(back_to_back));
}

}  // namespace
}  // namespace lightlane::optics
