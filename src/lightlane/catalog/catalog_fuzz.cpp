// Any octets as catalogue data: read or refused, never a crash.
#include <cstddef>
#include <cstdint>
#include <string>

#include "lightlane/catalog/consistency.hpp"
#include "lightlane/catalog/loader.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lightlane::catalog;
  const Document documents[] = {{"fuzz.toml", std::string(reinterpret_cast<const char*>(data), size)}};
  const Loaded loaded = load(documents, builtin());
  for (const Problem& problem : loaded.problems) (void)to_string(problem);
  (void)sense_problems(loaded, builtin());
  return 0;
}
