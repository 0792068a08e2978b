#pragma once
/// A name of a module or PMD taken apart: "QSFP-DD 400G LR4 10km" is 400 Gb/s LR4 in QSFP-DD, over 10 km.

#include <optional>
#include <string>
#include <string_view>

namespace lightlane::catalog {

struct NameReading {
  int rate_gbps = 0;        ///< 0 = not said
  std::string family;       ///< "LR4", "LR4-6", "CWDM4"; upper case, parts joined by '-'; may be empty
  std::string form_factor;  ///< "QSFP28", "QSFP-DD"; empty = not said
  double reach_m = 0;       ///< 0 = not said
  bool ieee = false;        ///< written as "...GBASE-"
  int ports = 1;            ///< of "2x400G"
};

/// Words that say nothing (module, transceiver, MSA, SMF, LC ...) are left out. What is neither rate, form
/// factor, reach nor such a word belongs to the family. Nothing where two rates or two form factors are
/// named.
std::optional<NameReading> read_name(std::string_view name);

}  // namespace lightlane::catalog
