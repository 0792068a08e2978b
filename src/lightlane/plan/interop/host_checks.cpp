// What the hosts of both ends have to run: FEC, port modes, applications, vendors' codes.

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "lightlane/plan/interop/interop_checks.hpp"

namespace lightlane::plan {
namespace {

using namespace catalog;

enum class Code : std::uint8_t { unknown, none, rs528, rs544, other };

Code code_of(FecKind kind) {
  switch (kind) {
    case FecKind::none:
      return Code::none;
    case FecKind::kr4:
      return Code::rs528;
    case FecKind::kp4_clause91:
    case FecKind::kp4_clause119:
    case FecKind::kp4_clause134:
      return Code::rs544;
    case FecKind::other:
      return Code::other;
    case FecKind::unknown:
      break;
  }
  return Code::unknown;
}

std::string_view code_name(Code code) {
  constexpr std::string_view names[] = {"an unknown FEC", "no FEC", "RS(528,514)", "RS(544,514)",
                                        "a FEC of its own"};
  return names[static_cast<int>(code)];
}

/// What the host has to run; none: it is not set (part of the PCS), or hangs on the module.
struct Duty {
  std::optional<HostFec> fec;
  std::string text;
};

Duty duty_of(const LinkEnd& end, bool broken_out, Code code) {
  if (code == Code::none) return {HostFec::none, ""};
  if (code == Code::rs528) return {HostFec::kr4, ""};
  if (code != Code::rs544) return {};
  if (end.module != nullptr && end.module->fec_in_module)
    return {HostFec::none, fmt::format("{} runs RS(544,514) itself", end.module->id)};
  if (broken_out) return {HostFec::kp4, "on every child port"};
  if (end.pmd->fec.kind == FecKind::kp4_clause119) return {};  // part of the PCS: nothing to set
  if (end.module != nullptr || end.pmd->fec.kind == FecKind::kp4_clause134) return {HostFec::kp4, ""};
  return {std::nullopt,
          "RS(544,514) on hosts with 50G or 100G lanes; none where a QSFP28 with 25G NRZ host lanes runs it "
          "itself"};
}

void check_duty(const LinkEnd& end, std::string_view label, const Duty& duty, std::vector<Reason>& reasons) {
  const std::string why = duty.text.empty() ? "" : " (" + duty.text + ")";
  if (duty.fec && end.fec && *end.fec != *duty.fec) {
    reasons.push_back(
        {"FEC",
         fmt::format("{}: the host runs {}, it has to run {}{}", label, name(*end.fec), name(*duty.fec), why),
         fmt::format("set FEC of {} to {}", label, name(*duty.fec)), Severity::condition});
  } else if (duty.fec && !end.fec) {
    reasons.push_back(
        {"FEC", fmt::format("{}: host FEC {}{}", label, name(*duty.fec), why), "", Severity::setup});
  } else if (!duty.fec && !duty.text.empty()) {
    reasons.push_back({"FEC", fmt::format("{}: host FEC {}", label, duty.text), "", Severity::setup});
  } else if (!duty.fec && end.fec && *end.fec != HostFec::kp4 &&
             end.pmd->fec.kind == FecKind::kp4_clause119) {
    reasons.push_back({"FEC",
                       fmt::format("{}: {} cannot be set: RS(544,514) is part of the PCS of {}", label,
                                   name(*end.fec), end.pmd->id),
                       "leave it at RS(544,514)", Severity::condition});
  }
}

/// "4x100G(8)" -> 4, 100
struct Mode {
  int count = 0, gbps = 0;
};
Mode parse_mode(std::string_view text) {
  Mode out;
  const char* end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, out.count);
  if (first.ec != std::errc() || first.ptr == end || (*first.ptr != 'x' && *first.ptr != 'X')) return {};
  const auto second = std::from_chars(first.ptr + 1, end, out.gbps);
  if (second.ec != std::errc()) return {};
  return out;
}

}  // namespace

std::string_view name(HostFec fec) noexcept {
  constexpr std::string_view names[] = {"none", "RS(528,514)", "RS(544,514)"};
  return names[static_cast<int>(fec)];
}

