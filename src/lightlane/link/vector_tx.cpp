#include <fmt/format.h>

#include "lightlane/base/error.hpp"
#include "lightlane/fec/reed_solomon.hpp"
#include "lightlane/link/vector.hpp"
#include "lightlane/pcs/clause119_distribute.hpp"
#include "lightlane/pcs/clause119_transmit.hpp"
#include "lightlane/pcs/clause82_distribute.hpp"
#include "lightlane/pcs/clause82_transmit.hpp"
#include "lightlane/pcs/clause91_distribute.hpp"
#include "lightlane/pcs/clause91_transmit.hpp"
#include "lightlane/pma/bit_mux.hpp"
#include "lightlane/pma/gray.hpp"

namespace lightlane::link {
namespace {

signal::BitLanes multiplex(const signal::BitLanes& in, std::size_t lanes_out) {
  if (lanes_out == in.size()) return in;
  pma::BitMux mux({in.size(), lanes_out, {}, {}, {}, {}});
  signal::BitLanes out;
  mux.process(in, out);
  return out;
}

/// Host lanes and line symbols: PAM4 16 -> 8 -> 4, 8 -> 4 -> 2, 4 -> 2 -> 1; NRZ 4 lanes as they are, 20 -> 4.
void add_line_stages(const VectorShape& shape, VectorTxAnswer& answer) {
  const bool nrz = shape.code == "kr4" || shape.code == "none";
  const std::size_t lanes = answer.lanes.size();
  answer.host_lanes = multiplex(answer.lanes, nrz ? 4 : lanes / 2);
  const signal::BitLanes line = multiplex(answer.host_lanes, nrz ? 4 : lanes / 4);
  pma::GrayConfig config;
  config.lanes = line.size();
  config.modulation = nrz ? signal::Modulation::nrz : signal::Modulation::pam4;
  answer.pmd_symbols = signal::SymbolLanes(0, config.modulation);
  pma::GrayEncoder(config).process(line, answer.pmd_symbols);
}

[[noreturn]] void refuse_count(std::size_t count, const char* allowed) {
  throw InputError({"words", fmt::format("are {}", count), allowed, ""});
}

void transmit_119(const VectorTxRequest& request, VectorTxAnswer& answer) {
  const pcs::Clause119Sizes& sizes = pcs::clause119_sizes(request.shape.rate);
  const std::size_t first = pcs::pair_words - sizes.marker_words();
  const std::size_t count = request.words.size();
  if (count < first || (count - first) % pcs::pair_words != 0 || count > sizes.period_pairs * pcs::pair_words - sizes.marker_words()) {
    refuse_count(count, request.shape.rate == 400 ? "128 + 160 n, less than a marker period" : "144 + 160 n, less than a marker period");
  }
  pcs::Clause119TransmitConfig config;
  config.rate_gbps = request.shape.rate;
  config.scrambler_state = request.scrambler_state;
  config.pad_state = request.pad_state;
  config.status = request.status;
  config.delete_idles = false;
  pcs::Clause119Transmit transmit(config);
  pcs::Clause119TransmitTaps taps;
  transmit.tap(&taps);
  transmit.process(request.words, answer.codewords);
  transmit.finish(answer.codewords);
  fec::ReedSolomon(signal::kp4).encode(answer.codewords);
  pcs::Clause119Distribute(request.shape.rate).process(answer.codewords, answer.lanes);
  answer.stream = std::move(taps.stream);
  answer.blocks66 = std::move(taps.blocks66);
  answer.blocks257 = std::move(taps.blocks257);
}

void append(BitVector& stream, const signal::Blocks66& blocks) {
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    stream.append(blocks.header[i], 2);
    stream.append(blocks.payload[i], 64);
  }
}

/// The marked stream of clause 82, which clause 91 takes over.
signal::Blocks66 transmit_82(const VectorTxRequest& request, VectorTxAnswer& answer) {
  pcs::Block66Encoder encoder;
  encoder.process(request.words, answer.blocks66);
  pcs::Clause82Mark mark({request.scrambler_state});
  signal::Blocks66 marked;
  mark.process(answer.blocks66, marked);
  return marked;
}

void transmit_without_fec(const VectorTxRequest& request, VectorTxAnswer& answer) {
  const std::size_t count = request.words.size();
  if (count == 0 || count % 20 != 0 || count > 16383 * 20) refuse_count(count, "20 n, less than a marker period");
  const signal::Blocks66 marked = transmit_82(request, answer);
  append(answer.stream, marked);
  pcs::Clause82Distribute().process(marked, answer.lanes);
}

void transmit_91(const VectorTxRequest& request, VectorTxAnswer& answer) {
  const signal::FecCode& code = request.shape.code == "kr4" ? signal::kr4 : signal::kp4;
  const std::size_t count = request.words.size();
  if (count < 60 || (count - 60) % 80 != 0 || count > 4096 * 80 - 20) refuse_count(count, "60 + 80 n, less than a marker period");
  const signal::Blocks66 marked = transmit_82(request, answer);
  pcs::Clause91Transmit transmit({code, request.four_lane_pmd.value_or(code == signal::kr4)});
  answer.codewords.code = code;
  transmit.process(marked, answer.codewords, &answer.blocks257);
  for (std::size_t c = 0; c < answer.codewords.count; ++c) {
    for (std::size_t s = 0; s < static_cast<std::size_t>(code.k); ++s) {
      answer.stream.append(signal::get_symbol(answer.codewords.at(c), s), 10);
    }
  }
  fec::ReedSolomon(code).encode(answer.codewords);
  pcs::Clause91Distribute(code).process(answer.codewords, answer.lanes);
}

}  // namespace

void VectorShape::check() const {
  if (rate != 400 && rate != 200 && rate != 100) throw ConfigError({"rate", fmt::format("is {}", rate), "400, 200, 100", ""});
  const bool known = rate == 100 ? code == "kp4" || code == "kr4" || code == "none" : code.empty();
  if (!known) throw ConfigError({"code", fmt::format("is '{}' at {}", code, rate), "kp4, kr4, none at 100, else nothing", ""});
}

VectorTxAnswer vector_tx(const VectorTxRequest& request) {
  request.shape.check();
  VectorTxAnswer answer;
  if (request.shape.rate != 100) {
    transmit_119(request, answer);
  } else if (request.shape.code == "none") {
    transmit_without_fec(request, answer);
  } else {
    transmit_91(request, answer);
  }
  add_line_stages(request.shape, answer);
  return answer;
}

}  // namespace lightlane::link
