#pragma once
#include <string>

namespace lightlane::cli {

struct BenchOptions {
  std::string format;         ///< text | json
  std::string filter;         ///< regular expression on "name/variant"; empty = all
  double seconds = 0.3;       ///< measuring time of each rate
  bool list = false;          ///< only name them
};
/// Rates of the kernels and of the whole chain in domain units, per variant, as `openssl speed` does.
int run_bench(const BenchOptions& options);

}  // namespace lightlane::cli
