#include "lightlane/plan/cost/cost_terms.hpp"

namespace lightlane::plan {
namespace {

using enum CostKey;
constexpr auto item = CostScope::item;
constexpr auto alternative = CostScope::alternative;
constexpr auto study = CostScope::study;
constexpr auto unknown = std::nullopt;
constexpr std::string_view not_counted = "default: not counted", common = "default, unverified";

constexpr CostTerm terms[] = {
    {unit_price, "unit_price", "money", "price of one", item, 0, 1e9, unknown, ""},
    {discount, "discount", "", "share taken off the price", item, 0, 1, 0, not_counted},
    {power_w, "power_w", "W", "power of one", item, 0, 1e7, unknown, ""},
    {utilisation, "utilisation", "", "share of the hours that it is powered", item, 0, 1, 1, common},
    {fit, "fit", "FIT", "failures in 1e9 hours", item, 0, 1e9, unknown, ""},
    {temperature_c, "temperature_c", "C", "temperature that it works at", item, -60, 150, unknown, ""},
    {fit_temperature_c, "fit_temperature_c", "C", "temperature that the FIT hold at", item, -60, 150, unknown,
     ""},
    {activation_energy_ev, "activation_energy_ev", "eV", "of failures, for the Arrhenius factor", item, 0, 3,
     0.7, common},
    {lead_time_days, "lead_time_days", "d", "until a replacement comes", item, 0, 3650, 30, common},
    {service_level, "service_level", "", "probability that the spares last until then", item, 0, 1 - 1e-9,
     0.95, common},
    {warranty_years, "warranty_years", "y", "years in which a replacement is free", item, 0, 100, 0,
     not_counted},
    {install_hours, "install_hours", "h", "work to install one", item, 0, 1e4, 0, not_counted},
    {repair_hours, "repair_hours", "h", "work to swap a failed one", item, 0, 1e4, 1, common},
    {labour_per_hour, "labour_per_hour", "money/h", "price of an hour's work", alternative, 0, 1e6, 0,
     not_counted},
    {mttr_hours, "mttr_hours", "h", "mean time to repair", alternative, 0, 1e5, 4, common},
    {downtime_per_hour, "downtime_per_hour", "money/h", "cost of an hour of one link down", alternative, 0,
     1e9, 0, not_counted},
    {common_fit, "common_fit", "FIT", "of what all paths share", alternative, 0, 1e9, 0, not_counted},
    {cabling, "cabling", "money", "fibre, cords and panels in all", alternative, 0, 1e12, 0, not_counted},
    {maintenance_per_year, "maintenance_per_year", "money", "contracts and cleaning in a year", alternative,
     0, 1e12, 0, not_counted},
    {residual_share, "residual_share", "", "share of the equipment's price it is worth at the end",
     alternative, 0, 1, 0, not_counted},
    {electricity_per_kwh, "electricity_per_kwh", "money/kWh", "price of electricity", alternative, 0, 100,
     0.12, "published guide, unverified"},
    {electricity_growth, "electricity_growth", "1/y", "how electricity grows dearer", alternative, -0.5, 1, 0,
     common},
    {pue, "pue", "", "power usage effectiveness: cooling and supply", alternative, 1, 10, 1.4,
     "default, unverified: data centres have 1.3 to 1.5"},
    {discount_rate, "discount_rate", "1/y", "rate that later money is discounted at", study, -0.5, 1, 0,
     common},
};
static_assert(std::size(terms) == cost_key_count);

}  // namespace

std::span<const CostTerm> cost_terms() noexcept { return terms; }
const CostTerm& term_of(CostKey key) noexcept { return terms[static_cast<std::size_t>(key)]; }

}  // namespace lightlane::plan
