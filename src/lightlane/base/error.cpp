#include "lightlane/base/error.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>

namespace lightlane {
namespace {

std::string message(const ErrorDetail& detail) {
  std::string text = fmt::format("{}: {}", detail.place, detail.problem);
  if (!detail.allowed.empty()) text += fmt::format("; allowed: {}", detail.allowed);
  if (!detail.hint.empty()) text += fmt::format(" ({})", detail.hint);
  return text;
}

}  // namespace

Error::Error(ErrorDetail detail) : std::runtime_error(message(detail)), detail_(std::move(detail)) {}

void assertion_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "lightlane: internal error: %s:%d: expected %s\n", file, line, condition);
  std::abort();
}

}  // namespace lightlane
