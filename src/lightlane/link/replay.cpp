#include "lightlane/link/replay.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "lightlane/base/error.hpp"
#include "lightlane/link/host_lanes.hpp"
#include "lightlane/link/scenario_keys.hpp"
#include "lightlane/pcs/clause82_transmit.hpp"
#include "lightlane/pcs/rate_compensation.hpp"
#include "lightlane/pma/gray.hpp"

namespace lightlane::link {
namespace {

struct Found {
  ethernet::SentFrame frame;
  bool lost = false;
};

using Progress = std::function<bool(std::uint64_t)>;

void go_on(const Street& street, const Progress& progress) {
  if (progress && !progress(street.ledger().counts().sent)) {
    throw ConfigError({"replay", "was interrupted", "", ""});
  }
}

/// The first run: which frame it is, and where it was sent.
Found find_frame(const Scenario& scenario, const OpticalLink* light, const std::shared_ptr<const HostLanes>& host,
                 const ReplayRequest& request, const Progress& progress) {
  Street street(scenario, light, {}, {}, host);
  std::optional<ethernet::SentFrame> wanted;
  if (request.frame) {
    street.ledger().watch(*request.frame);
    street.watch_sent([&](const ethernet::SentFrame& frame) {
      if (frame.sequence == *request.frame) wanted = frame;
    });
  }
  for (bool more = true; more;) {
    more = street.step();
    if (!more) street.finish();
    go_on(street, progress);
    const auto& lost = street.ledger().lost();
    if (!request.frame && lost.size() > request.lost) return {lost[request.lost], true};
    if (const auto fate = street.ledger().watched_lost()) return {*wanted, *fate};
  }
  const std::uint64_t sent = street.ledger().counts().sent, lost = street.ledger().counts().lost;
  if (request.frame) {
    throw ConfigError({"--frame", fmt::format("is {}", *request.frame), fmt::format("0 to {}", sent == 0 ? 0 : sent - 1), ""});
  }
  throw ConfigError({"--lost", fmt::format("is {}", request.lost),
                     lost == 0 ? "nothing: no frame is lost in this run" : fmt::format("0 to {}", lost - 1), ""});
}

/// Counts the words that idle deletion takes out ahead of a word, as the sender does.
class BlockCounter {
 public:
  BlockCounter(const Structure& structure, std::uint64_t word)
      : deletion_({structure.rate_gbps == 100 ? pcs::clause82_deletion_ratio() : pcs::clause119_deletion_ratio()}),
        word_(word) {}

  void take(const signal::MiiWords& words) {
    if (next_ > word_) return;
    signal::MiiWords part = words;
    if (next_ + words.size() > word_) {
      const auto count = static_cast<std::size_t>(word_ - next_);
      part.data.resize(count);
      part.control.resize(count);
    }
    signal::MiiWords kept;
    deletion_.process(part, kept);
    next_ += words.size();
    blocks_ += kept.size();
  }
  /// Index of the word's 66-bit block among those that carry words.
  std::uint64_t block() const noexcept { return blocks_; }

