// Any octets as a hwsku.json: read or refused, expanded, linted, and written as it was read.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "lightlane/base/error.hpp"
#include "lightlane/plan/breakout/breakout_lints.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lightlane;
  static const auto platform = plan::read_sonic_platform(
      R"json({"interfaces": {"Ethernet0": {"index": "1,1,1,1", "lanes": "0,1,2,3",
      "breakout_modes": {"1x100G[40G]": ["a"], "4x25G[10G]": ["a", "b", "c", "d"], "2x50G(4)": ["a", "b"]}}}})json",
      "platform.json");
  try {
    const auto hwsku = plan::read_sonic_hwsku({reinterpret_cast<const char*>(data), size}, "fuzz.json");
    if (plan::read_sonic_hwsku(plan::write_sonic_hwsku(hwsku), "again.json").ports != hwsku.ports)
      std::abort();
    plan::LintQuestion question;
    question.platform = &platform;
    question.hwsku = &hwsku;
    (void)plan::lint_breakouts(question);
  } catch (const Error&) {
  }
  return 0;
}
