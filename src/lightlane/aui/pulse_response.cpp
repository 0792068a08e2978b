#include "lightlane/aui/pulse_response.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <fstream>
#include <optional>
#include <string>

#include "lightlane/base/error.hpp"
#include "lightlane/math/elementary.hpp"

namespace lightlane::aui {
namespace {

constexpr double most_volts = 100;
constexpr std::uintmax_t most_octets = std::uintmax_t{64} << 20;
constexpr std::string_view separators = " \t,;=";

/// Up to three words of a line; more than that is counted as three.
struct Words {
  std::array<std::string_view, 3> word;
  std::size_t count = 0;
};

Words split(std::string_view line) {
  Words words;
  while (words.count < words.word.size()) {
    const std::size_t begin = line.find_first_not_of(separators);
    if (begin == line.npos) break;
    line.remove_prefix(begin);
    const std::size_t end = std::min(line.find_first_of(separators), line.size());
    words.word[words.count++] = line.substr(0, end);
    line.remove_prefix(end);
  }
  return words;
}

std::optional<double> number(std::string_view word) {
  if (word.starts_with('+')) word.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc() || end != word.data() + word.size()) return std::nullopt;
  return value;
}

std::string shown(std::string_view word) {
  std::string text;
  for (const char c : word.substr(0, 24)) text += c > 0x20 && c < 0x7f ? c : '?';
  return text;
}

/// The lines of one file, and what they have said so far.
class Parser {
 public:
  explicit Parser(std::string_view place) : place_(place) {}

  void line(std::string_view text) {
    ++line_;
    if (text.ends_with('\r')) text.remove_suffix(1);
    const Words words = split(text);
    if (words.count == 0 || words.word[0].starts_with('#')) return;
    if (begun_) {
      row(words);
      return;
    }
    begun_ = true;
    if (words.word[0] == "samples_per_ui") {
      header(words);
    } else if (words.count == 2) {
      columns_ = 2;
      // A line of names may stand above the numbers.
      if (number(words.word[0]) || number(words.word[1])) row(words);
    } else {
      fail("is neither \"samples_per_ui N\" nor time and voltage", "one of the two forms");
    }
  }

  PulseResponse finish() {
    if (pulse_.v.empty()) throw InputError({place_, "holds no samples", "at least one voltage", ""});
    if (columns_ == 2) pulse_.samples_per_ui = samples_from_times();
    const std::size_t per_ui = static_cast<std::size_t>(pulse_.samples_per_ui);
    if (pulse_.v.size() > longest_pulse_ui * per_ui) {
      throw InputError({place_, fmt::format("lasts {} UI", pulse_.v.size() / per_ui),
                        fmt::format("up to {} UI", longest_pulse_ui), "samples per UI as written?"});
    }
    return std::move(pulse_);
  }

 private:
  [[noreturn]] void fail(std::string problem, std::string allowed) const {
    throw InputError({fmt::format("{}: line {}", place_, line_), std::move(problem), std::move(allowed), ""});
  }

  double value(std::string_view word, double most) const {
    const std::optional<double> v = number(word);
    if (!v) fail(fmt::format("\"{}\" is no number", shown(word)), "a number");
    if (!(std::fabs(*v) <= most)) fail(fmt::format("is {}", *v), fmt::format("-{} to {}", most, most));
    return *v;
  }

  void header(const Words& words) {
    const std::optional<double> n = words.count == 2 ? number(words.word[1]) : std::nullopt;
    if (!n || !(*n >= 1 && *n <= most_samples_per_ui) || *n != std::floor(*n)) {
      fail("samples_per_ui has no such value", fmt::format("a whole number, 1 to {}", most_samples_per_ui));
    }
    pulse_.samples_per_ui = static_cast<int>(*n);
  }

  void row(const Words& words) {
    if (words.count != columns_)
      fail(fmt::format("has {} columns", words.count), fmt::format("{}", columns_));
    if (pulse_.v.size() == most_pulse_samples) {
      fail("is beyond the longest pulse", fmt::format("{} samples", most_pulse_samples));
    }
    if (columns_ == 2) {
      const double t = value(words.word[0], 1e9);
      if (pulse_.v.empty()) first_time_ = t;
      check_step(t);
      last_time_ = t;
    }
    pulse_.v.push_back(value(words.word[columns_ - 1], most_volts));
  }

  /// Times rise by the step of the first two, to a thousandth of it.
  void check_step(double t) {
    const double n = static_cast<double>(pulse_.v.size());
    if (n == 1) step_ = t - first_time_;
    if (n >= 1 && !(step_ > 0 && std::fabs(t - last_time_ - step_) <= 1e-3 * step_)) {
      fail(fmt::format("time is {} after {}", t, last_time_), "times that rise in equal steps");
    }
  }

  int samples_from_times() const {
    if (pulse_.v.size() < 2) throw InputError({place_, "holds one time only", "two at least", ""});
    const double step = (last_time_ - first_time_) / static_cast<double>(pulse_.v.size() - 1);
    const double n = std::floor(1 / step + 0.5);
    if (!(n >= 1 && n <= most_samples_per_ui && std::fabs(n * step - 1) <= 1e-3)) {
      throw InputError({place_, fmt::format("has times {} UI apart", step),
                        fmt::format("1 / n UI, n = 1 to {}", most_samples_per_ui),
                        "the time's unit is the UI"});
    }
    return static_cast<int>(n);
  }

  std::string place_;
  std::size_t line_ = 0, columns_ = 1;
  bool begun_ = false;
  double first_time_ = 0, last_time_ = 0, step_ = 0;
  PulseResponse pulse_;
};

}  // namespace

PulseResponse parse_pulse_response(std::string_view text, std::string_view place) {
  Parser parser(place);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    parser.line(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parser.finish();
}

PulseResponse read_pulse_response(const std::filesystem::path& path) {
  const std::string place = path.string();
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (error) throw InputError({place, "cannot be read: " + error.message(), "", ""});
  if (size > most_octets) {
    throw InputError({place, fmt::format("has {} octets", size), fmt::format("up to {}", most_octets), ""});
  }
  std::ifstream file(path, std::ios::binary);
  std::string text(static_cast<std::size_t>(size), '\0');
  if (!file.read(text.data(), static_cast<std::streamsize>(size))) {
    throw InputError({place, "cannot be read", "", ""});
  }
  return parse_pulse_response(text, place);
}

std::complex<double> channel_response(double f_hz, double loss_db, double nyquist_hz, double sqrt_share) {
  constexpr double nepers_per_db = 0.11512925464970228420, two_over_pi = 0.63661977236758134308;
  const double f = std::fabs(f_hz) / nyquist_hz;
  if (f == 0 || loss_db == 0) return 1.0;
  const double skin = loss_db * sqrt_share * nepers_per_db * std::sqrt(f);
  const double dielectric = loss_db * (1 - sqrt_share) * nepers_per_db * f;
  const double phase = -skin + two_over_pi * dielectric * math::log(f);
  const double magnitude = math::exp(-skin - dielectric);
  return {magnitude * math::cos(phase), (f_hz < 0 ? -1 : 1) * magnitude * math::sin(phase)};
}

}  // namespace lightlane::aui
