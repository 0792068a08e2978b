#pragma once
/// Any name that people use, answered: what it is, that it is used for several things, that there is no such
/// type and why, or which known names are near it. `lightlane catalog search`, and every refusal of a PMD's
/// name.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lightlane/base/error.hpp"
#include "lightlane/catalog/catalog.hpp"

namespace lightlane::catalog {

enum class NameStatus : std::uint8_t {
  exact,        ///< the id of one entry
  alias,        ///< another name of one entry, or one that can only be read as it
  ambiguous,    ///< several entries
  nonexistent,  ///< no such type; `matches` are what may be meant
  unlisted,     ///< a type that exists and is not in the catalogue; `matches` are akin to it
  unknown,      ///< `matches` are near it in spelling or in meaning
};
std::string_view name(NameStatus status) noexcept;

struct NameMatch {
  std::string_view kind;  ///< "pmd", "fibre" ...: as in data/catalog
  std::string_view id;
};

struct NameAnswer {
  NameStatus status = NameStatus::unknown;
  std::vector<NameMatch> matches;
  std::string explanation;           ///< may be empty where the status says all
  const NameEntry* entry = nullptr;  ///< with source, confidence and the single meanings; null: none
  bool one() const noexcept { return status == NameStatus::exact || status == NameStatus::alias; }
};

/// A name as it stands (id or alias) goes before what data/catalog/names.toml says of it, before its reading
/// as rate, family, form factor and reach ("QSFP-DD 400G FR8 2km"), before names that are near it. "4x100G
/// DR" is ambiguous: what breaks out into it, and the type of one. A known name takes a microsecond, an
/// unknown one about a tenth of a millisecond.
NameAnswer resolve_name(std::string_view name, const Tables& tables = builtin());

/// Why a name at `place` is that of no entry of `kinds` ("fibre", "cage" ...), and which of theirs are near
/// it: for a ConfigError.
ErrorDetail name_refusal(std::string_view place, std::string_view name,
                         std::span<const std::string_view> kinds, const Tables& tables = builtin());

/// Why a name at `place` is no PMD's, and what may be meant: for a ConfigError. The name must not be an id or
/// alias of a PMD.
ErrorDetail pmd_refusal(std::string_view place, std::string_view name, const Tables& tables = builtin());

/// The PMD that a name means, by id, alias or reading, or as the name of a module that has it. Throws
/// ConfigError of pmd_refusal() where it means none, or more than one.
const Pmd& pmd_named(std::string_view name, std::string_view place, const Tables& tables = builtin());

}  // namespace lightlane::catalog
