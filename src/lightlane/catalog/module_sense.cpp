#include "lightlane/catalog/module_sense.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace lightlane::catalog {
namespace {

template <class Entry, class Find>
const Entry* found(Find find, std::string_view name, const Tables& tables, const Tables& known) {
  const Entry* entry = find(name, tables);
  return entry != nullptr ? entry : find(name, known);
}

bool has(std::span<const std::string_view> names, std::string_view name) {
  return std::any_of(names.begin(), names.end(), [&](std::string_view n) { return same_name(n, name); });
}

/// "0x55" -> 0x55; 0 where it is none.
unsigned bits(std::string_view code) {
  unsigned out = 0;
  if (code.size() > 2) std::from_chars(code.data() + 2, code.data() + code.size(), out, 16);
  return out;
}

class Check {
 public:
  Check(const Module& module, const Tables& tables, const Tables& known, std::vector<ModuleFault>& out)
      : m_(module), tables_(tables), known_(known), out_(out) {}

  void form_factor() {
    const FormFactor* form = found<FormFactor>(find_form_factor, m_.form_factor, tables_, known_);
    if (form == nullptr) return;
    below("has", m_.host_lanes, form->host_lanes, "host lanes", form->id);
    below("has host lanes of", m_.host_lane_rate_gbps, form->host_lane_rate_max_gbps, "Gb/s", form->id);
    power(form->management);
  }

  void pmd() {
    const Pmd* pmd = found<Pmd>(find_pmd, m_.pmd, tables_, known_);
    if (pmd == nullptr) return;
    const double ports = m_.ports ? m_.ports->value : 1;
    if (ports == 1 && !has(pmd->form_factors, m_.form_factor)) {
      add("is {}, no form factor of {}", m_.form_factor, pmd->id);
    }
    if (m_.host_lanes && m_.host_lane_rate_gbps) {
      const double host = m_.host_lanes->value * m_.host_lane_rate_gbps->value;
      if (host < ports * pmd->rate_gbps)
        add("has {:.6g} Gb/s of host lanes for {:.6g} x {} Gb/s", host, ports, pmd->rate_gbps);
    }
    applications(*pmd, ports);
  }

 private:
  template <class... Args>
  void add(fmt::format_string<Args...> format, Args&&... args) {
    out_.push_back({&m_, nullptr, fmt::format(format, std::forward<Args>(args)...)});
  }
  void below(std::string_view what, const Limit& value, const Limit& limit, std::string_view unit,
             std::string_view of) {
    if (value && limit && value->value > limit->value)
      add("{} {:.6g} {}, above the {:.6g} of {}", what, value->value, unit, limit->value, of);
  }

  void power(Management management) {
    if (m_.power_typical_w && m_.power_max_w && m_.power_typical_w->value > m_.power_max_w->value) {
      add("draws {:.6g} W, above its maximum of {:.6g} W", m_.power_typical_w->value, m_.power_max_w->value);
    }
    if (!m_.power_class || !m_.power_max_w) return;
    const int number = static_cast<int>(m_.power_class->value);
    const auto limit = [&](int n) -> const PowerClass* {
      const PowerClass* c = find_power_class(management, n, tables_);
      return c != nullptr ? c : find_power_class(management, n, known_);
    };
    const PowerClass *own = limit(number), *lower = limit(number - 1);
    const double watts = m_.power_max_w->value;
    if (own != nullptr && own->max_w && watts > own->max_w->value) {
      add("draws {:.6g} W, above the {:.6g} W of power class {}", watts, own->max_w->value, number);
    } else if (lower != nullptr && lower->max_w && watts <= lower->max_w->value) {
      add("draws {:.6g} W, which is power class {} or lower, not {}", watts, number - 1, number);
    }
  }

  void applications(const Pmd& pmd, double ports) {
    for (const ModuleApplication& a : m_.applications) {
      if (m_.host_lanes && a.host_lanes > m_.host_lanes->value) {
        add("has an application of {} host lanes on {:.6g}", a.host_lanes, m_.host_lanes->value);
      }
      if (pmd.lanes > 0 && a.media_lanes > ports * pmd.lanes) {
        add("has an application of {} media lanes on {:.6g}", a.media_lanes, ports * pmd.lanes);
      }
      for (unsigned mask = bits(a.host_assignment), lane = 0; mask != 0; mask >>= 1, ++lane) {
        if ((mask & 1) != 0 && m_.host_lanes &&
            lane + static_cast<unsigned>(a.host_lanes) > m_.host_lanes->value)
          add("has an application of {} host lanes that begins at lane {}", a.host_lanes, lane + 1);
      }
    }
    const auto own = [&](const ModuleApplication& a) { return has(pmd.cmis.media_ids, a.media_id); };
    if (!m_.applications.empty() && !pmd.cmis.media_ids.empty() &&
        std::none_of(m_.applications.begin(), m_.applications.end(), own)) {
      add("advertises no media code of {}", pmd.id);
    }
  }

  const Module& m_;
  const Tables &tables_, &known_;
  std::vector<ModuleFault>& out_;
};

void check_cage(const Cage& cage, const Tables& tables, const Tables& known, std::vector<ModuleFault>& out) {
  const CageFit* own = cage.fit(cage.form_factor);
  if (own == nullptr || !own->fits) {
    out.push_back({nullptr, &cage, fmt::format("does not take its own form factor, {}", cage.form_factor)});
  }
  const FormFactor* form = found<FormFactor>(find_form_factor, cage.form_factor, tables, known);
  for (const CageFit& fit : cage.fits) {
    if (fit.host_lanes && form != nullptr && form->host_lanes &&
        fit.host_lanes->value > form->host_lanes->value) {
      out.push_back({nullptr, &cage,
                     fmt::format("uses {:.6g} of {:.6g} lanes with {}", fit.host_lanes->value,
                                 form->host_lanes->value, fit.form_factor)});
    }
  }
}

}  // namespace

std::vector<ModuleFault> module_faults(const Tables& tables, const Tables& known) {
  std::vector<ModuleFault> out;
  for (const Module& module : tables.modules) {
    Check check(module, tables, known, out);
    check.form_factor();
    check.pmd();
  }
  for (const Cage& cage : tables.cages) check_cage(cage, tables, known, out);
  return out;
}

}  // namespace lightlane::catalog
