#include "lightlane/io/atomic_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "lightlane/base/error.hpp"

namespace lightlane::io {
namespace {

constexpr std::size_t buffer_bytes = 256 * 1024;

/// The path behind symbolic links, also where its last part does not exist yet.
std::string resolved(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> real(::realpath(path.c_str(), nullptr), &std::free);
  return real ? real.get() : path;
}

}  // namespace

AtomicFile::AtomicFile(std::string path) : path_(std::move(path)) {
  buffer_.reserve(buffer_bytes);
  if (path_ == "-") {
    descriptor_ = STDOUT_FILENO;
    return;
  }
  target_ = resolved(path_);
  struct stat status {};
  if (::stat(target_.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) {
    if (S_ISDIR(status.st_mode)) fail("open", EISDIR);
    descriptor_ = ::open(target_.c_str(), O_WRONLY | O_CLOEXEC);
    if (descriptor_ < 0) fail("open", errno);
    owned_ = true;
    return;
  }
  open_temporary();
}

AtomicFile::~AtomicFile() {
  if (owned_ && descriptor_ >= 0) ::close(descriptor_);
  if (!committed_ && !temporary_.empty()) ::unlink(temporary_.c_str());
}

void AtomicFile::open_temporary() {
  struct stat status {};
  const bool exists = ::stat(target_.c_str(), &status) == 0;
  if (exists && ::access(target_.c_str(), W_OK) != 0) fail("overwrite", errno);
  for (unsigned attempt = 0; attempt < 1000; ++attempt) {
    std::string name = fmt::format("{}.lightlane-{}-{}.tmp", target_, ::getpid(), attempt);
    // Created like any file, so that the umask decides who may read it.
    descriptor_ = ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor_ >= 0) {
      owned_ = true;
      temporary_ = std::move(name);
      // An existing target keeps its permissions; where that is refused, the new file has the usual ones.
      if (exists) static_cast<void>(::fchmod(descriptor_, status.st_mode & 07777));
      return;
    }
    if (errno != EEXIST) fail("create", errno);
  }
  fail("create", EEXIST);
}

void AtomicFile::write(std::span<const std::uint8_t> bytes) {
  LIGHTLANE_ASSERT(!committed_);
  size_ += bytes.size();
  if (buffer_.size() + bytes.size() > buffer_bytes) flush();
  if (bytes.size() >= buffer_bytes) {
    write_through(bytes.data(), bytes.size());
    return;
  }
  buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
}

void AtomicFile::write(std::string_view text) {
  write(std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

void AtomicFile::commit() {
  LIGHTLANE_ASSERT(!committed_);
  flush();
  if (owned_) {
    const int descriptor = descriptor_;
    descriptor_ = -1;
    if (::close(descriptor) != 0) fail("close", errno);
  }
  if (!temporary_.empty() && ::rename(temporary_.c_str(), target_.c_str()) != 0) fail("rename", errno);
  committed_ = true;
}

void AtomicFile::flush() {
  write_through(buffer_.data(), buffer_.size());
  buffer_.clear();
}

void AtomicFile::write_through(const std::uint8_t* bytes, std::size_t count) {
  while (count > 0) {
    const ssize_t written = ::write(descriptor_, bytes, count);
    if (written < 0) {
      if (errno == EINTR) continue;
      fail("write", errno);
    }
    bytes += written;
    count -= static_cast<std::size_t>(written);
  }
}

void AtomicFile::fail(std::string_view doing, int error) const {
  throw InputError({path_ == "-" ? "standard output" : path_,
                    fmt::format("cannot {} it: {}", doing, std::strerror(error)), "", ""});
}

void write_file(const std::string& path, std::string_view content) {
  AtomicFile file(path);
  file.write(content);
  file.commit();
}

}  // namespace lightlane::io
