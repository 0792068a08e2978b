#include <fmt/format.h>

#include "lightlane/base/error.hpp"
#include "lightlane/fec/reed_solomon.hpp"
#include "lightlane/link/vector.hpp"
#include "lightlane/pcs/clause119_align.hpp"
#include "lightlane/pcs/clause119_receive.hpp"
#include "lightlane/pcs/clause82_align.hpp"
#include "lightlane/pcs/clause82_receive.hpp"
#include "lightlane/pcs/clause91_align.hpp"
#include "lightlane/pcs/clause91_receive.hpp"

namespace lightlane::link {
namespace {

void need_lanes(const signal::BitLanes& lanes, std::size_t count) {
  if (lanes.size() != count) {
    throw InputError({"lanes", fmt::format("are {}", lanes.size()), fmt::format("{}", count), ""});
  }
}

std::vector<signal::DecodeOutcome> decode(const signal::FecCode& code, signal::Codewords& codewords) {
  std::vector<signal::DecodeOutcome> outcomes(codewords.count);
  fec::ReedSolomon(code).decode(codewords, outcomes);
  return outcomes;
}

/// `group` outcomes side by side: pairs at 200G and 400G, one at 100G.
std::vector<std::vector<int>> grouped(const std::vector<signal::DecodeOutcome>& outcomes, std::size_t group) {
  std::vector<std::vector<int>> stats;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (i % group == 0) stats.emplace_back();
    stats.back().push_back(outcomes[i].symbols);
  }
  return stats;
}

std::optional<VectorRxAnswer> receive_119(const VectorRxRequest& request) {
  need_lanes(request.lanes, pcs::clause119_sizes(request.shape.rate).lanes);
  auto found = pcs::align_offline(request.shape.rate, request.lanes);
  if (!found) return std::nullopt;
  const auto outcomes = decode(signal::kp4, found->codewords);
  pcs::Clause119ReceiveConfig config;
  config.rate_gbps = request.shape.rate;
  pcs::Clause119Receive receive(config);
  pcs::Clause119ReceiveTaps taps;
  receive.tap(&taps);
  signal::MiiWords words;
  receive.process(found->codewords, outcomes, words);

  VectorRxAnswer answer;
  answer.order = std::move(found->order);
  answer.skew = std::move(found->skew);
  answer.stats = grouped(outcomes, 2);
  if (found->codewords.count > 0) {
    for (unsigned bit = 0; bit < 3; ++bit) answer.status += (receive.report().status >> bit & 1) != 0 ? '1' : '0';
  }
  answer.blocks66 = std::move(taps.blocks66);
  return answer;
}

/// Only the blocks that 91.5.3.3 names are marked: this is the clause's own output, not a link that must be safe.
signal::Blocks66 transcode_back(const signal::FecCode& code, signal::Codewords codewords,
                                const std::vector<signal::DecodeOutcome>& outcomes) {
  pcs::Clause91ReceiveConfig config;
  config.code = code;
  config.mark_all_blocks = false;
  pcs::Clause91Receive receive(config);
  signal::Blocks66 marked;
  std::uint64_t first = 0;
  // Three bad codewords in a row would restart a real receiver; an offline one goes on behind them.
  while (codewords.count > 0) {
    pcs::Clause91Batch batch;
    batch.codewords = codewords;
    batch.runs = {{first, codewords.count}};
    batch.end = first + codewords.count;
    const auto restart = receive.process(batch, std::span(outcomes).subspan(first), marked);
    if (!restart) break;
    const std::size_t taken = static_cast<std::size_t>(*restart + 1 - first);
    codewords.words.erase(codewords.words.begin(), codewords.words.begin() + static_cast<std::ptrdiff_t>(taken * code.words));
    codewords.count -= taken;
    first += taken;
  }
  return pcs::clause82_plain_blocks(marked);
}

std::optional<VectorRxAnswer> receive_91(const VectorRxRequest& request) {
  need_lanes(request.lanes, pcs::clause91::fec_lanes);
  const signal::FecCode& code = request.shape.code == "kr4" ? signal::kr4 : signal::kp4;
  auto found = pcs::clause91_align_offline(request.lanes, code);
  if (!found) return std::nullopt;
  const auto outcomes = decode(code, found->codewords);
  VectorRxAnswer answer;
  answer.order.assign(found->fec_lane.begin(), found->fec_lane.end());
  answer.skew.assign(found->skew.begin(), found->skew.end());
  answer.stats = grouped(outcomes, 1);
  answer.blocks66 = transcode_back(code, std::move(found->codewords), outcomes);
  return answer;
}

std::optional<VectorRxAnswer> receive_82(const VectorRxRequest& request) {
  need_lanes(request.lanes, pcs::clause82::lanes);
  const auto found = pcs::clause82_align_offline(request.lanes);
  if (!found) return std::nullopt;
  VectorRxAnswer answer;
  answer.order.assign(found->pcs_lane.begin(), found->pcs_lane.end());
  answer.skew.assign(found->skew.begin(), found->skew.end());
  answer.blocks66 = pcs::clause82_plain_blocks(found->blocks);
  return answer;
}

}  // namespace

std::optional<VectorRxAnswer> vector_rx(const VectorRxRequest& request) {
  request.shape.check();
  if (request.shape.rate != 100) return receive_119(request);
  return request.shape.code == "none" ? receive_82(request) : receive_91(request);
}

}  // namespace lightlane::link
