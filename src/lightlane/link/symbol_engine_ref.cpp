#include "lightlane/link/symbol_engine_kernels.hpp"

namespace lightlane::link::detail {
namespace {

#include "lightlane/link/symbol_engine_loops.hpp"

}  // namespace

const SymbolKernels symbol_kernels_ref{
    nullptr,
    [](const PlanView& plan, const std::uint8_t* levels, const float* const* draws, const float* extra,
       float* out) noexcept { make_samples(plan, levels, draws, extra, out); },
    [](int bits, const LookupView& lookup, const std::uint8_t* levels, const float* even, const float* odd,
       float* extra) noexcept { jitter_loop(bits, lookup, levels, even, odd, extra); },
    [](const PhiloxStream& stream, std::uint64_t first, std::uint32_t* bits) noexcept {
      philox_loop(stream, first, bits);
    },
    [](const std::uint32_t* bits, const float (*value)[4], float* out) noexcept {
      symbols_loop(value, bits, out);
    },
    [](const float* root, const std::uint8_t* levels, const float* beat, float* extra) noexcept {
      beat_loop(root, levels, beat, extra);
    },
    [](const PlanView& plan, const float* samples, std::size_t count, std::uint8_t* level,
       float* y) noexcept { decide_loop(plan, samples, count, level, y); }};

}  // namespace lightlane::link::detail
