#include "lightlane/link/latency.hpp"

#include <fmt/format.h>

#include "lightlane/link/profile.hpp"

namespace lightlane::link {
namespace {

/// Codewords that are dealt to the lanes together.
int interleaved(const Structure& structure) { return structure.coding == Coding::clause119 ? 2 : 1; }

void add_fec(const Structure& structure, std::vector<LatencyTerm>& terms) {
  const signal::FecCode* code = structure.fec();
  if (code == nullptr) return;
  const double line_gbps = structure.lane_rate_gbps.value() * structure.pcs_lanes;
  const double block_ns = 10.0 * code->n * interleaved(structure) / line_gbps;
  const std::string name = code->t == 15 ? "RS(544,514)" : "RS(528,514)";
  terms.push_back({interleaved(structure) == 2 ? "FEC: a codeword pair arrives" : "FEC: a codeword arrives", block_ns,
                   fmt::format("{} x {} symbols of 10 bits at {:g} Gb/s", interleaved(structure), code->n, line_gbps)});
  terms.push_back({"FEC: decoding", block_ns,
                   name + " decoder that works on one block while the next arrives: one block more (default, unverified)"});
}

void add_device(const catalog::Device& device, std::string_view key, const std::string& what, double factor, const std::string& how,
                std::vector<PowerTerm>& terms, double kelvin) {
  const auto value = device.number(key);
  if (!value) return;
  const double w = (value->typical + value->per_kelvin * kelvin) * factor;
  if (!(w > 0)) return;
  terms.push_back({what, w, value->confidence, fmt::format("{}{}: {}", device.id, how, value->source)});
}

}  // namespace

std::vector<LatencyTerm> latency_of(const Scenario& scenario, const Structure& structure, double fibre_delay_ns) {
  const Devices devices = devices_of(scenario);
  std::vector<LatencyTerm> terms;
  const auto dsp = [&](const catalog::Device& device, std::string_view key, const char* what) {
    if (const auto value = device.number(key)) {
      terms.push_back({what, value->typical, fmt::format("{}: {} ({})", device.id, value->source, catalog::name(value->confidence))});
    }
  };
  dsp(*devices.sender_dsp, "latency.tx_ns", "sending module's DSP");
  terms.push_back({"fibre", fibre_delay_ns,
                   fmt::format("{:g} m at a group index of {:g}", scenario.plant.length_m, scenario.plant.group_index)});
  dsp(*devices.dsp, "latency.rx_ns", "receiving module's DSP");
  add_fec(structure, terms);
  return terms;
}

std::vector<PowerTerm> module_power_of(const Scenario& scenario, const Structure& structure) {
  const Devices devices = devices_of(scenario);
  // The sending side's module, whole: a breakout port's lanes are a part of it.
  const double lanes = devices.pmd->lanes > 0 ? devices.pmd->lanes : structure.line_lanes;
  const catalog::Device& receiver = *catalog::find_device(devices.profile->receiver);
  const std::string times = fmt::format(" x {:g} lanes", lanes);
  const auto kelvin = [&](const catalog::Device& d) { return scenario.environment.case_temperature_c - d.reference_temperature_c; };
  std::vector<PowerTerm> terms;
  const auto add = [&](const catalog::Device& d, std::string_view key, const char* what, bool per_lane) {
    add_device(d, key, what, per_lane ? lanes : 1, per_lane ? times : "", terms, kelvin(d));
  };
  add(*devices.transmitter, "power.laser_w", "lasers", true);
  add(*devices.transmitter, "power.driver_w", "drivers and modulators", true);
  add(*devices.transmitter, "power.tec_w", "thermoelectric coolers", false);
  add(receiver, "power.tia_w", "transimpedance amplifiers", true);
  add(receiver, "power.soa_w", "optical amplifier", false);
  add(receiver, "power.apd_bias_w", "avalanche bias", false);
  add(*devices.sender_dsp, "power.dsp_w", "DSP", true);
  add(*devices.sender_dsp, "power.dac_w", "DACs", true);
  add(*devices.sender_dsp, "power.adc_w", "ADCs", true);
  add(*devices.sender_dsp, "power.fec_w", "FEC in the module", false);
  add(*devices.sender_dsp, "power.controller_w", "controller and supply", false);
  return terms;
}

}  // namespace lightlane::link
