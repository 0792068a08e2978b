#pragma once
/// Variants of a hot kernel, chosen at run time from what the processor can do.
///
/// Every kernel keeps a table of `Kernel<Function>`, worst first, beginning with the reference that follows the
/// standard line by line. `select()` picks the best one that is allowed: not above the forced variant
/// (LIGHTLANE_VARIANT or `--variant`), not above what the processor has.

#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace lightlane {

enum class Variant {
  ref,       ///< follows the clause; slow and obvious
  portable,  ///< fast in plain C++, any machine
  avx2,      ///< AVX2, BMI2, PCLMULQDQ
  avx512,    ///< AVX-512 F BW VL DQ VBMI VBMI2, GFNI, VPCLMULQDQ
};

std::string_view name(Variant variant) noexcept;
std::optional<Variant> variant_from_name(std::string_view name) noexcept;

/// Best that this processor can run.
Variant supported_variant() noexcept;
/// Best that is allowed now: supported, or the lower one that was forced. The first call reads
/// LIGHTLANE_VARIANT and throws ConfigError if that names no variant or one this processor cannot run.
Variant active_variant();
/// Forces a variant for the whole process (kernels fall back to the next lower one they have).
/// Throws ConfigError if the processor cannot run it. Not to be called while kernels run.
void force_variant(Variant variant);

template <class Function>
struct Kernel {
  Variant variant;
  Function function;
};

/// The last entry of a table (worst first) that is not above `limit`.
template <class Function>
const Kernel<Function>& select(std::span<const Kernel<Function>> table, Variant limit = active_variant()) {
  const Kernel<Function>* best = &table.front();
  for (const auto& kernel : table) {
    if (kernel.variant <= limit) best = &kernel;
  }
  return *best;
}

/// For `lightlane info`: the processor's name and the instruction sets that count here.
struct Processor {
  std::string_view name;
  std::vector<std::string_view> features;
};
Processor processor();

}  // namespace lightlane
