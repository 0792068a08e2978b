// The reference: one line of code per line of the textbook.
#include <algorithm>
#include <array>

#include "lightlane/fec/rs_kernels.hpp"
#include "lightlane/fec/rs_reference.hpp"
#include "lightlane/math/gf1024.hpp"
#include "lightlane/signal/fec_code.hpp"

namespace lightlane::fec::rs {
namespace {

using math::gf1024_order;
using math::gf_divide;
using math::gf_multiply;
using math::gf_power;
using Polynomial = std::vector<unsigned>;

unsigned evaluate(const Polynomial& polynomial, unsigned x) {
  unsigned value = 0;
  for (std::size_t i = polynomial.size(); i-- > 0;) value = gf_multiply(value, x) ^ polynomial[i];
  return value;
}

/// Multiplies by (1 - root x).
void multiply_by_locator(Polynomial& polynomial, unsigned root) {
  polynomial.push_back(0);
  for (std::size_t i = polynomial.size() - 1; i > 0; --i)
    polynomial[i] ^= gf_multiply(polynomial[i - 1], root);
}

/// The shortest register that makes the syndromes, begun from the erasure locator. Returns its length.
int berlekamp_massey(const Polynomial& syndromes, int erasures, Polynomial& locator) {
  Polynomial previous = locator;
  int length = erasures;
  unsigned last_discrepancy = 1;
  previous.insert(previous.begin(), 0);  // times x
  for (int r = erasures; r < static_cast<int>(syndromes.size()); ++r) {
    unsigned discrepancy = 0;
    for (std::size_t i = 0; i < locator.size() && static_cast<int>(i) <= r; ++i) {
      discrepancy ^= gf_multiply(locator[i], syndromes[r - i]);
    }
    if (discrepancy != 0) {
      const Polynomial old = locator;
      const unsigned scale = gf_divide(discrepancy, last_discrepancy);
      locator.resize(std::max(locator.size(), previous.size()));
      for (std::size_t i = 0; i < previous.size(); ++i) locator[i] ^= gf_multiply(scale, previous[i]);
      if (2 * length <= r + erasures) {
        length = r + 1 + erasures - length;
        previous = old;
        last_discrepancy = discrepancy;
      }
    }
    previous.insert(previous.begin(), 0);
  }
  while (locator.back() == 0) locator.pop_back();
  return length;
}

std::vector<std::uint16_t> unpack(const std::uint64_t* codeword, int symbols) {
  std::vector<std::uint16_t> unpacked(symbols);
  for (int s = 0; s < symbols; ++s) unpacked[s] = static_cast<std::uint16_t>(signal::get_symbol(codeword, s));
  return unpacked;
}

/// The shift register of clause 91.5.2.7 / 119.2.4.6, fed with the message; register[i] holds the coefficient
/// of x^i.
std::array<unsigned, 30> divide(const Tables& tables, const std::uint64_t* codeword) {
  std::array<unsigned, 30> registers{};
  for (int s = 0; s < tables.k; ++s) {
    const unsigned feedback = signal::get_symbol(codeword, s) ^ registers[tables.parity - 1];
    for (int i = tables.parity - 1; i > 0; --i) {
      registers[i] = registers[i - 1] ^ gf_multiply(feedback, tables.generator[i]);
    }
    registers[0] = gf_multiply(feedback, tables.generator[0]);
  }
  return registers;
}

void encode(const Tables& tables, std::uint64_t* words, std::size_t count) noexcept {
  for (std::size_t c = 0; c < count; ++c, words += tables.words) {
    const auto parity = divide(tables, words);
    for (int i = 0; i < tables.parity; ++i) {
      const int symbol = tables.k + i;
      signal::xor_symbol(words, symbol, signal::get_symbol(words, symbol) ^ parity[tables.parity - 1 - i]);
    }
  }
}

std::size_t check(const Tables& tables, const std::uint64_t* words, std::size_t count, std::uint64_t* packed,
                  std::uint16_t* wrong) noexcept {
  std::size_t found = 0;
  for (std::size_t c = 0; c < count; ++c, words += tables.words) {
    const auto result = syndromes(tables, unpack(words, tables.n));
    if (std::all_of(result.begin(), result.end(), [](unsigned s) { return s == 0; })) continue;
    std::fill_n(packed, syndrome_words, 0);
    for (std::size_t j = 0; j < result.size(); ++j) signal::xor_symbol(packed, j, result[j]);
    packed += syndrome_words;
    wrong[found++] = static_cast<std::uint16_t>(c);
  }
  return found;
}

void solve(const Tables& tables, const std::uint64_t* packed, std::size_t count,
           Solution* solutions) noexcept {
  std::vector<ErrorPosition> errors;
  for (std::size_t c = 0; c < count; ++c) {
    Solution& solution = solutions[c];
    const auto symbols = unpack(packed + c * syndrome_words, tables.parity);
    if (!find_errors(tables, {symbols.begin(), symbols.end()}, {}, errors)) {
      solution.count = -1;
      continue;
    }
    solution.count = static_cast<std::int16_t>(errors.size());
    for (std::size_t i = 0; i < errors.size(); ++i) {
      solution.symbol[i] = errors[i].symbol;
      solution.value[i] = errors[i].value;
    }
  }
}

}  // namespace

std::vector<unsigned> syndromes(const Tables& tables, std::span<const std::uint16_t> symbols) {
  std::vector<unsigned> result(2 * tables.t);
  for (const unsigned symbol : symbols) {
    for (int j = 0; j < 2 * tables.t; ++j) result[j] = gf_multiply(result[j], gf_power(j)) ^ symbol;
  }
  return result;
}

bool find_errors(const Tables& tables, const std::vector<unsigned>& syndromes,
                 std::span<const std::uint16_t> erasures, std::vector<ErrorPosition>& errors) {
  errors.clear();
  if (std::all_of(syndromes.begin(), syndromes.end(), [](unsigned s) { return s == 0; })) return true;
  const int num_syndromes = 2 * tables.t, num_erasures = static_cast<int>(erasures.size());
  if (num_erasures > num_syndromes) return false;

  Polynomial locator{1};
  for (const unsigned symbol : erasures) multiply_by_locator(locator, gf_power(tables.n - 1 - symbol));
  const int length = berlekamp_massey(syndromes, num_erasures, locator);
  if (static_cast<int>(locator.size()) != length + 1 || 2 * length - num_erasures > num_syndromes)
    return false;

  std::vector<unsigned> powers;  // i where alpha^-i is a root: the error is in the coefficient of x^i
  for (unsigned i = 0; i < gf1024_order; ++i) {
    if (evaluate(locator, gf_power(gf1024_order - i)) == 0) powers.push_back(i);
  }
  if (static_cast<int>(powers.size()) != length || static_cast<int>(powers.back()) >= tables.n) return false;

  Polynomial evaluator(num_syndromes);  // S(x) locator(x) mod x^2t
  for (int i = 0; i < num_syndromes; ++i) {
    for (int j = 0; j <= std::min(i, length); ++j) evaluator[i] ^= gf_multiply(locator[j], syndromes[i - j]);
  }
  Polynomial derivative(length);  // of the locator; in characteristic 2 the even terms vanish
  for (int i = 1; i <= length; i += 2) derivative[i - 1] = locator[i];

  for (std::size_t i = powers.size(); i-- > 0;) {
    const unsigned inverse = gf_power(gf1024_order - powers[i]);
    // The first root of g(x) is alpha^0, hence the factor X.
    const unsigned value = gf_multiply(
        gf_power(powers[i]), gf_divide(evaluate(evaluator, inverse), evaluate(derivative, inverse)));
    if (value != 0) {
      errors.push_back(
          {static_cast<std::uint16_t>(tables.n - 1 - powers[i]), static_cast<std::uint16_t>(value)});
    }
  }
  return true;
}

const Kernels ref_kernels{encode, check, solve};

}  // namespace lightlane::fec::rs
