#include "lightlane/pcs/rate_compensation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "lightlane/base/error.hpp"

namespace lightlane::pcs {
namespace {

namespace mii = signal::mii;
__extension__ typedef __int128 Wide;

bool is_word(std::uint64_t data, std::uint8_t control, std::uint64_t word) {
  return control == 0xff && data == word;
}

bool is_sequence(std::uint64_t data, std::uint8_t control) {
  return control == mii::ordered_set_control && (data & 0xff) == mii::sequence;
}

/// After this word no frame is open: idles, LPI, ordered sets and terminates; not starts, data, errors.
bool ends_between_frames(std::uint64_t data, std::uint8_t control) {
  if (control == 0) return false;
  if (control == mii::ordered_set_control) {
    return (data & 0xff) == mii::sequence || (data & 0xff) == mii::signal_ordered_set;
  }
  const std::uint8_t last = static_cast<std::uint8_t>(data >> 56);
  return (control & 0x80) != 0 && (last == mii::idle || last == mii::lpi || last == mii::terminate);
}

}  // namespace

Rational clause119_deletion_ratio() { return Rational(20479, 20480); }
Rational clause119_insertion_ratio() { return Rational(20480, 20479); }

IdleEditor::IdleEditor(const RateCompensationConfig& config) : config_(config) {
  if (config.ratio < Rational(9, 10) || config.ratio > Rational(11, 10)) {
    throw ConfigError(
        {"rate_compensation.ratio", fmt::format("is {}", config.ratio.value()), "0.9 to 1.1", ""});
  }
  deleting_ = config.ratio < Rational(1);
  excess_ = deleting_ ? Rational(1) - config.ratio : config.ratio - Rational(1);
  reset();
}

void IdleEditor::reset() noexcept {
  edits_ = 0;
  debt_ = 0;
  next_due_ = due_index(1);
  previous_data_ = 0;
  previous_control_ = 0;
  between_frames_ = false;
  report_ = {};
}

/// The smallest n for which `edits` edits are due: n - floor(n ratio) or floor(n ratio) - n has grown that
/// far.
std::uint64_t IdleEditor::due_index(std::uint64_t edits) const noexcept {
  if (excess_.numerator() == 0) return std::numeric_limits<std::uint64_t>::max();
  const Wide numerator = excess_.numerator(), denominator = excess_.denominator();
  if (deleting_) return static_cast<std::uint64_t>(Wide(edits - 1) * denominator / numerator) + 1;
  return static_cast<std::uint64_t>((Wide(edits) * denominator + numerator - 1) / numerator);
}

void IdleEditor::count(std::size_t words) noexcept {
  report_.words_in += words;
  while (report_.words_in >= next_due_) {
    ++debt_;
    next_due_ = due_index(edits_ + debt_ + 1);
    report_.max_debt = std::max(report_.max_debt, debt_);
    if (debt_ == config_.elastic_words + 1) ++report_.overflows;
  }
}

bool IdleEditor::removable(std::uint64_t data, std::uint8_t control) const noexcept {
  if (is_word(data, control, mii::idle_word)) return between_frames_;
  const bool repeats = data == previous_data_ && control == previous_control_;
  return repeats && (is_word(data, control, mii::lpi_word) || is_sequence(data, control));
}

void IdleEditor::pass(const std::uint64_t* data, const std::uint8_t* control, std::size_t count) noexcept {
  if (count == 0) return;
  report_.words_out += count;
  previous_data_ = data[count - 1];
  previous_control_ = control[count - 1];
  between_frames_ = ends_between_frames(previous_data_, previous_control_);
}

IdleEditor::Edit IdleEditor::next_removal(const std::uint64_t* data, const std::uint8_t* control,
                                          std::size_t count) noexcept {
  std::size_t i = 0;
  if (debt_ == 0) {
    i = static_cast<std::size_t>(std::min<std::uint64_t>(count, next_due_ - 1 - report_.words_in));
    pass(data, control, i);
    this->count(i);
  }
  for (; i < count; ++i) {
    this->count(1);
    if (control[i] != 0 && removable(data[i], control[i])) {
      --debt_;
      ++edits_;
      ++report_.deleted;
      return {i, true, 0, 0};
    }
    pass(data + i, control + i, 1);
  }
  return {i, false, 0, 0};
}

IdleEditor::Edit IdleEditor::next_insertion(const std::uint64_t* data, const std::uint8_t* control,
                                            std::size_t count) noexcept {
  std::size_t i = 0;
  for (;;) {
    if (debt_ == 0) {
      const auto quiet =
          static_cast<std::size_t>(std::min<std::uint64_t>(count - i, next_due_ - report_.words_in));
      pass(data + i, control + i, quiet);
      this->count(quiet);
      i += quiet;
    }
    if (debt_ > 0 && between_frames_) {
      const auto insert = static_cast<std::size_t>(debt_);
      report_.inserted += insert;
      report_.words_out += insert;
      edits_ += insert;
      debt_ = 0;
      const bool low_power = is_word(previous_data_, previous_control_, mii::lpi_word);
      return {i, false, insert, low_power ? mii::lpi_word : mii::idle_word};
    }
    if (i == count) return {i, false, 0, 0};
    pass(data + i, control + i, 1);
    this->count(1);
    ++i;
  }
}

IdleEditor::Edit IdleEditor::next(const std::uint64_t* data, const std::uint8_t* control,
                                  std::size_t count) noexcept {
  return deleting_ ? next_removal(data, control, count) : next_insertion(data, control, count);
}

void RateCompensation::process(const signal::MiiWords& in, signal::MiiWords& out) {
  if (out.size() == 0) out.first_index = editor_.report().words_out;
  const std::uint64_t* data = in.data.data();
  const std::uint8_t* control = in.control.data();
  for (std::size_t at = 0;;) {
    const IdleEditor::Edit edit = editor_.next(data + at, control + at, in.size() - at);
    out.data.insert(out.data.end(), data + at, data + at + edit.keep);
    out.control.insert(out.control.end(), control + at, control + at + edit.keep);
    out.data.insert(out.data.end(), edit.insert, edit.word);
    out.control.insert(out.control.end(), edit.insert, 0xff);
    at += edit.keep + (edit.remove ? 1 : 0);
    if (at == in.size() && edit.insert == 0) return;
  }
}

}  // namespace lightlane::pcs
