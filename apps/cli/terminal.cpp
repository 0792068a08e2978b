#include "cli/terminal.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>

namespace lightlane::cli {
namespace {

bool colour() {
  static const bool on = isatty(STDOUT_FILENO) && std::getenv("NO_COLOR") == nullptr;
  return on;
}

std::int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

/// Ctrl-C, and what timeout and service managers send.
constexpr int stop_signals[] = {SIGINT, SIGTERM};

volatile std::sig_atomic_t interrupts = 0;

void on_interrupt(int) {
  interrupts = interrupts + 1;
  if (interrupts > 1) {
    for (const int signal : stop_signals) std::signal(signal, SIG_DFL);
  }
}

}  // namespace

std::string verdict(bool pass) {
  const char* word = pass ? "PASS" : "FAIL";
  return colour() ? fmt::format("\033[1;{}m{}\033[0m", pass ? 32 : 31, word) : word;
}

std::string bold(std::string_view text) {
  return colour() ? fmt::format("\033[1m{}\033[0m", text) : std::string(text);
}

std::string toned(std::string_view text, Tone tone) {
  constexpr int codes[] = {32, 33, 31, 39};
  return colour() ? fmt::format("\033[1;{}m{}\033[0m", codes[static_cast<int>(tone)], text)
                  : std::string(text);
}

bool colour_terminal() { return colour(); }

std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

std::string ratio(double value) { return value == 0 ? "0" : fmt::format("{:.2e}", value); }

ProgressLine::ProgressLine() : active_(isatty(STDERR_FILENO)) {}

ProgressLine::~ProgressLine() {
  if (shown_) std::fputs("\r\033[K", stderr);
}

bool ProgressLine::due() {
  if (!active_) return false;
  const std::int64_t now = now_ns();
  if (now < next_ns_) return false;
  next_ns_ = now + 250'000'000;
  return true;
}

void ProgressLine::show(const std::string& text) {
  std::fprintf(stderr, "\r\033[K%s", text.c_str());
  std::fflush(stderr);
  shown_ = true;
}

bool interrupted() { return interrupts != 0; }

void watch_for_interrupt() {
  for (const int signal : stop_signals) std::signal(signal, on_interrupt);
}

}  // namespace lightlane::cli
