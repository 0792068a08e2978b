#pragma once
/// What the catalogue's typical devices say of a PMD's module: power over temperature, delay. Typical and
/// mostly unverified: beside limits, never instead of them.

#include <optional>
#include <string>
#include <vector>

#include "lightlane/catalog/catalog.hpp"

namespace lightlane::plan {

/// Linear in the case temperature, never below zero.
struct PowerPart {
  std::string name;
  double at_reference_w = 0, per_kelvin_w = 0, reference_c = 45;
  double at(double case_c) const noexcept;
};

struct PowerCurve {
  std::vector<PowerPart> parts;
  catalog::Confidence confidence = catalog::Confidence::sure;  ///< the least of the devices'
  std::string source;
  double at(double case_c) const noexcept;
};
/// Of one module, by its lasers, drivers, coolers, amplifiers and DSP. None: no typical devices are known.
std::optional<PowerCurve> power_curve(const catalog::Pmd& pmd);

struct DelayTerm {
  std::string what;
  std::optional<double> ns;  ///< none: unknown
  std::string basis;         ///< how it follows, or from whom it is
  catalog::Confidence confidence = catalog::Confidence::unverified;
};
/// One way, from the sending PCS to the receiving one: modules, `length_m` of fibre, FEC. PCS beyond the FEC,
/// host lanes and deskew are left out.
std::vector<DelayTerm> delay_terms(const catalog::Pmd& pmd, const catalog::Fibre& fibre, double length_m);
/// None where a term is unknown.
std::optional<double> delay_ns(const std::vector<DelayTerm>& terms) noexcept;

}  // namespace lightlane::plan
