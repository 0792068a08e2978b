// Text of NX-OS and EOS.

#include <algorithm>

#include "lightlane/plan/diagnosis/reader_text.hpp"

namespace lightlane::plan::reading {
namespace {

std::optional<Monitor> monitor_named(std::string_view label) {
  if (label == "Temperature" || label == "Case temperature") return Monitor::temperature;
  if (label == "Voltage") return Monitor::voltage;
  if (label == "Current" || label == "TX bias current") return Monitor::tx_bias;
  if (label == "Tx Power" || label == "Optical TX power") return Monitor::tx_power;
  if (label == "Rx Power" || label == "Optical RX power") return Monitor::rx_power;
  return std::nullopt;
}

/// The label that a line begins with, as monitor_named() knows it, and what follows.
std::optional<std::pair<Monitor, std::string_view>> labelled(std::string_view t) {
  for (const std::string_view label :
       {"Temperature", "Case temperature", "Voltage", "Current", "TX bias current", "Tx Power",
        "Optical TX power", "Rx Power", "Optical RX power"}) {
    if (starts_with(t, label) && (t.size() == label.size() || t[label.size()] == ' '))
      return {{*monitor_named(label), t.substr(label.size())}};
  }
  return std::nullopt;
}

/// A value, the two alarms and the two warnings; N/A is NaN. Units and marks (++, -) are left out.
std::vector<double> numbers_of(std::string_view text) {
  std::vector<double> out;
  for (const std::string_view word : words_of(text)) {
    if (word == "N/A" || word == "NA") {
      out.push_back(NAN);
    } else if (const auto number = leading_number(word)) {
      out.push_back(*number);
    }
  }
  return out;
}

enum class LimitOrder { alarms_first, outside_in };  // high, low alarm, high, low warning; or ha, hw, lw, la

/// Values and limits of a line. A mark of an alarm beside the value is no number: "-9.10 dBm --".
bool take_line(Readings& r, Monitor monitor, std::size_t lane, std::string_view text, LimitOrder order) {
  const std::vector<double> n = numbers_of(text);
  if (n.empty() || n.size() > 5) return false;
  bool ok = std::isnan(n[0]) || r.set(reading_of(monitor), lane, n[0]);
  if (n.size() < 5) return ok && n.size() == 1;
  const bool first = order == LimitOrder::alarms_first;
  const double limits[4] = {n[1], first ? n[3] : n[2], first ? n[4] : n[3], first ? n[2] : n[4]};
  constexpr std::string_view which[4] = {"highalarm", "highwarning", "lowwarning", "lowalarm"};
  for (int i = 0; i < 4; ++i)
    if (!std::isnan(limits[i])) ok = set_threshold(r, monitor, which[i], limits[i]) && ok;
  return ok;
}

class NxosText {
 public:
  NxosText(const std::string& file, const std::string& interface, DiagnosisInput& input)
      : file_(file), input_(input), interface_(interface) {}

  void line(std::string_view text, std::size_t number) {
    const std::string_view t = trim(text);
    if (t.empty() || t.find_first_not_of("-") == std::string_view::npos) return;
    if (text.front() != ' ' && starts_with(t, "Ethernet") && t.find(' ') == std::string_view::npos) {
      interface_ = t;
      lane_ = 0;
      input_.at(interface_);
      ++input_.understood;
      return;
    }
    if (starts_with(t, "Lane Number:")) {
      const auto lane = leading_number(t.substr(12));
      lane_ = lane && *lane >= 1 && *lane < 100 ? static_cast<std::size_t>(*lane) - 1 : 0;
      input_.count(lane.has_value(), file_, number, t);
      return;
    }
    if (starts_with(t, "Current   ") && contains(t, "Alarms")) return;  // the head of the table
    if (const auto found = labelled(t); found && !contains(t, " is ")) {
      input_.count(
          take_line(input_.at(interface_), found->first, lane_, found->second, LimitOrder::alarms_first),
          file_, number, t);
      return;
    }
    statement(t, number);
  }

 private:
  void statement(std::string_view t, std::size_t number) {
    const std::size_t is = t.find(" is ");
    if (contains(t, "DOM is not supported")) {
      input_.at(interface_).set(Reading::flat_memory, 0, 1);
      ++input_.understood;
      return;
    }
    if (is == std::string_view::npos) {
      const bool furniture = contains(t, "Measurement") || starts_with(t, "Note:") ||
                             contains(t, "Fault Count") || contains(t, "lanes used") ||
                             contains(t, "lane code") || contains(t, "calibration") || contains(t, "show ") ||
                             contains(t, "Alarms");
      if (!furniture) input_.count(false, file_, number, t);
      return;
    }
    const std::string_view key = t.substr(0, is), value = trim(t.substr(is + 4));
    Readings& r = input_.at(interface_);
    if (key == "transceiver") r.set(Reading::present, 0, value == "present" ? 1 : 0);
    if (key == "type") {
      offer_type(r, value);
      if (const auto form = form_factor_of(value); !form.empty()) r.set(ReadingFact::form_factor, form);
    }
    if (key == "media interface advertising code") {
      if (const auto* pmd = pmd_of_text(value)) r.pmd = pmd;
    }
    if (key == "name") r.set(ReadingFact::vendor, value);
    if (key == "part number") r.set(ReadingFact::part, value);
    if (key == "serial number") r.set(ReadingFact::serial, value);
    if (key == "max power" || key == "power class") {
      if (const auto watts = watts_of(value)) r.set(Reading::module_power_w, 0, *watts);
    }
    ++input_.understood;
  }

