#pragma once
/// Readings of interfaces to a verdict each, and ranked causes with their evidence, checks and actions.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lightlane/plan/answer.hpp"
#include "lightlane/plan/diagnosis/features.hpp"
#include "lightlane/plan/diagnosis/rules.hpp"

namespace lightlane::plan {

enum class Health : std::uint8_t { healthy, not_enough_data, degraded, failing, down };
std::string_view name(Health health) noexcept;  ///< "not enough data"

/// A reading against its limits.
struct MarkedReading {
  Reading reading = Reading::rx_power_dbm;
  std::size_t lane = 0;
  double value = 0;
  MonitorThresholds thresholds;
  std::string_view thresholds_from;  ///< "module", "pmd", "typical"; empty: none
  ReadingMark mark = ReadingMark::unknown;
};

struct InterfaceDiagnosis {
  const Readings* readings = nullptr;  ///< of the input, which must live on
  Health health = Health::not_enough_data;
  bool idle = false;  ///< shut down, no module, or passive: nothing to judge, and nothing wrong
  std::vector<std::string> because;  ///< of the verdict, the worst first
  std::vector<Cause> causes;         ///< ranked; those of a note have no part in the verdict
  double unexplained_share = 1;      ///< what no rule knows
  std::vector<MarkedReading> marks;  ///< by reading, then lane
  ThresholdSet thresholds;
  std::vector<LaneTrend> trends;
  std::optional<FecTail> tail;
  int interleaved = 2;  ///< codewords that the tail's frame loss counts with
  /// Optical dB to the limit of FEC, by the worst bit error ratio; an estimate. NaN: unknown.
  double ber_margin_db = NAN;
  std::optional<Prediction> prediction;
  std::vector<std::string> checks, actions;  ///< of the causes in their order, each once
  std::vector<std::string> notes;            ///< what was left out, what does not fit together
  Ledger ledger;
};

struct DiagnosisConfig {
  const RuleBook* rules = nullptr;    ///< null: those that ship
  const catalog::Pmd* pmd = nullptr;  ///< of interfaces that do not say theirs
  std::optional<Question> plant;      ///< to predict with; its near end is the interface's
  std::optional<int> interleaved;     ///< 1 to 8; else by rate
  bool details = true;                ///< false: verdict, causes and marks alone
};

/// One for each interface of the input (unused lanes dropped there), the worst first, of equal ones in the
/// order of the input. ConfigError where the plant cannot be.
std::vector<InterfaceDiagnosis> diagnose(DiagnosisInput& input, const DiagnosisConfig& config);

/// Whether there is anything to judge, and all of it is healthy: what is idle does not count.
bool all_healthy(const std::vector<InterfaceDiagnosis>& list) noexcept;

}  // namespace lightlane::plan
