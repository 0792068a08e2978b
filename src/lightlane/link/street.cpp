#include "lightlane/link/street.hpp"

#include <algorithm>

#include "lightlane/base/parallel.hpp"
#include "lightlane/link/scenario_keys.hpp"

namespace lightlane::link {
namespace {

constexpr std::size_t keep_lost = 1000;       ///< lost frames remembered one by one
constexpr std::size_t read_octets = 1 << 17;  ///< frames taken from the source at once
constexpr std::uint64_t marker_period_words(int rate_gbps) { return rate_gbps == 100 ? 327680 : rate_gbps / 200 * 327680ull; }

ethernet::Pacing pacing_of(const std::string& name) {
  if (name == "scaled") return ethernet::Pacing::scaled;
  if (name == "timestamps") return ethernet::Pacing::timestamps;
  return ethernet::Pacing::back_to_back;
}

Rational nominal_ps_per_word(const Structure& structure) { return Rational(64'000, structure.rate_gbps); }

/// Decimal factors such as 0.25 are exact to a millionth.
Rational gap_scale(double scale) {
  return Rational(std::max<std::int64_t>(static_cast<std::int64_t>(scale * 1e6 + 0.5), 1), 1'000'000);
}

ethernet::MacTransmitConfig mac_transmit_config(const Scenario& scenario, const Structure& structure) {
  ethernet::MacTransmitConfig config;
  config.pacing = pacing_of(scenario.traffic.pacing);
  config.gap_scale = gap_scale(scenario.traffic.gap_scale);
  config.ps_per_word = nominal_ps_per_word(structure) / clock_ratio_from_ppm(scenario.phy.tx_clock_ppm);
  config.inter_packet_gap_octets = static_cast<std::uint32_t>(scenario.traffic.ipg_octets);
  return config;
}

ethernet::MacReceiveConfig mac_receive_config(const Scenario& scenario, const Structure& structure) {
  ethernet::MacReceiveConfig config;
  config.keep_fcs_errors = scenario.traffic.keep_fcs_errors;
  config.ps_per_word = nominal_ps_per_word(structure) / clock_ratio_from_ppm(scenario.phy.rx_clock_ppm);
  return config;
}

pma::SymbolErrorsConfig errors_config(const Scenario& scenario, const Structure& structure,
                                     const OpticalLink* light, ErrorLog log) {
  pma::SymbolErrorsConfig config = symbol_errors(scenario, structure, light);
  config.log_from = log.from;
  config.log_to = log.to;
  return config;
}

/// One for each port and direction.
std::uint32_t traffic_stream(const Scenario& scenario) { return 2 * scenario.place.port + scenario.place.direction; }

std::uint64_t warmup_limit_words(const Scenario& scenario, const Structure& structure) {
  const int periods = scenario.link.fec_placement == "module" ? warmup_limit_periods_module : warmup_limit_periods;
  return static_cast<std::uint64_t>(periods) * marker_period_words(structure.rate_gbps);
}

}  // namespace

Street::Street(const Scenario& scenario, const OpticalLink* light, Delivered delivered, ErrorLog log,
               std::shared_ptr<const HostLanes> host)
    : scenario_(scenario),
      structure_(structure_of(scenario)),
      host_(host ? std::move(host) : std::make_shared<const HostLanes>(host_lanes(scenario, structure_))),
      ps_per_word_(nominal_ps_per_word(structure_) / clock_ratio_from_ppm(scenario.phy.tx_clock_ppm)),
      traffic_(scenario.traffic, static_cast<std::uint64_t>(scenario.run.seed), traffic_stream(scenario)),
      mac_transmit_(mac_transmit_config(scenario, structure_)),
      transmit_(make_transmit(scenario, structure_, *host_)),
      errors_(errors_config(scenario, structure_, light, log)),
      receive_(make_receive(scenario, structure_, *host_)),
      mac_receive_(mac_receive_config(scenario, structure_)),
      ledger_(clock_ratio(scenario), keep_lost),
      delivered_(std::move(delivered)) {
  if (light != nullptr && scenario.link.engine != "statistical") channel_.emplace(*light, scenario, log.from, log.to);
}

double Street::time_us(std::uint64_t word) const { return static_cast<double>(word) * ps_per_word_.value() * 1e-6; }

bool Street::step() {
  Parcel& fresh = parcels_[steps_ % 2];
  Parcel& due = parcels_[(steps_ + 1) % 2];
  parallel_invoke([&] { send(fresh); }, [&] { receive(due); });
  aligned_ = {aligned_[1], receive_->align_status()};
  ++steps_;
  return !(fresh.empty && due.empty);
}

void Street::send(Parcel& parcel) {
  parcel.symbols.modulation = structure_.modulation;
  parcel.symbols.clear();
  parcel.sent.clear();
  words_.clear();
  if (phase_ == Phase::warmup) {
    const bool late = mac_transmit_.position() >= warmup_limit_words(scenario_, structure_);
    const bool ready = aligned_[0] && mac_transmit_.sending() == ethernet::Sending::normal;
    if (ready || late) {
      phase_ = Phase::traffic;
      traffic_start_ = mac_transmit_.position();
    } else {
      mac_transmit_.send_idle(step_words, words_);
    }
  }
  if (stopped_ && phase_ == Phase::warmup) phase_ = Phase::traffic;
  if (phase_ == Phase::traffic) send_traffic(parcel);
  if (phase_ == Phase::flush) {
    if (mac_transmit_.position() >= flush_until_ && !held_open_) {
      phase_ = Phase::done;
    } else {
      mac_transmit_.send_idle(step_words, words_);
    }
  }
  parcel.empty = phase_ == Phase::done;
  if (parcel.empty) return;
  if (on_words_) on_words_(words_);
  if (on_sent_) std::for_each(parcel.sent.begin(), parcel.sent.end(), on_sent_);
  if (channel_) {
    lit_.modulation = structure_.modulation;
    lit_.clear();
    transmit_->process(words_, lit_);
    if (lit_.size() > 0) channel_->process(lit_, parcel.symbols);
  } else {
    transmit_->process(words_, parcel.symbols);
  }
  if (parcel.symbols.size() > 0) errors_.process(parcel.symbols);
}

void Street::send_traffic(Parcel& parcel) {
  const double limit = scenario_.run.duration_us;
  const bool over = stopped_ || (limit > 0 && time_us(mac_transmit_.position() - traffic_start_) >= limit);
  while (!over && words_.size() < step_words) {
    if (!more_frames()) break;
    if (mac_transmit_.sending() != ethernet::Sending::normal) {
      inhibit();
      return;
    }
    next_frame_ = mac_transmit_.process_some(frames_, next_frame_, step_words, words_, &parcel.sent);
  }
  if (!over && words_.size() >= step_words) return;
  mac_transmit_.finish(words_);
  phase_ = Phase::flush;
  // What is on its way needs the largest skew, the elastic stores and the FEC's held-back pairs to arrive.
  flush_until_ = mac_transmit_.position() + 2 * step_words;
}

bool Street::more_frames() {
  if (next_frame_ < frames_.size()) return true;
  frames_.clear();
  next_frame_ = 0;
  if (!source_dry_) source_dry_ = !traffic_.read(frames_, read_octets);
  return frames_.size() > 0;
}

/// A step in which the frames that are due are not sent.
void Street::inhibit() {
  inhibited_.clear();
  for (std::uint64_t words = 0; words < step_words && more_frames(); ++next_frame_) {
    const signal::FrameRecord& record = frames_.records[next_frame_];
    // Preamble and gap, pad and FCS as far as a word's accuracy matters.
    words += (record.length + 4 + 8 + static_cast<std::uint64_t>(scenario_.traffic.ipg_octets)) / 8;
    inhibited_.records.push_back(record);
  }
  mac_transmit_.send_idle(step_words - std::min(words_.size(), step_words), words_);
  mac_transmit_.process(inhibited_, words_);
}

bool Street::arrived() const noexcept {
  return phase_ == Phase::done || (phase_ == Phase::flush && mac_transmit_.position() >= flush_until_);
}

void Street::receive(Parcel& parcel) {
  for (const ethernet::SentFrame& frame : parcel.sent) ledger_.sent(frame);
  parcel.sent.clear();
  if (parcel.empty || parcel.symbols.size() == 0) return;
  received_.clear();
  receive_->process(parcel.symbols, received_);
  mac_receive_.process(received_, arrived_);
  ledger_.advance(mac_receive_.report().words);
  take_delivered();
}

void Street::take_delivered() {
  for (signal::FrameRecord& record : arrived_.records) {
    record.sequence = UINT64_MAX;
    if (!record.fcs_error) {
      const std::uint32_t octets = record.length + (record.fcs_kept ? 0 : 4);
      if (const auto sent = ledger_.delivered(record.fcs, octets, record.word_index)) {
        record.sequence = sent->sequence;
        skipped_words_ = std::max(skipped_words_, sent->skipped_words);
      }
    }
    // Time that long gaps were fast-forwarded over has passed all the same.
    record.time_ps += ps_per_word_.floor_times(static_cast<std::int64_t>(skipped_words_));
  }
  if (delivered_ && arrived_.size() > 0) delivered_(arrived_);
  arrived_.clear();
}

pma::SymbolErrorsReport Street::errors() const {
  pma::SymbolErrorsReport sum = errors_.report();
  if (!channel_) return sum;
  const pma::SymbolErrorsReport& light = channel_->report();
  sum.lanes.resize(light.lanes.size());
  for (std::size_t l = 0; l < light.lanes.size(); ++l) {
    pma::LaneErrorCounts& lane = sum.lanes[l];
    const pma::LaneErrorCounts& more = light.lanes[l];
    lane.symbols = more.symbols;
    lane.symbol_errors += more.symbol_errors;
    lane.bit_errors += more.bit_errors;
    lane.first_bit_errors += more.first_bit_errors;
    lane.second_bit_errors += more.second_bit_errors;
    lane.non_adjacent += more.non_adjacent;
  }
  sum.log.insert(sum.log.end(), light.log.begin(), light.log.end());
  sum.log_full = sum.log_full || light.log_full;
  return sum;
}

void Street::stop() {
  if (phase_ == Phase::warmup || phase_ == Phase::traffic) stopped_ = true;
}

void Street::finish() {
  received_.clear();
  receive_->finish(received_);
  mac_receive_.process(received_, arrived_);
  mac_receive_.finish(arrived_);
  take_delivered();
  ledger_.finish();
}

}  // namespace lightlane::link
