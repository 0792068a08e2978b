#pragma once
/// Errors that a user caused, and assertions about what we promised ourselves.
///
/// The library throws at its boundary and never prints or exits. An expected outcome (an uncorrectable
/// codeword, a dark lane) is a value, not an error. `lightlane` turns ConfigError into exit code 2 and
/// InputError into exit code 3.

#include <cstdint>
#include <stdexcept>
#include <string>

namespace lightlane {

/// What was wrong, where, and what would be right. `place` names the key, flag, or file and offset.
struct ErrorDetail {
  std::string place;    ///< "link.length_m", "--ber", "capture.pcap: offset 24"
  std::string problem;  ///< "is negative: -5 m"
  std::string allowed;  ///< "0 to 100000 m", empty where nothing helps
  std::string hint;     ///< what to do about it, with the source of the limit; may be empty
};

class Error : public std::runtime_error {
 public:
  explicit Error(ErrorDetail detail);
  const ErrorDetail& detail() const noexcept { return detail_; }

 private:
  ErrorDetail detail_;
};

/// A key, flag or argument that a caller chose badly.
class ConfigError : public Error {
 public:
  using Error::Error;
};

/// A file or stream whose content cannot be taken, or that cannot be read or written.
class InputError : public Error {
 public:
  using Error::Error;
};

[[noreturn]] void assertion_failed(const char* condition, const char* file, int line);

}  // namespace lightlane

/// A broken invariant of ours: stops the program and names the place. Always on.
#define LIGHTLANE_ASSERT(condition) \
  (static_cast<bool>(condition) ? void(0) : ::lightlane::assertion_failed(#condition, __FILE__, __LINE__))
