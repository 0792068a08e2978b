#include "lightlane/math/fir.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <vector>

#include "lightlane/base/random.hpp"
#include "lightlane/math/fir_kernels.hpp"

namespace lightlane::math {
namespace {

std::vector<float> noise(std::size_t n, std::uint32_t lane) {
  const RandomStream random(7, "fir_test", lane);
  std::vector<float> x(n);
  for (std::size_t i = 0; i < n; ++i) x[i] = static_cast<float>(2.0 * random.uniform(i) - 1.0);
  return x;
}

/// In a block of exactly its size, so that the address sanitizer sees any access beyond; with what is behind
/// it foreign.
struct Guarded {
  static constexpr float foreign = 12345.0f;
  std::vector<float> all;
  std::size_t n;
  explicit Guarded(std::size_t size) : all(size + 32, foreign), n(size) {}
  float* data() { return all.data() + 16; }
  bool intact() const {
    const auto is_foreign = [](float x) { return x == foreign; };
    return std::all_of(all.begin(), all.begin() + 16, is_foreign) &&
           std::all_of(all.end() - 16, all.end(), is_foreign);
  }
};

double largest(const std::vector<double>& x) {
  double result = 0.0;
  for (const double v : x) result = std::max(result, std::fabs(v));
  return result;
}

void expect_close(const std::vector<double>& wanted, const float* got, double scale,
                  const std::string& what) {
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    ASSERT_NEAR(got[i], wanted[i], 1e-6 * scale) << what << ", output " << i << " of " << wanted.size();
  }
}

/// The longest sum that could have been: what rounding is measured against, where outputs happen to be small.
double bound(const std::vector<float>& taps) {
  double sum = 0.0;
  for (const float t : taps) sum += std::fabs(t);
  return sum;
}

constexpr std::size_t tap_counts[] = {1, 2, 3, 5, 8, 15, 16, 17, 31, 32, 33, 48, 65, 200};
constexpr std::size_t lengths[] = {1, 2, 7, 15, 16, 17, 33, 64, 100, 191, 192, 193, 520};

class FirKernels : public ::testing::Test {
 protected:
  template <class Check>
  void each(Check check) {
    for (const auto& kernel : detail::fir_kernels()) {
      if (kernel.variant > supported_variant()) continue;
      check(kernel.function, std::string(name(kernel.variant)));
    }
  }
};

TEST_F(FirKernels, FilterIsTheSum) {
  each([](const detail::FirKernels& kernels, const std::string& variant) {
    for (const std::size_t taps : tap_counts) {
      const auto fir = noise(taps, 0);
      for (const std::size_t n : lengths) {
        const auto in = noise(n + taps - 1, 1);
        std::vector<double> wanted(n);
        for (std::size_t i = 0; i < n; ++i) {
          for (std::size_t k = 0; k < taps; ++k) wanted[i] += static_cast<double>(fir[k]) * in[i + k];
        }
        Guarded out(n);
        kernels.filter(fir.data(), taps, in.data(), out.data(), n);
        expect_close(wanted, out.data(), std::max(largest(wanted), 0.1 * bound(fir)), variant);
        EXPECT_TRUE(out.intact()) << variant;
      }
    }
  });
}

TEST_F(FirKernels, DecimatingFilterIsTheSum) {
  each([](const detail::FirKernels& kernels, const std::string& variant) {
    for (const std::size_t taps : tap_counts) {
      const auto fir = noise(taps, 0);
      for (const std::size_t stride : {1, 2, 3, 8, 16, 32}) {
        for (const std::size_t n : {1, 2, 15, 16, 17, 40}) {
          const auto in = noise((n - 1) * stride + taps, 1);
          std::vector<double> wanted(n);
          for (std::size_t i = 0; i < n; ++i) {
            for (std::size_t k = 0; k < taps; ++k)
              wanted[i] += static_cast<double>(fir[k]) * in[i * stride + k];
          }
          Guarded out(n);
          kernels.decimate(fir.data(), taps, in.data(), stride, out.data(), n);
          expect_close(wanted, out.data(), std::max(largest(wanted), 0.1 * bound(fir)), variant);
          EXPECT_TRUE(out.intact()) << variant;
        }
      }
    }
  });
}

TEST_F(FirKernels, ComplexFilterIsTheSum) {
  each([](const detail::FirKernels& kernels, const std::string& variant) {
    for (const std::size_t taps : tap_counts) {
      const auto fir_re = noise(taps, 0), fir_im = noise(taps, 2);
      for (const std::size_t n : lengths) {
        const auto in_re = noise(n + taps - 1, 1), in_im = noise(n + taps - 1, 3);
        for (const bool complex_input : {false, true}) {
          std::vector<double> re(n), im(n);
          for (std::size_t i = 0; i < n; ++i) {
            std::complex<double> sum = 0.0;
            for (std::size_t k = 0; k < taps; ++k) {
              sum += std::complex<double>(fir_re[k], fir_im[k]) *
                     std::complex<double>(in_re[i + k], complex_input ? in_im[i + k] : 0.0);
            }
            re[i] = sum.real();
            im[i] = sum.imag();
          }
          Guarded out_re(n), out_im(n);
          kernels.complex_filter(fir_re.data(), fir_im.data(), taps, in_re.data(),
                                 complex_input ? in_im.data() : nullptr, out_re.data(), out_im.data(), n);
          const double scale = std::max({largest(re), largest(im), 0.1 * (bound(fir_re) + bound(fir_im))});
          expect_close(re, out_re.data(), scale, variant + ", real part");
          expect_close(im, out_im.data(), scale, variant + ", imaginary part");
          EXPECT_TRUE(out_re.intact() && out_im.intact()) << variant;
        }
      }
    }
  });
}

TEST_F(FirKernels, InterpolatingFilterIsTheSum) {
  each([](const detail::FirKernels& kernels, const std::string& variant) {
    for (const std::size_t phases : {1, 2, 4, 6, 8, 10, 16, 20, 32, 40}) {
      for (const std::size_t taps : {1, 2, 8, 13, 64, 65, 130}) {
        const auto table = noise(phases * taps, 0);
        for (const std::size_t n : {1, 2, 3, 7, 8, 9, 31, 64}) {
          const auto in = noise(n + taps - 1, 1);
          std::vector<double> wanted(n * phases);
          for (std::size_t i = 0; i < n * phases; ++i) {
            for (std::size_t k = 0; k < taps; ++k) {
              wanted[i] += static_cast<double>(table[i % phases * taps + k]) * in[i / phases + k];
            }
          }
          Guarded out(n * phases);
          kernels.interpolate(table.data(), phases, taps, in.data(), out.data(), n);
          const double scale = std::max(largest(wanted), 0.3 * std::sqrt(static_cast<double>(taps)));
          expect_close(wanted, out.data(), scale, variant + ", " + std::to_string(phases) + " phases");
          EXPECT_TRUE(out.intact()) << variant;
        }
      }
    }
  });
}

/// An output has the same bits whatever is made beside it.
TEST_F(FirKernels, TheCutOfAWindowNeverShows) {
  each([](const detail::FirKernels& kernels, const std::string& variant) {
    constexpr std::size_t n = 700;
    for (const std::size_t taps : {1, 6, 15, 17, 32, 40}) {
      const auto fir = noise(taps, 0), fir_im = noise(taps, 2), in = noise(n * 8 + taps, 1),
                 in_im = noise(n + taps, 3);
      std::vector<float> whole[4], piece[4];
      for (auto& w : whole) w.resize(n);
      for (auto& p : piece) p.resize(n);
      kernels.filter(fir.data(), taps, in.data(), whole[0].data(), n);
      kernels.decimate(fir.data(), taps, in.data(), 8, whole[1].data(), n);
      kernels.complex_filter(fir.data(), fir_im.data(), taps, in.data(), in_im.data(), whole[2].data(),
                             whole[3].data(), n);
      for (std::size_t at = 0, size = 1; at < n; at += size, size = size * 7 % 210 + 1) {
        size = std::min(size, n - at);
        kernels.filter(fir.data(), taps, in.data() + at, piece[0].data() + at, size);
        kernels.decimate(fir.data(), taps, in.data() + 8 * at, 8, piece[1].data() + at, size);
        kernels.complex_filter(fir.data(), fir_im.data(), taps, in.data() + at, in_im.data() + at,
                               piece[2].data() + at, piece[3].data() + at, size);
      }
      for (int i = 0; i < 4; ++i)
        EXPECT_EQ(whole[i], piece[i]) << variant << ", " << taps << " taps, kernel " << i;
    }
    for (const std::size_t phases : {1, 2, 6, 8, 16, 20}) {
      constexpr std::size_t taps = 9, symbols = 211;
      const auto table = noise(phases * taps, 0), in = noise(symbols + taps, 1);
      std::vector<float> whole(symbols * phases), piece(symbols * phases);
      kernels.interpolate(table.data(), phases, taps, in.data(), whole.data(), symbols);
      for (std::size_t at = 0, size = 1; at < symbols; at += size, size = size * 5 % 40 + 1) {
        size = std::min(size, symbols - at);
        kernels.interpolate(table.data(), phases, taps, in.data() + at, piece.data() + at * phases, size);
      }
      EXPECT_EQ(whole, piece) << variant << ", " << phases << " phases";
    }
  });
}

TEST_F(FirKernels, PlainVectorsHaveTheBitsOfTheReference) {
  constexpr std::size_t n = 333, taps = 37;
  const auto fir = noise(taps, 0), fir_im = noise(taps, 2), in = noise(n * 5 + taps, 1),
             in_im = noise(n + taps, 3);
  const auto run = [&](const detail::FirKernels& kernels) {
    std::vector<std::vector<float>> out(5, std::vector<float>(n));
    kernels.filter(fir.data(), taps, in.data(), out[0].data(), n);
    kernels.decimate(fir.data(), taps, in.data(), 5, out[1].data(), n);
    kernels.complex_filter(fir.data(), fir_im.data(), taps, in.data(), in_im.data(), out[2].data(),
                           out[3].data(), n);
    kernels.interpolate(in.data(), 9, 37, in.data() + 333, out[4].data(), n / 9);
    return out;
  };
  EXPECT_EQ(run(detail::fir_ref), run(detail::fir_portable));
}

TEST(Fir, SpansAreTakenAsTheHeaderSays) {
  const Fir fir{{1.0f, 2.0f, 4.0f}, 1};
  EXPECT_EQ(fir.after(), 1u);
  const std::vector<float> in{1, 0, 0, 1, 0, 0, 0};
  std::vector<float> out(5), every_second(3);
  filter(fir, in, out);
  EXPECT_EQ(out, (std::vector<float>{1, 4, 2, 1, 0}));
  filter_decimate(fir, in, 2, every_second);
  EXPECT_EQ(every_second, (std::vector<float>{1, 2, 0}));
  filter_decimate(fir, in, 1, out);
  EXPECT_EQ(out, (std::vector<float>{1, 4, 2, 1, 0}));
  const ComplexFir turn{{0.0f, 1.0f}, {1.0f, 0.0f}, 0};  // j x[i] + x[i + 1]
  const std::vector<float> re{1, 2, 3}, im{10, 20, 30};
  std::vector<float> out_re(2), out_im(2);
  filter(turn, re, im, out_re, out_im);
  EXPECT_EQ(out_re, (std::vector<float>{2 - 10, 3 - 20}));
  EXPECT_EQ(out_im, (std::vector<float>{20 + 1, 30 + 2}));
  filter(turn, re, {}, out_re, out_im);
  EXPECT_EQ(out_re, (std::vector<float>{2, 3}));
  EXPECT_EQ(out_im, (std::vector<float>{1, 2}));
  const PolyphaseFir shape{2, 2, {1.0f, 10.0f, 100.0f, 1000.0f}, 0};
  std::vector<float> shaped(4);
  filter_interpolate(shape, re, shaped);
  EXPECT_EQ(shaped, (std::vector<float>{21, 2100, 32, 3200}));
  filter(fir, {}, std::span<float>());
  filter_decimate(fir, {}, 4, {});
  filter_interpolate(shape, {}, {});
}

}  // namespace
}  // namespace lightlane::math
