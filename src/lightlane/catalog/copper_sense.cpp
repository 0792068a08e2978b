#include "lightlane/catalog/copper_sense.hpp"

#include <fmt/format.h>

#include <cmath>

namespace lightlane::catalog {
namespace {

constexpr double slack = 1e-9;

class Check {
 public:
  Check(const DirectAttach& cable, const Tables& tables, const Tables& known,
        std::vector<DirectAttachFault>& out)
      : c_(cable), tables_(tables), known_(known), out_(out) {}

  void run() {
    end(c_.a, "end a");
    end(c_.b, "end b");
    rate();
    both_ends();
    type();
  }

 private:
  template <class... Args>
  void add(fmt::format_string<Args...> format, Args&&... args) {
    out_.push_back({&c_, fmt::format(format, std::forward<Args>(args)...)});
  }

  void end(const DirectAttachEnd& e, std::string_view label) {
    const FormFactor* form = find_form_factor(e.form_factor, tables_);
    if (form == nullptr) form = find_form_factor(e.form_factor, known_);
    if (form == nullptr) return;
    if (e.lanes && form->host_lanes && e.lanes->value > form->host_lanes->value) {
      add("{} has {:.6g} lanes, above the {:.6g} of {}", label, e.lanes->value, form->host_lanes->value,
          form->id);
    }
    const Limit& fastest = form->host_lane_rate_max_gbps;
    if (e.lane_rate_gbps && fastest && e.lane_rate_gbps->value > fastest->value * (1 + slack)) {
      add("{} has lanes of {:.6g} Gb/s, above the {:.6g} of {}", label, e.lane_rate_gbps->value,
          fastest->value, form->id);
    }
  }

  void rate() {
    if (!c_.rate_gbps || !c_.a.lanes || !c_.a.lane_rate_gbps) return;
    const double line = c_.a.lanes->value * c_.a.lane_rate_gbps->value;
    // Line rates are 3 to 7 % above the MAC rate.
    if (line < c_.rate_gbps->value || line > 1.1 * c_.rate_gbps->value) {
      add("has lanes of {:.6g} Gb/s together for {:.6g} Gb/s", line, c_.rate_gbps->value);
    }
  }

  void both_ends() {
    if (!c_.a.lanes || !c_.b.lanes || !c_.a.lane_rate_gbps || !c_.b.lane_rate_gbps) return;
    const double near = c_.a.lanes->value, far = c_.legs * c_.b.lanes->value;
    if (!c_.gearbox) {
      if (near != far) add("has {:.6g} lanes at end a, {:.6g} at end b", near, far);
      if (c_.a.lane_rate_gbps->value != c_.b.lane_rate_gbps->value)
        add("has lanes of {:.6g} Gb/s at end a, {:.6g} at end b, and no gearbox", c_.a.lane_rate_gbps->value,
            c_.b.lane_rate_gbps->value);
      return;
    }
    const double ratio = near * c_.a.lane_rate_gbps->value / (far * c_.b.lane_rate_gbps->value);
    if (std::fabs(ratio - 1) > 0.05) add("has a gearbox of {:.6g} to 1", ratio);
  }

  void type() {
    if (c_.copper.empty()) return;
    const Copper* copper = find_copper(c_.copper, tables_);
    if (copper == nullptr) copper = find_copper(c_.copper, known_);
    if (copper == nullptr) return;
    if (c_.kind == DirectAttachKind::active_optical) add("is optical, {} is a type over copper", copper->id);
    if (c_.a.lane_rate_gbps &&
        std::fabs(c_.a.lane_rate_gbps->value - copper->lane_rate_gbps()) > slack * copper->lane_rate_gbps()) {
      add("has lanes of {:.6g} Gb/s, {} of {:.6g}", c_.a.lane_rate_gbps->value, copper->id,
          copper->lane_rate_gbps());
    }
    if (c_.a.lanes && std::fmod(c_.a.lanes->value, copper->lanes) != 0)
      add("has {:.6g} lanes, {} of {}", c_.a.lanes->value, copper->id, copper->lanes);
  }

  const DirectAttach& c_;
  const Tables &tables_, &known_;
  std::vector<DirectAttachFault>& out_;
};

}  // namespace

std::vector<DirectAttachFault> direct_attach_faults(const Tables& tables, const Tables& known) {
  std::vector<DirectAttachFault> out;
  for (const DirectAttach& cable : tables.direct_attach) Check(cable, tables, known, out).run();
  return out;
}

}  // namespace lightlane::catalog
