#pragma once
/// A whole scenario at work: one PHY link, or the independent ones of a breakout side by side.

#include <functional>
#include <memory>
#include <vector>

#include "lightlane/link/phy_link.hpp"

namespace lightlane::link {

struct PhyRunReport {
  Scenario scenario;
  std::vector<PhyReport> ports;  ///< one without a breakout
  double wall_s = 0;
  double simulated_gbps = 0;  ///< line bits of all ports and directions per second of wall time
  bool interrupted = false;

  /// Every port, in every direction, did what a healthy link does.
  bool pass() const;
};

class PhyRun {
 public:
  /// Where the delivered frames of a port and direction go.
  using Sinks = std::function<Street::Delivered(const Scenario::Place&)>;

  /// Throws what validate() throws.
  PhyRun(const Scenario& scenario, bool with_light, const Sinks& sinks = {});

  /// A few steps of every port; false when all are done. Ports know nothing of each other, so that threads
  /// change nothing.
  bool step();
  void stop();
  void finish();

  const std::vector<std::unique_ptr<PhyLink>>& links() const noexcept { return links_; }
  PhyRunReport report(double wall_s, bool interrupted) const;

 private:
  Scenario scenario_;
  std::vector<std::unique_ptr<PhyLink>> links_;
  std::vector<char> more_;
};

}  // namespace lightlane::link
