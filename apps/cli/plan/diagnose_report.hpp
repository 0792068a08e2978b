#pragma once
/// What `lightlane diagnose` prints.

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "lightlane/plan/diagnosis/diagnosis.hpp"

namespace lightlane::cli {

/// One interface: verdict, causes, what to do, readings. Several: a line each, with `details` all of each
/// too.
void print_text(const std::vector<plan::InterfaceDiagnosis>& list, const plan::DiagnosisInput& input,
                bool details);
nlohmann::ordered_json to_json(const std::vector<plan::InterfaceDiagnosis>& list,
                               const plan::DiagnosisInput& input);
/// Histories where there are any, else powers of the lanes against their limits.
std::string diagnosis_svg(const plan::InterfaceDiagnosis& d, const plan::DiagnosisInput& input);

void print_rules(const plan::RuleBook& book);
nlohmann::ordered_json to_json(const plan::RuleBook& book);
void print_features();
void print_reading_names();

/// "-5.20 dBm", "2.4e-04", "yes"
std::string reading_text(plan::Reading reading, double value);

}  // namespace lightlane::cli
