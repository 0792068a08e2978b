#include "lightlane/plan/compare/rates.hpp"

#include "lightlane/math/elementary.hpp"

namespace lightlane::plan {

using catalog::FecKind;
using catalog::LineCode;

std::optional<CodeRate> code_of(FecKind kind) noexcept {
  switch (kind) {
    case FecKind::kp4_clause119:
    case FecKind::kp4_clause91:
    case FecKind::kp4_clause134:
      return CodeRate{544, 514};
    case FecKind::kr4:
      return CodeRate{528, 514};
    case FecKind::none:
    case FecKind::other:
    case FecKind::unknown:
      break;
  }
  return std::nullopt;
}

std::optional<double> line_rate_gbps(double mac_gbps, FecKind kind) noexcept {
  const double blocks = mac_gbps * 66 / 64;
  if (kind == FecKind::none) return blocks;
  const auto code = code_of(kind);
  if (!code) return std::nullopt;
  return blocks * 257 / 264 * code->n / code->k;
}

int bits_per_symbol(LineCode code) noexcept {
  switch (code) {
    case LineCode::nrz:
      return 1;
    case LineCode::pam4:
      return 2;
    case LineCode::dp_dqpsk:
      return 4;
    case LineCode::dp_16qam:
      return 8;
    case LineCode::unknown:
      break;
  }
  return 0;
}

int levels_of(LineCode code) noexcept { return code == LineCode::nrz ? 2 : code == LineCode::pam4 ? 4 : 0; }

double symbol_period_ps(double gbd) noexcept { return 1000 / gbd; }
double receiver_bandwidth_ghz(double gbd) noexcept { return 0.75 * gbd; }
double level_penalty_electrical_db(int levels) noexcept { return 2 * math::to_db(levels - 1); }
double level_penalty_optical_db(int levels) noexcept { return math::to_db(levels - 1); }

}  // namespace lightlane::plan
