#include "lightlane/ethernet/link_fault.hpp"

namespace lightlane::ethernet {

std::string_view name(LinkFault fault) noexcept {
  switch (fault) {
    case LinkFault::ok:
      return "ok";
    case LinkFault::local_fault:
      return "local_fault";
    case LinkFault::remote_fault:
      return "remote_fault";
    case LinkFault::link_interruption:
      return "link_interruption";
  }
  return "";
}

void LinkFaultMachine::sequence(LinkFault type, std::uint64_t index) noexcept {
  advance(index);
  if (count_ == 0 || type != type_) {
    type_ = type;
    count_ = 1;  // NEW_FAULT_TYPE: link_fault stays as it is until the new type has been seen often enough
  } else if (count_ < fault_sequences_to_set) {
    ++count_;
  }
  last_ = index;
  if (count_ == fault_sequences_to_set) set(type);
}

void LinkFaultMachine::advance(std::uint64_t index) noexcept {
  if (count_ == 0 || index <= last_ || index - last_ - 1 < fault_window_columns) return;
  count_ = 0;
  set(LinkFault::ok);
}

void LinkFaultMachine::set(LinkFault state) noexcept {
  changes_ += state != state_;
  state_ = state;
}

}  // namespace lightlane::ethernet
