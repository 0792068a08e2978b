#pragma once
/// A file that appears whole or not at all: written aside, renamed on commit.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lightlane::io {

/// Writes to `<target>.lightlane-<process>-<n>.tmp` in the folder of the target (of what it points to, for a
/// symbolic link) and renames it on commit(); an existing target keeps its permissions. Without commit() the
/// temporary is removed and the target is as it was. "-" is standard output, and a target that exists and is
/// no regular file (a pipe, /dev/null) is written directly: there is nothing to rename. Not synchronised to
/// the disk: it protects against our failure, not against a power cut.
class AtomicFile {
 public:
  /// Throws InputError naming the path if the folder is missing or not writable, or the path is a folder.
  explicit AtomicFile(std::string path);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  /// Buffered (256 KiB). Throws InputError if the disk is full or the pipe is closed.
  void write(std::span<const std::uint8_t> bytes);
  void write(std::string_view text);
  /// Flushes and renames. Once; nothing may be written behind it.
  void commit();

  const std::string& path() const noexcept { return path_; }
  std::uint64_t size() const noexcept { return size_; }

 private:
  void flush();
  void write_through(const std::uint8_t* bytes, std::size_t count);
  void open_temporary();
  [[noreturn]] void fail(std::string_view doing, int error) const;

  std::string path_;       // as given
  std::string target_;     // links resolved
  std::string temporary_;  // empty where written directly
  int descriptor_ = -1;
  bool owned_ = false;
  bool committed_ = false;
  std::uint64_t size_ = 0;
  std::vector<std::uint8_t> buffer_;
};

/// Writes a whole small file the same way.
void write_file(const std::string& path, std::string_view content);

}  // namespace lightlane::io
