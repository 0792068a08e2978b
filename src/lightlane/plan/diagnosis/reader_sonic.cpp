// SONiC: fields of its databases, and the text that its command line makes of them.

#include <algorithm>
#include <array>

#include "lightlane/plan/diagnosis/reader_text.hpp"

namespace lightlane::plan::reading {
namespace {

struct Field {
  std::string_view key;  ///< as numbered()
  Reading reading;
};

constexpr Field fields[] = {
    {"rx#power", Reading::rx_power_dbm},
    {"tx#power", Reading::tx_power_dbm},
    {"tx#bias", Reading::tx_bias_ma},
    {"rxpower", Reading::rx_power_dbm},
    {"txpower", Reading::tx_power_dbm},
    {"txbias", Reading::tx_bias_ma},
    {"temperature", Reading::temperature_c},
    {"laser_temperature", Reading::laser_temperature_c},
    {"voltage", Reading::voltage_v},
    {"vcc", Reading::voltage_v},
    {"esnr_media_input#", Reading::snr_db},
    {"esnr_host_input#", Reading::host_snr_db},
    {"prefec_ber_curr_media_input#", Reading::ber},
    {"prefec_ber_min_media_input#", Reading::ber_min},
    {"prefec_ber_max_media_input#", Reading::ber_max},
    {"prefec_ber_curr_host_input#", Reading::host_ber},
    {"rxlos#", Reading::rx_los},
    {"rx#los", Reading::rx_los},
    {"rxcdrlol#", Reading::rx_lol},
    {"rx#cdrlol", Reading::rx_lol},
    {"txfault#", Reading::tx_fault},
    {"tx#fault", Reading::tx_fault},
    {"txlos_hostlane#", Reading::tx_los},
    {"tx#los_hostlane", Reading::tx_los},
    {"txcdrlol_hostlane#", Reading::tx_lol},
    {"tx#cdrlol_hostlane", Reading::tx_lol},
    {"rxlossofsignalflagonmedialane#", Reading::rx_los},
    {"rxclockanddatarecoverylossoflockonmedialane#", Reading::rx_lol},
    {"txfaultflagonmedialane#", Reading::tx_fault},
    {"txlossofsignalflagonhostlane#", Reading::tx_los},
    {"txclockanddatarecoverylossoflockonhostlane#", Reading::tx_lol},
    {"fec_pre_ber", Reading::port_ber},
    {"sai_port_stat_if_in_fec_correctable_frames", Reading::corrected_codewords},
    {"sai_port_stat_if_in_fec_not_correctable_frames", Reading::uncorrectable_codewords},
    {"flap_count", Reading::flap_count},
};

constexpr std::string_view monitors[monitor_count] = {"temp",    "vcc",     "txbias",
                                                      "txpower", "rxpower", "lasertemp"};

/// Averages, frames, identity, and what the command line prints for people.
constexpr std::string_view nothing_here[] = {"last_update_time",
                                             "connector",
                                             "encoding",
                                             "vendorrev",
                                             "vendoroui",
                                             "vendordatecode(yyyy-mm-ddlot)",
                                             "extendedrateselectcompliance",
                                             "channelmonitorvalues",
                                             "channelthresholdvalues",
                                             "modulemonitorvalues",
                                             "modulethresholdvalues",
                                             "monitordata",
                                             "thresholddata",
                                             "cmisrevision",
                                             "cmisrev",
                                             "hardwarerev",
                                             "vendor_rev",
                                             "vendor_oui",
                                             "vendor_date",
                                             "hardware_rev",
                                             "cable_type",
                                             "is_replaceable",
                                             "type_abbrv_name",
                                             "ext_rateselect_compliance",
                                             "dom_capability",
                                             "nominal_bit_rate",
                                             "cable_length",
                                             "vdm_supported",
                                             "alias",
                                             "description",
                                             "mtu",
                                             "pfc_asym",
                                             "tpid",
                                             "index",
                                             "lanes",
                                             "applicationadvertisement",
                                             "mediainterfacetechnology",
                                             "supportedmaxlaserfrequency",
                                             "mediainterfacecode",
                                             "hostlanecount",
                                             "medialanecount",
                                             "status",
                                             "error",
                                             "module_fault_cause",
                                             "modulefaultcause"};

bool set_state(Readings& r, ReadingFact fact, std::string_view value, std::string_view good) {
  // Of several lanes the one that is not good is kept.
  if (r.get(fact).empty() || r.get(fact) == good || starts_with(value, "ConfigRejected")) r.set(fact, value);
  return true;
}

/// FEC words of CONFIG_DB.
bool set_fec(Readings& r, std::string_view value) {
  if (value != "rs" && value != "none" && value != "fc" && value != "auto") return false;
  r.set(ReadingFact::fec, value);
  return true;
}

bool set_flag(Readings& r, Reading reading, std::string_view value) {
  const auto truth = truth_of(value);
  return truth && r.set(reading, 0, *truth ? 1 : 0);
}

/// Names that are no readings of a lane.
std::optional<bool> named_field(Readings& r, std::string_view key, std::string_view value) {
  if (key == "module_state" || key == "modulestate") {
    return set_state(r, ReadingFact::module_state, value, "");
  }
  if (key == "dp#state" || key == "datapathstateindicatoronhostlane#" || key == "datapath_hostlane#")
    return set_state(r, ReadingFact::data_path_state, value, "DataPathActivated");
  if (key == "config_state_hostlane#" || key == "configurationstatusforthedatapathofhostline#" ||
      key == "configurationstatusforthedatapathofhostlane#")
    return set_state(r, ReadingFact::config_status, value, "ConfigSuccess");
  if (key == "admin_status" || key == "adminstatus") return set_flag(r, Reading::admin_up, value);
  if (key == "oper_status" || key == "operstatus") return set_flag(r, Reading::oper_up, value);
  if (key == "fec") return set_fec(r, value);
  if (key == "subport") {
    const auto n = leading_number(value);
    return n && r.set(Reading::subport, 0, *n);
  }
  if (key == "speed") {
    const auto n = leading_number(value);
    return n && r.set(Reading::speed_gbps, 0, *n / 1000);
  }
  if (key == "identifier" || key == "type") {
    if (const auto form = form_factor_of(value); !form.empty()) r.set(ReadingFact::form_factor, form);
    return true;
  }
  if (key == "vendorname" || key == "manufacturer") return r.set(ReadingFact::vendor, value), true;
  if (key == "vendorpn" || key == "model") return r.set(ReadingFact::part, value), true;
  if (key == "vendorsn" || key == "serial") return r.set(ReadingFact::serial, value), true;
  if (key == "extendedidentifier" || key == "ext_identifier") {
    if (const auto watts = watts_of(value)) return r.set(Reading::module_power_w, 0, *watts);
    return true;
  }
  if (key == "media_interface_code" || key == "specificationcompliance" ||
      key == "specification_compliance" || key == "extendedspecificationcompliance" ||
      key == "#/40gethernetcompliancecode") {
    offer_type(r, value);
    return true;
  }
  if (key == "application_advertisement") {  // a dictionary of Python, as text
    const std::size_t at = value.find("'module_media_interface_id': '");
    if (at != std::string_view::npos) offer_type(r, split(value.substr(at + 30), '\'')[0]);
    return true;
  }
  return std::nullopt;
}

std::optional<std::pair<Monitor, std::string_view>> threshold_field(std::string_view key) {
  for (std::size_t i = monitor_count; i-- > 0;) {
    if (!starts_with(key, monitors[i])) continue;
    const std::string_view which = key.substr(monitors[i].size());
    if (which == "highalarm" || which == "highwarning" || which == "lowwarning" || which == "lowalarm")
      return {{static_cast<Monitor>(i), which}};
  }
  return std::nullopt;
}

/// "SAI_PORT_STAT_IF_IN_FEC_CODEWORD_ERRORS_S3", "BIN3"
bool bin_field(Readings& r, const NumberedKey& key, std::string_view value) {
  if (key.key != "sai_port_stat_if_in_fec_codeword_errors_s#" && key.key != "bin#") return false;
  const auto count = leading_number(value);
  if (!count || *count < 0 || key.lane > 16) return false;
  auto& bins = r.bins.codewords;
  if (bins.size() <= key.lane) bins.resize(key.lane + 1, 0);
  bins[key.lane] = *count;
  return true;
}

bool says_nothing(std::string_view key) {
  return std::find(std::begin(nothing_here), std::end(nothing_here), key) != std::end(nothing_here) ||
         starts_with(key, "prefec_ber_avg_") || starts_with(key, "errored_frames_") ||
         starts_with(key, "pam#_level_transition") || starts_with(key, "laser_temperature_media") ||
         starts_with(key, "nominalbitrate") || starts_with(key, "length") ||
         starts_with(key, "sai_port_stat_") || starts_with(key, "dpinit") || starts_with(key, "dpdeinit") ||
         contains(key, "outputstatus") || contains(key, "output_status") || contains(key, "disable") ||
         contains(key, "firmware");
}

class SonicText {
 public:
  SonicText(const std::string& file, const std::string& interface, DiagnosisInput& input)
      : file_(file), input_(input), interface_(interface) {}

