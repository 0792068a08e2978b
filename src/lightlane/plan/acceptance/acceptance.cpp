#include "lightlane/plan/acceptance/acceptance.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lightlane/base/error.hpp"
#include "lightlane/plan/acceptance/acceptance_steps.hpp"
#include "lightlane/plan/budget/budget_terms.hpp"
#include "lightlane/plan/compare/rates.hpp"

namespace lightlane::plan {
namespace {

using namespace catalog;

void check(double value, double low, double high, const char* place) {
  if (value >= low && value <= high) return;  // NaN is refused too
  throw ConfigError({place, fmt::format("is {:g}", value), fmt::format("{:g} to {:g}", low, high), ""});
}

/// The plant of the budget; without segments where there is no budget.
Question plant_with_defaults(const InteropQuestion& question, const Interop& answer) {
  Question plant = plant_of(question);
  plant.near = answer.a_as;
  plant.far = answer.b_as;
  if (!answer.budget) {
    plant.segments.clear();
    return plant;
  }
  Ledger scratch;
  return completed(plant, scratch);
}

}  // namespace

void check_acceptance(const AcceptanceConfig& config) {
  check(config.confidence, 0.5, 0.999999, "confidence");
  if (config.ber) check(*config.ber, 1e-18, 0.01, "ber");
  check(config.errors, 0, 1000, "errors");
  check(config.soak_h, 0, 10000, "soak_h");
  check(config.pre_fec_margin_db, 0, 6, "pre_fec_margin_db");
}

std::string_view name(AcceptanceTask task) noexcept {
  constexpr std::string_view names[] = {"conditions", "clean", "polarity", "loss",   "reflectance", "power",
                                        "setup",      "bert",  "soak",     "alarms", "record"};
  return names[static_cast<int>(task)];
}

int AcceptanceLink::bits_per_symbol() const noexcept { return plan::bits_per_symbol(a.modulation); }

double AcceptanceLink::lane_gbps() const noexcept { return a.lane_rate_gbd * bits_per_symbol(); }

int AcceptanceLink::lanes() const noexcept {
  return interop.children > 1 ? interop.children * std::min(a.lanes, b.lanes) : a.lanes;
}

double AcceptanceLink::channel_gbps() const noexcept { return lane_gbps() * lanes() / interop.children; }

std::optional<RsCode> AcceptanceLink::code() const noexcept {
  // Where one end has RS(528,514) and the other may go without, interop() asks for it at both.
  for (const FecKind kind : {a.fec.kind, b.fec.kind}) {
    if (kind == FecKind::kp4_clause119 || kind == FecKind::kp4_clause91 || kind == FecKind::kp4_clause134)
      return RsCode{544, 15};
    if (kind == FecKind::kr4) return RsCode{528, 7};
  }
  return std::nullopt;
}

void pass_low(AcceptanceCheck& check, const NamedLimit& limit) {
  if (!*limit.limit) {
    check.unknown += fmt::format("{}{} {}", check.unknown.empty() ? "" : ", ", limit.pmd->id, limit.key);
    return;
  }
  const Value& value = **limit.limit;
  check.pass.low = value.value;
  check.confidence = catalog::name(value.confidence);
  check.source = fmt::format("{} {} ({})", limit.pmd->id, limit.key, value.source);
}

void pass_high(AcceptanceCheck& check, const NamedLimit& limit) {
  if (!*limit.limit) {
    check.unknown += fmt::format("{}{} {}", check.unknown.empty() ? "" : ", ", limit.pmd->id, limit.key);
    return;
  }
  const Value& value = **limit.limit;
  check.pass.high = value.value;
  // Two limits in one line: the weaker confidence, both sources.
  if (!check.pass.low || check.confidence == "sure") check.confidence = catalog::name(value.confidence);
  const std::string source = fmt::format("{} {} ({})", limit.pmd->id, limit.key, value.source);
  check.source = check.source.empty() ? source : fmt::format("{}, {}", check.source, source);
}

void pass_high(AcceptanceCheck& check, const NamedLimit& one, const NamedLimit& other) {
  const bool second = *other.limit && (!*one.limit || (*other.limit)->value < (*one.limit)->value);
  pass_high(check, second ? other : one);
}

Acceptance acceptance(const InteropQuestion& question, const AcceptanceConfig& config) {
  check_acceptance(config);
  Acceptance out;
  out.config = config;
  out.interop = interop(question);
  const Interop& answer = out.interop;
  if (answer.verdict == InteropVerdict::no) return out;
  const AcceptanceLink link = {question,     answer,       config,
                               *answer.a_as, *answer.b_as, plant_with_defaults(question, answer)};
  if (answer.verdict != InteropVerdict::ok) out.steps.push_back(condition_step(link));
  for (const auto step : {clean_step, polarity_step, loss_step, reflectance_step, power_step, setup_step,
                          bert_step, soak_step, alarm_step, record_step})
    out.steps.push_back(step(link));
  return out;
}

}  // namespace lightlane::plan
