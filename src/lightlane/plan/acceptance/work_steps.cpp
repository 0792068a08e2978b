// What is done by hand: conditions, cleaning, polarity, set-up, records.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "lightlane/plan/acceptance/acceptance_steps.hpp"
#include "lightlane/plan/names.hpp"

namespace lightlane::plan {
namespace {

using namespace catalog;

bool is_mpo(PmdConnector connector) { return positions(connector) > 2; }

// ---- cleaning

/// Zones of IEC 61300-3-35, edition 2, as remembered.
struct Zone {
  const char* name;
  const char* smooth;  ///< single-mode, return loss 45 dB or more (UPC)
  const char* angled;
  const char* multimode;
};
constexpr Zone zones[] = {
    {"core (single-mode to 25 um, multimode to 65 um)", "no scratch, no defect",
     "at most 4 scratches of up to 3 um, no defect",
     "scratches up to 3 um wide, at most 4 defects of up to 5 um"},
    {"cladding (to 120 um)", "scratches up to 3 um wide, at most 5 defects of 2 to 5 um, none larger",
     "scratches up to 3 um wide, at most 5 defects of 2 to 5 um, none larger",
     "scratches up to 5 um wide, at most 5 defects of 2 to 5 um, none larger"},
    {"adhesive (120 to 130 um)", "no limit", "no limit", "no limit"},
    {"contact (130 to 250 um)", "no defect of 10 um or more", "no defect of 10 um or more",
     "no defect of 10 um or more"},
};

void add_faces(AcceptanceStep& step, std::string what, PmdConnector connector, Polish polish, int fibres) {
  AcceptanceCheck check;
  check.what = std::move(what);
  check.where =
      fmt::format("{} {}, {} fibre{}", shown(connector), shown(polish), fibres, fibres == 1 ? "" : "s");
  check.see = "zones as below";
  step.checks.push_back(std::move(check));
}

void add_path_faces(AcceptanceStep& step, const AcceptanceLink& link) {
  int number = 0;
  for (const PathCable& piece : link.question.path) {
    ++number;
    const Cable& cable = *piece.cable;
    for (const bool at_a : {true, false}) {
      const CableEnd& end = at_a ? cable.a : cable.b;
      const auto lit =
          static_cast<int>(std::count_if(cable.map.begin(), cable.map.end(), [](int n) { return n > 0; }));
      const bool legs = !at_a && cable.legs > 1;
      add_faces(step,
                fmt::format("cable {} ({}), end {}{}", number, cable.id, at_a ? "a" : "b",
                            legs ? fmt::format(", {} legs", cable.legs) : ""),
                end.connector, end.polish, lit);
    }
  }
}

// ---- polarity

std::string place(const AcceptanceLink& link, bool broken_out_end, int leg, int position) {
  const bool legs = link.interop.children > 1 && !broken_out_end;
  return legs ? fmt::format("leg {}, position {}", leg + 1, position) : fmt::format("position {}", position);
}

void add_lane(AcceptanceStep& step, const AcceptanceLink& link, const std::vector<LanePositions>& more,
              const std::vector<LanePositions>& fewer, std::size_t lane) {
  const bool b_is_more = link.interop.b_breaks_out;
  const int leg = static_cast<int>(lane / fewer.size());
  const LanePositions near = more[lane], far = fewer[lane % fewer.size()];
  const char* this_end = b_is_more ? "B" : "A";
  const char* other_end = b_is_more ? "A" : "B";
  AcceptanceCheck out;
  out.what = "continuity";
  out.where = fmt::format("{} to {}, lane {}", this_end, other_end, lane + 1);
  out.see = fmt::format("light into position {} at {} comes out at {} of {}", near.transmit, this_end,
                        place(link, false, leg, far.receive), other_end);

  step.checks.push_back(out);
  out.where = fmt::format("{} to {}, lane {}", other_end, this_end, lane + 1);
  out.see = fmt::format("light into {} at {} comes out at position {} of {}",
                        place(link, false, leg, far.transmit), other_end, near.receive, this_end);
  step.checks.push_back(out);
}

// ---- set-up

std::string fec_text(const AcceptanceLink& link, const LinkEnd& end, const Pmd& as, std::string_view label) {
  for (const Reason& reason : link.interop.reasons) {
    if (reason.code == "FEC" && reason.text.starts_with(label) && reason.text[label.size()] == ':')
      return reason.cure.empty() ? reason.text.substr(label.size() + 2) : reason.cure;
  }
  if (as.fec.kind == FecKind::kp4_clause119 && !(end.fec && link.interop.children > 1))
    return "RS(544,514), part of the PCS: nothing to set";
  if (end.fec) return fmt::format("host FEC {}", name(*end.fec));
  return as.fec.text.empty() ? "" : std::string(as.fec.text);
}

std::string starts_of(std::string_view assignment) {
  unsigned mask = 0;
  for (const char c : assignment.substr(std::min<std::size_t>(2, assignment.size())))
    mask = mask * 16 + static_cast<unsigned>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
  std::vector<int> lanes;
  for (int bit = 0; bit < 8; ++bit)
    if (mask >> bit & 1U) lanes.push_back(bit + 1);
  return fmt::format("{}", fmt::join(lanes, ", "));
}

/// The application to select; 0: none is known. From 1, as AppSel counts.
std::size_t application_of(const Module& module, const Pmd& child) {
  std::size_t by_lanes = 0;
  for (std::size_t i = 0; i < module.applications.size(); ++i) {
    const ModuleApplication& application = module.applications[i];
    const auto& ids = child.cmis.media_ids;
    if (std::find(ids.begin(), ids.end(), application.media_id) != ids.end() &&
        application.media_lanes == child.lanes)
      return i + 1;
    if (application.media_lanes == child.lanes && by_lanes == 0) by_lanes = i + 1;
  }
  return by_lanes;
}

AcceptanceCheck application_check(const AcceptanceLink& link, const LinkEnd& end, const Pmd& child,
                                  std::string_view label) {
  AcceptanceCheck check;
  check.what = "application";
  check.where = label;
  if (end.module != nullptr && !end.module->applications.empty()) {
    if (const std::size_t number = application_of(*end.module, child); number > 0) {
      const ModuleApplication& use = end.module->applications[number - 1];
      const int children = link.interop.children;
      check.see = fmt::format("host {}, media {}, {}:{} lanes, beginning at host lane {}{}", use.host_id,
                              use.media_id, use.host_lanes, use.media_lanes, starts_of(use.host_assignment),
                              children > 1 ? fmt::format("; {} data paths", children) : "");
      check.confidence = catalog::name(use.provenance.confidence);
      check.source = fmt::format("{} as advertised ({})", end.module->id, use.provenance.source);
      return check;
    }
  }
  const ManagementCodes& codes = end.pmd->cmis;
  if (!codes.media_ids.empty()) {
    check.see = fmt::format("CMIS media {}, host {}", fmt::join(codes.media_ids, " or "),
                            fmt::join(codes.host_ids, " or "));
  }
  if (!codes.sff8636_codes.empty()) {
    check.see += fmt::format("{}SFF-8636 code {}", check.see.empty() ? "" : "; ",
                             fmt::join(codes.sff8636_codes, " or "));
  }
  if (check.see.empty()) {
    check.unknown = fmt::format("{} codes of its application", end.pmd->id);
  } else {
    check.confidence = catalog::name(codes.provenance.confidence);
    check.source = fmt::format("SFF-8024 codes of {} ({})", end.pmd->id, codes.provenance.source);
  }
  return check;
}

}  // namespace

AcceptanceStep condition_step(const AcceptanceLink& link) {
  AcceptanceStep step;
  step.task = AcceptanceTask::conditions;
  step.title = "Mend what the link still lacks, find out what is not known";
  for (const Reason& reason : link.interop.reasons) {
    if (reason.severity < Severity::condition) continue;
    step.actions.push_back(fmt::format("{}: {}{}", reason.code, reason.text,
                                       reason.cure.empty() ? "" : "; cure: " + reason.cure));
  }
  return step;
}

AcceptanceStep clean_step(const AcceptanceLink& link) {
  AcceptanceStep step;
  step.task = AcceptanceTask::clean;
  step.title = "Inspect and clean every end face";
  step.instrument = "video microscope with the tips of these connectors; dry cleaners";
  step.actions = {"Look, clean if need be, look again: cord, trunk, adapter and module, before every mating",
                  "Keep the pictures: they are the baseline of this link"};
  const Pmd &a = *link.question.a.pmd, &b = *link.question.b.pmd;
  add_faces(step, fmt::format("module A ({})", a.id), a.connector, a.polish, a.fibre_count);
  if (!link.question.path.empty()) {
    add_path_faces(step, link);
  } else if (link.plant.connectors) {
    for (const Joint& joint : *link.plant.connectors) {
      if (joint.count.value_or(0) == 0 || joint.type == nullptr) continue;
      AcceptanceCheck check;
      check.what = fmt::format("{} mated pairs of {}, both sides", *joint.count, joint.type->id);
      check.where = "between the modules";
      check.see = "zones as below";
      step.checks.push_back(std::move(check));
    }
  }
  add_faces(step, fmt::format("{}module B ({})", link.interop.a_breaks_out ? "each " : "", b.id), b.connector,
            b.polish, b.fibre_count);
  const Polish polish = a.polish != Polish::unknown ? a.polish : b.polish;
  for (const Zone& zone : zones) {
    AcceptanceCheck check;
    check.what = fmt::format("zone: {}", zone.name);
    check.see = a.fibre == FibreKind::multimode ? zone.multimode
                : polish == Polish::apc         ? zone.angled
                                                : zone.smooth;
    check.confidence = "unverified";
    check.source = "IEC 61300-3-35 edition 2, from memory";
    step.checks.push_back(std::move(check));
  }
  return step;
}

AcceptanceStep polarity_step(const AcceptanceLink& link) {
  AcceptanceStep step;
  step.task = AcceptanceTask::polarity;
  step.title = "Polarity and continuity, fibre by fibre";
  const bool mpo = is_mpo(link.question.a.pmd->connector) || is_mpo(link.question.b.pmd->connector);
  step.instrument = mpo ? "MPO polarity tester, or visible light and an MPO viewer"
                        : "visible light source, or the loss test set";
  step.actions = {"Modules unplugged; never look into a fibre that may be lit"};
  const bool swapped = link.interop.b_breaks_out;
  const Pmd& more = swapped ? *link.question.b.pmd : *link.question.a.pmd;
  const Pmd& fewer = swapped ? *link.question.a.pmd : *link.question.b.pmd;
  const std::vector<LanePositions> near = mdi_positions(more), far = mdi_positions(fewer);
  if (near.empty() || far.empty()) {
    AcceptanceCheck check;
    check.what = "continuity";
    check.unknown = fmt::format("positions of {}", near.empty() ? more.id : fewer.id);
    step.checks.push_back(std::move(check));
    return step;
  }
  for (std::size_t lane = 0; lane < near.size(); ++lane) add_lane(step, link, near, far, lane);
  if (more.single_fibre_bidirectional)
    step.actions.push_back(
        "One fibre carries both directions: kind A at one end, its complement at the other");
  return step;
}

AcceptanceStep setup_step(const AcceptanceLink& link) {
  AcceptanceStep step;
  step.task = AcceptanceTask::setup;
  step.title = "Set up both ports";
  step.instrument = "command lines of both hosts";
  const Pmd& child = link.a.lanes <= link.b.lanes ? link.a : link.b;
  for (const Reason& reason : link.interop.reasons) {
    const bool cabling = reason.code == "POLARITY" || reason.code == "CONNECTOR" || reason.code == "REACH";
    if (reason.severity == Severity::setup && reason.code != "FEC" && !cabling)
      step.actions.push_back(fmt::format("{}: {}", reason.code, reason.text));
  }
  for (const auto& [end, as, label] :
       {std::tuple(&link.question.a, &link.a, "A"), std::tuple(&link.question.b, &link.b, "B")}) {
    if (!end->port_mode.empty()) {
      AcceptanceCheck mode;
      mode.what = "port mode";
      mode.where = label;
      mode.see = end->port_mode;
      mode.source = "as given";
      step.checks.push_back(std::move(mode));
    }
    AcceptanceCheck fec;
    fec.what = "FEC";
    fec.where = label;
    fec.see = fec_text(link, *end, *as, label);
    if (fec.see.empty()) fec.unknown = fmt::format("{} FEC", as->id);
    if (!fec.see.empty()) {
      fec.confidence = catalog::name(as->fec.provenance.confidence);
      fec.source = fmt::format("{} fec ({})", as->id, as->fec.provenance.source);
    }
    step.checks.push_back(std::move(fec));
    step.checks.push_back(application_check(link, *end, child, label));
  }
  step.actions.push_back(
      "Release low power; wait until every data path is activated; read no alarm or warning flag");
  return step;
}

AcceptanceStep record_step(const AcceptanceLink& link) {
  AcceptanceStep step;
  step.task = AcceptanceTask::record;
  step.title = "Record the baseline";
  step.instrument = "the same files for every link";
  step.actions = {
      "Date, who, instruments with the date of their calibration",
      "Both modules: part, serial number, firmware, application; both ports: mode, FEC",
      "Pictures of the end faces; loss of each fibre, both directions; reflectance of each joint, OTDR "
      "traces",
      "Launch power, receive power and bias of each lane; temperature and supply voltage of both modules",
  };
  if (link.code())
    step.actions.push_back(
        "Pre-FEC BER of each lane, codewords by corrected symbols, uncorrectable codewords; SNR and TDECQ "
        "where the module tells them");
  else
    step.actions.push_back("Bit errors of each lane, with the time that they were counted over");
  return step;
}

}  // namespace lightlane::plan
