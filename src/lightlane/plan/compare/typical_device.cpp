#include "lightlane/plan/compare/typical_device.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lightlane/plan/compare/rates.hpp"

namespace lightlane::plan {
namespace {

using catalog::Confidence;
using catalog::Device;

constexpr double light_m_per_ns = 0.299792458;

struct Devices {
  const Device *transmitter, *receiver, *dsp;
};

std::optional<Devices> devices_of(const catalog::Pmd& pmd) {
  const catalog::Profile* profile = catalog::find_profile(pmd.id);
  if (profile == nullptr) return std::nullopt;
  const Devices d = {catalog::find_device(profile->transmitter), catalog::find_device(profile->receiver),
                     catalog::find_device(profile->dsp)};
  if (d.transmitter == nullptr || d.receiver == nullptr || d.dsp == nullptr) return std::nullopt;
  return d;
}

void add_part(const Device& device, std::string_view key, const char* name, double count, PowerCurve& curve) {
  const auto value = device.number(key);
  if (!value || (value->typical == 0 && value->per_kelvin == 0)) return;
  curve.parts.push_back(
      {name, value->typical * count, value->per_kelvin * count, device.reference_temperature_c});
  curve.confidence = std::min(curve.confidence, value->confidence);
  if (curve.source.find(device.id) == std::string::npos)
    curve.source += fmt::format("{}{} ({})", curve.source.empty() ? "" : ", ", device.id, value->source);
}

DelayTerm device_delay(const std::optional<Devices>& devices, std::string_view key, const char* what) {
  const auto value = devices ? devices->dsp->number(key) : std::nullopt;
  if (!value) return {what, std::nullopt, "no typical device is known", Confidence::unverified};
  return {what, value->typical, fmt::format("{}: {}", devices->dsp->id, value->source), value->confidence};
}

/// Codewords that one PCS deals to its lanes together, and the rate that they come at.
void add_fec(const catalog::Pmd& pmd, std::vector<DelayTerm>& terms) {
  const catalog::FecKind kind = pmd.fec.kind;
  if (kind == catalog::FecKind::none) return;
  const auto code = code_of(kind);
  const auto line = line_rate_gbps(pmd.rate_gbps, kind);
  if (!code || !line) {
    terms.push_back({"FEC", std::nullopt, "which one is not known", Confidence::unverified});
    return;
  }
  const int words = kind == catalog::FecKind::kp4_clause119 ? 2 : 1;
  const double block_ns = 10.0 * code->n * words / *line;
  terms.push_back({words == 2 ? "FEC: a codeword pair arrives" : "FEC: a codeword arrives", block_ns,
                   fmt::format("{} x {} symbols of 10 bits at {:g} Gb/s", words, code->n, *line),
                   Confidence::sure});
  terms.push_back({"FEC: decoding", block_ns,
                   fmt::format("RS({},{}): one block more, a default", code->n, code->k),
                   Confidence::unverified});
}

}  // namespace

double PowerPart::at(double case_c) const noexcept {
  return std::max(0.0, at_reference_w + per_kelvin_w * (case_c - reference_c));
}

double PowerCurve::at(double case_c) const noexcept {
  double sum = 0;
  for (const PowerPart& part : parts) sum += part.at(case_c);
  return sum;
}

std::optional<PowerCurve> power_curve(const catalog::Pmd& pmd) {
  const auto d = devices_of(pmd);
  if (!d || pmd.lanes <= 0) return std::nullopt;
  const double lanes = pmd.lanes;
  PowerCurve out;
  add_part(*d->transmitter, "power.laser_w", "lasers", lanes, out);
  add_part(*d->transmitter, "power.driver_w", "drivers and modulators", lanes, out);
  add_part(*d->transmitter, "power.tec_w", "thermoelectric coolers", 1, out);
  add_part(*d->receiver, "power.tia_w", "transimpedance amplifiers", lanes, out);
  add_part(*d->receiver, "power.soa_w", "optical amplifier", 1, out);
  add_part(*d->receiver, "power.apd_bias_w", "avalanche bias", 1, out);
  add_part(*d->dsp, "power.dsp_w", "DSP", lanes, out);
  add_part(*d->dsp, "power.dac_w", "DACs", lanes, out);
  add_part(*d->dsp, "power.adc_w", "ADCs", lanes, out);
  add_part(*d->dsp, "power.fec_w", "FEC in the module", 1, out);
  add_part(*d->dsp, "power.controller_w", "controller and supply", 1, out);
  return out;
}

std::vector<DelayTerm> delay_terms(const catalog::Pmd& pmd, const catalog::Fibre& fibre, double length_m) {
  const auto devices = devices_of(pmd);
  std::vector<DelayTerm> terms = {device_delay(devices, "latency.tx_ns", "sending module")};
  if (fibre.group_index) {
    const double index = fibre.group_index->value;
    terms.push_back({"fibre", length_m * index / light_m_per_ns,
                     fmt::format("{:g} m of {} at a group index of {:g}", length_m, fibre.id, index),
                     fibre.group_index->confidence});
  } else {
    terms.push_back(
        {"fibre", std::nullopt, fmt::format("{}: no group index", fibre.id), Confidence::unverified});
  }
  terms.push_back(device_delay(devices, "latency.rx_ns", "receiving module"));
  add_fec(pmd, terms);
  return terms;
}

std::optional<double> delay_ns(const std::vector<DelayTerm>& terms) noexcept {
  double sum = 0;
  for (const DelayTerm& term : terms) {
    if (!term.ns) return std::nullopt;
    sum += *term.ns;
  }
  return sum;
}

}  // namespace lightlane::plan
