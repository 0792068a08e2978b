#include "lightlane/rxdsp/viterbi.hpp"

#include <algorithm>
#include <array>

namespace lightlane::rxdsp::detail {
namespace {

constexpr float never = 1e30f;

using Four = float __attribute__((vector_size(16)));
using FourInts = std::int32_t __attribute__((vector_size(16)));

Four minimum(Four a, Four b) { return a < b ? a : b; }
Four all(float x) { return Four{x, x, x, x}; }

}  // namespace

ViterbiConstants viterbi_constants(std::span<const float> levels, float alpha) {
  ViterbiConstants c;
  c.states = static_cast<int>(levels.size());
  for (std::size_t l = 0; l < 4; ++l) {
    c.target[l] = levels[std::min(l, levels.size() - 1)];
    c.behind[l] = alpha * c.target[l];
  }
  return c;
}

void viterbi_forward_ref(const ViterbiConstants& c, ViterbiState& state, const float* y,
                         std::uint8_t* survivors, std::size_t count) noexcept {
  for (std::size_t n = 0; n < count; ++n) {
    std::array<float, 4> next{};
    unsigned packed = 0;
    for (int i = 0; i < c.states; ++i) {
      int best = 0;
      for (int j = 0; j < c.states; ++j) {
        const float error = y[n] - c.target[i] - c.behind[j];
        const float metric = state.metric[j] + error * error;
        if (j == 0 || metric < next[static_cast<std::size_t>(i)]) {
          next[static_cast<std::size_t>(i)] = metric;
          best = j;
        }
      }
      packed |= static_cast<unsigned>(best) << 2 * i;
    }
    const float least = *std::min_element(next.begin(), next.begin() + c.states);
    for (int i = 0; i < c.states; ++i) state.metric[i] = next[static_cast<std::size_t>(i)] - least;
    survivors[n] = static_cast<std::uint8_t>(packed);
  }
}

void viterbi_forward_portable(const ViterbiConstants& c, ViterbiState& state, const float* y,
                              std::uint8_t* survivors, std::size_t count) noexcept {
  // (y - t - b)^2 = y^2 + t (t - 2 y) + b (b - 2 y) + 2 t b: what hangs on the state before is made for all
  // four at once, and only 2 t b on both.
  Four target, behind, both[4], metric;
  for (int i = 0; i < 4; ++i) {
    target[i] = c.target[i];
    behind[i] = c.behind[i];
    metric[i] = i < c.states ? state.metric[i] : never;
    for (int j = 0; j < 4; ++j) both[j][i] = i < c.states ? 2 * c.target[i] * c.behind[j] : never;
  }
  for (std::size_t n = 0; n < count; ++n) {
    const Four twice = all(2 * y[n]);
    const Four ready = metric + behind * (behind - twice);
    const Four from0 = all(ready[0]) + both[0], from1 = all(ready[1]) + both[1];
    const Four from2 = all(ready[2]) + both[2], from3 = all(ready[3]) + both[3];
    const FourInts second = from1 < from0, fourth = from3 < from2;
    const Four low = second ? from1 : from0, high = fourth ? from3 : from2;
    const FourInts upper = high < low;
    const Four best = target * (target - twice) + (upper ? high : low);
    const FourInts pick = upper ? (FourInts{2, 2, 2, 2} - fourth) : -second;
    const Four swapped = minimum(best, __builtin_shufflevector(best, best, 2, 3, 0, 1));
    metric = best - minimum(swapped, __builtin_shufflevector(swapped, swapped, 1, 0, 3, 2));
    const FourInts packed = pick << FourInts{0, 2, 4, 6};
    survivors[n] = static_cast<std::uint8_t>(packed[0] | packed[1] | packed[2] | packed[3]);
  }
  for (int i = 0; i < 4; ++i) state.metric[i] = metric[i];
}

std::span<const Kernel<ViterbiForward>> viterbi_kernels() {
  static constexpr Kernel<ViterbiForward> table[] = {{Variant::ref, viterbi_forward_ref},
                                                     {Variant::portable, viterbi_forward_portable}};
  return table;
}

void viterbi_trace_back(const ViterbiState& last, std::span<std::uint8_t> survivors) noexcept {
  unsigned level = static_cast<unsigned>(std::min_element(last.metric, last.metric + 4) - last.metric);
  for (std::size_t n = survivors.size(); n-- > 0;) {
    const unsigned before = static_cast<unsigned>(survivors[n]) >> 2 * level & 3;
    survivors[n] = static_cast<std::uint8_t>(level);
    level = before;
  }
}

}  // namespace lightlane::rxdsp::detail
