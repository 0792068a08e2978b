#include "lightlane/plan/breakout/breakout_partners.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace lightlane::plan {
namespace {

using namespace catalog;

/// Parallel or twin types that also reach NRZ types where the port runs its lanes at 25 Gb/s.
struct SlowerPort {
  std::string_view pmd;
  int ports;  ///< of the module
  std::string_view mode;
  double rate_gbps;
  int host_lanes;  ///< of each child
  std::string_view partner, remark;
};
constexpr SlowerPort slower_ports[] = {
    {"400GBASE-SR8", 1, "2x100G", 100, 4, "100GBASE-SR4", "port and module at 25 Gb/s NRZ a lane"},
    {"400GBASE-FR4", 2, "2x100G", 100, 4, "100G-CWDM4", "port and module at 25 Gb/s NRZ a lane"},
};
constexpr std::string_view slower_source = "a copy of Arista's 400G FAQ";

/// "4x 100GBASE-FR1 (up to 500 m)" -> 4, "100GBASE-FR1", "up to 500 m"; 0 where it says none.
struct PartnerText {
  int count = 0;
  std::string_view name, remark;
};
PartnerText read(std::string_view text) {
  PartnerText out;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out.count);
  if (error != std::errc() || end == text.data() + text.size() || *end != 'x') return {};
  text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
  while (text.starts_with(' ')) text.remove_prefix(1);
  out.name = text;
  if (const std::size_t open = text.rfind(" ("); open != std::string_view::npos && text.ends_with(')')) {
    out.name = text.substr(0, open);
    out.remark = text.substr(open + 2, text.size() - open - 3);
  }
  return out;
}

/// "100GBASE-DR" -> 100; 0 where it does not begin with a rate.
int rate_of(std::string_view name) {
  int rate = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), rate);
  return error == std::errc() && end != name.data() + name.size() && *end == 'G' ? rate : 0;
}

class Partners {
 public:
  Partners(const BreakoutSubject& subject, const std::vector<BreakoutChild>& children)
      : s_(subject), children_(children) {}

  std::vector<BreakoutPartner> list() {
    if (children_.empty()) return {};
    for (const BreakoutChild& child : children_) {
      if (!seen(child)) of(child);
    }
    return std::move(out_);
  }

 private:
  /// Children of one kind are looked at once.
  bool seen(const BreakoutChild& child) const {
    for (const BreakoutChild& other : children_) {
      if (&other == &child) return false;
      if (other.rate_gbps == child.rate_gbps && other.host_lanes == child.host_lanes) return true;
    }
    return false;
  }

  void add(std::string_view name, const Pmd* pmd, std::string_view remark, Confidence confidence,
           std::string_view source) {
    const auto same = [&](const BreakoutPartner& p) {
      return pmd != nullptr ? p.pmd == pmd : p.name == name;
    };
    if (std::any_of(out_.begin(), out_.end(), same)) return;
    out_.push_back({std::string(pmd != nullptr ? pmd->id : name), pmd, std::string(remark), confidence,
                    std::string(source)});
  }

  void of(const BreakoutChild& child) {
    const Pmd& pmd = *s_.pmd;
    const double lane = child.rate_gbps / child.host_lanes;
    if (lane < s_.host_lane_gbps() && child.application == nullptr) return of_slower_port(child);
    if (child.rate_gbps == pmd.rate_gbps) {
      add(pmd.id, &pmd, "", pmd.identity.confidence, pmd.identity.source);
      return;
    }
    const Provenance& p = pmd.breakout_provenance;
    for (const std::string_view text : pmd.breakout) {
      const PartnerText partner = read(text);
      const Pmd* known = find_pmd(partner.name);
      const int rate = known != nullptr ? known->rate_gbps : rate_of(partner.name);
      if (partner.count > 0 && rate == child.rate_gbps)
        add(partner.name, known, partner.remark, p.confidence, p.source);
    }
    of_application(child);
  }

  /// Types with the media code that the module advertises.
  void of_application(const BreakoutChild& child) {
    if (child.application == nullptr) return;
    if (child.media_lanes == 0) {  // all of them in one signal
      add(s_.pmd->id, s_.pmd, "all children together", s_.pmd->identity.confidence, s_.pmd->identity.source);
      return;
    }

    for (const Pmd& pmd : pmds()) {
      if (pmd.rate_gbps != child.rate_gbps || pmd.fibre != s_.pmd->fibre || pmd.lanes != child.media_lanes)
        continue;
      const auto& codes = pmd.cmis.media_ids;
      if (std::find(codes.begin(), codes.end(), child.application->media_id) == codes.end()) continue;
      add(pmd.id, &pmd, "", child.application->provenance.confidence, child.application->provenance.source);
    }
  }

  void of_slower_port(const BreakoutChild& child) {
    for (const SlowerPort& slow : slower_ports) {
      if (slow.pmd != s_.pmd->id || slow.ports != s_.ports() || slow.rate_gbps != child.rate_gbps ||
          slow.host_lanes != child.host_lanes)
        continue;
      add(slow.partner, find_pmd(slow.partner), slow.remark, Confidence::likely, slower_source);
    }
  }

  const BreakoutSubject& s_;
  const std::vector<BreakoutChild>& children_;
  std::vector<BreakoutPartner> out_;
};

}  // namespace

std::vector<BreakoutPartner> breakout_partners(const BreakoutSubject& subject,
                                               const std::vector<BreakoutChild>& children) {
  return Partners(subject, children).list();
}

std::vector<std::string> slower_modes(const BreakoutSubject& subject) {
  std::vector<std::string> out;
  for (const SlowerPort& slow : slower_ports)
    if (slow.pmd == subject.pmd->id && slow.ports == subject.ports()) out.emplace_back(slow.mode);
  return out;
}

std::string breakout_host_fec(double lane_gbps, bool in_module, const Pmd* line) {
  if (in_module) return "none: the module ends the FEC of the line";
  if (lane_gbps >= 50) return "rs, RS(544,514) in the host";
  if (line == nullptr) return "unknown";
  switch (line->fec.kind) {
    case FecKind::kr4:
      return "rs, RS(528,514) in the host";
    case FecKind::none:
      return "none";
    default:
      return "unknown";
  }
}

}  // namespace lightlane::plan
