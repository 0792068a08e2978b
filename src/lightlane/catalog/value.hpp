#pragma once
/// A number of the catalogue never stands alone: it carries where it comes from and how far it can be
/// trusted. A value that nobody knows is absent, never invented.

#include <cstdint>
#include <optional>
#include <string_view>

namespace lightlane::catalog {

enum class Confidence : std::uint8_t {
  unverified,  ///< from memory, or one weak source
  likely,      ///< remembered, and consistent with everything that was seen
  sure,        ///< two independent sources agree, or it follows by arithmetic from such values
};
std::string_view name(Confidence confidence) noexcept;

/// Of a group of values that share it. `source` holds keys of the source table, joined by ", ".
struct Provenance {
  Confidence confidence = Confidence::unverified;
  std::string_view source;
  std::string_view note;
};

struct Value {
  double value = 0;
  Confidence confidence = Confidence::unverified;
  std::string_view source;  ///< keys of the source table, joined by ", "
  std::string_view note;
};

/// A limit or property that may be unknown.
using Limit = std::optional<Value>;

/// A property of devices as they are, not a limit. The unit stands in the key.
struct TypicalValue {
  double typical = 0;
  double spread = 0;      ///< one standard deviation from part to part; 0 = not known or none
  double per_kelvin = 0;  ///< change per kelvin of case temperature about the device's reference temperature
  Confidence confidence = Confidence::unverified;
  std::string_view source;
  std::string_view note;
};

}  // namespace lightlane::catalog
