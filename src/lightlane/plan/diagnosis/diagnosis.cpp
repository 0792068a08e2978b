#include "lightlane/plan/diagnosis/diagnosis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "lightlane/base/error.hpp"

namespace lightlane::plan {
namespace {

using catalog::FecKind;

FecCode code_of(const Readings& r) {
  const bool kr4 =
      (r.pmd != nullptr && r.pmd->fec.kind == FecKind::kr4) || r.get(ReadingFact::fec) == "rs528";
  return kr4 ? FecCode{528, 7} : FecCode{};
}

int interleaved_of(const Readings& r) {
  double rate = r.get(Reading::speed_gbps);
  if (std::isnan(rate) && r.pmd != nullptr) rate = r.pmd->rate_gbps;
  if (rate >= 800) return 4;
  if (code_of(r).corrects == 7) return 1;
  return 2;
}

void mark_readings(InterfaceDiagnosis& d) {
  const Readings& r = *d.readings;
  const auto add = [&](Reading reading, std::size_t lane, const MonitorThresholds& limits,
                       std::string_view from) {
    const double value = r.get(reading, lane);
    if (std::isnan(value)) return;
    d.marks.push_back({reading, lane, value, limits, from, mark(value, limits)});
  };
  for (std::size_t m = 0; m < monitor_count; ++m) {
    const Reading reading = reading_of(static_cast<Monitor>(m));
    const UsedThresholds& used = d.thresholds.of[m];
    const std::size_t n = info(reading).scope == ReadingScope::lane ? r.lanes() : 1;
    for (std::size_t i = 0; i < n; ++i) add(reading, i, used.values, used.from);
  }
  MonitorThresholds errors;
  errors.high_alarm = d.thresholds.ber_limit;
  errors.high_warning = d.thresholds.ber_alarm;
  for (std::size_t i = 0; i < r.lanes(); ++i) {
    const double value = r.get(Reading::ber, i);
    if (std::isnan(value)) continue;
    d.marks.push_back({Reading::ber, i, value, errors, d.thresholds.ber_from, mark(value, errors, 0)});
  }
}

/// The worst of what the readings alone say.
class Verdicts {
 public:
  explicit Verdicts(InterfaceDiagnosis& d) : d_(d) {}
  void say(Health health, std::string why) {
    if (health == Health::healthy) return;
    said_.emplace_back(health, std::move(why));
  }
  void finish(bool enough) {
    std::stable_sort(said_.begin(), said_.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    d_.health = said_.empty() ? (enough ? Health::healthy : Health::not_enough_data) : said_.front().first;
    for (auto& [health, why] : said_) d_.because.push_back(std::move(why));
  }

 private:
  InterfaceDiagnosis& d_;
  std::vector<std::pair<Health, std::string>> said_;
};

std::string lanes_text(const std::vector<std::size_t>& lanes) {
  std::string out = lanes.size() == 1 ? "lane " : "lanes ";
  for (std::size_t i = 0; i < lanes.size(); ++i) out += fmt::format("{}{}", i == 0 ? "" : ", ", lanes[i] + 1);
  return out;
}

void judge_marks(const InterfaceDiagnosis& d, Verdicts& verdicts) {
  for (std::size_t i = 0; i < d.marks.size();) {
    const Reading reading = d.marks[i].reading;
    std::vector<std::size_t> alarms, warnings;
    for (; i < d.marks.size() && d.marks[i].reading == reading; ++i) {
      const MarkedReading& m = d.marks[i];
      const bool no_light =
          (reading == Reading::rx_power_dbm || reading == Reading::tx_power_dbm) && m.value <= dark_dbm;
      if (no_light && reading == Reading::rx_power_dbm) continue;  // said of the link
      if (alarm(m.mark) || no_light) alarms.push_back(m.lane);
      if (warning(m.mark)) warnings.push_back(m.lane);
    }
    const ReadingInfo& about = info(reading);
    const auto where = [&](const std::vector<std::size_t>& lanes) {
      return about.scope == ReadingScope::module ? std::string() : ", " + lanes_text(lanes);
    };
    if (!alarms.empty())
      verdicts.say(Health::failing, fmt::format("{} beyond its {}{}", about.name,
                                                reading == Reading::ber ? "limit" : "alarm", where(alarms)));
    if (!warnings.empty())
      verdicts.say(Health::degraded, fmt::format("{} beyond its warning{}", about.name, where(warnings)));
  }
}

void judge_light(const InterfaceDiagnosis& d, const Features& f, Verdicts& verdicts) {
  const auto number = [&](std::string_view name) {
    return f.numbers[static_cast<std::size_t>(feature_named(name))];
  };
  static const int dark_at = feature_named("rx.dark"), known_at = feature_named("rx.known");
  const double dark = f.numbers[static_cast<std::size_t>(dark_at)],
               known = f.numbers[static_cast<std::size_t>(known_at)];
  if (dark > 0 && dark == known) {
    verdicts.say(Health::down, "no light on any lane");
  } else if (dark > 0) {
    std::vector<std::size_t> lanes;
    for (std::size_t i = 0; i < d.readings->lanes(); ++i)
      if (dark_lane(*d.readings, d.thresholds, i)) lanes.push_back(i);
    verdicts.say(Health::failing, "no light on " + lanes_text(lanes));
  }
  if (d.readings->get(Reading::oper_up) == 0) verdicts.say(Health::down, "the link is down");
  if (d.readings->get(Reading::uncorrectable_codewords) > 0)
    verdicts.say(Health::failing, fmt::format("{:.0f} codewords could not be corrected",
                                              d.readings->get(Reading::uncorrectable_codewords)));
  const double port_ber = d.readings->get(Reading::port_ber);
  if (port_ber > d.thresholds.ber_limit)
    verdicts.say(Health::failing, fmt::format("bit error ratio {:.1e}, beyond what FEC can take", port_ber));
  else if (port_ber > d.thresholds.ber_alarm)
    verdicts.say(Health::degraded, fmt::format("bit error ratio {:.1e}", port_ber));
  const double days = number("trend.days_left");
  if (days <= 90)
    verdicts.say(Health::degraded,
                 fmt::format("reaches an alarm in {:.0f} days, if it goes on like that", days));
  if (number("lol.rx") > 0 && !(dark > 0))
    verdicts.say(Health::failing, "loss of lock although there is light");
}

void judge_causes(const InterfaceDiagnosis& d, Verdicts& verdicts) {
  bool no_light = true;
  for (std::size_t i = 0; i < d.readings->lanes(); ++i)
    no_light &=
        dark_lane(*d.readings, d.thresholds, i) || d.readings->get(Reading::tx_power_dbm, i) <= dark_dbm;
  for (const Cause& cause : d.causes) {
    constexpr Health as[] = {Health::healthy, Health::degraded, Health::failing, Health::down};
    Health health = as[static_cast<std::size_t>(cause.rule->severity)];
    const double up = d.readings->get(Reading::oper_up);
    if (health == Health::down && up == 1) health = Health::degraded;
    if (health == Health::down && std::isnan(up) && !no_light) health = Health::failing;
    verdicts.say(health, cause.rule->symptom);
  }
}

/// Whether something was read that says how the link is.
bool enough(const InterfaceDiagnosis& d) {
  const Readings& r = *d.readings;
  if (r.known(Reading::port_ber) || r.known(Reading::uncorrectable_codewords) || d.tail) return true;
  for (const MarkedReading& m : d.marks) {
    if (m.mark == ReadingMark::unknown) continue;
    if (m.reading == Reading::rx_power_dbm || m.reading == Reading::ber) return true;
  }
  return false;
}

void judge(InterfaceDiagnosis& d, const Features& near) {
  const Readings& r = *d.readings;
  const bool no_monitors = std::any_of(d.causes.begin(), d.causes.end(),
                                       [](const Cause& c) { return c.rule->severity == RuleSeverity::note; });
  if (r.get(Reading::admin_up) == 0 || r.get(Reading::present) == 0) {
    d.idle = true;
    d.because.push_back(r.get(Reading::present) == 0 ? "there is no module" : "the port is shut down");
    d.causes.clear();
    return;
  }
  Verdicts verdicts(d);
  if (!no_monitors) judge_marks(d, verdicts);
  if (!no_monitors || r.known(Reading::oper_up)) judge_light(d, near, verdicts);
  judge_causes(d, verdicts);
  verdicts.finish(enough(d) && !no_monitors);
  if (d.health != Health::not_enough_data) return;
  if (no_monitors) d.idle = r.get(Reading::flat_memory) == 1;
  d.because.push_back(no_monitors ? "the module has no monitors that can be read"
                                  : "neither received power against a limit nor errors were read");
}

void collect_steps(InterfaceDiagnosis& d) {
  const auto add = [](std::vector<std::string>& to, const std::vector<std::string>& from) {
    for (const std::string& text : from)
      if (std::find(to.begin(), to.end(), text) == to.end()) to.push_back(text);
  };
  d.unexplained_share = 1;
  for (const Cause& cause : d.causes) {
    d.unexplained_share -= cause.share;
    if (cause.share < 0.02) continue;
    add(d.checks, cause.rule->checks);
    add(d.actions, cause.rule->actions);
  }
}

void note_oddities(InterfaceDiagnosis& d, bool dropped) {
  const Readings& r = *d.readings;
  if (dropped) d.notes.push_back(fmt::format("lanes beyond {} carry nothing and were left out", r.lanes()));
  if (r.pmd == nullptr) {
    const std::string_view module = r.get(ReadingFact::module);
    d.notes.push_back(
        fmt::format("the type is not known{}: powers have no limits unless the module gives them",
                    module.empty() ? "" : fmt::format(" ('{}')", module)));
  }
  for (std::size_t i = 0; i < r.lanes(); ++i) {
    if (r.get(Reading::rx_los, i) == 1 && r.get(Reading::rx_power_dbm, i) > -15)
      d.notes.push_back(
          fmt::format("lane {} reports loss of signal at {:.2f} dBm: flags are latched, read them again",
                      i + 1, r.get(Reading::rx_power_dbm, i)));
  }
  if (r.get(Reading::age_s) > 300)
    d.notes.push_back(fmt::format("the readings are {:.0f} s old", r.get(Reading::age_s)));
}

/// What drifts; flags and counters do not.
bool has_trend(Reading reading) {
  const std::string_view unit = info(reading).unit;
  return unit == "dBm" || unit == "mA" || unit == "dB" || unit == "C" || unit == "V" ||
         info(reading).high == 0.5;
}

class Diagnostician {
 public:
  Diagnostician(DiagnosisInput& input, const DiagnosisConfig& config) : input_(input), config_(config) {
    for (std::size_t i = 0; i < input.history.size(); ++i) series_[input.history[i].interface].push_back(i);
  }

