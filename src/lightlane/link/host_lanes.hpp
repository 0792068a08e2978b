#pragma once
/// The electrical lanes between hosts and modules of one direction, as they are known ahead of a run: what
/// each loses, its SNR and eye, and the bit error ratio that follows.
///
/// A lane's errors are drawn as independent steps to adjacent levels at its analytic bit error ratio; bursts
/// of a DFE in the electrical receiver are not (aui::HostChannel::simulate() has them).

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lightlane/aui/host_channel.hpp"
#include "lightlane/link/scenario.hpp"
#include "lightlane/link/structure.hpp"

namespace lightlane::link {

/// Which of the two host interfaces of a direction.
enum class HostEnd : std::uint8_t { sender, receiver };

inline constexpr std::size_t caui4_lanes = 4;

/// Evaluated lanes with fewer errors pass untouched: at 400 Gb/s one in eight years of line time.
inline constexpr double unseen_ber = 1e-20;
/// Where errors are more, levels have nothing to do with those that were sent: a lane of noise, half of its
/// bits wrong.
inline constexpr double noise_ber = 0.375;

struct HostLane {
  double ber = 0;                 ///< expected
  std::optional<double> loss_db;  ///< of its channel at half the symbol rate; none with a pulse from a file
  /// Null where phy.host_ber says the bit error ratio. Lanes that are alike share it.
  std::shared_ptr<const aui::HostChannelReport> channel;
};

struct HostSide {
  std::vector<HostLane> lanes;  ///< empty: they have no errors
  bool simulated = false;       ///< bits go through the symbols of these lanes, with drawn errors
};

struct HostLanes {
  std::string_view interface;  ///< "400GAUI-8"
  std::size_t count = 0;
  signal::Modulation modulation = signal::Modulation::nrz;
  Rational symbol_rate_gbd = 0;
  HostSide sender, receiver;

  const HostSide& at(HostEnd end) const noexcept { return end == HostEnd::sender ? sender : receiver; }
};

/// Lanes that were evaluated, so that each kind is once: for the ends, directions and ports of a run.
class HostEvaluations {
 public:
  /// In the order of `configs`; new ones side by side.
  std::vector<std::shared_ptr<const aui::HostChannelReport>> of(
      const std::vector<aui::HostChannelConfig>& configs);
  /// A pulse response, read once.
  const aui::PulseResponse& pulse(const std::string& path);

 private:
  struct Known {
    aui::HostChannelConfig config;
    std::shared_ptr<const aui::HostChannelReport> report;
  };
  std::vector<Known> known_;
  std::map<std::string, aui::PulseResponse> pulses_;
};

/// Cost: some 60 ms for each kind of lane that `known` does not hold, nothing without host.enable. Throws
/// ConfigError naming the key of host or far_host, InputError naming key, file and line of a pulse response.
/// A closed eye is a result.
HostLanes host_lanes(const Scenario& scenario, const Structure& structure, HostEvaluations& known);
HostLanes host_lanes(const Scenario& scenario, const Structure& structure);

/// Number of the first host lane for the draws: never that of a line lane, of the other end, of another port
/// or of the other direction.
std::uint32_t first_host_lane(const Scenario& scenario, HostEnd end);
/// Number of the first line lane for the draws.
std::uint32_t first_line_lane(const Scenario& scenario);
/// CAUI-4 where KP4 is made in the module, else the structure's.
std::size_t host_lane_count(const Scenario& scenario, const Structure& structure);

/// Refuses keys that nothing reads: without enable, or beside a pulse from a file.
void validate_host(const Scenario& scenario, const Structure& structure);

}  // namespace lightlane::link
