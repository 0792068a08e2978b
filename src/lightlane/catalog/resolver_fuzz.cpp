// Any octets as a name: answered, never a crash.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "lightlane/catalog/resolver.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lightlane::catalog;
  const std::string_view name(reinterpret_cast<const char*>(data), size);
  const NameAnswer answer = resolve_name(name);
  if (answer.one() && answer.matches.size() != 1) __builtin_trap();
  if (find_pmd(name) == nullptr) (void)pmd_refusal("x", name);
  return 0;
}
