// Any octets as files by hand, tables and JSON: the first one chooses the reader.
#include <cstddef>
#include <cstdint>
#include <string>

#include "lightlane/base/error.hpp"
#include "lightlane/plan/diagnosis/diagnosis.hpp"
#include "lightlane/plan/diagnosis/reader.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lightlane;
  using enum plan::InputFormat;
  constexpr plan::InputFormat formats[] = {toml, csv, sonic_json, eos_json, ethtool_json};
  if (size == 0) return 0;
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  try {
    plan::DiagnosisInput input;
    (void)plan::format_of(text, "fuzz");
    plan::read_readings(text, "fuzz", formats[data[0] % std::size(formats)], "", input);
    (void)plan::diagnose(input, {});
  } catch (const Error&) {
  }
  return 0;
}
