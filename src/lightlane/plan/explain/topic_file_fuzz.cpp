// Any text as a file of topics: read, or refused with a reason; and as the name of a topic.
#include <cstdint>
#include <string>

#include "lightlane/base/error.hpp"
#include "lightlane/plan/explain/explain.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lightlane;
  const std::string text(reinterpret_cast<const char*>(data), size);
  try {
    (void)plan::read_topics(text, "topics.toml");
  } catch (const Error&) {
  }
  try {
    (void)plan::explain(text.substr(0, 200));
  } catch (const Error&) {
  }
  return 0;
}
