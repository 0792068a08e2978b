#pragma once
/// A data file inside the program, which then runs from any folder. In one source file, outside namespaces:
///
///     LIGHTLANE_EMBED(lightlane_rules, LIGHTLANE_DATA "/diagnosis/rules.toml")
///
/// gives `lightlane_rules()`, a std::string_view. CMake: lightlane_embeds(<source> <data file>), so that the
/// source is compiled anew when the data change.

#include <cstddef>
#include <string_view>

#define LIGHTLANE_EMBED(symbol, path)                                                                        \
  asm(".section .rodata\n" #symbol "_begin:\n.incbin \"" path "\"\n" #symbol "_end:\n.byte 0\n.previous\n"); \
  extern "C" const char symbol##_begin[], symbol##_end[];                                                    \
  static inline std::string_view symbol() noexcept {                                                         \
    return {symbol##_begin, static_cast<std::size_t>(symbol##_end - symbol##_begin)};                        \
  }
