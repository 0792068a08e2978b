#pragma once
/// pcap and pcapng, parsed from any source of bytes with bounded memory. Files: capture_reader.hpp.
///
/// pcap (magic A1B2C3D4 microseconds, A1B23C4D nanoseconds) and pcapng (section header, interface
/// description, enhanced, simple and the obsolete packet block; unknown blocks are skipped), either byte
/// order, several sections and interfaces. Sources of the formats: draft-ietf-opsawg-pcap,
/// draft-ietf-opsawg-pcapng.
///
/// Frames must be Ethernet (link type 1). A link type that says how many FCS octets its frames carry has them
/// cut off here (the MAC makes its own).

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace lightlane::io {

struct CaptureReaderOptions {
  /// Longest frame, FCS not counted; longer ones are InputErrors, or skipped and counted with `skip_long`.
  std::uint32_t max_frame_octets = 262144;
  bool skip_long = false;
  /// A record that holds less than the frame had on the wire (snap length) cannot be sent again: skipped and
  /// counted, or an InputError with `refuse_cut`.
  bool refuse_cut = false;
};

struct CapturedFrame {
  std::span<const std::uint8_t> octets;  ///< destination address on, no FCS; valid until the next call
  std::int64_t time_ns = 0;              ///< since 1970; that of the frame before where the block has no time
  std::uint32_t original_octets = 0;     ///< on the wire, as the capture says
  std::uint32_t interface_index = 0;     ///< within its section; 0 for pcap
  std::uint64_t file_offset = 0;         ///< of the record or block
  bool link_error = false;               ///< pcapng epb_flags says that it was received with an error
};

enum class CaptureFormat { pcap, pcapng };

struct CaptureReport {
  CaptureFormat format = CaptureFormat::pcap;
  bool nanoseconds = false;  ///< pcap: by its magic; pcapng: some interface is finer than a microsecond
  std::uint64_t frames = 0;  ///< given out
  std::uint64_t octets = 0;
  std::uint64_t cut_frames = 0;      ///< skipped: cut by the snap length
  std::uint64_t long_frames = 0;     ///< skipped: longer than max_frame_octets
  std::uint64_t fcs_removed = 0;     ///< frames whose FCS was cut off
  std::uint64_t error_frames = 0;    ///< given out, marked as received with an error
  std::uint64_t skipped_blocks = 0;  ///< pcapng blocks of other types
  std::uint64_t sections = 0;        ///< 1 for pcap
  std::uint64_t interfaces = 0;      ///< of all sections
  std::uint64_t bytes = 0;           ///< read so far
};

class CaptureParser {
 public:
  /// Fills up to `count` bytes, returns how many; 0 = end. May return fewer than asked.
  using Read = std::function<std::size_t(std::uint8_t* to, std::size_t count)>;

  /// `name` stands in errors ("capture.pcap"). Reads the file header.
  /// Throws InputError `<name>: offset <n>` with what was read and what is allowed: empty, unknown magic, cut
  /// header, unsupported version, link type.
  CaptureParser(std::string name, Read read, const CaptureReaderOptions& options = {});

  /// The next whole frame; false at the end. Memory: one 256 KiB window, grown to the longest packet block
  /// allowed; blocks to be skipped are not held. Throws InputError as above: cut record, lengths that
  /// contradict each other, frame of no octets, frame or block too long, unknown interface, other link type.
  /// After an InputError the parser is finished: next() returns false.
  bool next(CapturedFrame& frame);

  const CaptureReport& report() const noexcept { return report_; }
  const std::string& name() const noexcept { return name_; }

 private:
  struct Interface {
    std::uint32_t link_type = 1;
    std::uint32_t snap_length = 0;  // 0: none
    std::uint8_t resolution = 6;    // if_tsresol
    std::int64_t offset_s = 0;      // if_tsoffset
    std::uint32_t fcs_octets = 0;
  };
  struct Packet {
    const char* what = "";
    std::size_t header = 0;    // octets of the record or block before the frame
    std::uint64_t length = 0;  // of the whole record or block
    std::uint32_t captured = 0, original = 0;
    std::uint32_t fcs_octets = 0;
  };
  enum class Result { frame, skipped, end };

  bool fill(std::size_t count);
  const std::uint8_t* need(std::size_t count, const char* what);
  void take(std::size_t count) noexcept { begin_ += count; }
  void skip(std::uint64_t count, const char* what);
  std::uint64_t offset() const noexcept { return base_ + begin_; }
  std::uint16_t u16(const std::uint8_t* p) const noexcept;
  std::uint32_t u32(const std::uint8_t* p) const noexcept;
  std::uint64_t u64(const std::uint8_t* p) const noexcept;
  [[noreturn]] void fail(std::uint64_t at, std::string problem, std::string allowed = {},
                         std::string hint = {});

  void open();
  void open_pcap();
  void check_link_type(std::uint32_t link_type, std::uint64_t at);
  void set_fcs_octets(Interface& interface, std::uint32_t octets, std::uint64_t at);
  Result next_pcap(CapturedFrame& frame);
  bool usable(const Packet& packet);
  void give(const Packet& packet, const std::uint8_t* octets, CapturedFrame& frame);

  void section_header();
  Result next_block(CapturedFrame& frame);
  void interface_description(std::uint32_t length);
  Result packet_block(std::uint32_t type, std::uint32_t length, CapturedFrame& frame);
  Result simple_packet_block(std::uint32_t length, CapturedFrame& frame);
  template <class Visit>
  void for_each_option(const std::uint8_t* block, std::size_t from, std::size_t to, Visit visit);
  void check_trailer(const std::uint8_t* block, std::uint32_t length);
  const Interface& interface_of(std::uint32_t index);
  std::int64_t to_ns(std::uint64_t units, const Interface& interface);

  std::string name_;
  Read read_;
  CaptureReaderOptions options_;
  CaptureReport report_;
  bool swapped_ = false;
  bool finished_ = false;
  std::vector<Interface> interfaces_;
  std::int64_t last_time_ns_ = 0;
  std::vector<std::uint8_t> buffer_;
  std::size_t begin_ = 0, end_ = 0;  // unread bytes of the buffer
  std::size_t pending_ = 0;          // bytes of the frame given out last: taken by the next call
  std::uint64_t base_ = 0;           // file offset of buffer_[0]
  bool source_ended_ = false;
};

}  // namespace lightlane::io
