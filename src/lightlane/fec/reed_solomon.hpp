#pragma once
/// RS(544,514) "KP4" and RS(528,514) "KR4" over GF(2^10): encoder and bounded-distance decoder.
/// Clauses: 802.3 91.5.2.7, 91.5.3.3, 119.2.4.6, 119.2.5.3 (confidence: sure).
///
/// Codewords are packed as signal::Codewords says: symbol 0 first and highest-order, message 0..513, parity
/// behind. The decoder corrects up to t symbols (15, 7). A word whose error locator has the wrong degree, a
/// repeated root or a root outside the n symbols is uncorrectable and left exactly as received. Beyond t
/// errors a word is uncorrectable but for the chance of a wrong codeword within distance t: 4.7e-17
/// (KP4), 1.835e-6 (KR4).
///
/// Every method is const and safe to call from many threads at once; every variant gives the same bits.
/// ConfigError is thrown if the code is neither signal::kp4 nor signal::kr4, an array has the wrong size, or
/// an error lies outside a codeword.
///
/// Cost: a codeword is a fixed linear map (encoding, checking) and, where it is wrong, a search that grows
/// with its errors; rates by `lightlane bench --filter kp4` and `kr4`, the count of operations in
/// rs_linear_avx512.cpp and rs_solve_avx512.cpp. The first use of a code builds its tables, about 5 ms.
/// Batches below 8 codewords do not fill the vectors of the fastest variant.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "lightlane/base/variant.hpp"
#include "lightlane/signal/fec_code.hpp"

namespace lightlane::fec {

namespace rs {
struct Kernels;
struct Tables;
}  // namespace rs

class ReedSolomon {
 public:
  /// `limit`: highest variant of the kernels; the best one the code has that is not above it is taken.
  explicit ReedSolomon(const signal::FecCode& code, Variant limit = active_variant());

  const signal::FecCode& code() const noexcept { return code_; }
  /// The variant that was chosen.
  Variant variant() const noexcept { return variant_; }

  /// Reads symbols 0..513 of every codeword and writes the parity behind them. Any count; multiples of 64
  /// codewords run fastest.
  void encode(signal::Codewords& codewords) const;

  /// Corrects in place. outcomes.size() == codewords.count. `corrections`, where given, gets what was XORed
  /// appended, in order of codeword, then symbol. The last words of a KR4 codeword keep their 32 spare bits.
  void decode(signal::Codewords& codewords, std::span<signal::DecodeOutcome> outcomes,
              std::vector<signal::Correction>* corrections = nullptr) const;

  /// One packed codeword with f known-bad symbols: corrects e errors besides while 2 e + f <= 2 t. Appends to
  /// `corrections` (codeword 0) what was XORed, by symbol; erased symbols that were right are not listed and
  /// not counted. A library call at plain speed. Throws InputError if an erasure is outside the codeword or
  /// repeated.
  signal::DecodeOutcome decode_erasures(std::uint64_t* codeword, std::span<const std::uint16_t> erasures,
                                        std::vector<signal::Correction>* corrections = nullptr) const;

  /// What the decoder would do to any codeword with these symbol errors: the code is linear, so no data are
  /// needed. All errors belong to one codeword (their field `codeword` is not read); repeated symbols add up.
  /// Appends to `corrections` what would be XORed, with the codeword number of the first error. It is a
  /// miscorrection if the outcome is ok and the errors were more than t.
  signal::DecodeOutcome decode_error_pattern(std::span<const signal::Correction> errors,
                                             std::vector<signal::Correction>* corrections = nullptr) const;

  /// The same for outcomes.size() codewords at once, in full batches; errors sorted by codeword.
  void decode_error_patterns(std::span<const signal::Correction> errors,
                             std::span<signal::DecodeOutcome> outcomes,
                             std::vector<signal::Correction>* corrections = nullptr) const;

  /// Variants this processor can run, worst first; for tests and benchmarks.
  static std::vector<Variant> variants();

 private:
  signal::FecCode code_;
  const rs::Tables* tables_;
  const rs::Kernels* kernels_;
  Variant variant_;
};

}  // namespace lightlane::fec
