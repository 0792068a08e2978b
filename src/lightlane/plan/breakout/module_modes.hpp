#pragma once
/// Which breakout modes a module has in a port: lanes of each child at host and fibre, the applications that
/// carry them, the far ends they can meet, the FEC of each side, and harnesses that part them.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lightlane/catalog/catalog.hpp"
#include "lightlane/plan/answer.hpp"
#include "lightlane/plan/breakout/breakout_mode.hpp"

namespace lightlane::plan {

enum class BreakoutVerdict : std::uint8_t {
  possible,
  conditional,  ///< as the reasons say
  unknown,      ///< the catalogue does not know what the module advertises
  no,
};
std::string_view name(BreakoutVerdict verdict) noexcept;

/// Largest power of a module: its own figure, or that of its class; none where both are unknown.
catalog::Limit module_power_max(const catalog::Module& module) noexcept;

/// What is plugged where. Only the module is needed; its PMD is that of the catalogue.
struct BreakoutSubject {
  const catalog::Module* module = nullptr;
  const catalog::Pmd* pmd = nullptr;
  const catalog::Cage* cage = nullptr;
  const catalog::Switch* device = nullptr;
  const catalog::SwitchPorts* port = nullptr;  ///< of the switch; null: its first ports
  const catalog::Cable* cable = nullptr;
  const catalog::Pmd* far = nullptr;  ///< what each child is to meet
  const catalog::Module* far_module = nullptr;
  std::vector<Assumption> assumed;
  /// The module where the catalogue has none of this PMD: lanes by its host interface.
  struct Made {
    std::string id;
    catalog::Module module;
  };
  std::shared_ptr<const Made> made;

  int host_lanes() const noexcept;    ///< of the module; 0 = unknown
  int parent_lanes() const noexcept;  ///< of the cage, or of the module where there is none
  int ports() const noexcept;         ///< connectors: 2 of a twin-port module
  int media_lanes() const noexcept;   ///< of all of them
  int fibre_pairs() const noexcept;   ///< of all of them
  /// MAC rate of a host lane, 50 for one of 53.125 Gb/s; 0 = unknown.
  int host_lane_gbps() const noexcept;
};

/// A module or PMD by name (of a PMD the first module of the catalogue that has it, or else one by its host
/// interface, which is then listed as assumed), a cage, or a switch. Throws ConfigError at `place`.
BreakoutSubject breakout_subject(std::string_view name, std::string_view place);
/// Adds a cage, switch, cable or far end to it.
void add_cage(BreakoutSubject& subject, std::string_view name, std::string_view place);
void add_switch(BreakoutSubject& subject, std::string_view name, std::optional<int> port,
                std::string_view place);
void add_cable(BreakoutSubject& subject, std::string_view name, std::string_view place);
void add_far(BreakoutSubject& subject, std::string_view name, std::string_view place);

/// Where a media lane leaves: positions of the module's connector number `connector`.
struct MediaFibre {
  int lane = 0;  ///< from 1
  int connector = 1, tx_position = 0, rx_position = 0;
};

/// Lanes count from 1, bit 0 of a mask is lane 1.
struct BreakoutChild {
  int number = 0;  ///< from 1; SONiC's subport where there are several
  double rate_gbps = 0;
  int first_host_lane = 0, host_lanes = 0;
  int first_media_lane = 0, media_lanes = 0;
  std::uint32_t host_mask = 0, media_mask = 0;
  const catalog::ModuleApplication* application = nullptr;  ///< that carries it; null: none is known
  std::vector<MediaFibre> fibres;                           ///< empty where the catalogue has no positions
};

/// What can stand at the far end of a child.
struct BreakoutPartner {
  std::string name;
  const catalog::Pmd* pmd = nullptr;  ///< null: not in the catalogue
  std::string remark;                 ///< "up to 500 m"
  catalog::Confidence confidence = catalog::Confidence::unverified;
  std::string source;
};

/// A media lane through a cable: leg and positions at end b where it comes out.
struct LegUse {
  int child = 0, lane = 0;
  int near_tx_position = 0, near_rx_position = 0;
  int connector = 1, leg = 0;  ///< leg from 1; 0 = dark
  int far_rx_position = 0;     ///< where the near transmitter arrives
  int far_tx_position = 0;     ///< where the near receiver listens to
};
struct BreakoutCable {
  const catalog::Cable* cable = nullptr;
  std::vector<LegUse> legs;
  std::vector<Reason> faults;      ///< it does not serve
  std::vector<Reason> conditions;  ///< it serves so
};

/// What a reason alone would make of the verdict.
struct BreakoutReason : Reason {
  BreakoutVerdict verdict = BreakoutVerdict::no;
};

struct BreakoutChoice {
  std::string mode;  ///< "4x100G"
  BreakoutVerdict verdict = BreakoutVerdict::possible;
  std::vector<BreakoutReason> reasons;
  std::vector<BreakoutChild> children;
  std::vector<BreakoutPartner> partners;
  std::string host_fec, far_fec;
  std::vector<BreakoutCable> harnesses;       ///< of the catalogue, that serve
  std::optional<BreakoutCable> chosen_cable;  ///< of the question
};

/// One mode. Throws ConfigError where the mode has no ports, or the subject no module.
BreakoutChoice breakout_choice(const BreakoutSubject& subject, const BreakoutMode& mode);
/// All that lanes, applications and known partners suggest, the whole first.
std::vector<BreakoutChoice> breakout_choices(const BreakoutSubject& subject);

/// Of a cage alone: by MAC rate of a lane, the modes that its lanes could carry.
std::vector<std::pair<int, std::vector<std::string>>> cage_modes(const BreakoutSubject& subject);

/// How a cable takes the lanes of these children.
BreakoutCable breakout_cable(const BreakoutSubject& subject, const catalog::Cable& cable,
                             const std::vector<BreakoutChild>& children);

/// Name, MAC rate and lanes of a host interface of SFF-8024; null where the code is not known.
struct HostInterface {
  std::string_view code, name;
  int rate_gbps, lanes;
};
const HostInterface* host_interface(std::string_view code) noexcept;

}  // namespace lightlane::plan
