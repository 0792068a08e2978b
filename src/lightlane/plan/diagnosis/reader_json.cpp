// JSON: SONiC's databases, EOS, ethtool.

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>

#include "lightlane/base/error.hpp"
#include "lightlane/plan/diagnosis/reader_text.hpp"

namespace lightlane::plan::reading {
namespace {

using Json = nlohmann::json;

/// Deep nests would end the stack of whoever walks or frees them.
void check_depth(std::string_view text, const std::string& file) {
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '\\')
        ++i;
      else if (c == '"')
        quoted = false;
    } else if (c == '"') {
      quoted = true;
    } else if (c == '{' || c == '[') {
      if (++depth > 64) throw InputError({file, "is nested more than 64 deep", "", ""});
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
}

Json parsed(std::string_view text, const std::string& file) {
  check_depth(text, file);
  try {
    return Json::parse(text.begin(), text.end());
  } catch (const Json::parse_error& error) {
    throw InputError({fmt::format("{}: offset {}", file, error.byte), "is no JSON", "", ""});
  } catch (const Json::out_of_range& error) {  // 7e999
    throw InputError({file, "has a number that is none of double precision", "", error.what()});
  }
}

std::string text_of(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_null() || value.is_structured()) return "";
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

constexpr std::string_view tables[] = {"TRANSCEIVER_INFO",
                                       "TRANSCEIVER_DOM_SENSOR",
                                       "TRANSCEIVER_DOM_THRESHOLD",
                                       "TRANSCEIVER_STATUS",
                                       "TRANSCEIVER_STATUS_FLAG",
                                       "TRANSCEIVER_STATUS_SW",
                                       "TRANSCEIVER_VDM_REAL_VALUE",
                                       "PORT",
                                       "PORT_TABLE",
                                       "COUNTERS",
                                       "RATES"};

bool is_table(std::string_view name) {
  for (const std::string_view table : tables)
    if (table == name) return true;
  return false;
}

class SonicJson {
 public:
  SonicJson(const std::string& file, DiagnosisInput& input) : file_(file), input_(input) {}

  void read(const Json& root) {
    names_of_counters(root);
    for (const auto& [key, value] : root.items()) {
      if (!value.is_object()) {
        input_.count(false, file_, 0, key);
        continue;
      }
      const std::size_t at = key.find_first_of("|:");
      if (at != std::string::npos) {
        entry(std::string_view(key).substr(0, at), std::string_view(key).substr(at + 1), value);
      } else if (is_table(key)) {
        for (const auto& [name, fields] : value.items())
          if (fields.is_object()) entry(key, name, fields);
      }
    }
    siblings();
  }

 private:
  static const Json& fields_of(const Json& value) {  // as redis-dump has it: {"type": "hash", "value": {...}}
    const auto inner = value.find("value");
    return inner != value.end() && inner->is_object() ? *inner : value;
  }

  void names_of_counters(const Json& root) {
    const auto map = root.find("COUNTERS_PORT_NAME_MAP");
    if (map == root.end() || !map->is_object()) return;
    for (const auto& [name, oid] : fields_of(*map).items())
      if (oid.is_string()) counters_[oid.get<std::string>()] = name;
  }

  void entry(std::string_view table, std::string_view name, const Json& value) {
    if (!is_table(table)) return;
    std::string interface(name);
    if (table == "COUNTERS" || table == "RATES") {
      const auto port = counters_.find(interface);
      if (port == counters_.end()) return;  // of queues and groups
      interface = port->second;
    } else if (!starts_with(interface, "Ethernet")) {
      return;  // PortInitDone and the like
    }
    Readings& r = input_.at(interface);
    for (const auto& [key, field] : fields_of(value).items()) {
      const std::string text = text_of(field);
      if (key == "index" && (table == "PORT" || table == "PORT_TABLE")) index_[interface] = text;
      if (table == "RATES" && key != "FEC_PRE_BER") continue;
      const bool ok = sonic_field(r, key, text);
      input_.count(ok, file_, 0, ok ? std::string_view() : std::string_view(key));
    }
    if (table == "TRANSCEIVER_INFO") r.set(Reading::present, 0, 1);
  }

  void siblings() {
    std::map<std::string, std::vector<std::string>> modules;
    for (const auto& [interface, index] : index_) modules[index].push_back(interface);
    for (const auto& [index, ports] : modules) {
      if (ports.size() < 2) continue;
      std::vector<int> subports;
      for (const std::string& port : ports) {
        const double n = input_.at(port).get(Reading::subport);
        subports.push_back(std::isnan(n) ? 0 : static_cast<int>(n));
      }
      for (const std::string& port : ports) input_.at(port).sibling_subports = subports;
    }
  }

