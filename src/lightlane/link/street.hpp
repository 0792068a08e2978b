#pragma once
/// One direction of a link, from frames to frames, step by step: traffic -> MAC -> PHY -> line symbols with errors ->
/// PHY -> MAC -> delivered frames.
///
/// A step is a fixed number of MII words, so that nothing depends on how often somebody looks. Its two halves, the
/// sender of step n + 1 and the receiver of step n, run side by side; what the sender learns of the receiver
/// (alignment, at the start) it learns two steps late, with one thread or with many.

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "lightlane/ethernet/mac_receive.hpp"
#include "lightlane/ethernet/mac_transmit.hpp"
#include "lightlane/link/frame_ledger.hpp"
#include "lightlane/link/line.hpp"
#include "lightlane/link/phy.hpp"
#include "lightlane/link/scenario.hpp"
#include "lightlane/link/optical_channel.hpp"
#include "lightlane/link/traffic_source.hpp"

namespace lightlane::link {

/// MII words of a step: 64 codeword pairs of clause 119, two full batches of the FEC's fast kernels.
inline constexpr std::size_t step_words = 64 * 160;

/// A receiver needs two marker periods to lock, and with KP4 inside the modules three of them wait for each other; if it
/// has not after so many, the traffic starts anyway.
inline constexpr int warmup_limit_periods = 6, warmup_limit_periods_module = 14;

/// Errors of line symbols [from, to) are kept one by one.
struct ErrorLog {
  std::uint64_t from = 0, to = 0;
};

class Street {
 public:
  /// `delivered`, if given, gets every batch of delivered frames with their numbers (sequence) and simulated times.
  using Delivered = std::function<void(const signal::Frames&)>;

  /// `light`: what decides the errors besides errors.* and events; null = nothing. It must outlive the street. `host`: the
  /// scenario's host lanes; null = they are evaluated here.
  Street(const Scenario& scenario, const OpticalLink* light, Delivered delivered = {}, ErrorLog log = {},
         std::shared_ptr<const HostLanes> host = nullptr);

  /// Taps for a replay, called from the sender's half: every frame that is sent, every batch of words.
  void watch_sent(std::function<void(const ethernet::SentFrame&)> tap) { on_sent_ = std::move(tap); }
  void watch_words(std::function<void(const signal::MiiWords&)> tap) { on_words_ = std::move(tap); }
  FrameLedger& ledger() noexcept { return ledger_; }

  /// One step; false when everything has been sent and has had time to arrive.
  bool step();
  /// No more traffic: what is on its way still arrives. step() until it says false, as always.
  void stop();
  /// What the other direction tells this sender, between two steps: what its MAC sends (remote fault or idle instead of
  /// frames: 802.3 81.3.4), and the status bits of its markers. Frames that are due meanwhile are inhibited, at the pace
  /// at which they would have been sent.
  void set_sending(ethernet::Sending sending) noexcept { mac_transmit_.set_sending(sending); }
  void set_status(const DegradeStatus& status) { transmit_->set_status(status); }
  /// While held open a street goes on sending idle when everything has arrived.
  void hold_open(bool held) noexcept { held_open_ = held; }
  /// The receiver's lanes are aligned now.
  bool aligned() const { return receive_->align_status(); }
  /// Everything has been sent and has had time to arrive.
  bool arrived() const noexcept;
  /// After the last step: flushes the receiver and closes the books.
  void finish();

  const Structure& structure() const noexcept { return structure_; }
  const HostLanes& host() const noexcept { return *host_; }
  const FrameLedger& ledger() const noexcept { return ledger_; }
  const TrafficSource& traffic() const noexcept { return traffic_; }
  /// Errors of the light and of the models and events behind it, stage by stage: a symbol that both hit counts twice.
  pma::SymbolErrorsReport errors() const;
  ethernet::MacTransmitReport mac_transmit() const { return mac_transmit_.report(); }
  ethernet::MacReceiveReport mac_receive() const { return mac_receive_.report(); }
  PhyTransmitReport phy_transmit() const { return transmit_->report(); }
  PhyReceiveReport phy_receive() const { return receive_->report(); }
  std::uint64_t words_sent() const noexcept { return mac_transmit_.position(); }
  std::uint64_t symbols_sent() const noexcept { return errors_.report().lanes.empty() ? 0 : errors_.report().lanes[0].symbols; }
  /// Word at which traffic began: the warm-up is before it.
  std::uint64_t traffic_start_word() const noexcept { return traffic_start_; }
  /// Simulated time of a sent word [us].
  double time_us(std::uint64_t word) const;

 private:
  /// What the sender hands to the receiver of one step.
  struct Parcel {
    signal::SymbolLanes symbols;
    std::vector<ethernet::SentFrame> sent;
    bool empty = true;
  };
  enum class Phase { warmup, traffic, flush, done };

  void send(Parcel& parcel);
  void send_traffic(Parcel& parcel);
  bool more_frames();
  void inhibit();
  void receive(Parcel& parcel);
  void take_delivered();

  Scenario scenario_;
  const Structure& structure_;
  std::shared_ptr<const HostLanes> host_;
  Rational ps_per_word_;
  TrafficSource traffic_;
  ethernet::MacTransmit mac_transmit_;
  std::unique_ptr<PhyTransmit> transmit_;
  std::optional<OpticalChannel> channel_;  ///< engines that decide symbols themselves
  signal::SymbolLanes lit_;                ///< on their way into it
  pma::SymbolErrors errors_;
  std::unique_ptr<PhyReceive> receive_;
  ethernet::MacReceive mac_receive_;
  FrameLedger ledger_;
  Delivered delivered_;
  std::function<void(const ethernet::SentFrame&)> on_sent_;
  std::function<void(const signal::MiiWords&)> on_words_;

  Phase phase_ = Phase::warmup;
  bool stopped_ = false, held_open_ = false;
  std::array<Parcel, 2> parcels_;
  std::size_t steps_ = 0;
  std::array<bool, 2> aligned_{};     ///< align_status after the step before the last, and after the last
  std::uint64_t traffic_start_ = 0;
  std::uint64_t flush_until_ = 0;
  signal::Frames frames_;             ///< from the source, not sent yet
  std::size_t next_frame_ = 0;
  bool source_dry_ = false;
  signal::MiiWords words_, received_;
  signal::Frames arrived_, inhibited_;
  std::uint64_t skipped_words_ = 0;   ///< left out of gaps before the latest frame that arrived
};

}  // namespace lightlane::link
