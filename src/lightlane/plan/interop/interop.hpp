#pragma once
/// Does A talk to B? Every check between two ends of a link, from the cage to the last decibel, each with a
/// reason code, what would cure it, and a verdict over all: `lightlane interop`.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lightlane/catalog/catalog.hpp"
#include "lightlane/plan/answer.hpp"
#include "lightlane/plan/budget/budget.hpp"
#include "lightlane/plan/interop/path.hpp"

namespace lightlane::plan {

/// The FEC that the host port is set to.
enum class HostFec : std::uint8_t { none, kr4, kp4 };
std::string_view name(HostFec fec) noexcept;  ///< "none", "RS(528,514)", "RS(544,514)"

/// One end. What is null or empty was not said, and is not judged.
struct LinkEnd {
  const catalog::Pmd* pmd = nullptr;        ///< needed
  const catalog::Module* module = nullptr;  ///< else any of that PMD
  const catalog::Switch* host = nullptr;    ///< with its `port`
  int port = 0;
  const catalog::Cage* cage = nullptr;  ///< else the one of `host` and `port`
  std::optional<HostFec> fec;
  std::string port_mode;    ///< "1x400G", "4x100G(8)", "1x100G(4)": as switches write it
  std::string host_vendor;  ///< advisory: of the switch
  std::string coded_for;    ///< advisory: the vendor whose code the module carries
};

struct InteropQuestion {
  LinkEnd a, b;
  int count = 0;   ///< so many of B on one A, as "4x100GBASE-FR1" says; 0 = not said
  Question plant;  ///< ends are filled in here; the fibre, joints and reserves are the question's
  std::vector<PathCable> path;  ///< cables from A to B, one branch of a breakout; empty: not judged. Gives
                                ///< length and joints where the plant does not say them
};

enum class InteropVerdict : std::uint8_t {
  ok,           ///< works; reasons say how to set it up
  conditional,  ///< works once the conditions are met
  no,
  unknown,  ///< it hangs on what nobody knows
};
std::string_view name(InteropVerdict verdict) noexcept;  ///< "ok", "conditional", "no", "unknown"
InteropVerdict verdict_of(const std::vector<Reason>& reasons) noexcept;

struct Interop {
  LinkEnd a, b;      ///< as asked
  int children = 1;  ///< links on the end with more lanes; 1: no breakout
  bool a_breaks_out = false, b_breaks_out = false;
  /// The types that the light is, where a port runs in another mode than its own.
  const catalog::Pmd* a_as = nullptr;
  const catalog::Pmd* b_as = nullptr;
  InteropVerdict verdict = InteropVerdict::no;
  std::vector<Reason> reasons;        ///< worst first, else in the order of the checks
  std::optional<double> reach_m;      ///< the shorter of both types' on this fibre; none: unknown or no link
  std::optional<double> loss_max_db;  ///< that both directions have left for the plant at its length
  std::optional<Budget> budget;       ///< where the light can be understood at all
  std::vector<LaneRoute> routes;      ///< of the end with more lanes, where a path was given
  std::vector<Assumption> assumed;
};

/// Codes, in order: CAGE POWER HOST_LANE MEDIA_KIND CONNECTOR POLISH GENDER POLARITY LANE_ORDER FIBRE_COUNT
/// LANE_COUNT MODULATION BAUD WAVELENGTH FEC RATE, then those of the budget (LOSS CHANNEL_LOSS OVERLOAD
/// TRANSMITTER REACH REFLECTANCE UNKNOWN), MGMT VENDOR_LOCK. ConfigError where a number is out of range.
/// Some 50 microseconds.
Interop interop(const InteropQuestion& question);

/// The plant of the question, with what its cables say of length and joints where the plant does not.
Question plant_of(const InteropQuestion& question);

/// An end as people write it: "400GBASE-DR4", "QSFP28-100G-LR4", "4x100G-FR1" (then `count` is set). A
/// module's name gives the module too. ConfigError at `place`.
LinkEnd link_end(std::string_view text, std::string_view place, int* count = nullptr);
/// "nvidia-sn5400:17", "qsfp-dd-cage", "QSFP28": fills in host, port and cage. ConfigError at `place`.
void plug_into(LinkEnd& end, std::string_view text, std::string_view place);

}  // namespace lightlane::plan
