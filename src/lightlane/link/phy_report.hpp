#pragma once
/// What a PHY run found, ready to be printed: counts, ratios with their confidence, and what theory says.

#include <optional>
#include <string>
#include <vector>

#include "lightlane/link/optical_report.hpp"
#include "lightlane/link/street.hpp"
#include "lightlane/math/statistics.hpp"

namespace lightlane::link {

/// Confidence of all intervals in a report.
inline constexpr double report_confidence = 0.95;

struct LaneResult {
  std::uint64_t symbols = 0, symbol_errors = 0, bits = 0, bit_errors = 0;
  double ber = 0;
  math::RateInterval ber_interval;    ///< Clopper-Pearson; bits count as independent trials
  double ber_expected = 0;            ///< of the lane's error model
};

struct FramesResult {
  std::uint64_t sent = 0, delivered = 0, lost = 0;
  std::uint64_t damaged = 0;          ///< lost ones that the receiving MAC saw: error characters, bad length or FCS
  std::uint64_t fcs_errors = 0;       ///< of those, with nothing wrong but the FCS
  std::uint64_t wrong = 0;            ///< delivered with a good FCS but never sent: must be 0
  std::uint64_t inhibited = 0;        ///< not sent, because the link had a fault (duplex)
  std::uint64_t late = 0;             ///< paced frames that the line could not send in time
  std::uint64_t cut = 0;              ///< in the capture, but cut by its snap length: not sent
  double loss_ratio = 0;
  /// Clopper-Pearson of what struck: frames lost in a row are one event. Nothing lost: frames count as
  /// independent.
  math::RateInterval loss_ratio_interval;
  std::optional<double> loss_ratio_predicted;  ///< for the lengths that were sent
};

struct FecResult {
  fec::FecCounters counters;
  double codeword_error_ratio = 0;
  math::RateInterval codeword_error_ratio_interval;
  std::optional<double> codeword_error_ratio_predicted, post_fec_ber_predicted;
  std::vector<double> bins_predicted; ///< P(i symbols corrected), i = 0..15; empty without a prediction
};

struct TimeResult {
  double simulated_us = 0, warmup_us = 0;
  double wall_s = 0;
  double simulated_gbps = 0;          ///< line bits simulated per second of wall time
};

struct PhyReport {
  Scenario scenario;
  std::string structure;
  std::optional<OpticalReport> light;  ///< none without light
  std::string traffic;
  FramesResult frames;
  std::vector<LaneResult> lanes;
  HostLanes host;                     ///< what is known of the host lanes ahead of the run
  /// Counted, one for each host lane where host lanes have errors; where those are too rare to be drawn, the symbols that
  /// passed.
  std::vector<LaneResult> sender_host_lanes, receiver_host_lanes;
  std::optional<FecResult> fec;
  PhyTransmitReport transmit;
  PhyReceiveReport receive;
  ethernet::MacReceiveReport mac_receive;
  TimeResult time;
  std::vector<ethernet::SentFrame> lost;  ///< the first of them
  std::uint64_t traffic_start_word = 0;
  bool interrupted = false;
  std::string prediction_note;        ///< why there is no prediction, or what it leaves out
  std::vector<PhyReport> reverse;     ///< the other direction of a duplex link, else empty

  /// What ran: the PMD, or the lane structure where that was chosen by itself; with light the length too.
  std::string title() const;

  /// This direction did what a healthy link does: every frame was sent and delivered, nothing wrong was, and with light
  /// every limit of the standard was kept.
  bool pass() const {
    return frames.lost == 0 && frames.wrong == 0 && frames.inhibited == 0 && !interrupted && (!light || light->pass());
  }
};

/// Collects the counts of a finished street and predicts what they should be.
PhyReport collect(const Scenario& scenario, const OpticalLink* light, const Street& street, double wall_s,
                  bool interrupted);

}  // namespace lightlane::link
