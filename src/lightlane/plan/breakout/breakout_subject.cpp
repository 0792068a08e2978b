#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <tuple>

#include "lightlane/base/error.hpp"
#include "lightlane/catalog/resolver.hpp"
#include "lightlane/plan/breakout/module_modes.hpp"
#include "lightlane/plan/names.hpp"

namespace lightlane::plan {
namespace {

using namespace catalog;

int whole(const Limit& limit, int otherwise) { return limit ? static_cast<int>(limit->value) : otherwise; }

template <class Entry>
[[noreturn]] void no_such(std::string_view name, std::string_view place, std::string_view kind,
                          std::span<const Entry> entries) {
  std::vector<std::string_view> names;
  for (const Entry& entry : entries) {
    names.push_back(entry.id);
    names.insert(names.end(), entry.aliases.begin(), entry.aliases.end());
  }
  const std::string similar = similar_names(name, names);
  throw ConfigError({std::string(place), fmt::format("'{}' is no {} of the catalogue", name, kind), similar,
                     fmt::format("see lightlane catalog list --kind {}", kind)});
}

/// Of a PMD: the module whose name holds the one that was given ("QDD-400G-DR4-S"), else the first that has
/// it, on one port rather than two, with its applications rather than without.
const Module* usual_module(const Pmd& pmd, std::string_view given) {
  const auto folded = [](std::string_view text) {
    std::string out(text);
    for (char& c : out)
      c = c == ' ' || c == '_' ? '-' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return out;
  };
  const std::string wanted = folded(given);
  const auto rank = [&](const Module& m) {
    const bool named = !same_name(given, pmd.id) && folded(m.id).find(wanted) != std::string::npos;
    return std::tuple(named, whole(m.ports, 1) == 1, !m.applications.empty());
  };
  const Module* best = nullptr;
  for (const Module& module : modules())
    if (find_pmd(module.pmd) == &pmd && (best == nullptr || rank(module) > rank(*best))) best = &module;
  return best;
}

/// "400GAUI-8 C2M" -> 400, 8; zeroes where it is none of that kind.
std::pair<int, int> gaui(std::string_view text) {
  int rate = 0, lanes = 0;
  const bool tera = text.starts_with("1.6TAUI-");
  if (tera) {
    rate = 1600;
  } else if (std::from_chars(text.data(), text.data() + text.size(), rate).ec != std::errc()) {
    return {0, 0};
  }
  const std::size_t aui = text.find(tera ? "TAUI-" : "GAUI-");
  if (aui == std::string_view::npos) return {0, 0};
  text.remove_prefix(aui + 5);
  std::from_chars(text.data(), text.data() + text.size(), lanes);
  return {rate, lanes};
}

/// A module by the first host interface of the PMD that says its lanes.
void make_module(BreakoutSubject& out, std::string_view place) {
  const Pmd& pmd = *out.pmd;
  for (const std::string_view text : pmd.host_interfaces) {
    const auto [rate, lanes] = gaui(text);
    if (rate != pmd.rate_gbps || lanes <= 0) continue;
    auto made = std::make_shared<BreakoutSubject::Made>();
    made->id = fmt::format("a module of {}", pmd.id);
    Module& m = made->module;
    m.id = made->id;
    m.pmd = pmd.id;
    m.form_factor = pmd.form_factors.empty() ? "" : pmd.form_factors.front();
    m.host_interface = text;
    m.provenance = pmd.host;
    const auto value = [&](double v) { return Value{v, pmd.host.confidence, pmd.host.source, ""}; };
    m.host_lanes = value(lanes);
    m.host_lane_rate_gbps = value(1.0625 * rate / lanes);
    out.assumed.push_back({fmt::format("module: {} in {}", text, m.form_factor), std::nullopt, "",
                           catalog::name(pmd.host.confidence), std::string(pmd.host.source)});
    out.module = &m;
    out.made = std::move(made);
    return;
  }
  throw ConfigError(
      {std::string(place), fmt::format("no module of the catalogue has {}", pmd.id), "",
       "its lanes on the host's side are not known: name a module (lightlane catalog list --kind "
       "module)"});
}

}  // namespace

int BreakoutSubject::host_lanes() const noexcept {
  return module == nullptr ? 0 : whole(module->host_lanes, 0);
}
int BreakoutSubject::ports() const noexcept { return module == nullptr ? 1 : whole(module->ports, 1); }
int BreakoutSubject::media_lanes() const noexcept { return pmd == nullptr ? 0 : pmd->lanes * ports(); }
int BreakoutSubject::fibre_pairs() const noexcept {
  return pmd == nullptr ? 0 : std::max(1, pmd->fibre_count / 2) * ports();
}

int BreakoutSubject::parent_lanes() const noexcept {
  if (cage == nullptr) return host_lanes();
  const FormFactor* form = find_form_factor(cage->form_factor);
  return form == nullptr ? host_lanes() : whole(form->host_lanes, host_lanes());
}

int BreakoutSubject::host_lane_gbps() const noexcept {
  if (module == nullptr || !module->host_lane_rate_gbps) return 0;
  const double line = module->host_lane_rate_gbps->value;
  for (const int rate : {200, 100, 50, 25, 10})
    if (line >= rate) return rate;
  return 0;
}

BreakoutSubject breakout_subject(std::string_view name, std::string_view place) {
  BreakoutSubject out;
  if (const Switch* device = find_switch(name)) {
    out.device = device;
    return out;
  }
  if (find_cage(name) != nullptr) {
    add_cage(out, name, place);
    return out;
  }
  out.module = find_module(name);
  if (out.module == nullptr) {
    const NameAnswer answer = resolve_name(name);
    if (answer.one() && answer.matches.front().kind == "module")
      out.module = find_module(answer.matches.front().id);
  }
  if (out.module != nullptr) {
    out.pmd = find_pmd(out.module->pmd);
    return out;
  }
  out.pmd = &pmd_named(name, place);
  out.module = usual_module(*out.pmd, name);
  if (out.module == nullptr) {
    make_module(out, place);
    return out;
  }
  out.assumed.push_back({fmt::format("module: {}", out.module->id), std::nullopt, "",
                         catalog::name(out.module->provenance.confidence),
                         std::string(out.module->provenance.source)});
  return out;
}

Limit module_power_max(const Module& module) noexcept {
  if (module.power_max_w || !module.power_class) return module.power_max_w;
  const FormFactor* form = find_form_factor(module.form_factor);
  const PowerClass* known =
      form == nullptr ? nullptr
                      : find_power_class(form->management, static_cast<int>(module.power_class->value));
  return known == nullptr ? Limit() : known->max_w;
}

std::vector<std::pair<int, std::vector<std::string>>> cage_modes(const BreakoutSubject& subject) {
  std::vector<std::pair<int, std::vector<std::string>>> out;
  const FormFactor* form = subject.cage == nullptr ? nullptr : find_form_factor(subject.cage->form_factor);
  if (form == nullptr || !form->host_lane_rate_max_gbps) return out;
  const int lanes = subject.parent_lanes();
  for (const int rate : {200, 100, 50, 25, 10}) {
    if (rate > form->host_lane_rate_max_gbps->value) continue;
    out.emplace_back(rate, std::vector<std::string>());
    for (int n = 1; n <= lanes; n *= 2)
      if (lanes % n == 0) out.back().second.push_back(fmt::format("{}x{}G", n, rate * lanes / n));
  }
  return out;
}

void add_cage(BreakoutSubject& subject, std::string_view name, std::string_view place) {
  subject.cage = find_cage(name);
  if (subject.cage == nullptr) no_such(name, place, "cage", cages());
}

void add_switch(BreakoutSubject& subject, std::string_view name, std::optional<int> port,
                std::string_view place) {
  subject.device = find_switch(name);
  if (subject.device == nullptr) no_such(name, place, "switch", switches());
  const Switch& device = *subject.device;
  subject.port = port ? device.port(*port) : device.ports.empty() ? nullptr : &device.ports.front();
  if (subject.port == nullptr) {
    throw ConfigError({std::string(place), fmt::format("{} has no port {}", device.id, port.value_or(1)),
                       fmt::format("1 to {}", device.port_count()), ""});
  }
  if (subject.cage == nullptr) subject.cage = find_cage(subject.port->cage);
  if (!subject.port->power_max_w)
    subject.assumed.push_back({fmt::format("power that a port of {} gives: enough", device.id),
                               std::nullopt,
                               "",
                               {},
                               "not known, not checked"});
}

void add_cable(BreakoutSubject& subject, std::string_view name, std::string_view place) {
  subject.cable = find_cable(name);
  if (subject.cable == nullptr) no_such(name, place, "cable", cables());
}

void add_far(BreakoutSubject& subject, std::string_view name, std::string_view place) {
  subject.far_module = find_module(name);
  subject.far = subject.far_module != nullptr ? find_pmd(subject.far_module->pmd) : &pmd_named(name, place);
}

}  // namespace lightlane::plan
