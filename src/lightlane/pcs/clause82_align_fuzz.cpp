// Any bits on 20 lanes, cut anywhere, give a stream of whole rows that does not depend on the cuts, and
// words.
#include <algorithm>
#include <cstdlib>

#include "lightlane/pcs/clause82_align.hpp"
#include "lightlane/pcs/clause82_distribute.hpp"
#include "lightlane/pcs/clause82_receive.hpp"
#include "lightlane/pcs/clause82_transmit.hpp"

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
    signal::BitLanes out;
    pcs::Clause82Distribute().process(blocks, out);
    return out;
  }();
  return lanes;
}

void append(signal::Blocks66& all, const signal::Blocks66& part) {
  all.payload.insert(all.payload.end(), part.payload.begin(), part.payload.end());
  all.header.insert(all.header.end(), part.header.begin(), part.header.end());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 4) return 0;
  const bool long_run = data[0] % 16 == 0;
  signal::BitLanes in(20);
  if (long_run) {  // damage a real stream: bits wrong, bits left out, lanes exchanged
    in = wire();
    for (std::size_t i = 1; i + 4 <= size && i < 200; i += 4) {
      BitVector& lane = in[data[i] % 20].bits;
      const std::size_t at = (std::size_t{data[i + 1]} << 16 | data[i + 2] << 8 | data[i + 3]) % lane.size();
      if (data[i] < 128) {
        lane.flip(at);
      } else if (data[i] < 192) {
        lane.drop_front(at % 2000);
      } else {
        std::swap(in[data[i] % 20], in[data[i + 1] % 20]);
      }
    }
  } else {  // the input itself, dealt octet by octet
    for (std::size_t i = 1; i < size; ++i) in[i % 20].bits.append(data[i], 8);
  }
  pcs::Clause82Align whole, parts;
  signal::Blocks66 a, b;
  whole.process(in, a);
  std::size_t at[20] = {};
  for (std::size_t k = 1, left = 20; left > 0; ++k) {
    signal::BitLanes chunk(20);
    left = 0;
    for (unsigned l = 0; l < 20; ++l) {
      const std::size_t want = (long_run ? 40000 : 1) * (1 + data[(k + l) % size]);
      const std::size_t count = std::min(want, in[l].bits.size() - at[l]);
      chunk[l].bits.append(in[l].bits, at[l], count);
      at[l] += count;
      left += at[l] < in[l].bits.size();
    }
    signal::Blocks66 out;
    parts.process(chunk, out);
    append(b, out);
  }
  if (a.payload != b.payload || a.header != b.header || a.size() % 20 != 0) std::abort();
  pcs::Clause82Receive receive;
  signal::MiiWords words;
  receive.process(a, words);
  receive.finish(words);
  if (words.size() > a.size()) std::abort();
  if (const auto found = pcs::clause82_align_offline(in)) {
    if (found->blocks.size() % 20 != 0) std::abort();
  }
  return 0;
}
