#pragma once
/// What every planning answer carries beside its figures: reasons with their cure, what was assumed because
/// the question did not say it, and the limits that the answer rests on.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lightlane/catalog/pmd.hpp"
#include "lightlane/catalog/value.hpp"

namespace lightlane::plan {

/// What a reason does to the answer.
enum class Severity : std::uint8_t {
  advice,     ///< worth knowing
  setup,      ///< works, once hosts, cables or modes are set up as the text says
  condition,  ///< does not hold as things are; the cure mends it
  unknown,    ///< nobody can say without knowing more
  refusal,    ///< does not work
};
std::string_view name(Severity severity) noexcept;

/// "LOSS", "OVERLOAD", "REACH", "REFLECTANCE", "WAVELENGTH" ...
struct Reason {
  std::string_view code;
  std::string text;
  std::string cure;  ///< may be empty
  Severity severity = Severity::condition;
};

/// advice where there is none.
Severity worst(const std::vector<Reason>& reasons) noexcept;

/// One value that the question did not give. `unit` may be empty.
struct Assumption {
  std::string what;
  std::optional<double> value;  ///< none: `what` says it all
  std::string_view unit;
  std::string_view confidence;  ///< empty: a default of the program
  std::string source;
};

/// A limit that the budget rests on.
struct UsedLimit {
  std::string what;  ///< "400GBASE-DR4 tx.oma_outer_min_dbm"
  double value = 0;
  catalog::Confidence confidence = catalog::Confidence::unverified;
  std::string_view source;
};

/// What was assumed and used while resolving.
struct Ledger {
  std::vector<Assumption> assumed;
  std::vector<UsedLimit> limits;
  std::vector<Reason> reasons;

  void assume(std::string what, std::optional<double> value, std::string_view unit,
              std::string source = "default");
  void assume(std::string what, const catalog::Value& value, std::string_view unit);
  /// Notes a limit once, and gives its value; NaN where it is unknown.
  double use(const catalog::Pmd& pmd, std::string_view key, const catalog::Limit& limit);
};

}  // namespace lightlane::plan