  void line(std::string_view text, std::size_t number) {
    const std::string_view t = trim(text);
    if (t.empty() || t.find_first_not_of("-+ ") == std::string_view::npos) return;
    if (block(t) || fec_table(t, number)) return;
    const std::size_t colon = t.find(':');
    if (colon == std::string_view::npos) {
      if (starts_with(t, "Symbol Errors Per Codeword") || contains(t, "show ")) return;
      input_.count(false, file_, number, t);
      return;
    }
    const std::string_view value = trim(t.substr(colon + 1));
    std::string key = numbered(t.substr(0, colon)).key;
    if (key ==
        "#") {  // of the table of applications: "1: 400GAUI-8 C2M (Annex 120E) | 400GBASE-DR4 (Cl 124)"
      const std::size_t bar = value.find('|');
      if (bar != std::string_view::npos)
        offer_type(input_.at(interface_), split(value.substr(bar + 1), '|')[0]);
      ++input_.understood;
      return;
    }
    if (value.empty() || no_value(value)) {
      if (sonic_knows(t.substr(0, colon)) || value.empty()) return;
    }
    const bool ok = sonic_field(input_.at(interface_), t.substr(0, colon), value);
    if (ok || !sonic_knows(t.substr(0, colon)) || !no_value(value)) input_.count(ok, file_, number, t);
  }

