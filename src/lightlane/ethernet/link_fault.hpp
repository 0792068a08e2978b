#pragma once
/// Link fault state of the receiving reconciliation sublayer (802.3 46.3.4.3, 81.3.4).

#include <cstdint>
#include <string_view>

namespace lightlane::ethernet {

enum class LinkFault : std::uint8_t { ok, local_fault, remote_fault, link_interruption };
/// "ok", "local_fault", "remote_fault", "link_interruption".
std::string_view name(LinkFault fault) noexcept;

/// Fault sequences of one type that make a fault (sure).
inline constexpr unsigned fault_sequences_to_set = 4;
/// Columns (words of eight octets) without a fault sequence after which counting starts anew, and a fault is
/// over: more than 127 of them (number sure; that each sequence restarts the count is likely).
inline constexpr std::uint64_t fault_window_columns = 128;

/// Figure 46-11 on word indices, so that columns without a sequence cost nothing.
class LinkFaultMachine {
 public:
  /// A fault sequence of `type` (not ok) was in column `index`; indices grow.
  void sequence(LinkFault type, std::uint64_t index) noexcept;
  /// All columns before `index` have been seen.
  void advance(std::uint64_t index) noexcept;

  LinkFault state() const noexcept { return state_; }
  /// How often the state changed.
  std::uint64_t changes() const noexcept { return changes_; }

 private:
  void set(LinkFault state) noexcept;

  LinkFault state_ = LinkFault::ok;
  LinkFault type_ = LinkFault::ok;  // of the sequences being counted
  unsigned count_ = 0;              // 0: INIT
  std::uint64_t last_ = 0;          // column of the last fault sequence
  std::uint64_t changes_ = 0;
};

}  // namespace lightlane::ethernet
