#include "lightlane/plan/budget/published.hpp"
#include "lightlane/plan/names.hpp"

#include <fmt/format.h>

#include "lightlane/base/error.hpp"
#include "lightlane/catalog/resolver.hpp"

namespace lightlane::plan {
namespace {

/// Of the guide that sets 100GBASE-LR4 against 100GBASE-LR1: its table of link budgets, and its calculator.
struct Figures {
  std::string_view type, pmd;
  double launch_dbm, sensitivity_dbm, calculator_margin_db;
};
constexpr Figures guide[] = {{"LR4", "100GBASE-LR4", -4.3, -10.6, 2.3},
                             {"LR1", "100G-LR (Lambda MSA)", -1.4, -6.6, 1.1}};

Budget correct(const catalog::Pmd& pmd, const PublishedPlant& plant) {
  Question q;
  q.near = &pmd;
  q.segments = {{&fibre_named("G.652.D", "fibre"), plant.length_m, plant.attenuation_db_per_km}};
  q.connectors = {{{&joint_named("lc-upc", "connector", catalog::JointKind::connector), plant.connectors,
                    plant.connector_db, std::nullopt}}};
  q.splices = {{&joint_named("splice-fusion", "splice", catalog::JointKind::splice), plant.splices,
                plant.splice_db, std::nullopt}};
  return budget(q);
}

}  // namespace

PublishedBudget published_budget(const PublishedPlant& plant) {
  PublishedBudget out;
  out.plant = plant;
  if (!(plant.system_margin_db >= 0 && plant.system_margin_db <= 30)) {
    throw ConfigError(
        {"engineering_margin_db", fmt::format("is {:g} dB", plant.system_margin_db), "0 to 30 dB", ""});
  }
  for (const Figures& figures : guide) {
    const catalog::Pmd& pmd = catalog::pmd_named(figures.pmd, "pmd");
    PublishedColumn column = {};
    column.correct = correct(pmd, plant);  // first: it checks the plant
    column.type = figures.type;
    column.pmd = &pmd;
    column.launch_dbm = figures.launch_dbm;
    column.sensitivity_dbm = figures.sensitivity_dbm;
    const double plant_db = plant.length_m / 1000 * plant.attenuation_db_per_km +
                            plant.connectors * plant.connector_db + plant.splices * plant.splice_db;
    column.loss_db = plant_db + plant.system_margin_db;
    column.receive_dbm = column.launch_dbm - column.loss_db;
    column.margin_db = column.receive_dbm - column.sensitivity_dbm;
    column.margin_without_system_margin_db = column.margin_db + plant.system_margin_db;
    column.calculator_margin_db = figures.calculator_margin_db;
    out.columns.push_back(std::move(column));
  }
  out.differences = {
      "The two sensitivities are different quantities. LR4's -10.6 dBm is the smallest average receive power "
      "(-4.3 dBm less the channel's 6.3 dB); its sensitivity is an OMA of -8.6 dBm. LR1's -6.6 dBm is a "
      "sensitivity in OMA, at an SECQ of 0.9 dB; its smallest average receive power is -7.7 dBm.",
      "Average launch powers are set against them. A receiver answers to OMA, which average power does not "
      "tell "
      "without the extinction ratio.",
      "The penalties are left out: TDP of up to 2.2 dB (LR4), TDECQ of up to 3.4 dB and 0.5 dB for MPI and "
      "DGD "
      "(LR1), which the standards take from the power budgets of 8.5 and 10.2 dB.",
      "So both types keep 6.3 dB for the channel, and have the same margin over the same plant: LR4 has no "
      "better "
      "one.",
      fmt::format(
          "A system margin of {:g} dB is part of the guide's loss. It is a choice of the designer, and not a "
          "part of the standards' channel.",
          plant.system_margin_db),
      "The guide's calculator shows 1.1 dB for LR1 at its defaults, where its own figures give 1.2 dB; for "
      "LR4 both "
      "give 2.3 dB.",
  };
  return out;
}

}  // namespace lightlane::plan
