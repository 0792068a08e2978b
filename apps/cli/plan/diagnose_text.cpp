#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "cli/plan/answer_report.hpp"
#include "cli/plan/diagnose_report.hpp"
#include "cli/terminal.hpp"

namespace lightlane::cli {
namespace {

using namespace plan;

std::string title_of(const InterfaceDiagnosis& d) {
  std::string word(d.idle ? "IDLE" : name(d.health));
  std::transform(word.begin(), word.end(), word.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  if (!colour_terminal() || d.idle || d.health == Health::not_enough_data) return word;
  const int colour = d.health == Health::healthy ? 32 : d.health == Health::degraded ? 33 : 31;
  return fmt::format("\033[1;{}m{}\033[0m", colour, word);
}

std::string type_of(const Readings& r) {
  if (r.pmd != nullptr) return std::string(r.pmd->id);
  return std::string(r.get(ReadingFact::module));
}

std::string limit_text(double value, Reading reading) {
  if (std::isnan(value)) return "-";
  return info(reading).unit.empty() ? fmt::format("{:.1e}", value) : fmt::format("{:.2f}", value);
}

void print_causes(const InterfaceDiagnosis& d) {
  if (d.causes.empty()) return;
  fmt::print("\n{}\n", bold("Causes, the likeliest first"));
  int number = 0;
  for (const Cause& c : d.causes) {
    fmt::print("  {}. {:>3.0f} %  {}\n", ++number, 100 * c.share, c.rule->cause);
    fmt::print("           {}  [{}]\n", c.rule->symptom, c.rule->id);
    std::string fired;
    for (const std::string& text : c.conditions)
      fired += fmt::format("{}{}", fired.empty() ? "" : "; ", text);
    if (!fired.empty()) fmt::print("           fires by {}\n", fired);
    for (const CauseEvidence& e : c.evidence) {
      const bool supports = e.factor > 1;
      fmt::print("           {} {}{}, {}{:.2g}\n", supports ? "+" : "-", e.text,
                 e.values.empty() ? "" : fmt::format(" ({})", e.values), supports ? "x" : "/",
                 supports ? e.factor : 1 / e.factor);
    }
    if (!c.would_tell.empty()) {
      std::string open;
      for (const std::string& text : c.would_tell)
        open += fmt::format("{}{}", open.empty() ? "" : "; ", text);
      fmt::print("           would tell: {}\n", open);
    }
  }
  if (d.unexplained_share >= 0.005)
    fmt::print("     {:>3.0f} %  something that no rule knows\n", 100 * d.unexplained_share);
}

void print_steps(const char* title, const std::vector<std::string>& steps) {
  if (!steps.empty()) fmt::print("\n{}\n", bold(title));
  for (std::size_t i = 0; i < steps.size(); ++i) fmt::print("  {}. {}\n", i + 1, steps[i]);
}

void print_marks(const InterfaceDiagnosis& d) {
  if (d.marks.empty()) return;
  fmt::print("\n{}\n",
             bold(fmt::format("{:<22}{:>5}{:>11}  {:<8}{:>11}{:>10}{:>10}{:>11}  {}", "Readings", "lane",
                              "value", "", "low alarm", "low warn", "high warn", "high alarm", "limits of")));
  for (const MarkedReading& m : d.marks) {
    const ReadingInfo& about = info(m.reading);
    const bool lane = about.scope != ReadingScope::module;
    fmt::print("  {:<20}{:>5}{:>11}  {:<8}{:>11}{:>10}{:>10}{:>11}  {}\n", about.name,
               lane ? fmt::format("{}", m.lane + 1) : "",
               m.value <= no_light_dbm && about.unit == "dBm" ? "no light" : limit_text(m.value, m.reading),
               plan::name(m.mark), limit_text(m.thresholds.low_alarm, m.reading),
               limit_text(m.thresholds.low_warning, m.reading),
               limit_text(m.thresholds.high_warning, m.reading),
               limit_text(m.thresholds.high_alarm, m.reading), m.thresholds_from);
  }
}

void print_trends(const InterfaceDiagnosis& d) {
  if (d.trends.empty()) return;
  fmt::print("\n{}\n", bold("Trends (Theil-Sen, 95 % interval; bit error ratios in decades)"));
  for (const LaneTrend& t : d.trends) {
    const ReadingTrend& x = t.trend;
    const std::string lane =
        info(t.reading).scope == ReadingScope::module ? "" : fmt::format(" lane {}", t.lane + 1);
    fmt::print("  {:<24}{:>9.3g} per day ({:.3g} to {:.3g}), {:.3g} in {:.1f} days{}",
               fmt::format("{}{}", info(t.reading).name, lane), x.slope_per_day, x.slope_low, x.slope_high,
               x.change(), x.span_days, x.significant ? "" : ", not significant");
    if (x.step) fmt::print("; step of {:.3g}", *x.step);
    fmt::print("\n");
  }
}

/// Nothing where no threshold is neared.
void print_predictions(const InterfaceDiagnosis& d) {
  for (const LaneTrend& t : d.trends) {
    const auto say = [&](double threshold, const char* what) {
      const auto left = days_to(t.trend, threshold);
      if (!left) return;
      fmt::print("  prediction: {} lane {} reaches {} in {:.0f} days ({} to {}), if it goes on like that\n",
                 info(t.reading).name, t.lane + 1, what, left->days,
                 left->soonest_days ? fmt::format("{:.0f}", *left->soonest_days) : "?",
                 left->latest_days ? fmt::format("{:.0f}", *left->latest_days) : "never");
    };
    const auto limits = [&](Monitor m) { return d.thresholds[m].values; };
    if (t.reading == Reading::rx_power_dbm) {
      say(limits(Monitor::rx_power).low_warning, "its low warning");
      say(limits(Monitor::rx_power).low_alarm, "its low alarm");
    }
    if (t.reading == Reading::tx_bias_ma) {
      say(limits(Monitor::tx_bias).high_warning, "its high warning");
      say(limits(Monitor::tx_bias).high_alarm, "its high alarm");
    }
    if (t.reading == Reading::ber && d.thresholds.ber_limit > 0)
      say(std::log10(d.thresholds.ber_limit), "the limit of FEC");
  }
}

void print_tail(const FecTail& t, int interleaved) {
  fmt::print("\n{}\n", bold("FEC histogram"));
  fmt::print(
      "  {:.4g} codewords, {:.4g} uncorrectable, symbol error ratio {:.2e}, bit error ratio {:.2e} or more\n",
      t.codewords, t.uncorrectable, t.symbol_error_ratio, t.ber);
  if (t.slope) {
    fmt::print(
        "  tail: {:.3f} decades a bin (R2 {:.2f}); prediction: codeword loss {:.2e}, frame loss {:.2e} with "
        "{} interleaved\n",
        *t.slope, *t.r_squared, *t.predicted_cer, *t.predicted_flr, interleaved);
  } else {
    fmt::print("  tail: fewer than two filled bins, no prediction\n");
  }
  fmt::print("  observed: codeword loss {}, frame loss {}\n", ratio(t.observed_cer), ratio(t.observed_flr));
  fmt::print(
      "  {:.4g} codewords with {} errors or more, {:.3g} if errors were independent (chance {:.1e}): {}\n",
      t.tail_codewords, t.tail_from, t.expected_tail, t.chance, t.thick ? "bursts" : "no sign of bursts");
}

void print_prediction(const Prediction& p) {
  fmt::print("\n{}\n", bold("Prediction against measurement"));
  if (!p.lanes.empty())
    fmt::print("  loss of the plant: {:.2f} dB at most{}\n", p.loss_db,
               p.typical_loss_db ? fmt::format(", {:.2f} dB typical", *p.typical_loss_db) : "");
  for (const LanePrediction& l : p.lanes) {
    const auto number = [](double v) { return std::isnan(v) ? std::string("?") : fmt::format("{:.2f}", v); };
    fmt::print("  lane {}: expected {} to {} dBm ({}), measured {} dBm", l.lane + 1, number(l.low_dbm),
               number(l.high_dbm),
               l.from_far_tx ? "from what the other end sends" : "from the limits of the transmitter",
               number(l.measured_dbm));
    if (!std::isnan(l.excess_db))
      fmt::print(", {:.2f} dB {}", std::abs(l.excess_db), l.excess_db > 0 ? "missing" : "to spare");
    if (!std::isnan(l.estimated_ber))
      fmt::print("; estimate: bit error ratio {:.1e} or better{}", std::max(l.estimated_ber, 1e-18),
                 std::isnan(l.measured_ber) ? "" : fmt::format(", measured {:.1e}", l.measured_ber));
    fmt::print("\n");
  }
  if (!p.explanation.empty()) fmt::print("  {}\n", p.explanation);
}

void print_one(const InterfaceDiagnosis& d) {
  const Readings& r = *d.readings;
  std::string because;
  for (const std::string& text : d.because) because += fmt::format("{}{}", because.empty() ? "" : "; ", text);
  std::string who = r.interface;
  if (const std::string type = type_of(r); !type.empty()) who += (who.empty() ? "" : ", ") + type;
  fmt::print("{}  {}{}{}\n", title_of(d), who, who.empty() || because.empty() ? "" : ": ", because);
  if (!std::isnan(d.ber_margin_db))
    fmt::print("  about {:.1f} dB of light {} the limit of FEC, by the worst bit error ratio (estimate)\n",
               std::abs(d.ber_margin_db), d.ber_margin_db >= 0 ? "above" : "below");
  print_causes(d);
  print_steps("Check next", d.checks);
  print_steps("Then", d.actions);
  print_marks(d);
  print_trends(d);
  print_predictions(d);
  if (d.tail) print_tail(*d.tail, d.interleaved);
  if (d.prediction) print_prediction(*d.prediction);
  if (!d.notes.empty()) fmt::print("\n{}\n", bold("Notes"));
  for (const std::string& text : d.notes) fmt::print("  {}\n", text);
  print_reasons(d.ledger.reasons);
  print_assumed(d.ledger.assumed);
  print_limits(d.ledger.limits);
}

void print_line(const InterfaceDiagnosis& d) {
  const Readings& r = *d.readings;
  const std::string what =
      !d.causes.empty()   ? fmt::format("{} ({:.0f} %)", d.causes[0].rule->cause, 100 * d.causes[0].share)
      : d.because.empty() ? std::string()
                          : d.because[0];
  fmt::print("{:<16}{:<16}{:<18}{}\n", d.idle ? "idle" : name(d.health), r.interface,
             type_of(r).substr(0, 17), what);
}

void print_understood(const DiagnosisInput& input) {
  if (input.not_understood == 0) return;
  fmt::print("\n{} of {} lines, keys or cells were not understood:\n", input.not_understood,
             input.understood + input.not_understood);
  const std::size_t shown = std::min<std::size_t>(input.problems.size(), 10);
  for (std::size_t i = 0; i < shown; ++i)
    fmt::print("  {}: {}\n", input.problems[i].place, input.problems[i].text);
  if (shown < input.not_understood) fmt::print("  and {} more\n", input.not_understood - shown);
}

}  // namespace

std::string reading_text(Reading reading, double value) {
  const ReadingInfo& about = info(reading);
  if (about.unit == "flag") return value == 1 ? "yes" : "no";
  if (about.unit.empty())
    return value != 0 && std::abs(value) < 1e-2 ? fmt::format("{:.1e}", value) : fmt::format("{:g}", value);
  return fmt::format("{:.2f} {}", value, about.unit);
}

void print_text(const std::vector<InterfaceDiagnosis>& list, const DiagnosisInput& input, bool details) {
  if (list.size() == 1) {
    print_one(list[0]);
    print_understood(input);
    return;
  }
  std::map<Health, std::size_t> count;
  std::size_t idle = 0;
  for (const InterfaceDiagnosis& d : list) d.idle ? ++idle : ++count[d.health];
  std::string summary = fmt::format("{} interfaces", list.size());
  for (const Health h :
       {Health::down, Health::failing, Health::degraded, Health::not_enough_data, Health::healthy})
    if (count[h] > 0) summary += fmt::format(", {} {}", count[h], name(h));
  if (idle > 0) summary += fmt::format(", {} idle", idle);
  fmt::print("{}\n\n{}\n", summary,
             bold(fmt::format("{:<16}{:<16}{:<18}{}", "Verdict", "Interface", "Type", "Likeliest cause")));
  for (const InterfaceDiagnosis& d : list) print_line(d);
  if (details) {
    for (const InterfaceDiagnosis& d : list) {
      fmt::print("\n");
      print_one(d);
    }
  } else {
    fmt::print("\n--interface NAME shows all of one, --details of every one.\n");
  }
  print_understood(input);
}

void print_rules(const RuleBook& book) {
  fmt::print("{}\n", bold(fmt::format("{:>4}  {:<22}{:>6}  {}", "Row", "Rule", "prior", "Symptom -> cause")));
  for (const DiagnosisRule& rule : book.rules) {
    fmt::print("{:>4}  {:<22}{:>6g}  {} -> {}\n", rule.row == 0 ? "" : fmt::format("{}", rule.row), rule.id,
               rule.prior, rule.symptom, rule.cause);
    for (const auto& [word, conditions] :
         {std::pair{"all", &rule.all}, {"any", &rule.any}, {"none", &rule.none}}) {
      std::string text;
      for (const RuleCondition& c : *conditions)
        text += fmt::format("{}{}", text.empty() ? "" : "; ", c.text());
      if (!text.empty()) fmt::print("{:>36}{} of: {}\n", "", word, text);
    }
    fmt::print("{:>36}source: {}, {}\n", "", rule.source, catalog::name(rule.confidence));
  }
}

void print_features() {
  for (const FeatureInfo& f : features()) fmt::print("{:<24}{}\n", f.name, f.meaning);
  fmt::print("\n\"far.\" before a name: that of the other end. lanes(READING op NUMBER) counts lanes.\n");
}

void print_reading_names() {
  fmt::print("{}\n", bold(fmt::format("{:<26}{:<11}{:<24}{}", "Reading", "of", "range", "")));
  constexpr const char* scopes[] = {"lane", "host lane", "module"};
  for (std::size_t i = 0; i < reading_count; ++i) {
    const ReadingInfo& about = info(static_cast<Reading>(i));
    const std::string range = about.unit == "flag" ? "no, yes"
                              : about.high >= 1e18
                                  ? fmt::format("{:g} and up {}", about.low, about.unit)
                                  : fmt::format("{:g} to {:g} {}", about.low, about.high, about.unit);
    fmt::print("{:<26}{:<11}{:<24}{}\n", about.name, scopes[static_cast<std::size_t>(about.scope)], range,
               about.meaning);
  }
  fmt::print("\n{}\n", bold(fmt::format("{:<26}{:<35}{}", "Fact", "words", "")));
  for (std::size_t i = 0; i < fact_count; ++i) {
    const auto fact = static_cast<ReadingFact>(i);
    std::string known;
    for (const std::string_view word : words(fact))
      known += fmt::format("{}{}", known.empty() ? "" : " ", word);
    fmt::print("{:<26}{:<35}{}\n", name(fact), known.empty() ? "any" : known, meaning(fact));
  }
  fmt::print(
      "\nbins: codewords with 0, 1, 2 ... corrected symbols; sibling_subports: of all ports of the module "
      "(files by hand).\n");
}

}  // namespace lightlane::cli
