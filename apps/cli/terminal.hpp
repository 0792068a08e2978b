#pragma once
/// How results look on a terminal: colour only where a person reads, numbers with few digits, progress on
/// stderr.

#include <cstdint>
#include <string>
#include <string_view>

namespace lightlane::cli {

/// "PASS" green, "FAIL" red where stdout is a terminal (and NO_COLOR is not set); plain otherwise.
std::string verdict(bool pass);
std::string bold(std::string_view text);
enum class Tone : std::uint8_t { good, warning, bad, plain };
/// Bold, and green, yellow or red where stdout is a terminal; plain text otherwise.
std::string toned(std::string_view text, Tone tone);
/// True where stdout is a terminal and NO_COLOR is not set.
bool colour_terminal();

/// 1234567 -> "1,234,567".
std::string grouped(std::uint64_t number);
/// Three digits: "2.40e-04", "0", "< 1e-300" never: zero is "0".
std::string ratio(double value);

/// One line on stderr that rewrites itself, four times a second at most, on a terminal only.
class ProgressLine {
 public:
  ProgressLine();
  ~ProgressLine();
  bool due();
  void show(const std::string& text);

 private:
  bool active_ = false, shown_ = false;
  std::int64_t next_ns_ = 0;
};

/// True once the user pressed Ctrl-C or SIGTERM came (a second one ends the program at once).
bool interrupted();
void watch_for_interrupt();

}  // namespace lightlane::cli
