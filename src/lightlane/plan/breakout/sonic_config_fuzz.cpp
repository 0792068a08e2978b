// Any octets as a config_db.json: read or refused, linted, and written as it was read.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "lightlane/base/error.hpp"
#include "lightlane/plan/breakout/breakout_lints.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lightlane;
  static const auto platform = plan::read_sonic_platform(
      R"json({"interfaces": {"Ethernet0": {"index": "1,1,1,1", "lanes": "0,1,2,3",
      "breakout_modes": {"1x100G[40G]": ["a"], "4x25G[10G]": ["a", "b", "c", "d"], "2x50G(4)": ["a", "b"]}}}})json",
      "platform.json");
  try {
    const auto config = plan::read_sonic_config({reinterpret_cast<const char*>(data), size}, "fuzz.json");
    const std::string text = plan::write_sonic_config(config);
    if (plan::write_sonic_config(plan::read_sonic_config(text, "again.json")) != text) std::abort();
    plan::LintQuestion question;
    question.config = &config;
    question.subject = plan::breakout_subject("qsfp28-100g-dr", "fuzz");
    (void)plan::lint_breakouts(question);
    question.platform = &platform;
    (void)plan::lint_breakouts(question);
    auto changed = config;
    plan::set_sonic_mode(changed, platform.ports.front(), "4x25G[10G]", "fuzz");
    if (plan::children_of(changed, platform.ports.front()).size() != 4) std::abort();
  } catch (const Error&) {
  }
  return 0;
}