  InterfaceDiagnosis one(Readings& r) {
    InterfaceDiagnosis d;
    d.readings = &r;
    if (r.pmd == nullptr) r.pmd = config_.pmd;
    const bool dropped = drop_unused_lanes(r);
    if (r.far != nullptr) {
      if (r.far->pmd == nullptr) r.far->pmd = r.pmd;
      drop_unused_lanes(*r.far);
    }
    d.thresholds = thresholds_of(r);
    mark_readings(d);
    trends(d);
    d.interleaved = config_.interleaved.value_or(interleaved_of(r));
    d.tail = fec_tail(r.bins.codewords, r.get(Reading::uncorrectable_codewords), code_of(r), d.interleaved);
    if (config_.plant && r.pmd != nullptr) d.prediction = predict(r, *config_.plant);
    const Features near = features_of(
        {&r, &d.thresholds, d.trends, d.tail ? &*d.tail : nullptr, d.prediction ? &*d.prediction : nullptr});
    Features far;
    if (r.far != nullptr) {
      const ThresholdSet limits = thresholds_of(*r.far);
      far = features_of({r.far.get(), &limits, {}, nullptr, nullptr});
    }
    d.causes = causes_of(config_.rules == nullptr ? builtin_rules() : *config_.rules,
                         {&r, &near, r.far != nullptr ? &far : nullptr});
    judge(d, near);
    finish(d, near, dropped);
    return d;
  }

