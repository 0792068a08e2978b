#include "lightlane/plan/power/module_watts.hpp"

#include <fmt/format.h>

#include <cmath>

#include "lightlane/base/embedded_file.hpp"
#include "lightlane/catalog/schema.hpp"
#include "lightlane/plan/toml_reader.hpp"

LIGHTLANE_EMBED(lightlane_power_models, LIGHTLANE_DATA "/power/models.toml")

namespace lightlane::plan {
namespace {

using catalog::Confidence;

const std::string models_file = "data/power/models.toml";

struct Models {
  std::vector<ComponentSplit> splits;
  std::vector<LaneMode> modes;
};

Confidence confidence_of(const TomlTable& table) {
  const std::string word = table.need_text("confidence");
  const auto words = catalog::confidence_words();
  for (std::size_t i = 0; i < words.size(); ++i)
    if (words[i] == word) return static_cast<Confidence>(i);
  table.fail("confidence", fmt::format("is '{}'", word), "unverified, likely, sure");
}

std::string source_of(const TomlTable& table) {
  const std::string key = table.need_text("source");
  if (catalog::find_source(key) == nullptr) table.fail("source", fmt::format("'{}' is no source", key));
  return key;
}

ComponentSplit split_of(const TomlTable& table) {
  table.only({"pmd", "source", "confidence", "note", "part"});
  ComponentSplit out;
  const catalog::Pmd* pmd = catalog::find_pmd(table.need_text("pmd"));
  if (pmd == nullptr) table.fail("pmd", "is in no catalogue");
  out.pmd = pmd->id;
  out.confidence = confidence_of(table);
  out.source = source_of(table);
  out.note = table.text("note").value_or("");
  for (const TomlTable& part : table.tables("part")) {
    part.only({"name", "count", "low_w", "high_w"});
    const auto count = static_cast<double>(part.integer("count", 1, 64).value_or(1));
    const double low = part.need_number("low_w", 0, 100);
    out.parts.push_back({part.need_text("name"), count * low, count * part.need_number("high_w", low, 100)});
  }
  return out;
}

LaneMode mode_of(const TomlTable& table) {
  table.only({"module", "lanes", "power_max_w", "source", "confidence"});
  const catalog::Module* module = catalog::find_module(table.need_text("module"));
  if (module == nullptr) table.fail("module", "is in no catalogue");
  return {module->id, static_cast<int>(table.need_integer("lanes", 0, 64)),
          table.need_number("power_max_w", 0, 100), confidence_of(table), source_of(table)};
}

const Models& models() {
  static const Models all = [] {
    const catalog::Node root = read_toml(lightlane_power_models(), models_file);
    const TomlTable file(root, models_file);
    file.only({"component_model", "lane_mode"});
    Models out;
    for (const TomlTable& table : file.tables("component_model")) out.splits.push_back(split_of(table));
    for (const TomlTable& table : file.tables("lane_mode")) out.modes.push_back(mode_of(table));
    return out;
  }();
  return all;
}

/// Of the devices that the PMD's profile selects.
std::optional<ComponentSplit> split_of_devices(const catalog::Pmd& pmd) {
  const catalog::Profile* profile = catalog::find_profile(pmd.id);
  if (profile == nullptr || pmd.lanes <= 0) return std::nullopt;
  ComponentSplit out;
  out.pmd = pmd.id;
  out.confidence = Confidence::sure;
  out.source =
      fmt::format("typical devices {}, {}, {}", profile->transmitter, profile->receiver, profile->dsp);
  const auto add = [&](std::string_view device, std::string_view key, const char* what, bool per_lane) {
    const catalog::Device* found = catalog::find_device(device);
    const auto value = found == nullptr ? std::nullopt : found->number(key);
    if (!value || value->typical <= 0) return;
    const double w = value->typical * (per_lane ? pmd.lanes : 1);
    out.parts.push_back({what, w, w});
    out.confidence = std::min(out.confidence, value->confidence);
  };
  add(profile->transmitter, "power.laser_w", "lasers", true);
  add(profile->transmitter, "power.driver_w", "drivers and modulators", true);
  add(profile->transmitter, "power.tec_w", "thermoelectric coolers", false);
  add(profile->receiver, "power.tia_w", "transimpedance amplifiers", true);
  add(profile->receiver, "power.soa_w", "optical amplifier", false);
  add(profile->receiver, "power.apd_bias_w", "avalanche bias", false);
  add(profile->dsp, "power.dsp_w", "DSP", true);
  add(profile->dsp, "power.dac_w", "DACs", true);
  add(profile->dsp, "power.adc_w", "ADCs", true);
  add(profile->dsp, "power.fec_w", "FEC in the module", false);
  add(profile->dsp, "power.controller_w", "controller and supply", false);
  if (out.parts.empty()) return std::nullopt;
  return out;
}

catalog::Management management_of(const catalog::Module& module) {
  const catalog::FormFactor* form = catalog::find_form_factor(module.form_factor);
  return form == nullptr ? catalog::Management::unknown : form->management;
}

ModuleWatts::Used used_value(const catalog::Value& value, std::string what) {
  return {value.value, std::move(what), value.confidence, std::string(value.source)};
}

}  // namespace

std::string_view name(PowerBasis basis) noexcept {
  return basis == PowerBasis::typical ? "typical" : basis == PowerBasis::max ? "max" : "class";
}

double ComponentSplit::low_w() const noexcept {
  double sum = 0;
  for (const ComponentWatts& part : parts) sum += part.low_w;
  return sum;
}

double ComponentSplit::high_w() const noexcept {
  double sum = 0;
  for (const ComponentWatts& part : parts) sum += part.high_w;
  return sum;
}

std::span<const ComponentSplit> published_splits() { return models().splits; }
std::span<const LaneMode> lane_modes() { return models().modes; }

ModuleWatts module_watts(const catalog::Module& module) {
  ModuleWatts out;
  out.module = &module;
  out.pmd = catalog::find_pmd(module.pmd);
  const double ports = module.ports ? module.ports->value : 1;
  if (out.pmd != nullptr) {
    out.rate_gbps = ports * out.pmd->rate_gbps;
    out.media_lanes = static_cast<int>(ports) * out.pmd->lanes;
    for (const ComponentSplit& split : published_splits())
      if (split.pmd == out.pmd->id) out.published = &split;
    if (ports == 1) out.devices = split_of_devices(*out.pmd);
  }
  out.typical_w = module.power_typical_w;
  out.max_w = module.power_max_w;
  if (module.power_class) {
    out.class_number = static_cast<int>(module.power_class->value);
    const auto* found = catalog::find_power_class(management_of(module), out.class_number);
    if (found != nullptr) out.class_w = found->max_w;
  }
  for (const LaneMode& mode : lane_modes())
    if (mode.module == module.id) out.modes.push_back(mode);
  return out;
}

std::optional<ModuleWatts::Used> ModuleWatts::used(PowerBasis basis) const {
  const auto of_class = [&] { return used_value(*class_w, fmt::format("class {}", class_number)); };
  const catalog::Limit pmd_typical = pmd == nullptr ? std::nullopt : pmd->power.typical_w;
  const catalog::Limit pmd_max = pmd == nullptr ? std::nullopt : pmd->power.max_w;
  const bool one_port = !module->ports || module->ports->value == 1;
  if (basis == PowerBasis::typical) {
    if (typical_w) return used_value(*typical_w, "typical");
    if (one_port && pmd_typical) return used_value(*pmd_typical, "typical of its PMD");
  }
  if (basis == PowerBasis::module_class && class_w) return of_class();
  if (max_w) return used_value(*max_w, "largest");
  if (class_w) return of_class();
  if (one_port && pmd_max) return used_value(*pmd_max, "largest of its PMD");
  if (typical_w) return used_value(*typical_w, "typical");
  if (one_port && pmd_typical) return used_value(*pmd_typical, "typical of its PMD");
  return std::nullopt;
}

std::optional<double> mw_per_gbps(double watts, double gbps) noexcept {
  return gbps > 0 ? std::optional(1000 * watts / gbps) : std::nullopt;
}

}  // namespace lightlane::plan
