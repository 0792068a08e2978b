#pragma once
/// The single steps of acceptance(), each a pure function of the link.

#include <string>
#include <vector>

#include "lightlane/plan/acceptance/acceptance.hpp"
#include "lightlane/plan/acceptance/error_counting.hpp"

namespace lightlane::plan {

/// What every step needs of the link.
struct AcceptanceLink {
  const InteropQuestion& question;
  const Interop& interop;
  const AcceptanceConfig& config;
  const catalog::Pmd& a;  ///< what the light is
  const catalog::Pmd& b;
  Question plant;  ///< with every default filled in; empty segments where the budget is unknown

  int bits_per_symbol() const noexcept;
  double lane_gbps() const noexcept;     ///< line rate of a lane; 0: unknown
  double channel_gbps() const noexcept;  ///< line rate of what one FEC protects: a child of a breakout
  /// Of the lanes' FEC; none: there is none, or it is of another kind.
  std::optional<RsCode> code() const noexcept;
  int lanes() const noexcept;  ///< of the whole link
};

AcceptanceStep condition_step(const AcceptanceLink& link);
AcceptanceStep clean_step(const AcceptanceLink& link);
AcceptanceStep polarity_step(const AcceptanceLink& link);
AcceptanceStep loss_step(const AcceptanceLink& link);
AcceptanceStep reflectance_step(const AcceptanceLink& link);
AcceptanceStep power_step(const AcceptanceLink& link);
AcceptanceStep setup_step(const AcceptanceLink& link);
AcceptanceStep bert_step(const AcceptanceLink& link);
AcceptanceStep soak_step(const AcceptanceLink& link);
AcceptanceStep alarm_step(const AcceptanceLink& link);
AcceptanceStep record_step(const AcceptanceLink& link);

/// The check of a limit of the catalogue: its confidence and source, or "unknown: <pmd> <key>".
struct NamedLimit {
  const catalog::Pmd* pmd = nullptr;
  std::string_view key;
  const catalog::Limit* limit = nullptr;
};
void pass_low(AcceptanceCheck& check, const NamedLimit& limit);
void pass_high(AcceptanceCheck& check, const NamedLimit& limit);
/// The least limit of both, where known.
void pass_high(AcceptanceCheck& check, const NamedLimit& one, const NamedLimit& other);

}  // namespace lightlane::plan
