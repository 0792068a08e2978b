#include "lightlane/link/structure.hpp"

#include <fmt/format.h>

#include <string>

#include "lightlane/base/error.hpp"
#include "lightlane/catalog/catalog.hpp"
#include "lightlane/catalog/resolver.hpp"

namespace lightlane::link {
namespace {

using signal::Modulation;

const Structure table[] = {
    {"400g-4lane", 400, Coding::clause119, 16, 8, 4, Modulation::pam4, Rational(425, 16), "400GAUI-8"},
    {"400g-8lane", 400, Coding::clause119, 16, 8, 8, Modulation::pam4, Rational(425, 16), "400GAUI-8"},
    {"200g-2lane", 200, Coding::clause119, 8, 4, 2, Modulation::pam4, Rational(425, 16), "200GAUI-4"},
    {"200g-4lane", 200, Coding::clause119, 8, 4, 4, Modulation::pam4, Rational(425, 16), "200GAUI-4"},
    {"100g-1lane", 100, Coding::clause91_kp4, 4, 2, 1, Modulation::pam4, Rational(425, 16), "100GAUI-2"},
    {"100g-2lane", 100, Coding::clause91_kp4, 4, 2, 2, Modulation::pam4, Rational(425, 16), "100GAUI-2"},
    {"100g-4lane", 100, Coding::clause91_kr4, 4, 4, 4, Modulation::nrz, Rational(825, 32), "CAUI-4"},
    {"100g-4lane-nofec", 100, Coding::clause82, 20, 4, 4, Modulation::nrz, Rational(165, 32), "CAUI-4"},
    {"100g-10lane-nofec", 100, Coding::clause82, 20, 10, 10, Modulation::nrz, Rational(165, 32), "CAUI-10"},
};

// 802.3 clauses 88, 95, 122, 124, 138, 140, 151, 167 and the MSAs; which FEC: 802.3 table of each clause.
constexpr PmdEntry pmd_table[] = {
    {"400GBASE-DR4", "400g-4lane"},   {"400GBASE-DR4-2", "400g-4lane"}, {"400GBASE-FR4", "400g-4lane"},
    {"400G-FR4-MSA", "400g-4lane"},   {"400GBASE-LR4-6", "400g-4lane"}, {"400G-LR4-10", "400g-4lane"},
    {"400GBASE-SR4", "400g-4lane"},   {"400GBASE-VR4", "400g-4lane"},   {"400G-ER4-30", "400g-4lane"},
    {eight_lane_800g_pmd, "400g-4lane"},
    {"400GBASE-FR8", "400g-8lane"},   {"400GBASE-LR8", "400g-8lane"},   {"400GBASE-ER8", "400g-8lane"},
    {"400GBASE-SR8", "400g-8lane"},   {"400GBASE-SR4.2", "400g-8lane"},
    {"200GBASE-DR4", "200g-4lane"},   {"200GBASE-FR4", "200g-4lane"},   {"200GBASE-LR4", "200g-4lane"},
    {"200GBASE-SR4", "200g-4lane"},   {"200G-DR2", "200g-2lane"},       {"200GBASE-SR2", "200g-2lane"},
    {"200GBASE-VR2", "200g-2lane"},
    {"100GBASE-DR", "100g-1lane"},    {"100GBASE-FR1", "100g-1lane"},   {"100GBASE-LR1", "100g-1lane"},
    {"100GBASE-LR1-B", "100g-1lane"}, {"100G-LR", "100g-1lane"},        {"100G-LR1-20", "100g-1lane"},    {"100G-ER1-30", "100g-1lane"},
    {"100G-ER1-40", "100g-1lane"},    {"100G-BiDi-40km", "100g-1lane"}, {"100GBASE-SR1", "100g-1lane"},
    {"100GBASE-VR1", "100g-1lane"},   {"100GBASE-SR2", "100g-2lane"},   {"100G-SR1.2", "100g-2lane"},
    {"100GBASE-SR4", "100g-4lane"},   {"100G-CWDM4", "100g-4lane"},     {"100G-4WDM-10", "100g-4lane"},
    {"100G-4WDM-40", "100g-4lane"},   {"100G-PSM4", "100g-4lane"},      {"100G-ZR4", "100g-4lane"},
    {"100G-100km", "100g-4lane"},     {"100G-BiDi-80km", "100g-4lane"},
    {"100GBASE-LR4", "100g-4lane-nofec"}, {"100GBASE-ER4", "100g-4lane-nofec"}, {"100GBASE-SR10", "100g-10lane-nofec"},
};

template <class Table, class Field>
std::string names(const Table& entries, Field field) {
  std::string text;
  for (const auto& entry : entries) text += fmt::format("{}{}", text.empty() ? "" : ", ", entry.*field);
  return text;
}

}  // namespace

Rational Structure::symbol_rate_gbd() const {
  return lane_rate_gbps * Rational(pcs_lanes_per_line_lane()) / Rational(static_cast<int>(modulation));
}

const signal::FecCode* Structure::fec() const {
  switch (coding) {
    case Coding::clause119:
    case Coding::clause91_kp4:
      return &signal::kp4;
    case Coding::clause91_kr4:
      return &signal::kr4;
    case Coding::clause82:
      break;
  }
  return nullptr;
}

std::span<const Structure> structures() { return table; }

const Structure& structure_by_name(std::string_view name, std::string_view place) {
  for (const Structure& entry : table) {
    if (entry.name == name) return entry;
  }
  throw ConfigError({std::string(place), fmt::format("'{}' is no lane structure", name),
                     names(table, &Structure::name), ""});
}

std::span<const PmdEntry> pmds() { return pmd_table; }

const Structure& structure_of_pmd(std::string_view pmd, std::string_view place) {
  const catalog::Pmd* known = catalog::find_pmd(pmd);
  for (const PmdEntry& entry : pmd_table) {
    if (entry.pmd == pmd || (known != nullptr && catalog::find_pmd(entry.pmd) == known)) return structure_by_name(entry.structure, place);
  }
  if (known != nullptr && known->coherent()) {
    throw ConfigError({std::string(place), fmt::format("'{}' is coherent", known->id), "PMDs of intensity and direct detection",
                       "local oscillator, both polarisations and phases are another physics, and its FEC another code, than are modelled here"});
  }
  if (known != nullptr) {
    throw ConfigError({std::string(place), fmt::format("'{}' has lanes of {} GBd at {} Gb/s, whose PCS is not modelled", known->id, known->lane_rate_gbd, known->rate_gbps),
                       names(pmd_table, &PmdEntry::pmd), "digital layers of 100 to 400 Gb/s are, in lanes of up to 53.125 GBd"});
  }
  throw ConfigError(catalog::pmd_refusal(place, pmd));
}

}  // namespace lightlane::link
