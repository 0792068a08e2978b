#pragma once
/// Multipath interference: light that two reflections send round again meets the signal as an interferer.

#include <span>

namespace lightlane::plan {

/// Worst case, every path in phase and polarisation with the signal: reflectances in dB (negative), no loss
/// taken for granted between them, so that r = 10^((Ri + Rj) / 20) of every pair adds up to rho. Levels lie
/// evenly from P0 to P3 = ER P0; the upper eye closes by x = 2 rho (P3 + sqrt(P2 P3)) / step, and the penalty
/// is -10 log10(1 - x) [dB]. `levels`: 4 for PAM4, 2 for NRZ. From a closed eye on: `mpi_cap_db`.
inline constexpr double mpi_cap_db = 60;
double worst_mpi_penalty_db(std::span<const double> reflectances_db, double extinction_ratio_db,
                            int levels) noexcept;

}  // namespace lightlane::plan
