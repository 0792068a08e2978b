#pragma once
/// A link at the limits of its standard, as a scenario: the worst transmitter that is allowed, the largest loss, the worse
/// dispersion extreme, and the receiver that just meets its sensitivity.
///
/// The worst transmitter has equal levels at the smallest extinction ratio (where a lower one costs power: the one from which
/// it does not), and a low-pass (fourth-order Bessel-Thomson) that alone brings TDECQ to its maximum on the worst lane and
/// extreme (where its edges would be slower than is allowed: an eye in the middle that is smaller, besides); its OMA is the smallest OMA - TDECQ and that TDECQ. Extinction ratio and OMA are those that are measured, behind
/// the reference filter. The receiver's noise is 10^(S / 10) mW / (6 x 3.414), S the sensitivity for a signal without
/// penalty, SRS - SECQ (NRZ: / (2 q), q of its bit error ratio).
///
/// What is left is the allocation for penalties less the largest TDECQ; DGD and interference of reflections live on that.

#include <string>
#include <vector>

#include "lightlane/link/profile.hpp"
#include "lightlane/link/scenario.hpp"

namespace lightlane::link {

/// Limits that such a scenario needs and the catalogue does not know, each with its PMD; empty where there is one.
std::vector<std::string> missing_for_limits(const Devices& devices);

/// Of two PMDs the one whose cabling may lose less: it rules what is between them.
const catalog::Pmd& ruling_channel(const Devices& devices);
/// Largest loss of its channel over a fibre ("OM4"), where the catalogue has several.
catalog::Limit insertion_loss_limit(const catalog::Pmd& pmd, std::string_view fibre);

/// The fibre with the longest reach, whose loss is the largest; `otherwise` on single-mode fibre.
std::string_view limit_fibre(const catalog::Pmd& pmd, std::string_view otherwise);

/// (OMA - TDECQ) of the transmitter less the loss less the sensitivity without penalty: what the budget leaves for
/// interference and DGD [dB]. The limits must be known.
double limit_allocation_db(const Devices& devices);

/// Sets every key of tx, plant, rx and dsp. Throws ConfigError naming the unknown limits. About a second.
void apply_limits(const Devices& devices, Scenario& scenario);

}  // namespace lightlane::link
