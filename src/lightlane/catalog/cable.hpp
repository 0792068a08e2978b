#pragma once
/// Cords, trunks and harnesses with both ends on: which fibre of one end comes out where at the other.

#include <span>
#include <string_view>

#include "lightlane/catalog/pmd.hpp"
#include "lightlane/catalog/value.hpp"

namespace lightlane::catalog {

enum class CableKind : std::uint8_t { cord, trunk, harness };
std::string_view name(CableKind kind) noexcept;
enum class Gender : std::uint8_t { none, female, male };  ///< of MPO: male has the pins
std::string_view name(Gender gender) noexcept;

/// Positions of a connector: 2 of a duplex LC, 12 of an MPO-12 ...; 0 = unknown.
int positions(PmdConnector connector) noexcept;

struct CableEnd {
  PmdConnector connector = PmdConnector::unknown;
  Gender gender = Gender::none;
  Polish polish = Polish::unknown;
};

struct Cable {
  std::string_view id;  ///< "mpo12-b-sm"
  std::span<const std::string_view> aliases;
  CableKind kind = CableKind::cord;
  std::string_view summary;
  FibreKind fibre = FibreKind::single_mode;
  std::string_view polarity;  ///< "A", "B", "C"; empty where these do not apply
  CableEnd a, b;              ///< b: of each leg
  Provenance provenance;
  int legs = 1;
  /// By leg, then by position at end b, from 1: the position at end a, or 0 where there is no fibre.
  std::span<const int> map;

  /// Position at end a of position `position` (from 1) of leg `leg` (from 0); 0 = dark.
  int position_at_a(int leg, int position) const noexcept;
  /// The other way: leg and position at end b of a position at end a; {0, 0} = dark.
  struct Far {
    int leg = 0, position = 0;
  };
  Far position_at_b(int position) const noexcept;
};

}  // namespace lightlane::catalog
