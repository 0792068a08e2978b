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
  /// P(first bit wrong | PAM4 symbol wrong). 1/3 defines the model (adjacent levels, Gray code). Behind a modulo-4
  /// precoding decoder it is 1/2, because 3 + 1 wraps to 0: give 0.5 to see that.
  double first_bit_share = 1.0 / 3;
  std::vector<std::int64_t> skew_bits;  ///< per PCS or FEC lane; empty = aligned
  double frame_octets = 64;
  std::string format;  ///< text | json | csv
};
/// Exact prediction of codeword, frame and bit errors behind the FEC.
int run_fec(const FecOptions& options);

}  // namespace lightlane::cli