  const std::string& file_;
  DiagnosisInput& input_;
  std::map<std::string, std::string> counters_, index_;
};

std::optional<Monitor> eos_monitor(std::string_view name) {
  if (name == "temperature") return Monitor::temperature;
  if (name == "voltage") return Monitor::voltage;
  if (name == "txBias") return Monitor::tx_bias;
  if (name == "txPower") return Monitor::tx_power;
  if (name == "rxPower") return Monitor::rx_power;
  return std::nullopt;
}

void eos_thresholds(Readings& r, Monitor monitor, const Json& from) {
  for (const char* which : {"highAlarm", "highWarn", "lowWarn", "lowAlarm"}) {
    const auto at = from.find(which);
    if (at != from.end() && at->is_number()) set_threshold(r, monitor, lower(which), at->get<double>());
  }
}

/// {"channels": {"1": -1.2}, "threshold": {...}} of "dom thresholds".
void eos_parameter(Readings& r, Monitor monitor, const Json& value, const std::string& file,
                   DiagnosisInput& input) {
  if (const auto t = value.find("threshold"); t != value.end() && t->is_object())
    eos_thresholds(r, monitor, *t);
  const auto channels = value.find("channels");
  if (channels == value.end() || !channels->is_object()) return;
  for (const auto& [channel, number] : channels->items()) {
    if (number.is_null()) continue;
    const auto lane = leading_number(channel);
    const std::size_t index = lane && *lane >= 1 && *lane < 100 ? static_cast<std::size_t>(*lane) - 1 : 0;
    const bool ok = number.is_number() && r.set(reading_of(monitor), index, number.get<double>());
    input.count(ok, file, 0, channel);
  }
}

void eos_interface(Readings& r, const Json& value, const std::string& file, DiagnosisInput& input) {
  for (const auto& [key, field] : value.items()) {
    if (const auto known = eos_monitor(key)) {
      if (field.is_object()) {
        eos_parameter(r, *known, field, file, input);
      } else if (!field.is_null()) {
        input.count(field.is_number() && r.set(reading_of(*known), 0, field.get<double>()), file, 0, key);
      }
    } else if (key == "mediaType") {
      offer_type(r, text_of(field));
    } else if (key == "vendorSn") {
      r.set(ReadingFact::serial, text_of(field));
    } else if (key == "parameters" && field.is_object()) {
      eos_interface(r, field, file, input);
    } else if (key == "details" && field.is_object()) {
      for (const auto& [name, limits] : field.items()) {
        const auto monitor = eos_monitor(name);
        if (monitor && limits.is_object()) eos_thresholds(r, *monitor, limits);
      }
    } else if (key != "displayName" && key != "channel" && key != "slot" && key != "narrowBand" &&
               key != "updateTime" && key != "totalRxPower") {
      input.count(false, file, 0, key);
    }
  }
}

struct EthtoolKey {
  std::string_view key;
  Reading reading;
  bool milliwatts;
};
constexpr EthtoolKey ethtool_keys[] = {
    {"laser_tx_bias_current", Reading::tx_bias_ma, false},
    {"laser_bias_current", Reading::tx_bias_ma, false},
    {"transmit_avg_optical_power", Reading::tx_power_dbm, true},
    {"laser_output_power", Reading::tx_power_dbm, true},
    {"rcvr_signal_avg_optical_power", Reading::rx_power_dbm, true},
    {"receiver_signal_average_optical_power", Reading::rx_power_dbm, true},
    {"rx_power", Reading::rx_power_dbm, true},
    {"module_temperature", Reading::temperature_c, false},
    {"module_voltage", Reading::voltage_v, false},
};

struct EthtoolLimits {
  std::string_view key;
  Monitor monitor;
};
constexpr EthtoolLimits ethtool_limits[] = {
    {"laser_bias_current", Monitor::tx_bias},     {"laser_output_power", Monitor::tx_power},
    {"module_temperature", Monitor::temperature}, {"module_voltage", Monitor::voltage},
    {"laser_rx_power", Monitor::rx_power},
};

bool ethtool_value(Readings& r, const EthtoolKey& key, const Json& value) {
  const auto one = [&](const Json& number, std::size_t lane) {
    if (!number.is_number()) return false;
    const double v = number.get<double>();
    return r.set(key.reading, lane, key.milliwatts ? dbm_of_mw(v) : v);
  };
  if (!value.is_array()) return one(value, 0);
  bool ok = true;
  for (std::size_t i = 0; i < value.size(); ++i) ok = one(value[i], i) && ok;
  return ok;
}

bool ethtool_flags(Readings& r, Reading reading, const Json& value) {
  if (!value.is_array()) return value.is_string();  // "None"
  bool ok = true;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const auto truth = truth_of(text_of(value[i]));
    ok = truth && r.set(reading, i, *truth ? 1 : 0) && ok;
  }
  return ok;
}

