#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lightlane::cli {

struct FecOptions {
  std::string structure = "400g-4lane";
  std::string code = "kp4";
  std::vector<double> ber;        ///< pre-FEC, at least one
  std::string model = "symbols";  ///< symbols | bits
  double burst_continuation = 0;
  bool precoding = false;
  std::optional<double> first_bit_share;
  std::vector<std::int64_t> skew_bits;  ///< per PCS or FEC lane; empty = aligned
  double frame_octets = 64;
  std::string format;  ///< text | json | csv
};
/// Exact prediction of codeword, frame and bit errors behind the FEC.
int run_fec(const FecOptions& options);

}  // namespace lightlane::cli
