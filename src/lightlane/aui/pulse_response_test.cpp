#include "lightlane/aui/pulse_response.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <numbers>
#include <string>

#include "lightlane/base/error.hpp"
#include "lightlane/math/fft.hpp"

namespace lightlane::aui {
namespace {

TEST(PulseResponse, OneVoltageALine) {
  for (const char* text :
       {"samples_per_ui 4\n0\n0.5\n1e0\n-0.25\n", "# a comment\n\nsamples_per_ui,4\r\n0\r\n+0.5\r\n1\r\n-.25",
        "samples_per_ui = 4\n 0 \n\t0.5\n1.0\n# more\n-25e-2\n"}) {
    const PulseResponse pulse = parse_pulse_response(text, "x");
    EXPECT_EQ(pulse.samples_per_ui, 4);
    EXPECT_EQ(pulse.v, (std::vector<double>{0, 0.5, 1, -0.25})) << text;
  }
}

TEST(PulseResponse, TimesAndVoltages) {
  for (const char* text : {"time_ui,voltage\n1,0\n1.125,0.5\n1.25,1\n", "0;0\n0.125;0.5\n0.25;1",
                           "-2 0\n-1.875 0.5\n-1.75 1\n"}) {
    const PulseResponse pulse = parse_pulse_response(text, "x");
    EXPECT_EQ(pulse.samples_per_ui, 8);
    EXPECT_EQ(pulse.v, (std::vector<double>{0, 0.5, 1})) << text;
  }
}

TEST(PulseResponse, RefusalsNameTheLine) {
  const std::pair<std::string, const char*> table[] = {
      {"", "p.csv: "},
      {"# nothing\n", "p.csv: "},
      {"samples_per_ui 8\n", "p.csv: holds no samples"},
      {"samples_per_ui\n1\n", "line 1"},
      {"samples_per_ui 0\n1\n", "line 1"},
      {"samples_per_ui 2.5\n1\n", "line 1"},
      {"samples_per_ui 1e9\n1\n", "line 1"},
      {"samples_per_ui nan\n1\n", "line 1"},
      {"samples_per_ui 8 8\n1\n", "line 1"},
      {"samples_per_ui 8\n1\nnan\n", "line 3"},
      {"samples_per_ui 8\n1\n\n-inf\n", "line 4"},
      {"samples_per_ui 8\n1e300\n", "line 2"},
      {"samples_per_ui 8\n1e999\n", "line 2"},
      {"samples_per_ui 8\n1,2\n", "line 2: has 2 columns"},
      {"samples_per_ui 8\n1x\n", "\"1x\" is no number"},
      {"1\n2\n", "line 1"},
      {"hello world foo\n", "line 1"},
      {"time,voltage\n0,1\n0.1\n", "line 3"},
      {"time,voltage\n0,1\n0.1,1\n0.1,1\n", "line 4"},
      {"time,voltage\n0,1\n0.1,1\n0.3,1\n", "line 4: time is 0.3 after 0.1"},
      {"time,voltage\n0,1\n-0.1,1\n", "line 3"},
      {"time,voltage\n0,1\n", "one time"},
      {"time,voltage\n0,1\n0.3,1\n", "0.3 UI apart"},
      {"time,voltage\n0,1\n1e-12,1\n", "UI apart"},
      {"time,voltage\n0,1\nnan,1\n", "line 3"},
      {"samples_per_ui 1\n" +
           [] {
             std::string s;
             for (int i = 0; i < 4097; ++i) s += "1\n";
             return s;
           }(),
       "lasts 4097 UI"},
      {std::string("samples_per_ui 8\n\0\n", 19), "line 2"},
  };
  for (const auto& [text, words] : table) {
    try {
      parse_pulse_response(text, "p.csv");
      ADD_FAILURE() << "accepted: " << text.substr(0, 60);
    } catch (const InputError& error) {
      EXPECT_NE(std::string(error.what()).find(words), std::string::npos) << error.what();
      EXPECT_EQ(std::string(error.what()).find("p.csv"), 0u) << error.what();
    }
  }
}

TEST(PulseResponse, FilesAreReadOrRefused) {
  const std::filesystem::path path = std::filesystem::path(testing::TempDir()) / "pulse_response_test.txt";
  std::ofstream(path) << "samples_per_ui 2\n0.25\n0.75\n";
  EXPECT_EQ(read_pulse_response(path).v, (std::vector<double>{0.25, 0.75}));
  std::filesystem::remove(path);
  EXPECT_THROW(read_pulse_response(path), InputError);
  EXPECT_THROW(read_pulse_response(testing::TempDir()), InputError);
}

TEST(PulseResponse, ProfileLosesWhatItSays) {
  const double nyquist = 13.28125e9;
  for (const double loss : {0.0, 4.0, 20.0}) {
    for (const double share : {0.0, 0.2, 1.0}) {
      for (const double f : {0.1, 0.5, 1.0, 2.0}) {
        const double expected = -loss * (share * std::sqrt(f) + (1 - share) * f);
        const auto h = channel_response(f * nyquist, loss, nyquist, share);
        EXPECT_NEAR(20 * std::log10(std::abs(h)), expected, 1e-9);
        EXPECT_NEAR(std::abs(channel_response(-f * nyquist, loss, nyquist, share) - std::conj(h)), 0, 1e-12);
      }
      EXPECT_EQ(channel_response(0, loss, nyquist, share), 1.0);
    }
  }
}

TEST(PulseResponse, ProfileIsCausal) {
  // Impulse response behind a delay of 32 UI, band limited softly: next to nothing may come before it. A loss
  // without its phase would answer as much before as after.
  constexpr std::size_t n = 1u << 15;
  const double rate = 26.5625e9, sample = 64 * rate;
  for (const double share : {0.2, 1.0}) {
    std::vector<std::complex<double>> x(n);
    for (std::size_t k = 0; k < n; ++k) {
      const double f = math::bin_frequency(k, n, sample), g = f / (6 * rate);
      x[k] = channel_response(f, 20, rate / 2, share) * std::exp(-g * g) *
             std::polar(1.0, -2 * std::numbers::pi * f * 32 / rate);
    }
    math::Fft(n).inverse(x);
    double before = 0, all = 0;
    for (std::size_t i = 0; i < n; ++i) {
      all += std::norm(x[i]);
      // The dielectric's own delay is left out at half the rate, so its front comes somewhat early.
      if (i < 64 * 30) before += std::norm(x[i]);
    }
    EXPECT_LT(before, 1e-4 * all) << share;
  }
}

}  // namespace
}  // namespace lightlane::aui
