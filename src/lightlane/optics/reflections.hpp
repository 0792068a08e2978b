#pragma once
/// Light that is reflected twice (multipath interference, MPI): where it comes from, and what it can cost at
/// most.

#include <cstddef>
#include <span>
#include <vector>

namespace lightlane::optics {

/// A place that reflects, in the order of the cable.
struct Reflector {
  std::size_t index = 0;      ///< 0 = transmitter, 1 + j = joint j, joints + 1 = receiver
  double reflectance_db = 0;  ///< negative
  double loss_before_db = 0;  ///< one way from the transmitter's end to its near face
  double loss_after_db = 0;   ///< to its far face: its own loss included
  double delay_s = 0;         ///< one way from the transmitter's end
};

/// One path of light that is reflected twice: relative to the direct one.
struct ReflectionPair {
  std::size_t first = 0, second = 0;  ///< reflectors in order from the transmitter: 0 = transmitter, 1 + j =
                                      ///< joint j, last = receiver
  double amplitude = 0;  ///< of the field: sqrt(R_i R_j) times the round trip's loss between them
  double delay_ui = 0;
};

/// All pairs of reflectors, in the order (0, 1), (0, 2) .. (1, 2) ..
std::vector<ReflectionPair> reflection_pairs(std::span<const Reflector> reflectors, double symbol_rate_hz);

/// Return loss of all discrete reflections [dB], powers added, seen from the transmitter (which is not
/// counted); at most 120, which stands for none.
double return_loss_db(std::span<const Reflector> reflectors) noexcept;

/// Light that comes by another way changes from symbol centre to symbol centre in raised cosines: what one symbol gives,
/// `ui` after its centre. 1 at the centre, 0 from one symbol on.
double interferer_pulse(double ui) noexcept;

/// Upper bound of the MPI penalty [dB optical]: every pair in phase, at the top level, nothing lost between
/// them (the two ends belong in the list). S = sum over pairs of 10^((R_i + R_j) / 20); PAM4: 12 S r / (r -
/// 1) of a third of OMAouter closes, NRZ: 4 S r / (r - 1) of OMA. Infinite where nothing stays open.
/// Published case (802.3 400G reflector, msg00229): four of -25 dB and two of -35 dB at 6 dB extinction
/// ratio, PAM4: 2.5 dB.
double mpi_penalty_bound_db(std::span<const double> reflectances_db, double extinction_ratio_db,
                            bool pam4) noexcept;

}  // namespace lightlane::optics
