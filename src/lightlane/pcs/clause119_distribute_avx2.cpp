#include <immintrin.h>

#include <utility>

#include "lightlane/pcs/clause119_kernels.hpp"

// Ten words of the stream hold five of A and five of B; every shift is known when this is compiled.

namespace lightlane::pcs::clause119 {
namespace {

/// Which bits of word k of ten belong to A: symbols take turns every ten bits.
constexpr std::uint64_t mask_of(unsigned k) {
  std::uint64_t mask = 0;
  for (unsigned bit = 0; bit < 64; ++bit)
    mask |= static_cast<std::uint64_t>((64 * k + bit) / 10 % 2 == 0) << bit;
  return mask;
}

constexpr unsigned count_of(std::uint64_t mask) {
  unsigned count = 0;
  for (; mask != 0; mask &= mask - 1) ++count;
  return count;
}

/// Bits of A (or B) in the words before word k.
constexpr unsigned begin_of(unsigned k, bool b) {
  unsigned at = 0;
  for (unsigned i = 0; i < k; ++i) at += count_of(b ? ~mask_of(i) : mask_of(i));
  return at;
}

template <unsigned k, bool b>
void extract(std::uint64_t word, std::uint64_t* out) {
  constexpr std::uint64_t mask = b ? ~mask_of(k) : mask_of(k);
  constexpr unsigned at = begin_of(k, b), count = count_of(mask), shift = at % 64;
  const std::uint64_t bits = _pext_u64(word, mask);
  if constexpr (shift == 0) {
    out[at / 64] = bits;
  } else {
    out[at / 64] |= bits << shift;
    if constexpr (shift + count > 64) out[at / 64 + 1] = bits >> (64 - shift);
  }
}

template <unsigned k, bool b>
std::uint64_t deposit(const std::uint64_t* in) {
  constexpr std::uint64_t mask = b ? ~mask_of(k) : mask_of(k);
  constexpr unsigned at = begin_of(k, b), count = count_of(mask), shift = at % 64;
  std::uint64_t bits = in[at / 64] >> shift;
  if constexpr (shift + count > 64) bits |= in[at / 64 + 1] << (64 - shift);
  return _pdep_u64(bits, mask);
}

template <unsigned... k>
void split_ten(const std::uint64_t* in, std::uint64_t* a, std::uint64_t* b,
               std::integer_sequence<unsigned, k...>) {
  std::uint64_t from_a[5], from_b[5];
  (extract<k, false>(in[k], from_a), ...);
  (extract<k, true>(in[k], from_b), ...);
  for (unsigned i = 0; i < 5; ++i) {
    a[i] = from_a[i];
    b[i] = from_b[i];
  }
}

template <unsigned... k>
void join_ten(const std::uint64_t* a, const std::uint64_t* b, std::uint64_t* out,
              std::integer_sequence<unsigned, k...>) {
  ((out[k] = deposit<k, false>(a) | deposit<k, true>(b)), ...);
}

using Ten = std::make_integer_sequence<unsigned, 10>;
constexpr std::size_t codeword_words = 85;

}  // namespace

void split_avx2(const std::uint64_t* stream, std::uint64_t* codewords) noexcept {
  std::uint64_t* b = codewords + codeword_words;
  for (unsigned g = 0; g < 16; ++g) split_ten(stream + 10 * g, codewords + 5 * g, b + 5 * g, Ten());
  const std::uint64_t last = stream[160] & ((std::uint64_t{1} << 40) - 1);
  codewords[80] = _pext_u64(last, mask_of(0));
  b[80] = _pext_u64(last, ~mask_of(0));
  for (unsigned i = 81; i < codeword_words; ++i) codewords[i] = b[i] = 0;
}

void join_avx2(const std::uint64_t* codewords, std::uint64_t* stream) noexcept {
  const std::uint64_t* b = codewords + codeword_words;
  for (unsigned g = 0; g < 16; ++g) join_ten(codewords + 5 * g, b + 5 * g, stream + 10 * g, Ten());
  stream[160] =
      (_pdep_u64(codewords[80], mask_of(0)) | _pdep_u64(b[80], ~mask_of(0))) & ((std::uint64_t{1} << 40) - 1);
}

}  // namespace lightlane::pcs::clause119
