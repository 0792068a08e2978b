// Any bytes are symbols or a clean InputError, however they are cut; the checker takes whatever symbols come
// out.
#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "lightlane/base/error.hpp"
#include "lightlane/pma/pattern_checker.hpp"
#include "lightlane/pma/symbol_text.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lightlane;
  if (size == 0) return 0;
  const unsigned choice = *data++;
  --size;
  const auto format = static_cast<pma::SymbolFormat>(choice % 3);
  // Not SSPRQ, whose table takes long to build.
  constexpr pma::Pattern some[] = {pma::Pattern::prbs7, pma::Pattern::prbs31, pma::Pattern::prbs9q,
                                   pma::Pattern::jp03b};
  const pma::Pattern pattern = some[choice / 3 % 4];
  const std::size_t step = 1 + choice / 12;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  pma::SymbolReader reader(format, pma::info(pattern).modulation, "fuzz");
  BitVector line;
  try {
    for (std::size_t at = 0; at < size; at += step) reader.read(bytes.substr(at, step), line);
    reader.finish();
  } catch (const InputError&) {
  }
  pma::PatternChecker checker({pattern, 64, 64});
  checker.process(line);
  checker.finish();
  const auto& report = checker.report();
  if (report.checked + report.unlocked + report.inserted < report.received) std::abort();
  return 0;
}
