#pragma once
/// A whole PHY, one direction: MII words to line symbols at one end, and back at the other. What differs between
/// clause 119, clause 91, clause 82 alone and KP4 inside a module is behind these two interfaces.

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "lightlane/fec/fec_counters.hpp"
#include "lightlane/link/host_lanes.hpp"
#include "lightlane/link/scenario.hpp"
#include "lightlane/link/structure.hpp"
#include "lightlane/pcs/fec_degrade.hpp"
#include "lightlane/pcs/rate_compensation.hpp"
#include "lightlane/pma/symbol_errors.hpp"
#include "lightlane/signal/lanes.hpp"
#include "lightlane/signal/mii.hpp"

namespace lightlane::link {

/// What a neighbour told through the alignment markers, or is to be told.
struct DegradeStatus {
  bool local_degraded = false;
  bool remote_degraded = false;
};

/// One lane as a receiver sees it.
struct ReceivedLane {
  bool locked = false;
  int pcs_lane = -1;                  ///< number found in its marker; -1: not locked
  std::uint64_t skew_bits = 0;        ///< later than the earliest lane
  double skew_ns = 0;
  std::uint64_t marker_errors = 0;    ///< markers that did not match
  std::uint64_t losses = 0;           ///< of marker lock
  std::uint64_t bip_errors = 0;       ///< clause 82: BIP bits that differ
  std::uint64_t fec_symbol_errors = 0;
};

/// The host interface of one end: errors on its lanes, and over a CAUI-4 to a FEC inside the module what
/// its receiving end sees: the module at the sender, the host at the receiver.
struct HostReport {
  std::vector<pma::LaneErrorCounts> lanes;   ///< errors of the host lanes; empty without any
  std::vector<ReceivedLane> pcs_lanes;       ///< empty where the host interface is not unprotected
  bool align_status = false;
  std::uint64_t alignments = 0, losses = 0;
};

struct PhyTransmitReport {
  std::uint64_t words = 0;           ///< MII words taken
  std::uint64_t words_deleted = 0;   ///< idle words that made room for alignment markers
  std::uint64_t max_debt_words = 0;  ///< most words that waited for a gap
  std::uint64_t overflows = 0;       ///< times that they were more than the elastic store holds
  std::uint64_t error_blocks = 0;    ///< words that the encoder had to send as error
  HostReport host{};
};

class PhyTransmit {
 public:
  virtual ~PhyTransmit() = default;
  /// Takes all words, appends line symbols; may hold back up to one codeword pair (or one row of blocks).
  virtual void process(const signal::MiiWords& in, signal::SymbolLanes& out) = 0;
  /// Status bits of the next marker group (clause 119 only).
  virtual void set_status(const DegradeStatus&) {}
  virtual PhyTransmitReport report() const = 0;
};

struct PhyReceiveReport {
  bool align_status = false;
  std::uint64_t alignments = 0;
  std::uint64_t losses = 0;           ///< of alignment
  std::vector<ReceivedLane> lanes;    ///< as received
  std::optional<fec::FecCounters> fec;
  std::uint64_t restarts = 0;         ///< three uncorrectable codewords in a row
  bool hi_ber = false, hi_ser = false, degraded = false;
  std::uint64_t hi_ber_events = 0, hi_ser_events = 0, degrade_events = 0;
  DegradeStatus received;             ///< of the latest marker group
  std::uint64_t error_blocks = 0;     ///< blocks delivered as error
  std::uint64_t local_fault_words = 0;
  std::uint64_t words_inserted = 0, words_deleted = 0, max_debt_words = 0, overflows = 0;
  HostReport host{};
};

class PhyReceive {
 public:
  virtual ~PhyReceive() = default;
  /// Takes all symbols (and may rewire them), appends MII words at the receiver's clock.
  virtual void process(signal::SymbolLanes& in, signal::MiiWords& out) = 0;
  virtual void finish(signal::MiiWords& out) = 0;
  virtual bool align_status() const = 0;
  virtual PhyReceiveReport report() const = 0;
};

/// `host`: of the same scenario; none: host lanes have no errors.
std::unique_ptr<PhyTransmit> make_transmit(const Scenario& scenario, const Structure& structure, const HostLanes& host = {});
std::unique_ptr<PhyReceive> make_receive(const Scenario& scenario, const Structure& structure, const HostLanes& host = {});

/// Parts that all PHYs share.
pcs::FecDegradeConfig degrade_config(const Scenario& scenario);
void add_compensation(const pcs::RateCompensationReport& compensation, PhyReceiveReport& report);

/// Receiver's MII words per sender's MII word, from the clock offsets.
Rational clock_ratio(const Scenario& scenario);

}  // namespace lightlane::link
