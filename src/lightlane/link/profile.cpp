#include "lightlane/link/profile.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lightlane/base/error.hpp"
#include "lightlane/catalog/resolver.hpp"
#include "lightlane/link/limit_corner.hpp"
#include "lightlane/link/scenario_keys.hpp"

namespace lightlane::link {
namespace {

const catalog::Pmd* pmd_with_light(const std::string& name, const char* key) {
  const catalog::Pmd* pmd = catalog::find_pmd(name);
  if (pmd == nullptr) throw ConfigError(catalog::pmd_refusal(key, name));
  if (pmd->coherent()) {
    throw ConfigError({key, fmt::format("'{}' is coherent", name), "PMDs of intensity and direct detection",
                       "local oscillator, both polarisations and phases are another physics than is modelled here"});
  }
  return pmd;
}

const catalog::Profile* profile_of(const catalog::Pmd& pmd, const char* key) {
  const catalog::Profile* profile = catalog::find_profile(pmd.id);
  if (profile == nullptr) {
    throw ConfigError({key, fmt::format("'{}' has no typical profile", pmd.id), "lightlane catalog list --kind profile", ""});
  }
  return profile;
}

const catalog::Device* device_of(const std::string& name, std::string_view typical, catalog::DeviceKind kind, const char* key) {
  const catalog::Device* device = catalog::find_device(name == "auto" ? typical : std::string_view(name));
  if (device == nullptr || device->kind != kind) {
    throw ConfigError({key, fmt::format("'{}' is no {} of the catalogue", name, catalog::name(kind)),
                       "auto, or a name from lightlane catalog list --kind device", ""});
  }
  return device;
}

/// "modulator.bandwidth_ghz" is the key "modulator_bandwidth_ghz" of its table.
bool same_key(std::string_view of_device, std::string_view of_scenario) {
  return std::equal(of_device.begin(), of_device.end(), of_scenario.begin(), of_scenario.end(),
                    [](char a, char b) { return (a == '.' ? '_' : a) == b; });
}

template <class Entries>
auto find_key(const Entries& entries, std::string_view key) -> decltype(&*entries.begin()) {
  for (const auto& entry : entries) {
    if (same_key(entry.key, key)) return &entry;
  }
  return nullptr;
}

/// Where a key may be found, nearest first: the profile under its whole path, then devices under the rest of it.
struct Places {
  const catalog::Profile* profile;
  const catalog::Device* first;
  const catalog::Device* second;
};
Places places_of(const Devices& devices, std::string_view table) {
  if (table == "tx") return {devices.profile, devices.transmitter, devices.sender_dsp};
  if (table == "rx") return {devices.far_profile, devices.receiver, nullptr};
  if (table == "dsp") return {devices.far_profile, devices.dsp, nullptr};
  return {devices.profile, nullptr, nullptr};
}

template <class Member>
auto find_entry(const Devices& devices, std::string_view path, Member member) -> decltype(find_key(devices.profile->*member, path)) {
  const std::string_view table = path.substr(0, path.find('.')), rest = path.substr(path.find('.') + 1);
  const Places places = places_of(devices, table);
  for (const auto& entry : places.profile->*member) {
    if (entry.key == path) return &entry;
  }
  for (const catalog::Device* device : {places.first, places.second}) {
    if (device == nullptr) continue;
    if (const auto* entry = find_key(device->*member, rest)) return entry;
  }
  return nullptr;
}

/// Stores what the catalogue has for a key.
struct Fill {
  const Devices& devices;
  std::string_view path;

