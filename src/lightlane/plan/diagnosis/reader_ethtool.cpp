// ethtool -m

#include "lightlane/plan/diagnosis/reader_text.hpp"

namespace lightlane::plan::reading {
namespace {

struct Key {
  std::string_view key;  ///< as numbered(), parentheses and all
  Reading reading;
};

constexpr Key keys[] = {
    {"lasertxbiascurrent(channel#)", Reading::tx_bias_ma},
    {"laserbiascurrent(channel#)", Reading::tx_bias_ma},
    {"laserbiascurrent", Reading::tx_bias_ma},
    {"transmitavgopticalpower(channel#)", Reading::tx_power_dbm},
    {"laseroutputpower", Reading::tx_power_dbm},
    {"rcvrsignalavgopticalpower(channel#)", Reading::rx_power_dbm},
    {"receiversignalaverageopticalpower(channel#)", Reading::rx_power_dbm},
    {"receiversignalaverageopticalpower", Reading::rx_power_dbm},
    {"moduletemperature", Reading::temperature_c},
    {"modulevoltage", Reading::voltage_v},
};

constexpr std::pair<std::string_view, Monitor> limits[] = {
    {"laserbiascurrent", Monitor::tx_bias},      {"laseroutputpower", Monitor::tx_power},
    {"moduletemperature", Monitor::temperature}, {"modulevoltage", Monitor::voltage},
    {"laserrxpower", Monitor::rx_power},
};

constexpr std::pair<std::string_view, Reading> flags[] = {{"rxlossofsignal", Reading::rx_los},
                                                          {"rxlossoflock", Reading::rx_lol},
                                                          {"txlossofsignal", Reading::tx_los},
                                                          {"txlossoflock", Reading::tx_lol},
                                                          {"txfault", Reading::tx_fault}};

/// dBm of "0.6982 mW / -1.56 dBm"; a number in its own unit else.
std::optional<double> value_of(std::string_view value, bool power) {
  if (!power) return leading_number(value);
  if (const std::size_t slash = value.find('/'); slash != std::string_view::npos)
    return leading_number(value.substr(slash + 1));
  const auto number = leading_number(value);
  if (!number) return std::nullopt;
  return contains(value, "dBm") ? *number : dbm_of_mw(*number);
}

/// "None", "[ Yes, No, Yes, Yes ]", "[ false, ... ]"
bool take_flags(Readings& r, Reading reading, std::string_view value) {
  if (value == "None") return true;
  if (value.size() < 2 || value.front() != '[' || value.back() != ']') return false;
  const auto items = split(value.substr(1, value.size() - 2), ',');
  bool ok = true;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto truth = truth_of(items[i]);
    ok = truth && r.set(reading, i, *truth ? 1 : 0) && ok;
  }
  return ok;
}

class EthtoolText {
 public:
  EthtoolText(const std::string& file, const std::string& interface, bool from_zero, DiagnosisInput& input)
      : file_(file), input_(input), interface_(interface), from_zero_(from_zero) {}

  void line(std::string_view text, std::size_t number) {
    const std::string_view t = trim(text);
    if (t.empty() || t == "...") return;
    if (command(t)) return;
    const std::size_t colon = t.find(" :");
    const std::size_t at = colon != std::string_view::npos ? colon + 1 : t.find(':');
    if (at == std::string_view::npos) {
      input_.count(false, file_, number, t);
      return;
    }
    field(trim(t.substr(0, at)), trim(t.substr(at + 1)), number, t);
  }

 private:
  /// "# ethtool -m swp11": whose module it is.
  bool command(std::string_view t) {
    const std::size_t at = t.find("ethtool ");
    if (at == std::string_view::npos) return false;
    const auto words = words_of(t.substr(at));
    interface_ = words.back();
    ++input_.understood;
    return true;
  }

  void field(std::string_view raw, std::string_view value, std::size_t number, std::string_view whole) {
    const NumberedKey key = numbered(raw);
    Readings& r = input_.at(interface_);
    for (const Key& known : keys) {
      if (key.key != known.key) continue;
      const bool power = known.reading == Reading::rx_power_dbm || known.reading == Reading::tx_power_dbm;
      const auto v = value_of(value, power);
      const std::size_t first = from_zero_ ? 0 : 1;
      const bool lane = contains(known.key, "#");
      if (no_value(value)) return;
      input_.count(v && (!lane || key.lane >= first) && r.set(known.reading, lane ? key.lane - first : 0, *v),
                   file_, number, whole);
      return;
    }
    for (const auto& [name, monitor] : limits) {
      if (!starts_with(key.key, name) || !contains(key.key, "threshold")) continue;
      std::string which = key.key.substr(name.size());
      which = which.substr(0, which.find("threshold"));
      const auto v = value_of(value, monitor == Monitor::tx_power || monitor == Monitor::rx_power);
      input_.count(v && set_threshold(r, monitor, which, *v), file_, number, whole);
      return;
    }
    for (const auto& [name, reading] : flags) {
      if (key.key != name) continue;
      input_.count(take_flags(r, reading, value), file_, number, whole);
      return;
    }
    identity(r, key.key, value);
  }

  /// The rest says who it is, or nothing that is looked at here.
  void identity(Readings& r, std::string_view key, std::string_view value) {
    const std::size_t open = value.find('(');
    const std::string_view words =
        open == std::string_view::npos ? value : value.substr(open + 1, value.rfind(')') - open - 1);
    if (key == "identifier") {
      if (const auto form = form_factor_of(words); !form.empty()) r.set(ReadingFact::form_factor, form);
    } else if (key == "vendorname") {
      r.set(ReadingFact::vendor, value);
    } else if (key == "vendorpn") {
      r.set(ReadingFact::part, value);
    } else if (key == "vendorsn") {
      r.set(ReadingFact::serial, value);
    } else if (key == "modulestate") {
      r.set(ReadingFact::module_state, words);
    } else if (key == "lowpwrrequestsw") {
      if (const auto truth = truth_of(value)) r.set(Reading::low_power_mode, 0, *truth ? 1 : 0);
    } else if (key == "maxpower" || key == "extendedidentifierdescription") {
      if (const auto watts = watts_of(value)) r.set(Reading::module_power_w, 0, *watts);
    } else if (key == "transceivertype") {
      const std::size_t colon = value.find(": ");  // "100G Ethernet: 100G Base-LR4 or 25GBase-LR"
      std::string_view type = colon == std::string_view::npos ? value : value.substr(colon + 2);
      type = type.substr(0, type.find(" or "));
      std::string name(type);
      if (const std::size_t base = name.find(" Base"); base != std::string::npos)
        name.replace(base, 5, "BASE");
      offer_type(r, name);
    }
    ++input_.understood;
  }

  const std::string& file_;
  DiagnosisInput& input_;
  std::string interface_;
  bool from_zero_;
};

}  // namespace

void read_ethtool(std::string_view text, const std::string& file, const std::string& interface,
                  DiagnosisInput& input) {
  EthtoolText reader(file, interface, contains(text, "(Channel 0)"), input);
  std::string_view line;
  for (std::size_t number = 1; next_line(text, line); ++number) reader.line(line, number);
}

}  // namespace lightlane::plan::reading
