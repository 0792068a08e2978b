#include "lightlane/rxdsp/decider_kernels.hpp"

namespace lightlane::rxdsp::detail {
namespace {
#include "lightlane/rxdsp/decider_loops.hpp"
}  // namespace

void quantize_avx512(const QuantizerConstants& q, const float* in, float* out, std::size_t count) noexcept {
  quantize_loop(q, in, out, count);
}
void slice_avx512(const SlicerConstants& s, const float* in, std::uint8_t* out, std::size_t count) noexcept {
  slice_loop(s, in, out, count);
}
std::uint8_t feed_back_avx512(const SlicerConstants& s, std::uint8_t previous, const float* in,
                              std::uint8_t* out, std::size_t count) noexcept {
  return feed_back_loop(s, previous, in, out, count);
}

}  // namespace lightlane::rxdsp::detail