  void operator()(NumberKey& key) const {
    if (const auto* e = find_entry(devices, path, &catalog::Properties::numbers)) *key.value = e->value.typical;
  }
  void operator()(CountKey& key) const {
    if (const auto* e = find_entry(devices, path, &catalog::Properties::numbers)) *key.value = static_cast<int>(e->value.typical);
  }
  void operator()(IntegerKey& key) const {
    if (const auto* e = find_entry(devices, path, &catalog::Properties::numbers)) {
      *key.value = static_cast<std::int64_t>(e->value.typical);
    }
  }
  void operator()(ChoiceKey& key) const {
    const auto* e = find_entry(devices, path, &catalog::Properties::texts);
    if (e == nullptr) return;
    const auto name = std::find(key.names.begin(), key.names.end(), e->text);
    LIGHTLANE_ASSERT(name != key.names.end());  // a test reads all devices
    *key.value = static_cast<std::uint8_t>(name - key.names.begin());
  }
  void operator()(BooleanKey& key) const {
    if (const auto* e = find_entry(devices, path, &catalog::Properties::numbers)) *key.value = e->value.typical != 0;
    if (const auto* e = find_entry(devices, path, &catalog::Properties::texts)) *key.value = e->text == "true";
  }
  void operator()(TextKey&) const {}
  void operator()(IntegerListKey&) const {}
  void operator()(NumberListKey& key) const {
    if (const auto* e = find_entry(devices, path, &catalog::Properties::lists)) {
      key.value->assign(e->values.begin(), e->values.end());
    }
  }
};

void take(const catalog::Limit& from, double& to) {
  if (from) to = from->value;
}

void fill_plant(const Devices& devices, Scenario::Plant& plant) {
  const catalog::Fibre& fibre = *devices.fibre;
  const bool multimode = fibre.kind == catalog::FibreKind::multimode;
  if (const catalog::Connector* connector = catalog::find_connector(devices.profile->connector)) {
    take(connector->loss_typical_db, plant.connector_loss_db);
    take(connector->reflectance_typical_db, plant.connector_reflectance_db);
  }
  if (const catalog::Connector* splice = catalog::find_connector("splice-fusion")) take(splice->loss_typical_db, plant.splice_loss_db);
  plant.fibre = fibre.id;
  const double wavelength = devices.pmd->wavelengths.empty() ? (multimode ? 850 : 1310) : devices.pmd->wavelengths[0].nominal_nm;
  take(fibre.typical_attenuation_db_per_km(multimode ? 850 : 1310), plant.attenuation_db_per_km);
  take(fibre.zero_dispersion_typical_nm, plant.zero_dispersion_nm);
  take(fibre.dispersion_slope_typical_ps_nm2_km, plant.dispersion_slope_ps_nm2_km);
  take(fibre.pmd_typical_ps_sqrt_km, plant.pmd_ps_sqrt_km);
  take(fibre.group_index, plant.group_index);
  plant.modal_bandwidth_mhz_km = 0;
  if (multimode) {
    take(wavelength > 900 && fibre.emb_953_mhz_km ? fibre.emb_953_mhz_km : fibre.emb_850_mhz_km, plant.modal_bandwidth_mhz_km);
  }
}

}  // namespace

Devices devices_of(const Scenario& scenario) {
  Devices d;
  d.pmd = pmd_with_light(scenario.link.pmd, "link.pmd");
  d.far_pmd = scenario.link.far_pmd == "auto" ? d.pmd : pmd_with_light(scenario.link.far_pmd, "link.far_pmd");
  if (d.pmd->lane_rate_gbd != d.far_pmd->lane_rate_gbd || d.pmd->modulation != d.far_pmd->modulation) {
    throw ConfigError({"link.far_pmd",
                       fmt::format("'{}' has lanes of {} GBd {}", d.far_pmd->id, d.far_pmd->lane_rate_gbd, catalog::name(d.far_pmd->modulation)),
                       fmt::format("{} GBd {}, as {}", d.pmd->lane_rate_gbd, catalog::name(d.pmd->modulation), d.pmd->id), ""});
  }
  d.profile = profile_of(*d.pmd, "link.pmd");
  d.far_profile = profile_of(*d.far_pmd, "link.far_pmd");
  d.transmitter = device_of(scenario.tx.device, d.profile->transmitter, catalog::DeviceKind::transmitter, "tx.device");
  d.receiver = device_of(scenario.rx.device, d.far_profile->receiver, catalog::DeviceKind::receiver, "rx.device");
  d.dsp = device_of(scenario.dsp.device, d.far_profile->dsp, catalog::DeviceKind::dsp, "dsp.device");
  d.sender_dsp = device_of("auto", d.profile->dsp, catalog::DeviceKind::dsp, "dsp.device");
  d.fibre = catalog::find_fibre(scenario.plant.fibre);
  if (d.fibre == nullptr) {
    throw ConfigError({"plant.fibre", fmt::format("'{}' is not in the catalogue", scenario.plant.fibre),
                       "lightlane catalog list --kind fibre", ""});
  }
  if (d.fibre->kind != d.pmd->fibre) {
    throw ConfigError({"plant.fibre", fmt::format("'{}' is {}", d.fibre->id, catalog::name(d.fibre->kind)),
                       fmt::format("{} fibre for {}", catalog::name(d.pmd->fibre), d.pmd->id), ""});
  }
  return d;
}

std::optional<catalog::TypicalValue> typical_value(const Devices& devices, std::string_view path) {
  const auto* entry = find_entry(devices, path, &catalog::Properties::numbers);
  if (entry == nullptr) return std::nullopt;
  return entry->value;
}

void apply_profile(Scenario& scenario) {
  const catalog::Pmd* pmd = pmd_with_light(scenario.link.pmd, "link.pmd");
  if (scenario.plant.fibre == "auto") {
    const std::string_view typical = profile_of(*pmd, "link.pmd")->fibre;
    scenario.plant.fibre = scenario.link.corner == "limits" ? limit_fibre(*pmd, typical) : typical;
  }
  const Devices devices = devices_of(scenario);
  fill_plant(devices, scenario.plant);
  for (Key& key : optical_keys_of(scenario)) std::visit(Fill{devices, key.path}, key.slot);
  const auto p1 = devices.transmitter->number("level_error.1"), p2 = devices.transmitter->number("level_error.2");
  if (p1 || p2) scenario.tx.level_error = {p1 ? p1->typical : 0, p2 ? p2->typical : 0};
  if (scenario.link.corner == "limits") apply_limits(devices, scenario);
  scenario.host.enable = scenario.far_host.enable = true;
}

Scenario typical_scenario(std::string_view pmd) {
  Scenario scenario;
  scenario.link.pmd = pmd;
  apply_profile(scenario);
  return scenario;
}

Scenario build_scenario(const std::string& file, std::span<const std::string> assignments, std::string_view default_capture,
                        bool with_light) {
  Scenario scenario;
  const auto read = [&] {
    if (!file.empty()) read_toml_file(file, scenario);
    for (const std::string& assignment : assignments) assign(assignment, scenario);
  };
  scenario.traffic.capture = default_capture;
  if (with_light) {
    read();  // to learn which PMD and devices are meant
    Scenario typical;
    typical.traffic.capture = default_capture;
    typical.link = scenario.link;
    typical.tx.device = scenario.tx.device;
    typical.rx.device = scenario.rx.device;
    typical.dsp.device = scenario.dsp.device;
    typical.plant.fibre = scenario.plant.fibre;
    structure_of(scenario);  // an unknown PMD or structure is named before the catalogue is asked
    apply_profile(typical);
    typical.link = Scenario::Link();
    scenario = typical;
  }
  read();
  validate(scenario);
  return scenario;
}

}  // namespace lightlane::link
