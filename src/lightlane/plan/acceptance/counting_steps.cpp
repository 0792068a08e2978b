// What is counted: bit errors, codewords, and the same for a day.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lightlane/plan/acceptance/acceptance_steps.hpp"
#include "lightlane/plan/names.hpp"

namespace lightlane::plan {
namespace {

using namespace catalog;

constexpr double shortest_gate_s = 60;  // default: reflections and polarisation drift over seconds

std::string duration(double seconds) {
  if (seconds >= 172800) return fmt::format("{:.3g} days", seconds / 86400);
  if (seconds >= 7200) return fmt::format("{:.3g} h", seconds / 3600);
  if (seconds >= 120) return fmt::format("{:.3g} min", seconds / 60);
  return fmt::format("{:.3g} s", seconds);
}

/// The bit error ratio behind the FEC, or without one, that has to be proven.
struct Goal {
  double ber = 1e-12;
  std::string_view confidence = "likely";
  std::string source = "IEEE 802.3 for 100 Gb/s, from memory";
};

Goal goal_of(const AcceptanceLink& link) {
  if (link.config.ber) return {*link.config.ber, "", "as asked for"};
  const Pmd& child = link.a.rate_gbps <= link.b.rate_gbps ? link.a : link.b;
  if (child.fec.kind == FecKind::none && child.fec.pre_fec_ber) {
    const Value& value = *child.fec.pre_fec_ber;
    return {value.value, catalog::name(value.confidence),
            fmt::format("{} fec.pre_fec_ber ({})", child.id, value.source)};
  }
  if (child.fec.kind == FecKind::kp4_clause119)
    return {1e-13, "sure", "IEEE 802.3bs: frame loss as of this BER (TIA-SR8)"};
  return {};
}

std::string pattern_of(LineCode code) {
  if (code == LineCode::pam4) return "PRBS31Q";
  return code == LineCode::nrz ? "PRBS31" : "";
}

/// The largest pre-FEC BER that a link of standard parts over this plant shows; none: unknown.
std::optional<double> worst_margin_db(const Interop& answer) {
  if (!answer.budget || answer.budget->directions.empty()) return std::nullopt;
  double least = HUGE_VAL;
  for (const Direction& d : answer.budget->directions) {
    if (!d.margin_db) return std::nullopt;
    least = std::min(least, *d.margin_db);
  }
  return std::max(least, 0.0);
}

void add_pre_fec(AcceptanceStep& step, const AcceptanceLink& link) {
  const Pmd& child = link.a.rate_gbps <= link.b.rate_gbps ? link.a : link.b;
  AcceptanceCheck check;
  check.what = "pre-FEC BER";
  check.where =
      link.lanes() > 1 ? fmt::format("each of {} lanes, both directions", link.lanes()) : "both directions";
  if (!child.fec.pre_fec_ber) {
    check.unknown = fmt::format("{} fec.pre_fec_ber", child.id);
    step.checks.push_back(std::move(check));
    return;
  }
  const Value& limit = *child.fec.pre_fec_ber;
  const bool pam4 = child.modulation == LineCode::pam4;
  const auto margin = worst_margin_db(link.interop);
  const double wanted_db = std::min(link.config.pre_fec_margin_db, margin.value_or(0));
  if (child.modulation == LineCode::nrz || pam4) {
    if (margin) check.range.high = ber_with_margin(limit.value, *margin, pam4);
    check.pass.high = ber_with_margin(limit.value, wanted_db, pam4);
  } else {
    check.pass.high = limit.value;
  }
  check.confidence = catalog::name(limit.confidence);
  check.source = fmt::format("{} fec.pre_fec_ber {:.2g} ({})", child.id, limit.value, limit.source);
  if (*check.pass.high < limit.value)
    check.source += fmt::format(", {:.2g} dB of light better; an estimate", wanted_db);
  step.checks.push_back(std::move(check));
}

void add_gate(AcceptanceStep& step, const AcceptanceLink& link) {
  AcceptanceCheck gate;
  gate.what = "gate of this count";
  gate.where = "all lanes at once";
  gate.unit = "s";
  gate.pass.low = shortest_gate_s;
  gate.source = "default of this program: reflections and polarisation drift over seconds";
  const auto last = std::find_if(step.checks.begin(), step.checks.end(),
                                 [](const AcceptanceCheck& c) { return c.what == "pre-FEC BER"; });
  if (last != step.checks.end() && last->pass.high && link.lane_gbps() > 0) {
    const double needed_s =
        trials_to_prove(*last->pass.high, link.config.confidence, 100) / (link.lane_gbps() * 1e9);
    if (needed_s > shortest_gate_s) {
      gate.pass.low = needed_s;
      gate.source = "a hundred errors at the BER above";
    }
  }
  step.checks.push_back(std::move(gate));
}

/// How frames are lost with the codewords that carry them: frames of 64 octets for each codeword, as ratios.
/// They lie across `ways` interleaved codewords, and every eighth across two groups of them.
double frame_loss_per_codeword(int ways) { return (1 + 8.0 * ways) / 8; }
/// Frame loss of 64 octets that 802.3 takes for a bit error ratio: 6.2e-10 for 1e-12.
constexpr double frame_loss_per_ber = 620;

int interleaved(const Pmd& pmd) {
  if (pmd.fec.kind != FecKind::kp4_clause119) return 1;
  return pmd.rate_gbps > 400 ? 4 : 2;
}

/// So many trials a second, each of which fails with `ratio` at the limit.
void add_proof(AcceptanceStep& step, const AcceptanceLink& link, double trials_per_s, double ratio,
               const std::string& where, std::string_view of, const std::string& why) {
  const Goal goal = goal_of(link);
  AcceptanceCheck errors;
  errors.what = fmt::format("{}s", of);
  errors.where = where;
  errors.pass.high = link.config.errors;
  errors.confidence = goal.confidence;
  errors.source = fmt::format("{} at {:g} %: {}", why, link.config.confidence * 100, goal.source);
  step.checks.push_back(errors);
  if (!(trials_per_s > 0)) return;
  for (int more = 0; more < 3; ++more) {
    const int allowed = link.config.errors + more;
    AcceptanceCheck time;
    time.what = allowed == 0 ? fmt::format("time without {} {}", of.front() == 'u' ? "an" : "a", of)
                             : fmt::format("time with {} {}{}", allowed, of, allowed == 1 ? "" : "s");
    time.where = where;
    time.unit = "s";
    time.pass.low = trials_to_prove(ratio, link.config.confidence, allowed) / trials_per_s;
    time.see = duration(*time.pass.low);
    time.source =
        allowed == 0 ? "-ln(1 - confidence) / (ratio x rate)" : "Poisson: P(no more errors) = 1 - confidence";
    step.checks.push_back(std::move(time));
  }
}

void add_bins(AcceptanceStep& step, const AcceptanceLink& link, double seconds) {
  const auto code = link.code();
  const auto ber = std::find_if(step.checks.begin(), step.checks.end(),
                                [](const AcceptanceCheck& c) { return c.what == "pre-FEC BER"; });
  if (!code || ber == step.checks.end() || !ber->pass.high) return;
  AcceptanceCheck bins;
  bins.what = "highest bin of corrected symbols with a codeword in it";
  bins.where = fmt::format("of {}, in {}", code->corrects, duration(seconds));
  const double codewords = link.channel_gbps() * 1e9 / code->bits() * seconds;
  bins.pass.high = std::min(highest_bin(*code, *ber->pass.high, codewords), code->corrects);
  bins.source = fmt::format(
      "binomial, errors at random, {:.3g} codewords at the BER above: more is bursts or reflections",
      codewords);
  step.checks.push_back(std::move(bins));
}

}  // namespace

AcceptanceStep bert_step(const AcceptanceLink& link) {
  AcceptanceStep step;
  step.task = AcceptanceTask::bert;
  step.title = "Count errors";
  step.instrument = "pattern generator and checker of the modules or hosts; FEC counters";
  const std::string pattern = pattern_of(link.a.modulation);
  if (pattern.empty()) {
    step.actions.push_back("Coherent: the module counts its own pre-FEC errors; no pattern is needed");
  } else {
    AcceptanceCheck check;
    check.what = "pattern";
    check.where = fmt::format("every lane, {:.6g} Gb/s {}", link.lane_gbps(), shown(link.a.modulation));
    check.see =
        pattern + (link.a.modulation == LineCode::pam4 ? "; SSPRQ for TDECQ; in service scrambled idle"
                                                       : "; in service scrambled idle");
    check.confidence = "likely";
    check.source = "test patterns of 802.3, from memory";
    step.checks.push_back(std::move(check));
  }
  const auto code = link.code();
  if (!code && link.a.fec.kind == FecKind::none) {
    const double ber = goal_of(link).ber;
    add_proof(step, link, link.lane_gbps() * 1e9, ber,
              link.lanes() > 1 ? fmt::format("each of {} lanes, at once", link.lanes()) : "each direction",
              "bit error", fmt::format("BER below {:.3g}", ber));
    return step;
  }
  if (!pattern.empty())
    step.actions.push_back(
        "With the pattern: BER of each lane, both directions. Patterns run beside the FEC: errors are to be "
        "seen, and no frame passes");
  add_pre_fec(step, link);
  add_gate(step, link);
  step.actions.push_back("Then with the ports up, FEC on, traffic or idle: no uncorrectable codeword");
  const std::string where = link.interop.children > 1
                                ? fmt::format("each of {} links, both directions", link.interop.children)
                                : "both directions";
  if (!code) {
    AcceptanceCheck lost;
    lost.what = "uncorrectable codewords";
    lost.where = where;
    lost.unknown = fmt::format("{}: FEC as {}: time to prove", link.a.id,
                               link.a.fec.text.empty() ? "none here" : link.a.fec.text);
    lost.pass.high = link.config.errors;
    lost.source = "default of this program";
    step.checks.push_back(std::move(lost));
    return step;
  }
  const Pmd& child = link.a.rate_gbps <= link.b.rate_gbps ? link.a : link.b;
  const double frame_loss = goal_of(link).ber * frame_loss_per_ber;
  const double ratio = frame_loss / frame_loss_per_codeword(interleaved(child));
  const double codewords_per_s = link.channel_gbps() * 1e9 / code->bits();
  add_proof(
      step, link, codewords_per_s, ratio, where, "uncorrectable codeword",
      fmt::format("frame loss (64 octets) below {:.2g}, one codeword in {:.2g}", frame_loss, 1 / ratio));
  add_bins(step, link, trials_to_prove(ratio, link.config.confidence, link.config.errors) / codewords_per_s);
  return step;
}

AcceptanceStep soak_step(const AcceptanceLink& link) {
  AcceptanceStep step;
  step.task = AcceptanceTask::soak;
  step.title = fmt::format("Soak for {:g} h", link.config.soak_h);
  step.instrument = "FEC counters and monitors, read every minute";
  step.actions = {"Traffic or idle; both modules in their working place, neighbours running, doors closed",
                  "No flap, no alarm; what drifts is looked into before the link is handed over"};
  const auto add = [&](std::string what, std::string_view unit, double high, std::string_view confidence,
                       std::string source) {
    AcceptanceCheck check;
    check.what = std::move(what);
    check.where = "both ends";
    check.unit = unit;
    check.pass.high = high;
    check.confidence = confidence;
    check.source = std::move(source);
    step.checks.push_back(std::move(check));
  };
  const auto code = link.code();
  const double seconds = link.config.soak_h * 3600;
  add("link losses", "", 0, "", "default of this program");
  if (code && seconds > 0) {
    add("uncorrectable codewords", "", 0, "", "default of this program");
    const double codewords = link.channel_gbps() * 1e9 / code->bits() * seconds;
    const double ratio = proven_ratio(codewords, link.config.confidence);
    AcceptanceCheck proof;
    proof.what = "frame loss ratio (64 octets) that this proves";
    proof.where = fmt::format("{:.3g} codewords, none lost", codewords);
    const Pmd& child = link.a.rate_gbps <= link.b.rate_gbps ? link.a : link.b;
    proof.range.high = ratio * frame_loss_per_codeword(interleaved(child));
    proof.see = fmt::format("below {:.2g} at {:g} %", *proof.range.high, link.config.confidence * 100);
    proof.source = "-ln(1 - confidence) / codewords x (1 + 8 X) / 8, X codewords interleaved";
    step.checks.push_back(std::move(proof));
  } else if (link.a.fec.kind == FecKind::none && seconds > 0 && link.lane_gbps() > 0) {
    AcceptanceCheck proof;
    proof.what = "BER that this proves";
    proof.where = "each lane, no error seen";
    proof.range.high = proven_ratio(link.lane_gbps() * 1e9 * seconds, link.config.confidence);
    proof.see = fmt::format("below {:.2g} at {:g} %", *proof.range.high, link.config.confidence * 100);
    proof.source = "-ln(1 - confidence) / bits";
    step.checks.push_back(std::move(proof));
  }
  add("spread of case temperature", "K", 3, "likely", "tolerance of SONiC's test plan between readings");
  add("change of transmit or receive power", "dB", 3, "likely",
      "tolerance of SONiC's test plan between readings");
  add("change of bias", "%", 10, "likely", "tolerance of SONiC's test plan between readings");
  return step;
}

}  // namespace lightlane::plan