 private:
  /// "Ethernet0: SFP EEPROM detected", "Ethernet4: SFP EEPROM Not detected", "Ethernet0:"
  bool block(std::string_view t) {
    const std::size_t colon = t.find(':');
    if (colon == std::string_view::npos || t.find(' ') < colon || !starts_with(t, "Ethernet")) return false;
    const std::string_view rest = trim(t.substr(colon + 1));
    if (!rest.empty() && !contains(rest, "EEPROM") && !contains(rest, "etected") && !contains(rest, "resent"))
      return false;
    interface_ = t.substr(0, colon);
    Readings& r = input_.at(interface_);
    if (contains(rest, "Not ") || contains(rest, "not "))
      r.set(Reading::present, 0, 0);
    else if (!rest.empty())
      r.set(Reading::present, 0, 1);
    ++input_.understood;
    return true;
  }

  /// IFACE STATE FEC_CORR FEC_UNCORR ... of "show interfaces counters fec-stats".
  bool fec_table(std::string_view t, std::size_t number) {
    const auto words = words_of(t);
    if (words[0] == "IFACE") {
      columns_.assign(words.begin(), words.end());
      return true;
    }
    if (columns_.empty() || !starts_with(words[0], "Ethernet") || words[0].back() == ':') return false;
    Readings& r = input_.at(words[0]);
    for (std::size_t i = 1; i < std::min(words.size(), columns_.size()); ++i) {
      std::string digits(words[i]);
      std::erase(digits, ',');
      const auto value = leading_number(digits);
      if (columns_[i] == "STATE") {
        if (words[i] == "U" || words[i] == "D") r.set(Reading::oper_up, 0, words[i] == "U" ? 1 : 0);
        if (words[i] == "X") r.set(Reading::admin_up, 0, 0);
      }
      if (!value) continue;
      if (columns_[i] == "FEC_CORR") r.set(Reading::corrected_codewords, 0, *value);
      if (columns_[i] == "FEC_UNCORR") r.set(Reading::uncorrectable_codewords, 0, *value);
      if (columns_[i] == "FEC_PRE_BER" && !r.set(Reading::port_ber, 0, *value))
        input_.count(false, file_, number, t);
    }
    ++input_.understood;
    return true;
  }

  const std::string& file_;
  DiagnosisInput& input_;
  std::string interface_;
  std::vector<std::string> columns_;
};

}  // namespace

bool sonic_knows(std::string_view raw) {
  const NumberedKey key = numbered(raw);
  if (says_nothing(key.key) || threshold_field(key.key)) return true;
  if (std::any_of(std::begin(fields), std::end(fields), [&](const Field& f) { return f.key == key.key; }))
    return true;
  Readings scratch;
  return named_field(scratch, key.key, "").has_value();
}

bool sonic_field(Readings& r, std::string_view raw, std::string_view value) {
  const NumberedKey key = numbered(raw);
  value = trim(value);
  if (bin_field(r, key, value)) return true;
  if (no_value(value)) return sonic_knows(raw);
  if (const auto named = named_field(r, key.key, value)) return *named;
  if (const auto threshold = threshold_field(key.key)) {
    const auto number = leading_number(value);
    return number && set_threshold(r, threshold->first, threshold->second, *number);
  }
  for (const Field& f : fields) {
    if (f.key != key.key) continue;
    const bool lane = contains(f.key, "#");
    if (lane && key.lane == 0) return false;
    if (info(f.reading).unit == "flag") {
      const auto truth = truth_of(value);
      return truth && r.set(f.reading, lane ? key.lane - 1 : 0, *truth ? 1 : 0);
    }
    const auto number = leading_number(value);
    return number && r.set(f.reading, lane ? key.lane - 1 : 0, *number);
  }
  return says_nothing(key.key);
}

void read_sonic(std::string_view text, const std::string& file, const std::string& interface,
                DiagnosisInput& input) {
  SonicText reader(file, interface, input);
  std::string_view line;
  for (std::size_t number = 1; next_line(text, line); ++number) reader.line(line, number);
}

}  // namespace lightlane::plan::reading
