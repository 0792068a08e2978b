#include "lightlane/io/capture_reader.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>

#include "lightlane/base/error.hpp"

namespace lightlane::io {
namespace {

std::size_t read_descriptor(int descriptor, const std::string& name, std::uint8_t* to, std::size_t count) {
  for (;;) {
    const ssize_t got = ::read(descriptor, to, count);
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR)
      throw InputError({name, fmt::format("cannot read it: {}", std::strerror(errno)), "", ""});
  }
}

/// Difference in ps, saturated.
std::int64_t difference_ps(std::int64_t to_ns, std::int64_t from_ns) {
  constexpr std::int64_t limit = std::numeric_limits<std::int64_t>::max() / 1000;
  std::int64_t difference;
  if (__builtin_sub_overflow(to_ns, from_ns, &difference)) difference = to_ns > from_ns ? limit : -limit;
  return std::clamp(difference, -limit, limit) * 1000;
}

}  // namespace

CaptureReader::CaptureReader(const std::string& path, const CaptureReaderOptions& options) {
  const std::string name = path == "-" ? "standard input" : path;
  if (path == "-") {
    descriptor_ = STDIN_FILENO;
  } else {
    descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor_ < 0)
      throw InputError({name, fmt::format("cannot open it: {}", std::strerror(errno)), "", ""});
    owned_ = true;
  }
  try {
    parser_ = std::make_unique<CaptureParser>(
        name,
        [descriptor = descriptor_, name](std::uint8_t* to, std::size_t count) {
          return read_descriptor(descriptor, name, to, count);
        },
        options);
  } catch (...) {
    if (owned_) ::close(descriptor_);
    throw;
  }
}

CaptureReader::~CaptureReader() {
  if (owned_) ::close(descriptor_);
}

bool CaptureReader::next(CapturedFrame& frame) {
  if (!parser_->next(frame)) return false;
  if (!started_) first_time_ns_ = frame.time_ns;
  started_ = true;
  ++sequence_;
  return true;
}

bool CaptureReader::read(signal::Frames& out, std::size_t max_octets, std::size_t max_frames) {
  CapturedFrame frame;
  while (out.octets.size() < max_octets && out.size() < max_frames) {
    if (!next(frame)) return false;
    signal::FrameRecord& record = out.records.emplace_back();
    record.offset = out.octets.size();
    record.length = static_cast<std::uint32_t>(frame.octets.size());
    record.sequence = sequence_ - 1;
    record.time_ps = difference_ps(frame.time_ns, first_time_ns_);
    out.octets.insert(out.octets.end(), frame.octets.begin(), frame.octets.end());
  }
  return true;
}

}  // namespace lightlane::io
