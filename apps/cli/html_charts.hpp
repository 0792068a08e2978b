#pragma once
/// Charts as inline SVG, drawn in the colours of the page. Every figure also stands in a table: a chart is
/// for the eye.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lightlane/math/statistics.hpp"

namespace lightlane::cli::html {

struct BerRow {
  std::string label;  ///< "lane 0"
  double ber = 0;
  math::RateInterval interval;
  double expected = 0;
};
/// Bit error ratio that a code mends to the standard's frame loss ratio.
struct BerLimit {
  std::string label;  ///< "KP4 limit 2.4e-4"
  double ber = 0;
};
/// A dot and its interval for each row on a logarithmic axis, beside what was expected and the limit. A row
/// without errors has an arrow up to its upper bound. `axis` says what the ratio is of.
std::string ber_chart(const std::vector<BerRow>& rows, const std::optional<BerLimit>& limit,
                      std::string_view axis);

struct Bin {
  std::string label;  ///< "0" to "15", "uncorr."
  std::uint64_t measured = 0;
  std::optional<double> predicted;
  bool bad = false;  ///< the last one: uncorrectable
};
/// Codewords by corrected symbols, logarithmic: bars measured, marks predicted (those below 0.1 are left
/// out).
std::string codeword_chart(const std::vector<Bin>& bins);

struct PowerStep {
  std::string label;
  double loss_db = 0;
};
/// Where the receiver gives up.
struct PowerEnd {
  double sensitivity_dbm = 0, margin_db = 0;
};
/// From the launched OMA [dBm] down to the received one, a bar for each loss [dB], and what is left of it.
std::string power_chart(double launch_dbm, const std::vector<PowerStep>& steps, double received_dbm,
                        const std::optional<PowerEnd>& end = {});

}  // namespace lightlane::cli::html
