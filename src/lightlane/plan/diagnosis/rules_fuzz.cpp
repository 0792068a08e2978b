// Any octets as a file of rules, and as a condition.
#include <cstddef>
#include <cstdint>
#include <string>

#include "lightlane/base/error.hpp"
#include "lightlane/plan/diagnosis/rules.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lightlane;
  const std::string text(reinterpret_cast<const char*>(data), size);
  try {
    (void)plan::RuleCondition(text);
  } catch (const Error&) {
  }
  try {
    plan::RuleBook book;
    plan::read_rules(text, "fuzz.toml", book);
  } catch (const Error&) {
  }
  return 0;
}
