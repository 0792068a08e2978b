#include "lightlane/pcs/clause91_distribute.hpp"

#include <fmt/format.h>

#include "lightlane/base/error.hpp"

namespace lightlane::pcs {

using clause91::fec_lanes;

void Clause91Distribute::process(const signal::Codewords& in, signal::BitLanes& out) {
  if (!(in.code == code_)) {
    throw InputError({"codewords", fmt::format("are {}", in.code.name), std::string(code_.name), ""});
  }
  if (out.size() == 0) out.lanes.resize(fec_lanes);
  const std::size_t lane_bits = clause91::lane_bits_per_codeword(code_);
  std::uint64_t* words[fec_lanes];
  std::size_t bit[fec_lanes];
  for (unsigned l = 0; l < fec_lanes; ++l) {
    BitVector& bits = out[l].bits;
    if (bits.empty()) out[l].first_index = codewords_ * lane_bits;
    bit[l] = bits.size();
    bits.resize(bit[l] + in.count * lane_bits);
    words[l] = bits.words();
  }
  for (std::size_t c = 0; c < in.count; ++c) {
    kernels_.distribute(in.at(c), lane_bits / 10, words, bit);
    for (std::size_t& b : bit) b += lane_bits;
  }
  codewords_ += in.count;
}

void clause91_collect(const signal::FecCode& code, const clause91::Kernels& kernels,
                      const std::array<const BitVector*, fec_lanes>& lanes,
                      std::array<std::size_t, fec_lanes> from, std::size_t count, signal::Codewords& out) {
  const std::size_t old = out.count, lane_bits = clause91::lane_bits_per_codeword(code);
  out.code = code;
  out.resize(old + count);
  const std::uint64_t* words[fec_lanes];
  for (unsigned l = 0; l < fec_lanes; ++l) words[l] = lanes[l]->words();
  for (std::size_t c = old; c < out.count; ++c) {
    kernels.collect(words, from.data(), lane_bits / 10, out.at(c));
    for (std::size_t& bit : from) bit += lane_bits;
  }
}

}  // namespace lightlane::pcs
