#pragma once
/// Names of PMDs that are in use and mean more than one type, none, or one that is not what the name says.

#include <span>
#include <string_view>

#include "lightlane/catalog/value.hpp"

namespace lightlane::catalog {

enum class NameKind : std::uint8_t {
  ambiguous,    ///< used for more than one type
  nonexistent,  ///< no such type: `text` says why, the meanings what may be meant
  unlisted,     ///< a type that exists and is not in the catalogue
  remark,       ///< an alias of one PMD, of which there is something to say
};
std::string_view name(NameKind kind) noexcept;

/// What a name may mean, and who says so.
struct NameMeaning {
  std::string_view text;
  std::span<const std::string_view> pmds;  ///< their ids; may be empty
  Provenance provenance;
};

struct NameEntry {
  std::string_view id;  ///< "VSR4"
  std::span<const std::string_view> aliases;
  NameKind kind = NameKind::ambiguous;
  std::string_view text;
  std::span<const NameMeaning> meanings;
  Provenance provenance;
};

}  // namespace lightlane::catalog
