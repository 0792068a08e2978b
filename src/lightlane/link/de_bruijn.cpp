#include "lightlane/link/de_bruijn.hpp"

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <optional>

#include "lightlane/base/error.hpp"

namespace lightlane::link {
namespace {

constexpr std::size_t longest = 1u << 16;
constexpr unsigned longest_order = 16;

/// GF(4) as 0, 1, w, w + 1; sums are exclusive ors, and {0, 1} is GF(2).
constexpr std::uint8_t product[4][4] = {{0, 0, 0, 0}, {0, 1, 2, 3}, {0, 2, 3, 1}, {0, 3, 1, 2}};

std::size_t length_of(int alphabet, int order) {
  std::size_t length = (alphabet == 2 || alphabet == 4) && order >= 1 ? 1 : 0;
  for (int i = 0; length != 0 && i < order; ++i) {
    length *= static_cast<std::size_t>(alphabet);
    if (length > longest) length = 0;
  }
  if (length == 0) {
    throw ConfigError({"de Bruijn sequence", fmt::format("of order {} over {} levels", order, alphabet),
                       "2 or 4 levels, order of at least 1, at most 2^16 symbols", ""});
  }
  return length;
}

/// Where the search for a primitive polynomial begins: coefficients as digits. The two that matter are, of
/// all primitive ones, those whose shortest multiple of three or four terms is longest (61 and 26 for (4, 7);
/// 39 and 37 for (2, 11)).
std::size_t first_polynomial(int alphabet, int order) {
  if (alphabet == 4 && order == 7) return 7787;
  if (alphabet == 2 && order == 11) return 943;
  return 1;
}

/// A zero, then one period of x[t] = sum over k of f[k] x[t - order + k] from the state 0 .. 0 1, the f being
/// the digits of `polynomial`; none where the period is not the longest possible.
std::optional<std::vector<std::uint8_t>> recurrence(std::size_t polynomial, unsigned alphabet, unsigned order,
                                                    std::size_t length) {
  std::array<std::uint8_t, longest_order> f{};
  for (unsigned k = 0; k < order; ++k, polynomial /= alphabet)
    f[k] = static_cast<std::uint8_t>(polynomial % alphabet);
  if (f[0] == 0) return std::nullopt;
  std::vector<std::uint8_t> x(order, 0);
  x.reserve(length + order);
  x.push_back(1);
  while (x.size() < length + order) {
    unsigned sum = 0;
    for (unsigned k = 0; k < order; ++k) sum ^= product[f[k]][x[x.size() - order + k]];
    x.push_back(static_cast<std::uint8_t>(sum));
    // The state that it began with comes back before its time.
    bool begins_again = x.size() < length + order && sum == 1;
    for (unsigned k = 1; begins_again && k < order; ++k) begins_again = x[x.size() - 1 - k] == 0;
    if (begins_again) return std::nullopt;
  }
  x.resize(length);
  return x;
}

}  // namespace

std::vector<std::uint8_t> de_bruijn(int alphabet, int order) {
  const std::size_t length = length_of(alphabet, order);
  for (std::size_t polynomial = first_polynomial(alphabet, order);; ++polynomial) {
    LIGHTLANE_ASSERT(polynomial < length);
    if (auto x =
            recurrence(polynomial, static_cast<unsigned>(alphabet), static_cast<unsigned>(order), length)) {
      return *std::move(x);
    }
  }
}

}  // namespace lightlane::link
