#pragma once
/// What rules look at: numbers and words drawn from readings, thresholds, histories, histograms and the
/// plant. What cannot be drawn from what was read is unknown (NaN, empty).

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "lightlane/plan/diagnosis/fec_tail.hpp"
#include "lightlane/plan/diagnosis/prediction.hpp"
#include "lightlane/plan/diagnosis/readings.hpp"
#include "lightlane/plan/diagnosis/thresholds.hpp"
#include "lightlane/plan/diagnosis/trend.hpp"

namespace lightlane::plan {

struct LaneTrend {
  Reading reading = Reading::rx_power_dbm;
  std::size_t lane = 0;
  ReadingTrend trend;
};

/// What features are drawn from. The pointers may be null, `readings` and `thresholds` must not.
struct FeatureSources {
  const Readings* readings = nullptr;
  const ThresholdSet* thresholds = nullptr;
  std::span<const LaneTrend> trends;
  const FecTail* tail = nullptr;
  const Prediction* prediction = nullptr;
};

struct FeatureInfo {
  std::string_view name, meaning;
  bool word = false;
};
/// Numbers first, then words. Rules name them; with "far." before it the other end is meant.
std::span<const FeatureInfo> features() noexcept;
/// -1: there is none.
int feature_named(std::string_view name) noexcept;

struct Features {
  std::vector<double> numbers;          ///< by index in features(); NaN: unknown, or a word
  std::vector<std::string_view> words;  ///< of all indices; empty: unknown, or a number
};
Features features_of(const FeatureSources& sources);

/// No light: dark_dbm or less, or loss of signal where the power does not contradict it.
bool dark_lane(const Readings& readings, const ThresholdSet& thresholds, std::size_t lane) noexcept;

/// FEC in the words of facts: what the type needs of the host's port. "none", "rs544",
/// "rs528", or "" where it is not known.
std::string_view host_fec_of(const catalog::Pmd& pmd, std::string_view form_factor) noexcept;

}  // namespace lightlane::plan
