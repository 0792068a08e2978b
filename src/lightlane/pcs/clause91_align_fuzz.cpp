// Any bits on four FEC lanes, cut anywhere, with any outcomes of the decoder, give a stream of whole rows
// that does not depend on the cuts.
#include <algorithm>
#include <cstdlib>

#include "lightlane/pcs/clause82_transmit.hpp"
#include "lightlane/pcs/clause91_align.hpp"
#include "lightlane/pcs/clause91_distribute.hpp"
#include "lightlane/pcs/clause91_receive.hpp"
#include "lightlane/pcs/clause91_transmit.hpp"

namespace {

using namespace lightlane;

/// Two periods and a bit of idle on the wire, made once: what the input does to them is the test.
const signal::BitLanes& wire() {
  static const signal::BitLanes lanes = [] {
    signal::MiiWords words;
    words.push_idle(2 * pcs::clause82::words_per_period + 4000);
    pcs::Clause82Transmit transmit({1, false});
    signal::Blocks66 blocks;
    transmit.process(words, blocks);
    signal::Codewords messages;
    pcs::Clause91Transmit({signal::kr4, true}).process(blocks, messages);
    signal::BitLanes out;
    pcs::Clause91Distribute(signal::kr4).process(messages, out);
    return out;
  }();
  return lanes;
}

struct Receiver {
  pcs::Clause91Align align{{signal::kr4, std::nullopt}};
  pcs::Clause91Receive receive{{signal::kr4}};
  signal::Blocks66 blocks;

  void process(const signal::BitLanes& in, const std::uint8_t* data, std::size_t size) {
    pcs::Clause91Batch batch;
    align.process(in, batch);
    while (true) {
      std::vector<signal::DecodeOutcome> outcomes;
      for (const auto& run : batch.runs) {
        for (std::size_t i = 0; i < run.count; ++i) {
          // Codewords far apart share a byte of the input, so that runs of bad ones come and go.
          const std::uint8_t choice = data[(run.first + i) / 61 % size];
          outcomes.push_back({static_cast<std::int16_t>(choice < 16 ? -1 : choice % 8), 0});
        }
      }
      if (outcomes.size() != batch.codewords.count) std::abort();
      const auto restart = receive.process(batch, outcomes, blocks);
      if (!restart) return;
      align.restart(*restart);
      align.process(signal::BitLanes(4), batch);
    }
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 4) return 0;
  const bool long_run = data[0] % 16 == 0;
  signal::BitLanes in(4);
  if (long_run) {
    in = wire();
    for (std::size_t i = 1; i + 4 <= size && i < 200; i += 4) {
      BitVector& lane = in[data[i] % 4].bits;
      const std::size_t at = (std::size_t{data[i + 1]} << 16 | data[i + 2] << 8 | data[i + 3]) % lane.size();
      if (data[i] < 128) {
        lane.flip(at);
      } else if (data[i] < 192) {
        lane.drop_front(at % 9000);
      } else {
        std::swap(in[data[i] % 4], in[data[i + 1] % 4]);
      }
    }
  } else {
    for (std::size_t i = 1; i < size; ++i) in[i % 4].bits.append(data[i], 8);
  }
  Receiver whole, parts;
  whole.process(in, data, size);
  std::size_t at[4] = {};
  for (std::size_t k = 1, left = 4; left > 0; ++k) {
    signal::BitLanes chunk(4);
    left = 0;
    for (unsigned l = 0; l < 4; ++l) {
      const std::size_t want = (long_run ? 100000 : 1) * (1 + data[(k + l) % size]);
      const std::size_t count = std::min(want, in[l].bits.size() - at[l]);
      chunk[l].bits.append(in[l].bits, at[l], count);
      at[l] += count;
      left += at[l] < in[l].bits.size();
    }
    parts.process(chunk, data, size);
  }
  if (whole.blocks.payload != parts.blocks.payload || whole.blocks.header != parts.blocks.header)
    std::abort();
  if (whole.blocks.size() % 20 != 0) std::abort();
  if (const auto found = pcs::clause91_align_offline(in, signal::kr4)) {
    if (found->codewords.words.size() != found->codewords.count * signal::kr4.words) std::abort();
  }
  return 0;
}