 private:
  void trends(InterfaceDiagnosis& d) {
    const auto at = series_.find(d.readings->interface);
    if (at == series_.end()) return;
    for (const std::size_t i : at->second) {
      const ReadingSeries& s = input_.history[i];
      if (!has_trend(s.reading)) continue;
      if (const auto trend = trend_of(s)) d.trends.push_back({s.reading, s.lane, *trend});
    }
  }

  void finish(InterfaceDiagnosis& d, const Features& near, bool dropped) const {
    collect_steps(d);
    static const int worst_at = feature_named("ber.worst");
    const Readings& r = *d.readings;
    d.ber_margin_db = margin_of_ber(r.pmd == nullptr ? catalog::LineCode::pam4 : r.pmd->modulation,
                                    d.thresholds.ber_limit, near.numbers[static_cast<std::size_t>(worst_at)]);
    if (d.causes.empty() && !d.idle && d.health != Health::healthy)
      d.checks.push_back(
          "read powers, bias and errors of every lane at both ends: what was read does not tell the cause");
    if (!config_.details) return;
    note_oddities(d, dropped);
    explain(d.thresholds, r, d.ledger);
    if (d.tail && !config_.interleaved)
      d.ledger.assume("codewords that are interleaved", d.interleaved, "", "by rate; SONiC's table");
    if (d.prediction) {
      for (const Assumption& a : d.prediction->budget.assumed) d.ledger.assumed.push_back(a);
      for (const UsedLimit& l : d.prediction->budget.limits) d.ledger.limits.push_back(l);
      for (const Reason& reason : d.prediction->budget.reasons) d.ledger.reasons.push_back(reason);
    }
  }

  DiagnosisInput& input_;
  const DiagnosisConfig& config_;
  std::unordered_map<std::string, std::vector<std::size_t>> series_;
};

}  // namespace

std::string_view name(Health health) noexcept {
  constexpr std::string_view names[] = {"healthy", "not enough data", "degraded", "failing", "down"};
  return names[static_cast<std::size_t>(health)];
}

std::vector<InterfaceDiagnosis> diagnose(DiagnosisInput& input, const DiagnosisConfig& config) {
  Diagnostician doctor(input, config);
  std::vector<InterfaceDiagnosis> out;
  out.reserve(input.interfaces.size());
  for (Readings& r : input.interfaces) out.push_back(doctor.one(r));
  std::stable_sort(out.begin(), out.end(), [](const InterfaceDiagnosis& a, const InterfaceDiagnosis& b) {
    return a.health != b.health ? a.health > b.health : a.idle < b.idle;
  });
  return out;
}

bool all_healthy(const std::vector<InterfaceDiagnosis>& list) noexcept {
  bool any = false;
  for (const InterfaceDiagnosis& d : list) {
    if (d.idle) continue;
    if (d.health != Health::healthy) return false;
    any = true;
  }
  return any;
}

}  // namespace lightlane::plan
