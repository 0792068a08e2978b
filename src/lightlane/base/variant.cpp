#include "lightlane/base/variant.hpp"

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <string>

#include "lightlane/base/error.hpp"
#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace lightlane {
namespace {

constexpr std::string_view names[] = {"ref", "portable", "avx2", "avx512"};

Variant detect() noexcept {
#if defined(__x86_64__)
  __builtin_cpu_init();
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
                    __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("fma") &&
                    __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("popcnt");
  const bool avx512 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
                      __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vbmi2") &&
                      __builtin_cpu_supports("gfni") && __builtin_cpu_supports("vpclmulqdq");
  if (avx512) return Variant::avx512;
  if (avx2) return Variant::avx2;
#endif
  return Variant::portable;
}

std::atomic<int> forced{-1};

Variant from_environment() {
  const char* wish = std::getenv("LIGHTLANE_VARIANT");
  if (wish == nullptr || *wish == '\0') return supported_variant();
  const auto variant = variant_from_name(wish);
  if (!variant) {
    throw ConfigError({"LIGHTLANE_VARIANT", "is '" + std::string(wish) + "'", "ref, portable, avx2, avx512", ""});
  }
  force_variant(*variant);
  return *variant;
}

}  // namespace

std::string_view name(Variant variant) noexcept { return names[static_cast<int>(variant)]; }

std::optional<Variant> variant_from_name(std::string_view name) noexcept {
  for (int i = 0; i < 4; ++i) {
    if (names[i] == name) return static_cast<Variant>(i);
  }
  return std::nullopt;
}

Variant supported_variant() noexcept {
  static const Variant best = detect();
  return best;
}

Variant active_variant() {
  const int wish = forced.load(std::memory_order_relaxed);
  if (wish >= 0) return static_cast<Variant>(wish);
  static const Variant chosen = from_environment();
  return chosen;
}

void force_variant(Variant variant) {
  if (variant > supported_variant()) {
    throw ConfigError({"variant", std::string(name(variant)) + " is more than this processor has",
                       "up to " + std::string(name(supported_variant())), ""});
  }
  forced.store(static_cast<int>(variant));
}

Processor processor() {
  static char brand[49] = "unknown processor";
  Processor result;
#if defined(__x86_64__)
  unsigned regs[12];
  if (__get_cpuid_max(0x80000000u, nullptr) >= 0x80000004u) {
    for (unsigned i = 0; i < 3; ++i) {
      __get_cpuid(0x80000002u + i, &regs[4 * i], &regs[4 * i + 1], &regs[4 * i + 2], &regs[4 * i + 3]);
    }
    std::memcpy(brand, regs, 48);
    brand[48] = '\0';
    for (std::size_t n = std::strlen(brand); n > 0 && brand[n - 1] == ' '; --n) brand[n - 1] = '\0';
  }
  __builtin_cpu_init();
#define LIGHTLANE_FEATURE(f) \
  if (__builtin_cpu_supports(f)) result.features.push_back(f)
  LIGHTLANE_FEATURE("avx2");
  LIGHTLANE_FEATURE("bmi2");
  LIGHTLANE_FEATURE("pclmul");
  LIGHTLANE_FEATURE("avx512f");
  LIGHTLANE_FEATURE("avx512bw");
  LIGHTLANE_FEATURE("avx512vbmi");
  LIGHTLANE_FEATURE("avx512vbmi2");
  LIGHTLANE_FEATURE("gfni");
  LIGHTLANE_FEATURE("vpclmulqdq");
#undef LIGHTLANE_FEATURE
#endif
  result.name = brand;
  return result;
}

}  // namespace lightlane
