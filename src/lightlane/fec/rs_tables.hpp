#pragma once
/// Constants of the two codes. Inside the floor only. Plain data, so that the vector units may include it.

#include <cstddef>
#include <cstdint>

namespace lightlane::fec::rs {

struct Tables {
  int n, k, t, parity;
  std::size_t words;            ///< 64-bit words of a packed codeword
  std::uint16_t generator[31];  ///< g_0 .. g_parity, g_parity = 1
};

/// The constants of the code with n symbols (544 or 528), built at the first call.
const Tables& tables(int n);

}  // namespace lightlane::fec::rs
