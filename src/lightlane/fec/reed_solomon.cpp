#include "lightlane/fec/reed_solomon.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "lightlane/base/error.hpp"
#include "lightlane/fec/rs_kernels.hpp"
#include "lightlane/fec/rs_reference.hpp"
#include "lightlane/fec/rs_tables.hpp"

namespace lightlane::fec {
namespace {

/// Set bits of a symbol; a library call without POPCNT in the baseline.
constexpr auto num_bits = [] {
  std::array<std::uint8_t, 1024> bits{};
  for (unsigned a = 1; a < 1024; ++a) bits[a] = static_cast<std::uint8_t>(bits[a / 2] + a % 2);
  return bits;
}();

using rs::Solution;
using signal::Correction;
using signal::DecodeOutcome;

constexpr std::size_t batch = 256;  // codewords of which the wrong ones are gathered and solved together

#if defined(__x86_64__)
const rs::Kernels avx2_kernels{rs::encode_avx2, rs::check_avx2, rs::solve_portable};
const rs::Kernels avx512_kernels{rs::encode_avx512, rs::check_avx512, rs::solve_avx512};
#endif

const Kernel<const rs::Kernels*> kernel_table[] = {
    {Variant::ref, &rs::ref_kernels},
    {Variant::portable, &rs::portable_kernels},
#if defined(__x86_64__)
    {Variant::avx2, &avx2_kernels},
    {Variant::avx512, &avx512_kernels},
#endif
};

const Kernel<const rs::Kernels*>& choose(Variant limit) {
  return select(std::span<const Kernel<const rs::Kernels*>>(kernel_table),
                std::min(limit, supported_variant()));
}

/// Appends the corrections of a solution and says what the decoder did.
DecodeOutcome report(const Solution& solution, std::uint32_t codeword, std::vector<Correction>* corrections) {
  if (solution.count < 0) return {DecodeOutcome::uncorrectable, 0};
  DecodeOutcome outcome{solution.count, 0};
  for (int i = 0; i < solution.count; ++i) {
    outcome.bits = static_cast<std::uint16_t>(outcome.bits + num_bits[solution.value[i]]);
    if (corrections) corrections->push_back({codeword, solution.symbol[i], solution.value[i]});
  }
  return outcome;
}

/// Up to `batch` codewords checked, and the wrong ones among them solved.
class BatchDecoder {
 public:
  BatchDecoder(const rs::Tables& tables, const rs::Kernels& kernels) : tables_(tables), kernels_(kernels) {}

  /// Afterwards solution(i), i < size(), belongs to codeword index(i) of the batch; the others are right.
  void run(const std::uint64_t* words, std::size_t count) {
    size_ = kernels_.check(tables_, words, count, syndromes_.data(), index_.data());
    if (size_ > 0) kernels_.solve(tables_, syndromes_.data(), size_, solutions_.data());
  }
  std::size_t size() const { return size_; }
  std::size_t index(std::size_t i) const { return index_[i]; }
  const Solution& solution(std::size_t i) const { return solutions_[i]; }