 private:
  pcs::RateCompensation deletion_;
  std::uint64_t word_, next_ = 0, blocks_ = 0;
};

/// XOR of the two bits of a symbol, first bit in bit 0.
unsigned wrong_bits(const pma::ErrorRecord& error, signal::Modulation modulation) {
  if (modulation == signal::Modulation::nrz) return 1;
  return static_cast<unsigned>((pma::gray_unmap(error.sent) ^ pma::gray_unmap(error.decided)) & 3);
}

void sort_into_codewords(const Structure& structure, const CodewordMap& map, Replay& replay, std::uint64_t first_group,
                         std::uint64_t last_group) {
  const auto width = static_cast<unsigned>(structure.modulation);
  const auto group = static_cast<std::uint64_t>(map.group());
  std::map<std::uint64_t, std::map<int, WrongSymbol>> wrong;
  std::map<std::uint64_t, int> hits;
  replay.lane_errors.resize(static_cast<std::size_t>(structure.line_lanes));
  for (const pma::ErrorRecord& error : replay.line_errors) {
    ++replay.lane_errors[error.lane];
    const unsigned bits = wrong_bits(error, structure.modulation);
    std::uint64_t last = UINT64_MAX;
    for (unsigned b = 0; b < width; ++b) {
      if ((bits >> b & 1) == 0) continue;
      const CodewordPlace place = map.place(error.lane, error.symbol * width + b);
      if (place.before_first) continue;
      WrongSymbol& symbol = wrong[place.codeword][place.symbol];
      if (symbol.value == 0) {
        symbol.symbol = place.symbol;
        symbol.pcs_lane = place.pcs_lane;
        symbol.line_lane = error.lane;
        symbol.line_symbol = error.symbol;
      }
      symbol.value = static_cast<std::uint16_t>(symbol.value ^ (1u << place.bit));
      if (last != place.codeword) ++hits[place.codeword];
      last = place.codeword;
    }
  }
  for (std::uint64_t c = first_group * group; c < (last_group + 1) * group; ++c) {
    ReplayedCodeword codeword;
    codeword.codeword = c;
    codeword.touches_frame = c / group >= replay.first_group && c / group <= replay.last_group;
    codeword.line_errors = hits[c];
    for (const auto& [index, symbol] : wrong[c]) codeword.wrong.push_back(symbol);
    codeword.correctable = codeword.wrong.size() <= static_cast<std::size_t>(structure.fec()->t);
    replay.codewords.push_back(std::move(codeword));
  }
}

std::string cause_of(const Replay& replay, const Structure& structure) {
  if (!replay.lost) return "the frame was delivered";
  const auto failed = [](const ReplayedCodeword& c) { return !c.correctable; };
  const auto own = std::find_if(replay.codewords.begin(), replay.codewords.end(),
                                [&](const ReplayedCodeword& c) { return c.touches_frame && failed(c); });
  if (own != replay.codewords.end()) {
    return fmt::format("codeword {} has {} wrong symbols, more than the {} that the code corrects", own->codeword,
                       own->wrong.size(), structure.fec()->t);
  }
  if (!replay.aligned) return "the receiver had lost alignment";
  const auto before = std::find_if(replay.codewords.begin(), replay.codewords.end(), failed);
  if (before != replay.codewords.end()) {
    return fmt::format("codeword {} just before it failed, and its errors reach into the blocks behind", before->codeword);
  }
  return "no codeword of it failed here: alignment, a slip or the FEC's restart took it";
}

/// Errors of host lanes that are too rare to be drawn do no harm.
void refuse_host_errors(const Scenario& scenario, const HostLanes& host) {
  if (!host.sender.simulated && !host.receiver.simulated) return;
  double ber = 0;
  for (const HostSide* side : {&host.sender, &host.receiver}) {
    for (const HostLane& lane : side->lanes) ber = std::max(ber, lane.ber);
  }
  const bool given = scenario.phy.host_ber > 0;
  throw ConfigError({given ? "phy.host_ber" : host.sender.simulated ? "host.enable" : "far_host.enable",
                     given ? fmt::format("is {}", ber) : fmt::format("is true and gives host lanes a BER of {:.2g}", ber),
                     given ? "0 in a replay: it follows the line's errors" : "in a replay false, or host lanes without errors: it follows the line's", ""});
}

}  // namespace

Replay replay(const Scenario& scenario, const OpticalLink* light, const ReplayRequest& request,
              const Progress& progress) {
  const Structure& structure = structure_of(scenario);
  if (structure.fec() == nullptr) {
    throw ConfigError({"replay", fmt::format("{} has no FEC", structure.name), "structures with RS-FEC", ""});
  }
  if (scenario.link.breakout != "none") {
    throw ConfigError({"link.breakout", fmt::format("is \"{}\"", scenario.link.breakout), "one of its ports", ""});
  }
  if (scenario.link.duplex) {
    throw ConfigError({"link.duplex", "is true", "false in a replay: it follows one direction by itself", ""});
  }
  if (scenario.link.fec_placement == "module") {
    throw ConfigError({"link.fec_placement", "is \"module\"", "\"host\" in a replay: it follows the line's errors", ""});
  }
  if (scenario.phy.precoding) {
    throw ConfigError({"phy.precoding", "is true", "false in a replay: it follows single line symbols", ""});
  }
  const auto host = std::make_shared<const HostLanes>(host_lanes(scenario, structure));
  refuse_host_errors(scenario, *host);
  const Found found = find_frame(scenario, light, host, request, progress);
  const CodewordMap map(scenario, structure);

  // The second run. Idle deletion makes blocks fewer than words by a known rate, give or take the elastic store: near
  // enough to open the log; the exact place is counted on the way.
  const Rational kept = structure.rate_gbps == 100 ? pcs::clause82_deletion_ratio() : pcs::clause119_deletion_ratio();
  const auto group_near = [&](std::uint64_t word) {
    return map.group_of_block(static_cast<std::uint64_t>(kept.floor_times(static_cast<std::int64_t>(word))));
  };
  const std::uint64_t last_word = found.frame.word_index + found.frame.words - 1;
  const std::uint64_t margin = request.margin_groups + 2;
  const std::uint64_t log_from = map.first_symbol(group_near(found.frame.word_index) - std::min(group_near(found.frame.word_index), margin));
  const std::uint64_t log_to = map.last_symbol(group_near(last_word) + margin);
  BlockCounter first(structure, found.frame.word_index), last(structure, last_word);
  Street street(scenario, light, {}, {log_from, log_to}, host);
  street.watch_words([&](const signal::MiiWords& words) {
    first.take(words);
    last.take(words);
  });
  while (street.symbols_sent() < log_to && street.step()) go_on(street, progress);
  street.step();  // the receiver is one step behind

  Replay replay;
  replay.frame = found.frame;
  replay.lost = found.lost;
  replay.time_us = street.time_us(found.frame.word_index);
  replay.aligned = street.phy_receive().align_status;
  replay.first_group = map.group_of_block(first.block());
  replay.last_group = map.group_of_block(last.block());
  const std::uint64_t from = replay.first_group - std::min(replay.first_group, request.margin_groups);
  const std::uint64_t to = replay.last_group + request.margin_groups;
  const pma::SymbolErrorsReport errors = street.errors();
  replay.log_full = errors.log_full;
  for (const pma::ErrorRecord& error : errors.log) {
    if (error.symbol >= map.first_symbol(from) && error.symbol < map.last_symbol(to)) replay.line_errors.push_back(error);
  }
  sort_into_codewords(structure, map, replay, from, to);
  replay.cause = cause_of(replay, structure);
  return replay;
}

}  // namespace lightlane::link
