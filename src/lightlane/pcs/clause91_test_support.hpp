#pragma once
/// Streams and lanes for the tests of clause 91.

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <numeric>
#include <string>
#include <vector>

#include "lightlane/base/error.hpp"
#include "lightlane/base/random.hpp"
#include "lightlane/pcs/clause82_align.hpp"
#include "lightlane/pcs/clause82_distribute.hpp"
#include "lightlane/pcs/clause82_receive.hpp"
#include "lightlane/pcs/clause82_transmit.hpp"
#include "lightlane/pcs/clause91_align.hpp"
#include "lightlane/pcs/clause91_distribute.hpp"
#include "lightlane/pcs/clause91_receive.hpp"
#include "lightlane/pcs/clause91_transmit.hpp"

namespace lightlane::pcs::test91 {

using clause82::blocks_per_period;
using clause82::lanes;
using clause91::codewords_per_period;
using clause91::fec_lanes;
using signal::BitLanes;
using signal::Blocks66;
using signal::Codewords;
using signal::DecodeOutcome;
using signal::FecCode;
using signal::MiiWords;

inline constexpr std::uint64_t terminate_word =
    signal::mii::idle_word - signal::mii::idle + signal::mii::terminate;

/// Idles and frames; the second word of a frame is its number, so that every frame is known by its content.
inline MiiWords traffic(std::size_t count, std::uint64_t seed) {
  const RandomStream random(seed, "clause91.test", 0);
  MiiWords words;
  std::uint64_t draw = 0, frame = 0;
  while (words.size() < count) {
    words.push_idle(1 + random.bits(draw++) % 3);
    if (random.bits(draw++) % 32 == 0) words.push(signal::mii::remote_fault, 1);
    words.push(random.bits(draw++) << 8 | signal::mii::start, 1);
    words.push(frame++, 0);
    const std::uint64_t length = 7 + random.bits(draw++) % 25;
    for (std::uint64_t i = 0; i < length; ++i) words.push(random.bits(draw++), 0);
    words.push(terminate_word, 0xff);
  }
  words.data.resize(count);
  words.control.resize(count);
  return words;
}

inline Blocks66 marked(const MiiWords& words, Blocks66* encoded = nullptr) {
  Clause82Transmit transmit({0x2aaaaaaaaaaaaaau, false});
  Blocks66 out;
  transmit.process(words, out, encoded);
  return out;
}

inline Codewords messages_of(const Blocks66& blocks, const FecCode& code, bool four_lane_pmd = false) {
  Clause91Transmit transmit({code, four_lane_pmd});
  Codewords out;
  transmit.process(blocks, out);
  return out;
}

inline BitLanes distributed(const Codewords& codewords) {
  Clause91Distribute distribute(codewords.code);
  BitLanes out;
  distribute.process(codewords, out);
  return out;
}

inline BitLanes disturbed(const BitLanes& in, const std::vector<unsigned>& order,
                          const std::vector<unsigned>& skew) {
  BitLanes out(fec_lanes);
  for (unsigned l = 0; l < fec_lanes; ++l) {
    const RandomStream random(7, "clause91.lead", l);
    for (unsigned i = 0; i < skew[l]; ++i) out[l].bits.append(random.bits(i), 1);
    out[l].bits.append(in[order[l]].bits);
  }
  return out;
}

inline std::size_t first_aligned(const Blocks66& blocks) {
  std::size_t i = 0;
  while (i < blocks.size() && blocks.header[i] == clause82::unaligned_header) ++i;
  return i;
}

inline bool same(const Blocks66& a, std::size_t from_a, const Blocks66& b, std::size_t from_b,
                 std::size_t count) {
  if (from_a + count > a.size() || from_b + count > b.size()) return false;
  for (std::size_t i = 0; i < count; ++i) {
    if (a.payload[from_a + i] != b.payload[from_b + i] || a.header[from_a + i] != b.header[from_b + i])
      return false;
  }
  return true;
}

/// The rest of a lane loop: outcomes by a rule that knows the codeword's number, restarts obeyed.
using Rule = std::function<DecodeOutcome(std::uint64_t number)>;
inline DecodeOutcome clean(std::uint64_t) { return {}; }

inline void run(Clause91Align& align, Clause91Receive& receive, const BitLanes& in, Blocks66& out,
                const Rule& rule) {
  Clause91Batch batch;
  align.process(in, batch);
  while (true) {
    std::vector<DecodeOutcome> outcomes;
    for (const auto& r : batch.runs) {
      for (std::size_t i = 0; i < r.count; ++i) outcomes.push_back(rule(r.first + i));
    }
    const auto restart = receive.process(batch, outcomes, out);
    if (!restart) break;
    align.restart(*restart);
    align.process(BitLanes(fec_lanes), batch);
  }
}

inline std::string text(std::uint64_t value, unsigned bits) {
  std::string s;
  for (unsigned i = 0; i < bits; ++i) s += (value >> i & 1) ? '1' : '0';
  return s;
}

/// 91.5.2.5 and the whitening, on strings of 0 and 1.
inline std::string block257_by_hand(const std::uint64_t* payload, const std::uint8_t* header) {
  std::string payloads, block;
  bool all_data = true, valid = true;
  int first_control = -1;
  for (int j = 0; j < 4; ++j) {
    payloads += text(payload[j], 64);
    all_data = all_data && header[j] == signal::data_header;
    valid = valid && (header[j] == signal::data_header || header[j] == signal::control_header);
    if (header[j] == signal::control_header && first_control < 0) first_control = j;
  }
  if (all_data) {
    block = "1" + payloads;
  } else {
    block = "0";
    for (int j = 0; j < 4; ++j) block += !valid || header[j] == signal::data_header ? '1' : '0';
    const std::size_t c = valid ? static_cast<std::size_t>(first_control) : 0;
    block += payloads.substr(0, 64 * c + 4) + payloads.substr(64 * c + 8);
  }
  for (std::size_t i = 0; i < 5; ++i) block[i] = block[i] == block[i + 8] ? '0' : '1';
  return block;
}

inline std::string message_text(const Codewords& codewords, std::size_t c) {
  std::string s;
  for (unsigned w = 0; w < codewords.code.words; ++w) s += text(codewords.at(c)[w], 64);
  return s;
}

}  // namespace lightlane::pcs::test91
