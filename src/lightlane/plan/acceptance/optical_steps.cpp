// What is measured with light: loss, reflectance, power, and the alarms that follow from the powers.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lightlane/math/elementary.hpp"
#include "lightlane/plan/acceptance/acceptance_steps.hpp"
#include "lightlane/plan/budget/budget_terms.hpp"
#include "lightlane/plan/names.hpp"

namespace lightlane::plan {
namespace {

using namespace catalog;

/// Of the meters that people have, the one next to the light.
double meter_nm(const Pmd& pmd) {
  if (pmd.fibre == FibreKind::multimode) return 850;
  return !pmd.wavelengths.empty() && pmd.wavelengths.front().nominal_nm > 1450 ? 1550 : 1310;
}

/// Fibre, joints and attenuators at a wavelength; none: the fibre's attenuation there is unknown.
std::optional<double> loss_db(const Question& plant, const std::vector<Joint>& counted, double nm,
                              plan::Attenuation which) {
  double sum = plant.attenuators_db;
  for (const Segment& segment : plant.segments) {
    double per_km = 0;
    if (segment.attenuation_db_per_km) {
      per_km = *segment.attenuation_db_per_km;
    } else if (const Limit known = attenuation_db_per_km(*segment.fibre, nm, which)) {
      per_km = known->value;
    } else {
      return std::nullopt;
    }
    sum += per_km * *segment.length_m / 1000;
  }
  for (const Joint& joint : counted) sum += *joint.count * *joint.loss_db;
  return sum;
}

/// Joints at their typical loss, where the question does not say another.
std::vector<Joint> typical_joints(const AcceptanceLink& link) {
  std::vector<Joint> out = joints(link.plant);
  const std::vector<Joint> asked = joints(plant_of(link.question));
  for (std::size_t i = 0; i < out.size(); ++i) {
    const bool given = i < asked.size() && asked[i].loss_db;
    if (!given && out[i].type->loss_typical_db) out[i].loss_db = out[i].type->loss_typical_db->value;
  }
  return out;
}

std::string direction_name(const AcceptanceLink& link, std::size_t direction) {
  const std::string_view text = direction == 0 ? "A to B" : "B to A";
  const int lanes = link.lanes();
  const bool wdm = link.a.fibre_count == 2 || link.a.single_fibre_bidirectional;
  if (lanes == 1 || (wdm && link.interop.children == 1)) return std::string(text);
  return fmt::format("{}, each of {} fibres", text, lanes);
}

void add_loss(AcceptanceStep& step, const AcceptanceLink& link, const Direction& d, std::size_t number) {
  const double meter = meter_nm(*d.from);
  const auto largest = loss_db(link.plant, joints(link.plant), meter, link.plant.attenuation);
  const auto typical = loss_db(link.plant, typical_joints(link), meter, plan::Attenuation::typical);
  const auto line = std::find_if(d.lanes.begin(), d.lanes.end(),
                                 [&](const LaneLine& lane) { return lane.lane == d.limiting_lane; });
  AcceptanceCheck check;
  check.what = fmt::format("insertion loss at {:g} nm", meter);
  check.where = direction_name(link, number);
  if (d.from->single_fibre_bidirectional) {
    std::string sent;
    for (const LaneLine& lane : d.lanes)
      sent += fmt::format("{}{:g}", sent.empty() ? "" : ", ", lane.nominal_nm);
    check.where += fmt::format(", where {} nm run", sent);
  }
  check.unit = "dB";
  check.expected = typical;
  check.range.high = largest;
  std::optional<double> limit = d.channel_loss_max_db;
  check.source = "channel of the standard";
  if (d.margin_db && (!limit || d.loss_db + *d.margin_db < *limit)) {
    limit = d.loss_db + *d.margin_db;
    check.source = "what the budget leaves for the plant";
  }
  if (!d.margin_db) check.unknown = "the power budget: only the standard's channel is held against it";
  if (!limit)
    check.unknown = fmt::format("{} channel.insertion_loss_max_db and its power budget", d.from->id);
  // Light of the limiting lane loses more (or less) in the fibre than that of the meter.
  const double shift = limit && largest ? d.loss_db - *largest : 0;
  if (!limit) check.source.clear();
  if (limit) check.pass.high = *limit - shift;
  if (limit && line != d.lanes.end() && std::fabs(shift) > 0.005)
    check.source +=
        fmt::format(" ({:.2f} dB at the {:g} nm of lane {})", *limit, line->nominal_nm, line->lane);
  if (limit) check.confidence = catalog::name(link.interop.budget->confidence);
  step.checks.push_back(std::move(check));
}

void add_launch(AcceptanceStep& step, const AcceptanceLink& link, const Direction& d, std::size_t number) {
  const Pmd& from = *d.from;
  const char* label = number == 0 ? "A" : "B";
  const bool multiplexed = d.lanes.size() > 1 && link.interop.children == 1 && from.fibre_count <= 2;
  AcceptanceCheck check;
  check.what = "average launch power of a lane";
  check.where = fmt::format("{}{}", label, d.lanes.size() > 1 ? ", every lane" : "");
  check.unit = "dBm";
  pass_low(check, {&from, "tx.avg_power_min_dbm", &from.tx.avg_power_min_dbm});
  pass_high(check, {&from, "tx.avg_power_max_dbm", &from.tx.avg_power_max_dbm});
  const AcceptanceRange lane = check.pass;
  step.checks.push_back(std::move(check));
  if (!multiplexed) return;
  AcceptanceCheck all;
  all.what = fmt::format("the same on a meter: {} lanes of one fibre together", d.lanes.size());
  all.where = label;
  all.unit = "dBm";
  const double more_db = math::to_db(static_cast<double>(d.lanes.size()));
  if (lane.low) all.pass.low = *lane.low + more_db;
  if (lane.high) all.pass.high = *lane.high + more_db;
  all.source = fmt::format("limits of a lane + {:.2f} dB", more_db);
  if (from.tx.total_avg_power_max_dbm) {
    all.pass.high = from.tx.total_avg_power_max_dbm->value;
    all.confidence = catalog::name(from.tx.total_avg_power_max_dbm->confidence);
    all.source += fmt::format(", {} tx.total_avg_power_max_dbm", from.id);
  }
  if (all.pass.any()) step.checks.push_back(std::move(all));
}

void add_receive(AcceptanceStep& step, const AcceptanceLink& link, const Direction& d, std::size_t number) {
  const Pmd &from = *d.from, &to = *d.to;
  AcceptanceCheck check;
  check.what = "average receive power of a lane";
  check.where = fmt::format("{}{}", number == 0 ? "B" : "A", d.lanes.size() > 1 ? ", every lane" : "");
  check.unit = "dBm";
  if (from.tx.avg_power_min_dbm) check.range.low = from.tx.avg_power_min_dbm->value - d.loss_db;
  if (from.tx.avg_power_max_dbm) {
    std::optional<double> least;
    for (const LaneLine& lane : d.lanes) {
      const auto here = loss_db(link.plant, {}, lane.nominal_nm, plan::Attenuation::typical);
      if (here) least = std::min(*here, least.value_or(*here));
    }
    if (least) check.range.high = from.tx.avg_power_max_dbm->value - *least;
  }
  pass_low(check, {&to, "rx.avg_power_min_dbm", &to.rx.avg_power_min_dbm});
  pass_high(check, {&to, "rx.avg_power_max_dbm", &to.rx.avg_power_max_dbm});
  step.checks.push_back(std::move(check));
}

// ---- alarms

struct Alarm {
  std::string what, where;
  std::string_view unit;
  std::optional<double> low_alarm, low_warning, high_warning, high_alarm;
  std::string_view confidence;
  std::string source, unknown;
};

/// Warnings are expected to hold (`range`), alarms bound what may be lived with (`pass`).
void add_alarm(AcceptanceStep& step, const Alarm& alarm) {
  AcceptanceCheck check;
  check.what = alarm.what;
  check.where = alarm.where;
  check.unit = alarm.unit;
  check.range = {alarm.low_warning, alarm.high_warning};
  check.pass = {alarm.low_alarm, alarm.high_alarm};
  check.confidence = alarm.confidence;
  check.source = alarm.source;
  check.unknown = alarm.unknown;
  step.checks.push_back(std::move(check));
}

constexpr double alarm_above_db = 3, alarm_below_db = 4;  // as real 400GBASE-DR4 modules have them (XR-DR4)

void add_power_alarm(AcceptanceStep& step, std::string what, std::string where, const NamedLimit& low,
                     const NamedLimit& high) {
  AcceptanceCheck limits;
  pass_low(limits, low);
  pass_high(limits, high);
  Alarm alarm = {std::move(what), std::move(where), "dBm",        std::nullopt,
                 limits.pass.low, limits.pass.high, std::nullopt, limits.confidence,
                 limits.source,   limits.unknown};
  if (alarm.low_warning) alarm.low_alarm = *alarm.low_warning - alarm_below_db;
  if (alarm.high_warning) alarm.high_alarm = *alarm.high_warning + alarm_above_db;
  if (!alarm.source.empty()) alarm.source += "; alarms 4 dB below, 3 dB above";
  add_alarm(step, alarm);
}

void add_end_alarms(AcceptanceStep& step, const LinkEnd& end, const Pmd& as, const std::string& label) {
  add_power_alarm(step, "transmit power", label, {&as, "tx.avg_power_min_dbm", &as.tx.avg_power_min_dbm},
                  {&as, "tx.avg_power_max_dbm", &as.tx.avg_power_max_dbm});
  add_power_alarm(step, "receive power", label, {&as, "rx.avg_power_min_dbm", &as.rx.avg_power_min_dbm},
                  {&as, "rx.avg_power_max_dbm", &as.rx.avg_power_max_dbm});
  Alarm heat = {"case temperature",
                label,
                "C",
                -5,
                0,
                75,
                80,
                "likely",
                "as a real 400GBASE-DR4 module alarms (XR-DR4)",
                ""};
  if (end.module != nullptr && end.module->case_temperature_max_c) {
    const Value& most = *end.module->case_temperature_max_c;
    heat.high_warning = most.value;
    heat.high_alarm = most.value + 5;
    heat.confidence = catalog::name(most.confidence);
    heat.source = fmt::format("{} ({}); alarms 5 K beyond", end.module->id, most.source);
  }
  if (end.module != nullptr && end.module->case_temperature_min_c) {
    heat.low_warning = end.module->case_temperature_min_c->value;
    heat.low_alarm = *heat.low_warning - 5;
  }
  add_alarm(step, heat);
  add_alarm(step, {"supply voltage", label, "V", 2.97, 3.13, 3.46, 3.63, "likely",
                   "3.3 V, 5 and 10 %, as a real module alarms (XR-DR4)", ""});
}

}  // namespace

AcceptanceStep loss_step(const AcceptanceLink& link) {
  AcceptanceStep step;
  step.task = AcceptanceTask::loss;
  step.title = "Insertion loss, both directions";
  step.instrument = link.a.fibre == FibreKind::multimode
                        ? "loss test set with encircled flux launch (IEC 61280-4-1)"
                        : "loss test set (IEC 61280-4-2)";
  step.actions = {
      "Reference with one cord: the reading then holds both end joints, which the limit does not: on the "
      "safe side. "
      "With three cords it holds the joints in between only",
      "Both directions: a joint of unequal fibres loses more one way",
  };
  if (link.interop.budget) {
    for (std::size_t i = 0; i < link.interop.budget->directions.size(); ++i)
      add_loss(step, link, link.interop.budget->directions[i], i);
  } else {
    AcceptanceCheck check;
    check.what = "insertion loss";
    check.unit = "dB";
    pass_high(check, {&link.a, "channel.insertion_loss_max_db", &link.a.channel.insertion_loss_max_db},
              {&link.b, "channel.insertion_loss_max_db", &link.b.channel.insertion_loss_max_db});
    step.checks.push_back(std::move(check));
  }
  if (link.a.fibre == FibreKind::single_mode && meter_nm(link.a) != 1550) {
    AcceptanceCheck bend;
    bend.what = "insertion loss at 1550 nm";
    bend.where = "both directions";
    bend.see = "no more than at 1310 nm: more is a bend";
    bend.confidence = "likely";
    bend.source = "fibre loses less at 1550 nm, a bend loses more";
    step.checks.push_back(std::move(bend));
  }
  return step;
}

AcceptanceStep reflectance_step(const AcceptanceLink& link) {
  AcceptanceStep step;
  step.task = AcceptanceTask::reflectance;
  step.title = "Reflectance of each joint, return loss of the whole";
  step.instrument = "OTDR (each joint), return loss meter (whole)";
  int count = 0;
  const std::vector<Joint> all = link.plant.connectors.value_or(std::vector<Joint>());
  for (const Joint& joint : all) count += joint.count.value_or(0);
  for (const Joint& joint : all) {
    if (joint.type == nullptr || joint.count.value_or(0) == 0) continue;
    AcceptanceCheck check;
    check.what = "reflectance";
    check.where = fmt::format("each of {} {}", *joint.count, joint.type->id);
    check.unit = "dB";
    if (joint.type->reflectance_typical_db) check.expected = joint.type->reflectance_typical_db->value;
    if (joint.reflectance_db) check.expected = joint.reflectance_db;
    const Limit &a = link.a.channel.discrete_reflectance_max(count),
                &b = link.b.channel.discrete_reflectance_max(count);
    const std::string key =
        fmt::format("channel.discrete_reflectance_max_db, {} joint{}", count, count == 1 ? "" : "s");
    pass_high(check, {&link.a, key, &a}, {&link.b, key, &b});
    step.checks.push_back(std::move(check));
  }
  AcceptanceCheck whole;
  whole.what = "optical return loss of the cabling";
  whole.where = "from each end";
  whole.unit = "dB";
  const Limit &a = link.a.channel.orl_min_db, &b = link.b.channel.orl_min_db;
  const bool second = b && (!a || b->value > a->value);
  pass_low(whole, {second ? &link.b : &link.a, "channel.orl_min_db", second ? &b : &a});
  step.checks.push_back(std::move(whole));
  if (link.a.polish == Polish::apc)
    step.actions.push_back("Angled faces everywhere: one flat face reflects more than all others together");
  step.actions.push_back("Joints that reflect less than -55 dB do not count");
  return step;
}

AcceptanceStep power_step(const AcceptanceLink& link) {
  AcceptanceStep step;
  step.task = AcceptanceTask::power;
  step.title = "Launch and receive power at the modules";
  step.instrument = "power meter with a cord of the module's connector; the modules' own monitors";
  step.actions = {
      "A meter shows the average of all light that reaches it, an eye it does not show: BER does",
      "Receive power is launch power less the loss that was measured; where they differ by more than the "
      "monitors' "
      "tolerance, look for the reason",
  };
  if (link.interop.budget) {
    const auto& directions = link.interop.budget->directions;
    for (std::size_t i = 0; i < directions.size(); ++i) add_launch(step, link, directions[i], i);
    for (std::size_t i = 0; i < directions.size(); ++i) add_receive(step, link, directions[i], i);
  }
  AcceptanceCheck monitor;
  monitor.what = "monitor less power meter";
  monitor.where = "transmit and receive, each lane";
  monitor.unit = "dB";
  monitor.pass = {-3.0, 3.0};
  monitor.confidence = "likely";
  monitor.source = "accuracy that SFF-8636 and CMIS ask of monitors, from memory";
  step.checks.push_back(std::move(monitor));
  return step;
}

AcceptanceStep alarm_step(const AcceptanceLink& link) {
  AcceptanceStep step;
  step.task = AcceptanceTask::alarms;
  step.title = "Set alarms";
  step.instrument = "monitoring of both hosts";
  step.actions = {
      "Expected range = warnings, pass range = alarms; where a module has thresholds of its own, take those",
      "Read every alarm and warning flag once more: all clear"};
  add_end_alarms(step, link.question.a, link.a, "A");
  add_end_alarms(step, link.question.b, link.b, "B");
  add_alarm(step, {"bias of each lane, against this day's", "A and B", "%", -20, -10, 10, 20, "",
                   "default of this program", ""});
  if (link.a.fec.pre_fec_ber && link.code()) {
    const double limit = link.a.fec.pre_fec_ber->value;
    const bool pam4 = link.a.modulation == LineCode::pam4;
    add_alarm(
        step,
        {"pre-FEC BER of each lane", "A and B", "", std::nullopt, std::nullopt,
         ber_with_margin(limit, 1.0, pam4), ber_with_margin(limit, 0.5, pam4), "",
         fmt::format("1 and 0.5 dB of light from the limit of {:.2g}; default of this program", limit), ""});
  }
  return step;
}

}  // namespace lightlane::plan
