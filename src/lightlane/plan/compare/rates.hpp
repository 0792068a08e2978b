#pragma once
/// Rates of a PMD's line, as arithmetic: transcoding and FEC on top of the MAC, symbols, bandwidths.

#include <optional>

#include "lightlane/catalog/pmd.hpp"

namespace lightlane::plan {

/// Symbols of a codeword and of its payload.
struct CodeRate {
  int n = 0, k = 0;
  double rate() const noexcept { return static_cast<double>(k) / n; }
  double overhead() const noexcept { return static_cast<double>(n) / k - 1; }
};
/// None: without FEC, or another one.
std::optional<CodeRate> code_of(catalog::FecKind kind) noexcept;

/// MAC rate to line rate: 64B/66B, and with FEC 256B/257B and the code. 100 -> 103.125 without FEC and with
/// RS(528,514), 106.25 with RS(544,514). None where the FEC is unknown or another one.
std::optional<double> line_rate_gbps(double mac_gbps, catalog::FecKind kind) noexcept;

int bits_per_symbol(catalog::LineCode code) noexcept;  ///< both polarisations; 0: unknown
int levels_of(catalog::LineCode code) noexcept;        ///< of a direct-detection eye; 0: none
double symbol_period_ps(double gbd) noexcept;
/// A usual rule for a receiver: three quarters of the symbol rate.
double receiver_bandwidth_ghz(double gbd) noexcept;
/// How much smaller each of the eyes of `levels` levels is than one of two, at equal swing and symbol rate.
double level_penalty_electrical_db(int levels) noexcept;  ///< 20 log10(levels - 1)
double level_penalty_optical_db(int levels) noexcept;     ///< 10 log10(levels - 1)

}  // namespace lightlane::plan
