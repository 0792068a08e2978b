#include "lightlane/link/de_bruijn.hpp"

#include <fmt/format.h>

#include <cstddef>

#include "lightlane/base/error.hpp"

namespace lightlane::link {
namespace {

constexpr std::size_t longest = 1u << 24;

std::size_t length_of(int alphabet, int order) {
  std::size_t length = alphabet >= 2 && alphabet <= 16 && order >= 1 ? 1 : 0;
  for (int i = 0; length != 0 && i < order; ++i) {
    length *= static_cast<std::size_t>(alphabet);
    if (length > longest) length = 0;
  }
  if (length == 0) {
    throw ConfigError({"de Bruijn sequence", fmt::format("of order {} over {} levels", order, alphabet),
                       "2 to 16 levels, order of at least 1, at most 2^24 symbols", ""});
  }
  return length;
}

}  // namespace

std::vector<std::uint8_t> de_bruijn(int alphabet, int order) {
  const std::size_t length = length_of(alphabet, order);
  std::vector<std::uint8_t> sequence;
  sequence.reserve(length);
  // Lyndon words in lexicographic order, those whose length divides the order, one after the other (Fredricksen,
  // Kessler and Maiorana): word[0 .. size) is the present one, the next follows from its periodic extension.
  const auto n = static_cast<std::size_t>(order);
  const auto top = static_cast<std::uint8_t>(alphabet - 1);
  std::vector<std::uint8_t> word(n, 0);
  std::size_t size = 1;
  while (true) {
    if (n % size == 0) sequence.insert(sequence.end(), word.begin(), word.begin() + static_cast<std::ptrdiff_t>(size));
    for (std::size_t i = size; i < n; ++i) word[i] = word[i - size];
    size = n;
    while (size > 0 && word[size - 1] == top) --size;
    if (size == 0) return sequence;
    ++word[size - 1];
  }
}

}  // namespace lightlane::link