 private:
  const rs::Tables& tables_;
  const rs::Kernels& kernels_;
  std::size_t size_ = 0;
  std::array<std::uint64_t, batch * rs::syndrome_words> syndromes_;
  std::array<std::uint16_t, batch> index_;
  std::array<Solution, batch> solutions_;
};

void check_size(const char* what, std::size_t size, std::size_t needed) {
  if (size == needed) return;
  throw ConfigError({what, "has " + std::to_string(size) + " entries", std::to_string(needed), ""});
}

/// The errors of one codeword, each symbol once, by symbol, without zeros.
std::vector<rs::ErrorPosition> merge(const rs::Tables& tables, std::span<const Correction> errors) {
  std::vector<rs::ErrorPosition> merged;
  for (const Correction& error : errors) {
    if (error.symbol >= tables.n || error.value > 1023) {
      throw ConfigError(
          {"errors", "hold symbol " + std::to_string(error.symbol) + ", value " + std::to_string(error.value),
           "symbol below n, value of 10 bits", ""});
    }
    merged.push_back({error.symbol, error.value});
  }
  std::sort(merged.begin(), merged.end(), [](const auto& a, const auto& b) { return a.symbol < b.symbol; });
  std::size_t size = 0;
  for (const auto& error : merged) {
    if (size > 0 && merged[size - 1].symbol == error.symbol) {
      merged[size - 1].value ^= error.value;
    } else {
      if (size > 0 && merged[size - 1].value == 0) --size;
      merged[size++] = error;
    }
  }
  if (size > 0 && merged[size - 1].value == 0) --size;
  merged.resize(size);
  return merged;
}

}  // namespace

ReedSolomon::ReedSolomon(const signal::FecCode& code, Variant limit) : code_(code) {
  if (code.n != signal::kp4.n && code.n != signal::kr4.n) {
    throw ConfigError({"fec.code", "is RS(" + std::to_string(code.n) + "," + std::to_string(code.k) + ")",
                       "RS(544,514) or RS(528,514)", ""});
  }
  tables_ = &rs::tables(code.n);
  const auto& kernel = choose(limit);
  kernels_ = kernel.function;
  variant_ = kernel.variant;
}

void ReedSolomon::encode(signal::Codewords& codewords) const {
  check_size("codewords.words", codewords.words.size(), codewords.count * code_.words);
  kernels_->encode(*tables_, codewords.words.data(), codewords.count);
}

void ReedSolomon::decode(signal::Codewords& codewords, std::span<DecodeOutcome> outcomes,
                         std::vector<Correction>* corrections) const {
  check_size("codewords.words", codewords.words.size(), codewords.count * code_.words);
  check_size("outcomes", outcomes.size(), codewords.count);
  std::fill(outcomes.begin(), outcomes.end(), DecodeOutcome{});
  BatchDecoder decoder(*tables_, *kernels_);
  for (std::size_t first = 0; first < codewords.count; first += batch) {
    decoder.run(codewords.at(first), std::min(batch, codewords.count - first));
    for (std::size_t i = 0; i < decoder.size(); ++i) {
      const std::size_t c = first + decoder.index(i);
      const Solution& solution = decoder.solution(i);
      outcomes[c] = report(solution, static_cast<std::uint32_t>(c), corrections);
      std::uint64_t* codeword = codewords.at(c);
      for (int e = 0; e < solution.count; ++e) {
        signal::xor_symbol(codeword, solution.symbol[e], solution.value[e]);
      }
    }
  }
}

DecodeOutcome ReedSolomon::decode_erasures(std::uint64_t* codeword, std::span<const std::uint16_t> erasures,
                                           std::vector<Correction>* corrections) const {
  std::vector<bool> seen(code_.n);
  for (const unsigned symbol : erasures) {
    if (symbol >= static_cast<unsigned>(code_.n) || seen[symbol]) {
      throw InputError({"erasures",
                        "hold symbol " + std::to_string(symbol) +
                            (symbol < static_cast<unsigned>(code_.n) ? " twice" : ""),
                        "different symbols, 0 to " + std::to_string(code_.n - 1), ""});
    }
    seen[symbol] = true;
  }
  std::vector<std::uint16_t> symbols(code_.n);
  for (int s = 0; s < code_.n; ++s) symbols[s] = static_cast<std::uint16_t>(signal::get_symbol(codeword, s));
  std::vector<rs::ErrorPosition> errors;
  if (!rs::find_errors(*tables_, rs::syndromes(*tables_, symbols), erasures, errors)) {
    return {DecodeOutcome::uncorrectable, 0};
  }
  DecodeOutcome outcome{static_cast<std::int16_t>(errors.size()), 0};
  for (const auto& error : errors) {
    outcome.bits = static_cast<std::uint16_t>(outcome.bits + num_bits[error.value]);
    signal::xor_symbol(codeword, error.symbol, error.value);
    if (corrections) corrections->push_back({0, error.symbol, error.value});
  }
  return outcome;
}

DecodeOutcome ReedSolomon::decode_error_pattern(std::span<const Correction> errors,
                                                std::vector<Correction>* corrections) const {
  if (errors.empty()) return {};
  const auto merged = merge(*tables_, errors);
  const std::uint32_t number = errors.front().codeword;
  Solution solution;
  if (merged.size() <= static_cast<std::size_t>(code_.t)) {  // within t: the decoder finds just these
    solution.count = static_cast<std::int16_t>(merged.size());
    for (std::size_t i = 0; i < merged.size(); ++i) {
      solution.symbol[i] = merged[i].symbol;
      solution.value[i] = merged[i].value;
    }
    return report(solution, number, corrections);
  }
  std::array<std::uint64_t, 85> word{};
  std::array<std::uint64_t, rs::syndrome_words> syndromes;
  std::uint16_t wrong;
  for (const auto& error : merged) signal::xor_symbol(word.data(), error.symbol, error.value);
  solution.count = 0;
  if (kernels_->check(*tables_, word.data(), 1, syndromes.data(), &wrong) > 0) {
    kernels_->solve(*tables_, syndromes.data(), 1, &solution);
  }
  return report(solution, number, corrections);
}

void ReedSolomon::decode_error_patterns(std::span<const Correction> errors, std::span<DecodeOutcome> outcomes,
                                        std::vector<Correction>* corrections) const {
  constexpr std::size_t chunk = 64;
  std::vector<std::uint64_t> words(chunk * code_.words);
  BatchDecoder decoder(*tables_, *kernels_);
  std::size_t next = 0;
  std::fill(outcomes.begin(), outcomes.end(), DecodeOutcome{});
  for (std::size_t first = 0; first < outcomes.size(); first += chunk) {
    const std::size_t count = std::min(chunk, outcomes.size() - first);
    std::fill(words.begin(), words.end(), 0);
    for (; next < errors.size() && errors[next].codeword < first + count; ++next) {
      const Correction& error = errors[next];
      if (error.codeword < first || error.symbol >= code_.n || error.value > 1023) {
        throw ConfigError({"errors",
                           "hold codeword " + std::to_string(error.codeword) + ", symbol " +
                               std::to_string(error.symbol) + ", value " + std::to_string(error.value),
                           "sorted by codeword, symbol below n, value of 10 bits", ""});
      }
      signal::xor_symbol(&words[(error.codeword - first) * code_.words], error.symbol, error.value);
    }
    decoder.run(words.data(), count);
    for (std::size_t i = 0; i < decoder.size(); ++i) {
      const std::size_t c = first + decoder.index(i);
      outcomes[c] = report(decoder.solution(i), static_cast<std::uint32_t>(c), corrections);
    }
  }
  if (next != errors.size()) {
    throw ConfigError({"errors", "hold codeword " + std::to_string(errors[next].codeword),
                       "below " + std::to_string(outcomes.size()), ""});
  }
}

std::vector<Variant> ReedSolomon::variants() {
  std::vector<Variant> result;
  for (const auto& kernel : kernel_table) {
    if (kernel.variant <= supported_variant()) result.push_back(kernel.variant);
  }
  return result;
}

}  // namespace lightlane::fec