void ethtool_module(Readings& r, const Json& module, const std::string& file, DiagnosisInput& input) {
  constexpr std::pair<std::string_view, Reading> flags[] = {{"rx_loss_of_signal", Reading::rx_los},
                                                            {"rx_loss_of_lock", Reading::rx_lol},
                                                            {"tx_loss_of_signal", Reading::tx_los},
                                                            {"tx_loss_of_lock", Reading::tx_lol},
                                                            {"tx_fault", Reading::tx_fault}};
  for (const auto& [key, value] : module.items()) {
    for (const auto& [name, reading] : flags)
      if (key == name) input.count(ethtool_flags(r, reading, value), file, 0, key);
    for (const EthtoolLimits& limits : ethtool_limits) {
      if (key != limits.key || !value.is_object()) continue;
      const bool mw = limits.monitor == Monitor::tx_power || limits.monitor == Monitor::rx_power;
      for (const auto& [name, which] : {std::pair{"high_alarm_threshold", "highalarm"},
                                        {"high_warning_threshold", "highwarning"},
                                        {"low_warning_threshold", "lowwarning"},
                                        {"low_alarm_threshold", "lowalarm"}}) {
        const auto at = value.find(name);
        if (at == value.end() || !at->is_number()) continue;
        const double v = at->get<double>();
        input.count(set_threshold(r, limits.monitor, which, mw ? dbm_of_mw(v) : v), file, 0, key);
      }
    }
    for (const EthtoolKey& known : ethtool_keys)
      if (key == known.key && !value.is_object()) input.count(ethtool_value(r, known, value), file, 0, key);
    if (key == "module_state_description") r.set(ReadingFact::module_state, text_of(value));
    if (key == "identifier_description") r.set(ReadingFact::form_factor, form_factor_of(text_of(value)));
    if (key == "vendor_name") r.set(ReadingFact::vendor, text_of(value));
    if (key == "vendor_pn") r.set(ReadingFact::part, text_of(value));
    if (key == "vendor_sn") r.set(ReadingFact::serial, text_of(value));
    if (key == "low_pwr_request_sw" && value.is_boolean())
      r.set(Reading::low_power_mode, 0, value.get<bool>() ? 1 : 0);
    if (key == "max_power" && value.is_number()) r.set(Reading::module_power_w, 0, value.get<double>());
    if (key == "transceiver_type" || key == "extended_specification_compliance")
      offer_type(r, text_of(value));
  }
}

}  // namespace

void read_sonic_json(std::string_view text, const std::string& file, DiagnosisInput& input) {
  const Json root = parsed(text, file);
  if (!root.is_object()) throw InputError({file, "is no object of tables", "", ""});
  SonicJson(file, input).read(root);
}

void read_eos_json(std::string_view text, const std::string& file, DiagnosisInput& input) {
  Json root = parsed(text, file);
  if (root.is_array() && !root.empty()) root = Json(root[0]);  // as eAPI gives the result of each command
  const auto interfaces = root.is_object() ? root.find("interfaces") : root.end();
  if (!root.is_object() || interfaces == root.end() || !interfaces->is_object())
    throw InputError({file, "has no interfaces", R"({"interfaces": {...}})", ""});
  for (const auto& [name, value] : interfaces->items()) {
    if (!value.is_object() || value.empty()) continue;  // an empty cage
    eos_interface(input.at(name), value, file, input);
  }
}

void read_ethtool_json(std::string_view text, const std::string& file, const std::string& interface,
                       DiagnosisInput& input) {
  const Json root = parsed(text, file);
  const auto one = [&](const Json& module) {
    if (!module.is_object()) throw InputError({file, "is no list of modules", "", ""});
    std::string name = interface;
    for (const char* key : {"ifname", "device", "interface"})
      if (const auto at = module.find(key); at != module.end() && at->is_string())
        name = at->get<std::string>();
    ethtool_module(input.at(name), module, file, input);
  };
  if (root.is_array()) {
    for (const Json& module : root) one(module);
  } else {
    one(root);
  }
}

}  // namespace lightlane::plan::reading
