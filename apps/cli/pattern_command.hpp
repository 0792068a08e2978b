#pragma once
#include <cstdint>
#include <optional>
#include <string>

namespace lightlane::cli {

struct PatternGenerateOptions {
  std::string name;                      ///< see pma::patterns()
  std::optional<std::uint64_t> symbols;  ///< or bits; neither: one period, where that is short
  std::optional<std::uint64_t> bits;
  std::optional<std::uint64_t> seed;  ///< shift register
  std::optional<unsigned> lane;       ///< PRBS13Q: the seed of this lane
  std::uint64_t start = 0;
  bool inverted = false;
  std::string structure = "400g-4lane";  ///< scrambled_idle: a pattern of all lanes of a PHY
  std::string out = "-";
  std::string format = "text";  ///< text | hex | raw | json
};
int run_pattern_generate(const PatternGenerateOptions& options);

struct PatternCheckOptions {
  std::string file = "-";
  std::string pattern;
  std::string structure = "400g-4lane";  ///< scrambled_idle
  std::string input_format = "text";  ///< text | hex | raw
  std::uint64_t lock_bits = 128;
  std::uint64_t max_shift = 4096;
  std::optional<double> limit_ber;  ///< above it the exit status is 1
  std::string format = "text";      ///< text | json
};
int run_pattern_check(const PatternCheckOptions& options);

struct PatternListOptions {
  std::string format = "text";
};
int run_pattern_list(const PatternListOptions& options);

}  // namespace lightlane::cli
