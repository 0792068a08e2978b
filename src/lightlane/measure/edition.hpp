#pragma once
/// TDECQ as the amendments of 802.3 have it: each changed the procedure a little.

#include <span>
#include <string_view>

#include "lightlane/measure/tdecq.hpp"

namespace lightlane::measure {

struct Edition {
  std::string_view name;        ///< "bs", "cd", "cu", "db", "dj"
  std::string_view amendment;   ///< "802.3cd"
  std::string_view what;        ///< how it differs, in words
  std::string_view confidence;  ///< of these rules: sure, likely, unverified
};

/// Oldest first.
std::span<const Edition> editions() noexcept;

/// bs: five taps, main tap one of the first three, thresholds fixed. cd, cu: each threshold may move by 1 %
/// of OMAouter. db (multimode, 100 Gb/s a lane): nine taps. dj: fifteen taps, each within limits relative to
/// the main one. Reference filter at half the symbol rate in all of them. Throws ConfigError for a name that
/// is none.
TdecqConfig edition_config(std::string_view name, int samples_per_ui, double symbol_rate_gbd);

}  // namespace lightlane::measure