void check_fec(const LinkEnd& a, const LinkEnd& b, const Sharing& sharing, std::vector<Reason>& reasons) {
  const Code left = code_of(a.pmd->fec.kind), right = code_of(b.pmd->fec.kind);
  if (left == Code::unknown || right == Code::unknown) {
    reasons.push_back(
        {"FEC", fmt::format("the FEC of {} is not known", left == Code::unknown ? a.pmd->id : b.pmd->id), "",
         Severity::unknown});
    return;
  }
  Code code = left;
  if (left != right) {
    const bool host_only =
        (left == Code::none && right == Code::rs528) || (left == Code::rs528 && right == Code::none);
    const std::string text =
        fmt::format("{} has {}, {} has {}", a.pmd->id, code_name(left), b.pmd->id, code_name(right));
    if (!host_only) {
      reasons.push_back({"FEC", text, "", Severity::refusal});
      return;
    }
    code = Code::rs528;
    const bool set = a.fec == HostFec::kr4 && b.fec == HostFec::kr4;
    reasons.push_back(
        {"FEC", text, set ? "" : "RS(528,514) on both hosts", set ? Severity::advice : Severity::condition});
    return;
  }
  if (code == Code::none && a.fec == HostFec::kr4 && b.fec == HostFec::kr4) return;  // allowed, and equal
  const bool breakout = sharing.children > 1;
  check_duty(a, "A", duty_of(a, breakout && !sharing.swapped, code), reasons);
  check_duty(b, "B", duty_of(b, breakout && sharing.swapped, code), reasons);
}

void check_port_mode(const LinkEnd& end, std::string_view label, int children, int child_gbps,
                     std::vector<Reason>& reasons) {
  const int ports =
      end.module != nullptr && end.module->ports ? static_cast<int>(end.module->ports->value) : 1;
  const std::string wanted = fmt::format("{}x{}G", children * ports, child_gbps);
  if (end.port_mode.empty()) {
    if (children > 1)
      reasons.push_back({"RATE", fmt::format("{}: port mode {}", label, wanted), "", Severity::setup});
    return;
  }
  const Mode mode = parse_mode(end.port_mode);
  if (mode.count == 0) {
    reasons.push_back({"HOST_LANE", fmt::format("{}: '{}' is no port mode", label, end.port_mode),
                       "like " + wanted, Severity::condition});
  } else if (mode.count != children * ports || mode.gbps != child_gbps) {
    reasons.push_back(
        {"HOST_LANE", fmt::format("{}: the port runs as {}, the link needs {}", label, end.port_mode, wanted),
         fmt::format("port mode {} at {}", wanted, label), Severity::condition});
  }
}

void check_management(const LinkEnd& end, std::string_view label, int children, int child_gbps,
                      const Pmd& child, std::vector<Reason>& reasons) {
  if (end.module != nullptr && children > 1 && !end.module->applications.empty()) {
    const auto& list = end.module->applications;
    const bool offered = std::any_of(list.begin(), list.end(), [&](const ModuleApplication& application) {
      return application.media_lanes == child.lanes;
    });
    if (!offered) {
      reasons.push_back(
          {"MGMT",
           fmt::format("{}: {} advertises no application of {} media lane{}: {}x{}G cannot be selected",
                       label, end.module->id, child.lanes, child.lanes == 1 ? "" : "s", children, child_gbps),
           "firmware or a module that advertises it", Severity::condition});
    }
  }
  if (!end.host_vendor.empty() && !same_name(end.host_vendor, end.coded_for)) {
    reasons.push_back({"VENDOR_LOCK",
                       end.coded_for.empty()
                           ? fmt::format("{}: whether the module is coded or qualified for {} was not said",
                                         label, end.host_vendor)
                           : fmt::format("{}: the module is coded for {}, the host is of {}", label,
                                         end.coded_for, end.host_vendor),
                       "a module coded for the host, or the host's switch for modules of others",
                       Severity::advice});
  }
}

}  // namespace lightlane::plan
