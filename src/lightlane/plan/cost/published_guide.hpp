#pragma once
/// The figures of a published guide that compares 100GBASE-LR4 with LR1 (data/published/lr4-lr1-guide.toml).
/// Kept to be compared with: `--as-published` shows them beside what is reckoned here, and nothing else uses
/// them.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lightlane::plan {

struct GuideModule {
  std::string name, pmd;
  double unit_price = 0, power_w = 0, reliability_percent = 0, afr_percent = 0;
  double latency_low_ns = 0, latency_high_ns = 0;
  double component_power_low_w = 0, component_power_high_w = 0;  ///< sums of its component powers
};

struct Guide {
  std::string source, confidence;
  std::vector<GuideModule> modules;  ///< LR4, LR1
  struct {
    double temperature_c, degradation_percent;
  } performance;
  struct {
    double ports, electricity_per_kwh;
    int years;
    std::vector<double> totals;
    double saving, saving_percent;
  } tco;
  struct {
    double existing_ports, new_ports, growth_percent;
    int years;
    double ports, saving_kwh;
    std::string status, recommendation;
  } migration;
  struct {
    double modules, links, power_saving_w, saving_kwh, saving_money, capital_percent, power_percent;
  } case_1;
  struct {
    double required_percent, reached_percent, target_percent;
    std::vector<double> length_m, loss_db;
  } case_2;
  struct {
    double ports, saving_per_port, saving, saving_percent, new_ports, share_over_baseline_percent,
        growth_percent, months;
  } case_3;
};
/// Read once from inside the program.
const Guide& published_guide();

enum class GuideFit : std::uint8_t {
  exact,    ///< follows from the guide's own inputs
  rounded,  ///< does, rounded
  within,   ///< lies within the range that follows
  differs,  ///< does not
};
std::string_view name(GuideFit fit) noexcept;

/// A figure that the guide prints, and what its own inputs give.
struct GuideCheck {
  std::string what;  ///< "case 1: energy"
  double published = 0, reckoned = 0;
  std::string unit;
  GuideFit fit = GuideFit::differs;
  std::string why;
};
/// `rounding`: steps that the guide rounds in; 0 = none.
GuideCheck guide_check(std::string what, double published, double reckoned, std::string unit, double rounding,
                       std::string why);

/// The same, where one of the two is a range from `low` to `high`.
GuideCheck guide_range_check(std::string what, double published, double reckoned, double low, double high,
                             double inside, std::string unit, std::string why);

}  // namespace lightlane::plan