  const std::string& file_;
  DiagnosisInput& input_;
  std::string interface_;
  std::size_t lane_ = 0;
};

/// "Et3/1" and "Ethernet3/1" are the same.
std::string eos_name(std::string_view name) {
  return starts_with(name, "Et") && !starts_with(name, "Ethernet") ? "Ethernet" + std::string(name.substr(2))
                                                                   : std::string(name);
}

class EosText {
 public:
  EosText(const std::string& file, const std::string& interface, DiagnosisInput& input)
      : file_(file), input_(input), interface_(interface) {}

  void line(std::string_view text, std::size_t number) {
    const std::string_view t = trim(text);
    if (t.empty() || t.find_first_not_of("- ") == std::string_view::npos) return;
    const auto words = words_of(t);
    if (row(words, t, number) || block(words, t)) return;
    if (const auto found = labelled(t)) {
      monitor_ = found->first;
      if (trim(found->second).empty()) return;  // lanes follow
      const std::string_view rest = found->second;
      if (numbers_of(rest).empty()) return;  // the head of the table
      input_.count(take_line(input_.at(interface_), monitor_, 0, rest, LimitOrder::outside_in), file_, number,
                   t);
      return;
    }
    if (words[0] == "Channel" && words.size() > 2) {
      const auto lane = leading_number(words[1]);
      const std::string_view rest = t.substr(static_cast<std::size_t>(words[1].end() - t.begin()));
      const bool ok = lane && *lane >= 1 && *lane < 100 &&
                      take_line(input_.at(interface_), monitor_, static_cast<std::size_t>(*lane) - 1, rest,
                                LimitOrder::outside_in);
      input_.count(ok, file_, number, t);
      return;
    }
    const bool furniture = starts_with(t, "If device") || contains(t, "not applicable") ||
                           contains(t, "milliamperes") || starts_with(t, "Bias") || starts_with(t, "Temp") ||
                           words[0] == "Port" || starts_with(t, "Last update") || contains(t, "Alarm") ||
                           contains(t, "Threshold") || contains(t, "show ") || words[0] == "Parameter" ||
                           words[0] == "Value";
    if (!furniture) input_.count(false, file_, number, t);
  }

 private:
  /// Port, temperature, voltage, bias, Tx power, Rx power, age.
  bool row(const std::vector<std::string_view>& words, std::string_view t, std::size_t number) {
    if (!starts_with(words[0], "Et") || words.size() < 7) return false;
    constexpr Reading columns[] = {Reading::temperature_c, Reading::voltage_v, Reading::tx_bias_ma,
                                   Reading::tx_power_dbm, Reading::rx_power_dbm};
    Readings& r = input_.at(eos_name(words[0]));
    bool ok = true, any = false;
    for (std::size_t i = 0; i < std::size(columns); ++i) {
      if (no_value(words[i + 1])) continue;
      const auto value = leading_number(words[i + 1]);
      any = true;
      ok = value && r.set(columns[i], 0, *value) && ok;
    }
    if (!any) r.set(Reading::present, 0, 0);
    input_.count(ok, file_, number, t);
    return true;
  }

  /// "Port 1", "Ethernet3/1", "Ethernet3/1:"
  bool block(const std::vector<std::string_view>& words, std::string_view t) {
    std::string_view name;
    if (words.size() == 2 && words[0] == "Port" && leading_number(words[1])) name = t;
    if (words.size() == 1 && starts_with(words[0], "Et")) name = words[0];
    if (name.empty()) return false;
    if (name.back() == ':') name.remove_suffix(1);
    interface_ = eos_name(name);
    input_.at(interface_);
    ++input_.understood;
    return true;
  }

  const std::string& file_;
  DiagnosisInput& input_;
  std::string interface_;
  Monitor monitor_ = Monitor::rx_power;
};

}  // namespace

void read_nxos(std::string_view text, const std::string& file, const std::string& interface,
               DiagnosisInput& input) {
  NxosText reader(file, interface, input);
  std::string_view line;
  for (std::size_t number = 1; next_line(text, line); ++number)
    if (!line.empty()) reader.line(line, number);
}

void read_eos(std::string_view text, const std::string& file, const std::string& interface,
              DiagnosisInput& input) {
  EosText reader(file, interface, input);
  std::string_view line;
  for (std::size_t number = 1; next_line(text, line); ++number) reader.line(line, number);
}

}  // namespace lightlane::plan::reading
