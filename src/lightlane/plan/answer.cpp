#include "lightlane/plan/answer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace lightlane::plan {

using catalog::Limit;
using catalog::Pmd;
using catalog::Value;

std::string_view name(Severity severity) noexcept {
  constexpr std::string_view names[] = {"advice", "setup", "condition", "unknown", "refusal"};
  return names[static_cast<int>(severity)];
}

Severity worst(const std::vector<Reason>& reasons) noexcept {
  Severity out = Severity::advice;
  for (const Reason& reason : reasons) out = std::max(out, reason.severity);
  return out;
}

void Ledger::assume(std::string what, std::optional<double> value, std::string_view unit,
                    std::string source) {
  for (const Assumption& known : assumed)
    if (known.what == what && known.value == value) return;
  assumed.push_back({std::move(what), value, unit, {}, std::move(source)});
}

void Ledger::assume(std::string what, const Value& value, std::string_view unit) {
  for (const Assumption& known : assumed)
    if (known.what == what && known.value == value.value) return;
  assumed.push_back(
      {std::move(what), value.value, unit, catalog::name(value.confidence), std::string(value.source)});
}

double Ledger::use(const Pmd& pmd, std::string_view key, const Limit& limit) {
  if (!limit) return NAN;
  std::string what = fmt::format("{} {}", pmd.id, key);
  if (std::none_of(limits.begin(), limits.end(), [&](const UsedLimit& l) { return l.what == what; }))
    limits.push_back({std::move(what), limit->value, limit->confidence, limit->source});
  return limit->value;
}

}  // namespace lightlane::plan
